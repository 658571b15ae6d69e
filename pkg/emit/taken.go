package emit

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/litentry/agentkeys/pkg/files"
)

// taken remembers how far the audit role has the entries. It is written over
// without a sync: one that is behind only sends again what is there already. It is
// synced before a file of the spool is removed, so that one that was removed by
// anybody else is missed.
type taken struct {
	f      file
	source string
}

// line is the content: as long whatever the number.
func (t taken) line(n uint64) []byte {
	text := fmt.Sprintf("taken %0*d %s", digits, n, t.source)
	return fmt.Appendf(nil, "%s %08x\n", text, castagnoli([]byte(text)))
}

// openTaken opens the file and reads the number in it: 0 when it is not there or
// was torn, which costs a repetition.
func openTaken(d disk, dir, source string) (taken, uint64, error) {
	path := filepath.Join(dir, takenName)
	f, err := d.open(path)
	if err != nil {
		return taken{}, 0, err
	}
	if err := files.Check(path); err != nil { // who writes here makes events be passed over
		return taken{}, 0, closing(f, err)
	}
	t := taken{f, source}
	b := make([]byte, len(t.line(0)))
	n, err := f.ReadAt(b, 0)
	if err != nil && err != io.EOF {
		return taken{}, 0, closing(f, err)
	}
	return t, t.number(b[:n]), nil
}

// readTaken reads the number and opens nothing.
func readTaken(d disk, dir, source string) (uint64, error) {
	path := filepath.Join(dir, takenName)
	b, err := d.read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err == nil {
		err = files.Check(path)
	}
	if err != nil {
		return 0, err
	}
	t := taken{source: source}
	return t.number(b[:min(len(b), len(t.line(0)))]), nil
}

// number is what the file says; 0 when it was torn.
func (t taken) number(b []byte) uint64 {
	var n uint64
	if _, err := fmt.Sscanf(string(b), "taken %d", &n); err != nil || string(t.line(n)) != string(b) {
		return 0
	}
	return n
}

func (t taken) set(n uint64) error {
	_, err := t.f.WriteAt(t.line(n), 0)
	return err
}
