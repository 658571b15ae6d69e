package cred_test

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

// op is one route of the worker.
type op struct {
	path   string
	action service.Action
	svc    string
	body   []byte
}

var ops = []op{
	{api.PathCredStore, service.CredStore, "github", []byte("s3cret-value")},
	{api.PathCredFetch, service.CredFetch, "github", nil},
	{api.PathCredList, service.CredList, "*", nil},
	{api.PathCredTeardown, service.CredTeardown, "github", nil},
}

// call is one request before it is sent; a fault changes one thing in it.
type call struct {
	w      *world
	who    *person
	op     op
	cap    captoken.Request
	at     time.Time // of the mint
	forge  func(good string) string
	proof  dpop.Request
	creds  sts.Credentials
	edit   func(*http.Request)
	reply  []byte        // what was answered when it succeeded
	worker *httpd.Server // who is asked; nil: the world's
	// receipt came with the answer, whatever it was.
	receipt string
}

func (w *world) call(p *person, o op) *call {
	return &call{
		w: w, who: p, op: o, at: w.now(), creds: p.session,
		cap: captoken.Request{
			Operator: p.operator, Actor: p.actor, Service: o.svc, Action: o.action, Device: p.device,
			JKT: dpop.Thumbprint(&p.key.PublicKey), Epoch: 1,
		},
		proof: dpop.Request{Method: http.MethodPost, URL: credURL + o.path, Body: o.body, Now: w.now()},
	}
}

// send mints, signs and sends. The proof covers the token unless a fault has
// put another one there.
func (c *call) send() error {
	token := c.w.mint(c.cap, c.at)
	if c.forge != nil {
		token = c.forge(token)
	}
	return c.present(token)
}

func (c *call) present(token string) error {
	t := c.w.t
	t.Helper()
	p := c.proof
	if p.Token == "" {
		p.Token = token
	}
	proof, err := dpop.Sign(c.who.key, p)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, c.op.path, bytes.NewReader(c.op.body))
	if c.op.body != nil {
		req.Header.Set("Content-Type", "application/octet-stream")
	}
	sts.SetHeaders(req.Header, c.creds)
	req.Header.Set("Authorization", "DPoP "+token)
	req.Header.Set("DPoP", proof)
	if c.edit != nil {
		c.edit(req)
	}
	resp := httptest.NewRecorder()
	if c.worker == nil {
		c.worker = c.w.worker
	}
	c.worker.ServeHTTP(resp, req)
	body := resp.Body.Bytes()
	c.receipt = resp.Header().Get(httpd.ReceiptHeader)
	if resp.Code/100 == 2 {
		c.reply = body
		return nil
	}
	var pr apierr.Problem
	if err := strictjson.Decode(body, &pr); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	if d, ok := apierr.Lookup(pr.Code); !ok || d.Status != resp.Code {
		t.Errorf("%s with status %d", pr.Code, resp.Code)
	}
	if bytes.Contains(body, []byte("s3cret-value")) {
		t.Errorf("the answer repeats the secret: %s", body)
	}
	return &api.RemoteError{Problem: pr}
}

// fault breaks one thing of a call that would succeed.
type fault struct {
	name string
	want apierr.Code
	set  func(*call)
}

func header(name string, values ...string) func(*call) {
	return func(c *call) {
		c.edit = func(r *http.Request) {
			r.Header.Del(name)
			for _, v := range values {
				r.Header.Add(name, v)
			}
		}
	}
}

// reclaim re-signs the payload of a good token after a textual change: what
// only the holder of K1 could do.
func reclaim(from, to string) func(*call) {
	return func(c *call) {
		c.forge = func(good string) string {
			payload, err := base64.RawURLEncoding.DecodeString(strings.Split(good, ".")[1])
			if err != nil || !strings.Contains(string(payload), from) {
				c.w.t.Fatalf("payload %s lacks %s", payload, from)
			}
			return c.w.forger.Token(c.w.forger.Header(captoken.Type), strings.Replace(string(payload), from, to, 1))
		}
	}
}

func faults() []fault {
	other := service.Action{Class: service.Memory, Op: service.OpFetch, Needs: service.Read}
	return []fault{
		{"nothing", "", func(*call) {}},

		{"expired", apierr.CapExpired, func(c *call) { c.at = c.at.Add(-captoken.DefaultTTL * time.Second) }},
		{"not yet valid", apierr.CapExpired, func(c *call) { c.at = c.at.Add(time.Minute) }},
		{"other issuer", apierr.CapInvalid, reclaim(issuer, "http://127.0.0.1:8092")},
		{"lifetime of a day", apierr.CapInvalid, func(c *call) {
			reclaim(fmt.Sprintf(`"exp":%d`, c.at.Add(captoken.DefaultTTL*time.Second).Unix()), fmt.Sprintf(`"exp":%d`, c.at.Add(24*time.Hour).Unix()))(c)
		}},
		{"cnf of another key", apierr.ProofInvalid, func(c *call) { c.cap.JKT = dpop.Thumbprint(&otherKey(c).PublicKey) }},
		{"device of another key", apierr.ProofInvalid, func(c *call) { c.cap.Device = omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(otherKey(c).PublicKey)) }},
		{"no capability", apierr.CapInvalid, header("Authorization")},
		{"two capabilities", apierr.CapInvalid, func(c *call) {
			c.edit = func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) }
		}},
		{"bearer", apierr.CapInvalid, func(c *call) {
			c.edit = func(r *http.Request) {
				r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "DPoP", "Bearer", 1))
			}
		}},

		{"no proof", apierr.ProofInvalid, header("DPoP")},
		{"two proofs", apierr.ProofInvalid, func(c *call) { c.edit = func(r *http.Request) { r.Header.Add("DPoP", r.Header.Get("DPoP")) } }},
		{"wrong htm", apierr.ProofInvalid, func(c *call) { c.proof.Method = http.MethodPut }},
		{"wrong htu", apierr.ProofInvalid, func(c *call) { c.proof.URL = credURL + "/v1/cred/other" }},
		{"htu of the Host header", apierr.ProofInvalid, func(c *call) { c.proof.URL = "http://example.com" + c.op.path }},
		{"wrong ath", apierr.ProofInvalid, func(c *call) { c.proof.Token = "another.token.here" }},
		{"wrong bh", apierr.ProofInvalid, func(c *call) { c.proof.Body = []byte("another body") }},
		{"old proof", apierr.ProofInvalid, func(c *call) { c.proof.Now = c.proof.Now.Add(-dpop.MaxAge - time.Second) }},
		{"future proof", apierr.ProofInvalid, func(c *call) { c.proof.Now = c.proof.Now.Add(dpop.Leeway + 2*time.Second) }},

		{"wrong class", apierr.CapDataClassMismatch, func(c *call) { c.cap.Action, c.cap.Service = other, "memory:notes" }},
		{"wrong op", apierr.CapOpMismatch, func(c *call) {
			for _, o := range ops {
				if o.action.Op != c.op.action.Op {
					c.cap.Action, c.cap.Service = o.action, o.svc
					return
				}
			}
		}},
		{"future epoch", apierr.CapEpochAhead, func(c *call) { c.cap.Epoch = 2 }},
		{"actor of a sibling", apierr.DeviceBindingMismatch, func(c *call) { c.cap.Actor = omni.ActorOfWallet([20]byte{9}) }},
		{"operator of another", apierr.DeviceBindingMismatch, func(c *call) { c.cap.Operator = omni.OperatorOfWallet([20]byte{9}) }},

		{"no access key id", apierr.STSHeadersIncomplete, header("X-Aws-Access-Key-Id")},
		{"no secret access key", apierr.STSHeadersIncomplete, header("X-Aws-Secret-Access-Key")},
		{"no session token", apierr.STSHeadersIncomplete, header("X-Aws-Session-Token")},
		{"empty session token", apierr.STSHeadersIncomplete, header("X-Aws-Session-Token", "")},
		{"session token twice", apierr.STSHeadersIncomplete, header("X-Aws-Session-Token", "a", "a")},
		{"secret of another session", apierr.StorageDenied, func(c *call) { c.creds.SecretAccessKey = otherPerson(c).session.SecretAccessKey }},
		{"session of another actor", apierr.StorageDenied, func(c *call) { c.creds = otherPerson(c).session }},
	}
}

func otherKey(c *call) *ecdsa.PrivateKey { return otherPerson(c).key }

// otherPerson is anybody but the caller.
func otherPerson(c *call) *person {
	for _, p := range c.w.people {
		if p != c.who {
			return p
		}
	}
	return nil
}

// chainFaults change what the chain says, and put it back.
func chainFaults(t *testing.T) []struct {
	name      string
	want      apierr.Code
	set, back func(*world, *person)
} {
	active := func(w *world, p *person) {
		w.chain.SetDevice(p.device, chain.Device{Registered: true, Operator: p.operator, Actor: p.actor, Tier: 2, Roles: chain.RoleCapMint})
	}
	device := func(edit func(*chain.Device)) func(*world, *person) {
		return func(w *world, p *person) {
			d := chain.Device{Registered: true, Operator: p.operator, Actor: p.actor, Tier: 2, Roles: chain.RoleCapMint}
			edit(&d)
			w.chain.SetDevice(p.device, d)
		}
	}
	regrant := func(g ...chain.Grant) func(*world, *person) {
		return func(w *world, p *person) { w.chain.SetGrants(p.operator, p.actor, g...) }
	}
	grantAll := func(w *world, p *person) { w.grantAll(p) }
	recovers := func(w *world, _ *person) { w.chain.Recover() }
	return []struct {
		name      string
		want      apierr.Code
		set, back func(*world, *person)
	}{
		{"revoked", apierr.DeviceRevoked, device(func(d *chain.Device) { d.Revoked = true }), active},
		{
			"frozen", apierr.OperatorFrozen, func(w *world, p *person) { w.chain.SetFrozen(p.operator, true) },
			func(w *world, p *person) { w.chain.SetFrozen(p.operator, false) },
		},
		{"not registered", apierr.DeviceNotActive, device(func(d *chain.Device) { *d = chain.Device{} }), active},
		{"role lost", apierr.DeviceRoleMissing, device(func(d *chain.Device) { d.Roles = 0 }), active},
		{"bound to another operator", apierr.DeviceBindingMismatch, device(func(d *chain.Device) { d.Operator = omni.OperatorOfWallet([20]byte{7}) }), active},
		{"bound to another actor", apierr.DeviceBindingMismatch, device(func(d *chain.Device) { d.Actor = omni.ActorOfWallet([20]byte{7}) }), active},
		{"no grant", apierr.ServiceNotInScope, regrant(), grantAll},
		{"grant of another service", apierr.ServiceNotInScope, regrant(chain.Grant{Service: name(t, "memory:notes"), Ops: service.AllOps}), grantAll},
		{"grant without the op", apierr.ServiceNotInScope, regrant(chain.Grant{Service: name(t, "github"), Ops: service.Send}), grantAll},
		{"grant that has expired", apierr.ServiceNotInScope, regrant(chain.Grant{Service: name(t, "github"), Ops: service.AllOps, ExpiresAt: 1}), grantAll},
		{"stale chain", apierr.ChainStale, func(w *world, _ *person) { w.chain.GoStale() }, recovers},
		{"dead chain", apierr.ChainUnavailable, func(w *world, _ *person) { w.chain.GoUnavailable() }, recovers},
	}
}

// TestMatrix sends every fault by every actor at every op through the whole
// worker, and beside each the same call without the fault; what each leaves in the
// journal belongs to the answer.
func TestMatrix(t *testing.T) {
	w := newWorld(t)
	cells, told := 0, 0
	check := func(p int, o op, what string, err error, want apierr.Code) {
		cells++
		told = w.toldOf(what, w.people[p], o, told, want)
		if got := apierr.CodeOf(err); got != want {
			t.Errorf("actor %d, %s, %s: got %q (%v), want %q", p, o.action.Op, what, got, err, want)
		}
	}
	for i, p := range w.people {
		check(i, ops[0], "stored", w.call(p, ops[0]).send(), "")
		for _, o := range ops {
			for _, f := range faults() {
				c := w.call(p, o)
				f.set(c)
				check(i, o, f.name, c.send(), f.want)
			}
			for _, f := range w.forger.Confusions(t, captoken.Type, payload(w.mint(w.call(p, o).cap, w.now()))) {
				c := w.call(p, o)
				check(i, o, f.Name, c.present(f.Token), apierr.CapInvalid)
			}
			for _, f := range chainFaults(t) {
				f.set(w, p)
				check(i, o, f.name, w.call(p, o).send(), f.want)
				f.back(w, p)
			}
			w.twice(i, p, o, check)
			// A teardown emptied the object; what comes next finds one again.
			check(i, ops[0], "restored", w.call(p, ops[0]).send(), "")
		}
	}
	t.Logf("%d cells", cells)
}

// twice uses one capability up and replays one proof.
func (w *world) twice(i int, p *person, o op, check func(int, op, string, error, apierr.Code)) {
	c := w.call(p, o)
	token := w.mint(c.cap, c.at)
	var proof string
	c.edit = func(r *http.Request) { proof = r.Header.Get("DPoP") }
	check(i, o, "first use", c.present(token), "")
	c.edit = func(r *http.Request) { r.Header.Set("DPoP", proof) }
	check(i, o, "replayed proof", c.present(token), apierr.ProofReplayed)
	c.edit = nil
	check(i, o, "used up", c.present(token), apierr.CapUsed)
}

func payload(token string) string {
	b, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		panic(err)
	}
	return string(b)
}
