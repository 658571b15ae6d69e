package chain_test

import (
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

func newRelay(t *testing.T, p chain.Profile, s chain.Signer) *chain.Relay {
	t.Helper()
	r, err := chain.NewRelay(p, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func TestRelay(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := newStack(t)
	o := s.operator(t)
	o.register(t)
	r := newRelay(t, s.profile, chain.KeySigner(o.key))
	call := o.AppendRootCall(o.omni, 0, [32]byte{1}, 1)
	before, err := r.Occupancy(ctx)
	if err != nil || before.Waiting {
		t.Fatal(before, err)
	}
	tx, err := r.Prepare(ctx, call, chain.Fees{})
	if err != nil || tx.Nonce() != before.Next {
		t.Fatal(tx, err)
	}
	if got, err := r.Lookup(ctx, tx.Hash()); got != nil || err != nil {
		t.Fatal("it was sent:", got, err)
	}
	// A second one has the same nonce, and as much more as it must.
	least := chain.FeesOf(tx).Raised()
	dearer, err := r.Prepare(ctx, call, least)
	if err != nil || dearer.Nonce() != tx.Nonce() || dearer.GasFeeCap().Cmp(least.Cap) < 0 || dearer.GasTipCap().Cmp(least.Tip) < 0 || dearer.Hash() == tx.Hash() {
		t.Fatalf("%v, %v", dearer, err)
	}
	for range 2 { // what it has already is no error, mined or not
		if err := r.Send(ctx, tx); err != nil && !errors.Is(err, chain.ErrNonceUsed) {
			t.Fatal(err)
		}
	}
	eventually(t, "mined", func() bool {
		at, err := r.Occupancy(ctx)
		return err == nil && at.Next == before.Next+1
	})
	if err := r.Send(ctx, dearer); !errors.Is(err, chain.ErrNonceUsed) {
		t.Error(err)
	}
	if got, err := r.Lookup(ctx, tx.Hash()); err != nil || got == nil || got.Hash() != tx.Hash() {
		t.Error(got, err)
	}
	if got, err := newRelay(t, s.profile, chain.KeySigner(newKey(t))).Lookup(ctx, tx.Hash()); err != nil || got != nil {
		t.Error("another account's:", got, err)
	}

	// What the contract refuses costs nothing.
	_, err = r.Prepare(ctx, call, chain.Fees{})
	revert(t, err, "BatchIndexMismatch")
	if at, err := r.Occupancy(ctx); err != nil || at.Next != before.Next+1 || at.Waiting {
		t.Error(at, err)
	}
}

func TestRelayRefuses(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dev, p := newChain(t)
	k := newKey(t)
	call := chain.Call{To: common.Address{1}}
	if _, err := newRelay(t, p, chain.KeySigner(k)).Prepare(ctx, call, chain.Fees{}); !errors.Is(err, chain.ErrFunds) {
		t.Error(err)
	}
	transactor(t, p, k) // funds it
	other := p
	other.ChainID = 5
	far := big.NewInt(500e9)
	for name, c := range map[string]struct {
		p     chain.Profile
		s     chain.Signer
		least chain.Fees
		want  func(error) bool
	}{
		"well":              {p, chain.KeySigner(k), chain.Fees{}, func(err error) bool { return err == nil }},
		"as dear as it may": {p, chain.KeySigner(k), chain.Fees{Cap: far}, func(err error) bool { return err == nil }},
		"too dear":          {p, chain.KeySigner(k), chain.Fees{Cap: new(big.Int).Add(far, common.Big1)}, func(err error) bool { return errors.Is(err, chain.ErrFee) }},
		"too great a tip":   {p, chain.KeySigner(k), chain.Fees{Tip: new(big.Int).Add(far, common.Big1)}, func(err error) bool { return errors.Is(err, chain.ErrFee) }},
		"another chain":     {other, chain.KeySigner(k), chain.Fees{}, func(err error) bool { return errors.Is(err, chain.ErrOtherChain) }},
		"another key":       {p, stranger{chain.KeySigner(k), chain.KeySigner(newKey(t))}, chain.Fees{}, func(err error) bool { return err != nil && apierr.CodeOf(err) == "" }},
	} {
		if tx, err := newRelay(t, c.p, c.s).Prepare(ctx, call, c.least); !c.want(err) {
			t.Errorf("%s: %v, %v", name, tx, err)
		}
	}

	// What nodes say of a transaction that they do not take.
	px, u := newFaulty(t, dev.URL())
	p.RPC = []string{u}
	r := newRelay(t, p, chain.KeySigner(k))
	tx, err := r.Prepare(ctx, call, chain.Fees{})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]error{
		"already known":                                     nil,
		"AlreadyKnown":                                      nil,
		"transaction already imported":                      nil,
		"replacement transaction underpriced":               chain.ErrUnderpriced,
		"transaction underpriced":                           chain.ErrUnderpriced,
		"gas price too low to replace":                      chain.ErrUnderpriced,
		"nonce too low: next nonce 3, tx nonce 2":           chain.ErrNonceUsed,
		"insufficient funds for gas * price + value":        chain.ErrFunds,
		"the node is in a mood":                             errAny,
		"exceeds block gas limit, and nothing else matters": errAny,
	} {
		px.set(func(w http.ResponseWriter, r *http.Request) bool {
			for _, c := range calledIn(bodyOf(r)) {
				fmt.Fprintf(w, `[{"jsonrpc":"2.0","id":%s,"error":{"code":-32000,"message":%q}}]`, c.ID, text)
			}
			return true
		})
		err := r.Send(ctx, tx)
		if want == errAny && (err == nil || apierr.CodeOf(err) != "") || want != errAny && (!errors.Is(err, want) || want == nil && err != nil) {
			t.Errorf("%s: %v", text, err)
		}
	}
	px.set(drop)
	if err := r.Send(ctx, tx); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Error(err)
	}
	if _, err := r.Lookup(ctx, tx.Hash()); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Error(err)
	}
	if _, err := r.Occupancy(ctx); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Error(err)
	}
}

var errAny = errors.New("any")

func TestRaisedFees(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{0, 1, 7, 8, 1e9, 400e9} {
		f := chain.Fees{Cap: big.NewInt(n), Tip: big.NewInt(n)}.Raised()
		least := new(big.Int).Div(new(big.Int).Mul(big.NewInt(n), big.NewInt(1125)), big.NewInt(1000))
		if f.Cap.Cmp(least) < 0 || f.Tip.Cmp(least) < 0 || f.Cap.Int64() <= n || f.Tip.Int64() <= n {
			t.Errorf("%d: %v", n, f)
		}
	}
	if f := (chain.Fees{}).Raised(); f.Cap != nil || f.Tip != nil {
		t.Error(f)
	}
	tx := types.NewTx(&types.DynamicFeeTx{GasFeeCap: big.NewInt(9), GasTipCap: big.NewInt(2)})
	if f := chain.FeesOf(tx); f.Cap.Int64() != 9 || f.Tip.Int64() != 2 {
		t.Error(f)
	}
}
