package crashtest_test

import (
	"context"
	"crypto/ecdsa"
	"encoding/hex"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	ethcommon "github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// relayed gives the role an account of its own that anchors for every operator of
// the world.
func relayed(w *world) {
	w.t.Helper()
	k := must[*ecdsa.PrivateKey](w.t)(crypto.GenerateKey())
	account := must[*chain.Transactor](w.t)(common.account(k))
	w.relayer = account.Address()
	if err := account.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.write("relayer.key", []byte(hex.EncodeToString(crypto.FromECDSA(k))))
	w.arrange.flags = append(w.arrange.flags, "--audit-relayer-key", w.at("relayer.key"), "--audit-anchor-interval", "200ms")
	for _, m := range w.masters {
		nonce := must[uint64](w.t)(m.OperatorNonce(w.t.Context(), m.operator))
		op := typeddata.SetAuditRelayer{Operator: m.operator, Relayer: w.relayer, Nonce: nonce, Deadline: m.deadline()}
		if _, err := m.SetAuditRelayer(w.t.Context(), op, m.vote(w.t, op, m.AuditDomain())); err != nil {
			w.t.Fatal(err)
		}
	}
}

// anchoredAll waits until the role says that every batch is confirmed on chain:
// as long as it gets on with them.
func (w *world) anchoredAll() {
	w.t.Helper()
	for _, m := range w.masters {
		least, give := ^uint64(0), time.After(patience)
		for {
			s := get[api.AuditStatus](w, m, api.PathAuditStatus)
			if s.Unanchored == 0 {
				break
			}
			if s.Unanchored < least {
				least, give = s.Unanchored, time.After(patience)
			}
			select {
			case <-give:
				w.t.Fatalf("%d batches are not anchored: %s: %s", s.Unanchored, s.Reason, w.running.log)
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
}

// anchored holds a master's batches against the chain, which is asked itself:
// every batch once, by one transaction of the relayer, nothing else. It answers
// the roots on chain.
func (w *world) anchored(m *master, batches []api.AuditBatch) []chain.AuditRoot {
	w.t.Helper()
	ctx := w.t.Context()
	if n := must[uint64](w.t)(m.Roots(ctx, m.operator)); n != uint64(len(batches)) {
		w.t.Fatalf("%d roots on chain, %d batches", n, len(batches))
	}
	out := make([]chain.AuditRoot, len(batches))
	for i, b := range batches {
		root, there, err := m.Root(ctx, m.operator, b.Index)
		if err != nil || !there || root.Root != b.Root || root.Count != b.Count {
			w.t.Errorf("batch %d is %+v, on chain %+v, %v", i, b, root, err)
		}
		a, there, err := m.Anchored(ctx, m.operator, b.Index)
		if err != nil || !there || b.State != journal.Confirmed || b.Tx != journal.Hash(a.Tx) || b.Block != a.Number || b.BlockHash != journal.Hash(a.BlockHash) || a.Sender != w.relayer {
			w.t.Errorf("batch %d is %+v, its anchor %+v, %v", i, b, a, err)
		}
		out[i] = root
	}
	return out
}

// noneTwice: the contract has one event for each root of these operators, and
// the relayer paid for that many transactions and no more: none came twice, none
// was reverted.
func (w *world) noneTwice(batches int) {
	w.t.Helper()
	ctx := w.t.Context()
	c := must[*ethclient.Client](w.t)(ethclient.DialContext(ctx, common.chain.URL()))
	defer c.Close()
	var operators []ethcommon.Hash
	for _, m := range w.masters {
		operators = append(operators, m.operator.Bytes())
	}
	appended := crypto.Keccak256Hash([]byte("RootAppended(bytes32,uint64,bytes32,uint64,address)"))
	logs, err := c.FilterLogs(ctx, ethereum.FilterQuery{
		FromBlock: big.NewInt(0), Addresses: []ethcommon.Address{common.profile.Contracts.Audit.Common()},
		Topics: [][]ethcommon.Hash{{appended}, operators},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	places := map[[2]ethcommon.Hash]bool{}
	for _, l := range logs {
		places[[2]ethcommon.Hash{l.Topics[1], l.Topics[2]}] = true
	}
	sent := must[uint64](w.t)(c.NonceAt(ctx, w.relayer, nil))
	if len(logs) != batches || len(places) != batches || sent != uint64(batches) {
		w.t.Errorf("%d batches; %d roots were appended at %d places by %d transactions", batches, len(logs), len(places), sent)
	}
}

// TestAnchoredOnce is the path of a batch without any crash: what the kill suite
// holds after many.
func TestAnchoredOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, relayed)
	w.running = w.serve()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	d := newDice(t)
	clients := []*client{w.client(0, d), w.client(1, d)}
	for range 3 {
		for _, c := range clients {
			if err := c.emit(ctx, 5); err != nil {
				t.Fatal(err)
			}
		}
		if all, err := w.flushAll(ctx); err != nil || len(all.Batches) != 2 {
			t.Fatal(all, err)
		}
	}
	w.wound(clients, nil)
}

// wound is how every suite ends: everything is put into batches, anchored, held
// against receipts, chain and database, and proven.
func (w *world) wound(clients []*client, built map[*master][]api.AuditBatch) (events, batches int) {
	w.t.Helper()
	if _, err := w.flushAll(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if w.relayer != (ethcommon.Address{}) {
		w.anchoredAll()
	}
	records := w.complete(clients)
	for m, list := range records {
		have := w.covered(m, list)
		batches += len(have)
		for _, b := range built[m] {
			now := have[b.Index]
			if b.First != now.First || b.Count != now.Count || b.Root != now.Root {
				w.t.Errorf("batch %d was acknowledged as %+v and is %+v", b.Index, b, now)
			}
		}
		roots := make([]chain.AuditRoot, len(have))
		for i, b := range have {
			roots[i] = chain.AuditRoot{Root: b.Root, Count: b.Count}
		}
		if w.relayer != (ethcommon.Address{}) {
			roots = w.anchored(m, have)
		}
		for i, b := range have {
			for _, r := range list[b.First-1 : b.First-1+b.Count] {
				w.proven(m, r, merkle.Hash(roots[i].Root), roots[i].Count)
				events++
			}
		}
	}
	if w.relayer != (ethcommon.Address{}) {
		w.noneTwice(batches)
	}
	w.running.kill()
	w.intact(records)
	return events, batches
}
