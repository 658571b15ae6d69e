// Package worker is what every worker does with a call before it touches data: one
// place, so that no worker can leave a step out or put it elsewhere.
//
// Laws: the route fixes class and op; every call brings its own capability, proof
// and storage session, and there is no other identity to fall back to; the chain is
// asked again on every call; what is malformed costs no use; the use is consumed, durably,
// before the handler runs. The decision's event is durable before a data key is asked
// for, before storage changes, and before anything is answered: what only reads may
// look for its object meanwhile. Only a policy of this package yields a [Granted], and
// nothing else leads to data keys and storage.
//
// It knows no class: which objects a call is about and what they are called is said
// by the worker's [Route]. It opens no envelope and asks storage for nothing.
package worker

import (
	"context"
	"errors"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/store"
)

// Parts are what a worker is built from.
type Parts struct {
	View    chain.View
	CapKeys jose.KeySet // K1's public half, pinned
	Uses    *store.Store
	// Proofs remembers used proofs; nil: in memory, for a worker that runs once.
	Proofs  dpop.Guard
	Keys    keys.DataKeys
	Objects *blob.Store
	Audit   *role.Audit
	// Signer tells whether the signer answers; nil where it cannot be asked.
	Signer func(context.Context) error
}

// Worker decides over calls. It is safe for concurrent use.
type Worker struct {
	name    string
	env     role.Env
	p       Parts
	caps    *captoken.Verifier
	proofs  *dpop.Verifier
	begin   func(context.Context) error // nil: the parts are somebody else's
	closers []func() error
}

// New builds a worker. name is that of its role, under which its events are told.
// It owns nothing of p: who opened the parts closes them.
func New(name string, e role.Env, p Parts) (*Worker, error) {
	if p.Audit == nil {
		return nil, errors.New(name + ": audit is required")
	}
	if p.Proofs == nil {
		guard, err := dpop.NewMemory(dpop.DefaultCapacity, dpop.DefaultPerKey, e.Now)
		if err != nil {
			return nil, err
		}
		p.Proofs = guard
	}
	w := &Worker{name: name, env: e, p: p}
	var errs [2]error
	w.caps, errs[0] = captoken.NewVerifier(p.CapKeys, e.Profile.CapIssuer, e.Now)
	w.proofs, errs[1] = dpop.NewVerifier(p.Proofs, e.Now)
	return w, errors.Join(errs[:]...)
}

// Objects is the class's bucket; it opens with the session of a [Granted].
func (w *Worker) Objects() *blob.Store { return w.p.Objects }

// Now is the worker's clock.
func (w *Worker) Now() time.Time { return w.env.Now() }

// consume spends one use, durably, before anything is touched.
func (w *Worker) consume(ctx context.Context, g captoken.Grant) error {
	err := w.p.Uses.ConsumeUse(ctx, g.ID(), g.Uses(), g.ExpiresAt())
	if errors.Is(err, store.ErrUsedUp) {
		return apierr.New(apierr.CapUsed, "this capability allows %d use(s), all are spent; ask the broker for another", g.Uses())
	}
	return err
}

// Checks are those of the role's readiness: role.Service.
func (w *Worker) Checks() []httpd.Check {
	checks := append(append(w.p.Audit.Checks(), role.ProofChecks(w.p.Proofs)...),
		httpd.Check{Name: "chain", Probe: w.p.View.Ready},
		httpd.Check{Name: "store", Probe: func(ctx context.Context) (time.Duration, error) { return 0, w.p.Uses.Ready(ctx) }},
		httpd.Check{Name: "storage", Probe: func(ctx context.Context) (time.Duration, error) { return 0, w.p.Objects.Reachable(ctx) }},
	)
	if w.p.Signer != nil {
		checks = append(checks, httpd.Check{Name: "signer", Later: true, Probe: func(ctx context.Context) (time.Duration, error) { return 0, w.p.Signer(ctx) }})
	}
	return checks
}

// Begin claims what [Open] opened: role.Service.
func (w *Worker) Begin(ctx context.Context) error {
	if w.begin == nil {
		return nil
	}
	return w.begin(ctx)
}

// Close closes what [Open] opened: role.Service.
func (w *Worker) Close() error { return closeAll(w.closers) }

func closeAll(closers []func() error) error {
	var err error
	for _, c := range closers {
		err = errors.Join(err, c())
	}
	return err
}
