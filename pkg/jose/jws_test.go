package jose_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jws"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
)

const typ = "test+jwt"

func keySet(t testing.TB, keys ...jose.PublicKey) jose.KeySet {
	t.Helper()
	s, err := jose.NewKeySet(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSignThenVerify(t *testing.T) {
	f, other := josetest.New(t), josetest.New(t)
	s := keySet(t, other.Key.Public(), f.Key.Public())
	for range 20 { // half of all raw signatures are high-s
		token, err := jose.Sign(f.Key, typ, []byte("payload"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Verify(token, typ); err != nil || string(got) != "payload" {
			t.Fatalf("%q %v", got, err)
		}
	}
	if got, err := s.Verify(f.Token(f.Header(typ), "payload"), typ); err != nil || string(got) != "payload" {
		t.Errorf("the forger's well made token: %q %v", got, err)
	}
}

func TestVerifyRefusesConfusions(t *testing.T) {
	f := josetest.New(t)
	s := keySet(t, f.Key.Public())
	for _, c := range f.Confusions(t, typ, "payload") {
		want := jose.ErrHeader
		for prefix, err := range map[string]error{"kid": jose.ErrUnknownKey, "signature": jose.ErrSignature} {
			if strings.HasPrefix(c.Name, prefix) {
				want = err
			}
		}
		payload, err := s.Verify(c.Token, typ)
		if payload != nil || !errors.Is(err, jose.ErrInvalid) {
			t.Errorf("%s: %q %v", c.Name, payload, err)
		}
		// The form is looked at first, and a kid of another type is no header.
		if !errors.Is(err, want) && !errors.Is(err, jose.ErrForm) && c.Name != "kid a number" {
			t.Errorf("%s: %v, want %v", c.Name, err, want)
		}
	}
}

// Each refusal of Split has a twin that differs in the fault alone.
func TestFormRefusals(t *testing.T) {
	f := josetest.New(t)
	for _, c := range f.Confusions(t, typ, "payload") {
		_, err := jose.Split(c.Token)
		form := errors.Is(err, jose.ErrForm)
		switch c.Name {
		case "empty", "a million dots", "dots within the limit", "longer than the limit", "one segment", "two segments", "four segments", "five segments",
			"no header", "no payload", "padded", "space before", "line end after", "line end within", "other base64 alphabet", "unused bits set",
			"flattened JSON", "general JSON", "alg none without signature":
			if !form {
				t.Errorf("%s: %v, want ErrForm", c.Name, err)
			}
		default:
			if err != nil {
				t.Errorf("%s: %v", c.Name, err)
			}
		}
	}
}

func TestFormNamesTheFault(t *testing.T) {
	for token, want := range map[string]string{
		"": "three", "AA": "three", "AA.AA": "three", ".AA.AA": "three", "AA..AA": "three", "AA.AA.": "three",
		"AA.AA.AA.AA": "canonical", "AA.AA.A=": "canonical", "AA.AA.AB": "canonical", "AA.+A.AA": "canonical", "AA.A\nA.AA": "line end",
	} {
		if c, err := jose.Split(token); !errors.Is(err, jose.ErrForm) || !strings.Contains(err.Error(), want) || c.Input != "" {
			t.Errorf("%q: %v, want %s", token, err, want)
		}
	}
}

func TestTokenLengthLimit(t *testing.T) {
	f := josetest.New(t)
	s := keySet(t, f.Key.Public())
	fits := 0
	for n := 5800; ; n++ {
		token := f.Token(f.Header(typ), strings.Repeat("x", n))
		made, errSign := jose.Sign(f.Key, typ, []byte(strings.Repeat("x", n)))
		_, errVerify := s.Verify(token, typ)
		if len(token) <= jose.MaxToken {
			if errSign != nil || errVerify != nil || len(made) != len(token) {
				t.Fatalf("%d bytes: %v %v", len(token), errSign, errVerify)
			}
			fits++
			continue
		}
		if !errors.Is(errSign, jose.ErrForm) || !errors.Is(errVerify, jose.ErrForm) {
			t.Fatalf("%d bytes: %v %v", len(token), errSign, errVerify)
		}
		break
	}
	if fits == 0 {
		t.Error("no token below the limit was tried")
	}
}

func TestSignRefusesNothing(t *testing.T) {
	f := josetest.New(t)
	for name, try := range map[string]func() (string, error){
		"no key":     func() (string, error) { return jose.Sign(jose.PrivateKey{}, typ, []byte("x")) },
		"no type":    func() (string, error) { return jose.Sign(f.Key, "", []byte("x")) },
		"no payload": func() (string, error) { return jose.Sign(f.Key, typ, nil) },
	} {
		if token, err := try(); token != "" || !errors.Is(err, jose.ErrInvalid) {
			t.Errorf("%s: %q %v", name, token, err)
		}
	}
	// A verifier that expects no type must not accept a token without one.
	if _, err := keySet(t, f.Key.Public()).Verify(f.Token(f.Header(""), "x"), ""); !errors.Is(err, jose.ErrHeader) {
		t.Error(err)
	}
	if _, err := (jose.KeySet{}).Verify(f.Token(f.Header(typ), "x"), typ); !errors.Is(err, jose.ErrUnknownKey) {
		t.Error(err)
	}
}

// Hostile text costs a bounded number of allocations, whatever its length.
func TestHostileTextIsCheap(t *testing.T) {
	f := josetest.New(t)
	s := keySet(t, f.Key.Public())
	e := func(h string) string {
		return jose.EncodeSegment([]byte(h)) + ".e30." + jose.EncodeSegment(make([]byte, 64))
	}
	for name, c := range map[string]struct {
		token string
		most  float64
	}{
		"a million dots":   {strings.Repeat(".", 1_000_000), 10},
		"dots":             {strings.Repeat(".", jose.MaxToken), 10},
		"a megabyte":       {strings.Repeat("A", 1<<20), 10},
		"deep header":      {e(strings.Repeat("[", 6000)), 200},
		"many members":     {e(`{` + strings.Repeat(`"a":1,`, 900) + `"alg":"ES256"}`), 200},
		"many new members": {e(`{"a":` + manyMembers(500) + `}`), 2000},
	} {
		got := testing.AllocsPerRun(5, func() {
			if _, err := s.Verify(c.token, typ); err == nil {
				t.Error("accepted")
			}
		})
		if got > c.most {
			t.Errorf("%s: %v allocations, want at most %v", name, got, c.most)
		}
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"%d":1,`, i)
	}
	return `{` + b.String() + `"z":1}`
}

// jwx, an implementation that is not ours, agrees on tokens and key sets.
func TestAgreesWithJWX(t *testing.T) {
	f := josetest.New(t)
	s := keySet(t, f.Key.Public())
	text, err := json.Marshal(s.JWKS())
	if err != nil {
		t.Fatal(err)
	}
	set, err := jwk.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jose.Sign(f.Key, typ, []byte("payload"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := jws.Verify([]byte(token), jws.WithKeySet(set)); err != nil || string(got) != "payload" {
		t.Errorf("jwx on our token: %q %v", got, err)
	}
	h := jws.NewHeaders()
	for k, v := range map[string]string{jws.TypeKey: typ, jws.KeyIDKey: f.Kid()} {
		if err := h.Set(k, v); err != nil {
			t.Fatal(err)
		}
	}
	low, high := 0, 0
	for low == 0 || high == 0 {
		theirs, err := jws.Sign([]byte("payload"), jws.WithKey(jwa.ES256, f.Raw, jws.WithProtectedHeaders(h)))
		if err != nil {
			t.Fatal(err)
		}
		switch got, err := s.Verify(string(theirs), typ); {
		case err == nil && string(got) == "payload":
			low++
		case errors.Is(err, jose.ErrSignature) && strings.Contains(err.Error(), "upper half"):
			high++
		default:
			t.Fatalf("our verdict on jwx's token: %q %v", got, err)
		}
	}
}
