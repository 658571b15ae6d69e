package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
)

type anchorFlags struct {
	emitters  string
	trustRoot bool
	yes       bool
}

func (p *program) auditAnchor() *cli.Command {
	var f anchorFlags
	return &cli.Command{
		Name: "anchor", Usage: "put the roots of finished batches on chain",
		UsageText: "audit anchor [--as OPERATOR] [--yes] [--dry-run]",
		Description: `The operator's wallet signs one transaction for each batch that the chain does not have yet, in their order. Before that every event of the batch is fetched and looked at: that it follows the one before it, carries its emitter's receipt, and that all of them yield the root. What is anchored already is passed over, so that it may be interrupted and run again.

An operator that named a relayer (audit relayer) need not do this.

Examples:
  agentkeys audit flush && agentkeys audit anchor
  agentkeys audit anchor --dry-run`,
		Flags: []cli.Flag{
			emittersFlag(&f.emitters),
			&cli.BoolFlag{Name: "trust-root", Destination: &f.trustRoot, Usage: "sign the roots that the audit role names, without looking at the events"},
			yesFlag(&f.yes), p.dryRunFlag(),
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.anchor(c.Context, f)
		},
	}
}

// anchoredBatch is one batch that was put on chain, or would be.
type anchoredBatch struct {
	auditproof.Batch
	Tx       *common.Hash  `json:"tx,omitzero"`
	Gas      uint64        `json:"gas_used,omitzero"`
	Already  bool          `json:"already_anchored,omitzero"`
	Calldata hexutil.Bytes `json:"calldata,omitzero"` // of a dry run
}

func (p *program) anchor(ctx context.Context, f anchorFlags) error {
	r, err := p.reading(ctx)
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
	if err := mayAnchor(r, on); err != nil {
		return err
	}
	waiting, err := p.waiting(ctx, r, c, on, f)
	if err != nil {
		return explainAudit(err)
	}
	if len(waiting) == 0 {
		return p.print(struct {
			Batches []anchoredBatch `json:"batches"`
			Roots   uint64          `json:"roots_on_chain"`
		}{[]anchoredBatch{}, on.Roots}, ui.Text(fmt.Sprintf("the chain has all %d batches: nothing was sent", on.Roots)))
	}
	if p.dryRun {
		return p.printAnchors(p.planned(c, waiting))
	}
	events := uint64(0)
	for _, b := range waiting {
		events += b.Count
	}
	if err := p.sure(ctx, f.yes, "anchor %s with %s of operator %s, one transaction each?", batches(len(waiting)), counted(int(events), "event"), ui.Named(r.id.Name, r.op)); err != nil {
		return err
	}
	done, err := p.sendAnchors(ctx, r, waiting)
	if len(done) > 0 || err == nil {
		if perr := p.printAnchors(done); perr != nil {
			return perr
		}
	}
	if err != nil {
		return fmt.Errorf("batch %d was not anchored, run it again and it goes on there: %w", waiting[len(done)].Index, err)
	}
	p.next("anybody can check an event against the chain now", "agentkeys audit verify --all", "agentkeys audit proof EVENT --out proof.json")
	return nil
}

// mayAnchor refuses early what the contract would refuse.
func mayAnchor(r reading, on chain.AuditStanding) error {
	me := common.Address(r.id.Address)
	if me == on.Wallet || me == on.Relayer {
		return nil
	}
	err := fmt.Errorf("%s (%s) may not anchor for operator %s: its wallet %s does, or a relayer", r.id.Name, me, r.op.Short(), on.Wallet)
	return ui.WithFix(ui.WithExit(err, ui.ExitDenied), "agentkeys audit anchor --as OPERATOR")
}

// waiting are the batches that the chain does not have, each looked at.
func (p *program) waiting(ctx context.Context, r reading, c *chain.Client, on chain.AuditStanding, f anchorFlags) ([]auditproof.Batch, error) {
	var emitters auditproof.Emitters
	if !f.trustRoot {
		var err error
		if emitters, err = p.emitters(ctx, r.caller, f.emitters); err != nil {
			return nil, err
		}
	}
	var out []auditproof.Batch
	next := on.Roots
	covered, err := p.lastAnchored(ctx, r, c, next)
	if err != nil {
		return nil, err
	}
	for claimed, err := range r.journal().BatchesFrom(ctx, next) {
		if err != nil {
			return nil, err
		}
		b := client.BatchOf(claimed)
		if b.Operator != r.op || b.Index != next || b.First != covered+1 {
			return nil, ui.WithFix(fmt.Errorf("%w: the audit role shows batch %d from event %d on, where batch %d from event %d on is next", auditproof.ErrNotGenuine, b.Index, b.First, next, covered+1), "agentkeys audit verify --all")
		}
		if !f.trustRoot {
			if err := p.lookAt(ctx, r, b, emitters); err != nil {
				return nil, err
			}
		}
		out, next, covered = append(out, b), next+1, b.Last()
	}
	return out, nil
}

// lastAnchored is the position up to which the chain covers the journal. The
// batch before the next one must be the chain's: another history is not
// continued.
func (p *program) lastAnchored(ctx context.Context, r reading, c *chain.Client, roots uint64) (uint64, error) {
	if roots == 0 {
		return 0, nil
	}
	root, _, err := c.Root(ctx, r.op, roots-1)
	if err != nil {
		return 0, err
	}
	for claimed, err := range r.journal().BatchesFrom(ctx, roots-1) {
		b := client.BatchOf(claimed)
		switch {
		case err != nil:
			return 0, err
		case b.Index != roots-1 || b.Root != root.Root || b.Count != root.Count:
			return 0, anotherHistory(roots - 1)
		}
		return b.Last(), nil
	}
	return 0, anotherHistory(roots - 1)
}

func anotherHistory(index uint64) error {
	return ui.WithFix(fmt.Errorf("%w: batch %d on chain is none of this journal's", auditproof.ErrNotGenuine, index), "agentkeys audit verify --all")
}

// lookAt fetches a batch's events and holds them against its root.
func (p *program) lookAt(ctx context.Context, r reading, b auditproof.Batch, e auditproof.Emitters) error {
	bar := p.printer().Progress(fmt.Sprintf("looking at batch %d", b.Index), int64(b.Count))
	defer bar.Close()
	_, err := auditproof.ReadRun(ctx, b, e, counting(r.journal().LeavesFrom(ctx, b.First), bar))
	return err
}

func (p *program) planned(c *chain.Client, waiting []auditproof.Batch) []anchoredBatch {
	var out []anchoredBatch
	for _, b := range waiting {
		out = append(out, anchoredBatch{Batch: b, Calldata: c.AppendRootCall(b.Operator, b.Index, b.Root, b.Count).Data})
	}
	return out
}

func (p *program) sendAnchors(ctx context.Context, r reading, waiting []auditproof.Batch) ([]anchoredBatch, error) {
	on, err := p.sender(r)
	if err != nil {
		return nil, err
	}
	bar := p.printer().Progress("anchoring", int64(len(waiting)))
	defer bar.Close()
	var done []anchoredBatch
	for _, b := range waiting {
		receipt, err := on.AppendRoot(ctx, b.Operator, b.Index, b.Root, b.Count)
		one := anchoredBatch{Batch: b}
		switch {
		case errors.Is(err, chain.ErrAlready):
			one.Already = true // the relayer was faster
		case err != nil:
			return done, err
		default:
			one.Tx, one.Gas = &receipt.TxHash, receipt.GasUsed
		}
		done = append(done, one)
		bar.Add(1)
	}
	return done, nil
}

func (p *program) printAnchors(list []anchoredBatch) error {
	rows := ui.Rows{Header: []string{"#", "events", "transaction"}, Right: []int{0}}
	views := []ui.View{rows}
	if p.dryRun {
		rows.Header[2] = "root"
	}
	for _, b := range list {
		what := "was on chain already"
		switch {
		case b.Tx != nil:
			what = b.Tx.Hex()
		case p.dryRun:
			what = b.Root.String()
		}
		rows.Rows = append(rows.Rows, []string{strconv.FormatUint(b.Index, 10), span(b.Batch), what})
	}
	if views[0] = rows; p.dryRun {
		views = append([]ui.View{ui.Heading("dry run: nothing was signed or sent")}, views...)
	}
	return p.print(struct {
		DryRun  bool            `json:"dry_run,omitzero"`
		Batches []anchoredBatch `json:"batches"`
	}{p.dryRun, list}, views...)
}

func span(b auditproof.Batch) string {
	if b.Count == 1 {
		return strconv.FormatUint(b.First, 10)
	}
	return fmt.Sprintf("%d-%d", b.First, b.Last())
}

func batches(n int) string {
	if n == 1 {
		return "1 batch"
	}
	return fmt.Sprintf("%d batches", n)
}
