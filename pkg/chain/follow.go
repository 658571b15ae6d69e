package chain

import (
	"context"
	"errors"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// poll looks for a newer head and takes in what it changed. Only the poller
// calls it, one at a time. Who is ahead shows what the others will have in a
// moment, and a contradiction is mostly over in one: then it is not long to
// the next look.
func (c *Cache) poll(ctx context.Context) (soon bool, err error) {
	soon, err = c.look(ctx)
	soon = soon || contradictory(err)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil && c.fault == nil:
		c.o.Log.Warn().Err(err).Uint64("block", c.head.Number).Msg("the chain cannot be followed")
	case err == nil && c.fault != nil:
		c.o.Log.Info().Uint64("block", c.head.Number).Msg("the chain is followed again")
	}
	c.fault = err
	return soon, err
}

func (c *Cache) look(ctx context.Context) (ahead bool, err error) {
	c.mu.Lock()
	head := c.head
	c.mu.Unlock()
	h, ahead, err := c.r.head(ctx, head.Number)
	if err != nil {
		return false, err
	}
	if h.Hash == head.Hash {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.heard = c.o.Now()
		return ahead, nil
	}
	touched, confirmed, err := c.r.around(ctx, h, c.p.Confirmations)
	if err != nil {
		return false, err
	}
	c.advance(h, touched, confirmed)
	return ahead, nil
}

func contradictory(err error) bool {
	return errors.Is(err, errContradiction) || errors.Is(err, ErrOtherChain)
}

// contradicted empties the cache: what was read from endpoints of which one is
// wrong is read again.
func (c *Cache) contradicted(who []int, about string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop()
	now := c.o.Now()
	if now.Sub(c.warned).Abs() < time.Minute {
		return // it may be so at every look
	}
	c.warned = now
	c.o.Log.Warn().Ints("endpoints", who).Str("about", about).Msg("an RPC endpoint contradicts the others")
}

// advance takes in a new head. Whatever is not the untouched child of the last
// head (a log, a gap, a reorganisation) empties the cache, and so does every
// further block until the confirmed one has passed the change.
func (c *Cache) advance(h header, touched bool, confirmed BlockRef) {
	c.mu.Lock()
	defer c.mu.Unlock()
	child := h.parent == c.head.Hash && h.Number == c.head.Number+1
	if touched || !child {
		c.dirty = h.Number
	}
	if confirmed.Number <= c.dirty {
		c.drop()
	}
	if touched && c.head.Hash != (common.Hash{}) {
		c.changes.observe(c.o.Now().Sub(h.Time))
	}
	c.head, c.confirmed, c.heard = h.BlockRef, confirmed, c.o.Now()
}

// fresh returns nil when the head may be acted on. When it may not and the
// endpoint was well at the last poll, it looks once more first.
func (c *Cache) fresh(ctx context.Context) error {
	// Right after the start the first poll is under way.
	if err := c.poller.await(ctx, 1); err != nil && ctx.Err() != nil {
		return Unavailable(err, "the chain did not answer in time")
	}
	c.mu.Lock()
	err, fault := c.usable(), c.fault
	c.mu.Unlock()
	if err == nil || fault != nil {
		return err
	}
	return c.Refresh(ctx)
}

// usable says why the head may not be acted on.
func (c *Cache) usable() error {
	now := c.o.Now()
	switch {
	case contradictory(c.fault):
		return c.fault // who is proven wrong now may have been a moment ago
	case c.head.Hash == BlockRef{}.Hash || now.Sub(c.heard) > c.p.MaxHeadAge:
		if c.fault != nil {
			return c.fault
		}
		return Stale("the newest block was not confirmed by the RPC endpoint for more than %s", c.p.MaxHeadAge)
	case now.Sub(c.head.Time) > c.p.MaxHeadAge:
		return Stale("the newest block %d is %s old, more than %s", c.head.Number, now.Sub(c.head.Time).Round(time.Second), c.p.MaxHeadAge)
	case c.head.Time.Sub(now) > maxFuture:
		return Stale("the newest block %d lies %s in the future", c.head.Number, c.head.Time.Sub(now).Round(time.Second))
	}
	return nil
}

// Refresh implements View.
func (c *Cache) Refresh(ctx context.Context) error {
	if err := c.poller.now(ctx); err != nil {
		return Unavailable(err, "the chain was not asked")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.usable()
}

// Ready implements View.
func (c *Cache) Ready(ctx context.Context) (time.Duration, error) {
	if err := c.fresh(ctx); err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(0, c.o.Now().Sub(c.head.Time)), nil
}
