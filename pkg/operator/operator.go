// Package operator is what a person does on chain, with a wallet (K10) and a
// passkeys (K11): become an operator, bind an agent, grant services, revoke; add
// masters, let a quorum of them decide, freeze, and move to another wallet.
//
// Laws: what is signed is built here from what the chain says now, shown in
// words taken from the very struct that is signed, and only then touched. All
// passkeys that an operation needs are found before the first is touched.
// Every operation may be run twice: work that is done already is found on
// chain, nothing is signed or sent, and the outcome says so.
package operator

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// operationTTL is how long a signed operation may wait for its block.
const operationTTL = 10 * time.Minute

// Outcome says what an operation did.
type Outcome struct {
	// Done is true when the chain showed the wanted state already.
	Done bool        `json:"already_done"`
	Tx   common.Hash `json:"tx"`
	Gas  uint64      `json:"gas_used"`
	// Plan is what would have been done; nil unless the operator's DryRun is set
	// and there is something to do.
	Plan *Plan `json:"plan,omitzero"`
}

// Operator is one person with a wallet and the passkeys of some of its masters.
// It is not safe for concurrent use: two operations would take the same nonce.
type Operator struct {
	// Chain sends with the person's wallet.
	Chain *chain.Operations
	// Account is the wallet's address.
	Account common.Address
	// Masters are those whose passkeys this program can touch.
	Masters []Master
	Names   typeddata.Names
	// Show presents what is about to be signed; an error ends the operation.
	Show func(title string, words []typeddata.Line) error
	Now  func() time.Time
	// DryRun signs and sends nothing: outcomes carry a Plan.
	DryRun bool
}

// Master is a passkey that this program can touch.
type Master struct {
	Credential passkey.Credential
	Passkey    passkey.Authenticator
}

// Identity asks the registry who the wallet is, and refuses anything but an
// active master.
func (o *Operator) Identity(ctx context.Context) (chain.Identity, error) {
	id, err := o.Chain.Resolve(ctx, o.Account)
	if err != nil {
		return id, err
	}
	if id.Kind != chain.Master || id.Status != chain.Active {
		return id, fmt.Errorf("wallet %s is not an operator's active wallet (%s, %s); run `agentkeys init`", o.Account, id.Kind, id.Status)
	}
	return id, nil
}

// Register makes the wallet an operator with its only passkey as first master.
func (o *Operator) Register(ctx context.Context) (omni.Operator, Outcome, error) {
	id, err := o.Chain.Resolve(ctx, o.Account)
	if err != nil {
		return omni.Operator{}, Outcome{}, err
	}
	switch {
	case id.Kind == chain.Master && id.Status == chain.Active:
		return id.Operator, Outcome{Done: true}, nil
	case id.Status != chain.Unregistered:
		return omni.Operator{}, Outcome{}, fmt.Errorf("wallet %s is already known on chain (%s, %s) and cannot become a new operator", o.Account, id.Kind, id.Status)
	case len(o.Masters) != 1:
		return omni.Operator{}, Outcome{}, fmt.Errorf("a first master has one passkey, not %d", len(o.Masters))
	}
	c := o.Masters[0].Credential
	op := typeddata.RegisterFirstMaster{
		Operator: omni.OperatorOfWallet(o.Account), Wallet: o.Account,
		K11CredID: c.IDHash(), K11RPIDHash: c.RPIDHash(), K11OriginHash: c.OriginHash(),
		K11PubX: c.X, K11PubY: c.Y, Deadline: o.deadline(),
	}
	if op.Nonce, err = o.Chain.OperatorNonce(ctx, op.Operator); err != nil {
		return omni.Operator{}, Outcome{}, err
	}
	out, err := o.run(ctx, step{
		op: op, domain: o.Chain.RegistryDomain(), newcomer: &o.Masters[0],
		send: func(ctx context.Context, on *chain.Operations, v []chain.Vote, self passkey.Assertion) (*types.Receipt, error) {
			return on.RegisterFirstMaster(ctx, op, self)
		},
	})
	return op.Operator, out, err
}

// BindAgent binds the agent that made the request.
func (o *Operator) BindAgent(ctx context.Context, r Request) (Outcome, error) {
	id, err := o.Identity(ctx)
	if err != nil {
		return Outcome{}, err
	}
	if err := r.Verify(id.Operator, o.Chain.RegistryDomain(), o.Now()); err != nil {
		return Outcome{}, err
	}
	have, err := o.Chain.Resolve(ctx, r.Agent)
	if err != nil {
		return Outcome{}, err
	}
	switch want := (chain.Identity{Kind: chain.Agent, Operator: id.Operator, Actor: r.Actor, Status: chain.Active}); {
	case have == want:
		return Outcome{Done: true}, nil
	case have.Status != chain.Unregistered:
		return Outcome{}, fmt.Errorf("the agent's key %s is already known on chain (%s, %s); it needs a new one: agentkeys agent request", r.Agent, have.Kind, have.Status)
	}
	op := typeddata.BindAgent{Operator: id.Operator, Actor: r.Actor, Agent: r.Agent, Deadline: o.deadline()}
	if op.Nonce, err = o.Chain.OperatorNonce(ctx, id.Operator); err != nil {
		return Outcome{}, err
	}
	return o.run(ctx, step{
		op: op, operator: id.Operator, domain: o.Chain.RegistryDomain(), votes: 1, roles: chain.RoleScopeMgmt,
		send: func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.RegisterAgent(ctx, op, r.Deadline, r.Signature, v[0])
		},
	})
}

// RevokeAgent revokes a device for ever. It needs the wallet alone: revoking
// is the safe direction.
func (o *Operator) RevokeAgent(ctx context.Context, key omni.DeviceKey) (Outcome, error) {
	id, err := o.Identity(ctx)
	if err != nil {
		return Outcome{}, err
	}
	d, err := o.Chain.Device(ctx, key)
	switch {
	case err != nil:
		return Outcome{}, err
	case !d.Registered || d.Operator != id.Operator:
		return Outcome{}, fmt.Errorf("device %s is not one of this operator's", key.Short())
	case d.Tier == chain.TierMaster:
		return Outcome{}, fmt.Errorf("device %s is a master, not an agent", key.Short())
	case d.Revoked:
		return Outcome{Done: true}, nil
	}
	return o.run(ctx, step{
		op: typeddata.RevokeAgent{Operator: id.Operator, DeviceKey: key}, operator: id.Operator, domain: o.Chain.RegistryDomain(),
		send: func(ctx context.Context, on *chain.Operations, _ []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.RevokeAgent(ctx, key)
		},
	})
}

// SetScope replaces everything that an actor may do.
func (o *Operator) SetScope(ctx context.Context, actor omni.Actor, grants []chain.Grant) (Outcome, error) {
	return o.ChangeScope(ctx, actor, func([]chain.Grant) ([]chain.Grant, error) { return grants, nil })
}

// ChangeScope replaces what an actor may do by what change makes of it. Both
// are of one block, and the nonce with them: a change that somebody else makes
// in between is never overwritten, the chain refuses this one instead.
func (o *Operator) ChangeScope(ctx context.Context, actor omni.Actor, change func(have []chain.Grant) ([]chain.Grant, error)) (Outcome, error) {
	id, err := o.Identity(ctx)
	if err != nil {
		return Outcome{}, err
	}
	have, nonce, err := o.Chain.Scope(ctx, id.Operator, actor)
	if err != nil {
		return Outcome{}, err
	}
	grants, err := change(slices.Clone(have))
	if err != nil {
		return Outcome{}, err
	}
	if slices.Equal(have, grants) {
		return Outcome{Done: true}, nil
	}
	if len(grants) == 0 {
		return o.revokeScope(ctx, typeddata.RevokeScope{Operator: id.Operator, Actor: actor, Nonce: nonce, Deadline: o.deadline()})
	}
	op := typeddata.SetScope{Operator: id.Operator, Actor: actor, Nonce: nonce, Deadline: o.deadline()}
	for _, g := range grants {
		op.Grants = append(op.Grants, typeddata.Grant(g))
	}
	if err := op.Check(); err != nil {
		return Outcome{}, err
	}
	return o.run(ctx, step{
		op: op, operator: id.Operator, domain: o.Chain.ScopeDomain(), votes: 1, roles: chain.RoleScopeMgmt,
		send: func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.SetScope(ctx, op, v[0])
		},
	})
}

func (o *Operator) revokeScope(ctx context.Context, op typeddata.RevokeScope) (Outcome, error) {
	return o.run(ctx, step{
		op: op, operator: op.Operator, domain: o.Chain.ScopeDomain(), votes: 1, roles: chain.RoleScopeMgmt,
		send: func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.RevokeScope(ctx, op, v[0])
		},
	})
}

func (o *Operator) deadline() uint64 { return uint64(o.Now().Add(operationTTL).Unix()) }
