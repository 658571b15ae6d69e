package journal

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// some is how many entries of a group SQLite looks for, or writes, in one statement:
// each one costs the way into the library and back. What is left over goes one by one.
const some = 16

const (
	sqlKnownSome = `
SELECT id, operator, hash, record FROM entries WHERE id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

	// One more row for each of some but the first.
	oneMoreRow = `,
(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	beforeConflict = `
ON CONFLICT DO NOTHING`
)

// sqlInsertSome is sqlInsert with as many rows.
func sqlInsertSome() string {
	return strings.TrimSuffix(sqlInsert, beforeConflict) + strings.Repeat(oneMoreRow, some-1) + beforeConflict
}

// lookSome reads what jobs will ask for, but for what is left over.
func lookSome(ctx context.Context, g *group, jobs []*job) error {
	var ids []any
	for _, w := range jobs {
		for _, id := range w.ids {
			if _, again := g.known[string(id)]; again {
				continue
			}
			g.known[string(id)] = nil
			if ids = append(ids, id); len(ids) < some {
				continue
			}
			if err := lookForSome(ctx, g, ids); err != nil {
				return fmt.Errorf("look for events: %w", err)
			}
			ids = ids[:0]
		}
	}
	for _, id := range ids {
		delete(g.known, string(id.([]byte)))
	}
	return nil
}

func lookForSome(ctx context.Context, g *group, ids []any) error {
	rows, err := g.stmt(ctx, g.own[sqlKnownSome]).QueryContext(ctx, ids...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id []byte
		var is found
		if err := rows.Scan(&id, &is.operator, &is.hash, &is.record); err != nil {
			return err
		}
		g.known[string(id)] = &is
	}
	return rows.Err()
}

// flushSome writes what waits, and the heads that moved.
func flushSome(ctx context.Context, g *group) error {
	for rows := range slices.Chunk(g.waiting, some) {
		if len(rows) == some {
			if err := insertRows(ctx, g, sqlInsertSome(), rows...); err != nil {
				return err
			}
			continue
		}
		for _, r := range rows {
			if err := insertRows(ctx, g, sqlInsert, r); err != nil {
				return err
			}
		}
	}
	return writeHeads(ctx, g, g.own[sqlWriteHead])
}

func insertRows(ctx context.Context, g *group, text string, rows ...[]any) error {
	n, err := affected(g.stmt(ctx, g.own[text]).ExecContext(ctx, slices.Concat(rows...)...))
	switch {
	case err != nil:
		return fmt.Errorf("append: %w", err)
	case n != int64(len(rows)):
		return errTogether
	}
	return nil
}
