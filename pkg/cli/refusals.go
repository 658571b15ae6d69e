package cli

import (
	"errors"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
)

// explaining is the command that must not have itself to explain.
const explaining = "explain"

// keepRefusal keeps what a host refused, so that explain finds it, and reports whether
// it did. It makes no state directory, and a full disk must not hide the refusal.
func (p *program) keepRefusal(err error, path []*cli.Command) bool {
	var remote *api.RemoteError
	if !errors.As(err, &remote) || p.dir == nil || len(path) > 0 && path[0].Name == explaining || !audit.IsRequestID(remote.RequestID) {
		return false
	}
	f := ui.Explain(err)
	r := home.Refusal{
		RequestID: f.RequestID, Time: p.Now().UTC(), Code: f.Code, Layer: f.Layer, Why: f.Why, Fix: f.Fix, Layers: f.Layers, Check: f.Check,
	}
	for _, c := range path {
		r.Command = strings.TrimSpace(r.Command + " " + c.Name)
	}
	if len(p.keys) == 1 {
		for name := range p.keys {
			r.As = name
		}
	}
	return p.dir.Remember(r) == nil
}

// hintExplain names the command where the refusal says too little by itself: a
// denial that no command mends.
func (p *program) hintExplain(err error) {
	if f := ui.Explain(err); f.Exit == ui.ExitDenied && f.Fix == "" && !p.wantsJSON() {
		p.note("more: %s", p.command("agentkeys "+explaining))
	}
}
