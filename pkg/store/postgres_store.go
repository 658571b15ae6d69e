package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// stateSteps is the history of this package's own tables, beside which those of
// the journal may lie.
const stateSteps = "state_steps"

// OpenPostgres opens a PostgreSQL database as [OpenPostgresWriter] does, and
// brings the tables of this package up to date. Any number of processes may serve
// from one database, with clocks that differ by little. Errors: ErrNotDurable,
// ErrPlaintext, ErrSchema.
func OpenPostgres(ctx context.Context, dsn string, now func() time.Time) (*Store, error) {
	db, err := openPostgresWriter(ctx, dsn, migrationFiles, "migrations/postgres", stateSteps)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	s, err := start(ctx, db, postgres(), now)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", errors.Join(err, db.Close()))
	}
	return s, nil
}

// postgres: transactions read what is committed. A use is admitted by what was
// forgotten so far, which no row of it shows; so nobody prunes beside a batch of
// any process.
func postgres() backend {
	return backend{
		bind: Rebind, probe: `UPDATE state_probe SET at = ? WHERE id = 1`,
		enter: func(ctx context.Context, t *sql.Tx) error { return enterPostgres(ctx, t, sqlBeside) },
		alone: func(ctx context.Context, t *sql.Tx) error { return enterPostgres(ctx, t, sqlAlone) },
	}
}

// The locks of batches and of pruning. The first half of their key is the
// table's, so that stores in one database do not meet.
const (
	sqlBeside = `SELECT pg_advisory_xact_lock_shared('forgotten'::regclass::oid::int, 1)`
	sqlAlone  = `SELECT pg_advisory_xact_lock('forgotten'::regclass::oid::int, 1)`
)

func enterPostgres(ctx context.Context, t *sql.Tx, lock string) error {
	if _, err := t.ExecContext(ctx, lock); err != nil {
		return fmt.Errorf("wait for other processes: %w", err)
	}
	return CheckPostgres(ctx, t)
}
