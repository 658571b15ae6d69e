package signer_test

import (
	"slices"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/roles/signer"
)

// made asks for a new key and returns the epoch that it was made under.
func (w *world) made(t testing.TB, o op) uint64 {
	t.Helper()
	g, err := w.bare(w.people[0], o).send()
	if err != nil {
		t.Fatal(err)
	}
	return g.wrap.Epoch
}

// restart ends the signer and starts another process on the same keyring.
func (w *world) restart(t testing.TB) {
	t.Helper()
	if err := w.signer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.ring.Close(); err != nil {
		t.Fatal(err)
	}
	w.ring = must[*keys.Keyring](t)(keys.Open(t.Context(), w.options))
	w.start(jose.KeySet{}, nil)
}

// TestNoKeyUnderALowerEpochThanSeen: whatever the chain says later, and also in
// another process.
func TestNoKeyUnderALowerEpochThanSeen(t *testing.T) {
	for _, o := range ops() {
		if !o.isNew() {
			continue
		}
		w := newWorld(t, 3)
		if e := w.made(t, o); e != 1 {
			t.Errorf("epoch %d at first", e)
		}
		w.chain.SetEpoch(3) // nobody looks but the request itself
		if e := w.made(t, o); e != 3 {
			t.Errorf("epoch %d, the chain is at 3", e)
		}
		for _, lie := range []uint32{2, 1} {
			w.chain.SetEpoch(lie)
			if e := w.made(t, o); e != 3 {
				t.Errorf("epoch %d, 3 was seen and the chain says %d", e, lie)
			}
			if err := signer.Look(t.Context(), w.signer); err != nil {
				t.Error(err)
			}
		}
		w.restart(t)
		w.advance(minute)
		if e := w.made(t, o); e != 3 {
			t.Errorf("epoch %d in a new process, 3 was seen and the chain says 1", e)
		}
		if s := w.ring.Status(); s.HighWater != 3 {
			t.Errorf("the mark is at %d", s.HighWater)
		}
	}
}

// TestALaggingChain refuses newer capabilities, and opens what is there all the
// same.
func TestALaggingChain(t *testing.T) {
	w := newWorld(t, 2)
	w.chain.SetEpoch(2)
	w.look(t)
	w.chain.SetEpoch(1)
	for _, o := range ops() {
		c := w.call(w.people[0], o)
		c.cap.Epoch = 2
		c.check(t, o.name+" with a capability of epoch 2", apierr.CapEpochAhead, true)
		w.call(w.people[0], o).check(t, o.name+" with one of epoch 1", "", true)
	}
	w.chain.SetEpoch(2)
	for _, o := range ops() { // a live capability survives a rotation
		w.call(w.people[0], o).check(t, o.name+" with one of epoch 1", "", true)
	}
}

// TestAnEpochWithoutAKey: no new key, nothing lost, and all is well once the key
// is there.
func TestAnEpochWithoutAKey(t *testing.T) {
	w := newWorld(t, 1)
	w.chain.SetEpoch(2)
	if err := signer.Look(t.Context(), w.signer); err == nil {
		t.Error("the watch found a key for epoch 2")
	}
	for _, o := range ops() {
		c := w.call(w.people[0], o)
		if o.isNew() {
			c.check(t, o.name, apierr.SignerUnavailable, false)
		} else {
			c.check(t, o.name, "", true)
		}
	}
	_, err := w.get(sealPath(w.people[0]))
	if apierr.CodeOf(err) != apierr.SignerUnavailable {
		t.Errorf("a sealing key: %v", err)
	}
	if s := w.ring.Status(); s.HighWater != 1 || len(s.Epochs) != 1 {
		t.Errorf("%+v", s)
	}
	if failed := w.readiness(); !slices.Equal(failed, []string{"keyring"}) {
		t.Errorf("not ready: %v", failed)
	}
	other := w.take(t, 2) // another signer's
	if _, err := w.ring.Import(t.Context(), 2, 2, other.k3, other.check, w.ring.Status().RingID); err != nil {
		t.Fatal(err)
	}
	w.look(t)
	if failed := w.readiness(); len(failed) != 0 {
		t.Errorf("not ready: %v", failed)
	}
	for _, o := range ops() {
		w.call(w.people[0], o).check(t, o.name+", once the key is there", "", true)
	}
}

// TestTheWatchRaisesTheMark without any request, and durably.
func TestTheWatchRaisesTheMark(t *testing.T) {
	w := newWorld(t, 2)
	w.chain.SetEpoch(2)
	if s := w.ring.Status(); s.HighWater != 1 {
		t.Fatalf("%+v", s)
	}
	w.look(t)
	w.chain.SetEpoch(1)
	w.look(t)
	w.restart(t)
	if s := w.ring.Status(); s.HighWater != 2 || s.Epochs[0].Retired.IsZero() {
		t.Errorf("%+v", s)
	}
	w.chain.GoUnavailable()
	if err := signer.Look(t.Context(), w.signer); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Errorf("%v", err)
	}
}

// TestProofsOlderThanTheProcess count as used: the store of used ones is in
// memory.
func TestProofsOlderThanTheProcess(t *testing.T) {
	w := newWorld(t, 1)
	c := w.call(w.people[0], ops()[1])
	c.check(t, "first", "", true)
	w.advance(time.Second)
	w.restart(t)
	before := len(w.events(0))
	_, err := c.post(w.side)
	if apierr.CodeOf(err) != apierr.ProofReplayed {
		t.Errorf("%v", err)
	}
	c.told(t, "replayed", before, apierr.ProofReplayed, false)
}
