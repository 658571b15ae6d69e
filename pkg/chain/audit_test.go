package chain_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

func (o *operator) nameRelayer(t *testing.T, a common.Address) {
	t.Helper()
	nonce, err := o.OperatorNonce(t.Context(), o.omni)
	if err != nil {
		t.Fatal(err)
	}
	op := typeddata.SetAuditRelayer{Operator: o.omni, Relayer: a, Nonce: nonce, Deadline: o.deadline()}
	if _, err := o.SetAuditRelayer(t.Context(), op, o.vote(t, op, o.AuditDomain())); err != nil {
		t.Fatal(err)
	}
}

func TestAnchors(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := newStack(t)
	o, other := s.operator(t), s.operator(t)
	o.register(t)
	other.register(t)
	first, second := [32]byte{1}, [32]byte{2}
	if n, err := o.Roots(ctx, o.omni); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	for _, has := range []bool{false, true} {
		got, ok, err := o.Root(ctx, o.omni, 0)
		if err != nil || ok != has || has && (got.Root != first || got.Count != 5 || got.AnchoredAt.IsZero()) {
			t.Fatalf("%+v, %t, %v", got, ok, err)
		}
		log, ok, err := o.Anchored(ctx, o.omni, 0)
		if err != nil || ok != has || has && (log.AuditRoot != got || log.Sender != o.wallet) {
			t.Fatalf("%+v, %t, %v", log, ok, err)
		}
		if has {
			break
		}
		r, err := o.AppendRoot(ctx, o.omni, 0, first, 5)
		if err != nil {
			t.Fatal(err)
		}
		if log, _, err = o.Anchored(ctx, o.omni, 0); err != nil || log.Tx != r.TxHash || log.Number != r.BlockNumber.Uint64() || log.BlockHash != r.BlockHash {
			t.Fatalf("%+v, %v", log, err)
		}
	}

	// The relayer, and nobody else, may anchor beside the wallet.
	k := newKey(t)
	relayer := chain.NewOperations(o.Client, transactor(t, s.profile, k))
	_, err := relayer.AppendRoot(ctx, o.omni, 1, second, 1)
	revert(t, err, "NotAnchorer")
	o.nameRelayer(t, crypto.PubkeyToAddress(k.PublicKey))
	if a, err := o.AuditRelayer(ctx, o.omni); err != nil || a != crypto.PubkeyToAddress(k.PublicKey) {
		t.Fatal(a, err)
	}
	if _, err := relayer.AppendRoot(ctx, o.omni, 1, second, 1); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		index   uint64
		root    [32]byte
		count   uint64
		refused string
		already bool
	}{
		"the same again":        {1, second, 1, "BatchIndexMismatch", true},
		"another root":          {1, first, 1, "BatchIndexMismatch", false},
		"another count":         {1, second, 2, "BatchIndexMismatch", false},
		"a batch is missing":    {3, second, 1, "BatchIndexMismatch", false},
		"no root":               {2, [32]byte{}, 1, "BatchEmpty", false},
		"no entries":            {2, second, 0, "BatchEmpty", false},
		"an earlier one, again": {0, first, 5, "BatchIndexMismatch", true},
	} {
		_, err := relayer.AppendRoot(ctx, o.omni, c.index, c.root, c.count)
		revert(t, err, c.refused)
		if errors.Is(err, chain.ErrAlready) != c.already {
			t.Errorf("%s: %v", name, err)
		}
	}
	st, err := o.AuditStanding(ctx, o.omni, 1, 2, 0)
	if err != nil || st.Roots != 2 || st.Wallet != o.wallet || st.Relayer != crypto.PubkeyToAddress(k.PublicKey) ||
		st.Batches[0].Root != second || st.Batches[1] != (chain.AuditRoot{}) || st.Batches[2].Root != first || st.Block.Hash == (common.Hash{}) {
		t.Fatalf("%+v, %v", st, err)
	}
	// Not another operator's.
	if _, ok, err := o.Root(ctx, other.omni, 0); ok || err != nil {
		t.Error(ok, err)
	}
	if _, ok, err := o.Anchored(ctx, other.omni, 0); ok || err != nil {
		t.Error(ok, err)
	}

	// Nobody is named: the wallet alone anchors again. Naming nobody twice is done.
	o.nameRelayer(t, common.Address{})
	_, err = relayer.AppendRoot(ctx, o.omni, 2, first, 1)
	revert(t, err, "NotAnchorer")
	op := typeddata.SetAuditRelayer{Operator: o.omni, Nonce: 1, Deadline: o.deadline()}
	_, err = o.SetAuditRelayer(ctx, op, o.vote(t, op, o.AuditDomain()))
	revert(t, err, "StaleNonce")
	if !errors.Is(err, chain.ErrAlready) {
		t.Error(err)
	}
}

// What was anchored long ago is found by its time, among many blocks.
func TestAnchorsOfLongAgo(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	o := s.operator(t)
	o.register(t)
	const batches = 12
	for i := range uint64(batches) {
		if _, err := o.AppendRoot(t.Context(), o.omni, i, [32]byte{1, byte(i)}, i+1); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[common.Hash]bool{}
	for i := range uint64(batches) {
		log, ok, err := o.Anchored(t.Context(), o.omni, i)
		if err != nil || !ok || log.Root != [32]byte{1, byte(i)} || log.Count != i+1 || seen[log.Tx] {
			t.Fatalf("%d: %+v, %v", i, log, err)
		}
		seen[log.Tx] = true
		b, err := o.BlockAt(t.Context(), log.Number)
		if err != nil || b.Hash != log.BlockHash || !b.Time.Equal(log.AnchoredAt) {
			t.Fatalf("%d: %+v, %v", i, b, err)
		}
	}
}

func TestEntries(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := newStack(t)
	o, a := s.operator(t), newAgent(t)
	o.register(t)
	if err := o.bind(t, a); err != nil {
		t.Fatal(err)
	}
	leaf := [32]byte{9}
	if got, err := o.Entries(ctx, o.omni, leaf, 0); len(got) != 0 || err != nil {
		t.Fatal(got, err)
	}
	device := chain.NewOperations(o.Client, transactor(t, s.profile, a.key))
	if _, err := o.AppendEntry(ctx, o.omni, [32]byte{8}); err != nil {
		t.Fatal(err)
	}
	r, err := device.AppendEntry(ctx, o.omni, leaf)
	if err != nil {
		t.Fatal(err)
	}
	for _, near := range []uint64{0, r.BlockNumber.Uint64(), 1 << 40} {
		got, err := o.Entries(ctx, o.omni, leaf, near)
		if err != nil || len(got) != 1 || got[0].Tx != r.TxHash || got[0].BlockHash != r.BlockHash || got[0].Actor != a.actor || got[0].Serial != 1 || got[0].Sender != a.addr {
			t.Fatalf("%d: %+v, %v", near, got, err)
		}
	}
	if got, err := o.Entries(ctx, o.omni, leaf, r.BlockNumber.Uint64()-1); len(got) != 0 || err != nil {
		t.Fatal(got, err)
	}
	if _, err := o.AppendEntry(ctx, o.omni, leaf); err != nil {
		t.Fatal(err)
	}
	if got, err := o.Entries(ctx, o.omni, leaf, 0); err != nil || len(got) != 2 || got[0].Tx != r.TxHash || got[1].Actor != omni.Self(o.omni) {
		t.Fatalf("%+v, %v", got, err)
	}
	stranger := s.operator(t)
	_, err = stranger.AppendEntry(ctx, o.omni, leaf)
	revert(t, err, "SenderNotActiveDevice")
}

// An endpoint may refuse wide ranges of blocks; it is asked in parts.
func TestEntriesInParts(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	o := s.operator(t)
	o.register(t)
	want, err := o.AppendEntry(t.Context(), o.omni, [32]byte{9})
	if err != nil {
		t.Fatal(err)
	}
	for range widest {
		if _, err := s.deploy.Send(t.Context(), &common.Address{1}, nil); err != nil {
			t.Fatal(err)
		}
	}
	px, u := newFaulty(t, s.chain.URL())
	var asked, refused atomic.Int64
	px.set(func(w http.ResponseWriter, r *http.Request) bool {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return true
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var calls []struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			Params []struct{ FromBlock, ToBlock hexutil.Uint64 }
		}
		if !bytes.Contains(body, []byte("eth_getLogs")) || json.Unmarshal(body, &calls) != nil {
			return false
		}
		asked.Add(1)
		if calls[0].Params[0].ToBlock-calls[0].Params[0].FromBlock < widest {
			return false
		}
		refused.Add(1)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `[{"jsonrpc":"2.0","id":%s,"error":{"code":-32005,"message":"query exceeds max block range"}}]`, calls[0].ID)
		return true
	})
	p := s.profile
	p.RPC = []string{u}
	cl, err := chain.NewClient(p)
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	got, err := cl.Entries(t.Context(), o.omni, [32]byte{9}, 0)
	if err != nil || len(got) != 1 || got[0].Tx != want.TxHash || refused.Load() == 0 || asked.Load() < 3 {
		t.Fatalf("%+v, %v, asked %d times, refused %d", got, err, asked.Load(), refused.Load())
	}
}

// widest is the range that an endpoint of the tests allows.
const widest = 10

// Logs and headers are asked of all: who hides a log, or makes one up, is found.
func TestAnchorsAreAskedOfAll(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	o := s.operator(t)
	o.register(t)
	if _, err := o.AppendRoot(t.Context(), o.omni, 0, [32]byte{1}, 1); err != nil {
		t.Fatal(err)
	}
	log, _, err := o.Anchored(t.Context(), o.omni, 0)
	if err != nil {
		t.Fatal(err)
	}
	logs := func(change func(map[string]any)) func(string) string {
		return answersOf(func(as []map[string]json.RawMessage) {
			var list []map[string]any
			if json.Unmarshal(as[0]["result"], &list) != nil || len(list) != 1 {
				return
			}
			change(list[0])
			b, err := json.Marshal(list)
			if err != nil {
				t.Error(err)
			}
			as[0]["result"] = b
		})
	}
	for name, c := range map[string]struct {
		change func(string) string
		one    apierr.Code // where it is the only one
		two    apierr.Code // where it is one of two
	}{
		"nothing": {func(b string) string { return b }, "", ""},
		"the log is hidden": {answersOf(func(as []map[string]json.RawMessage) {
			as[0]["result"] = json.RawMessage(`[]`)
		}), apierr.ChainUnavailable, apierr.ChainUnavailable},
		"no list":                {answersOf(func(as []map[string]json.RawMessage) { as[0]["result"] = json.RawMessage(`null`) }), apierr.ChainUnavailable, apierr.ChainUnavailable},
		"another transaction":    {logs(func(l map[string]any) { l["transactionHash"] = common.Hash{7} }), "", apierr.ChainUnavailable},
		"another block's":        {logs(func(l map[string]any) { l["blockHash"] = common.Hash{7} }), apierr.ChainUnavailable, apierr.ChainUnavailable},
		"another contract's":     {logs(func(l map[string]any) { l["address"] = common.Address{7} }), apierr.ChainUnavailable, apierr.ChainUnavailable},
		"another operator's":     {logs(func(l map[string]any) { l["topics"].([]any)[1] = common.Hash{7} }), apierr.ChainUnavailable, apierr.ChainUnavailable},
		"another root":           {logs(func(l map[string]any) { l["topics"].([]any)[3] = common.Hash{7} }), apierr.ChainUnavailable, apierr.ChainUnavailable},
		"removed":                {logs(func(l map[string]any) { l["removed"] = true }), apierr.ChainUnavailable, apierr.ChainUnavailable},
		"another event's topics": {logs(func(l map[string]any) { l["topics"] = l["topics"].([]any)[:2] }), apierr.ChainUnavailable, apierr.ChainUnavailable},
		"too long":               {logs(func(l map[string]any) { l["data"] = l["data"].(string) + strings.Repeat("00", 32) }), apierr.ChainUnavailable, apierr.ChainUnavailable},
	} {
		liar := rewriting(t, s.chain.URL(), []string{"eth_getLogs"}, c.change)
		_, honest := newFaulty(t, s.chain.URL())
		for _, v := range []struct {
			rpc  []string
			k    int
			want apierr.Code
		}{{[]string{liar}, 0, c.one}, {[]string{liar, honest}, 0, c.two}, {[]string{liar, honest, s.chain.URL()}, 2, ""}} {
			p := s.profile
			p.RPC, p.Quorum = v.rpc, v.k
			cl, err := chain.NewClient(p)
			if err != nil {
				t.Fatal(err)
			}
			got, ok, err := cl.Anchored(t.Context(), o.omni, 0)
			if apierr.CodeOf(err) != v.want || len(v.rpc) > 1 && err == nil && (!ok || got != log) {
				t.Errorf("%s, %d endpoints: %+v, %v", name, len(v.rpc), got, err)
			}
			cl.Close()
		}
	}
}
