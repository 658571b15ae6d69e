// Package audit is the role that keeps the journal: what was decided, durable
// before it is acknowledged, cut into batches whose roots go on chain.
//
// Laws:
//   - A role's event is taken with the receipt that its emitter signed, and only
//     from an identity key that --audit-emitters lists for the event's role.
//     What else an entry says about its emitter must agree with that key.
//   - The notes of operators and agents are a kind of their own: who speaks comes
//     from the session, never from the body, and each speaker has a quota. Whether
//     it is a master says the chain.
//   - An operator reads, proves and flushes its own journal; an agent reads and
//     proves what is about itself. What a caller may not see and what is not
//     there look the same.
//   - A freeze silences no journal: masters go on reading and flushing.
//   - A flush without a new event makes no batch.
//
// It decides about no secret and holds none; whoever takes this host can keep
// events back, but not remove or alter what is anchored, and not make up what an
// emitter signed.
package audit

import (
	"context"
	"errors"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/session"
)

// Parts are what the role is built from.
type Parts struct {
	View      chain.View
	CapKeys   jose.KeySet // K1's public half, pinned: it signs sessions
	Emitters  Emitters
	Operators role.Operators
	Journal   *journal.Journal
	// Proofs remembers used proofs; nil: in memory, for a role that runs once.
	Proofs   dpop.Guard
	Flushing Flushing
	// Notes and Flushes limit what one speaker may add, and one operator flush.
	Notes, Flushes *httpd.Quota
	// Anchoring is how batches come on chain.
	Anchoring Anchoring
	// Archiving is where batches are copied to once they are confirmed.
	Archiving Archiving
}

// Audit is the running role.
type Audit struct {
	env      role.Env
	p        Parts
	sessions *session.Verifier
	proofs   *dpop.Verifier
	repeats  repeats
	flusher  *flusher
	anchors  *anchoring
	archives *archiving
	begins   []func(context.Context) error
	closers  []func() error
}

// New builds the role. It owns nothing of p: who opened the parts closes them.
func New(e role.Env, p Parts) (*Audit, error) {
	if p.Journal == nil || p.View == nil || p.Notes == nil || p.Flushes == nil {
		return nil, errors.New("audit: journal, chain and limits are required")
	}
	if p.Proofs == nil {
		guard, err := dpop.NewMemory(dpop.DefaultCapacity, dpop.DefaultPerKey, e.Now)
		if err != nil {
			return nil, err
		}
		p.Proofs = guard
	}
	a := &Audit{env: e, p: p, archives: newArchiving(e, p.Archiving)}
	var errs [4]error
	a.sessions, errs[0] = session.NewVerifier(p.CapKeys, e.Profile.CapIssuer, e.Now)
	a.proofs, errs[1] = dpop.NewVerifier(p.Proofs, e.Now)
	a.anchors, errs[2] = newAnchoring(e, p.Journal, p.Anchoring)
	a.flusher, errs[3] = newFlusher(e, p, a.anchors)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	return a, nil
}

// Routes implements role.Service.
func (a *Audit) Routes(m *httpd.Mux) {
	httpd.Handle(m, "POST", api.PathAuditEmit, a.emitted(), a.emit, journalRefusals(apierr.EventConflict, apierr.RateLimited)...)
	speaker := a.speaker()
	httpd.Handle(m, "POST", api.PathAuditAppend, speaker, a.append, journalRefusals(apierr.EventConflict, apierr.RateLimited)...)
	httpd.Handle(m, "POST", api.PathAuditFlush+"/:operator", speaker, a.flush, journalRefusals(apierr.OperatorMismatch, apierr.DeviceRoleMissing, apierr.RateLimited)...)
	httpd.Handle(m, "GET", api.PathAuditEvents, speaker, a.events, journalRefusals(apierr.OperatorMismatch)...)
	httpd.Handle(m, "GET", api.PathAuditProof+"/:id", speaker, a.proof, journalRefusals(apierr.NotFound, apierr.EventNotBatched)...)
	httpd.Handle(m, "GET", api.PathAuditBatches, speaker, a.batches, apierr.AuditUnavailable)
	httpd.Handle(m, "GET", api.PathAuditStatus, speaker, a.status, apierr.AuditUnavailable)
	httpd.Handle(m, "GET", api.PathAuditEmitters, httpd.Public(), a.emitters)
	httpd.Handle(m.Admin(), "POST", api.PathAuditFlushAll, httpd.Local(), a.flushAll, apierr.AuditUnavailable)
}

// Checks implements role.Service.
func (a *Audit) Checks() []httpd.Check {
	return append(role.ProofChecks(a.p.Proofs),
		httpd.Check{Name: "chain", Probe: a.p.View.Ready},
		httpd.Check{Name: "journal", Probe: func(ctx context.Context) (time.Duration, error) { return 0, a.p.Journal.Ready(ctx) }},
		httpd.Check{Name: "anchoring", Later: true, Probe: a.anchors.ready},
		httpd.Check{Name: "archive", Later: true, Probe: a.archives.ready},
	)
}

// Begin implements role.Service: batches are made, anchored and archived from now on.
func (a *Audit) Begin(ctx context.Context) error {
	for _, begin := range a.begins {
		if err := begin(ctx); err != nil {
			return err
		}
	}
	a.anchors.start()
	a.flusher.start()
	a.archives.start()
	return nil
}

// Close implements role.Service.
func (a *Audit) Close() error {
	a.flusher.stop()
	a.anchors.stop()
	a.archives.stop()
	return closeAll(a.closers)
}

func closeAll(closers []func() error) error {
	var err error
	for _, c := range closers {
		err = errors.Join(err, c())
	}
	return err
}
