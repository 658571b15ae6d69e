package jose_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
)

// Whoever does not hold the key cannot make a token, and a token has one text:
// whatever verifies is a seed.
func FuzzVerify(f *testing.F) {
	k := josetest.New(f)
	s := keySet(f, k.Key.Public())
	good := k.Token(k.Header(typ), "payload")
	f.Add(good)
	for _, c := range k.Confusions(f, typ, "payload") {
		if len(c.Token) < 2*jose.MaxToken {
			f.Add(c.Token)
		}
	}
	f.Fuzz(func(t *testing.T, token string) {
		payload, err := s.Verify(token, typ)
		if err == nil && token != good {
			t.Fatalf("forged: %q", token)
		}
		if err != nil && (payload != nil || !errors.Is(err, jose.ErrInvalid)) {
			t.Fatalf("%q %v", payload, err)
		}
		if c, err := jose.Split(token); err == nil {
			again := strings.Join([]string{jose.EncodeSegment(c.Header), jose.EncodeSegment(c.Payload), jose.EncodeSegment(c.Signature)}, ".")
			if again != token || !strings.HasPrefix(token, c.Input+".") {
				t.Fatalf("%q has a second text %q", token, again)
			}
		}
	})
}

// A key set that parses is the one text-independent set of its keys.
func FuzzParseKeySet(f *testing.F) {
	f.Add(encode(f, keySet(f, certified(f).Public(), josetest.New(f).Key.Public()).JWKS()))
	f.Add([]byte(`{"keys":[{"kty":"EC","crv":"P-256","x":"","y":"","kid":"","use":"sig","alg":"ES256"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := jose.ParseKeySet(b)
		if err != nil {
			if !errors.Is(err, jose.ErrKey) {
				t.Fatal(err)
			}
			return
		}
		again, err := jose.ParseKeySet(encode(t, s.JWKS()))
		if err != nil || strings.Join(again.Thumbprints(), " ") != strings.Join(s.Thumbprints(), " ") {
			t.Fatalf("%v", err)
		}
	})
}
