package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// Relay sends one account's transactions one after the other: each takes the
// first nonce that no block has, so that a second one replaces the first instead
// of queueing behind it. What is to be sent is signed first and handed out, so
// that whoever must not forget it can write it down before it is sent. Like a
// Transactor it speaks to the profile's first endpoint alone. It keeps nothing
// and is safe for concurrent use.
type Relay struct{ t *Transactor }

// NewRelay asks the endpoint nothing yet.
func NewRelay(p Profile, s Signer) (*Relay, error) {
	t, err := NewTransactor(p, s)
	if err != nil {
		return nil, err
	}
	return &Relay{t}, nil
}

// Close releases the connection.
func (r *Relay) Close() error { return r.t.Close() }

// Address is the account's.
func (r *Relay) Address() common.Address { return r.t.Address() }

// Fees are what a transaction pays at most for a unit of gas, in wei: in all, and
// to whoever makes the block. Nil is nothing.
type Fees struct{ Cap, Tip *big.Int }

// Raised are the least fees with which nodes take a replacement: an eighth more
// of each (most want a tenth), and one wei.
func (f Fees) Raised() Fees {
	raise := func(n *big.Int) *big.Int {
		if n == nil {
			return nil
		}
		return new(big.Int).Add(new(big.Int).Add(n, new(big.Int).Rsh(n, 3)), common.Big1)
	}
	return Fees{raise(f.Cap), raise(f.Tip)}
}

// FeesOf are a transaction's.
func FeesOf(tx *types.Transaction) Fees { return Fees{tx.GasFeeCap(), tx.GasTipCap()} }

// Occupancy is how an account's nonces stand at an endpoint.
type Occupancy struct {
	// Next is the first nonce that no block has.
	Next uint64
	// Waiting says that the endpoint knows a transaction with it already.
	Waiting bool
}

// Occupancy asks how the account's nonces stand.
func (r *Relay) Occupancy(ctx context.Context) (Occupancy, error) {
	var id *hexutil.Big
	var mined, pending *hexutil.Uint64
	if err := r.t.ep.ask(ctx, []rpc.BatchElem{
		{Method: "eth_chainId", Result: &id}, r.count("latest", &mined), r.count("pending", &pending),
	}); err != nil {
		return Occupancy{}, Unavailable(err, "the nonce could not be read")
	}
	if err := sameChain(id, r.t.id.Uint64()); err != nil {
		return Occupancy{}, err
	}
	if mined == nil || pending == nil {
		return Occupancy{}, Unavailable(errors.New("null"), "the nonce could not be read")
	}
	return Occupancy{uint64(*mined), *pending > *mined}, nil
}

func (r *Relay) count(at string, out **hexutil.Uint64) rpc.BatchElem {
	return rpc.BatchElem{Method: "eth_getTransactionCount", Args: []any{r.Address(), at}, Result: out}
}

// Prepare signs the transaction of a call with the first nonce that no block has,
// and sends nothing. The call is run first, on the state of the newest block: what
// a contract refuses is a *RevertError, and costs nothing. Fees are the
// endpoint's price, and at least the given ones; above what this program pays at
// most it is ErrFee, above what the account has ErrFunds.
func (r *Relay) Prepare(ctx context.Context, c Call, least Fees) (*types.Transaction, error) {
	plain, err := r.plain(ctx, c, least)
	if err != nil {
		return nil, err
	}
	tx, _, err := r.t.sign(ctx, plain)
	return tx, err
}

func (r *Relay) plain(ctx context.Context, c Call, least Fees) (*types.Transaction, error) {
	var id, tip, have *hexutil.Big
	var nonce, gas *hexutil.Uint64
	var base *struct {
		BaseFee *hexutil.Big `json:"baseFeePerGas"`
	}
	elems := []rpc.BatchElem{
		{Method: "eth_chainId", Result: &id},
		r.count("latest", &nonce),
		{Method: "eth_getBlockByNumber", Args: []any{"latest", false}, Result: &base},
		{Method: "eth_maxPriorityFeePerGas", Result: &tip},
		{Method: "eth_getBalance", Args: []any{r.Address(), "latest"}, Result: &have},
		{Method: "eth_estimateGas", Args: []any{map[string]any{"from": r.Address(), "to": c.To, "data": hexutil.Bytes(c.Data)}, "latest"}, Result: &gas},
	}
	if err := r.t.ep.ask(ctx, elems); err != nil {
		return nil, Unavailable(err, "the transaction could not be prepared")
	}
	if elems[0].Error == nil {
		if err := sameChain(id, r.t.id.Uint64()); err != nil {
			return nil, err
		}
	}
	for _, e := range elems {
		if e.Error == nil {
			continue
		}
		if rev, ok := asRevert(e.Error); ok && e.Method == "eth_estimateGas" {
			return nil, rev
		}
		if e.Method == "eth_estimateGas" {
			return nil, notTaken(withoutURL(e.Error), r.Address())
		}
		return nil, Unavailable(withoutURL(e.Error), "the transaction could not be prepared (%s)", e.Method)
	}
	if nonce == nil || gas == nil || tip == nil || have == nil || base == nil || base.BaseFee == nil {
		return nil, Unavailable(errors.New("null"), "the transaction could not be prepared")
	}
	fees := Fees{atLeast(feeCap(base.BaseFee.ToInt(), tip.ToInt()), least.Cap), atLeast(tip.ToInt(), least.Tip)}
	fees.Cap = atLeast(fees.Cap, fees.Tip)
	if err := checkFee(fees.Cap); err != nil {
		return nil, err
	}
	limit := withMargin(uint64(*gas))
	if most := new(big.Int).Mul(fees.Cap, new(big.Int).SetUint64(limit)); have.ToInt().Cmp(most) < 0 {
		return nil, fmt.Errorf("%w: account %s has %s wei, and the transaction takes up to %s", ErrFunds, r.Address(), have.ToInt(), most)
	}
	return types.NewTx(&types.DynamicFeeTx{
		ChainID: r.t.id, Nonce: uint64(*nonce), To: &c.To, Data: c.Data,
		GasTipCap: fees.Tip, GasFeeCap: fees.Cap, Gas: limit,
	}), nil
}

func atLeast(n, least *big.Int) *big.Int {
	if least != nil && n.Cmp(least) < 0 {
		return least
	}
	return n
}

var (
	// ErrUnderpriced: a node has another transaction with this nonce and takes a
	// replacement only for more.
	ErrUnderpriced = errors.New("the fees are too low to replace what waits")
	// ErrNonceUsed: a block has a transaction with this nonce already.
	ErrNonceUsed = errors.New("the nonce is used already")
)

// Send hands a signed transaction to the endpoint, once. That it has it already
// is no error. Without an answer it is chain_unavailable: it may have been taken,
// and the same transaction may be sent again.
func (r *Relay) Send(ctx context.Context, tx *types.Transaction) error {
	raw, err := tx.MarshalBinary()
	if err != nil {
		return fmt.Errorf("encoding a transaction: %w", err)
	}
	var hash *common.Hash
	send := []rpc.BatchElem{{Method: "eth_sendRawTransaction", Args: []any{hexutil.Bytes(raw)}, Result: &hash}}
	if err := r.t.ep.request(ctx, send); err != nil {
		return notTaken(err, r.Address())
	}
	err = send[0].Error
	if err == nil {
		return nil
	}
	switch text := strings.ToLower(err.Error()); {
	case strings.Contains(text, "already known"), strings.Contains(text, "already imported"), strings.Contains(text, "alreadyknown"):
		return nil
	case strings.Contains(text, "underpriced"), strings.Contains(text, "too low to replace"):
		return fmt.Errorf("%w: %w", ErrUnderpriced, withoutURL(err))
	case strings.Contains(text, "nonce too low"):
		return fmt.Errorf("%w: %w", ErrNonceUsed, withoutURL(err))
	}
	return notTaken(withoutURL(err), r.Address())
}

// Lookup is the account's transaction with this hash, or nil where the endpoint
// knows none or it is another account's.
func (r *Relay) Lookup(ctx context.Context, hash common.Hash) (*types.Transaction, error) {
	var tx *types.Transaction
	if err := r.t.ep.batch(ctx, []rpc.BatchElem{{Method: "eth_getTransactionByHash", Args: []any{hash}, Result: &tx}}); err != nil {
		return nil, Unavailable(err, "transaction %s could not be looked up", hash)
	}
	if tx == nil {
		return nil, nil
	}
	if tx.Hash() != hash {
		return nil, Unavailable(nil, "transaction %s is another one", hash)
	}
	if from, err := types.Sender(types.LatestSignerForChainID(r.t.id), tx); err != nil || from != r.Address() {
		return nil, nil
	}
	return tx, nil
}
