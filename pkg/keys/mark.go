package keys

import (
	"errors"
	"fmt"
	"slices"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// markSuffix makes the mark's path of the keyring's.
const markSuffix = ".mark"

const markFormat = "agentkeys/keyring-mark/v1"

// mark lies beside the keyring, in the clear, and says how far it had come and
// which keys were destroyed. It is written after the keyring and never goes
// down, so a keyring that was put back from a copy is noticed, and a backup
// brings no destroyed key back. It is no defence against who can put back both.
type mark struct {
	Format     string     `json:"format"`
	RingID     string     `json:"ring_id"`
	FileID     string     `json:"file_id"`
	Generation uint64     `json:"generation"`
	HighWater  uint64     `json:"high_water"`
	Tombstones []markTomb `json:"tombstones,omitzero"` // in order of the epoch
}

// markTomb names a key that was destroyed.
type markTomb struct {
	Epoch uint64 `json:"epoch"`
	Check string `json:"check"` // 16 hex
}

func (r ring) mark() mark {
	m := mark{markFormat, r.ringID, r.fileID, r.generation, r.highWater, nil}
	for _, e := range r.epochs() {
		if t, destroyed := r.tombs[e]; destroyed {
			m.Tombstones = append(m.Tombstones, markTomb{e, t.check})
		}
	}
	return m
}

// equal reports whether two marks say the same.
func (m mark) equal(o mark) bool {
	return m.Format == o.Format && m.RingID == o.RingID && m.FileID == o.FileID && m.Generation == o.Generation &&
		m.HighWater == o.HighWater && slices.Equal(m.Tombstones, o.Tombstones)
}

func parseMark(b []byte) (mark, error) {
	var m mark
	if err := strictjson.Decode(b, &m); err != nil {
		return mark{}, fmt.Errorf("%w: %w", ErrKeyringInvalid, err)
	}
	if m.Format != markFormat || !isHex(m.FileID, 16) || !isHex(m.RingID, 16) || m.Generation == 0 {
		return mark{}, fmt.Errorf("%w: it is no mark of a keyring", ErrKeyringInvalid)
	}
	if err := m.checkTombstones(); err != nil {
		return mark{}, fmt.Errorf("%w: %w", ErrKeyringInvalid, err)
	}
	return m, nil
}

// checkTombstones takes what mark writes: rising epochs below the high-water
// mark, each with the check value of its own key.
func (m mark) checkTombstones() error {
	last, checks := uint64(0), map[string]bool{}
	for _, t := range m.Tombstones {
		switch {
		case t.Epoch <= last:
			return errors.New("the destroyed epochs of the mark do not rise")
		case t.Epoch >= m.HighWater:
			return fmt.Errorf("epoch %d was destroyed and no later one was in use", t.Epoch)
		case !isHex(t.Check, 8):
			return fmt.Errorf("epoch %d: the check value is not 8 bytes in hex", t.Epoch)
		case checks[t.Check]:
			return fmt.Errorf("epoch %d was destroyed under another number too", t.Epoch)
		}
		last, checks[t.Check] = t.Epoch, true
	}
	return nil
}

func (m mark) encode() ([]byte, error) { return strictjson.Encode(m) }

// wayOut is what to do about a keyring that is not the newest one.
const wayOut = "put the newest keyring file and its mark back; if they are lost, move %[3]s away, leave %[3]s.mark, and type: agentkeys k3 restore"

// judge compares a keyring with the mark beside it. heal says that the mark
// must be written: the process that wrote the keyring ended before, or knew no
// tombstones in a mark.
func judge(r ring, m mark, have bool, path string) (heal bool, err error) {
	switch {
	case !have && r.generation == 1:
		return true, nil // made or restored, and ended before the mark
	case !have:
		return false, refuse(path, ErrKeyringRolledBack, "its mark %s%s is missing, so nobody can tell whether %s is the newest one", path, markSuffix, path)
	}
	if err := notOlder(r, m, path); err != nil {
		return false, err
	}
	if r.generation > m.Generation+1 {
		return false, refuse(path, ErrKeyringRolledBack, "%s is generation %d, its mark only %d: the mark was put back", path, r.generation, m.Generation)
	}
	return !m.equal(r.mark()), nil
}

// notOlder refuses a keyring that is another file than m says, or knows less.
func notOlder(r ring, m mark, path string) error {
	switch {
	case m.FileID != r.fileID:
		return refuse(path, ErrKeyringSwapped, "%s is not the file that its mark belongs to", path)
	case r.generation < m.Generation:
		return refuse(path, ErrKeyringRolledBack, "%s is generation %d, and %d was written already", path, r.generation, m.Generation)
	case r.highWater < m.HighWater:
		return refuse(path, ErrKeyringRolledBack, "%s knows epoch %d, and %d was in use already", path, r.highWater, m.HighWater)
	}
	for _, t := range m.Tombstones {
		if r.tombs[t.Epoch].check != t.Check {
			return refuse(path, ErrKeyringRolledBack, "%s does not know that the key of epoch %d was destroyed", path, t.Epoch)
		}
	}
	return nil
}

func refuse(path string, kind error, format string, args ...any) error {
	return fmt.Errorf("%w: %s; "+wayOut, kind, fmt.Sprintf(format, args...), path)
}
