package signer_test

import (
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
)

// pair adds a second signer, which begins with a backup of the first and is
// given all keys over their routes again. Each lists the other.
func (w *world) pair(t testing.TB) {
	t.Helper()
	o := w.keyring()
	id := must[jose.PrivateKey](t)(jose.GenerateKey())
	w.second = w.newSide("http://127.0.0.1:8192", id, o, keystest.Restored(t, o, w.ring))
	w.start(setOf(t, id), nil)
	w.second.start(setOf(t, w.identity), nil)
	w.advance(2 * time.Minute)
	for _, e := range w.ring.Status().Epochs {
		got := w.give(t, e.Epoch, w.second)
		if got.Check != e.Check {
			t.Fatalf("%+v, want %s", got, e.Check)
		}
	}
}

func (s *side) offer(t testing.TB) string {
	t.Helper()
	return do[api.EpochOffer](t, s.order(s.w.maintainer, api.PathEpochOffer, nil)).Session
}

func (s *side) export(t testing.TB, epoch uint64, offer string) api.EpochParcel {
	t.Helper()
	return do[api.EpochParcel](t, s.order(s.w.maintainer, api.PathEpochExport, api.EpochExport{Epoch: epoch, Offer: offer}))
}

// parcelTo is a key sealed to the newest offer of another signer.
func (s *side) parcelTo(t testing.TB, to *side, epoch uint64) api.EpochParcel {
	t.Helper()
	return s.export(t, epoch, to.offer(t))
}

func (s *side) give(t testing.TB, epoch uint64, to *side) api.Epoch {
	t.Helper()
	return do[api.Epoch](t, to.order(s.w.maintainer, api.PathEpochImport, s.parcelTo(t, to, epoch)))
}

func (s *side) imports(p api.EpochParcel) *order {
	return s.order(s.w.maintainer, api.PathEpochImport, p)
}

// TestTwoSigners: what one prepares, the other takes, and both show the same
// check value; then each opens what the other's keys sealed.
func TestTwoSigners(t *testing.T) {
	w := newWorld(t, 1)
	w.pair(t)
	made := w.prepare(t, 2)
	given := w.give(t, 2, w.second)
	if again := w.give(t, 2, w.second); made.Check != given.Check || again != given || given.Epoch != 2 {
		t.Errorf("%+v, %+v, %+v", made, given, again)
	}
	w.chain.SetEpoch(2)
	w.look(t)
	w.second.look(t)
	for i, s := range []*side{w.side, w.second} {
		for _, o := range ops() {
			if _, err := w.call(w.people[0], o).on(s); err != nil {
				t.Errorf("signer %d, %s: %v", i, o.name, err)
			}
		}
		if e := s.events(0); len(e) == 0 {
			t.Errorf("signer %d has no journal", i)
		}
	}
}

// TestParcels: a key goes only to a listed signer, from a listed signer, once
// offered and to that very offer.
func TestParcels(t *testing.T) {
	w := newWorld(t, 2)
	w.pair(t)
	b := w.second
	stranger := must[jose.PrivateKey](t)(jose.GenerateKey())
	session := func(k jose.PrivateKey, class string, at time.Time) string {
		return must[*dek.Session](t)(dek.NewSession(k, class, at)).Token()
	}
	good := func() string { return session(b.identity, dek.SignerClass, w.now()) }
	for _, c := range []struct {
		name, offer string
		epoch       uint64
		want        apierr.Code
	}{
		{"as it is", good(), 2, ""},
		{"to an unlisted signer", session(stranger, dek.SignerClass, w.now()), 2, apierr.WorkerNotListed},
		{"to a worker", session(w.hosts[0].id.Key, dek.SignerClass, w.now()), 2, apierr.WorkerNotListed},
		{"to itself, which it does not list", session(w.identity, dek.SignerClass, w.now()), 2, apierr.WorkerNotListed},
		{"to a session of a worker's class", session(b.identity, "credentials", w.now()), 2, apierr.Unauthorized},
		{"to an offer that has ended", session(b.identity, dek.SignerClass, w.now().Add(-dek.SessionLife)), 2, apierr.Unauthorized},
		{"to no offer", "", 2, apierr.Unauthorized},
		{"to an offer that was changed", good()[:40] + "x" + good()[41:], 2, apierr.Unauthorized},
		{"of an epoch without a key", good(), 3, apierr.EpochConflict},
		{"of epoch 0", good(), 0, apierr.EpochConflict},
	} {
		o := w.order(w.maintainer, api.PathEpochExport, api.EpochExport{Epoch: c.epoch, Offer: c.offer})
		if c.want == "" {
			o.check(t, c.name, "")
		} else {
			o.refused(t, "export "+c.name, c.want)
		}
	}

	// A third signer lists nobody and is listed by nobody.
	ro := w.keyring()
	third := w.newSide("http://127.0.0.1:8292", stranger, ro, must[*keys.Keyring](t)(keys.Create(t.Context(), ro)))
	third.start(setOf(t, b.identity), nil)
	w.advance(2 * time.Minute)
	third.imports(api.EpochParcel{Parcel: "x"}).refused(t, "without an offer", apierr.EpochConflict)

	p := w.parcelTo(t, b, 2)
	flipped := p.Parcel[:len(p.Parcel)/2] + map[bool]string{true: "A", false: "B"}[p.Parcel[len(p.Parcel)/2] != 'A'] + p.Parcel[len(p.Parcel)/2+1:]
	b.imports(api.EpochParcel{Parcel: flipped}).refused(t, "a parcel that was changed", apierr.Unauthorized)
	b.imports(api.EpochParcel{}).refused(t, "no parcel", apierr.Unauthorized)
	if e := do[api.Epoch](t, b.imports(p)); e.Epoch != 2 {
		t.Errorf("%+v", e)
	}
	third.offer(t)
	third.imports(p).refused(t, "a parcel of an unlisted signer", apierr.Unauthorized)
	b.offer(t)
	b.imports(p).refused(t, "a parcel to the session before", apierr.Unauthorized)
	late := w.parcelTo(t, b, 2)
	w.advance(dek.SessionLife + time.Second)
	b.imports(late).refused(t, "a parcel that is too old", apierr.Unauthorized)
}

// TestADestroyedKeyIsNeitherGivenNorTaken.
func TestADestroyedKeyIsNeitherGivenNorTaken(t *testing.T) {
	w := newPair(t)
	b := w.second
	old := w.parcelTo(t, b, 1)
	do[api.Epoch](t, b.imports(old)) // a key that is there is no change
	do[api.Epoch](t, b.order(w.governance, api.PathEpochDestroy, api.EpochRequest{Epoch: 1}))
	b.imports(old).refused(t, "import", apierr.EpochConflict)
	b.order(w.maintainer, api.PathEpochExport, api.EpochExport{Epoch: 1, Offer: w.offer(t)}).refused(t, "export", apierr.EpochConflict)
	b.parcelTo(t, w.side, 2)
}

// TestAForgedParcel: a listed signer that lies about a key is not believed.
func TestAForgedParcel(t *testing.T) {
	w := newWorld(t, 1)
	w.pair(t)
	b := w.second
	b.offer(t)
	for what, c := range map[string]struct {
		set  func(*dek.Epoch)
		want apierr.Code
	}{
		"as it is":               {func(*dek.Epoch) {}, ""},
		"of another ring":        {func(e *dek.Epoch) { e.Ring = strings.Repeat("0", 32) }, apierr.EpochConflict},
		"with another check":     {func(e *dek.Epoch) { e.Check = strings.Repeat("0", 16) }, apierr.EpochConflict},
		"too far ahead":          {func(e *dek.Epoch) { e.Epoch = 3 }, apierr.EpochConflict},
		"in the place of a key":  {func(e *dek.Epoch) { e.Epoch = 1 }, apierr.EpochConflict},
		"of epoch 0":             {func(e *dek.Epoch) { e.Epoch = 0 }, apierr.InvalidInput},
		"with a ring id that is": {func(e *dek.Epoch) { e.Ring = "none" }, apierr.InvalidInput},
	} {
		fresh := w.take(t, 2)
		e := dek.Epoch{Epoch: 2, Check: fresh.check, Ring: w.ring.Status().RingID}
		c.set(&e)
		offer := b.offer(t)
		peer := must[dek.Peer](t)(dek.NewVerifier(setOf(t, b.identity), w.now).Verify(offer))
		parcel := must[string](t)(dek.SealEpoch(w.identity, peer, offer, e, fresh.k3, w.now()))
		o := b.imports(api.EpochParcel{Parcel: parcel})
		if c.want == "" {
			do[api.Epoch](t, o)
			continue
		}
		o.refused(t, what, c.want)
	}
}

// TestTwoRotationsAtOnce heal: the key that nobody can have used gives way; one
// in use never does.
func TestTwoRotationsAtOnce(t *testing.T) {
	w := newWorld(t, 1)
	w.pair(t)
	a, b := w.side, w.second
	here, there := a.prepare(t, 2), b.prepare(t, 2)
	if here.Check == there.Check {
		t.Fatal("two signers drew one key")
	}
	if there.Check < here.Check { // it gives way in one direction only
		a, b, here, there = b, a, there, here
	}
	a.imports(b.parcelTo(t, a, 2)).refused(t, "the greater check value in the place of the smaller", apierr.EpochConflict)
	if e := a.give(t, 2, b); e.Check != here.Check {
		t.Errorf("the prepared key did not give way: %+v", e)
	}
	if e := b.give(t, 2, a); e.Check != here.Check {
		t.Errorf("%+v", e)
	}
	// Again with epoch 3, but now the chain reaches it before the key comes.
	for _, s := range []*side{a, b} {
		w.chain.SetEpoch(2)
		s.look(t)
	}
	here, there = a.prepare(t, 3), b.prepare(t, 3)
	if there.Check < here.Check {
		a, b, here, there = b, a, there, here
	}
	p := a.parcelTo(t, b, 3)
	w.chain.UntilRefresh(func() { w.chain.SetEpoch(3) }) // a block that b has not seen yet
	b.imports(p).refused(t, "in the place of a key in use", apierr.EpochConflict)
	if s := b.ring.Status(); s.Epochs[2].Check != there.Check {
		t.Errorf("%+v", s)
	}
	w.chain.SetEpoch(2) // it goes back, but b has used the key
	if err := b.ring.Raise(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	b.imports(a.parcelTo(t, b, 3)).refused(t, "in the place of a key that was used", apierr.EpochConflict)
	if e := b.give(t, 2, a); e.Epoch != 2 || a.ring.Status().Epochs[2].Check != here.Check {
		t.Errorf("%+v", e)
	}
}

// TestImportLooksAtTheChain: without it nothing is taken.
func TestImportLooksAtTheChain(t *testing.T) {
	w := newWorld(t, 2)
	w.pair(t)
	p := w.parcelTo(t, w.second, 2)
	o := w.second.imports(p)
	w.chain.GoStale()
	o.check(t, "import", apierr.ChainStale)
	w.chain.Recover()
	do[api.Epoch](t, w.second.imports(p))
}
