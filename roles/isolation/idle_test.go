package isolation_test

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/service"
)

// marked is a value of n bytes that shows its mark every 512 bytes.
type marked struct {
	of    *person
	mark  []byte
	value []byte
}

func newMarked(p *person, n int) marked {
	m := marked{of: p, mark: make([]byte, 24), value: make([]byte, n)}
	_, _ = rand.Read(m.mark)
	for i := 0; i+len(m.mark) <= n; i += 512 {
		copy(m.value[i:], m.mark)
	}
	return m
}

// TestAnIdleWorkerHoldsNothing reads the memory of a worker's process after it stored
// and after it served secrets: nothing of them is left, nor of what could open them,
// once the garbage collector has been there.
func TestAnIdleWorkerHoldsNothing(t *testing.T) {
	path := program(t)
	for _, cl := range classes() {
		if cl.worker == "" {
			continue
		}
		t.Run(string(cl.class), func(t *testing.T) { idle(t, path, cl) })
	}
}

func idle(t *testing.T, path string, cl class) {
	w := newWorld(t, apart)
	store, fetch := action(cl.class, service.OpStore), action(cl.class, service.OpFetch)
	var secrets []marked
	first := w.runs(path, cl.worker)
	for i, n := range []int{64, 1 << 10, 64 << 10, 1 << 20} {
		m := newMarked([]*person{w.own, w.sibling, w.stranger}[i%3], n)
		secrets = append(secrets, m)
		c := w.use(m.of, store, storage{m.of, cl.class, "write"})
		c.body = m.value
		if a := w.send(c); a.code != "" {
			t.Fatalf("%d bytes: %s: %s", n, a.verdict, a.body)
		}
	}
	w.collect(cl)
	image := first.memory(t)
	for _, m := range secrets {
		if n := bytes.Count(image, m.mark); n > 0 {
			t.Errorf("%d bytes that were stored: %d marks are left", len(m.value), n)
		}
	}
	first.crash(t, secrets)
	w.own.caller.API.HTTP.CloseIdleConnections()

	second := w.runs(path, cl.worker)
	for range 3 {
		for _, m := range secrets[1:] { // the first one was replaced
			a := w.send(w.use(m.of, fetch, storage{m.of, cl.class, "read"}))
			if a.code != "" || !bytes.Equal(a.body, m.value) {
				t.Fatalf("fetching %d bytes: %s", len(m.value), a.verdict)
			}
		}
	}
	w.collect(cl)
	image = second.memory(t)
	if !bytes.Contains(image, []byte(w.Profile.Cloud.VaultRole)) {
		t.Fatal("that is not the memory of a worker")
	}
	for _, m := range secrets[1:] {
		if n := bytes.Count(image, m.mark); n > 0 {
			t.Errorf("%d bytes that were served: %d marks are left", len(m.value), n)
		}
		creds := w.storage(storage{m.of, cl.class, "read"})
		left := w.keysOf(m.of, cl)
		left["the secret key of a storage session"] = creds.SecretAccessKey.Reveal()
		for name, key := range left {
			if n := bytes.Count(image, key); n > 0 {
				t.Errorf("%s of %s is there %d times", name, m.of.name, n)
			}
		}
	}
}

// collect makes the worker's garbage collector run, by requests of nobody: in a quiet
// process it runs every two minutes.
func (w *world) collect(cl class) {
	w.own.caller.API.HTTP.CloseIdleConnections()
	junk := bytes.Repeat([]byte{'j'}, 1<<20)
	for range 48 {
		c := w.route(action(cl.class, service.OpStore))
		c.body, c.prover, c.scheme = junk, nil, ""
		if a := w.send(c); a.code != apierr.STSHeadersIncomplete {
			w.t.Fatal(a.verdict)
		}
		w.own.caller.API.HTTP.CloseIdleConnections()
	}
}

// keysOf are what opens the object of a person: the data key, which the signer gives
// to the worker's identity key and the agent's proof, and what is derived from it.
func (w *world) keysOf(p *person, cl class) map[string][]byte {
	t := w.t
	s, _ := w.Profile.Cloud.Storage(cl.class)
	raw := must[[]byte](t)(w.Cloud.RawObject(s.Bucket, w.objectOf(p, cl)))
	wrap := must[keys.Wrapped](t)(envelope.Wrapped(raw))
	rest := raw[6+8+keys.WrapSize:] // magic, format, suite, epoch, wrap
	b := w.binding(p, cl)
	if cl.versioned {
		b.Version, rest = binary.BigEndian.Uint64(rest), rest[8:]
	}
	fetch := action(cl.class, service.OpFetch)
	q := w.pass(p, cl, fetch, fetch)
	packed := dek.PackWrap(wrap)
	q.Wrap, q.Object.Version = &packed, b.Version
	key := w.keyIn(dek.PathUnwrap, q, cl, w.released(dek.PathUnwrap, q))
	commitment, nonce := rest[:32], rest[32:][:12]
	aad := append(must[[]byte](t)(b.AAD("agentkeys/envelope/v1")), raw[4], raw[5])
	okm := must[[]byte](t)(hkdf.Key(sha256.New, key, nonce, string(aad), 64))
	if !bytes.Equal(okm[32:], commitment) {
		t.Fatal("that is not what the object is encrypted under")
	}
	return map[string][]byte{"the data key": key, "the encryption key": okm[:32]}
}

// objectOf is the name of what a person stored in a class.
func (w *world) objectOf(p *person, cl class) string { return cl.usual(p).object() }

func (w *world) binding(p *person, cl class) keys.Binding {
	return keys.Binding{Class: cl.class, Operator: p.operator, Actor: p.actor, Service: svc(w.t, cl.service), Key: cl.object}
}
