package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/profile"
)

func (p *program) agentRequest() *cli.Command {
	var name, op, out, keyOf string
	return &cli.Command{
		Name: "request", Usage: "ask an operator to bind this agent (on the agent's machine)",
		UsageText: "agent request --operator NAME|OMNI|WALLET --as NAME [--key-of AGENT] [--out FILE]",
		Description: `Makes the agent's device key if it has none, and writes a request file that this key signed. The file holds no secret: send it to the operator in any way. It lapses after 7 days.

With --key-of the new key is to join an agent that is there: the old key is lost or worn out, and its secrets and grants are to stay. The operator has to say so too.

Examples:
  agentkeys agent request --operator acme --as build-bot
  agentkeys agent request --operator acme --as build-bot-2 --key-of build-bot
  agentkeys agent request --operator 0x941c…(64 hex characters) --as build-bot --out -`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "operator", Destination: &op, Usage: "`NAME` in the address book, omni, or address of the wallet"},
			&cli.StringFlag{Name: "name", Destination: &name, DefaultText: "--as", Usage: "`NAME` of the agent"},
			&cli.StringFlag{Name: "key-of", Destination: &keyOf, DefaultText: "an agent of its own", Usage: "`NAME` or omni of the agent whose further key this is"},
			&cli.StringFlag{Name: "out", Destination: &out, DefaultText: "NAME.request.json", Usage: "`FILE` to write, - for standard output"},
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if name == "" {
				name = p.global.as
			}
			if name == "" || op == "" {
				return usage("an agent needs a name and an operator: agent request --operator NAME --as NAME")
			}
			return p.requestBinding(c.Context, name, op, keyOf, out)
		},
	}
}

func (p *program) requestBinding(ctx context.Context, name, op, keyOf, out string) error {
	to, err := p.operatorNamed(ctx, op)
	if err != nil {
		return err
	}
	if _, err := p.load(); err != nil {
		return err
	}
	actor, err := p.actorNamed(keyOf)
	if err != nil {
		return err
	}
	id, created, err := p.identityNamed(name, home.KindAgent, nil)
	if err != nil {
		return err
	}
	r, err := p.request(id, to, actor)
	if err != nil {
		return err
	}
	data, err := r.Encode()
	if err != nil {
		return err
	}
	if out == "-" {
		_, err := fmt.Fprintf(p.Stdout, "%s\n", data)
		return err
	}
	if out == "" {
		out = name + ".request.json"
	}
	if err := os.WriteFile(out, append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the request: %w", err)
	}
	type answer struct {
		Name    string          `json:"name"`
		Actor   omni.Actor      `json:"actor_omni"`
		Address profile.Address `json:"address"`
		File    string          `json:"file"`
	}
	err = p.print(answer{name, r.Actor, id.Address, out}, ui.Facts{
		{Key: "agent", Value: name},
		{Key: "omni", Value: r.Actor.String()},
		{Key: "device key", Value: id.Address.String() + made(created)},
		{Key: "operator", Value: ui.Named(p.nameOf(to.String()), to)},
		{Key: "request", Value: out + " (lapses " + ui.When(time.Unix(int64(r.Deadline), 0), p.Now()) + ")"},
	})
	if err != nil {
		return err
	}
	p.next("give the file to the operator, who types", "agentkeys agent create --request "+out)
	return nil
}

// actorNamed resolves --key-of: a name, or an omni that needs no entry. Nothing
// named is no actor.
func (p *program) actorNamed(query string) (omni.Actor, error) {
	if query == "" {
		return omni.Actor{}, nil
	}
	if a, err := omni.ParseActor(query); err == nil {
		return a, nil
	}
	e, err := p.agentNamed(query)
	return e.Actor, err
}

// operatorNamed resolves --operator. An omni needs no entry in the address
// book: an agent's machine may know its operator by nothing else.
func (p *program) operatorNamed(ctx context.Context, query string) (omni.Operator, error) {
	if op, err := omni.ParseOperator(query); err == nil {
		return op, nil
	}
	b, err := p.book()
	if err != nil {
		return omni.Operator{}, err
	}
	e, err := b.Resolve(query, home.KindOperator)
	if a, notAddress := profile.ParseAddress(query); err != nil && notAddress == nil {
		return p.operatorOfWallet(ctx, a)
	}
	return e.Operator, err
}

// operatorOfWallet asks the registry for the operator that a wallet speaks for.
func (p *program) operatorOfWallet(ctx context.Context, a profile.Address) (omni.Operator, error) {
	c, err := p.chainClient()
	if err != nil {
		return omni.Operator{}, err
	}
	id, err := c.Resolve(ctx, common.Address(a))
	if err != nil {
		return omni.Operator{}, err
	}
	if id.Kind != chain.Master || id.Status != chain.Active {
		return omni.Operator{}, fmt.Errorf("%s is no operator's active wallet (%s)", a, standing(id))
	}
	return id.Operator, nil
}

func (p *program) agentCreate() *cli.Command {
	var file, name, keyOf string
	return &cli.Command{
		Name: "create", Usage: "approve an agent's request and bind it on chain",
		UsageText: "agent create --request FILE [--name NAME] [--key-of AGENT] [--as OPERATOR] [--dry-run]",
		Description: `Verifies that the agent's own key signed the request, shows in words what will be signed, and binds the agent with wallet and passkey. The agent enters the address book under its own name, or the one that you give it.

Examples:
  agentkeys agent create --request build-bot.request.json
  agentkeys agent create --request - --name build-bot < build-bot.request.json`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "request", Destination: &file, Usage: "request `FILE` of the agent, - for standard input"},
			&cli.StringFlag{Name: "name", Destination: &name, DefaultText: "the one in the request", Usage: "`NAME` for the address book"},
			&cli.StringFlag{Name: "key-of", Destination: &keyOf, DefaultText: "an agent of its own", Usage: "`NAME` or omni of the agent that this key joins, with all its secrets and grants"},
			p.dryRunFlag(),
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if file == "" {
				return usage("name the agent's request: agent create --request FILE")
			}
			return p.createAgent(c.Context, file, name, keyOf)
		},
	}
}

// maxRequest bounds a request file; a real one takes less than 1 KiB.
const maxRequest = 64 << 10

func (p *program) createAgent(ctx context.Context, file, name, keyOf string) error {
	data, err := p.read(ctx, file, maxRequest)
	if err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	r, err := operator.ParseRequest(data)
	if err != nil {
		return err
	}
	if name == "" {
		name = r.Name
	}
	actor, err := p.actorNamed(keyOf)
	if err != nil {
		return err
	}
	entry := home.Entry{
		Name: name, Kind: home.KindAgent, Operator: r.Operator, Actor: r.Actor,
		Device: omni.DeviceKeyOfAddress(r.Agent), Address: profile.Address(r.Agent),
	}
	id, o, err := p.acting(entry)
	if err != nil {
		return err
	}
	// The name is checked before anything is signed: what is on chain must not
	// be left without one. It is recorded before, too, so that the page on
	// which people sign shows it.
	if err := r.Verify(id.Operator, actor, o.Chain.RegistryDomain(), p.Now()); err != nil {
		return err
	}
	d, err := p.home()
	if err != nil {
		return err
	}
	if err := home.CheckName(name); err != nil {
		return fmt.Errorf("%w; give the agent another name with --name", err)
	}
	if p.dryRun {
		out, err := o.BindAgent(ctx, r, actor)
		if err != nil {
			return err
		}
		return p.printOutcome(out, "agent", ui.Named(name, r.Actor)+" is bound to operator "+ui.Named(id.Name, id.Operator))
	}
	if err := d.Record(entry); err != nil {
		if errors.Is(err, home.ErrNameTaken) || errors.Is(err, home.ErrInvalidName) {
			return fmt.Errorf("%w; give the agent another name with --name", err)
		}
		return err
	}
	out, err := o.BindAgent(ctx, r, actor)
	if err != nil {
		return err
	}
	if err := p.printOutcome(out, "agent", ui.Named(name, r.Actor)+" is bound to operator "+ui.Named(id.Name, id.Operator)); err != nil {
		return err
	}
	p.next("say what it may do, and hand it a secret",
		"agentkeys scope set --agent "+name+" --service github --ops read,list",
		"printf %s TOKEN | agentkeys cred store --agent "+name+" --service github")
	return nil
}
