package chain

import (
	"context"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// FeeCap is the most that a unit of gas costs a transaction that is sent now.
func (c *Client) FeeCap(ctx context.Context) (*big.Int, error) {
	var tip *hexutil.Big
	var base *struct {
		BaseFee *hexutil.Big `json:"baseFeePerGas"`
	}
	if err := c.ep.batch(ctx, []rpc.BatchElem{
		{Method: "eth_getBlockByNumber", Args: []any{"latest", false}, Result: &base},
		{Method: "eth_maxPriorityFeePerGas", Result: &tip},
	}); err != nil {
		return nil, Unavailable(err, "the price of gas could not be read")
	}
	if base == nil || base.BaseFee == nil || tip == nil {
		return nil, Unavailable(errors.New("null"), "the price of gas could not be read")
	}
	return feeCap(base.BaseFee.ToInt(), tip.ToInt()), nil
}
