package cli

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
)

// TestChecklistsNameThisProgram: what to type has the form in which the program was
// started, in every checklist; the first is how it is named in PATH.
func TestChecklistsNameThisProgram(t *testing.T) {
	for self, want := range map[string]string{
		"agentkeys": "agentkeys", "./bin/agentkeys": "./bin/agentkeys", "/opt/ak/agentkeys": "/opt/ak/agentkeys",
		"/tmp/go-build1/b001/exe/agentkeys": "go run .",
	} {
		p := newProgram(Process{Args: []string{self}, Now: time.Now})
		var err error
		if p.dir, err = home.Open(filepath.Join(t.TempDir(), "home"), time.Now); err != nil {
			t.Fatal(err)
		}
		fixes := 0
		for _, v := range p.reportViews(auditproof.Report{}, true) {
			l, _ := v.(ui.Checklist)
			for _, c := range l {
				if c.Fix == "" {
					continue
				}
				if fixes++; c.Fix != want+" audit verify --all --emitters FILE, with a copy that you keep" {
					t.Errorf("%s: %q", self, c.Fix)
				}
			}
		}
		if fixes != 1 {
			t.Errorf("%s: %d fixes", self, fixes)
		}
		before := ui.Checklist{{Name: "x", Detail: "none; agentkeys doctor", Fix: "agentkeys init"}}
		if got := p.inChecks(before); got[0].Detail != "none; "+want+" doctor" || got[0].Fix != want+" init" || strings.Contains(before[0].Fix, "/") {
			t.Errorf("%s: %+v, of %+v", self, got, before)
		}
	}
}
