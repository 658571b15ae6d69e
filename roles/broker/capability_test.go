package broker_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/roles/broker"
)

// verify opens a capability as a worker does.
func (w *world) verify(c api.Capability) captoken.Grant {
	w.t.Helper()
	set, err := jose.NewKeySet(w.k1.Public())
	if err != nil {
		w.t.Fatal(err)
	}
	v, err := captoken.NewVerifier(set, brokerURL, w.clock.now)
	if err != nil {
		w.t.Fatal(err)
	}
	g, err := v.Verify(c.Token)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

func (w *world) want(svc string) api.CapRequest {
	return api.CapRequest{Operator: w.operator, Actor: w.actor, Service: svc}
}

// actions are what the mint routes fix.
var actions = map[string]service.Action{
	api.PathCapCredStore: service.CredStore, api.PathCapCredFetch: service.CredFetch,
	api.PathCapCredList: service.CredList, api.PathCapCredTeardown: service.CredTeardown,
	api.PathCapMemoryPut: service.MemoryPut, api.PathCapMemoryGet: service.MemoryGet,
	api.PathCapMemoryList: service.MemoryList, api.PathCapMemoryTeardown: service.MemoryTeardown,
}

func TestMint(t *testing.T) {
	w := newWorld(t)
	w.chain.SetEpoch(4)
	w.grant(chain.Grant{Service: name(t, "github"), Ops: service.AllOps}, chain.Grant{Service: name(t, "memory:notes"), Ops: service.AllOps})
	s := w.mustLogin(w.agent)
	for path, a := range actions {
		r := w.want("github")
		if a.Class == service.Memory {
			r.Service = "memory:notes"
		}
		if a.ListsClass() {
			r.Service = "*"
		}
		c, err := w.mint(t.Context(), path, s, w.agent, r)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		g := w.verify(c)
		if g.Require(a) != nil || g.Operator() != w.operator || g.Actor() != w.actor || g.Device() != w.agentDev || g.Epoch() != 4 ||
			g.Uses() != 1 || g.Thumbprint() != dpop.Thumbprint(&w.agent.PublicKey) || !g.ExpiresAt().Equal(w.clock.now().Add(300*time.Second)) {
			t.Errorf("%s: %+v", path, g)
		}
	}
}

func TestOperatorMismatchReadsNoChain(t *testing.T) {
	w := newWorld(t)
	sibling := key(t)
	siblingActor, _ := w.chain.AddAgent(w.operator, crypto.PubkeyToAddress(sibling.PublicKey))
	agent, master := w.mustLogin(w.agent), w.mustLogin(w.master)
	before := w.chain.Calls()
	for what, r := range map[string]api.CapRequest{
		"another operator":                   {Operator: w.other, Actor: w.actor, Service: "github"},
		"another operator's actor":           {Operator: w.other, Actor: omni.Self(w.other), Service: "github"},
		"sibling":                            {Operator: w.operator, Actor: siblingActor, Service: "github"},
		"its operator itself":                {Operator: w.operator, Actor: omni.Self(w.operator), Service: "github"},
		"its actor under another's operator": {Operator: w.other, Actor: w.actor, Service: "github"},
	} {
		for path := range actions {
			_, err := w.mint(t.Context(), path, agent, w.agent, r)
			wantCode(t, what+" "+path, err, apierr.OperatorMismatch)
		}
	}
	_, err := w.mint(t.Context(), api.PathCapCredStore, master, w.master, api.CapRequest{Operator: w.other, Actor: w.actor, Service: "github"})
	wantCode(t, "master for another operator", err, apierr.OperatorMismatch)
	_, err = w.identity(agent, w.agent, api.WebIdentityRequest{Class: service.Credentials, Actor: siblingActor})
	wantCode(t, "web identity of a sibling", err, apierr.OperatorMismatch)
	if got := w.chain.Calls(); got != before {
		t.Errorf("the chain was asked: %+v, before %+v", got, before)
	}
	// The positive twin: the agent's own actor.
	if _, err := w.mint(t.Context(), api.PathCapCredFetch, agent, w.agent, w.want("github")); err != nil {
		t.Error(err)
	}
}

func TestMintRefusesBadRequests(t *testing.T) {
	w := newWorld(t)
	w.grant(chain.Grant{Service: name(t, "github"), Ops: service.AllOps})
	s := w.mustLogin(w.agent)
	with := func(f func(*api.CapRequest)) api.CapRequest { r := w.want("github"); f(&r); return r }
	for what, c := range map[string]struct {
		path string
		r    any
	}{
		"bad service":         {api.PathCapCredFetch, with(func(r *api.CapRequest) { r.Service = "../x" })},
		"no service":          {api.PathCapCredFetch, with(func(r *api.CapRequest) { r.Service = "" })},
		"star for a fetch":    {api.PathCapCredFetch, with(func(r *api.CapRequest) { r.Service = "*" })},
		"name for a list":     {api.PathCapCredList, with(func(*api.CapRequest) {})},
		"another class":       {api.PathCapCredFetch, with(func(r *api.CapRequest) { r.Service = "memory:github" })},
		"two uses of a store": {api.PathCapCredStore, with(func(r *api.CapRequest) { r.Uses = 2 })},
		"101 uses":            {api.PathCapCredFetch, with(func(r *api.CapRequest) { r.Uses = 101 })},
		"negative uses":       {api.PathCapCredFetch, with(func(r *api.CapRequest) { r.Uses = -1 })},
		"59 seconds":          {api.PathCapCredFetch, with(func(r *api.CapRequest) { r.TTL = 59 })},
		"1801 seconds":        {api.PathCapCredFetch, with(func(r *api.CapRequest) { r.TTL = 1801 })},
		"class in the body":   {api.PathCapCredFetch, map[string]any{"operator_omni": w.operator, "actor_omni": w.actor, "service": "github", "data_class": "memory"}},
		"op in the body":      {api.PathCapCredFetch, map[string]any{"operator_omni": w.operator, "actor_omni": w.actor, "service": "github", "op": "store"}},
		"no operator":         {api.PathCapCredFetch, map[string]any{"actor_omni": w.actor, "service": "github"}},
		"no actor":            {api.PathCapCredFetch, map[string]any{"operator_omni": w.operator, "service": "github"}},
	} {
		_, err := w.mint(t.Context(), c.path, s, w.agent, c.r)
		wantCode(t, what, err, apierr.InvalidInput)
	}
	if _, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, with(func(r *api.CapRequest) { r.Uses, r.TTL = 100, 1800 })); err != nil {
		t.Error(err)
	}
}

func TestMintAsksTheChain(t *testing.T) {
	addr := func(w *world) { w.chain.Revoke(crypto.PubkeyToAddress(w.agent.PublicKey)) }
	for _, c := range []struct {
		name string
		edit func(*world)
		want apierr.Code
	}{
		{"nothing changed", func(*world) {}, ""},
		{"revoked", addr, apierr.DeviceRevoked},
		{"frozen", func(w *world) { w.chain.SetFrozen(w.operator, true) }, apierr.OperatorFrozen},
		{"unfrozen again", func(w *world) { w.chain.SetFrozen(w.operator, true); w.chain.SetFrozen(w.operator, false) }, ""},
		{"another operator frozen", func(w *world) { w.chain.SetFrozen(w.other, true) }, ""},
		{"scope emptied", func(w *world) { w.grant() }, apierr.ServiceNotInScope},
		{"other service", func(w *world) { w.grant(chain.Grant{Service: name(t, "gitlab"), Ops: service.Read}) }, apierr.ServiceNotInScope},
		{"op not granted", func(w *world) { w.grant(chain.Grant{Service: name(t, "github"), Ops: service.Write}) }, apierr.ServiceNotInScope},
		{"expired", func(w *world) {
			w.grant(chain.Grant{Service: name(t, "github"), Ops: service.Read, ExpiresAt: uint64(w.clock.now().Unix())})
		}, apierr.ServiceNotInScope},
		{"lost CAP_MINT", func(w *world) {
			w.chain.SetDevice(w.agentDev, chain.Device{Registered: true, Operator: w.operator, Actor: w.actor, Tier: 2})
		}, apierr.DeviceRoleMissing},
		{"bound elsewhere", func(w *world) {
			w.chain.SetDevice(w.agentDev, chain.Device{Registered: true, Operator: w.other, Actor: w.actor, Tier: 2, Roles: chain.RoleCapMint})
		}, apierr.DeviceBindingMismatch},
		{"unregistered", func(w *world) { w.chain.SetDevice(w.agentDev, chain.Device{}) }, apierr.DeviceNotActive},
		{"stale", func(w *world) { w.chain.GoStale() }, apierr.ChainStale},
		{"unavailable", func(w *world) { w.chain.GoUnavailable() }, apierr.ChainUnavailable},
		{"granted a moment ago", func(w *world) {
			w.grant()
			w.chain.UntilRefresh(func() { w.grant(chain.Grant{Service: name(t, "github"), Ops: service.Read}) })
		}, ""},
	} {
		w := newWorld(t)
		s := w.mustLogin(w.agent)
		c.edit(w)
		_, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, w.want("github"))
		wantCode(t, c.name, err, c.want)
	}
}

func TestProvisioning(t *testing.T) {
	w := newWorld(t)
	s := w.mustLogin(w.master)
	for path, svc := range map[string]string{api.PathCapCredStore: "github", api.PathCapCredList: "*", api.PathCapCredTeardown: "github"} {
		c, err := w.mint(t.Context(), path, s, w.master, w.want(svc))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		// Bound to the master's own device and key, for the agent's data.
		if g := w.verify(c); g.Device() != w.theDev || g.Actor() != w.actor || g.Thumbprint() != dpop.Thumbprint(&w.master.PublicKey) {
			t.Errorf("%s: %+v", path, g)
		}
	}
	_, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.master, w.want("github"))
	wantCode(t, "the operator reads what it provisioned", err, apierr.DeviceBindingMismatch)
	_, err = w.mint(t.Context(), api.PathCapCredStore, s, w.master, w.want("gitlab"))
	wantCode(t, "provisions what was never granted", err, apierr.ServiceNotInScope)

	w.chain.Retire(crypto.PubkeyToAddress(w.master.PublicKey))
	_, err = w.mint(t.Context(), api.PathCapCredStore, s, w.master, w.want("github"))
	wantCode(t, "a session from before the wallet was retired", err, apierr.WalletRetired)

	// Even if another operator grants something to an agent that is not its own.
	w.chain.SetGrants(w.other, w.actor, chain.Grant{Service: name(t, "github"), Ops: service.AllOps})
	stranger := w.mustLogin(w.stranger)
	_, err = w.mint(t.Context(), api.PathCapCredStore, stranger, w.stranger, api.CapRequest{Operator: w.other, Actor: w.actor, Service: "github"})
	wantCode(t, "another operator for this agent", err, apierr.DeviceBindingMismatch)
}

func TestLimits(t *testing.T) {
	w := newWorld(t)
	w.grant(chain.Grant{Service: name(t, "github"), Ops: service.Read | service.List, MaxPerPeriod: 3, PeriodSeconds: 60, MaxTotal: 5},
		chain.Grant{Service: name(t, "memory:notes"), Ops: service.Read | service.List, MaxTotal: 1})
	s, m := w.mustLogin(w.agent), w.mustLogin(w.master)
	fetch := func(uses int) error {
		r := w.want("github")
		r.Uses = uses
		_, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, r)
		return err
	}
	wantCode(t, "more than the period at once", fetch(4), apierr.ScopeLimitReached)
	wantCode(t, "two", fetch(2), "")
	wantCode(t, "one more", fetch(1), "")
	wantCode(t, "the fourth in the period", fetch(1), apierr.ScopeLimitReached)
	at := "agentkeys scope set --agent " + w.actor.String() + " --service github --ops read,list"
	if fix := apierr.From(fetch(1)).Fix; fix != at+" --max-per-period N --period 1m --max-total 5" {
		t.Errorf("the fix is %q", fix)
	}
	if _, err := w.mint(t.Context(), api.PathCapCredList, s, w.agent, w.want("*")); err != nil {
		t.Errorf("a list is not charged: %v", err)
	}
	if _, err := w.mint(t.Context(), api.PathCapCredStore, m, w.master, w.want("github")); err != nil {
		t.Errorf("provisioning is not charged: %v", err)
	}
	for range 3 {
		_, err := w.mint(t.Context(), api.PathCapMemoryList, s, w.agent, w.want("memory:notes"))
		wantCode(t, "a list of a namespace is not charged", err, "")
	}
	_, err := w.mint(t.Context(), api.PathCapMemoryGet, s, w.agent, w.want("memory:notes"))
	wantCode(t, "what is read is", err, "")
	_, err = w.mint(t.Context(), api.PathCapMemoryGet, s, w.agent, w.want("memory:notes"))
	wantCode(t, "and limited", err, apierr.ScopeLimitReached)
	w.clock.advance(time.Minute)
	wantCode(t, "the next period", fetch(2), "")
	wantCode(t, "the total", fetch(1), apierr.ScopeLimitReached)
	if fix := apierr.From(fetch(1)).Fix; fix != at+" --max-per-period 3 --period 1m --max-total N" {
		t.Errorf("the fix is %q", fix)
	}
	w.grant(chain.Grant{Service: name(t, "github"), Ops: service.Read, MaxTotal: 1})
	wantCode(t, "a new scope counts anew", fetch(1), "")
}

func TestSessionPolicy(t *testing.T) {
	w := newWorld(t)
	s := w.mustLogin(w.agent)
	r := w.want("github")
	set := func(k, v string) func(*http.Request) { return func(q *http.Request) { q.Header.Set(k, v) } }
	add := func(k string) func(*http.Request) { return func(q *http.Request) { q.Header.Add(k, q.Header.Get(k)) } }
	for _, c := range []struct {
		name string
		edit func(*http.Request)
		want apierr.Code
	}{
		{"nothing wrong", func(*http.Request) {}, ""},
		{"no session", func(q *http.Request) { q.Header.Del("Authorization") }, apierr.Unauthorized},
		{"session twice", add("Authorization"), apierr.Unauthorized},
		{"bearer", set("Authorization", "Bearer "+s.Token), apierr.Unauthorized},
		{"not a session", set("Authorization", "DPoP x.y.z"), apierr.Unauthorized},
		{"no proof", func(q *http.Request) { q.Header.Del("DPoP") }, apierr.ProofInvalid},
		{"proof twice", add("DPoP"), apierr.ProofInvalid},
	} {
		_, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, r, c.edit)
		wantCode(t, c.name, err, c.want)
	}
	_, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.stranger, r)
	wantCode(t, "a stolen session with another key", err, apierr.ProofInvalid)

	var proof string
	keep := func(q *http.Request) { proof = q.Header.Get("DPoP") }
	if _, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, r, keep); err != nil {
		t.Fatal(err)
	}
	_, err = w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, r, set("DPoP", proof))
	wantCode(t, "replayed proof", err, apierr.ProofReplayed)
	_, err = w.mint(t.Context(), api.PathCapCredStore, s, w.agent, r, set("DPoP", proof))
	wantCode(t, "proof of another route", err, apierr.ProofInvalid)
	other := r
	other.Uses = 2
	_, err = w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, other, set("DPoP", proof))
	wantCode(t, "proof over another body", err, apierr.ProofInvalid)

	c, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, r)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.mint(t.Context(), api.PathCapCredFetch, api.Session{Token: c.Token}, w.agent, r)
	wantCode(t, "a capability as session", err, apierr.Unauthorized)

	w.clock.advance(time.Hour)
	_, err = w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, r)
	wantCode(t, "after an hour", err, apierr.SessionExpired)
}

// One key that makes all the calls it can, be they refused, is told to wait;
// another key, and the same one a minute later, is served.
func TestAKeyOverItsQuota(t *testing.T) {
	w := newWorld(t)
	s, master, r := w.mustLogin(w.agent), w.mustLogin(w.master), w.want("github")
	foreign := r
	foreign.Operator = w.other
	var last string
	keep := func(q *http.Request) { last = q.Header.Get("DPoP") }
	for i := range dpop.DefaultPerKey {
		_, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, foreign, keep)
		if apierr.CodeOf(err) != apierr.OperatorMismatch {
			t.Fatalf("call %d: %v", i, err)
		}
		if i < 100 { // a stolen session without its key takes nothing of the quota
			_, err = w.mint(t.Context(), api.PathCapCredFetch, s, w.stranger, r)
			wantCode(t, "a stolen session with another key", err, apierr.ProofInvalid)
		}
	}
	_, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, r)
	wantCode(t, "one call more", err, apierr.RateLimited)
	_, err = w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, foreign, func(q *http.Request) { q.Header.Set("DPoP", last) })
	wantCode(t, "a replay at the quota", err, apierr.ProofReplayed)
	_, err = w.mint(t.Context(), api.PathCapCredStore, master, w.master, r)
	wantCode(t, "another key", err, "")
	w.clock.advance(dpop.MaxAge + time.Second)
	_, err = w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, r)
	wantCode(t, "a minute later", err, "")
}

func TestNotServedAnyMore(t *testing.T) {
	w := newWorld(t)
	s := w.mustLogin(w.agent)
	other := newWorld(t, func(p *broker.Parts) { p.K1, p.View, p.Operators = w.k1, w.chain, role.Operators{} })
	_, err := other.mint(t.Context(), api.PathCapCredFetch, s, w.agent, w.want("github"))
	wantCode(t, "session of an operator that is served no more", err, apierr.OperatorNotServed)
	_, err = other.identity(s, w.agent, api.WebIdentityRequest{Class: service.Credentials})
	wantCode(t, "web identity", err, apierr.OperatorNotServed)
	if told := other.events(0); len(told) != 0 {
		t.Errorf("a journal that is not kept here was written into: %+v", told)
	}
}
