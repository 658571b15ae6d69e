package ui

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxText bounds what one piece of text from outside may take of the
	// screen.
	maxText = 4096
	// maxMarks is how many combining marks a letter may carry; real scripts
	// need two or three, more climb over the neighbouring lines.
	maxMarks = 3
)

// Sanitise makes text from outside harmless on a terminal and keeps it on one
// line: control characters (escape sequences begin with one), line and
// paragraph separators, bidirectional overrides, zero-width and other invisible
// characters and invalid UTF-8 become visible \-escapes. Everything that
// unicode calls printable stays as it is.
func Sanitise(s string) string {
	if len(s) > maxText {
		s = s[:cut(s, maxText)] + "…"
	}
	if plain(s) {
		return s
	}
	var b strings.Builder
	marks := 0
	for i, r := range s {
		if unicode.Is(unicode.M, r) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteByte(' ')
		case shown(r) && marks <= maxMarks:
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// shown reports whether a rune takes visible room and nothing else. Unicode
// files some invisible ones under letters and symbols.
func shown(r rune) bool {
	switch r {
	case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0:
		return false
	}
	variation := r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF || r >= 0x180B && r <= 0x180F
	return unicode.IsPrint(r) && !variation
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// cut is the last boundary between runes at or before n.
func cut(s string, n int) int {
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// compactJWS looks like a signed token: three base64url parts, the first of
// them a JSON object.
var compactJWS = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*`)

// redact takes tokens out of an error's text. None should be in it; this is
// the second lock.
func redact(s string) string { return compactJWS.ReplaceAllString(s, "[redacted]") }
