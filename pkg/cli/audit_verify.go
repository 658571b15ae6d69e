package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/cli/ui"
)

type verifyFlags struct {
	proof, receipt, header, blockHash string
	offline, all                      bool
	archive, emitters                 string
}

func (p *program) auditVerify() *cli.Command {
	var f verifyFlags
	return &cli.Command{
		Name: "verify", Usage: "check an event, or the whole journal, against the chain",
		UsageText: "audit verify EVENT|NUMBER|RECEIPT [--emitters FILE]\naudit verify --proof FILE [--receipt RECEIPT] [--emitters FILE]\naudit verify --proof FILE --offline --header FILE|--block-hash HASH\naudit verify --all [--archive DIR] [--emitters FILE]",
		Description: `An event's proof comes from the audit role or from a file, and neither is believed: the chain's RPC endpoints alone decide, as many as the profile wants to agree. That somebody anchored it is not that the role decided it: --emitters FILE checks that too, with keys that you keep. With --offline nobody is asked: the proof of the receipt is held against a block header that was saved before, or a block hash from any explorer.

With --all every event is read, from the role or from an archive, and held against the one before it, its emitter's receipt, its batch's root and the chain. The first event that is not genuine is named, and so are roots on chain that no batch explains, and batches that are called anchored and are not. Without --emitters the keys for the receipts are those that the audit role publishes, which could add some of its own. What is in no batch on chain can still be taken off the end unseen: a receipt that somebody holds shows that.

It ends with 3 when something is not genuine, with 5 when the chain cannot be asked.

Examples:
  agentkeys audit verify 17
  agentkeys audit verify --proof proof.json
  agentkeys audit verify --proof proof.json --offline --header block.json
  agentkeys audit verify --all --archive /var/backups/audit --emitters emitters.json`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "proof", Destination: &f.proof, Usage: "`FILE` that audit proof wrote, - for standard input"},
			&cli.StringFlag{Name: "receipt", Destination: &f.receipt, Usage: "`RECEIPT` that a role gave for the event, which must be the one that is on chain"},
			&cli.BoolFlag{Name: "offline", Destination: &f.offline, Usage: "ask nobody; with --proof, and --header or --block-hash"},
			&cli.StringFlag{Name: "header", Destination: &f.header, Usage: "`FILE` with the block's header: its RLP in hex, or a node's answer to eth_getBlockByHash"},
			&cli.StringFlag{Name: "block-hash", Destination: &f.blockHash, Usage: "`HASH` of the block that has the anchor"},
			&cli.BoolFlag{Name: "all", Destination: &f.all, Usage: "check the whole journal"},
			&cli.StringFlag{Name: "archive", Destination: &f.archive, DefaultText: "the audit role", Usage: "`DIR` to read the journal from, as audit export writes it"},
			emittersFlag(&f.emitters),
		},
		Action: func(c *cli.Context) error {
			if err := f.check(c.Args().Slice()); err != nil {
				return err
			}
			switch {
			case f.all:
				return p.verifyAll(c.Context, f)
			case f.proof != "":
				return p.verifyFile(c.Context, f)
			}
			return p.verifyEvent(c.Context, c.Args().First(), f)
		},
	}
}

// check refuses what does not go together.
func (f verifyFlags) check(args []string) error {
	ways := len(args)
	for _, given := range []bool{f.all, f.proof != ""} {
		if given {
			ways++
		}
	}
	switch {
	case ways == 0:
		return usage("say what to verify: an EVENT, --proof FILE, or --all")
	case ways > 1:
		return usage("verify one thing: an EVENT, --proof FILE, or --all")
	case f.offline && f.proof == "":
		return usage("--offline takes a proof that was written before: --proof FILE")
	case f.offline && (f.header == "") == (f.blockHash == ""):
		return usage("--offline takes the block that has the anchor: --header FILE or --block-hash HASH")
	case !f.offline && (f.header != "" || f.blockHash != ""):
		return usage("--header and --block-hash are for --offline")
	case !f.all && f.archive != "":
		return usage("--archive is for --all")
	case f.all && f.receipt != "":
		return usage("--receipt is for one event")
	}
	return nil
}

// verifiedJSON is an event that is on chain, told to programs.
type verifiedJSON struct {
	auditproof.Verified
	// By is who was asked: rpc or nobody.
	By string `json:"verified_by"`
	// Signed: the emitter's receipt was verified, with keys that the caller named.
	Signed bool   `json:"receipt_verified"`
	File   string `json:"file,omitzero"`
}

func (p *program) verifyEvent(ctx context.Context, name string, f verifyFlags) error {
	e, err := p.ownEmitters(ctx, f)
	if err != nil {
		return err
	}
	_, v, err := p.proven(ctx, name, false, e)
	if err != nil {
		return err
	}
	if f.receipt != "" {
		if err := auditproof.Holds(v.Record, f.receipt); err != nil {
			return ui.WithExit(err, ui.ExitDenied)
		}
	}
	return p.printVerified(verifiedJSON{Verified: v, By: "rpc", Signed: e != nil})
}

// ownEmitters are those of a file; nil without one: for a single event nobody is
// asked for them.
func (p *program) ownEmitters(ctx context.Context, f verifyFlags) (auditproof.Emitters, error) {
	if f.emitters == "" {
		return nil, nil
	}
	return p.emitters(ctx, nil, f.emitters)
}

func (p *program) printVerified(v verifiedJSON, more ...ui.View) error {
	return p.print(v, append([]ui.View{p.verifiedFacts(v)}, more...)...)
}

func (p *program) verifyFile(ctx context.Context, f verifyFlags) error {
	text, err := p.read(ctx, f.proof, auditproof.MaxFile)
	if err != nil {
		return fmt.Errorf("reading the proof: %w", err)
	}
	file, err := auditproof.Parse(text)
	if err != nil {
		return err
	}
	want := auditproof.Expected{Receipt: f.receipt}
	if want.Chain, err = p.deployment(); err != nil {
		return err
	}
	if want.Emitters, err = p.ownEmitters(ctx, f); err != nil {
		return err
	}
	if f.offline {
		return p.verifyOffline(ctx, file, f, want)
	}
	chainRoots, err := p.roots()
	if err != nil {
		return err
	}
	v, err := file.Verify(ctx, chainRoots, want)
	if err != nil {
		return explainAudit(err)
	}
	return p.printVerified(verifiedJSON{v, "rpc", want.Emitters != nil, f.proof})
}

func (p *program) verifyOffline(ctx context.Context, file auditproof.File, f verifyFlags, want auditproof.Expected) error {
	var header auditproof.Header
	var err error
	if f.blockHash != "" {
		if header, err = auditproof.ParseBlockHash(f.blockHash); err != nil {
			return usage("--block-hash: %s", err)
		}
	} else {
		text, err := p.read(ctx, f.header, auditproof.MaxFile)
		if err != nil {
			return fmt.Errorf("reading the header: %w", err)
		}
		if header, err = auditproof.ParseHeader(text); err != nil {
			return fmt.Errorf("--header %s: %w", f.header, err)
		}
	}
	v, err := file.VerifyOffline(header, want)
	switch {
	case errors.Is(err, auditproof.ErrNoReceipt):
		return ui.WithFix(err, "agentkeys audit proof EVENT --offline --out %s", f.proof)
	case err != nil:
		return explainAudit(err)
	}
	return p.printVerified(verifiedJSON{v, "nobody", want.Emitters != nil, f.proof})
}

// verifiedFacts is an event, and why it is believed.
func (p *program) verifiedFacts(v verifiedJSON) ui.Facts {
	how, tx := "on chain, as its RPC endpoints say; the audit role was not believed", v.Anchor.Tx.String()
	if v.By == "nobody" {
		how, tx = "anchored in that block; nobody was asked", ""
	}
	at := fmt.Sprintf("block %d", v.Anchor.Block)
	if !v.AnchoredAt.IsZero() {
		at += ", " + ui.When(v.AnchoredAt, p.Now())
	}
	return append(ui.Facts{
		{Key: "genuine", Value: how},
		{Key: "operator", Value: ui.Named(p.nameOf(v.Batch.Operator.String()), v.Batch.Operator)},
		{Key: "number", Value: strconv.FormatUint(v.Record.Position, 10)},
	}, append(p.eventFacts(v.Record, v.Signed),
		ui.Fact{Key: "batch", Value: fmt.Sprintf("%d, of %s", v.Batch.Index, counted(int(v.Batch.Count), "event"))},
		ui.Fact{Key: "root", Value: v.Batch.Root.String()},
		ui.Fact{Key: "anchored", Value: at},
		ui.Fact{Key: "transaction", Value: tx},
		ui.Fact{Key: "block hash", Value: v.Anchor.BlockHash.String()},
	)...)
}

// archiveFiles opens a directory that must be there.
func archiveFiles(dir string) (*os.Root, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("--archive: %w", err)
	}
	return root, nil
}

// list puts words in a row.
func list(indices []uint64) string {
	var out []string
	for _, i := range indices {
		out = append(out, strconv.FormatUint(i, 10))
	}
	return strings.Join(out, ", ")
}
