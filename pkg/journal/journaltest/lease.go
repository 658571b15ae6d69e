package journaltest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
)

// leased takes a lease for a minute and says whether that should succeed.
func (b *bench) leased(t *testing.T, name, holder string, held bool) {
	t.Helper()
	got, err := b.Lease(ctx(), name, holder, time.Minute)
	if err != nil || got != held {
		t.Errorf("%s of %s: held %t, %v, want %t", name, holder, got, err, held)
	}
}

func leases(t *testing.T, b *bench) {
	b.leased(t, "anchor", "one", true)
	b.leased(t, "anchor", "two", false)
	b.leased(t, "other", "two", true) // another lease
	b.move(59 * time.Second)
	b.leased(t, "anchor", "two", false)
	b.leased(t, "anchor", "one", true) // renewed: a minute from now
	b.move(59*time.Second + 999*time.Millisecond)
	b.leased(t, "anchor", "two", false)
	b.move(time.Millisecond)
	b.leased(t, "anchor", "two", true) // expired
	b.leased(t, "anchor", "one", false)
	b.reopen(t)
	b.leased(t, "anchor", "one", false)
	b.leased(t, "anchor", "two", true)
}

// A holder alone can give its lease back, and may find it again.
func released(t *testing.T, b *bench) {
	want(t, b.Release(ctx(), "anchor", "one"), nil)
	b.leased(t, "anchor", "one", true)
	want(t, b.Release(ctx(), "anchor", "two"), nil)
	b.leased(t, "anchor", "two", false)
	want(t, b.Release(ctx(), "other", "one"), nil)
	b.leased(t, "anchor", "two", false)
	want(t, b.Release(ctx(), "anchor", "one"), nil)
	b.leased(t, "anchor", "two", true)
	b.leased(t, "anchor", "one", false)
	b.move(time.Hour)
	b.leased(t, "anchor", "two", true) // expired, and nobody else came
}

// The time of a lease is the last one that its holder asked for.
func leaseTimes(t *testing.T, b *bench) {
	for _, ttl := range []time.Duration{-time.Second, 0, time.Millisecond - 1, journal.MaxLease + 1} {
		_, err := b.Lease(ctx(), "anchor", "one", ttl)
		want(t, err, journal.ErrInvalid)
	}
	b.leased(t, "anchor", "two", true) // nothing was taken
	want(t, b.Release(ctx(), "anchor", "two"), nil)
	for _, ttl := range []time.Duration{journal.MaxLease, time.Millisecond} {
		held, err := b.Lease(ctx(), "anchor", "one", ttl)
		want(t, err, nil)
		if !held {
			t.Error(ttl)
		}
	}
	b.leased(t, "anchor", "two", false)
	b.move(time.Millisecond)
	b.leased(t, "anchor", "two", true)
}

// A clock that was a day ahead when it gave a lease keeps nobody out for a day.
func leaseFromTheFuture(t *testing.T, b *bench) {
	b.leased(t, "anchor", "one", true)
	b.move(-journal.MaxLease)
	b.leased(t, "anchor", "two", false) // clocks differ, if only by little
	b.move(journal.MaxLease + 24*time.Hour)
	b.leased(t, "anchor", "one", true)
	b.move(-24 * time.Hour)
	b.leased(t, "anchor", "two", true)
	b.leased(t, "anchor", "one", false)
}

func leaseNames(t *testing.T, b *bench) {
	for _, name := range []string{"", " ", "a b", "a\x00", "ä", "'"} {
		_, err := b.Lease(ctx(), name, "one", time.Minute)
		want(t, err, journal.ErrInvalid)
		_, err = b.Lease(ctx(), "anchor", name, time.Minute)
		want(t, err, journal.ErrInvalid)
		want(t, b.Release(ctx(), name, "one"), journal.ErrInvalid)
		want(t, b.Release(ctx(), "anchor", name), journal.ErrInvalid)
	}
	b.leased(t, "anchor:0x1.2-3", "host:9092", true)
}

// Of many that want a lease at once one gets it, before and after it expires.
func leaseRace(t *testing.T, b *bench) {
	for range 3 {
		var held atomic.Int64
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				got, err := b.Lease(ctx(), "anchor", string(rune('a'+i)), time.Minute)
				if err != nil {
					t.Error(err)
				}
				if got {
					held.Add(1)
				}
			})
		}
		wg.Wait()
		if held.Load() != 1 {
			t.Errorf("%d hold it", held.Load())
		}
		b.move(time.Minute)
	}
}
