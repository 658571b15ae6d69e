package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
)

func yesFlag(yes *bool) cli.Flag {
	return &cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Destination: yes, Usage: "do not ask"}
}

func (p *program) deviceRevoke() *cli.Command {
	var yes bool
	return &cli.Command{
		Name: "revoke", Usage: "revoke a master or an agent for ever",
		UsageText: "device revoke NAME|HASH [--yes] [--as OPERATOR] [--dry-run]",
		Description: `The chain says what the device is. An agent is revoked by the wallet alone; a master by a quorum without it, and as many recovery masters as a quorum takes must remain. A revoked key never returns.

Examples:
  agentkeys device revoke spare
  agentkeys device revoke build-bot --yes`,
		Flags: []cli.Flag{yesFlag(&yes), p.dryRunFlag()},
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usage("name one device: device revoke NAME")
			}
			return p.revokeDevice(c.Context, c.Args().First(), yes)
		},
	}
}

func (p *program) revokeDevice(ctx context.Context, query string, yes bool) error {
	e, err := p.deviceNamed(query)
	if err != nil {
		return err
	}
	id, err := p.chooseOperator(e)
	if err != nil {
		return err
	}
	ch, err := p.chainClient()
	if err != nil {
		return err
	}
	d, err := ch.Device(ctx, e.Device)
	switch {
	case err != nil:
		return err
	case !d.Registered:
		return fmt.Errorf("the chain does not know device %s", ui.Named(e.Name, e.Device))
	case d.Tier != chain.TierMaster:
		return p.revokeAgent(ctx, query, yes)
	}
	if !d.Revoked {
		if err := p.sure(ctx, yes, "revoke master %s of operator %s for ever?", ui.Named(e.Name, e.Device), ui.Named(id.Name, id.Operator)); err != nil {
			return err
		}
	}
	o, err := p.operator(id)
	if err != nil {
		return err
	}
	out, err := o.RevokeMaster(ctx, e.Device)
	if err != nil {
		return err
	}
	return p.printMasters(ctx, out, id, "", ui.Named(e.Name, e.Device)+" is revoked")
}

// sure asks before what cannot be taken back. A dry run takes nothing.
func (p *program) sure(ctx context.Context, yes bool, format string, args ...any) error {
	if yes || p.dryRun {
		return nil
	}
	ok, err := p.confirm(ctx, format, args...)
	if err == nil && !ok {
		err = errors.New("nothing was changed")
	}
	return err
}

func (p *program) deviceCancel() *cli.Command {
	return &cli.Command{
		Name: "cancel", Usage: "cancel a master that is still maturing",
		UsageText: "device cancel NAME|HASH [--as OPERATOR] [--dry-run]",
		Description: `One recovery master suffices, whoever added the newcomer, and also while the operator is frozen. The newcomer's key never returns.

Examples:
  agentkeys device cancel spare`,
		Flags: []cli.Flag{p.dryRunFlag()},
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usage("name the newcomer: device cancel NAME")
			}
			return p.cancelMaster(c.Context, c.Args().First())
		},
	}
}

func (p *program) cancelMaster(ctx context.Context, query string) error {
	e, err := p.deviceNamed(query)
	if err != nil {
		return err
	}
	id, err := p.chooseOperator(e)
	if err != nil {
		return err
	}
	o, err := p.operator(id)
	if err != nil {
		return err
	}
	out, err := o.CancelMaster(ctx, e.Device)
	if err != nil {
		return err
	}
	return p.printMasters(ctx, out, id, "", ui.Named(e.Name, e.Device)+" is cancelled")
}

func acceptFlag(accept *bool) cli.Flag {
	return &cli.BoolFlag{Name: "accept-stranding", Destination: accept, Usage: "go on although one lost master would then strand the operator for ever"}
}

func (p *program) deviceThreshold() *cli.Command {
	var accept bool
	return &cli.Command{
		Name: "threshold", Usage: "say how many recovery masters a quorum takes",
		UsageText: "device threshold N [--accept-stranding] [--as OPERATOR] [--dry-run]",
		Description: `The quorum as it is now signs, whether it goes up or down. A quorum of all recovery masters needs --accept-stranding: one lost passkey then strands the operator, and each of them can freeze it for ever.

Examples:
  agentkeys device threshold 2`,
		Flags: []cli.Flag{acceptFlag(&accept), p.dryRunFlag()},
		Action: func(c *cli.Context) error {
			n, err := strconv.ParseUint(c.Args().First(), 10, 8)
			if c.Args().Len() != 1 || err != nil {
				return usage("give the number of masters: device threshold N")
			}
			return p.setThreshold(c.Context, uint8(n), accept)
		},
	}
}

func (p *program) setThreshold(ctx context.Context, n uint8, accept bool) error {
	id, err := p.chooseOperator(home.Entry{})
	if err != nil {
		return err
	}
	o, err := p.operator(id)
	if err != nil {
		return err
	}
	out, err := o.SetThreshold(ctx, n, accept)
	if err != nil {
		return accepted(err, "agentkeys device threshold "+strconv.Itoa(int(n)))
	}
	return p.printMasters(ctx, out, id, "", fmt.Sprintf("a quorum of %s takes %d", ui.Named(id.Name, id.Operator), n))
}
