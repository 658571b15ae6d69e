package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/service"
)

// refusal is who refuses, and how: the exact status and code.
type refusal struct {
	by     string
	status int
	code   string
}

func (r refusal) String() string { return fmt.Sprintf("%d %s by %s", r.status, r.code, r.by) }

// probe is one thing that must not be possible.
type probe struct {
	name, tried string
	want        refusal
	// try does it. The answer is nil for a success; an error says that nobody
	// answered, or that it could not be tried.
	try func(context.Context) (*refusal, error)
	// undo takes away what a success would leave behind; nil for nothing.
	undo func(context.Context) error
}

// run tries it. Anything but exactly the expected refusal is a failure, and so
// is silence, after which something may lie there as well.
func (p probe) run(ctx context.Context, x *examination) {
	got, err := p.try(ctx)
	left := ""
	if (err != nil || got == nil) && p.undo != nil {
		if failed := p.undo(context.WithoutCancel(ctx)); failed != nil {
			left = "; " + failed.Error()
		}
	}
	switch {
	case err != nil:
		x.fail(p.name, fmt.Errorf("%s: nothing is proven, there was no answer: %w%s", p.tried, err, left))
	case got == nil:
		x.fail(p.name, fmt.Errorf("%s: it was allowed, and should be refused with %s%s", p.tried, p.want, left))
	case got.status != p.want.status || got.code != p.want.code || got.by != p.want.by:
		x.fail(p.name, fmt.Errorf("%s: refused with %s, and should be with %s", p.tried, got, p.want))
	default:
		x.ok(p.name, "%s: %s", p.tried, got)
	}
}

// prover is one agent that tries what it must not be able to do. What it names
// besides its own does not exist, an actor and objects with random names, or was
// put there for it to try.
type prover struct {
	caller  *client.Caller
	profile *profile.Profile
	program *program
	self    api.Session
	other   string // the omni of nobody, without 0x
	name    string // of objects that nobody has
	// own are its sessions by class, theirs those of the agent against whom it
	// is tried; nil without one.
	own, theirs map[service.Class]*subject
}

// proveIsolation is the negative side of the doctor: with the identity of an
// agent, everything that isolation forbids is tried against the live
// configuration. against names another agent of this machine, or nobody.
func (p *program) proveIsolation(ctx context.Context, x *examination, against string) {
	const name = "isolation"
	pr, err := p.load()
	if err != nil {
		return // reported already
	}
	if pr.ChainOnly() {
		x.fail(name, fmt.Errorf("the profile names the chain only: there is nothing to prove"))
		return
	}
	id, err := p.choose(home.KindAgent)
	if err == nil && id.Kind != home.KindAgent {
		err = usage("%s is an operator: isolation is proven as an agent, with --as AGENT", id.Name)
	}
	if err != nil {
		x.fail(name, err)
		return
	}
	v, err := p.prover(ctx, pr, id)
	if err != nil {
		x.fail(name, err)
		return
	}
	var other *prover
	if against != "" {
		if other, err = p.otherAgent(ctx, pr, id, against); err != nil {
			x.fail(name, err)
			return
		}
	}
	v.broker(ctx, x)
	v.own = v.prepare(ctx, x, "")
	defer v.tidy(ctx, x, v.own)
	if other != nil {
		v.theirs = other.prepare(ctx, x, against)
		defer other.tidy(ctx, x, v.theirs)
	}
	for _, class := range classes() {
		if s := v.own[class]; s != nil {
			v.identity(ctx, x, class, s.token)
			v.storage(ctx, x, s)
		}
	}
	v.workers(ctx, x)
}

func classes() []service.Class { return []service.Class{service.Credentials, service.Memory} }

// prover signs an agent in.
func (p *program) prover(ctx context.Context, pr *profile.Profile, id home.Identity) (*prover, error) {
	c, err := p.caller(id)
	if err != nil {
		return nil, err
	}
	s, err := c.Session(ctx)
	if err != nil {
		return nil, fmt.Errorf("signing in as %s: %w", id.Name, err)
	}
	var r [48]byte
	_, _ = rand.Read(r[:]) // never fails (Go 1.24)
	return &prover{
		caller: c, profile: pr, program: p, self: s,
		other: hex.EncodeToString(r[:32]), name: "probe-" + hex.EncodeToString(r[32:]) + ".enc",
	}, nil
}

// otherAgent signs in the agent against whom id tries.
func (p *program) otherAgent(ctx context.Context, pr *profile.Profile, id home.Identity, name string) (*prover, error) {
	d, err := p.home()
	if err != nil {
		return nil, err
	}
	other, err := d.Identity(name)
	switch {
	case err != nil:
		return nil, err
	case other.Kind != home.KindAgent, other.Actor == id.Actor:
		return nil, usage("--against names another agent of this machine, and %s is not one", name)
	}
	return p.prover(ctx, pr, other)
}

// remote reads the refusal of a role; who refused is its layer. A fault of the role
// is no refusal.
func remote(err error) (*refusal, error) {
	var r *api.RemoteError
	switch {
	case err == nil:
		return nil, nil
	case asRemote(err, &r) && r.Status < 500:
		return &refusal{string(r.Layer), r.Status, string(r.Code)}, nil
	}
	return nil, err
}

// broker tries to have a capability or a web identity minted for somebody else.
func (v *prover) broker(ctx context.Context, x *examination) {
	nobody, err := parseOmnis(v.other)
	if err != nil {
		x.fail("mint", err)
		return
	}
	mismatch := refusal{string(apierr.LayerMint), 403, string(apierr.OperatorMismatch)}
	for _, p := range []probe{
		{
			name: "mint", tried: "a capability for another actor", want: mismatch,
			try: func(ctx context.Context) (*refusal, error) {
				_, err := v.caller.Mint(ctx, api.PathCapCredList, api.CapRequest{Actor: nobody.actor, Service: service.Any})
				return remote(err)
			},
		},
		{
			name: "mint", tried: "a capability under another operator", want: mismatch,
			try: func(ctx context.Context) (*refusal, error) {
				_, err := v.caller.Mint(ctx, api.PathCapCredList, api.CapRequest{Operator: nobody.operator, Service: service.Any})
				return remote(err)
			},
		},
		{
			name: "mint", tried: "a web identity for another actor", want: mismatch,
			try: func(ctx context.Context) (*refusal, error) {
				_, err := v.caller.WebIdentity(ctx, api.WebIdentityRequest{Class: service.Credentials, Actor: nobody.actor, Access: "read"})
				return remote(err)
			},
		},
		{
			name: "mint", tried: "a web identity that provisions, for an agent",
			want: refusal{string(apierr.LayerMint), 403, string(apierr.DeviceBindingMismatch)},
			try: func(ctx context.Context) (*refusal, error) {
				_, err := v.caller.WebIdentity(ctx, api.WebIdentityRequest{Class: service.Credentials, Actor: v.self.Actor, Access: "provision"})
				return remote(err)
			},
		},
	} {
		p.run(ctx, x)
	}
}
