package cred_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles/cred"
)

// open opens a worker of a development profile whose broker is at host. No
// remote dependency is asked: nothing listens at the other addresses.
func open(t *testing.T, c cred.Config, host string, edit ...func(*role.Env)) error {
	t.Helper()
	s, err := opened(t, c, host, edit...)
	if err == nil {
		err = s.Close()
	}
	return err
}

func opened(t *testing.T, c cred.Config, host string, edit ...func(*role.Env)) (role.Service, error) {
	t.Helper()
	e := role.Env{
		Now: time.Now, Log: zerolog.Nop(), Metrics: prometheus.NewRegistry(), Home: t.TempDir(), CreateKeys: true,
		Profile: &profile.Profile{
			Version: profile.Version, Environment: profile.Development, CapIssuer: issuer, Hosts: map[string]string{"broker": host, "audit": "http://127.0.0.1:1"},
			Chain:     profile.Chain{Name: "dev", ChainID: 31337, RPC: []string{"http://127.0.0.1:1"}, MaxHeadAgeSeconds: 15},
			Contracts: profile.Contracts{Version: 2, Registry: profile.Address{1}, Scope: profile.Address{2}, Audit: profile.Address{7}, Epoch: profile.Address{3}, K11Verifier: profile.Address{4}, P256Router: profile.Address{5}, P256Verifier: profile.Address{6}},
			Cloud:     profile.Cloud{Region: "us-east-1", AccountID: account, S3Endpoint: "http://127.0.0.1:1", STSEndpoint: "http://127.0.0.1:1", VaultBucket: bucket},
		},
	}
	for _, f := range edit {
		f(&e)
	}
	return c.Open(t.Context(), e)
}

func keySet(t *testing.T, k jose.PublicKey) []byte {
	t.Helper()
	return must[[]byte](t)(strictjson.Encode(must[jose.KeySet](t)(jose.NewKeySet(k)).JWKS()))
}

func TestOpenPinsTheCapabilityKey(t *testing.T) {
	k1, other := must[jose.PrivateKey](t)(jose.GenerateKey()), must[jose.PrivateKey](t)(jose.GenerateKey())
	file := filepath.Join(t.TempDir(), "jwks.json")
	if err := os.WriteFile(file, keySet(t, k1.Public()), 0o600); err != nil {
		t.Fatal(err)
	}
	status := http.StatusOK
	broker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != api.PathCapJWKS {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
		_, _ = w.Write(keySet(t, k1.Public()))
	}))
	t.Cleanup(broker.Close)
	for _, c := range []struct {
		name, pin string
		status    int
		want      bool
	}{
		{"file", file, 200, true},
		{"thumbprint of what the broker publishes", k1.Public().Thumbprint(), 200, true},
		{"nothing", "", 200, false},
		{"no such file", file + ".absent", 200, false},
		{"another key than the broker publishes", other.Public().Thumbprint(), 200, false},
		{"the broker answers an error", k1.Public().Thumbprint(), 500, false},
	} {
		status = c.status
		if err := open(t, cred.Config{CapKeys: c.pin, Signers: file}, broker.URL, func(e *role.Env) { e.Profile.Hosts["signer"] = issuer }); (err == nil) != c.want {
			t.Errorf("%s: %v", c.name, err)
		} else if c.pin == "" && !strings.Contains(err.Error(), "--cap-keys is not set") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestOpenWantsAnIdentityAndAPinnedSigner: a worker that could show nobody who
// it is, or would believe any signer, does not start.
func TestOpenWantsAnIdentityAndAPinnedSigner(t *testing.T) {
	signer, other := must[jose.PrivateKey](t)(jose.GenerateKey()), must[jose.PrivateKey](t)(jose.GenerateKey())
	dir := t.TempDir()
	file := filepath.Join(dir, "jwks.json")
	if err := os.WriteFile(file, keySet(t, signer.Public()), 0o600); err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != api.PathSignerJWKS {
			t.Errorf("asked for %s", r.URL.Path)
		}
		_, _ = w.Write(keySet(t, signer.Public()))
	}))
	t.Cleanup(host.Close)
	for _, c := range []struct {
		name, signers string
		env           func(*role.Env)
		want          string
	}{
		{"file", file, func(*role.Env) {}, ""},
		{"thumbprint of what the signer publishes", signer.Public().Thumbprint(), func(*role.Env) {}, ""},
		{"production too", file, func(e *role.Env) { e.Profile.Environment = profile.Production }, ""},
		{"nothing", "", func(*role.Env) {}, "--cred-signer-keys is not set"},
		{"another key", other.Public().Thumbprint(), func(*role.Env) {}, "lacks the pinned key"},
		{"with replicas", file, func(e *role.Env) { e.Replicated = true }, "--cred-postgres"},
		{"no identity key", file, func(e *role.Env) { e.CreateKeys = false }, "there is no identity key"},
		{"no audit role in the profile", file, func(e *role.Env) { delete(e.Profile.Hosts, "audit") }, "hosts.audit"},
		{"no signer in the profile", file, func(e *role.Env) { delete(e.Profile.Hosts, "signer") }, "hosts.signer"},
	} {
		err := open(t, cred.Config{CapKeys: file, Signers: c.signers}, issuer, func(e *role.Env) { e.Profile.Hosts["signer"] = host.URL }, c.env)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestCloseLetsGo of what Open took, so that the same place is opened again.
func TestCloseLetsGo(t *testing.T) {
	k := must[jose.PrivateKey](t)(jose.GenerateKey())
	home := t.TempDir()
	file := filepath.Join(home, "jwks.json")
	if err := os.WriteFile(file, keySet(t, k.Public()), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := open(t, cred.Config{CapKeys: file, Signers: file}, issuer, func(e *role.Env) { e.Profile.Hosts["signer"], e.Home = issuer, home }); err != nil {
			t.Error(err)
		}
	}
	// A refusal lets go too.
	if err := open(t, cred.Config{Signers: file}, issuer, func(e *role.Env) { e.Profile.Hosts["signer"], e.Home = issuer, home }); err == nil || !strings.Contains(err.Error(), "--cap-keys") {
		t.Error(err)
	}
	if err := open(t, cred.Config{CapKeys: file, Signers: file}, issuer, func(e *role.Env) { e.Profile.Hosts["signer"], e.Home = issuer, home }); err != nil {
		t.Error(err)
	}
}

// TestListNamesOnlyWhatIsGranted: what is stored and may no longer be listed
// is not named.
func TestListNamesOnlyWhatIsGranted(t *testing.T) {
	w := newWorld(t)
	p := w.people[0]
	w.chain.SetGrants(p.operator, p.actor,
		chain.Grant{Service: name(t, "github"), Ops: service.AllOps}, chain.Grant{Service: name(t, "gitlab"), Ops: service.AllOps})
	for _, svc := range []string{"github", "gitlab"} {
		o := ops[0]
		o.svc = svc
		c := w.call(p, o)
		c.cap.Service = svc
		if err := c.send(); err != nil {
			t.Fatal(err)
		}
	}
	listed := func() string {
		c := w.call(p, ops[2])
		if err := c.send(); err != nil {
			t.Fatal(err)
		}
		return string(c.reply)
	}
	if s := listed(); !strings.Contains(s, "github") || !strings.Contains(s, "gitlab") {
		t.Errorf("%s", s)
	}
	w.chain.SetGrants(p.operator, p.actor,
		chain.Grant{Service: name(t, "github"), Ops: service.List}, chain.Grant{Service: name(t, "gitlab"), Ops: service.Read})
	if s := listed(); !strings.Contains(s, "github") || strings.Contains(s, "gitlab") {
		t.Errorf("%s", s)
	}
}
