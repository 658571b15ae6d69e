package keys

import "context"

// Lose takes the key of an epoch out of a keyring, durably and without a
// tombstone, as nothing in this package does.
func Lose(ctx context.Context, k *Keyring, epoch uint64) error {
	return k.change(ctx, func(r ring) (ring, bool, error) {
		out := r.clone()
		delete(out.keys, epoch)
		return out, true, nil
	})
}
