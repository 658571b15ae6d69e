package audit_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	events "github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/role"
)

// BenchmarkEmit is durable signed appends over loopback HTTP to the role on SQLite:
// each event is signed by its emitter, verified by the role, and on the disk before
// the answer. 64 clients, each with a series of numbers of its own, hand in one event
// at a time, as 64 hosts would that have little to say; with several at a time, of one
// signature, it is what a spool does that gathered them.
func BenchmarkEmit(b *testing.B) {
	for _, c := range []struct {
		name  string
		batch int
	}{{"64-clients", 1}, {"64-clients-2-at-a-time", 2}, {"64-clients-3-at-a-time", 3}, {"64-clients-4-at-a-time", 4}, {"64-clients-16-at-a-time", 16}} {
		b.Run(c.name, func(b *testing.B) {
			defer role.HoldHeap()() // as serve does
			w := newWorld(b)
			server := httptest.NewServer(w.server)
			defer server.Close()
			client := &api.Client{HTTP: api.NewHTTPClient(), Now: w.clock.now}
			var work atomic.Int64
			work.Store(int64(b.N))
			var mu sync.Mutex
			var took []time.Duration
			var wg sync.WaitGroup
			b.ResetTimer()
			for host := range 64 {
				source := events.NewSource("cred", w.cred.Public(), fmt.Sprintf("S%d", host))
				wg.Go(func() {
					var mine []time.Duration
					for next := uint64(1); work.Add(-1) >= 0; next += uint64(c.batch) {
						start := time.Now()
						entries, err := w.group(source, next, c.batch)
						if err != nil {
							b.Error(err)
							return
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

// group are n events about the agent that share a signature, as a spool hands them
// in.
func (w *world) group(source string, first uint64, n int) ([]journal.Entry, error) {
	entries, encoded := make([]journal.Entry, n), make([]events.Encoded, n)
	for i := range entries {
		e := w.about(w.agent)
		entries[i] = journal.Entry{Event: e, Sequence: first + uint64(i), Source: source}
		var err error
		if encoded[i], err = e.Encoded(); err != nil {
			return nil, err
		}
	}
	receipts, err := events.SignGroup(w.cred, source, first, encoded...)
	for i, r := range receipts {
		entries[i].Signature = r
	}
	return entries, err
}

// BenchmarkReceipt is the raw cost beside it: the receipts of a group signed, and
// verified with their events by who remembers nothing, each on all cores.
func BenchmarkReceipt(b *testing.B) {
	w := newWorld(b)
	source := events.NewSource("cred", w.cred.Public(), "S1")
	keys := must[jose.KeySet](b)(jose.NewKeySet(w.cred.Public()))
	for _, n := range []int{1, 16} {
		entries := must[[]journal.Entry](b)(w.group(source, 1, n))
		for name, f := range map[string]func() error{
			"sign": func() error { _, err := w.group(source, 1, n); return err },
			"verify": func() error {
				v := events.NewVerifier(keys)
				for _, e := range entries {
					s, err := v.Verify(e.Signature)
					if err == nil {
						err = s.Covers(e.Event)
					}
					if err != nil {
						return err
					}
				}
				return nil
			},
		} {
			b.Run(fmt.Sprintf("%s-%d", name, n), func(b *testing.B) {
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := f(); err != nil {
							b.Error(err)
						}
					}
				})
				b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "receipts/s")
			})
		}
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
