package chain_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

// Transactions of one wallet that are sent at the same time all arrive.
func TestConcurrentSends(t *testing.T) {
	t.Parallel()
	_, p := newChain(t)
	tr := transactor(t, p, newKey(t))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := tr.Send(t.Context(), &common.Address{1}, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// strange signs something else than it was asked to.
type strange struct {
	chain.Signer
	change func(*types.Transaction) *types.Transaction
}

func (s strange) SignTx(ctx context.Context, tx *types.Transaction, id *big.Int) (*types.Transaction, error) {
	return s.Signer.SignTx(ctx, s.change(tx), id)
}

func (s strange) Address() common.Address { return s.Signer.Address() }

type stranger struct{ shown, signs chain.Signer }

func (s stranger) Address() common.Address { return s.shown.Address() }

func (s stranger) SignTx(ctx context.Context, tx *types.Transaction, id *big.Int) (*types.Transaction, error) {
	return s.signs.SignTx(ctx, tx, id)
}

// What the wallet answers must be what it was asked to sign, by its own key.
func TestSignerIsChecked(t *testing.T) {
	t.Parallel()
	_, p := newChain(t)
	k := newKey(t)
	transactor(t, p, k) // funds it
	own, foreign := chain.KeySigner(k), chain.KeySigner(newKey(t))
	richer := func(tx *types.Transaction) *types.Transaction {
		return types.NewTx(&types.DynamicFeeTx{
			ChainID: tx.ChainId(), Nonce: tx.Nonce(), To: tx.To(), Value: big.NewInt(1),
			Gas: tx.Gas(), GasTipCap: tx.GasTipCap(), GasFeeCap: tx.GasFeeCap(),
		})
	}
	for name, c := range map[string]struct {
		s    chain.Signer
		good bool
	}{
		"its own":             {own, true},
		"the same":            {strange{own, func(tx *types.Transaction) *types.Transaction { return tx }}, true},
		"another transaction": {strange{own, richer}, false},
		"another key":         {stranger{own, foreign}, false},
	} {
		tr, err := chain.NewTransactor(p, c.s)
		if err != nil {
			t.Fatal(err)
		}
		_, err = tr.Send(t.Context(), &common.Address{1}, nil)
		if c.good != (err == nil) || (err != nil && !strings.Contains(err.Error(), "the wallet signed another one")) {
			t.Errorf("%s: %v", name, err)
		}
		tr.Close()
	}
}

// The chain id is asked before anything is signed.
func TestNothingIsSignedForAnotherChain(t *testing.T) {
	t.Parallel()
	_, p := newChain(t)
	p.ChainID = 5
	signed := false
	tr, err := chain.NewTransactor(p, strange{chain.KeySigner(newKey(t)), func(tx *types.Transaction) *types.Transaction { signed = true; return tx }})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	_, err = tr.Send(t.Context(), &common.Address{1}, nil)
	if apierr.CodeOf(err) != apierr.ChainUnavailable || signed {
		t.Fatalf("%v, signed: %v", err, signed)
	}
}

// A transaction whose block is not seen in time is neither "failed" nor
// "done", and the error names it.
func TestUnseenReceiptIsUnavailable(t *testing.T) {
	t.Parallel()
	c, p := newChain(t)
	px, u := newFaulty(t, c.URL())
	k := newKey(t)
	transactor(t, p, k)
	p.RPC = []string{u}
	tr, err := chain.NewTransactor(p, chain.KeySigner(k))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	px.set(func(w http.ResponseWriter, r *http.Request) bool {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return true
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		return bytes.Contains(body, []byte("eth_getTransactionReceipt")) && drop(w, r)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err = tr.Send(ctx, &common.Address{1}, nil)
	if apierr.CodeOf(err) != apierr.ChainUnavailable || !strings.Contains(err.Error(), "ask what it changed before you repeat it") {
		t.Fatal(err)
	}
	px.set(drop)
	if _, err := tr.Send(t.Context(), &common.Address{1}, nil); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Fatal(err)
	}
	px.set(nil)
	if _, err := tr.Send(t.Context(), &common.Address{1}, nil); err != nil {
		t.Fatalf("it does not recover: %v", err)
	}
}

// A plain revert and one of an unknown contract keep what they said.
func TestForeignReverts(t *testing.T) {
	t.Parallel()
	_, p := newChain(t)
	tr := transactor(t, p, newKey(t))
	for want, code := range map[string]string{
		// PUSH1 0 PUSH1 0 REVERT
		"the contract refused: without a reason": "60006000fd",
		// MSTORE8 x4 of 0xdeadbeef, REVERT(0, 4)
		"the contract refused: 0xdeadbeef": "60de60005360ad60015360be60025360ef60035360046000fd",
	} {
		_, err := tr.Send(t.Context(), nil, common.FromHex(code))
		var re *chain.RevertError
		if !errors.As(err, &re) || re.Name != "" || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// A transaction that reverts only in its block says why as well.
func TestRevertInTheBlock(t *testing.T) {
	t.Parallel()
	c, p := newChain(t)
	k := newKey(t)
	tr := transactor(t, p, k)
	client, err := ethclient.DialContext(t.Context(), c.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for range 20 {
		head, err := client.BlockNumber(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		before, err := client.NonceAt(t.Context(), tr.Address(), nil)
		if err != nil {
			t.Fatal(err)
		}
		// Reverts with 0xdeadbeef in blocks of the next one's parity: the
		// estimate is made in this one.
		code := fmt.Sprintf("43600116%04x14600f57600060 00f35b60de60005360ad60015360be60025360ef60035360046000fd", 0x6000+(head+1)%2)
		_, err = tr.Send(t.Context(), nil, common.FromHex(strings.ReplaceAll(code, " ", "")))
		after, nerr := client.NonceAt(t.Context(), tr.Address(), nil)
		if nerr != nil {
			t.Fatal(nerr)
		}
		if err == nil || after == before {
			continue // a block came in between
		}
		var re *chain.RevertError
		if !errors.As(err, &re) || re.Reason != "0xdeadbeef" {
			t.Fatal(err)
		}
		return
	}
	t.Fatal("no transaction reverted in its block")
}
