package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
)

func (p *program) auditCommand() *cli.Command {
	return &cli.Command{
		Name: "audit", Usage: "read what was decided, and check it against the chain", Category: categoryAgent,
		Description: `Every decision leaves an event in its operator's journal. Events are put together into batches, and the root of each batch goes on chain: from then on nobody, the audit role's host included, can change, remove or add one unseen. An operator reads all of its journal, an agent what is about itself.`,
		Action:      p.group,
		Subcommands: []*cli.Command{
			p.auditAppend(), p.auditFlush(), p.auditAnchor(), p.auditList(), p.auditTail(), p.auditProof(), p.auditVerify(),
			p.auditExport(), p.auditStatus(), p.auditRelayer(),
		},
	}
}

// reading is a caller of the audit role.
type reading struct {
	id     home.Identity
	caller *client.Caller
	op     omni.Operator
}

func (r reading) journal() client.Journal { return client.Journal{Caller: r.caller, Operator: r.op} }

// auditIdentity is who speaks with the audit role: the one of --as, else the
// operator of this machine, else its agent.
func (p *program) auditIdentity() (home.Identity, error) {
	id, err := p.choose(home.KindOperator)
	var none *home.LookupError
	if p.global.as == "" && errors.As(err, &none) && none.Reason == home.ErrUnknownName {
		if agent, errAgent := p.choose(home.KindAgent); errAgent == nil {
			return agent, nil
		}
	}
	return id, err
}

// reading signs in. The operator is the identity's, or that of the session where
// the identity knows none yet: whoever answers for another one has a sound journal
// of somebody else's to show.
func (p *program) reading(ctx context.Context) (reading, error) {
	id, err := p.auditIdentity()
	if err != nil {
		return reading{}, err
	}
	c, err := p.caller(id)
	if err != nil {
		return reading{}, err
	}
	if c.Hosts.Audit == "" {
		return reading{}, client.ErrNoAudit
	}
	s, err := c.Session(ctx)
	if err == nil && !id.Operator.IsZero() && s.Operator != id.Operator {
		err = ui.WithExit(fmt.Errorf("the broker signs %s in for operator %s, and its own is %s", id.Name, s.Operator.Short(), id.Operator.Short()), ui.ExitDenied)
	}
	return reading{id, c, s.Operator}, err
}

// whole is reading for what takes the whole journal, which an agent does not see.
func (p *program) whole(ctx context.Context) (reading, error) {
	r, err := p.reading(ctx)
	if err == nil && r.id.Kind != home.KindOperator {
		err = ui.WithFix(ui.WithExit(fmt.Errorf("%s is an agent and sees what is about itself; a whole journal is its operator's", r.id.Name), ui.ExitDenied), "at the operator: agentkeys audit verify --all")
	}
	return r, err
}

// deployment is the audit contract that the profile names.
func (p *program) deployment() (auditproof.Deployment, error) {
	pr, err := p.load()
	if err != nil {
		return auditproof.Deployment{}, err
	}
	return auditproof.Deployment{ChainID: pr.Chain.ChainID, Contract: pr.Contracts.Audit.Common()}, nil
}

// roots asks the chain of the profile.
func (p *program) roots() (auditproof.Roots, error) {
	c, err := p.chainClient()
	if err != nil {
		return nil, err
	}
	return auditproof.OnChain(c), nil
}

// explainAudit says what to type about what the audit role refused, and what it
// means that something is not genuine.
func explainAudit(err error) error {
	switch {
	case errors.Is(err, auditproof.ErrNotGenuine):
		return ui.WithExit(err, ui.ExitDenied)
	case apierr.CodeOf(err) == apierr.EventNotBatched:
		return ui.WithFix(err, "agentkeys audit flush; agentkeys audit anchor")
	}
	return err
}

// partyNamed is whose events are asked for: a name of the address book, an
// address, or an omni that need not be in it.
func (p *program) partyNamed(query string) (omni.Actor, error) {
	if a, err := omni.ParseActor(query); err == nil {
		return a, nil
	}
	b, err := p.book()
	if err != nil {
		return omni.Actor{}, err
	}
	e, err := b.Resolve(query)
	if err == nil && e.Actor.IsZero() {
		return omni.Self(e.Operator), nil
	}
	return e.Actor, err
}

// batchText is a batch in words.
func batchText(b auditproof.Batch) string {
	if b.Count == 1 {
		return fmt.Sprintf("%d: event %d", b.Index, b.First)
	}
	return fmt.Sprintf("%d: events %d to %d", b.Index, b.First, b.Last())
}

// batchJSON is how a batch is told to programs.
type batchJSON = api.AuditBatch
