package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
)

func (p *program) doctorCommand() *cli.Command {
	var prove bool
	var against string
	return &cli.Command{
		Name: "doctor", Usage: "check everything that this machine needs, and say what to type", Category: categoryOther,
		UsageText: "doctor [--prove-isolation [--as AGENT] [--against AGENT]] [-o json]",
		Description: `Looks at the state directory, the profile, the chain, the contracts, the signers, and the operators of this machine. It changes nothing and opens no key.

With --prove-isolation an agent of this machine tries what isolation forbids, against the live configuration: other actors' and classes' objects, other roles, versions, policies, forged tokens, its capability where it does not belong. Each line says what was tried and what refused it; anything but the exact refusal is a failure, and so is silence. What is tried cannot harm: names are random, nothing is replaced, and what lay there for it is removed again. The denials are in the operator's audit log.

Storage refuses to read what is not there in the same words, so a refused read shows something only where something lies: the agent puts an object of its own there, if it may write, and with --against so does a second agent of this machine.

The exit code is 0 if nothing failed (a warning is no failure), 1 if something did, and 5 if it was the chain that did not answer.

Examples:
  agentkeys doctor
  agentkeys doctor --profile production.json -o json
  agentkeys doctor --prove-isolation --as build-bot --against report-bot`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "prove-isolation", Destination: &prove, Usage: "try what must be refused, as an agent of this machine"},
			&cli.StringFlag{Name: "against", Destination: &against, Usage: "also put an object of `AGENT`, another one of this machine, there to be read"},
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if against != "" && !prove {
				return usage("--against is for --prove-isolation")
			}
			return p.doctor(c.Context, prove, against)
		},
	}
}

// examination is one run of the doctor: the findings so far, and what later
// checks may use of earlier ones.
type examination struct {
	list        ui.Checklist
	unreachable bool // the chain gave no answer
	unsound     bool // the contracts are not this version's: what they say is not asked
}

// examiners are the checks in their order. Each reports its own findings, and
// none when what it would look at is missing: that was reported already.
func (p *program) examiners() []func(context.Context, *examination) {
	return []func(context.Context, *examination){
		p.examineState, p.examineProfile, p.examineChain, p.examineContracts, p.examineSigners, p.examineOperators,
	}
}

func (x *examination) ok(name, format string, args ...any) {
	x.list = append(x.list, ui.Check{Name: name, Verdict: ui.Good, Detail: fmt.Sprintf(format, args...)})
}

func (x *examination) warn(name, fix, format string, args ...any) {
	x.list = append(x.list, ui.Check{Name: name, Verdict: ui.Warn, Detail: fmt.Sprintf(format, args...), Fix: fix})
}

// fail reports an error in the words in which a command would.
func (x *examination) fail(name string, err error) {
	f := ui.Explain(err)
	detail := f.Why
	for _, part := range f.Problems {
		detail += "; " + part
	}
	x.unreachable = x.unreachable || unreachable(err)
	x.list = append(x.list, ui.Check{Name: name, Verdict: ui.Fail, Detail: detail, Fix: f.Fix})
}

type doctorWords struct {
	Result ui.Verdict   `json:"result"`
	Checks ui.Checklist `json:"checks"`
}

func (p *program) doctor(ctx context.Context, prove bool, against string) error {
	var x examination
	examiners := p.examiners()
	if prove {
		examiners = []func(context.Context, *examination){p.examineProfile, func(ctx context.Context, x *examination) { p.proveIsolation(ctx, x, against) }}
	}
	for _, examine := range examiners {
		examine(ctx, &x)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	list := p.inChecks(x.list)
	worst := list.Worst()
	if err := p.print(doctorWords{worst, list}, list); err != nil {
		return err
	}
	switch {
	case worst != ui.Fail:
		return nil
	case x.unreachable:
		return &ui.ChildExit{Code: ui.ExitChain}
	}
	return &ui.ChildExit{Code: ui.ExitLocal}
}
