package ui

import "strings"

// Mark is one thing that was passed, that decided, or that was not reached.
type Mark struct {
	Name string
	// Passed and Decided exclude each other; neither is not reached.
	Passed, Decided bool
	Detail          string
}

// Marks shows how far something came, one line each.
type Marks []Mark

func (m Marks) render(s style, width int) string {
	names := 0
	for _, x := range m {
		names = max(names, columns(Sanitise(x.Name)))
	}
	const states = len("not reached")
	indent := strings.Repeat(" ", names+states+2*len(gap))
	var b strings.Builder
	for _, x := range m {
		state, c := "not reached", dim
		switch {
		case x.Decided:
			state, c = "decided", boldRed
		case x.Passed:
			state, c = "passed", green
		}
		line := pad(Sanitise(x.Name), names) + gap + s.paint(c, pad(state, states))
		if x.Detail != "" {
			line += gap + wrap(Sanitise(redact(x.Detail)), width-len(indent), indent)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
