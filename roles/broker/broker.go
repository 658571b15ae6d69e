// Package broker is the role that turns an operator's approval on chain into
// tokens that live for minutes.
//
// Laws: the route fixes class and op of a capability; session and proof come
// first, then whether the session may speak for the actor at all (no chain
// read before that), then the chain, then limits, then the mint, then its event:
// no token leaves whose event is not durable. The broker holds K1 and K2 but no
// data key: it never sees what an agent stores.
package broker

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/session"
	"github.com/litentry/agentkeys/pkg/store"
)

// Parts are what a broker is built from.
type Parts struct {
	K1, K2   jose.PrivateKey
	Rotation Rotation
	Store    *store.Store
	// Proofs remembers used proofs; nil: in memory, for a broker that runs once.
	Proofs    dpop.Guard
	View      chain.View
	Operators role.Operators
	Limiter   httpd.Limiter
	Audit     *role.Audit
}

// Broker is the running role.
type Broker struct {
	env       role.Env
	domain    string // host[:port] of the public URL, as ERC-4361 wants it
	operators role.Operators
	view      chain.View
	store     *store.Store
	sessions  *session.Authority
	verifier  *session.Verifier
	guard     dpop.Guard // of proofs
	proofs    *dpop.Verifier
	minter    *captoken.Minter
	issuer    *oidc.Issuer
	capKeys   jose.JWKS
	limiter   httpd.Limiter
	audit     *role.Audit
	begin     func(context.Context) error // nil: the parts are somebody else's
	closers   []func() error
}

// New builds a broker. It owns nothing of p: who opened the parts closes them.
func New(e role.Env, p Parts) (*Broker, error) {
	if p.Audit == nil {
		return nil, errors.New("broker: audit is required")
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		return nil, fmt.Errorf("the broker's URL: %w", err)
	}
	set, err := p.Rotation.capKeys(p.K1.Public(), p.K2.Public())
	if err != nil {
		return nil, err
	}
	if p.Proofs == nil {
		guard, err := dpop.NewMemory(dpop.DefaultCapacity, dpop.DefaultPerKey, e.Now)
		if err != nil {
			return nil, err
		}
		p.Proofs = guard
	}
	b := &Broker{env: e, guard: p.Proofs, domain: u.Host, operators: p.Operators, view: p.View, store: p.Store, capKeys: set.JWKS(), limiter: p.Limiter, audit: p.Audit}
	var errs [4]error
	b.sessions, errs[0] = session.New(p.K1, e.Profile.CapIssuer, e.Now, p.Rotation.K1...)
	b.minter, errs[1] = captoken.NewMinter(p.K1, e.Profile.CapIssuer, e.Now)
	b.issuer, errs[2] = oidc.New(e.Profile.OIDCIssuer, p.K2, e.Now, p.Rotation.K2...)
	b.proofs, errs[3] = dpop.NewVerifier(p.Proofs, e.Now)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	b.verifier = b.sessions.Verifier
	return b, nil
}

// Routes implements role.Service.
func (b *Broker) Routes(m *httpd.Mux) {
	login := httpd.RateLimited(b.limiter, httpd.Public())
	httpd.Handle(m, "POST", api.PathLoginStart, login, b.loginStart, apierr.StoreUnavailable)
	httpd.Handle(m, "POST", api.PathLoginVerify, login, b.loginVerify, slices.Concat(chain.Refusals(), []apierr.Code{
		apierr.Unauthorized, apierr.OperatorNotServed, apierr.DeviceNotActive, apierr.DeviceRevoked, apierr.WalletRetired, apierr.StoreUnavailable, apierr.AuditUnavailable,
	})...)
	httpd.Handle(m, "POST", api.PathWebIdentity, role.SessionPolicy(b.verifier, b.proofs), b.webIdentity, mintRefusals()...)
	b.capRoutes(m)
	b.wellKnownRoutes(m)
}

// mintRefusals are the codes of whatever mints for a session: whose it is, what the
// chain says, and the event.
func mintRefusals(more ...apierr.Code) []apierr.Code {
	return slices.Concat(authority.Refusals(), []apierr.Code{apierr.OperatorMismatch, apierr.OperatorNotServed, apierr.AuditUnavailable}, more)
}

// Checks implements role.Service.
func (b *Broker) Checks() []httpd.Check {
	return append(append(b.audit.Checks(), role.ProofChecks(b.guard)...),
		httpd.Check{Name: "chain", Probe: b.view.Ready},
		httpd.Check{Name: "store", Probe: func(ctx context.Context) (time.Duration, error) { return 0, b.store.Ready(ctx) }},
	)
}

// Begin implements role.Service.
func (b *Broker) Begin(ctx context.Context) error {
	if b.begin == nil {
		return nil
	}
	return b.begin(ctx)
}

// Close implements role.Service.
func (b *Broker) Close() error { return closeAll(b.closers) }

func closeAll(closers []func() error) error {
	var err error
	for _, c := range closers {
		err = errors.Join(err, c())
	}
	return err
}
