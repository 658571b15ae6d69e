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
	"errors"
	"fmt"
	"time"
)

// Outcome of one step.
type Outcome string

// The outcomes.
const (
	OK      Outcome = "ok"
	Failed  Outcome = "failed"
	Skipped Outcome = "skipped"
)

// Result of a stage.
type Result string

// The results. None is not a success: nothing ran.
const (
	Complete    Result = "complete"
	Partial     Result = "partial"
	ResultError Result = "failed"
	None        Result = "none"
)

// Report is what `demo -o json` prints.
type Report struct {
	Stages []Stage `json:"stages"`
}

// Stage is one stage's result and its steps.
type Stage struct {
	Name   string     `json:"stage"`
	Result Result     `json:"result"`
	Steps  []StepDone `json:"steps"`
}

// StepDone is what became of one step.
type StepDone struct {
	N       int     `json:"n"`
	Name    string  `json:"name"`
	Outcome Outcome `json:"outcome"`
	Detail  string  `json:"detail"`
	MS      int64   `json:"ms"`
}

// Step is one step of a stage.
type Step struct {
	Name   string
	Proves string
	Run    func(context.Context) (detail string, err error)
}

// Watch is told of every step before and after it runs; done is nil before.
type Watch func(n, total int, s Step, done *StepDone)

// errNotRun is the detail of steps behind a failed one.
var errNotRun = errors.New("not run: an earlier step failed")

// run executes the steps in order. Behind a failure nothing runs: every later
// step stands on the earlier ones, so they count as skipped.
func run(ctx context.Context, name string, steps []Step, now func() time.Time, watch Watch) Stage {
	st := Stage{Name: name, Steps: []StepDone{}}
	broken := false
	for i, s := range steps {
		done := StepDone{N: i + 1, Name: s.Name}
		if broken {
			done.Outcome, done.Detail = Skipped, errNotRun.Error()
			st.Steps = append(st.Steps, done)
			continue
		}
		watch(i+1, len(steps), s, nil)
		start := now()
		detail, err := guarded(ctx, s)
		done.MS, done.Outcome, done.Detail = now().Sub(start).Milliseconds(), OK, detail
		if err != nil {
			done.Outcome, done.Detail, broken = Failed, err.Error(), true
		}
		st.Steps = append(st.Steps, done)
		watch(i+1, len(steps), s, &done)
	}
	st.Result = resultOf(st.Steps)
	return st
}

func guarded(ctx context.Context, s Step) (detail string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the step panicked: %T", v)
		}
	}()
	return s.Run(ctx)
}

func resultOf(steps []StepDone) Result {
	count := map[Outcome]int{}
	for _, s := range steps {
		count[s.Outcome]++
	}
	switch {
	case count[Failed] > 0:
		return ResultError
	case count[OK] == 0:
		return None
	case count[Skipped] > 0:
		return Partial
	}
	return Complete
}
