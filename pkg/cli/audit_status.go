package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/ethereum/go-ethereum/common"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/cli/ui"
)

func (p *program) auditStatus() *cli.Command {
	return &cli.Command{
		Name: "status", Usage: "say how far the journal is on its way to the chain",
		UsageText: "audit status [-o json]",
		Description: `Asks the audit role and the chain. It believes the role; "audit verify --all" does not.

Examples:
  agentkeys audit status`,
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.showAuditStatus(c.Context)
		},
	}
}

// auditState is what `audit status` answers.
type auditState struct {
	api.AuditStatus
	// Roots is how many batches are on chain, and Named the account that may
	// anchor beside the wallet.
	Roots uint64         `json:"roots_on_chain"`
	Named common.Address `json:"relayer_on_chain,omitzero"`
}

func (p *program) showAuditStatus(ctx context.Context) error {
	r, err := p.reading(ctx)
	if err != nil {
		return err
	}
	st, err := r.caller.AuditStatus(ctx)
	if err != nil {
		return err
	}
	c, err := p.chainClient()
	if err != nil {
		return err
	}
	on, err := c.AuditStanding(ctx, r.op)
	if err != nil {
		return err
	}
	out := auditState{st, on.Roots, on.Relayer}
	return p.print(out, p.auditFacts(out))
}

func (p *program) auditFacts(s auditState) ui.Facts {
	waiting, loose := "none", "none"
	switch n := int64(s.Batches) - int64(s.Roots); {
	case n > 0:
		waiting = counted(int(n), "batch")
		if n > 1 {
			waiting = fmt.Sprintf("%d batches", n)
		}
		waiting += ": agentkeys audit anchor"
	case n < 0:
		waiting = fmt.Sprintf("the chain has %d more than the journal: agentkeys audit verify --all", -n)
	}
	if n := s.Position - s.Covered; n > 0 {
		loose = counted(int(n), "event") + ": agentkeys audit flush"
	}
	return ui.Facts{
		{Key: "operator", Value: ui.Named(p.nameOf(s.Operator.String()), s.Operator)},
		{Key: "events", Value: strconv.FormatUint(s.Position, 10)},
		{Key: "last hash", Value: s.Hash.String()},
		{Key: "in no batch", Value: p.inText(loose)},
		{Key: "batches", Value: fmt.Sprintf("%d, of which %d are on chain", s.Batches, s.Roots)},
		{Key: "to be anchored", Value: p.inText(waiting)},
		{Key: "relayer", Value: relayerText(s.Named)},
		{Key: "role anchors", Value: roleAnchors(s)},
	}
}

// roleAnchors says whether the audit role does it by itself.
func roleAnchors(s auditState) string {
	switch {
	case s.Relayer == "":
		return "no"
	case s.Reason != "":
		return "not now, with " + s.Relayer + ": " + s.Reason
	case !common.IsHexAddress(s.Relayer) || common.HexToAddress(s.Relayer) != s.Named:
		return "with " + s.Relayer + ", once it is named: agentkeys audit relayer " + s.Relayer
	}
	return "yes"
}
