package cli

import (
	"context"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
)

func (p *program) freezeCommand() *cli.Command {
	var accept bool
	return &cli.Command{
		Name: "freeze", Usage: "stop every agent of an operator at once", Category: categoryOperator,
		UsageText: "freeze [--accept-stranding] [--as OPERATOR] [--dry-run]",
		Description: `One master signs, whichever is at hand. From the next block on no agent gets a capability, and none that was minted is honoured. Only a quorum ends it.

Where a quorum takes all recovery masters, freezing needs --accept-stranding: each of them could refuse to end it.

Examples:
  agentkeys freeze`,
		Flags: []cli.Flag{acceptFlag(&accept), p.dryRunFlag()},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.freeze(c.Context, accept)
		},
	}
}

func (p *program) freeze(ctx context.Context, accept bool) error {
	id, err := p.chooseOperator(home.Entry{})
	if err != nil {
		return err
	}
	o, err := p.operator(id)
	if err != nil {
		return err
	}
	out, err := o.Freeze(ctx, accept)
	if err != nil {
		return accepted(err, "agentkeys freeze")
	}
	if err := p.printOutcome(out, "operator", ui.Named(id.Name, id.Operator)+" is frozen: no agent may act"); err != nil || out.Plan != nil {
		return err
	}
	p.next("look at the devices, and end the freeze without those that you do not trust",
		"agentkeys device list", "agentkeys unfreeze --revoke NAME")
	return nil
}

func (p *program) unfreezeCommand() *cli.Command {
	var revoke cli.StringSlice
	return &cli.Command{
		Name: "unfreeze", Usage: "let the agents go on, and revoke what is not trusted", Category: categoryOperator,
		UsageText: "unfreeze [--revoke NAME]... [--as OPERATOR] [--dry-run]",
		Description: `A quorum signs. Devices named with --revoke, masters or agents, are revoked in the same transaction, so that a stolen passkey cannot freeze again in between; they have no vote.

Examples:
  agentkeys unfreeze
  agentkeys unfreeze --revoke stolen-laptop --revoke build-bot`,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "revoke", Destination: &revoke, Usage: "`NAME` or hash of a device to revoke, repeatable"},
			p.dryRunFlag(),
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.unfreeze(c.Context, revoke.Value())
		},
	}
}

func (p *program) unfreeze(ctx context.Context, revoke []string) error {
	var keys []omni.DeviceKey
	for _, query := range revoke {
		e, err := p.deviceNamed(query)
		if err != nil {
			return err
		}
		keys = append(keys, e.Device)
	}
	id, err := p.chooseOperator(home.Entry{})
	if err != nil {
		return err
	}
	o, err := p.operator(id)
	if err != nil {
		return err
	}
	out, err := o.Unfreeze(ctx, keys)
	if err != nil {
		return err
	}
	return p.printMasters(ctx, out, id, "", ui.Named(id.Name, id.Operator)+" is not frozen")
}
