package worker

import (
	"context"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/service"
)

// event is what will be said of a call whose proof was verified: of the capability,
// which says whose it is.
func (w *Worker) event(g captoken.Grant, object blob.Key, requestID string) audit.Event {
	name := g.ServiceName().String()
	if name == "" {
		name = service.Any // a list of credentials
	}
	return audit.Event{
		ID: jose.NewID(), Time: w.env.Now(), Emitter: w.name, RequestID: requestID,
		Operator: g.Operator(), Actor: g.Actor(), Device: g.Device(), Class: g.Class(), Op: g.Op(),
		Service: name, ObjectKey: object.String(), Epoch: g.Epoch(),
	}
}

// tell makes a decision known. What changes storage waits for the disk first. What
// only reads waits before it answers: the object and its data key, whose release the
// signer tells itself, are fetched meanwhile.
func (w *Worker) tell(ctx context.Context, a service.Action, e audit.Event) (durable func() error, err error) {
	durable, err = w.p.Audit.Allowing(ctx, e)
	if err != nil || !a.Mutates {
		return durable, err
	}
	return func() error { return nil }, durable()
}

// Done is the end of every handler behind a [Policy]: it answers when the decision's
// event is durable, and lets the handler's end be known as its outcome, which follows
// the answer and for which nothing waits.
func Done[In, Body, Out any](w *Worker, f func(context.Context, Granted[In], Body) (Out, error)) func(context.Context, Granted[In], Body) (Out, error) {
	return func(ctx context.Context, g Granted[In], body Body) (Out, error) {
		out, err := f(ctx, g, body)
		if lost := g.durable(); lost != nil {
			if secret, ok := any(out).(interface{ Destroy() }); ok {
				secret.Destroy()
			}
			var nothing Out
			return nothing, lost
		}
		w.p.Audit.Outcome(g.Event, err)
		return out, err
	}
}
