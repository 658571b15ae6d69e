package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
)

func (p *program) auditProof() *cli.Command {
	var out string
	var offline bool
	return &cli.Command{
		Name: "proof", Usage: "write the proof that an event is on chain",
		UsageText: "audit proof EVENT|NUMBER|RECEIPT [--out FILE] [--offline]",
		Description: `The file holds the event, its way up to the batch's root, and where that root was put on chain. Whoever has it can verify the event with any RPC endpoint of the chain, without us. With --offline it holds the proof of the transaction's receipt too: then the hash of the block is all that it takes.

An event is named by its identifier, by its number in the journal, or by the receipt that came with the answer of a role. The proof is verified against the chain before it is written.

Examples:
  agentkeys audit proof 17 --out proof.json
  agentkeys audit proof wSbhwq4cSjmVSXW0R2Bk8g --offline | gzip > proof.json.gz`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Destination: &out, DefaultText: "standard output", Usage: "`FILE` to write; one that is there is replaced"},
			&cli.BoolFlag{Name: "offline", Destination: &offline, Usage: "add the proof of the transaction's receipt, so that a block hash is all that it takes"},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usage("name one event: its identifier, its number, or a receipt")
			}
			return p.writeProof(c.Context, c.Args().First(), out, offline)
		},
	}
}

// asked is which event a person means.
type asked struct {
	event   string // its identifier
	receipt string // what was handed out for it, if that is how it was named
}

// eventNamed reads an identifier, a number of the journal, or a receipt.
func (p *program) eventNamed(ctx context.Context, r reading, s string) (asked, error) {
	if n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 10, 53); err == nil && n > 0 {
		e, err := p.eventAt(ctx, r, n)
		return asked{event: e.record.Event.ID}, err
	}
	if jose.IsID(s) {
		return asked{event: s}, nil
	}
	if strings.Contains(s, ".") {
		id, err := auditproof.EventOf(s)
		if err != nil {
			return asked{}, usage("that is no receipt: %s", err)
		}
		return asked{id, s}, nil
	}
	return asked{}, usage("an event is named by its identifier of 22 characters, by its number in the journal, or by a receipt; not by %.40q", s)
}

// proven is the proof of an event, held against the chain, and against emitters
// if there are any.
func (p *program) proven(ctx context.Context, name string, offline bool, e auditproof.Emitters) (auditproof.File, auditproof.Verified, error) {
	var none auditproof.Verified
	r, err := p.reading(ctx)
	if err != nil {
		return auditproof.File{}, none, err
	}
	what, err := p.eventNamed(ctx, r, name)
	if err != nil {
		return auditproof.File{}, none, err
	}
	proof, err := r.caller.AuditProof(ctx, what.event)
	if err != nil {
		return auditproof.File{}, none, explainAudit(dropped(err, what))
	}
	f, err := p.fileOf(ctx, proof, offline)
	if err != nil {
		return f, none, err
	}
	chainRoots, err := p.roots()
	if err != nil {
		return f, none, err
	}
	v, err := f.Verify(ctx, chainRoots, auditproof.Expected{Chain: f.Chain, Operator: r.op, Event: what.event, Receipt: what.receipt, Emitters: e})
	return f, v, explainAudit(err)
}

// dropped says what it may mean that somebody holds a receipt, and the journal
// shows no event for it: it is all that reveals what was taken off the end of a
// journal before it was anchored.
func dropped(err error, what asked) error {
	if what.receipt == "" || apierr.CodeOf(err) != apierr.NotFound {
		return err
	}
	return fmt.Errorf("the journal shows no event for this receipt: it is still on its way from its emitter, or it was dropped, unless the receipt is another journal's or nobody's: %w", err)
}

// fileOf adds to a proof where the chain has its batch.
func (p *program) fileOf(ctx context.Context, proof auditproof.Proof, offline bool) (auditproof.File, error) {
	var f auditproof.File
	on, err := p.deployment()
	if err != nil {
		return f, err
	}
	c, err := p.chainClient()
	if err != nil {
		return f, err
	}
	b := proof.Batch
	_, at, ok, err := auditproof.OnChain(c).Anchored(ctx, b.Operator, b.Index)
	switch {
	case err != nil:
		return f, err
	case !ok:
		return f, ui.WithFix(apierr.New(apierr.EventNotBatched, "the event is in batch %d, whose root is not on chain yet", b.Index), "agentkeys audit anchor")
	}
	f = auditproof.NewFile(on, proof, at)
	if offline {
		receipt, err := c.ReceiptProof(ctx, common.Hash(at.BlockHash), common.Hash(at.Tx))
		if err != nil {
			return f, err
		}
		f.Receipt = &receipt
	}
	return f, nil
}

func (p *program) writeProof(ctx context.Context, name, out string, offline bool) error {
	if err := checkOut(out); err != nil {
		return err
	}
	f, v, err := p.proven(ctx, name, offline, nil)
	if err != nil {
		return err
	}
	text, err := ui.EncodeJSON(f)
	if err != nil {
		return fmt.Errorf("encoding the proof: %w", err)
	}
	if out == "" || out == "-" {
		if _, err := p.Stdout.Write(text); err != nil {
			return fmt.Errorf("writing the proof: %w", err)
		}
		return nil
	}
	if err := files.Replace(out, text); err != nil {
		return fmt.Errorf("writing the proof: %w", err)
	}
	if err := p.printVerified(verifiedJSON{Verified: v, By: "rpc", File: out}, ui.Facts{{Key: "written to", Value: out}}); err != nil {
		return err
	}
	lines := []string{"agentkeys audit verify --proof " + out}
	if offline {
		lines = append(lines, fmt.Sprintf("agentkeys audit verify --proof %s --offline --block-hash %s", out, f.Anchor.BlockHash))
	}
	p.next("whoever has the file can check it without us", lines...)
	return nil
}
