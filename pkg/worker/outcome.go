package worker

import (
	"context"
	"sync"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/keys"
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
		ID: audit.NewID(), Time: w.env.Now(), Emitter: w.name, RequestID: requestID,
		Operator: g.Operator(), Actor: g.Actor(), Device: g.Device(), Class: g.Class(), Op: g.Op(),
		Service: name, ObjectKey: object.String(), Epoch: g.Epoch(),
	}
}

// tell makes a decision known. What changes storage waits for the disk first. What
// only reads may look for its object meanwhile; its data key and its answer wait.
func (w *Worker) tell(ctx context.Context, a service.Action, e audit.Event) (durable func() error, err error) {
	durable, err = w.p.Audit.Allowing(ctx, e)
	if err != nil {
		return nil, err
	}
	durable = sync.OnceValue(durable)
	if a.Mutates {
		err = durable()
	}
	return durable, err
}

// after are data keys that are asked for after something, which may refuse.
type after struct {
	keys.DataKeys
	something func() error
}

// New implements keys.DataKeys.
func (a after) New(ctx context.Context, r keys.Request) (keys.DEK, keys.Wrapped, error) {
	if err := a.something(); err != nil {
		return keys.DEK{}, keys.Wrapped{}, err
	}
	return a.DataKeys.New(ctx, r)
}

// Unwrap implements keys.DataKeys.
func (a after) Unwrap(ctx context.Context, r keys.Request, w keys.Wrapped) (keys.DEK, error) {
	if err := a.something(); err != nil {
		return keys.DEK{}, err
	}
	return a.DataKeys.Unwrap(ctx, r, w)
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
