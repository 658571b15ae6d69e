package signer_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/roles/signer"
)

const minute = time.Minute

// sinkFunc is a sink that a test watches, or holds up.
type sinkFunc func(context.Context, audit.Event) error

func (f sinkFunc) Emit(ctx context.Context, e audit.Event) (string, error) {
	if err := f(ctx, e); err != nil {
		return "", err
	}
	return audittest.Receipt(e), nil
}

// TestAReleaseIsToldBeforeItHappens, once, with what it was.
func TestAReleaseIsToldBeforeItHappens(t *testing.T) {
	w := newWorld(t, 1)
	answered := false
	w.start(jose.KeySet{}, sinkFunc(func(ctx context.Context, e audit.Event) error {
		if answered {
			t.Error("the event came after the answer")
		}
		_, err := w.audit.Emit(ctx, e)
		return err
	}))
	w.advance(2 * minute)
	seen := map[string]bool{}
	for i, p := range w.people {
		for _, o := range ops() {
			before := len(w.audit.Events())
			c := w.call(p, o)
			c.complete()
			answered = false
			rec := watched{httptest.NewRecorder(), &answered}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, o.route, reader(c.sent))
			r.Header.Set("Content-Type", "application/json")
			w.server.ServeHTTP(rec, r)
			events := w.audit.Events()[before:]
			if rec.Code != http.StatusOK || len(events) != 1 {
				t.Fatalf("%d %s, %d events", rec.Code, rec.Body, len(events))
			}
			e := events[0]
			want := audit.Event{
				ID: e.ID, Time: w.now(), Emitter: "signer", RequestID: rec.Header().Get("X-Request-Id"), Result: audit.Allowed,
				Operator: p.operator, Actor: p.actor, Device: p.device, Class: o.action.Class, Op: o.action.Op,
				Service: services()[o.action.Class], ObjectKey: o.key, Epoch: 1,
			}
			if e != want || seen[e.ID] || e.RequestID == "" {
				t.Errorf("actor %d, %s: %+v, want %+v", i, o.name, e, want)
			}
			seen[e.ID] = true
		}
	}
}

// watched notes the first byte of an answer.
type watched struct {
	*httptest.ResponseRecorder
	answered *bool
}

func (w watched) Write(b []byte) (int, error) {
	*w.answered = true
	return w.ResponseRecorder.Write(b)
}

func (w watched) WriteHeader(code int) {
	*w.answered = true
	w.ResponseRecorder.WriteHeader(code)
}

// TestTheEventNamesTheEpochOfTheWrap, which need not be the capability's.
func TestTheEventNamesTheEpochOfTheWrap(t *testing.T) {
	w := newWorld(t, 2)
	p := w.people[0]
	old := w.call(p, ops()[1])
	w.chain.SetEpoch(2)
	for _, c := range []struct {
		call *call
		want uint32
	}{{old, 1}, {w.call(p, ops()[1]), 2}, {w.call(p, ops()[0]), 2}, {w.call(p, ops()[2]), 2}} {
		w.look(t)
		before := len(w.events(0))
		if c.call.op.isNew() {
			c.call.cap.Epoch = 1
		} else if c.want == 2 {
			c.call.wrap(c.call.binding(), 2)
		}
		if _, err := c.call.send(); err != nil {
			t.Fatal(err)
		}
		if e := w.events(before); len(e) != 1 || e[0].Epoch != c.want {
			t.Errorf("%s: %+v, want epoch %d", c.call.op.name, e, c.want)
		}
	}
}

// TestABrokenSinkReleasesNothing: neither a data key nor anything done to the
// keys; a denial stays what it is.
func TestABrokenSinkReleasesNothing(t *testing.T) {
	w := newPair(t)
	p := w.people[0]
	w.audit.Break()
	for _, o := range ops() {
		c := w.call(p, o)
		c.check(t, o.name, apierr.AuditUnavailable, false)
		if o.isNew() {
			continue
		}
		c = w.call(p, o)
		c.req.Object.Version = 9
		before := len(w.events(0))
		if _, err := c.send(); apierr.CodeOf(err) != apierr.EnvelopeInvalid {
			t.Errorf("%s, denied: %v", o.name, err)
		}
		c.told(t, o.name, before, "", false)
	}
	before := w.ring.Status()
	for _, r := range routes() {
		if r.path == api.PathEpochOffer {
			continue // it gives out a public key
		}
		o := w.order(w.holder(r.path), r.path, r.in(w))
		o.check(t, r.path, apierr.AuditUnavailable)
	}
	same(t, "a broken sink", before, w.ring.Status())
	w.audit.Mend()
	for _, o := range ops() {
		w.call(p, o).check(t, o.name+", mended", "", true)
	}
	for _, r := range routes() {
		w.order(w.holder(r.path), r.path, r.in(w)).check(t, r.path+", mended", "")
	}
}

// TestTheReceiptIsInTheAnswer, whether it is an answer or a refusal: of a data key,
// and of the care of the keys.
func TestTheReceiptIsInTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newPair(t)
		check := func(what string, err error, code apierr.Code) {
			t.Helper()
			events := w.events(0)
			if apierr.CodeOf(err) != code || w.receipt.Load() != audittest.Receipt(events[len(events)-1]) {
				t.Errorf("%s: %v, receipt %q", what, err, w.receipt.Load())
			}
		}
		for _, o := range ops() {
			_, err := w.call(w.people[0], o).send()
			check(o.name, err, "")
			c := w.call(w.people[0], o)
			c.cap.Epoch = 9
			_, err = c.send()
			check(o.name+", denied", err, apierr.CapEpochAhead)
		}
		for _, r := range routes() {
			if r.path == api.PathEpochOffer {
				continue // it gives out a public key
			}
			check(r.path, w.order(w.holder(r.path), r.path, r.in(w)).send(nil), "")
		}
		check("denied", w.order(w.holder(api.PathEpochDestroy), api.PathEpochDestroy, api.EpochRequest{Epoch: 2}).send(nil), apierr.EpochConflict)
	})
}

// TestADenialDoesNotWait for a sink that hangs, longer than for a receipt.
func TestADenialDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1)
		gate := make(chan struct{})
		w.start(jose.KeySet{}, sinkFunc(func(_ context.Context, e audit.Event) error {
			<-gate
			_, err := w.audit.Emit(context.Background(), e)
			return err
		}))
		w.advance(2 * minute)
		c := w.call(w.people[0], ops()[1])
		c.cap.Epoch = 9
		from := time.Now()
		if _, err := c.send(); apierr.CodeOf(err) != apierr.CapEpochAhead || w.receipt.Load() != "" {
			t.Errorf("%v, receipt %q", err, w.receipt.Load())
		}
		if d := time.Since(from); d > 25*time.Millisecond || len(w.audit.Events()) != 0 {
			t.Errorf("it took %s", d)
		}
		close(gate)
		if err := w.told.Close(); err != nil || len(w.audit.Events()) != 1 {
			t.Errorf("%v, %d events", err, len(w.audit.Events()))
		}
	})
}

// TestDenialsOfAKindAreOneEvent, whose receipt each of them is answered, and a count.
func TestDenialsOfAKindAreOneEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1)
		w.toldAt = w.now
		w.start(jose.KeySet{}, nil)
		w.advance(2 * minute)
		const n = 20
		for range n {
			c := w.call(w.people[0], ops()[1])
			c.cap.Epoch = 9
			if _, err := c.send(); apierr.CodeOf(err) != apierr.CapEpochAhead {
				t.Fatal(err)
			}
			if events := w.audit.Events(); len(events) != 1 || w.receipt.Load() != audittest.Receipt(events[0]) {
				t.Fatalf("%d events, receipt %q", len(events), w.receipt.Load())
			}
		}
		if err := w.told.Close(); err != nil {
			t.Error(err)
		}
		if events := w.audit.Events(); len(events) != 2 || events[1].Count != n-1 || events[1].Decision != events[0].ID || events[1].Code != apierr.CapEpochAhead {
			t.Errorf("%+v", events)
		}
	})
}

// TestCareIsTold: what is done to the keys stands in the journal, by whom.
func TestCareIsTold(t *testing.T) {
	w := newWorld(t, 2)
	w.chain.SetEpoch(2)
	w.look(t)
	w.advance(2 * delay)
	for _, c := range []struct {
		path  string
		in    any
		epoch uint32
	}{
		{api.PathEpochPrepare, api.EpochRequest{Epoch: 3}, 3},
		{api.PathDEKRewrap, api.RewrapRequest{ToEpoch: 2, Items: []api.RewrapItem{
			w.item(w.people[0], ops()[1], 1), w.item(w.people[0], ops()[1], 1), w.item(w.people[0], ops()[3], 1), w.item(w.people[2], ops()[1], 1),
		}}, 2},
		{api.PathEpochDestroy, api.EpochRequest{Epoch: 1}, 1},
	} {
		before := len(w.events(0))
		holder := w.holder(c.path)
		if err := w.order(holder, c.path, c.in).send(nil); err != nil {
			t.Fatal(c.path, err)
		}
		e := w.events(before)
		want := map[bool]int{true: 3, false: 1}[c.path == api.PathDEKRewrap] // one for each actor and class
		if len(e) != want {
			t.Errorf("%s: %d events", c.path, len(e))
		}
		for _, e := range e {
			if e.Result != audit.Allowed || e.Op != signer.Ops()[c.path] || e.Epoch != c.epoch || e.Device != omni.DeviceKeyOfAddress(addressOf(holder)) ||
				e.Emitter != "signer" || e.RequestID == "" || !e.Time.Equal(w.now()) || (e.Class == "") != (want == 1) {
				t.Errorf("%s: %+v", c.path, e)
			}
		}
	}
}
