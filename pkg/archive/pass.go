package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

const (
	// pageSize is how many operators a round looks at together.
	pageSize = 100
	// maxPasses is the greatest number of passes in which a batch that waits for
	// a person is not tried.
	maxPasses = 63
)

// errUnsent says that nothing was sent, for want of keys.
var errUnsent = errors.New("nothing was sent")

// held is a batch that waits for a person. It is tried again more and more
// rarely.
type held struct {
	problem     *Problem
	tries, rest int
	seen        bool // in this pass
}

// Pass takes into the archive what can go there: rounds in which each operator
// has one turn, until a round achieves nothing. It ends early with what concerns
// everybody: a *Problem, or that the journal cannot be read. The next pass begins
// behind the operator who met it.
func (a *Archiver) Pass(ctx context.Context) error {
	a.pass.Lock()
	defer a.pass.Unlock()
	for _, h := range a.held {
		h.rest, h.seen = h.rest-1, false
	}
	err := a.rounds(ctx)
	if err == nil { // what was not seen was settled by somebody else
		maps.DeleteFunc(a.held, func(_ omni.Operator, h *held) bool { return !h.seen })
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.status.Stopped = err
	a.status.Held, a.status.Holding = a.names(), len(a.held)
	return err
}

// names are the first of those that wait for a person.
func (a *Archiver) names() []*Problem {
	list := make([]*Problem, 0, len(a.held))
	for _, h := range a.held {
		list = append(list, h.problem)
	}
	slices.SortFunc(list, func(x, y *Problem) int { return compare(x.Operator, y.Operator) })
	return list[:min(len(list), maxHeld)]
}

func (a *Archiver) rounds(ctx context.Context) error {
	for {
		progress, err := a.round(ctx)
		if err != nil || progress == 0 {
			return err
		}
	}
}

// round gives every operator one turn, those behind the last trouble first.
func (a *Archiver) round(ctx context.Context) (progress int, err error) {
	begin := a.resume
	n, err := a.stretch(ctx, begin, nil)
	if err != nil || begin.IsZero() {
		return n, err
	}
	a.resume = omni.Operator{}
	m, err := a.stretch(ctx, omni.Operator{}, &begin)
	return n + m, err
}

// stretch gives a turn to the operators behind after, up to and with last.
func (a *Archiver) stretch(ctx context.Context, after omni.Operator, last *omni.Operator) (progress int, err error) {
	for {
		page, err := a.journal.Unarchived(ctx, after, pageSize)
		if err != nil {
			return progress, fmt.Errorf("look for what is to be archived: %w", err)
		}
		for _, b := range page {
			if last != nil && compare(b.Operator, *last) > 0 {
				return progress, nil
			}
			done, err := a.turn(ctx, b)
			if err != nil {
				return progress, err
			}
			if done {
				progress++
			}
			after = b.Operator
		}
		if len(page) < pageSize {
			return progress, nil
		}
	}
}

func compare(a, b omni.Operator) int {
	x, y := a.Bytes(), b.Bytes()
	return bytes.Compare(x[:], y[:])
}

// turn tries one batch, and reports whether it is there now. The error is what
// concerns everybody.
func (a *Archiver) turn(ctx context.Context, b journal.Batch) (bool, error) {
	h := a.held[b.Operator]
	if h != nil && h.problem.Index == b.Index && h.rest > 0 {
		h.seen = true
		return false, nil
	}
	how, err := a.archive(ctx, b)
	switch {
	case errors.Is(err, journal.ErrMoved): // somebody else was faster
		return false, nil
	case err == nil:
		a.count(how, b.Operator)
		return true, nil
	}
	p := &Problem{b.Operator, b.Index, reasonOf(err), err}
	if !p.Reason.ofBatch() {
		a.resume = b.Operator
		return false, p
	}
	a.hold(p)
	return false, nil
}

// archive writes and sends one batch, and answers how it is known to be there.
func (a *Archiver) archive(ctx context.Context, b journal.Batch) (journal.ArchiveState, error) {
	stands, err := a.journal.Archive(ctx, b.Operator, b.Index)
	if err != nil {
		return "", err
	}
	f, body, err := a.write(ctx, b)
	if err != nil {
		return "", err
	}
	defer f.Close()
	before, mine := stands, journal.Archive{
		State: journal.ArchiveSending, Checksum: body.Checksum, Size: uint64(body.Size), Attempts: stands.Attempts + 1,
	}
	// What was sent before and is another file, or was doubted, is not forgotten
	// over this attempt.
	if before.State == "" || sentBefore(before, mine) {
		if err := a.journal.MoveArchive(ctx, b.Operator, b.Index, stands, mine); err != nil {
			return "", err
		}
		stands = mine
	}
	put := a.put(ctx, b, body)
	next := after(put, before, stands, mine)
	if next != stands {
		// An answer is remembered even when nobody waits for it any more.
		err = a.journal.MoveArchive(context.WithoutCancel(ctx), b.Operator, b.Index, stands, next)
	}
	switch {
	case err != nil:
		return "", err
	case next.Final():
		return next.State, nil
	case errors.Is(put, blob.ErrThere) && before.State == journal.ArchiveDoubted:
		return "", fmt.Errorf("%w: it is the one that was taken without proof (%w)", blob.ErrUnproven, put)
	}
	return "", put
}

// sentBefore reports whether this very file was sent before, and its answer is
// not known.
func sentBefore(before, mine journal.Archive) bool {
	return before.State == journal.ArchiveSending && before.Checksum == mine.Checksum && before.Size == mine.Size
}

// after is where a batch stands after a put: before is where it stood when mine
// was written, and stands where it stood while that was sent.
func after(put error, before, stands, mine journal.Archive) journal.Archive {
	as := func(s journal.ArchiveState) journal.Archive {
		return journal.Archive{State: s, Checksum: mine.Checksum, Size: mine.Size, Attempts: stands.Attempts}
	}
	switch {
	case put == nil:
		return as(journal.ArchiveStored)
	case errors.Is(put, blob.ErrUnproven):
		return as(journal.ArchiveDoubted)
	case errors.Is(put, blob.ErrThere) && sentBefore(before, mine):
		return as(journal.ArchiveFound)
	case before.State == "" && (errors.Is(put, blob.ErrThere) || errors.Is(put, blob.ErrRefused) || errors.Is(put, errUnsent)):
		return before // the only put so far left nothing behind
	}
	return stands // who knows
}

func (a *Archiver) put(ctx context.Context, b journal.Batch, body blob.Body) error {
	err := a.storage.Put(ctx, blob.ArchiveKey(b.Operator, b.Index), body)
	for _, told := range []error{blob.ErrThere, blob.ErrRefused, blob.ErrUnproven} {
		if err == nil || errors.Is(err, told) {
			return err
		}
	}
	if apierr.CodeOf(err) == "" {
		return fmt.Errorf("%w: %w", errUnsent, err)
	}
	return err
}

// count notes a batch that is there.
func (a *Archiver) count(how journal.ArchiveState, o omni.Operator) {
	delete(a.held, o)
	a.mu.Lock()
	defer a.mu.Unlock()
	if how == journal.ArchiveStored {
		a.status.Stored++
	} else {
		a.status.Found++
	}
}

// hold notes a batch that waits for a person.
func (a *Archiver) hold(p *Problem) {
	h := a.held[p.Operator]
	if h == nil || h.problem.Index != p.Index {
		h = &held{}
		a.held[p.Operator] = h
	}
	h.problem, h.rest, h.seen = p, min(1<<min(h.tries, 8), maxPasses), true
	h.tries++
}
