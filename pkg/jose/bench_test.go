package jose_test

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
)

// Each pair shows what the strict form costs beside the bare signature.

func BenchmarkSign(b *testing.B) {
	f := josetest.New(b)
	payload := []byte(strings.Repeat("x", 600)) // the size of a capability
	b.Run("jose", func(b *testing.B) {
		for b.Loop() {
			if _, err := jose.Sign(f.Key, typ, payload); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("raw ECDSA", func(b *testing.B) {
		for b.Loop() {
			sum := sha256.Sum256(payload)
			if _, err := ecdsa.SignASN1(rand.Reader, f.Raw, sum[:]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	f := josetest.New(b)
	payload := strings.Repeat("x", 600)
	b.Run("jose", func(b *testing.B) {
		s, token := keySet(b, f.Key.Public()), f.Token(f.Header(typ), payload)
		for b.Loop() {
			if _, err := s.Verify(token, typ); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("raw ECDSA", func(b *testing.B) {
		sum := sha256.Sum256([]byte(payload))
		sig, err := ecdsa.SignASN1(rand.Reader, f.Raw, sum[:])
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			sum := sha256.Sum256([]byte(payload))
			if !ecdsa.VerifyASN1(&f.Raw.PublicKey, sum[:], sig) {
				b.Fatal("does not verify")
			}
		}
	})
}

// What an attacker without a key can make a verifier do.
func BenchmarkHostile(b *testing.B) {
	f := josetest.New(b)
	s := keySet(b, f.Key.Public())
	for name, token := range map[string]string{
		"a million dots":    strings.Repeat(".", 1_000_000),
		"deep header":       jose.EncodeSegment([]byte(strings.Repeat("[", 6000))) + ".e30.AA",
		"many members":      jose.EncodeSegment([]byte(manyMembers(500))) + ".e30.AA",
		"unknown kid":       f.Token(strings.Replace(f.Header(typ), f.Kid(), "x", 1), "payload"),
		"wrong signature":   strings.Replace(f.Token(f.Header(typ), "payload"), jose.EncodeSegment([]byte("payload")), jose.EncodeSegment([]byte("another")), 1),
		"longest payload":   jose.EncodeSegment([]byte(f.Header(typ))) + "." + strings.Repeat("A", 7900) + "." + jose.EncodeSegment(make([]byte, 64)),
		"not base64 at all": strings.Repeat("!.", 2) + "!",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = s.Verify(token, typ)
			}
		})
	}
}
