package memory_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
)

// between does something once to storage between a put's look and what it stores.
type between struct {
	keys.DataKeys
	do func()
}

func (b *between) New(ctx context.Context, r keys.Request) (keys.DEK, keys.Wrapped, error) {
	if do := b.do; do != nil {
		b.do = nil
		do()
	}
	return b.DataKeys.New(ctx, r)
}

// TestAPutLooksAgain: what changed between its look and its write is not overwritten
// by who named what was there, and is by who did not.
func TestAPutLooksAgain(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	b := &between{DataKeys: w.Keys}
	w.Keys = b
	w.Start()
	const key = "Todo.md"
	remove := func() {
		if err := w.bucketOf(p).Delete(t.Context(), w.object(p, "memory:notes", key)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		what           string
		empty          bool // before
		expect, absent bool // the condition: what is there, or nothing
		do             func(old []byte)
		want           apierr.Code
	}{
		{"nothing happens", false, true, false, func([]byte) {}, ""},
		// As an older version that is still newer than what was there: its number
		// does not keep the put from going on.
		{"another was stored, expected", false, true, false, func(old []byte) { w.plant(p, "memory:notes", key, next(old)) }, apierr.PreconditionFailed},
		{"another was stored, any", false, false, false, func(old []byte) { w.plant(p, "memory:notes", key, next(old)) }, ""},
		{"it was moved to another key epoch", false, true, false, func(old []byte) { w.plant(p, "memory:notes", key, append(old[:20:20], flip(old[20:])...)) }, ""},
		{"it was removed, expected", false, true, false, func([]byte) { remove() }, apierr.PreconditionFailed},
		{"it was removed, any", false, false, false, func([]byte) { remove() }, ""},
		{"something came, and nothing was to be there", true, false, true, func(old []byte) { w.plant(p, "memory:notes", key, old) }, apierr.PreconditionFailed},
		{"something came, any", true, false, false, func(old []byte) { w.plant(p, "memory:notes", key, old) }, ""},
	} {
		w.Advance(time.Second)
		v := must[uint64](t)(w.put(p, "before").stored())
		old := w.raw(p, "memory:notes", key)
		if c.empty {
			remove()
		}
		w.Advance(time.Second)
		put := w.put(p, "after")
		if c.expect {
			put.ifVersion(v)
		}
		if c.absent {
			put.ifAbsent()
		}
		b.do = func() { c.do(old) }
		stored, err := put.stored()
		wantCode(t, c.what, err, c.want)
		if b.do != nil {
			t.Errorf("%s: it did not happen", c.what)
		}
		if err == nil {
			w.has(p, "after", stored)
		} else if c.want == "" || stored != 0 {
			t.Errorf("%s: %d %v", c.what, stored, err)
		}
		remove()
	}
}

// next is an object that tells the version after its own.
func next(object []byte) []byte {
	out := bytes.Clone(object)
	version := out[envelope.VersionSize-8 : envelope.VersionSize]
	binary.BigEndian.PutUint64(version, binary.BigEndian.Uint64(version)+1)
	return out
}

// flip changes one byte, the first.
func flip(b []byte) []byte {
	out := bytes.Clone(b)
	out[0] ^= 1
	return out
}

// TestFormsThatAreRefusedCostNoUse: the use is left to the call as it should be.
func TestFormsThatAreRefusedCostNoUse(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	must[uint64](t)(w.put(p, "there").stored())
	for what, c := range map[string]struct {
		op    op
		wrong func(*op)
	}{
		"a put of a text":        {ops[0], func(o *op) { o.Media = "text/plain" }},
		"a get with a body":      {ops[1], func(o *op) { o.Body = []byte("x") }},
		"a teardown with a body": {ops[3], func(o *op) { o.Body = []byte("x") }},
	} {
		wrong := c.op
		c.wrong(&wrong)
		right := w.call(p, c.op)
		token := w.Mint(right.Cap, right.At)
		bad := w.call(p, wrong)
		bad.Cap = right.Cap
		wantCode(t, what, bad.Present(token), apierr.InvalidInput)
		wantCode(t, what+": the use", right.Present(token), "")
	}
}
