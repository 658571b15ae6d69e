package store

import (
	"context"
	"errors"
	"sync"
)

// maxBatch bounds how many operations share a transaction, and so how long the
// first of them waits for the last.
const maxBatch = 512

var errClosed = errors.New("store is closed")

// line is where jobs wait for the one writer of a database. It is safe for
// concurrent use.
type line[J any] struct {
	jobs chan J

	mu     sync.RWMutex // guards closed, and jobs against a send after close
	closed bool
}

func newLine[J any]() *line[J] { return &line[J]{jobs: make(chan J, 4*maxBatch)} }

// join waits for room as long as ctx allows.
func (l *line[J]) join(ctx context.Context, j J) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return errClosed
	}
	select {
	case l.jobs <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close ends the line behind the last job in it, and tells whether it was open.
func (l *line[J]) close() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.closed = true
	close(l.jobs)
	return true
}

// gather adds to the first job what waits already, without waiting for more.
func (l *line[J]) gather(first J) []J {
	batch := []J{first}
	for len(batch) < maxBatch {
		select {
		case j, ok := <-l.jobs:
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
