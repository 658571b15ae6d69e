package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Stored is an entry as it was read.
type Stored struct {
	Record
	Hash Hash
	// Leaf is the encoding of the record (RFC 8785): what is in the tree.
	Leaf []byte
}

// Query asks for entries of one operator's journal. A zero field does not
// restrict, but Operator, whose zero is the journal of what has no operator.
type Query struct {
	Operator omni.Operator
	Actor    omni.Actor
	Service  string
	Op       service.Op
	Result   audit.Result
	// Request is the identifier of the request that the events are about.
	Request string
	// From is the earliest time of an event, To the first one too late.
	From, To time.Time
	// After is the position behind which to go on, of the last entry that was
	// read; 0 at the beginning.
	After uint64
	// Limit is the greatest number of entries; 1 to MaxPage, 0 for MaxPage.
	Limit int
}

// MaxPage is the greatest number of entries of one answer.
const MaxPage = 1000

// Events are the entries that match, in the order of their positions. Fewer than
// the limit means that there are no more by now. A row that is not what was
// written is a *Damage.
func (j *Journal) Events(ctx context.Context, q Query) ([]Stored, error) {
	if q.Limit == 0 {
		q.Limit = MaxPage
	}
	if q.Limit < 0 || q.Limit > MaxPage || q.After > MaxSequence {
		return nil, fmt.Errorf("%w: a page has 1 to %d entries", ErrInvalid, MaxPage)
	}
	text, args := q.sql()
	rows, err := j.read.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	defer rows.Close()
	var out []Stored
	for rows.Next() {
		s, err := scanEntry(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	return out, nil
}

func (q Query) sql() (string, []any) {
	o := q.Operator.Bytes()
	where, args := []string{"operator = ?", "position > ?"}, []any{o[:], int64(q.After)}
	and := func(ask bool, condition string, arg any) {
		if ask {
			where, args = append(where, condition), append(args, arg)
		}
	}
	actor := q.Actor.Bytes()
	and(!q.Actor.IsZero(), "actor = ?", actor[:])
	and(q.Service != "", "service = ?", q.Service)
	and(q.Op != "", "op = ?", string(q.Op))
	and(q.Result != "", "result = ?", string(q.Result))
	and(q.Request != "", "request = ?", q.Request)
	// Times of events are whole milliseconds: a bound between two is the later.
	and(!q.From.IsZero(), "at >= ?", ceil(q.From))
	and(!q.To.IsZero(), "at < ?", ceil(q.To))
	return `SELECT ` + entryColumns + ` FROM entries WHERE ` + strings.Join(where, " AND ") + ` ORDER BY position LIMIT ?`, append(args, q.Limit)
}

func ceil(t time.Time) int64 {
	ms := t.UnixMilli()
	if time.UnixMilli(ms).Before(t) {
		ms++
	}
	return ms
}

// Event is the entry with this identifier, or ErrUnknown; a row that is not what
// was written is a *Damage.
func (j *Journal) Event(ctx context.Context, id string) (Stored, error) {
	b, err := idBytes(id)
	if err != nil {
		return Stored{}, err
	}
	s, err := scanEntry(j.read.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM entries WHERE id = ?`, b))
	if errors.Is(err, sql.ErrNoRows) {
		return Stored{}, ErrUnknown
	}
	return s, err
}

// Head is the end of an operator's journal.
type Head struct {
	// Position and Hash are those of the last entry; 0 and Genesis without one.
	Position uint64
	Hash     Hash
	// Batches is how many there are, Covered the position of the last entry that
	// is in one.
	Batches, Covered uint64
}

// Head reads where an operator's journal ends.
func (j *Journal) Head(ctx context.Context, o omni.Operator) (Head, error) {
	h, _, err := j.head(ctx, o)
	return h, err
}

// behind is what stands in the other tables, at the moment of a head.
type behind struct{ last, batches uint64 }

func (j *Journal) head(ctx context.Context, o omni.Operator) (Head, behind, error) {
	b := o.Bytes()
	var position, batches, covered, count int64
	var last sql.NullInt64
	var hash []byte
	err := j.read.QueryRowContext(ctx, sqlHead, b[:]).Scan(&position, &hash, &batches, &covered, &last, &count)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Head{Hash: Genesis(o)}, behind{}, nil
	case err != nil:
		return Head{}, behind{}, fmt.Errorf("read the head: %w", err)
	}
	return Head{uint64(position), to32(hash), uint64(batches), uint64(covered)}, behind{uint64(last.Int64), uint64(count)}, nil
}

// Gap is a hole in the numbers of an emitter: After was received, and Next, and
// nothing in between. Next equal to After is one number given to two events;
// After is 0 before the first.
type Gap struct{ After, Next uint64 }

// maxGaps bounds one answer of Gaps.
const maxGaps = 1000

// Gaps lists the first holes in the numbers of one emitter, over the journals of
// all operators. What is still on its way is a hole until it arrives.
func (j *Journal) Gaps(ctx context.Context, source string) ([]Gap, error) {
	rows, err := j.read.QueryContext(ctx, sqlGaps, source, maxGaps)
	if err != nil {
		return nil, fmt.Errorf("look for gaps: %w", err)
	}
	defer rows.Close()
	var out []Gap
	for rows.Next() {
		var after, next int64
		if err := rows.Scan(&after, &next); err != nil {
			return nil, fmt.Errorf("look for gaps: %w", err)
		}
		out = append(out, Gap{uint64(after), uint64(next)})
	}
	return out, rows.Err()
}
