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
	// Account is that wallet's address; it need not be the operator's for what
	// any sender may do.
	Account common.Address
	// Operator is whom this is about; Register sets it.
	Operator omni.Operator
	// Masters are those whose passkeys this program can touch.
	Masters []Master
	// NoMasters says why there are none; nil for no particular reason.
	NoMasters error
	Names     typeddata.Names
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

// mine reads how the operator stands, and refuses unless the wallet that sends
// is its own.
func (o *Operator) mine(ctx context.Context) (chain.Standing, error) {
	st, err := o.standing(ctx)
	if err == nil && st.Wallet != o.Account {
		err = o.notTheWallet(ctx, st)
	}
	return st, err
}

// standing reads how the operator stands.
func (o *Operator) standing(ctx context.Context) (chain.Standing, error) {
	st, err := o.Chain.Standing(ctx, o.Operator)
	if err == nil && st.Threshold == 0 {
		err = fixed(fmt.Errorf("operator %s is not registered on this chain", o.Operator.Short()), "agentkeys init")
	}
	return st, err
}

// notTheWallet says why the wallet at hand cannot send what only the operator's
// own may.
func (o *Operator) notTheWallet(ctx context.Context, st chain.Standing) error {
	id, err := o.Chain.Resolve(ctx, o.Account)
	switch {
	case err != nil:
		return err
	case id.Status == chain.Retired:
		return fixed(fmt.Errorf("wallet %s is retired: the operator's wallet is %s now; act as the identity that has it, with --as", o.Account, st.Wallet), "agentkeys whoami")
	case st.Rotation.NewWallet == o.Account:
		return fixed(fmt.Errorf("wallet %s is not the operator's yet: the move to it is proposed and takes effect at %s", o.Account, st.Rotation.EffectiveAt.UTC().Format(time.RFC3339)), "agentkeys device list")
	}
	return fixed(fmt.Errorf("wallet %s is not the operator's, which is %s; act as the identity that has it, with --as", o.Account, st.Wallet), "agentkeys whoami")
}

// fixed is an error with what to type about it.
func fixed(err error, fix string) error { return &withFix{err, fix} }

type withFix struct {
	error
	fix string
}

func (f *withFix) Unwrap() error { return f.error }

// Fix is what to type.
func (f *withFix) Fix() string { return f.fix }

// Register makes the wallet an operator with its only passkey as first master.
func (o *Operator) Register(ctx context.Context) (omni.Operator, Outcome, error) {
	id, err := o.Chain.Resolve(ctx, o.Account)
	if err != nil {
		return omni.Operator{}, Outcome{}, err
	}
	switch {
	case id.Kind == chain.Master && id.Status == chain.Active:
		o.Operator = id.Operator
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
	if err == nil {
		o.Operator = op.Operator
	}
	return op.Operator, out, err
}

// BindAgent binds the agent that made the request, as its own actor, or as a
// further key of keyOf.
func (o *Operator) BindAgent(ctx context.Context, r Request, keyOf omni.Actor) (Outcome, error) {
	st, err := o.mine(ctx)
	if err != nil {
		return Outcome{}, err
	}
	if err := r.Verify(o.Operator, keyOf, o.Chain.RegistryDomain(), o.Now()); err != nil {
		return Outcome{}, err
	}
	have, err := o.Chain.Resolve(ctx, r.Agent)
	if err != nil {
		return Outcome{}, err
	}
	switch want := (chain.Identity{Kind: chain.Agent, Operator: o.Operator, Actor: r.Actor, Status: chain.Active}); {
	case have == want:
		return Outcome{Done: true}, nil
	case have.Status != chain.Unregistered:
		return Outcome{}, fmt.Errorf("the agent's key %s is already known on chain (%s, %s); it needs a new one: agentkeys agent request", r.Agent, have.Kind, have.Status)
	}
	if st.Frozen {
		return Outcome{}, errFrozen()
	}
	op := typeddata.BindAgent{Operator: o.Operator, Actor: r.Actor, Agent: r.Agent, Nonce: st.OperatorNonce, Deadline: o.deadline()}
	return o.run(ctx, step{
		op: op, domain: o.Chain.RegistryDomain(), votes: 1, roles: chain.RoleScopeMgmt,
		send: func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.RegisterAgent(ctx, op, r.Deadline, r.Signature, v[0])
		},
	})
}

func errFrozen() error {
	return fixed(fmt.Errorf("%w: the operator is frozen; only quorum operations, cancellations and revocations work", ErrRefused), "agentkeys unfreeze")
}

// RevokeAgent revokes a device for ever. The wallet alone does it; from any other
// wallet one master signs: revoking is the safe direction.
func (o *Operator) RevokeAgent(ctx context.Context, key omni.DeviceKey) (Outcome, error) {
	st, err := o.standing(ctx)
	if err != nil {
		return Outcome{}, err
	}
	d, err := o.Chain.Device(ctx, key)
	switch {
	case err != nil:
		return Outcome{}, err
	case !d.Registered || d.Operator != o.Operator:
		return Outcome{}, fmt.Errorf("device %s is not one of this operator's", key.Short())
	case d.Tier == chain.TierMaster:
		return Outcome{}, fmt.Errorf("device %s is a master, not an agent", key.Short())
	case d.Revoked:
		return Outcome{Done: true}, nil
	}
	op := typeddata.RevokeAgent{Operator: o.Operator, DeviceKey: key, Deadline: o.deadline()}
	s := step{op: op, domain: o.Chain.RegistryDomain()}
	if o.Account == st.Wallet {
		s.send = func(ctx context.Context, on *chain.Operations, _ []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.RevokeAgent(ctx, key)
		}
		return o.run(ctx, s)
	}
	s.votes = 1
	s.send = func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
		return on.RevokeAgentByVote(ctx, op, v[0])
	}
	return o.run(ctx, s)
}

// SetScope replaces everything that an actor may do.
func (o *Operator) SetScope(ctx context.Context, actor omni.Actor, grants []chain.Grant) (Outcome, error) {
	return o.ChangeScope(ctx, actor, func([]chain.Grant) ([]chain.Grant, error) { return grants, nil })
}

// ChangeScope replaces what an actor may do by what change makes of it. Both
// are of one block, and the nonce with them: a change that somebody else makes
// in between is never overwritten, the chain refuses this one instead.
func (o *Operator) ChangeScope(ctx context.Context, actor omni.Actor, change func(have []chain.Grant) ([]chain.Grant, error)) (Outcome, error) {
	st, err := o.mine(ctx)
	if err != nil {
		return Outcome{}, err
	}
	have, nonce, err := o.Chain.Scope(ctx, o.Operator, actor)
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
		return o.revokeScope(ctx, typeddata.RevokeScope{Operator: o.Operator, Actor: actor, Nonce: nonce, Deadline: o.deadline()})
	}
	if st.Frozen {
		return Outcome{}, errFrozen()
	}
	op := typeddata.SetScope{Operator: o.Operator, Actor: actor, Nonce: nonce, Deadline: o.deadline()}
	for _, g := range grants {
		op.Grants = append(op.Grants, typeddata.Grant(g))
	}
	if err := op.Check(); err != nil {
		return Outcome{}, err
	}
	return o.run(ctx, step{
		op: op, domain: o.Chain.ScopeDomain(), votes: 1, roles: chain.RoleScopeMgmt,
		send: func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.SetScope(ctx, op, v[0])
		},
	})
}

func (o *Operator) revokeScope(ctx context.Context, op typeddata.RevokeScope) (Outcome, error) {
	return o.run(ctx, step{
		op: op, domain: o.Chain.ScopeDomain(), votes: 1, roles: chain.RoleScopeMgmt,
		send: func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.RevokeScope(ctx, op, v[0])
		},
	})
}

func (o *Operator) deadline() uint64 { return uint64(o.Now().Add(operationTTL).Unix()) }
