package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/keeper"
)

func (p *program) k3Destroy() *cli.Command {
	var k keeperFlags
	var s storageFlags
	var epoch uint64
	var dryRun, yes bool
	return &cli.Command{
		Name: "destroy", Usage: "erase the key of an old epoch that nothing needs",
		UsageText: "k3 destroy --epoch N [--storage-credentials FILE] [--key FILE | --as NAME] [--dry-run] [--yes]",
		Description: `Looks at every stored object first and refuses while one is sealed under the epoch, or while storage holds what nobody can tell. Then every signer erases the key and keeps a tombstone: its number and key-check value. The signers refuse for a while after the epoch ended, because a secret may still be on its way to storage.

There is no way back but a backup. Older versions that a versioned bucket keeps, and backups of the bucket, become unreadable with it. This is for the wallet of governance.

Examples:
  agentkeys k3 destroy --epoch 1 --dry-run
  agentkeys k3 destroy --epoch 1 --storage-credentials maintenance.json --key governance.json`,
		Flags: s.flags(
			k.flag(),
			&cli.Uint64Flag{Name: "epoch", Destination: &epoch, Usage: "`N` whose key is erased"},
			&cli.BoolFlag{Name: "dry-run", Destination: &dryRun, Usage: "look at every object and say whether one needs the key"},
			&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Destination: &yes, Usage: "do not ask; without a terminal it must be said"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if epoch == 0 {
				return usage("name the epoch with --epoch N; agentkeys k3 status lists them")
			}
			return p.k3DoDestroy(c.Context, k, s, epoch, dryRun, yes)
		},
	}
}

func (p *program) k3DoDestroy(ctx context.Context, kf keeperFlags, sf storageFlags, epoch uint64, dryRun, yes bool) error {
	client, err := p.chainClient()
	if err != nil {
		return err
	}
	// The signers refuse this too, but after a look at every object.
	if now, err := client.Counter(ctx); err != nil {
		return err
	} else if epoch >= uint64(now.Epoch) {
		return ui.WithFix(fmt.Errorf("the chain is at epoch %d: only the keys of earlier epochs can be destroyed", now.Epoch), "agentkeys k3 rotate")
	}
	buckets, err := p.buckets(ctx, sf)
	if err != nil {
		return err
	}
	d := &keeper.Destruction{Buckets: buckets, DryRun: dryRun, Step: func(what string) { p.note("%s", what) }}
	if dryRun {
		if d.Signers, err = p.signers(ctx, nil); err != nil {
			return err
		}
	} else {
		k, err := p.keepKeys(ctx, kf)
		if err != nil {
			return err
		}
		if err := k.isGovernance(ctx); err != nil {
			return err
		}
		if !yes && !p.StdinIsTerminal {
			return usage("nobody can be asked here, and what is erased does not come back: say --yes")
		}
		if !yes {
			sure, err := p.confirm(ctx, "erase the key of epoch %d for ever at %s?", epoch, counted(len(k.signers), "signer"))
			if err != nil {
				return err
			}
			if !sure {
				return errors.New("nothing was erased")
			}
		}
		d.Signers = k.signers
	}
	c, err := d.Run(ctx, epoch)
	if errors.Is(err, keeper.ErrNeeded) {
		return ui.WithFix(err, "agentkeys k3 reencrypt")
	}
	if err != nil {
		return err
	}
	result := fmt.Sprintf("the key of epoch %d is gone at %s; a tombstone stays", epoch, counted(len(d.Signers), "signer"))
	if dryRun {
		result = fmt.Sprintf("dry run: nothing needs the key of epoch %d", epoch)
	}
	return p.print(struct {
		Epoch   uint64 `json:"epoch"`
		Signers int    `json:"signers"`
		DryRun  bool   `json:"dry_run,omitzero"`
		keeper.Census
	}{epoch, len(d.Signers), dryRun, c}, ui.Facts{
		{Key: "looked at", Value: counted(c.Total, "object")},
		{Key: "result", Value: result},
	})
}
