package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
)

func (p *program) agentCommand() *cli.Command {
	return &cli.Command{
		Name: "agent", Usage: "bind agents to an operator, list and revoke them", Category: categoryOperator,
		Description: `An agent has a device key of its own, which never leaves its machine. The agent asks to be bound with a request file that its key signed; the operator approves with wallet and passkey. From then on the chain knows the agent, and what it may do is set with "scope set".`,
		Action:      p.group,
		Subcommands: []*cli.Command{p.agentRequest(), p.agentCreate(), p.agentList(), p.agentRevoke()},
	}
}

func (p *program) agentList() *cli.Command {
	return &cli.Command{
		Name: "list", Usage: "list an operator's agents, as the chain knows them",
		UsageText: "agent list [--as OPERATOR] [-o json]",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			id, err := p.chooseOperator(home.Entry{})
			if err != nil {
				return err
			}
			return p.listAgents(c.Context, id)
		},
	}
}

type agentRow struct {
	Name    string         `json:"name"`
	Address string         `json:"address,omitzero"`
	Actor   omni.Actor     `json:"actor_omni"`
	Device  omni.DeviceKey `json:"device_key_hash"`
	Status  string         `json:"status"`
	Grants  []grantWords   `json:"grants"`
}

func (p *program) listAgents(ctx context.Context, id home.Identity) error {
	ch, err := p.chainClient()
	if err != nil {
		return err
	}
	b, err := p.book()
	if err != nil {
		return err
	}
	devices, err := ch.Devices(ctx, id.Operator)
	if err != nil {
		return err
	}
	st, err := ch.Standing(ctx, id.Operator)
	if err != nil {
		return err
	}
	list := []agentRow{}
	seen := map[omni.DeviceKey]bool{}
	for _, dev := range devices {
		if dev.Actor == omni.Self(id.Operator) {
			continue
		}
		seen[dev.Key] = true
		row := agentRow{Name: b.NameOfDevice(dev.Key), Actor: dev.Actor, Device: dev.Key, Status: "active"}
		switch {
		case dev.Revoked:
			row.Status = "revoked"
		case st.Frozen:
			row.Status = "frozen"
		}
		grants, _, err := ch.Scope(ctx, id.Operator, dev.Actor)
		if err != nil {
			return err
		}
		row.Grants = inWords(grants)
		list = append(list, row)
	}
	for _, e := range b.Entries(home.KindAgent) {
		if e.Operator == id.Operator && !e.Device.IsZero() && !seen[e.Device] {
			list = append(list, agentRow{Name: e.Name, Actor: e.Actor, Device: e.Device, Status: "not bound"})
		}
	}
	table := ui.Rows{
		Header: []string{"agent", "omni", "status", "may"},
		Empty:  ui.Named(id.Name, id.Operator) + " has no agents yet", Hint: p.command("agentkeys agent request --operator " + id.Name + " --as build-bot"),
	}
	for i, row := range list {
		for _, e := range b.Entries(home.KindAgent) {
			if e.Device == row.Device && !e.Address.IsZero() {
				list[i].Address = e.Address.String()
			}
		}
		name := row.Name
		if name == "" {
			name = "(not in the address book)"
		}
		table.Rows = append(table.Rows, []string{name, row.Actor.Short(), row.Status, summary(row.Grants)})
	}
	return p.print(list, table)
}

func (p *program) agentRevoke() *cli.Command {
	var yes bool
	return &cli.Command{
		Name: "revoke", Usage: "revoke an agent's device for ever",
		UsageText: "agent revoke NAME [--yes] [--as OPERATOR]",
		Description: `The agent's key is refused everywhere as soon as the chain shows it, and never returns: an agent that is to come back needs a new key. Secrets that were stored for it stay in storage until "cred teardown" removes them. A storage session that the agent holds reaches the ciphertext of its own folder for at most 20 minutes more; for an hour and five minutes where a thief of its key asked the session service itself.

The wallet alone signs. On a terminal it asks once; --yes answers.

Examples:
  agentkeys agent revoke build-bot`,
		Flags: []cli.Flag{yesFlag(&yes), p.dryRunFlag()},
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usage("name one agent: agent revoke NAME")
			}
			e, d, err := p.deviceOnChain(c.Context, c.Args().First(), home.KindAgent)
			if err != nil {
				return err
			}
			if d.Tier == chain.TierMaster {
				return ui.WithFix(fmt.Errorf("%s is a master, not an agent", ui.Named(e.Name, e.Device)), "agentkeys device revoke %s", e.Device)
			}
			return p.revokeAgent(c.Context, e, d, yes)
		},
	}
}

// revokeAgent revokes one device of an agent; a further key of the same agent
// stays.
func (p *program) revokeAgent(ctx context.Context, e home.Entry, d chain.DeviceEntry, yes bool) error {
	id, o, err := p.acting(e)
	if err != nil {
		return err
	}
	if !d.Revoked {
		if err := p.sure(ctx, yes, "revoke agent %s of operator %s for ever?", ui.Named(e.Name, d.Actor), ui.Named(id.Name, id.Operator)); err != nil {
			return err
		}
	}
	out, err := o.RevokeAgent(ctx, e.Device)
	if err != nil {
		return err
	}
	return p.printOutcome(out, "agent", ui.Named(e.Name, d.Actor)+" is revoked")
}
