package keys

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sort"

	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// fileFormat names the layout below; another one is refused, never guessed at.
const fileFormat = "agentkeys/keyring/v1"

// ErrKeyringInvalid is wrapped by every refusal of a keyring file's content.
var ErrKeyringInvalid = errors.New("keyring file is not valid")

// document is the keyring file. It is written whole, through pkg/files.
type document struct {
	Format string `json:"format"`
	// HighWater is the greatest epoch under which a key was ever made.
	HighWater uint64     `json:"high_water"`
	Epochs    []epochRow `json:"epochs"`
}

type epochRow struct {
	Epoch uint64 `json:"epoch"`
	K3    string `json:"k3"` // 64 hex
	// Check is a value derived from K3 that shows a damaged key before
	// anything is sealed under it. It reveals nothing about K3.
	Check string `json:"check"`
}

// ring is a keyring's content in memory. It is immutable: a change makes a new
// one.
type ring struct {
	k3        map[uint64]secret.Secret
	highWater uint64
}

// parseRing reads a keyring file strictly.
func parseRing(b []byte) (ring, error) {
	var d document
	if err := strictjson.Decode(b, &d); err != nil {
		return ring{}, fmt.Errorf("%w: %w", ErrKeyringInvalid, err)
	}
	if d.Format != fileFormat {
		return ring{}, fmt.Errorf("%w: format is not %s", ErrKeyringInvalid, fileFormat)
	}
	r := ring{k3: make(map[uint64]secret.Secret, len(d.Epochs)), highWater: d.HighWater}
	for _, row := range d.Epochs {
		raw, err := hex.DecodeString(row.K3)
		if err != nil || len(raw) != Size || constant(raw) {
			return ring{}, fmt.Errorf("%w: the key of epoch %d is not 32 random bytes in hex", ErrKeyringInvalid, row.Epoch)
		}
		k3 := secret.New(raw)
		clear(raw)
		if _, twice := r.k3[row.Epoch]; twice || row.Epoch == 0 {
			return ring{}, fmt.Errorf("%w: epoch %d is zero or stands there twice", ErrKeyringInvalid, row.Epoch)
		}
		if check, err := keyCheck(k3); err != nil || check != row.Check {
			return ring{}, fmt.Errorf("%w: the key of epoch %d does not fit its check value; restore the file from a backup", ErrKeyringInvalid, row.Epoch)
		}
		r.k3[row.Epoch] = k3
	}
	if len(r.k3) == 0 {
		return ring{}, fmt.Errorf("%w: it holds no epoch", ErrKeyringInvalid)
	}
	if _, ok := r.k3[r.highWater]; !ok && r.highWater != 0 {
		return ring{}, fmt.Errorf("%w: epoch %d was in use and its key is missing", ErrKeyringInvalid, r.highWater)
	}
	return r, nil
}

// encode is the inverse of parseRing. The caller clears the result.
func (r ring) encode() ([]byte, error) {
	d := document{Format: fileFormat, HighWater: r.highWater}
	for epoch, k3 := range r.k3 {
		check, err := keyCheck(k3)
		if err != nil {
			return nil, err
		}
		d.Epochs = append(d.Epochs, epochRow{epoch, hex.EncodeToString(k3.Reveal()), check})
	}
	sort.Slice(d.Epochs, func(i, j int) bool { return d.Epochs[i].Epoch < d.Epochs[j].Epoch })
	return strictjson.Encode(d)
}

// with returns the ring with a fresh key for one more epoch. An epoch that is
// there keeps its key.
func (r ring) with(epoch uint64, random io.Reader) (ring, error) {
	if epoch == 0 {
		return ring{}, errors.New("epochs start at 1")
	}
	if _, ok := r.k3[epoch]; ok {
		return r, nil
	}
	fresh, err := drawDEK(random) // 32 random bytes under the same health check
	if err != nil {
		return ring{}, fmt.Errorf("make the key of epoch %d: %w", epoch, err)
	}
	out := ring{k3: make(map[uint64]secret.Secret, len(r.k3)+1), highWater: r.highWater}
	for e, k3 := range r.k3 {
		if k3.Equal(fresh.Secret) {
			return ring{}, fmt.Errorf("make the key of epoch %d: the random source repeats itself", epoch)
		}
		out.k3[e] = k3
	}
	out.k3[epoch] = fresh.Secret
	return out, nil
}

// raised returns the ring with the high-water mark at epoch or above.
func (r ring) raised(epoch uint64) ring {
	r.highWater = max(r.highWater, epoch)
	return r
}

// keyCheck derives a public check value from K3, under an info string of its own.
func keyCheck(k3 secret.Secret) (string, error) {
	b, err := hkdf.Key(sha256.New, k3.Reveal(), nil, "agentkeys/k3-check/v1", 8)
	return hex.EncodeToString(b), err
}
