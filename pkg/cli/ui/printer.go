// Package ui is what people and programs see of the command line: tables and
// facts, JSON, the step lines of a demo, progress, and errors that say in one
// line why and in the next what to type.
//
// Laws:
//   - Data goes to Out, everything else to Err. With JSON chosen, Out carries
//     one JSON value and nothing else.
//   - Text from outside reaches the terminal only through [Sanitise]: every
//     printing method calls it, so that no name, detail or file content moves
//     the cursor, changes colours, or reorders what it stands beside. The only
//     escape sequences written are this package's own styles.
//   - Colours and progress appear on a terminal only, and colours not when the
//     user declined them.
//   - An error shows its code, layer and request id, never its cause and never
//     a token.
//
// It reads no environment and starts no goroutine.
package ui

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// Format is the form of data on Out.
type Format string

// The formats.
const (
	Table Format = "table"
	JSON  Format = "json"
)

// ParseFormat reads the value of -o.
func ParseFormat(s string) (Format, error) {
	switch f := Format(s); f {
	case Table, JSON:
		return f, nil
	}
	return "", Usage("-o is table or json, not %q", s)
}

const (
	plainWidth = 80  // of what is not a terminal
	minWidth   = 40  // below this nothing can be laid out
	maxWidth   = 120 // longer lines are hard to read
)

// Options describe where output goes.
type Options struct {
	Out, Err       io.Writer
	OutTTY, ErrTTY bool
	NoColor        bool // NO_COLOR is set, or TERM is dumb
	Width          int  // columns of the terminal; 0 where there is none
	Format         Format
	Now            func() time.Time
	// Names, if set, puts names into what a server wrote with identifiers:
	// the reason and the fix of an error.
	Names func(text string) string
}

// Printer writes everything that a command has to say. It is safe for
// concurrent use.
type Printer struct {
	o     Options
	width int

	mu  sync.Mutex // guards both writers and bar
	bar *Progress  // the one on the last line of the terminal, or nil
}

// New returns a Printer.
func New(o Options) *Printer {
	if o.Format == "" {
		o.Format = Table
	}
	w := o.Width
	if w <= 0 {
		w = plainWidth
	}
	return &Printer{o: o, width: min(max(w, minWidth), maxWidth)}
}

// Terminal reports whether f is a terminal, and its width.
func Terminal(f *os.File) (tty bool, width int) {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return false, 0
	}
	w, _, err := term.GetSize(fd)
	if err != nil {
		w = 0
	}
	return true, w
}

// Format is the form of data that was chosen.
func (p *Printer) Format() Format { return p.o.Format }

// Show writes data: v as JSON, or the views for people.
func (p *Printer) Show(v any, views ...View) error {
	var text string
	if p.o.Format == JSON {
		data, err := EncodeJSON(v)
		if err != nil {
			return fmt.Errorf("encoding the answer: %w", err)
		}
		text = string(data)
	} else {
		s := style(p.o.OutTTY && !p.o.NoColor)
		for i, view := range views {
			b := view.render(s, p.width)
			if _, under := previous(views, i).(Heading); b != "" && text != "" && !under {
				text += "\n"
			}
			text += b
		}
	}
	return p.writeOut(text)
}

func previous(views []View, i int) View {
	if i == 0 {
		return nil
	}
	return views[i-1]
}

// Note tells people something beside the data.
func (p *Printer) Note(format string, args ...any) {
	p.writeErr(wrap(Sanitise(fmt.Sprintf(format, args...)), p.width, "") + "\n")
}

// Warn is a note that must not be overlooked.
func (p *Printer) Warn(format string, args ...any) {
	s := p.errStyle()
	p.writeErr(s.paint(yellow, "warning:") + " " + indentAfter(wrap(Sanitise(fmt.Sprintf(format, args...)), p.width-9, ""), 9) + "\n")
}

func (p *Printer) errStyle() style { return style(p.o.ErrTTY && !p.o.NoColor) }

func (p *Printer) writeOut(text string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.eraseBar()
	_, err := io.WriteString(p.o.Out, text)
	p.drawBar()
	if err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}

// writeErr has nowhere to report to: a broken stderr is nobody's to hear of.
func (p *Printer) writeErr(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.eraseBar()
	_, _ = io.WriteString(p.o.Err, text)
	p.drawBar()
}

// style says whether colours are used.
type style bool

type colour string

const (
	bold    colour = "1"
	dim     colour = "2"
	red     colour = "31"
	green   colour = "32"
	yellow  colour = "33"
	boldRed colour = "1;31"
)

// paint wraps text, which is sanitised already, in a colour.
func (s style) paint(c colour, text string) string {
	if !s || text == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}
