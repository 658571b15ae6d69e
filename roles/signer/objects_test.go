package signer_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// resend writes the request anew, with the proof that it has.
func (c *call) resend() { c.sent = must[[]byte](c.w.t)(strictjson.Encode(c.req)) }

func wrapped(o op) bool { return !o.isNew() && !inMail(o) }

// objectFaults ask with a genuine proof for what is not the object's.
func objectFaults() []fault {
	bound := func(f func(*call, *keys.Binding)) func(*call) { // a wrap of another object
		return func(c *call) {
			b := c.binding()
			f(c, &b)
			c.wrap(b, 1)
		}
	}
	sealed := func(f func(*call)) func(*call) { // a seal of another object
		return func(c *call) {
			who, key, version := c.who, c.op.key, c.req.Object.Version
			f(c)
			c.seal(c.who, service.Email)
			c.who, c.op.key, c.req.Object.Version = who, key, version
		}
	}
	return []fault{
		{"wrap of another actor", apierr.EnvelopeInvalid, true, wrapped, bound(func(c *call, b *keys.Binding) { b.Actor = c.w.otherThan(c.who).actor })},
		{"wrap of another operator", apierr.EnvelopeInvalid, true, wrapped, bound(func(c *call, b *keys.Binding) { b.Operator = omni.OperatorOfWallet([20]byte{8}) })},
		{"wrap of another service", apierr.EnvelopeInvalid, true, wrapped, bound(func(c *call, b *keys.Binding) {
			b.Service = name(c.w.t, map[service.Class]string{service.Credentials: "gitlab", service.Memory: "memory:other"}[b.Class])
		})},
		{"wrap of another class", apierr.EnvelopeInvalid, true, wrapped, bound(func(c *call, b *keys.Binding) { b.Class = service.Email })},
		{"wrap of another key", apierr.EnvelopeInvalid, true, wrapped, bound(func(c *call, b *keys.Binding) { b.Key += "x" })},
		{"wrap of another version", apierr.EnvelopeInvalid, true, wrapped, bound(func(c *call, b *keys.Binding) { b.Version = 7 })},
		{"another version than the wrap's", apierr.EnvelopeInvalid, true, wrapped, func(c *call) { c.req.Object.Version = 7 }},
		{"wrap under another epoch", apierr.EnvelopeInvalid, true, wrapped, func(c *call) { c.req.Wrap.Epoch = 2 }},
		{"wrap under epoch 0", apierr.EnvelopeInvalid, true, wrapped, func(c *call) { c.req.Wrap.Epoch = 0 }},
		{"wrap that was changed", apierr.EnvelopeInvalid, true, wrapped, func(c *call) {
			b, err := jose.DecodeSegment(c.req.Wrap.Bytes)
			if err != nil {
				c.w.t.Fatal(err)
			}
			b[20] ^= 1
			c.req.Wrap.Bytes = jose.EncodeSegment(b)
		}},
		{"wrap that is too short", apierr.InvalidInput, true, wrapped, func(c *call) { c.req.Wrap.Bytes = jose.EncodeSegment(make([]byte, keys.WrapSize-1)) }},
		{"wrap that is no base64url", apierr.InvalidInput, true, wrapped, func(c *call) { c.req.Wrap.Bytes = strings.Repeat("+", 80) }},
		{"no wrap", apierr.InvalidInput, true, wrapped, func(c *call) { c.req.Wrap = nil }},
		{"a seal where a wrap belongs", apierr.InvalidInput, true, wrapped, func(c *call) {
			c.req.Wrap = nil
			c.seal(c.who, c.op.action.Class)
		}},
		{"a seal beside the wrap", apierr.InvalidInput, true, wrapped, func(c *call) { c.seal(c.who, c.op.action.Class) }},

		{"seal to another actor", apierr.EnvelopeInvalid, true, inMail, sealed(func(c *call) { c.who = c.w.otherThan(c.who) })},
		{"seal of another message", apierr.EnvelopeInvalid, true, inMail, sealed(func(c *call) { c.op.key = "msg-0002" })},
		{"seal of another version", apierr.EnvelopeInvalid, true, inMail, sealed(func(c *call) { c.req.Object.Version = 7 })},
		{"seal under another epoch", apierr.EnvelopeInvalid, true, inMail, func(c *call) { c.req.Sealed.Epoch = 2 }},
		{"seal of another class", apierr.EnvelopeInvalid, true, inMail, func(c *call) { c.seal(c.who, service.Memory) }},
		{"seal that is too short", apierr.EnvelopeInvalid, true, inMail, func(c *call) { c.req.Sealed.Bytes = jose.EncodeSegment(make([]byte, keys.SealSize-1)) }},
		{"seal that is no base64url", apierr.InvalidInput, true, inMail, func(c *call) { c.req.Sealed.Bytes = strings.Repeat("+", 107) }},
		{"no seal", apierr.InvalidInput, true, inMail, func(c *call) { c.req.Sealed = nil }},
		{"a wrap beside the seal", apierr.InvalidInput, true, inMail, func(c *call) { c.wrap(c.binding(), 1) }},
		{"a wrap where a seal belongs", apierr.InvalidInput, true, inMail, func(c *call) {
			c.req.Sealed = nil
			c.wrap(c.binding(), 1)
		}},

		{"a wrap for a new object", apierr.InvalidInput, true, op.isNew, func(c *call) { c.wrap(c.binding(), 1) }},
		{"a seal for a new object", apierr.InvalidInput, true, op.isNew, func(c *call) { c.seal(c.who, c.op.action.Class) }},
	}
}

// TestObjectKeysKeepTheirGrammar: a key that the proof names and that no object
// can have is refused for what it is.
func TestObjectKeysKeepTheirGrammar(t *testing.T) {
	w := newWorld(t, 1)
	for _, o := range ops() {
		if !keyed(o) {
			continue
		}
		for _, key := range []string{"..", "../" + o.key, "a/b", "a b", "a\nb", strings.Repeat("k", 129)} {
			o := o
			o.key = key
			c := w.bare(w.people[0], o)
			c.check(t, o.name+" of "+key, apierr.InvalidInput, false)
		}
		o.key = strings.Repeat("k", 128)
		w.call(w.people[0], o).check(t, o.name+" of the longest key", "", true)
	}
}

// TestDestroyedEpoch: what was sealed under a key that was destroyed is told
// apart from nothing else.
func TestDestroyedEpoch(t *testing.T) {
	w := newWorld(t, 2)
	p := w.people[0]
	old := map[string]*call{}
	for _, o := range ops() {
		if !o.isNew() {
			old[o.name] = w.call(p, o)
			w.call(p, o).check(t, o.name+" before", "", true)
		}
	}
	w.chain.SetEpoch(2)
	if _, err := w.ring.Destroy(t.Context(), 1, 2); err == nil {
		t.Fatal("destroyed while it was in use")
	}
	w.look(t)
	must[keys.EpochStatus](t)(w.ring.Destroy(t.Context(), 1, 2))
	for what, c := range old {
		c.check(t, what+" after", apierr.EnvelopeInvalid, true)
	}
	for _, o := range ops() {
		c := w.bare(p, o)
		switch {
		case inMail(o):
			c.seal(p, service.Email)
		case !o.isNew():
			c.wrap(c.binding(), 2)
		}
		c.check(t, o.name+" under the new epoch", "", true)
	}
}

// TestAnswersAreForOneWorkerAndByOneSigner: nobody else opens an answer, and
// what another key signed is none.
func TestAnswersAreForOneWorkerAndByOneSigner(t *testing.T) {
	w := newWorld(t, 1)
	for _, o := range ops() {
		c := w.call(w.people[0], o)
		k, err := c.send()
		if err != nil || k.key.Len() != keys.Size {
			t.Fatalf("%s: %v", o.name, err)
		}
		right := setOf(t, w.identity)
		for what, by := range map[string]*dek.Session{
			"another worker": w.session(w.hosts[1]), "another session of the same worker": w.session(c.host),
		} {
			if k, err := c.open(right, by); err == nil || k.key.Len() != 0 {
				t.Errorf("%s: %s opened the answer", o.name, what)
			}
		}
		for what, set := range map[string]jose.KeySet{"K1": setOf(t, w.forger.Key), "the worker": setOf(t, c.host.id.Key)} {
			if _, err := c.open(set, c.session); err == nil {
				t.Errorf("%s: believed as an answer of %s", o.name, what)
			}
		}
		c.sent = append(c.sent, ' ') // the answer to another request
		if _, err := c.open(right, c.session); err == nil {
			t.Errorf("%s: believed as an answer to another request", o.name)
		}
	}
}

// TestBodies: the request is read strictly, every member of it.
func TestBodies(t *testing.T) {
	w := newWorld(t, 1)
	bad := func(c *call, what string, raw func(string) string) {
		t.Helper()
		c.raw = func(s string) string {
			out := raw(s)
			if out == s {
				t.Fatalf("%s changes nothing in %s", what, s)
			}
			return out
		}
		c.check(t, c.op.name+", "+what, apierr.InvalidInput, false)
	}
	replace := func(from, to string) func(string) string {
		return func(s string) string { return strings.Replace(s, from, to, 1) }
	}
	for _, o := range ops() {
		make := func() *call {
			c := w.call(w.people[0], o)
			c.req.Object.Version = 0
			return c
		}
		bad(make(), "a member too many", replace("{", `{"x":1,`))
		bad(make(), "a member twice", replace("{", `{"method":"POST",`))
		bad(make(), "another case", replace(`"worker"`, `"Worker"`))
		bad(make(), "cut", func(s string) string { return s[:len(s)-1] })
		bad(make(), "trailing data", func(s string) string { return s + "{}" })
		bad(make(), "a list", func(s string) string { return "[" + s + "]" })
		bad(make(), "nothing", func(string) string { return "" })
		bad(make(), "too deep", func(string) string { return strings.Repeat("[", 2000) })
		for _, member := range []string{"worker", "capability", "proof", "method", "url"} {
			for _, v := range []string{"1", "true", "{}", `["x"]`} {
				bad(make(), member+" is "+v, replace(`"`+member+`":"`, `"`+member+`":`+v+`,"x":"`))
			}
		}
		for _, m := range []string{
			`"body_sha256":1`, `"object":"k"`, `"object":{"key":1}`, `"object":{"version":"1"}`, `"object":{"version":-1}`, `"object":{"version":1.5}`,
			`"object":{"x":1}`, `"wrap":"w"`, `"wrap":{"epoch":"1"}`, `"wrap":{"epoch":-1}`, `"wrap":{"bytes":1}`, `"wrap":{"x":1}`, `"sealed":1`, `"sealed":{"epoch":"1"}`, `"sealed":{"bytes":1}`, `"sealed":{"x":1}`,
		} {
			bad(make(), m, replace("{", "{"+m+","))
		}
		for header, values := range map[string][]string{"no type": nil, "another type": {"text/plain"}, "two types": {"application/json", "application/json"}} {
			c := make()
			c.complete()
			r := httptest.NewRequest(http.MethodPost, o.route, bytes.NewReader(c.sent))
			r.Header["Content-Type"] = values
			if _, err := w.serve(r); apierr.CodeOf(err) != apierr.InvalidInput {
				t.Errorf("%s, %s: %v", o.name, header, err)
			}
		}
		make().check(t, o.name+", as it is", "", true)
	}
}
