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
	p.welcome(d, stack)
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
	return func() { _ = f.Close() }, nil
}

// welcome says what runs and what to try.
func (p *program) welcome(d *home.Dir, s *devstack.Stack) {
	pr := s.Profile
	try := func(line string) string { return p.command(Name + " " + line) }
	where := ""
	if root := filepath.Join(p.environ("HOME"), ".agentkeys"); d.Root() != root {
		where = fmt.Sprintf("  export AGENTKEYS_HOME=%s\n\n", d.Root())
	}
	_, _ = fmt.Fprintf(p.Stdout, `
%s runs.

  chain   %s (chain id %d)
  cloud   %s
  roles   %s
  admin   %s/readyz
  state   %s
  log     %s

Operator acme has agent build-bot, operator globex has agent report-bot.
Each agent may read and list "github".

Try in another terminal:

%s  # acme hands its agent a secret that it cannot read back
  printf %%s my-token | %s

  # the agent fetches it with its own key, and a program gets it
  %s
  %s

  # what is not allowed says why, and what to do
  %s
  %s
  %s

  # what the chain says
  %s
  %s

  # the end of an agent
  %s

Ctrl-C stops it. The next start finds everything.
`, Name, pr.Chain.RPC[0], pr.Chain.ChainID, pr.Cloud.S3Endpoint, pr.OIDCIssuer, s.AdminURL, devDir(d), filepath.Join(devDir(d), logFile),
		where,
		try("cred store --agent build-bot --service github"),
		try("cred fetch --as build-bot --service github --show"),
		try(`run --as build-bot --cred github=GITHUB_TOKEN -- sh -c 'echo "a token of ${#GITHUB_TOKEN} characters"'`),
		try("cred fetch --as acme --agent build-bot --service github --show"),
		try("cred fetch --as report-bot --service slack --show"),
		try("scope set --agent report-bot --service slack --ops read"),
		try("whoami"),
		try("agent list --as acme"),
		try("agent revoke build-bot"))
}

// clock stamps log lines with the clock of the process.
func (p *program) clock() zerolog.HookFunc {
	return func(e *zerolog.Event, _ zerolog.Level, _ string) { e.Time(zerolog.TimestampFieldName, p.Now().UTC()) }
}
