package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/files"
)

// lookSQLite is what LookSQLite says, which makes and changes no file.
func lookSQLite(t *testing.T, path, deployment string) (Standing, error) {
	t.Helper()
	all := func() (text string) {
		list, err := os.ReadDir(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			b, err := os.ReadFile(filepath.Join(filepath.Dir(path), f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Ext(f.Name()) != ".db-shm" { // the locks of whoever reads
				text += fmt.Sprintf("%s %x\n", f.Name(), b)
			}
		}
		return text
	}
	before := all()
	s, err := LookSQLite(t.Context(), path, deployment)
	if all() != before {
		t.Error("who looked changed something")
	}
	return s, err
}

// TestLookSQLite at a file in each state, which a process has, or none.
func TestLookSQLite(t *testing.T) {
	t.Parallel()
	list, err := migrations(migrationFiles, "migrations/sqlite")
	if err != nil {
		t.Fatal(err)
	}
	n := len(list)
	for name, c := range map[string]struct {
		edit  string // of a database that nobody has claimed
		claim string
		want  Standing
		err   error
	}{
		"as it was made":          {"", "", Standing{Taken: n}, nil},
		"claimed":                 {"", "one", Standing{Taken: n, Claimed: true}, nil},
		"claimed by another":      {"", "two", Standing{}, ErrDeployment},
		"older":                   {older(n), "", Standing{Taken: 1, Missing: n - 1}, nil},
		"newer":                   {newer(n), "", Standing{}, ErrSchema},
		"newer and of another":    {newer(n), "two", Standing{}, ErrSchema},
		"edited":                  {"UPDATE schema_steps SET sha256 = 'x' WHERE version = 1", "", Standing{}, ErrSchema},
		"a step lacks":            {"DELETE FROM schema_steps WHERE version = 1", "", Standing{}, ErrSchema},
		"older and of another":    {"DELETE FROM schema_steps WHERE version > 1", "two", Standing{}, ErrDeployment},
		"older and of this one":   {"DELETE FROM schema_steps WHERE version > 1", "one", Standing{Taken: 1, Missing: n - 1, Claimed: true}, nil},
		"of a program before all": {"DROP TABLE schema_steps; DROP TABLE deployment", "", Standing{Missing: n}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a b?c#d%20.db")
			s := openAt(t, path, atNoon)
			if c.claim != "" {
				if err := s.Claim(t.Context(), c.claim); err != nil {
					t.Fatal(err)
				}
			}
			if c.edit != "" {
				exec(t, s, c.edit)
			}
			look := func(when, path string) {
				t.Helper()
				got, err := lookSQLite(t, path, "one")
				if !errors.Is(err, c.err) || c.err == nil && (err != nil || got != c.want) {
					t.Errorf("%s: %+v, %v, want %+v, %v", when, got, err, c.want, c.err)
				}
			}
			look("beside whoever serves", path)
			look("after whoever was killed", killed(t, path))
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			look("closed", path)
		})
	}
}

func newer(n int) string {
	return fmt.Sprintf("INSERT INTO schema_steps VALUES (%d, 'next', 'x')", n+1)
}

func older(n int) string {
	return fmt.Sprintf("DELETE FROM schema_steps WHERE version > 1 AND version <= %d; DROP TABLE deployment", n)
}

// killed is the database as whoever was killed leaves it: its last transactions are in
// the log alone.
func killed(t *testing.T, path string) string {
	t.Helper()
	as := filepath.Join(t.TempDir(), filepath.Base(path))
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + end)
		if err == nil {
			err = os.WriteFile(as+end, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return as
}

// TestLookSQLiteWithout a database: none is made, and what is none is not taken for one.
func TestLookSQLiteWithout(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, b := range map[string][]byte{"empty": nil, "text": []byte("this is no database, and long enough for one"), "open": nil} {
		if err := files.Create(at(name), b); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(at("open"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{at("absent"), at("empty"), filepath.Join(dir, "no", "directory")} {
		if s, err := LookSQLite(t.Context(), path, "one"); err != nil || s.Taken != 0 || s.Missing == 0 || s.Claimed {
			t.Errorf("%s: %+v, %v", path, s, err)
		}
	}
	if _, err := LookSQLite(t.Context(), at("open"), "one"); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
	for path, deployment := range map[string]string{at("text"): "one", at("empty"): ""} {
		if _, err := LookSQLite(t.Context(), path, deployment); err == nil {
			t.Errorf("%s, %q: no fault", path, deployment)
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 3 {
		t.Error(list, err)
	}
}

func TestWould(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Standing{
		"":                                {Taken: 2, Claimed: true},
		"claimed":                         {Taken: 2},
		"made and claimed":                {Missing: 2},
		"migrated by 1 step":              {Taken: 1, Missing: 1, Claimed: true},
		"migrated by 2 steps and claimed": {Taken: 1, Missing: 2},
	} {
		if got := s.Would(); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
}

// TestUnopened is ready and does nothing.
func TestUnopened(t *testing.T) {
	t.Parallel()
	s := Unopened()
	later := noon.Add(time.Hour)
	for what, err := range map[string]error{
		"nonce": s.PutNonce(t.Context(), "n", "b", later), "use": s.ConsumeUse(t.Context(), "cap", 1, later),
	} {
		if apierr.CodeOf(err) != apierr.StoreUnavailable {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := errors.Join(s.Ready(t.Context()), s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
}
