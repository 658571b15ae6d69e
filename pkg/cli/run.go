package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"
	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
)

const (
	// maxVariable is what Linux takes for one NAME=value with its final NUL.
	maxVariable = 128 << 10
	firstFD     = 3
	lastFD      = 63
	// What shells answer for a command that cannot be started.
	exitNotExecutable, exitNotFound = 126, 127
	// A child that a signal ended answers this plus the signal's number.
	exitSignal = 128
)

func (p *program) runCommand() *cli.Command {
	var env, fds cli.StringSlice
	return &cli.Command{
		Name: verbatim, Usage: "run a program with credentials that it alone gets", Category: categoryAgent,
		UsageText: "run [--cred SERVICE=VARIABLE]... [--cred-fd SERVICE=FD]... -- PROGRAM [ARGUMENT]...",
		Description: `Fetches the credentials, starts the program and hands them over: in an environment variable, or readable on a file descriptor, where they may be binary and up to 1 MiB. They are never on the command line, on disk or on the terminal, and this process overwrites what it held.

The program's input, output and exit code are passed through (128 + N after signal N, 127 when there is no such program), and signals are forwarded to it. The environment is this process's own without AGENTKEYS_PASSPHRASE_FILE. What the program does with its credentials is its own affair: its children inherit its environment.

Examples:
  agentkeys run --cred github=GITHUB_TOKEN -- gh repo list
  agentkeys run --as build-bot --cred-fd gcp=3 -- sh -c 'deploy --key-file /dev/fd/3'`,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "cred", Destination: &env, Usage: "hand over in an environment variable: `SERVICE=VARIABLE`, repeatable"},
			&cli.StringSliceFlag{Name: "cred-fd", Destination: &fds, Usage: "hand over on a file descriptor, 3 to 63: `SERVICE=FD`, repeatable"},
		},
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return usage("name the program: run --cred github=GITHUB_TOKEN -- PROGRAM [ARGUMENT]...")
			}
			wanted, err := parseHandover(env.Value(), fds.Value())
			if err != nil {
				return err
			}
			return p.runChild(c.Context, wanted, c.Args().Slice())
		},
	}
}

// handover is one credential and the way in which the child gets it.
type handover struct {
	service  service.Name
	variable string // or
	fd       int
	value    secret.Secret
}

var variableGrammar = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func parseHandover(env, fds []string) ([]*handover, error) {
	var out []*handover
	taken := map[string]bool{}
	add := func(flag, text string, to func(h *handover, where string) error) error {
		name, where, ok := strings.Cut(text, "=")
		if !ok {
			return usage("--%s is SERVICE=%s, not %q", flag, map[string]string{"cred": "VARIABLE", "cred-fd": "FD"}[flag], text)
		}
		s, err := parseService(name)
		if err != nil {
			return err
		}
		h := &handover{service: s}
		if err := to(h, where); err != nil {
			return err
		}
		if taken[where] {
			return usage("--%s %s: %s is given twice", flag, text, where)
		}
		taken[where] = true
		out = append(out, h)
		return nil
	}
	for _, text := range env {
		if err := add("cred", text, func(h *handover, where string) error {
			if !variableGrammar.MatchString(where) {
				return usage("--cred %s: %q is not the name of an environment variable", text, where)
			}
			h.variable = where
			return nil
		}); err != nil {
			return nil, err
		}
	}
	for _, text := range fds {
		if err := add("cred-fd", text, func(h *handover, where string) error {
			n, err := strconv.Atoi(where)
			if err != nil || n < firstFD || n > lastFD || strconv.Itoa(n) != where {
				return usage("--cred-fd %s: a file descriptor is a number from %d to %d", text, firstFD, lastFD)
			}
			h.fd = n
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (p *program) runChild(ctx context.Context, wanted []*handover, argv []string) error {
	// From here on no signal is lost: one that comes before the child is there
	// ends the fetching.
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, p.forwarded()...)
	defer signal.Stop(signals)

	path, err := exec.LookPath(argv[0])
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return p.notStarted(argv[0], err)
	}
	if err := p.fetchAll(ctx, wanted); err != nil {
		return err
	}
	defer func() {
		for _, h := range wanted {
			h.value.Destroy()
		}
	}()
	child := &exec.Cmd{Path: path, Args: argv, Stdin: p.Stdin, Stdout: p.Stdout, Stderr: p.Stderr, Env: p.childEnvironment()}
	for _, h := range wanted {
		if h.variable == "" {
			continue
		}
		entry, err := h.entry()
		if err != nil {
			return err
		}
		child.Env = append(child.Env, entry)
	}
	// What holds the values of variables in the parent is the runtime's now, and
	// goes when it is collected; protectMemory keeps others from looking.
	feed, err := attach(child, wanted)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		feed.close()
		return errors.New("interrupted before the program started")
	}
	if err := child.Start(); err != nil {
		feed.close()
		return p.notStarted(argv[0], err)
	}
	feed.start()
	return wait(child, signals, foreground())
}

// fetchAll fetches what the child is to get.
func (p *program) fetchAll(ctx context.Context, wanted []*handover) error {
	if len(wanted) == 0 {
		return nil
	}
	c, actor, err := p.callFor(target{})
	if err != nil {
		return err
	}
	for _, h := range wanted {
		if h.value, err = c.FetchCredential(ctx, actor, h.service); err != nil {
			return err
		}
	}
	return nil
}

// entry is the variable with its value, or the reason why a variable cannot
// carry it.
func (h *handover) entry() (string, error) {
	value := h.value.Reveal()
	n := len(h.variable) + len("=") + len(value) + 1
	switch {
	case bytes.IndexByte(value, 0) >= 0:
		return "", fmt.Errorf("the secret of %s has a zero byte, which no environment variable can carry: use --cred-fd %s=3", h.service, h.service)
	case n > maxVariable:
		return "", fmt.Errorf("the secret of %s has %d bytes, more than an environment variable can carry: use --cred-fd %s=3", h.service, len(value), h.service)
	}
	return h.variable + "=" + string(value), nil
}

// childEnvironment is ours without the one variable that leads to a key.
func (p *program) childEnvironment() []string {
	var out []string
	for _, e := range p.Environ {
		if !strings.HasPrefix(e, "AGENTKEYS_PASSPHRASE_FILE=") {
			out = append(out, e)
		}
	}
	return out
}

// foreground tells whether a terminal sends what its keys mean to this process
// and to the child alike: forwarding them would make two of one.
func foreground() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// forwarded are the signals that go on to the child.
func (p *program) forwarded() []os.Signal {
	all := []os.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGWINCH, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2}
	var out []os.Signal
	for _, s := range all {
		if !signal.Ignored(s) { // nohup stays in force
			out = append(out, s)
		}
	}
	return out
}

// wait passes signals on until the child ends, and ends as it did.
func wait(child *exec.Cmd, signals <-chan os.Signal, foreground bool) error {
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	for {
		select {
		case s := <-signals:
			if foreground && (s == syscall.SIGINT || s == syscall.SIGQUIT || s == syscall.SIGWINCH) {
				continue
			}
			_ = child.Process.Signal(s) // it may have ended a moment ago
		case err := <-ended:
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				return fmt.Errorf("running the program: %w", err)
			}
			if st, ok := child.ProcessState.Sys().(syscall.WaitStatus); ok && st.Signaled() {
				return &ui.ChildExit{Code: exitSignal + int(st.Signal())}
			}
			if code := child.ProcessState.ExitCode(); code != 0 {
				return &ui.ChildExit{Code: code}
			}
			return nil
		}
	}
}

// notStarted answers as a shell would.
func (p *program) notStarted(name string, err error) error {
	code := exitNotExecutable
	if errors.Is(err, exec.ErrNotFound) || isNotExist(err) {
		code = exitNotFound
	}
	return ui.WithExit(fmt.Errorf("%s: %s", name, plain(err)), code)
}

// plain leaves out what the operating system's errors repeat.
func plain(err error) string {
	switch {
	case errors.Is(err, exec.ErrNotFound) || isNotExist(err):
		return "there is no such program"
	case errors.Is(err, os.ErrPermission):
		return "it may not be executed"
	}
	return err.Error()
}
