package cli_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/chain/devchain"
	"github.com/litentry/agentkeys/solidity"
)

// TestDeploySurvivesKill kills `contracts deploy` after the chain took a
// transaction and before anybody heard of it, again and again. At the end every
// contract was made exactly once.
func TestDeploySurvivesKill(t *testing.T) {
	t.Parallel()
	c, err := devchain.Start(t.Context(), devchain.Config{Dir: t.TempDir(), Listen: "127.0.0.1:0", Now: time.Now, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	target, err := url.Parse(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	// The answer to every transaction is held back until the client is gone.
	var holding atomic.Bool
	taken := make(chan struct{}, 1)
	forward := httputil.NewSingleHostReverseProxy(target)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if holding.Load() && bytes.Contains(body, []byte("eth_sendRawTransaction")) {
			forward.ServeHTTP(httptest.NewRecorder(), r)
			taken <- struct{}{}
			<-r.Context().Done()
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)

	dir := t.TempDir()
	key := filepath.Join(dir, "key")
	const private = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
	if err := os.WriteFile(key, []byte(private+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := crypto.HexToECDSA(private)
	if err != nil {
		t.Fatal(err)
	}
	wallet := crypto.PubkeyToAddress(k.PublicKey)
	home, to := filepath.Join(dir, "home"), filepath.Join(dir, "profile.json")
	deploy := []string{"contracts", "deploy", "--profile", to, "--chain", "dev", "--rpc", proxy.URL, "--key", key}
	all := len(solidity.DeployOrder())

	holding.Store(true)
	for range all {
		p := start(t, home, deploy...)
		select {
		case <-taken:
		case <-time.After(patience):
			t.Fatal("nothing was sent")
		}
		p.signal(syscall.SIGKILL)
		if got := p.end(); got != -1 {
			t.Fatalf("a killed process ended with %d: %s", got, p.stderr)
		}
	}
	holding.Store(false)
	out := call(t, home, "", 0, deploy...)
	if strings.Count(out, "made earlier") != all || !strings.Contains(out, "nothing was sent") {
		t.Errorf("%s", out)
	}
	call(t, home, "", 0, "contracts", "status", "--profile", to)
	if sent := nonce(t, c.URL(), wallet); sent != uint64(all) {
		t.Errorf("%d transactions for %d contracts", sent, all)
	}
}

func nonce(t *testing.T, rpc string, wallet common.Address) uint64 {
	t.Helper()
	client, err := ethclient.DialContext(t.Context(), rpc)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	n, err := client.NonceAt(t.Context(), wallet, nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
