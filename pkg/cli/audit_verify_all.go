package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
)

func emittersFlag(to *string) cli.Flag {
	return &cli.StringFlag{Name: "emitters", Destination: to, DefaultText: "those that the audit role publishes", Usage: "`FILE` with the identity keys of the roles whose receipts count"}
}

// maxEmitters bounds the file of emitters.
const maxEmitters = 1 << 20

// emitters are those of a file, or those that the role publishes: whoever keeps
// its own copy does not depend on the role for it.
func (p *program) emitters(ctx context.Context, c *client.Caller, file string) (auditproof.Emitters, error) {
	if file == "" {
		return c.AuditEmitters(ctx)
	}
	text, err := p.read(ctx, file, maxEmitters)
	if err != nil {
		return nil, fmt.Errorf("--emitters: %w", err)
	}
	e, err := client.ParseEmitters(text)
	if err != nil {
		return nil, fmt.Errorf("--emitters %s: %w", file, err)
	}
	return e, nil
}

// counting moves a bar for each leaf.
func counting(leaves iter.Seq2[[]byte, error], bar *ui.Progress) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for l, err := range leaves {
			if !yield(l, err) {
				return
			}
			bar.Add(1)
		}
	}
}

// checked is a journal to check, and from where it is read.
type checked struct {
	auditproof.Source
	op       omni.Operator
	emitters auditproof.Emitters
	total    uint64 // about
	// published: the emitters are those that the audit role names.
	published bool
	close     func() error
}

func (p *program) verifyAll(ctx context.Context, f verifyFlags) error {
	what, err := p.toCheck(ctx, f)
	if err != nil {
		return err
	}
	p.later(what.close)
	chainRoots, err := p.roots()
	if err != nil {
		return err
	}
	bar := p.printer().Progress("verifying the journal", int64(what.total))
	defer bar.Close()
	r, err := auditproof.Check(ctx, what, auditproof.Checking{
		Operator: what.op, Emitters: what.emitters, Roots: chainRoots, Seen: func(uint64) { bar.Add(1) },
	})
	bar.Close()
	if err != nil {
		return err
	}
	out := struct {
		Sound bool `json:"genuine"`
		auditproof.Report
		Emitters string `json:"emitters_from"` // role, or file
	}{r.Sound(), r, "file"}
	if what.published {
		out.Emitters = "role"
	}
	if err := p.print(out, p.reportViews(r, what.published)...); err != nil {
		return err
	}
	switch {
	case !r.Sound():
		return ui.WithExit(errUnsound(r), ui.ExitDenied)
	case r.Anchored < r.Batches:
		p.next("what is finished goes on chain", "agentkeys audit anchor")
	case r.Covered < r.Events:
		p.next("what is newest goes on chain", "agentkeys audit flush", "agentkeys audit anchor")
	}
	return nil
}

// toCheck opens the role's journal, or an archive. An archive with a file of
// emitters needs nobody but the chain.
func (p *program) toCheck(ctx context.Context, f verifyFlags) (checked, error) {
	if f.archive == "" {
		r, err := p.whole(ctx)
		if err != nil {
			return checked{}, err
		}
		st, err := r.caller.AuditStatus(ctx)
		if err != nil {
			return checked{}, err
		}
		e, err := p.emitters(ctx, r.caller, f.emitters)
		return checked{r.journal(), r.op, e, st.Position, f.emitters == "", func() error { return nil }}, err
	}
	id, err := p.chooseOperator(home.Entry{})
	if err != nil {
		return checked{}, err
	}
	var caller *client.Caller
	if f.emitters == "" {
		if caller, err = p.caller(id); err != nil {
			return checked{}, err
		}
	}
	e, err := p.emitters(ctx, caller, f.emitters)
	if err != nil {
		return checked{}, err
	}
	root, err := archiveFiles(f.archive)
	if err != nil {
		return checked{}, err
	}
	a, err := auditproof.OpenArchive(root.FS(), id.Operator)
	if err != nil {
		return checked{}, errors.Join(fmt.Errorf("--archive %s: %w", f.archive, err), root.Close())
	}
	total := uint64(0)
	for b, err := range a.Batches(ctx) {
		if err == nil {
			total = b.Last()
		}
	}
	return checked{a, id.Operator, e, total, f.emitters == "", root.Close}, nil
}

// reportViews is how a journal stands.
func (p *program) reportViews(r auditproof.Report, published bool) []ui.View {
	l := ui.Checklist{p.eventsCheck(r), p.batchesCheck(r)}
	if published {
		l = append(l, ui.Check{
			Name: "keys", Verdict: ui.Warn, Detail: "the emitters are those that the audit role publishes, and it could have added some of its own",
			Fix: "agentkeys audit verify --all --emitters FILE, with a copy that you keep",
		})
	}
	for _, n := range r.Numbers {
		c := ui.Check{Name: "numbers", Verdict: ui.Good, Detail: fmt.Sprintf("%s: %s, %d to %d", shortSource(n.Source), counted(int(n.Events), "event"), n.First, n.Last)}
		switch {
		case n.Twice > 0:
			c.Verdict, c.Detail = ui.Warn, fmt.Sprintf("%s; %d given to two events, which no emitter does", c.Detail, n.Twice)
		case n.Missing > 0:
			c.Detail += fmt.Sprintf("; %d are not here: they are other operators', or were lost", n.Missing)
		}
		l = append(l, c)
	}
	for _, u := range r.Unexplained {
		l = append(l, ui.Check{Name: "root", Verdict: ui.Fail, Detail: fmt.Sprintf("%s on chain as batch %d, over %s, anchored %s, is that of no batch of this journal", u.Root.Root, u.Index, counted(int(u.Count), "event"), ui.Time(u.AnchoredAt))})
	}
	if len(r.Missing) > 0 {
		l = append(l, ui.Check{Name: "missing", Verdict: ui.Fail, Detail: "called anchored, and not on chain: batch " + list(r.Missing)})
	}
	return []ui.View{ui.Facts{{Key: "operator", Value: ui.Named(p.nameOf(r.Operator.String()), r.Operator)}}, p.inChecks(l)}
}

func (p *program) eventsCheck(r auditproof.Report) ui.Check {
	if f := r.First; f != nil {
		event := ""
		if f.Event != "" {
			event = " (" + f.Event + ")"
		}
		return ui.Check{Name: "events", Verdict: ui.Fail, Detail: fmt.Sprintf("the first that is not genuine is number %d%s: it %s", f.Position, event, f.Reason)}
	}
	return ui.Check{Name: "events", Verdict: ui.Good, Detail: fmt.Sprintf("%d, each follows the one before it; %d with the receipts of their emitters, %s", r.Events, r.Events-r.Notes, counted(int(r.Notes), "note"))}
}

func (p *program) batchesCheck(r auditproof.Report) ui.Check {
	c := ui.Check{Name: "batches", Verdict: ui.Good, Detail: fmt.Sprintf("%d of %d on chain", r.Anchored, r.Batches)}
	switch loose := r.Events - min(r.Events, r.Covered); {
	case r.First != nil || r.Covered == 0:
	case loose == 0:
		c.Detail += ", which covers all events"
	default:
		c.Detail += fmt.Sprintf(", which covers the events up to number %d; %s held together by hashes and receipts alone", r.Covered, isOrAre(loose))
	}
	return c
}

func isOrAre(n uint64) string {
	if n == 1 {
		return "the one behind it is"
	}
	return fmt.Sprintf("the %d behind it are", n)
}

// shortSource leaves the role and the beginning of its key.
func shortSource(s string) string {
	if len(s) > 24 {
		return s[:23] + "…"
	}
	return s
}

// errUnsound says in one line what is wrong.
func errUnsound(r auditproof.Report) error {
	switch {
	case r.First != nil:
		return r.First
	case len(r.Unexplained) > 0:
		return fmt.Errorf("%w: the chain has a root, for batch %d, that no batch explains", auditproof.ErrNotGenuine, r.Unexplained[0].Index)
	}
	return fmt.Errorf("%w: batch %d is called anchored, and is not on chain", auditproof.ErrNotGenuine, r.Missing[0])
}
