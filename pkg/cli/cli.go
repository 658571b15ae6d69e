// Package cli is the command line: flags, words, tables and exit codes around
// what pkg/operator, pkg/client, pkg/home and pkg/role do.
//
// Laws:
//   - Data goes to standard output, everything else to standard error.
//   - Secrets come by standard input or file and never by argument; they go to
//     a file, a pipe or a child, never unasked to a terminal.
//   - Nothing prompts unless standard input is a terminal.
//   - Every mutation may be run twice.
//   - Flag before environment before default; what is global may stand before
//     or after the command.
//   - The exit code says who failed: 0 nobody, 1 the usage or this machine,
//     2 a remote, 3 somebody denied, 4 approval is needed, 5 the chain is stale
//     or unreachable. `run` answers its child's.
//
// It decides nothing about authority: it asks, and it explains the answer.
package cli

import (
	"context"
	"errors"
	"io"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/role"
)

// Name is the program's.
const Name = "agentkeys"

// Process is what the operating system gives to a program.
type Process struct {
	Args    []string // the program's own name first
	Environ []string

	Stdin          io.Reader
	Stdout, Stderr io.Writer

	StdinIsTerminal, StdoutIsTerminal, StderrIsTerminal bool
	Width                                               int // of the terminal; 0 where there is none

	Now func() time.Time
	// Untouched says that nobody touches a passkey: what needs one is refused, and
	// approval is needed.
	Untouched bool
	// Wake asks what polls to look again; nil: a ticker does.
	Wake    <-chan time.Time
	Roles   []role.Role
	Version httpd.Version
}

// Run executes one command line until it is done or ctx ends, and returns the
// exit code.
func Run(ctx context.Context, proc Process) int {
	protectMemory()
	p := newProgram(proc)
	defer p.close()
	app := p.app()
	if len(proc.Args) > 1 && proc.Args[1] == completing {
		p.complete(app, proc.Args[2:])
		return ui.ExitOK
	}
	line, err := arrange(app, proc.Args)
	p.given = line.given
	switch {
	case err != nil:
	case line.help:
		p.help(p.Stdout, app, line.path)
	default:
		err = app.RunContext(ctx, line.args)
	}
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = ui.WithExit(errors.New("interrupted"), exitSignal+int(syscall.SIGINT))
	}
	if errors.Is(err, operator.ErrApprovalNeeded) {
		err = ui.WithExit(err, ui.ExitApproval)
	}
	remembered := p.keepRefusal(err, line.path)
	code := p.printer().Fail(explained(err, line.path))
	if remembered {
		p.hintExplain(err)
	}
	return code
}

func (p *program) app() *cli.App {
	app := &cli.App{
		Name: Name, HelpName: Name, Usage: "credentials for AI agents, without standing power",
		Writer: p.Stdout, ErrWriter: p.Stderr,
		HideHelp: true, HideVersion: true, DisableSliceFlagSeparator: true,
		Flags:  p.globalFlags(),
		Before: p.checkGlobals,
		Action: p.group,
		// The exit code is Run's to return.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   usageFault,
		Commands: []*cli.Command{
			p.initCommand(), p.k11Command(), p.deviceCommand(), p.walletCommand(), p.freezeCommand(), p.unfreezeCommand(),
			p.agentCommand(), p.scopeCommand(),
			p.loginCommand(), p.whoamiCommand(), p.credCommand(), p.memoryCommand(), p.runCommand(), p.auditCommand(), p.k3Command(),
			p.demoCommand(), p.demoChildCommand(), p.devCommand(), p.serveCommand(), p.contractsCommand(), p.awsCommand(),
			p.doctorCommand(), p.explainCommand(), p.configCommand(), p.completionCommand(), p.versionCommand(), p.helpCommand(),
		},
	}
	quiet(app.Commands)
	return app
}

// quiet makes this package alone the one that prints: the library would write
// help and usage faults in its own form and to standard output.
func quiet(commands []*cli.Command) {
	for _, c := range commands {
		c.HideHelp = true
		c.OnUsageError = usageFault
		quiet(c.Subcommands)
	}
}
