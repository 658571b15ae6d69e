package audittest

import (
	"context"

	"github.com/litentry/agentkeys/pkg/audit"
)

// TwoParts is a sink whose events are durable some time after they began, as those
// of a spool are. Each part asks the test, which may refuse; nil: it does not. They
// must be safe for concurrent use.
type TwoParts struct{ Begun, Durable func(audit.Event) error }

var _ audit.Sink = TwoParts{}

// Begin is the first part; wait is the second one.
func (s TwoParts) Begin(_ context.Context, e audit.Event) (wait func() (receipt string, err error), err error) {
	if err := ask(s.Begun, e); err != nil {
		return nil, err
	}
	return func() (string, error) {
		if err := ask(s.Durable, e); err != nil {
			return "", err
		}
		return Receipt(e), nil
	}, nil
}

// Emit implements audit.Sink: both parts.
func (s TwoParts) Emit(ctx context.Context, e audit.Event) (string, error) {
	wait, err := s.Begin(ctx, e)
	if err != nil {
		return "", err
	}
	return wait()
}

func ask(f func(audit.Event) error, e audit.Event) error {
	if f == nil {
		return nil
	}
	if err := f(e); err != nil {
		return audit.Unavailable(err)
	}
	return nil
}
