package dpop_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
)

const (
	url   = "https://cred.example.com/v1/cred/store"
	token = "header.payload.signature"
)

var body = []byte("the secret")

// forger writes proofs by hand, so that one thing in them can be wrong.
type forger struct{ key *ecdsa.PrivateKey }

func b64(b []byte) string { return jose.EncodeSegment(b) }

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return b64(h[:])
}

func (f forger) xy() (x, y string) {
	raw := crypto.FromECDSAPub(&f.key.PublicKey)
	return b64(raw[1:33]), b64(raw[33:])
}

func (f forger) jwk() string {
	x, y := f.xy()
	return `{"kty":"EC","crv":"secp256k1","x":"` + x + `","y":"` + y + `"}`
}

func (f forger) header() string { return `{"typ":"dpop+jwt","alg":"ES256K","jwk":` + f.jwk() + `}` }

func (f forger) claims(jti string) string {
	return fmt.Sprintf(`{"htm":"POST","htu":"%s","iat":%d,"jti":"%s","ath":"%s","bh":"%s","obj":["a"]}`, url, start.Unix(), jti, sum([]byte(token)), sum(body))
}

func (f forger) sign(input string) []byte {
	h := sha256.Sum256([]byte(input))
	sig, err := crypto.Sign(h[:], f.key)
	if err != nil {
		panic(err)
	}
	return sig[:64]
}

func (f forger) proof(header, claims string) string {
	input := b64([]byte(header)) + "." + b64([]byte(claims))
	return input + "." + b64(f.sign(input))
}

func (f forger) expect() dpop.Expect {
	return dpop.Expect{
		Method: "POST", URL: url, Token: token, Body: body, Objects: []string{"a"},
		WantThumbprint: dpop.Thumbprint(&f.key.PublicKey), WantDevice: omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(f.key.PublicKey)),
	}
}

func codeOf(v *dpop.Verifier, proof string, e dpop.Expect) apierr.Code {
	p, err := v.Verify(context.Background(), proof, e)
	if err != nil && p != (dpop.Proof{}) {
		return "a proof beside an error"
	}
	return apierr.CodeOf(err)
}

// Every fault of the token itself. Each differs from the well made twin in one
// thing, and leaves no trace in the guard.
func TestVerifyRefusesProofs(t *testing.T) {
	f, mallory := forger{newKey(t)}, forger{newKey(t)}
	v := newVerifier(t, &clock{start})
	jtis := 0
	fresh := func() string { jtis++; return fmt.Sprintf("jti-of-16-or-more-%d", jtis) }
	if c := codeOf(v, f.proof(f.header(), f.claims(fresh())), f.expect()); c != "" {
		t.Fatalf("the twin of all that follows: %q", c)
	}
	h := f.header()
	edit := func(old, with string) string {
		out := strings.Replace(h, old, with, 1)
		if out == h {
			t.Fatalf("%q is not in the header", old)
		}
		return out
	}
	x, y := f.xy()
	mx, _ := mallory.xy()
	for name, header := range map[string]string{
		"alg none": edit("ES256K", "none"), "alg ES256": edit("ES256K", "ES256"), "alg HS256": edit("ES256K", "HS256"), "alg ES384": edit("ES256K", "ES384"),
		"alg missing": edit(`"alg":"ES256K",`, ""), "alg in lower case": edit("ES256K", "es256k"),
		"typ JWT": edit("dpop+jwt", "JWT"), "typ of a capability": edit("dpop+jwt", "cap+jwt"), "typ missing": edit(`"typ":"dpop+jwt",`, ""),
		"typ in upper case": edit("dpop+jwt", "DPOP+JWT"), "typ with prefix": edit("dpop+jwt", "application/dpop+jwt"),
		"kid": edit(`{"typ"`, `{"kid":"x","typ"`), "jku": edit(`{"typ"`, `{"jku":"https://evil.example","typ"`), "x5u": edit(`{"typ"`, `{"x5u":"https://evil.example","typ"`),
		"x5c": edit(`{"typ"`, `{"x5c":["AA=="],"typ"`), "crit": edit(`{"typ"`, `{"crit":["b64"],"typ"`), "b64": edit(`{"typ"`, `{"b64":false,"typ"`),
		"kid at the end": h[:len(h)-1] + `,"kid":"x"}`, "jku at the end": h[:len(h)-1] + `,"jku":"https://evil.example"}`,
		"jwk missing": edit(`,"jwk":`+f.jwk(), ""), "jwk null": edit(f.jwk(), "null"), "jwk twice": edit(`"jwk":`, `"jwk":`+mallory.jwk()+`,"jwk":`),
		"jwk with private part": edit(`"kty"`, `"d":"AA","kty"`), "jwk with kid": edit(`"kty"`, `"kid":"AA","kty"`), "jwk in another case": edit(`"crv"`, `"Crv"`),
		"jwk kty": edit(`"EC"`, `"OKP"`), "jwk crv P-256": edit("secp256k1", "P-256"), "jwk crv missing": edit(`"crv":"secp256k1",`, ""),
		"jwk off the curve": edit(x, mx), "jwk x short": edit(x, x[:42]), "jwk x long": edit(x, x+"AA"), "jwk x padded": edit(x, x+"="), "jwk x with a line end": edit(x, x[:8]+`\n`+x[8:]),
		"jwk y negative": edit(y, b64(make([]byte, 32))), "jwk x of 33 bytes": edit(x, b64(append([]byte{0}, make([]byte, 32)...))), "jwk infinity": edit(x+`","y":"`+y, b64(make([]byte, 32))+`","y":"`+b64(make([]byte, 32))),
		"another's key": edit(f.jwk(), mallory.jwk()), "not JSON": "x", "a list": "[" + h + "]", "byte order mark": "\ufeff" + h, "deep": strings.Repeat("[", 3000),
	} {
		_, err := v.Verify(context.Background(), f.proof(header, f.claims(fresh())), f.expect())
		if apierr.CodeOf(err) != apierr.ProofInvalid || strings.HasPrefix(name, "jwk") && !strings.Contains(err.Error(), "jwk") {
			t.Errorf("header %s: %v", name, err)
		}
	}
	claims := f.claims("jti-of-16-or-more")
	for name, c := range map[string]string{
		"htm missing": `"htm":"POST",|`, "htm lower case": `"POST"|"post"`, "htm another": `"POST"|"GET"`, "htm a list": `"POST"|["POST"]`,
		"htu missing": `"htu":"` + url + `",|`, "htu with query": url + "|" + url + "?a=b", "htu with fragment": url + "|" + url + "#a", "htu with slash": url + "|" + url + "/",
		"htu another host": "cred.example.com|cred.example.org", "htu another scheme": "https|http", "htu another path": "/store|/fetch", "htu default port": "example.com/|example.com:443/",
		"htu upper case": "cred.example|CRED.example", "htu dot segment": "/v1/cred|/v1/./cred", "htu escaped": "/v1/cred|/v1/%63red",
		"iat missing": fmt.Sprintf(`"iat":%d,|`, start.Unix()), "iat float": fmt.Sprintf(`%d|%d.5`, start.Unix(), start.Unix()), "iat string": fmt.Sprintf(`%d|"%d"`, start.Unix(), start.Unix()),
		"iat negative": fmt.Sprintf(`%d|-1`, start.Unix()), "iat huge": fmt.Sprintf(`%d|1e400`, start.Unix()), "iat 2^62": fmt.Sprintf(`%d|4611686018427387904`, start.Unix()),
		"jti missing": `"jti":"jti-of-16-or-more",|`, "jti short": "jti-of-16-or-more|short", "jti long": "jti-of-16-or-more|" + strings.Repeat("j", 65), "jti with space": "jti-of-16|jti of 16",
		"jti number":  `"jti-of-16-or-more"|1`,
		"ath missing": `"ath":"` + sum([]byte(token)) + `",|`, "ath of another token": sum([]byte(token)) + "|" + sum([]byte("x")), "ath empty": sum([]byte(token)) + "|", "ath null": `"` + sum([]byte(token)) + `"|null`,
		"bh missing": `"bh":"` + sum(body) + `",|`, "bh of another body": sum(body) + "|" + sum([]byte("x")), "bh empty": sum(body) + "|",
		"obj empty": `["a"]|[]`, "obj a string": `["a"]|"a"`,
		"unknown claim": `{"htm"|{"x":1,"htm"`, "unknown claim at the end": `["a"]}|["a"],"x":1}`, "duplicate claim": `"htm":"POST"|"htm":"POST","htm":"GET"`, "trailing data": `["a"]}|["a"]}{}`,
	} {
		old, with, _ := strings.Cut(c, "|")
		changed := strings.Replace(claims, old, with, 1)
		if changed == claims {
			t.Fatalf("claim %s: nothing changed", name)
		}
		if got := codeOf(v, f.proof(h, changed), f.expect()); got != apierr.ProofInvalid {
			t.Errorf("claim %s: %q", name, got)
		}
	}
	// None of the refused proofs used the identifier up.
	if c := codeOf(v, f.proof(h, claims), f.expect()); c != "" {
		t.Errorf("a refused proof was remembered: %q", c)
	}
}

func TestVerifyRefusesSignatures(t *testing.T) {
	f, mallory := forger{newKey(t)}, forger{newKey(t)}
	v := newVerifier(t, &clock{start})
	input := b64([]byte(f.header())) + "." + b64([]byte(f.claims("jti-of-16-or-more")))
	good := f.sign(input)
	r, s := new(big.Int).SetBytes(good[:32]), new(big.Int).SetBytes(good[32:])
	n := crypto.S256().Params().N
	high := append(bytes.Clone(good[:32]), new(big.Int).Sub(n, s).FillBytes(make([]byte, 32))...)
	der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
	if err != nil {
		t.Fatal(err)
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.Sum256([]byte(input))
	pr, ps, err := ecdsa.Sign(rand.Reader, p256, h[:])
	if err != nil {
		t.Fatal(err)
	}
	full, err := crypto.Sign(h[:], f.key)
	if err != nil {
		t.Fatal(err)
	}
	keccak, err := crypto.Sign(crypto.Keccak256([]byte(input)), f.key)
	if err != nil {
		t.Fatal(err)
	}
	for name, sig := range map[string][]byte{
		"high-s": high, "DER": der, "with recovery id": full, "cut": good[:63], "zeros": make([]byte, 64), "r = 0": append(make([]byte, 32), good[32:]...),
		"s = 0": append(bytes.Clone(good[:32]), make([]byte, 32)...), "s = n": append(bytes.Clone(good[:32]), n.Bytes()...),
		"another key": mallory.sign(input), "over other bytes": f.sign(input + "x"), "a P-256 key": append(pr.FillBytes(make([]byte, 32)), ps.FillBytes(make([]byte, 32))...),
		"over keccak256, as a transaction": keccak[:64],
	} {
		if c := codeOf(v, input+"."+b64(sig), f.expect()); c != apierr.ProofInvalid {
			t.Errorf("%s: %q", name, c)
		}
	}
	proof := input + "." + b64(good)
	for name, text := range map[string]string{
		"empty": "", "no signature": input + ".", "two segments": input, "four segments": proof + ".AA", "two proofs": proof + "," + proof, "space": " " + proof,
		"line end": proof + "\n", "padded": proof + "==", "a million dots": strings.Repeat(".", 1_000_000), "too long": proof + strings.Repeat("A", jose.MaxToken),
		"flattened JSON": `{"protected":"` + b64([]byte(f.header())) + `"}`,
	} {
		_, err := v.Verify(context.Background(), text, f.expect())
		if apierr.CodeOf(err) != apierr.ProofInvalid || !errors.Is(err, jose.ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c := codeOf(v, proof, f.expect()); c != "" {
		t.Errorf("the twin of all these: %q", c)
	}
}

// The same proof at another call.
func TestVerifyRefusesAnotherCall(t *testing.T) {
	f, mallory := forger{newKey(t)}, forger{newKey(t)}
	for name, edit := range map[string]func(*dpop.Expect){
		"method": func(e *dpop.Expect) { e.Method = "GET" }, "no method": func(e *dpop.Expect) { e.Method = "" },
		"URL": func(e *dpop.Expect) { e.URL = strings.Replace(url, "store", "fetch", 1) }, "no URL": func(e *dpop.Expect) { e.URL = "" },
		"token": func(e *dpop.Expect) { e.Token += "x" }, "no token": func(e *dpop.Expect) { e.Token = "" },
		"body": func(e *dpop.Expect) { e.Body = []byte("another") }, "no body": func(e *dpop.Expect) { e.Body = nil },
		"thumbprint": func(e *dpop.Expect) { e.WantThumbprint = mallory.expect().WantThumbprint },
		"device":     func(e *dpop.Expect) { e.WantDevice = mallory.expect().WantDevice },
		"nobody":     func(e *dpop.Expect) { e.WantThumbprint, e.WantDevice = "", omni.DeviceKey{} },
	} {
		v, e := newVerifier(t, &clock{start}), f.expect()
		proof := f.proof(f.header(), f.claims("jti-of-16-or-more"))
		edit(&e)
		if c := codeOf(v, proof, e); c != apierr.ProofInvalid {
			t.Errorf("%s: %q", name, c)
		}
		if c := codeOf(v, proof, f.expect()); c != "" {
			t.Errorf("%s: the twin: %q", name, c)
		}
	}
	for name, edit := range map[string]func(*dpop.Expect){
		"by thumbprint alone": func(e *dpop.Expect) { e.WantDevice = omni.DeviceKey{} },
		"by device alone":     func(e *dpop.Expect) { e.WantThumbprint = "" },
	} {
		e := f.expect()
		edit(&e)
		if c := codeOf(newVerifier(t, &clock{start}), f.proof(f.header(), f.claims("jti-of-16-or-more")), e); c != "" {
			t.Errorf("%s: %q", name, c)
		}
	}
	// A role that does not know its own method or URL accepts no proof that
	// leaves them out.
	for claim, edit := range map[string]func(*dpop.Expect){
		`"htm":"POST"|"htm":""`:                         func(e *dpop.Expect) { e.Method = "" },
		`"htu":"` + url + `"|"htu":""`:                  func(e *dpop.Expect) { e.URL = "" },
		`["a"]|["a"` + strings.Repeat(`,"a"`, 50) + `]`: func(e *dpop.Expect) { e.Objects = slices.Repeat([]string{"a"}, 51) },
	} {
		old, with, _ := strings.Cut(claim, "|")
		e := f.expect()
		edit(&e)
		proof := f.proof(f.header(), strings.Replace(f.claims("jti-of-16-or-more"), old, with, 1))
		if got := codeOf(newVerifier(t, &clock{start}), proof, e); got != apierr.ProofInvalid {
			t.Errorf("%s: %q", with, got)
		}
	}
	// A proof that hashes an empty token or body is not one without.
	for _, c := range []string{`"ath":"` + sum(nil) + `"`, `"bh":"` + sum(nil) + `"`, `"obj":[]`} {
		claims := fmt.Sprintf(`{"htm":"POST","htu":"%s","iat":%d,"jti":"jti-of-16-or-more",%s}`, url, start.Unix(), c)
		e := f.expect()
		e.Token, e.Body, e.Objects = "", nil, nil
		if got := codeOf(newVerifier(t, &clock{start}), f.proof(f.header(), claims), e); got != apierr.ProofInvalid {
			t.Errorf("%s: %q", c, got)
		}
	}
}

func TestTime(t *testing.T) {
	f, c := forger{newKey(t)}, &clock{start.Add(-time.Hour)}
	v := newVerifier(t, c)
	for i, step := range []struct {
		now  time.Time
		want apierr.Code
	}{
		{start.Add(-dpop.Leeway - time.Nanosecond), apierr.ProofInvalid},
		{start.Add(-dpop.Leeway), ""},
		{start, ""},
		{start.Add(dpop.MaxAge), ""},
		{start.Add(dpop.MaxAge + time.Nanosecond), apierr.ProofInvalid},
		{start.Add(time.Hour), apierr.ProofInvalid},
	} {
		c.t = step.now
		if got := codeOf(v, f.proof(f.header(), f.claims(fmt.Sprintf("jti-of-16-or-more-%d", i))), f.expect()); got != step.want {
			t.Errorf("at %s: %q, want %q", step.now.Sub(start), got, step.want)
		}
	}
}

// guardFunc is a Guard made of a function.
type guardFunc func(key, id string, until time.Time) error

func (g guardFunc) Use(_ context.Context, key, id string, until time.Time) error {
	return g(key, id, until)
}

func TestGuardVerdicts(t *testing.T) {
	f, c := forger{newKey(t)}, &clock{start}
	for _, x := range []struct {
		err  error
		want apierr.Code
	}{
		{nil, ""},
		{dpop.ErrUsed, apierr.ProofReplayed},
		{dpop.ErrQuota, apierr.RateLimited},
		{dpop.ErrFull, apierr.RateLimited},
		{errors.New("disk"), apierr.StoreUnavailable},
		{apierr.New(apierr.ChainStale, "x"), apierr.ChainStale},
	} {
		v, err := dpop.NewVerifier(guardFunc(func(key, id string, until time.Time) error {
			if key != dpop.Thumbprint(&f.key.PublicKey) || id != "jti-of-16-or-more" || !until.Equal(start.Add(dpop.MaxAge)) {
				t.Errorf("%s of %s until %s", id, key, until)
			}
			return x.err
		}), c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := codeOf(v, f.proof(f.header(), f.claims("jti-of-16-or-more")), f.expect()); got != x.want {
			t.Errorf("%v: %q", x.err, got)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	k := newKey(t)
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := dpop.Request{Method: "POST", URL: url, Now: start}
	if _, err := dpop.Sign(k, good); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]func() (*ecdsa.PrivateKey, dpop.Request){
		"no key":       func() (*ecdsa.PrivateKey, dpop.Request) { return nil, good },
		"a P-256 key":  func() (*ecdsa.PrivateKey, dpop.Request) { return p256, good },
		"no method":    func() (*ecdsa.PrivateKey, dpop.Request) { r := good; r.Method = ""; return k, r },
		"no URL":       func() (*ecdsa.PrivateKey, dpop.Request) { r := good; r.URL = ""; return k, r },
		"a query":      func() (*ecdsa.PrivateKey, dpop.Request) { r := good; r.URL += "?a"; return k, r },
		"a fragment":   func() (*ecdsa.PrivateKey, dpop.Request) { r := good; r.URL += "#a"; return k, r },
		"many objects": func() (*ecdsa.PrivateKey, dpop.Request) { r := good; r.Objects = make([]string, 51); return k, r },
	} {
		if proof, err := dpop.Sign(try()); err == nil || proof != "" {
			t.Errorf("%s: %q", name, proof)
		}
	}
	if _, err := dpop.NewVerifier(nil, (&clock{start}).now); err == nil {
		t.Error("a verifier without guard")
	}
	if _, err := dpop.NewVerifier(guardFunc(nil), nil); err == nil {
		t.Error("a verifier without clock")
	}
}
