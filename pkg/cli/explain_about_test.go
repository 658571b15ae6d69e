package cli

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

func eventWith(id string, o omni.Operator, result audit.Result, code apierr.Code) auditEvent {
	return auditEvent{Record: journal.Record{Event: audit.Event{RequestID: id, Operator: o, Emitter: "cred", Op: "fetch", Result: result, Code: code}}}
}

// TestExplainedEventsAreAboutTheRequest: a host that answers for another request, or
// for another operator, is not believed.
func TestExplainedEventsAreAboutTheRequest(t *testing.T) {
	mine, theirs := omni.OperatorOfWallet([20]byte{1}), omni.OperatorOfWallet([20]byte{2})
	for name, c := range map[string]struct {
		events []auditEvent
		sound  bool
	}{
		"both":             {[]auditEvent{eventWith("R", mine, audit.Allowed, ""), eventWith("R", mine, audit.Completed, "")}, true},
		"none":             {nil, true},
		"another request":  {[]auditEvent{eventWith("R", mine, audit.Allowed, ""), eventWith("S", mine, audit.Completed, "")}, false},
		"another operator": {[]auditEvent{eventWith("R", theirs, audit.Allowed, "")}, false},
	} {
		if err := areAbout(c.events, "R", mine); (err == nil) != c.sound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDecidingEvent: what became of a request says more than that it was allowed.
func TestDecidingEvent(t *testing.T) {
	o := omni.OperatorOfWallet([20]byte{1})
	allowed, failed := eventWith("R", o, audit.Allowed, ""), eventWith("R", o, audit.Failed, apierr.StorageDenied)
	if got := deciding([]auditEvent{allowed, failed}); got.Event.Result != audit.Failed {
		t.Errorf("%+v", got)
	}
	if got := deciding([]auditEvent{allowed}); got.Event.Result != audit.Allowed {
		t.Errorf("%+v", got)
	}
}

// TestRememberedRefusalsAreNotBelievedBlindly: the single checks are told where the
// table agrees with what the host said; otherwise what it said is all there is.
func TestRememberedRefusalsAreNotBelievedBlindly(t *testing.T) {
	for name, c := range map[string]struct {
		answering apierr.Layer
		op        string
		code      apierr.Code
		by        apierr.Layer
		command   string
	}{
		"the broker":                   {apierr.LayerMint, "fetch", apierr.ServiceNotInScope, apierr.LayerMint, "cred fetch"},
		"the worker":                   {apierr.LayerWorker, "store", apierr.CapUsed, apierr.LayerWorker, "cred store"},
		"the signer, through a worker": {apierr.LayerWorker, "fetch", apierr.DeviceRevoked, apierr.LayerSigner, "run"},
		"the audit role":               {apierr.LayerAudit, "", apierr.OperatorMismatch, apierr.LayerAudit, "audit list"},
	} {
		e := apierr.New(c.code, "x")
		e.Layer = c.by
		p := e.Problem(c.answering, c.op, "R")
		r := remembered{home.Refusal{Code: p.Code, Layer: p.Layer, Layers: p.Layers, Check: p.Check, Command: c.command}}
		if got := r.knowledge(); got.Layers != p.Layers || len(got.Checks) == 0 {
			t.Errorf("%s: %+v", name, got)
		}
		r.Layers.Bucket = apierr.Decided
		if got := r.knowledge(); got.Layers != r.Layers || len(got.Checks) != 0 {
			t.Errorf("%s, contradicting itself: %+v", name, got)
		}
	}
}
