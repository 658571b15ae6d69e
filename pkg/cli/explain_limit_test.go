package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// TestLimitFromTheJournal: what the grant says, and nothing that nobody knows.
func TestLimitFromTheJournal(t *testing.T) {
	github, err := service.Parse("github")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2027, 1, 31, 9, 30, 0, 0, time.UTC)
	e := audit.Event{
		Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2}), Emitter: "broker", Time: at,
		Class: service.Credentials, Op: service.OpFetch, Service: "github", Result: audit.Denied, Code: apierr.ScopeLimitReached,
	}
	agent := "agentkeys scope set --agent " + e.Actor.String() + " --service github --ops read,list"
	show := "agentkeys scope show --agent " + e.Actor.String()
	grant := func(perPeriod, seconds, total uint32) *chain.Grant {
		return &chain.Grant{Service: github, Ops: service.Read | service.List, MaxPerPeriod: perPeriod, PeriodSeconds: seconds, MaxTotal: total}
	}
	until := func(end time.Time) *chain.Grant {
		g := grant(5, 3600, 0)
		g.ExpiresAt = uint64(end.Unix())
		return g
	}
	now := at.Add(15 * time.Minute)
	for name, c := range map[string]struct {
		g                         *chain.Grant
		which                     authority.Limit
		words, resets, fix, helps string
	}{
		"no answer":     {nil, "", "", "", show, ""},
		"per period":    {grant(5, 3600, 0), authority.PerPeriod, "5 per hour", "in 15 min (2027-01-31 10:00:00 UTC)", agent + " --max-per-period N --period 1h", ""},
		"in all":        {grant(0, 0, 9), authority.InAll, "9 in all", "never: what was used stays used until the operator grants anew", agent + " --max-total N", ""},
		"both":          {grant(5, 3600, 9), "", "5 per hour, 9 in all; the journal does not say which was reached", "the one per period in 15 min (2027-01-31 10:00:00 UTC), the other never", agent + " --max-per-period N --period 1h --max-total N", ""},
		"none any more": {grant(0, 0, 0), "", "none any more: the grant was changed since", "", "", "run the command again"},
		"it ends":       {until(now.Add(time.Second)), authority.PerPeriod, "5 per hour", "in 15 min (2027-01-31 10:00:00 UTC)", agent + " --max-per-period N --period 1h --expires 2027-01-31T09:45:01Z", ""},
		"it has ended":  {until(now), "", "the grant has expired since", "", show, ""},
		"no grant":      {&chain.Grant{}, "", "there is no such grant any more", "", show, ""},
	} {
		var x explanation
		x.fromEvent(e, apierr.Explanation{}, false)
		x.withLimit(e, c.g, now)
		if got := x.Limit.String(); got != c.words {
			t.Errorf("%s: limit %q", name, got)
		}
		if got := x.Limit.resets(now); got != c.resets {
			t.Errorf("%s: resets %q", name, got)
		}
		if x.Fix != c.fix || x.Helps != c.helps || x.Limit != nil && x.Limit.Which != c.which {
			t.Errorf("%s: fix %q, helps %q, %+v", name, x.Fix, x.Helps, x.Limit)
		}
		if strings.Contains(x.Fix, "DURATION") {
			t.Errorf("%s: %q", name, x.Fix)
		}
	}
}
