package auditproof

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// FileFormat is the format of a proof file.
const FileFormat = "agentkeys-audit-proof-1"

// MaxFile bounds a proof file, in bytes: the proof of a receipt may have to show a
// large one.
const MaxFile = 16 << 20

// ErrFile is wrapped by every refusal of a proof file's text.
var ErrFile = errors.New("not a proof file")

// Deployment is the audit contract of one chain.
type Deployment struct {
	ChainID  uint64         `json:"chain_id"`
	Contract common.Address `json:"contract"`
}

// File is all that it takes to verify one event against the chain, and with the
// proof of the receipt without asking anybody. Everything in it is proven or
// compared with what is: no byte of it can be another one. Offline the hash of the
// transaction is compared with itself alone, since no receipt names it. It holds
// nothing secret beyond what the event itself says.
type File struct {
	Format string     `json:"format"`
	Chain  Deployment `json:"chain"`
	// Leaf is the event's record in its one encoding.
	Leaf string `json:"leaf"`
	// Position is the event's in its journal, as the record says too.
	Position uint64         `json:"position"`
	Siblings []journal.Hash `json:"siblings"` // from the leaf up
	Batch    Rooted         `json:"batch"`
	// Anchor is where the batch's root was put on chain.
	Anchor Anchor `json:"anchor"`
	// Receipt proves the receipt of the anchor's transaction; nil if that was not
	// asked for.
	Receipt *chain.ReceiptProof `json:"receipt,omitzero"`
}

// Rooted is what the chain keeps of a batch: not where in the journal it begins.
type Rooted struct {
	Operator omni.Operator `json:"operator_omni"`
	Index    uint64        `json:"index"` // from 0
	Count    uint64        `json:"count"`
	Root     journal.Hash  `json:"root"`
}

// NewFile is the file of a proof whose batch is anchored.
func NewFile(d Deployment, p Proof, a Anchor) File {
	return File{
		Format: FileFormat, Chain: d, Leaf: p.Leaf, Position: p.Position, Siblings: p.Siblings, Anchor: a,
		Batch: Rooted{p.Batch.Operator, p.Batch.Index, p.Batch.Count, p.Batch.Root},
	}
}

// proof is what can be held against itself. Where the batch begins is not known:
// the entry is as good at its beginning as anywhere.
func (f File) proof() Proof {
	b := Batch{Operator: f.Batch.Operator, Index: f.Batch.Index, First: f.Position, Count: f.Batch.Count, Root: f.Batch.Root}
	return Proof{f.Leaf, f.Position, f.Siblings, b}
}

// Parse reads a proof file. Every value stands there in its one form; spaces, the
// order of members and how a string escapes its characters are free. Errors wrap
// [ErrFile]. Nothing is verified.
func Parse(text []byte) (File, error) {
	if len(text) > MaxFile {
		return File{}, fmt.Errorf("%w: it is larger than %d bytes", ErrFile, MaxFile)
	}
	var f File
	if err := strictjson.Decode(text, &f); err != nil {
		return File{}, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if f.Format != FileFormat {
		return File{}, fmt.Errorf("%w: its format is not %s", ErrFile, FileFormat)
	}
	again, err := f.Encode()
	if err != nil {
		return File{}, fmt.Errorf("%w: %w", ErrFile, err)
	}
	// Decoders of hashes take more than one spelling, and a member that is absent
	// decodes as zero.
	if have, err := plain(text); err != nil || !bytes.Equal(have, mustPlain(again)) {
		return File{}, fmt.Errorf("%w: a value is missing, or not in its one form", ErrFile)
	}
	return f, nil
}

// plain is a JSON text without what is free in it.
func plain(text []byte) ([]byte, error) {
	var v any
	if err := strictjson.Decode(text, &v); err != nil {
		return nil, err
	}
	return strictjson.Encode(v)
}

func mustPlain(text []byte) []byte {
	b, err := plain(text)
	if err != nil {
		return nil // equal to no text
	}
	return b
}

// Encode is the compact form.
func (f File) Encode() ([]byte, error) { return strictjson.Encode(f) }

// Expected is what a verifier knows by itself. A zero field is not compared, but
// Chain.
type Expected struct {
	Chain    Deployment
	Operator omni.Operator
	// Event is the identifier of the event that was asked about.
	Event string
	// Receipt is what somebody was handed for the event.
	Receipt string
	// Emitters are whose receipts count. Without them nobody looks at who signed
	// what the record carries: that it was anchored is all that is verified.
	Emitters Emitters
}

// Verified is an event that is on chain.
type Verified struct {
	Record journal.Record `json:"record"`
	Batch  Rooted         `json:"batch"`
	// Anchor is where the chain has it; without the transaction where nobody was
	// asked.
	Anchor Anchor `json:"anchor"`
	// AnchoredAt is the time of the anchor's block; zero where nobody was asked.
	AnchoredAt time.Time `json:"anchored_at,omitzero"`
}

// Verify holds a proof against the chain. It asks for nothing but the root, and
// where that was put on chain. A refusal wraps [ErrNotGenuine].
func (f File) Verify(ctx context.Context, r Roots, e Expected) (Verified, error) {
	rec, err := f.check(e)
	if err != nil {
		return Verified{}, err
	}
	root, at, ok, err := r.Anchored(ctx, f.Batch.Operator, f.Batch.Index)
	switch {
	case err != nil:
		return Verified{}, fmt.Errorf("asking the chain for batch %d: %w", f.Batch.Index, err)
	case !ok:
		return Verified{}, fmt.Errorf("%w: the chain has no batch %d of %s", ErrNotGenuine, f.Batch.Index, whose(f.Batch.Operator))
	case !root.is(f.Batch.Root, f.Batch.Count):
		return Verified{}, fmt.Errorf("%w: for batch %d the chain has the root %s over %d entries, the proof leads to %s over %d", ErrNotGenuine, f.Batch.Index, root.Root, root.Count, f.Batch.Root, f.Batch.Count)
	case at != f.Anchor:
		return Verified{}, fmt.Errorf("%w: batch %d was anchored in block %d by transaction %s, not where the proof says; if the chain was reorganised since, make the proof again", ErrNotGenuine, f.Batch.Index, at.Block, at.Tx)
	}
	if f.Receipt != nil {
		if err := f.checkReceipt(f.Anchor.BlockHash); err != nil {
			return Verified{}, err
		}
	}
	return Verified{rec, f.Batch, f.Anchor, root.AnchoredAt}, nil
}

// VerifyOffline holds a proof against the hash of a block of that chain, which
// the verifier has from elsewhere, and asks nobody. The block has the anchor; by
// which of its transactions is not answered, since a receipt does not name it. A
// refusal wraps [ErrNotGenuine].
func (f File) VerifyOffline(h Header, e Expected) (Verified, error) {
	rec, err := f.check(e)
	switch {
	case err != nil:
		return Verified{}, err
	case f.Receipt == nil:
		return Verified{}, fmt.Errorf("%w: the file has no proof of the receipt, so that only the chain itself can tell", ErrNoReceipt)
	case h.Hash != f.Anchor.BlockHash:
		return Verified{}, fmt.Errorf("%w: the proof is for block %s, the header is that of %s", ErrNotGenuine, f.Anchor.BlockHash, h.Hash)
	}
	if err := f.checkReceipt(h.Hash); err != nil {
		return Verified{}, err
	}
	return Verified{Record: rec, Batch: f.Batch, Anchor: Anchor{Block: f.Anchor.Block, BlockHash: f.Anchor.BlockHash}}, nil
}

// ErrNoReceipt says that a file cannot be verified offline.
var ErrNoReceipt = errors.New("no receipt proof")

// check is what needs neither chain nor header.
func (f File) check(e Expected) (journal.Record, error) {
	switch {
	case f.Chain != e.Chain:
		return journal.Record{}, fmt.Errorf("%w: the proof is for contract %s on chain %d, not for %s on chain %d", ErrNotGenuine, f.Chain.Contract, f.Chain.ChainID, e.Chain.Contract, e.Chain.ChainID)
	case f.Batch.Operator.IsZero():
		return journal.Record{}, fmt.Errorf("%w: the event has no operator, whose batches are on no chain", ErrNotGenuine)
	case !e.Operator.IsZero() && f.Batch.Operator != e.Operator:
		return journal.Record{}, fmt.Errorf("%w: the proof is for %s, not for %s", ErrNotGenuine, whose(f.Batch.Operator), whose(e.Operator))
	case !f.Anchor.valid():
		return journal.Record{}, fmt.Errorf("%w: the anchor has no transaction or no block", ErrNotGenuine)
	}
	r, err := f.proof().Check()
	switch {
	case err != nil:
		return journal.Record{}, err
	case e.Event != "" && r.Event.ID != e.Event:
		return journal.Record{}, fmt.Errorf("%w: the proof is for event %s, not for %s", ErrNotGenuine, r.Event.ID, e.Event)
	case e.Receipt != "":
		if err := Holds(r, e.Receipt); err != nil {
			return journal.Record{}, err
		}
	}
	if e.Emitters != nil {
		if err := e.Emitters.Receipt(r); err != nil {
			return journal.Record{}, fmt.Errorf("%w: %w", ErrNotGenuine, err)
		}
	}
	return r, nil
}

// checkReceipt: the block has a receipt in which the contract says that it took
// this root under this index, and the file's anchor is that transaction's.
func (f File) checkReceipt(block journal.Hash) error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: "+format, append([]any{ErrNotGenuine}, args...)...)
	}
	p := f.Receipt
	if got := p.BlockHash(); journal.Hash(got) != block {
		return bad("the header in the proof is that of block %s, not of %s", got, block)
	}
	r, err := p.Verify()
	switch {
	case err != nil:
		return bad("%w", err)
	case r.BlockNumber.Uint64() != f.Anchor.Block:
		return bad("the header in the proof is that of block %d, not of %d", r.BlockNumber, f.Anchor.Block)
	case journal.Hash(p.Tx) != f.Anchor.Tx:
		return bad("the proof of the receipt names another transaction than the anchor")
	}
	root, count, err := chain.RootAppendedIn(r, f.Chain.Contract, f.Batch.Operator, f.Batch.Index)
	switch {
	case err != nil:
		return bad("%w", err)
	case !(Root{Root: root, Count: count}).is(f.Batch.Root, f.Batch.Count):
		return bad("the transaction anchored the root %s over %d entries, the proof leads to %s over %d", journal.Hash(root), count, f.Batch.Root, f.Batch.Count)
	}
	return nil
}
