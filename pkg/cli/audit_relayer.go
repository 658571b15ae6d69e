package cli

import (
	"context"

	"github.com/ethereum/go-ethereum/common"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
)

func (p *program) auditRelayer() *cli.Command {
	return &cli.Command{
		Name: "relayer", Usage: "show or name the account that anchors beside the operator's wallet",
		UsageText: "audit relayer [ADDRESS|none] [--dry-run]",
		Description: `The audit role anchors by itself for operators that named its account. A relayer can append roots and nothing else, and lasts as long as the wallet that named it; "none" takes it away, also while the operator is frozen. A passkey signs.

Examples:
  agentkeys audit relayer
  agentkeys audit relayer 0x52908400098527886E0F7030069857D2E4169EE7
  agentkeys audit relayer none`,
		Flags: []cli.Flag{p.dryRunFlag()},
		Action: func(c *cli.Context) error {
			switch c.Args().Len() {
			case 0:
				return p.showRelayer(c.Context)
			case 1:
				return p.setRelayer(c.Context, c.Args().First())
			}
			return usage("name one account, or none: audit relayer ADDRESS")
		},
	}
}

// relayed is who anchors for an operator.
type relayed struct {
	Operator omni.Operator  `json:"operator_omni"`
	Relayer  common.Address `json:"relayer,omitzero"`
}

func (p *program) showRelayer(ctx context.Context) error {
	id, err := p.chooseOperator(home.Entry{})
	if err != nil {
		return err
	}
	c, err := p.chainClient()
	if err != nil {
		return err
	}
	a, err := c.AuditRelayer(ctx, id.Operator)
	if err != nil {
		return err
	}
	return p.print(relayed{id.Operator, a}, ui.Facts{{Key: "operator", Value: ui.Named(id.Name, id.Operator)}, {Key: "relayer", Value: relayerText(a)}})
}

func relayerText(a common.Address) string {
	if a == (common.Address{}) {
		return "none: the operator's wallet anchors"
	}
	return a.Hex()
}

func (p *program) setRelayer(ctx context.Context, to string) error {
	var account common.Address
	if to != "none" {
		a, err := profile.ParseAddress(to)
		if err != nil {
			return usage("the relayer is an address, or none: %s", err)
		}
		account = a.Common()
	}
	id, o, err := p.acting(home.Entry{})
	if err != nil {
		return err
	}
	out, err := o.SetAuditRelayer(ctx, account)
	if err != nil {
		return err
	}
	return p.printOutcome(out, "relayer", relayerText(account)+", for operator "+ui.Named(id.Name, id.Operator))
}
