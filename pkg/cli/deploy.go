package cli

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/profile"
)

// productionDelay is how long a newcomer's RECOVERY matures in production, at
// least: what the other masters have to see it and to cancel it.
const productionDelay = 48 * time.Hour

// deployFlags are those of `contracts deploy`.
type deployFlags struct {
	chainFlags
	governance, wallet, key string
	delay                   time.Duration
	redeploy, dryRun, yes   bool
}

func (p *program) contractsDeploy() *cli.Command {
	var f deployFlags
	return &cli.Command{
		Name: "deploy", Usage: "make the contracts that are absent, and write their addresses into the profile",
		UsageText: "contracts deploy [--chain NAME|FILE --rpc URL...] [--as OPERATOR | --key FILE] [--dry-run]",
		Description: `Looks first: a contract of the profile that is there with this program's code stays, and nothing is sent when all are. An endpoint that does not answer is asked again a few times and then refused; it never reads as "no contract". The wallet must be able to pay for everything before anything is sent.

It may be interrupted at any moment and simply be run again: every contract is bound to a nonce of the wallet, so that none is made twice. What the wallet made last is recognised, also when nobody wrote its addresses down. The wallet must send nothing else meanwhile.

Registry and scope name each other and are made together. Other code at an address is refused; with --redeploy it is given up, after saying what is lost with it.

The wallet is an operator's of this machine, or that of a key file: 64 hex characters, or a version 3 keystore with --passphrase-file.

Examples:
  agentkeys contracts deploy --chain heima --rpc URL1 --rpc URL2 --key deployer.json --passphrase-file pass
  agentkeys contracts deploy --chain anvil --key anvil.key
  agentkeys contracts deploy --dry-run --wallet 0x941C…(40 hex characters) -o json`,
		Flags: append(f.flags(),
			&cli.StringFlag{Name: "key", Destination: &f.key, EnvVars: []string{"AGENTKEYS_DEPLOYER_KEY"}, DefaultText: "the operator that acts", Usage: "`FILE` with the key of the wallet that pays, - for standard input"},
			&cli.StringFlag{Name: "governance", Destination: &f.governance, DefaultText: "the wallet", Usage: "`ADDRESS` that may advance the K3 epoch"},
			&cli.DurationFlag{Name: "recovery-delay", Destination: &f.delay, DefaultText: "48h; 1m on a chain of development", Usage: "`DURATION` after which a new master may recover; production has at least 48h"},
			&cli.BoolFlag{Name: "redeploy", Destination: &f.redeploy, Usage: "give up contracts with other code, and all that they hold"},
			&cli.BoolFlag{Name: "dry-run", Destination: &f.dryRun, Usage: "say what would be sent and what it costs, and send nothing; no key is needed"},
			&cli.StringFlag{Name: "wallet", Destination: &f.wallet, DefaultText: "that of the key", Usage: "`ADDRESS` that would pay, for --dry-run"},
			&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Destination: &f.yes, Usage: "do not ask"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.deployContracts(c.Context, f, c.IsSet("governance"), c.IsSet("recovery-delay"))
		},
	}
}

func (p *program) deployContracts(ctx context.Context, f deployFlags, governanceSet, delaySet bool) error {
	pr, err := p.draft(&f.chainFlags)
	if err != nil {
		return err
	}
	w, err := p.payer(ctx, f)
	if err != nil {
		return err
	}
	wish, err := f.deployment(pr.Profile, w.address, delaySet)
	if err != nil {
		return err
	}
	i, err := p.inspector(pr.Profile)
	if err != nil {
		return err
	}
	plan, err := p.plan(ctx, i, pr, w, wish, f)
	if err != nil {
		return err
	}
	// Addresses that could not be written down are never made.
	if err := pr.SetContracts(plan.Contracts, chain.ContractsVersion); err != nil {
		return err
	}
	if _, err := pr.Encode(); err != nil {
		return err
	}
	p.showPlan(pr, plan, wish)
	if f.dryRun {
		return p.printPlan(pr, plan)
	}
	if err := plan.Affordable(); err != nil {
		return err
	}
	if plan.Pending() > 0 && !f.yes {
		sure, err := p.confirm(ctx, "send %s from %s on chain %s?", counted(plan.Pending(), "transaction"), w.address, pr.Chain.Name)
		if err != nil {
			return err
		}
		if !sure {
			return errors.New("nothing was sent")
		}
	}
	facts, err := p.makeContracts(ctx, i, plan, w, wish)
	if err != nil {
		return err
	}
	if err := pr.save(); err != nil {
		return ui.WithFix(fmt.Errorf("the contracts are on the chain, but their addresses could not be written down: %w", err), "agentkeys contracts deploy")
	}
	if governanceSet && facts.Governance != wish.Governance {
		return fmt.Errorf("the contracts are there, and governance is %s, not %s as asked: it hands over itself, a deployment does not take", facts.Governance, wish.Governance)
	}
	if delaySet && facts.RecoveryDelay != wish.RecoveryDelay {
		return fmt.Errorf("the contracts are there, with a recovery delay of %s, not %s as asked: it is fixed when the registry is made", ui.Duration(facts.RecoveryDelay), ui.Duration(wish.RecoveryDelay))
	}
	return p.printDeployment(pr, plan, facts)
}

// plan finds out what is to be done. A wallet of development that cannot pay for
// it asks the faucet.
func (p *program) plan(ctx context.Context, i *chain.Inspector, pr draft, w payer, wish chain.Deployment, f deployFlags) (*chain.Plan, error) {
	plan, err := i.Plan(ctx, w.address, wish, f.redeploy)
	if err == nil && plan.Affordable() != nil && pr.IsDevelopment() && pr.Chain.ChainID == profile.DevChainID && !f.dryRun {
		if _, err := chain.FundFromFaucet(ctx, pr.ChainProfile(), w.address); err != nil {
			return nil, err
		}
		plan, err = i.Plan(ctx, w.address, wish, f.redeploy)
	}
	if plan != nil && len(plan.Orphans) > 0 {
		p.showOrphans(ctx, i, plan)
	}
	if errors.Is(err, chain.ErrOrphans) {
		if !p.wantsJSON() { // the table has said which, and where
			err = fmt.Errorf("%s would be given up", counted(len(plan.Orphans), "contract"))
		}
		return nil, ui.WithFix(fmt.Errorf("%w; nothing was sent", err), "agentkeys contracts deploy --redeploy")
	}
	return plan, err
}

// watcher is a wallet without its key, for a plan that sends nothing.
type watcher common.Address

// Address implements chain.Signer.
func (w watcher) Address() common.Address { return common.Address(w) }

// SignTx implements chain.Signer and refuses.
func (watcher) SignTx(context.Context, *types.Transaction, *big.Int) (*types.Transaction, error) {
	return nil, errors.New("the key of the wallet was not opened")
}

// makeContracts sends what the plan says, and tells on the way.
func (p *program) makeContracts(ctx context.Context, i *chain.Inspector, plan *chain.Plan, w payer, wish chain.Deployment) (chain.Facts, error) {
	signer := chain.Signer(watcher(w.address))
	if plan.Pending() > 0 {
		k, err := w.open()
		if err != nil {
			return chain.Facts{}, err
		}
		signer = chain.KeySigner(k)
	}
	bar := p.printer().Progress("deploying", int64(plan.Pending()))
	defer bar.Close()
	wish.Made = func(name string, at common.Address) {
		bar.Add(1)
		p.note("made %s at %s", name, at)
	}
	facts, err := i.Deploy(ctx, plan, signer, wish)
	if err != nil && unreachable(err) {
		err = ui.WithFix(err, "agentkeys contracts deploy")
	}
	return facts, err
}

// deployment is what is asked for.
func (f deployFlags) deployment(pr *profile.Profile, wallet common.Address, delaySet bool) (chain.Deployment, error) {
	d := chain.Deployment{Governance: wallet, RecoveryDelay: productionDelay}
	if pr.IsDevelopment() {
		d.RecoveryDelay = devstack.RecoveryDelay
	}
	if delaySet {
		d.RecoveryDelay = f.delay
	}
	if !pr.IsDevelopment() && d.RecoveryDelay < productionDelay {
		return d, usage("--recovery-delay: production has at least %s, so that the other masters can cancel a newcomer in time", ui.Duration(productionDelay))
	}
	if f.governance != "" {
		a, err := profile.ParseAddress(f.governance)
		if err != nil {
			return d, usage("--governance: %s", err)
		}
		d.Governance = a.Common()
	}
	return d, nil
}

// payer is the wallet that sends, whose key is opened only if it must.
type payer struct {
	address common.Address
	open    func() (*ecdsa.PrivateKey, error)
}

func (p *program) payer(ctx context.Context, f deployFlags) (payer, error) {
	switch {
	case f.wallet != "" && !f.dryRun:
		return payer{}, usage("--wallet is for --dry-run: a deployment needs the key, --key FILE or --as OPERATOR")
	case f.wallet != "":
		a, err := profile.ParseAddress(f.wallet)
		if err != nil {
			return payer{}, usage("--wallet: %s", err)
		}
		return payer{address: a.Common()}, nil
	case f.key != "":
		k, err := p.readKey(ctx, f.key)
		if err != nil {
			return payer{}, fmt.Errorf("--key: %w", err)
		}
		p.later(func() error { home.WipeKey(k); return nil })
		return payer{crypto.PubkeyToAddress(k.PublicKey), func() (*ecdsa.PrivateKey, error) { return k, nil }}, nil
	}
	id, err := p.chooseOperator(home.Entry{})
	var l *home.LookupError
	if errors.As(err, &l) && l.Query == "" && l.Reason == home.ErrUnknownName {
		return payer{}, usage("a wallet pays for the contracts: name its key with --key FILE, or for --dry-run its address with --wallet")
	}
	if err != nil {
		return payer{}, err
	}
	return payer{id.Address.Common(), func() (*ecdsa.PrivateKey, error) {
		k, err := p.key(id)
		if err != nil {
			return nil, err
		}
		return k.Private(), nil
	}}, nil
}
