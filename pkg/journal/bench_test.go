package journal_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
)

func perSecond(b *testing.B, n int, what string) {
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), what+"/s")
}

func open(b *testing.B) *journal.Journal {
	b.Helper()
	return openAs(b, filepath.Join(b.TempDir(), "journal.db"))
}

func openAs(b *testing.B, where string) *journal.Journal {
	b.Helper()
	j, err := openWhere(context.Background(), where)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = j.Close() })
	return j
}

// fresh is an entry as a role sends it: with a number and a signature.
func fresh(n int) journal.Entry {
	e := journaltest.Entry(journaltest.Operator(n%8), "")
	e.Event.ID, e.Event.RequestID, e.Event.ObjectKey = audit.NewID(), audit.NewID(), "bots/"+e.Event.Actor.Key()+"/credentials/github.enc"
	e.Sequence, e.Signature = uint64(n+1), strings.Repeat("A", 86)
	return e
}

// BenchmarkAppend: one caller, and 64 who share syncs; with how long each waits.
func BenchmarkAppend(b *testing.B) {
	benchmarkAppend(b, func(b *testing.B) []*journal.Journal { return []*journal.Journal{open(b)} })
}

// benchmarkAppend spreads the callers over the processes that have one database
// open.
func benchmarkAppend(b *testing.B, journals func(*testing.B) []*journal.Journal) {
	for _, c := range []struct {
		name    string
		callers int
	}{{"1", 1}, {"64", 64}} {
		b.Run(c.name, func(b *testing.B) {
			js := journals(b)
			var mu sync.Mutex
			var waits []time.Duration
			var wg sync.WaitGroup
			b.ResetTimer()
			for caller := range c.callers {
				wg.Go(func() {
					var mine []time.Duration
					for i := caller; i < b.N; i += c.callers {
						e, from := fresh(i), time.Now()
						if _, err := js[caller%len(js)].Append(context.Background(), e); err != nil {
							b.Error(err)
							return
						}
						mine = append(mine, time.Since(from))
					}
					mu.Lock()
					waits = append(waits, mine...)
					mu.Unlock()
				})
			}
			wg.Wait()
			b.StopTimer()
			perSecond(b, b.N, "appends")
			slices.Sort(waits)
			if n := len(waits); n > 0 {
				b.ReportMetric(float64(waits[n/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(waits[n*99/100].Microseconds())/1000, "p99-ms")
			}
		})
	}
}

// BenchmarkWalk: verifying a journal, building its batch, a proof from the kept
// tree, a page of events.
func BenchmarkWalk(b *testing.B) {
	j, ctx, o := open(b), context.Background(), journaltest.Operator(0)
	const entries = 4000
	fill := func() {
		var some []journal.Entry
		for k := range 200 {
			some = append(some, fresh(8*k)) // of one operator
		}
		if _, err := j.Append(ctx, some...); err != nil {
			b.Fatal(err)
		}
	}
	for range entries / 200 {
		fill()
	}
	if _, err := j.Build(ctx, o, 0); err != nil {
		b.Fatal(err)
	}
	list, err := j.Events(ctx, journal.Query{Operator: o, Limit: 1})
	if err != nil {
		b.Fatal(err)
	}
	id := list[0].Event.ID
	b.Run("Verify", func(b *testing.B) {
		for b.Loop() {
			if _, err := j.Verify(ctx, o); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, b.N*entries, "entries")
	})
	b.Run("Events", func(b *testing.B) {
		for b.Loop() {
			list, err := j.Events(ctx, journal.Query{Operator: o, Limit: 100})
			if err != nil {
				b.Fatal(err)
			}
			if len(list) != 100 {
				b.Fatal(len(list))
			}
		}
		perSecond(b, b.N*100, "entries")
	})
	b.Run("Proof", func(b *testing.B) {
		for b.Loop() {
			if _, err := j.Proof(ctx, id); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, b.N, "proofs")
	})
	b.Run("Build", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			fill()
			b.StartTimer()
			if batch, err := j.Build(ctx, o, 0); err != nil || batch.Count != 200 {
				b.Fatal(batch, err)
			}
		}
		perSecond(b, b.N*200, "entries")
	})
}
