package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/store"
)

// RunReplicas runs what holds where several processes serve from one database:
// what is opened again is then another process beside the first.
func RunReplicas(t *testing.T, fresh func(t *testing.T) Open) {
	for name, test := range map[string]func(*testing.T, *replicas){
		"uses":              replicasUse,
		"uses, many":        replicasUseMany,
		"nonces":            replicasNonces,
		"limits":            replicasCharge,
		"a clock that errs": replicasAndTheClock,
		"two deployments":   replicasOfTwo,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &replicas{t: t, open: fresh(t), clock: start.UnixNano()}
			r.begin()
			test(t, r)
			r.end()
		})
	}
}

// replicas are two stores on one database.
type replicas struct {
	t     *testing.T
	open  Open
	clock int64 // atomic, nanoseconds
	of    [2]*store.Store
}

func (r *replicas) now() time.Time { return time.Unix(0, atomic.LoadInt64(&r.clock)) }

func (r *replicas) begin() {
	for i := range r.of {
		r.of[i] = r.open(r.t, r.now)
	}
}

func (r *replicas) end() {
	r.t.Helper()
	for _, s := range r.of {
		if err := s.Close(); err != nil {
			r.t.Error(err)
		}
	}
}

// each calls f with both stores.
func (r *replicas) each(f func(s *store.Store)) {
	for _, s := range r.of {
		f(s)
	}
}

// replicasUse: a thousand racers over both have exactly as many uses as there
// are, also when both are restarted in between.
func replicasUse(t *testing.T, r *replicas) {
	exp := r.now().Add(5 * time.Minute)
	for _, max := range []int{1, 7, 100} {
		jti := fmt.Sprint("cap", max)
		use := func(i int) error { return r.of[i%2].ConsumeUse(ctx(), jti, max, exp) }
		won := race(t, max/2, isErr(store.ErrUsedUp), use)
		if max > 1 {
			r.end()
			r.begin()
		}
		if again := race(t, 1000, isErr(store.ErrUsedUp), use); won+again != max {
			t.Errorf("%d and %d uses of %d", won, again, max)
		}
	}
	// One before each restart.
	for i := range 3 {
		want(t, r.of[i%2].ConsumeUse(ctx(), "three", 3, exp), nil)
		r.end()
		r.begin()
	}
	r.each(func(s *store.Store) { want(t, s.ConsumeUse(ctx(), "three", 3, exp), store.ErrUsedUp) })
}

// replicasUseMany: batches of many capabilities, in any order, wait for each
// other, and not in a circle: nobody hears of a fault.
func replicasUseMany(t *testing.T, r *replicas) {
	exp := r.now().Add(5 * time.Minute)
	const caps, uses = 50, 10
	won := race(t, caps*2*uses, isErr(store.ErrUsedUp), func(i int) error {
		n := i / 2 % caps
		if i%2 == 1 {
			n = caps - 1 - n
		}
		return r.of[i%2].ConsumeUse(ctx(), fmt.Sprint("cap", n), uses, exp)
	})
	if won != caps*uses {
		t.Errorf("%d uses of %d", won, caps*uses)
	}
}

func replicasNonces(t *testing.T, r *replicas) {
	exp := r.now().Add(time.Minute)
	want(t, r.of[0].PutNonce(ctx(), "n", alice, exp), nil)
	want(t, r.of[1].PutNonce(ctx(), "n", mallory, exp), apierr.InvalidInput)
	want(t, r.of[1].TakeNonce(ctx(), "n", mallory, r.now()), store.ErrNonceUnknown)
	won := race(t, 1000, isErr(store.ErrNonceUnknown), func(i int) error { return r.of[i%2].TakeNonce(ctx(), "n", alice, r.now()) })
	if won != 1 {
		t.Errorf("%d logins with one nonce", won)
	}
	owners := [2]string{alice, mallory}
	given := func(err error) bool { return apierr.CodeOf(err) == apierr.InvalidInput }
	if put := race(t, 1000, given, func(i int) error { return r.of[i%2].PutNonce(ctx(), "m", owners[i/2%2], exp) }); put != 1 {
		t.Errorf("%d owners of one nonce", put)
	}
}

func replicasCharge(t *testing.T, r *replicas) {
	l := store.Limits{MaxPerPeriod: 30, PeriodSeconds: 3600, MaxTotal: 45}
	resets := time.Date(2026, 3, 4, 6, 0, 0, 0, time.UTC)
	var which atomic.Value
	reached := func(err error) bool {
		var l *store.LimitReached
		return errors.As(err, &l) && l.Which == which.Load()
	}
	charge := func(at time.Time) int {
		return race(t, 500, reached, func(i int) error { return r.of[i%2].Charge(ctx(), key(), 1, l, at) })
	}
	which.Store(store.LimitPeriod)
	if won := charge(r.now()); won != 30 {
		t.Errorf("%d charges against 30 per period", won)
	}
	r.each(func(s *store.Store) {
		wantReached(t, s.Charge(ctx(), key(), 1, l, r.now()), store.LimitPeriod, 30, 30, resets)
	})
	r.end()
	r.begin()
	which.Store(store.LimitTotal)
	if won := charge(resets); won != 15 {
		t.Errorf("%d charges against the rest of 45", won)
	}
	r.each(func(s *store.Store) {
		wantReached(t, s.Charge(ctx(), key(), 1, l, resets), store.LimitTotal, 45, 45, time.Time{})
	})
}

// replicasAndTheClock: the clock of one process runs ahead, and it prunes, while
// another process works by the right time: no use that was spent comes back.
func replicasAndTheClock(t *testing.T, r *replicas) {
	const caps = 60
	exp := func(i int) time.Time { return r.now().Add(time.Minute + time.Duration(i)*time.Millisecond) }
	var ahead int64 // atomic
	fast := r.open(t, func() time.Time { return r.now().Add(time.Duration(atomic.AddInt64(&ahead, int64(time.Hour)))) })
	defer fast.Close()
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
				want(t, fast.Charge(ctx(), key(), 1, store.Limits{MaxTotal: 1 << 31}, r.now()), nil)
			}
		}
	})
	refused := 0
	for i := range caps {
		jti := fmt.Sprint("cap", i)
		err := r.of[0].ConsumeUse(ctx(), jti, 1, exp(i))
		if err != nil {
			refused++
			want(t, err, apierr.StoreUnavailable)
			continue
		}
		for range 4 {
			if err := r.of[1].ConsumeUse(ctx(), jti, 1, exp(i)); !errors.Is(err, store.ErrUsedUp) && apierr.CodeOf(err) != apierr.StoreUnavailable {
				t.Errorf("%s was used twice: %v", jti, err)
			}
		}
	}
	close(done)
	wg.Wait()
	if refused == caps {
		t.Error("nothing was tried")
	}
}
