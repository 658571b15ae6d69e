package isolation_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// accessFor is the access that a client asks for an action.
func accessFor(a service.Action) string {
	if a.Mutates {
		return "write"
	}
	return "read"
}

// use is a call of a worker's route by a person for itself, with a storage session.
func (w *world) use(p *person, a service.Action, s storage) call {
	c := w.route(a)
	if c.token, c.prover = w.capability(p, a), p.key; a.Op == service.OpStore {
		c.body = valueOf(p, a.Class)
	}
	creds := w.storage(s)
	c.session = &creds
	return c
}

// valueOf is what somebody stores.
func valueOf(p *person, c service.Class) []byte { return []byte(classOf(c).usual(p).value()) }

// route is a call of the worker's route for an action, without token, proof and
// session.
func (w *world) route(a service.Action) call {
	cl := classOf(a.Class)
	c := w.with(httpd.Route{Role: cl.worker, Method: "POST", Path: cl.routes[a.Op]}, "", nil)
	if keyed := cl.object != "" && a.Op != service.OpList; keyed {
		c.url += "/" + cl.object
		c.objects = []string{cl.object}
	}
	switch {
	case a.Op == service.OpStore:
		c.body, c.media = []byte("value of "+string(a.Class)), "application/octet-stream"
	case a.IsList() && !a.ListsClass():
		c.body, c.media = []byte("{}"), "application/json"
	}
	return c
}

// workerRows are those of a worker: session headers, capability, proof, class, op,
// chain, and then storage, in this order (SPEC section 4).
func workerRows(w *world, r httpd.Route) []cell {
	var out []cell
	for _, more := range []rows{capabilityRows, nameRows, theftRows, sessionRows, headerRows, objectRows, forgedRows} {
		out = append(out, more(w, r)...)
	}
	return out
}

// capabilityRows: capabilities for every action in everybody's hands, with every
// storage session of that person's.
func capabilityRows(w *world, r httpd.Route) []cell {
	var out []cell
	a := actionOf(r)
	for _, p := range w.people() {
		for _, minted := range append(actions(), service.EmailRead) {
			for _, s := range storageSessions(p) {
				out = append(out, cell{name: fmt.Sprintf("%s with a capability to %s in %s and %s", p.name, minted.Op, minted.Class, s), want: worksFor(p, a, minted, s), call: func() verdict {
					c := w.use(p, a, s)
					c.token = w.capability(p, minted)
					return w.works(c, p, a)
				}})
			}
		}
	}
	return out
}

// worksFor is the model of a worker for a person that acts for itself.
func worksFor(p *person, route, minted service.Action, s storage) verdict {
	worker := func(c apierr.Code) verdict { return by(apierr.LayerWorker, c) }
	switch {
	case minted.Class != route.Class:
		return worker(apierr.CapDataClassMismatch)
	case minted.Op != route.Op:
		return worker(apierr.CapOpMismatch)
	case !p.ops.Has(route.Needs):
		return worker(apierr.ServiceNotInScope)
	}
	v := s.may(p, route.Class, route.Op)
	if v.code == "" {
		v.gave = gives(p, route)
	}
	return v
}

// nameRows: everybody fetches under every name that there is. What is there is its
// own, and under the names of others there is nothing for it.
func nameRows(w *world, r httpd.Route) []cell {
	var out []cell
	a := actionOf(r)
	if a.Op != service.OpFetch {
		return nil
	}
	cl := classOf(a.Class)
	for _, p := range w.people() {
		for _, q := range w.people() {
			o := cl.alone(q)
			want := verdict{gave: o.value()}
			switch {
			case p != q && cl.object == "":
				want = by(apierr.LayerWorker, apierr.ServiceNotInScope)
			case p != q:
				want = by(apierr.LayerWorker, apierr.NotFound)
			}
			o.of = p
			out = append(out, cell{name: fmt.Sprintf("%s fetches what %s alone has", p.name, q.name), want: want, call: func() verdict {
				a := w.send(w.about(o, service.OpFetch))
				return a.gives(string(a.body))
			}})
		}
	}
	return out
}

// theftRows: the capability of one, proven by another, with the storage session of
// either.
func theftRows(w *world, r httpd.Route) []cell {
	var out []cell
	a := actionOf(r)
	for _, holder := range w.people() {
		for _, thief := range w.everybody() {
			if thief == holder {
				continue
			}
			for _, s := range []*person{holder, thief} {
				if s.master {
					continue
				}
				out = append(out, cell{name: fmt.Sprintf("capability of %s proven by %s with the session of %s", holder.name, thief.name, s.name), want: by(apierr.LayerWorker, apierr.ProofInvalid), call: func() verdict {
					c := w.use(holder, a, storage{s, a.Class, accessFor(a)})
					c.prover = thief.key
					return w.send(c).verdict
				}})
			}
		}
	}
	return out
}

// sessionRows: a capability that is right in all, with the storage session of
// another (threats A4).
func sessionRows(w *world, r httpd.Route) []cell {
	var out []cell
	a := actionOf(r)
	for _, p := range []*person{w.own, w.sibling, w.stranger} {
		for _, s := range storageSessions(w.people()...) {
			if s.of == p {
				continue
			}
			out = append(out, cell{name: fmt.Sprintf("%s with %s", p.name, s), want: by(apierr.LayerStorage, apierr.StorageDenied), call: func() verdict { return w.send(w.use(p, a, s)).verdict }})
		}
	}
	return out
}

// headerRows: the three headers are there, once each, and belong together (threats
// A3).
func headerRows(w *world, r httpd.Route) []cell {
	var out []cell
	a := actionOf(r)
	incomplete := by(apierr.LayerWorker, apierr.STSHeadersIncomplete)
	row := func(name string, want verdict, edit func(h http.Header)) {
		out = append(out, cell{name: name, want: want, call: func() verdict {
			c := w.base(r)
			c.edit = func(q *http.Request) { edit(q.Header) }
			return w.send(c).verdict
		}})
	}
	names := []string{"X-Aws-Access-Key-Id", "X-Aws-Secret-Access-Key", "X-Aws-Session-Token"}
	row("no session headers", incomplete, func(h http.Header) {
		for _, n := range names {
			h.Del(n)
		}
	})
	other := w.storage(storage{w.sibling, a.Class, accessFor(a)})
	foreign := http.Header{}
	sts.SetHeaders(foreign, other)
	for _, n := range names {
		row("without "+n, incomplete, func(h http.Header) { h.Del(n) })
		row("only "+n, incomplete, func(h http.Header) {
			for _, m := range names {
				if m != n {
					h.Del(m)
				}
			}
		})
		row("empty "+n, incomplete, func(h http.Header) { h.Set(n, "") })
		row("two of "+n, incomplete, func(h http.Header) { h.Add(n, h.Get(n)) })
		row(n+" of the sibling", by(apierr.LayerStorage, apierr.StorageDenied), func(h http.Header) { h.Set(n, foreign.Get(n)) })
	}
	return out
}

// objectRows: the object of a call stands in its path and in its proof.
func objectRows(w *world, r httpd.Route) []cell {
	a := actionOf(r)
	cl := classOf(a.Class)
	row := func(name string, edit func(*call)) cell {
		return cell{name: name, want: by(apierr.LayerWorker, apierr.ProofObjectMismatch), call: func() verdict {
			c := w.base(r)
			edit(&c)
			return w.send(c).verdict
		}}
	}
	if cl.object == "" || a.IsList() {
		return []cell{row("the proof names an object where there is none", func(c *call) { c.objects = []string{"other"} })}
	}
	return []cell{
		row("the proof names no object", func(c *call) { c.objects = nil }),
		row("the proof names another object", func(c *call) { c.objects = []string{"other"} }),
		row("the proof names one object more", func(c *call) { c.objects = append(c.objects, "other") }),
		row("the path names another object", func(c *call) { c.url = strings.TrimSuffix(c.url, cl.object) + "other" }),
	}
}

// forgedRows: what K1 can sign and the broker never mints. The device is the
// thief's own, so that the proof is right.
func forgedRows(w *world, r httpd.Route) []cell {
	var out []cell
	a := actionOf(r)
	row := func(name string, want apierr.Code, p *person, edit func(*captoken.Request)) {
		out = append(out, cell{name: "forged: " + name, want: by(apierr.LayerWorker, want), call: func() verdict {
			c := w.use(w.own, a, storage{w.own, a.Class, accessFor(a)})
			c.token, c.prover = w.capability(p, a, edit), p.key
			return w.send(c).verdict
		}})
	}
	for _, victim := range []*person{w.sibling, w.reader, w.stranger} {
		row("own device, actor "+victim.name, apierr.DeviceBindingMismatch, w.own, func(c *captoken.Request) { c.Actor = victim.actor })
		row("own device, operator and actor of "+victim.name, apierr.DeviceBindingMismatch, w.own, func(c *captoken.Request) { c.Operator, c.Actor = victim.operator, victim.actor })
		row("device of "+victim.name+", key of own", apierr.ProofInvalid, w.own, func(c *captoken.Request) { c.Device = victim.device })
	}
	row("own device, a key of the sibling", apierr.ProofInvalid, w.own, func(c *captoken.Request) { c.JKT = dpop.Thumbprint(&w.sibling.key.PublicKey) })
	row("an operator of nobody", apierr.DeviceBindingMismatch, w.own, func(c *captoken.Request) { c.Operator = omni.OperatorOfWallet([20]byte{9}) })
	row("an actor of nobody", apierr.DeviceBindingMismatch, w.own, func(c *captoken.Request) { c.Actor = omni.ActorOfWallet([20]byte{9}) })
	row("an epoch of tomorrow", apierr.CapEpochAhead, w.own, func(c *captoken.Request) { c.Epoch = 2 })
	if !a.ListsClass() {
		row("a service that is not granted", apierr.ServiceNotInScope, w.own, func(c *captoken.Request) { c.Service = classOf(a.Class).service + "x" })
	}
	provision := apierr.DeviceBindingMismatch
	for _, m := range []*person{w.master, w.rival} {
		want := by(apierr.LayerWorker, provision)
		if m == w.master && a.Provisionable {
			want = verdict{gave: gives(w.own, a)}
		}
		out = append(out, cell{name: "forged: device of " + m.name + ", actor own", want: want, call: func() verdict {
			c := w.use(w.own, a, storage{w.own, a.Class, accessFor(a)})
			c.token, c.prover = w.capability(m, a, func(c *captoken.Request) { c.Actor = w.own.actor }), m.key
			return w.works(c, w.own, a)
		}})
	}
	return out
}
