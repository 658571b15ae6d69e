// Package workertest says what every worker must do, so that each is held to it by
// the same tests: its configuration ([Config]), its calls ([Run]) and what several of
// its processes share ([Databases]). A role brings what its class has of its own, and
// has a [World] for the tests of that. It is imported by tests only, which bring the
// storage: nothing here starts a cloud.
package workertest

import (
	"errors"
	"io/fs"
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
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/emit/emittest"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/worker"
)

// Issuer is the origin of a broker that nobody asks: nothing listens there.
const Issuer = "http://127.0.0.1:8091"

// Subject is the worker under test.
type Subject struct {
	worker.Kind
	Now func() time.Time
	// As is the configuration of its role.
	As func(worker.Config) role.Config
}

// Env is that of a development profile whose broker is at host. No remote dependency
// is asked: nothing listens at the other addresses.
func Env(t testing.TB, now func() time.Time, host string, edit ...func(*role.Env)) role.Env {
	t.Helper()
	const nobody = "http://127.0.0.1:1"
	e := role.Env{
		Now: now, Log: zerolog.Nop(), Metrics: prometheus.NewRegistry(), Home: t.TempDir(), CreateKeys: true,
		Profile: &profile.Profile{
			Version: profile.Version, Environment: profile.Development, CapIssuer: Issuer, Hosts: map[string]string{"broker": host, "audit": nobody},
			Chain:     profile.Chain{Name: "dev", ChainID: 31337, RPC: []string{nobody}, MaxHeadAgeSeconds: 15},
			Contracts: profile.Contracts{Version: 2, Registry: profile.Address{1}, Scope: profile.Address{2}, Audit: profile.Address{7}, Epoch: profile.Address{3}, K11Verifier: profile.Address{4}, P256Router: profile.Address{5}, P256Verifier: profile.Address{6}},
			Cloud:     profile.Cloud{Region: "us-east-1", AccountID: "000000000000", S3Endpoint: nobody, STSEndpoint: nobody, VaultBucket: "agentkeys-vault", MemoryBucket: "agentkeys-memory"},
		},
	}
	for _, f := range edit {
		f(&e)
	}
	return e
}

// open opens the worker, begins, and closes it again.
func (s Subject) open(t *testing.T, c worker.Config, host string, edit ...func(*role.Env)) error {
	t.Helper()
	e := Env(t, s.Now, host, edit...)
	as := s.As(c)
	if err := as.Look(t.Context(), e); err != nil {
		return err
	}
	w, err := as.Open(t.Context(), e)
	if err == nil {
		err = errors.Join(w.Begin(t.Context()), w.Close())
	}
	return err
}

// Config is the suite.
func Config(t *testing.T, s Subject) {
	t.Run("pins the capability key", s.pinsTheCapabilityKey)
	t.Run("wants an identity, a pinned signer and its bucket", s.wantsAnIdentityAndAPinnedSigner)
	t.Run("lets go of what it took", s.letsGo)
	t.Run("leaves its database to the version before", s.leavesItsDatabase)
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// KeySet is a key as a JWKS.
func KeySet(t testing.TB, k jose.PublicKey) []byte {
	t.Helper()
	return must[[]byte](t)(strictjson.Encode(must[jose.KeySet](t)(jose.NewKeySet(k)).JWKS()))
}

func (s Subject) pinsTheCapabilityKey(t *testing.T) {
	k1, other := must[jose.PrivateKey](t)(jose.GenerateKey()), must[jose.PrivateKey](t)(jose.GenerateKey())
	file := filepath.Join(t.TempDir(), "jwks.json")
	if err := os.WriteFile(file, KeySet(t, k1.Public()), 0o600); err != nil {
		t.Fatal(err)
	}
	status := http.StatusOK
	broker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != api.PathCapJWKS {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
		_, _ = w.Write(KeySet(t, k1.Public()))
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
		if err := s.open(t, worker.Config{CapKeys: c.pin, Signers: file}, broker.URL, func(e *role.Env) { e.Profile.Hosts["signer"] = Issuer }); (err == nil) != c.want {
			t.Errorf("%s: %v", c.name, err)
		} else if c.pin == "" && !strings.Contains(err.Error(), "--"+s.CapKeysFlag+" is not set") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A worker that could show nobody who
// it is, or would believe any signer, does not start.
func (s Subject) wantsAnIdentityAndAPinnedSigner(t *testing.T) {
	signer, other := must[jose.PrivateKey](t)(jose.GenerateKey()), must[jose.PrivateKey](t)(jose.GenerateKey())
	dir := t.TempDir()
	file := filepath.Join(dir, "jwks.json")
	if err := os.WriteFile(file, KeySet(t, signer.Public()), 0o600); err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != api.PathSignerJWKS {
			t.Errorf("asked for %s", r.URL.Path)
		}
		_, _ = w.Write(KeySet(t, signer.Public()))
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
		{"nothing", "", func(*role.Env) {}, "--" + s.Role + "-signer-keys is not set"},
		{"another key", other.Public().Thumbprint(), func(*role.Env) {}, "lacks the pinned key"},
		{"with replicas", file, func(e *role.Env) { e.Replicated = true }, "--" + s.Role + "-postgres"},
		{"no identity key", file, func(e *role.Env) { e.CreateKeys = false }, "there is no identity key"},
		{"no audit role in the profile", file, func(e *role.Env) { delete(e.Profile.Hosts, "audit") }, "hosts.audit"},
		{"no bucket in the profile", file, s.withoutBucket, "names no bucket for class " + string(s.Class)},
		{"no signer in the profile", file, func(e *role.Env) { delete(e.Profile.Hosts, "signer") }, "hosts.signer"},
	} {
		err := s.open(t, worker.Config{CapKeys: file, Signers: c.signers}, Issuer, func(e *role.Env) { e.Profile.Hosts["signer"] = host.URL }, c.env)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// The same place is opened again.
func (s Subject) letsGo(t *testing.T) {
	k := must[jose.PrivateKey](t)(jose.GenerateKey())
	home := t.TempDir()
	file := filepath.Join(home, "jwks.json")
	if err := os.WriteFile(file, KeySet(t, k.Public()), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.open(t, worker.Config{CapKeys: file, Signers: file}, Issuer, func(e *role.Env) { e.Profile.Hosts["signer"], e.Home = Issuer, home }); err != nil {
			t.Error(err)
		}
	}
	// A refusal lets go too.
	if err := s.open(t, worker.Config{Signers: file}, Issuer, func(e *role.Env) { e.Profile.Hosts["signer"], e.Home = Issuer, home }); err == nil || !strings.Contains(err.Error(), "--"+s.CapKeysFlag) {
		t.Error(err)
	}
	if err := s.open(t, worker.Config{CapKeys: file, Signers: file}, Issuer, func(e *role.Env) { e.Profile.Hosts["signer"], e.Home = Issuer, home }); err != nil {
		t.Error(err)
	}
}

// leavesItsDatabase: who has to serve once more with another version finds the database
// as that one left it.
func (s Subject) leavesItsDatabase(t *testing.T) {
	k := must[jose.PrivateKey](t)(jose.GenerateKey())
	home := t.TempDir()
	file, own := filepath.Join(home, "jwks.json"), filepath.Join(home, s.Role)
	if err := errors.Join(os.WriteFile(file, KeySet(t, k.Public()), 0o600), os.Mkdir(own, 0o700)); err != nil {
		t.Fatal(err)
	}
	identity := must[jose.PrivateKey](t)(jose.OpenKey(filepath.Join(own, "identity.pem"), jose.GenerateKey))
	emittest.Older(t, filepath.Join(own, "spool"), s.Role, identity, s.Now)
	open := func() (err, database error) {
		err = s.open(t, worker.Config{CapKeys: file, Signers: file}, Issuer, func(e *role.Env) { e.Profile.Hosts["signer"], e.Home = Issuer, home })
		_, database = os.Stat(filepath.Join(own, s.Role+".db"))
		return err, database
	}
	if err, database := open(); !errors.Is(err, emit.ErrVersion) || !errors.Is(database, fs.ErrNotExist) {
		t.Errorf("%v; the database: %v", err, database)
	}
	if err := os.RemoveAll(filepath.Join(own, "spool")); err != nil {
		t.Fatal(err)
	}
	if err, database := open(); err != nil || database != nil {
		t.Errorf("without the spool: %v; the database: %v", err, database)
	}
}

func (s Subject) withoutBucket(e *role.Env) {
	if s.Class == service.Memory {
		e.Profile.Cloud.MemoryBucket = ""
	} else {
		e.Profile.Cloud.VaultBucket = ""
	}
}
