package signer_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/emit/emittest"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles/signer"
)

// place is a host on which a signer is opened.
type place struct {
	env  role.Env
	conf signer.Config
}

// newPlace has all files that a signer is told of; its own keys are not there
// yet and may be made.
func newPlace(t *testing.T) *place {
	t.Helper()
	w := newWorld(t, 1)
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	_, workers := workersFile(t)
	p := &place{
		env: role.Env{
			Now: time.Now, Log: zerolog.Nop(), Home: dir, CreateKeys: true, URL: "http://127.0.0.1:8092",
			Profile: &profile.Profile{
				Version: profile.Version, Environment: profile.Development, CapIssuer: issuer, Hosts: map[string]string{"broker": issuer, "audit": "http://127.0.0.1:1"},
				Chain:     profile.Chain{Name: "dev", ChainID: chainID, RPC: []string{"http://127.0.0.1:1"}, MaxHeadAgeSeconds: 15},
				Contracts: profile.Contracts{Version: 2, Registry: profile.Address{1}, Scope: profile.Address{2}, Audit: profile.Address{7}, Epoch: profile.Address{3}, K11Verifier: profile.Address{4}, P256Router: profile.Address{5}, P256Verifier: profile.Address{6}},
				Cloud:     profile.Cloud{Region: "us-east-1", AccountID: "000000000000", S3Endpoint: "http://127.0.0.1:1", STSEndpoint: "http://127.0.0.1:1", KMSEndpoint: "http://127.0.0.1:1", VaultBucket: "b"},
			},
		},
	}
	if err := role.Parse(&p.conf,
		"--signer-cap-keys", write("cap.json", must[[]byte](t)(strictjson.Encode(setOf(t, w.forger.Key).JWKS()))),
		"--signer-workers", write("workers.json", []byte(workers)),
	); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *place) open(t *testing.T) error {
	t.Helper()
	p.env.Metrics = prometheus.NewRegistry()
	if err := p.conf.Look(t.Context(), p.env); err != nil {
		return err
	}
	s, err := p.conf.Open(t.Context(), p.env)
	if err == nil {
		err = errors.Join(s.Begin(t.Context()), s.Close())
	}
	return err
}

func (p *place) at(part ...string) string {
	return filepath.Join(append([]string{p.env.Home, "signer"}, part...)...)
}

func TestOpen(t *testing.T) {
	p := newPlace(t)
	if p.conf.DestroyDelay != 30*24*time.Hour {
		t.Errorf("a key is kept for %s unless told otherwise", p.conf.DestroyDelay)
	}
	p.env.CreateKeys = false
	err := p.open(t)
	for _, want := range []string{"there is no identity key", "passphrase"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
	p.env.CreateKeys = true
	if err := p.open(t); err != nil {
		t.Fatal(err)
	}
	p.env.CreateKeys = false
	for range 2 {
		if err := p.open(t); err != nil {
			t.Fatalf("with the keys of before: %v", err)
		}
	}
	for _, name := range []string{"identity.pem", "keyring.age", "passphrase"} {
		if err := files.Check(p.at(name)); err != nil {
			t.Error(err)
		}
	}
}

// TestOpenNamesAllProblemsAtOnce.
func TestOpenNamesAllProblemsAtOnce(t *testing.T) {
	p := newPlace(t)
	p.env.CreateKeys = false
	p.conf = signer.Config{Peers: p.at("none.json")}
	p.env.Profile.Chain.RPC = nil
	err := p.open(t)
	for _, want := range []string{"--signer-cap-keys is not set", "there is no identity key", "--signer-workers is not set", "--signer-peers", "keyring: ", "RPC"} {
		if err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(want)) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
}

// TestOpenLeavesTheDatabase: who has to serve once more with another version finds it as
// that one left it; it is not even asked for.
func TestOpenLeavesTheDatabase(t *testing.T) {
	p := newPlace(t)
	if err := p.open(t); err != nil {
		t.Fatal(err)
	}
	identity := must[jose.PrivateKey](t)(jose.OpenKey(p.at("identity.pem"), nil))
	p.conf.Spool, p.conf.Postgres = p.at("older"), p.at("absent")
	emittest.Older(t, p.conf.Spool, "signer", identity, time.Now)
	if err := p.open(t); !errors.Is(err, emit.ErrVersion) || strings.Contains(err.Error(), "--signer-postgres") {
		t.Error(err)
	}
	p.conf.Spool = p.at("spool")
	if err := p.open(t); errors.Is(err, emit.ErrVersion) || err == nil || !strings.Contains(err.Error(), "--signer-postgres: ") {
		t.Errorf("with another spool: %v", err)
	}
}

// TestOpenRefuses one thing at a time, with the twin that is not refused, and
// without a change to any file.
func TestOpenRefuses(t *testing.T) {
	text := func(path, s string) func(*testing.T, *place) {
		return func(t *testing.T, p *place) {
			t.Helper()
			if err := os.WriteFile(p.at(path), []byte(s), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	mode := func(path string, m os.FileMode) func(*testing.T, *place) {
		return func(t *testing.T, p *place) {
			t.Helper()
			if err := os.Chmod(p.at(path), m); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		set  func(*testing.T, *place)
		want string
		is   error
	}{
		"nothing":                       {func(*testing.T, *place) {}, "", nil},
		"keyring that all may read":     {mode("keyring.age", 0o644), "keyring", files.ErrUnsafe},
		"mark that all may write":       {mode("keyring.age.mark", 0o666), "keyring", files.ErrUnsafe},
		"passphrase that all may read":  {mode("passphrase", 0o640), "passphrase", files.ErrUnsafe},
		"identity that all may read":    {mode("identity.pem", 0o644), "identity", files.ErrUnsafe},
		"another passphrase":            {text("passphrase", strings.Repeat("correct horse battery ", 3)), "keyring", seal.ErrSeal},
		"keyring that is none":          {text("keyring.age", "x"), "keyring", nil},
		"keyring of another chain":      {func(_ *testing.T, p *place) { p.env.Profile.Chain.ChainID++ }, "belongs to chain 31337", keys.ErrKeyringSwapped},
		"keyring of another deployment": {func(_ *testing.T, p *place) { p.env.Profile.Contracts.Epoch[5]++ }, "belongs to chain 31337", keys.ErrKeyringSwapped},
		"keyring that is gone": {func(t *testing.T, p *place) {
			if err := os.Rename(p.at("keyring.age"), p.at("elsewhere")); err != nil {
				t.Fatal(err)
			}
		}, "keyring", keys.ErrKeyringLost},
		"KMS and passphrase": {func(_ *testing.T, p *place) {
			p.conf.Keyring.Passphrase, p.conf.Keyring.KMSKey = p.at("passphrase"), "arn:aws:kms:us-east-1:000000000000:key/k"
		}, "sealed with one of them", nil},
		"KMS without credentials": {func(_ *testing.T, p *place) { p.conf.Keyring.KMSKey = "arn:aws:kms:us-east-1:000000000000:key/k" }, "--signer-kms-credentials", nil},
		"KMS credentials that all may read": {func(t *testing.T, p *place) {
			p.conf.Keyring.KMSKey, p.conf.Keyring.KMSCredentials = "arn:aws:kms:us-east-1:000000000000:key/k", p.at("kms.json")
			text("kms.json", "{}")(t, p)
			mode("kms.json", 0o644)(t, p)
		}, "--signer-kms-credentials", files.ErrUnsafe},
		"KMS credentials that are none": {func(t *testing.T, p *place) {
			p.conf.Keyring.KMSKey, p.conf.Keyring.KMSCredentials = "arn:aws:kms:us-east-1:000000000000:key/k", p.at("kms.json")
			text("kms.json", "{}")(t, p)
		}, "--signer-kms-credentials", nil},
		"with replicas": {func(_ *testing.T, p *place) { p.env.Replicated = true }, "--signer-postgres", role.ErrReplicated},
		"a connection string that all may read": {func(t *testing.T, p *place) {
			p.conf.Postgres = p.at("postgres")
			text("postgres", "host=/run/x")(t, p)
			mode("postgres", 0o644)(t, p)
		}, "--signer-postgres", files.ErrUnsafe},
		"no capability keys":                 {func(_ *testing.T, p *place) { p.conf.CapKeys = "" }, "--signer-cap-keys is not set", nil},
		"workers that are none":              {func(_ *testing.T, p *place) { p.conf.Workers = p.conf.CapKeys }, "--signer-workers", nil},
		"no workers":                         {func(_ *testing.T, p *place) { p.conf.Workers = "" }, "--signer-workers is not set", nil},
		"peers that are none":                {func(_ *testing.T, p *place) { p.conf.Peers = p.conf.Workers }, "--signer-peers", nil},
		"peers that are there":               {func(_ *testing.T, p *place) { p.conf.Peers = p.conf.CapKeys }, "", nil},
		"workers that all may write":         {func(t *testing.T, p *place) { openFile(t, p.conf.Workers) }, "reading --signer-workers", files.ErrUnsafe},
		"capability keys that all may write": {func(t *testing.T, p *place) { openFile(t, p.conf.CapKeys) }, "reading --signer-cap-keys", files.ErrUnsafe},
		"peers that all may write": {func(t *testing.T, p *place) {
			p.conf.Peers = p.at("peers.json")
			text("peers.json", must[string](t)(read(p.conf.CapKeys)))(t, p)
			openFile(t, p.conf.Peers)
		}, "reading --signer-peers", files.ErrUnsafe},
		"no audit role in the profile": {func(_ *testing.T, p *place) { delete(p.env.Profile.Hosts, "audit") }, "hosts.audit", nil},
		"a spool that is damaged": {func(t *testing.T, p *place) {
			t.Helper()
			text(filepath.Join("spool", "0000000000000001.spool"), "x")(t, p)
		}, "audit spool", emit.ErrDamaged},
		"a URL that is no origin": {func(_ *testing.T, p *place) { p.env.URL += "/signer" }, "public origin", nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			if err := p.open(t); err != nil {
				t.Fatal(err)
			}
			c.set(t, p)
			before := content(t, p.env.Home)
			err := p.open(t)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%v, want %q (%v)", err, c.want, c.is)
			}
			if after := content(t, p.env.Home); err != nil && after != before {
				t.Error("a refusal changed a file")
			}
		})
	}
}

// openFile lets everybody write.
func openFile(t *testing.T, path string) {
	t.Helper()
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
}

func read(path string) (string, error) {
	b, err := os.ReadFile(path)
	return string(b), err
}

// content is all that lies in a directory.
func content(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		b.WriteString(path + "\n" + string(text) + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestNewWantsItsParts.
func TestNewWantsItsParts(t *testing.T) {
	w := newWorld(t, 1)
	env := role.Env{Now: w.now, Log: zerolog.Nop(), URL: w.url, Profile: &profile.Profile{CapIssuer: issuer, Chain: profile.Chain{ChainID: chainID}}}
	parts := signer.Parts{View: w.chain, CapKeys: setOf(t, w.forger.Key), Keys: w.ring, Identity: w.identity, Workers: w.workers(), Audit: w.told}
	if _, err := signer.New(env, parts); err != nil {
		t.Fatal(err)
	}
	for name, drop := range map[string]func(*role.Env, *signer.Parts){
		"no keyring":         func(_ *role.Env, p *signer.Parts) { p.Keys = nil },
		"no chain":           func(_ *role.Env, p *signer.Parts) { p.View = nil },
		"no sink":            func(_ *role.Env, p *signer.Parts) { p.Audit = nil },
		"no capability keys": func(_ *role.Env, p *signer.Parts) { p.CapKeys = jose.KeySet{} },
		"no issuer": func(e *role.Env, _ *signer.Parts) {
			e.Profile = &profile.Profile{Chain: profile.Chain{ChainID: chainID}}
		},
		"no chain id": func(e *role.Env, _ *signer.Parts) { e.Profile = &profile.Profile{CapIssuer: issuer} },
	} {
		e, p := env, parts
		drop(&e, &p)
		if _, err := signer.New(e, p); err == nil {
			t.Errorf("%s: built all the same", name)
		}
	}
}

// TestDestroyDelayHasALeast in production: a rotation that was not ours must be
// noticed before it can destroy anything.
func TestDestroyDelayHasALeast(t *testing.T) {
	var c signer.Config
	for _, f := range c.Flags() {
		if d, is := f.(*cli.DurationFlag); is && d.Name == "signer-destroy-delay" && d.Value != 30*24*time.Hour {
			t.Errorf("people have %s to notice", d.Value) // the runbook says 30 days
		}
	}
	for _, c := range []struct {
		delay time.Duration
		env   profile.Environment
		want  bool
	}{
		{time.Hour, profile.Production, true},
		{time.Hour - 1, profile.Production, false},
		{0, profile.Development, true},
		{-1, profile.Development, false},
	} {
		p := newPlace(t)
		p.env.CreateKeys, p.env.Profile.Environment, p.conf.DestroyDelay = true, c.env, c.delay
		if c.env == profile.Production {
			p.env.Profile.Chain.Confirmations = 1
		}
		err := p.open(t)
		if (err == nil) != c.want || err != nil && !strings.Contains(err.Error(), "--signer-destroy-delay") {
			t.Errorf("%s in %s: %v", c.delay, c.env, err)
		}
	}
}
