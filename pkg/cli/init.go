package cli

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/pkg/profile"
)

// initFlags are those of `init`.
type initFlags struct {
	chainFlags
	importFlags
	name   string
	dryRun bool
}

func (p *program) initCommand() *cli.Command {
	var f initFlags
	return &cli.Command{
		Name: "init", Usage: "become an operator: keys and first master", Category: categoryOperator,
		UsageText: "init [--name NAME] [--import-hex|--import-mnemonic|--import-keystore FILE] [--chain FILE]",
		Description: `Makes a device key (K10), enrolls a passkey (K11), funds the wallet from the faucet of a development chain, and registers both on chain as the first master of a new operator. What is done already is found and left as it is, so a run that was interrupted is simply repeated.

The key is a new one, or an existing wallet's: 64 hex characters, an English BIP-39 mnemonic, or a version 3 keystore, each from a file of mode 0600 or from standard input. A key that exists is never overwritten. With --passphrase-file the key is sealed under that passphrase; otherwise one is generated and kept beside it.

Where there is no profile yet, --chain names a file that has chain and contracts, such as another machine's profile.

Examples:
  agentkeys init
  agentkeys init --name globex --passphrase-file ~/globex.pass
  agentkeys init --import-mnemonic words.txt --path "m/44'/60'/0'/0/1"
  pass show wallet | agentkeys init --import-hex -`,
		Flags: append(append([]cli.Flag{
			&cli.StringFlag{Name: "name", Destination: &f.name, DefaultText: "--as, else acme", Usage: "`NAME` of the operator on this machine"},
		}, append(f.importFlags.flags(), f.chainFlags.flags()...)...),
			&cli.BoolFlag{Name: "dry-run", Destination: &f.dryRun, Usage: "say what would be done, and do nothing"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if f.name == "" {
				f.name = p.global.as
			}
			if f.name == "" {
				f.name = "acme"
			}
			return p.initOperator(c.Context, f)
		},
	}
}

// ready is an operator that is registered on chain, and what that took.
type ready struct {
	id                 home.Identity
	operator           *operator.Operator
	newKey, newPasskey bool
	registration       operator.Outcome
}

// readyOperator runs the steps of init.
func (p *program) readyOperator(ctx context.Context, name string, imported *ecdsa.PrivateKey) (r ready, err error) {
	// Asked first: a profile under which the rest must fail leaves nothing behind.
	if _, err := p.load(); err != nil {
		return r, err
	}
	if !p.profile.IsDevelopment() {
		return r, errNoCeremony
	}
	if p.Untouched {
		return r, errUntouched
	}
	if r.id, r.newKey, err = p.identityNamed(name, home.KindOperator, imported); err != nil {
		return r, err
	}
	if own := omni.OperatorOfWallet(r.id.Address); r.id.Inactive || r.id.Operator != own {
		return r, ui.WithFix(fmt.Errorf("%s is not a new operator: its key is, was, or is to be a wallet of operator %s", r.id.Name, r.id.Operator.Short()), "agentkeys whoami")
	}
	cred, created, err := p.enrolled(ctx, r.id)
	if err != nil {
		return r, err
	}
	r.newPasskey = created
	if err := p.fund(ctx, r.id); err != nil {
		return r, err
	}
	auth, err := p.authenticator(r.id)
	if err != nil {
		return r, err
	}
	if r.operator, err = p.operator(r.id); err != nil {
		return r, err
	}
	first := *r.operator
	first.Masters = []operator.Master{{Credential: cred, Passkey: auth}}
	_, r.registration, err = first.Register(ctx)
	return r, err
}

func (p *program) initOperator(ctx context.Context, f initFlags) error {
	imported, err := p.importKey(ctx, f.importFlags)
	if err != nil {
		return err
	}
	if imported != nil {
		p.later(func() error { home.WipeKey(imported); return nil })
	}
	path, err := p.beginProfile(ctx, &f.chainFlags)
	if err != nil {
		return err
	}
	if f.dryRun {
		return p.foretell(ctx, f.name, imported)
	}
	r, err := p.readyOperator(ctx, f.name, imported)
	if err != nil {
		return err
	}
	if path != "" {
		if err := p.profile.Save(path); err != nil {
			return err
		}
	}
	type answer struct {
		Name     string `json:"name"`
		Operator string `json:"operator_omni"`
		Wallet   string `json:"wallet"`
		operator.Outcome
	}
	how := made(r.newKey)
	if imported != nil && r.newKey {
		how = " (imported)"
	}
	err = p.print(answer{r.id.Name, r.id.Operator.String(), r.id.Address.String(), r.registration}, ui.Facts{
		{Key: "operator", Value: r.id.Name},
		{Key: "omni", Value: r.id.Operator.String()},
		{Key: "device key", Value: r.id.Address.String() + how},
		{Key: "passkey", Value: "software, for development" + made(r.newPasskey)},
		{Key: "on chain", Value: "first master" + made(!r.registration.Done)},
		{Key: "profile", Value: path},
	})
	if err != nil {
		return err
	}
	p.next("bind an agent: let it ask, and approve what it asks",
		"agentkeys agent request --operator "+f.name+" --as build-bot",
		"agentkeys agent create --as "+f.name+" --request build-bot.request.json")
	return nil
}

// beginProfile takes chain and contracts from --chain where there is no profile
// yet. It returns where to write them once everything else is done; empty when
// there is a profile.
func (p *program) beginProfile(ctx context.Context, f *chainFlags) (path string, err error) {
	if f.chain == "" {
		if len(f.endpoints()) > 0 && p.environ("AGENTKEYS_RPC") == "" {
			return "", usage("--rpc goes with --chain")
		}
		return "", nil
	}
	if path, err = p.draftPath(false); err != nil {
		return "", err
	}
	have, err := profile.Load(path)
	switch {
	case err == nil:
		p.global.profile = path
		return "", sameChain(have, f, path)
	case !isNotExist(err):
		return "", err
	}
	begun, err := profile.ForChain(f.chain, f.endpoints())
	if err != nil {
		return "", err
	}
	if !begun.HasContracts() {
		return "", ui.WithFix(fmt.Errorf("chain %s has no contracts that this machine knows of: name a file that has their addresses, or make them", begun.Chain.Name), "agentkeys contracts deploy --chain %s", f.chain)
	}
	if err := begun.Validate(); err != nil {
		return "", err
	}
	// Nobody registers at addresses that only a file vouches for.
	if err := chain.CheckContracts(ctx, begun.ChainProfile()); err != nil {
		return "", fmt.Errorf("checking the contracts of %s: %w", f.chain, err)
	}
	p.profile = begun
	return path, nil
}

// foretell answers --dry-run.
func (p *program) foretell(ctx context.Context, name string, imported *ecdsa.PrivateKey) error {
	pr, err := p.load()
	if err != nil {
		return err
	}
	if !pr.IsDevelopment() {
		return errNoCeremony
	}
	d, err := p.home()
	if err != nil {
		return err
	}
	type answer struct {
		Name    string          `json:"name"`
		DryRun  bool            `json:"dry_run"`
		Wallet  profile.Address `json:"wallet,omitzero"`
		OnChain string          `json:"on_chain,omitzero"`
		Plan    *operator.Plan  `json:"plan,omitzero"`
	}
	a := answer{Name: name, DryRun: true}
	key, onChain := "a new one would be made", "would be registered as first master"
	id, err := d.Choose(name, home.KindOperator)
	var unknown *home.LookupError
	switch {
	case err == nil:
		a.Wallet, key = id.Address, id.Address.String()+" (was there)"
		if imported != nil && id.Address.Common() != crypto.PubkeyToAddress(imported.PublicKey) {
			return fmt.Errorf("%s is on this machine with another key, %s, which is never overwritten: give the imported one another name with --name", name, id.Address)
		}
	case !errors.As(err, &unknown) || unknown.Reason != home.ErrUnknownName:
		return err
	case imported != nil:
		a.Wallet = profile.Address(crypto.PubkeyToAddress(imported.PublicKey))
		key = a.Wallet.String() + " (would be imported)"
	}
	if !a.Wallet.IsZero() {
		on, err := p.identityOnChain(ctx, home.Identity{Address: a.Wallet})
		if err != nil {
			return err
		}
		a.OnChain = standing(on)
		if on.Status != chain.Unregistered {
			onChain = standing(on) + ": nothing would be sent"
		}
	}
	if a.OnChain == "" || a.OnChain == standing(chain.Identity{}) {
		if a.Plan, err = p.planRegistration(ctx, name, a.Wallet); err != nil {
			return err
		}
	}
	facts := ui.Facts{
		{Key: "dry run", Value: "nothing was done"},
		{Key: "operator", Value: name},
		{Key: "device key", Value: key},
		{Key: "on chain", Value: onChain},
	}
	if a.Plan == nil {
		return p.print(a, facts)
	}
	return p.print(a, append([]ui.View{facts, ui.Heading("what would be signed and sent")}, planViews(*a.Plan)...)...)
}

// planRegistration says what would be signed and sent, with a wallet and a
// passkey that nobody keeps where there are none yet.
func (p *program) planRegistration(ctx context.Context, name string, wallet profile.Address) (*operator.Plan, error) {
	c, err := p.chainClient()
	if err != nil {
		return nil, err
	}
	auth, err := software.New(software.Environment)
	if err != nil {
		return nil, err
	}
	sample, err := auth.Enroll(ctx, passkey.EnrollRequest{RPID: rpID, Origin: origin, UserID: []byte(name), UserName: name})
	if err != nil {
		return nil, err
	}
	account := wallet.Common()
	if wallet.IsZero() {
		// The address of a passkey's hash: nobody has its key.
		key := sample.DeviceKey().Bytes()
		account = common.Address(key[:20])
	}
	o := &operator.Operator{
		Chain: chain.NewOperations(c, nil), Account: account, Names: p.nameOf, Now: p.Now, DryRun: true,
		Masters: []operator.Master{{Credential: sample, Passkey: auth}},
	}
	_, out, err := o.Register(ctx)
	p.note("keys that are not there yet are samples in a dry run: the real ones are made when the command runs")
	return out.Plan, err
}

func made(now bool) string {
	if now {
		return " (new)"
	}
	return " (was there)"
}
