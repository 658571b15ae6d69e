package signer

import (
	"io"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/chain/chaintest"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
)

// taker is a signer, and the identity and keyring of the one that it
// takes keys from.
type taker struct {
	*Signer
	t    *testing.T
	now  time.Time
	peer jose.PrivateKey
	ring *keys.Keyring
	own  jose.KeySet
}

func newTaker(t *testing.T) *taker {
	t.Helper()
	k := &taker{t: t, now: time.Now().Truncate(time.Second), ring: keystest.New(t)}
	var id jose.PrivateKey
	for _, key := range []*jose.PrivateKey{&id, &k.peer} {
		var err error
		if *key, err = jose.GenerateKey(); err != nil {
			t.Fatal(err)
		}
	}
	set := func(key jose.PrivateKey) jose.KeySet {
		s, err := jose.NewKeySet(key.Public())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	k.own = set(id)
	copied := keystest.Restored(t, keystest.Options(t), k.ring)
	env := role.Env{Now: func() time.Time { return k.now }, Log: zerolog.Nop(), URL: "http://127.0.0.1:8092", Profile: &profile.Profile{CapIssuer: "http://127.0.0.1:8091", Chain: profile.Chain{ChainID: 31337}}}
	var err error
	told, err := env.AuditTo(audit.LogSink(zerolog.New(io.Discard)))
	if err != nil {
		t.Fatal(err)
	}
	k.Signer, err = New(env, Parts{View: chaintest.NewMemory(), Keys: copied, Identity: id, CapKeys: set(k.peer), Peers: set(k.peer), Audit: told})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (k *taker) offer() string {
	k.t.Helper()
	signed, err := k.offerSession(k.t.Context(), kept{}, httpd.None{})
	var o api.EpochOffer
	if err == nil {
		err = signed.Open(k.own, kept{}.hash, &o)
	}
	if err != nil {
		k.t.Fatal(err)
	}
	return o.Session
}

// take imports the key of epoch 1 sealed to an offer just now.
func (k *taker) take(offer string, at time.Time) apierr.Code {
	k.t.Helper()
	to, err := dek.NewVerifier(k.own, func() time.Time { return at }).Verify(offer)
	if err != nil {
		k.t.Fatal(err)
	}
	k3, e, err := k.ring.Export(1)
	if err != nil {
		k.t.Fatal(err)
	}
	parcel, err := dek.SealEpoch(k.peer, to, offer, dek.Epoch{Epoch: 1, Check: e.Check, Ring: k.ring.Status().RingID}, k3, at)
	if err != nil {
		k.t.Fatal(err)
	}
	_, err = k.importEpoch(k.t.Context(), kept{id: jose.NewID(), account: [20]byte{1}}, api.EpochParcel{Parcel: parcel})
	return apierr.CodeOf(err)
}

// TestOffersOfTwoRotations: the offer that a second rotation asks for does not
// take away that of the first.
func TestOffersOfTwoRotations(t *testing.T) {
	k := newTaker(t)
	first, second := k.offer(), k.offer()
	for what, offer := range map[string]string{"first": first, "second": second} {
		if code := k.take(offer, k.now); code != "" {
			t.Errorf("%s: %s", what, code)
		}
	}
}

// TestAnOfferOpensOnce, and while it lasts: what is recorded on the wire can
// then be opened by nobody, the signer included.
func TestAnOfferOpensOnce(t *testing.T) {
	k := newTaker(t)
	used, other := k.offer(), k.offer()
	if code := k.take(used, k.now); code != "" {
		t.Fatal(code)
	}
	if code := k.take(used, k.now); code != apierr.Unauthorized {
		t.Errorf("a second time: %q", code)
	}
	k.now = k.now.Add(dek.SessionLife)
	// A parcel that is young enough, sealed just before the offer ended.
	if code := k.take(other, k.now.Add(-time.Second)); code != apierr.Unauthorized {
		t.Errorf("after its end: %q", code)
	}
	if code := k.take(k.offer(), k.now); code != "" {
		t.Error(code)
	}
}

// TestOffersAreBounded: whoever asks for many drives out the oldest.
func TestOffersAreBounded(t *testing.T) {
	k := newTaker(t)
	oldest := k.offer()
	var newest string
	for range maxOffers {
		newest = k.offer()
	}
	if code := k.take(oldest, k.now); code != apierr.Unauthorized || len(k.offers) != maxOffers {
		t.Errorf("%q, %d offers", code, len(k.offers))
	}
	if code := k.take(newest, k.now); code != "" {
		t.Error(code)
	}
}
