// Package cred is the worker for the data class credentials. It trusts nobody.
//
// Laws: the route fixes the op; every call brings its own capability, proof
// and storage session, and there is no other identity to fall back to; the
// chain is asked again on every call; the use is consumed, durably, and then the
// decision's event, before a data key or storage is touched; the object key is
// built from the capability's actor. It holds no key that opens anything: the
// signer gives out the data key of one object for one proven request.
package cred

import (
	"context"
	"errors"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
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

// Worker is the running role.
type Worker struct {
	env     role.Env
	view    chain.View
	caps    *captoken.Verifier
	guard   dpop.Guard // of proofs
	proofs  *dpop.Verifier
	uses    *store.Store
	keys    keys.DataKeys
	objects *blob.Store
	audit   *role.Audit
	signer  func(context.Context) error
	closers []func() error
}

// New builds a worker. It owns nothing of p: who opened the parts closes them.
func New(e role.Env, p Parts) (*Worker, error) {
	if p.Audit == nil {
		return nil, errors.New("cred: audit is required")
	}
	if p.Proofs == nil {
		guard, err := dpop.NewMemory(dpop.DefaultCapacity, dpop.DefaultPerKey, e.Now)
		if err != nil {
			return nil, err
		}
		p.Proofs = guard
	}
	w := &Worker{env: e, guard: p.Proofs, view: p.View, uses: p.Uses, keys: p.Keys, objects: p.Objects, audit: p.Audit, signer: p.Signer}
	var errs [2]error
	w.caps, errs[0] = captoken.NewVerifier(p.CapKeys, e.Profile.CapIssuer, e.Now)
	w.proofs, errs[1] = dpop.NewVerifier(p.Proofs, e.Now)
	return w, errors.Join(errs[:]...)
}

// Routes implements role.Service.
func (w *Worker) Routes(m *httpd.Mux) {
	httpd.Handle(m, "POST", api.PathCredStore, w.policy(service.CredStore), done(w, w.store))
	httpd.Handle(m, "POST", api.PathCredFetch, w.policy(service.CredFetch), done(w, w.fetch))
	httpd.Handle(m, "POST", api.PathCredList, w.policy(service.CredList), done(w, w.list))
	httpd.Handle(m, "POST", api.PathCredTeardown, w.policy(service.CredTeardown), done(w, w.teardown))
}

// consume spends one use, durably, before anything is touched.
func (w *Worker) consume(ctx context.Context, g captoken.Grant) error {
	err := w.uses.ConsumeUse(ctx, g.ID(), g.Uses(), g.ExpiresAt())
	if errors.Is(err, store.ErrUsedUp) {
		return apierr.New(apierr.CapUsed, "this capability allows %d use(s), all are spent; ask the broker for another", g.Uses())
	}
	return err
}

// Checks implements role.Service.
func (w *Worker) Checks() []httpd.Check {
	checks := append(append(w.audit.Checks(), role.ProofChecks(w.guard)...),
		httpd.Check{Name: "chain", Probe: w.view.Ready},
		httpd.Check{Name: "store", Probe: func(ctx context.Context) (time.Duration, error) { return 0, w.uses.Ready(ctx) }},
		httpd.Check{Name: "storage", Probe: func(ctx context.Context) (time.Duration, error) { return 0, w.objects.Reachable(ctx) }},
	)
	if w.signer != nil {
		checks = append(checks, httpd.Check{Name: "signer", Later: true, Probe: func(ctx context.Context) (time.Duration, error) { return 0, w.signer(ctx) }})
	}
	return checks
}

// Close implements role.Service.
func (w *Worker) Close() error { return closeAll(w.closers) }

func closeAll(closers []func() error) error {
	var err error
	for _, c := range closers {
		err = errors.Join(err, c())
	}
	return err
}
