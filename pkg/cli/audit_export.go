package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/journal"
)

func (p *program) auditExport() *cli.Command {
	var emitters string
	return &cli.Command{
		Name: "export", Usage: "write the journal's batches, with all proofs, into a directory",
		UsageText: "audit export DIR [--emitters FILE]",
		Description: `Writes DIR/<operator>/<batch>.jsonl for each batch: a header, then one line for each event with its proof. Every event is looked at before it is written. A batch that is there is kept, unless it has gone on chain since, so that it may be interrupted and run again. "audit verify --all --archive DIR" checks the directory against the chain.

Examples:
  agentkeys audit export /var/backups/audit`,
		Flags: []cli.Flag{emittersFlag(&emitters)},
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usage("name the directory: audit export DIR")
			}
			return p.export(c.Context, c.Args().First(), emitters)
		},
	}
}

// exported is what `audit export` did.
type exported struct {
	Dir     string `json:"dir"`
	Batches uint64 `json:"batches"`
	Written uint64 `json:"written"`
	Events  uint64 `json:"events"`
	Loose   uint64 `json:"events_in_no_batch"`
}

func (p *program) export(ctx context.Context, dir, emittersFile string) error {
	r, err := p.whole(ctx)
	if err != nil {
		return err
	}
	st, err := r.caller.AuditStatus(ctx)
	if err != nil {
		return err
	}
	e, err := p.emitters(ctx, r.caller, emittersFile)
	if err != nil {
		return err
	}
	chainRoots, err := p.roots()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, r.op.Key()), 0o700); err != nil {
		return fmt.Errorf("making the directory: %w", err)
	}
	bar := p.printer().Progress("exporting", int64(st.Covered))
	defer bar.Close()
	out := exported{Dir: dir, Loose: st.Position - min(st.Position, st.Covered)}
	// Before the batches are read: what is counted has its batch among them.
	anchored, _, err := chainRoots.Roots(ctx, r.op)
	if err != nil {
		return err
	}
	for claimed, err := range r.journal().BatchesFrom(ctx, 0) {
		if err != nil {
			return err
		}
		b := client.BatchOf(claimed)
		if b.Operator != r.op || b.Index != out.Batches || b.First != out.Events+1 {
			return ui.WithExit(fmt.Errorf("%w: the audit role shows batch %d from event %d on, where batch %d from event %d on is next", auditproof.ErrNotGenuine, b.Index, b.First, out.Batches, out.Events+1), ui.ExitDenied)
		}
		wrote, err := p.exportBatch(ctx, r, b, dir, e, chainRoots, bar)
		if err != nil {
			return explainAudit(fmt.Errorf("batch %d was not written; run it again, it goes on there: %w", b.Index, err))
		}
		out.Batches, out.Events = out.Batches+1, out.Events+b.Count
		if wrote {
			out.Written++
		}
	}
	bar.Close()
	if out.Batches < anchored {
		return explainAudit(fmt.Errorf("%w: the chain has %d batches, and the audit role shows %d", auditproof.ErrNotGenuine, anchored, out.Batches))
	}
	return p.print(out, p.exportedFacts(out))
}

func (p *program) exportedFacts(out exported) ui.Facts {
	loose := ""
	if out.Loose > 0 {
		loose = counted(int(out.Loose), "event") + ", not exported; first: agentkeys audit flush"
	}
	return ui.Facts{
		{Key: "exported", Value: fmt.Sprintf("%s with %s", batches(int(out.Batches)), counted(int(out.Events), "event"))},
		{Key: "written", Value: fmt.Sprintf("%d; %d were there already", out.Written, out.Batches-out.Written)},
		{Key: "in no batch", Value: p.inText(loose)},
		{Key: "directory", Value: out.Dir},
	}
}

// exportBatch writes one batch, unless it is there as it would be written.
func (p *program) exportBatch(ctx context.Context, r reading, b auditproof.Batch, dir string, e auditproof.Emitters, on auditproof.Roots, bar *ui.Progress) (bool, error) {
	h := auditproof.BatchHeader{Count: b.Count, First: b.First, Format: auditproof.BatchFormat, Index: b.Index, Operator: b.Operator, Root: b.Root}
	root, at, ok, err := on.Anchored(ctx, b.Operator, b.Index)
	switch {
	case err != nil:
		return false, err
	case ok && (root.Root != b.Root || root.Count != b.Count):
		return false, fmt.Errorf("%w: the chain has another root for it", auditproof.ErrNotGenuine)
	case ok:
		h.Anchor = &at
	}
	path := filepath.Join(dir, filepath.FromSlash(auditproof.BatchPath(b.Operator, b.Index)))
	if there, err := sameBatch(path, h); err != nil || there {
		bar.Add(int64(b.Count))
		return false, err
	}
	run, err := auditproof.ReadRun(ctx, b, journal.Hash{}, e, counting(r.journal().LeavesFrom(ctx, b.First), bar))
	if err != nil {
		return false, err
	}
	var text bytes.Buffer
	w, err := auditproof.NewBatchWriter(&text, h, run.Tree)
	if err != nil {
		return false, err
	}
	for _, l := range run.Leaves {
		if err := w.Add(l); err != nil {
			return false, err
		}
	}
	if err := w.Close(); err != nil {
		return false, err
	}
	return true, files.Replace(path, text.Bytes())
}

// sameBatch reports whether a whole file of this batch is there. One that is
// broken is written anew.
func sameBatch(path string, h auditproof.BatchHeader) (bool, error) {
	f, err := os.Open(path)
	if isNotExist(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	have, err := auditproof.CheckBatch(f)
	switch {
	case errors.Is(err, auditproof.ErrBatchFile), errors.Is(err, auditproof.ErrNotGenuine):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("reading %s: %w", path, err)
	}
	return have.Batch() == h.Batch() && (have.Anchor == nil) == (h.Anchor == nil) && (h.Anchor == nil || *have.Anchor == *h.Anchor), nil
}
