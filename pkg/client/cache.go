package client

import (
	"sync"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/sts"
)

// Memory is a Cache that ends with the process.
type Memory struct {
	mu      sync.Mutex // guards everything below
	session *api.Session
	storage map[StorageKey]sts.Credentials
}

// NewMemory returns an empty cache.
func NewMemory() *Memory { return &Memory{storage: map[StorageKey]sts.Credentials{}} }

// Session implements Cache.
func (m *Memory) Session() (api.Session, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.session == nil {
		return api.Session{}, false
	}
	return *m.session, true
}

// SaveSession implements Cache.
func (m *Memory) SaveSession(s api.Session) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.session = &s
}

// DropSession implements Cache.
func (m *Memory) DropSession() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.session = nil
}

// Storage implements Cache.
func (m *Memory) Storage(k StorageKey) (sts.Credentials, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.storage[k]
	return c, ok
}

// SaveStorage implements Cache.
func (m *Memory) SaveStorage(k StorageKey, c sts.Credentials) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.storage[k] = c
}

// DropStorage implements Cache.
func (m *Memory) DropStorage(k StorageKey) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.storage, k)
}
