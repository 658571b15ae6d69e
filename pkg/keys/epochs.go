package keys

import (
	"context"
	"fmt"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/secret"
)

// Prepare makes the key of epoch, which may be one ahead of the chain's epoch,
// and returns when it is durable. An epoch that has a key keeps it, so the call
// can be repeated. It refuses epoch 0 (invalid_input), ErrTooFarAhead,
// ErrEpochDestroyed, and ErrEpochMissing when a key up to the chain's epoch is
// not here: that one was lost, and is never made again but by Remake.
func (k *Keyring) Prepare(ctx context.Context, epoch, chainEpoch uint64) (EpochStatus, error) {
	return k.changeEpoch(ctx, "prepare", epoch, func(r ring) (ring, bool, error) {
		if err := r.within(epoch, chainEpoch); err != nil {
			return r, false, err
		}
		if _, destroyed := r.tombs[epoch]; destroyed {
			return r, false, ErrEpochDestroyed
		}
		if r.keys[epoch] != nil {
			return r, false, nil
		}
		if err := r.complete(max(chainEpoch, 1)); err != nil {
			return r, false, err
		}
		key, err := drawKey(k.o.random, k.o.now())
		if err != nil {
			return r, false, err
		}
		return r.grown(epoch, key)
	})
}

// Export returns the key of an epoch, for another signer of the deployment: 32
// bytes, which the caller destroys. It refuses ErrEpochMissing,
// ErrEpochDestroyed and ErrClosed.
func (k *Keyring) Export(epoch uint64) (secret.Secret, EpochStatus, error) {
	r := k.snapshot()
	status, ok := r.status(epoch)
	if !ok {
		if k.closed.Load() {
			return secret.Secret{}, EpochStatus{}, ErrClosed
		}
		return secret.Secret{}, EpochStatus{}, fmt.Errorf("export the key of epoch %d: %w", epoch, ErrEpochMissing)
	}
	if !status.Destroyed.IsZero() {
		return secret.Secret{}, status, fmt.Errorf("export the key of epoch %d: %w", epoch, ErrEpochDestroyed)
	}
	var out secret.Secret
	err := r.keys[epoch].k3.Use(func(b []byte) error { out = secret.New(b); return nil })
	if err != nil {
		return secret.Secret{}, status, fmt.Errorf("export the key of epoch %d: %w", epoch, err)
	}
	return out, status, nil
}

// Import takes the key of an epoch from another signer, with the check value
// and the ring id that it named, and returns when it is durable. A key that is
// there already is no change. It refuses epoch 0 and bytes that are no key
// (invalid_input), ErrTooFarAhead, ErrCheckValue, ErrOtherRing,
// ErrEpochDestroyed, and ErrEpochConflict for another key than the one there; a
// key that was prepared ahead of the chain and never used gives way to one with
// a smaller check value, so that all signers end with the same.
func (k *Keyring) Import(ctx context.Context, epoch, chainEpoch uint64, k3 secret.Secret, check, ringID string) (EpochStatus, error) {
	return k.changeEpoch(ctx, "import", epoch, func(r ring) (ring, bool, error) {
		if err := r.within(epoch, chainEpoch); err != nil {
			return r, false, err
		}
		if err := r.of(ringID); err != nil {
			return r, false, err
		}
		key, err := newKey(k3.Reveal(), k.o.now())
		if err != nil {
			return r, false, apierr.Wrap(apierr.InvalidInput, err, "the key of an epoch is 32 random bytes")
		}
		next, changed, err := r.imported(epoch, chainEpoch, key, check)
		if err != nil || next.keys[epoch] != key {
			key.k3.Destroy()
		}
		return next, changed, err
	})
}

// imported decides about a key that came from outside.
func (r ring) imported(epoch, chainEpoch uint64, key *epochKey, check string) (ring, bool, error) {
	if key.check != check {
		return r, false, ErrCheckValue
	}
	if _, destroyed := r.tombs[epoch]; destroyed {
		return r, false, ErrEpochDestroyed
	}
	if there := r.keys[epoch]; there != nil {
		switch {
		case there.same(key):
			return r, false, nil
		case epoch > chainEpoch && epoch > r.highWater && check < there.check:
			// Nobody can have used the one that is there: two rotations began at two
			// signers. It gives way in one direction only, or each rotation could
			// replace the other's key, see its own taken, and move the chain.
			next := r.clone()
			next.keys[epoch] = key
			return next, true, nil
		default:
			return r, false, fmt.Errorf("%w: its check value is %s, that of the one that came %s", ErrEpochConflict, there.check, check)
		}
	}
	if epoch < r.highWater {
		key.retired = key.created
	}
	return r.grown(epoch, key)
}

// Raise moves the durable high-water mark to the chain's epoch: keys are never
// made under an older one again. It never moves down. It refuses epoch 0
// (invalid_input) and ErrEpochMissing.
//
// It is asked before every new key, also while the chain names an epoch that
// has none. That refusal opens no seal: it would be a second of work and 256 MiB
// for everybody's request, or a call to the KMS, and in the way of who brings the
// key.
func (k *Keyring) Raise(ctx context.Context, chainEpoch uint64) error {
	r := k.snapshot()
	if chainEpoch != 0 && chainEpoch <= r.highWater {
		return nil
	}
	if chainEpoch != 0 && r.keys[chainEpoch] == nil && !k.closed.Load() {
		if err := k.Refresh(ctx); err != nil { // another process may have made it
			return err
		}
		if r = k.snapshot(); r.keys[chainEpoch] == nil && chainEpoch > r.highWater && !k.closed.Load() {
			return fmt.Errorf("raise the mark to epoch %d: %w", chainEpoch, ErrEpochMissing)
		}
	}
	_, err := k.changeEpoch(ctx, "raise the mark to", chainEpoch, func(r ring) (ring, bool, error) {
		switch {
		case chainEpoch == 0:
			return r, false, errEpochZero()
		case chainEpoch <= r.highWater:
			return r, false, nil
		case r.keys[chainEpoch] == nil:
			return r, false, ErrEpochMissing
		}
		return r.raised(chainEpoch, k.o.now()), true, nil
	})
	return err
}

// Destroy zeroes the key of an epoch that is below both the chain's and the
// high-water mark, and leaves a tombstone with its check value. What is still
// sealed under it never opens again; backups and older copies of the file still
// hold the key. It can be repeated. It refuses epoch 0 (invalid_input),
// ErrEpochMissing and ErrEpochInUse.
func (k *Keyring) Destroy(ctx context.Context, epoch, chainEpoch uint64) (EpochStatus, error) {
	return k.changeEpoch(ctx, "destroy", epoch, func(r ring) (ring, bool, error) {
		_, done := r.tombs[epoch]
		switch {
		case epoch == 0:
			return r, false, errEpochZero()
		case done:
			return r, false, nil
		case epoch >= chainEpoch:
			return r, false, fmt.Errorf("%w: the chain is at %d", ErrEpochInUse, chainEpoch)
		case epoch >= r.highWater:
			return r, false, fmt.Errorf("%w: keys were made here under epoch %d at most", ErrEpochInUse, r.highWater)
		case r.keys[epoch] == nil:
			return r, false, ErrEpochMissing
		}
		return r.buried(epoch, tombstone{r.keys[epoch].check, k.o.now()}), true, nil
	})
}

// changeEpoch is change, and the epoch's status afterwards.
func (k *Keyring) changeEpoch(ctx context.Context, what string, epoch uint64, f func(ring) (ring, bool, error)) (EpochStatus, error) {
	var status EpochStatus
	err := k.change(ctx, func(r ring) (ring, bool, error) {
		next, changed, err := f(r)
		if err == nil {
			status, _ = next.status(epoch)
		}
		return next, changed, err
	})
	if err != nil {
		return EpochStatus{}, fmt.Errorf("%s epoch %d: %w", what, epoch, err)
	}
	return status, nil
}

func errEpochZero() error { return apierr.New(apierr.InvalidInput, "epochs start at 1") }

// within refuses an epoch that is none, or too far ahead of the chain's.
func (r ring) within(epoch, chainEpoch uint64) error {
	if epoch == 0 {
		return errEpochZero()
	}
	if epoch > chainEpoch && epoch-chainEpoch > 1 {
		return fmt.Errorf("%w: the chain is at %d", ErrTooFarAhead, chainEpoch)
	}
	return nil
}

// of refuses another ring's id.
func (r ring) of(ringID string) error {
	if !isHex(ringID, 16) {
		return apierr.New(apierr.InvalidInput, "a ring id is 16 bytes in hex")
	}
	if r.ringID != ringID {
		return fmt.Errorf("%w: this one is %s, the key is of %s", ErrOtherRing, r.ringID, ringID)
	}
	return nil
}

// grown is with, as a change. It destroys a key that it refuses.
func (r ring) grown(epoch uint64, key *epochKey) (ring, bool, error) {
	next, err := r.with(epoch, key)
	if err != nil {
		key.k3.Destroy()
		return r, false, err
	}
	return next, true, nil
}
