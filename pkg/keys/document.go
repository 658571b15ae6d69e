package keys

import (
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// The formats of the sealed documents; another one is refused, never guessed
// at.
const (
	ringFormat   = "agentkeys/keyring/v2"
	backupFormat = "agentkeys/keyring-backup/v1"
)

// document is what lies inside the seal, of a keyring as of a backup. A backup
// has neither file id nor generation: it becomes a new file.
type document struct {
	Format     string        `json:"format"`
	RingID     string        `json:"ring_id"`          // 32 hex
	FileID     string        `json:"file_id,omitzero"` // 32 hex
	Deployment deploymentRow `json:"deployment"`
	Generation uint64        `json:"generation,omitzero"`
	HighWater  uint64        `json:"high_water"`
	Epochs     []epochRow    `json:"epochs"`
	Tombstones []tombRow     `json:"tombstones"`
}

type deploymentRow struct {
	ChainID       uint64 `json:"chain_id"`
	EpochContract string `json:"epoch_contract"` // 0x and 40 hex, lower case
}

type epochRow struct {
	Epoch   uint64 `json:"epoch"`
	K3      hexKey `json:"k3"`
	Check   string `json:"check"`            // 16 hex
	Created string `json:"created"`          // RFC 3339, UTC, seconds
	Retired string `json:"retired,omitzero"` // likewise
}

type tombRow struct {
	Epoch     uint64 `json:"epoch"`
	Check     string `json:"check"`
	Destroyed string `json:"destroyed"`
}

// hexKey is K3 as 64 hex characters. It is no string, so that our copies of it
// can be cleared.
type hexKey []byte

// errHexKey does not repeat what it refuses.
var errHexKey = errors.New("not 32 bytes in lower-case hex")

// UnmarshalJSON implements json.Unmarshaler; only the plain form is taken.
func (h *hexKey) UnmarshalJSON(b []byte) error {
	if len(b) != 2+2*Size || b[0] != '"' || b[len(b)-1] != '"' {
		return errHexKey
	}
	for _, c := range b[1 : len(b)-1] {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return errHexKey
		}
	}
	raw := make([]byte, Size)
	if _, err := hex.Decode(raw, b[1:len(b)-1]); err != nil {
		return errHexKey
	}
	*h = raw
	return nil
}

// MarshalJSON implements json.Marshaler.
func (h hexKey) MarshalJSON() ([]byte, error) {
	out := make([]byte, 0, 2+2*Size)
	return append(hex.AppendEncode(append(out, '"'), h), '"'), nil
}

// parseRing reads a sealed document's content strictly.
func parseRing(b []byte, format string) (r ring, err error) {
	var d document
	defer d.clear()
	if err := strictjson.Decode(b, &d); err != nil {
		return ring{}, fmt.Errorf("%w: %w", ErrKeyringInvalid, err)
	}
	if d.Format != format {
		return ring{}, fmt.Errorf("%w: format is not %s", ErrKeyringInvalid, format)
	}
	r = ring{
		ringID: d.RingID, fileID: d.FileID, generation: d.Generation, highWater: d.HighWater,
		keys: make(map[uint64]*epochKey, len(d.Epochs)), tombs: make(map[uint64]tombstone, len(d.Tombstones)),
	}
	defer func() {
		if err != nil {
			r.destroyBut(ring{})
			r, err = ring{}, fmt.Errorf("%w: %w", ErrKeyringInvalid, err)
		}
	}()
	if r.deployment, err = d.Deployment.parse(); err != nil {
		return r, err
	}
	for _, row := range d.Epochs {
		if err := r.add(row); err != nil {
			return r, err
		}
	}
	for _, row := range d.Tombstones {
		if err := r.bury(row); err != nil {
			return r, err
		}
	}
	return r, r.check(format)
}

// add takes one key of a document.
func (r ring) add(row epochRow) error {
	if row.Epoch == 0 || r.keys[row.Epoch] != nil {
		return fmt.Errorf("epoch %d is zero or stands there twice", row.Epoch)
	}
	created, err := parseInstant(row.Created)
	if err != nil {
		return fmt.Errorf("epoch %d: %w", row.Epoch, err)
	}
	var retired time.Time
	if row.Retired != "" {
		if retired, err = parseInstant(row.Retired); err != nil {
			return fmt.Errorf("epoch %d: %w", row.Epoch, err)
		}
	}
	key, err := newKey(row.K3, created)
	if err != nil {
		return fmt.Errorf("the key of epoch %d is not 32 random bytes: %w", row.Epoch, err)
	}
	key.retired = retired
	other, twice := r.holds(key.check)
	r.keys[row.Epoch] = key // from here on it is destroyed with the ring
	if key.check != row.Check {
		return fmt.Errorf("the key of epoch %d does not fit its check value; restore the keyring from a backup", row.Epoch)
	}
	if twice {
		return fmt.Errorf("epochs %d and %d have one key", other, row.Epoch)
	}
	return nil
}

// bury takes one tombstone of a document.
func (r ring) bury(row tombRow) error {
	_, twice := r.tombs[row.Epoch]
	if row.Epoch == 0 || twice || r.keys[row.Epoch] != nil {
		return fmt.Errorf("epoch %d is zero or stands there twice", row.Epoch)
	}
	if !isHex(row.Check, 8) {
		return fmt.Errorf("epoch %d: the check value is not 8 bytes in hex", row.Epoch)
	}
	if e, found := r.holds(row.Check); found {
		return fmt.Errorf("epochs %d and %d have one key", e, row.Epoch)
	}
	destroyed, err := parseInstant(row.Destroyed)
	if err != nil {
		return fmt.Errorf("epoch %d: %w", row.Epoch, err)
	}
	r.tombs[row.Epoch] = tombstone{row.Check, destroyed}
	return nil
}

// check judges the parts against each other.
func (r ring) check(format string) error {
	for e := range r.tombs {
		if e >= r.highWater {
			return fmt.Errorf("epoch %d was destroyed and no later one was in use", e)
		}
	}
	isFile := format == ringFormat
	switch {
	case r.keys[r.highWater] == nil && r.highWater != 0:
		return fmt.Errorf("epoch %d was in use and its key is missing", r.highWater)
	case isFile != isHex(r.fileID, 16), isFile != (r.generation != 0), !isFile && r.fileID != "":
		return errors.New("file id and generation do not fit the format")
	case !isHex(r.ringID, 16):
		return errors.New("the ring id is not 16 bytes in hex")
	case len(r.keys) == 0:
		return errors.New("it holds no key")
	}
	return nil
}

// encode is the inverse of parseRing. The caller clears the result.
func (r ring) encode(format string) ([]byte, error) {
	d := document{
		Format: format, RingID: r.ringID, FileID: r.fileID, Deployment: r.deployment.row(),
		Generation: r.generation, HighWater: r.highWater,
	}
	defer d.clear()
	for _, e := range r.epochs() {
		k := r.keys[e]
		if k == nil {
			t := r.tombs[e]
			d.Tombstones = append(d.Tombstones, tombRow{e, t.check, formatInstant(t.destroyed)})
			continue
		}
		row := epochRow{Epoch: e, Check: k.check, Created: formatInstant(k.created)}
		if !k.retired.IsZero() {
			row.Retired = formatInstant(k.retired)
		}
		if err := k.k3.Use(func(b []byte) error { row.K3 = append(row.K3, b...); return nil }); err != nil {
			return nil, fmt.Errorf("the key of epoch %d: %w", e, err)
		}
		d.Epochs = append(d.Epochs, row)
	}
	return strictjson.Encode(d)
}

// clear zeroes our copies of the keys.
func (d *document) clear() {
	for _, row := range d.Epochs {
		secret.Own(row.K3).Destroy()
	}
}

func (d Deployment) row() deploymentRow {
	return deploymentRow{d.ChainID, fmt.Sprintf("0x%x", d.EpochContract)}
}

func (d deploymentRow) parse() (Deployment, error) {
	out := Deployment{ChainID: d.ChainID}
	if len(d.EpochContract) != 42 || d.EpochContract[:2] != "0x" || !isHex(d.EpochContract[2:], 20) || d.ChainID == 0 {
		return Deployment{}, errors.New("the deployment is not a chain id and the address of a contract")
	}
	raw, err := hex.DecodeString(d.EpochContract[2:])
	copy(out.EpochContract[:], raw)
	return out, err
}

// isHex reports whether s is n bytes in lower-case hex.
func isHex(s string, n int) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == n && hex.EncodeToString(b) == s
}

// instantForm is RFC 3339 in UTC with whole seconds.
const instantForm = "2006-01-02T15:04:05Z"

func formatInstant(t time.Time) string { return t.UTC().Format(instantForm) }

func parseInstant(s string) (time.Time, error) {
	t, err := time.Parse(instantForm, s)
	if err != nil || formatInstant(t) != s {
		return time.Time{}, errors.New("a time is not RFC 3339 in UTC with whole seconds")
	}
	return t, nil
}
