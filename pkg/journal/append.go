package journal

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Place says where an event stands. Whoever keeps it can show later that the
// journal was rewritten.
type Place struct {
	ID       string        `json:"id"`
	Operator omni.Operator `json:"operator_omni,omitzero"`
	Position uint64        `json:"position"`
	Hash     Hash          `json:"hash"`
	Received time.Time     `json:"received"`
}

// maxEntries bounds one call of Append.
const maxEntries = 256

// Append writes entries in their order, all or none, and returns once they are
// durable: one place each. What is there already answers its first place.
// Refusals are ErrInvalid and ErrConflict, which no repetition heals; every other
// error carries audit_unavailable, and the entries may or may not be there then:
// appending them again finds out.
func (j *Journal) Append(ctx context.Context, entries ...Entry) ([]Place, error) {
	if len(entries) == 0 || len(entries) > maxEntries {
		return nil, fmt.Errorf("%w: a call appends 1 to %d", ErrInvalid, maxEntries)
	}
	forms := make([]Entry, len(entries))
	for i, e := range entries {
		var err error
		if forms[i], err = e.normal(); err != nil {
			return nil, err
		}
	}
	// The writer may still fill what a caller without patience left behind.
	var places []Place
	w := &job{weight: int64(len(forms)), do: func(ctx context.Context, g *group) (refusal, fault error) {
		places, refusal, fault = j.place(ctx, g, forms)
		return refusal, fault
	}}
	for _, e := range forms {
		id, err := idBytes(e.Event.ID)
		if err != nil {
			return nil, err // cannot be: it is valid
		}
		w.ids, w.operators = append(w.ids, id), append(w.operators, e.Event.Operator)
	}
	err := j.await(ctx, w)
	if err != nil {
		return nil, err
	}
	return places, nil
}

// Emit implements audit.Sink for what decides in the same process: its events
// have no numbers and no places, since none can be lost in between.
func (j *Journal) Emit(ctx context.Context, e audit.Event) (string, error) {
	if _, err := j.Append(ctx, Entry{Event: e}); err != nil {
		return "", audit.Unavailable(err)
	}
	return "", nil
}

// place looks for conflicts first, so that a refusal leaves nothing behind.
func (j *Journal) place(ctx context.Context, g *group, entries []Entry) (_ []Place, refusal, fault error) {
	places := make([]Place, len(entries))
	first := map[string]int{} // where an identifier stands first within the call
	for i, e := range entries {
		if f, again := first[e.Event.ID]; again {
			if e != entries[f] {
				return nil, ErrConflict, nil
			}
			continue
		}
		first[e.Event.ID] = i
		r, found, err := j.find(ctx, g, e)
		switch {
		case found && err != nil:
			return nil, err, nil
		case err != nil:
			return nil, nil, err
		}
		places[i] = r
	}
	for i, e := range entries {
		if f := first[e.Event.ID]; f != i {
			places[i] = places[f]
			continue
		}
		if places[i].Position != 0 {
			continue
		}
		if places[i], refusal, fault = j.insert(ctx, g, e); refusal != nil || fault != nil {
			return nil, refusal, fault
		}
	}
	return places, nil, nil
}

// find is the place of an entry that is there already; of another one under
// its identifier, ErrConflict. A row that is not what was written is found, and
// an error all the same: nobody can say what it was.
func (j *Journal) find(ctx context.Context, g *group, e Entry) (_ Place, found bool, err error) {
	is, err := j.lookUp(ctx, g, e.Event.ID)
	if err != nil || is == nil {
		return Place{}, false, err
	}
	r, err := DecodeRecord(is.record)
	if err != nil || HashOf(is.record) != to32(is.hash) || r.Event.ID != e.Event.ID {
		return Place{}, true, audit.Unavailable(fmt.Errorf("the stored event %s is not what was written", e.Event.ID))
	}
	was, err := strictjson.Encode(r.Entry())
	if err != nil {
		return Place{}, true, audit.Unavailable(err)
	}
	if now, err := strictjson.Encode(e); err != nil || !bytes.Equal(was, now) {
		return Place{}, true, ErrConflict
	}
	return placeOf(r, to32(is.hash)), true, nil
}

// lookUp is what is written under an identifier, or nil.
func (j *Journal) lookUp(ctx context.Context, g *group, event string) (*found, error) {
	id, err := idBytes(event)
	if err != nil {
		return nil, err
	}
	if is, asked := g.known[string(id)]; asked {
		return is, nil
	}
	var is found
	switch err := g.stmt(ctx, j.st.byID).QueryRowContext(ctx, id).Scan(&is.operator, &is.hash, &is.record); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look for an event: %w", err)
	}
	return &is, nil
}

// insert writes an entry behind the last one of its operator. A row that is in
// its place already, where the head says that there is none, is that operator's
// trouble, not the group's. An identifier that another process wrote since it
// was looked for is errAgain: the next look finds it before anything is written.
func (j *Journal) insert(ctx context.Context, g *group, e Entry) (_ Place, refusal, fault error) {
	last, err := j.endOf(ctx, g, e.Event.Operator)
	if err != nil {
		return Place{}, nil, err
	}
	r := e.record(last.position+1, last.hash, g.at)
	record, err := strictjson.Encode(r)
	if err != nil {
		return Place{}, nil, fmt.Errorf("encode a record: %w", err)
	}
	hash := HashOf(record)
	args, err := columns(r, hash, record)
	if err != nil {
		return Place{}, nil, err
	}
	if g.known != nil {
		id, operator := args[2].([]byte), args[0].([]byte)
		g.known[string(id)] = &found{operator, hash[:], record}
		g.waiting = append(g.waiting, args)
		last.position, last.hash, last.changed = r.Position, hash, true
		return placeOf(r, hash), nil, nil
	}
	n, err := affected(g.stmt(ctx, j.st.insert).ExecContext(ctx, args...))
	if err != nil {
		return Place{}, nil, fmt.Errorf("append: %w", err)
	}
	if n == 0 {
		switch _, found, err := j.find(ctx, g, e); {
		case found:
			return Place{}, nil, errAgain
		case err != nil:
			return Place{}, nil, err
		}
		return Place{}, audit.Unavailable(&Damage{Operator: e.Event.Operator, Position: r.Position, Reason: "stands behind the end"}), nil
	}
	last.position, last.hash, last.changed = r.Position, hash, true
	return placeOf(r, hash), nil, nil
}

func placeOf(r Record, hash Hash) Place {
	return Place{r.Event.ID, r.Event.Operator, r.Position, hash, r.Received}
}

// columns are a record as a row, in the order of the schema.
func columns(r Record, hash Hash, record []byte) ([]any, error) {
	id, err := idBytes(r.Event.ID)
	if err != nil {
		return nil, err
	}
	operator, actor := r.Event.Operator.Bytes(), r.Event.Actor.Bytes()
	return []any{
		operator[:], int64(r.Position), id, hash[:], record, r.Received.UnixMilli(), r.Source, int64(r.Sequence),
		actor[:], r.Event.Service, string(r.Event.Op), string(r.Event.Result), r.Event.Time.UnixMilli(), r.Event.RequestID,
	}, nil
}

// idBytes are the 16 bytes of an event's identifier.
func idBytes(id string) ([]byte, error) {
	b, err := jose.DecodeSegment(id)
	if err != nil || len(b) != 16 {
		return nil, ErrUnknown
	}
	return b, nil
}
