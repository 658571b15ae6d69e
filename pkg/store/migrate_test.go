package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestMigrations(t *testing.T) {
	ctx := context.Background()
	step := func(texts ...string) []migration {
		t.Helper()
		fsys := fstest.MapFS{}
		for i, text := range texts {
			fsys[fmt.Sprintf("m/%04d.sql", i+1)] = &fstest.MapFile{Data: []byte(text)}
		}
		m, err := migrations(fsys, "m")
		if err != nil || len(m) != len(texts) {
			t.Fatal(err, len(m))
		}
		return m
	}
	const one, two = "CREATE TABLE one (i INTEGER)", "CREATE TABLE two (i INTEGER); INSERT INTO two VALUES (1)"
	for name, c := range map[string]struct {
		first, then []migration
		want        string
	}{
		"again":       {step(one), step(one), ""},
		"forward":     {step(one), step(one, two), ""},
		"back":        {step(one, two), step(one), "start the version that wrote it"},
		"edited":      {step(one), step(one + " "), "differs from ours"},
		"broken step": {step(one), step(one, two, "CREATE TABLE one (i INTEGER)"), "step 0003.sql"},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := sql.Open("sqlite", sqliteDSN(filepath.Join(t.TempDir(), "m.db")))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			db.SetMaxOpenConns(1)
			if err := migrate(ctx, db, c.first); err != nil {
				t.Fatal(err)
			}
			err = migrate(ctx, db, c.then)
			if (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if schema := name == "back" || name == "edited"; errors.Is(err, ErrSchema) != schema {
				t.Error(err)
			}
			// All steps or none: after a fault the schema is as it was.
			if err := migrate(ctx, db, c.first); name != "forward" && err != nil {
				t.Error("the refused migration changed something:", err)
			}
		})
	}
}

// TestGapInHistory: a history with a step missing is nobody's.
func TestGapInHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openAt(t, path, atNoon)
	exec(t, s, "DELETE FROM schema_steps WHERE version = 1")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSQLite(t.Context(), path, atNoon); !errors.Is(err, ErrSchema) || !strings.Contains(err.Error(), "is missing") {
		t.Error(err)
	}
}
