package chain_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/trie"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
)

var (
	auditAt  = common.Address{19: 0xAD}
	provenOp = omni.OperatorOfWallet(common.Address{1})
)

// rootLog is the log of an anchored batch.
func rootLog(at common.Address, op omni.Operator, index uint64, root [32]byte, count uint64) *types.Log {
	e := bindings.NewCredentialAudit().GetABI().Events["RootAppended"]
	data, err := e.Inputs.NonIndexed().Pack(count, common.Address{7})
	if err != nil {
		panic(err)
	}
	return &types.Log{Address: at, Topics: []common.Hash{e.ID, op.Bytes(), common.BigToHash(new(big.Int).SetUint64(index)), root}, Data: data}
}

func receipt(kind uint8, status uint64, logs ...*types.Log) *types.Receipt {
	r := &types.Receipt{Type: kind, Status: status, CumulativeGasUsed: 21000, Logs: logs}
	r.Bloom = types.CreateBloom(r)
	return r
}

// proofs are those of a made-up block with n receipts, of which each anchors the
// batch of its place.
func proofs(t testing.TB, receipts ...*types.Receipt) []chain.ReceiptProof {
	t.Helper()
	tr := trie.NewEmpty(nil)
	for i, r := range receipts {
		b, err := r.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		tr.MustUpdate(rlp.AppendUint64(nil, uint64(i)), b)
	}
	header, err := rlp.EncodeToBytes(&types.Header{
		Difficulty: new(big.Int), Number: big.NewInt(77), GasLimit: 8e6, Time: 1_700_000_000, BaseFee: big.NewInt(7), ReceiptHash: tr.Hash(),
	})
	if err != nil {
		t.Fatal(err)
	}
	out := make([]chain.ReceiptProof, len(receipts))
	for i := range receipts {
		out[i] = chain.ReceiptProof{Header: header, Index: uint64(i)}
		if err := tr.Prove(rlp.AppendUint64(nil, uint64(i)), chain.NodeList(&out[i])); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func anchors(n int) []*types.Receipt {
	out := make([]*types.Receipt, n)
	for i := range out {
		out[i] = receipt(uint8(i%3), 1, rootLog(auditAt, provenOp, uint64(i), [32]byte{1, byte(i)}, uint64(i)+1))
	}
	return out
}

func edited(p chain.ReceiptProof, change func(*chain.ReceiptProof)) chain.ReceiptProof {
	p.Header = slices.Clone(p.Header)
	p.Nodes = slices.Clone(p.Nodes)
	for i := range p.Nodes {
		p.Nodes[i] = slices.Clone(p.Nodes[i])
	}
	change(&p)
	return p
}

// Blocks of all sizes that change the shape of the trie; receipts of all types.
func TestReceiptProofsOfAllSizes(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 3, 16, 17, 127, 128, 129, 200, 257} {
		for i, p := range proofs(t, anchors(n)...) {
			r, err := p.Verify()
			if err != nil {
				t.Fatalf("%d of %d: %v", i, n, err)
			}
			root, count, err := chain.RootAppendedIn(r, auditAt, provenOp, uint64(i))
			if err != nil || root != [32]byte{1, byte(i)} || count != uint64(i)+1 || r.BlockHash != crypto.Keccak256Hash(p.Header) || r.BlockNumber.Uint64() != 77 || int(r.Type) != i%3 || r.TransactionIndex != uint(i) {
				t.Fatalf("%d of %d: %+v, %v", i, n, r, err)
			}
		}
	}
}

func TestReceiptProofsThatDoNotHold(t *testing.T) {
	t.Parallel()
	all, other := proofs(t, anchors(20)...), proofs(t, anchors(21)...)
	good := all[5]
	for name, c := range map[string]struct {
		change func(*chain.ReceiptProof)
		holds  bool
	}{
		"as made":                  {func(*chain.ReceiptProof) {}, true},
		"in another order":         {func(p *chain.ReceiptProof) { slices.Reverse(p.Nodes) }, true},
		"another transaction name": {func(p *chain.ReceiptProof) { p.Tx[0]++ }, true}, // says nothing
		"another block's header":   {func(p *chain.ReceiptProof) { p.Header = other[5].Header }, false},
		"another index":            {func(p *chain.ReceiptProof) { p.Index = 6 }, false},
		"an index beyond":          {func(p *chain.ReceiptProof) { p.Index = 20 }, false},
		"no nodes":                 {func(p *chain.ReceiptProof) { p.Nodes = nil }, false},
		"no root":                  {func(p *chain.ReceiptProof) { p.Nodes = p.Nodes[1:] }, false},
		"no leaf":                  {func(p *chain.ReceiptProof) { p.Nodes = p.Nodes[:len(p.Nodes)-1] }, false},
		"an edited root":           {func(p *chain.ReceiptProof) { p.Nodes[0][40] ^= 1 }, false},
		"an edited leaf":           {func(p *chain.ReceiptProof) { n := p.Nodes[len(p.Nodes)-1]; n[len(n)-1] ^= 1 }, false},
		"another leaf":             {func(p *chain.ReceiptProof) { p.Nodes[len(p.Nodes)-1] = all[6].Nodes[len(all[6].Nodes)-1] }, false},
		"a node twice":             {func(p *chain.ReceiptProof) { p.Nodes = append(p.Nodes, p.Nodes[0]) }, false},
		"a node too many":          {func(p *chain.ReceiptProof) { p.Nodes = append(p.Nodes, other[5].Nodes[0]) }, false},
		"too many nodes":           {func(p *chain.ReceiptProof) { p.Nodes = append(p.Nodes, make([]hexBytes, 64)...) }, false},
		"a node too large":         {func(p *chain.ReceiptProof) { p.Nodes[0] = make([]byte, 5<<20) }, false},
		"no header":                {func(p *chain.ReceiptProof) { p.Header = nil }, false},
		"a header with a tail":     {func(p *chain.ReceiptProof) { p.Header = append(p.Header, 0) }, false},
		"a header too large":       {func(p *chain.ReceiptProof) { p.Header = make([]byte, 9<<10) }, false},
		"an edited header":         {func(p *chain.ReceiptProof) { p.Header[170] ^= 1 }, false},
	} {
		r, err := edited(good, c.change).Verify()
		if c.holds != (err == nil) || !c.holds && !errors.Is(err, chain.ErrProof) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// Every byte counts: with one of them changed nothing is proven, or of another
// block.
func TestReceiptProofsByteByByte(t *testing.T) {
	t.Parallel()
	good := proofs(t, anchors(20)...)[5]
	refused := func(what string, i int, p chain.ReceiptProof) {
		t.Helper()
		if r, err := p.Verify(); err == nil && r.BlockHash == good.BlockHash() || err != nil && !errors.Is(err, chain.ErrProof) {
			t.Errorf("%s, byte %d: %+v, %v", what, i, r, err)
		}
	}
	for _, flip := range []byte{1, 0x80, 0xFF} {
		for i := range good.Header {
			refused("header", i, edited(good, func(p *chain.ReceiptProof) { p.Header[i] ^= flip }))
		}
		for n, node := range good.Nodes {
			for i := range node {
				refused(fmt.Sprint("node ", n), i, edited(good, func(p *chain.ReceiptProof) { p.Nodes[n][i] ^= flip }))
				p := edited(good, func(p *chain.ReceiptProof) { p.Nodes[n][i] ^= flip })
				if n == 0 { // a header that commits to the edited root
					p.Header = withRoot(t, p.Nodes[0])
					refused("root", i, p)
				}
			}
			for i := range node {
				refused(fmt.Sprint("cut node ", n), i, edited(good, func(p *chain.ReceiptProof) { p.Nodes[n] = p.Nodes[n][:i] }))
			}
		}
	}
}

func TestWhatAReceiptAnchors(t *testing.T) {
	t.Parallel()
	root := [32]byte{1}
	right := rootLog(auditAt, provenOp, 3, root, 9)
	long := rootLog(auditAt, provenOp, 3, root, 9)
	long.Data = append(long.Data, make([]byte, 32)...)
	dirty := rootLog(auditAt, provenOp, 3, root, 9)
	dirty.Data[0] = 1 // a count beyond 64 bits
	event := rootLog(auditAt, provenOp, 3, root, 9)
	event.Topics[0] = common.Hash{1}
	short := rootLog(auditAt, provenOp, 3, root, 9)
	short.Topics = short.Topics[:3]
	old := receipt(types.LegacyTxType, 0, right)
	old.PostState = make([]byte, 32)
	for name, c := range map[string]struct {
		r     *types.Receipt
		holds bool
	}{
		"a batch":                 {receipt(2, 1, right), true},
		"of a legacy transaction": {receipt(0, 1, right), true},
		"among other logs":        {receipt(2, 1, rootLog(common.Address{1}, provenOp, 3, [32]byte{4}, 9), right), true},
		"with the next batch":     {receipt(2, 1, right, rootLog(auditAt, provenOp, 4, root, 9)), true},
		"a failed transaction":    {receipt(2, 0, right), false},
		"one of before Byzantium": {old, false},
		"nothing":                 {receipt(2, 1), false},
		"another contract":        {receipt(2, 1, rootLog(common.Address{1}, provenOp, 3, root, 9)), false},
		"another operator":        {receipt(2, 1, rootLog(auditAt, omni.OperatorOfWallet(common.Address{2}), 3, root, 9)), false},
		"another index":           {receipt(2, 1, rootLog(auditAt, provenOp, 2, root, 9)), false},
		"another event":           {receipt(2, 1, event), false},
		"a topic is missing":      {receipt(2, 1, short), false},
		"a word too many":         {receipt(2, 1, long), false},
		"a count beyond all":      {receipt(2, 1, dirty), false},
		"no root":                 {receipt(2, 1, rootLog(auditAt, provenOp, 3, [32]byte{}, 9)), false},
		"no entries":              {receipt(2, 1, rootLog(auditAt, provenOp, 3, root, 0)), false},
		"twice":                   {receipt(2, 1, right, right), false},
	} {
		r, err := proofs(t, c.r)[0].Verify()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, count, err := chain.RootAppendedIn(r, auditAt, provenOp, 3)
		switch {
		case c.holds && (err != nil || got != root || count != 9):
			t.Errorf("%s: %x, %d, %v", name, got, count, err)
		case !c.holds && (!errors.Is(err, chain.ErrProof) || got != [32]byte{}):
			t.Errorf("%s: %x, %v", name, got, err)
		}
	}
}

// From the transaction on a real chain to the proof, over a file.
func TestReceiptProofOfAnAnchor(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := newStack(t)
	o := s.operator(t)
	o.register(t)
	root := [32]byte{5}
	if _, err := o.AppendRoot(ctx, o.omni, 0, root, 3); err != nil {
		t.Fatal(err)
	}
	log, _, err := o.Anchored(ctx, o.omni, 0)
	if err != nil {
		t.Fatal(err)
	}
	px, front := newFaulty(t, s.chain.URL())
	p := s.profile
	p.RPC = []string{front, s.chain.URL()}
	cl, err := chain.NewClient(p)
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	var first []byte
	for name, do := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"all receipts at once": nil,
		"one by one":           refusing("eth_getBlockReceipts"),
		"from the second":      refusing("eth_getBlockByHash"),
	} {
		px.set(do)
		proof, err := cl.ReceiptProof(ctx, log.BlockHash, log.Tx)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		file, err := proof.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = file
		}
		if !bytes.Equal(file, first) {
			t.Errorf("%s: %s", name, file)
		}
		back, err := chain.ParseReceiptProof(file)
		if err != nil || back.BlockHash() != log.BlockHash || back.Tx != log.Tx {
			t.Fatalf("%+v, %v", back, err)
		}
		r, err := back.Verify()
		if err != nil {
			t.Fatal(err)
		}
		got, count, err := chain.RootAppendedIn(r, s.profile.Contracts.Audit, o.omni, 0)
		if err != nil || got != root || count != 3 || r.Type != types.DynamicFeeTxType {
			t.Fatalf("%x, %d, %v", got, count, err)
		}
	}
	px.set(nil)
	if _, err := cl.ReceiptProof(ctx, log.BlockHash, common.Hash{1}); apierr.CodeOf(err) != apierr.ChainUnavailable || !strings.Contains(err.Error(), "is not in the block") {
		t.Error(err)
	}
	if _, err := cl.ReceiptProof(ctx, common.Hash{1}, log.Tx); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Error(err)
	}
	for name, file := range map[string]string{
		"empty": "", "unknown": strings.Replace(string(first), "{", `{"x":1,`, 1), "trailing": string(first) + "1", "bad hex": strings.Replace(string(first), "0x", "0y", 1),
	} {
		if _, err := chain.ParseReceiptProof([]byte(file)); !errors.Is(err, chain.ErrProof) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func refusing(method string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		body := bodyOf(r)
		if !bytes.Contains(body, []byte(method)) {
			return false
		}
		var out []string
		for _, c := range calledIn(body) {
			out = append(out, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"the method does not exist"}}`, c.ID))
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, "[%s]", strings.Join(out, ","))
		return true
	}
}

// Frontier hashes the fields of before London, and the time in milliseconds.
func TestHeadersOfFrontier(t *testing.T) {
	t.Parallel()
	shown := &types.Header{Difficulty: new(big.Int), Number: big.NewInt(5), Time: 1_700_000_000, BaseFee: big.NewInt(7)}
	plain := types.CopyHeader(shown)
	plain.BaseFee = nil
	milli := types.CopyHeader(plain)
	milli.Time = shown.Time*1000 + 999
	for name, h := range map[string]*types.Header{"as shown": shown, "without a base fee": plain, "in milliseconds": milli} {
		b, err := chain.Rebuild(shown, h.Hash())
		if err != nil || crypto.Keccak256Hash(b) != h.Hash() {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := chain.Rebuild(shown, common.Hash{1}); err == nil {
		t.Error("a hash of nothing")
	}
}

// Whatever the bytes are, they are refused or are what a trie has.
func FuzzReceiptProof(f *testing.F) {
	good := proofs(f, anchors(20)...)[5]
	for _, nodes := range [][]hexBytes{good.Nodes, good.Nodes[1:], nil} {
		f.Add([]byte(good.Header), good.Index, []byte(bytes.Join(plainBytes(nodes), []byte{0xFE, 0xFE})))
	}
	f.Fuzz(func(t *testing.T, header []byte, index uint64, joined []byte) {
		p := chain.ReceiptProof{Header: header, Index: index}
		for _, n := range bytes.Split(joined, []byte{0xFE, 0xFE}) {
			// What the fuzzer makes is seldom a hash's: the first node is the root's.
			p.Nodes = append(p.Nodes, n)
		}
		for _, h := range [][]byte{header, withRoot(t, p.Nodes[0])} {
			p.Header = h
			r, err := p.Verify()
			if err != nil {
				if !errors.Is(err, chain.ErrProof) {
					t.Fatal(err)
				}
				continue
			}
			if _, _, err := chain.RootAppendedIn(r, auditAt, provenOp, index); err != nil && !errors.Is(err, chain.ErrProof) {
				t.Fatal(err)
			}
		}
	})
}

func FuzzParseReceiptProof(f *testing.F) {
	good, err := proofs(f, anchors(2)...)[1].Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"nodes":["0x"]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := chain.ParseReceiptProof(b)
		if err == nil {
			_, err = p.Verify()
		}
		if err != nil && !errors.Is(err, chain.ErrProof) {
			t.Fatal(err)
		}
	})
}

type hexBytes = hexutil.Bytes

func plainBytes(in []hexBytes) (out [][]byte) {
	for _, b := range in {
		out = append(out, b)
	}
	return out
}

// bodyOf reads a request and leaves it as it was.
func bodyOf(r *http.Request) []byte {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// calledIn are the calls of a batch.
func calledIn(body []byte) (calls []struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
},
) {
	if json.Unmarshal(body, &calls) != nil {
		return nil
	}
	return calls
}

func withRoot(t testing.TB, node []byte) []byte {
	b, err := rlp.EncodeToBytes(&types.Header{Difficulty: new(big.Int), Number: new(big.Int), ReceiptHash: crypto.Keccak256Hash(node)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
