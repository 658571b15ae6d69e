// Package storetest says what any backend of pkg/store must do. A backend's own
// tests call Run; nothing here knows which backend it is.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/store"
)

// Open opens one database; called again, after Close, it opens the same one.
type Open func(t *testing.T, now func() time.Time) *store.Store

// Run runs the suite. fresh makes a new, empty database.
func Run(t *testing.T, fresh func(t *testing.T) Open) {
	for name, test := range map[string]func(*testing.T, *bench){
		"nonce is single use":           nonceIsSingleUse,
		"nonce of another":              nonceOfAnother,
		"nonce expires":                 nonceExpires,
		"nonce is put once":             nonceIsPutOnce,
		"nonce under a thousand racers": nonceRace,
		"identifiers":                   identifiers,
		"uses are counted":              usesAreCounted,
		"uses under a thousand racers":  usesRace,
		"uses and a clock that jumps":   usesAndTheClock,
		"charge per period":             chargePerPeriod,
		"charge in total":               chargeInTotal,
		"charge against both":           chargeBoth,
		"charge keys":                   chargeKeys,
		"charge and a clock that jumps": chargeAndTheClock,
		"charge bounds":                 chargeBounds,
		"charge under racers":           chargeRace,
		"restart":                       restart,
		"closed":                        closed,
		"a caller who left":             callerWhoLeft,
		"ready":                         ready,
		"of one deployment":             ofOneDeployment,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &bench{open: fresh(t), clock: start.UnixNano()}
			b.Store = b.open(t, b.now)
			t.Cleanup(func() {
				if err := b.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, b)
		})
	}
}

// start is in the middle of an hour, and not on a whole second.
var start = time.Date(2026, 3, 4, 5, 30, 0, 123456789, time.UTC)

// bench is one store with a clock that the test moves.
type bench struct {
	*store.Store
	open  Open
	clock int64 // atomic, nanoseconds
}

func (b *bench) now() time.Time { return time.Unix(0, atomic.LoadInt64(&b.clock)) }

func (b *bench) move(d time.Duration) { atomic.AddInt64(&b.clock, int64(d)) }

// reopen closes and opens the database, as a restart does.
func (b *bench) reopen(t *testing.T) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.Store = b.open(t, b.now)
}

func ctx() context.Context { return context.Background() }

// want fails unless err is the refusal expected: nil, a sentinel or a code.
func want(t *testing.T, err error, expected any) {
	t.Helper()
	switch e := expected.(type) {
	case nil:
		if err != nil {
			t.Errorf("got %v, want success", err)
		}
	case error:
		if !errors.Is(err, e) {
			t.Errorf("got %v, want %v", err, e)
		}
	case apierr.Code:
		if apierr.CodeOf(err) != e {
			t.Errorf("got %v, want code %s", err, e)
		}
	default:
		panic(fmt.Sprintf("cannot expect %T", expected))
	}
}

// race runs f n times at once and counts the successes. Any other error than
// refusal is a failure of the test.
func race(t *testing.T, n int, refusal func(error) bool, f func(i int) error) int {
	t.Helper()
	var wg sync.WaitGroup
	var won atomic.Int64
	gate := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-gate
			switch err := f(i); {
			case err == nil:
				won.Add(1)
			case !refusal(err):
				t.Error(err)
			}
		})
	}
	close(gate)
	wg.Wait()
	return int(won.Load())
}

func isErr(e error) func(error) bool { return func(err error) bool { return errors.Is(err, e) } }
