//go:build unix

package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/pkg/store/postgrestest"
)

// TestPostgresLook looks at schemas, and at guards that have not begun.
func TestPostgresLook(t *testing.T) {
	servers(t, func(t *testing.T, s *postgrestest.Server) {
		t.Run("states", func(t *testing.T) { t.Parallel(); lookStates(t, s) })
		t.Run("a guard before it begins", func(t *testing.T) { t.Parallel(); guardNotBegun(t, s.Fresh(t)) })
	})
}

// lookStates: each state of a schema is told, with nothing in it changed.
func lookStates(t *testing.T, s *postgrestest.Server) {
	fresh := s.Fresh(t)
	made, err := store.LookPostgres(t.Context(), fresh, "one")
	if err != nil || made.Taken != 0 || made.Missing == 0 || made.Claimed {
		t.Errorf("an empty schema: %+v, %v", made, err)
	}
	if n := rows(t, fresh, "pg_tables WHERE schemaname = current_schema()"); n != 0 {
		t.Errorf("%d tables were made", n)
	}
	n := made.Missing
	for name, c := range map[string]struct {
		edit  string // of a schema that nobody has claimed
		claim string
		want  store.Standing
		err   error
	}{
		"as it was made":        {"", "", store.Standing{Taken: n}, nil},
		"claimed":               {"", "one", store.Standing{Taken: n, Claimed: true}, nil},
		"claimed by another":    {"", "two", store.Standing{}, store.ErrDeployment},
		"older":                 {"DELETE FROM state_steps WHERE version > 1; DROP TABLE deployment", "", store.Standing{Taken: 1, Missing: n - 1}, nil},
		"older and of another":  {"DELETE FROM state_steps WHERE version > 1", "two", store.Standing{}, store.ErrDeployment},
		"older and of this one": {"DELETE FROM state_steps WHERE version > 1", "one", store.Standing{Taken: 1, Missing: n - 1, Claimed: true}, nil},
		"newer":                 {"INSERT INTO state_steps VALUES (99, 'next', 'x')", "", store.Standing{}, store.ErrSchema},
		"edited":                {"UPDATE state_steps SET sha256 = 'x' WHERE version = 1", "", store.Standing{}, store.ErrSchema},
	} {
		dsn := s.Fresh(t, "synchronous_commit=off") // which a writer turns on
		st := open(t, dsn, atNoon)
		if c.claim != "" {
			err = st.Claim(t.Context(), c.claim)
		}
		if err := errors.Join(err, st.Close()); err != nil {
			t.Fatal(err)
		}
		raw := postgrestest.Raw(t, dsn)
		defer raw.Close()
		if _, err := raw.Exec(c.edit); err != nil {
			t.Fatal(err)
		}
		steps := rows(t, dsn, "state_steps")
		got, err := store.LookPostgres(t.Context(), dsn, "one")
		if !errors.Is(err, c.err) || c.err == nil && (err != nil || got != c.want) {
			t.Errorf("%s: %+v, %v, want %+v, %v", name, got, err, c.want, c.err)
		}
		if after := rows(t, dsn, "state_steps"); after != steps {
			t.Errorf("%s: %d steps became %d", name, steps, after)
		}
	}
	if _, err := store.LookPostgres(t.Context(), fresh+"_absent", "one"); err == nil || !strings.Contains(err.Error(), "no schema of its search path is there") {
		t.Errorf("a schema that is not there: %v", err)
	}
}

func rows(t *testing.T, dsn, of string) (n int) {
	t.Helper()
	raw := postgrestest.Raw(t, dsn)
	defer raw.Close()
	if err := raw.QueryRow("SELECT COUNT(*) FROM " + of).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// guardNotBegun: a process that ends before it begins leaves neither a guard nor a
// claim; one that begins later has seen no proof from before that.
func guardNotBegun(t *testing.T, dsn string) {
	now := noon
	c := config("cred", func() time.Time { return now })
	for range 2 {
		p, err := store.OpenPostgresProofs(t.Context(), dsn, c)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		if err := use(t, p, "key", "id", noon.Add(dpop.MaxAge)); apierr.CodeOf(err) != apierr.StoreUnavailable {
			t.Errorf("a use before it begins: %v", err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		for _, table := range []string{"replay_guards", "deployment", "used_proofs"} {
			if n := rows(t, dsn, table); n != 0 {
				t.Errorf("%d rows in %s", n, table)
			}
		}
		now = now.Add(time.Hour)
	}
	p := guard(t, dsn, c)
	if err := use(t, p, "key", "before", now.Add(-time.Second)); !errors.Is(err, dpop.ErrUsed) {
		t.Errorf("a proof from before it began: %v", err)
	}
	if err := use(t, p, "key", "after", now.Add(time.Second)); err != nil {
		t.Error(err)
	}
	if n := rows(t, dsn, "deployment"); n != 1 {
		t.Errorf("%d claims", n)
	}
}

// TestPostgresStandby: what cannot be written is no place for state, and a look says so
// before anything is opened. That it says why shows that it does not ask to write.
func TestPostgresStandby(t *testing.T) {
	servers(t, func(t *testing.T, s *postgrestest.Server) {
		if !s.Own() {
			return
		}
		t.Run("looked at", func(t *testing.T) {
			dsn := s.Fresh(t)
			s.Standby(t)
			if _, err := store.LookPostgres(t.Context(), dsn, "one"); !errors.Is(err, store.ErrNotDurable) {
				t.Error(err)
			}
		})
	})
}
