package isolation_test

import "sync"

// memo makes each thing once. It is safe for concurrent use.
type memo[K comparable, V any] struct {
	mu   sync.Mutex // guards have
	have map[K]V
}

// get is the thing of that name. The making must not ask the same memo.
func (m *memo[K, V]) get(k K, make1 func() V) V {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.have[k]; ok {
		return v
	}
	if m.have == nil {
		m.have = map[K]V{}
	}
	m.have[k] = make1()
	return m.have[k]
}
