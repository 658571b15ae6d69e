package cli

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/maintenance"
	"github.com/litentry/agentkeys/pkg/profile"
)

func (p *program) k3Command() *cli.Command {
	return &cli.Command{
		Name: "k3", Usage: "keep the keys under everything: rotate, re-encrypt, back up", Category: categoryHost,
		Description: `K3 is the root of every data key. The signers hold one for each epoch; the chain says which epoch is current. A rotation makes a new one, and what was written before stays readable with the old.

docs/runbook-k3-rotation.md walks through a rotation.`,
		Action: p.group,
		Subcommands: []*cli.Command{
			p.k3Status(), p.k3Rotate(), p.k3Reencrypt(), p.k3Destroy(), p.k3Backup(), p.k3Restore(), p.k3Remake(),
			p.k3Maintainer(), p.k3Governance(), p.k3Identity(),
		},
	}
}

// keeperFlags say whose wallet acts.
type keeperFlags struct{ key string }

func (f *keeperFlags) flag() cli.Flag {
	return &cli.StringFlag{Name: "key", Destination: &f.key, EnvVars: []string{"AGENTKEYS_KEEPER_KEY"}, DefaultText: "the operator named with --as; in development the stack's own", Usage: "`FILE` with the key of the maintainer or of governance, - for standard input"}
}

// keeperWallet is the wallet of the maintainer or of governance: a key file, an
// identity of this machine, or what the stack of development governs with.
func (p *program) keeperWallet(ctx context.Context, f keeperFlags) (payer, error) {
	if f.key == "" && p.global.as == "" {
		pr, err := p.load()
		if err != nil {
			return payer{}, err
		}
		if path, ok := p.stackKey(pr); ok {
			f.key = path
		}
	}
	w, err := p.payer(ctx, deployFlags{key: f.key})
	var l *home.LookupError
	var u *usageError
	if errors.As(err, &l) || errors.As(err, &u) && f.key == "" {
		return payer{}, usage("this is for the wallet of the maintainer or of governance: name its key with --key FILE, or its identity with --as NAME")
	}
	return w, err
}

// stackKey is the key with which a stack of development deployed its contracts.
func (p *program) stackKey(pr *profile.Profile) (string, bool) {
	if !pr.IsDevelopment() {
		return "", false
	}
	path, err := p.profilePath()
	if err != nil {
		return "", false
	}
	key := filepath.Join(filepath.Dir(path), "deployer.key")
	return key, exists(key)
}

// signers dials every signer of the profile. Without a wallet they answer only
// what everybody may ask.
func (p *program) signers(ctx context.Context, w *ecdsa.PrivateKey) ([]*keeper.Signer, error) {
	pr, err := p.load()
	if err != nil {
		return nil, err
	}
	if len(pr.Signers) == 0 {
		return nil, errNoSigners()
	}
	var out []*keeper.Signer
	for _, s := range pr.Signers {
		d, err := p.signer(ctx, pr, s, w)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// signer dials one signer.
func (p *program) signer(ctx context.Context, pr *profile.Profile, s profile.Signer, w *ecdsa.PrivateKey) (*keeper.Signer, error) {
	var wallet maintenance.Wallet
	if w != nil {
		wallet = maintenance.KeyWallet(w)
	}
	return keeper.Dial(ctx, keeper.SignerConfig{URL: s.URL, Pins: []string{s.Key}, ChainID: pr.Chain.ChainID, Wallet: wallet, Now: p.Now})
}

func errNoSigners() error {
	return errors.New(`the profile names no signers: add "signers": [{"url": …, "key": the thumbprint that the signer logs at its start}]`)
}

// kept is everything that a keeper's command works with.
type kept struct {
	profile    *profile.Profile
	chain      *chain.Client
	wallet     common.Address
	operations *chain.Operations
	signers    []*keeper.Signer
}

// keepKeys opens all of it, with the wallet's key.
func (p *program) keepKeys(ctx context.Context, f keeperFlags) (*kept, error) {
	w, err := p.keeperWallet(ctx, f)
	if err != nil {
		return nil, err
	}
	key, err := w.open()
	if err != nil {
		return nil, err
	}
	k := &kept{wallet: crypto.PubkeyToAddress(key.PublicKey)}
	if k.profile, err = p.load(); err != nil {
		return nil, err
	}
	if k.chain, err = p.chainClient(); err != nil {
		return nil, err
	}
	t, err := chain.NewTransactor(k.profile.ChainProfile(), chain.KeySigner(key))
	if err != nil {
		return nil, err
	}
	p.later(t.Close)
	k.operations = chain.NewOperations(k.chain, t)
	k.signers, err = p.signers(ctx, key)
	return k, err
}

// isMaintainer refuses a wallet that the signers would refuse, with what to do.
func (k *kept) isMaintainer(ctx context.Context) error {
	c, err := k.chain.Counter(ctx)
	if err != nil {
		return err
	}
	if c.Maintainer == k.wallet {
		return nil
	}
	if c.Maintainer == (common.Address{}) {
		return ui.WithFix(errors.New("the chain names no maintainer, who alone may have data keys re-wrapped"), "agentkeys k3 maintainer %s", k.wallet)
	}
	return ui.WithFix(fmt.Errorf("wallet %s is not the maintainer that the chain names, %s", k.wallet, c.Maintainer), "agentkeys k3 maintainer %s", k.wallet)
}

func (k *kept) isGovernance(ctx context.Context) error {
	c, err := k.chain.Counter(ctx)
	if err == nil && c.Governance != k.wallet {
		err = fmt.Errorf("wallet %s is not the governance that the chain names, %s", k.wallet, c.Governance)
	}
	return err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
