package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"github.com/litentry/agentkeys/pkg/files"
)

//go:embed migrations
var migrationFiles embed.FS

// OpenSQLite opens the database file at path, creating it with mode 0600 if it
// is missing, and brings its schema up to date. Only one process may serve from
// a file: a role told that it has replicas needs another backend.
func OpenSQLite(ctx context.Context, path string, now func() time.Time) (*Store, error) {
	db, err := OpenSQLiteFile(ctx, path, migrationFiles, "migrations/sqlite")
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	s, err := start(ctx, db, sqlite(), now)
	if err != nil {
		return nil, fmt.Errorf("open the store %s: %w", path, errors.Join(err, db.Close()))
	}
	return s, nil
}

func sqlite() backend {
	return backend{bind: func(text string) string { return text }, probe: `UPDATE probe SET at = ? WHERE id = 1`}
}

// OpenSQLiteFile opens a database file for writing, mode 0600, made if it is
// missing, with the durability that this package promises, and brings its schema
// up to date by the numbered *.sql files of dir, all or none. It has one
// connection: SQLite has one writer. A schema of another version is ErrSchema.
func OpenSQLiteFile(ctx context.Context, path string, steps fs.FS, dir string) (*sql.DB, error) {
	if err := ownFile(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", sqliteDSN(path))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if err := prepareSQLite(ctx, db, steps, dir); err != nil {
		return nil, fmt.Errorf("%s: %w", path, errors.Join(err, db.Close()))
	}
	return db, nil
}

// OpenSQLiteReaders opens a file that OpenSQLiteFile opened before for reading
// beside its writer: up to n connections, none of which can write.
func OpenSQLiteReaders(path string, n int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", sqliteDSN(path, "query_only(on)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	return db, nil
}

func prepareSQLite(ctx context.Context, db *sql.DB, fsys fs.FS, dir string) error {
	if err := checkPragmas(ctx, db); err != nil {
		return err
	}
	steps, err := migrations(fsys, dir)
	if err != nil {
		return err
	}
	return migrate(ctx, db, steps)
}

// ownFile creates the database file, durably, before SQLite would with a wider
// mode, and refuses one that others may touch. SQLite gives its WAL and
// shared-memory files the mode of the database.
func ownFile(path string) error {
	if err := files.Create(path, nil); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return files.Check(path)
}

// sqliteDSN names the file and how every connection to it is set up.
func sqliteDSN(path string, pragmas ...string) string {
	q := url.Values{
		"_txlock":       {"immediate"}, // a batch writes: take the lock at once, not half-way
		"_busy_timeout": {"5000"},
		"_foreign_keys": {"on"},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"}, // fsync of the WAL at every commit
		"_dqs":          {"false"},
		"_defensive":    {"true"},
		"_pragma": append([]string{
			"fullfsync(on)", "checkpoint_fullfsync(on)", // where fsync alone does not reach the medium
			"journal_size_limit(67108864)",
			"trusted_schema(off)",
		}, pragmas...),
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: q.Encode()}
	return u.String()
}

// checkPragmas makes sure that durability is what was asked for: SQLite keeps
// silent when a file system cannot do WAL.
func checkPragmas(ctx context.Context, db *sql.DB) error {
	for _, p := range []struct{ name, want string }{
		{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"busy_timeout", "5000"},
	} {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			return fmt.Errorf("pragma %s: %w", p.name, err)
		}
		if got != p.want {
			return fmt.Errorf("pragma %s is %s instead of %s: this file system cannot hold the store", p.name, got, p.want)
		}
	}
	return nil
}
