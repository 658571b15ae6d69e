package journal

import (
	"context"
	"fmt"

	"github.com/litentry/agentkeys/pkg/store"
)

// A group goes to the server in a handful of statements, however many entries it
// has: what costs is the way there and back.
const (
	sqlKnown = `
SELECT id, operator, hash, record FROM entries WHERE id = ANY($1)`

	sqlEnds = `
SELECT operator, position, hash FROM heads WHERE operator = ANY($1)`

	sqlInsertAll = `
INSERT INTO entries (operator, position, id, hash, record, received, source, sequence, actor, service, op, result, at, request)
SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bigint[], $7::text[],
  $8::bigint[], $9::bytea[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::text[])
ON CONFLICT DO NOTHING`

	sqlWriteEnds = `
INSERT INTO heads (operator, position, hash, batches, covered)
SELECT o, p, h, 0, 0 FROM unnest($1::bytea[], $2::bigint[], $3::bytea[]) AS ends (o, p, h)
ON CONFLICT (operator) DO UPDATE SET position = excluded.position, hash = excluded.hash`
)

// lookTogether reads what jobs will ask for.
func lookTogether(ctx context.Context, g *group, jobs []*job) error {
	var ids, operators [][]byte
	for _, w := range jobs {
		for i, id := range w.ids {
			o := w.operators[i].Bytes()
			if _, again := g.known[string(id)]; !again {
				g.known[string(id)], ids = nil, append(ids, id)
			}
			if _, again := g.ends[w.operators[i]]; !again {
				g.ends[w.operators[i]], operators = &end{hash: Genesis(w.operators[i])}, append(operators, o[:])
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := each(ctx, g, sqlKnown, ids, func(scan func(...any) error) error {
		var id []byte
		var is found
		if err := scan(&id, &is.operator, &is.hash, &is.record); err != nil {
			return err
		}
		g.known[string(id)] = &is
		return nil
	}); err != nil {
		return fmt.Errorf("look for events: %w", err)
	}
	if err := each(ctx, g, sqlEnds, operators, func(scan func(...any) error) error {
		var operator, hash []byte
		var position int64
		if err := scan(&operator, &position, &hash); err != nil {
			return err
		}
		g.ends[operatorOf(operator)] = &end{position: uint64(position), hash: to32(hash)}
		return nil
	}); err != nil {
		return fmt.Errorf("read the heads: %w", err)
	}
	return nil
}

func each(ctx context.Context, g *group, text string, keys [][]byte, visit func(scan func(...any) error) error) error {
	rows, err := g.stmt(ctx, g.own[text]).QueryContext(ctx, store.Array(keys))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := visit(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// flushTogether writes what waits, and the heads that moved.
func flushTogether(ctx context.Context, g *group) error {
	if len(g.waiting) == 0 {
		return nil
	}
	n, err := affected(g.stmt(ctx, g.own[sqlInsertAll]).ExecContext(ctx, columnArrays(g.waiting)...))
	switch {
	case err != nil:
		return fmt.Errorf("append: %w", err)
	case n != int64(len(g.waiting)):
		return errTogether
	}
	var ends [][]any
	for o, e := range g.ends {
		if e.changed {
			b := o.Bytes()
			ends = append(ends, []any{b[:], int64(e.position), e.hash[:]})
		}
	}
	if _, err := g.stmt(ctx, g.own[sqlWriteEnds]).ExecContext(ctx, columnArrays(ends)...); err != nil {
		return fmt.Errorf("write the heads: %w", err)
	}
	return nil
}

// columnArrays are rows as one array for each column.
func columnArrays(rows [][]any) []any {
	out := make([]any, len(rows[0]))
	for c, first := range rows[0] {
		switch first.(type) {
		case []byte:
			out[c] = store.Array(column[[]byte](rows, c))
		case int64:
			out[c] = store.Array(column[int64](rows, c))
		case string:
			out[c] = store.Array(column[string](rows, c))
		}
	}
	return out
}

func column[T any](rows [][]any, c int) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i], _ = r[c].(T)
	}
	return out
}
