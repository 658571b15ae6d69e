package storetest

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/store"
)

func key() store.LimitKey {
	return store.LimitKey{
		Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2}),
		ServiceHash: [32]byte{3}, ScopeNonce: 4,
	}
}

func wantReached(t *testing.T, err error, which store.Which, limit, used uint32, resets time.Time) {
	t.Helper()
	var l *store.LimitReached
	if !errors.As(err, &l) {
		t.Errorf("got %v, want a limit", err)
		return
	}
	if l.Which != which || l.Limit != limit || l.Used != used || !l.ResetsAt.Equal(resets) {
		t.Errorf("got %+v, want %s %d/%d until %s", *l, which, used, limit, resets)
	}
}

func chargePerPeriod(t *testing.T, b *bench) {
	l := store.Limits{MaxPerPeriod: 5, PeriodSeconds: 3600}
	resets := time.Date(2026, 3, 4, 6, 0, 0, 0, time.UTC)
	want(t, b.Charge(ctx(), key(), 3, l, b.now()), nil)
	wantReached(t, b.Charge(ctx(), key(), 3, l, b.now()), store.LimitPeriod, 5, 3, resets)
	want(t, b.Charge(ctx(), key(), 2, l, b.now()), nil)
	wantReached(t, b.Charge(ctx(), key(), 1, l, b.now()), store.LimitPeriod, 5, 5, resets)
	wantReached(t, b.Charge(ctx(), key(), 1, l, resets.Add(-time.Nanosecond)), store.LimitPeriod, 5, 5, resets)
	// More than a whole period can never succeed, in a fresh window neither.
	wantReached(t, b.Charge(ctx(), key(), 6, l, resets), store.LimitPeriod, 5, 0, resets.Add(time.Hour))
	want(t, b.Charge(ctx(), key(), 5, l, resets), nil)
	wantReached(t, b.Charge(ctx(), key(), 1, l, resets), store.LimitPeriod, 5, 5, resets.Add(time.Hour))
}

func chargeInTotal(t *testing.T, b *bench) {
	l := store.Limits{MaxTotal: 4}
	wantReached(t, b.Charge(ctx(), key(), 5, l, b.now()), store.LimitTotal, 4, 0, time.Time{})
	want(t, b.Charge(ctx(), key(), 3, l, b.now()), nil)
	wantReached(t, b.Charge(ctx(), key(), 2, l, b.now()), store.LimitTotal, 4, 3, time.Time{})
	want(t, b.Charge(ctx(), key(), 1, l, b.now().Add(1000*time.Hour)), nil)
	wantReached(t, b.Charge(ctx(), key(), 1, l, b.now()), store.LimitTotal, 4, 4, time.Time{})
}

// chargeBoth: all or nothing, whichever limit refuses.
func chargeBoth(t *testing.T, b *bench) {
	l := store.Limits{MaxPerPeriod: 3, PeriodSeconds: 60, MaxTotal: 5}
	resets := b.now().Truncate(time.Minute).Add(time.Minute)
	want(t, b.Charge(ctx(), key(), 3, l, b.now()), nil)
	wantReached(t, b.Charge(ctx(), key(), 1, l, b.now()), store.LimitPeriod, 3, 3, resets)
	wantReached(t, b.Charge(ctx(), key(), 3, l, b.now()), store.LimitTotal, 5, 3, time.Time{})
	// Refused by the total, the new window has counted nothing.
	wantReached(t, b.Charge(ctx(), key(), 3, l, resets), store.LimitTotal, 5, 3, time.Time{})
	// Refused by the period, the total has counted nothing.
	want(t, b.Charge(ctx(), key(), 2, l, resets), nil)
	wantReached(t, b.Charge(ctx(), key(), 1, l, resets.Add(time.Hour)), store.LimitTotal, 5, 5, time.Time{})
}

// chargeKeys: every part of the key has a counter of its own.
func chargeKeys(t *testing.T, b *bench) {
	l := store.Limits{MaxTotal: 1}
	keys := []store.LimitKey{key(), key(), key(), key(), key()}
	keys[1].Operator = omni.OperatorOfWallet([20]byte{9})
	keys[2].Actor = omni.ActorOfWallet([20]byte{9})
	keys[3].ServiceHash = [32]byte{9}
	keys[4].ScopeNonce = math.MaxUint64
	for _, k := range keys {
		want(t, b.Charge(ctx(), k, 1, l, b.now()), nil)
	}
	for _, k := range keys {
		wantReached(t, b.Charge(ctx(), k, 1, l, b.now()), store.LimitTotal, 1, 1, time.Time{})
	}
}

// chargeAndTheClock: going back finds the latest window still full.
func chargeAndTheClock(t *testing.T, b *bench) {
	l := store.Limits{MaxPerPeriod: 2, PeriodSeconds: 60}
	ahead := b.now().Add(time.Hour)
	resets := ahead.Truncate(time.Minute).Add(time.Minute)
	want(t, b.Charge(ctx(), key(), 1, l, ahead), nil)
	want(t, b.Charge(ctx(), key(), 1, l, b.now()), nil)
	wantReached(t, b.Charge(ctx(), key(), 1, l, b.now()), store.LimitPeriod, 2, 2, resets)
	wantReached(t, b.Charge(ctx(), key(), 1, l, b.now().Add(-time.Hour)), store.LimitPeriod, 2, 2, resets)
	want(t, b.Charge(ctx(), key(), 1, l, resets), nil)
}

func chargeBounds(t *testing.T, b *bench) {
	for _, l := range []store.Limits{{MaxPerPeriod: 1}, {PeriodSeconds: 1}, {MaxTotal: 1, PeriodSeconds: 1}} {
		want(t, b.Charge(ctx(), key(), 1, l, b.now()), apierr.InvalidInput)
	}
	want(t, b.Charge(ctx(), key(), -1, store.Limits{MaxTotal: 1}, b.now()), apierr.InvalidInput)
	want(t, b.Charge(ctx(), key(), 0, store.Limits{MaxTotal: 1}, b.now()), nil)
	top := store.Limits{MaxTotal: math.MaxUint32, MaxPerPeriod: math.MaxUint32, PeriodSeconds: math.MaxUint32}
	want(t, b.Charge(ctx(), key(), math.MaxUint32, top, b.now()), nil)
	wantReached(t, b.Charge(ctx(), key(), 1, top, b.now()), store.LimitTotal, math.MaxUint32, math.MaxUint32, time.Time{})
	wantReached(t, b.Charge(ctx(), key(), math.MaxInt, top, b.now()), store.LimitTotal, math.MaxUint32, math.MaxUint32, time.Time{})
	// Unlimited: nothing is written, so even a closed store says yes.
	want(t, b.Close(), nil)
	want(t, b.Charge(ctx(), key(), 1000, store.Limits{}, b.now()), nil)
	want(t, b.Charge(ctx(), key(), 0, top, b.now()), nil)
}

func chargeRace(t *testing.T, b *bench) {
	l := store.Limits{MaxPerPeriod: 300, PeriodSeconds: 3600, MaxTotal: 101}
	reached := func(err error) bool {
		var r *store.LimitReached
		return errors.As(err, &r) && r.Which == store.LimitTotal
	}
	won := race(t, 500, reached, func(int) error { return b.Charge(ctx(), key(), 2, l, b.now()) })
	if won != 50 {
		t.Errorf("%d charges of 2 against 101", won)
	}
}
