// Package guardtest says what any guard against replays must do whose memory is
// bounded. A guard's own tests call Run; nothing here knows which guard it is.
package guardtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/dpop"
)

// Open opens a new, empty guard of that capacity and share per key, which is
// closed with the test.
type Open func(t *testing.T, capacity, perKey int, now func() time.Time) dpop.Guard

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(*testing.T, *bench){
		"one of a thousand":           oneOfAThousand,
		"one of a thousand, at last":  lastPlace,
		"identifiers belong to keys":  identifiers,
		"older than the guard":        olderThanItself,
		"forgets at the end":          forgetsAtTheEnd,
		"a clock that jumps":          clockJump,
		"bounded":                     bounded,
		"quota of a key":              quota,
		"quota comes back one by one": quotaOneByOne,
		"refused is not remembered":   refused,
		"many keys":                   manyKeys,
		"quota under racers":          quotaRace,
		"a caller who left":           callerWhoLeft,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, &bench{t: t, open: open, clock: start.UnixNano()})
		})
	}
}

var start = time.Unix(1_800_000_000, 0)

// bench is one guard with a clock that the test moves.
type bench struct {
	dpop.Guard
	t     *testing.T
	open  Open
	clock int64 // atomic, nanoseconds
}

func (b *bench) now() time.Time { return time.Unix(0, atomic.LoadInt64(&b.clock)) }

func (b *bench) set(t time.Time) { atomic.StoreInt64(&b.clock, t.UnixNano()) }

func (b *bench) begin(capacity, perKey int) { b.Guard = b.open(b.t, capacity, perKey, b.now) }

// use uses a proof that was made at made.
func (b *bench) use(key, id string, made time.Time) error {
	return b.Use(context.Background(), key, id, made.Add(dpop.MaxAge))
}

func (b *bench) want(key, id string, made time.Time, want error) {
	b.t.Helper()
	if err := b.use(key, id, made); !errors.Is(err, want) || want == nil && err != nil {
		b.t.Errorf("%s %s: got %v, want %v", key, id, err, want)
	}
}

// fill uses fresh proofs of a key until the guard refuses, and returns how many
// it took.
func (b *bench) fill(key string, made time.Time) int {
	b.t.Helper()
	for n := 0; ; n++ {
		switch err := b.use(key, fmt.Sprintf("fill-%d-%d", made.Unix(), n), made); {
		case errors.Is(err, dpop.ErrQuota) || errors.Is(err, dpop.ErrFull):
			return n
		case err != nil || n > 1000:
			b.t.Fatalf("%d proofs of %s: %v", n, key, err)
		}
	}
}

// holds looks at what a guard in memory holds; one elsewhere shows it by what it
// refuses.
func (b *bench) holds(n int) {
	b.t.Helper()
	if m, ok := b.Guard.(interface{ Len() int }); ok && m.Len() != n {
		b.t.Errorf("%d entries, want %d", m.Len(), n)
	}
}

// race uses n proofs at once and returns how many were accepted. Any refusal but
// those allowed is a failure of the test.
func (b *bench) race(n int, use func(i int) error, allowed ...error) int {
	b.t.Helper()
	var wg sync.WaitGroup
	var won atomic.Int64
	gate := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-gate
			err := use(i)
			if err == nil {
				won.Add(1)
				return
			}
			for _, a := range allowed {
				if errors.Is(err, a) {
					return
				}
			}
			b.t.Error(err)
		})
	}
	close(gate)
	wg.Wait()
	return int(won.Load())
}
