package keys

import (
	"context"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/seal"
)

// Backup returns all that is in the keyring, sealed with to (public keys of
// several people, say). It refuses ErrClosed. A destroyed key is in every
// backup that was made before; Restore buries it again beside the mark that
// knows of it.
func (k *Keyring) Backup(ctx context.Context, to seal.Seal) ([]byte, error) {
	if err := k.Refresh(ctx); err != nil {
		return nil, fmt.Errorf("back up the keyring: %w", err)
	}
	r := k.snapshot()
	if k.closed.Load() {
		return nil, fmt.Errorf("back up the keyring: %w", ErrClosed)
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
// the mark of the keyring that was here, one of another ring (ErrOtherRing),
// without the key of an epoch that was in use (ErrBackupIncomplete), or whose
// keys are not those that were destroyed here (ErrEpochConflict); seal's errors
// are those of from. Whoever knows a public recipient can make up a backup, so
// the caller compares the check values with another signer's.
//
// Keys that were destroyed here, as the mark tells, are destroyed in what is
// restored, at the instant of the restore. Without the mark a backup brings back
// every key that it holds.
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
// gives it the tombstones and the high-water mark of both. The keys that it
// buries are zeroed; a refusal changes nothing.
func (r ring) covers(m mark, now time.Time) (ring, error) {
	if m.RingID != r.ringID {
		return r, fmt.Errorf("%w: the backup is of %s, the keyring that was here of %s", ErrOtherRing, r.ringID, m.RingID)
	}
	next, err := r.buriedBy(m, now)
	if err != nil {
		return r, err
	}
	if missing := next.missing(m.HighWater); len(missing) != 0 {
		return r, fmt.Errorf("%w: it lacks %s; take a newer one", ErrBackupIncomplete, list(missing))
	}
	if m.HighWater > next.highWater {
		// It has a key: tombstones are below the mark that they come from.
		next = next.raised(m.HighWater, now)
	}
	r.destroyBut(next)
	return next, nil
}

// buriedBy returns the ring with the tombstones of m. An epoch whose key is, or
// was, another one than m names is refused: it cannot be told which of the two is
// to go. So is a destroyed key under another number.
func (r ring) buriedBy(m mark, now time.Time) (ring, error) {
	for _, t := range m.Tombstones {
		there, known := r.status(t.Epoch)
		if known && there.Check != t.Check {
			return r, fmt.Errorf("%w: the key of epoch %d that was destroyed here had the check value %s, that of the backup has %s; take a backup of the keyring that was here", ErrEpochConflict, t.Epoch, t.Check, there.Check)
		}
		if e, found := r.holds(t.Check); found && e != t.Epoch {
			return r, fmt.Errorf("%w: the key that was destroyed here as that of epoch %d is that of epoch %d in the backup; take a backup of the keyring that was here", ErrEpochConflict, t.Epoch, e)
		}
		if _, done := r.tombs[t.Epoch]; !done {
			r = r.buried(t.Epoch, tombstone{t.Check, now})
		}
	}
	return r, nil
}

// putBack writes the mark first. A crash before the keyring leaves a mark that
// knows as much as the one before, tombstones included, and Restore is repeated;
// the other way round it would leave a keyring beside the mark of another file.
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
