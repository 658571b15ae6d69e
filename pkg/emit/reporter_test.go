package emit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/jose"
)

// sinkFunc is a sink that a test watches, or holds up.
type sinkFunc func(context.Context, audit.Event) (string, error)

func (f sinkFunc) Emit(ctx context.Context, e audit.Event) (string, error) { return f(ctx, e) }

// log is a log that may be read while it is written.
type log struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) count(s string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.b.String(), s)
}

func reporter(t testing.TB, sink audit.Sink, edit ...func(*emit.Options)) (*emit.Reporter, *log) {
	t.Helper()
	l := &log{}
	o := emit.Options{Sink: sink, Now: time.Now, Log: zerolog.New(l)}
	for _, e := range edit {
		e(&o)
	}
	r, err := emit.NewReporter(o)
	if err != nil {
		t.Fatal(err)
	}
	return r, l
}

func end(t testing.TB, r *emit.Reporter) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := r.Close(ctx); err != nil {
		t.Error(err)
	}
}

// allowed makes a decision known, and waits for it.
func allowed(t *testing.T, r *emit.Reporter, e audit.Event) (receipt string, err error) {
	t.Helper()
	wait, err := r.Allowing(t.Context(), e)
	if err != nil {
		return "", err
	}
	return wait()
}

// fresh is a decision that nobody made before.
func fresh() audit.Event {
	e := event("")
	e.ID, e.Time, e.Result = jose.NewID(), time.Now(), ""
	return e
}

var revoked = apierr.New(apierr.DeviceRevoked, "no")

func TestAllowed(t *testing.T) {
	t.Parallel()
	m := &audittest.Memory{}
	r, _ := reporter(t, m)
	e := fresh()
	receipt, err := allowed(t, r, e)
	if e.Result = audit.Allowed; err != nil || receipt != audittest.Receipt(e) || len(m.Events()) != 1 || m.Events()[0] != e {
		t.Errorf("%q, %v, %+v", receipt, err, m.Events())
	}
	m.Break()
	receipt, err = allowed(t, r, fresh())
	refused(t, "a broken sink", err, "disk is full")
	if receipt != "" {
		t.Error(receipt)
	}
	other, _ := reporter(t, sinkFunc(func(context.Context, audit.Event) (string, error) { return "x", errors.New("canary") }))
	receipt, err = allowed(t, other, fresh())
	refused(t, "a sink with another error", err, "canary")
	if receipt != "" || strings.Contains(apierr.From(err).Detail, "canary") {
		t.Error(receipt, err)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	good := emit.Options{Sink: &audittest.Memory{}, Now: time.Now, Window: 1, Quota: 4, Kinds: 4}
	if _, err := emit.NewReporter(good); err != nil {
		t.Error(err)
	}
	for name, edit := range map[string]func(*emit.Options){
		"no sink": func(o *emit.Options) { o.Sink = nil }, "no clock": func(o *emit.Options) { o.Now = nil },
		"no window": func(o *emit.Options) { o.Window = -1 }, "no quota": func(o *emit.Options) { o.Quota = 3 },
		"no kinds": func(o *emit.Options) { o.Kinds = 3 },
	} {
		o := good
		edit(&o)
		if _, err := emit.NewReporter(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestDenied: a refusal is an event with its code, and its receipt is answered; a
// fault of the host is none.
func TestDenied(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, d := range apierr.Table() {
			m := &audittest.Memory{}
			r, _ := reporter(t, m)
			e := fresh()
			receipt := r.Denied(t.Context(), e, fmt.Errorf("wrapped: %w", apierr.New(d.Code, "no")))
			decision := d.Status < 500 || d.Code == apierr.EnvelopeInvalid
			end(t, r)
			if n := len(m.Events()); decision != (n == 1) || decision != (receipt == audittest.Receipt(e)) || decision != emit.IsDecision(apierr.New(d.Code, "no")) {
				t.Errorf("%s: %d events, receipt %q", d.Code, n, receipt)
			}
			e.Result, e.Code = audit.Denied, d.Code
			if decision && m.Events()[0] != e {
				t.Errorf("%+v", m.Events()[0])
			}
		}
		m := &audittest.Memory{}
		r, _ := reporter(t, m)
		if receipt := r.Denied(t.Context(), fresh(), errors.New("unknown")); receipt != "" || emit.IsDecision(nil) {
			t.Error("decided")
		}
		end(t, r)
		if len(m.Events()) != 0 || r.Denied(t.Context(), fresh(), revoked) != "" || r.Stats().Dropped != 1 {
			t.Error("something was told")
		}
	})
}

// TestADenialDoesNotWait for a sink that hangs, but for its receipt; Close waits for
// the denials that are on their way; there is an end to how many there are.
func TestADenialDoesNotWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &audittest.Memory{}
		gate := make(chan struct{})
		r, l := reporter(t, sinkFunc(func(_ context.Context, e audit.Event) (string, error) {
			<-gate
			return m.Emit(context.Background(), e)
		}), func(o *emit.Options) { o.Quota = 10_000 })
		from := time.Now()
		deny := func(i int) string {
			e := fresh()
			e.Service = fmt.Sprint("s", i)
			return r.Denied(t.Context(), e, revoked)
		}
		for i := range emit.MaxDenials {
			if deny(i) != "" {
				t.Error("a receipt of what is not there")
			}
		}
		if d := time.Since(from); d != emit.MaxDenials*25*time.Millisecond {
			t.Errorf("it took %s", d)
		}
		if l.count("too many denials") != 0 {
			t.Error("some were dropped")
		}
		from = time.Now()
		for range 2 {
			if deny(-1) != "" {
				t.Error("a receipt of what was dropped")
			}
		}
		if l.count("too many denials") != 2 || r.Stats().Dropped != 2 || time.Since(from) != 0 {
			t.Errorf("%+v, %s", r.Stats(), time.Since(from))
		}
		left, cancel := context.WithCancel(t.Context())
		cancel()
		if r.Denied(left, fresh(), revoked); time.Since(from) != 0 {
			t.Error("waited for a caller who left")
		}
		closed := false
		var wait sync.WaitGroup
		wait.Go(func() { end(t, r); closed = true })
		synctest.Wait()
		if closed || len(m.Events()) != 0 {
			t.Error("closed before the denials were there")
		}
		close(gate)
		wait.Wait()
		if n := len(m.Events()); n != emit.MaxDenials {
			t.Errorf("%d events", n)
		}
	})
}

// TestAHangingSinkIsLetGo: what nobody waits for is carried for a while, not for
// ever, and makes room for the next; Close gives up when its context does.
func TestAHangingSinkIsLetGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, l := reporter(t, sinkFunc(func(ctx context.Context, _ audit.Event) (string, error) {
			<-ctx.Done()
			return "", audit.Unavailable(ctx.Err())
		}))
		for range 3 {
			for range 2 {
				r.Denied(t.Context(), fresh(), revoked)
			}
			r.Outcome(fresh(), nil)
			time.Sleep(4 * time.Second)
			if l.count("did not take") != 0 {
				t.Error("let go too early")
			}
			time.Sleep(2 * time.Second)
			synctest.Wait()
			if l.count("did not take a denial") != 1 || l.count("denials like one") != 1 || l.count("did not take an outcome") != 1 {
				t.Errorf("%s", &l.b)
			}
			l.b.Reset()
		}
		if s := r.Stats(); s.Dropped != 9 {
			t.Errorf("%+v", s)
		}
		r.Denied(t.Context(), fresh(), revoked)
		from := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := r.Close(ctx); err != nil || time.Since(from) != time.Second || l.count("did not take a denial") != 1 {
			t.Errorf("%v after %s", err, time.Since(from))
		}
	})
}

// TestALostFirst: when the first of a kind is not there, the next one is a first
// again, and no count follows an event that does not exist.
func TestALostFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &audittest.Memory{}
		r, _ := reporter(t, m)
		m.Break()
		for range 3 {
			if r.Denied(t.Context(), fresh(), revoked) != "" {
				t.Error("a receipt of what is not there")
			}
		}
		m.Mend()
		e := fresh()
		if got := r.Denied(t.Context(), e, revoked); got != audittest.Receipt(e) {
			t.Errorf("%q", got)
		}
		r.Denied(t.Context(), fresh(), revoked)
		end(t, r)
		if got := m.Events(); len(got) != 2 || got[1].Count != 1 || got[1].Decision != e.ID || r.Stats() != (emit.ReporterStats{Collapsed: 1, Dropped: 3}) {
			t.Errorf("%+v, %+v", got, r.Stats())
		}
	})
}

// TestOutcome follows the decision, and never waits.
func TestOutcome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &audittest.Memory{}
		gate := make(chan struct{})
		r, l := reporter(t, sinkFunc(func(_ context.Context, e audit.Event) (string, error) {
			<-gate
			return m.Emit(context.Background(), e)
		}))
		e := fresh()
		e.Result = audit.Allowed
		time.Sleep(time.Second)
		from := time.Now()
		for _, why := range []error{nil, apierr.New(apierr.StorageDenied, "no"), errors.New("canary"), apierr.New("of_a_newer_host", "no")} {
			r.Outcome(e, why)
		}
		for range emit.MaxOutcomes - 4 {
			r.Outcome(fresh(), nil)
		}
		if l.count("too many outcomes") != 0 {
			t.Error("some were dropped")
		}
		if r.Outcome(fresh(), nil); l.count("too many outcomes") != 1 || !time.Now().Equal(from) {
			t.Error("it waited, or was not dropped")
		}
		close(gate)
		end(t, r)
		found := map[apierr.Code]audit.Event{}
		for _, o := range m.Events() {
			if o.Decision == e.ID {
				found[o.Code] = o
			}
		}
		for code, result := range map[apierr.Code]audit.Result{"": audit.Completed, apierr.StorageDenied: audit.Failed, apierr.InternalError: audit.Failed} {
			got := found[code]
			want := e
			want.ID, want.Time, want.Result, want.Code, want.Decision = got.ID, from, result, code, e.ID
			if got != want || got.ID == e.ID {
				t.Errorf("%s: %+v, want %+v", code, got, want)
			}
		}
		if len(m.Events()) != emit.MaxOutcomes {
			t.Errorf("%d events", len(m.Events()))
		}
		r.Outcome(e, nil)
		if r.Stats().Dropped != 2 {
			t.Errorf("%+v", r.Stats())
		}
	})
}

// TestReporterOverASpool: while the audit role refuses, nothing is released, and
// denials and outcomes are kept.
func TestReporterOverASpool(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &role{}
		s := open(t, config(t, a))
		r, _ := reporter(t, s)
		decision := fresh()
		receipt, err := allowed(t, r, decision)
		if err != nil || receipt == "" {
			t.Fatal(receipt, err)
		}
		synctest.Wait()
		a.answers(refuse(apierr.AuditUnavailable))
		mustEmit(t, s, "that meets the refusal")
		synctest.Wait()
		_, err = allowed(t, r, fresh())
		refused(t, "a refusing role", err, "the audit role refuses")
		if r.Denied(t.Context(), fresh(), revoked) == "" {
			t.Error("a denial has no receipt")
		}
		r.Outcome(decision, nil)
		end(t, r)
		a.answers(nil)
		closed(t, s)
		sound(t, a.entries(), 4)
	})
}

// TestOutcomesGather: they reach the sink together, a moment later, and at once
// when the role ends.
func TestOutcomesGather(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &audittest.Memory{}
		r, err := emit.NewReporter(emit.Options{Sink: m, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			r.Outcome(event("decided"), nil)
		}
		time.Sleep(50*time.Millisecond - 1)
		synctest.Wait()
		if n := len(m.Events()); n != 0 {
			t.Errorf("%d before the time", n)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if n := len(m.Events()); n != 5 {
			t.Errorf("%d at the time", n)
		}
		r.Outcome(event("decided"), nil)
		from := time.Now()
		if err := r.Close(t.Context()); err != nil || len(m.Events()) != 6 || time.Since(from) != 0 {
			t.Errorf("%d after %s, %v", len(m.Events()), time.Since(from), err)
		}
	})
}
