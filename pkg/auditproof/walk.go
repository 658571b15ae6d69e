package auditproof

import (
	"context"
	"errors"
	"fmt"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
)

// walk goes through the entries, each held against the one before it.
type walk struct {
	Checking
	report  *Report
	batches []claimed // those that are not complete yet
	leaves  []merkle.Hash
	numbers numbers
	ids     identifiers

	position  uint64 // of the last entry that is genuine
	hash      journal.Hash
	id        string
	firstID   string // of the batch that is being read
	certified uint64 // the last position whose root the chain has
	// suspect is the entry that does not follow the one before it, until the next
	// one says which of the two was changed.
	suspect *entry
	// coarse is a batch whose root is not that of its entries, until the next
	// entry says whether it is the last of them that was changed.
	coarse *Fault
}

type entry struct {
	journal.Record
	hash journal.Hash
}

// errStop ends a walk: what is wrong is in the report.
var errStop = errors.New("stop")

func (w *walk) run(ctx context.Context, s Source) error {
	for leaf, err := range s.Leaves(ctx) {
		var fault *Fault
		switch {
		case errors.As(err, &fault):
			if w.coarse != nil {
				fault = w.coarse
			}
			_ = w.settle(nil)
			w.report.blame(fault)
			return nil
		case err != nil:
			return fmt.Errorf("reading the journal: %w", err)
		}
		if err := w.visit(leaf); err != nil {
			return nil
		}
		if w.Seen != nil {
			w.Seen(w.position)
		}
	}
	w.end()
	return nil
}

// end says what is wrong with the last entries.
func (w *walk) end() {
	switch {
	case w.coarse != nil:
		w.report.blame(w.coarse)
	case w.settle(nil) == nil && len(w.batches) > 0:
		_ = w.bad(w.position+1, "", "is missing: batch %d has it", w.batches[0].Index)
	}
}

// bad reports a fault and ends the walk.
func (w *walk) bad(position uint64, event, format string, args ...any) error {
	w.report.blame(&Fault{w.Operator, position, event, fmt.Sprintf(format, args...)})
	return errStop
}

func (w *walk) visit(leaf []byte) error {
	at := w.position + 1
	r, err := journal.DecodeRecord(leaf)
	e := entry{r, journal.HashOf(leaf)}
	if w.coarse != nil {
		if err == nil && r.Position == at && r.Previous != w.hash {
			return w.bad(w.position, w.id, "is not the one that the next entry follows")
		}
		w.report.blame(w.coarse)
		return errStop
	}
	if w.suspect != nil {
		if err != nil {
			return w.settle(nil)
		}
		return w.settle(&e)
	}
	switch id := r.Event.ID; {
	case err != nil:
		return w.bad(at, "", "is no record in its one encoding: %s", err)
	case r.Event.Operator != w.Operator:
		return w.bad(at, id, "is of another journal, that of %s", whose(r.Event.Operator))
	case r.Position > at:
		return w.bad(at, "", "is missing: entry %d follows", r.Position)
	case r.Position < at:
		return w.bad(at, id, "says that it is entry %d, which stands before it", r.Position)
	}
	if err := w.Emitters.Receipt(r); err != nil {
		return w.bad(at, r.Event.ID, "does not stand for its receipt: %s", err)
	}
	if first, twice := w.ids.at(r.Event.ID); twice {
		return w.bad(at, r.Event.ID, "is the same event as entry %d: a journal has each once", first)
	}
	if r.Previous != w.hash {
		w.suspect = &e
		return nil
	}
	return w.accept(e, leaf)
}

// settle says which of two entries that contradict each other was changed. The
// later one was if its own successor does not know it either, or if the chain has
// the root of the earlier one.
func (w *walk) settle(next *entry) error {
	if w.suspect == nil {
		return nil
	}
	s := *w.suspect
	w.suspect = nil
	if w.position <= w.certified || next != nil && next.Previous != s.hash {
		return w.bad(s.Position, s.Event.ID, "does not follow the entry before it")
	}
	return w.bad(w.position, w.id, "is not the one that the next entry follows")
}

// accept takes an entry that is genuine as far as it goes, and closes its batch.
func (w *walk) accept(e entry, leaf []byte) error {
	w.position, w.hash, w.id = e.Position, e.hash, e.Event.ID
	w.ids.add(e.Event.ID, e.Position)
	if e.Sequence != 0 {
		w.numbers.add(e.Source, e.Sequence)
	}
	if len(w.batches) > 0 {
		b := w.batches[0]
		if e.Position == b.First {
			w.firstID = e.Event.ID
		}
		w.leaves = append(w.leaves, merkle.Leaf(leaf))
		if e.Position == b.Last() {
			if err := b.rebuilt(w.leaves); err != nil {
				w.coarse = &Fault{w.Operator, b.First, w.firstID, fmt.Sprintf("begins batch %d, whose root is not that of its entries", b.Index)}
				return nil
			}
			if b.onChain {
				w.certified = b.Last()
				w.report.Covered = w.certified
			}
			w.batches, w.leaves = w.batches[1:], w.leaves[:0]
		}
	}
	w.report.Events, w.report.Hash = w.position, w.hash
	if e.Event.Result == audit.Noted {
		w.report.Notes++
	}
	return nil
}
