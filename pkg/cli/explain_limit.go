package cli

import (
	"context"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/store"
)

// limitWords is what is known of a limit that was reached. The event does not say
// which it was; the grant stands on chain, as it is now.
type limitWords struct {
	MaxPerPeriod  uint32 `json:"max_per_period,omitzero"`
	PeriodSeconds uint32 `json:"period_seconds,omitzero"`
	MaxTotal      uint32 `json:"max_total,omitzero"`
	// Which is "period" or "total"; empty where the grant has both.
	Which authority.Limit `json:"which,omitzero"`
	// ResetsAt is when the period of the refusal ends; a total never resets.
	ResetsAt time.Time `json:"resets_at,omitzero"`

	words string
}

// limit asks the chain for the grant of a refusal that the journal alone tells of; nil
// for every other, and where the chain gives no answer.
func (p *program) limit(ctx context.Context, e audit.Event) *chain.Grant {
	if e.Code != apierr.ScopeLimitReached {
		return nil
	}
	ch, err := p.chainClient()
	if err != nil {
		return nil
	}
	look, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	grants, _, err := ch.Scope(look, e.Operator, e.Actor)
	if err != nil {
		return nil
	}
	for _, g := range grants {
		if g.Service.String() == e.Service {
			return &g
		}
	}
	return &chain.Grant{}
}

// withLimit adds what the grant says now to what the event does; nil: nothing is known.
func (x *explanation) withLimit(e audit.Event, g *chain.Grant, now time.Time) {
	if g == nil {
		return
	}
	l := limitWords{MaxPerPeriod: g.MaxPerPeriod, PeriodSeconds: g.PeriodSeconds, MaxTotal: g.MaxTotal, words: limits(*g)}
	l.ResetsAt = store.Limits{MaxPerPeriod: g.MaxPerPeriod, PeriodSeconds: g.PeriodSeconds}.ResetsAt(e.Time).UTC()
	switch {
	case g.Ops == 0:
		l.words = "there is no such grant any more"
	case g.ExpiresAt != 0 && now.Unix() >= int64(g.ExpiresAt):
		// Waiting for its period helps nobody, and its end cannot be granted again.
		x.Limit = &limitWords{words: "the grant has expired since"}
		return
	case g.MaxPerPeriod == 0 && g.MaxTotal == 0:
		l.words = "none any more: the grant was changed since"
		x.Fix, x.Helps = "", "run the command again"
	case g.MaxTotal == 0:
		l.Which = authority.PerPeriod
	case g.MaxPerPeriod == 0:
		l.Which, l.ResetsAt = authority.InAll, time.Time{}
	default:
		l.words += "; the journal does not say which was reached"
	}
	x.Limit = &l
	if g.MaxPerPeriod != 0 || g.MaxTotal != 0 {
		x.Fix = authority.Fix(e.Code, authority.Subject{Operator: e.Operator, Actor: e.Actor, Grant: *g, Reached: l.Which})
	}
}

// resets is when waiting helps.
func (l *limitWords) resets(now time.Time) string {
	switch {
	case l == nil || l.MaxPerPeriod == 0 && l.MaxTotal == 0:
		return ""
	case l.Which == authority.InAll:
		return "never: what was used stays used until the operator grants anew"
	case l.Which == authority.PerPeriod:
		return ui.When(l.ResetsAt, now)
	}
	return "the one per period " + ui.When(l.ResetsAt, now) + ", the other never"
}

// String is the limit in words, empty where nothing is known.
func (l *limitWords) String() string {
	if l == nil {
		return ""
	}
	return l.words
}
