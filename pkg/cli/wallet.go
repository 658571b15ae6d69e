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
	id, o, err := p.acting(home.Entry{})
	if err != nil {
		return err
	}
	return p.moveTo(ctx, o, name, revoke, yes, func(to home.Identity) (*operator.Operator, error) { return o, nil },
		"retire wallet %s of operator %s for ever?", id.Address, ui.Named(id.Name, id.Operator))
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
	o, err := p.keyless(home.Identity{Operator: op})
	if err != nil {
		return err
	}
	// The new wallet sends: the old one is lost.
	return p.moveTo(ctx, o, name, revoke, yes, p.operator,
		"retire the present wallet of operator %s for ever?", ui.Named(p.nameOf(op.String()), op))
}

// moveTo moves an operator to the wallet of the identity of that name, which it
// makes once nothing speaks against it. sender is who sends.
func (p *program) moveTo(ctx context.Context, o *operator.Operator, name string, revoke, yes bool, sender func(to home.Identity) (*operator.Operator, error), question string, args ...any) error {
	to, err := p.nextWallet(name, o.Operator)
	if err != nil {
		return err
	}
	if err := o.CheckMove(ctx, to.Address.Common(), revoke); err != nil {
		return err
	}
	st, err := p.standingOf(ctx, o.Operator)
	if err != nil {
		return err
	}
	done := !to.Address.IsZero() && st.Wallet == to.Address.Common()
	if p.dryRun && !done {
		return p.planMove(ctx, o, revoke)
	}
	if !done {
		if err := p.sure(ctx, yes, question, args...); err != nil {
			return err
		}
		if to, err = p.newWallet(ctx, name, o.Operator); err != nil {
			return err
		}
	}
	if p.dryRun {
		return p.printOutcome(operator.Outcome{Done: true}, "operator", fmt.Sprintf("%s has the wallet %s (%s)", o.Operator.Short(), to.Name, to.Address))
	}
	if o, err = sender(to); err != nil {
		return err
	}
	return p.move(ctx, o, to, revoke)
}

func (p *program) planMove(ctx context.Context, o *operator.Operator, revoke bool) error {
	m, err := o.PlanMove(ctx, revoke)
	if err != nil {
		return err
	}
	p.note("the new wallet of this dry run is a sample: its key is made when the command runs")
	return p.printOutcome(m.Outcome, "operator", o.Operator.Short())
}

// nextWallet is the identity of that name if it is there and may become the
// operator's wallet, or is; zero if there is none.
func (p *program) nextWallet(name string, op omni.Operator) (home.Identity, error) {
	if err := home.CheckName(name); err != nil {
		return home.Identity{}, err
	}
	d, err := p.home()
	if err != nil {
		return home.Identity{}, err
	}
	id, err := d.Identity(name)
	var unknown *home.LookupError
	switch {
	case errors.As(err, &unknown) && unknown.Reason == home.ErrUnknownName:
		return home.Identity{}, nil
	case err != nil:
		return home.Identity{}, err
	case id.Kind != home.KindOperator || id.Operator != op:
		return home.Identity{}, fmt.Errorf("%w: %s is another identity of this machine; give the new wallet another name with --name", home.ErrNameTaken, name)
	}
	return id, nil
}

// newWallet is the identity that is to become an operator's wallet, funded where
// a faucet is. Nobody acts as it by default before the chain has made it that.
func (p *program) newWallet(ctx context.Context, name string, op omni.Operator) (home.Identity, error) {
	d, err := p.home()
	if err != nil {
		return home.Identity{}, err
	}
	pass, err := p.passphrase()
	if err != nil {
		return home.Identity{}, err
	}
	defer pass.Destroy()
	id, k, err := d.Create(name, home.KindOperator, home.KeySource{Passphrase: pass, WalletOf: op})
	switch {
	case errors.Is(err, home.ErrExists):
		id, err = p.nextWallet(name, op)
	case err == nil:
		p.keep(id, k)
	}
	if err != nil {
		return home.Identity{}, err
	}
	return id, p.fund(ctx, id)
}

func (p *program) move(ctx context.Context, o *operator.Operator, to home.Identity, revoke bool) error {
	op := o.Operator
	k, err := p.key(to)
	if err != nil {
		return err
	}
	m, err := o.RotateWallet(ctx, k.Private(), revoke)
	if err != nil {
		return err
	}
	if !m.Proposed {
		if err := p.moved(m.Outcome, op, to); err != nil {
			return err
		}
		return p.warnOf(ctx, to)
	}
	err = p.print(m, ui.Facts{
		{Key: "operator", Value: ui.Named(p.nameOf(op.String()), op)},
		{Key: "proposed", Value: "a move to wallet " + to.Address.String()},
		{Key: "takes effect", Value: ui.When(time.Unix(m.EffectiveAt, 0), p.Now()) + ", when this command is typed again"},
	})
	if err != nil {
		return err
	}
	return ui.WithExit(ui.WithFix(errors.New("the move waits for the recovery delay"), "agentkeys device recover --operator %s --name %s", op, to.Name), ui.ExitApproval)
}

// moved writes down who is the operator's wallet now, so that nobody acts as a
// retired one by default.
func (p *program) moved(out operator.Outcome, op omni.Operator, to home.Identity) error {
	d, err := p.home()
	if err != nil {
		return err
	}
	ids, err := d.Identities()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if inactive := id.Name != to.Name; id.Kind == home.KindOperator && id.Operator == op && id.Inactive != inactive {
			if _, err := d.SetInactive(id.Name, inactive); err != nil {
				return err
			}
		}
	}
	if err := p.printOutcome(out, "operator", fmt.Sprintf("%s has the wallet %s (%s)", op.Short(), to.Name, to.Address)); err != nil {
		return err
	}
	if !out.Done {
		p.next("the old wallet is retired; act as the new one", "agentkeys whoami --as "+to.Name, "agentkeys device list --as "+to.Name)
	}
	return nil
}

// warnOf says how an operator stands after a change.
func (p *program) warnOf(ctx context.Context, id home.Identity) error {
	_, all, _, err := p.health(ctx, id.Operator)
	if err == nil {
		p.warn(id.Name, all)
	}
	return err
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
			out, err := o.CancelRotation(c.Context)
			if err != nil {
				return err
			}
			return p.printOutcome(out, "operator", ui.Named(id.Name, id.Operator)+" has no move proposed")
		},
	}
}
