//go:build unix

package journal_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
)

// pair is one database as two processes have it open.
func pair(t *testing.T, dsn string) [2]*journal.Journal {
	t.Helper()
	var out [2]*journal.Journal
	for i := range out {
		out[i] = openPostgres(t, dsn, time.Now)
		t.Cleanup(func() {
			if err := out[i].Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return out
}

// processes: two processes append to the same journals, one entry of each call in
// both of them and operators in either order, while both build batches and move
// them: no chain forks, no position is missing, every event is there once, of two
// that move a batch one does.
func processes(t *testing.T, dsn string) {
	const callers, each = 32, 12
	js, ctx := pair(t, dsn), context.Background()
	var places sync.Map // of an identifier: what the first caller heard
	var appending, building sync.WaitGroup
	for c := range callers {
		appending.Go(func() {
			for i := range each {
				// Caller c of one process and its neighbour of the other share a name.
				shared := journaltest.Entry(journaltest.Operator(i%operators), fmt.Sprint("shared ", c/2, " ", i))
				mine := journaltest.Entry(journaltest.Operator((i+1)%operators), fmt.Sprint("mine ", c, " ", i))
				call := []journal.Entry{shared, mine}
				if c%2 == 1 {
					slices.Reverse(call)
				}
				got, err := js[c%2].Append(ctx, call...)
				if err != nil {
					t.Error(err)
					return
				}
				for _, r := range got {
					if before, again := places.LoadOrStore(r.ID, r); again && before != r {
						t.Errorf("%v and %v", before, r)
					}
				}
			}
		})
	}
	var done atomic.Bool
	for i := range 2 * operators {
		building.Go(func() {
			for last := false; !last; {
				last = done.Load()
				if err := buildAndMove(ctx, js, i); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	appending.Wait()
	done.Store(true)
	building.Wait()
	total := uint64(0)
	for o := range operators {
		h, err := js[0].Verify(ctx, journaltest.Operator(o))
		if err != nil {
			t.Fatal(err)
		}
		total += h.Position
	}
	if total != callers*each+callers/2*each {
		t.Errorf("%d entries", total)
	}
	everyEntryInOneBatch(t, js[1], total)
}

// buildAndMove builds a batch in one process and moves it from both: one is told
// that it came too late.
func buildAndMove(ctx context.Context, js [2]*journal.Journal, n int) error {
	o := journaltest.Operator(n % operators)
	b, err := js[n/operators].Build(ctx, o, 7)
	if errors.Is(err, journal.ErrNothing) || errors.Is(err, journal.ErrMoved) {
		return nil
	}
	if err != nil {
		return err
	}
	errs := make(chan error, 2)
	for i, j := range js {
		go func() {
			errs <- j.Move(ctx, o, b.Index, b.Anchor, journal.Anchor{State: journal.Submitted, Tx: [32]byte{1 + byte(i)}})
		}()
	}
	one, two := <-errs, <-errs
	if one != nil {
		one, two = two, one
	}
	if one != nil || !errors.Is(two, journal.ErrMoved) {
		return fmt.Errorf("batch %d was moved: %w, %w", b.Index, one, two)
	}
	return nil
}

// oneIdentifier: two processes append the same identifiers for different
// operators, in opposite orders, so that PostgreSQL finds them waiting for each
// other. One succeeds as a whole, the other leaves nothing.
func oneIdentifier(t *testing.T, dsn string) {
	js, ctx := pair(t, dsn), context.Background()
	var won [2]uint64
	for round := range 20 {
		var errs [2]error
		var wg sync.WaitGroup
		for i, j := range js {
			wg.Go(func() {
				o := journaltest.Operator(i)
				call := []journal.Entry{
					journaltest.Entry(o, fmt.Sprint("own ", i, " ", round)),
					journaltest.Entry(o, fmt.Sprint("x ", round)), journaltest.Entry(o, fmt.Sprint("y ", round)),
				}
				if i == 1 {
					slices.Reverse(call[1:])
				}
				_, errs[i] = j.Append(ctx, call...)
			})
		}
		wg.Wait()
		winner := 0
		if errs[0] != nil {
			winner = 1
		}
		if errs[winner] != nil || !errors.Is(errs[1-winner], journal.ErrConflict) {
			t.Fatal(errs)
		}
		won[winner] += 3
	}
	for i, n := range won {
		if h, err := js[0].Verify(ctx, journaltest.Operator(i)); err != nil || h.Position != n {
			t.Errorf("%d entries, want %d: %v", h.Position, n, err)
		}
	}
}

// oneLease: of two processes that want one lease again and again, never do both
// hold it.
func oneLease(t *testing.T, dsn string) {
	js, ctx := pair(t, dsn), context.Background()
	var holders, held atomic.Int64
	var wg sync.WaitGroup
	for i, j := range js {
		for c := range 4 {
			wg.Go(func() {
				name := fmt.Sprint(i, ".", c)
				for range 20 {
					got, err := j.Lease(ctx, "anchor", name, time.Minute)
					if err != nil {
						t.Error(err)
						return
					}
					if !got {
						continue
					}
					held.Add(1)
					if holders.Add(1) != 1 {
						t.Error("two hold it")
					}
					holders.Add(-1)
					if err := j.Release(ctx, "anchor", name); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	if held.Load() == 0 {
		t.Error("nobody ever held it")
	}
}
