// Package journal is the durable audit log: what was decided, chained by hashes
// per operator, and cut into batches whose roots are anchored on chain.
//
// The laws that hold here:
//
//   - What [Journal.Append] acknowledged survives kill -9 and, with honest
//     disks, loss of power. Callers that wait at the same time share one
//     transaction and one sync of the disk.
//   - An event is there once: the same event again answers the place of the
//     first time, another event under its identifier is [ErrConflict].
//   - Each operator has a journal of its own, with positions from 1 without a
//     gap; events without an operator are in one more, that of the zero
//     operator. Each entry holds the hash of the one before it.
//   - A batch is a run of positions that begins where the batch before it ended,
//     and the one with the next index: an entry is in at most one batch, and no
//     index is given twice. What was built is never built otherwise.
//   - A journal that cannot write refuses with audit_unavailable, within
//     [Patience], and writes again as soon as it can, without a restart.
//   - [Journal.Verify] names the first entry that was edited, moved, removed or
//     put in between by anybody who did not also rewrite all that follows. Who
//     rewrites a whole journal is found by the roots on chain and by places.
//
// One file of SQL serves the backends: SQLite for a role that runs once,
// PostgreSQL where several processes append to the same journals, which they do
// one after the other, operator by operator. What is one backend's own stands in
// sqlite.go or postgres.go and below migrations; the suite in journaltest says
// what any backend must do.
//
// What is on its way into the archive is remembered beside the batches
// ([Journal.MoveArchive]); no hash covers that, and Verify does not look at it.
//
// It does not decide who may write or read, does not verify what emitters
// signed, does not collapse or limit, does not sign places, and sends nothing
// to the chain. Gaps in the numbers of an emitter are reported ([Journal.Gaps]),
// not refused. Nothing is ever removed.
package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/merkle"
	"github.com/litentry/agentkeys/pkg/store"
)

var (
	// ErrInvalid is wrapped when an entry is incomplete or outside its grammar.
	ErrInvalid = errors.New("journal: the entry is not valid")
	// ErrConflict says that another event has this identifier already.
	ErrConflict = errors.New("journal: another event has this identifier")
	// ErrUnknown says that there is no such event or batch.
	ErrUnknown = errors.New("journal: there is no such event or batch")
	// ErrNothing says that every entry is in a batch already.
	ErrNothing = errors.New("journal: there is nothing to put into a batch")
	// ErrNotBatched says that the event is there but in no batch yet.
	ErrNotBatched = errors.New("journal: the event is in no batch yet")
	// ErrBusy is wrapped, beside audit_unavailable, when the journal did not get to an
	// append in time: too many wait, or the disk gives no answer. What was on its way may
	// become durable later; appending it again tells where it stands. Other errors that
	// carry audit_unavailable are not about time: see Append.
	ErrBusy = errors.New("journal: it did not get to it in time")
	// ErrMoved says that a batch, or the end of the batches, is not where the
	// caller believed it to be: somebody else was faster.
	ErrMoved = errors.New("journal: the batch stands elsewhere by now")
)

// Patience is how long a call of Append waits at most, besides the deadline of
// its context.
const Patience = 5 * time.Second

// Journal is the journals of all operators in one database. It is safe for
// concurrent use; the more callers append at once, the cheaper each one is.
type Journal struct {
	write *sql.DB
	read  reader
	db    backend
	now   func() time.Time
	st    statements

	queue   chan *job
	waiting atomic.Int64  // entries in the queue, at most maxQueue
	drained chan struct{} // closed when the writer has answered every job

	unopened bool // there is no database

	mu     sync.RWMutex // guards closed, and queue against a send after close
	closed bool

	treeMu sync.Mutex // guards tree, and that one is built at a time
	tree   *merkle.Tree
}

var _ audit.Sink = (*Journal)(nil)

// Claim makes the journal that of the named deployment, for ever, by whoever comes
// first: its batches are anchored on one chain. Errors: store.ErrDeployment and
// store.ErrNotGranted.
func (j *Journal) Claim(ctx context.Context, deployment string) error {
	return store.Claim(ctx, j.write, j.db.bind, deployment)
}

// start runs the writer over open, migrated databases: one to write, one to read
// beside it.
func start(ctx context.Context, db backend, write, read *sql.DB, now func() time.Time) (*Journal, error) {
	j := &Journal{
		write: write, read: reader{read, db.bind}, db: db, now: now,
		queue: make(chan *job, maxQueue), drained: make(chan struct{}),
	}
	if err := j.st.prepare(ctx, write, db); err != nil {
		return nil, fmt.Errorf("prepare statements: %w", err)
	}
	go j.run()
	return j, nil
}

// Close waits for what was appended, then closes the database. Later calls fail.
// Closing twice is no fault.
func (j *Journal) Close() error {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return nil
	}
	j.closed = true
	close(j.queue)
	j.mu.Unlock()
	<-j.drained
	return errors.Join(j.read.Close(), j.write.Close())
}

// Ready reports whether the journal can be written durably, by doing so; its
// errors are those of Append (with store.ErrNotDurable as the cause where a server
// does not keep what it acknowledges).
func (j *Journal) Ready(ctx context.Context) error {
	if j.unopened {
		return nil
	}
	return j.submit(ctx, 1, func(ctx context.Context, g *group) (refusal, fault error) {
		if err := j.db.check(ctx, g.Tx); err != nil {
			return audit.Unavailable(err), nil
		}
		_, err := g.stmt(ctx, j.st.probe).ExecContext(ctx, j.now().UnixMilli())
		return nil, err
	})
}
