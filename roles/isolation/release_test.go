package isolation_test

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// pass is what a worker of a class passes on of a person's call.
func (w *world) pass(p *person, workerOf class, minted service.Action, through service.Action, edit ...func(*captoken.Request)) dek.Request {
	w.t.Helper()
	c := w.route(through)
	c.token, c.prover = w.capability(p, minted, edit...), p.key
	out := dek.Request{Worker: w.workerSession(workerOf.worker, workerOf.class).Token(), Capability: c.token, Proof: c.prove(w), Method: c.method, URL: c.url}
	if len(c.objects) > 0 {
		out.Object.Key = c.objects[0]
	}
	if workerOf.versioned {
		out.Object.Version = aVersion
	}
	if len(c.body) > 0 {
		sum := sha256.Sum256(c.body)
		out.BodyHash = jose.EncodeSegment(sum[:])
	}
	return out
}

// aVersion is the version of objects that only the signer hears of.
const aVersion = 7

// released sends a request to the signer.
func (w *world) released(path string, q dek.Request) answer {
	w.t.Helper()
	return w.send(call{url: w.Profile.Hosts["signer"] + path, method: "POST"}.json(w, q))
}

// wrapIn reads the wrap in a signed answer.
func wrapIn(w *world, a answer) *dek.Wrap {
	w.t.Helper()
	if a.code != "" {
		w.t.Fatalf("a new data key: %s: %s", a.verdict, a.body)
	}
	var s dek.Signed
	if err := strictjson.DecodeAnswer(a.body, &s); err != nil {
		w.t.Fatal(err)
	}
	var k dek.Key
	if err := strictjson.DecodeAnswer([]byte(s.Body), &k); err != nil || k.Wrap == nil {
		w.t.Fatalf("%s: %v", s.Body, err)
	}
	return k.Wrap
}

// releaseRows: the session of every worker, capabilities for every action in
// everybody's hands, proofs by everybody (SPEC section 4, signer).
func releaseRows(w *world, r httpd.Route) []cell {
	var out []cell
	op := map[string]service.Op{dek.PathNew: service.OpStore, dek.PathUnwrap: service.OpFetch}[r.Path]
	for _, cl := range classes() {
		if cl.worker == "" {
			continue
		}
		a := action(cl.class, op)
		ask := func(q dek.Request, p *person) verdict {
			if r.Path == dek.PathUnwrap {
				q.Wrap = w.wrapOf(p, cl)
			}
			return w.released(r.Path, q).verdict
		}
		for _, p := range w.people() {
			for _, minted := range append(actions(), service.EmailRead) {
				out = append(out, cell{name: fmt.Sprintf("worker of %s: %s with a capability to %s in %s", cl.class, p.name, minted.Op, minted.Class), want: releases(p, a, minted), call: func() verdict {
					q := w.pass(p, cl, minted, a)
					if r.Path == dek.PathUnwrap {
						q.Wrap = w.wrapOf(w.own, cl)
					}
					return w.yields(r.Path, q, p, cl)
				}})
			}
			for _, prover := range w.everybody() {
				if prover != p {
					out = append(out, cell{name: fmt.Sprintf("worker of %s: capability of %s proven by %s", cl.class, p.name, prover.name), want: by(apierr.LayerSigner, apierr.ProofInvalid), call: func() verdict {
						q := w.pass(p, cl, a, a)
						c := w.route(a)
						c.token, c.prover = q.Capability, prover.key
						q.Proof = c.prove(w)
						return ask(q, w.own)
					}})
				}
			}
		}
		out = append(out, sessionOfWorkerRows(w, cl, a, ask)...)
		out = append(out, forgedReleaseRows(w, cl, a, ask)...)
	}
	return out
}

// releases is the model of the signer for a person that acts for itself; the wrap
// that is shown is that of own.
func releases(p *person, a, minted service.Action) verdict {
	signer := func(c apierr.Code) verdict { return by(apierr.LayerSigner, c) }
	switch {
	case minted.Class != a.Class:
		return signer(apierr.CapDataClassMismatch)
	case minted.Op != a.Op:
		return signer(apierr.CapOpMismatch)
	case !p.ops.Has(a.Needs):
		return signer(apierr.ServiceNotInScope)
	case a.Op == service.OpFetch && p.name != "own":
		return signer(apierr.EnvelopeInvalid)
	}
	return verdict{gave: keyOf(p, a.Class)}
}

// sessionOfWorkerRows: who asks must be the worker of this class.
func sessionOfWorkerRows(w *world, cl class, a service.Action, ask func(dek.Request, *person) verdict) []cell {
	var out []cell
	unlisted := by(apierr.LayerSigner, apierr.WorkerNotListed)
	row := func(name string, want verdict, session func() string) {
		out = append(out, cell{name: "session of " + name, want: want, call: func() verdict {
			q := w.pass(w.own, cl, a, a)
			q.Worker = session()
			return ask(q, w.own)
		}})
	}
	by1 := func(k jose.PrivateKey, class string) func() string {
		return func() string { return must[*dek.Session](w.t)(dek.NewSession(k, class, time.Now())).Token() }
	}
	row("the broker", unlisted, by1(w.identity("broker"), string(cl.class)))
	row("the signer", unlisted, by1(w.identity("signer"), string(cl.class)))
	row("K1", unlisted, by1(w.k1, string(cl.class)))
	row("K2", unlisted, by1(w.k2, string(cl.class)))
	row("a key of nobody", unlisted, by1(must[jose.PrivateKey](w.t)(jose.GenerateKey()), string(cl.class)))
	for _, claimed := range []string{"memory", "credentials", "email", "signer", ""} {
		if claimed != string(cl.class) {
			row("this worker for class "+claimed, unlisted, by1(w.identity(cl.worker), claimed))
		}
	}
	for _, other := range classes() {
		if other.worker != "" && other.class != cl.class {
			row("the worker of "+string(other.class), by(apierr.LayerSigner, apierr.CapDataClassMismatch), by1(w.identity(other.worker), string(other.class)))
		}
	}
	return out
}

// forgedReleaseRows: what K1 can sign, in the hands of own.
func forgedReleaseRows(w *world, cl class, a service.Action, ask func(dek.Request, *person) verdict) []cell {
	var out []cell
	row := func(name string, want apierr.Code, edit func(*captoken.Request)) {
		out = append(out, cell{name: "forged: " + name, want: by(apierr.LayerSigner, want), call: func() verdict { return ask(w.pass(w.own, cl, a, a, edit), w.own) }})
	}
	for _, victim := range []*person{w.sibling, w.stranger} {
		row("own device, actor "+victim.name, apierr.DeviceBindingMismatch, func(c *captoken.Request) { c.Actor = victim.actor })
		row("own device, operator and actor of "+victim.name, apierr.DeviceBindingMismatch, func(c *captoken.Request) { c.Operator, c.Actor = victim.operator, victim.actor })
		row("device of "+victim.name, apierr.ProofInvalid, func(c *captoken.Request) { c.Device = victim.device })
	}
	row("own device, a key of the sibling", apierr.ProofInvalid, func(c *captoken.Request) { c.JKT = dpop.Thumbprint(&w.sibling.key.PublicKey) })
	for _, other := range classes() {
		if other.class != cl.class {
			out = append(out, cell{name: "a request that was made to the worker of " + string(other.class), want: by(apierr.LayerSigner, apierr.ProofInvalid), call: func() verdict {
				q := w.pass(w.own, cl, a, action(other.class, a.Op))
				if q.Object.Key = cl.object; cl.object != "" {
					q.Object.Version = aVersion
				}
				return ask(q, w.own)
			}})
		}
	}
	row("a service that is not granted", apierr.ServiceNotInScope, func(c *captoken.Request) { c.Service = cl.service + "x" })
	row("an epoch of tomorrow", apierr.CapEpochAhead, func(c *captoken.Request) { c.Epoch = 2 })
	return out
}

// fieldRows offer every kind of token in each place of the signer's body.
func fieldRows(w *world, r httpd.Route) []cell {
	var out []cell
	cl := classes()[0]
	a := action(cl.class, map[string]service.Op{dek.PathNew: service.OpStore, dek.PathUnwrap: service.OpFetch}[r.Path])
	signer := func(c apierr.Code) verdict { return by(apierr.LayerSigner, c) }
	for _, k := range w.kinds() {
		token := k.token
		if token == nil {
			token = fixed("")
		}
		set := func(name string, want verdict, put func(*dek.Request, string)) {
			out = append(out, cell{name: k.name + " as " + name, want: want, call: func() verdict {
				q := w.pass(w.own, cl, a, a)
				if r.Path == dek.PathUnwrap {
					q.Wrap = w.wrapOf(w.own, cl)
				}
				put(&q, token())
				return w.released(r.Path, q).verdict
			}})
		}
		if k.what != workerToken {
			set("the worker's session", signer(apierr.Unauthorized), func(q *dek.Request, s string) { q.Worker = s })
		}
		if k.what != capability {
			set("the capability", signer(apierr.CapInvalid), func(q *dek.Request, s string) { q.Capability = s })
		}
		set("the proof", signer(apierr.ProofInvalid), func(q *dek.Request, s string) { q.Proof = s })
	}
	return out
}
