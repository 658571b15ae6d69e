package signer_test

import (
	"os"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/roles/signer"
)

func (w *world) admit(office string, a [20]byte) error {
	return signer.Admit(w.t.Context(), w.signer, office, a)
}

// do sends a request that must be answered, and returns the answer.
func do[Out any](t testing.TB, o *order) (out Out) {
	t.Helper()
	if err := o.send(&out); err != nil {
		t.Fatalf("%s: %v", o.path, err)
	}
	return out
}

func (s *side) prepare(t testing.TB, epoch uint64) api.Epoch {
	t.Helper()
	return do[api.Epoch](t, s.order(s.w.maintainer, api.PathEpochPrepare, api.EpochRequest{Epoch: epoch}))
}

// TestPrepare makes the key of the next epoch, once.
func TestPrepare(t *testing.T) {
	w := newWorld(t, 1)
	first := w.prepare(t, 2)
	if again := w.prepare(t, 2); again != first || first.Epoch != 2 || first.Check == "" || !first.Created.Equal(w.now()) {
		t.Errorf("%+v, then %+v", first, again)
	}
	if s := w.ring.Status(); len(s.Epochs) != 2 || s.Epochs[1].Check != first.Check || s.HighWater != 1 {
		t.Errorf("%+v", s)
	}
	prepare := func(e uint64) *order { return w.order(w.maintainer, api.PathEpochPrepare, api.EpochRequest{Epoch: e}) }
	prepare(3).refused(t, "two ahead of the chain", apierr.EpochConflict)
	prepare(1<<32+2).refused(t, "an epoch that the chain cannot count", apierr.EpochConflict)
	w.chain.SetEpoch(2)
	if e := w.prepare(t, 3); e.Epoch != 3 {
		t.Errorf("%+v", e)
	}
	w.chain.SetEpoch(4) // the key of 4 is at another signer
	prepare(4).refused(t, "a key that must be somewhere", apierr.EpochConflict)
	prepare(5).refused(t, "after a key that must be somewhere", apierr.EpochConflict)

	w.chain.SetEpoch(3)
	w.look(t)
	w.advance(2 * delay)
	do[api.Epoch](t, w.order(w.governance, api.PathEpochDestroy, api.EpochRequest{Epoch: 1}))
	prepare(1).refused(t, "an epoch whose key was destroyed", apierr.EpochConflict)
}

// TestPrepareIsSoonForTheNewestBlock: what the chain shows at its newest block
// counts, so that the next epoch does not wait for confirmations.
func TestPrepareIsSoonForTheNewestBlock(t *testing.T) {
	w := newWorld(t, 2)
	w.chain.Hold()
	w.chain.SetEpoch(2)
	if e := w.prepare(t, 3); e.Epoch != 3 {
		t.Errorf("%+v", e)
	}
}

// TestAKeyringThatCannotBeChanged is unavailable, and loses nothing.
func TestAKeyringThatCannotBeChanged(t *testing.T) {
	w := newWorld(t, 1)
	before := w.ring.Status()
	mode := func(m os.FileMode) {
		if err := os.Chmod(w.options.Path, m); err != nil {
			t.Fatal(err)
		}
	}
	o := w.order(w.maintainer, api.PathEpochPrepare, api.EpochRequest{Epoch: 2})
	mode(0o644) // others may read it: it is not touched
	if err := o.send(nil); apierr.CodeOf(err) != apierr.SignerUnavailable {
		t.Errorf("%v", err)
	}
	same(t, "prepare", before, w.ring.Status())
	for _, o := range ops() {
		w.call(w.people[0], o).check(t, o.name+" under the keys that are there", "", true)
	}
	mode(0o600)
	w.prepare(t, 2)
}

// TestDestroy: only of an epoch that is over, for long enough, and at the
// confirmed block.
func TestDestroy(t *testing.T) {
	w := newWorld(t, 3)
	destroy := func(e uint64) *order { return w.order(w.governance, api.PathEpochDestroy, api.EpochRequest{Epoch: e}) }
	destroy(1).refused(t, "the current epoch", apierr.EpochConflict)
	destroy(2).refused(t, "an epoch to come", apierr.EpochConflict)
	destroy(9).refused(t, "an epoch that nobody knows", apierr.EpochConflict)
	w.chain.Hold()
	w.chain.SetEpoch(2)
	w.look(t)
	w.advance(delay - time.Second)
	destroy(1).refused(t, "before the delay is over", apierr.EpochConflict)
	w.advance(time.Second)
	destroy(1).refused(t, "the current epoch of the confirmed block", apierr.EpochConflict)
	w.chain.Confirm()
	w.chain.SetEpoch(1)
	destroy(1).refused(t, "the current epoch of a chain that went back", apierr.EpochConflict)
	w.chain.SetEpoch(2)
	w.order(w.maintainer, api.PathEpochDestroy, api.EpochRequest{Epoch: 1}).check(t, "by the maintainer", apierr.MaintainerRequired)

	check := w.ring.Status().Epochs[0].Check
	out := do[api.Epoch](t, destroy(1))
	if out.Epoch != 1 || out.Check != check || !out.Destroyed.Equal(w.now()) {
		t.Errorf("%+v", out)
	}
	if again := do[api.Epoch](t, destroy(1)); again != out {
		t.Errorf("again: %+v", again)
	}
	destroy(2).refused(t, "the current epoch", apierr.EpochConflict)
	w.restart(t)
	if _, _, err := w.ring.Export(1); err == nil {
		t.Error("the key is still there")
	}
	// Destroying anew after the restart is still no change.
	w.advance(time.Minute)
	if again := do[api.Epoch](t, destroy(1)); again != out {
		t.Errorf("after a restart: %+v", again)
	}
}

// TestEachEpochHasItsOwnDelay.
func TestEachEpochHasItsOwnDelay(t *testing.T) {
	w := newWorld(t, 3)
	destroy := func(e uint64) *order { return w.order(w.governance, api.PathEpochDestroy, api.EpochRequest{Epoch: e}) }
	for e := uint32(2); e <= 3; e++ {
		w.advance(delay)
		w.chain.SetEpoch(e)
		w.look(t)
	}
	destroy(2).refused(t, "what ended just now", apierr.EpochConflict)
	do[api.Epoch](t, destroy(1))
}

// TestDestroyNeedsTheMark: a signer that never saw the new epoch keeps the old
// key, whatever the chain says now.
func TestDestroyNeedsTheMark(t *testing.T) {
	w := newWorld(t, 2)
	w.chain.SetEpoch(2)
	w.advance(2 * delay)
	o := w.order(w.governance, api.PathEpochDestroy, api.EpochRequest{Epoch: 1})
	o.refused(t, "before the mark was raised", apierr.EpochConflict)
	w.look(t)
	o = w.order(w.governance, api.PathEpochDestroy, api.EpochRequest{Epoch: 1})
	o.refused(t, "as soon as it was raised", apierr.EpochConflict)
	w.advance(delay)
	do[api.Epoch](t, w.order(w.governance, api.PathEpochDestroy, api.EpochRequest{Epoch: 1}))
}
