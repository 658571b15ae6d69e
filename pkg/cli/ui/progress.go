package ui

import (
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	barCells = 24
	// redrawEvery bounds how often the bar is drawn: more is flicker.
	redrawEvery = 100 * time.Millisecond
)

// Progress is a bar on the last line of the terminal. Without a terminal it
// prints nothing. It is safe for concurrent use.
type Progress struct {
	p     *Printer
	label string
	total int64
	// The printer's mutex guards what follows.
	done  int64
	drawn time.Time
	began time.Time
}

// Progress begins a bar over total units of work; the printer shows one at a
// time.
func (p *Printer) Progress(label string, total int64) *Progress {
	b := &Progress{p: p, label: Sanitise(label), total: max(total, 1)}
	if !p.o.ErrTTY {
		return b
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.eraseBar()
	p.bar = b
	b.drawn = p.o.Now()
	b.began = b.drawn
	p.drawBar()
	return b
}

// Add says that n more units are done.
func (b *Progress) Add(n int64) {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	b.done = min(b.done+n, b.total)
	if b.p.bar != b {
		return
	}
	if now := b.p.o.Now(); b.done == b.total || now.Sub(b.drawn) >= redrawEvery {
		b.drawn = now
		b.p.eraseBar()
		b.p.drawBar()
	}
}

// Close takes the bar away. It may be called twice.
func (b *Progress) Close() {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	if b.p.bar == b {
		b.p.eraseBar()
		b.p.bar = nil
	}
}

// eraseBar and drawBar are called under mu, around every write.
func (p *Printer) eraseBar() {
	if p.bar != nil {
		_, _ = io.WriteString(p.o.Err, "\r\x1b[K")
	}
}

func (p *Printer) drawBar() {
	if p.bar == nil {
		return
	}
	b := p.bar
	full := int(b.done * barCells / b.total)
	cells := strings.Repeat("█", full) + strings.Repeat("░", barCells-full)
	percent := fmt.Sprintf(" %3d%%", b.done*100/b.total) + b.pace()
	label := shorten(b.label, p.width-barCells-len(percent)-3)
	_, _ = io.WriteString(p.o.Err, label+"  "+p.errStyle().paint(green, cells)+percent)
}

// paceAfter is how long a bar runs before it says how fast: earlier it would
// jump.
const paceAfter = time.Second

// pace is the rate and the time that is left, as far as they can be told.
func (b *Progress) pace() string {
	took := b.drawn.Sub(b.began)
	if took < paceAfter || b.done == 0 {
		return ""
	}
	rate := float64(b.done) / took.Seconds()
	left := time.Duration(float64(b.total-b.done) / rate * float64(time.Second)).Round(time.Second)
	return fmt.Sprintf("  %.0f/s  %s left", rate, left)
}
