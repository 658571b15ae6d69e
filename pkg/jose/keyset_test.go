package jose_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
)

var start = time.Unix(1_800_000_000, 0)

func encode(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func certified(t testing.TB) jose.PrivateKey {
	t.Helper()
	k, err := josetest.New(t).Key.WithCertificate("test", start)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeySetRoundTrip(t *testing.T) {
	plain, withCert := josetest.New(t).Key.Public(), certified(t).Public()
	s := keySet(t, withCert, plain)
	got, err := jose.ParseKeySet(encode(t, s.JWKS()))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Thumbprints(), []string{withCert.Thumbprint(), plain.Thumbprint()}) {
		t.Error("order or keys changed")
	}
	if !bytes.Equal(encode(t, got.JWKS()), encode(t, s.JWKS())) {
		t.Error("the set changed")
	}
	if withCert.Certificate() == nil || plain.Certificate() != nil {
		t.Error("certificates")
	}
}

func TestParseKeySetRefuses(t *testing.T) {
	a, b, cert := josetest.New(t).Key.Public(), josetest.New(t).Key.Public(), certified(t).Public()
	good := keySet(t, cert, a).JWKS()
	other := keySet(t, certified(t).Public()).JWKS().Keys[0].X5c[0]
	edit := func(f func(*jose.JWK)) []byte {
		s := jose.JWKS{Keys: slices.Clone(good.Keys)}
		s.Keys[0].X5c = slices.Clone(s.Keys[0].X5c)
		f(&s.Keys[0])
		return encode(t, s)
	}
	if _, err := jose.ParseKeySet(edit(func(*jose.JWK) {})); err != nil {
		t.Fatalf("the twin of all that follows: %v", err)
	}
	many := jose.JWKS{}
	for range 17 {
		many.Keys = append(many.Keys, keySet(t, josetest.New(t).Key.Public()).JWKS().Keys...)
	}
	if _, err := jose.ParseKeySet(encode(t, jose.JWKS{Keys: many.Keys[:16]})); err != nil {
		t.Fatal(err)
	}
	y := keySet(t, b).JWKS().Keys[0].Y
	text := string(encode(t, good))
	for name, set := range map[string][]byte{
		"kty":                 edit(func(j *jose.JWK) { j.Kty = "oct" }),
		"crv P-384":           edit(func(j *jose.JWK) { j.Crv = "P-384" }),
		"crv secp256k1":       edit(func(j *jose.JWK) { j.Crv = "secp256k1" }),
		"use":                 edit(func(j *jose.JWK) { j.Use = "enc" }),
		"alg":                 edit(func(j *jose.JWK) { j.Alg = "ES384" }),
		"off the curve":       edit(func(j *jose.JWK) { j.Y = y }),
		"x short":             edit(func(j *jose.JWK) { j.X = jose.EncodeSegment(make([]byte, 31)) }),
		"x long":              edit(func(j *jose.JWK) { j.X = jose.EncodeSegment(make([]byte, 33)) }),
		"x padded":            edit(func(j *jose.JWK) { j.X += "=" }),
		"y not base64url":     edit(func(j *jose.JWK) { j.Y = strings.Repeat("+", 43) }),
		"y long":              edit(func(j *jose.JWK) { j.Y = jose.EncodeSegment(make([]byte, 64)) }),
		"infinity":            edit(func(j *jose.JWK) { j.X = jose.EncodeSegment(make([]byte, 32)); j.Y = j.X }),
		"kid of another key":  edit(func(j *jose.JWK) { j.Kid = b.Thumbprint() }),
		"kid missing":         edit(func(j *jose.JWK) { j.Kid = "" }),
		"certificate twice":   edit(func(j *jose.JWK) { j.X5c = append(j.X5c, j.X5c[0]) }),
		"another certificate": edit(func(j *jose.JWK) { j.X5c[0] = other }),
		"certificate garbage": edit(func(j *jose.JWK) { j.X5c[0] = "AAAA" }),
		"certificate base64":  edit(func(j *jose.JWK) { j.X5c[0] = base64.RawURLEncoding.EncodeToString([]byte{0xff, 0xff}) }),
		"twice":               encode(t, jose.JWKS{Keys: append(slices.Clone(good.Keys), good.Keys[1])}),
		"no keys":             []byte(`{"keys":[]}`),
		"keys missing":        []byte(`{}`),
		"null":                []byte(`null`),
		"too many":            encode(t, many),
		"too large":           []byte(strings.Repeat(" ", 64<<10) + text),
		"a private member":    []byte(strings.Replace(text, `"kty"`, `"d":"AA","kty"`, 1)),
		"duplicate member":    []byte(strings.Replace(text, `"kty"`, `"kty":"EC","kty"`, 1)),
		"trailing data":       []byte(text + "{}"),
	} {
		if s, err := jose.ParseKeySet(set); !errors.Is(err, jose.ErrKey) || len(s.Thumbprints()) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNewKeySetRefuses(t *testing.T) {
	k := josetest.New(t).Key.Public()
	for name, keys := range map[string][]jose.PublicKey{"none": nil, "twice": {k, k}, "an empty one": {k, {}}} {
		if _, err := jose.NewKeySet(keys...); !errors.Is(err, jose.ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPin(t *testing.T) {
	f, rogue := josetest.New(t), josetest.New(t)
	s := keySet(t, rogue.Key.Public(), f.Key.Public())
	pinned, err := s.Pin(f.Kid())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pinned.Verify(f.Token(f.Header(typ), "x"), typ); err != nil {
		t.Error(err)
	}
	if _, err := pinned.Verify(rogue.Token(rogue.Header(typ), "x"), typ); !errors.Is(err, jose.ErrUnknownKey) {
		t.Error(err)
	}
	for name, pins := range map[string][]string{"missing": {josetest.New(t).Kid()}, "none": nil, "empty": {""}} {
		if _, err := s.Pin(pins...); !errors.Is(err, jose.ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNewPublicKeyRefuses(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]*ecdsa.PublicKey{"nil": nil, "P-384": &p384.PublicKey, "off the curve": {Curve: elliptic.P256(), X: big.NewInt(1), Y: big.NewInt(1)}} {
		if _, err := jose.NewPublicKey(k); !errors.Is(err, jose.ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestThumbprint(t *testing.T) {
	for range 20 {
		f := josetest.New(t)
		theirs, err := jwk.FromRaw(&f.Raw.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		want, err := theirs.Thumbprint(crypto.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Kid(); got != jose.EncodeSegment(want) || !jose.IsThumbprint(got) {
			t.Fatalf("%s, want %s", got, jose.EncodeSegment(want))
		}
	}
}

func TestIdentifierForms(t *testing.T) {
	id, thumb := jose.NewID(), jose.EncodeSegment(make([]byte, 32))
	if !jose.IsID(id) || id == jose.NewID() || !jose.IsThumbprint(thumb) {
		t.Errorf("%q %q", id, thumb)
	}
	for _, s := range []string{"", id + "=", id[:21], id + "A", id[:21] + "_", strings.Repeat("+", 22), id[:10] + "\n" + id[10:], thumb} {
		if jose.IsID(s) {
			t.Errorf("%q is no id", s)
		}
	}
	for _, s := range []string{"", thumb + "=", thumb[:42], thumb[:42] + "_", thumb + "A", id} {
		if jose.IsThumbprint(s) {
			t.Errorf("%q is no thumbprint", s)
		}
	}
	for _, d := range []int64{0, -1, 253402300800, 1 << 62} {
		if _, err := jose.Date(d); !errors.Is(err, jose.ErrInvalid) {
			t.Errorf("%d: %v", d, err)
		}
	}
	if d, err := jose.Date(start.Unix()); err != nil || !d.Equal(start) {
		t.Error(d, err)
	}
}
