package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// ErrNotSeen: a transaction succeeded, but the chain does not show at its
// block what it was to bring about.
var ErrNotSeen = errors.New("the chain does not show the change")

// Operations sends one wallet's operations. Each takes what was signed, sends
// exactly that, and returns when the chain shows the wanted state at the block
// of the receipt. None looks whether its work is done already.
type Operations struct {
	*Client
	t *Transactor // nil: nothing is sent
	// planned takes what would be sent when nothing is.
	planned func(to common.Address, data []byte)
}

// NewOperations sends through t what c asks about.
func NewOperations(c *Client, t *Transactor) *Operations { return &Operations{Client: c, t: t} }

// ErrPlanned: nothing was sent, what would have been is in the Call.
var ErrPlanned = errors.New("nothing was sent")

// Call is a transaction that was not sent.
type Call struct {
	To   common.Address
	Data []byte
}

// Plan runs f with operations that send nothing, and returns the first call that
// f would have sent.
func (o *Operations) Plan(f func(*Operations) error) (Call, error) {
	var c *Call
	err := f(&Operations{Client: o.Client, planned: func(to common.Address, data []byte) {
		if c == nil {
			c = &Call{to, data}
		}
	}})
	switch {
	case c != nil && errors.Is(err, ErrPlanned):
		return *c, nil
	case err != nil:
		return Call{}, err
	}
	return Call{}, errors.New("there is nothing to send")
}

// Vote is one master's assertion over an operation.
type Vote struct {
	Device    omni.DeviceKey
	Assertion passkey.Assertion
}

func (v Vote) packed() bindings.MasterAssertion {
	return bindings.MasterAssertion{DeviceKeyHash: v.Device.Bytes(), Assertion: bindings.K11Assertion(v.Assertion)}
}

// RegisterFirstMaster makes the wallet an operator. The new passkey asserts
// itself.
func (o *Operations) RegisterFirstMaster(ctx context.Context, op typeddata.RegisterFirstMaster, self passkey.Assertion) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackRegisterFirstMasterDevice(bindings.RegisterFirstMaster{
		Operator: op.Operator.Bytes(), Wallet: op.Wallet,
		K11CredId: op.K11CredID, K11RpIdHash: op.K11RPIDHash, K11OriginHash: op.K11OriginHash,
		K11PubX: new(big.Int).SetBytes(op.K11PubX[:]), K11PubY: new(big.Int).SetBytes(op.K11PubY[:]),
		Nonce: op.Nonce, Deadline: op.Deadline,
	}, bindings.K11Assertion(self))
	want := Identity{Kind: Master, Operator: op.Operator, Actor: omni.Self(op.Operator), Status: Active}
	return o.send(ctx, o.r.at.Registry, data, err, o.resolves(op.Wallet, want))
}

// RegisterAgent binds an agent's device: its own consent and a master's vote.
func (o *Operations) RegisterAgent(ctx context.Context, op typeddata.BindAgent, consentDeadline uint64, consent typeddata.Signature, v Vote) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackRegisterAgentDevice(bindings.BindAgent{
		Operator: op.Operator.Bytes(), Actor: op.Actor.Bytes(), Agent: op.Agent, Nonce: op.Nonce, Deadline: op.Deadline,
	}, bindings.ConsentSignature{Deadline: consentDeadline, V: consent.V, R: consent.R, S: consent.S}, v.packed())
	want := Identity{Kind: Agent, Operator: op.Operator, Actor: op.Actor, Status: Active}
	return o.send(ctx, o.r.at.Registry, data, err, o.resolves(op.Agent, want))
}

// RevokeAgent revokes an agent's device for ever; the wallet is the agent's
// own or its operator's.
func (o *Operations) RevokeAgent(ctx context.Context, key omni.DeviceKey) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackRevokeAgentDevice(key.Bytes())
	return o.send(ctx, o.r.at.Registry, data, err, o.revoked(key))
}

// RevokeAgentByVote revokes an agent's device by any master's vote, from any
// wallet.
func (o *Operations) RevokeAgentByVote(ctx context.Context, op typeddata.RevokeAgent, v Vote) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackRevokeAgentDeviceWithWebauthn(bindings.RevokeAgent{
		Operator: op.Operator.Bytes(), DeviceKeyHash: op.DeviceKey.Bytes(), Deadline: op.Deadline,
	}, v.packed())
	return o.send(ctx, o.r.at.Registry, data, err, o.revoked(op.DeviceKey))
}

// SetScope replaces everything that an actor may do.
func (o *Operations) SetScope(ctx context.Context, op typeddata.SetScope, v Vote) (*types.Receipt, error) {
	if err := op.Check(); err != nil {
		return nil, err
	}
	packed := make([]bindings.Grant, len(op.Grants))
	want := make([]Grant, len(op.Grants))
	for i, g := range op.Grants {
		want[i] = Grant(g)
		packed[i] = bindings.Grant{
			Service: g.Service.String(), Ops: uint32(g.Ops),
			MaxPerPeriod: g.MaxPerPeriod, PeriodSeconds: g.PeriodSeconds, MaxTotal: g.MaxTotal, ExpiresAt: g.ExpiresAt,
		}
	}
	data, err := o.r.scope.TryPackSetScopeWithWebauthn(bindings.SetScope{
		Operator: op.Operator.Bytes(), Actor: op.Actor.Bytes(), Grants: packed, Nonce: op.Nonce, Deadline: op.Deadline,
	}, v.packed())
	return o.send(ctx, o.r.at.Scope, data, err, o.scoped(op.Operator, op.Actor, want, op.Nonce), o.scopedNow(op.Operator, op.Actor, want))
}

// RevokeScope takes everything from an actor.
func (o *Operations) RevokeScope(ctx context.Context, op typeddata.RevokeScope, v Vote) (*types.Receipt, error) {
	data, err := o.r.scope.TryPackRevokeScope(bindings.RevokeScope{
		Operator: op.Operator.Bytes(), Actor: op.Actor.Bytes(), Nonce: op.Nonce, Deadline: op.Deadline,
	}, v.packed())
	return o.send(ctx, o.r.at.Scope, data, err, o.scoped(op.Operator, op.Actor, nil, op.Nonce), o.scopedNow(op.Operator, op.Actor, nil))
}

// shown tells whether the chain shows the wanted state at a block.
type shown func(ctx context.Context, block common.Hash) (bool, error)

// send sends and waits until done holds at the block of the receipt. Where done
// also holds for what somebody else did later, before is what an earlier run of
// ours would have left.
func (o *Operations) send(ctx context.Context, to common.Address, data []byte, packing error, done shown, before ...shown) (*types.Receipt, error) {
	if packing != nil {
		return nil, fmt.Errorf("encoding an operation: %w", packing)
	}
	if o.planned != nil {
		o.planned(to, data)
		return nil, ErrPlanned
	}
	r, err := o.t.Send(ctx, &to, data)
	if err != nil {
		for _, b := range before {
			done = b
		}
		return nil, o.orAlready(ctx, err, done)
	}
	switch ok, err := settled(ctx, r.BlockHash, done); {
	case err != nil:
		return nil, fmt.Errorf("transaction %s is in block %s, but its effect could not be read: %w", r.TxHash, r.BlockNumber, err)
	case !ok:
		return nil, fmt.Errorf("%w of transaction %s in block %s", ErrNotSeen, r.TxHash, r.BlockNumber)
	}
	return r, nil
}

// ErrAlready: the contract refused, because the chain shows the wanted state
// already. An earlier run sent the same, or somebody else did.
var ErrAlready = errors.New("it was so already")

// orAlready looks again when a contract refused.
func (o *Operations) orAlready(ctx context.Context, err error, done shown) error {
	var refused *RevertError
	if !errors.As(err, &refused) {
		return err
	}
	h, herr := o.r.latest(ctx)
	if herr != nil {
		return err
	}
	if ok, derr := done(ctx, h.Hash); derr == nil && ok {
		return fmt.Errorf("%w: %w", ErrAlready, err)
	}
	return err
}

// settleTime is how long the other endpoints may take to have the block that
// the first one showed.
const settleTime = 30 * time.Second

// settled asks until the endpoints that must agree all have the block.
func settled(ctx context.Context, block common.Hash, done shown) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	for {
		ok, err := done(ctx, block)
		if err == nil || !silent(err) || !pause(ctx, jitter(receiptPoll*4)) {
			return ok, err
		}
	}
}

func (o *Operations) resolves(a common.Address, want Identity) shown {
	return func(ctx context.Context, block common.Hash) (bool, error) {
		id, err := at(ctx, o.r, block, func(out *Identity) view { return o.r.resolveView(a, out) })
		return id == want, err
	}
}

func (o *Operations) revoked(key omni.DeviceKey) shown {
	return func(ctx context.Context, block common.Hash) (bool, error) {
		d, err := at(ctx, o.r, block, func(out *DeviceEntry) view { return o.r.deviceView(key, out) })
		return d.Registered && d.Revoked, err
	}
}

// scopedNow holds when exactly these grants are in force.
func (o *Operations) scopedNow(op omni.Operator, actor omni.Actor, want []Grant) shown {
	return func(ctx context.Context, block common.Hash) (bool, error) {
		have, _, err := o.r.scopeAt(ctx, block, op, actor)
		return slices.Equal(have, want), err
	}
}

func (o *Operations) scoped(op omni.Operator, actor omni.Actor, want []Grant, nonce uint64) shown {
	return func(ctx context.Context, block common.Hash) (bool, error) {
		have, n, err := o.r.scopeAt(ctx, block, op, actor)
		return n > nonce && (n > nonce+1 || slices.Equal(have, want)), err
	}
}
