package cred

import (
	"context"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/service"
)

const emitter = "cred"

// event is what will be said of a call whose proof was verified: of the capability,
// which says whose it is.
func (w *Worker) event(g captoken.Grant, requestID string) audit.Event {
	name := g.ServiceName().String()
	if name == "" {
		name = service.Any // a list
	}
	return audit.Event{
		ID: jose.NewID(), Time: w.env.Now(), Emitter: emitter, RequestID: requestID,
		Operator: g.Operator(), Actor: g.Actor(), Device: g.Device(), Class: g.Class(), Op: g.Op(),
		Service: name, ObjectKey: blob.CredentialKey(g.Actor(), g.ServiceName()).String(), Epoch: g.Epoch(),
	}
}

// done lets a handler's end be known as the outcome of the decision. It follows the
// answer, and nothing waits for it.
func done[In, Out any](w *Worker, f func(context.Context, granted, In) (Out, error)) func(context.Context, granted, In) (Out, error) {
	return func(ctx context.Context, g granted, in In) (Out, error) {
		out, err := f(ctx, g, in)
		w.audit.Outcome(g.event, err)
		return out, err
	}
}
