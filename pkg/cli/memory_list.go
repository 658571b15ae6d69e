package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/service"
)

func (p *program) memoryList() *cli.Command {
	var m memory
	var o client.ListOptions
	var all bool
	return &cli.Command{
		Name: "list", Usage: "list the keys of a namespace, never what they hold",
		UsageText: "memory list --namespace NAME [--limit N] [--after CURSOR | --all] [--accept-rollback] [-o json]",
		Description: `What this identity wrote or read on this machine, did not remove, and would stand in the list, is named as missing; --accept-rollback takes it that all of it is gone. That an older value was put back, only a get notices.

Examples:
  agentkeys memory list --namespace notes
  agentkeys memory list --namespace notes --all -o json`,
		Flags: m.flags(
			&cli.IntFlag{Name: "limit", Destination: &o.Limit, Value: 100, Usage: "at most `N` keys a page, 1 to 1000"},
			&cli.StringFlag{Name: "after", Destination: &o.After, DefaultText: "the beginning", Usage: "go on behind the `CURSOR` that a page ended with"},
			&cli.BoolFlag{Name: "all", Destination: &all, Usage: "every page"},
			&cli.BoolFlag{Name: "accept-rollback", Destination: &o.AcceptRollback, Usage: "take it that what is missing is gone"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			s, err := m.space()
			if err != nil {
				return err
			}
			r := api.MemoryListRequest{After: o.After, Limit: o.Limit}
			if err := r.Validate(); err != nil || o.Limit == 0 {
				return usage("--limit is 1 to %d, and --after what a page ended with", api.MaxMemoryPage)
			}
			return p.listMemory(c.Context, s, o, all)
		},
	}
}

// memories reads one page, or all.
func memories(ctx context.Context, c *client.Caller, s service.Name, o client.ListOptions, all bool) (client.Listing, error) {
	got, err := c.ListMemory(ctx, s, o)
	for err == nil && all && got.Next != "" {
		o.After, o.Limit = got.Next, api.MaxMemoryPage
		var more client.Listing
		if more, err = c.ListMemory(ctx, s, o); err == nil {
			if more.Next != "" && api.CompareMemoryKeys(more.Next, got.Next) <= 0 {
				return got, errors.New("the memory worker's pages do not go on")
			}
			got.Entries, got.Missing, got.Next = append(got.Entries, more.Entries...), append(got.Missing, more.Missing...), more.Next
		}
	}
	if got.Entries == nil {
		got.Entries = []api.MemoryEntry{}
	}
	return got, err
}

func (p *program) listMemory(ctx context.Context, s service.Name, o client.ListOptions, all bool) error {
	c, err := p.agentCaller()
	if err != nil {
		return err
	}
	got, err := memories(ctx, c, s, o, all)
	if err != nil {
		return err
	}
	table := ui.Rows{Header: []string{"key", "sealed size", "stored"}, Right: []int{1}, Empty: "nothing is stored in this namespace"}
	if o.After != "" {
		table.Empty = "nothing is stored in this namespace behind " + o.After
	}
	for _, e := range got.Entries {
		table.Rows = append(table.Rows, []string{e.Key.String(), ui.Bytes(e.Size), ui.When(e.Modified, p.Now())})
	}
	if err := p.print(got, table); err != nil {
		return err
	}
	if !p.wantsJSON() { // which has them
		p.tellMissing(s, got.Missing)
	}
	if got.Next != "" {
		p.next("there is more", fmt.Sprintf("%s memory list --namespace %s --after %s", Name, s.Namespace(), got.Next))
	}
	return nil
}

// tellMissing says what was seen here and is not listed.
func (p *program) tellMissing(s service.Name, all []client.Missing) {
	for _, m := range all {
		p.printer().Warn("%s was version %d when last seen here, and is gone", m.Key, m.Seen)
	}
	if len(all) > 0 {
		p.next("another machine of this agent may have removed it, or somebody who reaches the storage; to accept that",
			fmt.Sprintf("%s memory list --namespace %s --all --accept-rollback", Name, s.Namespace()))
	}
}
