package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

const (
	defaultTail = 10
	// tailEvery is how often `tail -f` asks.
	tailEvery = time.Second
)

func (p *program) auditTail() *cli.Command {
	var f eventFilter
	var n int
	var follow bool
	return &cli.Command{
		Name: "tail", Usage: "show the newest events, and those that come",
		UsageText: "audit tail [-n N] [-f] [--agent NAME] [--service NAME] [--op WORD] [--result RESULT]",
		Description: `With -f it goes on until Ctrl-C, also while the audit role does not answer: it says so, and shows what came meanwhile once it does. With -f and -o json every event is one line of JSON, for jq and the like.

Examples:
  agentkeys audit tail -f --result denied
  agentkeys audit tail -n 100 -o json`,
		Flags: f.flags(
			&cli.IntFlag{Name: "lines", Aliases: []string{"n"}, Destination: &n, Value: defaultTail, Usage: "begin with the newest `N` events, 0 to 10000"},
			&cli.BoolFlag{Name: "follow", Aliases: []string{"f"}, Destination: &follow, Usage: "show what comes, until Ctrl-C"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if n < 0 || n > maxList || n == 0 && !follow {
				return usage("-n is 1 to %d, or 0 with -f", maxList)
			}
			return p.tail(c.Context, f, n, follow)
		},
	}
}

func (p *program) tail(ctx context.Context, f eventFilter, n int, follow bool) error {
	q, err := f.query(p)
	if err != nil {
		return err
	}
	r, err := p.reading(ctx)
	if err != nil {
		return err
	}
	st, err := r.caller.AuditStatus(ctx)
	if err != nil {
		return err
	}
	events := []auditEvent{}
	if n > 0 {
		entries, err := r.journal().Tail(ctx, q, st.Position, n)
		if err != nil {
			return explainAudit(err)
		}
		if events, err = readEvents(entries); err != nil {
			return err
		}
	}
	if !follow {
		return p.print(struct {
			Events []auditEvent `json:"events"`
		}{events}, p.eventRows(events))
	}
	return p.follow(ctx, r, q, st.Position, events)
}

// follow shows events as they come. What it shows first may be behind the
// position where it begins: nothing is shown twice. A refusal ends it, and that there
// is no answer does not: the role may be restarted.
func (p *program) follow(ctx context.Context, r reading, q api.AuditQuery, after uint64, events []auditEvent) error {
	wake := p.Wake
	if wake == nil {
		t := time.NewTicker(tailEvery)
		defer t.Stop()
		wake = t.C
	}
	silent := false
	for first := true; ; {
		if len(events) > 0 {
			if err := p.showFollowed(events, first); err != nil {
				return err
			}
			first = false
			after = max(after, events[len(events)-1].Position)
		}
		// More than a page came: it is fetched before anything is waited for.
		if len(events) < api.DefaultAuditPage {
			select {
			case <-ctx.Done():
				return nil // Ctrl-C is how it ends
			case <-wake:
			}
		}
		q.Cursor = ""
		if after > 0 {
			q.Cursor = strconv.FormatUint(after, 10)
		}
		got, err := r.caller.AuditEvents(ctx, q)
		switch {
		case ctx.Err() != nil:
			return nil
		case isSilence(err):
			if !silent {
				p.note("%s; asking on", err)
			}
			silent, events = true, nil
			continue
		case err != nil:
			return explainAudit(err)
		case silent:
			silent = false
			p.note("the audit role answers again")
		}
		if events, err = readEvents(got.Events); err == nil {
			err = goOn(events, after)
		}
		if err != nil {
			return err
		}
	}
}

// goOn refuses events that are not behind the ones that were shown, in their order:
// they would be shown twice, or for ever.
func goOn(events []auditEvent, after uint64) error {
	for _, e := range events {
		if e.Position <= after {
			return ui.WithFix(fmt.Errorf("the audit role shows event %d behind event %d", e.Position, after), "agentkeys audit verify --all")
		}
		after = e.Position
	}
	return nil
}

// isSilence: nobody answered, or somebody who has no answer at the moment.
func isSilence(err error) bool {
	var nobody *api.Unreachable
	d, _ := apierr.Lookup(apierr.CodeOf(err))
	return errors.As(err, &nobody) || d.Status == http.StatusServiceUnavailable || d.Status == http.StatusTooManyRequests
}

// showFollowed writes events at once: rows without a header after the first, or
// a line of JSON each.
func (p *program) showFollowed(events []auditEvent, first bool) error {
	if p.wantsJSON() {
		for _, e := range events {
			line, err := strictjson.Encode(e)
			if err != nil {
				return fmt.Errorf("encoding an event: %w", err)
			}
			if _, err := p.Stdout.Write(append(line, '\n')); err != nil {
				return fmt.Errorf("writing the output: %w", err)
			}
		}
		return nil
	}
	rows := p.eventRows(events)
	rows.NoHeader, rows.Min = !first, []int{5, 10, 10, 14, 9}
	return p.print(nil, rows)
}
