// Command agentkeys gives AI agents credentials without giving them standing
// power. One binary is the operator's command line, the agent's command line,
// and every server role.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/litentry/agentkeys/pkg/cli"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/roles"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := cli.Process{
		Args: os.Args, Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Now: time.Now, Roles: roles.All(), Version: version(),
	}
	p.StdinIsTerminal, _ = ui.Terminal(os.Stdin)
	p.StderrIsTerminal, p.Width = ui.Terminal(os.Stderr)
	if tty, width := ui.Terminal(os.Stdout); tty {
		p.StdoutIsTerminal, p.Width = tty, width
	}
	code := cli.Run(ctx, p)
	stop()
	os.Exit(code)
}

// version is what the build recorded: a release's tag, or the commit.
func version() httpd.Version {
	v := httpd.Version{Version: "(devel)", Revision: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Go = info.GoVersion
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			v.Revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			v.Revision += "-modified"
		}
	}
	return v
}
