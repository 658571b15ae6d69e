package chain

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// wireHeader is the part of a block that following needs. Its hash is not
// recomputed: the target chain's headers have other fields than those that
// go-ethereum hashes.
type wireHeader struct {
	Number    *hexutil.Uint64 `json:"number"`
	Hash      *common.Hash    `json:"hash"`
	Parent    *common.Hash    `json:"parentHash"`
	Time      *hexutil.Uint64 `json:"timestamp"`
	LogsBloom *types.Bloom    `json:"logsBloom"`
}

type header struct {
	BlockRef
	parent common.Hash
	bloom  types.Bloom
}

func (w *wireHeader) header() (header, error) {
	if w == nil || w.Number == nil || w.Hash == nil || w.Parent == nil || w.Time == nil || w.LogsBloom == nil {
		return header{}, errors.New("a block header is incomplete")
	}
	if *w.Hash == (common.Hash{}) || uint64(*w.Time) > math.MaxInt64 {
		return header{}, errors.New("a block header makes no sense")
	}
	ref := BlockRef{Number: uint64(*w.Number), Hash: *w.Hash, Time: time.Unix(int64(*w.Time), 0)}
	return header{BlockRef: ref, parent: *w.Parent, bloom: *w.LogsBloom}, nil
}

func headerElem(block string, out **wireHeader) rpc.BatchElem {
	return rpc.BatchElem{Method: "eth_getBlockByNumber", Args: []any{block, false}, Result: out}
}

// latest asks for the newest block, of the right chain only.
func (r *reader) latest(ctx context.Context) (header, error) {
	var id *hexutil.Big
	var w *wireHeader
	if err := r.ep.batch(ctx, []rpc.BatchElem{
		{Method: "eth_chainId", Result: &id},
		headerElem("latest", &w),
	}); err != nil {
		return header{}, Unavailable(err, "the newest block could not be read")
	}
	if err := sameChain(id, r.chainID); err != nil {
		return header{}, err
	}
	h, err := w.header()
	if err != nil {
		return header{}, Unavailable(err, "the newest block could not be read")
	}
	return h, nil
}

// errOtherChain: an endpoint speaks of another chain.
var errOtherChain = errors.New("another chain")

func sameChain(id *hexutil.Big, want uint64) error {
	if id == nil || !id.ToInt().IsUint64() {
		return Unavailable(nil, "the RPC endpoint names no chain id")
	}
	if got := id.ToInt().Uint64(); got != want {
		return Unavailable(errOtherChain, "the RPC endpoint serves chain %d, the profile says %d", got, want)
	}
	return nil
}

// around asks what came with a new head: whether it touched the contracts, and
// the block that it confirms.
func (r *reader) around(ctx context.Context, h header, confirmations uint64) (touched bool, confirmed BlockRef, err error) {
	var logs *[]types.Log
	elems := []rpc.BatchElem{{
		Method: "eth_getLogs",
		Args:   []any{map[string]any{"blockHash": h.Hash, "address": r.watched()}},
		Result: &logs,
	}}
	var w *wireHeader
	number := h.Number - min(h.Number, confirmations)
	if confirmations > 0 {
		elems = append(elems, headerElem(hexutil.EncodeUint64(number), &w))
	}
	if err := r.ep.batch(ctx, elems); err != nil {
		return false, BlockRef{}, Unavailable(err, "block %d could not be read", h.Number)
	}
	if touched, err = r.touched(h, logs); err != nil {
		return false, BlockRef{}, Unavailable(err, "the logs of block %d could not be read", h.Number)
	}
	if confirmations == 0 {
		return touched, h.BlockRef, nil
	}
	c, err := w.header()
	if err == nil && (c.Number != number || c.Time.After(h.Time)) {
		err = errors.New("the confirmed block is not the one that was asked for")
	}
	if err != nil {
		return false, BlockRef{}, Unavailable(err, "block %d could not be read", number)
	}
	return touched, c.BlockRef, nil
}

// touched tells whether a block changed what the contracts say. The bloom
// filter of the header is asked as well: an answer that leaves logs out would
// have to agree with it.
func (r *reader) touched(h header, logs *[]types.Log) (bool, error) {
	if logs == nil {
		return false, errors.New("no list of logs")
	}
	for _, l := range *logs {
		if l.BlockHash != h.Hash {
			return false, fmt.Errorf("a log is of block %s", l.BlockHash)
		}
	}
	if len(*logs) > 0 {
		return true, nil
	}
	for _, a := range r.watched() {
		if types.BloomLookup(h.bloom, a) {
			return true, nil
		}
	}
	return false, nil
}
