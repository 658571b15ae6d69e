package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/role"
)

func (p *program) k3Remake() *cli.Command {
	var at role.Keyring
	var epoch uint64
	var yes bool
	return &cli.Command{
		Name: "remake", Usage: "make the key of an epoch that the chain reached before any signer had it",
		UsageText: "k3 remake --epoch N --yes [--signer-keyring FILE] [--signer-passphrase-file FILE]",
		Description: `The way out when governance moved the counter before the keys were prepared: the signers then seal nothing new and do not start. It runs on ONE signer's host, on its keyring, which must never have sealed anything under that epoch; the others restore a backup of it.

Be sure that no signer and no backup has a key of that epoch. If one does, restore that instead: with two keys for one epoch, what one signer seals the other cannot open.

Examples:
  agentkeys k3 remake --epoch 3 --yes
  agentkeys k3 backup --recipient age1… --out k3.backup    (for the other signers)`,
		Flags: append(at.Flags(),
			&cli.Uint64Flag{Name: "epoch", Destination: &epoch, Usage: "`N` whose key is made"},
			&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Destination: &yes, Usage: "no signer and no backup has a key of this epoch"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			switch {
			case epoch == 0:
				return usage("name the epoch with --epoch N")
			case !yes:
				return usage("say with --yes that no signer and no backup has a key of epoch %d", epoch)
			}
			return p.k3DoRemake(c.Context, at, epoch)
		},
	}
}

func (p *program) k3DoRemake(ctx context.Context, at role.Keyring, epoch uint64) error {
	client, err := p.chainClient()
	if err != nil {
		return err
	}
	now, err := client.Counter(ctx)
	if err != nil {
		return err
	}
	e, err := p.keyringEnv()
	if err != nil {
		return err
	}
	k, err := at.Open(ctx, e)
	if err != nil {
		return err
	}
	defer k.Close()
	if _, err := k.Remake(ctx, epoch, uint64(now.Epoch)); err != nil {
		return fmt.Errorf("the chain is at epoch %d: %w", now.Epoch, err)
	}
	return p.k3ShowKeyring("keyring file", "one more key in it", k)
}
