package auditproof

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
)

// Run is the entries of one batch, each genuine as far as it goes.
type Run struct {
	Batch  Batch
	Leaves [][]byte
	Tree   *merkle.Tree
}

// Hash is that of the last entry, which the batch behind it follows.
func (r Run) Hash() journal.Hash { return journal.HashOf(r.Leaves[len(r.Leaves)-1]) }

// ReadRun takes the entries of a batch from leaves, which begin at its first
// position: that they follow each other, carry the receipts of their emitters, and
// yield the batch's root. Whoever anchors or keeps a batch looks at this first.
// previous is the hash of the entry before them; zero where it is not known. An
// entry that is not genuine is a [*Fault].
func ReadRun(ctx context.Context, b Batch, previous journal.Hash, e Emitters, leaves iter.Seq2[[]byte, error]) (Run, error) {
	if err := b.check(); err != nil {
		return Run{}, fmt.Errorf("%w: batch %d: %w", ErrNotGenuine, b.Index, err)
	}
	out := Run{Batch: b}
	report := Report{}
	w := &walk{Checking: Checking{Operator: b.Operator, Emitters: e}, report: &report, position: b.First - 1, hash: previous, batches: []claimed{{Claim: Claim{Batch: b}}}, numbers: numbers{}, ids: identifiers{}}
	for leaf, err := range leaves {
		var fault *Fault
		switch {
		case errors.As(err, &fault):
			return Run{}, fault
		case err != nil:
			return Run{}, fmt.Errorf("reading batch %d: %w", b.Index, err)
		case ctx.Err() != nil:
			return Run{}, ctx.Err()
		}
		if len(out.Leaves) == 0 && previous == (journal.Hash{}) {
			// What the first entry follows is under the root, as all of it is.
			if r, err := journal.DecodeRecord(leaf); err == nil {
				w.hash = r.Previous
			}
		}
		if w.visit(leaf) != nil {
			break
		}
		if out.Leaves = append(out.Leaves, leaf); uint64(len(out.Leaves)) == b.Count {
			break
		}
	}
	w.end()
	if report.First != nil {
		return Run{}, report.First
	}
	tree, err := treeOf(out.Leaves)
	out.Tree = tree
	return out, err
}

// EndOf is the hash of the last entry of a batch that is on chain, which the next
// batch follows. first and last are the proofs of its first and last entries: both
// are under the root, and since a batch has no more entries than it counts, it
// begins and ends there. What is wrong is a [*Fault].
func EndOf(b Batch, first, last Proof) (journal.Hash, error) {
	for position, p := range map[uint64]Proof{b.First: first, b.Last(): last} {
		if p.Batch != b || p.Position != position {
			return journal.Hash{}, &Fault{Operator: b.Operator, Position: position, Reason: fmt.Sprintf("should be at an end of batch %d, and what is shown for it is elsewhere", b.Index)}
		}
		if _, err := p.Check(); err != nil {
			return journal.Hash{}, err
		}
	}
	return journal.HashOf([]byte(last.Leaf)), nil
}
