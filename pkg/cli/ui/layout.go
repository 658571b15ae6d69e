package ui

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// columns is how many cells of a terminal the text takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) {
			continue
		}
		n++
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n++
		}
	}
	return n
}

func pad(s string, w int) string { return s + strings.Repeat(" ", max(0, w-columns(s))) }

func padLeft(s string, w int) string { return strings.Repeat(" ", max(0, w-columns(s))) + s }

// wrap breaks text at spaces so that no line is wider than w where a space
// allows it; a single word, such as an identifier, is never broken, so that it
// can be copied. Lines after the first begin with indent.
func wrap(s string, w int, indent string) string {
	var (
		lines []string
		line  string
	)
	for _, word := range strings.Fields(s) {
		switch {
		case line == "":
			line = word
		case columns(line)+1+columns(word) <= w:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return strings.Join(append(lines, line), "\n"+indent)
}

// indentAfter indents every line but the first.
func indentAfter(s string, n int) string {
	return strings.ReplaceAll(s, "\n", "\n"+strings.Repeat(" ", n))
}

// shorten cuts text to w cells with an ellipsis.
func shorten(s string, w int) string {
	if columns(s) <= w {
		return s
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n += columns(string(r)); n > w-1 {
			break
		}
		b.WriteRune(r)
	}
	return b.String() + "…"
}
