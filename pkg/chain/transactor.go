package chain

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"
)

// Signer signs transactions with a wallet's key.
type Signer interface {
	Address() common.Address
	SignTx(ctx context.Context, tx *types.Transaction, chainID *big.Int) (*types.Transaction, error)
}

// KeySigner is the Signer of a key in memory.
func KeySigner(k *ecdsa.PrivateKey) Signer { return keySigner{k} }

type keySigner struct{ k *ecdsa.PrivateKey }

func (s keySigner) Address() common.Address { return crypto.PubkeyToAddress(s.k.PublicKey) }

func (s keySigner) SignTx(_ context.Context, tx *types.Transaction, id *big.Int) (*types.Transaction, error) {
	return types.SignTx(tx, types.LatestSignerForChainID(id), s.k)
}

// receiptPoll is how often a receipt is asked for.
const receiptPoll = 40 * time.Millisecond

// Transactor sends one wallet's transactions. It is safe for concurrent use.
// It repeats nothing: whoever may have to do something twice asks first
// whether it is done.
type Transactor struct {
	ep     *endpoint
	id     *big.Int
	signer Signer

	mu   sync.Mutex // guards next, and that transactions are sent in its order
	next uint64     // an endpoint counts what it was sent a moment ago too late
}

// NewTransactor sends to the profile's first endpoint. It does not ask it
// anything yet. The profile's contracts may be absent: deploying makes them.
func NewTransactor(p Profile, s Signer) (*Transactor, error) {
	if p.ChainID == 0 || len(p.RPC) == 0 {
		return nil, errors.New("chain: a chain id and an RPC endpoint are required")
	}
	ep, err := dialEndpoint(context.Background(), p.RPC[0], DefaultCallTimeout, DefaultMaxResponse)
	if err != nil {
		return nil, err
	}
	return &Transactor{ep: ep, id: new(big.Int).SetUint64(p.ChainID), signer: s}, nil
}

// Close releases the connection.
func (t *Transactor) Close() error {
	t.ep.close()
	return nil
}

// Address is the wallet's.
func (t *Transactor) Address() common.Address { return t.signer.Address() }

// Send makes a transaction (to nil creates a contract), signs it, and waits
// until it is in a block. The error is a *RevertError when a contract refused,
// before it was sent or in its block.
func (t *Transactor) Send(ctx context.Context, to *common.Address, data []byte) (*types.Receipt, error) {
	tx, err := t.submit(ctx, to, data)
	if err != nil {
		return nil, err
	}
	r, err := t.await(ctx, tx.Hash())
	if err != nil {
		// It may be lost for ever: what follows must not queue behind it.
		t.mu.Lock()
		t.next = 0
		t.mu.Unlock()
		return nil, err
	}
	if r.Status == types.ReceiptStatusSuccessful {
		return r, nil
	}
	return nil, t.whyReverted(ctx, tx, r)
}

func (t *Transactor) submit(ctx context.Context, to *common.Address, data []byte) (*types.Transaction, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	plain, err := t.prepare(ctx, to, data)
	if err != nil {
		return nil, err
	}
	tx, raw, err := t.sign(ctx, plain)
	if err != nil {
		return nil, err
	}
	var hash *common.Hash
	send := []rpc.BatchElem{{Method: "eth_sendRawTransaction", Args: []any{raw}, Result: &hash}}
	// Once: whether a lost answer meant that it was taken, nobody knows.
	if err := t.ep.request(ctx, send); err != nil {
		return nil, notTaken(err, t.Address())
	}
	if err := send[0].Error; err != nil {
		return nil, notTaken(withoutURL(err), t.Address())
	}
	t.next = tx.Nonce() + 1
	return tx, nil
}

// sign has the wallet sign, and believes only what is exactly that.
func (t *Transactor) sign(ctx context.Context, plain *types.Transaction) (tx *types.Transaction, raw hexutil.Bytes, err error) {
	if tx, err = t.signer.SignTx(ctx, plain, t.id); err != nil {
		return nil, nil, fmt.Errorf("signing a transaction: %w", err)
	}
	s := types.LatestSignerForChainID(t.id)
	if from, err := types.Sender(s, tx); err != nil || from != t.Address() || s.Hash(tx) != s.Hash(plain) {
		return nil, nil, errors.New("signing a transaction: the wallet signed another one, or with another key")
	}
	if raw, err = tx.MarshalBinary(); err != nil {
		return nil, nil, fmt.Errorf("encoding a transaction: %w", err)
	}
	return tx, raw, nil
}

// ErrFunds: the wallet cannot pay for its transaction.
var ErrFunds = errors.New("not enough funds")

// notTaken tells an endpoint that refused a transaction from one that did not
// answer.
func notTaken(err error, wallet common.Address) error {
	var said rpc.Error
	switch {
	case !errors.As(err, &said):
		return Unavailable(err, "it is not known whether the transaction was taken")
	case strings.Contains(said.Error(), "insufficient funds"):
		return fmt.Errorf("%w: wallet %s cannot pay for the transaction", ErrFunds, wallet)
	}
	return fmt.Errorf("the chain did not take the transaction: %w", said)
}

// prepare asks for everything that the transaction needs, and that the chain
// is the profile's: nothing is signed for another one.
func (t *Transactor) prepare(ctx context.Context, to *common.Address, data []byte) (*types.Transaction, error) {
	var id *hexutil.Big
	var nonce, gas *hexutil.Uint64
	var tip *hexutil.Big
	var base *struct {
		BaseFee *hexutil.Big `json:"baseFeePerGas"`
	}
	msg := map[string]any{"from": t.Address(), "data": hexutil.Bytes(data)}
	if to != nil {
		msg["to"] = to
	}
	elems := []rpc.BatchElem{
		{Method: "eth_chainId", Result: &id},
		{Method: "eth_getTransactionCount", Args: []any{t.Address(), "pending"}, Result: &nonce},
		{Method: "eth_getBlockByNumber", Args: []any{"latest", false}, Result: &base},
		{Method: "eth_maxPriorityFeePerGas", Result: &tip},
		{Method: "eth_estimateGas", Args: []any{msg}, Result: &gas},
	}
	if err := t.ep.ask(ctx, elems); err != nil {
		return nil, Unavailable(err, "the transaction could not be prepared")
	}
	if elems[0].Error == nil {
		if err := sameChain(id, t.id.Uint64()); err != nil {
			return nil, err
		}
	}
	for _, e := range elems {
		if e.Error == nil {
			continue
		}
		if r, ok := asRevert(e.Error); ok && e.Method == "eth_estimateGas" {
			return nil, r
		}
		if e.Method == "eth_estimateGas" {
			return nil, notTaken(withoutURL(e.Error), t.Address())
		}
		return nil, Unavailable(withoutURL(e.Error), "the transaction could not be prepared (%s)", e.Method)
	}
	if nonce == nil || gas == nil || tip == nil || base == nil || base.BaseFee == nil {
		return nil, Unavailable(errors.New("null"), "the transaction could not be prepared")
	}
	most := feeCap(base.BaseFee.ToInt(), tip.ToInt())
	if err := checkFee(most); err != nil {
		return nil, err
	}
	return types.NewTx(&types.DynamicFeeTx{
		ChainID: t.id, Nonce: max(uint64(*nonce), t.next), To: to, Data: data,
		GasTipCap: tip.ToInt(), GasFeeCap: most,
		Gas: withMargin(uint64(*gas)),
	}), nil
}

// feeCap lets the base fee double before the transaction waits.
func feeCap(base, tip *big.Int) *big.Int { return new(big.Int).Add(new(big.Int).Lsh(base, 1), tip) }

// maxFee is the most that this program pays for a unit of gas: 500 gwei, many
// times what calm chains ask. The endpoint that names the price could otherwise
// have a wallet give all it has to whoever makes the block.
const maxFee = 500e9

// ErrFee: the endpoint names a price beyond all reason.
var ErrFee = errors.New("the price of gas is beyond all reason")

func checkFee(most *big.Int) error {
	if most.Cmp(big.NewInt(maxFee)) > 0 {
		return fmt.Errorf("%w: the RPC endpoint asks up to %s wei for a unit, this program pays at most %d; nothing was sent", ErrFee, most, int64(maxFee))
	}
	return nil
}

// withMargin is the gas limit for an estimate: the state may move before the
// transaction is mined.
func withMargin(gas uint64) uint64 { return gas + gas/4 }

// await polls for the receipt until ctx ends.
func (t *Transactor) await(ctx context.Context, tx common.Hash) (*types.Receipt, error) {
	for {
		var r *types.Receipt
		elem := []rpc.BatchElem{{Method: "eth_getTransactionReceipt", Args: []any{tx}, Result: &r}}
		err := t.ep.request(ctx, elem)
		if err == nil {
			err = elem[0].Error // some endpoints answer an error until it is mined
		}
		if err == nil && r != nil {
			if r.TxHash != tx || r.BlockNumber == nil {
				return nil, Unavailable(nil, "the receipt of transaction %s is another one's", tx)
			}
			return r, nil
		}
		if !pause(ctx, receiptPoll) {
			return nil, Unavailable(errors.Join(ctx.Err(), err), "transaction %s was sent, but no block with it was seen in time; ask what it changed before you repeat it", tx)
		}
	}
}

// whyReverted runs a reverted transaction again on the state after its block:
// that holds whatever was faster, and nothing of the transaction itself.
func (t *Transactor) whyReverted(ctx context.Context, tx *types.Transaction, r *types.Receipt) error {
	msg := map[string]any{"from": t.Address(), "data": hexutil.Bytes(tx.Data()), "gas": hexutil.Uint64(tx.Gas())}
	if tx.To() != nil {
		msg["to"] = tx.To()
	}
	var out *hexutil.Bytes
	elem := []rpc.BatchElem{{Method: "eth_call", Args: []any{msg, map[string]any{"blockHash": r.BlockHash}}, Result: &out}}
	if err := t.ep.request(ctx, elem); err == nil {
		if rev, ok := asRevert(elem[0].Error); ok {
			return rev
		}
	}
	return &RevertError{Reason: fmt.Sprintf("transaction %s reverted in block %s", tx.Hash(), r.BlockNumber)}
}
