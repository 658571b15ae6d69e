// Package josetest forges tokens for tests: well made ones and every kind of
// confusion that a verifier must refuse. It is imported by tests only.
package josetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/jose"
)

// Forger is an attacker, or a test, that holds a signing key in the clear.
type Forger struct {
	Raw *ecdsa.PrivateKey
	Key jose.PrivateKey
}

// New draws a key.
func New(t testing.TB) Forger {
	t.Helper()
	raw, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(raw)
	must(t, err)
	path := filepath.Join(t.TempDir(), "key.pem")
	must(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
	key, err := jose.LoadKey(path)
	must(t, err)
	return Forger{Raw: raw, Key: key}
}

// Kid is the key's thumbprint.
func (f Forger) Kid() string { return f.Key.Public().Thumbprint() }

// Header is the well made header of a token of type typ.
func (f Forger) Header(typ string) string {
	return `{"alg":"ES256","kid":"` + f.Kid() + `","typ":"` + typ + `"}`
}

// Token signs any header and payload in the one form.
func (f Forger) Token(header, payload string) string {
	in := input(header, payload)
	return in + "." + jose.EncodeSegment(f.Sign(in, false))
}

// Sign makes r || s over input, with s in the lower or the upper half.
func (f Forger) Sign(input string, high bool) []byte {
	sum := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, f.Raw, sum[:])
	if err != nil {
		panic(err)
	}
	n := elliptic.P256().Params().N
	if isHigh := s.Cmp(new(big.Int).Rsh(n, 1)) > 0; isHigh != high {
		s.Sub(n, s)
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return sig
}

// Case is one forged token.
type Case struct{ Name, Token string }

// Confusions are tokens of type typ over payload, each well made but for one
// fault in its algorithm, key, signature, header or form. Every verifier must
// refuse every one. The payload must be one that the verifier would accept.
func (f Forger) Confusions(t testing.TB, typ, payload string) []Case {
	t.Helper()
	good := f.Token(f.Header(typ), payload)
	var out []Case
	add := func(name, token string) { out = append(out, Case{name, token}) }
	f.algorithms(t, typ, payload, add)
	f.headers(t, typ, payload, add)
	f.signatures(typ, payload, add)
	forms(good, add)
	return out
}

func (f Forger) algorithms(t testing.TB, typ, payload string, add func(name, token string)) {
	named := func(alg string) string { return strings.Replace(f.Header(typ), "ES256", alg, 1) }
	for _, alg := range []string{"none", "None", "NONE", "es256", "ES256 ", "", "HS256", "RS256", "PS256", "ES256K", "ES384", "ES512", "EdDSA"} {
		add("alg "+alg+", signed as ES256", f.Token(named(alg), payload))
	}
	add("alg none without signature", input(named("none"), payload)+".")
	pkix, err := x509.MarshalPKIXPublicKey(&f.Raw.PublicKey)
	must(t, err)
	point, err := f.Raw.PublicKey.Bytes()
	must(t, err)
	for name, secret := range map[string][]byte{
		"DER": pkix, "PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix}), "point": point, "kid": []byte(f.Kid()),
	} {
		in := input(named("HS256"), payload)
		m := hmac.New(sha256.New, secret)
		m.Write([]byte(in))
		add("HS256 keyed with the public key as "+name, in+"."+jose.EncodeSegment(m.Sum(nil)))
	}
	for alg, curve := range map[string]elliptic.Curve{"ES384": elliptic.P384(), "ES512": elliptic.P521()} {
		k, err := ecdsa.GenerateKey(curve, rand.Reader)
		must(t, err)
		in := input(named(alg), payload)
		sum := sha512.Sum512([]byte(in))
		r, s, err := ecdsa.Sign(rand.Reader, k, sum[:])
		must(t, err)
		size := (curve.Params().BitSize + 7) / 8
		add(alg+" by a key of its own", in+"."+jose.EncodeSegment(append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)))
	}
}

func (f Forger) headers(t testing.TB, typ, payload string, add func(name, token string)) {
	mallory := New(t)
	x, y := coordinates(&mallory.Raw.PublicKey)
	member := func(m string) string { return strings.TrimSuffix(f.Header(typ), "}") + "," + m + "}" }
	jwk := `"jwk":{"kty":"EC","crv":"P-256","x":"` + x + `","y":"` + y + `"}`
	add("jwk of the attacker, signed by it", mallory.Token(member(jwk), payload))
	for _, m := range []string{
		jwk, `"jku":"https://evil.example/jwks"`, `"x5u":"https://evil.example/c"`, `"x5c":["AA=="]`, `"x5t":"AA"`,
		`"crit":["exp"],"exp":1`, `"crit":[]`, `"b64":false`, `"b64":false,"crit":["b64"]`, `"b64":true`, `"cty":"JWT"`, `"zip":"DEF"`, `"x":1`,
		`"Alg":"ES256"`, `"alg":"ES256"`, `"\u0061lg":"ES256"`, `"K` + `id":"a"`, "\"\u212aid\":\"a\"",
	} {
		add("header with "+m, f.Token(member(m), payload))
	}
	without := func(old, with string) string { return f.Token(strings.Replace(f.Header(typ), old, with, 1), payload) }
	kid := `"kid":"` + f.Kid() + `"`
	add("kid missing", without(kid+",", ""))
	for _, k := range []string{"", "../../etc/passwd", "' OR 1=1 --", "https://evil.example/k", mallory.Kid(), f.Kid() + "=", strings.ToUpper(f.Kid())} {
		add("kid "+k, without(kid, `"kid":"`+k+`"`))
	}
	add("kid a number", without(kid, `"kid":1`))
	for _, typText := range []string{`""`, `"JOSE"`, `"at+jwt"`, `"application/` + typ + `"`, `"` + strings.ToUpper(typ) + `"`, `["` + typ + `"]`, `"` + typ + ` "`, `null`} {
		add("typ "+typText, without(`"`+typ+`"`, typText))
	}
	add("typ missing", without(`,"typ":"`+typ+`"`, ""))
	add("alg missing", without(`"alg":"ES256",`, ""))
	add("alg a list", without(`"ES256"`, `["ES256"]`))
	h := f.Header(typ)
	for name, text := range map[string]string{
		"null": "null", "a list": "[" + h + "]", "a string": `"x"`, "twice": h + h, "with a byte order mark": "\ufeff" + h,
		"with NUL": h + "\x00", "with invalid UTF-8": strings.Replace(h, `"alg"`, "\"a\xff\":1,\"alg\"", 1), "cut": h[:len(h)-1], "deep": strings.Repeat("[", 2000),
	} {
		add("header "+name, f.Token(text, payload))
	}
}

func (f Forger) signatures(typ, payload string, add func(name, token string)) {
	in := input(f.Header(typ), payload)
	with := func(sig []byte) string { return in + "." + jose.EncodeSegment(sig) }
	good := f.Sign(in, false)
	r, s := new(big.Int).SetBytes(good[:32]), new(big.Int).SetBytes(good[32:])
	der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
	if err != nil {
		panic(err)
	}
	zero, order := make([]byte, 32), elliptic.P256().Params().N.Bytes()
	add("signature in DER", with(der))
	add("signature high-s", with(f.Sign(in, true)))
	add("signature too short", with(good[:63]))
	add("signature too long", with(append(good[:64:64], 0)))
	add("signature with leading zeros", with(append(append([]byte{0}, good[:32]...), append([]byte{0}, good[32:]...)...)))
	add("signature of zeros", with(make([]byte, 64)))
	add("signature with r = 0", with(append(append([]byte{}, zero...), good[32:]...)))
	add("signature with s = 0", with(append(append([]byte{}, good[:32]...), zero...)))
	add("signature with r = n", with(append(append([]byte{}, order...), good[32:]...)))
	add("signature with r and s swapped", with(append(append([]byte{}, good[32:]...), good[:32]...)))
	flipped := append([]byte{}, good...)
	flipped[10] ^= 1
	add("signature flipped", with(flipped))
	add("signature over another payload", in+"."+jose.EncodeSegment(f.Sign(input(f.Header(typ), payload+" "), false)))
}

func forms(good string, add func(name, token string)) {
	p := strings.Split(good, ".")
	add("empty", "")
	add("a million dots", strings.Repeat(".", 1_000_000))
	add("dots within the limit", strings.Repeat(".", jose.MaxToken))
	add("longer than the limit", good+strings.Repeat("A", jose.MaxToken))
	add("one segment", p[0])
	add("two segments", p[0]+"."+p[1])
	add("four segments", good+".")
	add("five segments", good+".AA.AA")
	add("no header", "."+p[1]+"."+p[2])
	add("no payload", p[0]+".."+p[2])
	add("padded", p[0]+"."+p[1]+"."+p[2]+"==")
	add("space before", " "+good)
	add("line end after", good+"\n")
	add("line end within", p[0]+"."+p[1]+"."+p[2][:10]+"\r\n"+p[2][10:])
	add("other base64 alphabet", p[0]+"."+p[1]+"."+strings.NewReplacer("-", "+", "_", "/").Replace(p[2])+"+")
	add("unused bits set", good[:len(good)-1]+nextLetter(good[len(good)-1]))
	add("flattened JSON", fmt.Sprintf(`{"payload":%q,"protected":%q,"signature":%q}`, p[1], p[0], p[2]))
	add("general JSON", fmt.Sprintf(`{"payload":%q,"signatures":[{"protected":%q,"signature":%q}]}`, p[1], p[0], p[2]))
}

// nextLetter sets the lowest bit, which 64 bytes do not use.
func nextLetter(c byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, c)|1:][:1]
}

func coordinates(k *ecdsa.PublicKey) (x, y string) {
	raw, err := k.Bytes()
	if err != nil {
		panic(err)
	}
	return jose.EncodeSegment(raw[1:33]), jose.EncodeSegment(raw[33:])
}

func input(header, payload string) string {
	e := base64.RawURLEncoding
	return e.EncodeToString([]byte(header)) + "." + e.EncodeToString([]byte(payload))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
