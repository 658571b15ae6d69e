package chain

import (
	"context"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/omni"
)

// Quorum is how many recovery masters an operator has, and how many of them an
// operation that changes masters needs, both at one block.
type Quorum struct {
	Threshold int `json:"threshold"`
	Masters   int `json:"masters"`
}

// Stranding tells whether the loss, or the refusal, of one recovery master
// would leave the operator without a quorum for ever.
func (q Quorum) Stranding() bool { return q.Masters > 0 && q.Threshold >= q.Masters }

// Quorum asks for an operator's recovery threshold and masters.
func (c *Client) Quorum(ctx context.Context, op omni.Operator) (Quorum, error) {
	h, err := c.r.latest(ctx)
	if err != nil {
		return Quorum{}, err
	}
	var threshold uint8
	var masters [][32]byte
	err = c.r.read(ctx, map[common.Hash][]view{h.Hash: {
		{
			c.r.at.Registry, c.r.registryABI, "recoveryThreshold", c.r.registry.PackRecoveryThreshold(op.Bytes()),
			into(c.r.registry.UnpackRecoveryThreshold, keep(&threshold)),
		},
		{
			c.r.at.Registry, c.r.registryABI, "recoveryMasters", c.r.registry.PackRecoveryMasters(op.Bytes()),
			into(c.r.registry.UnpackRecoveryMasters, keep(&masters)),
		},
	}})
	if err != nil {
		return Quorum{}, err
	}
	return Quorum{Threshold: int(threshold), Masters: len(masters)}, nil
}

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
