package chain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// BlockAt is the block at a height, as enough endpoints show it now.
func (c *Client) BlockAt(ctx context.Context, number uint64) (BlockRef, error) {
	h, err := c.r.headerAt(ctx, number)
	return h.BlockRef, err
}

// headerAt is the header at a height on which k endpoints agree. Who has not got
// it abstains.
func (r *reader) headerAt(ctx context.Context, number uint64) (header, error) {
	h, err := agreed(ctx, r.ep, fmt.Sprintf("block %d", number), func(ctx context.Context, e *endpoint) (header, error) {
		var w *wireHeader
		if err := e.batch(ctx, []rpc.BatchElem{headerElem(hexutil.EncodeUint64(number), &w)}); err != nil {
			return header{}, err
		}
		h, err := w.header()
		if err == nil && h.Number != number {
			err = errors.New("a block is not the one that was asked for")
		}
		return h, err
	}, func(h header) header { return h })
	if err != nil {
		return header{}, Unavailable(err, "block %d could not be read", number)
	}
	return h, nil
}

// lastAt is the newest block, up to h, that is not later than t: times never
// fall. It looks back from h in doubling steps, so that what is recent is found
// with few questions.
func (r *reader) lastAt(ctx context.Context, h header, t time.Time) (header, error) {
	low, above := h, h.Number+1 // the block sought is below above
	for step := uint64(1); low.Time.After(t); step *= 2 {
		if low.Number == 0 {
			return header{}, Unavailable(errors.New("the first block is later"), "no block is as old as %s", t.UTC().Format(time.RFC3339))
		}
		above = low.Number
		var err error
		if low, err = r.headerAt(ctx, low.Number-min(low.Number, step)); err != nil {
			return header{}, err
		}
	}
	for low.Number+1 < above {
		middle, err := r.headerAt(ctx, low.Number+(above-low.Number)/2)
		if err != nil {
			return header{}, err
		}
		if middle.Time.After(t) {
			above = middle.Number
		} else {
			low = middle
		}
	}
	return low, nil
}
