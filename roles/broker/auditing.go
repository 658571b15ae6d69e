package broker

import (
	"context"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/service"
)

const emitter = "broker"

// The ops that the broker adds to those of capabilities.
const (
	opLogin       service.Op = "login"
	opWebIdentity service.Op = "web-identity"
)

// event is what will be said of a request behind session and proof. It stands in
// the journal of the session's operator and is about the session's actor, until the
// actor that the body names is known to be the caller's to speak for.
func (b *Broker) event(c caller, class service.Class, op service.Op) audit.Event {
	return audit.Event{
		ID: audit.NewID(), Time: b.env.Now(), Emitter: emitter, RequestID: c.RequestID,
		Operator: c.Operator(), Actor: c.Actor(), Device: c.Device(), Class: class, Op: op,
	}
}

// decided lets an answer out once it is known that it was allowed, and makes a
// refusal known: not in a journal of an operator that is not served, which anybody
// can register.
func decided[Out any](ctx context.Context, b *Broker, e audit.Event, out Out, err error) (Out, error) {
	if err == nil {
		if err = b.audit.Allowed(ctx, e); err == nil {
			return out, nil
		}
	} else if apierr.CodeOf(err) != apierr.OperatorNotServed {
		b.audit.Denied(ctx, e, err)
	}
	var none Out
	return none, err
}
