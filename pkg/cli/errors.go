package cli

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
)

// usageError is a command line that says too little, too much or nothing.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return &usageError{ui.Usage(format, args...)} }

// usageFault takes the library's complaint about flags.
func usageFault(_ *cli.Context, err error, _ bool) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); ok {
		return usage("there is no flag %s here", dashed(strings.TrimLeft(name, "-")))
	}
	return usage("%s", err)
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

func isNotExist(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// explained puts a contract's refusal into words, and names the help of the
// command that was used wrongly.
func explained(err error, path []*cli.Command) error {
	err = inSentence(err)
	var u *usageError
	if !errors.As(err, &u) {
		return err
	}
	words := Name + " help"
	for _, c := range path {
		words += " " + c.Name
	}
	return ui.WithFix(err, "%s", words)
}

// unknownCommand names what may have been meant.
func unknownCommand(commands []*cli.Command, parent, word string) error {
	var names []string
	for _, c := range commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	slices.Sort(names)
	if parent != "" {
		return usage("%s has no command %q; it has %s", parent, word, strings.Join(names, ", "))
	}
	return usage("there is no command %q; there are %s", word, strings.Join(names, ", "))
}
