package journal_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/store"
)

// TestLookSQLite: a journal is told from the state of a role, and from that of another
// deployment, before it is opened.
func TestLookSQLite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, other := filepath.Join(dir, "audit.db"), filepath.Join(dir, "cred.db")
	s, err := journal.LookSQLite(t.Context(), path, "one")
	if err != nil || s.Taken != 0 || s.Missing == 0 {
		t.Errorf("none: %+v, %v", s, err)
	}
	want := store.Standing{Taken: s.Missing, Claimed: true}
	j, err := journal.OpenSQLite(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(j.Claim(t.Context(), "one"), j.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err := journal.LookSQLite(t.Context(), path, "one"); err != nil || s != want {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := journal.LookSQLite(t.Context(), path, "two"); !errors.Is(err, store.ErrDeployment) {
		t.Errorf("of another: %v", err)
	}
	state, err := store.OpenSQLite(t.Context(), other, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := state.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.LookSQLite(t.Context(), other, "one"); !errors.Is(err, store.ErrSchema) {
		t.Errorf("of a role: %v", err)
	}
}

// TestUnopened is ready, takes nothing and shows nothing.
func TestUnopened(t *testing.T) {
	t.Parallel()
	j, err := journal.Unopened()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(t.Context(), journaltest.Entry(journaltest.Operator(1), "a")); apierr.CodeOf(err) != apierr.AuditUnavailable {
		t.Error(err)
	}
	_, pending := j.Pending(t.Context())
	_, head := j.Head(t.Context(), journaltest.Operator(1))
	_, lease := j.Lease(t.Context(), "name", "holder", time.Minute)
	for what, err := range map[string]error{"pending": pending, "head": head, "lease": lease, "claim": j.Claim(t.Context(), "one")} {
		if err == nil {
			t.Errorf("%s: no fault", what)
		}
	}
	if err := errors.Join(j.Ready(t.Context()), j.Close(), j.Close()); err != nil {
		t.Error(err)
	}
}
