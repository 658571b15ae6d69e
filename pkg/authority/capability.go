package authority

import (
	"context"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/service"
)

// AuthorizeCapability asks the chain again about a capability that was verified:
// what the broker saw may be minutes old. Workers and the signer decide here, so
// that they cannot disagree. A capability of an epoch that the chain has not
// reached is cap_epoch_ahead; the other refusals are those of Decide.
func AuthorizeCapability(ctx context.Context, v chain.View, g captoken.Grant, a service.Action, now time.Time) (Decision, error) {
	q := chain.Query{Operator: g.Operator(), Actor: g.Actor(), Device: g.Device()}
	return Authorize(ctx, v, q, func(p chain.Pair) (Decision, error) {
		d, err := Decide(p, Need{
			Operator: g.Operator(), Actor: g.Actor(), Device: g.Device(), Action: a, Service: g.ServiceName(), Now: now,
		})
		if err == nil && g.Epoch() > d.Epoch {
			err = apierr.New(apierr.CapEpochAhead, "the capability names key epoch %d, the chain is at %d", g.Epoch(), d.Epoch)
		}
		return d, err
	})
}
