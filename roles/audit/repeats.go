package audit

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// maxSources bounds what repeats remembers. Each source needs an emitter's
// signature; a role has one until its spool begins anew.
const maxSources = 4096

// repeats knows, of each series of numbers, up to where the journal has been seen
// to hold it. Entries that are genuine are no secret: whoever may read its events
// can send them again, as often as it likes. What is not new is answered from what
// was read, so that nobody fills the queue of the one writer with it.
type repeats struct {
	mu    sync.Mutex // guards marks
	marks map[string]uint64
}

// note remembers what was appended.
func (r *repeats) note(entries []journal.Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range entries {
		if _, known := r.marks[e.Source]; r.marks == nil || !known && len(r.marks) >= maxSources {
			r.marks = map[string]uint64{}
		}
		r.marks[e.Source] = max(r.marks[e.Source], e.Sequence)
	}
}

// likely reports whether all of these have numbers that were seen already.
func (r *repeats) likely(entries []journal.Entry) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range entries {
		if e.Sequence > r.marks[e.Source] {
			return false
		}
	}
	return true
}

// standing is where entries stand that are all there already, word for word; nil
// when one is not, whose appending then says why.
func (a *Audit) standing(ctx context.Context, entries []journal.Entry) ([]journal.Place, error) {
	places := make([]journal.Place, len(entries))
	for i, e := range entries {
		have, err := a.p.Journal.Event(ctx, e.Event.ID)
		var damage *journal.Damage
		switch {
		case errors.Is(err, journal.ErrUnknown), errors.As(err, &damage):
			return nil, nil
		case err != nil:
			return nil, err
		}
		e.Event.Time = e.Event.Time.UTC().Truncate(time.Millisecond) // as it is stored
		was, errWas := strictjson.Encode(have.Entry())
		is, errIs := strictjson.Encode(e)
		if errWas != nil || errIs != nil || !bytes.Equal(was, is) {
			return nil, nil
		}
		places[i] = placeOf(have)
	}
	return places, nil
}

// placeOf is the receipt of an entry that was read.
func placeOf(s journal.Stored) journal.Place {
	return journal.Place{ID: s.Event.ID, Operator: s.Event.Operator, Position: s.Position, Hash: s.Hash, Received: s.Received}
}
