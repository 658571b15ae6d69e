package journal

import (
	"context"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
)

const (
	sqlLease = `
INSERT INTO leases (name, holder, expires) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires = excluded.expires
WHERE leases.holder = excluded.holder OR leases.expires <= ? OR leases.expires > ?`

	sqlRelease = `
DELETE FROM leases WHERE name = ? AND holder = ?`
)

// MaxLease is the longest time for which a lease can be taken: nobody else can
// take one from a holder that is gone before it is over.
const MaxLease = time.Hour

// Lease takes or renews the lease of this name for holder, for ttl (1 ms to
// MaxLease, in whole milliseconds) from now by the journal's clock, and reports
// whether it is held. Another holder gets it only when it has expired or was
// released, or when it ends later than any can that was taken by a clock that is
// right (2 MaxLease from now). Names of leases and holders are those of sources: a process needs
// one of its own, that no other has had.
//
// A lease keeps processes out of each other's way. It is no proof against one
// that stopped for longer than ttl, nor against clocks that differ by more than
// what is left of it: who acts under a lease needs a second line, as the
// contract's batchIndex is. A holder should count ttl from before the call.
// Errors: ErrInvalid; every other one carries audit_unavailable, and the lease may
// or may not be held then.
func (j *Journal) Lease(ctx context.Context, name, holder string, ttl time.Duration) (held bool, err error) {
	if err := validLease(name, holder); err != nil {
		return false, err
	}
	if ttl < time.Millisecond || ttl > MaxLease {
		return false, fmt.Errorf("%w: a lease is for 1 ms to %s", ErrInvalid, MaxLease)
	}
	var n int64 // a caller without patience leaves it behind
	err = j.submit(ctx, 1, func(ctx context.Context, g *group) (refusal, fault error) {
		at := g.at.UnixMilli()
		n, fault = affected(g.stmt(ctx, j.st.lease).ExecContext(ctx, name, holder, at+ttl.Milliseconds(), at, at+2*MaxLease.Milliseconds()))
		if fault != nil {
			return nil, fmt.Errorf("take a lease: %w", fault)
		}
		return nil, nil
	})
	if err != nil {
		return false, err
	}
	return n == 1, nil
}

// Release gives a lease back, so that another holder need not wait until it
// expires. A lease that holder does not hold stays as it is, which is no fault.
// Errors are those of Lease.
func (j *Journal) Release(ctx context.Context, name, holder string) error {
	if err := validLease(name, holder); err != nil {
		return err
	}
	return j.submit(ctx, 1, func(ctx context.Context, g *group) (refusal, fault error) {
		if _, err := g.stmt(ctx, j.st.release).ExecContext(ctx, name, holder); err != nil {
			return nil, fmt.Errorf("release a lease: %w", err)
		}
		return nil, nil
	})
}

func validLease(name, holder string) error {
	if !audit.IsSource(name) || !audit.IsSource(holder) {
		return fmt.Errorf("%w: a lease and its holder have names of letters, digits and ._:-", ErrInvalid)
	}
	return nil
}
