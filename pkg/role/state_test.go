package role_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/store"
)

// deployed is a profile of contracts on a chain.
func deployed(chain uint64) *profile.Profile {
	return &profile.Profile{Chain: profile.Chain{ChainID: chain}, Contracts: profile.Contracts{Registry: profile.Address{7}}}
}

// TestStateOfAnotherDeployment is not served: what one must not forget would be the
// other's too.
func TestStateOfAnotherDeployment(t *testing.T) {
	t.Parallel()
	home, file := t.TempDir(), filepath.Join(t.TempDir(), "named.db")
	open := func(p *profile.Profile, path string) error {
		e := role.Env{Now: time.Now, Home: home, Profile: p}
		looked := e.LookState(t.Context(), "cred", path, "")
		s, err := e.OpenState(t.Context(), "cred", path, "")
		if err != nil {
			t.Fatal(err)
		}
		begun := s.Begin(t.Context())
		if !strings.HasSuffix(fmt.Sprint(looked), fmt.Sprint(begun)) {
			t.Errorf("looked at: %v; begun: %v", looked, begun)
		}
		return errors.Join(begun, s.Close())
	}
	redeployed := deployed(1)
	redeployed.Contracts.Registry = profile.Address{8}
	moved := deployed(1) // what a deployment may change
	moved.Chain.RPC, moved.CapIssuer, moved.Contracts.Scope = []string{"http://127.0.0.1:2"}, "http://127.0.0.1:3", profile.Address{9}
	for _, path := range []string{"", file} {
		for name, c := range map[string]struct {
			p    *profile.Profile
			want error
		}{"the same": {deployed(1), nil}, "elsewhere": {moved, nil}, "another chain": {deployed(2), store.ErrDeployment}, "another registry": {redeployed, store.ErrDeployment}} {
			if err := open(deployed(1), path); err != nil {
				t.Fatal(err)
			}
			err := open(c.p, path)
			if !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err != nil && !strings.Contains(err.Error(), "it is of eip155:1:0x0700000000000000000000000000000000000000, and this is eip155:") || err != nil && !strings.Contains(err.Error(), "with --cred-store, or") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if err := open(nil, ""); err == nil || errors.Is(err, store.ErrDeployment) {
		t.Errorf("without a profile: %v", err)
	}
}

func TestStateInOneProcess(t *testing.T) {
	t.Parallel()
	e := role.Env{Now: time.Now, Home: t.TempDir(), Profile: deployed(1)}
	s, err := e.OpenState(t.Context(), "cred", "", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(e.Home, "cred", "cred.db")); err != nil {
		t.Error(err)
	}
	later := time.Now().Add(time.Hour)
	if err := errors.Join(s.Store.ConsumeUse(t.Context(), "cap", 1, later), s.Proofs.Use(t.Context(), "key", "id", later)); err != nil {
		t.Error(err)
	}
	if err := s.Proofs.Use(t.Context(), "key", "id", later); !errors.Is(err, dpop.ErrUsed) {
		t.Error(err)
	}
	for _, c := range s.Checks() {
		if _, err := c.Probe(t.Context()); err != nil {
			t.Error(c.Name, err)
		}
	}
	if len(s.Checks()) != 1 {
		t.Error("memory is asked whether it is there")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestReplicated: a role that has replicas keeps nothing for itself.
func TestReplicated(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sqlite := filepath.Join(dir, "s.db")
	open := func(e role.Env) map[string]error {
		e.Now, e.Home, e.Profile = time.Now, dir, deployed(1)
		_, byDefault := e.OpenState(t.Context(), "memory", "", "")
		_, named := e.OpenState(t.Context(), "memory", sqlite, "")
		_, proofs := e.OpenProofs(t.Context(), "memory", "", "")
		return map[string]error{"a default": byDefault, "a file": named, "proofs": proofs}
	}
	for what, err := range open(role.Env{}) {
		if err != nil {
			t.Errorf("%s, alone: %v", what, err)
		}
	}
	for what, err := range open(role.Env{Replicated: true}) {
		if !errors.Is(err, role.ErrReplicated) || !strings.Contains(err.Error(), "--memory-postgres") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestPostgresFile: what is wrong with it is said by the flag's name, and without
// its content.
func TestPostgresFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := files.Create(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	readable := file("readable", "host=/run/x password=hunter2")
	if err := os.Chmod(readable, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sqlite, postgres string
		want             error
		text             string
	}{
		"not there":      {"", filepath.Join(dir, "absent"), os.ErrNotExist, "--cred-postgres"},
		"not ours alone": {"", readable, files.ErrUnsafe, "--cred-postgres"},
		"empty":          {"", file("empty", " \n"), nil, "--cred-postgres: " + filepath.Join(dir, "empty") + " is empty"},
		"no string":      {"", file("no", "hunter2"), nil, "the connection string of PostgreSQL is not valid"},
		"elsewhere":      {"", file("else", "host=db.example.com password=hunter2\n"), store.ErrPlaintext, "verify-full"},
		"both":           {filepath.Join(dir, "s.db"), file("both", "host=/run/x"), nil, "--cred-postgres and --cred-store"},
	} {
		for _, replicated := range []bool{false, true} {
			_, err := role.Env{Now: time.Now, Home: dir, Replicated: replicated, Profile: deployed(1)}.OpenState(t.Context(), "cred", c.sqlite, c.postgres)
			if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
