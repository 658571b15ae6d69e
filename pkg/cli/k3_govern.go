package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

func (p *program) k3Maintainer() *cli.Command {
	var f keeperFlags
	var none bool
	return &cli.Command{
		Name: "maintainer", Usage: "name the wallet that may have data keys re-wrapped",
		UsageText: "k3 maintainer ADDRESS|--none [--key FILE | --as NAME] [--dry-run]",
		Description: `The maintainer signs off chain for re-wrapping and for preparing the keys of the next epoch; it reads no secret and moves no epoch. Governance names it, and can name another at any time.

Examples:
  agentkeys k3 maintainer 0x941C…
  agentkeys k3 maintainer --none`,
		Flags: []cli.Flag{f.flag(), &cli.BoolFlag{Name: "none", Destination: &none, Usage: "nobody may, from now on"}, p.dryRunFlag()},
		Action: func(c *cli.Context) error {
			a, err := addressOrNone(c, none)
			if err != nil {
				return err
			}
			return p.govern(c.Context, f, change{
				subject: "maintainer", what: a.Hex(),
				done: func(s chain.Counter) bool { return s.Maintainer == a },
				send: func(ctx context.Context, o *chain.Operations) (*types.Receipt, error) { return o.SetMaintainer(ctx, a) },
			})
		},
	}
}

func (p *program) k3Governance() *cli.Command {
	return &cli.Command{
		Name: "governance", Usage: "hand the key epoch over to another account, such as a multisig",
		Description: `Two steps, so that a wrong address loses nothing: governance offers, the other account accepts.

Examples:
  agentkeys k3 governance offer 0x5aFE…
  agentkeys k3 governance accept --key next.json`,
		Action:      p.group,
		Subcommands: []*cli.Command{p.k3Offer(), p.k3Accept()},
	}
}

func (p *program) k3Offer() *cli.Command {
	var f keeperFlags
	var none bool
	return &cli.Command{
		Name: "offer", Usage: "offer governance to an account, in place of any earlier offer",
		UsageText: "k3 governance offer ADDRESS|--none [--key FILE | --as NAME] [--dry-run]",
		Description: `Nothing changes until the account accepts. A contract accepts by a call to acceptGovernance(), whose calldata "accept --dry-run" prints.

Examples:
  agentkeys k3 governance offer 0x5aFE…`,
		Flags: []cli.Flag{f.flag(), &cli.BoolFlag{Name: "none", Destination: &none, Usage: "withdraw the offer"}, p.dryRunFlag()},
		Action: func(c *cli.Context) error {
			a, err := addressOrNone(c, none)
			if err != nil {
				return err
			}
			return p.govern(c.Context, f, change{
				subject: "offered to", what: a.Hex(),
				done: func(s chain.Counter) bool { return a != (common.Address{}) && s.Governance == a },
				send: func(ctx context.Context, o *chain.Operations) (*types.Receipt, error) {
					return o.OfferGovernance(ctx, a)
				},
			})
		},
	}
}

func (p *program) k3Accept() *cli.Command {
	var f keeperFlags
	return &cli.Command{
		Name: "accept", Usage: "take governance that was offered to the wallet",
		UsageText: "k3 governance accept [--key FILE | --as NAME] [--dry-run]",
		Description: `From then on this wallet alone moves the key epoch and names the maintainer.

Examples:
  agentkeys k3 governance accept --key next.json
  agentkeys k3 governance accept --dry-run`,
		Flags: []cli.Flag{f.flag(), p.dryRunFlag()},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.govern(c.Context, f, change{
				subject: "governance", mine: true,
				send: func(ctx context.Context, o *chain.Operations) (*types.Receipt, error) { return o.AcceptGovernance(ctx) },
			})
		},
	}
}

// addressOrNone reads the one ADDRESS of a command, or zero with --none.
func addressOrNone(c *cli.Context, none bool) (common.Address, error) {
	if none != (c.Args().Len() == 0) || c.Args().Len() > 1 {
		return common.Address{}, usage("name one ADDRESS, or --none")
	}
	if none {
		return common.Address{}, nil
	}
	a, err := profile.ParseAddress(c.Args().First())
	if err != nil {
		return common.Address{}, usage("%s", err)
	}
	return a.Common(), nil
}

// change is one transaction to the epoch counter.
type change struct {
	subject, what string
	mine          bool // it makes the wallet governance
	done          func(chain.Counter) bool
	send          func(context.Context, *chain.Operations) (*types.Receipt, error)
}

// govern sends a change unless the chain shows it already.
func (p *program) govern(ctx context.Context, f keeperFlags, c change) error {
	client, err := p.chainClient()
	if err != nil {
		return err
	}
	if p.dryRun {
		call, err := chain.NewOperations(client, nil).Plan(func(o *chain.Operations) error {
			_, err := c.send(ctx, o)
			return err
		})
		if err != nil {
			return err
		}
		return p.print(k3Call{To: call.To, Calldata: call.Data}, ui.Heading("dry run: nothing was sent"), ui.Facts{{Key: "sent to", Value: call.To.Hex()}, {Key: "calldata", Value: fmt.Sprintf("0x%x", call.Data)}})
	}
	w, err := p.keeperWallet(ctx, f)
	if err != nil {
		return err
	}
	if c.mine {
		c.what, c.done = w.address.Hex(), func(s chain.Counter) bool { return s.Governance == w.address }
	}
	now, err := client.Counter(ctx)
	if err != nil {
		return err
	}
	out := struct {
		Subject string      `json:"subject"`
		Value   string      `json:"value"`
		Done    bool        `json:"already_done"`
		Tx      common.Hash `json:"transaction,omitzero"`
		Gas     uint64      `json:"gas,omitzero"`
	}{Subject: c.subject, Value: c.what, Done: c.done(now)}
	result := "was so already; nothing was sent"
	if !out.Done {
		if !c.mine && now.Governance != w.address {
			return fmt.Errorf("wallet %s is not the governance that the chain names, %s", w.address, now.Governance)
		}
		key, err := w.open()
		if err != nil {
			return err
		}
		t, err := chain.NewTransactor(p.profile.ChainProfile(), chain.KeySigner(key))
		if err != nil {
			return err
		}
		defer t.Close()
		r, err := c.send(ctx, chain.NewOperations(client, t))
		if err != nil && !errors.Is(err, chain.ErrAlready) {
			return err
		}
		result = "done"
		if r != nil {
			out.Tx, out.Gas = r.TxHash, r.GasUsed
			result = fmt.Sprintf("done, %s (%d gas)", r.TxHash, r.GasUsed)
		}
	}
	return p.print(out, ui.Facts{{Key: c.subject, Value: c.what}, {Key: "result", Value: result}})
}

func (p *program) k3Identity() *cli.Command {
	return &cli.Command{
		Name: "identity", Usage: "show the public half of a role's identity key",
		UsageText: "k3 identity FILE",
		Description: `Prints the key set (JWKS) with which other hosts are configured: a worker's goes into the file of --signer-workers, a signer's into --cred-signer-keys and --signer-peers. It reads the key file that "serve --create-keys" made and changes nothing.

Examples:
  agentkeys k3 identity ~/.agentkeys/cred/identity.pem -o json > cred.jwks.json`,
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usage("name one key FILE")
			}
			k, err := jose.LoadKey(c.Args().First())
			if errors.Is(err, os.ErrNotExist) {
				return ui.WithFix(fmt.Errorf("there is no key file %s", c.Args().First()), "agentkeys serve --create-keys --role signer")
			}
			if err != nil {
				return err
			}
			set, err := jose.NewKeySet(k.Public())
			if err != nil {
				return err
			}
			text, err := strictjson.Encode(set.JWKS())
			if err != nil {
				return err
			}
			return p.print(set.JWKS(), ui.Facts{{Key: "thumbprint", Value: k.Public().Thumbprint()}, {Key: "key set", Value: strings.TrimSpace(string(text))}})
		},
	}
}
