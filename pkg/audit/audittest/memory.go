// Package audittest is an audit sink in memory, for the tests of roles. It
// accepts exactly the events that every sink accepts, and fails when it is told
// to.
package audittest

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/litentry/agentkeys/pkg/audit"
)

// Memory is an audit.Sink that keeps what it was told. The zero value is ready;
// it is safe for concurrent use.
type Memory struct {
	mu     sync.Mutex // guards what follows
	events []audit.Event
	broken bool
}

var _ audit.Sink = (*Memory)(nil)

// Emit implements audit.Sink.
func (m *Memory) Emit(ctx context.Context, e audit.Event) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", audit.Unavailable(err)
	}
	if _, err := e.Encode(); err != nil {
		return "", audit.Unavailable(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken {
		return "", audit.Unavailable(errors.New("the disk is full"))
	}
	m.events = append(m.events, e)
	return Receipt(e), nil
}

// Receipt stands for the one that an emitter would have signed.
func Receipt(e audit.Event) string { return "receipt." + e.ID }

// Events are those taken so far, in their order.
func (m *Memory) Events() []audit.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.events)
}

// Break makes every Emit fail until Mend.
func (m *Memory) Break() { m.set(true) }

// Mend ends Break.
func (m *Memory) Mend() { m.set(false) }

func (m *Memory) set(broken bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = broken
}
