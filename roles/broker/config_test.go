package broker_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/emit/emittest"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/roles/broker"
)

// open opens a broker from its configuration. Nothing listens at the addresses
// of its profile: Open asks no remote dependency.
func open(t *testing.T, c broker.Config, home string, edit ...func(*role.Env)) error {
	t.Helper()
	e := environment(home, edit...)
	if err := c.Look(t.Context(), e); err != nil {
		return err
	}
	s, err := c.Open(t.Context(), e)
	if err == nil {
		err = errors.Join(s.Begin(t.Context()), s.Close())
	}
	return err
}

func environment(home string, edit ...func(*role.Env)) role.Env {
	e := role.Env{
		Now: time.Now, Log: zerolog.Nop(), Metrics: prometheus.NewRegistry(), Home: home, URL: brokerURL, CreateKeys: true,
		Profile: &profile.Profile{
			Version: profile.Version, Environment: profile.Development, CapIssuer: brokerURL, OIDCIssuer: brokerURL,
			Hosts:     map[string]string{"audit": "http://127.0.0.1:1"},
			Chain:     profile.Chain{Name: "dev", ChainID: 31337, RPC: []string{"http://127.0.0.1:1"}, MaxHeadAgeSeconds: 15},
			Contracts: profile.Contracts{Version: 2, Registry: profile.Address{1}, Scope: profile.Address{2}, Audit: profile.Address{7}, Epoch: profile.Address{3}, K11Verifier: profile.Address{4}, P256Router: profile.Address{5}, P256Verifier: profile.Address{6}},
		},
	}
	for _, f := range edit {
		f(&e)
	}
	return e
}

func TestOpen(t *testing.T) {
	home := t.TempDir()
	if err := open(t, broker.Config{}, home); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"identity.pem", "identity.pem.jwks.json"} {
		if err := files.Check(filepath.Join(home, "broker", name)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(home, "broker", "spool", "taken")); err != nil {
		t.Error(err)
	}
	production := func(e *role.Env) { e.Profile.Environment = profile.Production }
	noKeys := func(e *role.Env) { e.CreateKeys = false }
	replicated := func(e *role.Env) { e.Replicated = true }
	for _, c := range []struct {
		name string
		conf broker.Config
		home string
		edit func(*role.Env)
		want []string // all in the one error; none: it opens
	}{
		{"production", broker.Config{Operators: "any"}, home, production, nil},
		{"production without operators", broker.Config{}, home, production, []string{"--operators is not set"}},
		{"with its keys", broker.Config{}, home, noKeys, nil},
		{"all problems at once", broker.Config{Operators: filepath.Join(home, "absent")}, t.TempDir(), noKeys, []string{"K1: there is no key file", "K2: there is no key file", "there is no identity key", "--operators"}},
		{"K2 is K1", broker.Config{K1: filepath.Join(home, "broker", "k2.pem")}, home, noKeys, []string{"K1 and K2 are the same key"}},
		{"the identity key is K1", broker.Config{Identity: filepath.Join(home, "broker", "k1.pem")}, home, noKeys, []string{"the identity key is K1 or K2"}},
		{"the identity key is K2", broker.Config{Identity: filepath.Join(home, "broker", "k2.pem")}, home, noKeys, []string{"the identity key is K1 or K2"}},
		{"the next keys, made", broker.Config{K1Also: filepath.Join(home, "next", "k1.pem"), K2Also: filepath.Join(home, "next", "k2.pem")}, home, nil, nil},
		{"the next keys, there", broker.Config{K1: filepath.Join(home, "next", "k1.pem"), K2: filepath.Join(home, "next", "k2.pem"), K1Also: filepath.Join(home, "broker", "k1.pem"), K2Also: filepath.Join(home, "broker", "k2.pem")}, home, noKeys, nil},
		{"other keys that are not there", broker.Config{K1Also: filepath.Join(home, "none", "k1.pem"), K2Also: filepath.Join(home, "none", "k2.pem")}, home, noKeys, []string{"the other K1: there is no key file", "the other K2: there is no key file"}},
		{"a K2 without a certificate beside K2", broker.Config{K2Also: filepath.Join(home, "next", "k1.pem")}, home, noKeys, []string{"has no certificate"}},
		{"the identity key is the other K2", broker.Config{Identity: filepath.Join(home, "next", "k2.pem"), K2Also: filepath.Join(home, "next", "k2.pem")}, home, noKeys, []string{"the identity key is K1 or K2"}},
		{"no audit role in the profile", broker.Config{}, home, func(e *role.Env) { e.Profile.Hosts = nil }, []string{"hosts.audit"}},
		{"with replicas", broker.Config{}, home, replicated, []string{"--replicated: ", "--broker-postgres"}},
		{"with replicas on SQLite", broker.Config{Store: filepath.Join(home, "x.db")}, home, replicated, []string{"--replicated: ", "--broker-postgres"}},
		{"a connection string that is not there", broker.Config{Postgres: filepath.Join(home, "absent")}, home, noKeys, []string{"--broker-postgres: "}},
		{"two databases", broker.Config{Store: filepath.Join(home, "x.db"), Postgres: filepath.Join(home, "absent")}, home, noKeys, []string{"--broker-postgres and --broker-store"}},
		{"a spool that cannot be", broker.Config{Spool: filepath.Join(home, "broker", "k1.pem")}, home, noKeys, []string{"audit spool"}},
	} {
		var edits []func(*role.Env)
		if c.edit != nil {
			edits = append(edits, c.edit)
		}
		err := open(t, c.conf, c.home, edits...)
		if (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q is not in: %v", c.name, want, err)
			}
		}
	}
}

// TestOpenLeavesTheDatabase: who has to serve once more with another version finds it as
// that one left it.
func TestOpenLeavesTheDatabase(t *testing.T) {
	home := t.TempDir()
	own := filepath.Join(home, "broker")
	if err := os.Mkdir(own, 0o700); err != nil {
		t.Fatal(err)
	}
	identity, err := jose.OpenKey(filepath.Join(own, "identity.pem"), jose.GenerateKey)
	if err != nil {
		t.Fatal(err)
	}
	emittest.Older(t, filepath.Join(own, "spool"), "broker", identity, time.Now)
	database := func() error { _, err := os.Stat(filepath.Join(own, "broker.db")); return err }
	if err := open(t, broker.Config{}, home); !errors.Is(err, emit.ErrVersion) || !errors.Is(database(), fs.ErrNotExist) {
		t.Errorf("%v; the database: %v", err, database())
	}
	if err := os.RemoveAll(filepath.Join(own, "spool")); err != nil {
		t.Fatal(err)
	}
	if err := open(t, broker.Config{}, home); err != nil || database() != nil {
		t.Errorf("without the spool: %v; the database: %v", err, database())
	}
}

func TestLoginStartRefusesWhatIsNoAddress(t *testing.T) {
	w := newWorld(t)
	for address, want := range map[string]apierr.Code{
		"0x" + strings.Repeat("aB", 20): "",
		"0x" + strings.Repeat("ag", 20): apierr.InvalidInput,
		"0x" + strings.Repeat("a", 39):  apierr.InvalidInput,
		strings.Repeat("a", 42):         apierr.InvalidInput,
	} {
		_, err := api.PostJSON[api.LoginChallenge](t.Context(), w.api, api.Request{URL: brokerURL + api.PathLoginStart}, api.LoginStart{Address: address})
		wantCode(t, address, err, want)
	}
}
