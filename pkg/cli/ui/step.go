package ui

import (
	"fmt"
	"strings"
	"time"
)

const (
	nameColumn    = 44
	outcomeColumn = 8
	timeColumn    = 9
)

// Run is a stage under way. It is used by one goroutine.
type Run struct {
	p     *Printer
	stage string
	total int
	asked int
	began time.Time
	steps []Step
}

// Stage begins a stage of total steps and prints its heading.
func (p *Printer) Stage(name, about string, total int) *Run {
	s := p.stepStyle()
	p.steps("\n" + s.paint(bold, "stage "+Sanitise(name)) + "  " + Sanitise(about) + "\n\n")
	return &Run{p: p, stage: name, total: total, asked: total, began: p.o.Now()}
}

// Asked says how many of the steps are asked for, where not all are.
func (r *Run) Asked(n int) *Run {
	r.asked = n
	return r
}

// Begin starts step n. On a terminal its line stands there while it runs.
func (r *Run) Begin(n int, name, proves string) *Running {
	x := &Running{r: r, n: n, name: name, proves: proves, began: r.p.o.Now()}
	if r.p.live() {
		r.p.steps(x.head() + " " + r.p.stepStyle().paint(dim, "…"))
	}
	return x
}

// Prepare starts something that steps stand on and that is not asked for: step n,
// or, with n 0, what is none of them. Its line is shown and nothing else of it:
// the report is made from what was asked for.
func (r *Run) Prepare(n int, name string) *Running {
	x := r.Begin(n, name, "")
	x.aside = true
	return x
}

// ready is what is said of a preparation that went well.
const ready Outcome = "ready"

// Running is a step under way; it ends once.
type Running struct {
	r            *Run
	n            int
	name, proves string
	aside        bool // not reported
	began        time.Time
}

// End records the outcome and prints the step's line, what it proves, and the
// particulars, if any.
func (x *Running) End(o Outcome, detail string) {
	p := x.r.p
	took := p.o.Now().Sub(x.began)
	if !x.aside {
		x.r.steps = append(x.r.steps, Step{N: x.n, Name: x.name, Outcome: o, Detail: detail, MS: took.Milliseconds()})
	} else if o == OK {
		o = ready
	}
	s := p.stepStyle()
	var b strings.Builder
	if p.live() {
		b.WriteString("\r\x1b[K")
	}
	c := map[Outcome]colour{OK: green, ready: dim, Skipped: yellow, Failed: boldRed}[o]
	lasted := ""
	if o != Skipped {
		lasted = Duration(took)
	}
	b.WriteString(strings.TrimRight(x.head()+" "+s.paint(c, pad(string(o), outcomeColumn))+padLeft(lasted, timeColumn), " ") + "\n")
	const indent = "         "
	if x.proves != "" {
		b.WriteString(indent + s.paint(dim, "proves ") + s.lines(dim, wrap(Sanitise(x.proves), p.width-len(indent)-7, indent+"       ")) + "\n")
	}
	if detail != "" {
		c := dim
		if o == Failed {
			c = red
		}
		b.WriteString(indent + s.lines(c, wrap(Sanitise(redact(detail)), p.width-len(indent), indent)) + "\n")
	}
	p.steps(b.String())
}

// head is the number and the name, in their columns. A line that will be
// overwritten must fit the terminal; anywhere else nothing is cut.
func (x *Running) head() string {
	p, name := x.r.p, Sanitise(x.name)
	if p.live() {
		name = shorten(name, p.nameWidth())
	}
	place := fmt.Sprintf("%2d/%-2d", x.n, x.r.total)
	if x.n == 0 {
		place = "     "
	}
	return "  " + place + "  " + pad(name, p.nameWidth())
}

// Finish closes the stage.
func (r *Run) Finish() Stage {
	return Stage{Stage: r.stage, Result: resultOf(r.steps, r.total), Steps: r.steps, total: r.total, asked: r.asked, took: r.p.o.Now().Sub(r.began)}
}

// Summarise prints the report: as JSON on Out, or for people where the steps
// went.
func (p *Printer) Summarise(r Report) error {
	if p.o.Format == JSON {
		if err := p.Show(r); err != nil {
			return err
		}
	}
	s := p.stepStyle()
	var b strings.Builder
	b.WriteString("\n" + s.paint(dim, strings.Repeat("─", p.rule())) + "\n")
	for _, st := range r.Stages {
		b.WriteString(st.render(s))
	}
	if len(r.Stages) == 0 {
		b.WriteString(s.paint(yellow, "nothing ran") + "\n")
	}
	p.steps(b.String())
	return nil
}

func (st Stage) render(s style) string {
	count := map[Outcome]int{}
	for _, x := range st.Steps {
		count[x.Outcome]++
	}
	c := map[Result]colour{Complete: green, Partial: yellow, None: yellow, Broken: boldRed}[st.Result]
	parts := []string{fmt.Sprintf("%d ok", count[OK])}
	for _, o := range []Outcome{Skipped, Failed} {
		if count[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[o], o))
		}
	}
	if rest := st.asked - len(st.Steps); rest > 0 {
		parts = append(parts, fmt.Sprintf("%d not run", rest))
	}
	if rest := st.total - st.asked; rest > 0 {
		parts = append(parts, fmt.Sprintf("%d not asked for", rest))
	}
	var b strings.Builder
	b.WriteString(s.paint(bold, "stage "+Sanitise(st.Stage)) + "  " + s.paint(c, string(st.Result)) + "  " +
		strings.Join(parts, " · ") + " of " + fmt.Sprint(st.total) + " steps in " + Duration(st.took) + "\n")
	for _, x := range st.Steps {
		if x.Outcome != OK {
			b.WriteString(fmt.Sprintf("  %2d  %s: %s", x.N, s.paint(map[Outcome]colour{Skipped: yellow, Failed: red}[x.Outcome], string(x.Outcome)), Sanitise(x.Name)))
			if x.Detail != "" {
				b.WriteString(", " + Sanitise(redact(x.Detail)))
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// lines paints every line by itself, so that indentation stays unpainted.
func (s style) lines(c colour, text string) string {
	parts := strings.Split(text, "\n")
	for i, l := range parts {
		body := strings.TrimLeft(l, " ")
		parts[i] = l[:len(l)-len(body)] + s.paint(c, body)
	}
	return strings.Join(parts, "\n")
}

// steps prints where the steps belong: they are the data of a demo, unless JSON
// is, and then they are news for people.
func (p *Printer) steps(text string) {
	if p.o.Format == JSON {
		p.writeErr(text)
		return
	}
	_ = p.writeOut(text)
}

// live reports whether a line may be overwritten.
func (p *Printer) live() bool {
	if p.o.Format == JSON {
		return p.o.ErrTTY
	}
	return p.o.OutTTY
}

func (p *Printer) stepStyle() style { return style(p.live() && !p.o.NoColor) }

func (p *Printer) nameWidth() int {
	return min(nameColumn, p.width-len("  12/14  ")-1-outcomeColumn-timeColumn)
}

func (p *Printer) rule() int {
	return min(p.width, len("  12/14  ")+nameColumn+1+outcomeColumn+timeColumn)
}
