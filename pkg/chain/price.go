package chain

import (
	"context"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// price asks what the steps that are not done take, and what the wallet has.
// The chain estimates what it can: a constructor that looks for a contract
// which does not exist yet cannot be run, and keeps this program's own figure.
func (i *Inspector) price(ctx context.Context, p *Plan) error {
	type answers struct {
		balance, feeCap *big.Int
		gas             []*hexutil.Uint64
	}
	got, err := again(ctx, i.patience, func(ctx context.Context) (a answers, err error) {
		var balance, tip *hexutil.Big
		var base *struct {
			BaseFee *hexutil.Big `json:"baseFeePerGas"`
		}
		elems := []rpc.BatchElem{
			{Method: "eth_getBalance", Args: []any{p.Wallet, "latest"}, Result: &balance},
			{Method: "eth_getBlockByNumber", Args: []any{"latest", false}, Result: &base},
			{Method: "eth_maxPriorityFeePerGas", Result: &tip},
		}
		a.gas = make([]*hexutil.Uint64, len(p.Steps))
		firm := len(elems)
		for n, s := range p.Steps {
			elems = append(elems, rpc.BatchElem{Method: "eth_estimateGas", Args: []any{map[string]any{"from": p.Wallet, "data": s.Calldata}}, Result: &a.gas[n]})
		}
		if err := i.eps[0].request(ctx, elems); err != nil {
			return a, Unavailable(err, "the price of the deployment could not be read")
		}
		for _, e := range elems[:firm] {
			if e.Error != nil {
				return a, Unavailable(withoutURL(e.Error), "the price of the deployment could not be read (%s)", e.Method)
			}
		}
		if balance == nil || tip == nil || base == nil || base.BaseFee == nil {
			return a, Unavailable(errors.New("null"), "the price of the deployment could not be read")
		}
		a.balance, a.feeCap = balance.ToInt(), feeCap(base.BaseFee.ToInt(), tip.ToInt())
		return a, checkFee(a.feeCap)
	})
	if err != nil {
		return err
	}
	p.Balance = got.balance
	for n := range p.Steps {
		s := &p.Steps[n]
		if s.Done {
			continue
		}
		if g := got.gas[n]; g != nil {
			s.Gas = uint64(*g)
		}
		s.Gas = withMargin(s.Gas)
		p.Gas += s.Gas
	}
	p.Cost.Mul(new(big.Int).SetUint64(p.Gas), got.feeCap)
	return nil
}
