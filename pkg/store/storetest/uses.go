package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/store"
)

func usesAreCounted(t *testing.T, b *bench) {
	exp := b.now().Add(5 * time.Minute)
	for range 3 {
		want(t, b.ConsumeUse(ctx(), "three", 3, exp), nil)
	}
	want(t, b.ConsumeUse(ctx(), "three", 3, exp), store.ErrUsedUp)
	want(t, b.ConsumeUse(ctx(), "one", 1, exp), nil)
	want(t, b.ConsumeUse(ctx(), "one", 1, exp), store.ErrUsedUp)
	want(t, b.ConsumeUse(ctx(), "One", 1, exp), nil)
	want(t, b.ConsumeUse(ctx(), "none", 0, exp), apierr.InvalidInput)
	want(t, b.ConsumeUse(ctx(), "none", -1, exp), apierr.InvalidInput)
	want(t, b.ConsumeUse(ctx(), "none", 1, exp), nil)
}

func usesRace(t *testing.T, b *bench) {
	exp := b.now().Add(5 * time.Minute)
	for _, max := range []int{1, 7, 100} {
		jti := fmt.Sprint("cap", max)
		won := race(t, 1000, isErr(store.ErrUsedUp), func(int) error { return b.ConsumeUse(ctx(), jti, max, exp) })
		if won != max {
			t.Errorf("%d uses of %d", won, max)
		}
	}
}

// usesAndTheClock: a capability is used, this host's clock runs ahead, so that
// the count is pruned, and goes back. The capability must not be usable again.
func usesAndTheClock(t *testing.T, b *bench) {
	exp := b.now().Add(5 * time.Minute)
	want(t, b.ConsumeUse(ctx(), "old", 1, exp), nil)
	b.move(time.Hour)
	// The writer prunes after it has answered: the second call comes later.
	for _, jti := range []string{"ahead", "ahead too"} {
		want(t, b.ConsumeUse(ctx(), jti, 1, b.now().Add(5*time.Minute)), nil)
	}
	b.move(-time.Hour)
	for range 2 {
		want(t, b.ConsumeUse(ctx(), "old", 1, exp), apierr.StoreUnavailable)
		want(t, b.ConsumeUse(ctx(), "other", 1, exp), apierr.StoreUnavailable)
		want(t, b.ConsumeUse(ctx(), "ahead", 1, b.now().Add(65*time.Minute)), store.ErrUsedUp)
		b.reopen(t)
	}
	// What expires later than anything forgotten is not affected.
	want(t, b.ConsumeUse(ctx(), "new", 1, exp.Add(time.Second)), nil)
}

func restart(t *testing.T, b *bench) {
	exp := b.now().Add(5 * time.Minute)
	k := key()
	l := store.Limits{MaxTotal: 3}
	want(t, b.PutNonce(ctx(), "taken", alice, exp), nil)
	want(t, b.PutNonce(ctx(), "kept", alice, exp), nil)
	want(t, b.TakeNonce(ctx(), "taken", alice, b.now()), nil)
	want(t, b.ConsumeUse(ctx(), "cap", 2, exp), nil)
	want(t, b.Charge(ctx(), k, 2, l, b.now()), nil)
	b.reopen(t)
	want(t, b.TakeNonce(ctx(), "taken", alice, b.now()), store.ErrNonceUnknown)
	want(t, b.TakeNonce(ctx(), "kept", alice, b.now()), nil)
	want(t, b.ConsumeUse(ctx(), "cap", 2, exp), nil)
	want(t, b.ConsumeUse(ctx(), "cap", 2, exp), store.ErrUsedUp)
	wantReached(t, b.Charge(ctx(), k, 2, l, b.now()), store.LimitTotal, 3, 2, time.Time{})
	want(t, b.Charge(ctx(), k, 1, l, b.now()), nil)
}

func closed(t *testing.T, b *bench) {
	exp := b.now().Add(time.Minute)
	want(t, b.Close(), nil)
	want(t, b.PutNonce(ctx(), "n", alice, exp), apierr.StoreUnavailable)
	want(t, b.TakeNonce(ctx(), "n", alice, b.now()), apierr.StoreUnavailable)
	want(t, b.ConsumeUse(ctx(), "cap", 1, exp), apierr.StoreUnavailable)
	want(t, b.Charge(ctx(), key(), 1, store.Limits{MaxTotal: 1}, b.now()), apierr.StoreUnavailable)
	want(t, b.Ready(ctx()), apierr.StoreUnavailable)
	want(t, b.TakeNonce(ctx(), "", alice, b.now()), store.ErrNonceUnknown) // no store was asked
	want(t, b.Close(), nil)
}

func callerWhoLeft(t *testing.T, b *bench) {
	gone, cancel := context.WithCancel(ctx())
	cancel()
	exp := b.now().Add(time.Minute)
	want(t, b.ConsumeUse(gone, "cap", 1, exp), apierr.StoreUnavailable)
	want(t, b.ConsumeUse(gone, "cap", 1, exp), context.Canceled)
	want(t, b.ConsumeUse(ctx(), "cap", 1, exp), nil) // it had left before anything was done
}

func ready(t *testing.T, b *bench) {
	want(t, b.Ready(ctx()), nil)
	gone, cancel := context.WithCancel(ctx())
	cancel()
	want(t, b.Ready(gone), apierr.StoreUnavailable)
}
