package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// grantWords is one grant for people and programs.
type grantWords struct {
	Service       string    `json:"service"`
	Ops           string    `json:"ops"`
	MaxPerPeriod  uint32    `json:"max_per_period"`
	PeriodSeconds uint32    `json:"period_seconds"`
	MaxTotal      uint32    `json:"max_total"`
	ExpiresAt     time.Time `json:"expires_at,omitzero"`
	Limits        string    `json:"-"`
}

func inWords(grants []chain.Grant) []grantWords {
	out := make([]grantWords, 0, len(grants))
	for _, g := range grants {
		w := grantWords{
			Service: g.Service.String(), Ops: g.Ops.String(),
			MaxPerPeriod: g.MaxPerPeriod, PeriodSeconds: g.PeriodSeconds, MaxTotal: g.MaxTotal, Limits: limits(g),
		}
		if g.ExpiresAt != 0 && g.ExpiresAt <= lastInstant {
			w.ExpiresAt = time.Unix(int64(g.ExpiresAt), 0).UTC()
		}
		out = append(out, w)
	}
	return out
}

// maxRelative is how far off a moment is still easier to grasp as a distance.
const maxRelative = 100 * 24 * time.Hour

// lastInstant is the end of the year 9999, beyond which no date is written.
const lastInstant = 253402300799

func limits(g chain.Grant) string {
	var parts []string
	if g.MaxPerPeriod != 0 {
		parts = append(parts, fmt.Sprintf("%d per %s", g.MaxPerPeriod, duration(time.Duration(g.PeriodSeconds)*time.Second)))
	}
	if g.MaxTotal != 0 {
		parts = append(parts, fmt.Sprintf("%d in all", g.MaxTotal))
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func expiryInWords(unix uint64, now time.Time) string {
	switch {
	case unix == 0:
		return "never"
	case unix > lastInstant:
		return "at the end of time"
	}
	at := time.Unix(int64(unix), 0).UTC()
	day := at.Format("2006-01-02 15:04 UTC")
	switch left := at.Sub(now); {
	case left <= 0:
		return "expired (" + day + ")"
	case left > maxRelative:
		return day
	default:
		return "in " + duration(left) + " (" + day + ")"
	}
}

// duration is the largest unit that says enough.
func duration(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		exact := d%u.unit == 0
		if n := int64((d + u.unit/2) / u.unit); d >= u.unit && (exact || n >= 2) {
			if n == 1 {
				return u.name
			}
			return fmt.Sprintf("%d %ss", n, u.name)
		}
	}
	return "less than a second"
}

// summary is a scope in one cell.
func summary(grants []grantWords) string {
	if len(grants) == 0 {
		return "nothing"
	}
	var parts []string
	for _, g := range grants {
		parts = append(parts, g.Service+" ("+g.Ops+")")
	}
	return strings.Join(parts, ", ")
}

// showDifference says in words what a new scope changes.
func (p *program) showDifference(agent string, have, want []chain.Grant) {
	line := func(sign string, g chain.Grant) ui.Command {
		return ui.Command{Line: sign + " " + typeddata.Grant(g).String()}
	}
	old := map[string]chain.Grant{}
	for _, g := range have {
		old[g.Service.String()] = g
	}
	var lines ui.Commands
	for _, g := range want {
		was, known := old[g.Service.String()]
		delete(old, g.Service.String())
		switch {
		case !known:
			lines = append(lines, line("+", g))
		case was != g:
			lines = append(lines, line("-", was), line("+", g))
		}
	}
	for _, g := range have {
		if _, dropped := old[g.Service.String()]; dropped {
			lines = append(lines, line("-", g))
		}
	}
	if len(lines) > 0 {
		p.aside(ui.Heading("what changes for "+agent+":"), lines)
		_, _ = fmt.Fprintln(p.Stderr)
	}
}
