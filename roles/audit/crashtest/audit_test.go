package crashtest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
)

// get reads as a master. A master's quota of proofs is used up now and then:
// then the role is started again, which is no new thing to it here.
func get[Out any](w *world, m *master, path string) Out {
	w.t.Helper()
	for {
		r, err := w.call(m, path)
		if err != nil {
			w.t.Fatal(err)
		}
		out, err := api.GetJSON[Out](w.t.Context(), w.api, r)
		switch {
		case err == nil:
			return out
		case apierr.CodeOf(err) == apierr.RateLimited:
			w.restart()
		default:
			w.t.Fatalf("%s: %v", path, err)
		}
	}
}

// stored are all entries of a master's journal, over HTTP, in order.
func (w *world) stored(m *master) (out []journal.Record, hashes []journal.Hash) {
	w.t.Helper()
	for cursor, first := "", true; first || cursor != ""; first = false {
		page := get[api.AuditEvents](w, m, api.PathAuditEvents+"?"+api.AuditQuery{Limit: api.MaxAuditPage, Cursor: cursor}.Encode())
		for _, e := range page.Events {
			r := must[journal.Record](w.t)(journal.DecodeRecord([]byte(e.Leaf)))
			if journal.HashOf([]byte(e.Leaf)) != e.Hash {
				w.t.Errorf("entry %d has another hash", r.Position)
			}
			out, hashes = append(out, r), append(hashes, e.Hash)
		}
		cursor = page.Next
	}
	return out, hashes
}

func (w *world) batches(m *master) (out []api.AuditBatch) {
	w.t.Helper()
	for cursor, first := "", true; first || cursor != ""; first = false {
		page := get[api.AuditBatches](w, m, api.PathAuditBatches+"?"+api.AuditQuery{Limit: api.MaxAuditPage, Cursor: cursor}.Encode())
		out, cursor = append(out, page.Batches...), page.Next
	}
	return out
}

// flushAll makes batches for everybody, over the admin listener.
func (w *world) flushAll(ctx context.Context) (api.AuditFlushedAll, error) {
	out, err := api.PostJSON[api.AuditFlushedAll](ctx, w.api, api.Request{URL: adminURL + api.PathAuditFlushAll}, nil)
	for _, detail := range out.Faults {
		if err = fmt.Errorf("no batch could be made: %v", out.Faults); detail == apierr.From(audit.Unavailable(nil)).Detail || strings.Contains(detail, "cannot be read now") {
			err = audit.Unavailable(err)
		}
	}
	return out, err
}

// flush makes a batch of one master's journal.
func (w *world) flush(ctx context.Context, m *master) (*api.AuditBatch, error) {
	r, err := w.call(m, api.PathAuditFlush+"/"+m.operator.String())
	if err != nil {
		return nil, err
	}
	out, err := api.PostJSON[api.AuditFlushed](ctx, w.api, r, nil)
	return out.Batch, err
}

// complete holds what is there against what was acknowledged: each event once,
// at the place and under the hash of its receipt, nothing else, every emitter's
// in the order of its numbers without a gap.
func (w *world) complete(clients []*client) map[*master][]journal.Record {
	w.t.Helper()
	type place struct {
		position uint64
		hash     journal.Hash
	}
	there := map[string]place{}
	numbers := map[string]uint64{}
	out := map[*master][]journal.Record{}
	for _, m := range w.masters {
		records, hashes := w.stored(m)
		out[m] = records
		for i, r := range records {
			if r.Position != uint64(i+1) {
				w.t.Fatalf("entry %d stands at %d", i+1, r.Position)
			}
			if _, twice := there[r.Event.ID]; twice {
				w.t.Errorf("event %s is there twice", r.Event.ID)
			}
			there[r.Event.ID] = place{r.Position, hashes[i]}
			if numbers[r.Source]++; r.Sequence != numbers[r.Source] {
				w.t.Errorf("%s: number %d stands where %d should", r.Source, r.Sequence, numbers[r.Source])
			}
		}
	}
	acked := 0
	for _, c := range clients {
		for _, a := range c.acked {
			acked++
			if got := there[a.place.ID]; got != (place{a.place.Position, a.place.Hash}) {
				w.t.Errorf("%s, number %d: acknowledged at %d, found at %d", c.source, a.number, a.place.Position, got.position)
			}
		}
	}
	if acked == 0 || len(there) != acked {
		w.t.Errorf("%d events are there, %d were acknowledged", len(there), acked)
	}
	return out
}

// covered: batches follow each other without a gap from the first entry to the
// last, and their roots are those of the entries.
func (w *world) covered(m *master, records []journal.Record) []api.AuditBatch {
	w.t.Helper()
	batches := w.batches(m)
	next := uint64(1)
	for i, b := range batches {
		if b.Index != uint64(i) || b.First != next || b.Count == 0 {
			w.t.Fatalf("batch %d: %+v does not begin at %d", i, b, next)
		}
		next += b.Count
	}
	if next != uint64(len(records)+1) {
		w.t.Errorf("%d entries, batches cover %d", len(records), next-1)
	}
	return batches
}

// proven asks for the proof of an event and verifies it with nothing but the
// root, which the caller has from elsewhere.
func (w *world) proven(m *master, r journal.Record, root merkle.Hash, count uint64) {
	w.t.Helper()
	p := get[api.AuditProof](w, m, api.PathAuditProof+"/"+r.Event.ID)
	siblings := make([]merkle.Hash, len(p.Siblings))
	for i, h := range p.Siblings {
		siblings[i] = merkle.Hash(h)
	}
	have, err := journal.DecodeRecord([]byte(p.Leaf))
	if err != nil || have != r || p.Batch.Count != count || !merkle.Verify(root, count, []byte(p.Leaf), siblings) {
		w.t.Fatalf("event %s at %d is not proven: %v", r.Event.ID, r.Position, err)
	}
}

// intact opens the database itself, which the process must have left, and
// verifies all of it.
func (w *world) intact(records map[*master][]journal.Record) {
	w.t.Helper()
	j := must[*journal.Journal](w.t)(journal.OpenSQLite(w.t.Context(), w.store, time.Now))
	defer func() { _ = j.Close() }()
	for m, want := range records {
		h, err := j.Verify(w.t.Context(), m.operator)
		if err != nil || h.Position != uint64(len(want)) || h.Covered != h.Position {
			w.t.Errorf("%+v, %v; %d entries", h, err, len(want))
		}
		var got []journal.Record
		for after := uint64(0); ; {
			page, err := j.Events(w.t.Context(), journal.Query{Operator: m.operator, After: after})
			if err != nil {
				w.t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, s := range page {
				got, after = append(got, s.Record), s.Position
			}
		}
		if !slices.Equal(got, want) {
			w.t.Error("the database holds other entries than the role answered")
		}
	}
}

// tolerable: a crash explains no answer, and that nothing was acknowledged.
func tolerable(err error) bool {
	var gone *api.Unreachable
	return err == nil || errors.As(err, &gone) || notAcknowledged(err)
}

// notAcknowledged: the disk refuses, or gives no answer.
func notAcknowledged(err error) bool {
	return apierr.CodeOf(err) == apierr.AuditUnavailable || apierr.CodeOf(err) == apierr.RateLimited
}
