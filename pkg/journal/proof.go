package journal

import (
	"context"
	"fmt"

	"github.com/litentry/agentkeys/pkg/merkle"
)

// Proof shows that an event is in a batch: merkle.Verify(Batch.Root, Batch.Count,
// Leaf, Siblings), which the contract repeats against what was anchored.
type Proof struct {
	Batch Batch
	// Position is the event's in its journal; it is Position - Batch.First in the
	// tree, from 0.
	Position uint64
	Leaf     []byte
	Siblings []merkle.Hash
}

// Proof is the proof of the event with this identifier. Errors: ErrUnknown,
// ErrNotBatched, and a *Damage when the stored entries do not yield the root that
// was built.
func (j *Journal) Proof(ctx context.Context, id string) (Proof, error) {
	s, err := j.Event(ctx, id)
	if err != nil {
		return Proof{}, err
	}
	o := s.Event.Operator.Bytes()
	found, err := j.batches(ctx, sqlBatchOf, o[:], int64(s.Position))
	if err != nil {
		return Proof{}, err
	}
	if len(found) == 0 || found[0].last() < s.Position {
		return Proof{}, ErrNotBatched
	}
	b := found[0]
	tree, err := j.treeFor(ctx, b)
	if err != nil {
		return Proof{}, err
	}
	p := Proof{b, s.Position, s.Leaf, tree.Proof(int(s.Position - b.First))}
	if !merkle.Verify(b.Root, b.Count, p.Leaf, p.Siblings) {
		return Proof{}, &Damage{b.Operator, s.Position, "is not the one that was put into its batch"}
	}
	return p, nil
}

// treeFor is the tree of a batch. The last one is kept: proofs are asked for
// batch by batch, and a tree is up to 64 MiB. No two batches have one root: a leaf
// names its journal and position.
func (j *Journal) treeFor(ctx context.Context, b Batch) (*merkle.Tree, error) {
	j.treeMu.Lock()
	defer j.treeMu.Unlock()
	if j.tree != nil && j.tree.Root() == b.Root {
		return j.tree, nil
	}
	leaves, err := j.leaves(ctx, b)
	if err != nil {
		return nil, err
	}
	tree, err := merkle.New(leaves)
	if err != nil {
		return nil, err
	}
	if tree.Root() != b.Root {
		return nil, &Damage{b.Operator, b.First, fmt.Sprintf("begins batch %d, whose root is not that of its entries", b.Index)}
	}
	j.tree = tree
	return tree, nil
}

// leaves are those of a batch, in their order.
func (j *Journal) leaves(ctx context.Context, b Batch) ([]merkle.Hash, error) {
	o := b.Operator.Bytes()
	rows, err := j.read.QueryContext(ctx, sqlRecords, o[:], int64(b.First), int64(b.First+b.Count))
	if err != nil {
		return nil, fmt.Errorf("read a batch: %w", err)
	}
	defer rows.Close()
	var leaves []merkle.Hash
	next := b.First
	for ; rows.Next(); next++ {
		var position int64
		var record []byte
		if err := rows.Scan(&position, &record); err != nil {
			return nil, fmt.Errorf("read a batch: %w", err)
		}
		if uint64(position) != next {
			return nil, &Damage{b.Operator, next, "is missing"}
		}
		leaves = append(leaves, merkle.Leaf(record))
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read a batch: %w", err)
	}
	if next != b.First+b.Count {
		return nil, &Damage{b.Operator, next, "is missing"}
	}
	return leaves, nil
}
