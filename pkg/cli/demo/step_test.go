package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/cli/ui"
)

// played runs a stage and returns what it reported, what was printed, and which
// steps really ran, in their order; 0 is what comes before all of them.
func played(t *testing.T, s stage, want Selection) (ui.Stage, string, []int) {
	t.Helper()
	var ran []int
	counted := func(n int, st step) step {
		if run := st.run; run != nil {
			st.run = func(ctx context.Context) (string, error) {
				ran = append(ran, n)
				return run(ctx)
			}
		}
		return st
	}
	s.name, s.before = "x", counted(0, s.before)
	for i := range s.steps {
		s.steps[i] = counted(i+1, s.steps[i])
	}
	var out bytes.Buffer
	c := Config{Steps: want, Printer: ui.New(ui.Options{Out: &out, Err: &out, Now: func() time.Time { return time.Time{} }})}
	st := play(t.Context(), c, s)
	if err := c.Printer.Summarise(ui.Report{Stages: []ui.Stage{st}}); err != nil {
		t.Fatal(err)
	}
	return st, out.String(), ran
}

func ends(err error, needs ...int) step {
	return step{name: "a step", needs: needs, run: func(context.Context) (string, error) { return "said", err }}
}

func reported(st ui.Stage) (out []string) {
	for _, s := range st.Steps {
		out = append(out, fmt.Sprint(s.N, " ", s.Outcome))
	}
	return out
}

// TestPlay: outcomes, flags, results and exit codes of a stage.
func TestPlay(t *testing.T) {
	fault, missing := errors.New("broken"), lacking("no bucket")
	free := on()
	for name, c := range map[string]struct {
		steps  []step
		want   Selection
		ran    []int
		report []string
		result ui.Result
		exit   int
	}{
		"all": {[]step{ends(nil), ends(nil), ends(nil)}, Selection{}, []int{1, 2, 3}, []string{"1 ok", "2 ok", "3 ok"}, ui.Complete, 0},
		"all, and skips allowed": {
			[]step{ends(nil), ends(nil)},
			Selection{AllowSkip: true},
			[]int{1, 2},
			[]string{"1 ok", "2 ok"},
			ui.Complete, 0,
		},
		"all by number": {[]step{ends(nil), ends(nil)}, Selection{From: 1, To: 2}, []int{1, 2}, []string{"1 ok", "2 ok"}, ui.Complete, 0},
		"a failure ends it": {
			[]step{ends(nil), ends(fault), ends(nil, free...)},
			Selection{},
			[]int{1, 2},
			[]string{"1 ok", "2 failed"},
			ui.Broken, 1,
		},
		"a failure is never skipped": {
			[]step{ends(fault), ends(nil)},
			Selection{AllowSkip: true},
			[]int{1},
			[]string{"1 failed"},
			ui.Broken, 1,
		},
		"an unmet prerequisite is a failure": {
			[]step{ends(nil), ends(missing), ends(nil)},
			Selection{},
			[]int{1, 2},
			[]string{"1 ok", "2 failed"},
			ui.Broken, 1,
		},
		"or a skip, and whatever stands on it": {
			[]step{ends(nil), ends(missing), {run: ends(nil).run, needs: on(1)}, {run: ends(nil).run, needs: on(2)}, {run: ends(nil).run, needs: on(4)}},
			Selection{AllowSkip: true},
			[]int{1, 2, 3},
			[]string{"1 ok", "2 skipped", "3 ok", "4 skipped", "5 skipped"},
			ui.Partial, 0,
		},
		"only skips are no success": {
			[]step{ends(missing), ends(nil)},
			Selection{AllowSkip: true},
			[]int{1},
			[]string{"1 skipped", "2 skipped"},
			ui.None, 1,
		},
		"from": {
			[]step{ends(nil), ends(nil), ends(nil)},
			Selection{From: 2},
			[]int{1, 2, 3},
			[]string{"2 ok", "3 ok"},
			ui.Partial, 0,
		},
		"to": {[]step{ends(nil), ends(nil), ends(nil)}, Selection{To: 2}, []int{1, 2}, []string{"1 ok", "2 ok"}, ui.Partial, 0},
		"only": {
			[]step{ends(nil), ends(nil), ends(nil)},
			Selection{From: 2, To: 2},
			[]int{1, 2},
			[]string{"2 ok"},
			ui.Partial, 0,
		},
		"only what it stands on runs before": {
			[]step{ends(nil), {run: ends(fault).run}, {run: ends(nil).run, needs: on(1)}, {run: ends(nil).run, needs: on(3)}},
			Selection{From: 4},
			[]int{1, 3, 4},
			[]string{"4 ok"},
			ui.Partial, 0,
		},
		"what stands on nothing runs alone": {
			[]step{ends(fault), {run: ends(nil).run, needs: on()}},
			Selection{From: 2},
			[]int{2},
			[]string{"2 ok"},
			ui.Partial, 0,
		},
		"nothing is asked for": {[]step{ends(nil), ends(nil)}, Selection{From: 3}, nil, nil, ui.None, 1},
		"nothing is there":     {nil, Selection{}, nil, nil, ui.None, 1},
		"what runs before fails": {
			[]step{ends(fault), ends(nil)},
			Selection{From: 2, AllowSkip: true},
			[]int{1},
			[]string{"2 failed"},
			ui.Broken, 1,
		},
		"what runs before is not met": {
			[]step{ends(missing), ends(nil)},
			Selection{From: 2},
			[]int{1},
			[]string{"2 failed"},
			ui.Broken, 1,
		},
		"what runs before is not met, and that is allowed": {
			[]step{ends(missing), ends(nil), {run: ends(nil).run, needs: on()}},
			Selection{From: 2, AllowSkip: true},
			[]int{1, 3},
			[]string{"2 skipped", "3 ok"},
			ui.Partial, 0,
		},
	} {
		st, _, ran := played(t, stage{steps: c.steps}, c.want)
		if got := reported(st); !slices.Equal(got, c.report) || !slices.Equal(ran, c.ran) || st.Result != c.result {
			t.Errorf("%s: %v after running %v: %s; want %v after %v: %s", name, got, ran, st.Result, c.report, c.ran, c.result)
		}
		if got := (ui.Report{Stages: []ui.Stage{st}}).ExitCode(); got != c.exit {
			t.Errorf("%s: exit code %d", name, got)
		}
	}
}

// TestPlayBefore: what comes before all steps is run once, and only for a step.
func TestPlayBefore(t *testing.T) {
	steps := func() []step { return []step{{run: ends(nil).run, needs: on()}, {run: ends(nil).run, needs: on()}} }
	for name, c := range map[string]struct {
		before error
		want   Selection
		ran    []int
		report []string
	}{
		"once":                {nil, Selection{}, []int{0, 1, 2}, []string{"1 ok", "2 ok"}},
		"for any step":        {nil, Selection{From: 2}, []int{0, 2}, []string{"2 ok"}},
		"for none":            {nil, Selection{From: 3}, nil, nil},
		"it fails":            {errors.New("broken"), Selection{AllowSkip: true}, []int{0}, []string{"1 failed"}},
		"it is not met":       {lacking("no profile"), Selection{}, []int{0}, []string{"1 failed"}},
		"it need not be met":  {lacking("no profile"), Selection{AllowSkip: true}, []int{0}, []string{"1 skipped", "2 skipped"}},
		"nor for a later one": {lacking("no profile"), Selection{From: 2, AllowSkip: true}, []int{0}, []string{"2 skipped"}},
	} {
		st, _, ran := played(t, stage{before: ends(c.before), steps: steps()}, c.want)
		if got := reported(st); !slices.Equal(got, c.report) || !slices.Equal(ran, c.ran) {
			t.Errorf("%s: %v after running %v", name, got, ran)
		}
	}
}

// TestPlaySaysWhy: the step that is asked for says what it lacks; what ran before
// is shown and not counted.
func TestPlaySaysWhy(t *testing.T) {
	st, shown, _ := played(t, stage{steps: []step{{name: "the bucket", run: ends(lacking("no %s", "bucket")).run}, ends(nil)}}, Selection{From: 2, AllowSkip: true})
	if want := "step 1, the bucket, is not done: unmet prerequisite: no bucket"; len(st.Steps) != 1 || st.Steps[0].Detail != want {
		t.Errorf("%+v", st.Steps)
	}
	if !strings.Contains(shown, "none  0 ok · 1 skipped · 1 not asked for of 2 steps") {
		t.Error(shown)
	}
	_, shown, _ = played(t, stage{before: step{name: "people", run: ends(nil).run}, steps: []step{ends(nil), ends(nil), ends(nil)}}, Selection{From: 2, To: 2})
	for _, want := range []string{"\n         people   ", "\n   1/3   a step  ", "ready", "partial  1 ok · 2 not asked for of 3 steps"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is missing in\n%s", want, shown)
		}
	}
	if strings.Count(shown, "ready") != 2 {
		t.Error(shown)
	}
}

// TestPlaySurvives: a step that panics is a failed one, and after the end of the
// context nothing more begins.
func TestPlaySurvives(t *testing.T) {
	st, _, _ := played(t, stage{steps: []step{{run: func(context.Context) (string, error) { panic("secret") }}}}, Selection{AllowSkip: true})
	if st.Result != ui.Broken || st.Steps[0].Detail != "the step panicked: string" {
		t.Errorf("%+v", st)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	c := Config{Steps: Selection{AllowSkip: true}, Printer: ui.New(ui.Options{Out: &out, Err: &out, Now: func() time.Time { return time.Time{} }})}
	st = play(ctx, c, stage{steps: []step{{run: func(context.Context) (string, error) { cancel(); return "", nil }}, ends(nil)}})
	if got := reported(st); !slices.Equal(got, []string{"1 ok", "2 failed"}) || st.Steps[1].Detail != context.Canceled.Error() {
		t.Errorf("%+v", st)
	}
}
