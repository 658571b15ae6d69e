package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/operator"
)

func (p *program) walletCommand() *cli.Command {
	return &cli.Command{
		Name: "wallet", Usage: "move an operator to another wallet", Category: categoryOperator,
		Description: `The wallet is the device key that sends an operator's transactions. It can be moved by a quorum; the old one is retired for ever, and agents, grants and secrets stay. "device recover" does the same where the old wallet is lost.`,
		Action:      p.group,
		Subcommands: []*cli.Command{p.walletRotate(), p.walletCancel()},
	}
}

func (p *program) walletRotate() *cli.Command {
	var name string
	var revoke, yes bool
	return &cli.Command{
		Name: "rotate", Usage: "retire the wallet and move to a new one",
		UsageText: "wallet rotate --name NEW [--revoke-passkey] [--yes] [--as OPERATOR] [--dry-run]",
		Description: `Makes a new device key on this machine under the name NEW, and a quorum signs. The wallet's passkey moves along, unless --revoke-passkey revokes it too: then it has no vote, and enough recovery masters must remain.

Examples:
  agentkeys wallet rotate --name acme-2
  agentkeys wallet rotate --name acme-2 --revoke-passkey`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "name", Destination: &name, Usage: "`NAME` of the new identity"},
			&cli.BoolFlag{Name: "revoke-passkey", Destination: &revoke, Usage: "revoke the passkey in the old wallet's entry too"},
			yesFlag(&yes), p.dryRunFlag(),
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if name == "" {
				return usage("name the new identity: wallet rotate --name NEW")
			}
			return p.rotateWallet(c.Context, name, revoke, yes)
		},
	}
}

func (p *program) rotateWallet(ctx context.Context, name string, revoke, yes bool) error {
	id, err := p.chooseOperator(home.Entry{})
	if err != nil {
		return err
	}
	if name == id.Name {
		return usage("%s is the wallet that is to be retired: give the new one another name", name)
	}
	o, err := p.operator(id)
	if err != nil {
		return err
	}
	if err := p.sure(ctx, yes, "retire wallet %s of operator %s for ever?", id.Address, ui.Named(id.Name, id.Operator)); err != nil {
		return err
	}
	return p.move(ctx, o, id.Operator, name, revoke)
}

func (p *program) deviceRecover() *cli.Command {
	var op, name string
	var keep, yes bool
	return &cli.Command{
		Name: "recover", Usage: "survive the loss of the machine that held the wallet",
		UsageText: "device recover --operator OMNI|NAME --name NEW [--keep-passkey] [--yes] [--dry-run]",
		Description: `On a machine with other masters' passkeys: makes a new device key under the name NEW, and a quorum moves the operator to it. The lost wallet is retired, and its passkey revoked with it unless --keep-passkey says that it is still at hand. Agents, grants and secrets stay.

At threshold 1 a passkey alone only proposes the move: it takes effect after the recovery delay, until which the old wallet or any recovery master can cancel it. Type the same command again then.

Examples:
  agentkeys device recover --operator acme --name acme-2`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "operator", Destination: &op, Usage: "`NAME` in the address book, or omni"},
			&cli.StringFlag{Name: "name", Destination: &name, Usage: "`NAME` of the new identity"},
			&cli.BoolFlag{Name: "keep-passkey", Destination: &keep, Usage: "the lost wallet's passkey is still at hand and moves along"},
			yesFlag(&yes), p.dryRunFlag(),
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if op == "" || name == "" {
				return usage("say who recovers, and how the new identity is called: device recover --operator OMNI --name NEW")
			}
			return p.recover(c.Context, op, name, !keep, yes)
		},
	}
}

func (p *program) recover(ctx context.Context, query, name string, revoke, yes bool) error {
	op, err := p.operatorNamed(ctx, query)
	if err != nil {
		return err
	}
	if err := p.sure(ctx, yes, "retire the present wallet of operator %s for ever?", ui.Named(p.nameOf(op.String()), op)); err != nil {
		return err
	}
	if p.dryRun {
		return usage("--dry-run of a recovery needs the new wallet's signature; see wallet rotate --dry-run")
	}
	id, err := p.newWallet(ctx, name, op)
	if err != nil {
		return err
	}
	masters, err := p.masters(op)
	if err != nil {
		return err
	}
	// The new wallet sends: the old one is lost.
	o, err := p.operatorWith(id, masters...)
	if err != nil {
		return err
	}
	return p.move(ctx, o, op, name, revoke)
}

// newWallet is the identity that is to become an operator's wallet, funded where
// a faucet is.
func (p *program) newWallet(ctx context.Context, name string, op omni.Operator) (home.Identity, error) {
	d, err := p.home()
	if err != nil {
		return home.Identity{}, err
	}
	id, _, err := p.identityNamed(name, home.KindOperator)
	if err != nil {
		return home.Identity{}, err
	}
	if id, err = d.Bind(name, op, omni.Self(op)); err != nil {
		return home.Identity{}, err
	}
	return id, p.fund(ctx, id)
}

func (p *program) move(ctx context.Context, o *operator.Operator, op omni.Operator, name string, revoke bool) error {
	if p.dryRun {
		return usage("--dry-run of a move needs the new wallet's signature, which a dry run does not make")
	}
	id, err := p.newWallet(ctx, name, op)
	if err != nil {
		return err
	}
	k, err := p.key(id)
	if err != nil {
		return err
	}
	m, err := o.RotateWallet(ctx, op, k.Private(), revoke)
	if err != nil {
		return err
	}
	if m.Proposed {
		at := time.Unix(m.EffectiveAt, 0)
		err := p.print(m, ui.Facts{
			{Key: "operator", Value: ui.Named(p.nameOf(op.String()), op)},
			{Key: "proposed", Value: "a move to wallet " + id.Address.String()},
			{Key: "takes effect", Value: ui.When(at, p.Now()) + ", when this command is typed again"},
		})
		if err != nil {
			return err
		}
		return ui.WithExit(ui.WithFix(errors.New("the move waits for the recovery delay"), "agentkeys device recover --operator %s --name %s", op, name), ui.ExitApproval)
	}
	if err := p.retireOthers(op, id); err != nil {
		return err
	}
	if err := p.printOutcome(m.Outcome, "operator", fmt.Sprintf("%s has the wallet %s", op.Short(), ui.Named(name, omni.DeviceKeyOfAddress(id.Address)))); err != nil {
		return err
	}
	p.next("the old wallet is retired; act as the new one", "agentkeys whoami --as "+name, "agentkeys device list --as "+name)
	return nil
}

// retireOthers writes down which of this machine's identities the chain has
// retired, so that nobody acts as them by default.
func (p *program) retireOthers(op omni.Operator, now home.Identity) error {
	d, err := p.home()
	if err != nil {
		return err
	}
	ids, err := d.Identities()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if id.Kind == home.KindOperator && id.Operator == op && id.Name != now.Name && !id.Retired {
			if _, err := d.Retire(id.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *program) walletCancel() *cli.Command {
	return &cli.Command{
		Name: "cancel", Usage: "cancel a proposed move to another wallet",
		UsageText: "wallet cancel [--as OPERATOR] [--dry-run]",
		Description: `The operator's wallet alone can do it; from another machine one recovery master signs.

Examples:
  agentkeys wallet cancel`,
		Flags: []cli.Flag{p.dryRunFlag()},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			id, err := p.chooseOperator(home.Entry{})
			if err != nil {
				return err
			}
			o, err := p.operator(id)
			if err != nil {
				return err
			}
			out, err := o.CancelRotation(c.Context, id.Operator)
			if err != nil {
				return err
			}
			return p.printOutcome(out, "operator", ui.Named(id.Name, id.Operator)+" has no move proposed")
		},
	}
}
