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
	var f demoFlags
	return &cli.Command{
		Name: "demo", Usage: "see the product at work on an embedded stack, step by step", Category: categoryHost,
		UsageText: "demo [loop|stage1|stage2|stage3|rotation|audit|all] [--from-step N] [--to-step N] [--only-step N] [--allow-skip] [--here]",
		Description: `Starts a chain, storage and every role on free loopback ports in a temporary directory, and runs a stage:

  loop      an operator approves an agent and hands it a secret, the agent fetches it, and everybody else is refused, each with its exact code
  stage1    one operator with one agent and one secret, once through everything, to the root on chain
  stage2    an operator grows from one master to a quorum of two, and one stolen passkey decides nothing
  stage3    actors and data classes are held apart, by storage itself and by every role, each refusal with its exact code
  rotation  the key under everything is replaced while the worker runs, old secrets move to the new one, and the old one is destroyed
  audit     every decision leaves an event: the audit role is killed twice, and the chain alone says what is genuine

Without a name it runs the loop; all runs every stage.

Steps can be chosen by their numbers. What a chosen step stands on runs before it, or is found done, and is not counted. A step whose prerequisite is not met fails; with --allow-skip it is recorded as skipped. The summary is made from what was asked for and ran: complete, partial, failed, or none, and the exit code is 0 for the first two.

--here, or a profile named with --profile, runs a stage against the stack of that profile, such as a running "dev" or one on real endpoints: with names of its own, which it finds or makes, so that it can be run again. What stage3 puts into storage it removes. --storage rgw gives stage3 a stack whose storage and session service are Ceph's object gateway, which has to be installed (ceph-mon, ceph-osd, ceph-base, radosgw).

Nobody sits at a demo: passkeys are touched by software that really signs and that production refuses. With --webauthn none nobody touches one; a step for which somebody would have to is not met.

Examples:
  agentkeys demo
  agentkeys demo --credential @token.txt
  agentkeys demo stage2 -o json
  agentkeys demo stage1 --from-step 12 --to-step 13
  agentkeys demo stage3 --storage rgw
  agentkeys demo stage3 --here --webauthn none --allow-skip`,
		Flags: f.flags(),
		Action: func(c *cli.Context) error {
			stages := stagesNamed(c.Args().First())
			if len(stages) == 0 || c.Args().Len() > 1 {
				return usage("demo has the stages loop, stage1, stage2, stage3, rotation and audit (and all), not %q", strings.Join(c.Args().Slice(), " "))
			}
			if err := f.check(c); err != nil {
				return err
			}
			f.here = f.here || p.given["profile"]
			for _, s := range stages {
				if f.here && !s.anywhere {
					return usage("%s starts a stack of its own: --here and --profile are for stage1, stage2 and stage3, one at a time", s.name)
				}
				if c.IsSet("storage") && (s.name != "stage3" || f.here) {
					return usage("--storage is for stage3 on a stack of its own")
				}
			}
			value, err := credentialFor(f.credential)
			if err != nil {
				return err
			}
			return p.demo(c.Context, stages, value, f)
		},
	}
}

type stage = func(context.Context, demo.Config) (ui.Report, error)

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

func (p *program) demo(ctx context.Context, stages []demoStage, credential []byte, f demoFlags) error {
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	printer := p.printer()
	var report ui.Report
	p.Untouched = f.webauthn == touchedByNobody
	for _, s := range stages {
		r, err := p.stage(ctx, s.run, demo.Config{
			Credential: credential, Command: p.sub, Executable: executable, Environ: p.clean(),
			Roles: p.Roles, Version: p.Version, Now: p.Now, Printer: printer, Steps: f.selection(), Storage: f.storage,
		}, f)
		report.Stages = append(report.Stages, r.Stages...)
		if err != nil {
			return errors.Join(err, printer.Summarise(report))
		}
	}
	if err := printer.Summarise(report); err != nil {
		return err
	}
	if code := report.ExitCode(); code != ui.ExitOK {
		return &ui.ChildExit{Code: code}
	}
	return nil
}

// stage runs one stage in a directory of its own.
func (p *program) stage(ctx context.Context, run stage, c demo.Config, f demoFlags) (ui.Report, error) {
	dir, err := os.MkdirTemp("", "agentkeys-demo-")
	if err != nil {
		return ui.Report{}, err
	}
	defer os.RemoveAll(dir)
	c.Dir = dir
	if f.here {
		d, err := p.home()
		if err != nil {
			return ui.Report{}, err
		}
		c.Home, c.CloudKeys = d.Root(), f.cloudKeys
		if c.Profile, err = p.profilePath(); err != nil {
			return ui.Report{}, err
		}
		c.Command = func(ctx context.Context, home string, stdin io.Reader, args ...string) (stdout, stderr []byte, code int) {
			return p.subWith(ctx, home, c.Profile, stdin, args...)
		}
	}
	return run(ctx, c)
}

// sub runs one command line in this process, as if it had been typed with the
// state directory home and the stack in it.
func (p *program) sub(ctx context.Context, home string, stdin io.Reader, args ...string) (stdout, stderr []byte, code int) {
	return p.subWith(ctx, home, filepath.Join(home, "dev", "profile.json"), stdin, args...)
}

func (p *program) subWith(ctx context.Context, home, profile string, stdin io.Reader, args ...string) (stdout, stderr []byte, code int) {
	var out, errOut bytes.Buffer
	if stdin == nil {
		stdin = bytes.NewReader(nil)
	}
	code = Run(ctx, Process{
		Args: append([]string{Name, "--home", home, "--profile", profile}, args...), Environ: p.clean(), Stdin: stdin, Stdout: &out, Stderr: &errOut,
		Now: p.Now, Roles: p.Roles, Version: p.Version, Untouched: p.Untouched,
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
