package cli

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
	"github.com/litentry/agentkeys/pkg/service"
)

// auditNote is what `audit append` was told.
type auditNote struct {
	op, service, tier, id string
	dryRun                bool
}

func (p *program) auditAppend() *cli.Command {
	var n auditNote
	return &cli.Command{
		Name: "append", Usage: "write a note into the journal",
		UsageText: "audit append NOTE|- [--op WORD] [--service NAME] [--id ID] [--tier a|c]",
		Description: `Adds words of one's own, one line of at most 1024 bytes, and returns once they are durable. Who says it comes from the device key that signs in. A script that may be repeated names its note with --id: under the same id the same words are one event, however often they are sent.

With --tier c the hash of the event's leaf goes on chain at once as well, alone, in a transaction of the caller's own key, which pays for it. Without it the event waits for its batch like all others.

Examples:
  agentkeys audit append "rolled out 4.2 to eu-west" --op deploy
  git log -1 --format=%s | agentkeys audit append - --op merge --id "$(git rev-parse HEAD)"
  agentkeys audit append "key ceremony done" --tier c`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "op", Destination: &n.op, Value: "note", Usage: "`WORD` for what happened, such as deploy"},
			&cli.StringFlag{Name: "service", Destination: &n.service, DefaultText: "none", Usage: "`NAME` of the service that it is about"},
			&cli.StringFlag{Name: "id", Destination: &n.id, DefaultText: "drawn", Usage: "`ID`, any text, under which a repetition changes nothing"},
			&cli.StringFlag{Name: "tier", Destination: &n.tier, Value: "a", Usage: "`TIER`: a, anchored with its batch, or c, on chain by itself too"},
			&cli.BoolFlag{Name: "dry-run", Destination: &n.dryRun, Usage: "say what would be written and sent, and do neither"},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usage("say what is to be noted, as one argument, or - for standard input: audit append \"rolled out 4.2\"")
			}
			text := c.Args().First()
			if text == "-" {
				b, err := p.read(c.Context, "-", audit.MaxNote+1)
				if err != nil {
					return fmt.Errorf("reading the note: %w", err)
				}
				text = strings.TrimRight(string(b), "\r\n")
			}
			return p.appendNote(c.Context, n, text)
		},
	}
}

// appended is what became of a note.
type appended struct {
	journal.Place
	// Leaf is the hash of its leaf, which tier C puts on chain.
	Leaf *journal.Hash `json:"leaf_hash,omitzero"`
	// Tx is the transaction of tier C; AlreadyThere: one of before.
	Tx           *journal.Hash `json:"tx,omitzero"`
	AlreadyThere bool          `json:"already_on_chain,omitzero"`
}

func (n auditNote) note(text string, now time.Time) (api.AuditNote, error) {
	out := api.AuditNote{Key: jose.NewID(), Op: service.Op(n.op), Service: n.service, Note: text}
	switch {
	case jose.IsID(n.id):
		out.Key = n.id
	case n.id != "":
		sum := sha256.Sum256([]byte(n.id))
		out.Key = jose.EncodeSegment(sum[:16])
	}
	if n.tier != "a" && n.tier != "c" {
		return out, usage("--tier is a or c, not %q", n.tier)
	}
	// The role refuses the same; here it costs nothing.
	e := audit.Event{ID: out.Key, Time: now, Emitter: audit.EmitterAgent, Op: out.Op, Service: out.Service, Note: text, Result: audit.Noted}
	if err := e.Validate(); err != nil {
		return out, usage("%s", err)
	}
	return out, nil
}

func (p *program) appendNote(ctx context.Context, n auditNote, text string) error {
	note, err := n.note(text, p.Now())
	if err != nil {
		return err
	}
	if n.dryRun {
		return p.planNote(n, note)
	}
	r, err := p.reading(ctx)
	if err != nil {
		return err
	}
	places, err := r.caller.AuditAppend(ctx, note)
	if err != nil {
		return mayBeThere(explainAudit(err), n, note)
	}
	out := appended{Place: places[0]}
	facts := ui.Facts{
		{Key: "event", Value: fmt.Sprintf("%s, number %d", out.ID, out.Position)},
		{Key: "durable", Value: ui.When(out.Received, p.Now())},
	}
	if n.tier == "c" {
		if err := p.tierC(ctx, r, &out); err != nil {
			return again(fmt.Errorf("the event is in the journal as number %d, but not on chain by itself: %w", out.Position, err), n, note)
		}
		where := out.Tx.String()
		if out.AlreadyThere {
			where += " (was so already; nothing was sent)"
		}
		facts = append(facts, ui.Fact{Key: "leaf hash", Value: out.Leaf.String()}, ui.Fact{Key: "on chain", Value: where})
	}
	return p.print(out, facts)
}

// mayBeThere: without an answer nobody knows whether the note was written. Under
// its id it can be sent again.
func mayBeThere(err error, n auditNote, note api.AuditNote) error {
	var silent *api.Unreachable
	if !errors.As(err, &silent) && apierr.CodeOf(err) != apierr.AuditUnavailable {
		return err
	}
	return again(err, n, note)
}

// again names the command that goes on where this one stopped, and changes
// nothing that is done.
func again(err error, n auditNote, note api.AuditNote) error {
	id := n.id
	if id == "" {
		id = note.Key
	}
	return ui.WithFix(err, "agentkeys audit append NOTE --op %s --tier %s --id %s (the same words under this id are one event)", n.op, n.tier, id)
}

func (p *program) planNote(n auditNote, note api.AuditNote) error {
	id, err := p.auditIdentity()
	if err != nil {
		return err
	}
	onChain := ""
	if n.tier == "c" {
		onChain = "the hash of its leaf, in a transaction of " + id.Address.String()
	}
	return p.print(struct {
		DryRun bool          `json:"dry_run"`
		Note   api.AuditNote `json:"note"`
		Tier   string        `json:"tier"`
		By     string        `json:"by"`
	}{true, note, n.tier, id.Name}, ui.Heading("dry run: nothing was written or sent"), ui.Facts{
		{Key: "note", Value: note.Note}, {Key: "op", Value: string(note.Op)}, {Key: "service", Value: note.Service}, {Key: "by", Value: id.Name}, {Key: "on chain", Value: onChain},
	})
}

// tierC puts the hash of an event's leaf on chain, once.
func (p *program) tierC(ctx context.Context, r reading, out *appended) error {
	e, err := p.eventAt(ctx, r, out.Position)
	if err != nil {
		return err
	}
	if e.record.Event.ID != out.ID {
		return errors.New("the audit role shows another event in its place")
	}
	leaf := merkle.Leaf(e.leaf)
	out.Leaf = (*journal.Hash)(&leaf)
	on, err := p.sender(r)
	if err != nil {
		return err
	}
	found, err := on.Entries(ctx, r.op, leaf, 0)
	switch {
	case err != nil:
		return err
	case len(found) > 0:
		out.Tx, out.AlreadyThere = (*journal.Hash)(&found[0].Tx), true
		return nil
	}
	receipt, err := on.AppendEntry(ctx, r.op, leaf)
	if err != nil {
		return err
	}
	out.Tx = (*journal.Hash)(&receipt.TxHash)
	return nil
}

// sender sends transactions of the caller's own key.
func (p *program) sender(r reading) (*chain.Operations, error) {
	c, err := p.chainClient()
	if err != nil {
		return nil, err
	}
	t, err := chain.NewTransactor(p.profile.ChainProfile(), chain.KeySigner(r.caller.Key))
	if err != nil {
		return nil, err
	}
	p.later(t.Close)
	if t.Address() != common.Address(r.id.Address) {
		return nil, fmt.Errorf("the key of %s is that of %s", r.id.Name, t.Address())
	}
	return chain.NewOperations(c, t), nil
}

// shownEvent is one event with its leaf as the role shows it.
type shownEvent struct {
	leaf   []byte
	record journal.Record
}

// eventAt is the event at a position of the journal, as far as the caller sees
// it.
func (p *program) eventAt(ctx context.Context, r reading, position uint64) (shownEvent, error) {
	q := api.AuditQuery{Limit: 1}
	if position > 1 {
		q.Cursor = strconv.FormatUint(position-1, 10)
	}
	got, err := r.caller.AuditEvents(ctx, q)
	if err != nil {
		return shownEvent{}, explainAudit(err)
	}
	events, err := readEvents(got.Events)
	switch {
	case err != nil:
		return shownEvent{}, err
	case len(events) == 0 || events[0].Position != position:
		return shownEvent{}, ui.WithFix(apierr.New(apierr.NotFound, "there is no event number %d that %s may see", position, r.id.Name), "agentkeys audit tail")
	}
	return shownEvent{[]byte(got.Events[0].Leaf), events[0].Record}, nil
}
