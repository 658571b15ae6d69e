package cli

import (
	"slices"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
)

// explanation is what is told of a request.
type explanation struct {
	RequestID string       `json:"request_id"`
	Result    audit.Result `json:"result"`
	Code      apierr.Code  `json:"code,omitzero"`
	Layer     apierr.Layer `json:"layer,omitzero"`
	// Role is who answered, as its event says; Command is what this machine typed.
	Role    string     `json:"role,omitzero"`
	Command string     `json:"command,omitzero"`
	Op      string     `json:"op,omitzero"`
	Service string     `json:"service,omitzero"`
	Actor   omni.Actor `json:"actor_omni,omitzero"`
	Event   string     `json:"event,omitzero"`
	Time    time.Time  `json:"time"`
	Why     string     `json:"why,omitzero"`
	Fix     string     `json:"fix,omitzero"`
	// Limit is the grant's, of a refusal that the journal alone tells of.
	Limit *limitWords `json:"limit,omitzero"`
	// Helps is what helps in general, where no command is known to mend it.
	Helps  string           `json:"helps,omitzero"`
	Layers apierr.Layers    `json:"layers"`
	Check  apierr.Check     `json:"check,omitzero"`
	Checks []apierr.Checked `json:"checks,omitzero"`

	who string // in words
}

// remembered is a refusal that this machine saw.
type remembered struct{ home.Refusal }

// knowledge is what the table says of the refusal, where it agrees with what the
// host said; otherwise what the host said is all there is.
func (r remembered) knowledge() apierr.Explanation {
	said := apierr.Explanation{Layers: r.Layers, Check: r.Check}
	for _, answering := range []apierr.Layer{apierr.LayerMint, apierr.LayerWorker, apierr.LayerSigner, apierr.LayerAudit} {
		for _, op := range []string{r.op(), "fetch", "store", ""} {
			e := apierr.Explain(apierr.Asked{Answering: answering, Op: op, Code: r.Code, By: r.Layer})
			if e.Check != "" && e.Layers == r.Layers && e.Check == r.Check && answered(answering, r.Layer) {
				return e
			}
		}
	}
	return said
}

// answered: the layer of a refusal is the answering role's own, or none that
// answers by itself; a worker passes its signer's on.
func answered(answering, named apierr.Layer) bool {
	switch named {
	case apierr.LayerMint, apierr.LayerWorker, apierr.LayerAudit:
		return answering == named
	case apierr.LayerSigner:
		return answering == apierr.LayerSigner || answering == apierr.LayerWorker
	}
	return true
}

// op is the last word of the command.
func (r remembered) op() string { return r.Command[strings.LastIndexByte(r.Command, ' ')+1:] }

// explained puts together what this machine remembers of a request and what stands
// in the journal; one of them is there.
func (p *program) explained(r remembered, events []auditEvent) explanation {
	out := explanation{
		RequestID: r.RequestID, Result: audit.Denied, Code: r.Code, Layer: r.Layer, Command: r.Command, Time: r.Time, Why: r.Why, Fix: r.Fix, who: r.As,
	}
	known := r.knowledge()
	if len(events) > 0 {
		known = out.fromEvent(deciding(events).Event, known, r.Code != "")
		out.who = p.eventActor(deciding(events).Event)
	}
	out.Layers, out.Check, out.Checks = known.Layers, known.Check, known.Checks
	if out.Fix == "" {
		out.Helps = apierr.Helps(out.Code)
	}
	return out
}

// deciding is the event that says how the request ended: what became of it, if
// that is known, else the first decision.
func deciding(events []auditEvent) auditEvent {
	for _, e := range slices.Backward(events) {
		if e.Event.Result == audit.Failed || e.Event.Result == audit.Completed {
			return e
		}
	}
	return events[0]
}

// fromEvent adds what the event knows; what the host said to this machine stands.
func (x *explanation) fromEvent(e audit.Event, known apierr.Explanation, said bool) apierr.Explanation {
	x.RequestID, x.Result, x.Role, x.Op, x.Service, x.Actor, x.Event, x.Time = e.RequestID, e.Result, e.Emitter, string(e.Op), e.Service, e.Actor, e.ID, e.Time
	if said {
		return known
	}
	asked := apierr.Asked{Answering: answering(e.Emitter), Op: string(e.Op), Code: e.Code, After: e.Result == audit.Failed || e.Result == audit.Completed}
	x.Code = e.Code
	if def, ok := apierr.Lookup(e.Code); ok {
		x.Why = def.Title
		x.Fix = authority.Fix(e.Code, authority.Subject{Operator: e.Operator, Actor: e.Actor, Service: e.Service, Class: e.Class, Op: e.Op})
		if x.Layer = def.Layer; x.Layer == apierr.LayerAnswering {
			x.Layer = asked.Answering
		}
	}
	return apierr.Explain(asked)
}

// answering is the layer of a role. What is neither of the three is a worker.
func answering(emitter string) apierr.Layer {
	switch emitter {
	case "broker":
		return apierr.LayerMint
	case "signer":
		return apierr.LayerSigner
	case audit.EmitterAgent, audit.EmitterOperator, "audit":
		return apierr.LayerAudit
	}
	return apierr.LayerWorker
}

// showExplained is one screen.
func (p *program) showExplained(x explanation) error {
	refused, why := "", x.Why
	if x.Code != "" {
		refused = string(x.Code)
		if x.Layer != "" {
			refused += " by " + string(x.Layer)
		}
	} else {
		why = "nothing refused it"
	}
	asked := strings.TrimSpace(x.Op + " " + x.Service)
	if asked == "" {
		asked = x.Command
	}
	facts := ui.Facts{
		{Key: "request", Value: x.RequestID},
		{Key: "time", Value: ui.When(x.Time, p.Now())},
		{Key: "asked", Value: asked},
		{Key: "who", Value: x.who},
		{Key: "result", Value: string(x.Result)},
		{Key: "refused", Value: refused},
		{Key: "why", Value: p.inText(why)},
		{Key: "limit", Value: x.Limit.String()},
		{Key: "resets", Value: x.Limit.resets(p.Now())},
		{Key: "fix", Value: p.inText(x.Fix)},
		{Key: "helps", Value: p.inText(x.Helps)},
	}
	return p.print(x, facts, x.marks(), x.checks())
}

// marks are the four layers.
func (x explanation) marks() ui.Marks {
	mark := func(name string, r apierr.Reach) ui.Mark {
		m := ui.Mark{Name: name, Passed: r == apierr.Passed, Decided: r == apierr.Decided}
		if m.Decided {
			m.Detail = string(x.Check)
		}
		return m
	}
	return ui.Marks{
		mark("1 broker mint", x.Layers.Mint), mark("2 worker and signer", x.Layers.Worker),
		mark("3 cloud IAM", x.Layers.IAM), mark("4 bucket and role", x.Layers.Bucket),
	}
}

// checks are the single ones, in their order.
func (x explanation) checks() ui.Facts {
	names := map[apierr.Reach][]string{}
	for _, c := range x.Checks {
		name := string(c.Check)
		if c.By == apierr.LayerSigner {
			name = "signer's " + name
		}
		if c.Reach == apierr.Decided {
			name += ": " + c.Check.Asks()
		}
		names[c.Reach] = append(names[c.Reach], name)
	}
	return ui.Facts{
		{Key: "passed", Value: strings.Join(names[apierr.Passed], ", ")},
		{Key: "decided", Value: strings.Join(names[apierr.Decided], ", ")},
		{Key: "not reached", Value: strings.Join(names[apierr.NotReached], ", ")},
	}
}
