//go:build unix

// Package roletest is what the tests of several roles do with databases: a role is
// opened from its configuration and its processes come and go, on SQLite and on
// PostgreSQL servers. Nothing here knows which role it is.
package roletest

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/pkg/store/postgrestest"
)

// Servers calls f with each PostgreSQL server that databases names: what stands in
// AGENTKEYS_TEST_DATABASES, as in pkg/store.
func Servers(t *testing.T, databases string, f func(s *postgrestest.Server)) {
	t.Helper()
	for entry := range strings.SplitSeq(databases, ",") {
		if where, ok := strings.CutPrefix(entry, "postgres:"); ok {
			f(postgrestest.Connect(t, where))
		}
	}
}

// File is what the flag --ROLE-postgres names: the connection string of a database,
// or no file for none.
func File(t testing.TB, dsn string) string {
	t.Helper()
	if dsn == "" {
		return ""
	}
	path := filepath.Join(t.TempDir(), "postgres")
	if err := files.Create(path, []byte(dsn+"\n")); err != nil {
		t.Fatal(err)
	}
	return path
}

// Configure makes the configuration of a role on the database that the file names, and
// an environment of its own after edit.
type Configure func(t *testing.T, postgres string, edit func(*role.Env)) (role.Config, role.Env)

// Opens shows that the flag leads to the database that others share, again and again,
// and to none of another deployment. checks are among those of the role's readiness.
func Opens(t *testing.T, s *postgrestest.Server, configure Configure, checks ...string) {
	dsn := s.Fresh(t)
	file := File(t, dsn)
	replica := func(e *role.Env) { e.Replicated = true }
	c, e := configure(t, file, func(e *role.Env) { e.Replicated, e.CheckOnly = true, true })
	checked, err := c.Open(t.Context(), e)
	if err := errors.Join(c.Look(t.Context(), e), err); err != nil {
		t.Fatal(err)
	}
	if err := checked.Close(); err != nil {
		t.Error(err)
	}
	if n := count(t, dsn, `pg_tables WHERE schemaname = current_schema()`); n != 0 {
		t.Errorf("a check made %d tables", n)
	}
	for range 2 {
		c, e := configure(t, file, replica)
		if err := c.Look(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		r, err := c.Open(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, c := range r.Checks() {
			if names = append(names, c.Name); strings.HasPrefix(c.Name, "proofs") || c.Name == "store" {
				if _, err := c.Probe(t.Context()); err != nil {
					t.Errorf("%s: %v", c.Name, err)
				}
			}
		}
		for _, want := range checks {
			if !slices.Contains(names, want) {
				t.Errorf("%q is not among the checks %q", want, names)
			}
		}
		if err := errors.Join(r.Begin(t.Context()), r.Close()); err != nil {
			t.Error(err)
		}
		if begun := guards(t, dsn); !slices.Equal(begun, proofs(names)) {
			t.Errorf("the guards %q have begun, of the checks %q", begun, names)
		}
		c, e = configure(t, file, func(e *role.Env) {
			p := *e.Profile
			p.Contracts.Registry[19]++
			e.Replicated, e.Profile = true, &p
		})
		if err := c.Look(t.Context(), e); !errors.Is(err, store.ErrDeployment) || !strings.Contains(err.Error(), "-postgres, or serve with the profile of that deployment") {
			t.Errorf("the database of another deployment: %v", err)
		}
	}
	if _, err := postgrestest.Raw(t, dsn).Exec(`INSERT INTO state_steps VALUES (99, 'next', 'x')`); err != nil {
		t.Fatal(err)
	}
	if c, e := configure(t, file, replica); !errors.Is(c.Look(t.Context(), e), store.ErrSchema) {
		t.Error("guards of a newer version are taken up")
	}
}

func count(t *testing.T, dsn, of string) (n int) {
	t.Helper()
	db := postgrestest.Raw(t, dsn)
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM `+of).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// proofs are the names of guards among those of checks.
func proofs(checks []string) (out []string) {
	for _, c := range checks {
		if name, ok := strings.CutPrefix(c, "proofs of "); ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// guards are the names of those that have begun in a database.
func guards(t *testing.T, dsn string) (out []string) {
	t.Helper()
	db := postgrestest.Raw(t, dsn)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM replay_guards ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		out = append(out, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Alone shows what becomes of the SQLite file of a role, named by its flag --ROLE-store,
// and of what else is written at a start: a check makes nothing, a start that ends
// before it begins leaves the file nobody's, and one that begins has it.
func Alone(t *testing.T, configure Configure, flag string) {
	home := t.TempDir()
	start := func(chain uint64, edit func(*role.Env), begin bool) (looked, opened error) {
		t.Helper()
		c, e := configure(t, "", func(e *role.Env) {
			p := *e.Profile
			p.Chain.ChainID += chain
			e.Home, e.Profile = home, &p
			edit(e)
		})
		looked = c.Look(t.Context(), e)
		if looked != nil {
			return looked, nil
		}
		s, err := c.Open(t.Context(), e)
		if err != nil {
			return nil, err
		}
		if begin {
			err = s.Begin(t.Context())
		}
		return nil, errors.Join(err, s.Close())
	}
	check := func(e *role.Env) { e.CheckOnly = true }
	serve := func(*role.Env) {}
	for _, c := range []struct {
		name  string
		chain uint64
		edit  func(*role.Env)
		begin bool
		made  int // databases
		want  error
	}{
		{"checked", 0, check, false, 0, nil},
		{"of another, which ends before it begins", 1, serve, false, 1, nil},
		{"of another, checked", 1, check, false, 1, nil},
		{"begun", 0, serve, true, 1, nil},
		{"of another now, checked", 1, check, false, 1, store.ErrDeployment},
		{"of another now", 1, serve, true, 1, store.ErrDeployment},
		{"begun again", 0, serve, true, 1, nil},
	} {
		looked, opened := start(c.chain, c.edit, c.begin)
		if opened != nil || !errors.Is(looked, c.want) || c.want == nil && looked != nil {
			t.Errorf("%s: looked at: %v; opened: %v", c.name, looked, opened)
		}
		if looked != nil && !strings.Contains(looked.Error(), flag+", or serve with the profile of that deployment") {
			t.Errorf("%s: it does not say what to do: %v", c.name, looked)
		}
		found, err := filepath.Glob(filepath.Join(home, "*", "*.db"))
		spools, err2 := filepath.Glob(filepath.Join(home, "*", "spool"))
		if err := errors.Join(err, err2); err != nil || len(found) != c.made || len(spools) > c.made {
			t.Errorf("%s: %q and %q lie there, %v", c.name, found, spools, err)
		}
	}
}

// Databases runs tests of a role whose processes share what they must not forget. W
// is the world of its tests.
type Databases[W any] struct {
	// Servers are those of the function of that name.
	Servers string
	// Role is its name.
	Role string
	// New makes a world; replicated: its role is told that it has replicas.
	New func(t *testing.T, replicated bool) W
	// Process starts one more process on a database, as the command line would, which
	// takes the calls that follow.
	Process func(w W, sqlite, postgres string) *role.State
	// Here yields what gives the calls that follow to the process that has them now.
	Here func(w W) func()
	// Later moves the world's clock.
	Later func(w W, d time.Duration)
	// Tests call turn before each call that may go to another process: on SQLite, where
	// there is one, to its successor; on PostgreSQL to the other of two.
	Tests map[string]func(t *testing.T, w W, turn func())
	// Configure and Checks are those of Opens.
	Configure Configure
	Checks    []string
}

// Run runs them.
func (d Databases[W]) Run(t *testing.T) {
	for name, test := range d.Tests {
		t.Run("sqlite/"+name, func(t *testing.T) { d.onSQLite(t, test) })
	}
	t.Run("sqlite/alone", func(t *testing.T) { Alone(t, d.Configure, "--"+d.Role+"-store") })
	Servers(t, d.Servers, func(s *postgrestest.Server) {
		t.Run("postgres/opens", func(t *testing.T) { Opens(t, s, d.Configure, d.Checks...) })
		for name, test := range d.Tests {
			t.Run("postgres/"+name, func(t *testing.T) { d.onPostgres(t, s, test) })
		}
	})
}

// onSQLite: turn ends the process, and starts another one on its database.
func (d Databases[W]) onSQLite(t *testing.T, test func(*testing.T, W, func())) {
	w := d.New(t, false)
	file := filepath.Join(t.TempDir(), d.Role+".db")
	var last *role.State
	test(t, w, func() {
		d.Later(w, time.Second) // memory knows nothing of the time before it
		if last != nil {
			if err := last.Close(); err != nil {
				t.Fatal(err)
			}
		}
		last = d.Process(w, file, "")
	})
}

// onPostgres: turn gives the next calls to the other of two processes.
func (d Databases[W]) onPostgres(t *testing.T, s *postgrestest.Server, test func(*testing.T, W, func())) {
	w := d.New(t, true)
	file := File(t, s.Fresh(t))
	var to [2]func()
	for i := range to {
		d.Process(w, "", file)
		to[i] = d.Here(w)
	}
	turns := 0
	test(t, w, func() {
		turns++
		to[turns%2]()
	})
}
