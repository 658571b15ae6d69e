package isolation_test

import (
	"crypto/ecdsa"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/maintenance"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/siwe"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// journalRows: an operator reads and flushes its own, an agent reads what is about
// itself.
func journalRows(w *world, r httpd.Route) []cell {
	out := strangeSessions(w, r)
	refused := func(c apierr.Code) verdict { return by(apierr.LayerAudit, c) }
	for _, caller := range w.everybody() {
		for _, about := range w.everybody() {
			var want verdict
			c := w.with(r, caller.session, caller.key)
			hears := caller == about || caller.master && caller.operator == about.operator
			switch {
			case strings.HasPrefix(r.Path, api.PathAuditFlush+"/"):
				if !about.master {
					continue
				}
				c.url = strings.Replace(c.url, ":operator", about.operator.String(), 1)
				if caller.operator != about.operator {
					want = refused(apierr.OperatorMismatch)
				} else if !caller.master {
					want = refused(apierr.DeviceRoleMissing)
				}
			case strings.HasPrefix(r.Path, api.PathAuditProof+"/"):
				c.url = strings.Replace(c.url, ":id", w.note(about), 1)
				if !hears {
					want = refused(apierr.NotFound)
				}
			case r.Path == api.PathAuditEvents:
				if !caller.master && caller != about {
					want = refused(apierr.OperatorMismatch)
				}
				if want.code == "" {
					want.gave = journalOf(caller.operator)
				}
				out = append(out, cell{name: fmt.Sprintf("%s about %s", caller.name, about.name), want: want, call: func() verdict { return w.reads(c, caller, about, hears) }})
				continue
			case caller != about:
				continue // the route names nobody
			default:
				c = w.asks(r, caller)
			}
			if want.code == "" {
				want.gave = journalOf(caller.operator)
			}
			out = append(out, cell{name: fmt.Sprintf("%s about %s", caller.name, about.name), want: want, call: func() verdict {
				a := w.send(c)
				if strings.HasPrefix(r.Path, api.PathAuditProof+"/") && a.code == "" && !strings.Contains(string(a.body), about.actor.String()) {
					return a.gives("a proof about somebody else")
				}
				return w.journalIn(a, caller.operator)
			}})
		}
	}
	return out
}

// reads asks for the events about somebody: there are some exactly if the caller may
// hear of them, and none is of anybody else.
func (w *world) reads(c call, caller, about *person, hears bool) verdict {
	w.note(about)
	q := c
	q.edit = func(r *http.Request) { r.URL.RawQuery = "actor=" + about.actor.String() }
	a := w.send(q)
	if a.code != "" {
		return a.verdict
	}
	var page api.AuditEvents
	if err := strictjson.DecodeAnswer(a.body, &page); err != nil {
		w.t.Fatal(err)
	}
	if (len(page.Events) > 0) != hears {
		w.t.Errorf("%s reads %d events about %s", caller.name, len(page.Events), about.name)
	}
	for _, e := range page.Events {
		if !strings.Contains(e.Leaf, about.actor.String()) || !strings.Contains(e.Leaf, caller.operator.String()) {
			w.t.Errorf("%s reads about %s: %s", caller.name, about.name, e.Leaf)
		}
	}
	return a.gives(journalOf(caller.operator))
}

// emitRows: an event is taken with the receipt of a listed key, for its own role.
func emitRows(w *world, r httpd.Route) []cell {
	var out []cell
	row := func(name string, want verdict, key jose.PrivateKey, role string, edit func(*journal.Entry)) {
		out = append(out, cell{name: name, want: want, call: func() verdict {
			e := journal.Entry{Sequence: 1, Source: audit.NewSource(role, key.Public(), jose.NewID()[:8])}
			e.Event = audit.Event{ID: jose.NewID(), Time: time.Now(), Emitter: role, Operator: w.own.operator, Actor: w.own.actor, Op: service.OpFetch, Class: service.Credentials, Result: audit.Allowed, Service: "github"}
			e.Signature = must[string](w.t)(audit.Sign(key, e.Source, e.Sequence, e.Event))
			edit(&e)
			return w.send(call{url: w.url(r), method: r.Method}.json(w, api.AuditEmit{Entries: []journal.Entry{e}})).verdict
		}})
	}
	as := func(*journal.Entry) {}
	unlisted, invalid := by(apierr.LayerAudit, apierr.EmitterNotListed), by(apierr.LayerAudit, apierr.ReceiptInvalid)
	for _, role := range []string{"broker", "cred", "memory", "signer"} {
		for _, claimed := range []string{"broker", "cred", "memory", "signer"} {
			want := unlisted
			if claimed == role {
				want = verdict{}
			}
			row("key of "+role+" for an event of "+claimed, want, w.identity(role), claimed, as)
		}
	}
	row("K1", unlisted, w.k1, "broker", as)
	row("K2", unlisted, w.k2, "broker", as)
	row("a key of nobody", unlisted, must[jose.PrivateKey](w.t)(jose.GenerateKey()), "broker", as)
	row("another operator's journal than signed", invalid, w.identity("broker"), "broker", func(e *journal.Entry) { e.Event.Operator = w.stranger.operator })
	row("another actor than signed", invalid, w.identity("broker"), "broker", func(e *journal.Entry) { e.Event.Actor = w.sibling.actor })
	row("the receipt of another event", invalid, w.identity("broker"), "broker", func(e *journal.Entry) { e.Event.ID = jose.NewID() })
	for _, k := range w.kinds() {
		if k.token == nil {
			continue
		}
		row(k.name+" in place of the receipt", invalid, w.identity("broker"), "broker", func(e *journal.Entry) { e.Signature = k.token() })
	}
	return out
}

// localRows: only programs of this machine, under an address of it.
func localRows(w *world, r httpd.Route) []cell {
	row := func(name string, want verdict, edit func(*http.Request)) cell {
		return cell{name: name, want: want, call: func() verdict { return w.send(call{url: w.url(r), method: r.Method, edit: edit}).verdict }}
	}
	refused := by(apierr.LayerAudit, apierr.Unauthorized)
	out := []cell{
		row("a program here", verdict{}, func(*http.Request) {}),
		row("a page in a browser", refused, func(q *http.Request) { q.Header.Set("Origin", "http://localhost") }),
		row("under a name that leads here", refused, func(q *http.Request) { q.Host = "evil.example" }),
	}
	elsewhere := r
	elsewhere.Admin = false
	return append(out, cell{name: "on the public listener", want: by("", apierr.NotFound), call: func() verdict {
		v := w.send(call{url: w.url(elsewhere), method: r.Method}).verdict
		v.layer = ""
		return v
	}})
}

// publicRows: whoever asks gets the same answer, whatever token comes along.
func publicRows(w *world, r httpd.Route) []cell {
	if r.Method == "POST" {
		return nil // sign-in: rows of its own
	}
	url := w.url(r)
	for from, to := range map[string]string{
		":nonce": jose.NewID(), ":class": "email", ":operator": w.own.operator.String(), ":actor": w.own.actor.String(),
	} {
		url = strings.Replace(url, from, to, 1)
	}
	out := []cell{{name: "nobody", call: func() verdict { return w.send(call{url: url, method: r.Method}).verdict }}}
	for _, k := range w.kinds() {
		if k.token != nil {
			out = append(out, cell{name: k.name, call: func() verdict {
				return w.send(call{url: url, method: r.Method, scheme: api.Scheme, token: k.token(), prover: w.own.key}).verdict
			}})
		}
	}
	return out
}

// loginRows: a session comes from a nonce that this broker gave out, signed by the
// key that is registered, once.
func loginRows(w *world, r httpd.Route) []cell {
	address := func(k *ecdsa.PrivateKey) string { return crypto.PubkeyToAddress(k.PublicKey).Hex() }
	if r.Path == api.PathLoginStart {
		start := func(a string) func() verdict {
			return func() verdict {
				return w.send(call{url: w.url(r), method: r.Method}.json(w, api.LoginStart{Address: a})).verdict
			}
		}
		return []cell{
			{name: "an address that is registered", call: start(address(w.own.key))},
			{name: "an address of nobody", call: start("0x" + strings.Repeat("ab", 20))}, // says nothing of who is registered
			{name: "no address", want: by(apierr.LayerRequest, apierr.InvalidInput), call: start("own")},
		}
	}
	var out []cell
	verify := func(text, sig string) verdict {
		return w.send(call{url: w.url(r), method: r.Method}.json(w, api.LoginVerify{Message: text, Signature: sig})).verdict
	}
	refused := by(apierr.LayerMint, apierr.Unauthorized)
	out = append(out,
		cell{name: "signed by own", call: func() verdict { return verify(w.signs(w.own, w.own)) }},
		cell{name: "signed by the sibling for own", want: refused, call: func() verdict { return verify(w.signs(w.own, w.sibling)) }},
		cell{name: "signed by the master for own", want: refused, call: func() verdict { return verify(w.signs(w.own, w.master)) }},
		cell{name: "twice", want: refused, call: func() verdict {
			text, sig := w.signs(w.own, w.own)
			if v := verify(text, sig); v != (verdict{}) {
				return v
			}
			return verify(text, sig)
		}},

		cell{name: "by a key that nobody registered", want: by(apierr.LayerMint, apierr.DeviceNotActive), call: func() verdict {
			k := must[*ecdsa.PrivateKey](w.t)(crypto.GenerateKey())
			return verify(w.signs(&person{key: k}, &person{key: k}))
		}},
	)
	text, sig := w.signs(w.own, w.own) // never spent
	for _, k := range w.kinds() {
		if k.token != nil {
			out = append(out, cell{name: k.name + " as the message", want: refused, call: func() verdict { return verify(k.token(), sig) }})
		}
	}
	return append(out, cell{name: "the session as the signature", want: refused, call: func() verdict { return verify(text, w.own.session) }})
}

// signs answers the challenge for one address with the key of another.
func (w *world) signs(asked, signer *person) (text, signature string) {
	w.t.Helper()
	address := crypto.PubkeyToAddress(asked.key.PublicKey)
	c := must[api.LoginChallenge](w.t)(api.PostJSON[api.LoginChallenge](w.t.Context(), w.own.caller.API, api.Request{URL: w.Profile.Hosts["broker"] + api.PathLoginStart}, api.LoginStart{Address: address.Hex()}))
	text = siwe.Message{
		Domain: c.Domain, Address: address, Statement: c.Statement, URI: c.URI, ChainID: c.ChainID, Nonce: c.Nonce, IssuedAt: c.IssuedAt, ExpiresAt: c.ExpiresAt,
	}.String()
	sig := must[[65]byte](w.t)(maintenance.KeyWallet(signer.key).SignText(w.t.Context(), []byte(text)))
	return text, "0x" + hex.EncodeToString(sig[:])
}
