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

// ErrQuota says that the guard remembers as many proofs of this key as one key
// may have. Other keys are not concerned.
var ErrQuota = errors.New("the key has used up its share of the replay guard")

// ErrFull says that the guard cannot remember another proof of anybody. It
// refuses rather than forgets.
var ErrFull = errors.New("the replay guard is full")

// Guard remembers used proofs. A proof is the pair of key, the thumbprint of
// who signed it, and id, its jti. Use records the pair atomically and answers
// nil to exactly one of any number of concurrent callers; the others get
// ErrUsed. Until is the last instant at which the proof would be accepted
// again: the guard remembers it that long, whatever else comes. A guard whose
// memory is bounded counts by key, so that no key takes the room of the
// others, and tells that a proof was used before it tells that there is no
// room. Implementations are safe for concurrent use; an error other than
// ErrUsed, ErrQuota and ErrFull means that nothing can be told.
type Guard interface {
	Use(ctx context.Context, key, id string, until time.Time) error
}

const (
	// DefaultCapacity is about 4,000 calls per second for as long as a proof
	// is remembered, which is 66 seconds at most, in some 30 MB, or 60 MB when
	// every call is by another key.
	DefaultCapacity = 1 << 18
	// DefaultPerKey is 62 calls per second by one key without a pause, or as
	// many at once: an agent that starts a process per secret makes some 15.
	DefaultPerKey = 1 << 12
	// atOnce is how many proofs one call forgets: so no call pays for all that
	// end in one second, and what ended is gone within a few hundred calls.
	atOnce = 1 << 10
)

// Memory is the Guard of a role that runs as one process. It is lost with the
// process: proofs made before the second in which it began are refused. (A
// proof of that very second, or by a clock ahead of this one, could be used a
// second time right after a restart. That is why single use of what mutates
// rests on the durable uses of the capability and not on this.)
//
// A key may hold perKey proofs while the other keys hold none, and of what the
// others leave free always the same share, perKey / capacity, rounded up. So
// the more is taken the smaller every share is, and many keys that take all
// they can leave room for the next: with the defaults 64 of them leave more
// than a third, and a newcomer may hold 1,495 proofs.
type Memory struct {
	now              func() time.Time
	capacity, perKey int

	mu sync.Mutex // guards what follows, and the counts of the holders
	// used holds a hash of every proof, so that an entry's size is fixed.
	used map[digest]struct{}
	// holders has the keys with at least one entry in used.
	holders map[string]*holder
	// due groups the entries by the second after which they may be forgotten.
	due map[int64][]entry
	// horizon: what was valid until a time before it may have been forgotten
	// and counts as used. It never moves back, even when the clock does.
	horizon time.Time
	swept   int64
	// over are entries that were due and are not forgotten yet.
	over [][]entry
}

type digest [sha256.Size]byte

// holder is a key and the number of its entries.
type holder struct {
	key  string
	live int
}

type entry struct {
	proof digest
	by    *holder
}

// NewMemory remembers at most capacity proofs, and of one key at most perKey.
func NewMemory(capacity, perKey int, now func() time.Time) (*Memory, error) {
	if perKey < 1 || capacity < perKey || now == nil {
		return nil, errors.New("replay guard: a capacity, a share of it per key, and a clock are required")
	}
	start := now().Truncate(time.Second)
	return &Memory{
		now: now, capacity: capacity, perKey: perKey,
		used: map[digest]struct{}{}, holders: map[string]*holder{}, due: map[int64][]entry{},
		horizon: start.Add(MaxAge),
	}, nil
}

// Use implements Guard, in a time that does not depend on what is remembered.
func (m *Memory) Use(_ context.Context, key, id string, until time.Time) error {
	proof := digest(sha256.Sum256([]byte(key + "." + id))) // neither has a dot
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep(m.now())
	if until.Before(m.horizon) {
		return ErrUsed
	}
	if _, ok := m.used[proof]; ok {
		return ErrUsed
	}
	if len(m.used) >= m.capacity {
		return ErrFull
	}
	h := m.holders[key]
	if h == nil {
		h = &holder{key: key}
	}
	if h.live >= Share(m.capacity, m.perKey, len(m.used)-h.live) {
		return ErrQuota
	}
	h.live++
	m.holders[key] = h
	m.used[proof] = struct{}{}
	m.due[until.Unix()] = append(m.due[until.Unix()], entry{proof, h})
	return nil
}

// Share is how many proofs one key may hold, in a guard of that capacity, while
// the other keys hold others: of what they leave free always the same share,
// perKey / capacity, rounded up.
func Share(capacity, perKey, others int) int {
	return (perKey*(capacity-others) + capacity - 1) / capacity
}

// Len is the number of proofs remembered.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.used)
}

// sweep forgets some of what would be refused for its age anyway. Its caller
// holds mu.
func (m *Memory) sweep(now time.Time) {
	if second := now.Unix(); second != m.swept {
		m.turn(second)
	}
	for n := atOnce; n > 0 && len(m.over) > 0; {
		last := len(m.over) - 1
		entries := m.over[last]
		k := min(n, len(entries))
		for _, e := range entries[len(entries)-k:] {
			m.forget(e)
		}
		n -= k
		if m.over[last] = entries[:len(entries)-k]; k == len(entries) {
			m.over[last], m.over = nil, m.over[:last]
		}
	}
}

// turn begins a second. Its caller holds mu.
func (m *Memory) turn(second int64) {
	m.swept = second
	for due, entries := range m.due {
		if due < second {
			m.over = append(m.over, entries)
			delete(m.due, due)
		}
	}
	if gone := time.Unix(second, 0); gone.After(m.horizon) {
		m.horizon = gone
	}
}

// forget gives the entry's room back to its key. Its caller holds mu.
func (m *Memory) forget(e entry) {
	delete(m.used, e.proof)
	if e.by.live--; e.by.live == 0 {
		delete(m.holders, e.by.key)
	}
}
