package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
)

// The groups of commands, in the order of help.
const (
	categoryOperator = "As an operator"
	categoryAgent    = "As an agent, or as either"
	categoryHost     = "Run the system"
	categoryOther    = "About the program"
)

const helpWidth = 92

// group answers a command that was named without one of its subcommands.
func (p *program) group(c *cli.Context) error {
	var path []*cli.Command
	if g := find(c.App.Commands, c.Command.Name); g == c.Command {
		path = append(path, g)
	}
	p.help(p.Stderr, c.App, path)
	return &ui.ChildExit{Code: ui.ExitLocal}
}

func (p *program) helpCommand() *cli.Command {
	return &cli.Command{
		Name: "help", Usage: "explain a command", Category: categoryOther, UsageText: "help [command]...",
		Action: func(c *cli.Context) error {
			commands, parent := c.App.Commands, ""
			var path []*cli.Command
			for _, word := range c.Args().Slice() {
				next := find(commands, word)
				if next == nil {
					return unknownCommand(commands, parent, word)
				}
				path, commands, parent = append(path, next), next.Subcommands, word
			}
			p.help(p.Stdout, c.App, path)
			return nil
		},
	}
}

// help explains the program, or the command at the end of path.
func (p *program) help(w io.Writer, app *cli.App, path []*cli.Command) {
	var b strings.Builder
	if len(path) == 0 {
		helpProgram(&b, app)
	} else {
		helpCommand(&b, path)
	}
	_, _ = io.WriteString(w, b.String())
}

func helpProgram(b *strings.Builder, app *cli.App) {
	fmt.Fprintf(b, "%s: %s\n\n", Name, app.Usage)
	b.WriteString(wrap("An operator approves on chain, with a passkey, which agent may touch which service, and hands it secrets that it cannot read back. The agent signs in with its own device key and fetches what it was granted, through a worker that checks everything again.", ""))
	fmt.Fprintf(b, "\n  %s [global options] command [options] [arguments]\n", Name)
	for _, category := range []string{categoryOperator, categoryAgent, categoryHost, categoryOther} {
		fmt.Fprintf(b, "\n%s:\n", category)
		var rows [][2]string
		for _, c := range app.Commands {
			if c.Category == category && !c.Hidden {
				rows = append(rows, [2]string{label(c), c.Usage})
			}
		}
		columns(b, rows)
	}
	b.WriteString("\nGlobal options, before or after the command:\n")
	options(b, app.Flags)
	fmt.Fprintf(b, "\nStart with `%s dev` in one terminal; it prints what to try in another.\n", Name)
	fmt.Fprintf(b, "`%s help COMMAND` explains a command. NO_COLOR=1 turns colours off.\n", Name)
	b.WriteString("\nExit codes: 0 done, 1 usage or this machine, 2 a remote, 3 denied, 4 approval needed,\n5 chain stale or unreachable; `run` answers with its child's.\n")
}

// label shows a group with its verbs.
func label(c *cli.Command) string {
	var verbs []string
	for _, s := range c.Subcommands {
		verbs = append(verbs, s.Name)
	}
	if len(verbs) == 0 {
		return c.Name
	}
	return c.Name + " " + strings.Join(verbs, "|")
}

func helpCommand(b *strings.Builder, path []*cli.Command) {
	c := path[len(path)-1]
	full := Name
	for _, part := range path {
		full += " " + part.Name
	}
	fmt.Fprintf(b, "%s: %s\n", full, c.Usage)
	usage := full
	switch {
	case c.UsageText != "":
		usage = Name + " " + c.UsageText
	case len(c.Subcommands) > 0:
		usage += " COMMAND [options]"
	}
	fmt.Fprintf(b, "\n  %s\n", strings.ReplaceAll(usage, "\n", "\n  "+Name+" "))
	prose, examples, _ := strings.Cut(c.Description, "Examples:\n")
	if prose = strings.TrimSpace(prose); prose != "" {
		b.WriteString("\n")
		for i, paragraph := range strings.Split(prose, "\n\n") {
			if i > 0 {
				b.WriteString("\n")
			}
			if rows, ok := listed(paragraph); ok {
				columns(b, rows)
				continue
			}
			b.WriteString(wrap(paragraph, ""))
		}
	}
	if len(c.Subcommands) > 0 {
		b.WriteString("\nCommands:\n")
		var rows [][2]string
		for _, s := range c.Subcommands {
			rows = append(rows, [2]string{s.Name, s.Usage})
		}
		columns(b, rows)
		fmt.Fprintf(b, "\n`%s COMMAND --help` explains one.\n", full)
	}
	if len(c.Flags) > 0 {
		b.WriteString("\nOptions:\n")
		options(b, c.Flags)
	}
	if examples != "" {
		fmt.Fprintf(b, "\nExamples:\n%s\n", strings.TrimRight(examples, "\n"))
	}
	if len(c.Subcommands) == 0 {
		fmt.Fprintf(b, "\nGlobal options (--home, --profile, --as, -o, --passphrase-file): %s help\n", Name)
	}
}

func options(b *strings.Builder, flags []cli.Flag) {
	var rows [][2]string
	for _, f := range flags {
		d, ok := f.(cli.DocGenerationFlag)
		if !ok {
			continue
		}
		placeholder, text := unquote(d.GetUsage())
		var names []string
		for _, n := range f.Names() {
			if len(n) == 1 {
				n = "-" + n
			} else {
				n = "--" + n
			}
			names = append(names, n)
		}
		slices.Reverse(names) // the short form first
		left := strings.Join(names, ", ")
		if d.TakesValue() {
			left += " " + placeholder
		}
		if def := d.GetDefaultText(); d.TakesValue() && def != "" && def != `""` && def != "0" && !strings.Contains(text, "default:") {
			text += " (default: " + strings.Trim(def, `"`) + ")"
		}
		for _, env := range d.GetEnvVars() {
			text += " [$" + env + "]"
		}
		rows = append(rows, [2]string{left, text})
	}
	columns(b, rows)
}

// unquote takes the placeholder of a flag's value from its back quotes.
func unquote(s string) (placeholder, text string) {
	before, rest, ok := strings.Cut(s, "`")
	name, after, closed := strings.Cut(rest, "`")
	if !ok || !closed {
		return "VALUE", s
	}
	return name, before + name + after
}

// listed reads a paragraph of indented lines, each of a word and what it means.
func listed(paragraph string) (rows [][2]string, ok bool) {
	for line := range strings.Lines(paragraph) {
		word, text, two := strings.Cut(strings.TrimLeft(line, " "), " ")
		if !strings.HasPrefix(line, "  ") || !two {
			return nil, false
		}
		rows = append(rows, [2]string{word, strings.TrimSpace(text)})
	}
	return rows, len(rows) > 0
}

// columns aligns two columns and wraps the right one.
func columns(b *strings.Builder, rows [][2]string) {
	const most = 34
	width := 0
	for _, r := range rows {
		if len(r[0]) <= most {
			width = max(width, len(r[0]))
		}
	}
	indent := strings.Repeat(" ", width+4)
	for _, r := range rows {
		text := strings.TrimPrefix(wrap(r[1], indent), indent)
		if len(r[0]) > width {
			fmt.Fprintf(b, "  %s\n%s%s", r[0], indent, text)
			continue
		}
		fmt.Fprintf(b, "  %-*s  %s", width, r[0], text)
	}
}

// wrap breaks text between words; every line is indented and ended.
func wrap(text, indent string) string {
	var b strings.Builder
	at := 0
	for _, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case at == 0:
			b.WriteString(indent)
			at = len(indent)
		case at+1+n > helpWidth:
			b.WriteString("\n" + indent)
			at = len(indent)
		default:
			b.WriteString(" ")
			at++
		}
		b.WriteString(word)
		at += n
	}
	b.WriteString("\n")
	return b.String()
}
