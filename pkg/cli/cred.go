package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
)

// maxCredential is the largest secret.
const maxCredential = 1 << 20

func (p *program) credCommand() *cli.Command {
	return &cli.Command{
		Name: "cred", Usage: "store, fetch, list and remove secrets", Category: categoryAgent,
		Description: `An operator hands an agent a secret that it cannot read back; the agent fetches it with its own device key. Every use asks the chain whether it is still allowed.`,
		Action:      p.group,
		Subcommands: []*cli.Command{p.credStore(), p.credFetch(), p.credList(), p.credTeardown()},
	}
}

// target is whose credential a command means: the caller's own, or an agent's.
type target struct{ agent, service string }

func (t *target) flags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "service", Destination: &t.service, Usage: "`NAME` of the service, such as github"},
		t.agentFlag(),
	}, more...)
}

func (t *target) agentFlag() cli.Flag {
	return &cli.StringFlag{Name: "agent", Destination: &t.agent, DefaultText: "the one that acts", Usage: "`NAME`, address or omni of the agent whose secret it is"}
}

// callFor opens the caller for a target. For an agent that is not the caller
// itself the agent's operator acts; without one the caller's own is meant.
func (p *program) callFor(t target) (*client.Caller, omni.Actor, error) {
	var agent home.Entry
	var id home.Identity
	var err error
	if t.agent == "" {
		id, err = p.choose(home.KindAgent)
	} else if agent, err = p.agentNamed(t.agent); err == nil {
		id, err = p.callerFor(agent)
	}
	if err != nil {
		return nil, omni.Actor{}, err
	}
	c, err := p.caller(id)
	return c, own(id, agent), err
}

// callerFor is who acts for an agent: the one of --as, else its operator, else
// the agent itself.
func (p *program) callerFor(agent home.Entry) (home.Identity, error) {
	if p.global.as != "" {
		return p.choose()
	}
	id, err := p.chooseOperator(agent)
	if err == nil && id.Operator == agent.Operator {
		return id, nil
	}
	d, errHome := p.home()
	if errHome != nil {
		return id, errHome
	}
	if self, errSelf := d.Identity(agent.Name); errSelf == nil && self.Actor == agent.Actor {
		return self, nil
	}
	return id, err
}

func parseService(s string) (service.Name, error) {
	if s == "" {
		return service.Name{}, usage("name the service: --service NAME")
	}
	n, err := service.Parse(s)
	switch {
	case err != nil:
		return n, usage("--service: %s", err)
	case n.Class() != service.Credentials:
		return n, usage("--service: %s is a service of class %s, not of credentials", n, n.Class())
	}
	return n, nil
}

func (p *program) credStore() *cli.Command {
	var t target
	var file string
	return &cli.Command{
		Name: "store", Usage: "store a secret, for an agent or for oneself",
		UsageText: "cred store --service NAME [--agent NAME] [--file FILE] < SECRET",
		Description: `Reads up to 1 MiB from standard input or a file, byte for byte: a line end at the end belongs to the secret. A secret never stands on the command line, where other processes could read it. Storing again replaces what was there.

With --agent the agent's operator acts and provisions: it needs a grant of that service for the agent, whatever its ops, and cannot read the secret back.

Examples:
  printf %s "$TOKEN" | agentkeys cred store --agent build-bot --service github
  agentkeys cred store --agent build-bot --service gcp --file key.json`,
		Flags: t.flags(&cli.StringFlag{Name: "file", Destination: &file, DefaultText: "standard input", Usage: "`FILE` that holds the secret, - for standard input"}),
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usage("cred store takes no argument: a secret on the command line is seen by every process; pipe it in")
			}
			return p.store(c.Context, t, file)
		},
	}
}

func (p *program) store(ctx context.Context, t target, file string) error {
	name, err := parseService(t.service)
	if err != nil {
		return err
	}
	if (file == "" || file == "-") && p.StdinIsTerminal {
		return usage("a secret is not typed at a terminal: pipe it in (printf %%s \"$TOKEN\" | %s …) or name a file with --file", p.command(Name+" cred store"))
	}
	if file == "" {
		file = "-"
	}
	data, err := p.read(ctx, file, maxCredential)
	defer clear(data)
	if err != nil {
		return fmt.Errorf("reading the secret: %w", err)
	}
	if len(data) == 0 {
		return usage("the secret is empty: nothing was stored")
	}
	c, actor, err := p.callFor(t)
	if err != nil {
		return err
	}
	value := secret.New(data)
	defer value.Destroy()
	got, err := c.StoreCredential(ctx, actor, name, value)
	if err != nil {
		return err
	}
	if data[len(data)-1] == '\n' {
		p.note("note: the last byte stored is a line end; printf %%s pipes without one")
	}
	return p.print(got, ui.Facts{{Key: "stored", Value: fmt.Sprintf("%s, %s, %s", name, ui.Bytes(int64(got.Bytes)), p.whose(actor))}})
}

// whose says for whom something was done, in words.
func (p *program) whose(actor omni.Actor) string {
	if actor.IsZero() {
		return "for itself"
	}
	return "for agent " + ui.Named(p.nameOf(actor.String()), actor)
}

func (p *program) credFetch() *cli.Command {
	var t target
	var out string
	var show bool
	return &cli.Command{
		Name: "fetch", Usage: "fetch a secret",
		UsageText: "cred fetch --service NAME [--out FILE | --show] [--as AGENT]",
		Description: `Writes the secret's bytes, and nothing else, to standard output or to a file of mode 0600. A terminal keeps what it shows, so there it takes --show. To give a secret to a program, "run" is the better way: nothing is left behind.

Examples:
  agentkeys cred fetch --service github | gh auth login --with-token
  agentkeys cred fetch --as build-bot --service gcp --out key.json`,
		Flags: t.flags(
			&cli.StringFlag{Name: "out", Destination: &out, DefaultText: "standard output", Usage: "`FILE` to write, with mode 0600; one that is there is replaced"},
			&cli.BoolFlag{Name: "show", Destination: &show, Usage: "write to standard output even if that is a terminal"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.fetch(c.Context, t, out, show)
		},
	}
}

func (p *program) fetch(ctx context.Context, t target, out string, show bool) error {
	name, err := parseService(t.service)
	if err != nil {
		return err
	}
	if out == "" && p.StdoutIsTerminal && !show {
		return usage("a secret is not written to a terminal unasked: pipe it, write it with --out FILE, or add --show")
	}
	if err := checkOut(out); err != nil {
		return err
	}
	c, actor, err := p.callFor(t)
	if err != nil {
		return err
	}
	value, err := c.FetchCredential(ctx, actor, name)
	if err != nil {
		return p.explainFetch(err, t, name)
	}
	defer value.Destroy()
	if out == "" || out == "-" {
		_, err := p.Stdout.Write(value.Reveal())
		return err
	}
	if err := files.Replace(out, value.Reveal()); err != nil {
		return fmt.Errorf("writing the secret: %w", err)
	}
	p.note("%s: %s written to %s", name, ui.Bytes(int64(value.Len())), out)
	return nil
}

// checkOut refuses to put a file in the place of what is none: /dev/null is not
// to be replaced, and a directory cannot be.
func checkOut(path string) error {
	if path == "" || path == "-" {
		return nil
	}
	st, err := os.Lstat(path)
	switch {
	case isNotExist(err):
		return nil
	case err != nil:
		return fmt.Errorf("looking at --out: %w", err)
	case !st.Mode().IsRegular():
		return usage("--out %s is not a regular file", path)
	}
	return nil
}

// explainFetch names the command that helps where the server cannot know it.
func (p *program) explainFetch(err error, t target, name service.Name) error {
	agent, errAgent := p.agentOrSelf(t.agent)
	if errAgent != nil {
		return err
	}
	switch apierr.CodeOf(err) {
	case apierr.NotFound:
		return ui.WithFix(err, "at the operator: printf %%s SECRET | agentkeys cred store --agent %s --service %s", agent.Name, name)
	case apierr.DeviceBindingMismatch:
		if d, errHome := p.home(); errHome == nil {
			if self, errSelf := d.Identity(agent.Name); errSelf == nil && self.Actor == agent.Actor && self.Name != p.global.as {
				return ui.WithFix(err, "agentkeys cred fetch --as %s --service %s", self.Name, name)
			}
		}
	}
	return err
}

func (p *program) credList() *cli.Command {
	var t target
	return &cli.Command{
		Name: "list", Usage: "list what is stored, never what it contains",
		UsageText: "cred list [--agent NAME] [-o json]",
		Flags:     []cli.Flag{t.agentFlag()},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			caller, actor, err := p.callFor(t)
			if err != nil {
				return err
			}
			got, err := caller.ListCredentials(c.Context, actor)
			if err != nil {
				return err
			}
			if got.Credentials == nil {
				got.Credentials = []api.CredEntry{}
			}
			table := ui.Rows{Header: []string{"service", "sealed size", "stored"}, Right: []int{1}, Empty: "nothing is stored that may be listed"}
			for _, e := range got.Credentials {
				table.Rows = append(table.Rows, []string{e.Service.String(), ui.Bytes(e.Size), ui.When(e.Modified, p.Now())})
			}
			return p.print(got, table)
		},
	}
}

func (p *program) credTeardown() *cli.Command {
	var t target
	return &cli.Command{
		Name: "teardown", Usage: "remove a stored secret",
		UsageText: "cred teardown --service NAME [--agent NAME]",
		Description: `Removes the secret from storage. One that is not there is no error.

Examples:
  agentkeys cred teardown --agent build-bot --service github`,
		Flags: t.flags(),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			name, err := parseService(t.service)
			if err != nil {
				return err
			}
			caller, actor, err := p.callFor(t)
			if err != nil {
				return err
			}
			got, err := caller.TeardownCredential(c.Context, actor, name)
			if err != nil {
				return err
			}
			return p.print(got, ui.Facts{{Key: "removed", Value: name.String() + ", " + p.whose(actor)}})
		},
	}
}

// errNoCeremony answers who would have to touch a passkey in production.
var errNoCeremony = ui.WithExit(errors.New("this profile is for production, where an operator signs with a passkey in the browser: that ceremony comes with a later version, and a software passkey is refused outside development"), ui.ExitApproval)

// errUntouched answers a command of a demo in which nobody touches a passkey.
var errUntouched = ui.WithExit(errors.New("a passkey would have to be touched, and --webauthn none leaves nobody to touch it"), ui.ExitApproval)
