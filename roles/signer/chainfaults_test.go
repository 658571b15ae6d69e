package signer_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/roles/signer"
)

func (s *side) look(t testing.TB) {
	t.Helper()
	if err := signer.Look(context.Background(), s.signer); err != nil {
		t.Fatal(err)
	}
}

// chainFault changes what the chain says, and puts it back.
type chainFault struct {
	name      string
	want      apierr.Code
	told      bool
	set, back func(*world, *person)
}

func chainFaults(t testing.TB) []chainFault {
	fresh := func(p *person) chain.Device {
		return chain.Device{Registered: true, Operator: p.operator, Actor: p.actor, Tier: 2, Roles: chain.RoleCapMint}
	}
	active := func(w *world, p *person) { w.chain.SetDevice(p.device, fresh(p)) }
	device := func(edit func(*chain.Device)) func(*world, *person) {
		return func(w *world, p *person) {
			d := fresh(p)
			edit(&d)
			w.chain.SetDevice(p.device, d)
		}
	}
	regrant := func(g ...chain.Grant) func(*world, *person) {
		return func(w *world, p *person) { w.chain.SetGrants(p.operator, p.actor, g...) }
	}
	all := func(edit func(*chain.Grant)) func(*world, *person) {
		var g []chain.Grant
		for _, s := range services() {
			one := chain.Grant{Service: name(t, s), Ops: service.AllOps}
			edit(&one)
			g = append(g, one)
		}
		return regrant(g...)
	}
	grantAll := func(w *world, p *person) { w.grantAll(p) }
	recovers := func(w *world, _ *person) { w.chain.Recover() }
	thaw := func(w *world, p *person) { w.chain.SetFrozen(p.operator, false) }
	return []chainFault{
		{"revoked", apierr.DeviceRevoked, true, device(func(d *chain.Device) { d.Revoked = true }), active},
		{"revoked a moment ago", apierr.DeviceRevoked, true, func(w *world, p *person) {
			w.chain.Hold()
			d := fresh(p)
			d.Revoked = true
			w.chain.SetDevice(p.device, d)
		}, func(w *world, p *person) { w.chain.Confirm(); active(w, p) }},
		{"not registered", apierr.DeviceNotActive, true, device(func(d *chain.Device) { *d = chain.Device{} }), active},
		{"role lost", apierr.DeviceRoleMissing, true, device(func(d *chain.Device) { d.Roles = 0 }), active},
		{"bound to another operator", apierr.DeviceBindingMismatch, true, device(func(d *chain.Device) { d.Operator = omni.OperatorOfWallet([20]byte{7}) }), active},
		{"bound to another actor", apierr.DeviceBindingMismatch, true, device(func(d *chain.Device) { d.Actor = omni.ActorOfWallet([20]byte{7}) }), active},
		{"frozen", apierr.OperatorFrozen, true, func(w *world, p *person) { w.chain.SetFrozen(p.operator, true) }, thaw},
		{"no grant", apierr.ServiceNotInScope, true, regrant(), grantAll},
		{"grant of another service", apierr.ServiceNotInScope, true, regrant(chain.Grant{Service: name(t, "gitlab"), Ops: service.AllOps}), grantAll},
		{"grant without the op", apierr.ServiceNotInScope, true, all(func(g *chain.Grant) { g.Ops = service.Send }), grantAll},
		{"grant that has ended", apierr.ServiceNotInScope, true, all(func(g *chain.Grant) { g.ExpiresAt = 1 }), grantAll},
		{"granted a moment ago", apierr.ServiceNotInScope, true, func(w *world, p *person) {
			regrant()(w, p)
			w.chain.Hold()
			w.grantAll(p)
		}, func(w *world, _ *person) { w.chain.Confirm() }},
		{"stale chain", apierr.ChainStale, false, func(w *world, _ *person) { w.chain.GoStale() }, recovers},
		{"dead chain", apierr.ChainUnavailable, false, func(w *world, _ *person) { w.chain.GoUnavailable() }, recovers},
	}
}

// TestChainDecides: the signer asks the chain itself, each time.
func TestChainDecides(t *testing.T) {
	w := newWorld(t, 1)
	for i, p := range w.people {
		for _, o := range ops() {
			for _, f := range chainFaults(t) {
				where := fmt.Sprintf("actor %d, %s, %s", i, o.name, f.name)
				c := w.call(p, o)
				f.set(w, p)
				c.check(t, where, f.want, f.told)
				f.back(w, p)
				w.call(p, o).check(t, where+": put back", "", true)
			}
		}
	}
}

// TestMatrix crosses actors, capabilities, addresses, routes and workers: only
// what fits in all of them is answered with a key.
func TestMatrix(t *testing.T) {
	w := newWorld(t, 1)
	cells, open := 0, 0
	for i, p := range w.people {
		for _, o := range ops() {
			for _, address := range ops() {
				for _, route := range ops() {
					for h, host := range w.hosts {
						c := w.call(p, o)
						c.host, c.session = host, w.session(host)
						c.op.path, c.op.route = address.path, route.route
						if keyed(address) {
							c.req.URL = host.url + address.path + "/" + o.key
						} else {
							c.req.URL = host.url + address.path
						}
						c.proof.URL = c.req.URL
						want := apierr.ProofInvalid
						switch {
						case host.class != o.action.Class:
							want = apierr.CapDataClassMismatch
						case route.route != o.route:
							want = apierr.CapOpMismatch
						case address.path == o.path:
							want = ""
							open++
						}
						c.check(t, fmt.Sprintf("actor %d, %s at %s, %s, worker %d", i, o.name, address.path, route.route, h), want, want == "")
						cells++
					}
				}
			}
		}
	}
	// Ops share routes; each fits its own address, and one worker of its class or
	// two.
	if want := len(w.people) * (2*2 + 2*3 + 1*2 + 1*3 + 1*3); open != want {
		t.Errorf("%d of %d cells were open, want %d", open, cells, want)
	}
	for i, p := range w.people {
		for j, q := range w.people {
			for _, o := range ops() {
				where := fmt.Sprintf("%s, actor %d, about %d", o.name, i, j)
				c := w.call(p, o)
				c.prover = q.key
				want := map[bool]apierr.Code{true: "", false: apierr.ProofInvalid}[i == j]
				c.check(t, where+"'s proof", want, i == j)
				if o.isNew() {
					continue
				}
				c = w.call(q, o)
				wrap, sealed := c.req.Wrap, c.req.Sealed
				c = w.call(p, o)
				c.req.Wrap, c.req.Sealed = wrap, sealed
				want = map[bool]apierr.Code{true: "", false: apierr.EnvelopeInvalid}[i == j]
				c.check(t, where+"'s object", want, true)
			}
		}
	}
	t.Logf("%d cells, %d open", cells, open)
}
