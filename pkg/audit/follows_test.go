package audit_test

import (
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
)

// TestWhatFollows: outcomes, counts and notes, each with one thing wrong.
func TestWhatFollows(t *testing.T) {
	t.Parallel()
	outcome := func(e *audit.Event) {
		e.Result, e.Code, e.Decision = audit.Completed, "", "BBBBBBBBBBBBBBBBBBBBBA"
	}
	failed := func(e *audit.Event) { outcome(e); e.Result, e.Code = audit.Failed, apierr.StorageDenied }
	repeats := func(e *audit.Event) { e.Count, e.Decision = 12, "BBBBBBBBBBBBBBBBBBBBBA" }
	note := func(e *audit.Event) {
		e.Result, e.Code, e.Emitter, e.Note = audit.Noted, "", audit.EmitterAgent, "words – ok"
	}
	for name, c := range map[string]struct {
		base, edit func(*audit.Event)
		want       string
	}{
		"an outcome":                    {outcome, nil, ""},
		"a failure":                     {failed, nil, ""},
		"repetitions":                   {repeats, nil, ""},
		"a note":                        {note, nil, ""},
		"an operator's note":            {note, func(e *audit.Event) { e.Emitter = audit.EmitterOperator }, ""},
		"an outcome of nothing":         {outcome, func(e *audit.Event) { e.Decision = "" }, "decision is for"},
		"a failure of nothing":          {failed, func(e *audit.Event) { e.Decision = "" }, "decision is for"},
		"an outcome of itself":          {outcome, func(e *audit.Event) { e.Decision = e.ID }, "another event"},
		"an outcome of words":           {outcome, func(e *audit.Event) { e.Decision = "first" }, "another event"},
		"an outcome with a code":        {outcome, func(e *audit.Event) { e.Code = apierr.StorageDenied }, "has no code"},
		"a failure without one":         {failed, func(e *audit.Event) { e.Code = "" }, "none of the table"},
		"a denial that follows":         {repeats, func(e *audit.Event) { e.Count = 0 }, "decision is for"},
		"repetitions of nothing":        {repeats, func(e *audit.Event) { e.Decision = "" }, "decision is for"},
		"repetitions that were allowed": {repeats, func(e *audit.Event) { e.Result, e.Code = audit.Allowed, "" }, "count is for"},
		"the greatest count":            {repeats, func(e *audit.Event) { e.Count = 1<<53 - 1 }, ""},
		"a count beyond":                {repeats, func(e *audit.Event) { e.Count = 1 << 53 }, "too large"},
		"a note without words":          {note, func(e *audit.Event) { e.Note = "" }, "note is for"},
		"words without a note":          {outcome, func(e *audit.Event) { e.Note = "words" }, "note is for"},
		"a role's note":                 {note, func(e *audit.Event) { e.Emitter = "signer" }, "notes are what"},
		"an agent's decision":           {outcome, func(e *audit.Event) { e.Emitter = audit.EmitterAgent }, "notes are what"},
		"a note with a code":            {note, func(e *audit.Event) { e.Code = apierr.NotFound }, "has no code"},
		"a note of two lines":           {note, func(e *audit.Event) { e.Note = "a\nb" }, "printable"},
		"a note that is not UTF-8":      {note, func(e *audit.Event) { e.Note = "a\xff" }, "printable"},
		"the longest note":              {note, func(e *audit.Event) { e.Note = strings.Repeat("ü", audit.MaxNote/2) }, ""},
		"a note too long":               {note, func(e *audit.Event) { e.Note = strings.Repeat("a", audit.MaxNote+1) }, "too long"},
	} {
		e := event()
		c.base(&e)
		if c.edit != nil {
			c.edit(&e)
		}
		if err := e.Validate(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
