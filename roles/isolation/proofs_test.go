package isolation_test

import (
	"io"
	"net/http"
	"strings"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/service"
)

// takes is which kind of token a policy takes in the header Authorization.
func takes(r httpd.Route) what {
	switch {
	case strings.HasPrefix(r.Policy, "session+proof"):
		return session
	case strings.HasPrefix(r.Policy, "capability+proof"):
		return capability
	}
	return keeperToken
}

// layerOf is who answers for a role.
func layerOf(r httpd.Route) apierr.Layer {
	return map[string]apierr.Layer{
		"broker": apierr.LayerMint, "signer": apierr.LayerSigner, "audit": apierr.LayerAudit, "cred": apierr.LayerWorker, "memory": apierr.LayerWorker,
	}[r.Role]
}

// notTaken is what a route says of a token of another kind.
func notTaken(r httpd.Route) verdict {
	if takes(r) == capability {
		return by(layerOf(r), apierr.CapInvalid)
	}
	return by(layerOf(r), apierr.Unauthorized)
}

// base is a call of the route that is allowed.
func (w *world) base(r httpd.Route) call {
	switch takes(r) {
	case session:
		return w.asks(r, asker(w, r))
	case capability:
		p := w.own
		return w.use(p, actionOf(r), storage{p, actionOf(r).Class, accessFor(actionOf(r))})
	}
	wallet := w.governance
	if r.Policy == "maintainer+proof" {
		wallet = w.maintainer
	}
	return w.orders(r, wallet)
}

// tokenRows offer every kind of token at the route, each with a proof that fits it
// by the key of own (threats A5).
func tokenRows(w *world, r httpd.Route) []cell {
	var out []cell
	for _, k := range w.kinds() {
		if k.what == takes(r) {
			continue // rows of its own
		}
		out = append(out, cell{name: k.name, want: notTaken(r), call: func() verdict {
			c := w.base(r)
			if c.prover = w.own.key; k.token == nil {
				c.scheme, c.token = "", ""
			} else {
				c.token = k.token()
			}
			return w.send(c).verdict
		}})
	}
	bearer := func(scheme string) func() verdict {
		return func() verdict { c := w.base(r); c.scheme = scheme; return w.send(c).verdict }
	}
	return append(out,
		cell{name: "as a bearer token", want: notTaken(r), call: bearer("Bearer ")},
		cell{name: "under no scheme", want: notTaken(r), call: bearer("")},
		cell{name: "twice", want: notTaken(r), call: func() verdict {
			c := w.base(r)
			c.edit = func(q *http.Request) { q.Header.Add("Authorization", q.Header.Get("Authorization")) }
			return w.send(c).verdict
		}},

		cell{name: "from K2", want: notTaken(r), call: func() verdict {
			c := w.base(r)
			part := strings.SplitN(c.token, ".", 3)
			if len(part) == 3 {
				c.token = signedBy(w, w.k2, c.token)
			} else {
				c.token = part[0] + "." + strings.Repeat("0", len(part[1]))
			}
			return w.send(c).verdict
		}},
	)
}

// proofRows break the proof of a call that is allowed otherwise (threats A11).
func proofRows(w *world, r httpd.Route) []cell {
	bad := by(layerOf(r), apierr.ProofInvalid)
	none := bad
	if takes(r) == keeperToken {
		none = by(layerOf(r), apierr.Unauthorized)
	}
	row := func(name string, want verdict, edit func(*call)) cell {
		return cell{name: name, want: want, call: func() verdict { c := w.base(r); edit(&c); return w.send(c).verdict }}
	}
	return []cell{
		row("no proof", none, func(c *call) { c.prover = nil }),
		row("two proofs", none, func(c *call) {
			c.edit = func(q *http.Request) { q.Header.Add("DPoP", q.Header.Get("DPoP")) }
		}),
		row("the token in place of the proof", bad, func(c *call) {
			c.edit = func(q *http.Request) { q.Header.Set("DPoP", c.token) }
		}),
		row("proof by the sibling", bad, func(c *call) { c.prover = w.sibling.key }),
		row("proof by the stranger", bad, func(c *call) { c.prover = w.stranger.key }),
		row("proof by the master", bad, func(c *call) {
			if c.prover = w.master.key; asker(w, r) == w.master && takes(r) == session {
				c.prover = w.rival.key
			}
		}),
		row("proof for another method", bad, func(c *call) { c.proof = dpop.Request{Method: "PUT"} }),
		row("proof for another path", bad, func(c *call) { c.proof = dpop.Request{URL: c.url + "x"} }),
		row("proof for another host", bad, func(c *call) { c.proof = dpop.Request{URL: "http://localhost" + r.Path} }),
		row("proof for another token", bad, func(c *call) { c.proof = dpop.Request{Token: w.own.session + "x"} }),
		row("proof for another body", bad, func(c *call) { c.proof = dpop.Request{Body: []byte("another")} }),
		{name: "proof used before", want: by(layerOf(r), apierr.ProofReplayed), call: func() verdict {
			if takes(r) == capability {
				a := actionOf(r)
				defer w.hold(w.own, a.Class)()
				if a.Op == service.OpTeardown {
					defer w.put(classOf(a.Class).ready(w.own))
				}
			}
			req := w.base(r).signed(w)
			body := must[io.ReadCloser](w.t)(req.GetBody())
			w.do(req)
			again := req.Clone(w.t.Context())
			again.Body = body
			return w.do(again).verdict
		}},
	}
}
