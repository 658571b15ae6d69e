// Package demo runs the product's own stages step by step and says what each
// step proves. Its summary is made from what was asked for and ran, from nothing
// else.
//
// Laws: a step that expects a refusal counts only with the exact status and
// code; a prerequisite that is not met is a failure, unless the user allowed a
// skip, which is recorded; the commands that a person would type are really run,
// through the same command line; what needs an attacker's hands uses the same
// client with one thing broken. On a stack that is there a stage touches nothing
// but its own people and names.
package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/litentry/agentkeys/pkg/cli/ui"
)

// Selection says which steps of a stage are asked for, by their numbers from 1,
// and what becomes of one whose prerequisite is not met. The zero Selection asks
// for all of them and allows nothing to be skipped.
type Selection struct {
	From, To  int // 0: from the first, to the last
	AllowSkip bool
}

func (s Selection) has(n int) bool { return n >= s.From && (s.To == 0 || n <= s.To) }

// stage is a list of steps.
type stage struct {
	name, about string
	// before is what every step stands on and is none of them; without a run there
	// is no such thing.
	before step
	steps  []step
}

// step is one step of a stage; its number is its place.
type step struct {
	name   string
	proves string
	run    func(context.Context) (detail string, err error)
	// needs are the numbers of the earlier steps on whose work this one stands;
	// nil: all of them.
	needs []int
}

// on are the steps that one stands on; without numbers: none.
func on(n ...int) []int { return append([]int{}, n...) }

// unmet is the error of a step that cannot run because something is not there
// that is none of its business to make. Everything else is a failure.
type unmet struct{ error }

// Unwrap gives the cause.
func (u *unmet) Unwrap() error { return u.error }

func lacking(format string, args ...any) error {
	return &unmet{fmt.Errorf("unmet prerequisite: "+format, args...)}
}

// player is a stage under way.
type player struct {
	run   *ui.Run
	steps []step        // before, and the steps by their numbers
	done  map[int]error // how each ended that ran
	skips bool
}

// play runs the steps that are asked for in order, up to the first that fails.
// What they stand on and is not asked for runs before, and is not reported.
func play(ctx context.Context, c Config, s stage) ui.Stage {
	asked := 0
	for n := 1; n <= len(s.steps); n++ {
		if c.Steps.has(n) {
			asked++
		}
	}
	p := &player{
		run:   c.Printer.Stage(s.name, s.about, len(s.steps)).Asked(asked),
		steps: append([]step{s.before}, s.steps...), done: map[int]error{}, skips: c.Steps.AllowSkip,
	}
	for n := 1; n <= len(s.steps); n++ {
		if c.Steps.has(n) && !p.ask(ctx, n) {
			break
		}
	}
	return p.run.Finish()
}

// ask runs a step that is asked for, after what it stands on, and reports
// whether the stage goes on.
func (p *player) ask(ctx context.Context, n int) bool {
	err := p.ground(ctx, n)
	s := p.steps[n]
	running := p.run.Begin(n, s.name, s.proves)
	detail := ""
	if err == nil {
		detail, err = guarded(ctx, s)
	}
	p.done[n] = err
	var missing *unmet
	switch {
	case err == nil:
		running.End(ui.OK, detail)
	case p.skips && errors.As(err, &missing):
		running.End(ui.Skipped, err.Error())
	default:
		running.End(ui.Failed, err.Error())
		return false
	}
	return true
}

// ground makes sure of everything that step n stands on. The error of something
// that was not there stays one.
func (p *player) ground(ctx context.Context, n int) error {
	if err := p.prepare(ctx, 0); err != nil {
		return err
	}
	needs := p.steps[n].needs
	if needs == nil {
		for k := 1; k < n; k++ {
			needs = append(needs, k)
		}
	}
	for _, k := range needs {
		if err := p.prepare(ctx, k); err != nil {
			return fmt.Errorf("step %d, %s, is not done: %w", k, p.steps[k].name, err)
		}
	}
	return nil
}

// prepare runs step n unless it ran already, and what it stands on before it.
func (p *player) prepare(ctx context.Context, n int) error {
	s := p.steps[n]
	err, ran := p.done[n]
	if ran || s.run == nil {
		return err
	}
	if n > 0 {
		err = p.ground(ctx, n)
	}
	if err == nil {
		running := p.run.Prepare(n, s.name)
		var detail string
		detail, err = guarded(ctx, s)
		if err != nil {
			running.End(ui.Failed, "") // the step that needs it says why
		} else {
			running.End(ui.OK, detail)
		}
	}
	p.done[n] = err
	return err
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
