package operator

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
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
func (o *Operator) RotateWallet(ctx context.Context, newWallet *ecdsa.PrivateKey, revokePasskey bool) (Move, error) {
	st, err := o.standing(ctx)
	if err != nil {
		return Move{}, err
	}
	to := crypto.PubkeyToAddress(newWallet.PublicKey)
	switch {
	case st.Wallet == to:
		return Move{Outcome: Outcome{Done: true}}, nil
	case pending(st, to, revokePasskey):
		return o.complete(ctx, st)
	}
	if err := o.checkFresh(ctx, to); err != nil {
		return Move{}, err
	}
	s, immediate, err := o.moving(ctx, st, revokePasskey)
	if err != nil {
		return Move{}, err
	}
	op := typeddata.RotateMasterWallet{
		Operator: o.Operator, NewWallet: to, RevokePasskey: revokePasskey, Immediate: immediate, Nonce: st.RecoveryNonce, Deadline: o.deadline(),
	}
	digest := typeddata.Digest(op, o.Chain.RegistryDomain())
	raw, err := crypto.Sign(digest[:], newWallet)
	if err != nil {
		return Move{}, fmt.Errorf("signing with the new wallet: %w", err)
	}
	sig, err := typeddata.DecodeSignature(raw)
	if err != nil {
		return Move{}, err
	}
	s.op = op
	s.send = func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
		return on.RotateWallet(ctx, op, v, sig)
	}
	out, err := o.run(ctx, s)
	if err != nil || immediate || out.Plan != nil {
		return Move{Outcome: out}, err
	}
	if st, err = o.standing(ctx); err != nil {
		return Move{Outcome: out}, err
	}
	return Move{Outcome: out, Proposed: true, EffectiveAt: st.Rotation.EffectiveAt.Unix()}, nil
}

// pending tells whether this very move is proposed.
func pending(st chain.Standing, to common.Address, revokePasskey bool) bool {
	return st.Rotation.NewWallet == to && st.Rotation.RevokePasskey == revokePasskey && to != common.Address{}
}

// moving says who signs a move, and whether it is immediate. It refuses what the
// registry would refuse, and what the votes at hand cannot bring about.
func (o *Operator) moving(ctx context.Context, st chain.Standing, revokePasskey bool) (s step, immediate bool, err error) {
	s = o.quorum(st)
	if revokePasskey {
		s.without = []omni.DeviceKey{omni.DeviceKeyOfAddress(st.Wallet)}
		if err := o.checkPasskey(ctx, st); err != nil {
			return s, false, err
		}
	}
	err = o.checkVotes(ctx, s)
	lacking := errors.Is(err, ErrApprovalNeeded) || errors.Is(err, ErrRefused)
	if err == nil || !lacking || st.Threshold != 1 || o.Account == st.Wallet {
		return s, true, err
	}
	// Without the wallet two masters decide at once, and one proposes.
	if st.Rotation != (chain.Rotation{}) {
		return s, false, fixed(fmt.Errorf("%w: a move to wallet %s is proposed already; cancel it first", ErrRefused, st.Rotation.NewWallet), "agentkeys wallet cancel")
	}
	s.votes = 1
	return s, false, o.checkVotes(ctx, s)
}

// checkPasskey refuses to revoke a passkey that is not there, or that a quorum
// cannot do without.
func (o *Operator) checkPasskey(ctx context.Context, st chain.Standing) error {
	d, err := o.Chain.Device(ctx, omni.DeviceKeyOfAddress(st.Wallet))
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

// CheckMove refuses what RotateWallet would refuse, before a key is made for it.
// to is the new wallet if it is there already, else zero.
func (o *Operator) CheckMove(ctx context.Context, to common.Address, revokePasskey bool) error {
	st, err := o.standing(ctx)
	if err != nil || st.Wallet == to || pending(st, to, revokePasskey) {
		return err
	}
	if to != (common.Address{}) {
		if err := o.checkFresh(ctx, to); err != nil {
			return err
		}
	}
	_, _, err = o.moving(ctx, st, revokePasskey)
	return err
}

// checkFresh refuses a wallet that the registry knows.
func (o *Operator) checkFresh(ctx context.Context, to common.Address) error {
	id, err := o.Chain.Resolve(ctx, to)
	if err == nil && id.Status != chain.Unregistered {
		err = fmt.Errorf("%w: wallet %s is known on chain already (%s, %s); a move needs a fresh key", ErrRefused, to, id.Kind, id.Status)
	}
	return err
}

// PlanMove says what a move would do, with the key of a wallet that nobody
// keeps. Without an account of its own, that wallet sends.
func (o *Operator) PlanMove(ctx context.Context, revokePasskey bool) (Move, error) {
	sample, err := crypto.GenerateKey()
	if err != nil {
		return Move{}, fmt.Errorf("drawing a key: %w", err)
	}
	dry := *o
	dry.DryRun = true
	if dry.Account == (common.Address{}) {
		dry.Account = crypto.PubkeyToAddress(sample.PublicKey)
	}
	return dry.RotateWallet(ctx, sample, revokePasskey)
}

// complete executes a proposal whose time has come, from any wallet.
func (o *Operator) complete(ctx context.Context, st chain.Standing) (Move, error) {
	at := st.Rotation.EffectiveAt
	if st.Block.Time.Before(at) {
		return Move{Outcome: Outcome{Done: true}, Proposed: true, EffectiveAt: at.Unix()}, nil
	}
	r, err := o.Chain.CompleteRotation(ctx, o.Operator, st.Rotation.NewWallet)
	if err != nil {
		return Move{}, err
	}
	return Move{Outcome: Outcome{Tx: r.TxHash, Gas: r.GasUsed}}, nil
}

// CancelRotation cancels a proposed move, with the operator's wallet alone or,
// from another, with a recovery master.
func (o *Operator) CancelRotation(ctx context.Context) (Outcome, error) {
	st, err := o.standing(ctx)
	switch {
	case err != nil:
		return Outcome{}, err
	case st.Rotation == chain.Rotation{}:
		return Outcome{Done: true}, nil
	}
	op := typeddata.CancelRotation{Operator: o.Operator, NewWallet: st.Rotation.NewWallet, Deadline: o.deadline()}
	s := step{op: op, domain: o.Chain.RegistryDomain()}
	if o.Account == st.Wallet {
		s.send = func(ctx context.Context, on *chain.Operations, _ []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.CancelRotation(ctx, o.Operator)
		}
		return o.run(ctx, s)
	}
	s.votes, s.counts = 1, true
	s.send = func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
		return on.CancelRotationByVote(ctx, op, v[0])
	}
	return o.run(ctx, s)
}
