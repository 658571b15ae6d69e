package signer_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// fault breaks one thing of a call that would succeed.
type fault struct {
	name string
	want apierr.Code
	told bool // it is refused after the proof, and so leaves an event
	only func(op) bool
	set  func(*call)
}

func keyed(o op) bool    { return o.key != "" }
func unkeyed(o op) bool  { return o.key == "" }
func inMemory(o op) bool { return o.action.Class == service.Memory }
func inMail(o op) bool   { return o.action.Class == service.Email }
func bodied(o op) bool   { return len(o.body) > 0 }
func bodiless(o op) bool { return len(o.body) == 0 }
func mutating(o op) bool { return o.action.Mutates }
func other(c *call) *host {
	return map[bool]*host{true: c.w.hosts[2], false: c.w.hosts[0]}[c.host != c.w.hosts[2]]
}

func (w *world) otherThan(p *person) *person {
	for _, q := range w.people {
		if q != p {
			return q
		}
	}
	return nil
}

// sessionOf makes the call one under another session.
func sessionOf(make func(c *call) (*dek.Session, error)) func(*call) {
	return func(c *call) { c.session = must[*dek.Session](c.w.t)(make(c)) }
}

func workerFaults() []fault {
	text := func(s string) func(*call) { return func(c *call) { c.edit = func(r *dek.Request) { r.Worker = s } } }
	life := dek.SessionLife
	return []fault{
		{"worker not listed", apierr.WorkerNotListed, false, nil, func(c *call) {
			sessionOf(func(c *call) (*dek.Session, error) {
				return dek.NewSession(josetest.New(c.w.t).Key, string(c.host.class), c.w.now())
			})(c)
		}},
		{"session of the signer itself", apierr.WorkerNotListed, false, nil, sessionOf(func(c *call) (*dek.Session, error) {
			return dek.NewSession(c.w.identity, string(c.host.class), c.w.now())
		})},
		{"session of K1", apierr.WorkerNotListed, false, nil, sessionOf(func(c *call) (*dek.Session, error) {
			return dek.NewSession(c.w.forger.Key, string(c.host.class), c.w.now())
		})},
		{"session of another class", apierr.WorkerNotListed, false, nil, sessionOf(func(c *call) (*dek.Session, error) {
			return dek.NewSession(c.host.id.Key, string(other(c).class), c.w.now())
		})},
		{"session of a signer's class", apierr.WorkerNotListed, false, nil, sessionOf(func(c *call) (*dek.Session, error) {
			return dek.NewSession(c.host.id.Key, dek.SignerClass, c.w.now())
		})},
		{"session that has ended", apierr.Unauthorized, false, nil, sessionOf(func(c *call) (*dek.Session, error) {
			return dek.NewSession(c.host.id.Key, string(c.host.class), c.w.now().Add(-life))
		})},
		{"session about to end", "", true, nil, sessionOf(func(c *call) (*dek.Session, error) {
			return dek.NewSession(c.host.id.Key, string(c.host.class), c.w.now().Add(time.Second-life))
		})},
		{"session from the future", apierr.Unauthorized, false, nil, sessionOf(func(c *call) (*dek.Session, error) {
			return dek.NewSession(c.host.id.Key, string(c.host.class), c.w.now().Add(dek.Leeway+time.Second))
		})},
		{"no session", apierr.Unauthorized, false, nil, text("")},
		{"no token as session", apierr.Unauthorized, false, nil, text("session")},
	}
}

// reclaim re-signs the payload of a good token after a textual change: what
// only the holder of K1 could do.
func reclaim(from, to string) func(*call) {
	return func(c *call) {
		c.forge = func(good string) string {
			p := payload(good)
			if !strings.Contains(p, from) {
				c.w.t.Fatalf("payload %s lacks %s", p, from)
			}
			return c.w.forger.Token(c.w.forger.Header(captoken.Type), strings.Replace(p, from, to, 1))
		}
	}
}

func payload(token string) string {
	b, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		panic(err)
	}
	return string(b)
}

func capabilityFaults() []fault {
	const ttl = captoken.DefaultTTL * time.Second
	as := func(a service.Action) func(*call) {
		return func(c *call) { c.cap.Action, c.cap.Service = a, services()[a.Class] }
	}
	return []fault{
		{"capability that has ended", apierr.CapExpired, false, nil, func(c *call) { c.at = c.at.Add(-ttl) }},
		{"capability about to end", "", true, nil, func(c *call) { c.at = c.at.Add(time.Second - ttl) }},
		{"capability not yet valid", apierr.CapExpired, false, nil, func(c *call) { c.at = c.at.Add(time.Minute) }},
		{"capability of another issuer", apierr.CapInvalid, false, nil, reclaim(issuer, "http://127.0.0.1:8092")},
		{"capability for a day", apierr.CapInvalid, false, nil, func(c *call) {
			reclaim(fmt.Sprintf(`"exp":%d`, c.at.Add(ttl).Unix()), fmt.Sprintf(`"exp":%d`, c.at.Add(24*time.Hour).Unix()))(c)
		}},
		{"capability by another key", apierr.CapInvalid, false, nil, func(c *call) {
			c.forge = func(good string) string {
				f := josetest.New(c.w.t)
				return f.Token(f.Header(captoken.Type), payload(good))
			}
		}},
		{"no capability", apierr.CapInvalid, false, nil, func(c *call) { c.edit = func(r *dek.Request) { r.Capability = "" } }},
		{"capability with two uses", apierr.CapInvalid, false, mutating, reclaim(`"uses":1`, `"uses":2`)},
		{"capability of another class", apierr.CapDataClassMismatch, false, nil, func(c *call) {
			a := service.MemoryGet
			if inMemory(c.op) {
				a = service.CredFetch
			}
			as(a)(c)
		}},
		{"capability of the other op", apierr.CapOpMismatch, false, func(o op) bool { return !inMail(o) }, func(c *call) {
			for _, o := range ops() {
				if o.action.Class == c.op.action.Class && o.action.Op != c.op.action.Op {
					as(o.action)(c)
				}
			}
		}},
		{"capability to tear down", apierr.CapOpMismatch, false, nil, func(c *call) {
			as(service.Action{Class: c.op.action.Class, Op: service.OpTeardown, Needs: service.Delete, Mutates: true})(c)
		}},
		{"capability to list", apierr.CapOpMismatch, false, unkeyed, func(c *call) { c.cap.Action, c.cap.Service = service.CredList, service.Any }},
		{"capability of a future epoch", apierr.CapEpochAhead, true, nil, func(c *call) { c.cap.Epoch = 2 }},
		{"capability of another actor", apierr.DeviceBindingMismatch, true, nil, func(c *call) { c.cap.Actor = omni.ActorOfWallet([20]byte{9}) }},
		{"capability of another operator", apierr.DeviceBindingMismatch, true, nil, func(c *call) { c.cap.Operator = omni.OperatorOfWallet([20]byte{9}) }},
	}
}

func proofFaults() []fault {
	edit := func(f func(*dek.Request)) func(*call) { return func(c *call) { c.edit = f } }
	return []fault{
		{"no proof", apierr.ProofInvalid, false, nil, edit(func(r *dek.Request) { r.Proof = "" })},
		{"proof by another key", apierr.ProofInvalid, false, nil, func(c *call) { c.prover = c.w.otherThan(c.who).key }},
		{"cnf of another key", apierr.ProofInvalid, false, nil, func(c *call) { c.cap.JKT = dpop.Thumbprint(&c.w.otherThan(c.who).key.PublicKey) }},
		{"device of another key", apierr.ProofInvalid, false, nil, func(c *call) { c.cap.Device = c.w.otherThan(c.who).device }},
		{"proof for another token", apierr.ProofInvalid, false, nil, func(c *call) { c.proof.Token = "another.token.here" }},
		{"proof for another URL", apierr.ProofInvalid, false, nil, func(c *call) { c.proof.URL += "x" }},
		{"request to another URL", apierr.ProofInvalid, false, nil, func(c *call) { c.req.URL += "x" }},
		{"proof and request to another URL", apierr.ProofInvalid, false, nil, func(c *call) { c.req.URL += "x"; c.proof.URL = c.req.URL }},
		{"URL of another class's worker", apierr.ProofInvalid, false, nil, func(c *call) { c.url(other(c), c.op.key) }},
		{"URL of another worker of the class", apierr.ProofInvalid, false, unkeyed, func(c *call) { c.url(c.w.hosts[1], "") }},
		{"another address of the worker", "", true, nil, func(c *call) {
			c.url(&host{url: c.host.alias()}, c.op.key)
		}},
		{"proof for another address of the worker", apierr.ProofInvalid, false, nil, func(c *call) {
			was := c.req.URL
			c.url(&host{url: c.host.alias()}, c.op.key)
			c.req.URL = was
		}},
		{"URL of the signer", apierr.ProofInvalid, false, nil, func(c *call) {
			c.req.URL = c.w.url + c.op.route
			c.proof.URL = c.req.URL
		}},
		{"no URL", apierr.ProofInvalid, false, nil, edit(func(r *dek.Request) { r.URL = "" })},
		{"proof for another method", apierr.ProofInvalid, false, nil, func(c *call) { c.proof.Method = "PUT" }},
		{"request of another method", apierr.ProofInvalid, false, nil, func(c *call) { c.req.Method = "PUT" }},
		{"no method", apierr.ProofInvalid, false, nil, edit(func(r *dek.Request) { r.Method = "" })},
		{"another method, proven", apierr.ProofInvalid, false, nil, func(c *call) { c.proof.Method, c.req.Method = "PUT", "PUT" }},
		{"proof over another body", apierr.ProofInvalid, false, bodied, func(c *call) { c.proof.Body = []byte("other") }},
		{"proof over no body", apierr.ProofInvalid, false, bodied, func(c *call) { c.proof.Body = nil }},
		{"proof over a body", apierr.ProofInvalid, false, bodiless, func(c *call) { c.proof.Body = []byte("other") }},
		{"another body's hash", apierr.ProofInvalid, false, nil, edit(func(r *dek.Request) { r.BodyHash = jose.EncodeSegment(make([]byte, 32)) })},
		{"no body hash", apierr.ProofInvalid, false, bodied, edit(func(r *dek.Request) { r.BodyHash = "" })},
		{"a body hash of 31 bytes", apierr.InvalidInput, false, nil, edit(func(r *dek.Request) { r.BodyHash = jose.EncodeSegment(make([]byte, 31)) })},
		{"a body hash that is no base64url", apierr.InvalidInput, false, nil, edit(func(r *dek.Request) { r.BodyHash = strings.Repeat("+", 43) })},
		{"old proof", apierr.ProofInvalid, false, nil, func(c *call) { c.proof.Now = c.proof.Now.Add(-dpop.MaxAge - time.Second) }},
		{"proof of the last instant", "", true, nil, func(c *call) { c.proof.Now = c.proof.Now.Add(-dpop.MaxAge) }},
		{"proof from the future", apierr.ProofInvalid, false, nil, func(c *call) { c.proof.Now = c.proof.Now.Add(dpop.Leeway + time.Second) }},

		{"object that neither proof nor URL name", apierr.ProofInvalid, false, keyed, func(c *call) { c.req.Object.Key = "diary.2027" }},
		{"object that the proof does not name", apierr.ProofObjectMismatch, false, keyed, func(c *call) {
			c.req.Object.Key = "diary.2027"
			c.url(c.host, "diary.2027")
		}},
		{"object that the URL does not name", apierr.ProofInvalid, false, keyed, func(c *call) {
			c.req.Object.Key = "diary.2027"
			c.proof.Objects = []string{"diary.2027"}
		}},
		{"key for credentials", apierr.ProofObjectMismatch, false, unkeyed, func(c *call) {
			c.req.Object.Key = "k"
			c.proof.Objects = []string{"k"}
		}},
		{"proof that names an object for credentials", apierr.ProofObjectMismatch, false, unkeyed, func(c *call) { c.proof.Objects = []string{"k"} }},
		{"no key", apierr.ProofObjectMismatch, false, keyed, func(c *call) {
			c.req.Object.Key, c.proof.Objects = "", nil
			c.url(c.host, "")
		}},
		{"no object in the proof", apierr.ProofObjectMismatch, false, keyed, func(c *call) { c.proof.Objects = nil }},
		{"two objects in the proof", apierr.ProofObjectMismatch, false, keyed, func(c *call) { c.proof.Objects = append(c.proof.Objects, "k2") }},
	}
}

func allFaults() []fault {
	out := append(workerFaults(), capabilityFaults()...)
	return append(append(out, proofFaults()...), objectFaults()...)
}

// TestFaults sends every fault at every op by every actor, and beside each the
// same call without it.
func TestFaults(t *testing.T) {
	w := newWorld(t, 1)
	cells := 0
	for i, p := range w.people {
		for _, o := range ops() {
			for _, f := range allFaults() {
				if f.only != nil && !f.only(o) {
					continue
				}
				where := fmt.Sprintf("actor %d, %s, %s", i, o.name, f.name)
				c := w.call(p, o)
				f.set(c)
				c.check(t, where, f.want, f.told)
				w.call(p, o).check(t, where+": its twin", "", true)
				cells++
			}
			w.twice(t, p, o)
		}
	}
	t.Logf("%d cells", cells)
}

// twice replays a request, byte for byte and under another session.
func (w *world) twice(t *testing.T, p *person, o op) {
	t.Helper()
	c := w.call(p, o)
	c.check(t, o.name+": first", "", true)
	before := len(w.events(0))
	_, err := c.post(w.side)
	if apierr.CodeOf(err) != apierr.ProofReplayed {
		t.Errorf("%s, replayed: %v", o.name, err)
	}
	c.req.Worker = w.session(c.host).Token()
	c.resend()
	if _, err = c.post(w.side); apierr.CodeOf(err) != apierr.ProofReplayed {
		t.Errorf("%s, replayed under another session: %v", o.name, err)
	}
	c.told(t, o.name+", replayed", before, apierr.ProofReplayed, false)
}

// TestForgedTokens presents every confusion of algorithm, key, header and form.
func TestForgedTokens(t *testing.T) {
	w := newWorld(t, 1)
	p, o := w.people[0], ops()[0]
	for _, f := range w.forger.Confusions(t, captoken.Type, payload(w.mint(w.call(p, o).cap, w.now()))) {
		c := w.call(p, o)
		c.forge = func(string) string { return f.Token }
		c.check(t, "capability, "+f.Name, apierr.CapInvalid, false)
	}
	h := w.hosts[0]
	for _, f := range h.id.Confusions(t, dek.SessionType, payload(w.session(h).Token())) {
		want := apierr.Unauthorized
		if strings.HasPrefix(f.Name, "kid ") && !strings.HasSuffix(f.Name, "number") {
			want = apierr.WorkerNotListed // a key that nobody knows
		}
		c := w.call(p, o)
		c.edit = func(r *dek.Request) { r.Worker = f.Token }
		c.check(t, "session, "+f.Name, want, false)
	}
	w.call(p, o).check(t, "twin", "", true)
}
