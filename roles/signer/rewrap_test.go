package signer_test

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

func (w *world) rewrap(to uint64, items ...api.RewrapItem) *order {
	return w.order(w.maintainer, api.PathDEKRewrap, api.RewrapRequest{ToEpoch: to, Items: items})
}

// TestRewrap: the data key that comes out under the new epoch is the one that
// went in under the old, and only for its own object.
func TestRewrap(t *testing.T) {
	w := newWorld(t, 2)
	var items []api.RewrapItem
	var calls []*call
	var before []got
	for _, p := range w.people {
		for _, o := range ops() {
			if !wrapped(o) {
				continue
			}
			c := w.call(p, o)
			g, err := c.send()
			if err != nil {
				t.Fatal(err)
			}
			b := c.binding()
			before, calls = append(before, g), append(calls, c)
			items = append(items, api.RewrapItem{
				Class: b.Class, Operator: b.Operator, Actor: b.Actor, Service: b.Service, Key: b.Key, Version: b.Version,
				Epoch: c.req.Wrap.Epoch, Wrap: c.req.Wrap.Bytes,
			})
		}
	}
	w.chain.SetEpoch(2)
	w.look(t)
	out := do[api.Rewrapped](t, w.rewrap(2, items...)).Items
	for i, r := range out {
		if r.Epoch != 2 || r.Code != "" || r.Wrap == items[i].Wrap {
			t.Fatalf("item %d: %+v", i, r)
		}
		c := w.call(calls[i].who, calls[i].op)
		c.req.Wrap = &dek.Wrap{Epoch: 2, Bytes: r.Wrap}
		if g, err := c.send(); err != nil || !g.key.Equal(before[i].key) {
			t.Errorf("item %d opens to another key: %v", i, err)
		}
		c = w.call(calls[(i+1)%len(calls)].who, calls[(i+1)%len(calls)].op)
		c.req.Wrap = &dek.Wrap{Epoch: 2, Bytes: r.Wrap}
		c.check(t, "the wrap of another object", apierr.EnvelopeInvalid, true)
	}
	// Again is no change, and what is there already stays byte for byte.
	for i := range items {
		items[i].Epoch, items[i].Wrap = 2, out[i].Wrap
	}
	for i, r := range do[api.Rewrapped](t, w.rewrap(2, items...)).Items {
		if r.Wrap != items[i].Wrap || r.Epoch != 2 {
			t.Errorf("item %d moved again: %+v", i, r)
		}
	}
}

// TestRewrapItems: what does not open does not stop the others.
func TestRewrapItems(t *testing.T) {
	w := newWorld(t, 2)
	w.chain.SetEpoch(2)
	w.look(t)
	p := w.people[0]
	for what, c := range map[string]struct {
		edit func(*api.RewrapItem)
		want apierr.Code
	}{
		"as it is":          {func(*api.RewrapItem) {}, ""},
		"another actor":     {func(i *api.RewrapItem) { i.Actor = w.people[1].actor }, apierr.EnvelopeInvalid},
		"another operator":  {func(i *api.RewrapItem) { i.Operator = w.people[2].operator }, apierr.EnvelopeInvalid},
		"another service":   {func(i *api.RewrapItem) { i.Service = name(t, "gitlab") }, apierr.EnvelopeInvalid},
		"another class":     {func(i *api.RewrapItem) { i.Class = service.Memory }, apierr.EnvelopeInvalid},
		"another key":       {func(i *api.RewrapItem) { i.Key = "k" }, apierr.EnvelopeInvalid},
		"another version":   {func(i *api.RewrapItem) { i.Version = 7 }, apierr.EnvelopeInvalid},
		"another epoch":     {func(i *api.RewrapItem) { i.Epoch = 2 }, apierr.EnvelopeInvalid},
		"an unknown epoch":  {func(i *api.RewrapItem) { i.Epoch = 9 }, apierr.EnvelopeInvalid},
		"another wrap":      {func(i *api.RewrapItem) { i.Wrap = jose.EncodeSegment(make([]byte, 60)) }, apierr.EnvelopeInvalid},
		"a short wrap":      {func(i *api.RewrapItem) { i.Wrap = jose.EncodeSegment(make([]byte, 59)) }, apierr.InvalidInput},
		"no wrap":           {func(i *api.RewrapItem) { i.Wrap = "" }, apierr.InvalidInput},
		"no class":          {func(i *api.RewrapItem) { i.Class = "" }, apierr.InvalidInput},
		"a class that none": {func(i *api.RewrapItem) { i.Class = "x" }, apierr.InvalidInput},
	} {
		bad := w.item(p, ops()[1], 1)
		c.edit(&bad)
		good := w.item(w.people[2], ops()[3], 1)
		before := len(w.events(0))
		out := do[api.Rewrapped](t, w.rewrap(2, bad, good)).Items
		if len(out) != 2 || out[0].Code != string(c.want) || (out[0].Wrap == "") != (c.want != "") || out[1].Code != "" || out[1].Epoch != 2 {
			t.Errorf("%s: %+v", what, out)
		}
		events := 2
		if bad.Class == "x" || bad.Class == "" {
			events = 1 // no event could name it
		}
		if e := w.events(before); len(e) != events {
			t.Errorf("%s: %d events", what, len(e))
		}
	}
}

// TestRewrapMovesForwardOnly, to the epoch at which the chain is.
func TestRewrapMovesForwardOnly(t *testing.T) {
	w := newWorld(t, 3)
	w.chain.SetEpoch(2)
	w.look(t)
	old := w.item(w.people[0], ops()[1], 1)
	for _, to := range []uint64{1, 3, 1<<32 + 2} {
		w.rewrap(to, old).refused(t, "to another epoch than the chain's", apierr.EpochConflict)
	}
	do[api.Rewrapped](t, w.rewrap(2, old))

	// The chain goes back: nothing does.
	newer := w.item(w.people[0], ops()[1], 2)
	w.chain.SetEpoch(1)
	out := do[api.Rewrapped](t, w.rewrap(1, newer, old)).Items
	if out[0].Code != string(apierr.InvalidInput) || out[0].Wrap != "" {
		t.Errorf("a wrap of epoch 2 moved to 1: %+v", out[0])
	}
	if out[1].Epoch != 2 {
		t.Errorf("a wrap of epoch 1 moved to %d, and 2 was seen", out[1].Epoch)
	}
	w.chain.SetEpoch(4) // its key is at another signer
	w.rewrap(4, old).refused(t, "to an epoch without a key", apierr.EpochConflict)
}

// TestRewrapIsBounded.
func TestRewrapIsBounded(t *testing.T) {
	w := newWorld(t, 2)
	w.chain.SetEpoch(2)
	w.look(t)
	item := w.item(w.people[0], ops()[1], 1)
	batch := make([]api.RewrapItem, api.MaxRewrap+1)
	for i := range batch {
		batch[i] = item
	}
	w.rewrap(2, batch...).check(t, "too many", apierr.InvalidInput)
	if out := do[api.Rewrapped](t, w.rewrap(2, batch[1:]...)).Items; len(out) != api.MaxRewrap {
		t.Errorf("%d results", len(out))
	}
	item.Actor = omni.ActorOfWallet([20]byte{1})
	if out := do[api.Rewrapped](t, w.rewrap(2, item)).Items; out[0].Code != string(apierr.EnvelopeInvalid) {
		t.Errorf("%+v", out)
	}
}
