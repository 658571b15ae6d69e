package auditproof_test

import (
	"bytes"
	"context"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/trie"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

var deployed = auditproof.Deployment{ChainID: 31337, Contract: common.Address{19: 0xAD}}

// nodeList takes the nodes of a proof.
type nodeList []hexutil.Bytes

func (l *nodeList) Put(_, node []byte) error { *l = append(*l, slices.Clone(node)); return nil }
func (l *nodeList) Delete([]byte) error      { return errors.New("no") }

// anchoredIn is a made-up block whose second transaction anchors a batch, and the
// proof of its receipt.
func anchoredIn(t testing.TB, contract common.Address, b auditproof.Batch) *chain.ReceiptProof {
	t.Helper()
	e := bindings.NewCredentialAudit().GetABI().Events["RootAppended"]
	data, err := e.Inputs.NonIndexed().Pack(b.Count, common.Address{7})
	if err != nil {
		t.Fatal(err)
	}
	log := &types.Log{
		Address: contract, Data: data,
		Topics: []common.Hash{e.ID, b.Operator.Bytes(), common.BigToHash(new(big.Int).SetUint64(b.Index)), common.Hash(b.Root)},
	}
	tr := trie.NewEmpty(nil)
	for i, logs := range [][]*types.Log{nil, {log}, nil} {
		r := &types.Receipt{Type: 2, Status: 1, CumulativeGasUsed: uint64(21000 * (i + 1)), Logs: logs}
		r.Bloom = types.CreateBloom(r)
		text, err := r.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		tr.MustUpdate(rlp.AppendUint64(nil, uint64(i)), text)
	}
	p := &chain.ReceiptProof{Index: 1, Tx: common.Hash{31: 5}}
	if p.Header, err = rlp.EncodeToBytes(&types.Header{Difficulty: new(big.Int), Number: big.NewInt(77), BaseFee: big.NewInt(7), ReceiptHash: tr.Hash()}); err != nil {
		t.Fatal(err)
	}
	var nodes nodeList
	if err := tr.Prove(rlp.AppendUint64(nil, 1), &nodes); err != nil {
		t.Fatal(err)
	}
	p.Nodes = nodes
	return p
}

// proven is the file of the second event of a batch of three, anchored.
func proven(t testing.TB) (*book, auditproof.File, roots) {
	t.Helper()
	b := newBook(t)
	b.decide(t, 3)
	b.cut(t)
	p := anchoredIn(t, deployed.Contract, b.batches[0])
	f := auditproof.NewFile(deployed, b.proof(t, 2), auditproof.Anchor{Tx: journal.Hash(p.Tx), Block: 77, BlockHash: journal.Hash(p.BlockHash())})
	f.Receipt = p
	r := b.anchored(1)
	r.at = f.Anchor
	return b, f, r
}

func blockOf(f auditproof.File) auditproof.Header { return auditproof.Header{Hash: f.Anchor.BlockHash} }

func TestAProofFile(t *testing.T) {
	b, f, r := proven(t)
	text, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := auditproof.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	want := auditproof.Expected{Chain: deployed, Operator: b.op, Event: b.records[1].Event.ID, Receipt: b.records[1].Signature, Emitters: b.emitters(t)}
	got, err := again.Verify(context.Background(), r, want)
	if err != nil || got.Record != b.records[1] || got.Batch != f.Batch || got.Anchor != f.Anchor || !got.AnchoredAt.Equal(noon) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := again.VerifyOffline(blockOf(f), want); err != nil || got.Record != b.records[1] {
		t.Errorf("%+v, %v", got, err)
	}
	again.Receipt = nil
	if _, err := again.Verify(context.Background(), r, auditproof.Expected{Chain: deployed}); err != nil {
		t.Error(err)
	}
	if _, err := again.VerifyOffline(blockOf(f), want); !errors.Is(err, auditproof.ErrNoReceipt) || errors.Is(err, auditproof.ErrNotGenuine) {
		t.Error(err)
	}
}

// Each differs from TestAProofFile in one thing. Where the fault can be seen
// without the chain, both ways of verifying see it.
func TestAProofThatProvesNothing(t *testing.T) {
	stranger := omni.OperatorOfWallet([20]byte{9})
	for name, c := range map[string]struct {
		edit            func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected)
		online, offline string
	}{
		"another chain": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { e.Chain.ChainID = 1 }, "not for", "not for"},
		"another contract": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			e.Chain.Contract[0]++
		}, "not for", "not for"},
		"another operator": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			e.Operator = stranger
		}, "the proof is for operator", "the proof is for operator"},
		"another event": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { e.Event = id("x") }, "the proof is for event", "the proof is for event"},
		"another receipt": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			e.Receipt = b.records[0].Signature
		}, "carries another one", "carries another one"},
		"a stranger's receipt": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			e.Emitters = newBook(t).emitters(t)
		}, "unknown kid", "unknown kid"},
		"nobody's receipts": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			e.Emitters = auditproof.Emitters{}
		}, "no keys of the role signer", "no keys of the role signer"},
		"no receipt at all": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { e.Receipt = "x" }, audit.ErrReceipt.Error(), audit.ErrReceipt.Error()},
		"no operator": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Batch.Operator = omni.Operator{}
		}, "whose batches are on no chain", "whose batches are on no chain"},
		"no anchor": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { f.Anchor.Block = 0 }, "the anchor has", "the anchor has"},
		"an anchor without a block's hash": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Anchor.BlockHash = journal.Hash{}
			r.at = f.Anchor
		}, "the anchor has", "the anchor has"},
		"an anchor without a transaction": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Anchor.Tx = journal.Hash{}
			r.at, f.Receipt.Tx = f.Anchor, common.Hash{}
		}, "the anchor has", "the anchor has"},
		"a block too high": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Anchor.Block = journal.MaxSequence + 1
			r.at = f.Anchor
		}, "the anchor has", "the anchor has"},
		"another leaf": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Leaf = string(leafOf(t, b.records[2]))
		}, "says that it is entry 3", "says that it is entry 3"},
		"a leaf edited": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Leaf = strings.Replace(f.Leaf, "github", "gitlab", 1)
		}, "not under the root", "not under the root"},
		"a leaf spaced": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { f.Leaf += " " }, "no record in its one encoding", "no record in its one encoding"},
		"an inner node as leaf": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Leaf, f.Siblings = string(f.Siblings[0][:])+string(f.Siblings[0][:]), f.Siblings[1:]
		}, "no record in its one encoding", "no record in its one encoding"},
		"another position":           {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { f.Position = 3 }, "says that it is entry 2", "says that it is entry 2"},
		"a count for fewer siblings": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { f.Batch.Count = 2 }, "not under the root", "not under the root"},
		"no count":                   {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { f.Batch.Count = 0 }, "is in no batch", "is in no batch"},
		"a sibling less": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Siblings = f.Siblings[:1]
		}, "not under the root", "not under the root"},
		"a sibling more": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Siblings = append(f.Siblings, journal.Hash{})
		}, "not under the root", "not under the root"},
		"no siblings":      {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { f.Siblings = nil }, "not under the root", "not under the root"},
		"another root":     {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { f.Batch.Root[0]++ }, "not under the root", "not under the root"},
		"another count":    {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { f.Batch.Count = 4 }, "the chain has the root", "the transaction anchored the root"},
		"another index":    {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { f.Batch.Index = 1 }, "the chain has no batch 1", "0 logs of batch 1"},
		"nothing on chain": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { r.of = nil }, "the chain has no batch 0", ""},
		"a batch that is another's": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			r.of[b.op][0].Root = journal.Hash{1}
		}, "the chain has the root", ""},
		"anchored elsewhere": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { r.at.BlockHash[0]++ }, "not where the proof says", ""},
		"another transaction": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Anchor.Tx[0]++
			r.at = f.Anchor
		}, "names another transaction", "names another transaction"},
		"another block": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Anchor.BlockHash[0]++
			r.at = f.Anchor
		}, "the header in the proof", "the header in the proof"},
		"another height": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Anchor.Block++
			r.at = f.Anchor
		}, "that of block 77, not of 78", "that of block 77, not of 78"},
		"a header edited": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Receipt.Header[10]++
		}, "the header in the proof", "the header in the proof"},
		"another receipt's index": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) { f.Receipt.Index = 0 }, "the receipt proof does not hold", "the receipt proof does not hold"},
		"a node edited": {func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
			f.Receipt.Nodes[1][9]++
		}, "the receipt proof does not hold", "the receipt proof does not hold"},
		"another contract's event": {anchorOf(func(b *auditproof.Batch, c *common.Address) { c[0]++ }), "0 logs of batch 0", "0 logs of batch 0"},
		"another root's event":     {anchorOf(func(b *auditproof.Batch, c *common.Address) { b.Root[0]++ }), "the transaction anchored the root", "the transaction anchored the root"},
		"another count's event":    {anchorOf(func(b *auditproof.Batch, c *common.Address) { b.Count++ }), "the transaction anchored the root", "the transaction anchored the root"},
		"another operator's event": {anchorOf(func(b *auditproof.Batch, c *common.Address) { b.Operator = stranger }), "0 logs of batch 0", "0 logs of batch 0"},
	} {
		t.Run(name, func(t *testing.T) {
			b, f, r := proven(t)
			e := auditproof.Expected{Chain: deployed, Operator: b.op, Event: b.records[1].Event.ID, Receipt: b.records[1].Signature}
			c.edit(t, b, &f, &r, &e)
			header := blockOf(f)
			_, err := f.Verify(context.Background(), r, e)
			refused(t, "online", err, c.online)
			_, err = f.VerifyOffline(header, e)
			refused(t, "offline", err, c.offline)
		})
	}
}

// anchorOf puts another anchor into block, file and chain.
func anchorOf(edit func(*auditproof.Batch, *common.Address)) func(*testing.T, *book, *auditproof.File, *roots, *auditproof.Expected) {
	return func(t *testing.T, b *book, f *auditproof.File, r *roots, e *auditproof.Expected) {
		batch, contract := b.batches[0], deployed.Contract
		edit(&batch, &contract)
		f.Receipt = anchoredIn(t, contract, batch)
		f.Anchor.BlockHash = journal.Hash(f.Receipt.BlockHash())
		r.at = f.Anchor
	}
}

func refused(t *testing.T, how string, err error, says string) {
	t.Helper()
	switch {
	case says == "" && err != nil:
		t.Errorf("%s: %v", how, err)
	case says != "" && (err == nil || !strings.Contains(err.Error(), says)):
		t.Errorf("%s: %v", how, err)
	case says != "" && !errors.Is(err, auditproof.ErrNotGenuine) && !errors.Is(err, audit.ErrReceipt):
		t.Errorf("%s: %v is no refusal", how, err)
	}
}

func TestAChainThatGivesNoAnswer(t *testing.T) {
	_, f, r := proven(t)
	r.of, r.fault = nil, errors.New("no answer")
	if _, err := f.Verify(context.Background(), r, auditproof.Expected{Chain: deployed}); !errors.Is(err, r.fault) || errors.Is(err, auditproof.ErrNotGenuine) {
		t.Error(err)
	}
	if _, err := f.VerifyOffline(auditproof.Header{Hash: journal.Hash{1}}, auditproof.Expected{Chain: deployed}); !errors.Is(err, auditproof.ErrNotGenuine) || !strings.Contains(err.Error(), "the header is that of "+journal.Hash{1}.String()) {
		t.Error("another header:", err)
	}
}

// TestTheTransactionIsNotProven: whoever makes a file may write any hash of a
// transaction into both of its places, so that what nobody was asked about is not
// told as verified.
func TestTheTransactionIsNotProven(t *testing.T) {
	_, f, r := proven(t)
	f.Anchor.Tx = journal.Hash{0xBA, 0xD0}
	f.Receipt.Tx = common.Hash(f.Anchor.Tx)
	got, err := f.VerifyOffline(blockOf(f), auditproof.Expected{Chain: deployed})
	if want := (auditproof.Anchor{Block: 77, BlockHash: f.Anchor.BlockHash}); err != nil || got.Anchor != want {
		t.Errorf("%+v, %v", got.Anchor, err)
	}
	if text, err := strictjson.Encode(got); err != nil || bytes.Contains(text, []byte(`"tx"`)) {
		t.Errorf("%s, %v", text, err)
	}
	if _, err := f.Verify(context.Background(), r, auditproof.Expected{Chain: deployed}); !errors.Is(err, auditproof.ErrNotGenuine) {
		t.Error("the chain knows better:", err)
	}
}

// TestEveryByte: no byte of a proof file can be another one.
func TestEveryByte(t *testing.T) {
	b, f, r := proven(t)
	text, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	e := auditproof.Expected{Chain: deployed, Operator: b.op}
	for i := range text {
		for _, bit := range []byte{1, 4, 0x20} {
			edited := slices.Clone(text)
			edited[i] ^= bit
			got, err := auditproof.Parse(edited)
			if err != nil {
				if !errors.Is(err, auditproof.ErrFile) {
					t.Fatal(err)
				}
				continue
			}
			if _, err := got.Verify(context.Background(), r, e); err == nil {
				t.Errorf("online: byte %d, %q as %q", i, text[i], edited[i])
			}
			if _, err := got.VerifyOffline(blockOf(f), e); err == nil {
				t.Errorf("offline: byte %d, %q as %q", i, text[i], edited[i])
			}
		}
	}
}

func TestAnEntryOutsideItsBatch(t *testing.T) {
	b, _, _ := proven(t)
	for first, ok := range map[uint64]bool{1: true, 2: true, 3: false} {
		p := b.proof(t, 2)
		p.Batch.First = first
		if _, err := p.Check(); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "is outside its batch") {
			t.Errorf("%d: %v", first, err)
		}
	}
	p := b.proof(t, 3)
	p.Batch.Count = 2
	if _, err := p.Check(); !errors.Is(err, auditproof.ErrNotGenuine) || !strings.Contains(err.Error(), "is outside its batch") {
		t.Error(err)
	}
}

func TestWhatIsFreeInAFile(t *testing.T) {
	_, f, _ := proven(t)
	text, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, spelled := range map[string]string{
		"spaces":  strings.ReplaceAll(string(text), `"format":`, "\n  \"format\" : "),
		"escapes": strings.ReplaceAll(string(text), `audit-proof`, `audit\u002dproof`),
	} {
		if _, err := auditproof.Parse([]byte(spelled)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]struct{ old, new, says string }{
		"another format":    {"proof-1", "proof-2", "its format"},
		"capitals":          {f.Anchor.BlockHash.String(), strings.ToUpper(f.Anchor.BlockHash.String()), "hash"},
		"a capital address": {"0x00000000000000000000000000000000000000ad", "0x00000000000000000000000000000000000000AD", "one form"},
		"a member less":     {`"position":2,`, ``, "missing"},
		"no transaction":    {f.Anchor.Tx.String(), journal.Hash{}.String(), "one form"},
		"a member more":     {`{"format"`, `{"a":1,"format"`, "unknown"},
		"a member twice":    {`"position":2,`, `"position":2,"position":2,`, "duplicate"},
		"null":              {`"position":2`, `"position":null`, "null"},
		"a capital node":    {`"nodes":["0xf`, `"nodes":["0xF`, "one form"},
	} {
		edited := strings.Replace(string(text), c.old, c.new, 1)
		if edited == string(text) {
			t.Errorf("%s: nothing is edited", name)
		}
		if _, err := auditproof.Parse([]byte(edited)); !errors.Is(err, auditproof.ErrFile) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := auditproof.Parse(append(bytes.Repeat([]byte(" "), auditproof.MaxFile), text...)); !errors.Is(err, auditproof.ErrFile) {
		t.Error(err)
	}
}

// FuzzFile: what is taken for a proof file is one whose values read back.
func FuzzFile(f *testing.F) {
	_, file, r := proven(f)
	text, err := file.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"format":"agentkeys-audit-proof-1"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := auditproof.Parse(text)
		if err != nil {
			return
		}
		again, err := got.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := auditproof.Parse(again); err != nil {
			t.Fatalf("%s\n%v", again, err)
		}
		// Whatever verifies has the values of the file that was made.
		if _, err := got.Verify(context.Background(), r, auditproof.Expected{Chain: deployed}); err == nil {
			made, _ := file.Encode()
			got.Receipt, file.Receipt = nil, nil
			have, _ := strictjson.Encode(got)
			want, _ := strictjson.Encode(file)
			if !bytes.Equal(have, want) && got.Leaf == file.Leaf {
				t.Fatalf("%s\n%s", have, made)
			}
		}
	})
}
