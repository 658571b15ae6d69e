package chain

import (
	"bytes"
	"context"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// votes are in the order in which the registry wants them, so that it counts
// none twice.
func votes(in []Vote) []bindings.MasterAssertion {
	sorted := slices.Clone(in)
	slices.SortFunc(sorted, func(a, b Vote) int {
		x, y := a.Device.Bytes(), b.Device.Bytes()
		return bytes.Compare(x[:], y[:])
	})
	out := make([]bindings.MasterAssertion, len(sorted))
	for i, v := range sorted {
		out[i] = v.packed()
	}
	return out
}

func newcomer(n typeddata.Newcomer) bindings.Newcomer {
	return bindings.Newcomer{
		K11CredId: n.K11CredID, K11RpIdHash: n.K11RPIDHash, K11OriginHash: n.K11OriginHash,
		K11PubX: new(big.Int).SetBytes(n.K11PubX[:]), K11PubY: new(big.Int).SetBytes(n.K11PubY[:]), Roles: n.Roles,
	}
}

// RegisterMaster adds a master. The newcomer asserts itself.
func (o *Operations) RegisterMaster(ctx context.Context, op typeddata.RegisterMaster, by []Vote, self passkey.Assertion) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackRegisterAdditionalMasterDevice(bindings.RegisterMaster{
		Operator: op.Operator.Bytes(), Newcomer: newcomer(op.Newcomer), Immediate: op.Immediate, Nonce: op.Nonce, Deadline: op.Deadline,
	}, votes(by), bindings.K11Assertion(self))
	return o.send(ctx, o.r.at.Registry, data, err, o.active(op.Newcomer.DeviceKey()))
}

// CancelMaster revokes a newcomer that is still maturing.
func (o *Operations) CancelMaster(ctx context.Context, op typeddata.CancelMaster, by Vote) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackCancelMaster(bindings.CancelMaster{
		Operator: op.Operator.Bytes(), DeviceKeyHash: op.DeviceKey.Bytes(), Deadline: op.Deadline,
	}, by.packed())
	return o.send(ctx, o.r.at.Registry, data, err, o.revoked(op.DeviceKey))
}

// RevokeMaster revokes a master by a quorum.
func (o *Operations) RevokeMaster(ctx context.Context, op typeddata.RevokeMaster, by []Vote) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackRevokeMasterDevice(bindings.RevokeMaster{
		Operator: op.Operator.Bytes(), DeviceKeyHash: op.DeviceKey.Bytes(), Nonce: op.Nonce, Deadline: op.Deadline,
	}, votes(by))
	return o.send(ctx, o.r.at.Registry, data, err, o.revoked(op.DeviceKey))
}

// ReplaceMaster revokes a master and adds another. The newcomer asserts itself.
func (o *Operations) ReplaceMaster(ctx context.Context, op typeddata.ReplaceMaster, by []Vote, self passkey.Assertion) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackReplaceMasterDevice(bindings.ReplaceMaster{
		Operator: op.Operator.Bytes(), DeviceKeyHash: op.DeviceKey.Bytes(), Newcomer: newcomer(op.Newcomer), Nonce: op.Nonce, Deadline: op.Deadline,
	}, votes(by), bindings.K11Assertion(self))
	return o.send(ctx, o.r.at.Registry, data, err, both(o.revoked(op.DeviceKey), o.active(op.Newcomer.DeviceKey())))
}

// SetRecoveryThreshold changes how many recovery masters a quorum takes.
func (o *Operations) SetRecoveryThreshold(ctx context.Context, op typeddata.SetRecoveryThreshold, by []Vote) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackSetRecoveryThreshold(bindings.SetRecoveryThreshold{
		Operator: op.Operator.Bytes(), Threshold: op.Threshold, Nonce: op.Nonce, Deadline: op.Deadline,
	}, votes(by))
	return o.send(ctx, o.r.at.Registry, data, err, o.stands(op.Operator, func(s Standing) bool { return s.Threshold == op.Threshold }))
}

// RotateWallet gives the operator another wallet, which signs too. Unless it is
// immediate it only proposes.
func (o *Operations) RotateWallet(ctx context.Context, op typeddata.RotateMasterWallet, by []Vote, newWallet typeddata.Signature) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackRotateMasterWallet(bindings.RotateMasterWallet{
		Operator: op.Operator.Bytes(), NewWallet: op.NewWallet, RevokePasskey: op.RevokePasskey, Immediate: op.Immediate, Nonce: op.Nonce, Deadline: op.Deadline,
	}, votes(by), bindings.K10Signature{V: newWallet.V, R: newWallet.R, S: newWallet.S})
	return o.send(ctx, o.r.at.Registry, data, err, o.stands(op.Operator, func(s Standing) bool {
		return s.Wallet == op.NewWallet || !op.Immediate && s.Rotation.NewWallet == op.NewWallet
	}))
}

// CompleteRotation executes a proposed rotation whose time has come, from any
// wallet.
func (o *Operations) CompleteRotation(ctx context.Context, op omni.Operator, newWallet common.Address) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackCompleteRotation(op.Bytes())
	return o.send(ctx, o.r.at.Registry, data, err, o.stands(op, func(s Standing) bool { return s.Wallet == newWallet }))
}

// CancelRotation cancels a proposed rotation; the wallet is the operator's.
func (o *Operations) CancelRotation(ctx context.Context, op omni.Operator) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackCancelRotation(op.Bytes())
	return o.send(ctx, o.r.at.Registry, data, err, o.stands(op, func(s Standing) bool { return s.Rotation == Rotation{} }))
}

// CancelRotationByVote cancels a proposed rotation, from any wallet.
func (o *Operations) CancelRotationByVote(ctx context.Context, op typeddata.CancelRotation, by Vote) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackCancelRotationWithWebauthn(bindings.CancelRotation{
		Operator: op.Operator.Bytes(), NewWallet: op.NewWallet, Deadline: op.Deadline,
	}, by.packed())
	return o.send(ctx, o.r.at.Registry, data, err, o.stands(op.Operator, func(s Standing) bool { return s.Rotation == Rotation{} }))
}

// Freeze makes every agent of the operator inactive, from any wallet.
func (o *Operations) Freeze(ctx context.Context, op typeddata.Freeze, by Vote) (*types.Receipt, error) {
	data, err := o.r.registry.TryPackFreeze(bindings.Freeze{Operator: op.Operator.Bytes(), Nonce: op.Nonce, Deadline: op.Deadline}, by.packed())
	return o.send(ctx, o.r.at.Registry, data, err, o.stands(op.Operator, func(s Standing) bool { return s.Frozen }))
}

// Unfreeze ends a freeze by a quorum, and revokes the devices named.
func (o *Operations) Unfreeze(ctx context.Context, op typeddata.Unfreeze, by []Vote) (*types.Receipt, error) {
	gone := make([][32]byte, len(op.Revocations))
	done := []shown{o.stands(op.Operator, func(s Standing) bool { return !s.Frozen })}
	for i, k := range op.Revocations {
		gone[i] = k.Bytes()
		done = append(done, o.revoked(k))
	}
	data, err := o.r.registry.TryPackUnfreeze(bindings.Unfreeze{
		Operator: op.Operator.Bytes(), Revocations: gone, Nonce: op.Nonce, Deadline: op.Deadline,
	}, votes(by))
	return o.send(ctx, o.r.at.Registry, data, err, both(done...))
}

func (o *Operations) active(key omni.DeviceKey) shown {
	return func(ctx context.Context, block common.Hash) (bool, error) {
		d, err := at(ctx, o.r, block, func(out *DeviceEntry) view { return o.r.deviceView(key, out) })
		return d.Active(), err
	}
}

func (o *Operations) stands(op omni.Operator, want func(Standing) bool) shown {
	return func(ctx context.Context, block common.Hash) (bool, error) {
		var s Standing
		err := o.r.read(ctx, map[common.Hash][]view{block: o.r.standingViews(op, &s)})
		return err == nil && want(s), err
	}
}

// both holds when all hold.
func both(all ...shown) shown {
	return func(ctx context.Context, block common.Hash) (bool, error) {
		for _, s := range all {
			if ok, err := s(ctx, block); !ok || err != nil {
				return false, err
			}
		}
		return true, nil
	}
}
