package cli

import (
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/service"
)

func (p *program) scopeCommand() *cli.Command {
	return &cli.Command{
		Name: "scope", Usage: "say what an agent may do, service by service", Category: categoryOperator,
		Description: `A scope is a list of grants on chain: a service, what may be done with it, and limits. Broker and worker read it at every use.`,
		Action:      p.group,
		Subcommands: []*cli.Command{p.scopeSet(), p.scopeShow(), p.scopeRevoke()},
	}
}

// wish is what the flags of `scope set` ask for.
type wish struct {
	agent, ops, expires string
	services            cli.StringSlice
	maxPerPeriod        uint
	maxTotal            uint
	period              time.Duration
	replace             bool
}

func (p *program) scopeSet() *cli.Command {
	var w wish
	return &cli.Command{
		Name: "set", Usage: "grant services to an agent",
		UsageText: "scope set --agent NAME --service NAME [--service NAME]... --ops OPS [limits]",
		Description: `Replaces the agent's grant of each service named and keeps the others; --replace drops the others. What changes is shown in words before the passkey signs. The last command says everything about a service: limits that it does not name are gone.

Ops are read, write, list, delete, send and manage, separated by commas.

Examples:
  agentkeys scope set --agent build-bot --service github --ops read,list
  agentkeys scope set --agent build-bot --service openai --ops read --max-per-period 100 --period 1h --expires 30d`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "agent", Destination: &w.agent, Usage: "`NAME`, address or omni of the agent"},
			&cli.StringSliceFlag{Name: "service", Destination: &w.services, Usage: "`NAME` of a service, repeatable"},
			&cli.StringFlag{Name: "ops", Destination: &w.ops, Usage: "`OPS` that are allowed, such as read,list"},
			&cli.UintFlag{Name: "max-per-period", Destination: &w.maxPerPeriod, DefaultText: "no limit", Usage: "at most `N` uses per period"},
			&cli.DurationFlag{Name: "period", Destination: &w.period, DefaultText: "none", Usage: "`DURATION` of the period, such as 1h"},
			&cli.UintFlag{Name: "max-total", Destination: &w.maxTotal, DefaultText: "no limit", Usage: "at most `N` uses in all"},
			&cli.StringFlag{Name: "expires", Destination: &w.expires, DefaultText: "never", Usage: "`WHEN` the grant ends: a duration such as 30d or 12h, or a time such as 2030-01-31T12:00:00Z"},
			&cli.BoolFlag{Name: "replace", Destination: &w.replace, Usage: "drop the grants of all other services"},
			p.dryRunFlag(),
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.setScope(c.Context, w)
		},
	}
}

func (p *program) setScope(ctx context.Context, w wish) error {
	grants, err := w.grants(p.Now())
	if err != nil {
		return err
	}
	e, err := p.agentNamed(w.agent)
	if err != nil {
		return err
	}
	_, o, err := p.acting(e)
	if err != nil {
		return err
	}
	out, err := o.ChangeScope(ctx, e.Actor, func(have []chain.Grant) ([]chain.Grant, error) {
		want := merge(have, grants, w.replace)
		p.showDifference(ui.Named(e.Name, e.Actor), have, want)
		return want, nil
	})
	if err != nil {
		return err
	}
	return p.printOutcome(out, "scope", "of agent "+ui.Named(e.Name, e.Actor))
}

// grants reads the flags.
func (w wish) grants(now time.Time) ([]chain.Grant, error) {
	names := w.services.Value()
	if len(names) == 0 || w.ops == "" {
		return nil, usage("say which service and what may be done with it: scope set --agent NAME --service NAME --ops read,list")
	}
	g := chain.Grant{}
	var err error
	if g.Ops, err = service.ParseOps(w.ops); err != nil {
		return nil, usage("--ops: %s", err)
	}
	if (w.maxPerPeriod == 0) != (w.period == 0) {
		return nil, usage("--max-per-period and --period come together")
	}
	if w.maxPerPeriod > math.MaxUint32 || w.maxTotal > math.MaxUint32 {
		return nil, usage("a limit is at most %d", uint32(math.MaxUint32))
	}
	seconds := w.period / time.Second
	if w.period < 0 || w.period%time.Second != 0 || seconds > math.MaxUint32 {
		return nil, usage("--period is a whole number of seconds, such as 90s, 1h or 24h")
	}
	g.MaxPerPeriod, g.MaxTotal, g.PeriodSeconds = uint32(w.maxPerPeriod), uint32(w.maxTotal), uint32(seconds)
	if g.ExpiresAt, err = parseExpiry(w.expires, now); err != nil {
		return nil, err
	}
	var out []chain.Grant
	seen := map[service.Name]bool{}
	for _, n := range names {
		if g.Service, err = service.Parse(n); err != nil {
			return nil, usage("--service: %s", err)
		}
		if !seen[g.Service] {
			out = append(out, g)
		}
		seen[g.Service] = true
	}
	return out, nil
}

// parseExpiry reads a time, a Go duration, or a number of days.
func parseExpiry(s string, now time.Time) (uint64, error) {
	if s == "" || s == "never" {
		return 0, nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		var after time.Duration
		if n, ok := cutDays(s); ok {
			after = time.Duration(n) * 24 * time.Hour
		} else if after, err = time.ParseDuration(s); err != nil {
			return 0, usage("--expires is a duration such as 30d or 12h, a time such as 2030-01-31T12:00:00Z, or never; not %q", s)
		}
		at = now.Add(after)
	}
	if !at.After(now) {
		return 0, usage("--expires %s lies in the past: the grant would be dead", s)
	}
	return uint64(at.Unix()), nil
}

// maxDays keeps a duration in days within what a duration can hold.
const maxDays = 36500

func cutDays(s string) (int, bool) {
	if len(s) < 2 || s[len(s)-1] != 'd' {
		return 0, false
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	return n, err == nil && n > 0 && n <= maxDays
}

// merge puts each new grant in the place of the old one of its service.
func merge(have, set []chain.Grant, replace bool) []chain.Grant {
	if replace {
		return set
	}
	out := slices.Clone(have)
next:
	for _, g := range set {
		for i := range out {
			if out[i].Service == g.Service {
				out[i] = g
				continue next
			}
		}
		out = append(out, g)
	}
	return out
}

func (p *program) scopeShow() *cli.Command {
	var agent string
	return &cli.Command{
		Name: "show", Usage: "show what an agent may do",
		UsageText: "scope show --agent NAME [-o json]",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "agent", Destination: &agent, DefaultText: "the agent that acts", Usage: "`NAME`, address or omni of the agent"},
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			e, err := p.agentOrSelf(agent)
			if err != nil {
				return err
			}
			return p.showScope(c.Context, e)
		},
	}
}

// agentOrSelf is the agent named, or the one that acts.
func (p *program) agentOrSelf(query string) (home.Entry, error) {
	if query != "" {
		return p.agentNamed(query)
	}
	id, err := p.choose(home.KindAgent)
	return home.Entry{Name: id.Name, Kind: id.Kind, Operator: id.Operator, Actor: id.Actor, Device: id.Device, Address: id.Address}, err
}

func (p *program) showScope(ctx context.Context, e home.Entry) error {
	op := e.Operator
	if op.IsZero() {
		id, err := p.chooseOperator(e)
		if err != nil {
			return err
		}
		op = id.Operator
	}
	ch, err := p.chainClient()
	if err != nil {
		return err
	}
	grants, _, err := ch.Scope(ctx, op, e.Actor)
	if err != nil {
		return err
	}
	words := inWords(grants)
	table := ui.Rows{
		Header: []string{"service", "ops", "limits", "expires"},
		Empty:  ui.Named(e.Name, e.Actor) + " may do nothing yet", Hint: p.command("agentkeys scope set --agent " + e.Name + " --service github --ops read,list"),
	}
	for i, g := range words {
		table.Rows = append(table.Rows, []string{g.Service, g.Ops, g.Limits, expiryInWords(grants[i].ExpiresAt, p.Now())})
	}
	return p.print(words, table)
}
