package cli

import (
	"context"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
)

func (p *program) loginCommand() *cli.Command {
	return &cli.Command{
		Name: "login", Usage: "sign in at the broker with the device key", Category: categoryAgent,
		UsageText: "login [--as NAME]",
		Description: `Other commands sign in by themselves; this one shows that it works, and replaces the cached session.

Examples:
  agentkeys login --as build-bot`,
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			id, err := p.choose()
			if err != nil {
				return err
			}
			return p.login(c.Context, id)
		},
	}
}

// sessionWords is a session without its token: that one is never printed.
type sessionWords struct {
	Name      string        `json:"name"`
	Kind      string        `json:"kind"`
	Operator  omni.Operator `json:"operator_omni"`
	Actor     omni.Actor    `json:"actor_omni"`
	ExpiresAt time.Time     `json:"expires_at"`
}

func (p *program) login(ctx context.Context, id home.Identity) error {
	c, err := p.caller(id)
	if err != nil {
		return err
	}
	s, err := c.Login(ctx)
	if err != nil {
		return err
	}
	if err := p.remember(id, s); err != nil {
		return err
	}
	return p.print(sessionWords{id.Name, s.Kind, s.Operator, s.Actor, s.ExpiresAt}, ui.Facts{
		{Key: "signed in as", Value: s.Kind + " " + ui.Named(id.Name, s.Actor)},
		{Key: "operator", Value: ui.Named(p.nameOf(s.Operator.String()), s.Operator)},
		{Key: "session ends", Value: ui.When(s.ExpiresAt, p.Now())},
	})
}

// remember writes down what the registry says through the broker about an
// agent that did not know it.
func (p *program) remember(id home.Identity, s api.Session) error {
	if id.Operator == s.Operator && id.Actor == s.Actor {
		return nil
	}
	d, err := p.home()
	if err != nil {
		return err
	}
	_, err = d.Bind(id.Name, s.Operator, s.Actor)
	return err
}

func (p *program) whoamiCommand() *cli.Command {
	return &cli.Command{
		Name: "whoami", Usage: "say who acts, and what chain and broker think of that", Category: categoryAgent,
		UsageText: "whoami [--as NAME] [-o json]",
		Description: `Without --as and with several identities on this machine it lists them all.

Examples:
  agentkeys whoami --as build-bot`,
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.whoami(c.Context)
		},
	}
}

type identityWords struct {
	Name     string          `json:"name"`
	Kind     home.Kind       `json:"kind"`
	Address  profile.Address `json:"address"`
	Operator omni.Operator   `json:"operator_omni,omitzero"`
	Actor    omni.Actor      `json:"actor_omni"`
	Status   string          `json:"on_chain"`
	Session  time.Time       `json:"session_until,omitzero"`
	// Warnings are what an operator must not overlook.
	Warnings []warning `json:"warnings,omitzero"`
}

func (p *program) whoami(ctx context.Context) error {
	d, err := p.home()
	if err != nil {
		return err
	}
	ids, err := d.Identities()
	if err != nil {
		return err
	}
	if p.global.as != "" {
		id, err := d.Identity(p.global.as)
		if err != nil {
			return err
		}
		ids = []home.Identity{id}
	}
	if len(ids) == 0 {
		_, err := p.choose()
		return err
	}
	pr, err := p.load()
	if err != nil {
		return err
	}
	out := []identityWords{}
	table := ui.Rows{Header: []string{"name", "kind", "operator", "omni", "on chain", "session"}}
	for _, id := range ids {
		on, err := p.identityOnChain(ctx, id)
		if err != nil {
			return err
		}
		w := identityWords{Name: id.Name, Kind: id.Kind, Address: id.Address, Operator: id.Operator, Actor: id.Actor, Status: standing(on)}
		if !on.Operator.IsZero() {
			w.Operator, w.Actor = on.Operator, on.Actor
		}
		if on.Kind == chain.Master && on.Status == chain.Active {
			if _, w.Warnings, _, err = p.health(ctx, on.Operator); err != nil {
				return err
			}
		}
		cache, err := d.Sessions(id, pr)
		if err != nil {
			return err
		}
		session := "none"
		if s, ok := cache.Session(); ok {
			w.Session = s.ExpiresAt
			session = "for " + ui.Duration(s.ExpiresAt.Sub(p.Now()))
		}
		out = append(out, w)
		of := ""
		if !w.Operator.IsZero() {
			of = ui.Named(p.nameOf(w.Operator.String()), w.Operator)
		}
		table.Rows = append(table.Rows, []string{w.Name, string(w.Kind), of, w.Actor.Short(), w.Status, session})
	}
	if err := p.print(out, table); err != nil {
		return err
	}
	for _, w := range out {
		p.warn(w.Name, w.Warnings)
	}
	return nil
}

// standingOf reads how an operator stands.
func (p *program) standingOf(ctx context.Context, op omni.Operator) (chain.Standing, error) {
	c, err := p.chainClient()
	if err != nil {
		return chain.Standing{}, err
	}
	return c.Standing(ctx, op)
}

// standing is what the registry says, in words.
func standing(id chain.Identity) string {
	if id.Status == chain.Unregistered {
		return "not registered"
	}
	return id.Status.String() + " " + id.Kind.String()
}
