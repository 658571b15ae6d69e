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

// Done lets a handler's end be known as the outcome of the decision. It follows the
// answer, and nothing waits for it.
func Done[In, Body, Out any](w *Worker, f func(context.Context, Granted[In], Body) (Out, error)) func(context.Context, Granted[In], Body) (Out, error) {
	return func(ctx context.Context, g Granted[In], body Body) (Out, error) {
		out, err := f(ctx, g, body)
		w.p.Audit.Outcome(g.Event, err)
		return out, err
	}
}
