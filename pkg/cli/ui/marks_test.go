package ui

import (
	"strings"
	"testing"
)

func TestMarks(t *testing.T) {
	m := Marks{{Name: "1 one", Passed: true}, {Name: "2 second", Decided: true, Detail: "why\x1b[2J it is so eyJhbGciOiJub25lIn0.e30.x"}, {Name: "3"}}
	got := m.render(style(false), 80)
	want := "1 one     passed\n2 second  decided      why\\x1b[2J it is so [redacted]\n3         not reached\n"
	if got != want {
		t.Errorf("%q", got)
	}
	if got := m.render(style(true), 80); !strings.Contains(got, "\x1b[1;31mdecided") || !strings.Contains(got, "\x1b[32mpassed") {
		t.Errorf("%q", got)
	}
}
