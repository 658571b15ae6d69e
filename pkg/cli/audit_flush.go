package cli

import (
	"context"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
)

func (p *program) auditFlush() *cli.Command {
	return &cli.Command{
		Name: "flush", Usage: "put what is new into a batch now",
		UsageText: "audit flush [--as OPERATOR]",
		Description: `The audit role does so by itself after some minutes; this is for who does not want to wait. Nothing new is no error. The batch's root still has to go on chain.

Examples:
  agentkeys audit flush && agentkeys audit anchor`,
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.flush(c.Context)
		},
	}
}

func (p *program) flush(ctx context.Context) error {
	r, err := p.reading(ctx)
	if err != nil {
		return err
	}
	b, err := r.caller.AuditFlush(ctx, r.op)
	if err != nil {
		return explainAudit(err)
	}
	out := struct {
		Batch *batchJSON `json:"batch"`
	}{b}
	if b == nil {
		return p.print(struct {
			Done bool `json:"already_done"`
		}{true}, ui.Text("nothing is new: every event is in a batch already"))
	}
	batch := client.BatchOf(*b)
	if err := p.print(out, ui.Facts{{Key: "batch", Value: batchText(batch)}, {Key: "root", Value: batch.Root.String()}, {Key: "state", Value: string(b.State)}}); err != nil {
		return err
	}
	p.next("its root goes on chain by the operator's wallet, unless a relayer does it", "agentkeys audit anchor")
	return nil
}
