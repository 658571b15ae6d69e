package role_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/emit/emittest"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/store"
)

// TestLook at the databases of roles as each start finds them: it refuses those that
// are not its to take up, says what it would do to the others where nobody will be
// served, and changes none.
func TestLook(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		chain uint64 // whose the database is; 0: there is none
		begun bool
		edit  string
		err   error
		says  string
	}{
		"none":                {0, false, "", nil, "would be made and claimed"},
		"nobody's":            {1, false, "", nil, "would be claimed"},
		"its own":             {1, true, "", nil, ""},
		"its own, and older":  {1, true, "DELETE FROM schema_steps WHERE version > 1", nil, "would be migrated by "},
		"another's":           {2, true, "", store.ErrDeployment, ""},
		"another's and older": {2, true, "DELETE FROM schema_steps WHERE version > 1", store.ErrDeployment, ""},
		"newer":               {1, true, "INSERT INTO schema_steps VALUES (99, 'next', 'x')", store.ErrSchema, ""},
	} {
		for _, kind := range []string{"cred", "audit"} {
			t.Run(kind+"/"+name, func(t *testing.T) {
				t.Parallel()
				var log bytes.Buffer
				e := role.Env{Now: time.Now, Home: t.TempDir(), Profile: deployed(1), Log: zerolog.New(&log)}
				path := filepath.Join(e.Home, kind, kind+".db")
				if c.chain != 0 {
					of := e
					of.Profile = deployed(c.chain)
					made(t, of, path, kind, c.begun)
					edited(t, path, c.edit)
				}
				before, _ := os.ReadFile(path)
				for _, e.CheckOnly = range []bool{false, true} {
					err := looks(t.Context(), e, kind)
					if !errors.Is(err, c.err) || c.err == nil && err != nil {
						t.Errorf("%v, want %v", err, c.err)
					}
					if c.err == store.ErrDeployment && !strings.Contains(err.Error(), "with --"+kind+"-store, or serve with the profile") {
						t.Errorf("it does not say what to do: %v", err)
					}
					if says := c.says != "" && e.CheckOnly; says != (log.Len() > 0) || says && !strings.Contains(log.String(), c.says) {
						t.Errorf("checked %t: said %q", e.CheckOnly, log.String())
					}
				}
				after, _ := os.ReadFile(path)
				if list, _ := os.ReadDir(filepath.Dir(path)); !bytes.Equal(before, after) || len(list) > 1 {
					t.Errorf("who looked left %v", list)
				}
			})
		}
	}
}

func looks(ctx context.Context, e role.Env, kind string) error {
	if kind == "audit" {
		return e.LookJournal(ctx, kind, "", "")
	}
	return e.LookState(ctx, kind, "", "")
}

// made makes a database as a role does, which began or did not.
func made(t *testing.T, e role.Env, path, kind string, begun bool) {
	t.Helper()
	if kind != "audit" {
		s, err := e.OpenState(t.Context(), kind, "", "")
		if err == nil && begun {
			err = s.Begin(t.Context())
		}
		if err == nil {
			err = s.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err != nil {
		t.Fatal(err)
	}
	j, err := journal.OpenSQLite(t.Context(), path, e.Now)
	if err == nil && begun {
		err = e.Claim(j, "--audit-store")(t.Context())
	}
	if err := errors.Join(err, j.Close()); err != nil {
		t.Fatal(err)
	}
}

func edited(t *testing.T, path, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err == nil {
		_, err = db.Exec(text)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestLookLeavesFlagsToOpen: what is wrong with them is said once.
func TestLookLeavesFlagsToOpen(t *testing.T) {
	t.Parallel()
	e := role.Env{Now: time.Now, Home: t.TempDir(), Profile: deployed(1)}
	absent := filepath.Join(e.Home, "absent")
	for name, c := range map[string]struct {
		e                role.Env
		sqlite, postgres string
	}{
		"both":       {e, absent, absent},
		"no file":    {e, "", absent},
		"replicated": {role.Env{Now: e.Now, Home: e.Home, Profile: e.Profile, Replicated: true}, "", ""},
	} {
		for _, c.e.CheckOnly = range []bool{true, false} {
			if err := errors.Join(c.e.LookState(t.Context(), "cred", c.sqlite, c.postgres), c.e.LookProofs(t.Context(), "cred", c.postgres), c.e.LookJournal(t.Context(), "cred", c.sqlite, c.postgres)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if s, err := c.e.OpenState(t.Context(), "cred", c.sqlite, c.postgres); err == nil {
				t.Errorf("%s: opened: %v", name, s.Close())
			}
		}
	}
	e.Profile = nil
	if err := e.LookState(t.Context(), "cred", "", ""); err == nil {
		t.Error("nobody knows of which deployment this is")
	}
	if err := e.LookProofs(t.Context(), "cred", ""); err != nil {
		t.Errorf("memory is of any: %v", err)
	}
}

// TestOpenNothing: who only looks has everything that a role asks for, and nothing of it
// on the disk.
func TestOpenNothing(t *testing.T) {
	t.Parallel()
	e := hosted(t, func(api.AuditEmit) (api.AuditPlaces, error) {
		t.Error("something was sent")
		return api.AuditPlaces{}, nil
	})
	e.CheckOnly, e.Profile.Chain, e.Profile.Contracts = true, deployed(1).Chain, deployed(1).Contracts
	s, err := e.OpenState(t.Context(), "cred", "", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Checks() {
		if _, err := c.Probe(t.Context()); err != nil {
			t.Error(c.Name, err)
		}
	}
	later := time.Now().Add(time.Hour)
	if err := s.Store.ConsumeUse(t.Context(), "cap", 1, later); apierr.CodeOf(err) != apierr.StoreUnavailable {
		t.Error(err)
	}
	if err := s.Proofs.Use(t.Context(), "key", "id", later.Add(-time.Hour+dpop.MaxAge)); err != nil {
		t.Error(err)
	}
	a := opened(t, e)
	if err := a.Allowed(t.Context(), decision()); apierr.CodeOf(err) != apierr.AuditUnavailable {
		t.Error(err)
	}
	if len(a.Checks()) != 0 {
		t.Error("a spool is asked for")
	}
	if err := errors.Join(s.Close(), a.Close()); err != nil {
		t.Error(err)
	}
	if list, err := os.ReadDir(e.Home); err != nil || len(list) != 0 {
		t.Errorf("%v lie there: %v", list, err)
	}
}

// TestLookSpool: with the key of the role, or without one while there is none.
func TestLookSpool(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	k, err := jose.OpenKey(at("identity.pem"), jose.GenerateKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jose.OpenKey(at("another.pem"), jose.GenerateKey); err != nil {
		t.Fatal(err)
	}
	e := hosted(t, func(in api.AuditEmit) (api.AuditPlaces, error) {
		return api.AuditPlaces{}, apierr.New(apierr.AuditUnavailable, "full")
	})
	a, err := e.OpenAudit("broker", k, at("spool"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(a.Allowed(t.Context(), decision()), a.Close()); err != nil {
		t.Fatal(err)
	}
	emittest.Older(t, at("older"), "broker", k, time.Now)
	for _, c := range []struct {
		key, spool string
		want       error
		text       string
	}{
		{"identity.pem", "spool", nil, ""},
		{"identity.pem", "none", nil, ""},
		{"absent.pem", "spool", nil, ""},
		{"another.pem", "spool", nil, "1 of its events are not known to be sent"},
		{"identity.pem", "older", emit.ErrVersion, "serve once more with that version"},
		{"absent.pem", "older", emit.ErrVersion, "serve once more with that version"},
	} {
		err := e.LookSpool("broker", at(c.key), at(c.spool))
		if (err == nil) != (c.text == "") || err != nil && !strings.Contains(err.Error(), c.text) || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s, %s: %v", c.key, c.spool, err)
		}
	}
	for _, name := range []string{"none", "absent.pem"} {
		if _, err := os.Stat(at(name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s was made: %v", name, err)
		}
	}
}

// TestLookBesideAProcess: what a process has is that process's. A start ends before it
// opens anything that the other one may have; a check goes on.
func TestLookBesideAProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	k, err := jose.OpenKey(filepath.Join(dir, "identity.pem"), jose.GenerateKey)
	if err != nil {
		t.Fatal(err)
	}
	e := hosted(t, func(api.AuditEmit) (api.AuditPlaces, error) {
		return api.AuditPlaces{}, apierr.New(apierr.AuditUnavailable, "full")
	})
	a, err := e.OpenAudit("broker", k, filepath.Join(dir, "spool"))
	if err != nil {
		t.Fatal(err)
	}
	look := func() error {
		return e.LookSpool("broker", filepath.Join(dir, "identity.pem"), filepath.Join(dir, "spool"))
	}
	if err := look(); !errors.Is(err, emit.ErrInUse) {
		t.Errorf("a start: %v", err)
	}
	e.CheckOnly = true
	if err := look(); err != nil {
		t.Errorf("a check: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	e.CheckOnly = false
	if err := look(); err != nil {
		t.Errorf("a start after it: %v", err)
	}
}
