package dpop

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"time"
)

// ErrUsed says that a proof was used before, or may have been: the guard knows
// nothing of the time before it began, and of what it had to forget.
var ErrUsed = errors.New("the proof was used before")

// ErrFull says that the guard cannot remember another proof. It refuses
// rather than forgets.
var ErrFull = errors.New("the replay guard is full")

// Guard remembers used proofs. Use records id atomically and answers nil to
// exactly one of any number of concurrent callers; the others get ErrUsed.
// Until is the last instant at which the proof would be accepted again: the
// guard remembers it that long. Implementations are safe for concurrent use;
// an error other than ErrUsed and ErrFull means that nothing can be told.
type Guard interface {
	Use(ctx context.Context, id string, until time.Time) error
}

// DefaultCapacity is about 4,000 calls per second for a minute, in some 20 MB.
const DefaultCapacity = 1 << 18

// Memory is the Guard of a role that runs as one process. It is lost with the
// process: proofs made before the second in which it began are refused. (A
// proof of that very second, or by a clock ahead of this one, could be used a
// second time right after a restart. That is why single use of what mutates
// rests on the durable uses of the capability and not on this.)
type Memory struct {
	now      func() time.Time
	capacity int

	mu sync.Mutex // guards what follows
	// used holds a hash of every id, so that an entry's size is fixed.
	used map[[sha256.Size]byte]struct{}
	// due groups the ids by the second after which they may be forgotten.
	due map[int64][][sha256.Size]byte
	// horizon: what was valid until a time before it may have been forgotten
	// and counts as used. It never moves back, even when the clock does.
	horizon time.Time
	swept   int64
}

// NewMemory remembers at most capacity proofs.
func NewMemory(capacity int, now func() time.Time) (*Memory, error) {
	if capacity < 1 || now == nil {
		return nil, errors.New("replay guard: a capacity and a clock are required")
	}
	start := now().Truncate(time.Second)
	return &Memory{
		now: now, capacity: capacity, used: map[[sha256.Size]byte]struct{}{}, due: map[int64][][sha256.Size]byte{},
		horizon: start.Add(MaxAge),
	}, nil
}

// Use implements Guard.
func (m *Memory) Use(_ context.Context, id string, until time.Time) error {
	key := sha256.Sum256([]byte(id))
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep(m.now())
	if until.Before(m.horizon) {
		return ErrUsed
	}
	if _, ok := m.used[key]; ok {
		return ErrUsed
	}
	if len(m.used) >= m.capacity {
		return ErrFull
	}
	m.used[key] = struct{}{}
	m.due[until.Unix()] = append(m.due[until.Unix()], key)
	return nil
}

// Len is the number of proofs remembered.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.used)
}

// sweep forgets, once per second, what would be refused for its age anyway.
func (m *Memory) sweep(now time.Time) {
	second := now.Unix()
	if second == m.swept {
		return
	}
	m.swept = second
	for due, keys := range m.due {
		if due >= second {
			continue
		}
		for _, k := range keys {
			delete(m.used, k)
		}
		delete(m.due, due)
	}
	if gone := time.Unix(second, 0); gone.After(m.horizon) {
		m.horizon = gone
	}
}
