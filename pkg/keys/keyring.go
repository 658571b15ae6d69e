package keys

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/secret"
)

// development is the one environment that may keep K3 in a plain file.
const development = "development"

// ErrKeyringInProduction is the refusal of a file-backed keyring by every
// environment but development.
var ErrKeyringInProduction = errors.New("a keyring file holds every key in the clear: only a development profile may use it, production needs the signer")

// Keyring is the file-backed DataKeys: K3 of every epoch in one file, mode
// 0600. It is complete in itself and meant for development.
//
// It is safe for concurrent use, also by several processes on one file: a
// change reads the file again under a lock and writes it whole.
type Keyring struct {
	path   string
	random io.Reader // crypto/rand but in this package's own tests

	mu   sync.Mutex // guards ring and last
	ring ring
	last [sha256.Size]byte // hash of the newest DEK: a source that repeats itself is refused
}

// OpenKeyring opens an existing keyring file. A missing one is fs.ErrNotExist;
// any environment but "development" is ErrKeyringInProduction.
func OpenKeyring(path, environment string) (*Keyring, error) {
	if environment != development {
		return nil, ErrKeyringInProduction
	}
	k := &Keyring{path: path, random: rand.Reader}
	r, err := k.read()
	if err != nil {
		return nil, fmt.Errorf("open the keyring: %w", err)
	}
	k.ring = r
	return k, nil
}

// CreateKeyring opens the keyring file, after creating it with a fresh key for
// epoch 1 if there is none. An existing file is never changed.
func CreateKeyring(path, environment string) (*Keyring, error) {
	k, err := OpenKeyring(path, environment)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if err := createFile(path, rand.Reader); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("create the keyring: %w", err)
	}
	return OpenKeyring(path, environment)
}

// Epochs lists the epochs that have a key, in order.
func (k *Keyring) Epochs() []uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	var out []uint64
	for e := range k.ring.k3 {
		out = append(out, e)
	}
	slices.Sort(out)
	return out
}

// AddEpoch makes a key for one more epoch and returns when it is durable. An
// epoch that has a key keeps it, so the call can be repeated.
func (k *Keyring) AddEpoch(epoch uint64) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.change(func(r ring) (ring, error) { return r.with(epoch, k.random) })
}

// New implements DataKeys.
func (k *Keyring) New(ctx context.Context, r Request) (DEK, Wrapped, error) {
	if err := alive(ctx); err != nil {
		return DEK{}, Wrapped{}, err
	}
	epoch, k3, err := k.forSealing(r.Epoch)
	if err != nil {
		return DEK{}, Wrapped{}, err
	}
	dek, err := k.draw()
	if err != nil {
		return DEK{}, Wrapped{}, apierr.Wrap(apierr.SignerUnavailable, err, "no random bytes can be had")
	}
	w, err := k.wrap(k3, r.Binding, epoch, dek)
	if err != nil {
		dek.Destroy()
		return DEK{}, Wrapped{}, err
	}
	return dek, w, nil
}

// Unwrap implements DataKeys.
func (k *Keyring) Unwrap(ctx context.Context, r Request, w Wrapped) (DEK, error) {
	if err := alive(ctx); err != nil {
		return DEK{}, err
	}
	aad, err := r.Binding.wrapAAD(w.Epoch)
	if err != nil {
		return DEK{}, err
	}
	k3, err := k.forOpening(w.Epoch)
	if err != nil {
		return DEK{}, err
	}
	key, err := deriveKEK(k3, r.Binding)
	if err != nil {
		return DEK{}, err
	}
	dek, err := key.unwrap(w.Bytes, aad)
	if err != nil {
		return DEK{}, apierr.Wrap(apierr.EnvelopeInvalid, err, "the data key of this object does not open")
	}
	return dek, nil
}

// Rewrap implements DataKeys.
func (k *Keyring) Rewrap(ctx context.Context, r Request, w Wrapped, toEpoch uint64) (Wrapped, error) {
	dek, err := k.Unwrap(ctx, r, w)
	if err != nil {
		return Wrapped{}, err
	}
	defer dek.Destroy()
	if toEpoch < w.Epoch {
		return Wrapped{}, apierr.New(apierr.InvalidInput, "a data key moves forward only: from epoch %d to %d is back", w.Epoch, toEpoch)
	}
	epoch, k3, err := k.forSealing(toEpoch)
	if err != nil || epoch == w.Epoch {
		return w, err
	}
	return k.wrap(k3, r.Binding, epoch, dek)
}

// forSealing returns the epoch to seal under, the one wanted or the high-water
// mark, and its K3. A new mark is durable before the key is used.
func (k *Keyring) forSealing(wanted uint64) (uint64, secret.Secret, error) {
	if wanted == 0 {
		return 0, secret.Secret{}, apierr.New(apierr.EnvelopeInvalid, "epoch 0 does not exist")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if wanted > k.ring.highWater {
		err := k.change(func(r ring) (ring, error) {
			if _, ok := r.k3[wanted]; !ok {
				return r, fmt.Errorf("the keyring has no key for epoch %d", wanted)
			}
			return r.raised(wanted), nil
		})
		if err != nil {
			return 0, secret.Secret{}, apierr.Wrap(apierr.SignerUnavailable, err, "there is no data key for epoch %d yet", wanted)
		}
	}
	epoch := max(wanted, k.ring.highWater)
	return epoch, k.ring.k3[epoch], nil
}

// forOpening returns K3 of an epoch that a stored object names. An epoch that
// another process added meanwhile is found by reading the file again.
func (k *Keyring) forOpening(epoch uint64) (secret.Secret, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k3, ok := k.ring.k3[epoch]; ok {
		return k3, nil
	}
	if epoch != 0 {
		r, err := k.read()
		if err != nil {
			return secret.Secret{}, apierr.Wrap(apierr.SignerUnavailable, err, "the keyring cannot be read")
		}
		k.ring = r
	}
	k3, ok := k.ring.k3[epoch]
	if !ok {
		return secret.Secret{}, apierr.New(apierr.EnvelopeInvalid, "the object names a key epoch that does not exist")
	}
	return k3, nil
}

// draw makes a DEK and refuses one that came just before.
func (k *Keyring) draw() (DEK, error) {
	dek, err := drawDEK(k.random)
	if err != nil {
		return DEK{}, err
	}
	h := sha256.Sum256(dek.Reveal())
	k.mu.Lock()
	defer k.mu.Unlock()
	if h == k.last {
		dek.Destroy()
		return DEK{}, errors.New("the random source repeats itself")
	}
	k.last = h
	return dek, nil
}

func (k *Keyring) wrap(k3 secret.Secret, b Binding, epoch uint64, dek DEK) (Wrapped, error) {
	aad, err := b.wrapAAD(epoch)
	if err != nil {
		return Wrapped{}, err
	}
	key, err := deriveKEK(k3, b)
	if err != nil {
		return Wrapped{}, err
	}
	out, err := key.wrap(k.random, dek, aad)
	if err != nil {
		return Wrapped{}, apierr.Wrap(apierr.SignerUnavailable, err, "no random bytes can be had")
	}
	return Wrapped{Epoch: epoch, Bytes: out}, nil
}

// alive turns an ended context into the error of a signer that did not answer.
func alive(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return apierr.Wrap(apierr.SignerUnavailable, err, "the request ended before a data key was had")
	}
	return nil
}
