package cli

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/cli/ui"
)

// TestProbeTidiesUp: what a probe may have left is taken away whenever it was not
// refused, silence and an interrupt included, and is named where that fails.
func TestProbeTidiesUp(t *testing.T) {
	want := refusal{"storage", 403, "AccessDenied"}
	for name, c := range map[string]struct {
		got     *refusal
		err     error
		undone  bool
		verdict ui.Verdict
	}{
		"refused":           {got: &want, verdict: ui.Good},
		"refused otherwise": {got: &refusal{"storage", 412, "PreconditionFailed"}, verdict: ui.Fail},
		"allowed":           {undone: true, verdict: ui.Fail},
		"silence":           {err: errors.New("nobody"), undone: true, verdict: ui.Fail},
	} {
		ctx, stop := context.WithCancel(t.Context())
		var x examination
		undone := false
		probe{
			name: "p", tried: "write", want: want,
			try: func(context.Context) (*refusal, error) { stop(); return c.got, c.err },
			undo: func(ctx context.Context) error {
				undone = ctx.Err() == nil
				return errors.New("k may lie there still")
			},
		}.run(ctx, &x)
		if undone != c.undone || len(x.list) != 1 || x.list[0].Verdict != c.verdict || strings.Contains(x.list[0].Detail, "; k may lie there still") != c.undone {
			t.Errorf("%s: undone %v, %+v", name, undone, x.list)
		}
	}
}
