package cli

import (
	"context"
	"errors"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
)

// lookTime bounds the look for the event of a refusal that is remembered anyway.
const lookTime = 5 * time.Second

func (p *program) explainCommand() *cli.Command {
	return &cli.Command{
		Name: explaining, Usage: "say why a request was refused, layer by layer", Category: categoryAgent,
		UsageText: "explain [REQUEST]",
		Description: `Four layers keep actor and data class apart: the broker, which mints; the worker, which verifies all of it again, with its signer; the cloud's decision on the tags of the storage session; and the one bucket and role of the class. This says which of them a request passed, which decided, which were not reached, and what helps.

REQUEST is the identifier that stands in the refusal. Without one it is the newest refusal that this machine saw; the last 20 are remembered. Every other one is looked for in the journal of the caller's own operator, where refusals stand from the proof on: an operator sees all of them, an agent those about itself.

Examples:
  agentkeys explain
  agentkeys explain 7K2MJ6FPYHU4DIAFDNLGPC5VHE -o json`,
		Action: func(c *cli.Context) error {
			if c.Args().Len() > 1 {
				return usage("explain takes one identifier of a request, or none for the newest refusal")
			}
			id := c.Args().First()
			if c.Args().Present() && !audit.IsRequestID(id) {
				return usage("a request is named by 1 to 64 letters, digits, - and _, as its refusal names it after \"request\"")
			}
			return p.explain(c.Context, id)
		},
	}
}

// explain looks at this machine first, then into the journal.
func (p *program) explain(ctx context.Context, id string) error {
	d, err := p.home()
	if err != nil {
		return err
	}
	told, here := recall(d.Refusals(), id)
	switch {
	case here && told.knowledge().Told:
		// The event says what was asked for; without it the answer says why.
		look, cancel := context.WithTimeout(ctx, lookTime)
		defer cancel()
		if p.global.as == "" {
			p.global.as = told.As
		}
		if events, err := p.eventsOf(look, told.RequestID); err == nil {
			return p.showExplained(p.explained(told, events))
		}
		return p.showExplained(p.explained(told, nil))
	case here:
		return p.showExplained(p.explained(told, nil))
	case id == "":
		return ui.WithFix(errors.New("no host has refused anything to this machine, as far as it remembers"), "agentkeys audit list --result denied")
	}
	events, err := p.eventsOf(ctx, id)
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return ui.WithFix(apierr.New(apierr.NotFound, "no request %s is known here: this machine does not remember its refusal, and the journal has no event of it that this identity may see. It is another's; or it was refused before session and proof were verified, which only the host's log tells; or it is one of many alike that are counted under the first of them; or its event is still on its way", id),
			"agentkeys audit list --result denied --since 1h")
	}
	x := p.explained(remembered{}, events)
	e := deciding(events).Event
	x.withLimit(e, p.limit(ctx, e), p.Now())
	return p.showExplained(x)
}

// eventsOf are the events of a request that the identity may see.
func (p *program) eventsOf(ctx context.Context, id string) ([]auditEvent, error) {
	r, err := p.reading(ctx)
	if err != nil {
		return nil, err
	}
	got, err := r.caller.AuditEvents(ctx, api.AuditQuery{Request: id})
	if err != nil {
		return nil, explainAudit(err)
	}
	events, err := readEvents(got.Events)
	if err != nil {
		return nil, err
	}
	return events, areAbout(events, id, r.op)
}

// areAbout refuses events that were not asked for: what a host shows is explained
// as somebody's own.
func areAbout(events []auditEvent, id string, o omni.Operator) error {
	for _, e := range events {
		if e.Event.RequestID != id || e.Event.Operator != o {
			return errors.New("the audit role answers with events of another request than was asked for")
		}
	}
	return nil
}

// recall finds a refusal by its request, or the newest.
func recall(all []home.Refusal, id string) (remembered, bool) {
	for i := len(all) - 1; i >= 0; i-- {
		if id == "" || all[i].RequestID == id {
			return remembered{all[i]}, true
		}
	}
	return remembered{}, false
}
