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
	"github.com/litentry/agentkeys/pkg/journal"
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
	last, err := p.lastAnchored(ctx, r, c, on.Roots)
	if err != nil {
		return nil, err
	}
	next, covered, hash := on.Roots, uint64(0), journal.Genesis(r.op)
	if next > 0 {
		covered = last.Last()
		if hash, err = p.endOf(ctx, r, last, f); err != nil {
			return nil, err
		}
	}
	var out []auditproof.Batch
	for claimed, err := range r.journal().BatchesFrom(ctx, next) {
		if err != nil {
			return nil, err
		}
		b := client.BatchOf(claimed)
		if b.Operator != r.op || b.Index != next || b.First != covered+1 {
			return nil, ui.WithFix(fmt.Errorf("%w: the audit role shows batch %d from event %d on, where batch %d from event %d on is next", auditproof.ErrNotGenuine, b.Index, b.First, next, covered+1), "agentkeys audit verify --all")
		}
		if !f.trustRoot {
			if hash, err = p.lookAt(ctx, r, b, hash, emitters); err != nil {
				return nil, err
			}
		}
		out, next, covered = append(out, b), next+1, b.Last()
	}
	return out, nil
}

// lastAnchored is the batch before the next one, which must be the chain's:
// another history is not continued. Zero: there is none.
func (p *program) lastAnchored(ctx context.Context, r reading, c *chain.Client, roots uint64) (auditproof.Batch, error) {
	if roots == 0 {
		return auditproof.Batch{}, nil
	}
	root, _, err := c.Root(ctx, r.op, roots-1)
	if err != nil {
		return auditproof.Batch{}, err
	}
	for claimed, err := range r.journal().BatchesFrom(ctx, roots-1) {
		b := client.BatchOf(claimed)
		switch {
		case err != nil:
			return b, err
		case b.Operator != r.op || b.Index != roots-1 || b.Root != root.Root || b.Count != root.Count:
			return b, anotherHistory(roots - 1)
		}
		return b, nil
	}
	return auditproof.Batch{}, anotherHistory(roots - 1)
}

// endOf is the hash that the next batch follows. Where the last one begins and
// ends is proven too: the chain keeps its root alone.
func (p *program) endOf(ctx context.Context, r reading, last auditproof.Batch, f anchorFlags) (journal.Hash, error) {
	if f.trustRoot {
		return journal.Hash{}, nil
	}
	var ends [2]auditproof.Proof
	for i, position := range []uint64{last.First, last.Last()} {
		e, err := p.eventAt(ctx, r, position)
		if err != nil {
			return journal.Hash{}, err
		}
		if ends[i], err = r.caller.AuditProof(ctx, e.record.Event.ID); err != nil {
			return journal.Hash{}, err
		}
	}
	return auditproof.EndOf(last, ends[0], ends[1])
}

func anotherHistory(index uint64) error {
	return ui.WithFix(fmt.Errorf("%w: batch %d on chain is none of this journal's", auditproof.ErrNotGenuine, index), "agentkeys audit verify --all")
}

// lookAt fetches a batch's events and holds them against its root and the hash
// that they follow. It yields the one that the next batch follows.
func (p *program) lookAt(ctx context.Context, r reading, b auditproof.Batch, previous journal.Hash, e auditproof.Emitters) (journal.Hash, error) {
	bar := p.printer().Progress(fmt.Sprintf("looking at batch %d", b.Index), int64(b.Count))
	defer bar.Close()
	run, err := auditproof.ReadRun(ctx, b, previous, e, counting(r.journal().LeavesFrom(ctx, b.First), bar))
	if err != nil {
		return journal.Hash{}, err
	}
	return run.Hash(), nil
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
