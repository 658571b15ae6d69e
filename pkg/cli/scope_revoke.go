package cli

import (
	"context"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/service"
)

func (p *program) scopeRevoke() *cli.Command {
	var agent string
	var services cli.StringSlice
	return &cli.Command{
		Name: "revoke", Usage: "take services from an agent, or everything",
		UsageText: "scope revoke --agent NAME [--service NAME]... [--as OPERATOR] [--dry-run]",
		Description: `Without --service the agent may do nothing any more, also while the operator is frozen. What changes is shown in words before the passkey signs.

Examples:
  agentkeys scope revoke --agent build-bot --service github
  agentkeys scope revoke --agent build-bot`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "agent", Destination: &agent, Usage: "`NAME`, address or omni of the agent"},
			&cli.StringSliceFlag{Name: "service", Destination: &services, DefaultText: "all", Usage: "`NAME` of a service, repeatable"},
			p.dryRunFlag(),
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.revokeScope(c.Context, agent, services.Value())
		},
	}
}

func (p *program) revokeScope(ctx context.Context, agent string, services []string) error {
	var gone []service.Name
	for _, s := range services {
		n, err := service.Parse(s)
		if err != nil {
			return usage("--service: %s", err)
		}
		gone = append(gone, n)
	}
	e, err := p.agentNamed(agent)
	if err != nil {
		return err
	}
	_, o, err := p.acting(e)
	if err != nil {
		return err
	}
	out, err := o.ChangeScope(ctx, e.Actor, func(have []chain.Grant) ([]chain.Grant, error) {
		want := slices.DeleteFunc(slices.Clone(have), func(g chain.Grant) bool {
			return len(gone) == 0 || slices.Contains(gone, g.Service)
		})
		p.showDifference(ui.Named(e.Name, e.Actor), have, want)
		return want, nil
	})
	if err != nil {
		return err
	}
	return p.printOutcome(out, "scope", "of agent "+ui.Named(e.Name, e.Actor))
}
