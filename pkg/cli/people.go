package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/pkg/profile"
)

// choose returns the identity that acts: the one of --as, whatever its kind,
// else the only one of the kinds that the command can use.
func (p *program) choose(kinds ...home.Kind) (home.Identity, error) {
	d, err := p.home()
	if err != nil {
		return home.Identity{}, err
	}
	if p.global.as != "" {
		return d.Identity(p.global.as)
	}
	id, err := d.Choose("", kinds...)
	return id, explainChoice(err)
}

// explainChoice names the flag, or the command, that helps a choice that
// could not be made.
func explainChoice(err error) error {
	var l *home.LookupError
	switch {
	case !errors.As(err, &l) || l.Query != "":
		return err
	case l.Reason == home.ErrAmbiguousName:
		return fmt.Errorf("%w with --as", err)
	case l.Reason == home.ErrUnknownName && l.What == "agent on this machine":
		return ui.WithFix(err, "agentkeys agent request --operator NAME --as build-bot")
	case l.Reason == home.ErrUnknownName:
		return ui.WithFix(err, "agentkeys init")
	}
	return err
}

// chooseOperator returns the operator that acts for an agent: the one of --as,
// else the agent's own if it is on this machine, else the only operator there
// is. The zero entry is no agent in particular.
func (p *program) chooseOperator(agent home.Entry) (home.Identity, error) {
	d, err := p.home()
	if err != nil {
		return home.Identity{}, err
	}
	if p.global.as == "" && !agent.Operator.IsZero() {
		all, err := d.Identities()
		if err != nil {
			return home.Identity{}, err
		}
		for _, id := range all {
			if id.Kind == home.KindOperator && id.Operator == agent.Operator && !id.Inactive {
				return id, nil
			}
		}
	}
	id, err := d.Choose(p.global.as, home.KindOperator)
	return id, explainChoice(err)
}

// agentNamed resolves --agent or an argument: a name, an address or an omni.
func (p *program) agentNamed(query string) (home.Entry, error) {
	if query == "" {
		return home.Entry{}, usage("name the agent: --agent NAME")
	}
	b, err := p.book()
	if err != nil {
		return home.Entry{}, err
	}
	return b.Resolve(query, home.KindAgent)
}

func (p *program) book() (*home.Book, error) {
	d, err := p.home()
	if err != nil {
		return nil, err
	}
	return d.Book()
}

// key opens the device key of an identity, once.
func (p *program) key(id home.Identity) (*home.Key, error) {
	if k := p.keys[id.Name]; k != nil {
		return k, nil
	}
	d, err := p.home()
	if err != nil {
		return nil, err
	}
	pass, err := p.passphrase()
	if err != nil {
		return nil, err
	}
	defer pass.Destroy()
	k, err := d.OpenKey(id.Name, pass)
	if err != nil {
		return nil, err
	}
	p.keep(id, k)
	return k, nil
}

// keep holds an opened key until the program ends: under a person's passphrase
// opening one takes a second.
func (p *program) keep(id home.Identity, k *home.Key) {
	p.keys[id.Name] = k
	p.later(func() error { k.Close(); return nil })
}

// homeAndProfile are what most of what an identity does needs.
func (p *program) homeAndProfile() (*home.Dir, *profile.Profile, error) {
	d, err := p.home()
	if err != nil {
		return nil, nil, err
	}
	pr, err := p.load()
	return d, pr, err
}

// caller is an identity that calls broker and workers, with its cached
// sessions.
func (p *program) caller(id home.Identity) (*client.Caller, error) {
	d, pr, err := p.homeAndProfile()
	if err != nil {
		return nil, err
	}
	cache, err := d.Sessions(id, pr)
	if err != nil {
		return nil, err
	}
	k, err := p.key(id)
	if err != nil {
		return nil, err
	}
	return client.New(pr, k.Private(), cache, p.Now)
}

// chainClient asks the chain of the profile.
func (p *program) chainClient() (*chain.Client, error) {
	pr, err := p.load()
	if err != nil {
		return nil, err
	}
	c, err := chain.NewClient(pr.ChainProfile())
	if err != nil {
		return nil, err
	}
	p.later(c.Close)
	return c, nil
}

// acting is the operator that acts for an agent or a device, with its keys.
func (p *program) acting(about home.Entry) (home.Identity, *operator.Operator, error) {
	id, err := p.chooseOperator(about)
	if err != nil {
		return id, nil, err
	}
	o, err := p.operator(id)
	return id, o, err
}

// operator opens the wallet of an operator and finds the passkeys of its masters
// on this machine. A dry run opens neither.
func (p *program) operator(id home.Identity) (*operator.Operator, error) {
	o, err := p.keyless(id)
	if err != nil || p.dryRun {
		return o, err
	}
	k, err := p.key(id)
	if err != nil {
		return nil, err
	}
	t, err := chain.NewTransactor(p.profile.ChainProfile(), chain.KeySigner(k.Private()))
	if err != nil {
		return nil, err
	}
	p.later(t.Close)
	o.Chain, o.Account = chain.NewOperations(o.Chain.Client, t), t.Address()
	return o, nil
}

// keyless is an operator that can look and check, and send nothing.
func (p *program) keyless(id home.Identity) (*operator.Operator, error) {
	c, err := p.chainClient()
	if err != nil {
		return nil, err
	}
	o := &operator.Operator{
		Chain: chain.NewOperations(c, nil), Account: common.Address(id.Address), Operator: id.Operator,
		Names: p.nameOf, Show: p.showOperation, Now: p.Now, DryRun: p.dryRun,
	}
	if !p.dryRun {
		// What the wallet does alone needs none.
		o.Masters, o.NoMasters = p.masters(id.Operator)
	}
	return o, nil
}

// Where the passkeys of development belong. The ceremony page will have the
// same origin.
const (
	rpID         = "localhost"
	ceremonyPort = "8097"
	origin       = "http://localhost:" + ceremonyPort
)

// authenticator is what an operator touches. Production has none yet.
func (p *program) authenticator(id home.Identity) (*software.Authenticator, error) {
	d, err := p.home()
	if err != nil {
		return nil, err
	}
	pr, err := p.load()
	if err != nil {
		return nil, err
	}
	if p.Untouched {
		return nil, errUntouched
	}
	if !pr.IsDevelopment() {
		return nil, errNoCeremony
	}
	path, err := d.SoftwarePasskeyPath(id.Name)
	if err != nil {
		return nil, err
	}
	return software.Open(path, software.Environment)
}

// masters are the passkeys of an operator's masters on this machine, whichever
// of its identities keeps them.
func (p *program) masters(op omni.Operator) ([]operator.Master, error) {
	d, err := p.home()
	if err != nil {
		return nil, err
	}
	ids, err := d.Identities()
	if err != nil {
		return nil, err
	}
	here, err := p.enrollments(op)
	if err != nil {
		return nil, err
	}
	var out []operator.Master
	for _, id := range ids {
		if id.Kind != home.KindOperator || id.Operator != op {
			continue
		}
		auth, err := p.authenticator(id)
		if err != nil {
			return nil, err
		}
		for _, e := range here {
			holds, err := auth.Holds(e.Credential)
			if err != nil {
				return nil, err
			}
			if holds {
				out = append(out, operator.Master{Credential: e.Credential, Passkey: auth})
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: no passkey of operator %s is on this machine", ui.ErrApprovalNeeded, op.Short())
	}
	return out, nil
}

// identityOnChain asks the registry who an identity is.
func (p *program) identityOnChain(ctx context.Context, id home.Identity) (chain.Identity, error) {
	c, err := p.chainClient()
	if err != nil {
		return chain.Identity{}, err
	}
	return c.Resolve(ctx, common.Address(id.Address))
}

// own returns the actor of a call for an agent: zero when the caller is that
// agent itself.
func own(id home.Identity, agent home.Entry) omni.Actor {
	if id.Actor == agent.Actor {
		return omni.Actor{}
	}
	return agent.Actor
}
