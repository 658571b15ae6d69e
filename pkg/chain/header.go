package chain

import (
	"context"
	"errors"
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

// tip asks one endpoint for its newest block, of the right chain only.
func (e *endpoint) tip(ctx context.Context, chainID uint64) (header, error) {
	var id *hexutil.Big
	var w *wireHeader
	if err := e.batch(ctx, []rpc.BatchElem{
		{Method: "eth_chainId", Result: &id},
		headerElem("latest", &w),
	}); err != nil {
		return header{}, err
	}
	if err := sameChain(id, chainID); err != nil {
		return header{}, err
	}
	return w.header()
}

// ErrOtherChain: an endpoint speaks of another chain.
var ErrOtherChain = errors.New("another chain")

func sameChain(id *hexutil.Big, want uint64) error {
	if id == nil || !id.ToInt().IsUint64() {
		return Unavailable(nil, "the RPC endpoint names no chain id")
	}
	if got := id.ToInt().Uint64(); got != want {
		return Unavailable(ErrOtherChain, "the RPC endpoint serves chain %d, the profile says %d", got, want)
	}
	return nil
}
