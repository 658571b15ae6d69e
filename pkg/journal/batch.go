package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/merkle"
	"github.com/litentry/agentkeys/pkg/omni"
)

// MaxBatch is the greatest number of entries in a batch.
const MaxBatch = 1 << 20

// Batch is a run of entries whose root is, or will be, on chain.
type Batch struct {
	Operator omni.Operator
	// Index is the batch's place on chain (CredentialAudit.appendRoot), from 0.
	Index uint64
	// First is the position of its first entry; Count entries follow each other
	// from there.
	First, Count uint64
	Root         merkle.Hash
	Anchor       Anchor
}

// last is the position of the last entry.
func (b Batch) last() uint64 { return b.First + b.Count - 1 }

// Build puts what is in no batch yet into the next one, at most limit entries
// (0: MaxBatch), in their order, and returns once it is durable. It verifies the
// chain of what it takes: a *Damage is not anchored. Errors: ErrNothing;
// ErrMoved if another one was built meanwhile. The zero operator's batches can be
// built and proven, but no contract takes them.
func (j *Journal) Build(ctx context.Context, o omni.Operator, limit int) (Batch, error) {
	if limit < 0 || limit > MaxBatch {
		return Batch{}, fmt.Errorf("%w: a batch has 1 to %d entries", ErrInvalid, MaxBatch)
	}
	if limit == 0 {
		limit = MaxBatch
	}
	h, err := j.Head(ctx, o)
	if err != nil {
		return Batch{}, err
	}
	if h.Covered == h.Position {
		return Batch{}, ErrNothing
	}
	b := Batch{Operator: o, Index: h.Batches, First: h.Covered + 1, Count: min(uint64(limit), h.Position-h.Covered), Anchor: Anchor{State: Built}}
	if b.Root, err = j.rootOf(ctx, b); err != nil {
		return Batch{}, err
	}
	err = j.submit(ctx, 1, func(ctx context.Context, g *group) (refusal, fault error) {
		return j.insertBatch(ctx, g, b)
	}, o)
	if err != nil {
		return Batch{}, err
	}
	return b, nil
}

// rootOf is the root over a batch's entries, each verified to follow the other.
func (j *Journal) rootOf(ctx context.Context, b Batch) (merkle.Hash, error) {
	o, before := b.Operator.Bytes(), Genesis(b.Operator)
	if b.First > 1 {
		var hash []byte
		err := j.read.QueryRowContext(ctx, sqlHashAt, o[:], int64(b.First-1)).Scan(&hash)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return merkle.Hash{}, &Damage{b.Operator, b.First - 1, "is missing"}
		case err != nil:
			return merkle.Hash{}, fmt.Errorf("build a batch: %w", err)
		}
		before = to32(hash)
	}
	leaves := make([]merkle.Hash, 0, b.Count)
	if _, err := j.walk(ctx, b.Operator, b.First-1, before, b.last(), func(s Stored) error {
		leaves = append(leaves, merkle.Leaf(s.Leaf))
		return nil
	}); err != nil {
		return merkle.Hash{}, err
	}
	tree, err := merkle.New(leaves)
	if err != nil {
		return merkle.Hash{}, err
	}
	return tree.Root(), nil
}

func (j *Journal) insertBatch(ctx context.Context, g *group, b Batch) (refusal, fault error) {
	o := b.Operator.Bytes()
	var behind int64
	if err := g.stmt(ctx, j.st.batchesBehind).QueryRowContext(ctx, o[:], int64(b.Index), int64(b.First)).Scan(&behind); err != nil {
		return nil, fmt.Errorf("build a batch: %w", err)
	}
	if behind != 0 {
		return ErrMoved, nil
	}
	n, err := affected(g.stmt(ctx, j.st.cover).ExecContext(ctx, int64(b.last()), o[:], int64(b.Index), int64(b.First-1)))
	switch {
	case err != nil:
		return nil, fmt.Errorf("build a batch: %w", err)
	case n == 0:
		return ErrMoved, nil
	}
	a := b.Anchor
	_, err = g.stmt(ctx, j.st.insertBatch).ExecContext(ctx, o[:], int64(b.Index), int64(b.First), int64(b.Count), b.Root[:],
		string(a.State), a.Tx[:], int64(a.Block), a.BlockHash[:])
	if err != nil {
		return nil, fmt.Errorf("build a batch: %w", err)
	}
	return nil, nil
}

// Pending is how much of an operator's journal is in no batch yet.
type Pending struct {
	Operator omni.Operator
	Count    uint64
	// Oldest is when the first of it was received.
	Oldest time.Time
}

// Pending lists the journals with entries in no batch, the zero operator's among
// them.
func (j *Journal) Pending(ctx context.Context) ([]Pending, error) {
	rows, err := j.read.QueryContext(ctx, sqlPending)
	if err != nil {
		return nil, fmt.Errorf("list what is pending: %w", err)
	}
	defer rows.Close()
	var out []Pending
	for rows.Next() {
		var operator []byte
		var count, oldest int64
		if err := rows.Scan(&operator, &count, &oldest); err != nil {
			return nil, fmt.Errorf("list what is pending: %w", err)
		}
		out = append(out, Pending{operatorOf(operator), uint64(count), time.UnixMilli(oldest).UTC()})
	}
	return out, rows.Err()
}

// Batch is the one with this index, or ErrUnknown.
func (j *Journal) Batch(ctx context.Context, o omni.Operator, index uint64) (Batch, error) {
	b := o.Bytes()
	return scanBatch(j.read.QueryRowContext(ctx, sqlBatchAt, b[:], int64(index)))
}

// Unfinished are the batches that are not confirmed, at most limit, in the order
// of their indices: where anchoring goes on after a crash.
func (j *Journal) Unfinished(ctx context.Context, o omni.Operator, limit int) ([]Batch, error) {
	b := o.Bytes()
	return j.batches(ctx, sqlUnfinished, b[:], limit)
}

func (j *Journal) batches(ctx context.Context, query string, args ...any) ([]Batch, error) {
	rows, err := j.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read batches: %w", err)
	}
	defer rows.Close()
	var out []Batch
	for rows.Next() {
		b, err := scanBatch(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, rows.Err()
}

func scanBatch(row interface{ Scan(...any) error }) (Batch, error) {
	var b Batch
	var operator, root, tx, blockHash []byte
	var index, first, count, block int64
	err := row.Scan(&operator, &index, &first, &count, &root, &b.Anchor.State, &tx, &block, &blockHash)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Batch{}, ErrUnknown
	case err != nil:
		return Batch{}, fmt.Errorf("read a batch: %w", err)
	}
	b.Operator, b.Index, b.First, b.Count, b.Root = operatorOf(operator), uint64(index), uint64(first), uint64(count), to32(root)
	b.Anchor.Tx, b.Anchor.Block, b.Anchor.BlockHash = to32(tx), uint64(block), to32(blockHash)
	return b, nil
}

// operatorOf is the operator of a column, whose length the schema holds.
func operatorOf(b []byte) omni.Operator {
	o, err := omni.OperatorFromBytes(to32(b))
	if err != nil {
		return omni.Operator{} // no operator's
	}
	return o
}
