package broker_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/siwe"
)

// decision is one call of the broker, and the event that it leaves: nil for none.
type decision struct {
	name string
	call func(w *world) error
	code apierr.Code
	want *audit.Event
}

// mintOf asks for a capability of an agent or the master.
func mintOf(path string, master bool, edit func(*world, *api.CapRequest), headers ...func(*http.Request)) func(*world) error {
	return func(w *world) error {
		k := w.agent
		if master {
			k = w.master
		}
		s := w.mustLogin(k)
		r := w.want("github")
		if edit != nil {
			edit(w, &r)
		}
		w.from = len(w.events(0))
		_, err := w.mint(w.t.Context(), path, s, k, r, headers...)
		return err
	}
}

func identityOf(master bool, r func(*world) api.WebIdentityRequest) func(*world) error {
	return func(w *world) error {
		k := w.agent
		if master {
			k = w.master
		}
		s := w.mustLogin(k)
		w.from = len(w.events(0))
		_, err := w.identity(s, k, r(w))
		return err
	}
}

func loginOf(edit func(*siwe.Message), before func(*world)) func(*world) error {
	return func(w *world) error {
		if before != nil {
			before(w)
		}
		_, err := w.login(w.agent, edit)
		return err
	}
}

func decisions() []decision {
	fetch := func(e audit.Event) *audit.Event {
		e.Class, e.Op = service.Credentials, service.OpFetch
		return &e
	}
	identity := func(e audit.Event) *audit.Event {
		e.Class, e.Op = service.Credentials, "web-identity"
		return &e
	}
	login := func(e audit.Event) *audit.Event {
		e.Op = "login"
		return &e
	}
	asIs := func(*siwe.Message) {}
	return []decision{
		{"a mint", mintOf(api.PathCapCredFetch, false, nil), "", fetch(audit.Event{Service: "github", Epoch: 1})},
		{"a list", mintOf(api.PathCapCredList, false, func(_ *world, r *api.CapRequest) { r.Service = "*" }), "", &audit.Event{Class: service.Credentials, Op: service.OpList, Service: "*", Epoch: 1}},
		{"out of scope", mintOf(api.PathCapCredFetch, false, func(_ *world, r *api.CapRequest) { r.Service = "gitlab" }), apierr.ServiceNotInScope, fetch(audit.Event{Service: "gitlab"})},
		{"what is no service", mintOf(api.PathCapCredFetch, false, func(_ *world, r *api.CapRequest) { r.Service = "../canary" }), apierr.InvalidInput, fetch(audit.Event{})},
		{"too many uses", mintOf(api.PathCapCredFetch, false, func(w *world, r *api.CapRequest) {
			w.grant(chain.Grant{Service: name(w.t, "github"), Ops: service.Read, MaxTotal: 1})
			r.Uses = 2
		}), apierr.ScopeLimitReached, fetch(audit.Event{Service: "github", Epoch: 1})},
		{"another operator's", mintOf(api.PathCapCredFetch, false, func(w *world, r *api.CapRequest) { r.Operator, r.Actor = w.other, omni.Self(w.other) }), apierr.OperatorMismatch, fetch(audit.Event{})},
		{"another actor's", mintOf(api.PathCapCredFetch, false, func(w *world, r *api.CapRequest) { r.Actor = omni.Self(w.operator) }), apierr.OperatorMismatch, fetch(audit.Event{})},
		{"a stale chain", mintOf(api.PathCapCredFetch, false, func(w *world, _ *api.CapRequest) { w.chain.GoStale() }), apierr.ChainStale, nil},
		{"no proof", mintOf(api.PathCapCredFetch, false, nil, func(r *http.Request) { r.Header.Del("DPoP") }), apierr.ProofInvalid, nil},
		{"no session", mintOf(api.PathCapCredFetch, false, nil, func(r *http.Request) { r.Header.Del("Authorization") }), apierr.Unauthorized, nil},
		{"another's proof", func(w *world) error {
			s := w.mustLogin(w.agent)
			w.from = len(w.events(0))
			_, err := w.mint(w.t.Context(), api.PathCapCredFetch, s, w.stranger, w.want("github"))
			return err
		}, apierr.ProofInvalid, nil},

		{"a web identity", identityOf(false, func(*world) api.WebIdentityRequest { return api.WebIdentityRequest{Class: service.Credentials} }), "", identity(audit.Event{})},
		{"provision as an agent", identityOf(false, func(*world) api.WebIdentityRequest {
			return api.WebIdentityRequest{Class: service.Credentials, Access: "provision"}
		}), apierr.DeviceBindingMismatch, identity(audit.Event{})},
		{"another's web identity", identityOf(false, func(w *world) api.WebIdentityRequest {
			return api.WebIdentityRequest{Class: service.Credentials, Actor: omni.Self(w.other)}
		}), apierr.OperatorMismatch, identity(audit.Event{})},

		{"a login", loginOf(asIs, nil), "", login(audit.Event{})},
		{"a revoked key", loginOf(asIs, func(w *world) { w.chain.Revoke(crypto.PubkeyToAddress(w.agent.PublicKey)) }), apierr.DeviceRevoked, login(audit.Event{})},
		{"nobody", loginOf(asIs, func(w *world) { w.agent = key(w.t) }), apierr.DeviceNotActive, nil},
		{"an unknown challenge", loginOf(func(m *siwe.Message) { m.Nonce = "AAAAAAAAAAAAAAAAAAAAAAAAAA" }, nil), apierr.Unauthorized, nil},
		{"another domain", loginOf(func(m *siwe.Message) { m.Domain = "evil.example" }, nil), apierr.Unauthorized, nil},
		{"a login without the chain", loginOf(asIs, func(w *world) { w.chain.GoUnavailable() }), apierr.ChainUnavailable, nil},
	}
}

// TestEveryDecisionIsTold, in the journal of the caller's operator, whatever the
// body names, with a receipt in the answer; what came before session and proof, and
// what this host could not decide, is not.
func TestEveryDecisionIsTold(t *testing.T) {
	for _, c := range decisions() {
		w := newWorld(t)
		err := c.call(w)
		wantCode(t, c.name, err, c.code)
		events := w.events(w.from)
		if c.want == nil {
			if len(events) != 0 || w.receipt.Load() != "" {
				t.Errorf("%s: %+v, receipt %q", c.name, events, w.receipt.Load())
			}
			continue
		}
		if len(events) != 1 {
			t.Errorf("%s: %d events", c.name, len(events))
			continue
		}
		e, want := events[0], *c.want
		want.ID, want.Time, want.Emitter, want.RequestID = e.ID, w.clock.now(), "broker", e.RequestID
		want.Operator, want.Actor, want.Device = w.operator, w.actor, w.agentDev
		if want.Result, want.Code = audit.Allowed, c.code; c.code != "" {
			want.Result = audit.Denied
		}
		if e != want || e.RequestID == "" {
			t.Errorf("%s: %+v, want %+v", c.name, e, want)
		}
		if got := w.receipt.Load(); got != audittest.Receipt(e) && (c.code == "" || got != "") {
			t.Errorf("%s: receipt %q", c.name, got)
		}
	}
}

// TestWhatAMasterDoesForAnAgent is told of the agent, whose data it is.
func TestWhatAMasterDoesForAnAgent(t *testing.T) {
	w := newWorld(t)
	for name, call := range map[string]func(*world) error{
		"store": mintOf(api.PathCapCredStore, true, nil),
		"web identity": identityOf(true, func(w *world) api.WebIdentityRequest {
			return api.WebIdentityRequest{Class: service.Credentials, Actor: w.actor}
		}),
	} {
		if err := call(w); err != nil {
			t.Fatal(name, err)
		}
		if e := w.events(w.from); len(e) != 1 || e[0].Operator != w.operator || e[0].Actor != w.actor || e[0].Device != w.theDev {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// TestABrokenSinkMintsNothing: no token leaves, a denial stays what it is.
func TestABrokenSinkMintsNothing(t *testing.T) {
	w := newWorld(t)
	s := w.mustLogin(w.agent)
	mint := func(svc string) error {
		c, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, w.want(svc))
		if err != nil && c.Token != "" {
			t.Error("a token beside the refusal")
		}
		return err
	}
	identity := func() error {
		_, err := w.identity(s, w.agent, api.WebIdentityRequest{Class: service.Credentials})
		return err
	}
	login := func() error {
		_, err := w.login(w.agent)
		return err
	}
	w.audit.Break()
	wantCode(t, "mint", mint("github"), apierr.AuditUnavailable)
	wantCode(t, "web identity", identity(), apierr.AuditUnavailable)
	wantCode(t, "login", login(), apierr.AuditUnavailable)
	wantCode(t, "a denial", mint("gitlab"), apierr.ServiceNotInScope)
	w.audit.Mend()
	if err := errors.Join(mint("github"), identity(), login()); err != nil {
		t.Error(err)
	}
}
