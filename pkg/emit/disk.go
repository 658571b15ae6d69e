package emit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/files"
)

// disk is all that a spool does with files, so that each call of it can be made
// to fail.
type disk interface {
	// list names the files of a directory.
	list(dir string) ([]string, error)
	read(path string) ([]byte, error)
	// create opens an empty file for writing, whatever was there.
	create(path string) (file, error)
	// open opens a file for reading and writing, and makes it when it is not there.
	open(path string) (file, error)
	rename(from, to string) error
	remove(path string) error
	// syncDir makes the names in a directory durable.
	syncDir(dir string) error
}

type file interface {
	io.Writer
	io.ReaderAt
	io.WriterAt
	io.Closer
	// sync makes the content durable: fdatasync where there is one.
	sync() error
	size() (int64, error)
}

type osDisk struct{}

type osFile struct{ *os.File }

func (osDisk) list(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, err
}

func (osDisk) read(path string) ([]byte, error) { return os.ReadFile(path) }

func (osDisk) create(path string) (file, error) {
	return opened(os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC|unix.O_NOFOLLOW, 0o600))
}

func (osDisk) open(path string) (file, error) {
	return opened(os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600))
}

func opened(f *os.File, err error) (file, error) {
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (osDisk) rename(from, to string) error { return os.Rename(from, to) }

func (osDisk) remove(path string) error { return os.Remove(path) }

func (osDisk) syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (f osFile) sync() error { return fdatasync(f.File) }

func (f osFile) size() (int64, error) {
	st, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}

// held is a lock. A process that is being started has every descriptor of this one
// until it executes its program: closing alone would leave the lock with it so long.
type held struct{ *os.File }

func (h held) Close() error {
	return errors.Join(unix.Flock(int(h.Fd()), unix.LOCK_UN), h.File.Close())
}

// lock keeps a second process out until it is closed, which the end of the process
// does too. A directory in which everybody may write is refused, and a
// lock that others may take.
func lock(dir string) (io.Closer, error) {
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := files.Check(path); err != nil {
		return nil, closing(f, err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	// Who looks (inUse) shares the lock for a moment; who serves does not share it.
	for errors.Is(err, unix.EWOULDBLOCK) && unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB) == nil {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("another process uses the spool %s: %w", dir, err), f.Close())
	}
	return held{f}, nil
}
