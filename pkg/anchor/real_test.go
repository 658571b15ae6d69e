package anchor_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/anchor"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/devchain"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// peersEnv lists the chains against which this suite runs, as in pkg/chain.
const peersEnv = "AGENTKEYS_TEST_CHAINS"

// peer is a chain that somebody else wrote.
type peer struct {
	url string
	// fund gives an account money.
	fund func(t *testing.T, a common.Address)
	// call is a method of the node's own; nil where it has none.
	call func(t *testing.T, method string, args ...any)
}

func (p peer) profile() chain.Profile {
	return chain.Profile{Name: "peer", ChainID: devchain.ChainID, RPC: []string{p.url}, MaxHeadAge: chain.MinHeadAge}
}

func TestPeers(t *testing.T) {
	t.Parallel()
	list := os.Getenv(peersEnv)
	if list == "" {
		list = "devchain"
	}
	for entry := range strings.SplitSeq(list, ",") {
		name, path, _ := strings.Cut(entry, ":")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			switch name {
			case "devchain": // it has no reorganisations
				t.Run("faults", func(t *testing.T) { t.Parallel(); peerFaults(t, startDevchain(t)) })
				t.Run("stuck", func(t *testing.T) { t.Parallel(); peerStuck(t, startDevchain(t)) })
			case "anvil":
				t.Run("faults", func(t *testing.T) { t.Parallel(); peerFaults(t, startAnvil(t, path)) })
				t.Run("stuck", func(t *testing.T) { t.Parallel(); peerStuck(t, startAnvil(t, path)) })
				t.Run("reorganisations", func(t *testing.T) { t.Parallel(); peerReorgs(t, startAnvil(t, path)) })
			default:
				t.Fatalf("%s: %q is neither devchain nor anvil:PATH", peersEnv, entry)
			}
		})
	}
}

// live is a bench over a real chain.
type live struct {
	*bench
	peer    peer
	client  *chain.Client
	relay   *chain.Relay
	profile chain.Profile
}

// newLive deploys the contracts and registers an operator, which names a relayer.
func newLive(t *testing.T, pe peer, front func(string) string) *live {
	t.Helper()
	ctx, p := t.Context(), pe.profile()
	key := func() (chain.Signer, common.Address) {
		k, err := crypto.GenerateKey()
		if err != nil {
			t.Fatal(err)
		}
		s := chain.KeySigner(k)
		pe.fund(t, s.Address())
		return s, s.Address()
	}
	wallet, walletAt := key()
	tr, err := chain.NewTransactor(p, wallet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close() })
	if p.Contracts, err = chain.Deploy(ctx, tr, chain.Deployment{Governance: walletAt, RecoveryDelay: time.Minute}); err != nil {
		t.Fatal(err)
	}
	client, err := chain.NewClient(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	signer, relayerIs := key()
	o := register(t, chain.NewOperations(client, tr), walletAt, relayerIs)
	if front != nil {
		p.RPC = []string{front(pe.url)}
	}
	relay, err := chain.NewRelay(p, signer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { relay.Close() })
	return &live{newBench(t, client, relay, o), pe, client, relay, p}
}

// register makes the wallet an operator with a software passkey, which names the
// relayer.
func register(t *testing.T, ops *chain.Operations, wallet, relayer common.Address) omni.Operator {
	t.Helper()
	ctx, o := t.Context(), omni.OperatorOfWallet(wallet)
	auth, err := software.New(software.Environment)
	if err != nil {
		t.Fatal(err)
	}
	cred, err := auth.Enroll(ctx, passkey.EnrollRequest{RPID: "localhost", Origin: "http://localhost:8095", UserName: "master", UserID: []byte("user"), Challenge: [32]byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	vote := func(op typeddata.Operation, d typeddata.Domain) chain.Vote {
		a, err := auth.Assert(ctx, passkey.AssertRequest{Credential: cred, Challenge: typeddata.Digest(op, d)})
		if err != nil {
			t.Fatal(err)
		}
		cred.SignCount = a.SignCount()
		return chain.Vote{Device: omni.DeviceKeyOfAddress(wallet), Assertion: a}
	}
	deadline := uint64(time.Now().Add(time.Hour).Unix())
	reg := typeddata.RegisterFirstMaster{
		Operator: o, Wallet: wallet, K11CredID: cred.IDHash(), K11RPIDHash: cred.RPIDHash(), K11OriginHash: cred.OriginHash(),
		K11PubX: cred.X, K11PubY: cred.Y, Deadline: deadline,
	}
	if _, err := ops.RegisterFirstMaster(ctx, reg, vote(reg, ops.RegistryDomain()).Assertion); err != nil {
		t.Fatal(err)
	}
	nonce, err := ops.OperatorNonce(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	name := typeddata.SetAuditRelayer{Operator: o, Relayer: relayer, Nonce: nonce, Deadline: deadline}
	if _, err := ops.SetAuditRelayer(ctx, name, vote(name, ops.AuditDomain())); err != nil {
		t.Fatal(err)
	}
	return o
}

// settled waits until the chain has made a block of what waits.
func (l *live) settled() {
	l.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		at, err := l.relay.Occupancy(context.Background())
		if err != nil {
			l.t.Fatal(err)
		}
		if !at.Waiting {
			return
		}
		<-tick.C
	}
}

// peerFaults: on a real EVM too each batch is anchored once, whenever the process
// is killed, and no gas is burnt: each of the account's transactions anchored one.
func peerFaults(t *testing.T, pe peer) {
	l := newLive(t, pe, nil)
	mine := l.settled
	if pe.call != nil {
		mine = func() { l.settled(); pe.call(t, "anvil_mine", 1) }
	} else {
		l.conf = 0 // blocks come when there is something to mine
	}
	everyFault(t, l.bench, mine, fault{after: true, kill: true})
	at, err := l.relay.Occupancy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	roots, err := l.client.Roots(t.Context(), l.ops[0])
	if err != nil || roots != at.Next {
		t.Fatalf("%d roots by %d transactions, %v", roots, at.Next, err)
	}
}

// peerStuck: a front takes the first transactions and does not pass them on; the
// dearer one arrives.
func peerStuck(t *testing.T, pe peer) {
	f := &swallowing{left: 3}
	l := newLive(t, pe, func(u string) string { return f.front(t, u) })
	l.conf = 0
	o, a := l.ops[0], l.anchorer()
	l.build(o, 2)
	l.step(a, o)
	first := l.state(o, 0, journal.Submitted).Anchor.Tx
	l.step(a, o) // lost; the same one again
	if got := l.state(o, 0, journal.Submitted).Anchor.Tx; got != first {
		t.Fatal("another one")
	}
	l.pass(bumpAfter)
	l.step(a, o)
	second := l.state(o, 0, journal.Submitted).Anchor.Tx
	if second == first || len(f.taken) != 3 || f.taken[0].Hash() != f.taken[1].Hash() || f.taken[2].Nonce() != f.taken[0].Nonce() {
		t.Fatalf("%v", f.taken)
	}
	least := chain.FeesOf(f.taken[0]).Raised()
	if dear := f.taken[2]; dear.GasTipCap().Cmp(least.Tip) < 0 || dear.GasFeeCap().Cmp(least.Cap) < 0 {
		t.Fatalf("%v", dear)
	}
	l.drain(a, l.settled)
	l.whole()
	if got := l.batch(o, 0).Anchor.Tx; got != second {
		t.Errorf("%x was mined", got)
	}
}

// peerReorgs: blocks are replaced by empty ones; the batches come again, and what
// is final has its confirmations.
func peerReorgs(t *testing.T, pe peer) {
	l := newLive(t, pe, nil)
	l.conf = 4
	o, a := l.ops[0], l.anchorer()
	mine := func(n int) { pe.call(t, "anvil_mine", n) }
	mine(10)
	for i := range uint64(2) {
		l.build(o, 2)
		l.step(a, o)
		l.settled()
		l.step(a, o)
		l.state(o, i, journal.Mined)
	}
	pe.call(t, "anvil_reorg", 1, []any{})
	l.step(a, o)
	l.state(o, 0, journal.Mined)
	l.state(o, 1, journal.Submitted)
	l.settled()
	l.step(a, o)
	l.state(o, 1, journal.Mined)
	pe.call(t, "anvil_reorg", 3, []any{})
	l.step(a, o)
	l.state(o, 0, journal.Submitted)
	l.state(o, 1, journal.Submitted)
	l.drain(a, func() { l.settled(); mine(1) })
	l.whole()
	h, err := l.client.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range uint64(2) {
		if got := l.state(o, i, journal.Confirmed); got.Anchor.Block+l.conf > h.Number {
			t.Errorf("batch %d is final at block %d, %d is the newest", i, got.Anchor.Block, h.Number)
		}
	}
}

func startDevchain(t *testing.T) peer {
	t.Helper()
	c, err := devchain.Start(t.Context(), devchain.Config{Dir: t.TempDir(), Listen: "127.0.0.1:0", Now: time.Now, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	pe := peer{url: c.URL()}
	pe.fund = func(t *testing.T, a common.Address) {
		t.Helper()
		if _, err := chain.FundFromFaucet(t.Context(), pe.profile(), a); err != nil {
			t.Fatal(err)
		}
	}
	return pe
}

func startAnvil(t *testing.T, path string) peer {
	t.Helper()
	cmd := exec.Command(path, "--hardfork", "london", "--host", "127.0.0.1", "--port", "0", "--chain-id", fmt.Sprint(devchain.ChainID))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		var ended *exec.ExitError
		if err := errors.Join(cmd.Process.Kill(), cmd.Wait()); err != nil && !errors.As(err, &ended) {
			t.Log(err)
		}
	})
	var address string
	lines := bufio.NewScanner(out)
	for address == "" && lines.Scan() {
		if _, a, ok := strings.Cut(lines.Text(), "Listening on "); ok {
			address = strings.TrimSpace(a)
		}
	}
	if address == "" {
		t.Fatalf("%s did not say where it listens: %v", path, lines.Err())
	}
	go io.Copy(io.Discard, out) // or it would stop at a full pipe
	pe := peer{url: "http://" + address}
	pe.call = func(t *testing.T, method string, args ...any) {
		t.Helper()
		c, err := rpc.DialContext(t.Context(), pe.url)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.CallContext(t.Context(), nil, method, args...); err != nil {
			t.Fatalf("%s: %v", method, err)
		}
	}
	pe.fund = func(t *testing.T, a common.Address) {
		t.Helper()
		pe.call(t, "anvil_setBalance", a, "0x56bc75e2d63100000")
	}
	return pe
}

var _ anchor.Relay = (*chain.Relay)(nil)
