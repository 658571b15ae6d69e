package cred_test

import (
	"bytes"
	"crypto/ecdsa"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// marker is a secret that must appear nowhere but at its agent.
var marker = []byte("canary-5f0c8d2e-value-of-the-credential")

// TestStolenBroker holds everything that a broker host has: K1 (the forger),
// K2 (the issuer, and with it storage sessions for any actor) and its
// database, which holds no key. It gets ciphertext and nothing else.
func TestStolenBroker(t *testing.T) {
	w := newWorld(t)
	victim := w.People[0]
	o := ops[0]
	o.Body = marker
	if err := w.Call(victim, o).Send(); err != nil {
		t.Fatal(err)
	}

	// K2 obtains a session for the victim: ciphertext can be read (SPEC
	// section 1 says so), and does not contain the secret.
	thief := w.Exchange(victim, oidc.AccessWrite)
	store := w.Store()
	key := blob.CredentialKey(victim.Actor, name(t, "github"))
	sealed := must[[]byte](t)(store.Open(thief).Get(t.Context(), key))
	if bytes.Contains(sealed, marker) || bytes.Contains(sealed, marker[:8]) {
		t.Error("the ciphertext holds the secret")
	}

	// K1 mints any capability; the proof needs the victim's device key.
	own := must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
	attacks := map[string]struct {
		edit func(*captoken.Request)
		want apierr.Code
	}{
		"the victim's device, bound to the thief's key": {func(r *captoken.Request) { r.JKT = dpop.Thumbprint(&own.PublicKey) }, apierr.ProofInvalid},
		"the victim's device and thumbprint":            {func(*captoken.Request) {}, apierr.ProofInvalid},
		"the thief's unregistered device": {func(r *captoken.Request) {
			r.JKT, r.Device = dpop.Thumbprint(&own.PublicKey), omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(own.PublicKey))
		}, apierr.DeviceNotActive},
	}
	for _, o := range ops {
		for what, a := range attacks {
			c := w.Call(victim, o)
			a.edit(&c.Cap)
			c.Who, c.Creds = &person{Key: own}, thief
			if err := c.Send(); apierr.CodeOf(err) != a.want {
				t.Errorf("%s, %s: got %v, want %s", what, o.Action.Op, err, a.want)
			}
		}
	}

	// What K2 can do is put bytes there: nothing that the thief can make opens
	// as genuine. (An older genuine object put back does open; SPEC section 1.)
	for what, forged := range map[string][]byte{
		"plaintext": []byte("evil"), "a flipped bit": append(append([]byte{}, sealed[:len(sealed)-1]...), sealed[len(sealed)-1]^1),
		"another actor's object": w.sealedOf(w.People[1], store), "empty": {},
	} {
		if err := store.Open(thief).Put(t.Context(), key, forged); err != nil {
			t.Fatal(err)
		}
		if err := w.Call(victim, ops[1]).Send(); apierr.CodeOf(err) != apierr.EnvelopeInvalid {
			t.Errorf("%s opens, or is refused otherwise: %v", what, err)
		}
	}
	if err := store.Open(thief).Put(t.Context(), key, sealed); err != nil {
		t.Fatal(err)
	}
	if err := w.Call(victim, ops[1]).Send(); err != nil {
		t.Errorf("the genuine object: %v", err)
	}
}

func (w *world) sealedOf(p *person, s *blob.Store) []byte {
	w.T.Helper()
	if err := w.Call(p, ops[0]).Send(); err != nil {
		w.T.Fatal(err)
	}
	return must[[]byte](w.T)(s.Open(p.Session).Get(w.T.Context(), blob.CredentialKey(p.Actor, name(w.T, "github"))))
}

// TestProvisioning is the operator's side at the worker.
func TestProvisioning(t *testing.T) {
	w := newWorld(t)
	agent := w.People[0]
	k := must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
	op, dev := w.Chain.AddMaster(crypto.PubkeyToAddress(k.PublicKey))
	other := w.People[2]
	w.Chain.SetActorOwner(agent.Actor, op)
	w.Chain.SetGrants(op, agent.Actor, chain.Grant{Service: name(t, "github"), Ops: service.Read})
	agent.Operator = op
	w.Chain.SetDevice(agent.Device, chain.Device{Registered: true, Operator: op, Actor: agent.Actor, Tier: 2, Roles: chain.RoleCapMint})
	master := &person{Key: k, Operator: op, Actor: agent.Actor, Device: dev}
	master.Session = w.Exchange(agent, oidc.AccessProvision)

	for _, o := range ops {
		want := apierr.Code("")
		if o.Action.Op == service.OpFetch {
			want = apierr.DeviceBindingMismatch
		}
		if err := w.Call(master, o).Send(); apierr.CodeOf(err) != want {
			t.Errorf("master, %s: got %v, want %q", o.Action.Op, err, want)
		}
	}
	// With a session that could read, the worker still refuses; with the
	// provisioning session, storage would refuse as well.
	c := w.Call(master, ops[1])
	c.Creds = w.Exchange(agent, oidc.AccessWrite)
	if err := c.Send(); apierr.CodeOf(err) != apierr.DeviceBindingMismatch {
		t.Errorf("master fetches with a session that could: %v", err)
	}
	if err := w.Call(master, ops[0]).Send(); err != nil {
		t.Fatal(err)
	}
	agent.Session = w.Exchange(agent, oidc.AccessRead)
	if err := w.Call(agent, ops[1]).Send(); err != nil {
		t.Errorf("the agent does not get what was provisioned: %v", err)
	}
	master.Actor = other.Actor
	if err := w.Call(master, ops[0]).Send(); apierr.CodeOf(err) != apierr.DeviceBindingMismatch {
		t.Errorf("master provisions another operator's agent: %v", err)
	}
}

func TestBodies(t *testing.T) {
	w := newWorld(t)
	store := func(n int) error {
		o := ops[0]
		o.Body = bytes.Repeat([]byte{7}, n)
		return w.Call(w.People[0], o).Send()
	}
	for n, want := range map[int]apierr.Code{1: "", 1 << 20: "", 0: apierr.InvalidInput, 1<<20 + 1: apierr.BodyTooLarge, 3 << 20: apierr.BodyTooLarge} {
		if err := store(n); apierr.CodeOf(err) != want {
			t.Errorf("%d bytes: got %v, want %q", n, err, want)
		}
	}
	if err := w.Call(w.People[1], ops[1]).Send(); apierr.CodeOf(err) != apierr.NotFound {
		t.Errorf("nothing stored: %v", err)
	}
}

// TestBadInputCostsNoUse: what is refused for its shape leaves the one use of
// the capability to a well-formed call.
func TestBadInputCostsNoUse(t *testing.T) {
	w := newWorld(t)
	c := w.Call(w.People[0], ops[0])
	token := w.Mint(c.Cap, c.At)
	c.Edit = func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }
	if err := c.Present(token); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Errorf("a form: %v", err)
	}
	c.Edit = nil
	if err := c.Present(token); err != nil {
		t.Errorf("the use is gone: %v", err)
	}
	f := w.Call(w.People[0], ops[1])
	token = w.Mint(f.Cap, f.At)
	body := f.Proof
	f.Op.Body, f.Proof.Body = []byte("x"), []byte("x")
	if err := f.Present(token); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Errorf("a fetch with a body: %v", err)
	}
	f.Op.Body, f.Proof = nil, body
	if err := f.Present(token); err != nil {
		t.Errorf("the use is gone: %v", err)
	}
}

// TestOtherRolesPaths: a worker serves its own paths and no other role's.
func TestOtherRolesPaths(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{
		api.PathLoginStart, api.PathLoginVerify, api.PathWebIdentity, api.PathCapJWKS, api.PathDiscovery, api.PathJWKS,
		api.PathCapCredStore, api.PathCapCredFetch, "/v1/memory/get", "/v1/dek/unwrap", "/v1/audit/append", "/readyz", "/metrics",
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
