package chain

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/omni"
)

// Counter is what the epoch counter says, all read at one block
// (solidity/src/interfaces/IK3EpochCounter.sol).
type Counter struct {
	Block BlockRef
	// Epoch is the current K3 epoch, at least 1.
	Epoch uint32
	// Governance moves the epoch forward and names the maintainer; never zero.
	Governance common.Address
	// Maintainer may have data keys re-wrapped; zero if nobody may.
	Maintainer common.Address
}

// CounterPair is a Counter at the confirmed block and at the newest head.
type CounterPair struct{ Confirmed, Newest Counter }

// Maintained reports whether a is the maintainer at both blocks. Nobody is when
// the contract names nobody: the zero address never is.
func (p CounterPair) Maintained(a common.Address) bool {
	return a != (common.Address{}) && p.Confirmed.Maintainer == a && p.Newest.Maintainer == a
}

// Counter implements View.
func (c *Cache) Counter(ctx context.Context) (CounterPair, error) {
	return answer(ctx, c, "counter", func() (CounterPair, bool) {
		if c.counter == nil {
			return CounterPair{}, false
		}
		p := *c.counter
		// No log came since they were read: they hold at today's blocks.
		p.Confirmed.Block, p.Newest.Block = c.confirmed, c.head
		return p, true
	}, func(ctx context.Context, s snapshot) (CounterPair, error) {
		p, err := c.r.counters(ctx, s.confirmed, s.head)
		if err != nil {
			return CounterPair{}, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		p.Confirmed.Epoch, p.Newest.Epoch = c.climb(p.Confirmed.Epoch, p.Newest.Epoch)
		if c.keeps(s, 0) {
			c.counter = &p
		}
		return p, nil
	})
}

// climb raises the greatest epochs ever seen, and returns them. Its caller
// holds mu.
func (c *Cache) climb(confirmed, newest uint32) (uint32, uint32) {
	c.epochConfirmed = max(c.epochConfirmed, confirmed)
	c.epochNewest = max(c.epochNewest, newest)
	return c.epochConfirmed, c.epochNewest
}

// Counter is what the epoch counter says at the newest block.
func (c *Client) Counter(ctx context.Context) (Counter, error) {
	h, err := c.r.latest(ctx)
	if err != nil {
		return Counter{}, err
	}
	p, err := c.r.counters(ctx, h.BlockRef, h.BlockRef)
	return p.Newest, err
}

// ActorOwner is, for each actor, the operator to which the registry binds it,
// and zero for one that it does not know; all at one block, in the order of the
// question.
func (c *Client) ActorOwner(ctx context.Context, actors []omni.Actor) ([]omni.Operator, error) {
	if len(actors) == 0 {
		return nil, nil
	}
	h, err := c.r.latest(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]omni.Operator, len(actors))
	views := make([]view, len(actors))
	for i, a := range actors {
		views[i] = c.r.actorOwnerView(a, &out[i])
	}
	if err := c.r.readInParts(ctx, h.Hash, views); err != nil {
		return nil, err
	}
	return out, nil
}

// counters reads the counter at both blocks, in one request.
func (r *reader) counters(ctx context.Context, confirmed, newest BlockRef) (CounterPair, error) {
	p := CounterPair{Confirmed: Counter{Block: confirmed}, Newest: Counter{Block: newest}}
	calls := map[common.Hash][]view{newest.Hash: r.counterViews(&p.Newest)}
	if confirmed.Hash != newest.Hash {
		calls[confirmed.Hash] = r.counterViews(&p.Confirmed)
	}
	if err := r.read(ctx, calls); err != nil {
		return CounterPair{}, err
	}
	if confirmed.Hash == newest.Hash {
		p.Confirmed = p.Newest
	}
	return p, nil
}

func (r *reader) counterViews(c *Counter) []view {
	return []view{
		r.epochView(&c.Epoch),
		r.governanceView(&c.Governance),
		{r.at.Epoch, r.epochABI, "maintainer", r.epoch.PackMaintainer(), into(r.epoch.UnpackMaintainer, keep(&c.Maintainer))},
	}
}

func (r *reader) epochView(out *uint32) view {
	return view{
		r.at.Epoch, r.epochABI, "currentEpoch", r.epoch.PackCurrentEpoch(),
		into(r.epoch.UnpackCurrentEpoch, func(e uint64) (err error) { *out, err = epoch(e); return }),
	}
}

// governanceView refuses zero: the contract has a governance from the first
// block on, and hands it over only to whoever accepts.
func (r *reader) governanceView(out *common.Address) view {
	return view{
		r.at.Epoch, r.epochABI, "signerGovernance", r.epoch.PackSignerGovernance(),
		into(r.epoch.UnpackSignerGovernance, func(a common.Address) error {
			if a == (common.Address{}) {
				return errors.New("nobody governs the epoch")
			}
			*out = a
			return nil
		}),
	}
}

func (r *reader) pendingGovernanceView(out *common.Address) view {
	return view{
		r.at.Epoch, r.epochABI, "pendingGovernance", r.epoch.PackPendingGovernance(),
		into(r.epoch.UnpackPendingGovernance, keep(out)),
	}
}
