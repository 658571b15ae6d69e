package signer_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
)

// canary is a secret and every form in which it could be written.
type canary struct {
	name   string
	secret []byte
}

func (c canary) in(text []byte) bool {
	for _, form := range []string{
		string(c.secret), hex.EncodeToString(c.secret), strings.ToUpper(hex.EncodeToString(c.secret)),
		base64.RawURLEncoding.EncodeToString(c.secret), base64.RawStdEncoding.EncodeToString(c.secret),
	} {
		if bytes.Contains(text, []byte(form)) {
			return true
		}
	}
	// Within another base64 text it may begin at any bit.
	for _, word := range regexp.MustCompile(`[A-Za-z0-9_+/-]{40,}`).FindAll(text, -1) {
		b, err := base64.RawURLEncoding.DecodeString(strings.NewReplacer("+", "-", "/", "_").Replace(string(word)))
		if err == nil && (bytes.Contains(b, c.secret) || len(b) < len(text) && c.in(b)) {
			return true
		}
	}
	return false
}

func TestTheCanaryIsFound(t *testing.T) {
	c := canary{"k", []byte("0123456789abcdef\xff\xfe\xfd\xfc0123456789ab")}
	long := append([]byte("before "), append(c.secret, " after, and more"...)...)
	for name, text := range map[string]string{
		"raw": "x" + string(c.secret) + "y", "hex": "0x" + hex.EncodeToString(c.secret), "base64url": `{"k":"` + jose.EncodeSegment(c.secret) + `"}`,
		"within base64url": `"` + jose.EncodeSegment(long) + `"`, "in JSON within base64url": jose.EncodeSegment([]byte(`{"key":"` + jose.EncodeSegment(c.secret) + `","and":"more"}`)),
		"base64": base64.StdEncoding.EncodeToString(c.secret), "shouted": strings.ToUpper(hex.EncodeToString(c.secret)),
	} {
		if !c.in([]byte(text)) {
			t.Errorf("%s: not found", name)
		}
	}
	if c.in([]byte(strings.Repeat("0123456789abcdef", 9))) {
		t.Error("found where it is not")
	}
}

// kekOf derives the KEK of an object from outside, and proves that it is: it
// opens the wrap.
func kekOf(t *testing.T, k3 []byte, b keys.Binding, w keys.Wrapped, key []byte) []byte {
	t.Helper()
	part := func(out, p []byte) []byte {
		return append(binary.BigEndian.AppendUint32(out, uint32(len(p))), p...)
	}
	op, actor := b.Operator.Bytes(), b.Actor.Bytes()
	info := part(part(part(part(nil, []byte("agentkeys/kek/v1")), []byte(b.Class)), op[:]), actor[:])
	kek := must[[]byte](t)(hkdf.Key(sha256.New, k3, nil, string(info), 32))
	aad := part(must[[]byte](t)(b.AAD("agentkeys/dek-wrap/v1")), binary.BigEndian.AppendUint64(nil, w.Epoch))
	gcm := must[cipher.AEAD](t)(cipher.NewGCM(must[cipher.Block](t)(aes.NewCipher(kek))))
	if plain, err := gcm.Open(nil, w.Bytes[:12], w.Bytes[12:], aad); err != nil || !bytes.Equal(plain, key) {
		t.Fatalf("that is not the KEK: %v", err)
	}
	return kek
}

// TestNothingSecretIsSaid goes through every route, also where it refuses, and
// searches all that was said for K3, KEKs and data keys.
func TestNothingSecretIsSaid(t *testing.T) {
	w := newPair(t)
	// The log of a process without a journal holds the events too.
	w.start(setOf(t, w.second.identity), audit.LogSink(zerolog.New(w.log)))
	w.advance(2 * delay)
	var canaries []canary
	add := func(name string, b []byte) { canaries = append(canaries, canary{name, bytes.Clone(b)}) }
	var items []api.RewrapItem
	k3 := map[uint64][]byte{}
	w.prepare(t, 3)
	for e := uint64(1); e <= 3; e++ {
		k, _, err := w.ring.Export(e)
		if err != nil {
			t.Fatal(err)
		}
		k3[e] = bytes.Clone(k.Reveal())
		add("K3", k3[e])
	}
	for _, p := range w.people {
		for _, o := range ops() {
			c := w.call(p, o)
			g, err := c.send()
			if err != nil {
				t.Fatal(err)
			}
			add("data key of "+o.name, g.key.Reveal())
			if o.isNew() {
				add("KEK of "+o.name, kekOf(t, k3[g.wrap.Epoch], c.binding(), g.wrap, g.key.Reveal()))
			}
			for _, f := range append(allFaults(), fault{"stale", "", false, nil, func(*call) { w.chain.GoStale() }}) {
				if f.only == nil || f.only(o) {
					c := w.call(p, o)
					f.set(c)
					_, _ = c.send()
					w.chain.Recover()
				}
			}
		}
		items = append(items, w.item(p, ops()[1], 1), api.RewrapItem{Class: "x", Operator: p.operator, Actor: p.actor, Service: name(t, "github")})
		w.sealKey(t, sealPath(p))
	}
	do[api.Rewrapped](t, w.rewrap(2, items...))
	for _, r := range routes() {
		_ = w.order(w.holder(r.path), r.path, r.in(w)).send(nil)
		_ = w.order(w.stranger, r.path, r.in(w)).send(nil)
	}
	for _, path := range []string{api.PathEpochs, api.PathSignerJWKS, api.PathEpochs + "/x"} {
		_, _ = w.get(path)
	}
	events := 0
	for _, s := range []*side{w.side, w.second} {
		for _, e := range s.events(0) {
			if _, err := s.said.Write(append(must[[]byte](t)(e.Encode()), '\n')); err != nil {
				t.Fatal(err)
			}
			events++
		}
		all := []byte(s.said.String() + s.log.String())
		for _, c := range canaries {
			if c.in(all) {
				t.Errorf("a %s was said", c.name)
			}
		}
		t.Logf("%d bytes searched for %d canaries", len(all), len(canaries))
	}
	if n := count(w.log.String(), `"message":"audit"`); n < 100 || events == 0 {
		t.Errorf("%d and %d events: not what was meant to be searched", n, events)
	}
}

// TestTheBrokersKeysYieldNothing: K1 mints for everybody; without the agent's
// own proof there is no data key, not even with a worker's files beside it.
func TestTheBrokersKeysYieldNothing(t *testing.T) {
	w := newWorld(t, 1)
	victim, thief := w.people[0], w.people[2] // the thief is an agent of its own
	for _, o := range ops() {
		for name, c := range map[string]struct {
			want apierr.Code
			told bool
			set  func(*call)
		}{
			"proof by a key of its own":            {apierr.ProofInvalid, false, func(c *call) { c.prover = newKey(t) }},
			"capability for a key of its own":      {apierr.DeviceNotActive, true, func(c *call) { own(c, newPerson(t)) }},
			"capability for an agent of the thief": {apierr.DeviceBindingMismatch, true, func(c *call) { own(c, thief) }},
			"the thief's agent under its operator": {map[bool]apierr.Code{true: apierr.EnvelopeInvalid, false: ""}[!o.isNew()], true, func(c *call) { own(c, thief); c.cap.Operator, c.cap.Actor = thief.operator, thief.actor }},
			"the victim's operator, another actor": {apierr.DeviceBindingMismatch, true, func(c *call) { own(c, thief); c.cap.Actor = thief.actor }},
			"K1 in the place of the worker's key": {apierr.WorkerNotListed, false, func(c *call) {
				c.session = must[*dek.Session](t)(dek.NewSession(w.forger.Key, string(c.host.class), w.now()))
			}},
			"the capability in place of the proof":   {apierr.ProofInvalid, false, func(c *call) { c.edit = func(r *dek.Request) { r.Proof = r.Capability } }},
			"device of the victim, key of its own":   {apierr.ProofInvalid, false, func(c *call) { own(c, thief); c.cap.Device = victim.device }},
			"key of the victim, device of the thief": {apierr.ProofInvalid, false, func(c *call) { c.cap.Device = thief.device }},
		} {
			call := w.call(victim, o)
			c.set(call)
			call.check(t, o.name+", "+name, c.want, c.told)
		}
		w.call(victim, o).check(t, o.name+" by the agent itself", "", true)
	}
	// Nor do they care for epochs.
	w.order(newKey(t), api.PathEpochPrepare, api.EpochRequest{Epoch: 2}).check(t, "prepare", apierr.MaintainerRequired)
}

func newPerson(t *testing.T) *person {
	t.Helper()
	p := &person{key: newKey(t)}
	p.device = deviceOf(p.key)
	return p
}

// own binds the capability to another key, which proves itself.
func own(c *call, p *person) {
	c.prover, c.cap.Device, c.cap.JKT = p.key, p.device, thumbprint(p.key)
}

// TestAWorkersFilesYieldNothing: identity key and session in a thief's hands,
// and whatever was captured: each proof is good once, for its own object.
func TestAWorkersFilesYieldNothing(t *testing.T) {
	w := newWorld(t, 1)
	p := w.people[0]
	for _, o := range ops() {
		c := w.call(p, o)
		c.check(t, o.name+" by the agent", "", true)
		captured := c.req
		for name, f := range map[string]struct {
			want apierr.Code
			edit func(*dek.Request)
		}{
			"no capability":                   {apierr.CapInvalid, func(r *dek.Request) { r.Capability, r.Proof = "", "" }},
			"a capability without proof":      {apierr.ProofInvalid, func(r *dek.Request) { r.Proof = "" }},
			"a capability and a used proof":   {apierr.ProofReplayed, func(*dek.Request) {}},
			"a used proof for another object": {map[bool]apierr.Code{true: apierr.ProofInvalid, false: apierr.ProofObjectMismatch}[keyed(o)], func(r *dek.Request) { r.Object.Key += "x" }},
		} {
			c := w.call(p, o)
			c.edit = func(r *dek.Request) {
				worker := r.Worker
				*r = captured
				r.Worker = worker // the thief makes sessions as it likes
				f.edit(r)
			}
			c.check(t, o.name+", "+name, f.want, false)
		}
		// A proof that the worker kept to itself is good for that very object.
		c = w.call(p, o)
		if !wrapped(o) {
			continue
		}
		b := c.binding()
		b.Service = name(t, map[bool]string{true: "memory:other", false: "gitlab"}[inMemory(o)])
		c.wrap(b, 1)
		c.check(t, o.name+", a fresh proof about another service", apierr.EnvelopeInvalid, true)
	}
}
