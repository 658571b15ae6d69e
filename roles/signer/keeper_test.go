package signer_test

import (
	"context"
	"crypto/ecdsa"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/maintenance"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles/signer"
)

// route is one route of the keepers with something that it would do.
type route struct {
	path                   string
	in                     func(*world) any
	maintainer, governance bool // who may
}

func routes() []route {
	epoch := func(e uint64) func(*world) any { return func(*world) any { return api.EpochRequest{Epoch: e} } }
	return []route{
		{api.PathDEKRewrap, func(w *world) any {
			return api.RewrapRequest{ToEpoch: 2, Items: []api.RewrapItem{w.item(w.people[0], ops()[1], 1)}}
		}, true, false},
		{api.PathEpochPrepare, epoch(3), true, true},
		{api.PathEpochOffer, func(*world) any { return nil }, true, true},
		{api.PathEpochExport, func(w *world) any { return api.EpochExport{Epoch: 2, Offer: w.second.offer(w.t)} }, true, true},
		{api.PathEpochImport, func(w *world) any { return w.second.parcelTo(w.t, w.side, 2) }, true, true},
		{api.PathEpochDestroy, epoch(1), false, true},
	}
}

// newPair is a world with a second signer that has the same keys, the chain at
// epoch 2, and epoch 1 over for long.
func newPair(t testing.TB) *world {
	t.Helper()
	w := newWorld(t, 2)
	w.pair(t)
	w.chain.SetEpoch(2)
	w.look(t)
	w.second.look(t)
	w.advance(2 * delay)
	return w
}

// check sends it; its refusal must leave no event and change nothing.
func (o *order) check(t testing.TB, what string, want apierr.Code) {
	t.Helper()
	before, ring := len(o.s.events(0)), o.s.ring.Status()
	err := o.send(nil)
	if got := apierr.CodeOf(err); got != want {
		t.Errorf("%s: %q (%v), want %q", what, got, err, want)
	}
	if want == "" {
		return
	}
	if e := o.s.events(before); len(e) != 0 {
		t.Errorf("%s left events: %+v", what, e)
	}
	same(t, what, ring, o.s.ring.Status())
}

func same(t testing.TB, what string, a, b keys.Status) {
	t.Helper()
	if a.HighWater != b.HighWater || len(a.Epochs) != len(b.Epochs) {
		t.Errorf("%s changed the keyring: %+v, %+v", what, a, b)
		return
	}
	for i := range a.Epochs {
		if a.Epochs[i] != b.Epochs[i] {
			t.Errorf("%s changed epoch %+v to %+v", what, a.Epochs[i], b.Epochs[i])
		}
	}
}

// TestOffices: each route is for the account that the chain names for it, at
// the confirmed block and at the newest.
func TestOffices(t *testing.T) {
	w := newPair(t)
	for _, r := range routes() {
		for who, c := range map[string]struct {
			key *ecdsa.PrivateKey
			may bool
		}{
			"maintainer": {w.maintainer, r.maintainer}, "governance": {w.governance, r.governance}, "nobody": {w.stranger, false},
			"an agent": {w.people[0].key, false},
		} {
			want := map[bool]apierr.Code{true: "", false: apierr.MaintainerRequired}[c.may]
			w.order(c.key, r.path, r.in(w)).check(t, r.path+" by "+who, want)
		}
		key, set := w.maintainer, w.chain.SetMaintainer
		if r.governance {
			key, set = w.governance, w.chain.SetGovernance
		}
		w.chain.Hold()
		set(addressOf(w.stranger)) // named at the newest block only, or at the confirmed one only
		w.order(w.stranger, r.path, r.in(w)).check(t, r.path+" by who was named a moment ago", apierr.MaintainerRequired)
		w.order(key, r.path, r.in(w)).check(t, r.path+" by who is named no more", apierr.MaintainerRequired)
		w.chain.Confirm()
		w.order(w.stranger, r.path, r.in(w)).check(t, r.path+" by who is named", "")
		set(common.Address{})
		w.order(w.stranger, r.path, r.in(w)).check(t, r.path+" while nobody is named", apierr.MaintainerRequired)
		// A block that was not looked at yet is looked at before the answer is no.
		w.chain.UntilRefresh(func() { set(addressOf(key)) })
		w.order(key, r.path, r.in(w)).check(t, r.path+" by who was named in a block not seen yet", "")
		for fault, want := range map[string]apierr.Code{"unavailable": apierr.ChainUnavailable, "stale": apierr.ChainStale} {
			o := w.order(key, r.path, r.in(w))
			if fault == "stale" {
				w.chain.GoStale()
			} else {
				w.chain.GoUnavailable()
			}
			o.check(t, r.path+" while the chain is "+fault, want)
			w.chain.Recover()
		}
	}
}

// tired is a chain that answers some questions about the counter and then no
// more.
type tired struct {
	chain.View
	answers int
	stuck   bool // it shows no newer block
}

func (v *tired) Counter(ctx context.Context) (chain.CounterPair, error) {
	if v.answers--; v.answers < 0 {
		return chain.CounterPair{}, chain.Unavailable(nil, "the chain does not answer")
	}
	return v.View.Counter(ctx)
}

func (v *tired) Refresh(ctx context.Context) error {
	if v.stuck {
		return chain.Stale("the newest block is too old")
	}
	return v.View.Refresh(ctx)
}

// TestTheChainFallsSilentWithinARequest: who asks, at which epoch, and whether
// that is still so are three questions. No answer is no epoch 0.
func TestTheChainFallsSilentWithinARequest(t *testing.T) {
	w := newPair(t)
	view := &tired{View: w.chain}
	w.view = view
	w.start(setOf(t, w.second.identity), nil)
	w.advance(time.Minute)
	for _, r := range routes() {
		most := 1
		if r.path == api.PathEpochImport {
			most = 2 // it looks again
		}
		for n := 1; n <= most+1; n++ {
			view.answers = 100
			o := w.order(w.holder(r.path), r.path, r.in(w))
			view.answers = n
			o.check(t, r.path, map[bool]apierr.Code{true: apierr.ChainUnavailable, false: ""}[n <= most])
		}
	}
	view.answers = 100
	o := w.imports(w.second.parcelTo(t, w.side, 2))
	view.stuck = true
	o.check(t, "import", apierr.ChainStale)
	w.order(w.maintainer, api.PathEpochPrepare, api.EpochRequest{Epoch: 3}).check(t, "prepare, by who is named already", "")
	view.stuck = false
	w.imports(w.second.parcelTo(t, w.side, 2)).check(t, "import", "")
}

// TestTheZeroAddressHoldsNothing: nobody has its key, but a chain that names
// nobody must not name whoever claims to be nobody.
func TestTheZeroAddressHoldsNothing(t *testing.T) {
	w := newPair(t)
	w.chain.SetMaintainer(common.Address{})
	w.chain.SetGovernance(common.Address{})
	for _, name := range []string{"maintainer", "governance", "maintainer or governance"} {
		if err := w.admit(name, common.Address{}); apierr.CodeOf(err) != apierr.MaintainerRequired {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.chain.SetMaintainer(addressOf(w.stranger))
	if err := w.admit("maintainer", addressOf(w.stranger)); err != nil {
		t.Error(err)
	}
}

// TestSessions: every fault of a maintenance session and its proof, at every
// route, beside the same request without it.
func TestSessions(t *testing.T) {
	w := newPair(t)
	for _, r := range routes() {
		key := w.holder(r.path)
		if !r.governance {
			key = w.maintainer
		}
		signed := func(url string, chain uint64) func(*order) {
			return func(o *order) {
				o.session = w.sessionFor(key, url, chain)
				o.prove()
			}
		}
		header := func(name string, values ...string) func(*order) {
			return func(o *order) { o.edit = func(q *http.Request) { q.Header[name] = values } }
		}
		for _, f := range []struct {
			name string
			want apierr.Code
			set  func(*order)
		}{
			{"session for another signer", apierr.Unauthorized, signed("http://127.0.0.1:8192", chainID)},
			{"session for another scheme", apierr.Unauthorized, signed("https://127.0.0.1:8092", chainID)},
			{"session for another chain", apierr.Unauthorized, signed(w.url, chainID+1)},
			{"session that has ended", apierr.SessionExpired, func(o *order) {
				w.advance(maintenance.MaxLife)
				o.prove()
			}},
			{"session whose text was changed", apierr.Unauthorized, func(o *order) {
				o.edit = func(q *http.Request) {
					a := q.Header.Get("Authorization")
					q.Header.Set("Authorization", a[:len(a)-131]+"A"+a[len(a)-130:])
				}
			}},
			{"no session", apierr.Unauthorized, header("Authorization")},
			{"bearer", apierr.Unauthorized, func(o *order) {
				o.edit = func(q *http.Request) {
					q.Header.Set("Authorization", strings.Replace(q.Header.Get("Authorization"), "DPoP", "Bearer", 1))
				}
			}},
			{"two sessions", apierr.Unauthorized, func(o *order) {
				o.edit = func(q *http.Request) { q.Header.Add("Authorization", q.Header.Get("Authorization")) }
			}},
			{"no proof", apierr.Unauthorized, header("Dpop")},
			{"two proofs", apierr.Unauthorized, func(o *order) {
				o.edit = func(q *http.Request) { q.Header.Add("DPoP", q.Header.Get("DPoP")) }
			}},
			{"proof of another session", apierr.ProofInvalid, func(o *order) {
				own := o.session
				o.session = w.signsOn(key)
				o.prove()
				o.session = own
			}},
			{"proof of another body", apierr.ProofInvalid, func(o *order) {
				o.proof = must[string](t)(o.session.Proof(http.MethodPost, w.url+o.path, []byte("{}"), w.now()))
			}},
			{"proof for another route", apierr.ProofInvalid, func(o *order) {
				o.proof = must[string](t)(o.session.Proof(http.MethodPost, w.url+api.PathEpochs, o.body, w.now()))
			}},
			{"proof for another method", apierr.ProofInvalid, func(o *order) {
				o.proof = must[string](t)(o.session.Proof(http.MethodGet, w.url+o.path, o.body, w.now()))
			}},
			{"old proof", apierr.ProofInvalid, func(o *order) { w.advance(dpop.MaxAge + time.Second) }},
			{"another body than the proof's", apierr.ProofInvalid, func(o *order) { o.body = append(o.body, ' ') }},
		} {
			o := w.order(key, r.path, r.in(w))
			f.set(o)
			o.check(t, r.path+", "+f.name, f.want)
			twin := w.order(key, r.path, r.in(w))
			twin.check(t, r.path+", without: "+f.name, "")
			twin.check(t, r.path+", replayed", apierr.ProofReplayed)
		}
	}
}

// TestOrdersAreReadStrictly: none of the bodies below does anything.
func TestOrdersAreReadStrictly(t *testing.T) {
	w := newPair(t)
	for path, bodies := range map[string][]string{
		api.PathEpochPrepare: {`{}`, `{"epoch":0}`, `{"epoch":"3"}`, `{"epoch":-3}`, `{"epoch":3.5}`, `{"epoch":3,"epoch":3}`, `{"epoch":3,"x":1}`, `{"epoch":3}{}`, `[]`, ``, `{"Epoch":3}`},
		api.PathEpochDestroy: {`{}`, `{"epoch":0}`, `{"epoch":"1"}`, `{"epoch":1,"x":1}`, ``},
		api.PathEpochOffer:   {`{}`},
		api.PathEpochExport:  {`{"epoch":"2"}`, `{"offer":1}`, `{"epoch":2,"offer":"x","x":1}`, ``},
		api.PathEpochImport:  {`{"parcel":1}`, `{"parcel":"x","x":1}`, ``},
		api.PathDEKRewrap:    {`{}`, `{"to_epoch":2}`, `{"to_epoch":2,"items":[]}`, `{"to_epoch":0,"items":[{}]}`, `{"to_epoch":"2","items":[{}]}`, `{"to_epoch":2,"items":[{"x":1}]}`, `{"to_epoch":2,"items":[1]}`, ``},
	} {
		for _, body := range bodies {
			o := w.order(w.holder(path), path, nil)
			o.body = []byte(body)
			o.prove()
			o.check(t, path+" "+body, apierr.InvalidInput)
		}
	}
}

// refused sends a request that its office may make and that is refused: then
// the last event says so.
func (o *order) refused(t testing.TB, what string, want apierr.Code) {
	t.Helper()
	ring := o.s.ring.Status()
	if err := o.send(nil); apierr.CodeOf(err) != want {
		t.Errorf("%s: %v, want %s", what, err, want)
	}
	same(t, what, ring, o.s.ring.Status())
	var in struct {
		Epoch uint64 `json:"epoch"`
		To    uint64 `json:"to_epoch"`
	}
	if err := strictjson.DecodeAnswer(o.body, &in); err != nil {
		t.Fatal(err)
	}
	e := o.s.events(0)
	if len(e) == 0 {
		t.Fatalf("%s left no event", what)
	}
	last := e[len(e)-1]
	if last.Result != audit.Denied || last.Code != want || last.Op != signer.Ops()[o.path] || last.RequestID == "" ||
		last.Device != omni.DeviceKeyOfAddress(o.session.Address()) || uint64(last.Epoch) != min(max(in.Epoch, in.To), math.MaxUint32) {
		t.Errorf("%s: the last event is not its denial: %+v", what, last)
	}
}
