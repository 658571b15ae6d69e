package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const (
	// maxBatch bounds how many operations share a transaction, and so how
	// long the first of them waits for the last.
	maxBatch = 512
	// pruneEvery is how often, at most, expired rows are removed.
	pruneEvery = time.Minute
)

var errClosed = errors.New("store is closed")

// tx is the transaction of one batch.
type tx struct{ *sql.Tx }

func (t tx) stmt(ctx context.Context, s *sql.Stmt) *sql.Stmt { return t.StmtContext(ctx, s) }

// operation works inside a batch. A refusal is an answer, and what the operation
// wrote before it stays; a fault rolls back the whole batch.
type operation func(ctx context.Context, t tx) (refusal, fault error)

type job struct {
	ctx  context.Context
	do   operation
	done chan error // buffered: the writer never waits for a caller who left
	err  error      // the refusal, until the batch is durable
}

// submit hands an operation to the writer and waits until its batch is durable.
func (s *Store) submit(ctx context.Context, do operation) error {
	j := &job{ctx: ctx, do: do, done: make(chan error, 1)}
	if err := s.enqueue(j); err != nil {
		return unavailable(err)
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
}

func (s *Store) enqueue(j *job) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return errClosed
	}
	select {
	case s.queue <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

// write is the one writer: it takes whatever waits, commits it together, and
// answers. While a commit is on its way to the disk the next batch gathers.
func (s *Store) write() {
	defer close(s.drained)
	var lastPrune time.Time
	for first := range s.queue {
		batch := s.gather(first)
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

// gather adds to the first job what waits already, without waiting for more.
func (s *Store) gather(first *job) []*job {
	batch := []*job{first}
	for len(batch) < maxBatch {
		select {
		case j, ok := <-s.queue:
			if !ok {
				return batch
			}
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one transaction. It uses no caller's context: one who
// leaves must not take the others along.
func (s *Store) commit(batch []*job) error {
	ctx := context.Background()
	return s.transact(ctx, func(t tx) error {
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

// transact commits what f did, or nothing of it.
func (s *Store) transact(ctx context.Context, f func(tx) error) error {
	t, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := f(tx{t}); err != nil {
		return errors.Join(err, t.Rollback())
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
