package devchain_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/litentry/agentkeys/pkg/chain/devchain"
)

// childArg as the first argument, before a directory, makes the test binary a
// child that keeps a chain there, sends transactions and prints each one whose
// receipt it saw.
const childArg = "devchain-child"

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == childArg {
		if err := child(context.Background(), os.Args[2], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func child(ctx context.Context, dir string, out io.Writer) error {
	cfg := config(dir)
	// A clock that runs ahead lifts the bound on borrowed time: more blocks.
	cfg.Now = func() time.Time { return time.Now().Add(24 * time.Hour) }
	c, err := devchain.Start(ctx, cfg)
	if err != nil {
		return err
	}
	k, err := crypto.ToECDSA(crypto.Keccak256([]byte("child")))
	if err != nil {
		return err
	}
	a := crypto.PubkeyToAddress(k.PublicKey)
	client, err := ethclient.DialContext(ctx, c.URL())
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "started")
	if _, err := fund(ctx, client, a); err != nil {
		return err
	}
	nonce, err := client.NonceAt(ctx, a, nil)
	if err != nil {
		return err
	}
	for ; ; nonce++ {
		tx := transfer(k, nonce, 1)
		if err := client.SendTransaction(ctx, tx); err != nil {
			return err
		}
		if _, err := await(ctx, client, tx.Hash()); err != nil {
			return err
		}
		fmt.Fprintln(out, tx.Hash())
	}
}

// TestAcknowledgedSurvivesKill kills the process at random moments and looks
// for every transaction whose receipt somebody had seen.
func TestAcknowledgedSurvivesKill(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var acked []common.Hash
	const rounds = 6
	for round := range rounds {
		// Every second time the kill may hit the opening of the database.
		early := round%2 == 0
		acked = append(acked, killed(t, self, dir, early, random(t, 700*time.Millisecond))...)
		t.Logf("round %d: %d acknowledged in all", round, len(acked))
	}
	if len(acked) < rounds {
		t.Fatalf("only %d transactions were acknowledged: the test shows nothing", len(acked))
	}
	client := dial(t, start(t, dir).URL())
	for i, tx := range acked {
		r, err := client.TransactionReceipt(t.Context(), tx)
		if err != nil || r.Status != 1 {
			t.Errorf("acknowledged transaction %d of %d is lost: %v", i, len(acked), err)
			continue
		}
		h, err := client.HeaderByNumber(t.Context(), r.BlockNumber)
		if err != nil || h.Hash() != r.BlockHash {
			t.Errorf("the block of transaction %d is not the one of its receipt: %v", i, err)
		}
	}
	_, a := newKey(t)
	if _, err := fund(t.Context(), client, a); err != nil {
		t.Fatalf("the chain does not go on: %v", err)
	}
}

// killed runs a child and kills it some time after its start, or after the
// chain in it has started. It returns what the child had acknowledged.
func killed(t *testing.T, self, dir string, early bool, after time.Duration) []common.Hash {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), self, childArg, dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !early && !lines.Scan() {
		t.Fatalf("the child did not start: %v", cmd.Wait())
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	var acked []common.Hash
	for lines.Scan() {
		if s := lines.Text(); strings.HasPrefix(s, "0x") && len(s) == 66 {
			acked = append(acked, common.HexToHash(s))
		}
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the child ended by itself: %v", err)
	}
	return acked
}

func random(t *testing.T, below time.Duration) time.Duration {
	t.Helper()
	n, err := rand.Int(rand.Reader, big.NewInt(int64(below)))
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(n.Int64())
}
