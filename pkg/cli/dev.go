package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rs/zerolog"
	"github.com/urfave/cli/v2"
	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
)

// logFile is where the stack of `dev` writes what it does.
const logFile = "dev.log"

func (p *program) devCommand() *cli.Command {
	var reset, freePorts bool
	return &cli.Command{
		Name: "dev", Usage: "start everything on this machine, for development", Category: categoryHost,
		UsageText: "dev [--reset]",
		Description: `Runs a real EVM chain with the contracts, S3 and STS that enforce the product's policies, and every role, in one process on loopback with fixed ports. It makes two operators, acme and globex, each with an agent, and prints what to try.

State lies in dev/ below the state directory: Ctrl-C, or a crash, loses nothing that was acknowledged, and the next start finds it. --reset removes that state first; identities and their keys stay.

Examples:
  agentkeys dev
  agentkeys dev --reset`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "reset", Destination: &reset, Usage: "remove the state of the stack first, and nothing else"},
			&cli.BoolFlag{Name: "free-ports", Destination: &freePorts, Usage: "take any free ports instead of the fixed ones, for tests"},
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.dev(c.Context, reset, freePorts)
		},
	}
}

func (p *program) dev(ctx context.Context, reset, freePorts bool) error {
	d, err := p.home()
	if err != nil {
		return err
	}
	dir := devDir(d)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	unlock, err := lockDir(dir)
	if err != nil {
		return err
	}
	defer unlock()
	if reset {
		if err := devstack.Reset(dir); err != nil {
			return fmt.Errorf("removing the state in %s: %w", dir, err)
		}
	}
	log, err := os.OpenFile(filepath.Join(dir, logFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	stack, err := devstack.Start(ctx, devstack.Config{
		Dir: dir, FreePorts: freePorts, Roles: p.Roles, Version: p.Version, Now: p.Now,
		Log:  zerolog.New(log).With().Logger().Hook(p.clock()),
		Step: func(what string) { p.note("starting: %s", what) },
	})
	if err != nil {
		return err
	}
	p.profile = stack.Profile
	p.note("starting: operators and agents")
	if err := p.seed(ctx); err != nil {
		return errors.Join(err, stack.Close())
	}
	if err := p.welcome(d, stack); err != nil {
		return errors.Join(err, stack.Close())
	}
	served := make(chan error, 1)
	go func() { served <- stack.Wait() }()
	err = <-served // ctx ends the roles too
	err = errors.Join(err, stack.Close())
	if err == nil {
		p.note("stopped; `%s` finds everything again", p.command(Name+" dev"))
	}
	return err
}

// lockDir makes sure that one stack at a time uses a directory, before anybody
// removes anything in it. The lock goes with the process.
func lockDir(dir string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, ".lock"), os.O_CREATE|os.O_RDWR|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", dir, err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("another `%s dev` runs in %s", Name, dir)
		}
		return nil, fmt.Errorf("locking %s: %w", dir, err)
	}
	// Explicitly: a process that is being started has the descriptor too.
	return func() { _, _ = unix.Flock(int(f.Fd()), unix.LOCK_UN), f.Close() }, nil
}

// running is what `dev -o json` answers once everything is ready.
type running struct {
	Home    string `json:"home"`
	Profile string `json:"profile"`
	Chain   string `json:"chain"`
	ChainID uint64 `json:"chain_id"`
	Cloud   string `json:"cloud"`
	Roles   string `json:"roles"`
	Admin   string `json:"admin"`
	Log     string `json:"log"`
}

// welcome says what runs and what to try.
func (p *program) welcome(d *home.Dir, s *devstack.Stack) error {
	pr := s.Profile
	r := running{
		Home: d.Root(), Profile: s.ProfilePath, Chain: pr.Chain.RPC[0], ChainID: pr.Chain.ChainID,
		Cloud: pr.Cloud.S3Endpoint, Roles: pr.OIDCIssuer, Admin: s.AdminURL, Log: filepath.Join(devDir(d), logFile),
	}
	var try ui.Commands
	if d.Root() != filepath.Join(p.environ("HOME"), ".agentkeys") {
		try = append(try, ui.Command{Does: "where the keys are", Line: "export AGENTKEYS_HOME=" + d.Root()})
	}
	for _, c := range []ui.Command{
		{Does: "acme hands its agent a secret that it cannot read back", Line: "printf %s my-token | agentkeys cred store --agent build-bot --service github"},
		{Does: "the agent fetches it with its own key", Line: "agentkeys cred fetch --as build-bot --service github --show"},
		{Does: "a program gets it, and nobody else", Line: `agentkeys run --as build-bot --cred github=TOKEN -- sh -c 'echo "${#TOKEN} characters"'`},
		{Does: "what is not allowed says why, and what to type", Line: "agentkeys cred fetch --as report-bot --service slack --show"},
		{Line: "agentkeys cred fetch --as acme --agent build-bot --service github --show"},
		{Does: "what the chain says", Line: "agentkeys whoami"},
		{Line: "agentkeys agent list --as acme"},
		{Does: "the key under everything is replaced, and nothing has to be restarted", Line: "agentkeys k3 rotate"},
		{Line: "agentkeys k3 status"},
		{Does: "the end of an agent", Line: "agentkeys agent revoke build-bot"},
	} {
		c.Line = ourCommand.ReplaceAllString(c.Line, p.invocation()+" $1")
		try = append(try, c)
	}
	return p.print(r,
		ui.Heading("AgentKeys runs on this machine, for development"),
		ui.Facts{
			{Key: "chain", Value: fmt.Sprintf("%s (id %d)", r.Chain, r.ChainID)},
			{Key: "cloud", Value: r.Cloud},
			{Key: "roles", Value: r.Roles},
			{Key: "admin", Value: r.Admin + "/readyz"},
			{Key: "state", Value: devDir(d)},
			{Key: "log", Value: r.Log},
		},
		ui.Text(`Operator acme has agent build-bot, operator globex has agent report-bot. Each agent may read and list "github".`),
		ui.Heading("Try in another terminal:"),
		try,
		ui.Text("Ctrl-C stops it; the next start finds everything."))
}

// clock stamps log lines with the clock of the process.
func (p *program) clock() zerolog.HookFunc {
	return func(e *zerolog.Event, _ zerolog.Level, _ string) { e.Time(zerolog.TimestampFieldName, p.Now().UTC()) }
}
