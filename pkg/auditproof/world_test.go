package auditproof_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

var noon = time.Date(2027, 3, 4, 12, 0, 0, 0, time.UTC)

// book is a journal that a test writes by hand, and may write wrongly.
type book struct {
	op       omni.Operator
	key      jose.PrivateKey
	source   string
	sequence uint64
	records  []journal.Record
	batches  []auditproof.Batch
}

func newBook(t testing.TB) *book {
	t.Helper()
	k, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return &book{op: omni.OperatorOfWallet([20]byte{1}), key: k, source: audit.NewSource("signer", k.Public(), "1")}
}

func id(name string) string {
	sum := sha256.Sum256([]byte(name))
	return jose.EncodeSegment(sum[:16])
}

// event is a decision of a role, told apart by its number.
func (b *book) event(n int) audit.Event {
	return audit.Event{
		ID: id(fmt.Sprint("event ", n)), Time: noon.Add(time.Duration(n) * time.Second), Emitter: "signer", Operator: b.op,
		Actor: omni.ActorOfWallet([20]byte{2}), Class: service.Credentials, Op: service.OpFetch, Service: "github", Result: audit.Allowed,
	}
}

// decide appends n decisions, each with its receipt.
func (b *book) decide(t testing.TB, n int) {
	t.Helper()
	for range n {
		b.add(t, b.event(len(b.records)+1))
	}
}

func (b *book) add(t testing.TB, e audit.Event) {
	t.Helper()
	r := journal.Record{Event: e, Position: uint64(len(b.records)) + 1, Previous: journal.Genesis(b.op), Received: e.Time, Source: e.Emitter}
	if e.Result != audit.Noted {
		b.sequence++
		receipt, err := audit.Sign(b.key, b.source, b.sequence, e)
		if err != nil {
			t.Fatal(err)
		}
		r.Sequence, r.Signature, r.Source = b.sequence, receipt, b.source
	}
	if n := len(b.records); n > 0 {
		r.Previous = journal.HashOf(leafOf(t, b.records[n-1]))
	}
	b.records = append(b.records, r)
}

// note appends words of the operator.
func (b *book) note(t testing.TB, text string) {
	t.Helper()
	b.add(t, audit.Event{
		ID: id(text), Time: noon, Emitter: audit.EmitterOperator, Operator: b.op, Actor: omni.Self(b.op),
		Op: "deploy", Result: audit.Noted, Note: text,
	})
}

func leafOf(t testing.TB, r journal.Record) []byte {
	t.Helper()
	text, err := strictjson.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// leaves are those of a batch, or all of them.
func (b *book) leaves(t testing.TB, of ...auditproof.Batch) (out [][]byte) {
	t.Helper()
	for _, r := range b.records {
		if len(of) == 0 || r.Position >= of[0].First && r.Position <= of[0].Last() {
			out = append(out, leafOf(t, r))
		}
	}
	return out
}

func treeOf(t testing.TB, leaves [][]byte) *merkle.Tree {
	t.Helper()
	var hashes []merkle.Hash
	for _, l := range leaves {
		hashes = append(hashes, merkle.Leaf(l))
	}
	tree, err := merkle.New(hashes)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// cut puts what is in no batch yet into the next one.
func (b *book) cut(t testing.TB) auditproof.Batch {
	t.Helper()
	next := auditproof.Batch{Operator: b.op, Index: uint64(len(b.batches)), First: 1}
	if n := len(b.batches); n > 0 {
		next.First = b.batches[n-1].Last() + 1
	}
	next.Count = uint64(len(b.records)) - next.First + 1
	next.Root = journal.Hash(treeOf(t, b.leaves(t, next)).Root())
	b.batches = append(b.batches, next)
	return next
}

// proof is that of the entry at a position, which is in a batch.
func (b *book) proof(t testing.TB, position uint64) auditproof.Proof {
	t.Helper()
	for _, batch := range b.batches {
		if position < batch.First || position > batch.Last() {
			continue
		}
		p := auditproof.Proof{Leaf: string(leafOf(t, b.records[position-1])), Position: position, Batch: batch, Siblings: []journal.Hash{}}
		for _, h := range treeOf(t, b.leaves(t, batch)).Proof(int(position - batch.First)) {
			p.Siblings = append(p.Siblings, journal.Hash(h))
		}
		return p
	}
	t.Fatal("in no batch")
	return auditproof.Proof{}
}
