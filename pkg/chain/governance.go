package chain

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
)

// AdvanceEpoch moves the K3 epoch forward by one, if it is what the caller saw.
// The wallet is governance's.
//
// The contract compares and advances in one step, so whoever does not know
// whether an earlier send arrived repeats it with the same seen: the epoch moves
// at most once. The error is then ErrAlready if the chain shows seen+1; if it
// shows anything else, somebody else moved the epoch too, and it is the
// contract's EpochMismatch.
func (o *Operations) AdvanceEpoch(ctx context.Context, seen uint32) (*types.Receipt, error) {
	next := o.counts(func(g governed) bool { return uint64(g.Epoch) == uint64(seen)+1 })
	data, err := o.r.epoch.TryPackAdvanceEpoch(uint64(seen))
	r, err := o.send(ctx, o.r.at.Epoch, data, err, o.counts(func(g governed) bool { return g.Epoch > seen }), next)
	var refused *RevertError
	if !errors.As(err, &refused) || errors.Is(err, ErrAlready) {
		return r, err
	}
	if m, ok := refused.Value.(*bindings.K3EpochCounterEpochMismatch); ok && m.Current == uint64(seen)+1 {
		// The endpoint that refused knows of it; those that must agree may yet have
		// to see the block.
		return nil, o.awaitAlready(ctx, refused, next)
	}
	return nil, err
}

// awaitAlready looks until the chain shows what a refusal speaks of, or settleTime
// is over.
func (o *Operations) awaitAlready(ctx context.Context, refused *RevertError, done shown) error {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	for {
		err := o.orAlready(ctx, refused, done)
		if errors.Is(err, ErrAlready) || !pause(ctx, jitter(receiptPoll*4)) {
			return err
		}
	}
}

// OfferGovernance offers the governance of the epoch to next, who has to accept
// it; the zero address withdraws an offer. The wallet is governance's.
func (o *Operations) OfferGovernance(ctx context.Context, next common.Address) (*types.Receipt, error) {
	data, err := o.r.epoch.TryPackOfferGovernance(next)
	return o.send(ctx, o.r.at.Epoch, data, err, o.counts(func(g governed) bool {
		if next == (common.Address{}) {
			// An offer that was accepted is gone too, but not withdrawn.
			return g.pending == next && g.Governance == o.t.Address()
		}
		return g.pending == next || g.Governance == next
	}))
}

// AcceptGovernance takes the governance that was offered to the wallet.
func (o *Operations) AcceptGovernance(ctx context.Context) (*types.Receipt, error) {
	data, err := o.r.epoch.TryPackAcceptGovernance()
	return o.send(ctx, o.r.at.Epoch, data, err, o.counts(func(g governed) bool { return g.Governance == o.t.Address() }))
}

// SetMaintainer names who may have data keys re-wrapped; zero: nobody. The
// wallet is governance's.
func (o *Operations) SetMaintainer(ctx context.Context, a common.Address) (*types.Receipt, error) {
	data, err := o.r.epoch.TryPackSetMaintainer(a)
	return o.send(ctx, o.r.at.Epoch, data, err, o.counts(func(g governed) bool { return g.Maintainer == a }))
}

// governed is everything that the epoch counter says.
type governed struct {
	Counter
	pending common.Address // to whom governance is offered; zero: to nobody
}

func (o *Operations) counts(want func(governed) bool) shown {
	return func(ctx context.Context, block common.Hash) (bool, error) {
		var g governed
		err := o.r.read(ctx, map[common.Hash][]view{block: append(o.r.counterViews(&g.Counter), o.r.pendingGovernanceView(&g.pending))})
		return err == nil && want(g), err
	}
}
