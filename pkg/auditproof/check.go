package auditproof

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// Source is an operator's journal as somebody shows it. Nothing of it is
// believed. An error that is a [*Fault] names what is not genuine; every other one
// says that there was no answer.
type Source interface {
	// Batches are all batches, in the order of their indices.
	Batches(ctx context.Context) iter.Seq2[Claim, error]
	// Leaves are all records in their encoding, in the order of their positions.
	Leaves(ctx context.Context) iter.Seq2[[]byte, error]
}

// Claim is a batch, and whether whoever shows it calls it anchored.
type Claim struct {
	Batch
	Anchored bool
}

// Checking says whose journal is checked, and against what.
type Checking struct {
	Operator omni.Operator
	Emitters Emitters
	Roots    Roots
	// Seen is told the position of each entry that was looked at; nil: nobody is.
	Seen func(position uint64)
}

// Report is how a journal stands. It is sound when nothing in it is wrong; see
// [Report.Sound].
type Report struct {
	Operator omni.Operator `json:"operator_omni,omitzero"`
	// Events is how many entries were found genuine, Notes how many of them are
	// notes, and Hash that of the last.
	Events uint64       `json:"events"`
	Notes  uint64       `json:"notes"`
	Hash   journal.Hash `json:"hash"`
	// Batches is how many follow each other; Anchored of them have their root on
	// chain, the others wait for it.
	Batches  uint64 `json:"batches"`
	Anchored uint64 `json:"anchored"`
	// Covered is the position of the last entry whose root is on chain: what lies
	// behind it is held together by hashes and receipts alone.
	Covered uint64 `json:"covered"`
	// Roots is how many the chain has.
	Roots uint64 `json:"roots"`
	// First is the first entry that is not genuine; nil without one.
	First *Fault `json:"first_bad,omitzero"`
	// Unexplained are the roots on chain that are those of no batch.
	Unexplained []Unexplained `json:"unexplained_roots,omitzero"`
	// Missing are the batches that are called anchored, and are not on chain.
	Missing []uint64 `json:"missing_on_chain,omitzero"`
	// Numbers are those of the emitters.
	Numbers []Numbers `json:"numbers"`
}

// Unexplained is a root on chain that no batch has.
type Unexplained struct {
	Index uint64 `json:"index"`
	Root
}

// Sound reports whether nothing is wrong. Numbers that are not here may be in
// another operator's journal; one that two events have, each with its receipt, is
// the fault of the emitter, not of the journal.
func (r Report) Sound() bool {
	return r.First == nil && len(r.Unexplained) == 0 && len(r.Missing) == 0
}

// blame keeps the fault at the lowest position.
func (r *Report) blame(f *Fault) {
	if r.First == nil || f.Position < r.First.Position {
		r.First = f
	}
}

// Check reads a whole journal and holds it against itself and against the chain.
// What is wrong stands in the report; an error says that the journal or the chain
// could not be read.
func Check(ctx context.Context, s Source, c Checking) (Report, error) {
	r := Report{Operator: c.Operator, Hash: journal.Genesis(c.Operator)}
	// Counted before the batches are listed: a root that is counted has its batch
	// in the list, however much is anchored meanwhile.
	var err error
	if !c.Operator.IsZero() { // no contract takes batches of no operator
		if r.Roots, _, err = c.Roots.Roots(ctx, c.Operator); err != nil {
			return r, err
		}
	}
	batches, behind, err := c.batches(ctx, s, &r)
	if err != nil {
		return r, err
	}
	if err := c.compare(ctx, batches, &r); err != nil {
		return r, err
	}
	r.Unexplained = slices.DeleteFunc(r.Unexplained, func(u Unexplained) bool {
		return slices.ContainsFunc(behind, func(b Batch) bool { return b.Index == u.Index && u.Root.of(b) })
	})
	w := &walk{Checking: c, report: &r, hash: r.Hash, batches: batches, numbers: numbers{}, ids: identifiers{}}
	if err := w.run(ctx, s); err != nil {
		return r, err
	}
	r.Numbers = w.numbers.list()
	return r, nil
}

// claimed is a batch, and what the chain says of it.
type claimed struct {
	Claim
	onChain bool
}

// batches reads the batches up to the first that does not follow the one before
// it; those behind it explain their roots, and cover nothing.
func (c Checking) batches(ctx context.Context, s Source, r *Report) (out []claimed, behind []Batch, err error) {
	covered, broken := uint64(0), false
	for b, err := range s.Batches(ctx) {
		var fault *Fault
		switch {
		case errors.As(err, &fault):
			r.blame(fault)
			return out, behind, nil
		case err != nil:
			return nil, nil, fmt.Errorf("reading the batches: %w", err)
		case broken:
			behind = append(behind, b.Batch)
			continue
		}
		if reason := c.misplaced(b.Batch, uint64(len(out)), covered+1); reason != "" {
			r.blame(&Fault{Operator: c.Operator, Position: covered + 1, Reason: fmt.Sprintf("should begin batch %d, %s", len(out), reason)})
			broken, behind = true, append(behind, b.Batch)
			continue
		}
		out, covered = append(out, claimed{Claim: b}), b.Last()
		r.Batches++
	}
	return out, behind, nil
}

// misplaced says why a batch is not the one with this index, which begins at this
// position.
func (c Checking) misplaced(b Batch, index, first uint64) string {
	switch bad := b.check(); {
	case bad != nil:
		return bad.Error()
	case b.Operator != c.Operator:
		return "which is another operator's"
	case b.Index != index:
		return "which is missing"
	case b.First != first:
		return fmt.Sprintf("which begins at entry %d", b.First)
	}
	return ""
}

// window is how many roots are asked for at once.
const window = 32

// compare holds the batches against the roots on chain.
func (c Checking) compare(ctx context.Context, batches []claimed, r *Report) error {
	if c.Operator.IsZero() {
		return nil
	}
	end := max(r.Roots, uint64(len(batches)))
	for from := uint64(0); from < end; from += window {
		var indices []uint64
		for i := from; i < min(from+window, end); i++ {
			indices = append(indices, i)
		}
		_, roots, err := c.Roots.Roots(ctx, c.Operator, indices...)
		if err != nil {
			return err
		}
		for i, root := range roots {
			c.match(indices[i], root, batches, r)
		}
	}
	return nil
}

func (c Checking) match(index uint64, root Root, batches []claimed, r *Report) {
	if index >= uint64(len(batches)) {
		if root != (Root{}) {
			r.Unexplained = append(r.Unexplained, Unexplained{index, root})
		}
		return
	}
	b := &batches[index]
	switch {
	case root == Root{}:
		if b.Anchored {
			r.Missing = append(r.Missing, index)
		}
	case root.of(b.Batch):
		b.onChain = true
		r.Anchored++
	default:
		r.Unexplained = append(r.Unexplained, Unexplained{index, root})
		r.blame(&Fault{Operator: c.Operator, Position: b.First, Reason: fmt.Sprintf("begins batch %d, for which the chain has another root", index)})
	}
}
