package chaintest

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
)

// change runs f on the newest facts, in a new block.
func (m *Memory) change(f func(*facts)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := &m.newest.block
	b.Number++
	binary.BigEndian.PutUint64(b.Hash[24:], b.Number)
	b.Time = b.Time.Add(time.Second)
	f(&m.newest)
}

// AddMaster registers a wallet as an operator's first master: all roles, and
// the operator's own actor.
func (m *Memory) AddMaster(wallet common.Address) (omni.Operator, omni.DeviceKey) {
	op, key := omni.OperatorOfWallet(wallet), omni.DeviceKeyOfAddress(wallet)
	m.change(func(f *facts) {
		f.devices[key] = chain.Device{
			Registered: true, Operator: op, Actor: omni.Self(op), Tier: 1,
			Roles:        chain.RoleCapMint | chain.RoleRecovery | chain.RoleScopeMgmt,
			RegisteredAt: f.block.Time,
		}
		f.owners[omni.Self(op)] = op
		f.identities[wallet] = chain.Identity{Kind: chain.Master, Operator: op, Actor: omni.Self(op), Status: chain.Active}
	})
	return op, key
}

// AddAgent binds an address to an operator as a new agent.
func (m *Memory) AddAgent(op omni.Operator, agent common.Address) (omni.Actor, omni.DeviceKey) {
	actor, key := omni.ActorOfWallet(agent), omni.DeviceKeyOfAddress(agent)
	m.change(func(f *facts) {
		f.devices[key] = chain.Device{
			Registered: true, Operator: op, Actor: actor, Tier: 2,
			Roles: chain.RoleCapMint, RegisteredAt: f.block.Time,
		}
		f.owners[actor] = op
		f.identities[agent] = chain.Identity{Kind: chain.Agent, Operator: op, Actor: actor, Status: chain.Active}
	})
	return actor, key
}

// Revoke marks the device of an address as revoked for ever.
func (m *Memory) Revoke(a common.Address) {
	key := omni.DeviceKeyOfAddress(a)
	m.change(func(f *facts) {
		d := f.devices[key]
		d.Revoked = true
		f.devices[key] = d
		id := f.identities[a]
		id.Status = chain.Revoked
		f.identities[a] = id
	})
}

// Retire makes the address what rotation leaves of a master's wallet.
func (m *Memory) Retire(wallet common.Address) {
	m.Revoke(wallet)
	m.change(func(f *facts) {
		id := f.identities[wallet]
		id.Status = chain.Retired
		f.identities[wallet] = id
	})
}

// SetFrozen freezes an operator, or ends its freeze.
func (m *Memory) SetFrozen(op omni.Operator, frozen bool) {
	m.change(func(f *facts) { f.frozen[op] = frozen })
}

// SetDevice states what the registry says of a device key.
func (m *Memory) SetDevice(key omni.DeviceKey, d chain.Device) {
	m.change(func(f *facts) { f.devices[key] = d })
}

// SetIdentity states what the registry says of an address.
func (m *Memory) SetIdentity(a common.Address, id chain.Identity) {
	m.change(func(f *facts) { f.identities[a] = id })
}

// SetActorOwner states to which operator an actor is bound.
func (m *Memory) SetActorOwner(a omni.Actor, op omni.Operator) {
	m.change(func(f *facts) { f.owners[a] = op })
}

// SetGrants replaces the scope of (op, actor) and moves its nonce.
func (m *Memory) SetGrants(op omni.Operator, a omni.Actor, grants ...chain.Grant) {
	m.change(func(f *facts) {
		f.grants[pair{op, a}] = slices.Clone(grants)
		f.nonces[pair{op, a}]++
	})
}

// SetEpoch states the current K3 epoch.
func (m *Memory) SetEpoch(e uint32) { m.change(func(f *facts) { f.epoch = e }) }

// SetGovernance states who governs the epoch.
func (m *Memory) SetGovernance(a common.Address) { m.change(func(f *facts) { f.governance = a }) }

// SetMaintainer states who may have data keys re-wrapped; zero: nobody.
func (m *Memory) SetMaintainer(a common.Address) { m.change(func(f *facts) { f.maintainer = a }) }

// Hold keeps the confirmed block where it is while newer blocks arrive.
func (m *Memory) Hold() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.confirmed = m.newest.clone()
}

// Confirm lets the confirmed block catch up with the newest.
func (m *Memory) Confirm() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.confirmed = nil
}

// UntilRefresh delays a change until somebody refreshes: a block that was
// mined but that no poll has seen yet.
func (m *Memory) UntilRefresh(change func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hidden = append(m.hidden, change)
}

// SetAge states the age that Ready reports.
func (m *Memory) SetAge(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.age = d
}

// GoUnavailable makes every answer chain_unavailable, as a dead endpoint does.
func (m *Memory) GoUnavailable() { m.setFault(chain.Unavailable(nil, "the chain does not answer")) }

// GoStale makes every answer chain_stale, as a head that stands still does.
func (m *Memory) GoStale() { m.setFault(chain.Stale("the newest block is too old")) }

// Recover ends GoUnavailable and GoStale.
func (m *Memory) Recover() { m.setFault(nil) }

func (m *Memory) setFault(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = err
}
