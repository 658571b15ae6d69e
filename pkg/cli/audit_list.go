package cli

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/service"
)

// eventFilter is which events are asked for.
type eventFilter struct {
	agent, service, op, result, since, until string
}

func (f *eventFilter) flags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "agent", Aliases: []string{"actor"}, Destination: &f.agent, DefaultText: "everybody's", Usage: "`NAME`, address or omni of whom the events are about"},
		&cli.StringFlag{Name: "service", Destination: &f.service, DefaultText: "any", Usage: "`NAME` of the service, such as github"},
		&cli.StringFlag{Name: "op", Destination: &f.op, DefaultText: "any", Usage: "`WORD` for what was asked for, such as fetch or rewrap"},
		&cli.StringFlag{Name: "result", Destination: &f.result, DefaultText: "any", Usage: "`RESULT`: allowed, denied, completed, failed or noted"},
		&cli.StringFlag{Name: "since", Destination: &f.since, DefaultText: "the beginning", Usage: "`WHEN` the first event is: a duration ago such as 2h or 7d, or a time such as 2030-01-31T12:00:00Z"},
		&cli.StringFlag{Name: "until", Destination: &f.until, DefaultText: "now", Usage: "`WHEN` the first event is that is too late, as for --since"},
	}, more...)
}

// results are those that an event may have.
func results() []string {
	return []string{string(audit.Allowed), string(audit.Denied), string(audit.Completed), string(audit.Failed), string(audit.Noted)}
}

func (f *eventFilter) query(p *program) (api.AuditQuery, error) {
	q := api.AuditQuery{Service: f.service, Op: service.Op(f.op), Result: audit.Result(f.result)}
	if f.result != "" && !slices.Contains(results(), f.result) {
		return q, usage("--result is allowed, denied, completed, failed or noted, not %q", f.result)
	}
	var err error
	if f.agent != "" {
		if q.Actor, err = p.partyNamed(f.agent); err != nil {
			return q, err
		}
	}
	if q.From, err = moment("--since", f.since, p.Now()); err != nil {
		return q, err
	}
	q.To, err = moment("--until", f.until, p.Now())
	return q, err
}

// moment reads a time, or a duration before now; zero for nothing.
func moment(flag, s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if n, ok := cutDays(s); ok {
		return now.AddDate(0, 0, -n), nil
	}
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage("%s is a duration ago such as 2h or 7d, a day such as 2030-01-31, or a time such as 2030-01-31T12:00:00Z; not %q", flag, s)
}

// defaultList is how many events are listed where nobody says.
const defaultList = 50

func (p *program) auditList() *cli.Command {
	var f eventFilter
	var limit int
	var after uint64
	return &cli.Command{
		Name: "list", Usage: "list events, oldest first",
		UsageText: "audit list [--agent NAME] [--service NAME] [--op WORD] [--result RESULT] [--since WHEN] [--until WHEN]",
		Description: `One line for each event. The number in front is its place in the journal, which "audit proof" and "audit verify" take as well as its identifier; -o json has both, the receipt, and everything else.

Examples:
  agentkeys audit list --result denied --since 2h
  agentkeys audit list --agent build-bot --service github --limit 500 -o json`,
		Flags: f.flags(
			&cli.IntFlag{Name: "limit", Destination: &limit, Value: defaultList, Usage: "at most `N` events, 1 to 10000"},
			&cli.Uint64Flag{Name: "after", Destination: &after, DefaultText: "the beginning", Usage: "go on behind event number `N`"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if limit < 1 || limit > maxList {
				return usage("--limit is 1 to %d; go on behind the last one with --after", maxList)
			}
			return p.listEvents(c.Context, f, after, limit)
		},
	}
}

// maxList bounds what one command holds in memory.
const maxList = 10_000

func (p *program) listEvents(ctx context.Context, f eventFilter, after uint64, limit int) error {
	q, err := f.query(p)
	if err != nil {
		return err
	}
	r, err := p.reading(ctx)
	if err != nil {
		return err
	}
	if after > 0 {
		q.Cursor = strconv.FormatUint(after, 10)
	}
	out := struct {
		Events []auditEvent `json:"events"`
		Next   uint64       `json:"next,omitzero"` // for --after
	}{Events: []auditEvent{}}
	for len(out.Events) < limit {
		q.Limit = min(limit-len(out.Events), api.DefaultAuditPage)
		got, err := r.caller.AuditEvents(ctx, q)
		if err != nil {
			return explainAudit(err)
		}
		page, err := readEvents(got.Events)
		if err != nil {
			return err
		}
		out.Events = append(out.Events, page...)
		if got.Next == "" || got.Next == q.Cursor || len(page) == 0 {
			q.Cursor = ""
			break
		}
		q.Cursor = got.Next
	}
	more := false
	if n := len(out.Events); n == limit && q.Cursor != "" {
		out.Next, more = out.Events[n-1].Position, true
	}
	if err := p.print(out, p.eventRows(out.Events)); err != nil {
		return err
	}
	if more && !p.wantsJSON() {
		p.note("there may be more: the same with --after %d", out.Next)
	}
	return nil
}
