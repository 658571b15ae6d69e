package audit

import (
	"context"
	"errors"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/role"
)

// speaker is a caller whose device the chain knows as its actor's, now. Whether it
// is a master says the chain, not the session: whoever took K1 makes no agent one.
type speaker struct {
	role.Caller
	master bool
}

// speaker is the fixed order of checks: session and proof, the operators of this
// host, the chain.
func (a *Audit) speaker() httpd.Policy[speaker] {
	return httpd.Then(role.SessionPolicy(a.sessions, a.proofs), "chain", func(ctx context.Context, c role.Caller) (speaker, error) {
		if err := a.p.Operators.Check(c.Operator()); err != nil {
			return speaker{}, err
		}
		q := chain.Query{Operator: c.Operator(), Actor: c.Actor(), Device: c.Device()}
		master, err := authority.Authorize(ctx, a.p.View, q, func(p chain.Pair) (bool, error) {
			return authority.DecideJournal(p, q.Operator, q.Actor, q.Device)
		})
		return speaker{c, master}, err
	}).Refuses(authority.JournalRefusals()...).Refuses(apierr.OperatorNotServed)
}

// append writes notes. The event's time is this role's: what a caller says about
// time belongs into its words.
func (a *Audit) append(ctx context.Context, s speaker, in api.AuditAppend) (api.AuditPlaces, error) {
	entries := make([]journal.Entry, len(in.Notes))
	for i, n := range in.Notes {
		entries[i] = journal.Entry{Event: s.event(n, a.env.Now())}
		if err := entries[i].Event.Validate(); err != nil {
			return api.AuditPlaces{}, apierr.Wrap(apierr.InvalidInput, err, "notes[%d]: %s", i, err.Error())
		}
	}
	if again, err := a.repeated(ctx, entries); err != nil || again != nil {
		return api.AuditPlaces{Places: again}, refusal(err)
	}
	if !a.p.Notes.Take(s.Actor().String(), len(entries)) {
		return api.AuditPlaces{}, apierr.New(apierr.RateLimited, "this actor has used up its quota of notes for now; nothing was appended")
	}
	places, err := a.p.Journal.Append(ctx, entries...)
	if errors.Is(err, journal.ErrConflict) {
		// The same call may have been faster, on another connection.
		if again, _ := a.repeated(ctx, entries); again != nil {
			places, err = again, nil
		}
	}
	return api.AuditPlaces{Places: places}, refusal(err)
}

// event is a note as the session's identity says it.
func (s speaker) event(n api.AuditNote, now time.Time) audit.Event {
	e := audit.Event{
		ID: api.NoteID(s.Operator(), s.Actor(), n.Key), Time: now, Emitter: audit.EmitterAgent, Operator: s.Operator(), Actor: s.Actor(), Device: s.Device(),
		Op: n.Op, Service: n.Service, Note: n.Note, Result: audit.Noted, RequestID: s.RequestID,
	}
	if s.master {
		e.Emitter = audit.EmitterOperator
	}
	return e
}

// repeated answers where notes stand that were appended before: what a caller
// says twice because it got no answer. All of them must be there, and say the
// same; the time and the request are those of the first time.
func (a *Audit) repeated(ctx context.Context, entries []journal.Entry) ([]journal.Place, error) {
	var places []journal.Place
	for _, e := range entries {
		have, err := a.p.Journal.Event(ctx, e.Event.ID)
		switch {
		case errors.Is(err, journal.ErrUnknown):
			return nil, nil
		case err != nil:
			return nil, err
		}
		e.Event.Time, e.Event.RequestID = have.Event.Time, have.Event.RequestID
		if e.Event != have.Event {
			return nil, journal.ErrConflict
		}
		places = append(places, placeOf(have))
	}
	return places, nil
}
