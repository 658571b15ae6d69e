package journal

import (
	"context"
	"fmt"
	"reflect"

	"github.com/litentry/agentkeys/pkg/merkle"
	"github.com/litentry/agentkeys/pkg/omni"
)

// Damage names the first entry of a journal that is not what was written.
type Damage struct {
	Operator omni.Operator
	Position uint64
	Reason   string
}

// Error implements error.
func (d *Damage) Error() string {
	return fmt.Sprintf("journal of %s: entry %d %s", d.Operator, d.Position, d.Reason)
}

// pageRows is how many entries one statement of a walk reads.
const pageRows = 512

// Verify walks an operator's journal from its first entry to the end that it
// has when it begins, and all batches: every hash, every link, every column
// against the record, every root. The first bad entry is a *Damage; where two
// neighbours contradict each other, the earlier of them. It answers the head
// that it reached. Appending goes on meanwhile.
func (j *Journal) Verify(ctx context.Context, o omni.Operator) (Head, error) {
	h, b, err := j.head(ctx, o)
	if err != nil {
		return Head{}, err
	}
	if h.Position == 0 {
		return h, j.orphans(ctx, o)
	}
	batches, damage, err := j.runs(ctx, o, h, b)
	if err != nil {
		return Head{}, err
	}
	to := h.Position
	if damage != nil {
		to = min(to, damage.Position-1)
	}
	var leaves []merkle.Hash
	last, err := j.walk(ctx, o, 0, Genesis(o), to, func(s Stored) error {
		if len(batches) == 0 {
			return nil
		}
		leaves = append(leaves, merkle.Leaf(s.Leaf))
		if s.Position < batches[0].last() {
			return nil
		}
		tree, err := merkle.New(leaves)
		if err != nil {
			return err
		}
		if tree.Root() != batches[0].Root {
			return &Damage{o, batches[0].First, fmt.Sprintf("begins batch %d, whose root is not that of its entries", batches[0].Index)}
		}
		batches, leaves = batches[1:], leaves[:0]
		return nil
	})
	switch {
	case err != nil:
		return Head{}, err
	case damage != nil:
		return Head{}, damage
	case last != h.Hash:
		return Head{}, &Damage{o, h.Position, "is not the one that the head names"}
	case b.last > h.Position:
		return Head{}, &Damage{o, h.Position + 1, "stands behind the end"}
	}
	return h, nil
}

// orphans looks for what a journal without a head has nevertheless.
func (j *Journal) orphans(ctx context.Context, o omni.Operator) error {
	b := o.Bytes()
	var entries, batches int64
	if err := j.read.QueryRowContext(ctx, sqlOrphans, b[:], b[:]).Scan(&entries, &batches); err != nil {
		return fmt.Errorf("verify the journal: %w", err)
	}
	if entries == 0 && batches == 0 {
		return nil
	}
	// The first append may have come between the two looks.
	if h, _, err := j.head(ctx, o); err != nil || h.Position > 0 {
		return err
	}
	return &Damage{o, 1, "belongs to a journal without a head"}
}

// runs reads the batches up to the head's, in their order, and finds the first
// that does not follow the one before it. It returns those before the damage.
func (j *Journal) runs(ctx context.Context, o omni.Operator, h Head, b behind) ([]Batch, *Damage, error) {
	var out []Batch
	covered, id := uint64(0), o.Bytes()
	bad := func(what string) ([]Batch, *Damage, error) {
		return out, &Damage{o, covered + 1, fmt.Sprintf("should begin batch %d, which %s", len(out), what)}, nil
	}
	for uint64(len(out)) < h.Batches {
		page, err := j.batches(ctx, sqlBatchesFrom, id[:], len(out), min(pageRows, int(h.Batches)-len(out)))
		if err != nil {
			return nil, nil, err
		}
		if len(page) == 0 {
			return bad("is missing")
		}
		for _, n := range page {
			switch {
			case n.Index != uint64(len(out)):
				return bad("is missing")
			case n.First != covered+1 || n.Count > MaxBatch || n.last() > h.Covered:
				return bad("covers other entries")
			case !n.Anchor.valid():
				return bad("is in no state that there is")
			}
			out, covered = append(out, n), n.last()
		}
	}
	if covered != h.Covered || b.batches != h.Batches {
		return bad("the head does not know")
	}
	return out, nil, nil
}

// walk visits the entries behind position from, which has the hash before, up to
// position to, each verified against the one before it. It answers the hash of
// the last.
func (j *Journal) walk(ctx context.Context, o omni.Operator, from uint64, before Hash, to uint64, visit func(Stored) error) (Hash, error) {
	for from < to {
		page, err := j.page(ctx, o, from, to)
		if err != nil {
			return Hash{}, err
		}
		if len(page) == 0 {
			return Hash{}, &Damage{o, from + 1, "is missing"}
		}
		for _, r := range page {
			if r.position != from+1 {
				return Hash{}, &Damage{o, from + 1, "is missing"}
			}
			s, err := r.verify(o)
			if err != nil {
				return Hash{}, err
			}
			if s.Previous != before {
				return Hash{}, &Damage{o, max(from, 1), "is not the one that its neighbour knows"}
			}
			if err := visit(s); err != nil {
				return Hash{}, err
			}
			from, before = s.Position, s.Hash
		}
	}
	return before, nil
}

// page reads one statement's worth of rows.
func (j *Journal) page(ctx context.Context, o omni.Operator, from, to uint64) ([]row, error) {
	b := o.Bytes()
	rows, err := j.read.QueryContext(ctx, sqlWalk, b[:], int64(from), int64(to), pageRows)
	if err != nil {
		return nil, fmt.Errorf("walk the journal: %w", err)
	}
	defer rows.Close()
	var out []row
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return nil, fmt.Errorf("walk the journal: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// row is an entry's row, not yet believed.
type row struct {
	operator     omni.Operator
	position     uint64
	hash, record []byte
	columns      []any
}

func scanRow(from interface{ Scan(...any) error }) (row, error) {
	var operator, id, hash, record, actor []byte
	var position, received, sequence, at int64
	var source, service, op, result, request string
	if err := from.Scan(&operator, &position, &id, &hash, &record, &received, &source, &sequence, &actor, &service, &op, &result, &at, &request); err != nil {
		return row{}, err
	}
	return row{operatorOf(operator), uint64(position), hash, record, []any{
		operator, position, id, hash, record, received, source, sequence, actor, service, op, result, at, request,
	}}, nil
}

// verify holds a row against its own hash, its record and its place.
func (r row) verify(o omni.Operator) (Stored, error) {
	bad := func(reason string) (Stored, error) { return Stored{}, &Damage{o, r.position, reason} }
	if HashOf(r.record) != to32(r.hash) {
		return bad("was edited: its hash is another")
	}
	rec, err := DecodeRecord(r.record)
	if err != nil {
		return bad("is no record")
	}
	if rec.Position != r.position || rec.Event.Operator != o {
		return bad("was moved here from elsewhere")
	}
	want, err := columns(rec, to32(r.hash), r.record)
	if err != nil || !reflect.DeepEqual(want, r.columns) {
		return bad("was edited: its columns contradict its record")
	}
	return Stored{rec, to32(r.hash), r.record}, nil
}

// scanEntry reads one row of a query and verifies it by itself.
func scanEntry(from interface{ Scan(...any) error }) (Stored, error) {
	r, err := scanRow(from)
	if err != nil {
		return Stored{}, fmt.Errorf("read the journal: %w", err)
	}
	return r.verify(r.operator)
}
