package journal

import (
	"context"

	"github.com/litentry/agentkeys/pkg/store"
)

// LookSQLite tells how the file of a journal stands before it is opened, and writes
// nothing. Errors: those of store.LookSQLiteFile.
func LookSQLite(ctx context.Context, path, deployment string) (store.Standing, error) {
	return store.LookSQLiteFile(ctx, path, migrationFiles, "migrations/sqlite", deployment)
}

// LookPostgres is LookSQLite for the tables in PostgreSQL. Errors: those of
// store.LookPostgresTables.
func LookPostgres(ctx context.Context, dsn, deployment string) (store.Standing, error) {
	return store.LookPostgresTables(ctx, dsn, migrationFiles, "migrations/postgres", deployment)
}

// Unopened is a journal without a database, for a process that looks at everything and
// serves nobody: it is ready, appends are refused with audit_unavailable, and reads
// fail.
func Unopened() (*Journal, error) {
	none, err := store.OpenSQLiteReaders("", 1)
	if err != nil {
		return nil, err
	}
	b := sqlite()
	return &Journal{unopened: true, closed: true, write: none, read: reader{none, b.bind}, db: b}, none.Close()
}
