package devchain_test

import (
	"context"
	"crypto/ecdsa"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/chain/devchain"
)

func start(t *testing.T, dir string) *devchain.Chain {
	t.Helper()
	c, err := devchain.Start(t.Context(), config(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func config(dir string) devchain.Config {
	return devchain.Config{Dir: dir, Listen: "127.0.0.1:0", Now: time.Now, Log: zerolog.Nop()}
}

func dial(t *testing.T, url string) *ethclient.Client {
	t.Helper()
	c, err := ethclient.DialContext(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func newKey(t *testing.T) (*ecdsa.PrivateKey, common.Address) {
	t.Helper()
	k, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k, crypto.PubkeyToAddress(k.PublicKey)
}

func fund(ctx context.Context, c *ethclient.Client, to common.Address) (*big.Int, error) {
	var b hexutil.Big
	err := c.Client().CallContext(ctx, &b, "dev_fund", to)
	return (*big.Int)(&b), err
}

func transfer(k *ecdsa.PrivateKey, nonce uint64, tip int64) *types.Transaction {
	return types.MustSignNewTx(k, types.LatestSignerForChainID(big.NewInt(devchain.ChainID)), &types.DynamicFeeTx{
		ChainID: big.NewInt(devchain.ChainID), Nonce: nonce, To: &common.Address{1}, Value: big.NewInt(1),
		Gas: 21000, GasTipCap: big.NewInt(tip), GasFeeCap: big.NewInt(100e9),
	})
}

func await(ctx context.Context, c *ethclient.Client, tx common.Hash) (*types.Receipt, error) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if r, err := c.TransactionReceipt(ctx, tx); err == nil {
			return r, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}

func TestFaucetFundsOnceAndAtOnce(t *testing.T) {
	t.Parallel()
	c := dial(t, start(t, t.TempDir()).URL())
	_, a := newKey(t)
	first, err := fund(t.Context(), c, a)
	if err != nil || first.Sign() <= 0 {
		t.Fatalf("funded %v, %v", first, err)
	}
	if again, err := fund(t.Context(), c, a); err != nil || again.Cmp(first) != 0 {
		t.Fatalf("a funded address was funded again: %v, %v", again, err)
	}
	have, err := c.BalanceAt(t.Context(), a, nil)
	if err != nil || have.Cmp(first) != 0 {
		t.Fatalf("balance %v, %v", have, err)
	}
	if _, err := fund(t.Context(), c, common.Address{}); err == nil {
		t.Fatal("the zero address was funded")
	}
}

// TestFundsCanBeSpentAtOnce: the pool knows what the last reply said.
func TestFundsCanBeSpentAtOnce(t *testing.T) {
	t.Parallel()
	cfg := config(t.TempDir())
	cfg.Now = func() time.Time { return time.Now().Add(24 * time.Hour) } // no bound on borrowed time
	chain, err := devchain.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { chain.Close() })
	c := dial(t, chain.URL())
	errs := make(chan error)
	const n, each = 8, 12
	for range n {
		go func() {
			for range each {
				k, err := crypto.GenerateKey()
				if err == nil {
					_, err = fund(t.Context(), c, crypto.PubkeyToAddress(k.PublicKey))
				}
				if err == nil {
					err = c.SendTransaction(t.Context(), transfer(k, 0, 1))
				}
				errs <- err
			}
		}()
	}
	for range n * each {
		if err := <-errs; err != nil {
			t.Errorf("a reply spoke of the money, and the pool does not know: %v", err)
		}
	}
}

func TestFaucetServesManyAtATime(t *testing.T) {
	t.Parallel()
	c := dial(t, start(t, t.TempDir()).URL())
	errs := make(chan error)
	const n = 20
	for range n {
		_, a := newKey(t)
		go func() {
			_, err := fund(t.Context(), c, a)
			errs <- err
		}()
	}
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestBlocksComeByThemselves(t *testing.T) {
	t.Parallel()
	c := dial(t, start(t, t.TempDir()).URL())
	first, err := c.BlockNumber(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(5 * time.Second)
	for {
		select {
		case <-tick.C:
			if n, err := c.BlockNumber(t.Context()); err == nil && n > first {
				return
			}
		case <-deadline:
			t.Fatal("no block within five seconds")
		}
	}
}

// A transaction that is announced but that no block takes must not stop the
// chain from serving the next one.
func TestTransactionWithoutTipDoesNotStopTheChain(t *testing.T) {
	t.Parallel()
	c := dial(t, start(t, t.TempDir()).URL())
	poor, pa := newKey(t)
	good, ga := newKey(t)
	for _, a := range []common.Address{pa, ga} {
		if _, err := fund(t.Context(), c, a); err != nil {
			t.Fatal(err)
		}
	}
	// Refused by the pool or never mined: either is fine.
	_ = c.SendTransaction(t.Context(), transfer(poor, 0, 0))
	tx := transfer(good, 0, 1)
	if err := c.SendTransaction(t.Context(), tx); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := await(ctx, c, tx.Hash()); err != nil {
		t.Fatal(err)
	}
}

// The chain is at London: the opcodes of later forks are invalid, and the
// P-256 precompile is absent.
func TestLondonOnly(t *testing.T) {
	t.Parallel()
	c := dial(t, start(t, t.TempDir()).URL())
	call := func(code string) error {
		// Creation code that returns what follows its first 11 bytes is not
		// needed: eth_call runs data without a destination as creation code.
		_, err := c.CallContract(t.Context(), ethereum.CallMsg{Data: common.FromHex(code)}, nil)
		return err
	}
	// PUSH1 0 PUSH1 0 RETURN: the positive twin.
	if err := call("60006000f3"); err != nil {
		t.Fatalf("London code was refused: %v", err)
	}
	for name, code := range map[string]string{
		"PUSH0":  "5f60006000f3",
		"MCOPY":  "6000600060005e60006000f3",
		"TLOAD":  "60005c60006000f3",
		"TSTORE": "600060005d60006000f3",
	} {
		if err := call(code); err == nil || !strings.Contains(err.Error(), "invalid opcode: "+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p256 := common.BigToAddress(big.NewInt(0x100))
	out, err := c.CallContract(t.Context(), ethereum.CallMsg{To: &p256, Data: make([]byte, 160)}, nil)
	if err != nil || len(out) != 0 {
		t.Errorf("something answers at 0x100: %x, %v", out, err)
	}
}

func TestOnlyLoopbackAndNoPages(t *testing.T) {
	t.Parallel()
	url := start(t, t.TempDir()).URL()
	for name, c := range map[string]struct {
		method, host, origin string
		want                 int
	}{
		"client":       {"POST", "", "", 200},
		"localhost":    {"POST", "localhost:8545", "", 200},
		"rebound name": {"POST", "evil.example", "", 421},
		"foreign IP":   {"POST", "10.0.0.1:8545", "", 421},
		"web page":     {"POST", "", "https://evil.example", 403},
		"local page":   {"POST", "", "http://localhost:3000", 403},
		"preflight":    {"OPTIONS", "", "", 405},
		"get":          {"GET", "", "", 405},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, url, strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if c.host != "" {
			r.Host = c.host
		}
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != c.want {
			t.Errorf("%s: %d %s, want %d", name, resp.StatusCode, body, c.want)
		}
		if resp.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: a CORS header", name)
		}
	}
}

func TestClosedNamespaces(t *testing.T) {
	t.Parallel()
	c := dial(t, start(t, t.TempDir()).URL())
	for _, m := range []string{"admin_nodeInfo", "debug_setHead", "miner_setGasPrice", "txpool_content", "engine_forkchoiceUpdatedV1"} {
		if err := c.Client().CallContext(t.Context(), nil, m); err == nil || !strings.Contains(err.Error(), "does not exist") {
			t.Errorf("%s: %v", m, err)
		}
	}
}

func TestStartRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	start(t, dir)
	good := config(t.TempDir())
	for name, c := range map[string]struct {
		change func(*devchain.Config)
		want   string
	}{
		"a used directory": {func(c *devchain.Config) { c.Dir = dir }, "another process uses"},
		"all interfaces":   {func(c *devchain.Config) { c.Listen = ":0" }, "is not loopback"},
		"foreign address":  {func(c *devchain.Config) { c.Listen = "0.0.0.0:0" }, "is not loopback"},
		"no port":          {func(c *devchain.Config) { c.Listen = "127.0.0.1" }, "missing port"},
		"no directory":     {func(c *devchain.Config) { c.Dir = "" }, "a directory and a clock"},
		"no clock":         {func(c *devchain.Config) { c.Now = nil }, "a directory and a clock"},
	} {
		cfg := good
		c.change(&cfg)
		ch, err := devchain.Start(t.Context(), cfg)
		if err == nil {
			ch.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestAnotherChainIDInTheSameDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	cfg := config(t.TempDir())
	c, err := devchain.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	cfg.ChainID = 5
	if c, err := devchain.Start(t.Context(), cfg); err == nil {
		c.Close()
		t.Fatal("a chain was opened under another chain id")
	}
}

func TestCloseAndContextEndTheChain(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cfg := config(t.TempDir())
	c, err := devchain.Start(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if c, err = devchain.Start(t.Context(), cfg); err != nil {
		t.Fatalf("the directory is still in use: %v", err)
	}
	c.Close()
}

// A burst borrows time from the clock, but never more than the bound.
func TestBlockTimeStaysNearTheClock(t *testing.T) {
	t.Parallel()
	c := dial(t, start(t, t.TempDir()).URL())
	k, a := newKey(t)
	if _, err := fund(t.Context(), c, a); err != nil {
		t.Fatal(err)
	}
	for n := range uint64(33) {
		tx := transfer(k, n, 1)
		if err := c.SendTransaction(t.Context(), tx); err != nil {
			t.Fatal(err)
		}
		if _, err := await(t.Context(), c, tx.Hash()); err != nil {
			t.Fatal(err)
		}
	}
	h, err := c.HeaderByNumber(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if ahead := time.Until(time.Unix(int64(h.Time), 0)); ahead > 32*time.Second {
		t.Fatalf("the chain runs %s ahead of the clock", ahead)
	}
}
