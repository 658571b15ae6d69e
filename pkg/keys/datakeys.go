package keys

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/secret"
)

// New implements DataKeys.
func (k *Keyring) New(ctx context.Context, r Request) (DEK, Wrapped, error) {
	if err := alive(ctx); err != nil {
		return DEK{}, Wrapped{}, err
	}
	if err := r.Binding.check(); err != nil {
		return DEK{}, Wrapped{}, err
	}
	dek, err := k.draw()
	if err != nil {
		return DEK{}, Wrapped{}, apierr.Wrap(apierr.SignerUnavailable, err, "no random bytes can be had")
	}
	w, err := k.wrap(ctx, r.Binding, r.Epoch, dek)
	if err != nil {
		dek.Destroy()
		return DEK{}, Wrapped{}, err
	}
	return dek, w, nil
}

// Unwrap implements DataKeys. The key of an epoch that was destroyed is
// envelope_invalid too, in words of its own.
func (k *Keyring) Unwrap(ctx context.Context, r Request, w Wrapped) (DEK, error) {
	if err := alive(ctx); err != nil {
		return DEK{}, err
	}
	aad, err := r.Binding.wrapAAD(w.Epoch)
	if err != nil {
		return DEK{}, err
	}
	key, err := k.openingKEK(ctx, r.Binding, w.Epoch)
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
	epoch, _, err := k.forSealing(ctx, toEpoch)
	if err != nil {
		return Wrapped{}, err
	}
	if epoch == w.Epoch {
		return w, nil
	}
	return k.wrap(ctx, r.Binding, epoch, dek)
}

// wrap wraps a DEK under the epoch wanted or the high-water mark.
func (k *Keyring) wrap(ctx context.Context, b Binding, wanted uint64, dek DEK) (Wrapped, error) {
	for {
		epoch, key, err := k.forSealing(ctx, wanted)
		if err != nil {
			return Wrapped{}, err
		}
		kek, err := key.kek(b)
		if errors.Is(err, secret.ErrDestroyed) {
			continue // look again: the ring says why
		}
		if err != nil {
			return Wrapped{}, err
		}
		aad, err := b.wrapAAD(epoch)
		if err != nil {
			return Wrapped{}, err
		}
		out, err := kek.wrap(k.o.random, dek, aad)
		if err != nil {
			return Wrapped{}, apierr.Wrap(apierr.SignerUnavailable, err, "no random bytes can be had")
		}
		return Wrapped{Epoch: epoch, Bytes: out}, nil
	}
}

// openingKEK derives the KEK of an object that is there.
func (k *Keyring) openingKEK(ctx context.Context, b Binding, epoch uint64) (out kek, err error) {
	err = k.under(ctx, epoch, func(k3 secret.Secret) error {
		out, err = deriveKEK(k3, b)
		return err
	})
	return out, err
}

// under calls f with K3 of an epoch that a stored object names.
func (k *Keyring) under(ctx context.Context, epoch uint64, f func(k3 secret.Secret) error) error {
	for {
		key, err := k.forOpening(ctx, epoch)
		if err != nil {
			return err
		}
		err = key.k3.Use(func(b []byte) error { return f(secret.Own(b)) })
		if !errors.Is(err, secret.ErrDestroyed) {
			return err
		}
	}
}

func (e *epochKey) kek(b Binding) (out kek, err error) {
	err = e.k3.Use(func(k3 []byte) error {
		out, err = deriveKEK(secret.Own(k3), b)
		return err
	})
	return out, err
}

// serving refuses a keyring that gives out no keys any more.
func (k *Keyring) serving() error {
	if k.closed.Load() {
		return apierr.Wrap(apierr.SignerUnavailable, ErrClosed, "the keyring is closed")
	}
	return nil
}

// forSealing returns the epoch to seal under, the one wanted or the high-water
// mark, and its K3. A new mark is durable before the key is used.
func (k *Keyring) forSealing(ctx context.Context, wanted uint64) (uint64, *epochKey, error) {
	if wanted == 0 {
		return 0, nil, apierr.New(apierr.EnvelopeInvalid, "epoch 0 does not exist")
	}
	r := k.snapshot()
	if err := k.serving(); err != nil {
		return 0, nil, err
	}
	if wanted > r.highWater {
		if err := k.Raise(ctx, wanted); err != nil {
			return 0, nil, apierr.Wrap(apierr.SignerUnavailable, err, "there is no data key for epoch %d yet", wanted)
		}
		r = k.snapshot()
	}
	key := r.keys[r.highWater]
	if key == nil { // closed meanwhile
		return 0, nil, apierr.Wrap(apierr.SignerUnavailable, ErrClosed, "the keyring is closed")
	}
	return r.highWater, key, nil
}

// forOpening returns K3 of an epoch that a stored object names. An epoch that
// another process added meanwhile is found by reading the file again.
func (k *Keyring) forOpening(ctx context.Context, epoch uint64) (*epochKey, error) {
	r := k.snapshot()
	if err := k.serving(); err != nil {
		return nil, err
	}
	if _, known := r.status(epoch); !known && epoch != 0 {
		if err := k.Refresh(ctx); err != nil {
			return nil, apierr.Wrap(apierr.SignerUnavailable, err, "the keyring cannot be read")
		}
		r = k.snapshot()
	}
	if key := r.keys[epoch]; key != nil {
		return key, nil
	}
	if t, destroyed := r.tombs[epoch]; destroyed {
		return nil, apierr.Wrap(apierr.EnvelopeInvalid, ErrEpochDestroyed, "the key of epoch %d, under which this object was sealed, was destroyed on %s", epoch, t.destroyed.Format("2006-01-02"))
	}
	if err := k.serving(); err != nil {
		return nil, err
	}
	return nil, apierr.New(apierr.EnvelopeInvalid, "the object names a key epoch that does not exist")
}

// draw makes a DEK and refuses one that came just before.
func (k *Keyring) draw() (DEK, error) {
	dek, err := drawDEK(k.o.random)
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

// alive turns an ended context into the error of a signer that did not answer.
func alive(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return apierr.Wrap(apierr.SignerUnavailable, err, "the request ended before a data key was had")
	}
	return nil
}
