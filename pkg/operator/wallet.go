package operator

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// Move is what a rotation led to.
type Move struct {
	Outcome
	// Proposed: it takes effect at EffectiveAt, unless it is cancelled.
	Proposed bool `json:"proposed"`
	// EffectiveAt is in Unix seconds; 0 for a move that is done.
	EffectiveAt int64 `json:"effective_at,omitzero"`
}

// RotateWallet moves the operator to another wallet. o sends: with the
// operator's wallet or, when that is lost, with any other, the new one
// included. At threshold 1 one master without the operator's wallet only
// proposes; the proposal is completed when it is called again after the recovery
// delay.
func (o *Operator) RotateWallet(ctx context.Context, op omni.Operator, newWallet *ecdsa.PrivateKey, revokePasskey bool) (Move, error) {
	st, err := o.Chain.Standing(ctx, op)
	if err != nil {
		return Move{}, err
	}
	to := crypto.PubkeyToAddress(newWallet.PublicKey)
	switch {
	case st.Threshold == 0:
		return Move{}, fmt.Errorf("%w: there is no operator %s on chain", ErrRefused, op.Short())
	case st.Wallet == to:
		return Move{Outcome: Outcome{Done: true}}, nil
	case st.Rotation.NewWallet == to && st.Rotation.RevokePasskey == revokePasskey:
		return o.complete(ctx, op, st)
	case st.Rotation != chain.Rotation{} && o.Account != st.Wallet:
		return Move{}, fmt.Errorf("%w: a move to wallet %s is proposed already; cancel it first: agentkeys wallet cancel", ErrRefused, st.Rotation.NewWallet)
	}
	if id, err := o.Chain.Resolve(ctx, to); err != nil {
		return Move{}, err
	} else if id.Status != chain.Unregistered {
		return Move{}, fmt.Errorf("%w: wallet %s is known on chain already (%s, %s); a move needs a fresh key", ErrRefused, to, id.Kind, id.Status)
	}
	own := omni.DeviceKeyOfAddress(st.Wallet)
	if err := o.checkPasskey(ctx, st, own, revokePasskey); err != nil {
		return Move{}, err
	}
	signed := typeddata.RotateMasterWallet{
		Operator: op, NewWallet: to, RevokePasskey: revokePasskey, Immediate: true, Nonce: st.RecoveryNonce, Deadline: o.deadline(),
	}
	s := o.quorum(st, op, signed)
	if revokePasskey {
		s.without = []omni.DeviceKey{own}
	}
	if st.Threshold == 1 && o.Account != st.Wallet {
		// Without the wallet two masters decide at once, and one proposes.
		s.votes = 2
		switch _, err := o.voters(ctx, s); {
		case errors.Is(err, ErrApprovalNeeded):
			s.votes, signed.Immediate = 1, false
		case err != nil:
			return Move{}, err
		}
	}
	s.op = signed
	digest := typeddata.Digest(signed, o.Chain.RegistryDomain())
	raw, err := crypto.Sign(digest[:], newWallet)
	if err != nil {
		return Move{}, fmt.Errorf("signing with the new wallet: %w", err)
	}
	sig, err := typeddata.DecodeSignature(raw)
	if err != nil {
		return Move{}, err
	}
	s.send = func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
		return on.RotateWallet(ctx, signed, v, sig)
	}
	out, err := o.run(ctx, s)
	if err != nil || out.Plan != nil {
		return Move{Outcome: out}, err
	}
	if st, err = o.Chain.Standing(ctx, op); err != nil || st.Wallet == to {
		return Move{Outcome: out}, err
	}
	return Move{Outcome: out, Proposed: true, EffectiveAt: st.Rotation.EffectiveAt.Unix()}, nil
}

// checkPasskey refuses to revoke a passkey that is not there, or that a quorum
// cannot do without.
func (o *Operator) checkPasskey(ctx context.Context, st chain.Standing, own omni.DeviceKey, revoke bool) error {
	if !revoke {
		return nil
	}
	d, err := o.Chain.Device(ctx, own)
	switch {
	case err != nil:
		return err
	case d.Passkey.CredentialID == [32]byte{}:
		return fmt.Errorf("%w: the wallet's entry has no passkey any more", ErrRefused)
	case len(st.RecoveryMasters) <= int(st.Threshold):
		return fmt.Errorf("%w: without the wallet's passkey %d recovery masters would be left, and a quorum takes %d", ErrRefused, len(st.RecoveryMasters)-1, st.Threshold)
	}
	return nil
}

// complete executes a proposal whose time has come.
func (o *Operator) complete(ctx context.Context, op omni.Operator, st chain.Standing) (Move, error) {
	at := st.Rotation.EffectiveAt
	if st.Block.Time.Before(at) {
		return Move{Outcome: Outcome{Done: true}, Proposed: true, EffectiveAt: at.Unix()}, nil
	}
	if o.DryRun {
		return Move{}, fmt.Errorf("%w: the proposal is due; completing it needs no signature but a transaction's", ErrRefused)
	}
	r, err := o.Chain.CompleteRotation(ctx, op, st.Rotation.NewWallet)
	if err != nil {
		return Move{}, err
	}
	return Move{Outcome: Outcome{Tx: r.TxHash, Gas: r.GasUsed}}, nil
}

// CancelRotation cancels a proposed move, with the operator's wallet alone or,
// from another, with a recovery master.
func (o *Operator) CancelRotation(ctx context.Context, op omni.Operator) (Outcome, error) {
	st, err := o.Chain.Standing(ctx, op)
	switch {
	case err != nil:
		return Outcome{}, err
	case st.Rotation == chain.Rotation{}:
		return Outcome{Done: true}, nil
	}
	signed := typeddata.CancelRotation{Operator: op, NewWallet: st.Rotation.NewWallet, Deadline: o.deadline()}
	s := step{op: signed, operator: op, domain: o.Chain.RegistryDomain()}
	if o.Account == st.Wallet {
		s.send = func(ctx context.Context, on *chain.Operations, _ []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.CancelRotation(ctx, op)
		}
		return o.run(ctx, s)
	}
	s.votes, s.counts = 1, true
	s.send = func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
		return on.CancelRotationByVote(ctx, signed, v[0])
	}
	return o.run(ctx, s)
}
