package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/litentry/agentkeys/pkg/cli/ui"
)

// errTooLarge marks input beyond its limit.
var errTooLarge = errors.New("it is too large")

// read reads a file, or standard input for "-", up to a limit.
func (p *program) read(ctx context.Context, file string, limit int64) ([]byte, error) {
	in := p.Stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return interruptible(ctx, func() ([]byte, error) {
		data, err := io.ReadAll(io.LimitReader(in, limit+1))
		if err == nil && int64(len(data)) > limit {
			err = fmt.Errorf("%w: at most %s", errTooLarge, ui.Bytes(limit))
		}
		return data, err
	})
}

// confirm asks on a terminal. Without one nothing prompts: whoever wrote the
// command there meant it.
func (p *program) confirm(ctx context.Context, format string, args ...any) (bool, error) {
	if !p.StdinIsTerminal {
		return true, nil
	}
	_, _ = fmt.Fprintf(p.Stderr, "%s [y/N] ", ui.Sanitise(fmt.Sprintf(format, args...)))
	return interruptible(ctx, func() (bool, error) {
		var answer [8]byte
		n, err := p.Stdin.Read(answer[:])
		if err != nil && !errors.Is(err, io.EOF) {
			return false, fmt.Errorf("reading the answer: %w", err)
		}
		word := strings.ToLower(strings.TrimSpace(string(answer[:n])))
		return word == "y" || word == "yes", nil
	})
}

// interruptible waits for f or for the end of ctx: a read from a terminal or a
// pipe knows of no context, and Ctrl-C must end it. f then ends with the
// process.
func interruptible[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		v, err := f()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
