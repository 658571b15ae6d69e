package cli

import (
	"context"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/operator"
)

func (p *program) initCommand() *cli.Command {
	var name string
	return &cli.Command{
		Name: "init", Usage: "become an operator: keys and first master", Category: categoryOperator,
		UsageText: "init [--name NAME]",
		Description: `Makes a device key (K10), enrolls a passkey (K11), funds the wallet from the faucet of a development chain, and registers both on chain as the first master of a new operator. What is done already is found and left as it is, so a run that was interrupted is simply repeated.

A key that exists is never overwritten. With --passphrase-file the key is sealed under that passphrase; otherwise one is generated and kept beside it.

Examples:
  agentkeys init
  agentkeys init --name globex --passphrase-file ~/globex.pass`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "name", Destination: &name, DefaultText: "--as, else acme", Usage: "`NAME` of the operator on this machine"},
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if name == "" {
				name = p.global.as
			}
			if name == "" {
				name = "acme"
			}
			return p.initOperator(c.Context, name)
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
func (p *program) readyOperator(ctx context.Context, name string) (r ready, err error) {
	// Asked first: a profile under which the rest must fail leaves nothing behind.
	if _, err := p.load(); err != nil {
		return r, err
	}
	if !p.profile.IsDevelopment() {
		return r, errNoCeremony
	}
	if r.id, r.newKey, err = p.identityNamed(name, home.KindOperator); err != nil {
		return r, err
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
	if r.operator, err = p.operatorWith(r.id, operator.Master{Credential: cred, Passkey: auth}); err != nil {
		return r, err
	}
	_, r.registration, err = r.operator.Register(ctx)
	return r, err
}

func (p *program) initOperator(ctx context.Context, name string) error {
	r, err := p.readyOperator(ctx, name)
	if err != nil {
		return err
	}
	type answer struct {
		Name     string `json:"name"`
		Operator string `json:"operator_omni"`
		Wallet   string `json:"wallet"`
		operator.Outcome
	}
	err = p.print(answer{r.id.Name, r.id.Operator.String(), r.id.Address.String(), r.registration}, ui.Facts{
		{Key: "operator", Value: r.id.Name},
		{Key: "omni", Value: r.id.Operator.String()},
		{Key: "device key", Value: r.id.Address.String() + made(r.newKey)},
		{Key: "passkey", Value: "software, for development" + made(r.newPasskey)},
		{Key: "on chain", Value: "first master" + made(!r.registration.Done)},
	})
	if err != nil {
		return err
	}
	p.next("bind an agent: let it ask, and approve what it asks",
		"agentkeys agent request --operator "+name+" --as build-bot",
		"agentkeys agent create --as "+name+" --request build-bot.request.json")
	return nil
}

func made(now bool) string {
	if now {
		return " (new)"
	}
	return " (was there)"
}
