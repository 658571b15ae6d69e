//go:build unix

package journal_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/pkg/store/postgrestest"
)

// lookBeside: whose a schema is says whatever was made in it first.
func lookBeside(t *testing.T, dsn string) {
	state, err := store.OpenPostgres(t.Context(), dsn, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer state.Close()
	s, err := journal.LookPostgres(t.Context(), dsn, "one")
	if err != nil || s.Taken != 0 || s.Missing == 0 || s.Claimed {
		t.Errorf("%+v, %v", s, err)
	}
	if err := state.Claim(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	if s, err := journal.LookPostgres(t.Context(), dsn, "one"); err != nil || s.Taken != 0 || !s.Claimed {
		t.Errorf("claimed for the state: %+v, %v", s, err)
	}
	if _, err := journal.LookPostgres(t.Context(), dsn, "two"); !errors.Is(err, store.ErrDeployment) {
		t.Errorf("another: %v", err)
	}
	if err := openPostgres(t, dsn, time.Now).Close(); err != nil {
		t.Fatal(err)
	}
	if s, err := journal.LookPostgres(t.Context(), dsn, "one"); err != nil || s.Missing != 0 {
		t.Errorf("beside it: %+v, %v", s, err)
	}
}

// twoUsers: a journal and a role's state in one schema, each with a database user of
// its own. Who came second is told what to be granted, and with that has the rest.
func twoUsers(t *testing.T, s *postgrestest.Server) {
	s.Exec(t, "CREATE ROLE journals LOGIN; CREATE ROLE states LOGIN")
	for _, claimed := range []bool{true, false} {
		dsn := s.Fresh(t)
		schema := dsn[strings.Index(dsn, "search_path=")+len("search_path="):]
		s.Exec(t, "GRANT USAGE, CREATE ON SCHEMA "+schema+" TO journals, states")
		j, err := journal.OpenPostgres(t.Context(), dsn+" user=journals", time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		if claimed {
			if err := j.Claim(t.Context(), "one"); err != nil {
				t.Fatal(err)
			}
		}
		own := dsn + " user=states"
		look := func() error { _, err := store.LookPostgres(t.Context(), own, "one"); return err }
		state, err := store.OpenPostgres(t.Context(), own, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer state.Close()
		for what, err := range map[string]error{"look": look(), "claim": state.Claim(t.Context(), "one")} {
			if !errors.Is(err, store.ErrNotGranted) || !strings.Contains(err.Error(), "GRANT SELECT, INSERT ON deployment TO") {
				t.Errorf("%s without a grant: %v", what, err)
			}
		}
		s.Exec(t, "GRANT SELECT ON "+schema+".deployment TO states")
		if err := look(); err != nil {
			t.Errorf("look: %v", err)
		}
		if err := state.Claim(t.Context(), "one"); errors.Is(err, store.ErrNotGranted) == claimed || claimed && err != nil {
			t.Errorf("claimed before: %t, claim: %v", claimed, err)
		}
		s.Exec(t, "GRANT INSERT ON "+schema+".deployment TO states")
		if err := errors.Join(look(), state.Claim(t.Context(), "one"), j.Claim(t.Context(), "one"), state.Ready(t.Context())); err != nil {
			t.Errorf("with what it was told of: %v", err)
		}
		if err := state.Claim(t.Context(), "two"); !errors.Is(err, store.ErrDeployment) {
			t.Error(err)
		}
		// A start asks for its tables also where they are, and so does the look.
		s.Exec(t, "REVOKE CREATE ON SCHEMA "+schema+" FROM states")
		if again, err := store.OpenPostgres(t.Context(), own, time.Now); err == nil {
			t.Error("a start needs no right to make tables", again.Close())
		}
		if err := look(); err == nil || !strings.Contains(err.Error(), "may not make tables") {
			t.Errorf("look without the right to make tables: %v", err)
		}
	}
}
