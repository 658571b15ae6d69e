package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

// Exit codes (SPEC section 6).
const (
	exitOK       = 0
	exitLocal    = 1
	exitRemote   = 2
	exitDenied   = 3
	exitApproval = 4
	exitChain    = 5
)

// usageError is a command line that says too little, too much or nothing.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usage(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// fixError is a fault of this machine with the command that mends it.
type fixError struct {
	error
	fix string
}

func (e *fixError) Unwrap() error { return e.error }

func fixable(err error, fix string) error { return &fixError{err, fix} }

// exitError ends the program with the exit code of a child, in silence.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("the child ended with %d", e.code) }

// usageFault takes the library's complaint about flags.
func usageFault(_ *cli.Context, err error, _ bool) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); ok {
		return usage("there is no flag --%s here", strings.TrimLeft(name, "-"))
	}
	return usage("%s", err)
}

func isNotExist(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// finish reports err and returns the exit code.
func (p *program) finish(err error) int {
	if err == nil {
		return exitOK
	}
	var child *exitError
	if errors.As(err, &child) {
		return child.code
	}
	var remote *api.RemoteError
	var answer *apierr.Error
	switch {
	case errors.As(err, &remote):
		p.refused(remote.Detail, remote.Code, remote.Layer, remote.RequestID, remote.Fix)
	case errors.As(err, &answer):
		def, _ := apierr.Lookup(answer.Code)
		p.refused(answer.Detail, answer.Code, def.Layer, "", answer.Fix)
	default:
		p.local(err)
	}
	return exitCode(err)
}

func (p *program) refused(detail string, code apierr.Code, layer apierr.Layer, requestID, fix string) {
	where := []string{string(code)}
	if layer != "" {
		where = append(where, "layer "+string(layer))
	}
	if requestID != "" {
		where = append(where, "request "+requestID)
	}
	_, _ = fmt.Fprintf(p.Stderr, "%s: %s [%s]\n", Name, p.inSentence(detail), strings.Join(where, ", "))
	p.fix(fix)
}

func (p *program) local(err error) {
	_, _ = fmt.Fprintf(p.Stderr, "%s: %s\n", Name, strings.ReplaceAll(err.Error(), "\n", "\n  "))
	var f *fixError
	if errors.As(err, &f) {
		p.fix(f.fix)
	}
	var u *usageError
	if errors.As(err, &u) {
		p.note("%s", p.command(Name+" help")+" shows what there is")
	}
}

func (p *program) fix(fix string) {
	if fix != "" {
		_, _ = fmt.Fprintf(p.Stderr, "  to mend it: %s\n", p.command(p.inCommand(fix)))
	}
}

// note tells people something beside the data.
func (p *program) note(format string, args ...any) {
	_, _ = fmt.Fprintf(p.Stderr, format+"\n", args...)
}

func exitCode(err error) int {
	var unreachable *api.Unreachable
	var revert *chain.RevertError
	code := apierr.CodeOf(err)
	def, known := apierr.Lookup(code)
	switch {
	case code == apierr.ChainStale || code == apierr.ChainUnavailable:
		return exitChain
	case errors.As(err, &revert):
		return exitDenied
	case known && (def.Status == 401 || def.Status == 403):
		return exitDenied
	case code != "", errors.As(err, &unreachable), errors.Is(err, context.DeadlineExceeded):
		return exitRemote
	}
	return exitLocal
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
		return usage("%s has no command %q: %s", parent, word, strings.Join(names, ", "))
	}
	if near := cli.SuggestCommand(commands, word); near != "" {
		return usage("there is no command %q; did you mean %s?", word, near)
	}
	return usage("there is no command %q: %s", word, strings.Join(names, ", "))
}
