// Package broker is the role that turns an operator's approval on chain into
// tokens that live for minutes.
//
// Laws: the route fixes class and op of a capability; session and proof come
// first, then whether the session may speak for the actor at all (no chain
// read before that), then the chain, then limits, then the mint. The broker
// holds K1 and K2 but no data key: it never sees what an agent stores.
package broker

import (
	"context"
	"errors"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
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

// Broker is the running role.
type Broker struct {
	env       role.Env
	domain    string // host[:port] of the public URL, as ERC-4361 wants it
	operators operators
	view      chain.View
	store     *store.Store
	sessions  *session.Authority
	proofs    *dpop.Verifier
	minter    *captoken.Minter
	issuer    *oidc.Issuer
	capKeys   jose.JWKS
	limiter   httpd.Limiter
	closers   []func() error
}

// Routes implements role.Service.
func (b *Broker) Routes(m *httpd.Mux) {
	login := httpd.RateLimited(b.limiter, httpd.Public())
	httpd.Handle(m, "POST", api.PathLoginStart, login, b.loginStart)
	httpd.Handle(m, "POST", api.PathLoginVerify, login, b.loginVerify)
	httpd.Handle(m, "POST", api.PathWebIdentity, b.sessionPolicy(), b.webIdentity)
	b.capRoutes(m)
	b.wellKnownRoutes(m)
}

// Checks implements role.Service.
func (b *Broker) Checks() []httpd.Check {
	return []httpd.Check{
		{Name: "chain", Probe: b.view.Ready},
		{Name: "store", Probe: func(ctx context.Context) (time.Duration, error) { return 0, b.store.Ready(ctx) }},
	}
}

// Close implements role.Service.
func (b *Broker) Close() error {
	var err error
	for _, c := range b.closers {
		err = errors.Join(err, c())
	}
	return err
}
