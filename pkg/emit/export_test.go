package emit

import (
	"errors"
	"io"
	"os"
	"sync"
)

// The bounds that tests count up to.
const (
	MaxGroup = maxGroup
	MaxAside = maxAside
)

// Lock is what keeps a second process out of a directory.
func Lock(dir string) (io.Closer, uintptr, error) {
	l, err := lock(dir)
	if err != nil {
		return nil, 0, err
	}
	return l, l.(held).Fd(), nil
}

// FaultDisk is the real disk until Fail says otherwise: it is asked before each
// call with the name of the call. An error is what the call fails with; a write that
// fails with Short has written half.
type FaultDisk struct {
	mu   sync.Mutex // guards what follows
	fail func(call string) error
	n    int
}

// ErrShort makes a write stop half-way.
var ErrShort = errors.New("short write")

// Fail sets what is asked; nil: nothing fails.
func (d *FaultDisk) Fail(f func(call string) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = f
}

// Calls is how many calls there were.
func (d *FaultDisk) Calls() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.n
}

func (d *FaultDisk) ask(call string) error {
	d.mu.Lock()
	d.n++
	f := d.fail
	d.mu.Unlock()
	if f == nil {
		return nil
	}
	return f(call)
}

// OpenOn is Open on a disk that fails.
func OpenOn(d *FaultDisk, c Config) (*Spool, error) { return openOn(d, c) }

func (d *FaultDisk) list(dir string) ([]string, error) {
	if err := d.ask("list"); err != nil {
		return nil, err
	}
	return osDisk{}.list(dir)
}

func (d *FaultDisk) read(path string) ([]byte, error) {
	if err := d.ask("read"); err != nil {
		return nil, err
	}
	return osDisk{}.read(path)
}

func (d *FaultDisk) create(path string) (file, error) { return d.wrap("create", path, osDisk{}.create) }

func (d *FaultDisk) open(path string) (file, error) { return d.wrap("open", path, osDisk{}.open) }

func (d *FaultDisk) wrap(call, path string, open func(string) (file, error)) (file, error) {
	if err := d.ask(call); err != nil {
		return nil, err
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	return faultFile{f, d}, nil
}

func (d *FaultDisk) rename(from, to string) error {
	if err := d.ask("rename"); err != nil {
		return err
	}
	return osDisk{}.rename(from, to)
}

func (d *FaultDisk) remove(path string) error {
	if err := d.ask("remove"); err != nil {
		return err
	}
	return osDisk{}.remove(path)
}

func (d *FaultDisk) syncDir(dir string) error {
	if err := d.ask("syncDir"); err != nil {
		return err
	}
	return osDisk{}.syncDir(dir)
}

type faultFile struct {
	file
	d *FaultDisk
}

func (f faultFile) Write(b []byte) (int, error) {
	if err := f.d.ask("Write"); err != nil {
		if !errors.Is(err, ErrShort) {
			return 0, err
		}
		n, _ := f.file.Write(b[:len(b)/2])
		return n, err
	}
	return f.file.Write(b)
}

func (f faultFile) WriteAt(b []byte, at int64) (int, error) {
	if err := f.d.ask("WriteAt"); err != nil {
		if !errors.Is(err, ErrShort) {
			return 0, err
		}
		n, _ := f.file.WriteAt(b[:len(b)/2], at)
		return n, err
	}
	return f.file.WriteAt(b, at)
}

func (f faultFile) ReadAt(b []byte, at int64) (int, error) {
	if err := f.d.ask("ReadAt"); err != nil {
		return 0, err
	}
	return f.file.ReadAt(b, at)
}

func (f faultFile) sync() error {
	if err := f.d.ask("sync"); err != nil {
		return err
	}
	return f.file.sync()
}

func (f faultFile) size() (int64, error) {
	if err := f.d.ask("size"); err != nil {
		return 0, err
	}
	return f.file.size()
}

func (f faultFile) Close() error {
	return errors.Join(f.d.ask("Close"), f.file.Close())
}

// ReadDir reads the files of a directory as Open does, and tells the numbers.
func ReadDir(dir string) (first, last uint64, torn bool, err error) {
	list, err := readSegments(osDisk{}, dir)
	if err != nil || len(list) == 0 {
		return 0, 0, false, err
	}
	end := list[len(list)-1]
	return list[0].first, end.last, end.torn, nil
}

// ParseFile reads what lies in the last file of a spool.
func ParseFile(path string, b []byte) (entries int, torn bool, err error) {
	f, err := parseSegment(path, b, 0)
	if err != nil {
		return 0, false, err
	}
	for _, r := range f.records {
		if _, err := r.decode(f.source); err == nil {
			entries += len(r.entries)
		}
	}
	return entries, f.torn, nil
}

// Header and Record are what stands in a file.
func Header(source string, first uint64) []byte { return fileHeader(source, first) }

// Record is a record of encoded entries.
func Record(first uint64, entries ...[]byte) []byte { return appendRecord(nil, first, entries) }

// SegmentPath is the name of a file.
func SegmentPath(dir string, first uint64) string { return segmentPath(dir, first) }

// Sync is what makes a file durable.
func Sync(f *os.File) error { return fdatasync(f) }

// TakenLine is what the file "taken" holds.
func TakenLine(n uint64, source string) []byte { return taken{source: source}.line(n) }
