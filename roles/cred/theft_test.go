package cred_test

import (
	"bytes"
	"crypto/ecdsa"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
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
	victim := w.people[0]
	o := ops[0]
	o.body = marker
	if err := w.call(victim, o).send(); err != nil {
		t.Fatal(err)
	}

	// K2 obtains a session for the victim: ciphertext can be read (SPEC
	// section 1 says so), and does not contain the secret.
	thief := w.exchange(victim, oidc.AccessWrite)
	store := must[*blob.Store](t)(blob.New(blob.Config{Endpoint: w.endpoint, Region: "us-east-1", Bucket: bucket}))
	key := blob.CredentialKey(victim.actor, name(t, "github"))
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
			c := w.call(victim, o)
			a.edit(&c.cap)
			c.who, c.creds = &person{key: own}, thief
			if err := c.send(); apierr.CodeOf(err) != a.want {
				t.Errorf("%s, %s: got %v, want %s", what, o.action.Op, err, a.want)
			}
		}
	}

	// What K2 can do is put bytes there: nothing that the thief can make opens
	// as genuine. (An older genuine object put back does open; SPEC section 1.)
	for what, forged := range map[string][]byte{
		"plaintext": []byte("evil"), "a flipped bit": append(append([]byte{}, sealed[:len(sealed)-1]...), sealed[len(sealed)-1]^1),
		"another actor's object": w.sealedOf(w.people[1], store), "empty": {},
	} {
		if err := store.Open(thief).Put(t.Context(), key, forged); err != nil {
			t.Fatal(err)
		}
		if err := w.call(victim, ops[1]).send(); apierr.CodeOf(err) != apierr.EnvelopeInvalid {
			t.Errorf("%s opens, or is refused otherwise: %v", what, err)
		}
	}
	if err := store.Open(thief).Put(t.Context(), key, sealed); err != nil {
		t.Fatal(err)
	}
	if err := w.call(victim, ops[1]).send(); err != nil {
		t.Errorf("the genuine object: %v", err)
	}
}

func (w *world) sealedOf(p *person, s *blob.Store) []byte {
	w.t.Helper()
	if err := w.call(p, ops[0]).send(); err != nil {
		w.t.Fatal(err)
	}
	return must[[]byte](w.t)(s.Open(p.session).Get(w.t.Context(), blob.CredentialKey(p.actor, name(w.t, "github"))))
}

// TestProvisioning is the operator's side at the worker.
func TestProvisioning(t *testing.T) {
	w := newWorld(t)
	agent := w.people[0]
	k := must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
	op, dev := w.chain.AddMaster(crypto.PubkeyToAddress(k.PublicKey))
	other := w.people[2]
	w.chain.SetActorOwner(agent.actor, op)
	w.chain.SetGrants(op, agent.actor, chain.Grant{Service: name(t, "github"), Ops: service.Read})
	agent.operator = op
	w.chain.SetDevice(agent.device, chain.Device{Registered: true, Operator: op, Actor: agent.actor, Tier: 2, Roles: chain.RoleCapMint})
	master := &person{key: k, operator: op, actor: agent.actor, device: dev}
	master.session = w.exchange(agent, oidc.AccessProvision)

	for _, o := range ops {
		want := apierr.Code("")
		if o.action.Op == service.OpFetch {
			want = apierr.DeviceBindingMismatch
		}
		if err := w.call(master, o).send(); apierr.CodeOf(err) != want {
			t.Errorf("master, %s: got %v, want %q", o.action.Op, err, want)
		}
	}
	// With a session that could read, the worker still refuses; with the
	// provisioning session, storage would refuse as well.
	c := w.call(master, ops[1])
	c.creds = w.exchange(agent, oidc.AccessWrite)
	if err := c.send(); apierr.CodeOf(err) != apierr.DeviceBindingMismatch {
		t.Errorf("master fetches with a session that could: %v", err)
	}
	if err := w.call(master, ops[0]).send(); err != nil {
		t.Fatal(err)
	}
	agent.session = w.exchange(agent, oidc.AccessRead)
	if err := w.call(agent, ops[1]).send(); err != nil {
		t.Errorf("the agent does not get what was provisioned: %v", err)
	}
	master.actor = other.actor
	if err := w.call(master, ops[0]).send(); apierr.CodeOf(err) != apierr.DeviceBindingMismatch {
		t.Errorf("master provisions another operator's agent: %v", err)
	}
}

// TestOrderOfChecks breaks two things at once: the earlier check speaks.
func TestOrderOfChecks(t *testing.T) {
	w := newWorld(t)
	by := map[string]func(*call){}
	for _, f := range faults() {
		by[f.name] = f.set
	}
	order := []struct {
		name string
		want apierr.Code
	}{
		{"no session token", apierr.STSHeadersIncomplete},
		{"no capability", apierr.CapInvalid},
		{"wrong htu", apierr.ProofInvalid},
		{"wrong class", apierr.CapDataClassMismatch},
		{"future epoch", apierr.CapEpochAhead},
		{"session of another actor", apierr.StorageDenied},
	}
	for i, first := range order {
		for _, later := range order[i+1:] {
			c := w.call(w.people[0], ops[1])
			by[later.name](c)
			edit := c.edit
			by[first.name](c)
			if inner := c.edit; edit != nil && inner != nil {
				c.edit = func(r *http.Request) { edit(r); inner(r) }
			} else if edit != nil {
				c.edit = edit
			}
			if err := c.send(); apierr.CodeOf(err) != first.want {
				t.Errorf("%s and %s: got %v, want %s", first.name, later.name, err, first.want)
			}
		}
	}
}

func TestBodies(t *testing.T) {
	w := newWorld(t)
	store := func(n int) error {
		o := ops[0]
		o.body = bytes.Repeat([]byte{7}, n)
		return w.call(w.people[0], o).send()
	}
	for n, want := range map[int]apierr.Code{1: "", 1 << 20: "", 0: apierr.InvalidInput, 1<<20 + 1: apierr.BodyTooLarge, 3 << 20: apierr.BodyTooLarge} {
		if err := store(n); apierr.CodeOf(err) != want {
			t.Errorf("%d bytes: got %v, want %q", n, err, want)
		}
	}
	if err := w.call(w.people[1], ops[1]).send(); apierr.CodeOf(err) != apierr.NotFound {
		t.Errorf("nothing stored: %v", err)
	}
}

// TestBadInputCostsNoUse: what is refused for its shape leaves the one use of
// the capability to a well-formed call.
func TestBadInputCostsNoUse(t *testing.T) {
	w := newWorld(t)
	c := w.call(w.people[0], ops[0])
	token := w.mint(c.cap, c.at)
	c.edit = func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }
	if err := c.present(token); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Errorf("a form: %v", err)
	}
	c.edit = nil
	if err := c.present(token); err != nil {
		t.Errorf("the use is gone: %v", err)
	}
	f := w.call(w.people[0], ops[1])
	token = w.mint(f.cap, f.at)
	body := f.proof
	f.op.body, f.proof.Body = []byte("x"), []byte("x")
	if err := f.present(token); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Errorf("a fetch with a body: %v", err)
	}
	f.op.body, f.proof = nil, body
	if err := f.present(token); err != nil {
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
			w.worker.ServeHTTP(rec, httptest.NewRequest(method, path, nil))
			if rec.Code != http.StatusNotFound {
				t.Errorf("%s %s: %d", method, path, rec.Code)
			}
		}
	}
}

// TestNoAmbientIdentity poisons everything from which a cloud SDK would take
// credentials by itself: a call without its own session is refused, and one
// with its own works.
func TestNoAmbientIdentity(t *testing.T) {
	dir := t.TempDir()
	poison := filepath.Join(dir, "credentials")
	if err := os.WriteFile(poison, []byte("[default]\naws_access_key_id=AKIAPOISON\naws_secret_access_key=poison\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAPOISON", "AWS_SECRET_ACCESS_KEY": "poison", "AWS_SESSION_TOKEN": "poison",
		"AWS_SHARED_CREDENTIALS_FILE": poison, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "eu-poison-1", "HTTP_PROXY": "http://127.0.0.1:1",
	} {
		t.Setenv(k, v)
	}
	w := newWorld(t)
	if err := w.call(w.people[0], ops[0]).send(); err != nil {
		t.Errorf("with its own session: %v", err)
	}
	c := w.call(w.people[0], ops[0])
	c.edit = func(r *http.Request) {
		for name := range r.Header {
			if strings.HasPrefix(name, "X-Aws-") {
				r.Header.Del(name)
			}
		}
	}
	if err := c.send(); apierr.CodeOf(err) != apierr.STSHeadersIncomplete {
		t.Errorf("without any: %v", err)
	}
}
