package cli

import (
	"fmt"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// printer writes data to standard output and everything else to standard
// error.
func (p *program) printer() *ui.Printer {
	if p.out == nil {
		format, err := ui.ParseFormat(p.global.output)
		if err != nil {
			format = ui.Table // the fault itself is told, by whoever asked
		}
		p.out = ui.New(ui.Options{
			Out: p.Stdout, Err: p.Stderr, OutTTY: p.StdoutIsTerminal, ErrTTY: p.StderrIsTerminal,
			NoColor: p.noColor(), Width: p.Width, Format: format, Now: p.Now, Names: p.inText,
		})
	}
	return p.out
}

// aside lays out for people, on standard error, what is not data.
func (p *program) aside(views ...ui.View) {
	w := ui.New(ui.Options{Out: p.Stderr, Err: p.Stderr, OutTTY: p.StderrIsTerminal, NoColor: p.noColor(), Width: p.Width, Now: p.Now})
	_ = w.Show(nil, views...) // a broken stderr is nobody's to hear of
}

// noColor follows no-color.org, and terminals that have none.
func (p *program) noColor() bool { return p.environ("NO_COLOR") != "" || p.environ("TERM") == "dumb" }

// wantsJSON tells whether a program reads along: hints are for people.
func (p *program) wantsJSON() bool { return p.printer().Format() == ui.JSON }

// print writes data: v as JSON, or the views.
func (p *program) print(v any, views ...ui.View) error { return p.printer().Show(v, views...) }

// note tells people something beside the data.
func (p *program) note(format string, args ...any) { p.printer().Note(format, args...) }

// next says to people what to type now.
func (p *program) next(why string, commands ...string) {
	if p.wantsJSON() {
		return
	}
	var c ui.Commands
	for _, line := range commands {
		c = append(c, ui.Command{Line: p.command(line)})
	}
	_, _ = fmt.Fprintln(p.Stderr)
	p.aside(ui.Heading("next: "+why), c)
}

// printOutcome says what an operation on chain did.
func (p *program) printOutcome(o operator.Outcome, subject, what string) error {
	if o.Plan != nil {
		return p.printPlan(*o.Plan)
	}
	state, tx := "was so already; nothing was signed", ""
	if !o.Done {
		state, tx = "done", fmt.Sprintf("%s (%d gas)", o.Tx, o.Gas)
	}
	return p.print(o, ui.Facts{{Key: subject, Value: what}, {Key: "result", Value: state}, {Key: "transaction", Value: tx}})
}

// showOperation presents what the passkey is about to sign.
func (p *program) showOperation(_ string, words []typeddata.Line) error {
	if p.silent {
		return nil
	}
	var f ui.Facts
	for _, l := range words {
		f = append(f, ui.Fact{Key: l.Label, Value: l.Text})
	}
	p.aside(ui.Heading("signing with the passkey:"), f)
	_, _ = fmt.Fprintln(p.Stderr)
	return nil
}
