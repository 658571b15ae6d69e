package operator

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// Plan is what an operation would do: nothing was signed or sent, and no key
// was needed to say it.
type Plan struct {
	Operation string           `json:"operation"`
	Words     []typeddata.Line `json:"words"`
	// Digest is what passkeys would sign; empty for what the wallet does alone.
	Digest   hexutil.Bytes  `json:"digest,omitzero"`
	Signers  string         `json:"signers"`
	From     common.Address `json:"from"`
	Contract common.Address `json:"contract"`
	// Calldata is complete but for the signatures.
	Calldata hexutil.Bytes `json:"calldata"`
	// Gas is an estimate; 0 with Unknown saying why there is none.
	Gas     uint64 `json:"gas_estimate,omitzero"`
	Unknown string `json:"gas_unknown,omitzero"`
	// Balance is the sender's, in wei.
	Balance string `json:"balance_wei"`
}

// unsignedAssertion stands where a signature belongs.
func unsignedAssertion() passkey.Assertion {
	return passkey.Assertion{R: new(big.Int), S: new(big.Int)}
}

// plan says what s would do.
func (o *Operator) plan(ctx context.Context, s step) (Outcome, error) {
	p := &Plan{
		Operation: typeddata.Name(s.op), Words: typeddata.Describe(s.op, s.domain, o.Names), From: o.Account, Signers: "the wallet alone",
	}
	assertions := s.votes
	if s.newcomer != nil {
		assertions++
	}
	if assertions > 0 {
		digest := typeddata.Digest(s.op, s.domain)
		p.Digest = digest[:]
	}
	switch {
	case s.votes > 0 && s.newcomer != nil:
		p.Signers = needs(s) + ", and the new passkey itself"
	case s.votes > 0:
		p.Signers = needs(s)
	case s.newcomer != nil:
		p.Signers = "the new passkey itself"
	}
	unsigned, err := o.unsigned(ctx, s)
	if err != nil {
		return Outcome{}, err
	}
	call, err := o.Chain.Plan(func(ops *chain.Operations) error {
		_, err := s.send(ctx, ops, unsigned, unsignedAssertion())
		return err
	})
	if err != nil {
		return Outcome{}, err
	}
	p.Contract, p.Calldata = call.To, call.Data
	if p.Gas, err = o.Chain.EstimateUnsigned(ctx, o.Account, call, assertions); err != nil {
		p.Unknown = err.Error()
	}
	balance, err := o.Chain.Balance(ctx, o.Account)
	if err != nil {
		return Outcome{}, err
	}
	p.Balance = balance.String()
	return Outcome{Plan: p}, nil
}

// unsigned are votes of the masters that could sign, without signatures.
func (o *Operator) unsigned(ctx context.Context, s step) ([]chain.Vote, error) {
	if s.votes == 0 {
		return nil, nil
	}
	able, err := o.able(ctx, s)
	if err != nil {
		return nil, err
	}
	if len(able) < s.votes {
		return nil, fmt.Errorf("%w: %s, and the operator has %s that may", ErrRefused, needs(s), number(len(able)))
	}
	votes := make([]chain.Vote, s.votes)
	for i := range votes {
		votes[i] = chain.Vote{Device: able[i].Key, Assertion: unsignedAssertion()}
	}
	return votes, nil
}
