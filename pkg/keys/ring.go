package keys

import (
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/secret"
)

// Deployment is the set of contracts that a keyring belongs to.
type Deployment struct {
	ChainID       uint64
	EpochContract [20]byte // address of the K3EpochCounter
}

// String names the deployment for people.
func (d Deployment) String() string {
	return fmt.Sprintf("chain %d, epoch contract 0x%x", d.ChainID, d.EpochContract)
}

// ring is a keyring's content in memory. It is immutable: a change makes a new
// one, which shares the keys that stay.
type ring struct {
	ringID     string // the same at all signers of a deployment
	fileID     string // of this file alone
	deployment Deployment
	generation uint64 // grows by 1 at every write
	highWater  uint64 // greatest epoch under which a key was ever made, or 0
	keys       map[uint64]*epochKey
	tombs      map[uint64]tombstone
}

// epochKey is K3 of one epoch.
type epochKey struct {
	k3      *secret.Locked
	check   string // 16 hex, see keyCheck
	created time.Time
	retired time.Time // when a later epoch came into use; zero until then
}

// tombstone stands where a key was.
type tombstone struct {
	check     string
	destroyed time.Time
}

// newKey locks a copy of raw, which the caller clears.
func newKey(raw []byte, created time.Time) (*epochKey, error) {
	if len(raw) != Size || constant(raw) {
		return nil, ErrBadDEK
	}
	check, err := keyCheck(secret.Own(raw))
	if err != nil {
		return nil, err
	}
	k3, err := secret.Lock(raw)
	if err != nil {
		return nil, err
	}
	return &epochKey{k3: k3, check: check, created: created}, nil
}

// drawKey makes a fresh K3.
func drawKey(random io.Reader, created time.Time) (*epochKey, error) {
	var raw [Size]byte
	defer clear(raw[:])
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return nil, fmt.Errorf("draw a key: %w", err)
	}
	return newKey(raw[:], created)
}

// same compares two keys in constant time.
func (e *epochKey) same(o *epochKey) bool {
	equal := false
	err := e.k3.Use(func(a []byte) error {
		return o.k3.Use(func(b []byte) error {
			equal = subtle.ConstantTimeCompare(a, b) == 1
			return nil
		})
	})
	return err == nil && equal
}

// clone returns a ring whose maps can be changed.
func (r ring) clone() ring {
	r.keys, r.tombs = maps.Clone(r.keys), maps.Clone(r.tombs)
	if r.keys == nil {
		r.keys = map[uint64]*epochKey{}
	}
	if r.tombs == nil {
		r.tombs = map[uint64]tombstone{}
	}
	return r
}

// holds finds the epoch whose key has this check value, or had it before it was
// destroyed.
func (r ring) holds(check string) (epoch uint64, found bool) {
	for e, k := range r.keys {
		if k.check == check {
			return e, true
		}
	}
	for e, t := range r.tombs {
		if t.check == check {
			return e, true
		}
	}
	return 0, false
}

// with returns the ring with one more key. No two epochs share one, nor does a
// destroyed one come back under another number.
func (r ring) with(epoch uint64, key *epochKey) (ring, error) {
	if e, found := r.holds(key.check); found {
		return ring{}, fmt.Errorf("%w: epoch %d has the same key as epoch %d has or had", ErrEpochConflict, epoch, e)
	}
	out := r.clone()
	out.keys[epoch] = key
	return out, nil
}

// raised returns the ring with the high-water mark at epoch, which is above the
// one it has. The keys below it are retired.
func (r ring) raised(epoch uint64, now time.Time) ring {
	out := r.clone()
	out.highWater = epoch
	for e, k := range out.keys {
		if e < epoch && k.retired.IsZero() {
			retired := *k
			retired.retired = now
			out.keys[e] = &retired
		}
	}
	return out
}

// buried returns the ring with a tombstone in the place of a key.
func (r ring) buried(epoch uint64, t tombstone) ring {
	out := r.clone()
	delete(out.keys, epoch)
	out.tombs[epoch] = t
	return out
}

// highest is the greatest epoch that has a key, or 0.
func (r ring) highest() (top uint64) {
	for e := range r.keys {
		top = max(top, e)
	}
	return top
}

// missing lists, in order, at most 8 epochs of 1 to chainEpoch that have
// neither key nor tombstone.
func (r ring) missing(chainEpoch uint64) (out []uint64) {
	for e := uint64(1); e <= chainEpoch && len(out) < 8; e++ {
		if r.keys[e] == nil && r.tombs[e] == (tombstone{}) {
			out = append(out, e)
		}
	}
	return out
}

// complete refuses a ring that lacks a key of an epoch up to the chain's.
func (r ring) complete(chainEpoch uint64) error {
	if m := r.missing(chainEpoch); len(m) != 0 {
		return fmt.Errorf("%w: %s (the chain is at epoch %d); restore a newer backup of a signer that has them: agentkeys k3 restore; if no signer and no backup has: agentkeys k3 remake", ErrEpochMissing, list(m), chainEpoch)
	}
	return nil
}

func list(epochs []uint64) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(epochs), " ", ", "), "[]")
}

// status describes one epoch; ok is false for one that has nothing here.
func (r ring) status(epoch uint64) (s EpochStatus, ok bool) {
	if k := r.keys[epoch]; k != nil {
		return EpochStatus{Epoch: epoch, Check: k.check, Created: k.created, Retired: k.retired}, true
	}
	t, ok := r.tombs[epoch]
	if !ok {
		return EpochStatus{}, false
	}
	return EpochStatus{Epoch: epoch, Check: t.check, Destroyed: t.destroyed}, true
}

// epochs lists all epochs that have a key or a tombstone, in order.
func (r ring) epochs() []uint64 {
	return slices.Sorted(func(yield func(uint64) bool) {
		for e := range r.keys {
			if !yield(e) {
				return
			}
		}
		for e := range r.tombs {
			if !yield(e) {
				return
			}
		}
	})
}

// adopt returns the ring with the keys of held in the place of equal ones, so
// that a key that stays keeps its memory.
func (r ring) adopt(held ring) ring {
	out := r.clone()
	for e, k := range out.keys {
		h := held.keys[e]
		if h == nil || h.k3 == k.k3 || !h.same(k) {
			continue
		}
		kept := *k
		kept.k3 = h.k3
		out.keys[e] = &kept
		k.k3.Destroy()
	}
	return out
}

// destroyBut zeroes the keys that kept does not hold.
func (r ring) destroyBut(kept ring) {
	stays := map[*secret.Locked]bool{}
	for _, k := range kept.keys {
		stays[k.k3] = true
	}
	for _, k := range r.keys {
		if !stays[k.k3] {
			k.k3.Destroy()
		}
	}
}

// draw16 makes an identifier: 16 random bytes in hex.
func draw16(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("draw an identifier: %w", err)
	}
	if constant(b[:]) {
		return "", errors.New("draw an identifier: the random source is broken")
	}
	return hex.EncodeToString(b[:]), nil
}

// keyCheck derives a public check value from K3, under an info string of its
// own: 8 bytes in hex. It shows a damaged or foreign key before anything is
// sealed under it, and reveals nothing about K3.
func keyCheck(k3 secret.Secret) (string, error) {
	b, err := hkdf.Key(sha256.New, k3.Reveal(), nil, "agentkeys/k3-check/v1", 8)
	return hex.EncodeToString(b), err
}
