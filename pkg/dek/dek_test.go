package dek_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

var noon = time.Unix(1_800_000_000, 0)

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func newKey(t testing.TB) jose.PrivateKey {
	t.Helper()
	return must[jose.PrivateKey](t)(jose.GenerateKey())
}

func setOf(t testing.TB, keys ...jose.PrivateKey) jose.KeySet {
	t.Helper()
	var public []jose.PublicKey
	for _, k := range keys {
		public = append(public, k.Public())
	}
	return must[jose.KeySet](t)(jose.NewKeySet(public...))
}

func at(now *time.Time) func() time.Time { return func() time.Time { return *now } }

func TestSession(t *testing.T) {
	id, now := newKey(t), noon
	s := must[*dek.Session](t)(dek.NewSession(id, "credentials", now))
	v := dek.NewVerifier(setOf(t, id), at(&now))
	for range 2 { // the second time from memory
		p, err := v.Verify(s.Token())
		if err != nil || p.Identity != id.Public().Thumbprint() || p.Class != "credentials" {
			t.Fatalf("%+v %v", p, err)
		}
	}
	if _, err := dek.NewVerifier(setOf(t, newKey(t)), at(&now)).Verify(s.Token()); !errors.Is(err, dek.ErrUnlisted) {
		t.Errorf("an unlisted key: %v", err)
	}
	for _, c := range []struct {
		name string
		now  time.Time
		want bool
	}{
		{"the last instant", noon.Add(dek.SessionLife - time.Nanosecond), true},
		{"its end", noon.Add(dek.SessionLife), false},
		{"as early as clocks differ", noon.Add(-dek.Leeway), true},
		{"earlier", noon.Add(-dek.Leeway - time.Second), false},
	} {
		for _, v := range []*dek.Verifier{v, dek.NewVerifier(setOf(t, id), at(&now))} {
			now = noon
			if c.name == "its end" { // also what is remembered ends
				_, _ = v.Verify(s.Token())
			}
			now = c.now
			_, err := dek.NewVerifier(setOf(t, id), at(&now)).Verify(s.Token())
			if (err == nil) != c.want || err != nil && !errors.Is(err, dek.ErrSession) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if _, err := v.Verify(s.Token()); c.name == "its end" && !errors.Is(err, dek.ErrSession) {
			t.Errorf("%s, remembered: %v", c.name, err)
		}
	}
}

func TestSessionForgeries(t *testing.T) {
	f, now := josetest.New(t), noon
	v := dek.NewVerifier(setOf(t, f.Key), at(&now))
	x := jose.EncodeSegment(make([]byte, 32))
	good := `{"class":"credentials","key":"` + x + `","iat":1800000000,"exp":1800000300}`
	if _, err := v.Verify(f.Token(f.Header(dek.SessionType), good)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ typ, payload string }{
		"another type":        {dek.AnswerType, good},
		"an answer's payload": {dek.SessionType, `{"req":"x","body":"y"}`},
		"a member too many":   {dek.SessionType, strings.Replace(good, `{`, `{"x":1,`, 1)},
		"a member twice":      {dek.SessionType, strings.Replace(good, `{`, `{"class":"memory",`, 1)},
		"a short key":         {dek.SessionType, strings.Replace(good, x, x[:42], 1)},
		"no key":              {dek.SessionType, strings.Replace(good, x, "", 1)},
		"a second too long":   {dek.SessionType, strings.Replace(good, "300}", "301}", 1)},
	} {
		if _, err := v.Verify(f.Token(f.Header(c.typ), c.payload)); !errors.Is(err, dek.ErrSession) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range f.Confusions(t, dek.SessionType, good) {
		if _, err := v.Verify(c.Token); err == nil {
			t.Errorf("%s was accepted", c.Name)
		}
	}
}

func TestAnswerIsBoundToRequestAndSigner(t *testing.T) {
	id, other := newKey(t), newKey(t)
	hash := dek.RequestHash("/p", []byte("body"), "proof")
	signed := must[dek.Signed](t)(dek.Sign(id, hash, dek.Object{Key: "k", Version: 7}))
	var got dek.Object
	if err := signed.Open(setOf(t, id), hash, &got); err != nil || got.Key != "k" || got.Version != 7 {
		t.Fatalf("%+v %v", got, err)
	}
	for name, c := range map[string]struct {
		signed dek.Signed
		pinned jose.KeySet
		hash   [sha256.Size]byte
	}{
		"another signer":     {signed, setOf(t, other), hash},
		"another path":       {signed, setOf(t, id), dek.RequestHash("/q", []byte("body"), "proof")},
		"another body":       {signed, setOf(t, id), dek.RequestHash("/p", []byte("bodY"), "proof")},
		"another proof":      {signed, setOf(t, id), dek.RequestHash("/p", []byte("body"), "prooF")},
		"moved boundary":     {signed, setOf(t, id), dek.RequestHash("/pb", []byte("ody"), "proof")},
		"another answer":     {dek.Signed{Body: strings.Replace(signed.Body, "7", "8", 1), Signature: signed.Signature}, setOf(t, id), hash},
		"no signature":       {dek.Signed{Body: signed.Body}, setOf(t, id), hash},
		"a session's signer": {dek.Signed{Body: signed.Body, Signature: must[*dek.Session](t)(dek.NewSession(id, "credentials", noon)).Token()}, setOf(t, id), hash},
	} {
		var none dek.Object
		if err := c.signed.Open(c.pinned, c.hash, &none); !errors.Is(err, dek.ErrAnswer) || none != (dek.Object{}) {
			t.Errorf("%s: %v, %+v", name, err, none)
		}
	}
}

func TestParcel(t *testing.T) {
	from, to, stranger, now := newKey(t), newKey(t), newKey(t), noon
	k3 := secret.New([]byte(strings.Repeat("k", 31) + "3"))
	offer := must[*dek.Session](t)(dek.NewSession(to, dek.SignerClass, now))
	peer := must[dek.Peer](t)(dek.NewVerifier(setOf(t, to), at(&now)).Verify(offer.Token()))
	e := dek.Epoch{Epoch: 2, Check: "c0ffee", Ring: "ring"}
	parcel := must[string](t)(dek.SealEpoch(from, peer, offer.Token(), e, k3, now))
	if got, k, err := offer.OpenParcel(parcel, setOf(t, from), now); err != nil || got != e || !k.Equal(k3) {
		t.Fatalf("%+v %v", got, err)
	}
	again := must[*dek.Session](t)(dek.NewSession(to, dek.SignerClass, now))
	otherOffer := must[string](t)(dek.SealEpoch(from, peer, again.Token(), e, k3, now))
	for name, c := range map[string]struct {
		by     *dek.Session
		parcel string
		listed jose.KeySet
		now    time.Time
	}{
		"another session of the same signer": {again, parcel, setOf(t, from), now},
		"bound to another offer":             {offer, otherOffer, setOf(t, from), now},
		"by an unlisted signer":              {offer, parcel, setOf(t, stranger), now},
		"too old":                            {offer, parcel, setOf(t, from), now.Add(dek.SessionLife + time.Second)},
		"from the future":                    {offer, parcel, setOf(t, from), now.Add(-dek.Leeway - time.Second)},
		"no parcel":                          {offer, offer.Token(), setOf(t, to), now},
	} {
		if _, k, err := c.by.OpenParcel(c.parcel, c.listed, c.now); !errors.Is(err, dek.ErrParcel) || k.Len() != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// signerSide is the other end of a Client, with one thing broken.
type signerSide struct {
	t        testing.TB
	identity jose.PrivateKey
	verify   *dek.Verifier
	wrong    func(*answering)
	err      error
	seen     dek.Request
}

type answering struct {
	identity jose.PrivateKey
	peer     dek.Peer
	hash     [sha256.Size]byte
	key      secret.Secret
	answer   dek.Key
	raw      []byte
}

func (s *signerSide) post(_ context.Context, path string, body []byte) ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	s.seen = dek.Request{}
	if err := strictjson.Decode(body, &s.seen); err != nil {
		s.t.Fatal(err)
	}
	a := answering{identity: s.identity, hash: dek.RequestHash(path, body, ""), key: secret.New([]byte(strings.Repeat("d", 31) + "k"))}
	a.peer = must[dek.Peer](s.t)(s.verify.Verify(s.seen.Worker))
	if path == dek.PathNew {
		w := dek.PackWrap(keys.Wrapped{Epoch: 3})
		a.answer.Wrap = &w
	}
	if s.wrong != nil {
		s.wrong(&a)
	}
	if a.answer.Sealed == "" {
		a.answer.Sealed = must[string](s.t)(a.peer.SealKey(a.hash, a.key))
	}
	if a.raw != nil {
		return a.raw, nil
	}
	return strictjson.Encode(must[dek.Signed](s.t)(dek.Sign(a.identity, a.hash, a.answer)))
}

func TestClient(t *testing.T) {
	worker, id, now := newKey(t), newKey(t), noon
	s := &signerSide{t: t, identity: id, verify: dek.NewVerifier(setOf(t, worker), at(&now))}
	c := must[*dek.Client](t)(dek.NewClient(dek.ClientConfig{Class: service.Credentials, Identity: worker, Signers: setOf(t, id), Post: s.post, Now: at(&now)}))
	sum := sha256.Sum256([]byte("body"))
	r := keys.Request{Evidence: keys.Evidence{Capability: "cap", Proof: "proof", Method: "POST", URL: "http://w/x", BodyHash: sum[:]}}
	r.Binding = keys.Binding{Class: service.Credentials, Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2}), Key: "k", Version: 4}

	k, w, err := c.New(t.Context(), r)
	if err != nil || w.Epoch != 3 || string(k.Reveal()) != strings.Repeat("d", 31)+"k" {
		t.Fatal(err, w.Epoch)
	}
	if s.seen.Capability != "cap" || s.seen.Proof != "proof" || s.seen.URL != "http://w/x" || s.seen.Method != "POST" || s.seen.BodyHash != jose.EncodeSegment(sum[:]) || s.seen.Object != (dek.Object{Key: "k", Version: 4}) || s.seen.Wrap != nil {
		t.Errorf("%+v", s.seen)
	}
	first := s.seen.Worker
	if k, err = c.Unwrap(t.Context(), r, keys.Wrapped{Epoch: 2}); err != nil || k.Len() != 32 || s.seen.Wrap == nil || s.seen.Wrap.Epoch != 2 {
		t.Fatal(err)
	}
	if s.seen.Worker != first {
		t.Error("a session with time left was not used again")
	}
	for _, d := range []time.Duration{dek.SessionLife - time.Minute, -time.Hour} {
		now = noon.Add(d)
		if _, err := c.Unwrap(t.Context(), r, keys.Wrapped{Epoch: 2}); err != nil || s.seen.Worker == first {
			t.Errorf("after %s the session is still used: %v", d, err)
		}
	}
	now = noon

	thief := newKey(t)
	thiefSession := must[*dek.Session](t)(dek.NewSession(thief, "credentials", now))
	thiefPeer := must[dek.Peer](t)(dek.NewVerifier(setOf(t, thief), at(&now)).Verify(thiefSession.Token()))
	for name, wrong := range map[string]func(*answering){
		"another signer":             func(a *answering) { a.identity = newKey(t) },
		"an answer to another":       func(a *answering) { a.hash[0] ^= 1 },
		"sealed to another worker":   func(a *answering) { a.answer.Sealed = must[string](t)(thiefPeer.SealKey(a.hash, a.key)) },
		"sealed for another request": func(a *answering) { a.answer.Sealed = must[string](t)(a.peer.SealKey([32]byte{1}, a.key)) },
		"sealed as an epoch's key":   func(a *answering) { a.answer.Sealed = must[string](t)(a.peer.SealEpoch(a.hash, a.key)) },
		"a short key":                func(a *answering) { a.key = secret.New([]byte("short")) },
		"a constant key":             func(a *answering) { a.key = secret.New(make([]byte, 32)) },
		"a fresh key without wrap":   func(a *answering) { a.answer.Wrap = nil },
		"a wrap that is none":        func(a *answering) { a.answer.Wrap = &dek.Wrap{Epoch: 1, Bytes: "AA"} },
		"not JSON":                   func(a *answering) { a.raw = []byte("<html>") },
		"nothing":                    func(a *answering) { a.raw = []byte("{}") },
	} {
		s.wrong = wrong
		k, _, err := c.New(t.Context(), r)
		if apierr.CodeOf(err) != apierr.SignerUnavailable || k.Len() != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.wrong = nil
	for err, want := range map[error]apierr.Code{
		errors.New("connection refused"):         apierr.SignerUnavailable,
		apierr.New(apierr.DeviceRevoked, "said"): apierr.DeviceRevoked,
		// Another host than a signer; and what nobody foresaw there is the signer's own.
		apierr.New(apierr.NotFound, "no such path"):         apierr.SignerUnavailable,
		apierr.New(apierr.MethodNotAllowed, "not that way"): apierr.SignerUnavailable,
		apierr.New(apierr.InternalError, "said"):            apierr.InternalError,
	} {
		s.err = err
		if _, _, err := c.New(t.Context(), r); apierr.CodeOf(err) != want {
			t.Errorf("%v", err)
		}
	}
	// What was sealed to this worker opens for nobody else.
	hash := dek.RequestHash(dek.PathNew, nil, "")
	sealed := must[string](t)(thiefPeer.SealKey(hash, secret.New([]byte(strings.Repeat("d", 32)))))
	if _, err := thiefSession.OpenKey(hash, sealed); err != nil {
		t.Error(err)
	}
	own := must[*dek.Session](t)(dek.NewSession(worker, "credentials", now))
	if _, err := own.OpenKey(hash, sealed); !errors.Is(err, dek.ErrAnswer) {
		t.Errorf("another worker's answer opened: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	id := newKey(f)
	now := noon
	s := must[*dek.Session](f)(dek.NewSession(id, dek.SignerClass, now))
	hash := dek.RequestHash("/p", nil, "")
	signed := must[dek.Signed](f)(dek.Sign(id, hash, dek.Object{Key: "k"}))
	v := dek.NewVerifier(setOf(f, id), at(&now))
	peer := must[dek.Peer](f)(v.Verify(s.Token()))
	parcel := must[string](f)(dek.SealEpoch(id, peer, s.Token(), dek.Epoch{Epoch: 1}, secret.New([]byte(strings.Repeat("k", 32))), now))
	for _, seed := range []string{s.Token(), signed.Signature, parcel, signed.Body, "", ".."} {
		f.Add(seed, signed.Body)
	}
	f.Fuzz(func(t *testing.T, token, body string) {
		if p, err := v.Verify(token); err == nil && p.Identity != id.Public().Thumbprint() {
			t.Errorf("%+v", p)
		}
		var o dek.Object
		if err := (dek.Signed{Body: body, Signature: token}).Open(setOf(t, id), hash, &o); err == nil && body != signed.Body {
			t.Error("another answer opened")
		}
		if _, _, err := s.OpenParcel(token, setOf(t, id), now); err == nil && token != parcel {
			t.Error("another parcel opened")
		}
		if w, err := (dek.Wrap{Bytes: token}).Unpack(); err == nil && dek.PackWrap(w).Bytes != token {
			t.Error("two texts of one wrap")
		}
		if k, err := s.OpenKey(hash, token); err == nil {
			t.Errorf("a key of %d bytes out of nothing", k.Len())
		}
	})
}
