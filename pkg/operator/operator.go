// Package operator is what a person does on chain, with a wallet (K10) and a
// passkey (K11): become an operator, bind an agent, grant services, revoke.
//
// Laws: what is signed is built here from what the chain says now, shown in
// words taken from the very struct that is signed, and only then touched.
// Every operation may be run twice: work that is done already is found on
// chain, nothing is signed or sent, and the outcome says so.
package operator

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

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
}

// Operator holds both factors of one person. It is not safe for concurrent
// use: two operations would take the same nonce.
type Operator struct {
	Chain      *chain.Operations
	Wallet     *ecdsa.PrivateKey
	Passkey    passkey.Authenticator
	Credential passkey.Credential
	Names      typeddata.Names
	// Show presents what is about to be signed; an error ends the operation.
	Show func(title string, words []typeddata.Line) error
	Now  func() time.Time
}

// Address is the wallet's address.
func (o *Operator) Address() common.Address { return crypto.PubkeyToAddress(o.Wallet.PublicKey) }

// Identity asks the registry who the wallet is, and refuses anything but an
// active master.
func (o *Operator) Identity(ctx context.Context) (chain.Identity, error) {
	id, err := o.Chain.Resolve(ctx, o.Address())
	if err != nil {
		return id, err
	}
	if id.Kind != chain.Master || id.Status != chain.Active {
		return id, fmt.Errorf("wallet %s is not an operator's active wallet (%s, %s); run `agentkeys init`", o.Address(), id.Kind, id.Status)
	}
	return id, nil
}

// Register makes the wallet an operator with its passkey as first master.
func (o *Operator) Register(ctx context.Context) (omni.Operator, Outcome, error) {
	addr := o.Address()
	id, err := o.Chain.Resolve(ctx, addr)
	if err != nil {
		return omni.Operator{}, Outcome{}, err
	}
	switch {
	case id.Kind == chain.Master && id.Status == chain.Active:
		return id.Operator, Outcome{Done: true}, nil
	case id.Status != chain.Unregistered:
		return omni.Operator{}, Outcome{}, fmt.Errorf("wallet %s is already known on chain (%s, %s) and cannot become a new operator", addr, id.Kind, id.Status)
	}
	op := typeddata.RegisterFirstMaster{
		Operator: omni.OperatorOfWallet(addr), Wallet: addr,
		K11CredID: o.Credential.IDHash(), K11RPIDHash: o.Credential.RPIDHash(), K11OriginHash: o.Credential.OriginHash(),
		K11PubX: o.Credential.X, K11PubY: o.Credential.Y, Deadline: o.deadline(),
	}
	if op.Nonce, err = o.Chain.OperatorNonce(ctx, op.Operator); err != nil {
		return omni.Operator{}, Outcome{}, err
	}
	a, err := o.touch(ctx, op, o.Chain.RegistryDomain(), 0)
	if err != nil {
		return omni.Operator{}, Outcome{}, err
	}
	r, err := o.Chain.RegisterFirstMaster(ctx, op, a)
	if err != nil {
		return omni.Operator{}, Outcome{}, err
	}
	return op.Operator, Outcome{Tx: r.TxHash, Gas: r.GasUsed}, nil
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
	v, err := o.vote(ctx, op, o.Chain.RegistryDomain())
	if err != nil {
		return Outcome{}, err
	}
	receipt, err := o.Chain.RegisterAgent(ctx, op, r.Deadline, r.Signature, v)
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Tx: receipt.TxHash, Gas: receipt.GasUsed}, nil
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
	case d.Tier == tierMaster:
		return Outcome{}, fmt.Errorf("device %s is a master, not an agent", key.Short())
	case d.Revoked:
		return Outcome{Done: true}, nil
	}
	r, err := o.Chain.RevokeAgent(ctx, key)
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Tx: r.TxHash, Gas: r.GasUsed}, nil
}

const tierMaster = 1

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
	op := typeddata.SetScope{Operator: id.Operator, Actor: actor, Nonce: nonce, Deadline: o.deadline()}
	for _, g := range grants {
		op.Grants = append(op.Grants, typeddata.Grant(g))
	}
	if err := op.Check(); err != nil {
		return Outcome{}, err
	}
	v, err := o.vote(ctx, op, o.Chain.ScopeDomain())
	if err != nil {
		return Outcome{}, err
	}
	r, err := o.Chain.SetScope(ctx, op, v)
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Tx: r.TxHash, Gas: r.GasUsed}, nil
}

// vote is a touch by the registered first master.
func (o *Operator) vote(ctx context.Context, op typeddata.Operation, d typeddata.Domain) (chain.Vote, error) {
	device := omni.DeviceKeyOfAddress(o.Address())
	entry, err := o.Chain.Device(ctx, device)
	if err != nil {
		return chain.Vote{}, err
	}
	a, err := o.touch(ctx, op, d, entry.LastSignCount)
	return chain.Vote{Device: device, Assertion: a}, err
}

// touch shows the words and asks the passkey to sign the digest. seen is the
// sign count that the chain has seen last: the answer must be beyond it.
func (o *Operator) touch(ctx context.Context, op typeddata.Operation, d typeddata.Domain, seen uint32) (passkey.Assertion, error) {
	lines := typeddata.Describe(op, d, o.Names)
	if err := o.Show(typeddata.Name(op), lines); err != nil {
		return passkey.Assertion{}, err
	}
	words := make([]string, len(lines))
	for i, l := range lines {
		words[i] = l.Label + ": " + l.Text
	}
	c := o.Credential
	c.SignCount = max(c.SignCount, seen)
	return o.Passkey.Assert(ctx, passkey.AssertRequest{Credential: c, Challenge: typeddata.Digest(op, d), Words: words})
}

func (o *Operator) deadline() uint64 { return uint64(o.Now().Add(operationTTL).Unix()) }
