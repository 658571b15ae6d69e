package journal

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/store"
)

//go:embed migrations
var migrationFiles embed.FS

// sqliteReaders is how many reads run beside the writer; more wait.
const sqliteReaders = 4

// walPages lets the write-ahead log grow to 32 MiB before it is copied into the
// database: a larger one holds more changes of the same pages. A log of that size is recovered in a fraction of a second.
const walPages = "PRAGMA wal_autocheckpoint = 8192"

// undoPages keeps in memory what SQLite would need to undo one statement of a group
// alone, which is never done: the file that it would write is as large as the entries.
const undoPages = "PRAGMA temp_store = MEMORY"

// OpenSQLite opens the database file at path, creating it with mode 0600 if it
// is missing, and brings its schema up to date (store.ErrSchema: another version
// wrote it). now is the clock of what is received. Only one process may serve
// from a file.
func OpenSQLite(ctx context.Context, path string, now func() time.Time) (*Journal, error) {
	write, err := store.OpenSQLiteFile(ctx, path, migrationFiles, "migrations/sqlite")
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	for _, pragma := range []string{walPages, undoPages} {
		if _, err := write.ExecContext(ctx, pragma); err != nil {
			return nil, fmt.Errorf("open the journal: %w", errors.Join(err, write.Close()))
		}
	}
	read, err := store.OpenSQLiteReaders(path, sqliteReaders)
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", errors.Join(err, write.Close()))
	}
	j, err := start(ctx, sqlite(), write, read, now)
	if err != nil {
		return nil, fmt.Errorf("open the journal %s: %w", path, errors.Join(err, read.Close(), write.Close()))
	}
	return j, nil
}

// sqlite: one process writes, through one connection, so that nothing runs beside
// a group.
func sqlite() backend {
	return backend{
		bind: func(text string) string { return text }, own: []string{sqlKnownSome, sqlInsertSome(), sqlInsert, sqlWriteHead},
		lock:  func(context.Context, *group, []omni.Operator) error { return nil },
		known: func() map[string]*found { return map[string]*found{} }, look: lookSome, flush: flushSome,
		check: func(context.Context, *sql.Tx) error { return nil },
		again: func(err error) bool { return errors.Is(err, errTogether) },
	}
}
