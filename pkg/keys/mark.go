package keys

import (
	"fmt"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// markSuffix makes the mark's path of the keyring's.
const markSuffix = ".mark"

const markFormat = "agentkeys/keyring-mark/v1"

// mark lies beside the keyring, in the clear, and says how far it had come. It
// is written after the keyring and never goes down, so a keyring that was put
// back from a copy is noticed. It is no defence against who can put back both.
type mark struct {
	Format     string `json:"format"`
	RingID     string `json:"ring_id,omitzero"`
	FileID     string `json:"file_id"`
	Generation uint64 `json:"generation"`
	HighWater  uint64 `json:"high_water"`
}

func (r ring) mark() mark {
	return mark{markFormat, r.ringID, r.fileID, r.generation, r.highWater}
}

func parseMark(b []byte) (mark, error) {
	var m mark
	if err := strictjson.Decode(b, &m); err != nil {
		return mark{}, fmt.Errorf("%w: %w", ErrKeyringInvalid, err)
	}
	if m.Format != markFormat || !isHex(m.FileID, 16) || m.RingID != "" && !isHex(m.RingID, 16) || m.Generation == 0 {
		return mark{}, fmt.Errorf("%w: it is no mark of a keyring", ErrKeyringInvalid)
	}
	return m, nil
}

func (m mark) encode() ([]byte, error) { return strictjson.Encode(m) }

// wayOut is what to do about a keyring that is not the newest one.
const wayOut = "put the newest keyring file and its mark back; if they are lost, move %[3]s away, leave %[3]s.mark, and type: agentkeys k3 restore"

// judge compares a keyring with the mark beside it. heal says that the mark
// must be written: the process that wrote the keyring ended before.
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
	return r.generation == m.Generation+1, nil
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
	return nil
}

func refuse(path string, kind error, format string, args ...any) error {
	return fmt.Errorf("%w: %s; "+wayOut, kind, fmt.Sprintf(format, args...), path)
}
