package guardtest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/dpop"
)

func oneOfAThousand(t *testing.T, b *bench) {
	b.begin(1000, 1000)
	for round := range 3 {
		id := fmt.Sprint("id", round)
		if won := b.race(1000, func(int) error { return b.use("key", id, start) }, dpop.ErrUsed); won != 1 {
			t.Errorf("%d successes of one proof", won)
		}
	}
	b.holds(3)
}

// lastPlace: of a thousand copies of one proof that arrive at once at the last
// free place of its key exactly one is accepted.
func lastPlace(t *testing.T, b *bench) {
	b.begin(1000, 10)
	for i := range 9 {
		b.want("key", fmt.Sprint(i), start, nil)
	}
	if won := b.race(1000, func(int) error { return b.use("key", "last", start) }, dpop.ErrUsed); won != 1 {
		t.Errorf("%d successes", won)
	}
	b.holds(10)
}

// identifiers: one identifier under two keys is two proofs.
func identifiers(_ *testing.T, b *bench) {
	b.begin(8, 8)
	for _, key := range []string{"a", "b"} {
		b.want(key, "id", start, nil)
		b.want(key, "id", start, dpop.ErrUsed)
		b.want(key, "Id", start, nil)
	}
}

func olderThanItself(_ *testing.T, b *bench) {
	b.set(start.Add(500 * time.Millisecond))
	b.begin(8, 8)
	b.want("key", "a", start.Add(-time.Second), dpop.ErrUsed)
	b.want("key", "b", start, nil)
}

func forgetsAtTheEnd(_ *testing.T, b *bench) {
	b.begin(2, 2)
	b.want("key", "a", start, nil)
	b.want("key", "b", start, nil)
	b.want("key", "c", start, dpop.ErrFull)
	b.want("another", "c", start, dpop.ErrFull)
	end := start.Add(dpop.MaxAge) // still accepted by age
	b.set(end)
	b.want("key", "a", start, dpop.ErrUsed)
	b.want("key", "c", end, dpop.ErrFull)
	b.set(end.Add(time.Second - time.Nanosecond))
	b.want("key", "c", end, dpop.ErrFull)
	b.set(end.Add(time.Second))
	b.want("key", "c", end, nil)
	b.want("key", "a", start, dpop.ErrUsed) // forgotten, and so refused
	b.holds(1)
}

// clockJump: what was forgotten while the clock was ahead stays used when it
// returns.
func clockJump(_ *testing.T, b *bench) {
	b.begin(8, 8)
	b.want("key", "a", start, nil)
	ahead := start.Add(time.Hour)
	b.set(ahead)
	b.want("key", "b", ahead, nil)
	b.set(start.Add(time.Second))
	b.want("key", "a", start, dpop.ErrUsed)
	b.want("key", "never seen", start, dpop.ErrUsed)
	b.want("key", "b", ahead, dpop.ErrUsed)
	b.want("key", "c", ahead, nil)
}

// bounded: 1 a second, 61 seconds' worth are remembered, of 50 that have room.
func bounded(t *testing.T, b *bench) {
	b.begin(50, 50)
	accepted := 0
	for i := range 200 {
		b.set(start.Add(time.Duration(i) * time.Second))
		if err := b.use("key", fmt.Sprint(i), b.now()); err == nil {
			accepted++
		} else {
			b.want("key", fmt.Sprint(i), b.now(), dpop.ErrFull)
		}
	}
	if accepted != 50*3+200-3*61 { // the first 50 of each 61 seconds
		t.Errorf("%d accepted", accepted)
	}
}

// quota: one key at its quota is refused, and nobody else is; what it used stays
// used; and the quota is free again when its proofs are over, not before.
func quota(t *testing.T, b *bench) {
	b.begin(64, 8)
	if n := b.fill("greedy", start); n != 8 {
		t.Fatalf("one key alone may hold %d proofs, want 8", n)
	}
	b.want("greedy", "another", start, dpop.ErrQuota)
	b.want("modest", "another", start, nil)
	again := func() {
		t.Helper()
		for n := range 8 {
			b.want("greedy", fmt.Sprintf("fill-%d-%d", start.Unix(), n), start, dpop.ErrUsed)
		}
	}
	again()
	end := start.Add(dpop.MaxAge)
	b.set(end)
	again()
	b.want("greedy", "another", end, dpop.ErrQuota)
	end = end.Add(time.Second)
	b.set(end)
	again()
	if n := b.fill("greedy", end); n != 8 {
		t.Errorf("after the end it may hold %d, want 8", n)
	}
	b.holds(8)
}

func quotaOneByOne(_ *testing.T, b *bench) {
	b.begin(64, 3)
	for i := range 3 {
		b.want("key", fmt.Sprint(i), start.Add(time.Duration(i)*time.Second), nil)
	}
	for i := range 3 {
		at := start.Add(dpop.MaxAge + time.Duration(i)*time.Second)
		b.set(at)
		b.want("key", fmt.Sprint("new", i), at, dpop.ErrQuota)
		b.set(at.Add(time.Second))
		b.want("key", fmt.Sprint("new", i), at, nil)
		b.want("key", fmt.Sprint("more", i), at, dpop.ErrQuota)
	}
	late := b.now().Add(time.Hour) // all at once, though they end in different seconds
	b.set(late)
	b.want("another", "id", late, nil)
	b.holds(1)
}

// refused: a refused proof costs no room, and is accepted when there is room.
func refused(_ *testing.T, b *bench) {
	b.begin(64, 2)
	b.fill("greedy", start)
	late := start.Add(dpop.Leeway)
	for range 3 {
		b.want("greedy", "late", late, dpop.ErrQuota)
	}
	b.holds(2)
	b.set(start.Add(dpop.MaxAge + time.Second))
	b.want("greedy", "late", late, nil)
}

// manyKeys: keys with one proof each fill the guard to the last place and not
// beyond, and leave nothing behind.
func manyKeys(t *testing.T, b *bench) {
	b.begin(64, 8)
	for i := range 64 {
		b.want(fmt.Sprint("key ", i), "id", start, nil)
	}
	b.want("key 0", "another", start, dpop.ErrFull)
	b.want("newcomer", "another", start, dpop.ErrFull)
	b.want("key 0", "id", start, dpop.ErrUsed) // also at a full guard
	end := start.Add(dpop.MaxAge + time.Second)
	b.set(end)
	if n := b.fill("key 0", end); n != 8 {
		t.Errorf("after the end one key may hold %d, want 8", n)
	}
	// Beside what greedy keys hold, the next may hold its share of the rest.
	if n := b.fill("key 1", end); n != 7 {
		t.Errorf("beside it another may hold %d, want 7", n)
	}
}

// quotaRace: of a thousand proofs that arrive at once as many are accepted as the
// quota allows, and of each at most one copy.
func quotaRace(t *testing.T, b *bench) {
	b.begin(1000, 100)
	var others atomic.Int64
	won := b.race(1100, func(i int) error {
		if i >= 1000 {
			err := b.use(fmt.Sprint("modest ", i), "id", start)
			if err == nil {
				others.Add(1)
			}
			return err
		}
		return b.use("greedy", fmt.Sprint(i/2), start)
	}, dpop.ErrUsed, dpop.ErrQuota) - int(others.Load())
	// What the others came to hold in between made the share smaller.
	if won > 100 || won < 90 || others.Load() != 100 {
		t.Errorf("%d of the greedy key, %d of others", won, others.Load())
	}
	b.holds(won + 100)
	b.want("greedy", "new", start, dpop.ErrQuota)
}

// callerWhoLeft: whoever left before anything was done has used nothing, or was
// answered all the same.
func callerWhoLeft(t *testing.T, b *bench) {
	b.begin(8, 8)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	want := dpop.ErrUsed
	if err := b.Use(gone, "key", "id", start.Add(dpop.MaxAge)); err != nil {
		want = nil
	}
	b.want("key", "id", start, want)
	b.want("key", "id", start, dpop.ErrUsed)
}
