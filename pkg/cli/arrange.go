package cli

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// line is a command line in the order in which the library wants it.
type line struct {
	args []string
	path []*cli.Command // the command named, outermost first
	help bool           // help was asked for
	// given are the global flags on the command line, by their first name.
	given map[string]bool
}

// verbatim is the command after whose first argument nothing is ours: what
// follows is another program's command line.
const verbatim = "run"

// arrange puts global flags before the command and a command's flags before
// its arguments: the library reads them nowhere else, and people type them
// anywhere. What follows "--" is left alone.
func arrange(app *cli.App, args []string) (line, error) {
	if len(args) == 0 {
		return line{args: args}, nil
	}
	out := line{given: map[string]bool{}}
	var global, flags, rest []string
	commands, have := app.Commands, []cli.Flag(nil)
	words := args[1:]
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		if word == "--" {
			rest = append(rest, words...)
			break
		}
		if !isFlag(word) {
			if c := find(commands, word); c != nil && len(rest) == 0 {
				out.path, commands, have = append(out.path, c), c.Subcommands, c.Flags
				continue
			}
			rest = append(rest, word)
			if len(out.path) > 0 && out.path[0].Name == verbatim {
				rest = append(rest, words...)
				break
			}
			continue
		}
		if word == "-h" || word == "--help" {
			out.help = true
			continue
		}
		to, f := &flags, lookup(have, word)
		if f == nil {
			if f = lookup(app.Flags, word); f != nil {
				to = &global
				out.given[f.Names()[0]] = true
			}
		}
		*to = append(*to, word)
		if takesNext(f, word) && len(words) > 0 {
			*to = append(*to, words[0])
			words = words[1:]
		}
	}
	out.args = append([]string{args[0]}, global...)
	for _, c := range out.path {
		out.args = append(out.args, c.Name)
	}
	out.args = append(out.args, flags...)
	if len(rest) > 0 {
		out.args = append(append(out.args, "--"), rest...)
	}
	if len(rest) > 0 && len(commands) > 0 && !out.help {
		parent := ""
		if n := len(out.path); n > 0 {
			parent = out.path[n-1].Name
		}
		return out, unknownCommand(commands, parent, rest[0])
	}
	return out, nil
}

// isFlag tells a flag from an argument; "-" alone means standard input.
func isFlag(word string) bool { return len(word) > 1 && word[0] == '-' }

func find(commands []*cli.Command, name string) *cli.Command {
	if i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(name) }); i >= 0 {
		return commands[i]
	}
	return nil
}

func lookup(flags []cli.Flag, word string) cli.Flag {
	name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

// takesNext tells whether the next word is the flag's value.
func takesNext(f cli.Flag, word string) bool {
	d, ok := f.(cli.DocGenerationFlag)
	return ok && d.TakesValue() && !strings.Contains(word, "=")
}
