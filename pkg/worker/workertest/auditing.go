package workertest

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/service"
)

// sinkFunc is a sink that a test watches, or holds up.
type sinkFunc func(context.Context, audit.Event) error

func (f sinkFunc) Emit(ctx context.Context, e audit.Event) (string, error) {
	if err := f(ctx, e); err != nil {
		return "", err
	}
	return audittest.Receipt(e), nil
}

// Asked counts what is asked for data keys.
type Asked struct {
	keys.DataKeys
	N atomic.Int64
}

func (a *Asked) New(ctx context.Context, r keys.Request) (keys.DEK, keys.Wrapped, error) {
	a.N.Add(1)
	return a.DataKeys.New(ctx, r)
}

func (a *Asked) Unwrap(ctx context.Context, r keys.Request, w keys.Wrapped) (keys.DEK, error) {
	a.N.Add(1)
	return a.DataKeys.Unwrap(ctx, r, w)
}

// wanted is what an answer leaves in the journal: nothing before the proof is
// verified or when this host could not decide, then a denial, or the decision and
// what became of it.
func wanted(code apierr.Code) []audit.Result {
	switch code {
	case "":
		return []audit.Result{audit.Allowed, audit.Completed}
	case apierr.StorageDenied:
		return []audit.Result{audit.Allowed, audit.Failed}
	case apierr.CapInvalid, apierr.CapExpired, apierr.ProofInvalid, apierr.ProofObjectMismatch, apierr.ProofReplayed, apierr.STSHeadersIncomplete, apierr.ChainStale, apierr.ChainUnavailable:
		return nil
	}
	return []audit.Result{audit.Denied}
}

// toldOf holds the events since n against an answer, and returns how many there are.
func (w *World) toldOf(what string, p *Person, o Op, n int, code apierr.Code) int {
	w.T.Helper()
	w.Told.Settle()
	all := w.Audit.Events()
	events, results := all[n:], wanted(code)
	if len(events) != len(results) {
		w.T.Errorf("%s, %s: %d events, want %d: %+v", o.Action.Op, what, len(events), len(results), events)
		return len(all)
	}
	for i, e := range events {
		decision := ""
		if i == 1 {
			decision = events[0].ID
		}
		wantCode := code
		if e.Result == audit.Allowed {
			wantCode = ""
		}
		if e.Result != results[i] || e.Code != wantCode || e.Decision != decision || e.Emitter != w.Role || e.RequestID == "" || !e.Time.Equal(w.Now()) && i == 0 {
			w.T.Errorf("%s, %s: %+v", o.Action.Op, what, e)
		}
		object := ""
		if !o.Action.IsList() {
			object = w.Object(p.Actor, o).String()
		}
		if code == "" && (e.Operator != p.Operator || e.Actor != p.Actor || e.Device != p.Device || e.Class != w.Class || e.Op != o.Action.Op ||
			e.Service != o.Service || e.Epoch != 1 || e.ObjectKey != object) {
			w.T.Errorf("%s, %s: %+v", o.Action.Op, what, e)
		}
	}
	return len(all)
}

// holding is a world whose first person stored something: what was asked for data keys
// since, who that is, and what storage has of it.
func (s Suite) holding(t *testing.T) (w *World, a *Asked, p *Person, stored func() string) {
	t.Helper()
	w = s.World(t)
	a = &Asked{DataKeys: keystest.New(t)}
	w.Keys = a
	w.Start()
	p = w.People[0]
	if err := w.Call(p, s.Ops[0]).Send(); err != nil {
		t.Fatal(err)
	}
	return w, a, p, func() string {
		return string(must[[]byte](t)(w.Store().Open(p.Session).Get(t.Context(), w.Object(p.Actor, s.Ops[0]))))
	}
}

// aBrokenSinkTouchesNothing: no data key is asked for, nothing stored, read or
// removed; the use is spent, for it comes first. A denial stays what it is.
func (s Suite) aBrokenSinkTouchesNothing(t *testing.T) {
	w, a, p, stored := s.holding(t)
	object, n := stored(), a.N.Load()
	for _, o := range s.Ops {
		w.Audit.Break()
		c := w.Call(p, o)
		token := w.Mint(c.Cap, c.At)
		if err := c.Present(token); apierr.CodeOf(err) != apierr.AuditUnavailable || c.Receipt != "" {
			t.Errorf("%s: %v, receipt %q", o.Action.Op, err, c.Receipt)
		}
		denied := w.Call(p, o)
		denied.Cap.Epoch = 2
		if err := denied.Send(); apierr.CodeOf(err) != apierr.CapEpochAhead || denied.Receipt != "" {
			t.Errorf("%s, denied: %v, receipt %q", o.Action.Op, err, denied.Receipt)
		}
		if stored() != object || a.N.Load() != n {
			t.Fatalf("%s touched something", o.Action.Op)
		}
		w.Audit.Mend()
		if err := c.Present(token); apierr.CodeOf(err) != apierr.CapUsed {
			t.Errorf("%s: the use was not spent first: %v", o.Action.Op, err)
		}
	}
	for _, o := range s.Ops { // the twins
		if err := w.Call(p, o).Send(); err != nil {
			t.Errorf("%s: %v", o.Action.Op, err)
		}
	}
	if a.N.Load() != n+2 {
		t.Errorf("%d data keys", a.N.Load()-n)
	}
}

// theEventComesFirst: when the sink is asked, no data key was, and the answer
// waits for the sink.
func (s Suite) theEventComesFirst(t *testing.T) {
	w := s.World(t)
	a := &Asked{DataKeys: keystest.New(t)}
	before := int64(0)
	w.Keys, w.Sink = a, sinkFunc(func(_ context.Context, e audit.Event) error {
		if e.Result == audit.Allowed && a.N.Load() != before {
			t.Errorf("%s: a data key came before the event", e.Op)
		}
		return nil
	})
	w.Start()
	for _, o := range s.Ops {
		before = a.N.Load()
		c := w.Call(w.People[0], o)
		if err := c.Send(); err != nil {
			t.Error(err)
		}
		if want := map[service.Op]int64{service.OpStore: 1, service.OpFetch: 1}[o.Action.Op]; a.N.Load()-before != want {
			t.Errorf("%s: %d data keys", o.Action.Op, a.N.Load()-before)
		}
		if c.Receipt == "" {
			t.Errorf("%s: no receipt", o.Action.Op)
		}
	}
}

// theReceiptIsInTheAnswer, also of what is denied: that of the one event that
// denials of a kind are.
func (s Suite) theReceiptIsInTheAnswer(t *testing.T) {
	w := s.World(t)
	w.ToldAt = w.Now
	w.Start()
	p := w.People[0]
	for _, o := range s.Ops {
		w.Told.Settle()
		n := len(w.Audit.Events())
		c := w.Call(p, o)
		if err := c.Send(); err != nil || c.Receipt != audittest.Receipt(w.Audit.Events()[n]) {
			t.Errorf("%s: %v, receipt %q", o.Action.Op, err, c.Receipt)
		}
		w.Told.Settle()
		n = len(w.Audit.Events())
		for c.Receipt = ""; c.Receipt == ""; {
			c = w.Call(p, o)
			c.Cap.Epoch = 2
			if err := c.Send(); apierr.CodeOf(err) != apierr.CapEpochAhead {
				t.Fatal(err)
			}
			w.Told.Settle()
		}
		if events := w.Audit.Events()[n:]; len(events) != 1 || c.Receipt != audittest.Receipt(events[0]) {
			t.Errorf("%s, denied: receipt %q of %+v", o.Action.Op, c.Receipt, events)
		}
		for name, edit := range map[string]func(*http.Request){
			"no proof":      func(r *http.Request) { r.Header.Del("DPoP") },
			"no capability": func(r *http.Request) { r.Header.Del("Authorization") },
		} {
			c := w.Call(p, o)
			c.Edit = edit
			if err := c.Send(); err == nil || c.Receipt != "" {
				t.Errorf("%s: %v, receipt %q", name, err, c.Receipt)
			}
		}
	}
}

// anOutcomeIsWaitedForByNobody, and fails nothing.
func (s Suite) anOutcomeIsWaitedForByNobody(t *testing.T) {
	w := s.World(t)
	gate := make(chan struct{})
	w.Sink = sinkFunc(func(_ context.Context, e audit.Event) error {
		if e.Result == audit.Allowed {
			return nil
		}
		<-gate
		return audit.Unavailable(errors.New("full"))
	})
	w.Start()
	for _, o := range s.Ops {
		if err := w.Call(w.People[0], o).Send(); err != nil {
			t.Errorf("%s: %v", o.Action.Op, err)
		}
	}
	close(gate)
	w.Told.Settle()
}

func (s Suite) wantsAudit(t *testing.T) {
	w := s.World(t)
	parts := w.Parts()
	if _, err := s.New(w.Env(), parts); err != nil {
		t.Error(err)
	}
	parts.Audit = nil
	if _, err := s.New(w.Env(), parts); err == nil {
		t.Error("built without audit")
	}
}
