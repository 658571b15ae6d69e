package ui

import "strings"

// Verdict is how one check ended.
type Verdict string

// The verdicts, from best to worst.
const (
	Good Verdict = "ok"
	Warn Verdict = "warn"
	Fail Verdict = "fail"
)

// Check is one line of a checklist.
type Check struct {
	Name    string  `json:"check"`
	Verdict Verdict `json:"result"`
	Detail  string  `json:"detail"`
	Fix     string  `json:"fix,omitzero"`
}

// Checklist shows what was checked, one line each, with what to type below what
// is not well.
type Checklist []Check

// Worst is the verdict over all.
func (l Checklist) Worst() Verdict {
	worst := Good
	for _, c := range l {
		if c.Verdict == Fail || c.Verdict == Warn && worst == Good {
			worst = c.Verdict
		}
	}
	return worst
}

func (l Checklist) render(s style, width int) string {
	names := 0
	for _, c := range l {
		names = max(names, columns(Sanitise(c.Name)))
	}
	const verdicts = 4
	indent := strings.Repeat(" ", verdicts+2*len(gap)+names)
	var b strings.Builder
	for _, c := range l {
		color := map[Verdict]colour{Good: green, Warn: yellow, Fail: boldRed}[c.Verdict]
		detail := wrap(Sanitise(redact(c.Detail)), width-len(indent), indent)
		b.WriteString(s.paint(color, pad(string(c.Verdict), verdicts)) + gap + pad(Sanitise(c.Name), names) + gap + detail + "\n")
		if c.Fix != "" {
			b.WriteString(indent + s.paint(green, "fix:") + " " + Sanitise(c.Fix) + "\n")
		}
	}
	return b.String()
}
