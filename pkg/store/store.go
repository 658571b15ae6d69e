// Package store keeps the small off-chain state that must outlive a process:
// login nonces, uses of capabilities, counters of grant limits.
//
// Laws:
//   - An operation is atomic, and durable before it returns: whatever was
//     acknowledged survives kill -9 and, with honest disks, loss of power.
//   - An operation that answers store_unavailable has allowed nothing. It may
//     have been counted all the same (a commit whose acknowledgement was lost, a
//     caller who left early): a use or a nonce can be lost that way, never won.
//   - Group commit: operations that wait at the same time share one
//     transaction and one fsync.
//   - A database is of one deployment, for ever (see [Claim]): none has its uses
//     counted by another. Whoever looks before it opens (see [Standing]) writes
//     nothing, and is refused what another deployment or version has.
//   - A clock that goes back revives nothing (see [Store.TakeNonce],
//     [Store.ConsumeUse], [Store.Charge]).
//
// One file of SQL serves both backends: SQLite (modernc.org/sqlite) for a role
// that runs once, PostgreSQL (lib/pq) for one that runs several times on one
// database. What is a backend's own stands in sqlite.go and postgres_store.go, and
// below migrations; the suite in storetest says what any backend must do.
// [OpenSQLiteFile] and [OpenPostgresWriter] open databases for other tables with
// the same durability.
//
// [Proofs] remembers used DPoP proofs for the processes of one role.
//
// Roles may share a PostgreSQL database. Whoever can write it can give uses back:
// a role that must not trust another has a database user, and tables, of its own.
//
// It does not keep secrets, and it does not decide: callers verify tokens and
// their times first.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
)

var (
	// ErrNonceUnknown says that a nonce was never put, was taken, has expired,
	// or is bound to somebody else; these are not told apart.
	ErrNonceUnknown = errors.New("store: nonce is unknown, used, expired or bound to another")
	// ErrUsedUp says that a capability has no use left.
	ErrUsedUp = errors.New("store: capability is used up")
)

// Store is the durable state of one role. It is safe for concurrent use; the
// more callers wait at once, the cheaper each one is.
type Store struct {
	db  *sql.DB
	now func() time.Time
	st  statements

	backend  backend
	unopened bool // there is no database
	line     *line[*job]
	drained  chan struct{} // closed when the writer has answered every job
}

// backend is what differs between databases.
type backend struct {
	bind func(string) string // writes the placeholders of SQL
	// probe is what readiness writes, with the time.
	probe string
	// enter begins each batch, alone each pruning: nil where there is one process.
	enter, alone func(context.Context, *sql.Tx) error
}

// start runs the writer over an open, migrated database.
func start(ctx context.Context, db *sql.DB, b backend, now func() time.Time) (*Store, error) {
	s := &Store{db: db, now: now, backend: b, line: newLine[*job](), drained: make(chan struct{})}
	if err := s.st.prepare(ctx, db, b); err != nil {
		return nil, fmt.Errorf("prepare statements: %w", err)
	}
	go s.write()
	return s, nil
}

// Unopened is a store without a database, for a process that looks at everything and
// serves nobody: it is ready, and every operation is store_unavailable.
func Unopened() *Store {
	s := &Store{unopened: true, line: newLine[*job]()}
	s.line.close()
	return s
}

// Close waits for the operations that were submitted, then closes the database.
// Later operations answer store_unavailable. Closing twice is no fault.
func (s *Store) Close() error {
	if !s.line.close() {
		return nil
	}
	<-s.drained
	return s.db.Close()
}

// Ready reports whether the store can be written durably, by doing so.
func (s *Store) Ready(ctx context.Context) error {
	if s.unopened {
		return nil
	}
	return s.submit(ctx, "", func(ctx context.Context, tx tx) (refusal, fault error) {
		_, err := tx.stmt(ctx, s.st.probe).ExecContext(ctx, micros(s.now()))
		return nil, err
	})
}

// unavailable is what a caller hears of any fault.
func unavailable(cause error) error {
	return apierr.Wrap(apierr.StoreUnavailable, cause, "the store could not be written; nothing was allowed, try again")
}

// micros is the form of an instant in the database.
func micros(t time.Time) int64 { return t.UnixMicro() }
