package keys

import (
	"context"
	"fmt"
)

// Remake makes a fresh key for an epoch that the chain has reached and whose key
// no signer has: governance moved the counter before any signer had prepared the
// epoch. It is the way out of a chain that cannot be moved back, and returns when
// the key is durable. An epoch that has a key keeps it, so the call can be
// repeated. Several lost epochs are made again in their order.
//
// It refuses epoch 0 (invalid_input), ErrEpochDestroyed, ErrTooFarAhead for an
// epoch above the chain's (Prepare makes that one), and ErrEpochMissing for one
// that is not above the high-water mark, because objects may be sealed under it,
// and for one below which another is missing.
//
// Nobody can tell from here what other signers and backups hold, so it is for a
// person who has asked them all, at one signer; the others restore its backup. If
// another signer has a key of this epoch after all, or one is remade at two,
// there are two keys for one epoch: objects of one do not open at the other,
// Import refuses either at the other with ErrEpochConflict, and what was sealed
// under the one that is given up is lost. The same holds where the key was in
// use here and file and mark that said so are gone: a backup restored without
// them knows no more than the day when it was made.
func (k *Keyring) Remake(ctx context.Context, epoch, chainEpoch uint64) (EpochStatus, error) {
	return k.changeEpoch(ctx, "remake", epoch, func(r ring) (ring, bool, error) {
		if err := r.within(epoch, chainEpoch); err != nil {
			return r, false, err
		}
		if _, destroyed := r.tombs[epoch]; destroyed {
			return r, false, ErrEpochDestroyed
		}
		if r.keys[epoch] != nil {
			return r, false, nil
		}
		if err := r.neverUsed(epoch, chainEpoch); err != nil {
			return r, false, err
		}
		key, err := drawKey(k.o.random, k.o.now())
		if err != nil {
			return r, false, err
		}
		return r.grown(epoch, key)
	})
}

// neverUsed refuses to make a missing key again under which something may have
// been sealed here, that is not due yet, or that leaves a gap below.
func (r ring) neverUsed(epoch, chainEpoch uint64) error {
	if epoch > chainEpoch {
		return fmt.Errorf("%w: the chain is at %d; an epoch to come is prepared, not remade", ErrTooFarAhead, chainEpoch)
	}
	if epoch <= r.highWater {
		return fmt.Errorf("%w: keys were made here under epoch %d, so objects may be sealed under %d; restore a backup of a signer that has it: agentkeys k3 restore", ErrEpochMissing, r.highWater, epoch)
	}
	if m := r.missing(epoch - 1); len(m) != 0 {
		return fmt.Errorf("%w: %s, which come before it", ErrEpochMissing, list(m))
	}
	return nil
}
