package journal

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/store"
)

// postgresReaders is how many reads run beside the writer; more wait.
const postgresReaders = 4

// OpenPostgres opens a PostgreSQL database (14 or later; dsn is a connection
// string or URL as libpq knows them) and brings its schema up to date
// (store.ErrSchema: another version wrote it), in the first schema of the search
// path. now is the clock of what is received. Any number of processes may serve
// from one database, with clocks that differ by little. A server that does not
// keep what it acknowledges is store.ErrNotDurable; one on another machine whose
// certificate would not be verified is store.ErrPlaintext.
//
// A commit whose answer is lost may have happened: its callers hear
// audit_unavailable, and find out by appending again.
func OpenPostgres(ctx context.Context, dsn string, now func() time.Time) (*Journal, error) {
	write, err := store.OpenPostgresWriter(ctx, dsn, migrationFiles, "migrations/postgres")
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	read, err := store.OpenPostgresReaders(dsn, postgresReaders)
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", errors.Join(err, write.Close()))
	}
	j, err := start(ctx, postgres(), write, read, now)
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", errors.Join(err, read.Close(), write.Close()))
	}
	return j, nil
}

// postgres: transactions read what is committed, and run beside those of other
// processes; the locks of their operators keep them apart. Two processes that
// append one identifier for two operators wait for each other in the index of
// identifiers instead: one may be undone, and begins again.
func postgres() backend {
	return backend{
		bind: store.Rebind, own: []string{sqlLock, sqlKnown, sqlEnds, sqlInsertAll, sqlWriteEnds},
		lock: lockOperators, check: store.CheckPostgres,
		known: func() map[string]*found { return map[string]*found{} }, look: lookTogether, flush: flushTogether,
		again: func(err error) bool {
			return errors.Is(err, errAgain) || errors.Is(err, errTogether) || store.Again(err)
		},
		patience: Patience,
	}
}

// sqlLock takes advisory locks in the order of the array: unlike locks of rows
// they need no row, which a new operator does not have yet. The first half of the
// key is the table's, so that journals in one database do not meet.
const sqlLock = `
SELECT pg_advisory_xact_lock('heads'::regclass::oid::int, key) FROM unnest($1::int[]) AS key`

// lockOperators takes the locks of all operators in one order, so that two
// processes never wait for each other in a circle. Operators that share a key
// share a lock.
func lockOperators(ctx context.Context, g *group, operators []omni.Operator) error {
	if len(operators) == 0 {
		return nil
	}
	if _, err := g.stmt(ctx, g.own[sqlLock]).ExecContext(ctx, store.Array(lockKeys(operators))); err != nil {
		return fmt.Errorf("wait for other processes: %w", err)
	}
	return nil
}

// lockKeys are ascending, each once.
func lockKeys(operators []omni.Operator) []int64 {
	var keys []int64
	for _, o := range operators {
		b := o.Bytes()
		sum := sha256.Sum256(b[:])
		keys = append(keys, int64(int32(binary.BigEndian.Uint32(sum[:4]))))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
