package cli

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// seed makes the operators and agents with which development begins. What a
// developer changed since stays as it is: a revoked agent stays revoked, and a
// scope that was ever set is not set again.
func (p *program) seed(ctx context.Context) error {
	p.silent = true
	defer func() { p.silent = false }()
	github, err := service.Parse("github")
	if err != nil {
		return err
	}
	for _, s := range []struct{ operator, agent string }{{"acme", "build-bot"}, {"globex", "report-bot"}} {
		if err := p.seedOne(ctx, s.operator, s.agent, chain.Grant{Service: github, Ops: service.Read | service.List}); err != nil {
			return fmt.Errorf("making operator %s and agent %s: %w", s.operator, s.agent, err)
		}
	}
	return nil
}

func (p *program) seedOne(ctx context.Context, operator, agent string, g chain.Grant) error {
	d, err := p.home()
	if err != nil {
		return err
	}
	if id, err := d.Identity(operator); err == nil && id.Inactive {
		return nil // it has moved to another wallet: nothing is missing
	}
	r, err := p.readyOperator(ctx, operator, nil)
	if err != nil {
		return err
	}
	o := r.operator
	id, _, err := p.identityNamed(agent, home.KindAgent, nil)
	if err != nil {
		return err
	}
	on, err := o.Chain.Resolve(ctx, common.Address(id.Address))
	if err != nil {
		return err
	}
	if on.Status == chain.Unregistered {
		req, err := p.request(id, r.id.Operator, omni.Actor{})
		if err != nil {
			return err
		}
		if _, err := o.BindAgent(ctx, req, omni.Actor{}); err != nil {
			return err
		}
	}
	_, nonce, err := o.Chain.Scope(ctx, r.id.Operator, id.Actor)
	if err != nil || nonce > 0 {
		return err
	}
	_, err = o.SetScope(ctx, id.Actor, []chain.Grant{g})
	return err
}
