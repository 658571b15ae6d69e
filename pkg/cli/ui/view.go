package ui

import "strings"

// View is data laid out for people.
type View interface {
	// render returns whole lines, or nothing.
	render(s style, width int) string
}

// Rows is a table with a header. It turns into one block per row where the
// terminal is too narrow for it: identifiers are never cut.
type Rows struct {
	Header []string
	Rows   [][]string
	// Right aligns these columns (by index) to the right: numbers.
	Right []int
	// Wrap breaks the last column between words, under itself, before the table
	// turns into blocks: what is said there takes more than one line.
	Wrap bool
	// NoHeader leaves the header away: the rows go on with a table before them,
	// whose columns had at least the widths Min.
	NoHeader bool
	Min      []int
	// Empty is said instead of a table without rows, with Hint as what to type.
	Empty, Hint string
}

const (
	gap = "  "
	// wrapAt is how narrow a column may become whose text is wrapped.
	wrapAt = 14
)

func (t Rows) render(s style, width int) string {
	if len(t.Rows) == 0 {
		return t.renderEmpty(s)
	}
	header := make([]string, len(t.Header))
	for i, h := range t.Header {
		header[i] = strings.ToUpper(Sanitise(h))
	}
	widths := make([]int, len(header))
	rows := make([][]string, len(t.Rows))
	for i, h := range header {
		widths[i] = columns(h)
		if i < len(t.Min) {
			widths[i] = max(widths[i], t.Min[i])
		}
	}
	for r, row := range t.Rows {
		rows[r] = make([]string, len(header))
		for i := range min(len(row), len(header)) {
			rows[r][i] = Sanitise(row[i])
			widths[i] = max(widths[i], columns(rows[r][i]))
		}
	}
	total := len(gap) * (len(header) - 1)
	for _, w := range widths {
		total += w
	}
	last, left := len(header)-1, 0
	if last >= 0 {
		left = width - (total - widths[last])
	}
	switch {
	case total > width && t.Wrap && left >= wrapAt:
		indent := strings.Repeat(" ", width-left)
		for _, row := range rows {
			row[last] = wrap(row[last], left, indent)
		}
	case total > width:
		return t.renderBlocks(s, width, rows)
	}
	var b strings.Builder
	if !t.NoHeader {
		t.line(&b, s, bold, header, widths)
	}
	for _, row := range rows {
		t.line(&b, s, "", row, widths)
	}
	return b.String()
}

func (t Rows) line(b *strings.Builder, s style, c colour, cells []string, widths []int) {
	var line strings.Builder
	for i, cell := range cells {
		if i > 0 {
			line.WriteString(gap)
		}
		if t.right(i) {
			line.WriteString(padLeft(cell, widths[i]))
		} else {
			line.WriteString(pad(cell, widths[i]))
		}
	}
	text := strings.TrimRight(line.String(), " ")
	if c != "" {
		text = s.paint(c, text)
	}
	b.WriteString(text + "\n")
}

func (t Rows) right(column int) bool {
	for _, r := range t.Right {
		if r == column {
			return true
		}
	}
	return false
}

func (t Rows) renderBlocks(s style, width int, rows [][]string) string {
	blocks := make([]string, len(rows))
	for r, row := range rows {
		f := make(Facts, len(t.Header))
		for i, h := range t.Header {
			f[i] = Fact{Key: h, Value: row[i]}
		}
		blocks[r] = f.render(s, width)
	}
	return strings.Join(blocks, "\n")
}

func (t Rows) renderEmpty(s style) string {
	if t.Empty == "" {
		return ""
	}
	text := Sanitise(t.Empty) + "\n"
	if t.Hint != "" {
		text += s.paint(dim, "to begin:") + " " + Sanitise(t.Hint) + "\n"
	}
	return text
}

// Fact is one thing with its name.
type Fact struct{ Key, Value string }

// Facts are things with names, one per line; one without a value is left out.
type Facts []Fact

func (f Facts) render(s style, width int) string {
	keys := 0
	for _, x := range f {
		if x.Value != "" {
			keys = max(keys, columns(Sanitise(x.Key)))
		}
	}
	var b strings.Builder
	for _, x := range f {
		if x.Value == "" {
			continue
		}
		indent := strings.Repeat(" ", keys+len(gap))
		value := wrap(Sanitise(x.Value), width-len(indent), indent)
		b.WriteString(s.paint(dim, pad(strings.ToLower(Sanitise(x.Key)), keys)) + gap + value + "\n")
	}
	return b.String()
}

// Text is a paragraph.
type Text string

func (t Text) render(_ style, width int) string { return wrap(Sanitise(string(t)), width, "") + "\n" }

// Heading stands above the views that follow it.
type Heading string

func (h Heading) render(s style, _ int) string { return s.paint(bold, Sanitise(string(h))) + "\n" }

// Command is something to type, and what it does.
type Command struct{ Does, Line string }

// Commands are what to try next. Lines are not wrapped: they are to be copied.
type Commands []Command

func (c Commands) render(s style, _ int) string {
	var b strings.Builder
	for _, x := range c {
		if x.Does != "" {
			b.WriteString("  " + s.paint(dim, "# "+Sanitise(x.Does)) + "\n")
		}
		b.WriteString("  " + Sanitise(x.Line) + "\n")
	}
	return b.String()
}
