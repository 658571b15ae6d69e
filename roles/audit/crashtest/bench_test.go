package crashtest_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// recoveryEvents is how many events are there before the first kill;
// AGENTKEYS_TEST_RECOVERY says otherwise.
const recoveryEvents = 100_000

// BenchmarkRecovery kills the role under the load of 16 emitters and measures
// from the start of the next process to its first acknowledgement: the program's
// own start, its look at the chain and the recovery of the database.
func BenchmarkRecovery(b *testing.B) {
	n := recoveryEvents
	if s := os.Getenv("AGENTKEYS_TEST_RECOVERY"); s != "" {
		n = must[int](b)(strconv.Atoi(s))
	}
	w := newWorld(b, 2)
	w.serve().kill() // makes the directory
	w.populate(b, n)
	first := w.client(1<<20, newDice(b))
	var sum, worst time.Duration
	rounds := 0
	for b.Loop() {
		entries := must[[]journal.Entry](b)(first.next(1))
		began := time.Now()
		p := w.serve()
		must[[]journal.Place](b)(w.post(b.Context(), entries))
		took := time.Since(began)
		sum, worst, rounds = sum+took, max(worst, took), rounds+1

		l := w.load(rounds*16, 16, first.dice.fork(fmt.Sprint(rounds)))
		ctx, cancel := context.WithTimeout(b.Context(), patience)
		if err := l.reach(ctx, 2000); err != nil {
			b.Fatal(err)
		}
		cancel()
		p.kill()
		l.abandon()
	}
	b.ReportMetric(float64(sum.Milliseconds())/float64(rounds), "ms/recovery")
	b.ReportMetric(float64(worst.Milliseconds()), "ms/worst")
	b.ReportMetric(0, "ns/op")
}

// abandon ends clients whose host is gone.
func (l *load) abandon() {
	close(l.quit)
	l.cancel()
	for range l.clients {
		<-l.errs
	}
}

// populate appends n events while the role does not run.
func (w *world) populate(b *testing.B, n int) {
	b.Helper()
	j := must[*journal.Journal](b)(journal.OpenSQLite(b.Context(), w.store, time.Now))
	const most = 256
	source := audit.NewSource("cred", w.emitter.Public(), "before")
	d := newDice(b)
	g, ctx := errgroup.WithContext(b.Context())
	g.SetLimit(8)
	for at := 0; at < n; at += most {
		m, dice := w.masters[at/most%len(w.masters)], d.fork(fmt.Sprint(at))
		g.Go(func() error {
			entries := make([]journal.Entry, min(most, n-at))
			for i := range entries {
				entries[i] = journal.Entry{Source: source, Sequence: uint64(at + i + 1), Event: audit.Event{
					ID: dice.id(), Time: time.Now(), Emitter: "cred", Operator: m.operator, Actor: omni.Self(m.operator),
					Class: service.Credentials, Op: service.OpFetch, Service: "github", Result: audit.Allowed,
				}}
			}
			_, err := j.Append(ctx, entries...)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
}
