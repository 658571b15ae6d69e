package keys

import (
	"context"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/seal"
)

// Backup returns all that is in the keyring, sealed with to (public keys of
// several people, say). It refuses ErrJoining and ErrClosed. A destroyed key is
// in every backup that was made before.
func (k *Keyring) Backup(ctx context.Context, to seal.Seal) ([]byte, error) {
	if err := k.Refresh(ctx); err != nil {
		return nil, fmt.Errorf("back up the keyring: %w", err)
	}
	r := k.snapshot()
	switch {
	case k.closed.Load():
		return nil, fmt.Errorf("back up the keyring: %w", ErrClosed)
	case r.joining:
		return nil, fmt.Errorf("back up the keyring: %w", ErrJoining)
	}
	r.fileID, r.generation = "", 0
	out, err := r.seal(ctx, to, backupFormat)
	if err != nil {
		return nil, fmt.Errorf("back up the keyring: %w", err)
	}
	return out, nil
}

// Restore makes a keyring file of a backup. It refuses a file that is there
// (fs.ErrExist), a backup of another deployment (ErrKeyringSwapped) and, beside
// the mark of the keyring that was here, one of another ring (ErrOtherRing) or
// without the key of an epoch that was in use (ErrBackupIncomplete); seal's
// errors are those of from. Whoever knows a public recipient can make up a
// backup, so the caller compares the check values with another signer's.
func Restore(ctx context.Context, o Options, backup []byte, from seal.Seal) (*Keyring, error) {
	k, err := restore(ctx, o, backup, from)
	if err != nil {
		return nil, fmt.Errorf("restore the keyring: %w", err)
	}
	return k, nil
}

func restore(ctx context.Context, o Options, backup []byte, from seal.Seal) (*Keyring, error) {
	if err := o.prepare(); err != nil {
		return nil, err
	}
	unlock, err := o.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := o.absent(); err != nil {
		return nil, err
	}
	m, have, err := o.readMark()
	if err != nil {
		return nil, err
	}
	r, err := o.open(ctx, from, backup, backupFormat)
	if err != nil {
		return nil, err
	}
	if have {
		r, err = r.covers(m, o.now())
	}
	if err == nil {
		err = o.putBack(ctx, &r)
	}
	if err != nil {
		r.destroyBut(ring{})
		return nil, err
	}
	return &Keyring{o: o, ring: r}, nil
}

// covers refuses a backup that is older than the keyring whose mark is m, and
// gives it the high-water mark of both.
func (r ring) covers(m mark, now time.Time) (ring, error) {
	if m.RingID != "" && m.RingID != r.ringID {
		return r, fmt.Errorf("%w: the backup is of %s, the keyring that was here of %s", ErrOtherRing, r.ringID, m.RingID)
	}
	if missing := r.missing(m.HighWater); len(missing) != 0 {
		return r, fmt.Errorf("%w: it lacks %s; take a newer one", ErrBackupIncomplete, list(missing))
	}
	if m.HighWater > r.highWater {
		if r.keys[m.HighWater] == nil {
			return r, fmt.Errorf("%w: it lacks the key of epoch %d; take a newer one", ErrBackupIncomplete, m.HighWater)
		}
		r = r.raised(m.HighWater, now)
	}
	return r, nil
}

// putBack writes the mark first. A crash before the keyring leaves a mark that
// knows as much as the one before, and Restore is repeated; the other way
// round it would leave a keyring beside the mark of another file.
func (o *Options) putBack(ctx context.Context, r *ring) error {
	sealed, err := o.sealNew(ctx, r)
	if err != nil {
		return err
	}
	if err := o.writeMark(r.mark()); err != nil {
		return err
	}
	return o.disk.create(o.Path, sealed)
}
