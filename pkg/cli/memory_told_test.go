package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/service"
)

// TestOnlyThisProgramKnowsWhatItSaw: a host that answers with a code of the command
// line is not believed to know it, and nobody is told to accept what it says.
func TestOnlyThisProgramKnowsWhatItSaw(t *testing.T) {
	s, err := service.MemoryNamespace("notes")
	if err != nil {
		t.Fatal(err)
	}
	k, err := service.ParseMemoryKey("plan")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []apierr.Code{apierr.MemoryGone, apierr.MemoryRolledBack} {
		own := ui.Explain(rolledBack(apierr.New(code, "seen"), s, k))
		if own.Exit != ui.ExitDenied || !strings.Contains(own.Fix, "--accept-rollback") || own.Code != code {
			t.Errorf("%s: %+v", code, own)
		}
		host := fmt.Errorf("doing: %w", &api.RemoteError{Problem: apierr.Problem{Code: code, Status: 404, Detail: "seen"}})
		if told := ui.Explain(rolledBack(host, s, k)); told.Exit != ui.ExitRemote || told.Fix != "" {
			t.Errorf("%s, by a host: %+v", code, told)
		}
	}
}
