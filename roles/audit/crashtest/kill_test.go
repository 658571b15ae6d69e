package crashtest_test

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
)

const (
	// killRounds is how often the role is killed; AGENTKEYS_TEST_KILLS says
	// otherwise.
	killRounds = 12
	emitters   = 64
	operators  = 8
	// perRound bounds how many acknowledgements come before a kill; in a run of
	// more than manyRounds, perRoundOfMany, since each event is proven at the end.
	perRound, perRoundOfMany, manyRounds = 250, 80, 100
	// perFlush bounds how many come between two flushes.
	perFlush = 100
)

func rounds(t testing.TB) int {
	t.Helper()
	s := os.Getenv("AGENTKEYS_TEST_KILLS")
	if s == "" {
		return killRounds
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("AGENTKEYS_TEST_KILLS is %q", s)
	}
	return n
}

// restart kills the role and starts it again.
func (w *world) restart() {
	w.t.Helper()
	if w.running != nil {
		w.running.kill()
	}
	w.running = w.serve()
}

// TestKilledUnderLoad kills the role with SIGKILL while 64 emitters and a
// flusher call it, again and again: at points that acknowledgements give, at
// points that time gives, while batches come on chain, and while it starts.
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	d := newDice(t)
	w := newWorld(t, operators, relayed)
	l := w.load(0, emitters, d)
	f := w.flusher(l, d.fork("flusher"))
	killed := map[string]int{}
	for n := range rounds(t) {
		killed[w.round(l, f, d)]++
		if t.Failed() {
			t.Fatalf("round %d", n)
		}
	}
	w.restart()
	built := f.stop()
	if err := l.stop(); err != nil {
		t.Fatal(err)
	}
	events, batches := w.wound(l.clients, built)
	if events != int(l.acked.Load()) {
		t.Errorf("%d events proven, %d acknowledged", events, l.acked.Load())
	}
	t.Logf("%d kills (%v), %d events of %d emitters acknowledged and proven against the chain, in %d batches of %d operators", rounds(t), killed, events, emitters, batches, operators)
}

// round starts the role and kills it at some point; it says what kind of point.
func (w *world) round(l *load, f *flusher, d *dice) string {
	w.t.Helper()
	if w.running != nil {
		w.running.kill()
		w.running = nil
	}
	p := w.launch()
	point := d.below(8)
	if point == 0 {
		// A start takes a fraction of a second.
		w.after(p, time.Duration(d.below(300))*time.Millisecond)
		return "starting"
	}
	if !p.serves() {
		w.t.Errorf("the role did not start: %v: %s", p.err, p.log)
		return "not started"
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	if point <= 3 {
		if err := f.next(ctx); err != nil {
			w.t.Errorf("waiting for a batch: %v: %s", err, p.log)
		}
		w.after(p, time.Duration(d.below(60_000))*time.Microsecond)
		return "anchoring"
	}
	most := perRound
	if rounds(w.t) > manyRounds {
		most = perRoundOfMany
	}
	if err := l.reach(ctx, l.acked.Load()+int64(d.below(most))+1); err != nil {
		w.t.Errorf("waiting for acknowledgements: %v: %s", err, p.log)
	}
	if point <= 5 {
		p.kill()
		return "acknowledged"
	}
	w.after(p, time.Duration(d.below(20_000))*time.Microsecond)
	return "timed"
}

// after kills a process at a time: the time is the fault that is tried, nothing
// waits for it.
func (w *world) after(p *process, d time.Duration) {
	time.AfterFunc(d, func() { _ = p.cmd.Process.Kill() })
	select {
	case <-p.done:
	case <-time.After(patience):
		w.t.Error("the process does not end")
	}
}

// flusher makes batches while others emit.
type flusher struct {
	quit  chan struct{}
	tick  chan struct{} // says that a batch was made
	built chan map[*master][]api.AuditBatch
}

// next waits until a batch is made.
func (f *flusher) next(ctx context.Context) error {
	select {
	case <-f.tick: // of before
	default:
	}
	select {
	case <-f.tick:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// flusher flushes one operator's journal, now and then all, every few hundred
// acknowledgements, and keeps what it was answered.
func (w *world) flusher(l *load, d *dice) *flusher {
	f := &flusher{make(chan struct{}), make(chan struct{}, 1), make(chan map[*master][]api.AuditBatch, 1)}
	ctx := w.t.Context()
	go func() {
		built := map[*master][]api.AuditBatch{}
		defer func() { f.built <- built }()
		for {
			target := l.acked.Load() + int64(d.below(perFlush))
			for l.acked.Load() < target {
				select {
				case <-f.quit:
					return
				case <-time.After(10 * time.Millisecond):
				}
			}
			if err := w.host.wait(ctx); err != nil {
				return
			}
			err := w.flushSome(ctx, d, built)
			if !tolerable(err) {
				w.t.Errorf("flushing: %v", err)
				return
			}
			if err == nil {
				select {
				case f.tick <- struct{}{}:
				default:
				}
			}
		}
	}()
	return f
}

func (w *world) flushSome(ctx context.Context, d *dice, built map[*master][]api.AuditBatch) error {
	if d.below(4) != 0 {
		m := w.masters[d.below(len(w.masters))]
		b, err := w.flush(ctx, m)
		if err == nil && b != nil {
			built[m] = append(built[m], *b)
		}
		return err
	}
	all, err := w.flushAll(ctx)
	for _, b := range all.Batches {
		for _, m := range w.masters {
			if m.operator == b.Operator {
				built[m] = append(built[m], b)
			}
		}
	}
	return err
}

func (f *flusher) stop() map[*master][]api.AuditBatch {
	close(f.quit)
	return <-f.built
}
