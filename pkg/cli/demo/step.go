// Package demo runs the product's own stages step by step and says what each
// step proves. Its summary is made from what ran, from nothing else.
//
// Laws: a step that expects a refusal counts only with the exact status and
// code; the commands that a person would type are really run, through the same
// command line; what needs an attacker's hands uses the same client with one
// thing broken.
package demo

import (
	"context"
	"fmt"

	"github.com/litentry/agentkeys/pkg/cli/ui"
)

// step is one step of a stage.
type step struct {
	name   string
	proves string
	run    func(context.Context) (detail string, err error)
	n      int // 0: its place in the list
}

// play runs the steps in order, up to the first that fails: every later step
// stands on the earlier ones.
func play(ctx context.Context, p *ui.Printer, name, about string, steps []step) ui.Stage {
	stage := p.Stage(name, about, len(steps)).UpTo(max(len(steps), steps[len(steps)-1].n))
	for i, s := range steps {
		if s.n == 0 {
			s.n = i + 1
		}
		running := stage.Begin(s.n, s.name, s.proves)
		detail, err := guarded(ctx, s)
		if err != nil {
			running.End(ui.Failed, err.Error())
			break
		}
		running.End(ui.OK, detail)
	}
	return stage.Finish()
}

// guarded turns a panic into a failed step, so that the summary is printed and
// the stack is stopped.
func guarded(ctx context.Context, s step) (detail string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the step panicked: %T", v)
		}
	}()
	return s.run(ctx)
}
