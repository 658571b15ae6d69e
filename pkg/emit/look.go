package emit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
)

// ErrInUse is wrapped when another process has the spool.
var ErrInUse = errors.New("another process uses it")

// Look reads the spool of a role in dir as [Open] would, and changes nothing: it is not
// made, and nothing is sent. It refuses what Open would refuse for its content: a spool
// that is damaged (ErrDamaged), or that has something unsent of another version
// (ErrVersion), or of another role or key; the last not where the key is none. What a
// running process has is that process's to send.
func Look(dir, role string, key jose.PublicKey) error {
	if err := look(osDisk{}, dir, role, key); err != nil {
		return fmt.Errorf("audit spool %s: %w", dir, err)
	}
	return nil
}

func look(d disk, dir, role string, key jose.PublicKey) error {
	if taken, err := inUse(dir); err != nil {
		return err
	} else if taken {
		return ErrInUse
	}
	list, err := readSegments(d, dir)
	if errors.Is(err, fs.ErrNotExist) { // it would be made
		return nil
	}
	if err != nil || len(list) == 0 {
		return err
	}
	sent, err := readTaken(d, dir, list[0].source)
	if err != nil {
		return err
	}
	if key.Thumbprint() != "" {
		if own, err := owned(list, role, key); err != nil {
			return err
		} else if !own {
			return allSent(list, sent)
		}
	}
	if sent, err = inPlace(dir, list, sent); err != nil {
		return err
	}
	return sendable(list, sent)
}

// inUse reports whether a process has the spool.
func inUse(dir string) (bool, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDONLY|unix.O_NOFOLLOW, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return true, f.Close()
	}
	return false, errors.Join(err, held{f}.Close())
}

// owned reports whether the numbers in a spool are of this role and key.
func owned(list []found, role string, key jose.PublicKey) (bool, error) {
	r, k, err := audit.ParseSource(list[0].source)
	if err != nil {
		return false, damaged(list[0].path, "%s", err)
	}
	return r == role && k == key.Thumbprint(), nil
}

// allSent refuses the spool of another key while something in it is not sent.
func allSent(list []found, sent uint64) error {
	last := list[len(list)-1].last
	if sent == last {
		return nil
	}
	role, key, _ := audit.ParseSource(list[0].source)
	return fmt.Errorf("it belongs to %s with the identity key %s, and %d of its events are not known to be sent: serve once more with that key, or move the directory away", role, key, last-min(sent, last))
}

// inPlace refuses files that do not fit to what was sent; it returns how much that was.
func inPlace(dir string, list []found, sent uint64) (uint64, error) {
	first, last := list[0].first, list[len(list)-1].last
	switch {
	case sent > last:
		return 0, damaged(dir, "it ends with entry %d, and %d were sent: it is older than it was", last, sent)
	case sent > 0 && sent+1 < first:
		return 0, damaged(dir, "it begins with entry %d, and only %d were sent", first, sent)
	case sent == 0:
		return first - 1, nil
	}
	return sent, nil
}

// sendable looks at the first of what is unsent, before which another version ended:
// an audit role that reads no receipt of it would set some aside, and then refuse for
// ever.
func sendable(list []found, sent uint64) error {
	for _, f := range list {
		for _, r := range f.records {
			if r.last() <= sent {
				continue
			}
			entries, err := r.decode(f.source)
			if err != nil { // what sends it says so
				return nil
			}
			if _, err := audit.ReadReceipt(entries[max(r.first, sent+1)-r.first].Signature); err != nil {
				return fmt.Errorf("%w: %d events from number %d on (%w): serve once more with that version until they are sent, or move the directory away, and they will be missing in the journal", ErrVersion, list[len(list)-1].last-sent, sent+1, err)
			}
			return nil
		}
	}
	return nil
}
