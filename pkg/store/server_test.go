//go:build unix

package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/litentry/agentkeys/pkg/store/postgrestest"
)

// TestPostgres runs on the servers that the environment names, as in pkg/journal:
// postgres:DSN, or postgres:DIRECTORY with the programs of PostgreSQL.
func TestPostgres(t *testing.T) {
	for entry := range strings.SplitSeq(os.Getenv("AGENTKEYS_TEST_DATABASES"), ",") {
		where, ok := strings.CutPrefix(entry, "postgres:")
		if !ok {
			continue
		}
		s := postgrestest.Connect(t, where)
		t.Run("migrations", func(t *testing.T) { postgresMigrations(t, s) })
		t.Run("migrations at once", func(t *testing.T) { migrationsAtOnce(t, s) })
		t.Run("sessions", func(t *testing.T) { postgresSessions(t, s) })
		t.Run("readers", func(t *testing.T) { postgresReadersOnly(t, s) })
		if s.Own() {
			t.Run("without durability", func(t *testing.T) { notDurable(t, s) })
		}
	}
}

func steps(texts ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i, text := range texts {
		out["m/"+string(rune('1'+i))+".sql"] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

const stepOne, stepTwo = "CREATE TABLE one (i BIGINT)", "CREATE TABLE two (i BIGINT); INSERT INTO two VALUES (1)"

func writer(t *testing.T, dsn string, texts ...string) (*sql.DB, error) {
	t.Helper()
	db, err := OpenPostgresWriter(t.Context(), dsn, steps(texts...), "m")
	if err == nil {
		t.Cleanup(func() { _ = db.Close() })
	}
	return db, err
}

func postgresMigrations(t *testing.T, s *postgrestest.Server) {
	for name, c := range map[string]struct {
		first, then []string
		want        string
		schema      bool
	}{
		"again":       {[]string{stepOne}, []string{stepOne}, "", false},
		"forward":     {[]string{stepOne}, []string{stepOne, stepTwo}, "", false},
		"back":        {[]string{stepOne, stepTwo}, []string{stepOne}, "start the version that wrote it", true},
		"edited":      {[]string{stepOne}, []string{stepOne + " "}, "differs from ours", true},
		"broken step": {[]string{stepOne}, []string{stepOne, stepTwo, stepOne}, "step 3.sql", false},
	} {
		t.Run(name, func(t *testing.T) {
			dsn := s.Fresh(t)
			if _, err := writer(t, dsn, c.first...); err != nil {
				t.Fatal(err)
			}
			_, err := writer(t, dsn, c.then...)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || errors.Is(err, ErrSchema) != c.schema {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if _, err := writer(t, dsn, c.first...); name != "forward" && err != nil {
				t.Error("the refused migration changed something:", err)
			}
		})
	}
}

// migrationsAtOnce: processes that start together migrate once, and all start.
func migrationsAtOnce(t *testing.T, s *postgrestest.Server) {
	for range 5 {
		dsn := s.Fresh(t)
		dbs := make([]*sql.DB, 8)
		var wg sync.WaitGroup
		for i := range dbs {
			wg.Go(func() {
				var err error
				if dbs[i], err = writer(t, dsn, stepOne, stepTwo); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
		var n int
		if err := dbs[0].QueryRow("SELECT COUNT(*) FROM two").Scan(&n); err != nil || n != 1 {
			t.Error(n, err)
		}
	}
}

// postgresSessions: what the connection string or the role say of durability is
// not what happens.
func postgresSessions(t *testing.T, s *postgrestest.Server) {
	for _, dsn := range []string{s.Fresh(t), s.Fresh(t, "synchronous_commit=off", "default_transaction_isolation=serializable")} {
		db, err := writer(t, dsn, stepOne)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"synchronous_commit": "on", "default_transaction_isolation": "read committed", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "10s",
		} {
			var got string
			if err := db.QueryRow("SHOW " + name).Scan(&got); err != nil || got != want {
				t.Errorf("%s is %s: %v", name, got, err)
			}
		}
	}
}

func postgresReadersOnly(t *testing.T, s *postgrestest.Server) {
	dsn := s.Fresh(t)
	w, err := writer(t, dsn, stepOne)
	if err != nil {
		t.Fatal(err)
	}
	r, err := OpenPostgresReaders(dsn, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	const insert = "INSERT INTO one VALUES (1)"
	if _, err := r.Exec(insert); err == nil || !strings.Contains(err.Error(), "25006") {
		t.Error(err)
	}
	if _, err := w.Exec(insert); err != nil {
		t.Error(err)
	}
	var n int
	if err := r.QueryRow("SELECT COUNT(*) FROM one").Scan(&n); err != nil || n != 1 {
		t.Error(n, err)
	}
}

// notDurable: a server without fsync is refused by name; one that acknowledges
// early by default is not, since its sessions are told otherwise.
func notDurable(t *testing.T, s *postgrestest.Server) {
	dsn := s.Fresh(t)
	for _, c := range []struct {
		name, value string
		want        error
	}{
		{"fsync", "", nil},
		{"fsync", "off", ErrNotDurable},
		{"fsync", "", nil},
		{"synchronous_commit", "off", nil},
		{"synchronous_commit", "", nil},
	} {
		s.Set(t, c.name, c.value)
		db, err := writer(t, dsn, stepOne)
		if !errors.Is(err, c.want) || err != nil && !strings.Contains(err.Error(), "fsync is off") {
			t.Errorf("%s %q: %v", c.name, c.value, err)
		}
		if _, looked := LookPostgresTables(t.Context(), dsn, steps(stepOne), "m", "one"); !errors.Is(looked, c.want) || c.want == nil && looked != nil {
			t.Errorf("%s %q, looked at: %v", c.name, c.value, looked)
		}
		if err != nil {
			continue
		}
		tx, err := db.BeginTx(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckPostgres(t.Context(), tx); err != nil {
			t.Error(err)
		}
		if _, err := tx.Exec("SET LOCAL synchronous_commit = off"); err != nil {
			t.Fatal(err)
		}
		if err := CheckPostgres(t.Context(), tx); !errors.Is(err, ErrNotDurable) {
			t.Error(err)
		}
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
	}
}
