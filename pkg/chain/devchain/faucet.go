package devchain

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"math/big"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/params"
)

// faucetKey is derived from a fixed text, so that the genesis block is the
// same on every machine. Everybody knows it: it guards nothing.
func faucetKey() *ecdsa.PrivateKey {
	k, err := crypto.ToECDSA(crypto.Keccak256([]byte("agentkeys development faucet")))
	if err != nil {
		panic("the faucet's fixed key is a valid one: " + err.Error())
	}
	return k
}

func faucetAddress() common.Address { return crypto.PubkeyToAddress(faucetKey().PublicKey) }

func faucetStock() *big.Int {
	return new(big.Int).Mul(big.NewInt(1_000_000_000), big.NewInt(params.Ether))
}

func faucetPortion() *big.Int {
	return new(big.Int).Mul(big.NewInt(10), big.NewInt(params.Ether))
}

// faucet is the dev namespace.
type faucet struct {
	eth    *eth.Ethereum
	key    *ecdsa.PrivateKey
	signer types.Signer

	mu   sync.Mutex // guards next, and that transfers are sent in its order
	next uint64     // the pool counts what it was sent a moment ago too late
}

func newFaucet(e *eth.Ethereum, chainID uint64) *faucet {
	return &faucet{eth: e, key: faucetKey(), signer: types.LatestSignerForChainID(new(big.Int).SetUint64(chainID))}
}

// Fund is dev_fund: it gives 10 ether to an address that has less than half of
// that, waits until the transfer is in a block, and answers the balance.
func (f *faucet) Fund(ctx context.Context, to common.Address) (*hexutil.Big, error) {
	if to == (common.Address{}) {
		return nil, errors.New("the faucet funds no zero address")
	}
	heads := make(chan core.ChainHeadEvent, 16)
	sub := f.eth.BlockChain().SubscribeChainHeadEvent(heads)
	defer sub.Unsubscribe()

	have, err := f.balance(to)
	if err != nil {
		return nil, err
	}
	if have.Cmp(new(big.Int).Rsh(faucetPortion(), 1)) >= 0 {
		return (*hexutil.Big)(have), nil
	}
	tx, err := f.send(ctx, to)
	if err != nil {
		return nil, err
	}
	for {
		select {
		case <-heads:
			if found, _, _, _, _ := f.eth.APIBackend.GetCanonicalTransaction(tx); !found {
				continue
			}
			have, err := f.balance(to)
			return (*hexutil.Big)(have), err
		case err := <-sub.Err():
			return nil, fmt.Errorf("the chain stops: %w", errors.Join(err, context.Canceled))
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (f *faucet) send(ctx context.Context, to common.Address) (common.Hash, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	nonce, err := f.eth.APIBackend.GetPoolNonce(ctx, faucetAddress())
	if err != nil {
		return common.Hash{}, fmt.Errorf("the faucet's nonce: %w", err)
	}
	nonce = max(nonce, f.next)
	tx, err := types.SignNewTx(f.key, f.signer, &types.DynamicFeeTx{
		ChainID: f.signer.ChainID(), Nonce: nonce, To: &to, Value: faucetPortion(), Gas: params.TxGas,
		GasTipCap: big.NewInt(1), GasFeeCap: big.NewInt(100 * params.GWei),
	})
	if err != nil {
		return common.Hash{}, fmt.Errorf("signing the faucet's transfer: %w", err)
	}
	if err := f.eth.APIBackend.SendTx(ctx, tx); err != nil {
		return common.Hash{}, fmt.Errorf("sending the faucet's transfer: %w", err)
	}
	f.next = nonce + 1
	return tx.Hash(), nil
}

func (f *faucet) balance(a common.Address) (*big.Int, error) {
	st, err := f.eth.BlockChain().State()
	if err != nil {
		return nil, fmt.Errorf("reading the balance: %w", err)
	}
	return st.GetBalance(a).ToBig(), nil
}
