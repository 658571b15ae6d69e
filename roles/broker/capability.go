package broker

import (
	"context"
	"errors"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/store"
)

// mintFor returns the handler of one mint route. The route fixes the action;
// nothing that the caller sends can change it. The capability leaves once its event
// is durable.
func (b *Broker) mintFor(a service.Action) func(context.Context, caller, api.CapRequest) (api.Capability, error) {
	return func(ctx context.Context, c caller, r api.CapRequest) (api.Capability, error) {
		e := b.event(c, a.Class, a.Op)
		out, err := b.decideMint(ctx, c, r, a, &e)
		return decided(ctx, b, e, out, err)
	}
}

// decideMint completes the event as far as it comes: with nothing that was not
// checked.
func (b *Broker) decideMint(ctx context.Context, c caller, r api.CapRequest, a service.Action, e *audit.Event) (api.Capability, error) {
	if err := owns(c, r.Operator, r.Actor); err != nil {
		return api.Capability{}, err
	}
	e.Actor = r.Actor
	if err := b.operators.Check(r.Operator); err != nil {
		return api.Capability{}, err
	}
	svc, err := target(a, r.Service)
	if err != nil {
		return api.Capability{}, err
	}
	e.Service = r.Service
	uses, err := usesOf(a, r.Uses)
	if err != nil {
		return api.Capability{}, err
	}
	q := chain.Query{Operator: r.Operator, Actor: r.Actor, Device: c.Device()}
	d, err := authority.Authorize(ctx, b.view, q, func(p chain.Pair) (authority.Decision, error) {
		return authority.Decide(p, authority.Need{Operator: r.Operator, Actor: r.Actor, Device: c.Device(), Action: a, Service: svc, Now: b.env.Now()})
	})
	if err != nil {
		return api.Capability{}, err
	}
	e.Epoch = d.Epoch
	// Lists are not charged (SPEC section 11).
	if !a.IsList() {
		if err := b.charge(ctx, q, d, uses); err != nil {
			return api.Capability{}, err
		}
	}
	return b.mint(r, a, c, d, uses)
}

// target reads the service of a request: a list of a whole class names none but "*".
func target(a service.Action, s string) (service.Name, error) {
	if a.ListsClass() {
		if s != service.Any {
			return service.Name{}, apierr.New(apierr.InvalidInput, `a list of credentials names the service "*"`)
		}
		return service.Name{}, nil
	}
	n, err := service.Parse(s)
	if err != nil {
		return n, apierr.Wrap(apierr.InvalidInput, err, "%s", err.Error())
	}
	if n.Class() != a.Class {
		return n, apierr.New(apierr.InvalidInput, "service %s belongs to class %s, this route mints for %s", n, n.Class(), a.Class)
	}
	return n, nil
}

func usesOf(a service.Action, uses int) (int, error) {
	switch {
	case uses == 0:
		return 1, nil
	case a.Mutates && uses != 1:
		return 0, apierr.New(apierr.InvalidInput, "a capability to %s has exactly one use", a.Op)
	}
	return uses, nil
}

// charge counts the uses against the grant's limits. Provisioning is not charged
// (SPEC section 11); an unlimited grant costs no write.
func (b *Broker) charge(ctx context.Context, q chain.Query, d authority.Decision, uses int) error {
	g := d.Grant
	if d.Provisioning {
		return nil
	}
	key := store.LimitKey{Operator: q.Operator, Actor: q.Actor, ServiceHash: g.Service.Hash(), ScopeNonce: d.ScopeNonce}
	limits := store.Limits{MaxPerPeriod: g.MaxPerPeriod, PeriodSeconds: g.PeriodSeconds, MaxTotal: g.MaxTotal}
	err := b.store.Charge(ctx, key, uses, limits, b.env.Now())
	var reached *store.LimitReached
	if !errors.As(err, &reached) {
		return err
	}
	when := "it does not reset; the operator must grant anew"
	if reached.Which == store.LimitPeriod {
		when = "it resets at " + reached.ResetsAt.UTC().Format(time.RFC3339)
	}
	return apierr.New(apierr.ScopeLimitReached, "the limit per %s of %q is %d, %d are used, %d were asked for; %s",
		reached.Which, g.Service, reached.Limit, reached.Used, uses, when).
		WithFix("%s", authority.Fix(apierr.ScopeLimitReached, authority.Subject{Operator: q.Operator, Actor: q.Actor, Grant: g, Reached: authority.Limit(reached.Which)}))
}

func (b *Broker) mint(r api.CapRequest, a service.Action, c caller, d authority.Decision, uses int) (api.Capability, error) {
	token, claims, err := b.minter.Mint(captoken.Request{
		Operator: r.Operator, Actor: r.Actor, Service: r.Service, Action: a, Device: c.Device(), JKT: c.Thumbprint(),
		Epoch: d.Epoch, Uses: uses, TTL: time.Duration(r.TTL) * time.Second,
	})
	if err != nil {
		return api.Capability{}, err
	}
	return api.Capability{Token: token, ExpiresAt: claims.ExpiresAt(), Uses: uses}, nil
}

// capRoutes registers one route per action.
func (b *Broker) capRoutes(m *httpd.Mux) {
	p := role.SessionPolicy(b.verifier, b.proofs)
	mint := func(path string, a service.Action) {
		refuses := mintRefusals()
		if !a.IsList() {
			refuses = append(refuses, apierr.ScopeLimitReached)
		}
		httpd.Handle(m, "POST", path, p.For(a), b.mintFor(a), refuses...)
	}
	mint(api.PathCapCredStore, service.CredStore)
	mint(api.PathCapCredFetch, service.CredFetch)
	mint(api.PathCapCredList, service.CredList)
	mint(api.PathCapCredTeardown, service.CredTeardown)
	mint(api.PathCapMemoryPut, service.MemoryPut)
	mint(api.PathCapMemoryGet, service.MemoryGet)
	mint(api.PathCapMemoryList, service.MemoryList)
	mint(api.PathCapMemoryTeardown, service.MemoryTeardown)
}
