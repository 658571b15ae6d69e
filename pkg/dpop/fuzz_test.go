package dpop_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/c2sp/wycheproof"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
)

// Whatever header and claims a key holder signs, what verifies is this call's.
func FuzzVerify(f *testing.F) {
	k := forger{newKey(f)}
	f.Add(k.header(), k.claims("jti-of-16-or-more"))
	f.Add(strings.Replace(k.header(), "ES256K", "none", 1), k.claims("jti-of-16-or-more"))
	f.Add(k.header(), "{}")
	f.Fuzz(func(t *testing.T, header, claims string) {
		e := k.expect()
		c := codeOf(newVerifier(t, &clock{start}), k.proof(header, claims), e)
		if c == apierr.ProofInvalid {
			return
		}
		var h struct{ Typ, Alg string }
		var m map[string]any
		if c != "" || json.Unmarshal([]byte(header), &h) != nil || h.Typ != "dpop+jwt" || h.Alg != "ES256K" || json.Unmarshal([]byte(claims), &m) != nil {
			t.Fatalf("%q: %s %s", c, header, claims)
		}
		if m["htm"] != "POST" || m["htu"] != url || m["ath"] != sum([]byte(token)) || m["bh"] != sum(body) {
			t.Fatalf("verified: %s", claims)
		}
	})
}

// Wycheproof's verdicts on secp256k1 signatures, but that high-s is refused.
func TestWycheproofSignatures(t *testing.T) {
	text, err := fs.ReadFile(wycheproof.TestVectors, "ecdsa_secp256k1_sha256_p1363_test.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		TestGroups []struct {
			PublicKey struct{ Uncompressed string }
			Tests     []struct {
				TcID                      int
				Comment, Msg, Sig, Result string
			}
		}
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	half := crypto.S256().Params().N.Bytes()
	for i, carry := 0, byte(0); i < len(half); i++ { // n / 2
		half[i], carry = half[i]>>1|carry<<7, half[i]&1
	}
	accepted, refused, highS := 0, 0, 0
	for _, g := range v.TestGroups {
		key, err := hex.DecodeString(g.PublicKey.Uncompressed)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range g.Tests {
			msg, _ := hex.DecodeString(c.Msg)
			sig, _ := hex.DecodeString(c.Sig)
			digest := sha256.Sum256(msg)
			got := dpop.VerifySignature(key, digest, sig)
			high := len(sig) == 64 && string(sig[32:]) > string(half)
			switch {
			case got:
				accepted++
			case c.Result == "valid" && high:
				highS++
			default:
				refused++
			}
			if got != (c.Result == "valid" && !high) {
				t.Errorf("%d %s (%s): %v", c.TcID, c.Comment, c.Result, got)
			}
		}
	}
	if accepted < 40 || refused < 40 || highS < 20 {
		t.Errorf("%d accepted, %d refused, %d high-s: not the vectors that were meant", accepted, refused, highS)
	}
}

func BenchmarkVerify(b *testing.B) {
	k := forger{newKey(b)}
	b.Run("proof", func(b *testing.B) {
		v, err := dpop.NewVerifier(guardFunc(func(string, string, time.Time) error { return nil }), (&clock{start}).now)
		if err != nil {
			b.Fatal(err)
		}
		proof, e := k.proof(k.header(), k.claims("jti-of-16-or-more")), k.expect()
		for b.Loop() {
			if c := codeOf(v, proof, e); c != "" {
				b.Fatal(c)
			}
		}
	})
	b.Run("raw VerifySignature", func(b *testing.B) {
		digest := sha256.Sum256([]byte("x"))
		sig, err := crypto.Sign(digest[:], k.key)
		if err != nil {
			b.Fatal(err)
		}
		key := crypto.FromECDSAPub(&k.key.PublicKey)
		for b.Loop() {
			if !crypto.VerifySignature(key, digest[:], sig[:64]) {
				b.Fatal("does not verify")
			}
		}
	})
}

func BenchmarkSign(b *testing.B) {
	k := newKey(b)
	for b.Loop() {
		if _, err := dpop.Sign(k, dpop.Request{Method: "POST", URL: url, Token: token, Body: body, Now: start}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGuard(b *testing.B) {
	c := &clock{start}
	m := newShared(b, dpop.DefaultCapacity, dpop.DefaultPerKey, c)
	var keys [100]string
	for i := range keys {
		keys[i] = fmt.Sprintf("a thumbprint of forty-three characters, %03d", i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c.t = start.Add(time.Duration(i) * 500 * time.Microsecond) // 2,000 per second, by 100 keys
		if err := useBy(m, keys[i%len(keys)], fmt.Sprint("an id of 22 characters ", i), c.t); err != nil {
			b.Fatal(err)
		}
	}
}
