package memory_test

import (
	"bytes"
	"crypto/ecdsa"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/worker/workertest"
)

// TestForeignSession: with the session of a sibling, of another operator's agent, or
// of one's own in the other class, storage refuses, and not one data key is asked for
// what was read.
func TestForeignSession(t *testing.T) {
	w := newWorld(t)
	a := &workertest.Asked{DataKeys: keystest.New(t)}
	w.Keys = a
	w.Start()
	p := w.People[0]
	for _, owner := range w.People {
		wantCode(t, "store", w.call(owner, ops[0]).Send(), "")
	}
	before := w.raw(p, "memory:notes", "Todo.md")
	foreign := map[string]*person{"a sibling": w.People[1], "another operator's agent": w.People[2]}
	other := *p
	w.Chain.SetGrants(p.Operator, p.Actor, chain.Grant{Service: name(t, "github"), Ops: service.AllOps}, chain.Grant{Service: name(t, "memory:notes"), Ops: service.AllOps})
	other.Session = w.ExchangeFor(service.Credentials, p, oidc.AccessWrite)
	foreign["one's own of the credentials"] = &other
	n := a.N.Load()
	for who, f := range foreign {
		for _, o := range ops {
			c := w.call(p, o)
			c.Creds = f.Session
			wantCode(t, string(o.Action.Op)+" with the session of "+who, c.Send(), apierr.StorageDenied)
			if len(c.Reply) != 0 {
				t.Errorf("%s was answered %q", o.Action.Op, c.Reply)
			}
		}
	}
	if a.N.Load() != n {
		t.Errorf("%d data keys were asked for", a.N.Load()-n)
	}
	if !bytes.Equal(w.raw(p, "memory:notes", "Todo.md"), before) {
		t.Error("the object was touched")
	}
	wantCode(t, "with its own", w.get(p).Send(), "")
	// A session that may read puts and removes nothing.
	reads := w.Exchange(p, oidc.AccessRead)
	for _, o := range ops {
		want := apierr.Code("")
		if o.Action.Mutates {
			want = apierr.StorageDenied
		}
		c := w.call(p, o)
		c.Creds = reads
		wantCode(t, string(o.Action.Op)+" with a session that reads", c.Send(), want)
	}
}

// TestNamespacesAreApart: a capability for one namespace reaches nothing of another,
// also with the key of the other in path and proof.
func TestNamespacesAreApart(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	put := func(svc, key, value string) {
		o := ops[0].Of(svc, key)
		o.Body = []byte(value)
		wantCode(t, "put", w.call(p, o).Send(), "")
	}
	put("memory:notes", "mine", "a")
	put("memory:jobs", "theirs", "b")
	wantCode(t, "another namespace's key", w.call(p, ops[1].Of("memory:notes", "theirs")).Send(), apierr.NotFound)
	wantCode(t, "torn down in one's own", w.call(p, ops[3].Of("memory:notes", "theirs")).Send(), "")
	list := w.call(p, ops[2].Of("memory:notes", ""))
	if err := list.Send(); err != nil || !strings.Contains(string(list.Reply), "mine") || strings.Contains(string(list.Reply), "theirs") {
		t.Errorf("%s %v", list.Reply, err)
	}
	if c := w.call(p, ops[1].Of("memory:jobs", "theirs")); c.Send() != nil || string(c.Reply) != "b" {
		t.Errorf("%q", c.Reply)
	}
	// No cursor leads out of it.
	for _, after := range []string{"../jobs/", "..", "jobs/theirs", "../", "a/../../jobs/a", "%2e%2e%2fjobs", "\u0000", "theirs.enc/../x"} {
		o := ops[2]
		o.Body = []byte(`{"after":"` + strings.ReplaceAll(after, "\u0000", `\u0000`) + `"}`)
		wantCode(t, "after "+after, w.call(p, o).Send(), apierr.InvalidInput)
	}
}

// TestPaging walks through a namespace, a page at a time.
func TestPaging(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	for _, key := range []string{"a", "b", "c"} {
		wantCode(t, "put", w.call(p, ops[0].Of("memory:notes", key)).Send(), "")
	}
	list := func(body string) string {
		o := ops[2]
		o.Body = []byte(body)
		c := w.call(p, o)
		if err := c.Send(); err != nil {
			t.Fatal(err)
		}
		return string(c.Reply)
	}
	if got := list(`{"limit":2}`); !strings.Contains(got, `"next":"b"`) || strings.Contains(got, `"key":"c"`) {
		t.Error(got)
	}
	if got := list(`{"limit":2,"after":"b"}`); strings.Contains(got, `"next"`) || !strings.Contains(got, `"key":"c"`) || strings.Contains(got, `"key":"b"`) {
		t.Error(got)
	}
	if got := list(`{"limit":3}`); strings.Contains(got, `"next"`) {
		t.Error(got)
	}
	for _, body := range []string{`{"limit":-1}`, `{"limit":1001}`, `{"limit":"1"}`, `{"x":1}`, `[]`, ``, `{"after":1}`, `{"limit":1,"limit":2}`} {
		o := ops[2]
		o.Body = []byte(body)
		wantCode(t, body, w.call(p, o).Send(), apierr.InvalidInput)
	}
}

// TestPathKeys: the key stands in the path as it is, and has a grammar, before
// anything is built from it.
func TestPathKeys(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	wantCode(t, "store", w.call(p, ops[0]).Send(), "")
	for what, key := range map[string]string{
		"dots": "..", "hidden": ".a", "a slash": "a%2Fb", "a needless escape": "Todo%2Emd", "a space": "a%20b", "NUL": "a%00",
		"long": strings.Repeat("k", 129), "not ASCII": "%C3%A4", "a wildcard": "*", "another case of escape": "%54odo.md",
	} {
		for _, o := range ops {
			if o.Key == "" {
				continue
			}
			o.Key = key
			c := w.call(p, o)
			c.Proof.URL = memoryURL + o.Path + "/" + key
			wantCode(t, string(o.Action.Op)+", "+what, c.Send(), apierr.InvalidInput)
		}
	}
	// The proof of one key is none for another, in path or in obj.
	for _, o := range ops {
		if o.Key == "" {
			continue
		}
		c := w.call(p, o)
		c.Edit = func(r *http.Request) { r.URL.Path = o.Path + "/Other" }
		wantCode(t, string(o.Action.Op)+" of another path", c.Send(), apierr.ProofInvalid)
		c = w.call(p, o)
		c.Proof.URL, c.Edit = memoryURL+o.Path+"/Other", func(r *http.Request) { r.URL.Path = o.Path + "/Other" }
		wantCode(t, string(o.Action.Op)+" of another path, with its URL proven", c.Send(), apierr.ProofObjectMismatch)
	}
}

// TestStolenBroker holds K1, K2 and with it storage sessions for any actor. It gets
// ciphertext and nothing else, and puts nothing there that opens as genuine and newer.
func TestStolenBroker(t *testing.T) {
	w := newWorld(t)
	victim := w.People[0]
	marker := []byte("canary-9b1d-value-of-the-memory")
	o := ops[0]
	o.Body = marker
	wantCode(t, "store", w.call(victim, o).Send(), "")
	thief := w.Exchange(victim, oidc.AccessWrite)
	sealed := w.raw(victim, "memory:notes", "Todo.md")
	if bytes.Contains(sealed, marker[:8]) {
		t.Error("the ciphertext holds the value")
	}
	own := must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
	for what, a := range map[string]struct {
		edit func(*captoken.Request)
		want apierr.Code
	}{
		"the victim's device, bound to the thief's key": {func(r *captoken.Request) { r.JKT = dpop.Thumbprint(&own.PublicKey) }, apierr.ProofInvalid},
		"the victim's device and thumbprint":            {func(*captoken.Request) {}, apierr.ProofInvalid},
		"the thief's unregistered device": {func(r *captoken.Request) {
			r.JKT, r.Device = dpop.Thumbprint(&own.PublicKey), omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(own.PublicKey))
		}, apierr.DeviceNotActive},
	} {
		for _, o := range ops {
			c := w.call(victim, o)
			a.edit(&c.Cap)
			c.Who, c.Creds = &person{Key: own}, thief
			wantCode(t, what+", "+string(o.Action.Op), c.Send(), a.want)
		}
	}
	if c := w.get(victim); c.Send() != nil || !bytes.Equal(c.Reply, marker) {
		t.Errorf("%q", c.Reply)
	}
}

// TestMastersHaveNoMemoryOfTheirAgents: nothing of this class is provisioned.
func TestMastersHaveNoMemoryOfTheirAgents(t *testing.T) {
	w := newWorld(t)
	agent := w.People[0]
	k := must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
	op, dev := w.Chain.AddMaster(crypto.PubkeyToAddress(k.PublicKey))
	w.Chain.SetActorOwner(agent.Actor, op)
	w.Chain.SetGrants(op, agent.Actor, chain.Grant{Service: name(t, "memory:notes"), Ops: service.AllOps})
	agent.Operator = op
	w.Chain.SetDevice(agent.Device, chain.Device{Registered: true, Operator: op, Actor: agent.Actor, Tier: 2, Roles: chain.RoleCapMint})
	master := &person{Key: k, Operator: op, Actor: agent.Actor, Device: dev, Session: agent.Session}
	for _, o := range ops {
		wantCode(t, "master, "+string(o.Action.Op), w.call(master, o).Send(), apierr.DeviceBindingMismatch)
		wantCode(t, "the agent, "+string(o.Action.Op), w.call(agent, ops[0]).Send(), "")
	}
}

func TestBodies(t *testing.T) {
	w := newWorld(t)
	for n, want := range map[int]apierr.Code{1: "", 1 << 20: "", 0: apierr.InvalidInput, 1<<20 + 1: apierr.BodyTooLarge, 3 << 20: apierr.BodyTooLarge} {
		o := ops[0]
		o.Body = bytes.Repeat([]byte{7}, n)
		wantCode(t, "a put", w.call(w.People[0], o).Send(), want)
	}
	for _, o := range []op{ops[1], ops[3]} {
		o.Body = []byte("x")
		wantCode(t, string(o.Action.Op)+" with a body", w.call(w.People[0], o).Send(), apierr.InvalidInput)
	}
	o := ops[0]
	o.Media = "text/plain"
	wantCode(t, "a form", w.call(w.People[0], o).Send(), apierr.InvalidInput)
}

// TestOtherRolesPaths: a worker serves its own paths and no other role's.
func TestOtherRolesPaths(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{
		api.PathLoginStart, api.PathWebIdentity, api.PathCapJWKS, api.PathCapMemoryPut, api.PathCapMemoryGet, api.PathCredStore, api.PathCredFetch,
		api.PathMemoryPut, api.PathMemoryGet, api.PathMemoryList + "/x", "/v1/dek/unwrap", "/v1/audit/append", "/readyz", "/metrics",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			rec := httptest.NewRecorder()
			w.Server.ServeHTTP(rec, httptest.NewRequest(method, path, nil))
			if rec.Code != http.StatusNotFound {
				t.Errorf("%s %s: %d", method, path, rec.Code)
			}
		}
	}
}
