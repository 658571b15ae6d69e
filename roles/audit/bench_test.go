package audit_test

import (
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	events "github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
)

// BenchmarkEmit is durable signed appends over loopback HTTP to the role on SQLite:
// each event is signed by its emitter, verified by the role, and on the disk before
// the answer. 64 clients hand in one event at a time, as 64 hosts would; with 16 at
// a time it is what a spool does that has fallen behind.
func BenchmarkEmit(b *testing.B) {
	for _, c := range []struct {
		name  string
		batch int
	}{{"64-clients", 1}, {"64-clients-16-at-a-time", 16}} {
		b.Run(c.name, func(b *testing.B) {
			w := newWorld(b)
			server := httptest.NewServer(w.server)
			defer server.Close()
			client := &api.Client{HTTP: api.NewHTTPClient(), Now: w.clock.now}
			source := events.NewSource("cred", w.cred.Public(), "S1")
			work := make(chan uint64, b.N)
			for i := range b.N {
				work <- uint64(i)
			}
			close(work)
			var mu sync.Mutex
			var took []time.Duration
			var wg sync.WaitGroup
			b.ResetTimer()
			for range 64 {
				wg.Go(func() {
					var mine []time.Duration
					for i := range work {
						start := time.Now()
						var entries []journal.Entry
						for j := range uint64(c.batch) {
							e := w.about(w.agent)
							n := i*uint64(c.batch) + j + 1
							receipt, err := events.Sign(w.cred, source, n, e)
							if err != nil {
								b.Error(err)
								return
							}
							entries = append(entries, journal.Entry{Event: e, Sequence: n, Source: source, Signature: receipt})
						}
						if _, err := api.PostJSON[api.AuditPlaces](b.Context(), client, api.Request{URL: server.URL + api.PathAuditEmit}, api.AuditEmit{Entries: entries}); err != nil {
							b.Error(err)
							return
						}
						mine = append(mine, time.Since(start))
					}
					mu.Lock()
					defer mu.Unlock()
					took = append(took, mine...)
				})
			}
			wg.Wait()
			b.StopTimer()
			slices.Sort(took)
			if n := len(took); n > 0 {
				b.ReportMetric(float64(n*c.batch)/b.Elapsed().Seconds(), "events/s")
				b.ReportMetric(took[n/2].Seconds()*1000, "p50-ms")
				b.ReportMetric(took[n*99/100].Seconds()*1000, "p99-ms")
			}
		})
	}
}

// BenchmarkReceipt is the raw cost beside it: a receipt signed, and one verified
// with its event, each on all cores.
func BenchmarkReceipt(b *testing.B) {
	w := newWorld(b)
	source, e := events.NewSource("cred", w.cred.Public(), "S1"), w.about(w.agent)
	keys := must[jose.KeySet](b)(jose.NewKeySet(w.cred.Public()))
	receipt := must[string](b)(events.Sign(w.cred, source, 1, e))
	for name, f := range map[string]func() error{
		"sign": func() error { _, err := events.Sign(w.cred, source, 1, e); return err },
		"verify": func() error {
			s, err := events.VerifyReceipt(keys, receipt)
			if err != nil {
				return err
			}
			return s.Covers(e)
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := f(); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}

// BenchmarkProof is a proof out of a batch of 10,000 whose tree is in memory.
func BenchmarkProof(b *testing.B) {
	w := newWorld(b)
	for range 40 {
		entries := make([]journal.Entry, 250)
		for i := range entries {
			entries[i] = journal.Entry{Event: w.about(w.agent)}
		}
		if _, err := w.journal.Append(b.Context(), entries...); err != nil {
			b.Fatal(err)
		}
	}
	last := must[[]journal.Stored](b)(w.journal.Events(b.Context(), journal.Query{Operator: w.master.operator, After: 9_990}))
	must[api.AuditFlushed](b)(w.flush(w.master, w.master.operator))
	b.ResetTimer()
	for range b.N {
		if _, err := w.journal.Proof(b.Context(), last[0].Event.ID); err != nil {
			b.Fatal(err)
		}
	}
}
