package audit_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles/audit"
)

// open opens the role from its configuration. Nothing listens at the addresses
// of its profile: Open asks no remote dependency.
func open(t *testing.T, c audit.Config, home string, edit ...func(*role.Env)) error {
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
		Now: time.Now, Log: zerolog.Nop(), Metrics: prometheus.NewRegistry(), Home: home, URL: auditURL, CreateKeys: true,
		Profile: &profile.Profile{
			Version: profile.Version, Environment: profile.Development, CapIssuer: auditURL, OIDCIssuer: auditURL,
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
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	k := must[jose.PrivateKey](t)(jose.GenerateKey())
	writeFile(t, at("keys"), string(must[[]byte](t)(strictjson.Encode(must[jose.KeySet](t)(jose.NewKeySet(k.Public())).JWKS()))))
	writeFile(t, at("relayer"), strings.Repeat("11", 32)+"\n")
	writeFile(t, at("short"), "canary11")
	writeFile(t, at("open"), strings.Repeat("11", 32))
	if err := os.Chmod(at("open"), 0o644); err != nil {
		t.Fatal(err)
	}
	writeFile(t, at("emitters"), string(emittersFile(t, map[string]jose.PrivateKey{"cred": k})))
	sound := audit.Config{CapKeys: at("keys"), Emitters: at("emitters"), FlushAge: time.Minute, FlushSize: 100, Interval: time.Minute}
	edit := func(f func(*audit.Config)) audit.Config {
		c := sound
		f(&c)
		return c
	}
	production := func(e *role.Env) { e.Profile.Environment = profile.Production }
	here := func(*role.Env) {}
	for name, c := range map[string]struct {
		conf audit.Config
		edit func(*role.Env)
		want []string // all in the one error; none: it opens
	}{
		"as it should be":                {sound, here, nil},
		"never by itself":                {edit(func(c *audit.Config) { c.FlushAge, c.FlushSize = 0, 0 }), here, nil},
		"production":                     {edit(func(c *audit.Config) { c.Operators = "any" }), production, nil},
		"production without operators":   {sound, production, []string{"--audit-operators is not set"}},
		"no keys, no emitters, no time":  {audit.Config{FlushAge: -1, Relayer: "x"}, here, []string{"--audit-cap-keys is not set", "--audit-emitters is not set", "--audit-flush-age is not -1ns", "--audit-anchor-interval is not 0s"}},
		"emitters that are not there":    {edit(func(c *audit.Config) { c.Emitters = at("absent") }), here, []string{"reading --audit-emitters"}},
		"keys in place of emitters":      {edit(func(c *audit.Config) { c.Emitters = at("keys") }), here, []string{"--audit-emitters " + at("keys")}},
		"operators that are not there":   {edit(func(c *audit.Config) { c.Operators = at("absent") }), here, []string{"reading --audit-operators"}},
		"a store that is not a database": {edit(func(c *audit.Config) { c.Store = at("emitters") }), here, []string{"file is not a database"}},
		"a store that cannot be made":    {edit(func(c *audit.Config) { c.Store = at("emitters/x/audit.db") }), here, []string{"emitters"}},
		"a profile without an RPC":       {sound, func(e *role.Env) { e.Profile.Chain.RPC = nil }, []string{"RPC"}},
		"with replicas":                  {sound, func(e *role.Env) { e.Replicated = true }, []string{"--replicated: ", "--audit-postgres"}},
		"with replicas on SQLite":        {edit(func(c *audit.Config) { c.Store = at("x.db") }), func(e *role.Env) { e.Replicated = true }, []string{"--audit-postgres"}},
		"no connection string there":     {edit(func(c *audit.Config) { c.Postgres = at("absent") }), here, []string{"--audit-postgres: "}},
		"with a relayer":                 {edit(func(c *audit.Config) { c.Relayer = at("relayer") }), here, nil},
		"a relayer that is not there":    {edit(func(c *audit.Config) { c.Relayer = at("absent") }), here, []string{"--audit-relayer-key"}},
		"a relayer that others may read": {edit(func(c *audit.Config) { c.Relayer = at("open") }), here, []string{"--audit-relayer-key", "chmod 600"}},
		"a relayer's key cut":            {edit(func(c *audit.Config) { c.Relayer = at("short") }), here, []string{"does not hold a private key"}},
		"metrics that exist already":     {sound, func(e *role.Env) { _ = e.WatchChain("audit", nil) }, []string{"registering metrics"}},
	} {
		err := open(t, c.conf, t.TempDir(), c.edit)
		if (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: it repeats what is in the file: %v", name, err)
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q is not in: %v", name, want, err)
			}
		}
	}
}

// TestJournalOfAnotherDeployment is not served: its batches are for another chain.
func TestJournalOfAnotherDeployment(t *testing.T) {
	t.Parallel()
	dir, home, k := t.TempDir(), t.TempDir(), must[jose.PrivateKey](t)(jose.GenerateKey())
	c := audit.Config{CapKeys: filepath.Join(dir, "keys"), Emitters: filepath.Join(dir, "emitters"), FlushAge: time.Minute, FlushSize: 100, Interval: time.Minute}
	writeFile(t, c.CapKeys, string(must[[]byte](t)(strictjson.Encode(must[jose.KeySet](t)(jose.NewKeySet(k.Public())).JWKS()))))
	writeFile(t, c.Emitters, string(emittersFile(t, map[string]jose.PrivateKey{"cred": k})))
	for range 2 {
		if err := open(t, c, home); err != nil {
			t.Fatal(err)
		}
		err := open(t, c, home, func(e *role.Env) { e.Profile.Chain.ChainID++ })
		if !errors.Is(err, store.ErrDeployment) || !strings.Contains(err.Error(), "name another database or schema with --audit-store, or") {
			t.Error(err)
		}
	}
}

// TestNewRefuses a role that lacks a part.
func TestNewRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, edit := range map[string]func(*audit.Parts){
		"no journal": func(p *audit.Parts) { p.Journal = nil }, "no chain": func(p *audit.Parts) { p.View = nil },
		"no quota": func(p *audit.Parts) { p.Notes = nil }, "no limit": func(p *audit.Parts) { p.Flushes = nil },
		"no keys": func(p *audit.Parts) { p.CapKeys = jose.KeySet{} }, "a time before": func(p *audit.Parts) { p.Flushing.Age = -1 },
	} {
		p := w.parts
		edit(&p)
		if a, err := audit.New(w.env, p); err == nil {
			_ = a.Close()
			t.Errorf("%s: it opened", name)
		}
	}
}
