package chain

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/solidity"
)

// Deploy does what p planned with s, the planned wallet, and returns once the
// endpoints show the contracts, and they name each other and answer correctly.
// It may be stopped at any moment: the next plan finds what was made.
//
// Nothing is sent twice. Each contract has its nonce, an answer that was lost is
// looked for on the chain, and what is repeated is the same signed transaction.
func (i *Inspector) Deploy(ctx context.Context, p *Plan, s Signer, d Deployment) (Facts, error) {
	if s.Address() != p.Wallet {
		return Facts{}, errors.New("deploying: the plan is another wallet's")
	}
	if err := p.Affordable(); err != nil {
		return Facts{}, err
	}
	t, err := NewTransactor(i.p, s)
	if err != nil {
		return Facts{}, err
	}
	defer t.Close()
	after := i.p
	after.Contracts = p.Contracts
	r := newReader(t.ep, after)
	var block common.Hash // the newest one that is known to hold what was made
	for _, step := range p.Steps {
		if !step.Done {
			if block, err = i.make(ctx, t, step); err != nil {
				return Facts{}, fmt.Errorf("deploying %s: %w", step.Name, err)
			}
		}
		if artifact, err := Artifact(step.Name); err == nil && artifact == solidity.P256Router {
			// Before anything is built on a precompile that lies.
			if err := i.askRouter(ctx, r, block); err != nil {
				return Facts{}, fmt.Errorf("deploying %s: %w", step.Name, err)
			}
		}
		if d.Made != nil && !step.Done {
			d.Made(step.Name, step.Address)
		}
	}
	return i.finish(ctx, r, block, d, p)
}

// finish proves that what was wanted is there.
func (i *Inspector) finish(ctx context.Context, r *reader, block common.Hash, d Deployment, p *Plan) (Facts, error) {
	block, err := i.orLatest(ctx, r, block)
	if err != nil {
		return Facts{}, err
	}
	if _, err := again(ctx, i.patience, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, r.checkContracts(ctx, block)
	}); err != nil {
		return Facts{}, err
	}
	after := *i
	after.p.Contracts = r.at
	if err := after.shown(ctx); err != nil {
		return Facts{}, err
	}
	f, err := after.Facts(ctx)
	switch {
	case err != nil:
		return f, err
	case p.makes(solidity.K3EpochCounter) && f.Governance != d.Governance:
		return f, fmt.Errorf("the epoch counter at %s is governed by %s, not by %s as asked: governance hands over, a deployment does not take", r.at.Epoch, f.Governance, d.Governance)
	case p.makes(solidity.SidecarRegistry) && f.RecoveryDelay != d.RecoveryDelay:
		return f, fmt.Errorf("the registry at %s has a recovery delay of %s, not of %s as asked: it is fixed when the registry is made", r.at.Registry, f.RecoveryDelay, d.RecoveryDelay)
	}
	return f, nil
}

// shown waits until as many endpoints as must agree show the contracts: one of
// them alone could have made them up, and others may be some blocks behind.
func (i *Inspector) shown(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, i.patience.Block)
	defer cancel()
	for {
		have, err := i.surveyAll(ctx, i.p.Contracts)
		if err == nil && !slices.ContainsFunc(have, func(r ContractReport) bool { return r.State != StateOK }) {
			return nil
		}
		if err != nil && !silent(err) {
			return err
		}
		if !pause(ctx, jitter(max(i.p.PollInterval, receiptPoll))) {
			return Unavailable(ctx.Err(), "the contracts were made, but too few RPC endpoints of the profile show them yet")
		}
	}
}

func (i *Inspector) askRouter(ctx context.Context, r *reader, block common.Hash) error {
	block, err := i.orLatest(ctx, r, block)
	if err != nil {
		return err
	}
	_, err = again(ctx, i.patience, func(ctx context.Context) (struct{}, error) { return struct{}{}, r.checkP256(ctx, block) })
	return err
}

// orLatest is a block that was named, else the newest.
func (i *Inspector) orLatest(ctx context.Context, r *reader, block common.Hash) (common.Hash, error) {
	if block != (common.Hash{}) {
		return block, nil
	}
	h, err := again(ctx, i.patience, r.latest)
	return h.Hash, err
}

// make sends the one transaction of a step and waits for its block.
func (i *Inspector) make(ctx context.Context, t *Transactor, step Step) (common.Hash, error) {
	plain, err := again(ctx, i.patience, func(ctx context.Context) (*types.Transaction, error) { return t.prepare(ctx, nil, step.Calldata) })
	if err != nil {
		return common.Hash{}, err
	}
	tx, raw, err := t.sign(ctx, types.NewTx(&types.DynamicFeeTx{
		ChainID: t.id, Nonce: step.Nonce, Data: step.Calldata,
		GasTipCap: plain.GasTipCap(), GasFeeCap: plain.GasFeeCap(), Gas: plain.Gas(),
	}))
	if err != nil {
		return common.Hash{}, err
	}
	if err := i.offer(ctx, t, tx, raw); err != nil {
		return common.Hash{}, err
	}
	waiting, cancel := context.WithTimeout(ctx, i.patience.Block)
	defer cancel()
	receipt, err := t.await(waiting, tx.Hash())
	switch {
	case err != nil:
		return common.Hash{}, err
	case receipt.Status != types.ReceiptStatusSuccessful:
		return common.Hash{}, t.whyReverted(ctx, tx, receipt)
	case receipt.ContractAddress != step.Address:
		return common.Hash{}, fmt.Errorf("it came to %s instead of %s: the wallet sent something in between", receipt.ContractAddress, step.Address)
	}
	return receipt.BlockHash, nil
}

// offer hands a signed transaction to the endpoint until the endpoint has it.
// Without an answer it asks whether the transaction is known before it repeats
// the very same bytes, which a chain takes once at most.
func (i *Inspector) offer(ctx context.Context, t *Transactor, tx *types.Transaction, raw hexutil.Bytes) error {
	unanswered := false
	_, err := again(ctx, i.patience, func(ctx context.Context) (struct{}, error) {
		if unanswered {
			if known, err := t.knows(ctx, tx.Hash()); err != nil || known {
				return struct{}{}, err
			}
		}
		var hash *common.Hash
		send := []rpc.BatchElem{{Method: "eth_sendRawTransaction", Args: []any{raw}, Result: &hash}}
		err := t.ep.request(ctx, send)
		if err == nil {
			err = withoutURL(send[0].Error)
		}
		if err == nil {
			return struct{}{}, nil
		}
		if err = notTaken(err, t.Address()); silent(err) {
			unanswered = true
			return struct{}{}, err
		}
		// "Already known" or "nonce too low": it may be itself that is in the
		// way, from an answer that was lost or from another run that signed the
		// same.
		if known, kerr := t.knows(ctx, tx.Hash()); kerr != nil || known {
			return struct{}{}, kerr
		}
		if errors.Is(err, ErrFunds) {
			return struct{}{}, err
		}
		return struct{}{}, fmt.Errorf("%w; if another run was faster, run the same again, which looks first", err)
	})
	return err
}

// knows asks whether the endpoint has a transaction, in a block or waiting.
func (t *Transactor) knows(ctx context.Context, tx common.Hash) (bool, error) {
	var have *struct {
		Hash *common.Hash `json:"hash"`
	}
	if err := t.ep.batch(ctx, []rpc.BatchElem{{Method: "eth_getTransactionByHash", Args: []any{tx}, Result: &have}}); err != nil {
		return false, Unavailable(err, "it is not known whether transaction %s was taken; run the same again, which finds out", tx)
	}
	return have != nil && have.Hash != nil && *have.Hash == tx, nil
}
