package chain

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// latest is the newest block on which enough endpoints agree.
func (r *reader) latest(ctx context.Context) (header, error) {
	h, _, err := r.head(ctx, 0)
	return h, err
}

// head is the newest block, not older than floor, that k endpoints confirm
// with the same header. Somebody may be ahead of it.
//
// The k-th highest of the endpoints' newest blocks is the highest that k can
// confirm. Who lags is not asked for what it cannot have, and who lies takes
// one vote away, so that the next lower of those blocks may be the one. An
// endpoint that lies about a height where the others cannot make k without it
// leaves no answer at all: errContradiction.
func (r *reader) head(ctx context.Context, floor uint64) (h header, ahead bool, err error) {
	tips, err := r.tips(ctx)
	if err != nil {
		return header{}, false, Unavailable(err, "the newest block could not be read")
	}
	seen := heights{}
	var numbers []uint64
	for who, tip := range tips {
		seen.add(who, tip)
		numbers = append(numbers, tip.Number)
	}
	slices.Sort(numbers)
	slices.Reverse(numbers)
	numbers = numbers[r.ep.k-1:]
	top := numbers[0]
	if top < floor {
		// Lagging endpoints, or a reorganisation that has not caught up. To step
		// back could bring back what a later block revoked.
		return header{}, false, Stale("the RPC endpoint went back from block %d to block %d", floor, top)
	}
	candidates := []uint64{top}
	var faults []error
	if _, ok := seen[top].winner(r.ep.k); !ok {
		candidates = slices.Compact(slices.DeleteFunc(numbers, func(n uint64) bool { return n < floor }))
		faults = r.confirm(ctx, candidates, tips, seen)
	}
	won, err := r.elect(candidates, seen, faults)
	if err != nil {
		return header{}, false, err
	}
	for _, tip := range tips {
		ahead = ahead || tip.Number > won.Number
	}
	return won, ahead, nil
}

// heights are the headers that were shown, by their height.
type heights map[uint64]votes[header]

func (hs heights) add(who int, h header) {
	if hs[h.Number] == nil {
		hs[h.Number] = votes[header]{}
	}
	hs[h.Number].add(who, h)
}

// tips asks everybody for the newest block.
func (r *reader) tips(ctx context.Context) (map[int]header, error) {
	q := r.ep
	tips := map[int]header{}
	var faults []error
	round(ctx, q, stragglerGrace, func(ctx context.Context, _ int, e *endpoint) (header, error) {
		return e.tip(ctx, r.chainID)
	}, func(t reply[header]) bool {
		if t.err == nil {
			tips[t.who] = t.answer
		} else {
			faults = append(faults, t.err)
			if errors.Is(t.err, ErrOtherChain) {
				q.contradiction([]int{t.who}, "the chain id")
			}
		}
		return len(tips) >= q.k || len(q.eps)-len(faults) < q.k
	}, nil)
	if len(tips) < q.k {
		return nil, errors.Join(q.tooFew(faults), context.Cause(ctx))
	}
	return tips, nil
}

// confirm asks everybody for those of the candidates that lie below its own
// newest block.
func (r *reader) confirm(ctx context.Context, candidates []uint64, tips map[int]header, seen heights) (faults []error) {
	round(ctx, r.ep, stragglerGrace, func(ctx context.Context, who int, e *endpoint) ([]header, error) {
		var ask []uint64
		for _, n := range candidates {
			if tip, ok := tips[who]; ok && n < tip.Number {
				ask = append(ask, n)
			}
		}
		if len(ask) == 0 {
			return nil, nil
		}
		elems, out := make([]rpc.BatchElem, len(ask)), make([]*wireHeader, len(ask))
		for i, n := range ask {
			elems[i] = headerElem(hexutil.EncodeUint64(n), &out[i])
		}
		if err := e.batch(ctx, elems); err != nil {
			return nil, err
		}
		hs := make([]header, len(ask))
		for i, w := range out {
			h, err := w.header()
			if err == nil && h.Number != ask[i] {
				err = errors.New("a block is not the one that was asked for")
			}
			if err != nil {
				return nil, err
			}
			hs[i] = h
		}
		return hs, nil
	}, func(t reply[[]header]) bool {
		if t.err != nil {
			faults = append(faults, t.err)
		}
		for _, h := range t.answer {
			seen.add(t.who, h)
		}
		return slices.ContainsFunc(candidates, func(n uint64) bool {
			_, ok := seen[n].winner(r.ep.k)
			return ok
		})
	}, nil)
	return faults
}

// elect takes the highest candidate that has k votes.
func (r *reader) elect(candidates []uint64, seen heights, faults []error) (header, error) {
	q := r.ep
	var err error
	for _, n := range candidates {
		v := seen[n]
		won, ok := v.winner(q.k)
		if len(v) > 1 {
			q.contradiction(v.others(won), fmt.Sprintf("block %d", n))
			err = Unavailable(fmt.Errorf("%w about block %d", errContradiction, n), "the RPC endpoints do not agree")
		}
		switch {
		case ok:
			return won, nil
		case v.hopeless(q.k, len(q.eps)-v.cast()):
			return header{}, err
		}
	}
	if err == nil {
		err = Unavailable(q.tooFew(faults), "block %d could not be read", candidates[0])
	}
	return header{}, err
}

// around asks what came with a new head: whether it touched the contracts, and
// the block that it confirms.
func (r *reader) around(ctx context.Context, h header, confirmations uint64) (touched bool, confirmed BlockRef, err error) {
	q, number := r.ep, h.Number-min(h.Number, confirmations)
	v, said := votes[header]{}, map[bool][]int{} // who said that there are logs, or none
	var faults []error
	left := len(q.eps)
	enough := func() bool {
		_, ok := v.winner(q.k)
		return ok
	}
	round(ctx, q, 0, func(ctx context.Context, _ int, e *endpoint) (surroundings, error) {
		return r.surroundings(ctx, e, h, number)
	}, func(t reply[surroundings]) bool {
		left--
		if t.err != nil {
			faults = append(faults, t.err)
		} else {
			v.add(t.who, t.answer.confirmed)
			said[t.answer.logs] = append(said[t.answer.logs], t.who)
		}
		return enough() || v.hopeless(q.k, left)
	}, func(t reply[surroundings]) {
		// Among k there was one who is honest: by now it is this one who is not.
		if t.err == nil && t.answer.logs != (len(said[true]) > 0) {
			q.contradiction([]int{t.who}, fmt.Sprintf("the logs of block %d", h.Number))
		}
	})
	// The bloom filter of the header is asked as well: an answer that leaves
	// logs out would have to agree with it.
	bloom := r.blooms(h)
	if len(said) > 1 {
		q.contradiction(said[!bloom], fmt.Sprintf("the logs of block %d", h.Number))
	}
	won, ok := v.winner(q.k)
	if len(v) > 1 {
		q.contradiction(v.others(won), fmt.Sprintf("block %d", number))
		err = fmt.Errorf("%w about block %d", errContradiction, number)
	}
	if !ok {
		if err == nil {
			err = q.tooFew(faults)
		}
		return false, BlockRef{}, Unavailable(err, "block %d could not be read", h.Number)
	}
	// One who shows a log is enough.
	return bloom || len(said[true]) > 0, won.BlockRef, nil
}

// surroundings is what one endpoint says about a block: whether it has logs of
// the contracts, and the block that lies below it.
type surroundings struct {
	logs      bool
	confirmed header
}

func (r *reader) surroundings(ctx context.Context, e *endpoint, h header, number uint64) (surroundings, error) {
	var logs *[]types.Log
	elems := []rpc.BatchElem{{
		Method: "eth_getLogs",
		Args:   []any{map[string]any{"blockHash": h.Hash, "address": r.watched()}},
		Result: &logs,
	}}
	var w *wireHeader
	if number != h.Number {
		elems = append(elems, headerElem(hexutil.EncodeUint64(number), &w))
	}
	if err := e.batch(ctx, elems); err != nil {
		return surroundings{}, err
	}
	if logs == nil {
		return surroundings{}, errors.New("no list of logs")
	}
	for _, l := range *logs {
		if l.BlockHash != h.Hash {
			return surroundings{}, fmt.Errorf("a log is of block %s", l.BlockHash)
		}
	}
	s := surroundings{logs: len(*logs) > 0, confirmed: h}
	if number == h.Number {
		return s, nil
	}
	c, err := w.header()
	if err == nil && (c.Number != number || c.Time.After(h.Time)) {
		err = errors.New("the confirmed block is not the one that was asked for")
	}
	s.confirmed = c
	return s, err
}

// blooms tells whether the bloom filter of a header allows a log of the
// contracts.
func (r *reader) blooms(h header) bool {
	for _, a := range r.watched() {
		if types.BloomLookup(h.bloom, a) {
			return true
		}
	}
	return false
}
