package signer_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// op is one thing for which a worker asks a data key.
type op struct {
	name   string
	route  string // of the signer
	action service.Action
	method string
	path   string // of the worker
	key    string // of the object
	body   []byte // of the agent's request
}

func (o op) isNew() bool { return o.route == dek.PathNew }

func ops() []op {
	return []op{
		{"cred store", dek.PathNew, service.CredStore, http.MethodPost, api.PathCredStore, "", []byte("s3cret-value")},
		{"cred fetch", dek.PathUnwrap, service.CredFetch, http.MethodPost, api.PathCredFetch, "", nil},
		{"memory put", dek.PathNew, service.MemoryPut, http.MethodPost, api.PathMemoryPut, "diary.2026", []byte("s3cret-thought")},
		{"memory get", dek.PathUnwrap, service.MemoryGet, http.MethodPost, api.PathMemoryGet, "diary.2026", nil},
		{"email read", dek.PathUnwrap, service.EmailRead, http.MethodGet, api.PathEmailMessage, "msg-0001", nil},
	}
}

// call is one request of a worker before it is sent; a fault changes one thing
// in it.
type call struct {
	w       *world
	op      op
	who     *person
	host    *host
	prover  *ecdsa.PrivateKey
	cap     captoken.Request
	at      time.Time // of the mint
	forge   func(good string) string
	proof   dpop.Request
	session *dek.Session
	req     dek.Request
	// edit changes the request once it is complete, raw its text.
	edit func(*dek.Request)
	raw  func(string) string
	// sent is what was sent, and reply what came back.
	sent, reply []byte
}

// got is what a worker has in the end.
type got struct {
	key  secret.Secret
	wrap keys.Wrapped
}

// call is what a worker of the op's class would send for p.
func (w *world) call(p *person, o op) *call {
	c := w.bare(p, o)
	switch {
	case o.action.Class == service.Email:
		c.seal(p, o.action.Class)
	case !o.isNew():
		c.wrap(c.binding(), 1)
	}
	return c
}

// bare is a call without a wrap.
func (w *world) bare(p *person, o op) *call {
	w.t.Helper()
	c := &call{w: w, op: o, who: p, prover: p.key, at: w.now()}
	for _, h := range w.hosts {
		if c.host == nil && h.class == o.action.Class {
			c.host = h
		}
	}
	c.session = w.session(c.host)
	c.cap = captoken.Request{
		Operator: p.operator, Actor: p.actor, Service: services()[o.action.Class], Action: o.action, Device: p.device,
		JKT: dpop.Thumbprint(&p.key.PublicKey), Epoch: 1,
	}
	c.req = dek.Request{Method: o.method, Object: dek.Object{Key: o.key}}
	c.proof = dpop.Request{Method: o.method, Body: o.body, Now: w.now()}
	if o.key != "" {
		c.proof.Objects = []string{o.key}
	}
	if len(o.body) > 0 {
		sum := sha256.Sum256(o.body)
		c.req.BodyHash = jose.EncodeSegment(sum[:])
	}
	c.url(c.host, o.key)
	return c
}

// url makes the request one to a worker, about an object.
func (c *call) url(h *host, key string) {
	u := h.url + c.op.path
	if keyed(c.op) {
		u += "/" + key
	}
	c.req.URL, c.proof.URL = u, u
}

func (c *call) binding() keys.Binding {
	return keys.Binding{
		Class: c.op.action.Class, Operator: c.who.operator, Actor: c.who.actor, Service: name(c.w.t, services()[c.op.action.Class]),
		Key: c.op.key, Version: c.req.Object.Version,
	}
}

// wrap puts the wrap of a data key into the request; it returns the key.
func (c *call) wrap(b keys.Binding, epoch uint64) secret.Secret {
	c.w.t.Helper()
	k, w, err := c.w.ring.New(c.w.t.Context(), keys.Request{Binding: b, Epoch: epoch})
	if err != nil {
		c.w.t.Fatal(err)
	}
	wire := dek.PackWrap(w)
	c.req.Wrap = &wire
	return k.Secret
}

// seal puts a data key into the request that a router sealed to p.
func (c *call) seal(p *person, class service.Class) secret.Secret {
	t := c.w.t
	t.Helper()
	public, epoch, err := c.w.ring.SealKey(keys.SealBinding{Class: class, Operator: p.operator, Actor: p.actor}, 0)
	if err != nil {
		t.Fatal(err)
	}
	k := must[keys.DEK](t)(keys.NewDEK([]byte("a data key that a router has made")[:keys.Size]))
	b := c.binding()
	b.Class = class
	sealed := must[[]byte](t)(keys.SealTo(public, b, epoch, k))
	c.req.Sealed = &dek.Seal{Epoch: epoch, Bytes: jose.EncodeSegment(sealed)}
	return k.Secret
}

// send mints, proves and asks. The proof covers the token unless a fault has
// put another one there.
func (c *call) send() (got, error) {
	c.w.t.Helper()
	return c.on(c.w.side)
}

func (c *call) on(s *side) (got, error) {
	c.w.t.Helper()
	c.complete()
	return c.post(s)
}

// complete makes capability, proof and text.
func (c *call) complete() {
	t := c.w.t
	t.Helper()
	token := c.w.mint(c.cap, c.at)
	if c.forge != nil {
		token = c.forge(token)
	}
	if c.proof.Token == "" {
		c.proof.Token = token
	}
	proof, err := dpop.Sign(c.prover, c.proof)
	if err != nil {
		t.Fatal(err)
	}
	c.req.Worker, c.req.Capability, c.req.Proof = c.session.Token(), token, proof
	if c.edit != nil {
		c.edit(&c.req)
	}
	text := string(must[[]byte](t)(strictjson.Encode(c.req)))
	if c.raw != nil {
		text = c.raw(text)
	}
	c.sent = []byte(text)
}

// post sends what complete made, and opens the answer as the worker would.
func (c *call) post(s *side) (got, error) {
	t := c.w.t
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, c.op.route, bytes.NewReader(c.sent))
	r.Header.Set("Content-Type", "application/json")
	body, err := s.serve(r)
	c.reply = body
	if bytes.Contains(body, []byte("s3cret-")) {
		t.Errorf("the answer repeats a secret: %s", body)
	}
	if err != nil {
		return got{}, err
	}
	k, err := c.open(setOf(t, s.identity), c.session)
	if err != nil {
		t.Fatal(err)
	}
	return k, nil
}

// open reads an answer with pinned signers and a session.
func (c *call) open(pinned jose.KeySet, by *dek.Session) (got, error) {
	var signed dek.Signed
	if err := strictjson.DecodeAnswer(c.reply, &signed); err != nil {
		return got{}, err
	}
	hash := dek.RequestHash(c.op.route, c.sent, "")
	var k dek.Key
	if err := signed.Open(pinned, hash, &k); err != nil {
		return got{}, err
	}
	var out got
	var err error
	if (k.Wrap != nil) != c.op.isNew() {
		c.w.t.Errorf("a wrap in the answer to %s: %v", c.op.name, k.Wrap != nil)
	}
	if k.Wrap != nil {
		if out.wrap, err = k.Wrap.Unpack(); err != nil {
			return got{}, err
		}
	}
	out.key, err = by.OpenKey(hash, k.Sealed)
	return out, err
}

// check sends a call and its twin without the fault: the call is refused with
// the code and leaves an event only if told so; the twin gets a key and leaves
// one.
func (c *call) check(t testing.TB, what string, want apierr.Code, told bool) {
	t.Helper()
	before := len(c.w.events(0))
	_, err := c.send()
	if got := apierr.CodeOf(err); got != want {
		t.Errorf("%s: %q (%v), want %q", what, got, err, want)
	}
	c.told(t, what, before, want, told)
}

func (c *call) told(t testing.TB, what string, before int, want apierr.Code, told bool) {
	t.Helper()
	e := c.w.events(before)
	switch {
	case !told:
		if len(e) != 0 {
			t.Errorf("%s left %d events: %+v", what, len(e), e)
		}
	case len(e) != 1:
		t.Errorf("%s left %d events", what, len(e))
	case e[0].Result == audit.Denied && e[0].Code != want, e[0].Result == audit.Allowed && want != "":
		t.Errorf("%s left %s %s, want %q", what, e[0].Result, e[0].Code, want)
	}
}
