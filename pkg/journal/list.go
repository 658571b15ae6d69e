package journal

import (
	"context"
	"fmt"

	"github.com/litentry/agentkeys/pkg/omni"
)

// Batches are an operator's from an index on, at most limit (1 to MaxPage), in
// the order of their indices.
func (j *Journal) Batches(ctx context.Context, o omni.Operator, from uint64, limit int) ([]Batch, error) {
	if limit < 1 || limit > MaxPage || from > MaxSequence {
		return nil, fmt.Errorf("%w: a page has 1 to %d batches", ErrInvalid, MaxPage)
	}
	b := o.Bytes()
	return j.batches(ctx, sqlBatchesFrom, b[:], int64(from), limit)
}

const sqlUnfinishedOperators = `
SELECT DISTINCT operator FROM batches WHERE state <> 'confirmed' ORDER BY operator`

// UnfinishedOperators are those with batches that are not confirmed.
func (j *Journal) UnfinishedOperators(ctx context.Context) ([]omni.Operator, error) {
	rows, err := j.read.QueryContext(ctx, sqlUnfinishedOperators)
	if err != nil {
		return nil, fmt.Errorf("read batches: %w", err)
	}
	defer rows.Close()
	var out []omni.Operator
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return nil, fmt.Errorf("read batches: %w", err)
		}
		out = append(out, operatorOf(b))
	}
	return out, rows.Err()
}
