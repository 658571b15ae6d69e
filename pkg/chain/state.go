package chain

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// BlockRef names the block at which something was read.
type BlockRef struct {
	Number uint64
	Hash   common.Hash
	Time   time.Time
}

// Status is what the registry says of an address.
type Status uint8

// The statuses, in the order of the contract's enumeration.
const (
	Unregistered Status = iota
	Active
	Retired
	Revoked
)

// String is the word of SPEC section 2.
func (s Status) String() string {
	switch s {
	case Unregistered:
		return "unregistered"
	case Active:
		return "active"
	case Retired:
		return "retired"
	case Revoked:
		return "revoked"
	}
	return fmt.Sprintf("status(%d)", uint8(s))
}

// Kind is what an address is registered as.
type Kind uint8

// The kinds, in the order of the contract's enumeration.
const (
	None Kind = iota
	Master
	Agent
)

// String is the word for people.
func (k Kind) String() string {
	switch k {
	case None:
		return "none"
	case Master:
		return "master"
	case Agent:
		return "agent"
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Roles are the role bits of a device (SPEC section 2).
type Roles uint8

// The role bits.
const (
	RoleCapMint   Roles = 1
	RoleRecovery  Roles = 2
	RoleScopeMgmt Roles = 4
)

// Has reports whether all bits of need are set.
func (r Roles) Has(need Roles) bool { return r&need == need }

// String lists the roles for people.
func (r Roles) String() string {
	var out []string
	for _, n := range []struct {
		bit  Roles
		name string
	}{{RoleCapMint, "CAP_MINT"}, {RoleRecovery, "RECOVERY"}, {RoleScopeMgmt, "SCOPE_MGMT"}} {
		if r.Has(n.bit) {
			out = append(out, n.name)
		}
	}
	if rest := r &^ (RoleCapMint | RoleRecovery | RoleScopeMgmt); rest != 0 {
		out = append(out, fmt.Sprintf("0x%x", uint8(rest)))
	}
	return strings.Join(out, "+")
}

// Identity is the registry's answer to resolve(address). Operator and Actor
// are zero when the status is unregistered.
type Identity struct {
	Kind     Kind
	Operator omni.Operator
	Actor    omni.Actor
	Status   Status
}

// IdentityPair is an Identity at the confirmed block and at the newest head.
type IdentityPair struct{ Confirmed, Newest Identity }

// Agreed is the identity that may be acted on: it is active only if the
// address is active as the same kind, operator and actor at both blocks.
// Otherwise the newest refusal stands, and an identity that is not yet
// confirmed reads as unregistered.
func (p IdentityPair) Agreed() Identity {
	switch {
	case p.Newest.Status != Active:
		return p.Newest
	case p.Confirmed == p.Newest:
		return p.Newest
	case p.Confirmed.Status != Active:
		return p.Confirmed
	}
	return Identity{}
}

// Tier tells an operator's own devices from those of its agents.
type Tier uint8

// The tiers (SPEC section 2).
const (
	TierMaster Tier = 1
	TierAgent  Tier = 2
)

// Device is what the registry says of one device key.
type Device struct {
	Registered bool
	Revoked    bool
	Operator   omni.Operator
	Actor      omni.Actor
	Tier       Tier
	Roles      Roles
	// RegisteredAt is the time of the block that registered it.
	RegisteredAt time.Time
}

// Active reports whether the device is registered and not revoked.
func (d Device) Active() bool { return d.Registered && !d.Revoked }

// Grant is one service that an operator granted to an agent. A limit of zero
// is no limit, an expiry of zero is never (SPEC section 11).
type Grant struct {
	Service       service.Name
	Ops           service.Ops
	MaxPerPeriod  uint32
	PeriodSeconds uint32
	MaxTotal      uint32
	ExpiresAt     uint64 // Unix seconds
}

// Query names the facts that one decision needs.
type Query struct {
	Operator omni.Operator
	Actor    omni.Actor
	Device   omni.DeviceKey
}

// State is the facts of one Query, all read at one block.
type State struct {
	Block BlockRef
	// Device is the entry of Query.Device.
	Device Device
	// Frozen: a master of Query.Operator stopped all its agents.
	Frozen bool
	// ActorOwner is the operator to which Query.Actor is bound, or zero.
	ActorOwner omni.Operator
	// Grants are those of (Query.Operator, Query.Actor), also expired ones.
	Grants []Grant
	// ScopeNonce is that of (Query.Operator, Query.Actor).
	ScopeNonce uint64
	// Epoch is the current K3 epoch.
	Epoch uint32
}

// Pair is a State at the confirmed block and at the newest head. Something is
// allowed only if both allow it. Without confirmations they are the same.
type Pair struct{ Confirmed, Newest State }

// View answers what the chain says. It is safe for concurrent use. A returned
// State is shared: callers must not change its Grants.
//
// Every error carries chain_unavailable (the chain could not be asked, or
// answered nonsense) or chain_stale (its head is too old). There is no error
// for "not registered": that is an answer.
type View interface {
	// State reads the facts of q at both blocks.
	State(ctx context.Context, q Query) (Pair, error)
	// Resolve asks the registry who an address is, at both blocks.
	Resolve(ctx context.Context, a common.Address) (IdentityPair, error)
	// Counter reads the epoch counter, at both blocks.
	Counter(ctx context.Context) (CounterPair, error)
	// Refresh looks for a newer head now. Callers use it before they answer a
	// denial that may rest on a head from a moment ago. Concurrent calls share
	// one look, and looks are bounded in rate.
	Refresh(ctx context.Context) error
	// Ready tells the age of the newest head, or why nothing can be answered.
	Ready(ctx context.Context) (age time.Duration, err error)
}
