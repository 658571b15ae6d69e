package keys

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/files"
)

// createFile writes a keyring with epoch 1. It never overwrites.
func createFile(path string, random io.Reader) error {
	first, err := ring{}.with(1, random)
	if err != nil {
		return err
	}
	b, err := first.encode()
	if err != nil {
		return err
	}
	defer clear(b)
	return files.Create(path, b)
}

// change reads the file again, applies f and writes the result, under a lock
// that other processes honour. The caller holds mu.
func (k *Keyring) change(f func(ring) (ring, error)) error {
	unlock, err := lockDir(filepath.Dir(k.path))
	if err != nil {
		return fmt.Errorf("lock the keyring: %w", err)
	}
	defer unlock()
	now, err := k.read()
	if err != nil {
		return fmt.Errorf("read the keyring again: %w", err)
	}
	next, err := f(now)
	if err != nil {
		return err
	}
	before, err := now.encode()
	if err != nil {
		return err
	}
	defer clear(before)
	after, err := next.encode()
	if err != nil {
		return err
	}
	defer clear(after)
	if !bytes.Equal(before, after) {
		if err := files.Replace(k.path, after); err != nil {
			return err
		}
	}
	k.ring = next
	return nil
}

func (k *Keyring) read() (ring, error) {
	s, err := files.Read(k.path)
	if err != nil {
		return ring{}, err
	}
	defer s.Destroy()
	return parseRing(s.Reveal())
}

// lockDir takes the advisory lock of a directory. The lock ends with the
// process, however that ends.
func lockDir(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		_ = f.Close()
		return nil, err
	}
	return func() { _ = f.Close() }, nil
}
