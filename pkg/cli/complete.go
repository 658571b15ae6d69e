package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/service"
)

// completing is the word with which a completion script asks what may follow
// the words after it, the last of which is being typed. It stands first, so
// that no other program's command line is taken for a question.
const completing = "__complete"

// complete prints what may stand in place of the last word, one a line. It
// makes and opens nothing, and has nothing to say when something is wrong.
func (p *program) complete(app *cli.App, words []string) {
	if len(words) == 0 {
		words = []string{""}
	}
	current := words[len(words)-1]
	for _, c := range p.candidates(app, words[:len(words)-1], current) {
		if strings.HasPrefix(c, current) {
			_, _ = fmt.Fprintln(p.Stdout, c)
		}
	}
}

// candidates reads the words before the cursor as arrange does.
func (p *program) candidates(app *cli.App, before []string, current string) []string {
	p.globalsFromEnvironment(app)
	var (
		path     []*cli.Command
		commands = app.Commands
		have     []cli.Flag
		rest     int
		pending  cli.Flag // the flag whose value comes next
	)
	for _, word := range before {
		switch {
		case pending != nil && word == "=": // bash splits --flag=value
		case pending != nil:
			p.setGlobal(app, pending, word)
			pending = nil
		case word == "--":
			return nil
		case isFlag(word):
			f := lookup(have, word)
			if f == nil {
				f = lookup(app.Flags, word)
			}
			if _, value, ok := strings.Cut(word, "="); ok {
				p.setGlobal(app, f, value)
			} else if takesNext(f, word) {
				pending = f
			}
		default:
			if c := find(commands, word); c != nil && rest == 0 {
				path, commands, have = append(path, c), c.Subcommands, c.Flags
				continue
			}
			if rest++; len(path) > 0 && path[0].Name == verbatim {
				return nil
			}
		}
	}
	switch {
	case pending != nil && current == "=":
		return nil
	case pending != nil:
		return p.values(pending.Names()[0])
	case strings.HasPrefix(current, "-"):
		return p.flagCandidates(append(slices.Clone(have), app.Flags...), current)
	case len(commands) > 0 && rest == 0:
		return commandNames(commands)
	}
	return p.arguments(app, path, before, rest)
}

func (p *program) flagCandidates(flags []cli.Flag, current string) []string {
	name, _, withValue := strings.Cut(current, "=")
	var out []string
	for _, f := range flags {
		for _, n := range f.Names() {
			switch {
			case withValue && dashed(n) == name:
				for _, v := range p.values(f.Names()[0]) {
					out = append(out, name+"="+v)
				}
			case !withValue && len(n) > 1:
				out = append(out, dashed(n))
			}
		}
	}
	if !withValue {
		out = append(out, "--help")
	}
	return out
}

func commandNames(commands []*cli.Command) []string {
	var out []string
	for _, c := range commands {
		if !c.Hidden {
			out = append(out, c.Name)
		}
	}
	return out
}

// values are those that a flag may have, where they are few; for a file the
// shell knows more.
func (p *program) values(flag string) []string {
	switch flag {
	case "output":
		return []string{"table", "json"}
	case "chain":
		return profile.ChainNames()
	case "role":
		var out []string
		for _, r := range p.Roles {
			out = append(out, r.Name)
		}
		return out
	case "log-level":
		return []string{"debug", "info", "warn", "error"}
	case "ops":
		return strings.Split(service.AllOps.String(), ",")
	case "result":
		return results()
	case "tier":
		return []string{"a", "c"}
	case "as", "against":
		return p.identityNames()
	case "revoke": // of unfreeze: masters and agents
		return p.bookNames()
	case "agent":
		return p.bookNames(home.KindAgent)
	case "operator":
		return p.bookNames(home.KindOperator)
	}
	return nil
}

// arguments are those of a command.
func (p *program) arguments(app *cli.App, path []*cli.Command, before []string, given int) []string {
	var names []string
	for _, c := range path {
		names = append(names, c.Name)
	}
	switch command := strings.Join(names, " "); {
	case command == "agent revoke" && given == 0:
		return p.bookNames(home.KindAgent)
	case slices.Contains([]string{"device revoke", "device replace", "device cancel"}, command) && given == 0:
		return p.bookNames()
	case command == "audit relayer" && given == 0:
		return []string{"none"}
	case command == "completion" && given == 0:
		return []string{"bash", "zsh", "fish"}
	case command == "help":
		commands := app.Commands
		for _, word := range before[slices.Index(before, "help")+1:] {
			if c := find(commands, word); c != nil {
				commands = c.Subcommands
			}
		}
		return commandNames(commands)
	}
	return nil
}

// stateExists tells whether there is a state directory: pressing a key makes
// none.
func (p *program) stateExists() bool {
	root := p.homeRoot()
	if root == "" {
		return false
	}
	_, err := os.Stat(root)
	return err == nil
}

func (p *program) identityNames() []string {
	if !p.stateExists() {
		return nil
	}
	d, err := p.home()
	if err != nil {
		return nil
	}
	ids, err := d.Identities()
	if err != nil {
		return nil
	}
	var out []string
	for _, id := range ids {
		out = append(out, id.Name)
	}
	return out
}

func (p *program) bookNames(kinds ...home.Kind) []string {
	if !p.stateExists() {
		return nil
	}
	b, err := p.book()
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range b.Entries(kinds...) {
		out = append(out, e.Name)
	}
	return out
}

// globalsFromEnvironment and setGlobal do for the questions of a shell what the
// library does for a command.
func (p *program) globalsFromEnvironment(app *cli.App) {
	for _, f := range app.Flags {
		if d, ok := f.(cli.DocGenerationFlag); ok {
			for _, env := range d.GetEnvVars() {
				if v := p.environ(env); v != "" {
					p.setGlobal(app, f, v)
				}
			}
		}
	}
}

func (p *program) setGlobal(app *cli.App, f cli.Flag, value string) {
	if s, ok := f.(*cli.StringFlag); ok && slices.Contains(app.Flags, f) {
		*s.Destination = value
	}
}
