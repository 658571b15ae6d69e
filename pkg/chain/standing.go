package chain

import (
	"context"
	"math"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
)

// Rotation is a move to another wallet that was proposed and waits for its
// time. It is zero when nothing is proposed.
type Rotation struct {
	NewWallet     common.Address
	RevokePasskey bool
	EffectiveAt   time.Time
}

// Standing is what the registry keeps of an operator beside its devices, all
// read at one block. It is zero, Wallet included, for an operator that does not
// exist.
type Standing struct {
	Block     BlockRef
	Wallet    common.Address
	Threshold uint8
	Frozen    bool
	// RecoveryMasters are those that a quorum counts at Block.
	RecoveryMasters []omni.DeviceKey
	// Maturing is a newcomer whose vote does not count yet; zero without one.
	Maturing omni.DeviceKey
	Rotation Rotation

	OperatorNonce, RecoveryNonce, FreezeNonce uint64
}

// Stranding says that one lost recovery master would leave no quorum: from then
// on no master can be revoked, no freeze ended and no wallet moved.
func (s Standing) Stranding() bool {
	return s.Threshold > 1 && len(s.RecoveryMasters) <= int(s.Threshold)
}

// Standing reads how an operator stands at the newest block.
func (c *Client) Standing(ctx context.Context, op omni.Operator) (Standing, error) {
	h, err := c.r.latest(ctx)
	if err != nil {
		return Standing{}, err
	}
	s := Standing{Block: h.BlockRef}
	err = c.r.read(ctx, map[common.Hash][]view{h.Hash: c.r.standingViews(op, &s)})
	return s, err
}

func (r *reader) standingViews(op omni.Operator, s *Standing) []view {
	registry := func(method string, input []byte, accept func([]byte) error) view {
		return view{r.at.Registry, r.registryABI, method, input, accept}
	}
	id := op.Bytes()
	return []view{
		registry("masterWallet", r.registry.PackMasterWallet(id), into(r.registry.UnpackMasterWallet, keep(&s.Wallet))),
		registry("recoveryThreshold", r.registry.PackRecoveryThreshold(id), into(r.registry.UnpackRecoveryThreshold, keep(&s.Threshold))),
		registry("frozen", r.registry.PackFrozen(id), into(r.registry.UnpackFrozen, keep(&s.Frozen))),
		registry("recoveryMasters", r.registry.PackRecoveryMasters(id), into(r.registry.UnpackRecoveryMasters, func(keys [][32]byte) error {
			for _, b := range keys {
				k, err := omni.DeviceKeyFromBytes(b)
				if err != nil {
					return err
				}
				s.RecoveryMasters = append(s.RecoveryMasters, k)
			}
			return nil
		})),
		registry("maturingMaster", r.registry.PackMaturingMaster(id), into(r.registry.UnpackMaturingMaster, func(b [32]byte) error {
			s.Maturing = optional(omni.DeviceKeyFromBytes, b)
			return nil
		})),
		registry("pendingRotation", r.registry.PackPendingRotation(id), into(r.registry.UnpackPendingRotation, func(o bindings.PendingRotationOutput) error {
			s.Rotation = Rotation{NewWallet: o.NewWallet, RevokePasskey: o.RevokePasskey}
			if o.EffectiveAt > 0 {
				s.Rotation.EffectiveAt = time.Unix(int64(min(o.EffectiveAt, math.MaxInt64)), 0)
			}
			return nil
		})),
		registry("operatorNonce", r.registry.PackOperatorNonce(id), into(r.registry.UnpackOperatorNonce, keep(&s.OperatorNonce))),
		registry("recoveryNonce", r.registry.PackRecoveryNonce(id), into(r.registry.UnpackRecoveryNonce, keep(&s.RecoveryNonce))),
		registry("freezeNonce", r.registry.PackFreezeNonce(id), into(r.registry.UnpackFreezeNonce, keep(&s.FreezeNonce))),
	}
}
