package memory_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/service"
)

// raw is what lies in the bucket.
func (w *world) raw(p *person, svc, key string) []byte {
	w.T.Helper()
	return must[[]byte](w.T)(w.bucketOf(p).Get(w.T.Context(), w.object(p, svc, key)))
}

// plant puts bytes into the bucket, as whoever holds it can.
func (w *world) plant(p *person, svc, key string, data []byte) {
	w.T.Helper()
	if err := w.bucketOf(p).Put(w.T.Context(), w.object(p, svc, key), data); err != nil {
		w.T.Fatal(err)
	}
}

// TestRollback: an older genuine object that is put back is seen where a version is
// expected, and not where none is; it cannot be made to look newer.
func TestRollback(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	v1 := must[uint64](t)(w.put(p, "old").stored())
	old := w.raw(p, "memory:notes", "Todo.md")
	w.Advance(time.Second)
	v2 := must[uint64](t)(w.put(p, "new").stored())
	w.plant(p, "memory:notes", "Todo.md", old)

	wantCode(t, "a get of the version that was seen", w.get(p).ifVersion(v2).Send(), apierr.PreconditionFailed)
	wantCode(t, "a put over the version that was seen", w.put(p, "x").ifVersion(v2).Send(), apierr.PreconditionFailed)
	wantCode(t, "a teardown of the version that was seen", w.call(p, ops[3]).ifVersion(v2).Send(), apierr.PreconditionFailed)
	w.has(p, "old", v1) // nobody expected anything: it is genuine
	claims := bytes.Clone(old)
	binary.BigEndian.PutUint64(claims[envelope.VersionSize-8:], v2)
	w.plant(p, "memory:notes", "Todo.md", claims)
	wantCode(t, "the old one under the new one's number", w.get(p).ifVersion(v2).Send(), apierr.EnvelopeInvalid)
	wantCode(t, "the same without a condition", w.get(p).Send(), apierr.EnvelopeInvalid)
	w.plant(p, "memory:notes", "Todo.md", old)

	// The next put is newer than all that ever was, whatever lies there.
	w.Advance(time.Second)
	if v3 := must[uint64](t)(w.put(p, "newer").stored()); v3 <= v2 {
		t.Errorf("%d after %d", v3, v2)
	}
	wantCode(t, "torn down", w.call(p, ops[3]).Send(), "")
	w.plant(p, "memory:notes", "Todo.md", old)
	wantCode(t, "a removal that was undone", w.put(p, "x").ifAbsent().Send(), apierr.PreconditionFailed)
}

// TestGarbage: what is no memory does not open, and can be overwritten; a version in
// its header does not push those of the memories after it out of reach.
func TestGarbage(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	must[uint64](t)(w.put(p, "genuine").stored())
	genuine := w.raw(p, "memory:notes", "Todo.md")
	with := func(version uint64) []byte {
		b := bytes.Clone(genuine)
		binary.BigEndian.PutUint64(b[envelope.VersionSize-8:], version)
		return b
	}
	r := keys.Request{Epoch: 1, Binding: keys.Binding{Class: service.Memory, Operator: p.Operator, Actor: p.Actor, Service: name(t, "memory:notes"), Key: "Todo.md", Version: 7}}
	plain := must[[]byte](t)(envelope.Seal(t.Context(), keystest.New(t), r, []byte("of format 1")))
	now := uint64(w.Now().UnixMilli())
	for what, data := range map[string][]byte{
		"nothing": {}, "text": []byte("evil"), "a cut envelope": genuine[:len(genuine)-1], "a header": genuine[:envelope.VersionSize],
		"the greatest version": with(1<<64 - 1), "a version that is none": with(0), "a version beyond JSON": with(1 << 53), "a version of next month": with(now + 30*86400_000),
		"format 1": plain,
	} {
		w.plant(p, "memory:notes", "Todo.md", data)
		wantCode(t, what, w.get(p).Send(), apierr.EnvelopeInvalid)
		wantCode(t, what+" is something", w.put(p, "x").ifAbsent().Send(), apierr.PreconditionFailed)
		v, err := w.put(p, "again").stored()
		if err != nil || v < now || v > now+2 {
			t.Errorf("%s: the next version is %d, %v", what, v, err)
		}
		w.has(p, "again", v)
	}
}

// TestMovedEnvelopes: a genuine object of another key, namespace, actor or class does
// not open where it was moved to.
func TestMovedEnvelopes(t *testing.T) {
	w := newWorld(t)
	p, other := w.People[0], w.People[1]
	store := func(p *person, svc, key string) []byte {
		o := ops[0].Of(svc, key)
		o.Body = []byte("value of " + key)
		c := w.call(p, o)
		if _, err := c.stored(); err != nil {
			t.Fatal(err)
		}
		return w.raw(p, svc, key)
	}
	genuine := store(p, "memory:notes", "Todo.md")
	moved := map[string][]byte{
		"another key": store(p, "memory:notes", "Todo.txt"), "another namespace": store(p, "memory:jobs", "Todo.md"),
		"another actor": store(other, "memory:notes", "Todo.md"), "another operator's actor": store(w.People[2], "memory:notes", "Todo.md"),
	}
	version := must[uint64](t)(envelope.PeekVersion(genuine))
	r := keys.Request{Epoch: 1, Binding: keys.Binding{Class: service.Credentials, Operator: p.Operator, Actor: p.Actor, Service: name(t, "github"), Version: version}}
	moved["a credential"] = must[[]byte](t)(envelope.SealVersioned(t.Context(), w.Keys, r, []byte("x")))
	r.Binding.Class, r.Binding.Service, r.Binding.Key = service.Memory, name(t, "memory:notes"), "Todo.md"
	r.Binding.Version++
	again := must[[]byte](t)(envelope.SealVersioned(t.Context(), w.Keys, r, []byte("x")))
	moved["another version"] = append(append(bytes.Clone(again[:envelope.VersionSize-8]), genuine[envelope.VersionSize-8:envelope.VersionSize]...), again[envelope.VersionSize:]...)
	for what, data := range moved {
		w.plant(p, "memory:notes", "Todo.md", data)
		wantCode(t, what, w.get(p).Send(), apierr.EnvelopeInvalid)
	}
	w.plant(p, "memory:notes", "Todo.md", genuine)
	w.has(p, "value of Todo.md", version)
}

// TestVersionsThatAreNeverGiven do not open, however genuine the envelope is.
func TestVersionsThatAreNeverGiven(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	for version, want := range map[uint64]apierr.Code{0: apierr.EnvelopeInvalid, 1: "", api.MaxVersion: "", api.MaxVersion + 1: apierr.EnvelopeInvalid} {
		r := keys.Request{Epoch: 1, Binding: keys.Binding{
			Class: service.Memory, Operator: p.Operator, Actor: p.Actor, Service: name(t, "memory:notes"), Key: "Todo.md", Version: version,
		}}
		w.plant(p, "memory:notes", "Todo.md", must[[]byte](t)(envelope.SealVersioned(t.Context(), w.Keys, r, []byte("x"))))
		wantCode(t, api.ETag(version), w.get(p).Send(), want)
	}
}

// TestTooMuchCostsNoUse: what is larger than a value leaves the use to one that is not.
func TestTooMuchCostsNoUse(t *testing.T) {
	w := newWorld(t)
	o := ops[0]
	o.Body = make([]byte, 1<<20+1)
	c := w.call(w.People[0], o)
	token := w.Mint(c.Cap, c.At)
	wantCode(t, "a byte too many", c.Present(token), apierr.BodyTooLarge)
	c.Op.Body, c.Proof.Body = o.Body[1:], o.Body[1:]
	wantCode(t, "the use", c.Present(token), "")
}
