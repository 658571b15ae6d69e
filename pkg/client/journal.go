package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// page is how many events one call asks for: the longest that there are fit into
// what a client reads.
const page = 250

// Journal is an operator's journal as the audit role shows it, as the source of a
// check. The caller is of that operator.
type Journal struct {
	Caller   *Caller
	Operator omni.Operator
}

var _ auditproof.Source = Journal{}

// Batches implements auditproof.Source.
func (j Journal) Batches(ctx context.Context) iter.Seq2[auditproof.Claim, error] {
	return func(yield func(auditproof.Claim, error) bool) {
		for b, err := range j.BatchesFrom(ctx, 0) {
			anchored := b.State == journal.Mined || b.State == journal.Confirmed
			if !yield(auditproof.Claim{Batch: BatchOf(b), Anchored: anchored}, err) {
				return
			}
		}
	}
}

// BatchesFrom are the batches from an index on, as the role tells them.
func (j Journal) BatchesFrom(ctx context.Context, index uint64) iter.Seq2[api.AuditBatch, error] {
	return func(yield func(api.AuditBatch, error) bool) {
		for {
			got, err := j.Caller.AuditBatches(ctx, index, api.MaxAuditPage)
			if err != nil {
				yield(api.AuditBatch{}, err)
				return
			}
			for _, b := range got.Batches {
				if !yield(b, nil) {
					return
				}
			}
			if got.Next == "" || len(got.Batches) == 0 {
				return
			}
			index += uint64(len(got.Batches))
		}
	}
}

// Leaves implements auditproof.Source.
func (j Journal) Leaves(ctx context.Context) iter.Seq2[[]byte, error] { return j.LeavesFrom(ctx, 1) }

// LeavesFrom are the records from a position on. Where the role refuses to show a
// page because of damage, it is asked for less and less of it: what is still shown
// is yielded, and the first entry that is not is a *auditproof.Fault.
func (j Journal) LeavesFrom(ctx context.Context, position uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		after, limit := position-1, page
		for {
			q := api.AuditQuery{Limit: limit}
			if after > 0 {
				q.Cursor = strconv.FormatUint(after, 10)
			}
			got, err := j.Caller.AuditEvents(ctx, q)
			switch {
			case err != nil && limit > 1 && mayBePart(err):
				limit /= 2
				continue
			case apierr.CodeOf(err) == apierr.JournalDamaged:
				err = j.damaged(after+1, apierr.From(err).Detail)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range got.Events {
				if !yield([]byte(e.Leaf), nil) {
					return
				}
			}
			// Entries whose positions are wrong are for the check to name: what is
			// asked for next only has to move on.
			next, err := strconv.ParseUint(got.Next, 10, 53)
			if err != nil || next <= after || len(got.Events) == 0 {
				return
			}
			after = next
		}
	}
}

// damaged is what the role says of an entry that it does not show.
func (j Journal) damaged(position uint64, detail string) *auditproof.Fault {
	if _, what, ok := strings.Cut(detail, fmt.Sprintf(": entry %d ", position)); ok {
		detail = "it " + what
	}
	return &auditproof.Fault{Operator: j.Operator, Position: position, Reason: "is not shown by the audit role: " + detail}
}

// mayBePart reports whether a smaller page may be shown where this one is not.
func mayBePart(err error) bool {
	var silent *api.Unreachable
	code := apierr.CodeOf(err)
	return code == apierr.JournalDamaged || code == "" && !errors.As(err, &silent) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

// Tail are the last n records that match, oldest first. end is the position of
// the journal's last entry. It looks back in steps that double until it has
// enough.
func (j Journal) Tail(ctx context.Context, q api.AuditQuery, end uint64, n int) ([]api.AuditEntry, error) {
	for back := uint64(n); ; back *= 2 {
		if back > end/2 {
			back = end // all of it; and nothing overflows, whatever end the role names
		}
		from := end - back
		found, err := j.after(ctx, q, from, n)
		if err != nil {
			return nil, err
		}
		if len(found) >= n || from == 0 {
			return found, nil
		}
	}
}

// after are the last n of those that match behind a position.
func (j Journal) after(ctx context.Context, q api.AuditQuery, position uint64, n int) ([]api.AuditEntry, error) {
	var out []api.AuditEntry
	q.Cursor, q.Limit = "", page
	if position > 0 {
		q.Cursor = strconv.FormatUint(position, 10)
	}
	for {
		got, err := j.Caller.AuditEvents(ctx, q)
		if err != nil {
			return nil, err
		}
		out = slices.Concat(out, got.Events)
		out = out[max(0, len(out)-n):]
		next, end := strconv.ParseUint(got.Next, 10, 53)
		if end != nil || next <= position { // pages in a circle have no end
			return out, nil
		}
		position, q.Cursor = next, got.Next
	}
}
