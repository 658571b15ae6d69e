package ui

import "time"

// Outcome is how a step ended.
type Outcome string

// The outcomes.
const (
	OK      Outcome = "ok"
	Skipped Outcome = "skipped" // only where the user allowed it
	Failed  Outcome = "failed"
)

// Result is how a stage ended.
type Result string

// The results.
const (
	Complete Result = "complete" // every step ran and is ok
	Partial  Result = "partial"  // some were skipped or not asked for
	Broken   Result = "failed"
	None     Result = "none" // nothing ran: not a success
)

// ExitCode says the result to programs. A partial run is what the user asked
// for; that nothing ran is not a success.
func (r Result) ExitCode() int {
	if r == Complete || r == Partial {
		return ExitOK
	}
	return ExitLocal
}

// Step is one step that ran, or was skipped.
type Step struct {
	N       int     `json:"n"`
	Name    string  `json:"name"`
	Outcome Outcome `json:"outcome"`
	Detail  string  `json:"detail"`
	MS      int64   `json:"ms"`
}

// Stage is what ran of one stage.
type Stage struct {
	Stage  string `json:"stage"`
	Result Result `json:"result"`
	Steps  []Step `json:"steps"`

	total, asked int
	took         time.Duration
}

// Report is the summary of a demo in the shape of SPEC section 7.
type Report struct {
	Stages []Stage `json:"stages"`
}

// ExitCode is the worst of the stages'; a report without stages is no success.
func (r Report) ExitCode() int {
	if len(r.Stages) == 0 {
		return None.ExitCode()
	}
	code := ExitOK
	for _, s := range r.Stages {
		code = max(code, s.Result.ExitCode())
	}
	return code
}

// resultOf is made from what ran and nothing else.
func resultOf(steps []Step, total int) Result {
	count := map[Outcome]int{}
	for _, s := range steps {
		count[s.Outcome]++
	}
	switch {
	case count[Failed] > 0:
		return Broken
	case count[OK] == 0:
		return None
	case count[OK] == total && len(steps) == total:
		return Complete
	}
	return Partial
}
