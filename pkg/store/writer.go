package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// pruneEvery is how often, at most, expired rows are removed.
	pruneEvery = time.Minute
	// maxTries is how often a transaction is begun that others undo.
	maxTries = 5
)

// tx is the transaction of one batch.
type tx struct{ *sql.Tx }

func (t tx) stmt(ctx context.Context, s *sql.Stmt) *sql.Stmt { return t.StmtContext(ctx, s) }

// operation works inside a batch. A refusal is an answer, and what the operation
// wrote before it stays; a fault rolls back the whole batch. It may run again
// after a fault.
type operation func(ctx context.Context, t tx) (refusal, fault error)

type job struct {
	ctx  context.Context
	row  string // the one row that it locks
	do   operation
	done chan error // buffered: the writer never waits for a caller who left
	err  error      // the refusal, until the batch is durable
}

// submit hands an operation, which locks one row at most, to the writer and waits
// until its batch is durable.
func (s *Store) submit(ctx context.Context, row string, do operation) error {
	j := &job{ctx: ctx, row: row, do: do, done: make(chan error, 1)}
	if err := s.line.join(ctx, j); err != nil {
		return unavailable(err)
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
}

// write is the one writer: it takes whatever waits, commits it together, and
// answers. While a commit is on its way to the disk the next batch gathers.
func (s *Store) write() {
	defer close(s.drained)
	var lastPrune time.Time
	for first := range s.line.jobs {
		batch := s.line.gather(first)
		if err := s.commit(batch); err != nil {
			for _, j := range batch {
				j.done <- unavailable(err)
			}
			continue
		}
		for _, j := range batch {
			j.done <- j.err
		}
		if now := s.now(); now.Sub(lastPrune) >= pruneEvery || now.Before(lastPrune) {
			lastPrune = now
			// A fault here meets the next operation as well, which reports it.
			_ = s.prune(now)
		}
	}
}

// commit runs a batch in one transaction, in the order of the rows: two processes
// then never wait for each other in a circle. Callers who wait at the same time
// have no order among them. It uses no caller's context: one who leaves must not
// take the others along.
func (s *Store) commit(batch []*job) error {
	slices.SortStableFunc(batch, func(a, b *job) int { return strings.Compare(a.row, b.row) })
	return s.transact(context.Background(), s.backend.enter, func(ctx context.Context, t tx) error {
		for _, j := range batch {
			if err := j.ctx.Err(); err != nil {
				j.err = unavailable(err)
				continue
			}
			refusal, fault := j.do(ctx, t)
			if fault != nil {
				return fault
			}
			j.err = refusal
		}
		return nil
	})
}

// transact commits what f did after enter, or nothing of it; again when only
// others beside it undid it.
func (s *Store) transact(ctx context.Context, enter func(context.Context, *sql.Tx) error, f func(context.Context, tx) error) error {
	var err error
	for range maxTries {
		if err = transact(ctx, s.db, enter, f); err == nil || !Again(err) {
			break
		}
	}
	return err
}

func transact(ctx context.Context, db *sql.DB, enter func(context.Context, *sql.Tx) error, f func(context.Context, tx) error) error {
	t, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if enter != nil {
		err = enter(ctx, t)
	}
	if err == nil {
		err = f(ctx, tx{t})
	}
	if err != nil {
		return errors.Join(err, t.Rollback())
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
