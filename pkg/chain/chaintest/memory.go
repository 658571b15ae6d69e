// Package chaintest is a chain in memory: the chain.View that handler and
// decision tests use.
//
// It answers from maps, counts every call, can hold back the confirmed block,
// and can go stale or unavailable with exactly the error codes of the real
// view. It checks nothing that the contracts check: a test sets facts, also
// impossible ones.
package chaintest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
)

// Calls counts what a view was asked.
type Calls struct{ State, Resolve, Counter, Refresh, Ready int }

// Total is the number of questions about facts: what a denial "before any
// chain read" must leave at zero.
func (c Calls) Total() int { return c.State + c.Resolve + c.Counter + c.Refresh }

// Memory is a chain.View over maps. It is safe for concurrent use.
type Memory struct {
	mu sync.Mutex // guards everything below

	newest    facts
	confirmed *facts // nil: the same as newest
	hidden    []func()
	calls     Calls
	age       time.Duration
	fault     error
}

type facts struct {
	block      chain.BlockRef
	devices    map[omni.DeviceKey]chain.Device
	frozen     map[omni.Operator]bool
	owners     map[omni.Actor]omni.Operator
	grants     map[pair][]chain.Grant
	nonces     map[pair]uint64
	identities map[common.Address]chain.Identity
	epoch      uint32
	governance common.Address
	maintainer common.Address
}

type pair struct {
	op    omni.Operator
	actor omni.Actor
}

var _ chain.View = (*Memory)(nil)

// NewMemory returns an empty chain in epoch 1, with a governance and without a
// maintainer.
func NewMemory() *Memory {
	return &Memory{newest: facts{
		block:      chain.BlockRef{Number: 1, Hash: common.Hash{31: 1}, Time: time.Unix(1_700_000_000, 0)},
		devices:    map[omni.DeviceKey]chain.Device{},
		frozen:     map[omni.Operator]bool{},
		owners:     map[omni.Actor]omni.Operator{},
		grants:     map[pair][]chain.Grant{},
		nonces:     map[pair]uint64{},
		identities: map[common.Address]chain.Identity{},
		epoch:      1,
		governance: common.Address{18: 0x60, 19: 1},
	}}
}

func (f facts) clone() *facts {
	f.devices = maps.Clone(f.devices)
	f.frozen = maps.Clone(f.frozen)
	f.owners = maps.Clone(f.owners)
	f.grants = maps.Clone(f.grants)
	f.nonces = maps.Clone(f.nonces)
	f.identities = maps.Clone(f.identities)
	return &f
}

func (f *facts) state(q chain.Query) chain.State {
	p := pair{q.Operator, q.Actor}
	return chain.State{
		Block:      f.block,
		Device:     f.devices[q.Device],
		Frozen:     f.frozen[q.Operator],
		ActorOwner: f.owners[q.Actor],
		Grants:     slices.Clone(f.grants[p]),
		ScopeNonce: f.nonces[p],
		Epoch:      f.epoch,
	}
}

func (f *facts) counter() chain.Counter {
	return chain.Counter{Block: f.block, Epoch: f.epoch, Governance: f.governance, Maintainer: f.maintainer}
}

// State implements chain.View.
func (m *Memory) State(ctx context.Context, q chain.Query) (chain.Pair, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls.State++
	if err := m.failing(ctx); err != nil {
		return chain.Pair{}, err
	}
	return chain.Pair{Confirmed: m.behind().state(q), Newest: m.newest.state(q)}, nil
}

// Resolve implements chain.View.
func (m *Memory) Resolve(ctx context.Context, a common.Address) (chain.IdentityPair, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls.Resolve++
	if err := m.failing(ctx); err != nil {
		return chain.IdentityPair{}, err
	}
	return chain.IdentityPair{Confirmed: m.behind().identities[a], Newest: m.newest.identities[a]}, nil
}

// Counter implements chain.View.
func (m *Memory) Counter(ctx context.Context) (chain.CounterPair, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls.Counter++
	if err := m.failing(ctx); err != nil {
		return chain.CounterPair{}, err
	}
	return chain.CounterPair{Confirmed: m.behind().counter(), Newest: m.newest.counter()}, nil
}

// Refresh implements chain.View. It reveals what [Memory.UntilRefresh] hid.
func (m *Memory) Refresh(ctx context.Context) error {
	m.mu.Lock()
	m.calls.Refresh++
	if err := m.failing(ctx); err != nil {
		m.mu.Unlock()
		return err
	}
	reveal := m.hidden
	m.hidden = nil
	m.mu.Unlock()
	for _, f := range reveal {
		f()
	}
	return nil
}

// Ready implements chain.View.
func (m *Memory) Ready(ctx context.Context) (time.Duration, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls.Ready++
	if err := m.failing(ctx); err != nil {
		return 0, err
	}
	return m.age, nil
}

// Calls returns the counts so far.
func (m *Memory) Calls() Calls {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls
}

func (m *Memory) behind() *facts {
	if m.confirmed != nil {
		return m.confirmed
	}
	return &m.newest
}

func (m *Memory) failing(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return chain.Unavailable(err, "the chain was not asked")
	}
	return m.fault
}
