package cli

import (
	"context"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
)

func (p *program) k11Command() *cli.Command {
	return &cli.Command{
		Name: "k11", Usage: "passkeys of an operator's masters on this machine", Category: categoryOperator,
		Description: `A passkey becomes a master when it is registered on chain: the first by "init", others by "device add".`,
		Action:      p.group,
		Subcommands: []*cli.Command{p.k11Enroll(), p.k11List()},
	}
}

type passkeyRow struct {
	Name   string         `json:"name"`
	RPID   string         `json:"rp_id"`
	Origin string         `json:"origin"`
	Device omni.DeviceKey `json:"device_key_hash"`
}

func (p *program) k11Enroll() *cli.Command {
	var name string
	return &cli.Command{
		Name: "enroll", Usage: "enroll a passkey for a further master, without registering it",
		UsageText: "k11 enroll --name NAME [--as OPERATOR]",
		Description: `Each passkey has a relying party of its own, so that none can be mistaken for another. What is enrolled already is found.

Examples:
  agentkeys k11 enroll --name companion`,
		Flags: []cli.Flag{&cli.StringFlag{Name: "name", Destination: &name, Usage: "`NAME` of the master in the address book"}},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if err := home.CheckName(name); err != nil {
				return usage("name the master: k11 enroll --name NAME")
			}
			return p.enrollPasskey(c.Context, name)
		},
	}
}

func (p *program) enrollPasskey(ctx context.Context, name string) error {
	id, err := p.chooseOperator(home.Entry{})
	if err != nil {
		return err
	}
	m, err := p.passkeyNamed(ctx, id, name, func() error { return nil })
	if err != nil {
		return err
	}
	row := passkeyRow{name, m.Credential.RPID, m.Credential.Origin, m.Credential.DeviceKey()}
	if err := p.print(row, ui.Facts{
		{Key: "passkey", Value: ui.Named(name, row.Device)},
		{Key: "relying party", Value: row.RPID},
		{Key: "origin", Value: row.Origin},
	}); err != nil {
		return err
	}
	p.next("make it a master of "+id.Name, "agentkeys device add --name "+name)
	return nil
}

func (p *program) k11List() *cli.Command {
	return &cli.Command{
		Name: "list", Usage: "list the passkeys on this machine",
		UsageText: "k11 list [--as OPERATOR] [-o json]",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			id, err := p.chooseOperator(home.Entry{})
			if err != nil {
				return err
			}
			return p.listPasskeys(id)
		},
	}
}

func (p *program) listPasskeys(id home.Identity) error {
	here, err := p.enrollments(id.Operator)
	if err != nil {
		return err
	}
	b, err := p.book()
	if err != nil {
		return err
	}
	list := []passkeyRow{}
	table := ui.Rows{Header: []string{"passkey", "relying party", "origin", "key"}, Empty: ui.Named(id.Name, id.Operator) + " has no passkey here", Hint: p.command("agentkeys init --name " + id.Name)}
	for _, e := range here {
		row := passkeyRow{b.NameOfDevice(e.DeviceKey()), e.Credential.RPID, e.Origin, e.DeviceKey()}
		if row.RPID == rpID {
			row.Name = id.Name // the wallet's own
		}
		list = append(list, row)
		table.Rows = append(table.Rows, []string{row.Name, row.RPID, row.Origin, row.Device.Short()})
	}
	return p.print(list, table)
}
