package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// ErrSchema is wrapped when a database was written by another version of this
// program. Nothing is changed then.
var ErrSchema = errors.New("database schema is not the one this version writes")

// migration is one step; its place in the directory is its version, from 1.
type migration struct{ name, text, sum string }

// migrations reads the steps of one backend, in order.
func migrations(fsys fs.FS, dir string) ([]migration, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.sql")) // sorted
	if err != nil {
		return nil, err
	}
	var out []migration
	for _, n := range names {
		b, err := fs.ReadFile(fsys, n)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(b)
		out = append(out, migration{path.Base(n), string(b), hex.EncodeToString(sum[:])})
	}
	return out, nil
}

// sqlMigrating is the lock of PostgreSQL (the letters of its key are "agentkey")
// that lets one process migrate at a time; it ends with the transaction. Who
// waits for it waits for a whole migration.
const sqlMigrating = `SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(7018690069354210681)`

// migrate brings the schema of a database that one process has alone up to date.
func migrate(ctx context.Context, db *sql.DB, steps []migration) error {
	return migrateAs(ctx, db, steps, "schema_steps", "", func(text string) string { return text })
}

// migratePostgres does so where other processes may start at the same time.
// history is the table of the steps taken.
func migratePostgres(ctx context.Context, db *sql.DB, steps []migration, history string) error {
	return migrateAs(ctx, db, steps, history, sqlMigrating, Rebind)
}

// migrateAs takes all steps that are missing or none, under a lock if there is
// one. A database that is newer, or whose history differs from ours, is
// ErrSchema.
func migrateAs(ctx context.Context, db *sql.DB, steps []migration, history, lock string, bind func(string) string) error {
	t, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer func() { _ = t.Rollback() }() // no effect after Commit
	if lock != "" {
		if _, err := t.ExecContext(ctx, lock); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	if _, err := t.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS `+history+`
		(version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL)`); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	done, err := appliedSteps(ctx, t, history)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	left, err := missing(done, steps)
	if err != nil {
		return err
	}
	for i, m := range left {
		if _, err := t.ExecContext(ctx, m.text); err != nil {
			return fmt.Errorf("migrate: step %s: %w", m.name, err)
		}
		if _, err := t.ExecContext(ctx, bind(`INSERT INTO `+history+` (version, name, sha256) VALUES (?, ?, ?)`), len(done)+i+1, m.name, m.sum); err != nil {
			return fmt.Errorf("migrate: step %s: %w", m.name, err)
		}
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// missing are the steps that a database has not taken. One that is newer, or whose
// history differs from ours, is ErrSchema.
func missing(done, steps []migration) ([]migration, error) {
	if len(done) > len(steps) {
		return nil, fmt.Errorf("%w: it has %d steps, this version knows %d; start the version that wrote it", ErrSchema, len(done), len(steps))
	}
	for i, m := range done {
		if m.sum != steps[i].sum {
			return nil, fmt.Errorf("%w: step %d there is %q and differs from ours", ErrSchema, i+1, m.name)
		}
	}
	return steps[len(done):], nil
}

func appliedSteps(ctx context.Context, t *sql.Tx, history string) ([]migration, error) {
	rows, err := t.QueryContext(ctx, `SELECT version, name, sha256 FROM `+history+` ORDER BY version`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []migration
	for rows.Next() {
		var version int
		var m migration
		if err := rows.Scan(&version, &m.name, &m.sum); err != nil {
			return nil, err
		}
		if version != len(out)+1 {
			return nil, fmt.Errorf("%w: step %d is missing", ErrSchema, len(out)+1)
		}
		out = append(out, m)
	}
	return out, rows.Err()
}
