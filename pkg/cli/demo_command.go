package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/demo"
	"github.com/litentry/agentkeys/pkg/cli/ui"
)

func (p *program) demoCommand() *cli.Command {
	var credential string
	return &cli.Command{
		Name: "demo", Usage: "run the whole loop on an embedded stack, step by step", Category: categoryHost,
		UsageText: "demo [loop|all] [--credential @FILE]",
		Description: `Starts a chain, storage and every role on free loopback ports in a temporary directory, lets an operator approve an agent and hand it a secret, lets the agent fetch it, and shows that everybody else is refused, each with its exact code. The summary is made from what ran; the exit code says the result.

Examples:
  agentkeys demo
  agentkeys demo --credential @token.txt
  agentkeys demo -o json`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "credential", Destination: &credential, DefaultText: "random bytes", Usage: "`@FILE` of 1 byte to 1 MiB: the secret to move"},
		},
		Action: func(c *cli.Context) error {
			if stage := c.Args().First(); c.Args().Len() > 1 || (stage != "" && stage != "loop" && stage != "all") {
				return usage("demo has the stage loop (and all), not %q", strings.Join(c.Args().Slice(), " "))
			}
			value, err := credentialFor(credential)
			if err != nil {
				return err
			}
			return p.demo(c.Context, value)
		},
	}
}

func credentialFor(flag string) ([]byte, error) {
	if flag == "" {
		value := make([]byte, 4096)
		_, err := rand.Read(value)
		return value, err
	}
	path, ok := strings.CutPrefix(flag, "@")
	if !ok {
		return nil, usage("--credential is @FILE: a secret is never an argument")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	value, err := io.ReadAll(io.LimitReader(f, maxCredential+1))
	switch {
	case err != nil:
		return nil, err
	case len(value) == 0 || len(value) > maxCredential:
		return nil, usage("--credential %s must hold 1 byte to 1 MiB", path)
	}
	return value, nil
}

func (p *program) demo(ctx context.Context, credential []byte) error {
	dir, err := os.MkdirTemp("", "agentkeys-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	printer := p.printer()
	report, err := demo.Loop(ctx, demo.Config{
		Dir: dir, Credential: credential, Command: p.sub, Executable: executable, Environ: p.clean(),
		Roles: p.Roles, Version: p.Version, Now: p.Now, Printer: printer,
	})
	if err := errors.Join(err, printer.Summarise(report)); err != nil {
		return err
	}
	if code := report.ExitCode(); code != ui.ExitOK {
		return &ui.ChildExit{Code: code}
	}
	return nil
}

// sub runs one command line in this process, as if it had been typed with the
// state directory home.
func (p *program) sub(ctx context.Context, home string, stdin io.Reader, args ...string) (stdout, stderr []byte, code int) {
	var out, errOut bytes.Buffer
	if stdin == nil {
		stdin = bytes.NewReader(nil)
	}
	code = Run(ctx, Process{
		Args: append([]string{Name, "--home", home, "--profile", filepath.Join(home, "dev", "profile.json")}, args...), Environ: p.clean(), Stdin: stdin, Stdout: &out, Stderr: &errOut,
		Now: p.Now, Roles: p.Roles, Version: p.Version,
	})
	return out.Bytes(), errOut.Bytes(), code
}

// clean is the environment without this program's own variables: a demo must
// not act on anybody's real state.
func (p *program) clean() []string {
	var out []string
	for _, v := range p.Environ {
		if !strings.HasPrefix(v, "AGENTKEYS_") {
			out = append(out, v)
		}
	}
	return out
}

// demoChildCommand is what the child of the demo's `run` step runs.
func (p *program) demoChildCommand() *cli.Command {
	return &cli.Command{
		Name: demo.ChildCommand, Hidden: true,
		Action: func(*cli.Context) error {
			sum, err := demo.Child()
			if err == nil {
				_, err = fmt.Fprintln(p.Stdout, sum)
			}
			return err
		},
	}
}
