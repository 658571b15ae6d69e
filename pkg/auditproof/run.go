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

// ReadRun takes the entries of a batch from leaves, which begin at its first
// position: that they follow each other, carry the receipts of their emitters, and
// yield the batch's root. Whoever anchors or keeps a batch looks at this first. An
// entry that is not genuine is a [*Fault].
func ReadRun(ctx context.Context, b Batch, e Emitters, leaves iter.Seq2[[]byte, error]) (Run, error) {
	if err := b.check(); err != nil {
		return Run{}, fmt.Errorf("%w: batch %d: %w", ErrNotGenuine, b.Index, err)
	}
	out := Run{Batch: b}
	report := Report{}
	w := &walk{Checking: Checking{Operator: b.Operator, Emitters: e}, report: &report, position: b.First - 1, batches: []claimed{{Claim: Claim{Batch: b}}}, numbers: numbers{}, ids: identifiers{}}
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
		if len(out.Leaves) == 0 {
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
