package operator

import (
	"context"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// Freeze makes every agent inactive, by any one master. Where a quorum takes
// all recovery masters it is ErrStranding unless that is accepted: each of them
// could then refuse to end it.
func (o *Operator) Freeze(ctx context.Context, acceptStranding bool) (Outcome, error) {
	id, st, err := o.standing(ctx)
	switch {
	case err != nil:
		return Outcome{}, err
	case st.Frozen:
		return Outcome{Done: true}, nil
	case st.Stranding() && !acceptStranding:
		return Outcome{}, fmt.Errorf("%w: ending the freeze takes all %d recovery masters", ErrStranding, len(st.RecoveryMasters))
	}
	op := typeddata.Freeze{Operator: id.Operator, Nonce: st.FreezeNonce, Deadline: o.deadline()}
	return o.run(ctx, step{
		op: op, operator: id.Operator, domain: o.Chain.RegistryDomain(), votes: 1,
		send: func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.Freeze(ctx, op, v[0])
		},
	})
}

// Unfreeze ends a freeze by a quorum, and revokes devices in the same breath.
func (o *Operator) Unfreeze(ctx context.Context, revoke []omni.DeviceKey) (Outcome, error) {
	id, st, err := o.standing(ctx)
	switch {
	case err != nil:
		return Outcome{}, err
	case !st.Frozen && len(revoke) > 0:
		return Outcome{}, fmt.Errorf("%w: the operator is not frozen; revoke by itself: agentkeys device revoke %s", ErrRefused, revoke[0])
	case !st.Frozen:
		return Outcome{Done: true}, nil
	}
	left := len(st.RecoveryMasters)
	for i, key := range revoke {
		d, err := o.Chain.Device(ctx, key)
		switch {
		case err != nil:
			return Outcome{}, err
		case !d.Registered || d.Operator != id.Operator:
			return Outcome{}, fmt.Errorf("%w: device %s is not one of this operator's", ErrRefused, key.Short())
		case d.Revoked || slices.Contains(revoke[:i], key):
			continue // what was wanted is so
		case key == omni.DeviceKeyOfAddress(st.Wallet):
			return Outcome{}, errWalletsOwn(key)
		case slices.Contains(st.RecoveryMasters, key):
			left--
		}
	}
	if left < int(st.Threshold) {
		return Outcome{}, fmt.Errorf("%w: %d recovery masters would be left, and a quorum takes %d", ErrRefused, left, st.Threshold)
	}
	op := typeddata.Unfreeze{Operator: id.Operator, Revocations: revoke, Nonce: st.RecoveryNonce, Deadline: o.deadline()}
	s := o.quorum(st, id.Operator, op)
	s.without = revoke
	s.send = func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
		return on.Unfreeze(ctx, op, v)
	}
	return o.run(ctx, s)
}
