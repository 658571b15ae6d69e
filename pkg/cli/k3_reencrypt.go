package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

type reencryptFlags struct {
	keeperFlags
	storageFlags
	agent     string
	parallel  int
	dryRun    bool
	fromStart bool
}

func (p *program) k3Reencrypt() *cli.Command {
	var f reencryptFlags
	return &cli.Command{
		Name: "reencrypt", Usage: "move stored secrets to the current key epoch",
		UsageText: "k3 reencrypt [--agent NAME] [--storage-credentials FILE] [--key FILE | --as NAME] [--dry-run]",
		Description: `Has the data key of every stored object wrapped anew inside the signer, under the current epoch. Nothing is decrypted: this machine sees sealed objects and wraps, and the maintainer's wallet signs one session for it.

An object is replaced only if it is still the one that was read; what an agent stores or tears down meanwhile stays as the agent wants it. It may be interrupted and run again, and goes on where it was.

Examples:
  agentkeys k3 reencrypt --dry-run
  agentkeys k3 reencrypt --storage-credentials maintenance.json --key maintainer.json
  agentkeys k3 reencrypt --agent build-bot`,
		Flags: f.storageFlags.flags(
			f.keeperFlags.flag(),
			&cli.StringFlag{Name: "agent", Destination: &f.agent, DefaultText: "everybody's", Usage: "`NAME`, address or omni of the agent whose objects move"},
			&cli.IntFlag{Name: "parallel", Destination: &f.parallel, Value: keeper.DefaultParallel, Usage: "`N` requests to storage side by side, 1 to 256"},
			&cli.BoolFlag{Name: "from-start", Destination: &f.fromStart, Usage: "look at every object again, also where an interrupted run had come to"},
			&cli.BoolFlag{Name: "dry-run", Destination: &f.dryRun, Usage: "look at every object and say what would move, and change nothing"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if f.parallel < 1 || f.parallel > 256 {
				return usage("--parallel is 1 to 256")
			}
			return p.k3DoReencrypt(c.Context, f)
		},
	}
}

func (p *program) k3DoReencrypt(ctx context.Context, f reencryptFlags) error {
	var actor omni.Actor
	if f.agent != "" {
		e, err := p.agentNamed(f.agent)
		if err != nil {
			return err
		}
		actor = e.Actor
	}
	buckets, err := p.buckets(ctx, f.storageFlags)
	if err != nil {
		return err
	}
	client, err := p.chainClient()
	if err != nil {
		return err
	}
	var signer *keeper.Signer // a dry run asks none, and needs no wallet
	if !f.dryRun {
		k, err := p.keepKeys(ctx, f.keeperFlags)
		if err != nil {
			return err
		}
		if err := k.isMaintainer(ctx); err != nil {
			return err
		}
		signer = k.signers[0]
	}
	now, err := client.Counter(ctx)
	if err != nil {
		return err
	}
	mark, err := p.openMark(uint64(now.Epoch), p.profile, f)
	if err != nil {
		return err
	}
	total, err := keeper.Total(ctx, buckets, actor, mark.keys())
	if err != nil {
		return err
	}
	bar := p.printer().Progress(fmt.Sprintf("re-encrypting to epoch %d", now.Epoch), int64(total))
	defer bar.Close()
	seen, start := 0, p.Now()
	r := &keeper.Reencryption{
		Chain: client, Signer: signer, Buckets: buckets, Actor: actor, Parallel: f.parallel, DryRun: f.dryRun, After: mark.keys(),
		Progress: func(pr keeper.Progress) {
			bar.Add(int64(pr.Report.Scanned - seen))
			seen = pr.Report.Scanned
			mark.reached(pr)
		},
	}
	out, err := r.Run(ctx)
	bar.Close()
	if err != nil {
		return fmt.Errorf("%w\n  %d objects were moved; run it again, it goes on from there", err, out.Moved)
	}
	return p.k3Reencrypted(out, p.Now().Sub(start), mark)
}

func (p *program) k3Reencrypted(out keeper.Reencrypted, took time.Duration, mark *mark) error {
	moved := "moved"
	if out.DryRun {
		moved = "would move"
	}
	views := []ui.View{ui.Facts{
		{Key: "epoch", Value: strconv.FormatUint(out.Epoch, 10)},
		{Key: "looked at", Value: fmt.Sprintf("%s, %.0f/s", counted(out.Scanned, "object"), out.Rate(took))},
		{Key: moved, Value: fmt.Sprintf("%d, %d bytes", out.Moved, out.Bytes)},
		{Key: "current already", Value: strconv.Itoa(out.Current)},
		{Key: "replaced or gone meanwhile", Value: strconv.Itoa(out.Overtaken)},
		{Key: "left alone", Value: strange(out.Strange)},
	}}
	if out.Failed > 0 {
		rows := ui.Rows{Header: []string{"object", "why it stays"}}
		for _, n := range out.Names {
			rows.Rows = append(rows.Rows, []string{n.Object, n.Why})
		}
		views = append(views, ui.Heading(fmt.Sprintf("%d could not be moved:", out.Failed)), rows)
	}
	if err := p.print(out, views...); err != nil {
		return err
	}
	if out.Failed > 0 {
		return ui.WithExit(keeper.ErrIncomplete, ui.ExitRemote)
	}
	return mark.clear()
}

// mark is where an interrupted run had come to. It is kept for one deployment,
// epoch, bucket and choice of objects: names up to it are sealed under that epoch or a later
// one, for nothing new is ever sealed under an older.
type mark struct {
	path   string
	dryRun bool

	Contract profile.Address   `json:"epoch_contract"`
	Epoch    uint64            `json:"epoch"`
	Bucket   string            `json:"bucket"`
	Agent    string            `json:"agent,omitzero"`
	After    map[string]string `json:"after"`
}

func (p *program) openMark(epoch uint64, pr *profile.Profile, f reencryptFlags) (*mark, error) {
	d, err := p.home()
	if err != nil {
		return nil, err
	}
	m := &mark{
		path: filepath.Join(d.Root(), "reencrypt.json"), dryRun: f.dryRun,
		Contract: pr.Contracts.Epoch, Epoch: epoch, Bucket: pr.Cloud.VaultBucket, Agent: f.agent, After: map[string]string{},
	}
	if f.dryRun || f.fromStart {
		return m, nil
	}
	raw, err := files.Read(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return nil, err
	}
	var have mark
	if err := strictjson.Decode(raw.Reveal(), &have); err == nil && have.continues(m) {
		m.After = have.After
		p.note("going on where the last run stopped; --from-start looks at everything again")
	}
	return m, nil
}

// continues reports whether two marks are of the same work.
func (m *mark) continues(other *mark) bool {
	return m.Contract == other.Contract && m.Epoch == other.Epoch && m.Bucket == other.Bucket && m.Agent == other.Agent && m.After != nil
}

// reached remembers how far a run has come, unless something before it could not
// be moved. A mark that cannot be written costs the next run time, nothing else.
func (m *mark) reached(pr keeper.Progress) {
	if m.dryRun || pr.Report.Failed > 0 {
		return
	}
	m.After[pr.Class] = pr.Done.String()
	if b, err := strictjson.Encode(m); err == nil {
		_ = files.Replace(m.path, b)
	}
}

// keys are the names as storage takes them. One that is none counts as the
// beginning.
func (m *mark) keys() map[string]blob.Key {
	out := map[string]blob.Key{}
	for class, name := range m.After {
		if n, ok := blob.KeyOf(name); ok {
			out[class] = n.Key
		}
	}
	return out
}

func (m *mark) clear() error {
	if m.dryRun {
		return nil
	}
	if err := os.Remove(m.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func strange(n int) string {
	if n == 0 {
		return ""
	}
	return counted(n, "object") + " of names that this system does not write"
}
