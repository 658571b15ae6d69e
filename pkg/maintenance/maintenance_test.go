package maintenance_test

import (
	"context"
	"crypto/ecdsa"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/maintenance"
	"github.com/litentry/agentkeys/pkg/siwe"
)

const (
	origin  = "https://signer.example.com:8092"
	route   = origin + "/v1/dek/rewrap"
	chainID = 212013
)

var (
	start = time.Unix(1_800_000_000, 0).UTC()
	body  = []byte(`{"objects":[]}`)
)

type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func address(k *ecdsa.PrivateKey) common.Address { return crypto.PubkeyToAddress(k.PublicKey) }

func anyone(context.Context, common.Address) error { return nil }

func newVerifier(t testing.TB, c *clock, edit ...func(*maintenance.Config)) *maintenance.Verifier {
	t.Helper()
	guard, err := dpop.NewMemory(1000, 1000, (&clock{start.Add(-time.Hour)}).now)
	if err != nil {
		t.Fatal(err)
	}
	cfg := maintenance.Config{URL: origin, ChainID: chainID, Now: c.now, Admit: anyone}
	for _, e := range edit {
		e(&cfg)
	}
	v, err := maintenance.NewVerifier(guard, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func sign(t testing.TB, k *ecdsa.PrivateKey) *maintenance.Session {
	t.Helper()
	s, err := maintenance.Sign(t.Context(), maintenance.KeyWallet(k), maintenance.Request{URL: origin, ChainID: chainID, Now: start})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func proof(t testing.TB, s *maintenance.Session, now time.Time) string {
	t.Helper()
	p, err := s.Proof("POST", route, body, now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func codeOf(v *maintenance.Verifier, c maintenance.Call) apierr.Code {
	s, err := v.Verify(context.Background(), c)
	if err != nil && s != (maintenance.Signed{}) {
		return "a session beside an error"
	}
	return apierr.CodeOf(err)
}

func TestSignThenVerify(t *testing.T) {
	t.Parallel()
	k, c := newKey(t), &clock{start.Add(time.Minute)}
	s, v := sign(t, k), newVerifier(t, c)
	for range 2 { // one signature by the wallet, many requests
		got, err := v.Verify(t.Context(), maintenance.Call{Token: s.Token(), Proof: proof(t, s, c.t), Method: "POST", URL: route, Body: body})
		if err != nil || got.Address() != address(k) || got.SessionThumbprint() != s.SessionThumbprint() || !got.ExpiresAt().Equal(start.Add(10*time.Minute)) {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	if s.Address() != address(k) || !s.ExpiresAt().Equal(start.Add(maintenance.MaxLife)) {
		t.Errorf("%s until %s", s.Address(), s.ExpiresAt())
	}
	if len(s.Token()) > maintenance.MaxToken || strings.Trim(s.Token(), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		t.Errorf("not safe in a header: %q", s.Token())
	}
	text, _, _ := strings.Cut(s.Token(), ".")
	shown, err := jose.DecodeSegment(text)
	if err != nil || !strings.Contains(string(shown), "\n\nMaintain AgentKeys data keys with session key "+s.SessionThumbprint()+"\n\nURI: "+origin+"\n") {
		t.Errorf("the wallet shows %q, %v", shown, err)
	}
	long, err := maintenance.Sign(t.Context(), maintenance.KeyWallet(k), maintenance.Request{
		URL: "https://" + strings.Repeat("a", 253) + ":65535", ChainID: 1<<64 - 1, Now: start,
	})
	if err != nil || len(long.Token()) > maintenance.MaxToken {
		t.Errorf("the longest host: %v", err)
	}
	if other := sign(t, k); other.SessionThumbprint() == s.SessionThumbprint() || other.Token() == s.Token() {
		t.Error("two sessions share a key")
	}
	// Neither key is printed, in hexadecimal or as a number.
	number := new(big.Int).SetBytes(crypto.FromECDSA(k)).String()
	for _, f := range []string{"%v", "%+v", "%#v"} {
		if out := fmt.Sprintf(f+f, s, maintenance.KeyWallet(k)); strings.Contains(out, number) || strings.Contains(out, hex.EncodeToString(crypto.FromECDSA(k))) {
			t.Errorf("%s prints a key", f)
		}
	}
}

// token makes one of any message, signed as a wallet would.
func token(t testing.TB, k *ecdsa.PrivateKey, text string) string {
	t.Helper()
	sig, err := maintenance.KeyWallet(k).SignText(t.Context(), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return jose.EncodeSegment([]byte(text)) + "." + hex.EncodeToString(sig[:])
}

func message(k *ecdsa.PrivateKey, session *ecdsa.PrivateKey) siwe.Message {
	return siwe.Message{
		Domain: "signer.example.com:8092", Address: address(k), URI: origin, ChainID: chainID, Nonce: "N0nceN0nceN0nce",
		Statement: "Maintain AgentKeys data keys with session key " + dpop.Thumbprint(&session.PublicKey),
		IssuedAt:  start, ExpiresAt: start.Add(10 * time.Minute),
	}
}

// call is a request by a session key under any token.
func call(t testing.TB, session *ecdsa.PrivateKey, token string, now time.Time) maintenance.Call {
	t.Helper()
	p, err := dpop.Sign(session, dpop.Request{Method: "POST", URL: route, Token: token, Body: body, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return maintenance.Call{Token: token, Proof: p, Method: "POST", URL: route, Body: body}
}

// Every token is signed by the wallet, and every proof is right for it: only
// what the text says can be refused.
func TestVerifyRefusesTexts(t *testing.T) {
	t.Parallel()
	k, session := newKey(t), newKey(t)
	thumb := dpop.Thumbprint(&session.PublicKey)
	for name, c := range map[string]struct {
		edit func(*siwe.Message)
		want apierr.Code
	}{
		"as it should be":      {func(*siwe.Message) {}, ""},
		"another domain":       {func(m *siwe.Message) { m.Domain = "other.example.com:8092" }, apierr.Unauthorized},
		"domain without port":  {func(m *siwe.Message) { m.Domain = "signer.example.com" }, apierr.Unauthorized},
		"another URI":          {func(m *siwe.Message) { m.URI = "https://other.example.com:8092" }, apierr.Unauthorized},
		"URI with http":        {func(m *siwe.Message) { m.URI = "http://signer.example.com:8092" }, apierr.Unauthorized},
		"URI of a route":       {func(m *siwe.Message) { m.URI = route }, apierr.Unauthorized},
		"another chain":        {func(m *siwe.Message) { m.ChainID = 1 }, apierr.Unauthorized},
		"a sign-in":            {func(m *siwe.Message) { m.Statement = "Sign in to AgentKeys with this device key." }, apierr.Unauthorized},
		"no thumbprint":        {func(m *siwe.Message) { m.Statement = "Maintain AgentKeys data keys with session key " }, apierr.Unauthorized},
		"a short thumbprint":   {func(m *siwe.Message) { m.Statement = m.Statement[:len(m.Statement)-1] }, apierr.Unauthorized},
		"a long thumbprint":    {func(m *siwe.Message) { m.Statement += "A" }, apierr.Unauthorized},
		"two thumbprints":      {func(m *siwe.Message) { m.Statement += " " + thumb }, apierr.Unauthorized},
		"another word":         {func(m *siwe.Message) { m.Statement = "maintain" + m.Statement[8:] }, apierr.Unauthorized},
		"another session key":  {func(m *siwe.Message) { m.Statement = message(k, k).Statement }, apierr.ProofInvalid},
		"another nonce":        {func(m *siwe.Message) { m.Nonce = "N1nceN1nceN1nce" }, ""},
		"another's address":    {func(m *siwe.Message) { m.Address = address(session) }, apierr.Unauthorized},
		"a shorter life":       {func(m *siwe.Message) { m.ExpiresAt = start.Add(time.Minute + time.Second) }, ""},
		"a longer life":        {func(m *siwe.Message) { m.ExpiresAt = start.Add(10*time.Minute + time.Second) }, apierr.Unauthorized},
		"a not-before":         {func(m *siwe.Message) { m.NotBefore = start }, apierr.Unauthorized},
		"over":                 {func(m *siwe.Message) { m.ExpiresAt = start.Add(time.Minute) }, apierr.SessionExpired},
		"within the leeway":    {func(m *siwe.Message) { m.IssuedAt = start.Add(time.Minute + maintenance.Leeway) }, ""},
		"from the future":      {func(m *siwe.Message) { m.IssuedAt = start.Add(time.Minute + maintenance.Leeway + time.Second) }, apierr.SessionExpired},
		"over, and not for us": {func(m *siwe.Message) { m.ChainID, m.ExpiresAt = 1, start.Add(time.Second) }, apierr.Unauthorized},
	} {
		now := start.Add(time.Minute)
		m := message(k, session)
		c.edit(&m)
		if got := codeOf(newVerifier(t, &clock{now}), call(t, session, token(t, k, m.String()), now)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// What is no token of this form.
func TestVerifyRefusesTokens(t *testing.T) {
	t.Parallel()
	k, session := newKey(t), newKey(t)
	good := token(t, k, message(k, session).String())
	text, sig, _ := strings.Cut(good, ".")
	shown, err := jose.DecodeSegment(text)
	if err != nil {
		t.Fatal(err)
	}
	flipped := []byte(sig)
	flipped[10] ^= 1
	for name, c := range map[string]string{
		"empty": "", "a dot": ".", "no signature": text, "an empty signature": text + ".", "no text": "." + sig, "three parts": good + ".AA",
		"signature with 0x": text + ".0x" + sig, "signature in upper case": text + "." + strings.ToUpper(sig), "signature short": good[:len(good)-2],
		"signature long": good + "00", "signature not hex": good[:len(good)-2] + "zz", "signature flipped": text + "." + string(flipped),
		"v 0 or 1": good[:len(good)-2] + "00", "another's signature": text + "." + strings.SplitN(token(t, session, string(shown)), ".", 2)[1],
		"another text": jose.EncodeSegment(append(shown, ' ')) + "." + sig, "padded": text + "=." + sig, "standard base64": strings.ReplaceAll(text, text[:4], "+/++") + "." + sig,
		"a line end": text[:8] + "\n" + text[8:] + "." + sig, "space": " " + good, "space at the end": good + " ", "with the scheme": "DPoP " + good,
		"two": good + "," + good, "too long": good + strings.Repeat("A", maintenance.MaxToken), "a long text": strings.Repeat("A", maintenance.MaxToken) + "." + sig,
		"a capability token": "eyJ0eXAiOiJjYXArand0In0.eyJpc3MiOiJ4In0.AAAA",
	} {
		if got := codeOf(newVerifier(t, &clock{start}), call(t, session, c, start)); got != apierr.Unauthorized {
			t.Errorf("%s: %q", name, got)
		}
	}
	// What is too long is not looked at.
	_, err = newVerifier(t, &clock{start}).Verify(t.Context(), call(t, session, good+strings.Repeat("A", maintenance.MaxToken), start))
	if apierr.CodeOf(err) != apierr.Unauthorized || !strings.Contains(err.Error(), "longer than") {
		t.Error(err)
	}
	if got := codeOf(newVerifier(t, &clock{start}), call(t, session, good, start)); got != "" {
		t.Errorf("the twin of all these: %q", got)
	}
}

// The same token, with a proof that is not of this request.
func TestVerifyRefusesProofs(t *testing.T) {
	t.Parallel()
	k := newKey(t)
	s, other := sign(t, k), sign(t, k)
	v := newVerifier(t, &clock{start})
	good := func() maintenance.Call {
		return maintenance.Call{Token: s.Token(), Proof: proof(t, s, start), Method: "POST", URL: route, Body: body}
	}
	for name, edit := range map[string]func(*maintenance.Call){
		"no proof":                func(c *maintenance.Call) { c.Proof = "" },
		"another method":          func(c *maintenance.Call) { c.Method = "PUT" },
		"another route":           func(c *maintenance.Call) { c.URL = origin + "/v1/dek/new" },
		"another body":            func(c *maintenance.Call) { c.Body = []byte("{}") },
		"no body":                 func(c *maintenance.Call) { c.Body = nil },
		"another session's token": func(c *maintenance.Call) { c.Token = other.Token() },
		"another session's proof": func(c *maintenance.Call) { c.Proof = proof(t, other, start) },
		"a proof of long ago":     func(c *maintenance.Call) { c.Proof = proof(t, s, start.Add(-dpop.MaxAge-time.Second)) },
		"by the wallet": func(c *maintenance.Call) {
			p, err := dpop.Sign(k, dpop.Request{Method: "POST", URL: route, Token: s.Token(), Body: body, Now: start})
			if err != nil {
				t.Fatal(err)
			}
			c.Proof = p
		},
		"of no token": func(c *maintenance.Call) {
			p, err := maintenance.ProofWithoutToken(s, "POST", route, body, start)
			if err != nil {
				t.Fatal(err)
			}
			c.Proof = p
		},
	} {
		c := good()
		edit(&c)
		if got := codeOf(v, c); got != apierr.ProofInvalid {
			t.Errorf("%s: %q", name, got)
		}
		if got := codeOf(v, good()); got != "" {
			t.Errorf("%s: the twin: %q", name, got)
		}
	}
	c := good()
	if got := codeOf(v, c); got != "" {
		t.Fatal(got)
	}
	if got := codeOf(v, c); got != apierr.ProofReplayed {
		t.Errorf("a second time: %q", got)
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	s, c := sign(t, newKey(t)), &clock{start}
	v := newVerifier(t, c)
	for _, x := range []struct {
		now  time.Time
		want apierr.Code
	}{
		{start.Add(-maintenance.Leeway - time.Nanosecond), apierr.SessionExpired},
		{start.Add(-maintenance.Leeway), ""},
		{start.Add(maintenance.MaxLife - time.Nanosecond), ""},
		{start.Add(maintenance.MaxLife), apierr.SessionExpired},
		{start.Add(time.Hour), apierr.SessionExpired},
	} {
		c.t = x.now
		if got := codeOf(v, maintenance.Call{Token: s.Token(), Proof: proof(t, s, x.now), Method: "POST", URL: route, Body: body}); got != x.want {
			t.Errorf("at %s: %q, want %q", x.now.Sub(start), got, x.want)
		}
	}
}

// Who is not admitted is told by the one who decides, and fills no guard.
func TestNotAdmitted(t *testing.T) {
	t.Parallel()
	k, stranger := newKey(t), newKey(t)
	guard, err := dpop.NewMemory(10, 10, (&clock{start.Add(-time.Hour)}).now)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	v, err := maintenance.NewVerifier(guard, maintenance.Config{URL: origin, ChainID: chainID, Now: (&clock{start}).now, Admit: func(_ context.Context, a common.Address) error {
		asked++
		if a != address(k) {
			return apierr.New(apierr.ChainStale, "not %s", a)
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	s := sign(t, stranger)
	if got := codeOf(v, maintenance.Call{Token: s.Token(), Proof: proof(t, s, start), Method: "POST", URL: route, Body: body}); got != apierr.ChainStale || guard.Len() != 0 {
		t.Errorf("%q, %d proofs remembered", got, guard.Len())
	}
	s = sign(t, k)
	if got := codeOf(v, maintenance.Call{Token: s.Token(), Proof: proof(t, s, start), Method: "POST", URL: route, Body: body}); got != "" || guard.Len() != 1 {
		t.Errorf("%q, %d proofs remembered", got, guard.Len())
	}
	if got := codeOf(v, maintenance.Call{Token: "x"}); got != apierr.Unauthorized || asked != 2 {
		t.Errorf("%q, asked %d times", got, asked)
	}
}

// A maintenance text signs nobody in, at no server.
func TestNoSignIn(t *testing.T) {
	t.Parallel()
	k := newKey(t)
	m := message(k, k)
	text, sig, err := siwe.Sign(k, m)
	if err != nil {
		t.Fatal(err)
	}
	e := siwe.Expect{Domain: m.Domain, URI: m.URI, ChainID: m.ChainID, Statement: m.Statement, Now: start}
	if _, err := siwe.Verify(text, sig, e); err != nil {
		t.Fatalf("the twin: %v", err)
	}
	e.Statement = "Sign in to AgentKeys with this device key."
	if _, err := siwe.Verify(text, sig, e); apierr.CodeOf(err) != apierr.Unauthorized {
		t.Error(err)
	}
}

func TestNewVerifierRefuses(t *testing.T) {
	t.Parallel()
	guard, err := dpop.NewMemory(1, 1, (&clock{start}).now)
	if err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*maintenance.Config){
		"URL":      func(c *maintenance.Config) { c.URL = route },
		"chain":    func(c *maintenance.Config) { c.ChainID = 0 },
		"clock":    func(c *maintenance.Config) { c.Now = nil },
		"admitted": func(c *maintenance.Config) { c.Admit = nil },
	} {
		c := maintenance.Config{URL: origin, ChainID: chainID, Now: (&clock{start}).now, Admit: anyone}
		if _, err := maintenance.NewVerifier(guard, c); err != nil {
			t.Fatal(err)
		}
		edit(&c)
		if v, err := maintenance.NewVerifier(guard, c); err == nil || v != nil {
			t.Errorf("no %s: %v", name, err)
		}
	}
	if v, err := maintenance.NewVerifier(nil, maintenance.Config{URL: origin, ChainID: chainID, Now: (&clock{start}).now, Admit: anyone}); err == nil || v != nil {
		t.Error("no guard")
	}
}
