package chain

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// verificationGas is what the verification of one assertion costs on a chain
// without the P-256 precompile: docs/contracts.md has the figures.
const verificationGas = 215_000

// anyAssertion is code that takes every assertion for valid, with the greatest
// sign count: it stands in for the K11 verifier in an estimate, and nowhere else.
//
//	PUSH4 ffffffff, PUSH1 0, MSTORE, PUSH1 20, PUSH1 0, RETURN
const anyAssertion = "0x63ffffffff60005260206000f3"

// EstimateUnsigned is the gas that a call would take once so many assertions in
// it are signed. It asks the endpoint to run the call with a verifier that
// accepts everything; not every endpoint can, and whatever else the contracts
// refuse is a *RevertError.
func (c *Client) EstimateUnsigned(ctx context.Context, from common.Address, call Call, assertions int) (uint64, error) {
	var id *hexutil.Big
	var gas *hexutil.Uint64
	elems := []rpc.BatchElem{
		{Method: "eth_chainId", Result: &id},
		{Method: "eth_estimateGas", Args: []any{
			map[string]any{"from": from, "to": call.To, "data": hexutil.Bytes(call.Data)},
			"latest",
			map[common.Address]any{c.p.Contracts.K11Verifier: map[string]any{"code": anyAssertion}},
		}, Result: &gas},
	}
	if err := c.ep.request(ctx, elems); err != nil {
		return 0, Unavailable(err, "the gas could not be estimated")
	}
	if err := elems[0].Error; err != nil {
		return 0, Unavailable(withoutURL(err), "the gas could not be estimated")
	}
	if err := sameChain(id, c.p.ChainID); err != nil {
		return 0, err
	}
	if err := elems[1].Error; err != nil {
		if r, ok := asRevert(err); ok {
			return 0, r
		}
		return 0, Unavailable(withoutURL(err), "the gas could not be estimated")
	}
	if gas == nil {
		return 0, Unavailable(errors.New("null"), "the gas could not be estimated")
	}
	return uint64(*gas) + uint64(assertions)*verificationGas, nil
}
