package broker

import (
	"context"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// webIdentity mints the token that STS exchanges for a storage session of one
// class: session and proof (the policy), then device, then live grants, then the
// event.
func (b *Broker) webIdentity(ctx context.Context, c caller, r api.WebIdentityRequest) (api.WebIdentity, error) {
	e := b.event(c, r.Class, opWebIdentity)
	out, err := b.decideIdentity(ctx, c, r, &e)
	return decided(ctx, b, e, out, err)
}

func (b *Broker) decideIdentity(ctx context.Context, c caller, r api.WebIdentityRequest, e *audit.Event) (api.WebIdentity, error) {
	actor := r.Actor
	if actor.IsZero() {
		actor = c.Actor()
	}
	if err := owns(c, c.Operator(), actor); err != nil {
		return api.WebIdentity{}, err
	}
	e.Actor = actor
	if err := b.operators.Check(c.Operator()); err != nil {
		return api.WebIdentity{}, err
	}
	q := chain.Query{Operator: c.Operator(), Actor: actor, Device: c.Device()}
	access, err := authority.Authorize(ctx, b.view, q, func(p chain.Pair) (oidc.Access, error) {
		ops, provisioning, err := authority.DecideClass(p, q.Operator, q.Actor, q.Device, r.Class, b.env.Now())
		if err != nil {
			return "", err
		}
		return accessFor(ops, provisioning, q.Operator, actor, r)
	})
	if err != nil {
		return api.WebIdentity{}, err
	}
	token, expires, err := b.issuer.Mint(oidc.Request{Class: r.Class, Operator: q.Operator, Actor: actor, Access: access})
	if err != nil {
		return api.WebIdentity{}, err
	}
	return api.WebIdentity{Token: token, ExpiresAt: expires, Access: string(access)}, nil
}

// accessFor gives the access asked for, or the widest that the ops allow. A
// master that acts for an agent gets provision and nothing else, and only for
// credentials; an agent never gets provision.
func accessFor(ops service.Ops, provisioning bool, op omni.Operator, actor omni.Actor, r api.WebIdentityRequest) (oidc.Access, error) {
	mutates := ops&(service.Write|service.Delete) != 0
	switch want := oidc.Access(r.Access); {
	case provisioning && r.Class == service.Credentials && (want == "" || want == oidc.AccessProvision):
		return oidc.AccessProvision, nil
	case provisioning || want == oidc.AccessProvision:
		return "", apierr.New(apierr.DeviceBindingMismatch, "access provision is for a master that hands a credential to its agent, and all that it gets; an agent asks for read or write")
	case mutates && (want == "" || want == oidc.AccessWrite):
		return oidc.AccessWrite, nil
	case want == oidc.AccessWrite:
		return "", apierr.New(apierr.ServiceNotInScope, "no live grant in class %s allows write or delete; the session could only read", r.Class).
			WithFix("%s", authority.Fix(apierr.ServiceNotInScope, authority.Subject{Operator: op, Actor: actor, Class: r.Class, Ops: service.Read | service.Write}))
	}
	return oidc.AccessRead, nil
}
