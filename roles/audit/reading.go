package audit

import (
	"context"
	"errors"
	"strconv"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// events is a page of the caller's journal: all of it for an operator, what is
// about itself for an agent.
func (a *Audit) events(ctx context.Context, s speaker, in api.AuditQuery) (api.AuditEvents, error) {
	after, err := in.After()
	if err != nil {
		return api.AuditEvents{}, apierr.Wrap(apierr.InvalidInput, err, "%s", err.Error())
	}
	q := journal.Query{
		Operator: s.Operator(), Actor: in.Actor, Service: in.Service, Op: in.Op, Result: in.Result, Request: in.Request, From: in.From, To: in.To,
		After: after, Limit: pageSize(in.Limit),
	}
	if !s.master {
		if q.Actor = s.Actor(); !in.Actor.IsZero() && in.Actor != s.Actor() {
			return api.AuditEvents{}, apierr.New(apierr.OperatorMismatch, "this session is actor %s; it reads what is about itself, not about %s", s.Actor().Short(), in.Actor.Short())
		}
	}
	found, err := a.p.Journal.Events(ctx, q)
	if err != nil {
		return api.AuditEvents{}, refusal(err)
	}
	out := api.AuditEvents{Events: make([]api.AuditEntry, len(found))}
	for i, e := range found {
		out.Events[i] = api.AuditEntry{Hash: e.Hash, Leaf: string(e.Leaf)}
	}
	if len(found) == q.Limit {
		out.Next = strconv.FormatUint(found[len(found)-1].Position, 10)
	}
	return out, nil
}

// proof shows that an event is in a batch. An event of another journal, or about
// another actor, looks as if it were not there.
func (a *Audit) proof(ctx context.Context, s speaker, in api.AuditEventID) (api.AuditProof, error) {
	e, err := a.p.Journal.Event(ctx, in.ID)
	if err = s.mayHear(e, err); err != nil {
		return api.AuditProof{}, refusal(err)
	}
	p, err := a.p.Journal.Proof(ctx, in.ID)
	if err != nil {
		return api.AuditProof{}, refusal(err)
	}
	out := api.AuditProof{Leaf: string(p.Leaf), Position: p.Position, Siblings: []journal.Hash{}, Batch: api.BatchOf(p.Batch)}
	for _, h := range p.Siblings {
		out.Siblings = append(out.Siblings, journal.Hash(h))
	}
	return out, nil
}

// mayHear hides what is another's, also that its row was damaged.
func (s speaker) mayHear(e journal.Stored, err error) error {
	var damage *journal.Damage
	switch {
	case errors.As(err, &damage) && damage.Operator != s.Operator(), err == nil && !s.sees(e):
		return journal.ErrUnknown
	}
	return err
}

func (s speaker) sees(e journal.Stored) bool {
	return e.Event.Operator == s.Operator() && (s.master || e.Event.Actor == s.Actor())
}

// batches is a page of the operator's batches. An agent may see them: their roots
// and counts are on chain.
func (a *Audit) batches(ctx context.Context, s speaker, in api.AuditQuery) (api.AuditBatches, error) {
	only := api.AuditQuery{Cursor: in.Cursor, Limit: in.Limit}
	from, err := in.After()
	if err != nil || in != only {
		return api.AuditBatches{}, apierr.New(apierr.InvalidInput, "batches are paged by cursor and limit alone")
	}
	limit := pageSize(in.Limit)
	found, err := a.p.Journal.Batches(ctx, s.Operator(), from, limit)
	if err != nil {
		return api.AuditBatches{}, refusal(err)
	}
	out := api.AuditBatches{Batches: make([]api.AuditBatch, len(found))}
	for i, b := range found {
		out.Batches[i] = api.BatchOf(b)
	}
	if len(found) == limit {
		out.Next = strconv.FormatUint(from+uint64(limit), 10)
	}
	return out, nil
}

func pageSize(asked int) int {
	if asked == 0 {
		return api.DefaultAuditPage
	}
	return asked
}

// status is how the caller's journal stands.
func (a *Audit) status(ctx context.Context, s speaker, _ httpd.None) (api.AuditStatus, error) {
	h, err := a.p.Journal.Head(ctx, s.Operator())
	if err != nil {
		return api.AuditStatus{}, refusal(err)
	}
	open, err := a.p.Journal.Unfinished(ctx, s.Operator(), journal.MaxPage)
	if err != nil {
		return api.AuditStatus{}, refusal(err)
	}
	out := api.AuditStatus{
		Operator: s.Operator(), Position: h.Position, Hash: h.Hash, Batches: h.Batches, Covered: h.Covered, Unanchored: uint64(len(open)),
	}
	out.Reason, out.Relayer = a.anchors.reason(s.Operator()), a.anchors.relayer()
	return out, nil
}

// flush puts what is new in the operator's own journal into a batch.
func (a *Audit) flush(ctx context.Context, s speaker, in api.AuditOperator) (api.AuditFlushed, error) {
	if !s.master || s.Operator() != in.Operator {
		return api.AuditFlushed{}, foreignFlush(s, in.Operator)
	}
	if !a.p.Flushes.Take(in.Operator.String(), 1) {
		return api.AuditFlushed{}, apierr.New(apierr.RateLimited, "this operator's journal was flushed often just now; what is new goes into a batch by itself, or wait a few seconds")
	}
	b, err := a.flusher.flush(ctx, in.Operator)
	if err != nil || b == nil {
		return api.AuditFlushed{}, refusal(err)
	}
	out := api.BatchOf(*b)
	return api.AuditFlushed{Batch: &out}, nil
}

func foreignFlush(s speaker, asked omni.Operator) error {
	if s.Operator() != asked {
		return apierr.New(apierr.OperatorMismatch, "this session is of operator %s; it cannot flush the journal of %s", s.Operator().Short(), asked.Short()).
			WithFix("agentkeys login --as NAME")
	}
	return apierr.New(apierr.DeviceRoleMissing, "a journal is flushed by its operator, not by an agent").WithFix("ask the operator: agentkeys audit flush")
}

// flushAll is for whoever runs this host: before it is stopped, or restored.
func (a *Audit) flushAll(ctx context.Context, _ httpd.Anyone, _ httpd.None) (api.AuditFlushedAll, error) {
	pending, err := a.p.Journal.Pending(ctx)
	if err != nil {
		return api.AuditFlushedAll{}, refusal(err)
	}
	out := api.AuditFlushedAll{Batches: []api.AuditBatch{}}
	for _, p := range pending {
		if p.Operator.IsZero() {
			continue // no contract takes its batches
		}
		b, err := a.flusher.flush(ctx, p.Operator)
		switch {
		case err != nil && out.Faults == nil:
			out.Faults = map[string]string{}
			fallthrough
		case err != nil:
			out.Faults[p.Operator.String()] = apierr.From(refusal(err)).Detail
		case b != nil:
			out.Batches = append(out.Batches, api.BatchOf(*b))
		}
	}
	return out, nil
}
