package ui_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/cli/ui"
)

func TestChecklist(t *testing.T) {
	l := ui.Checklist{
		{Name: "chain", Verdict: ui.Good, Detail: "block 12"},
		{Name: "recovery", Verdict: ui.Warn, Detail: strings.Repeat("word ", 20), Fix: "agentkeys device add"},
		{Name: "contracts", Verdict: ui.Fail, Detail: "\x1b[2Jgone"},
	}
	for n, want := range []ui.Verdict{ui.Good, ui.Good, ui.Warn, ui.Fail} {
		if got := l[:n].Worst(); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	var out bytes.Buffer
	if err := ui.New(ui.Options{Out: &out}).Show(nil, l); err != nil {
		t.Fatal(err)
	}
	const want = `ok    chain      block 12
warn  recovery   word word word word word word word word word word word word
                 word word word word word word word word
                 fix: agentkeys device add
fail  contracts  \x1b[2Jgone
`
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
	out.Reset()
	if err := ui.New(ui.Options{Out: &out, OutTTY: true}).Show(nil, l[:1]); err != nil || !strings.HasPrefix(out.String(), "\x1b[") {
		t.Errorf("%q, %v", out.String(), err)
	}
}
