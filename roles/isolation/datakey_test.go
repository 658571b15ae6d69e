package isolation_test

import (
	"bytes"
	"time"

	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// made is the data key of an object of which only the signer hears, and its wrap.
type made struct {
	wrap *dek.Wrap
	key  []byte
}

// madeFor is the data key of a person's in a class, made once.
func (w *world) madeFor(p *person, c class) made {
	w.t.Helper()
	return w.keys.get([2]string{p.name, string(c.class)}, func() made {
		a := action(c.class, service.OpStore)
		q := w.pass(p, c, a, a)
		got := w.released(dek.PathNew, q)
		m := made{wrapIn(w, got), w.keyIn(dek.PathNew, q, c, got)}
		if m.key == nil {
			w.t.Fatalf("the data key of %s in %s does not open", p.name, c.class)
		}
		return m
	})
}

// wrapOf is the wrap of that key.
func (w *world) wrapOf(p *person, c class) *dek.Wrap {
	w.t.Helper()
	return w.madeFor(p, c).wrap
}

// workerSession is one by the identity key of a role, made once.
func (w *world) workerSession(role string, c service.Class) *dek.Session {
	w.t.Helper()
	return w.workers.get([2]string{role, string(c)}, func() *dek.Session {
		return must[*dek.Session](w.t)(dek.NewSession(w.identity(role), string(c), time.Now()))
	})
}

// keyIn is the data key in the signer's answer to a request of the worker of a class;
// nothing where there is none, or none that opens.
func (w *world) keyIn(path string, q dek.Request, c class, a answer) []byte {
	w.t.Helper()
	var signed dek.Signed
	var k dek.Key
	if a.code != "" {
		return nil
	}
	if err := strictjson.DecodeAnswer(a.body, &signed); err != nil {
		w.t.Fatal(err)
	}
	if err := strictjson.DecodeAnswer([]byte(signed.Body), &k); err != nil {
		w.t.Fatal(err)
	}
	body := must[[]byte](w.t)(strictjson.Encode(q))
	key, err := w.workerSession(c.worker, c.class).OpenKey(dek.RequestHash(path, body, ""), k.Sealed)
	if err != nil {
		return nil
	}
	return key.Reveal()
}

// keyOf is the data key of a person's in a class, in the words in which
// [world.yields] tells it.
func keyOf(p *person, c service.Class) string { return p.name + "'s data key in " + string(c) }

// yields asks the signer as the worker of a class and tells whose data key came: of a
// wrap, the key that was made with it; of a new one, a key that no other has and
// that opens again for this person.
func (w *world) yields(path string, q dek.Request, p *person, c class) verdict {
	w.t.Helper()
	a := w.released(path, q)
	if a.code != "" {
		return a.verdict
	}
	got, known := w.keyIn(path, q, c, a), w.madeFor(p, c).key
	right := bytes.Equal(got, known)
	if path == dek.PathNew {
		fetch := action(c.class, service.OpFetch)
		again := w.pass(p, c, fetch, fetch)
		again.Wrap = wrapIn(w, a)
		right = !right && bytes.Equal(got, w.keyIn(dek.PathUnwrap, again, c, w.released(dek.PathUnwrap, again)))
	}
	if got == nil || !right {
		return a.gives("another key")
	}
	return a.gives(keyOf(p, c.class))
}
