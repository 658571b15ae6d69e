package audit

import (
	"context"
	"errors"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
)

// genuine are entries whose emitters are listed and signed exactly them: the only
// thing with which roles reach the journal.
type genuine struct{ entries []journal.Entry }

// emitted verifies every entry of a body. What somebody captured and sends again
// is the same entry and changes nothing, so that the signatures are all that a
// caller must bring.
func (a *Audit) emitted() httpd.Policy[genuine] {
	return httpd.Reads[api.AuditEmit](httpd.NewPolicy("receipts", func(ctx context.Context, c *httpd.Call) (genuine, error) {
		in, err := httpd.JSON[api.AuditEmit](c)
		if err != nil {
			return genuine{}, err
		}
		// The first one alone: a stranger costs one signature.
		if err := a.p.Emitters.verify(in.Entries[0]); err != nil {
			return genuine{}, err
		}
		if err := a.p.Emitters.verifyAll(ctx, in.Entries[1:]); err != nil {
			return genuine{}, err
		}
		return genuine{in.Entries}, nil
	})).Refuses(apierr.EmitterNotListed, apierr.ReceiptInvalid)
}

// piece is how many entries one goroutine verifies: those that follow each other
// share signatures.
const piece = 64

func (e Emitters) verifyAll(ctx context.Context, entries []journal.Entry) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for part := range slices.Chunk(entries, piece) {
		g.Go(func() error {
			for _, entry := range part {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := e.verify(entry); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// verify ties an entry to the key that signed it: number, source and role are
// those of the receipt.
func (e Emitters) verify(entry journal.Entry) error {
	s, err := e.receipts.Verify(entry.Signature)
	switch {
	case errors.Is(err, jose.ErrUnknownKey):
		return apierr.Wrap(apierr.EmitterNotListed, err, "the identity key that signed the event is not in the audit role's list of emitters").
			WithFix("agentkeys serve --role audit --audit-emitters FILE")
	case err != nil:
		return apierr.Wrap(apierr.ReceiptInvalid, err, "%s", err.Error())
	}
	if err := s.Covers(entry.Event); err != nil {
		return apierr.Wrap(apierr.ReceiptInvalid, err, "%s", err.Error())
	}
	if s.Sequence != entry.Sequence || s.Source != entry.Source {
		return apierr.New(apierr.ReceiptInvalid, "number or source of the event is not what its emitter signed")
	}
	_, key, err := audit.ParseSource(s.Source)
	if err != nil {
		return apierr.Wrap(apierr.ReceiptInvalid, err, "%s", err.Error())
	}
	if listed := e.roles[key]; listed != entry.Event.Emitter {
		return apierr.New(apierr.EmitterNotListed, "key %s is listed for the role %s, not for %s", key, listed, entry.Event.Emitter)
	}
	return nil
}

// emit appends what roles decided, and answers a repetition without appending.
func (a *Audit) emit(ctx context.Context, g genuine, _ httpd.Seen) (api.AuditPlaces, error) {
	if a.repeats.likely(g.entries) {
		if places, err := a.standing(ctx, g.entries); err != nil || places != nil {
			return api.AuditPlaces{Places: places}, refusal(err)
		}
	}
	places, err := a.p.Journal.Append(ctx, g.entries...)
	if err == nil {
		a.repeats.note(g.entries)
	}
	return api.AuditPlaces{Places: places}, emitRefusal(err)
}

// emitRefusal tells a journal that is behind from one that cannot write: who has the
// events on a disk of its own sends them again, and need not stop its work at once.
func emitRefusal(err error) error {
	if errors.Is(err, journal.ErrBusy) {
		return apierr.Wrap(apierr.RateLimited, err, "the journal is behind and did not get to these events in time; send them again")
	}
	return refusal(err)
}

// journalRefusals are the codes of whatever reads entries of the journal or adds to
// them, with those of what it asks for.
func journalRefusals(more ...apierr.Code) []apierr.Code {
	return append(more, apierr.AuditUnavailable, apierr.JournalDamaged)
}

// refusal gives the journal's refusals their codes.
func refusal(err error) error {
	var damage *journal.Damage
	switch {
	case err == nil:
		return nil
	case errors.As(err, &damage):
		return apierr.Wrap(apierr.JournalDamaged, err, "%s", damage.Error()).WithFix("agentkeys audit verify --all")
	case errors.Is(err, journal.ErrConflict):
		return apierr.Wrap(apierr.EventConflict, err, "another event has this identifier; nothing was appended")
	case errors.Is(err, journal.ErrInvalid):
		return apierr.Wrap(apierr.InvalidInput, err, "%s", err.Error())
	case errors.Is(err, journal.ErrNotBatched):
		return apierr.Wrap(apierr.EventNotBatched, err, "the event is in the journal, but in no batch yet").WithFix("agentkeys audit flush")
	case errors.Is(err, journal.ErrUnknown):
		return apierr.Wrap(apierr.NotFound, err, "there is no such event that you may see")
	case apierr.CodeOf(err) != "":
		return err
	}
	// What is left are the faults of a database that cannot be read.
	return apierr.Wrap(apierr.AuditUnavailable, err, "the journal cannot be read now; try again")
}

// emitters publishes whose receipts are in the journal.
func (a *Audit) emitters(context.Context, httpd.Anyone, httpd.None) (api.AuditEmitters, error) {
	return a.p.Emitters.file, nil
}
