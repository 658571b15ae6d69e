package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
)

// LimitKey names one counter. A new scope has a new nonce and so starts at zero.
type LimitKey struct {
	Operator    omni.Operator
	Actor       omni.Actor
	ServiceHash [32]byte
	ScopeNonce  uint64
}

// Limits are those of a grant; 0 is unlimited.
type Limits struct {
	MaxPerPeriod  uint32
	PeriodSeconds uint32 // non-zero exactly when MaxPerPeriod is
	MaxTotal      uint32
}

// Which limit was reached.
type Which string

// The two limits of a grant.
const (
	LimitPeriod Which = "period"
	LimitTotal  Which = "total"
)

// LimitReached says which limit refused a charge. Nothing was counted.
type LimitReached struct {
	Which    Which
	Limit    uint32
	Used     uint32
	ResetsAt time.Time // zero for a total, which never resets
}

// Error implements error.
func (l *LimitReached) Error() string {
	return fmt.Sprintf("store: limit per %s reached: %d of %d used", l.Which, l.Used, l.Limit)
}

// Charge counts n uses against both limits, or neither and answers
// *LimitReached: the total where both are reached, since waiting does not help.
// Without limits nothing is written.
//
// Windows are fixed: they start at multiples of the period since 1970. A clock
// that goes back stays in the latest window that was charged, so no use is
// forgotten; it waits there until the clock has caught up.
func (s *Store) Charge(ctx context.Context, key LimitKey, n int, l Limits, now time.Time) error {
	if n < 0 || (l.MaxPerPeriod == 0) != (l.PeriodSeconds == 0) {
		return apierr.New(apierr.InvalidInput, "a charge is not negative, and a limit per period has a period")
	}
	if n == 0 || (l.MaxPerPeriod == 0 && l.MaxTotal == 0) {
		return nil
	}
	// No limit reaches 2^32, so a larger n is refused all the same, and
	// sums cannot overflow.
	c := charge{key, key.columns(), min(int64(n), 1<<32), l, windowStart(now, l.PeriodSeconds)}
	return s.submit(ctx, c.row(), func(ctx context.Context, t tx) (refusal, fault error) {
		ok, err := c.count(ctx, t.stmt(ctx, s.st.charge))
		if err != nil || ok {
			return nil, err
		}
		return c.explain(ctx, t.stmt(ctx, s.st.readLimits))
	})
}

// charge is one call of Charge, in database terms.
type charge struct {
	of     LimitKey
	key    []any // of its columns
	n      int64
	limits Limits
	window int64 // seconds; 0 without a limit per period
}

func (c charge) row() string {
	return fmt.Sprintf("limit %s %s %x %d", c.of.Operator, c.of.Actor, c.of.ServiceHash, c.of.ScopeNonce)
}

// count adds n to both counters if both limits allow it.
func (c charge) count(ctx context.Context, st *sql.Stmt) (bool, error) {
	perPeriod, total := int64(c.limits.MaxPerPeriod), int64(c.limits.MaxTotal)
	// The statement guards an existing counter; a first charge is guarded here.
	if (perPeriod != 0 && c.n > perPeriod) || (total != 0 && c.n > total) {
		return false, nil
	}
	args := append(c.key[:len(c.key):len(c.key)], c.window, c.n, c.n, perPeriod, perPeriod, total, total)
	n, err := affected(st.ExecContext(ctx, args...))
	if err != nil {
		return false, fmt.Errorf("charge: %w", err)
	}
	return n == 1, nil
}

// explain says which limit refused.
func (c charge) explain(ctx context.Context, st *sql.Stmt) (refusal, fault error) {
	var window, inWindow, total int64
	err := st.QueryRowContext(ctx, c.key...).Scan(&window, &inWindow, &total)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read limits: %w", err)
	}
	if c.window > window {
		window, inWindow = c.window, 0
	}
	l := c.limits
	if l.MaxTotal != 0 && total+c.n > int64(l.MaxTotal) {
		return &LimitReached{Which: LimitTotal, Limit: l.MaxTotal, Used: uint32(total)}, nil
	}
	return &LimitReached{
		Which: LimitPeriod, Limit: l.MaxPerPeriod, Used: uint32(inWindow),
		ResetsAt: time.Unix(window+int64(l.PeriodSeconds), 0),
	}, nil
}

// ResetsAt is when the window of the limit per period ends in which now lies; the zero
// time without such a limit.
func (l Limits) ResetsAt(now time.Time) time.Time {
	if l.PeriodSeconds == 0 {
		return time.Time{}
	}
	return time.Unix(windowStart(now, l.PeriodSeconds)+int64(l.PeriodSeconds), 0)
}

// windowStart is the start of the window in which now lies.
func windowStart(now time.Time, period uint32) int64 {
	if period == 0 {
		return 0
	}
	sec := now.Unix()
	return sec - sec%int64(period)
}

func (k LimitKey) columns() []any {
	op, actor := k.Operator.Bytes(), k.Actor.Bytes()
	// A signed column holds the nonce's 64 bits as they are.
	return []any{op[:], actor[:], k.ServiceHash[:], int64(k.ScopeNonce)}
}
