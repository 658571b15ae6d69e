package auditproof

import (
	"errors"
	"fmt"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
	"github.com/litentry/agentkeys/pkg/omni"
)

// Batch is a run of entries whose root is on chain, or will be.
type Batch struct {
	// Operator is whose journal it is; absent for the events of no operator.
	Operator omni.Operator `json:"operator_omni,omitzero"`
	// Index is the batch's place on chain, from 0.
	Index uint64 `json:"index"`
	// First is the position of its first entry, from 1; Count follow each other.
	First uint64       `json:"first"`
	Count uint64       `json:"count"`
	Root  journal.Hash `json:"root"`
}

// Last is the position of the last entry.
func (b Batch) Last() uint64 { return b.First + b.Count - 1 }

func (b Batch) check() error {
	switch {
	case b.Count == 0 || b.Count > journal.MaxBatch:
		return fmt.Errorf("a batch has 1 to %d entries", journal.MaxBatch)
	case b.First == 0 || b.First > journal.MaxSequence || b.Last() > journal.MaxSequence || b.Index > journal.MaxSequence:
		return errors.New("a batch stands where none can")
	case b.Root == journal.Hash{}:
		return errors.New("a batch has a root")
	}
	return nil
}

// rebuilt compares the root with that of its leaves.
func (b Batch) rebuilt(leaves []merkle.Hash) error {
	tree, err := merkle.New(leaves)
	if err != nil || journal.Hash(tree.Root()) != b.Root || uint64(len(leaves)) != b.Count {
		return &Fault{Operator: b.Operator, Position: b.First, Reason: fmt.Sprintf("begins batch %d, whose root is not that of its entries", b.Index)}
	}
	return nil
}

// Anchor is the transaction that put a root on chain.
type Anchor struct {
	Block     uint64       `json:"block"`
	BlockHash journal.Hash `json:"block_hash"`
	// Tx is absent only in what was verified offline.
	Tx journal.Hash `json:"tx,omitzero"`
}

func (a Anchor) valid() bool {
	return a.Block != 0 && a.Block <= journal.MaxSequence && a.BlockHash != journal.Hash{} && a.Tx != journal.Hash{}
}

func treeOf(leaves [][]byte) (*merkle.Tree, error) {
	out := make([]merkle.Hash, len(leaves))
	for i, l := range leaves {
		out[i] = merkle.Leaf(l)
	}
	return merkle.New(out)
}

func hashes(in []merkle.Hash) []journal.Hash {
	out := make([]journal.Hash, len(in))
	for i, h := range in {
		out[i] = journal.Hash(h)
	}
	return out
}

func nodes(in []journal.Hash) []merkle.Hash {
	out := make([]merkle.Hash, len(in))
	for i, h := range in {
		out[i] = merkle.Hash(h)
	}
	return out
}
