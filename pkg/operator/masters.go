package operator

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// Refusals that are known before anybody touches a passkey.
var (
	// ErrStranding: afterwards one lost master would leave no quorum, for ever.
	ErrStranding = errors.New("one lost master would then strand the operator")
	// ErrRefused: the registry would refuse.
	ErrRefused = errors.New("the registry refuses that")
)

// NewMaster is a master that is to be added.
type NewMaster struct {
	Master
	Roles chain.Roles
	// Delayed: one vote suffices, and RECOVERY matures. Otherwise a quorum signs
	// and the newcomer counts at once.
	Delayed bool
}

func (n NewMaster) signed() typeddata.Newcomer {
	c := n.Credential
	return typeddata.Newcomer{
		K11CredID: c.IDHash(), K11RPIDHash: c.RPIDHash(), K11OriginHash: c.OriginHash(), K11PubX: c.X, K11PubY: c.Y, Roles: uint8(n.Roles),
	}
}

// AddMaster adds a master.
func (o *Operator) AddMaster(ctx context.Context, n NewMaster) (Outcome, error) {
	id, st, err := o.standing(ctx)
	if err != nil {
		return Outcome{}, err
	}
	if done, err := o.isMaster(ctx, id.Operator, n); done || err != nil {
		return Outcome{Done: done}, err
	}
	op := typeddata.RegisterMaster{
		Operator: id.Operator, Newcomer: n.signed(), Immediate: !n.Delayed, Nonce: st.RecoveryNonce, Deadline: o.deadline(),
	}
	s := o.quorum(st, id.Operator, op)
	if n.Delayed {
		switch {
		case st.Frozen:
			return Outcome{}, fmt.Errorf("%w: while the operator is frozen a master is added by a quorum only", ErrRefused)
		case n.Roles.Has(chain.RoleRecovery) && !st.Maturing.IsZero():
			return Outcome{}, fmt.Errorf("%w: master %s is still maturing, one at a time; cancel it first: agentkeys device cancel %s", ErrRefused, st.Maturing.Short(), st.Maturing)
		}
		op.Nonce = st.OperatorNonce
		s.op, s.votes, s.roles = op, 1, n.Roles|chain.RoleRecovery
	}
	s.newcomer = &n.Master
	s.send = func(ctx context.Context, on *chain.Operations, v []chain.Vote, self passkey.Assertion) (*types.Receipt, error) {
		return on.RegisterMaster(ctx, op, v, self)
	}
	return o.run(ctx, s)
}

// isMaster tells whether the newcomer is a master of the operator already. A
// key that was revoked, or is another's, never becomes one.
func (o *Operator) isMaster(ctx context.Context, op omni.Operator, n NewMaster) (bool, error) {
	have, err := o.Chain.Device(ctx, n.Credential.DeviceKey())
	switch {
	case err != nil || !have.Registered:
		return false, err
	case have.Operator != op:
		return false, fmt.Errorf("%w: the passkey is a master of another operator, %s", ErrRefused, have.Operator.Short())
	case have.Revoked:
		return false, fmt.Errorf("%w: the passkey was revoked, and never returns: enroll another", ErrRefused)
	case have.Roles != n.Roles:
		return false, fmt.Errorf("%w: the passkey is a master already, with %s; roles change only by replacing it", ErrRefused, have.Roles)
	}
	return true, nil
}

// CancelMaster revokes a newcomer that is still maturing.
func (o *Operator) CancelMaster(ctx context.Context, key omni.DeviceKey) (Outcome, error) {
	id, st, err := o.standing(ctx)
	if err != nil {
		return Outcome{}, err
	}
	d, err := o.masterDevice(ctx, id.Operator, key)
	switch {
	case err != nil:
		return Outcome{}, err
	case d.Revoked:
		return Outcome{Done: true}, nil
	case st.Maturing != key:
		return Outcome{}, fmt.Errorf("%w: master %s is not maturing; an established master is revoked by a quorum: agentkeys device revoke %s", ErrRefused, key.Short(), key)
	}
	op := typeddata.CancelMaster{Operator: id.Operator, DeviceKey: key, Deadline: o.deadline()}
	return o.run(ctx, step{
		op: op, operator: id.Operator, domain: o.Chain.RegistryDomain(), votes: 1, counts: true,
		send: func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.CancelMaster(ctx, op, v[0])
		},
	})
}

// RevokeMaster revokes a master by a quorum without it.
func (o *Operator) RevokeMaster(ctx context.Context, key omni.DeviceKey) (Outcome, error) {
	id, st, err := o.standing(ctx)
	if err != nil {
		return Outcome{}, err
	}
	d, err := o.masterDevice(ctx, id.Operator, key)
	switch {
	case err != nil:
		return Outcome{}, err
	case d.Revoked:
		return Outcome{Done: true}, nil
	case key == omni.DeviceKeyOfAddress(st.Wallet):
		return Outcome{}, errWalletsOwn(key)
	case slices.Contains(st.RecoveryMasters, key) && len(st.RecoveryMasters) <= int(st.Threshold):
		return Outcome{}, fmt.Errorf("%w: %d recovery masters would be left, and a quorum takes %d; replace it, or lower the threshold first: agentkeys device threshold %d",
			ErrRefused, len(st.RecoveryMasters)-1, st.Threshold, max(1, int(st.Threshold)-1))
	}
	op := typeddata.RevokeMaster{Operator: id.Operator, DeviceKey: key, Nonce: st.RecoveryNonce, Deadline: o.deadline()}
	s := o.quorum(st, id.Operator, op)
	s.without = []omni.DeviceKey{key}
	s.send = func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
		return on.RevokeMaster(ctx, op, v)
	}
	return o.run(ctx, s)
}

func errWalletsOwn(key omni.DeviceKey) error {
	return fmt.Errorf("%w: master %s is the wallet's own and leaves only with its wallet: agentkeys wallet rotate --revoke-passkey", ErrRefused, key.Short())
}

// ReplaceMaster revokes a master and adds another in its place, by a quorum in
// which the old one may sign.
func (o *Operator) ReplaceMaster(ctx context.Context, key omni.DeviceKey, n NewMaster) (Outcome, error) {
	id, st, err := o.standing(ctx)
	if err != nil {
		return Outcome{}, err
	}
	d, err := o.masterDevice(ctx, id.Operator, key)
	if err != nil {
		return Outcome{}, err
	}
	there, err := o.isMaster(ctx, id.Operator, n)
	switch {
	case err != nil:
		return Outcome{}, err
	case there && d.Revoked:
		return Outcome{Done: true}, nil
	case there:
		return Outcome{}, fmt.Errorf("%w: the passkey is a master already", ErrRefused)
	case d.Revoked:
		return Outcome{}, fmt.Errorf("%w: master %s is revoked already; add another: agentkeys device add", ErrRefused, key.Short())
	case key == omni.DeviceKeyOfAddress(st.Wallet):
		return Outcome{}, errWalletsOwn(key)
	case slices.Contains(st.RecoveryMasters, key) && !n.Roles.Has(chain.RoleRecovery) && len(st.RecoveryMasters) <= int(st.Threshold):
		return Outcome{}, fmt.Errorf("%w: without RECOVERY the new master leaves too few for a quorum of %d", ErrRefused, st.Threshold)
	}
	op := typeddata.ReplaceMaster{Operator: id.Operator, DeviceKey: key, Newcomer: n.signed(), Nonce: st.RecoveryNonce, Deadline: o.deadline()}
	s := o.quorum(st, id.Operator, op)
	s.newcomer = &n.Master
	s.send = func(ctx context.Context, on *chain.Operations, v []chain.Vote, self passkey.Assertion) (*types.Receipt, error) {
		return on.ReplaceMaster(ctx, op, v, self)
	}
	return o.run(ctx, s)
}

// SetThreshold changes how many recovery masters a quorum takes. A threshold of
// all of them is ErrStranding unless that is accepted.
func (o *Operator) SetThreshold(ctx context.Context, n uint8, acceptStranding bool) (Outcome, error) {
	id, st, err := o.standing(ctx)
	if err != nil {
		return Outcome{}, err
	}
	have := len(st.RecoveryMasters)
	switch {
	case st.Threshold == n:
		return Outcome{Done: true}, nil
	case n == 0 || int(n) > have:
		return Outcome{}, fmt.Errorf("%w: the threshold is between 1 and the number of recovery masters, which is %d", ErrRefused, have)
	case n > 1 && int(n) == have && !acceptStranding:
		return Outcome{}, fmt.Errorf("%w: a quorum would take all %d recovery masters, so that none may be lost, and any one of them can freeze the operator for ever", ErrStranding, have)
	}
	op := typeddata.SetRecoveryThreshold{Operator: id.Operator, Threshold: n, Nonce: st.RecoveryNonce, Deadline: o.deadline()}
	s := o.quorum(st, id.Operator, op)
	s.send = func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
		return on.SetRecoveryThreshold(ctx, op, v)
	}
	return o.run(ctx, s)
}

// quorum is a step that as many recovery masters sign as the threshold says.
func (o *Operator) quorum(st chain.Standing, id omni.Operator, op typeddata.Operation) step {
	return step{op: op, operator: id, domain: o.Chain.RegistryDomain(), votes: int(st.Threshold), counts: true}
}

// standing is who the wallet is, and how its operator stands.
func (o *Operator) standing(ctx context.Context) (chain.Identity, chain.Standing, error) {
	id, err := o.Identity(ctx)
	if err != nil {
		return id, chain.Standing{}, err
	}
	st, err := o.Chain.Standing(ctx, id.Operator)
	return id, st, err
}

// masterDevice is a master of the operator, revoked or not.
func (o *Operator) masterDevice(ctx context.Context, op omni.Operator, key omni.DeviceKey) (chain.DeviceEntry, error) {
	d, err := o.Chain.Device(ctx, key)
	switch {
	case err != nil:
		return d, err
	case !d.Registered || d.Operator != op:
		return d, fmt.Errorf("%w: device %s is not one of this operator's", ErrRefused, key.Short())
	case d.Tier != chain.TierMaster:
		return d, fmt.Errorf("%w: device %s is an agent, not a master", ErrRefused, key.Short())
	}
	return d, nil
}
