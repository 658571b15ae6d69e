package memory_test

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
	"github.com/litentry/agentkeys/roles/memory"
)

// sinkFunc is a sink that a test watches, or holds up.
type sinkFunc func(context.Context, audit.Event) error

func (f sinkFunc) Emit(ctx context.Context, e audit.Event) (string, error) {
	if err := f(ctx, e); err != nil {
		return "", err
	}
	return audittest.Receipt(e), nil
}

// asked counts what is asked for data keys.
type asked struct {
	keys.DataKeys
	n atomic.Int64
}

func (a *asked) New(ctx context.Context, r keys.Request) (keys.DEK, keys.Wrapped, error) {
	a.n.Add(1)
	return a.DataKeys.New(ctx, r)
}

func (a *asked) Unwrap(ctx context.Context, r keys.Request, w keys.Wrapped) (keys.DEK, error) {
	a.n.Add(1)
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

// told holds the events since n against an answer, and returns how many there are.
func (w *world) toldOf(what string, p *person, o op, n int, code apierr.Code) int {
	w.t.Helper()
	w.told.Settle()
	all := w.audit.Events()
	events, results := all[n:], wanted(code)
	if len(events) != len(results) {
		w.t.Errorf("%s, %s: %d events, want %d: %+v", o.action.Op, what, len(events), len(results), events)
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
		if e.Result != results[i] || e.Code != wantCode || e.Decision != decision || e.Emitter != "memory" || e.RequestID == "" || !e.Time.Equal(w.now()) && i == 0 {
			w.t.Errorf("%s, %s: %+v", o.action.Op, what, e)
		}
		if code == "" && (e.Operator != p.operator || e.Actor != p.actor || e.Device != p.device || e.Class != service.Memory || e.Op != o.action.Op ||
			e.Service != o.svc || e.Epoch != 1 || (e.ObjectKey == w.object(p, o.svc, "Todo.md").String()) == o.action.IsList()) {
			w.t.Errorf("%s, %s: %+v", o.action.Op, what, e)
		}
	}
	return len(all)
}

// TestABrokenSinkTouchesNothing: no data key is asked for, nothing stored, read or
// removed; the use is spent, for it comes first. A denial stays what it is.
func TestABrokenSinkTouchesNothing(t *testing.T) {
	w := newWorld(t)
	a := &asked{DataKeys: keystest.New(t)}
	w.keys = a
	w.startWorker()
	p := w.people[0]
	if err := w.call(p, ops[0]).send(); err != nil {
		t.Fatal(err)
	}
	stored := func() string {
		return string(must[[]byte](t)(w.bucketOf(p).Get(t.Context(), w.object(p, "memory:notes", "Todo.md"))))
	}
	object, n := stored(), a.n.Load()
	for _, o := range ops {
		w.audit.Break()
		c := w.call(p, o)
		token := w.mint(c.cap, c.at)
		if err := c.present(token); apierr.CodeOf(err) != apierr.AuditUnavailable || c.receipt != "" {
			t.Errorf("%s: %v, receipt %q", o.action.Op, err, c.receipt)
		}
		denied := w.call(p, o)
		denied.cap.Epoch = 2
		if err := denied.send(); apierr.CodeOf(err) != apierr.CapEpochAhead || denied.receipt != "" {
			t.Errorf("%s, denied: %v, receipt %q", o.action.Op, err, denied.receipt)
		}
		if stored() != object || a.n.Load() != n {
			t.Fatalf("%s touched something", o.action.Op)
		}
		w.audit.Mend()
		if err := c.present(token); apierr.CodeOf(err) != apierr.CapUsed {
			t.Errorf("%s: the use was not spent first: %v", o.action.Op, err)
		}
	}
	for _, o := range ops { // the twins
		if err := w.call(p, o).send(); err != nil {
			t.Errorf("%s: %v", o.action.Op, err)
		}
	}
	if a.n.Load() != n+2 {
		t.Errorf("%d data keys", a.n.Load()-n)
	}
}

// TestTheEventComesFirst: when the sink is asked, no data key was, and the answer
// waits for the sink.
func TestTheEventComesFirst(t *testing.T) {
	w := newWorld(t)
	a := &asked{DataKeys: keystest.New(t)}
	before := int64(0)
	w.keys, w.sink = a, sinkFunc(func(_ context.Context, e audit.Event) error {
		if e.Result == audit.Allowed && a.n.Load() != before {
			t.Errorf("%s: a data key came before the event", e.Op)
		}
		return nil
	})
	w.startWorker()
	for _, o := range ops {
		before = a.n.Load()
		c := w.call(w.people[0], o)
		if err := c.send(); err != nil {
			t.Error(err)
		}
		if want := map[service.Op]int64{service.OpStore: 1, service.OpFetch: 1}[o.action.Op]; a.n.Load()-before != want {
			t.Errorf("%s: %d data keys", o.action.Op, a.n.Load()-before)
		}
		if c.receipt == "" {
			t.Errorf("%s: no receipt", o.action.Op)
		}
	}
}

// TestTheReceiptIsInTheAnswer, also of what is denied: that of the one event that
// denials of a kind are.
func TestTheReceiptIsInTheAnswer(t *testing.T) {
	w := newWorld(t)
	w.toldAt = w.now
	w.startWorker()
	p := w.people[0]
	for _, o := range ops {
		w.told.Settle()
		n := len(w.audit.Events())
		c := w.call(p, o)
		if err := c.send(); err != nil || c.receipt != audittest.Receipt(w.audit.Events()[n]) {
			t.Errorf("%s: %v, receipt %q", o.action.Op, err, c.receipt)
		}
		w.told.Settle()
		n = len(w.audit.Events())
		for c.receipt = ""; c.receipt == ""; {
			c = w.call(p, o)
			c.cap.Epoch = 2
			if err := c.send(); apierr.CodeOf(err) != apierr.CapEpochAhead {
				t.Fatal(err)
			}
			w.told.Settle()
		}
		if events := w.audit.Events()[n:]; len(events) != 1 || c.receipt != audittest.Receipt(events[0]) {
			t.Errorf("%s, denied: receipt %q of %+v", o.action.Op, c.receipt, events)
		}
		for name, edit := range map[string]func(*http.Request){
			"no proof":      func(r *http.Request) { r.Header.Del("DPoP") },
			"no capability": func(r *http.Request) { r.Header.Del("Authorization") },
		} {
			c := w.call(p, o)
			c.edit = edit
			if err := c.send(); err == nil || c.receipt != "" {
				t.Errorf("%s: %v, receipt %q", name, err, c.receipt)
			}
		}
	}
}

// TestAnOutcomeIsWaitedForByNobody, and fails nothing.
func TestAnOutcomeIsWaitedForByNobody(t *testing.T) {
	w := newWorld(t)
	gate := make(chan struct{})
	w.sink = sinkFunc(func(_ context.Context, e audit.Event) error {
		if e.Result == audit.Allowed {
			return nil
		}
		<-gate
		return audit.Unavailable(errors.New("full"))
	})
	w.startWorker()
	for _, o := range ops {
		if err := w.call(w.people[0], o).send(); err != nil {
			t.Errorf("%s: %v", o.action.Op, err)
		}
	}
	close(gate)
	w.told.Settle()
}

func TestNewWantsAudit(t *testing.T) {
	w := newWorld(t)
	parts := w.parts()
	if _, err := memory.New(w.env(), parts); err != nil {
		t.Error(err)
	}
	parts.Audit = nil
	if _, err := memory.New(w.env(), parts); err == nil {
		t.Error("built without audit")
	}
}
