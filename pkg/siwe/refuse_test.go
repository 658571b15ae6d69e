package siwe_test

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/siwe"
)

// signText signs any text as a wallet would: what it says is not looked at.
func signText(k *ecdsa.PrivateKey, text string) string {
	digest := crypto.Keccak256([]byte("\x19Ethereum Signed Message:\n"), []byte(big.NewInt(int64(len(text))).String()), []byte(text))
	sig, err := crypto.Sign(digest, k)
	if err != nil {
		panic(err)
	}
	sig[64] += 27
	return "0x" + hex.EncodeToString(sig)
}

func codeOf(text, sig string, e siwe.Expect) apierr.Code {
	v, err := siwe.Verify(text, sig, e)
	if err != nil && v.PublicKey() != nil {
		return "a sign-in beside an error"
	}
	return apierr.CodeOf(err)
}

// keyWithMixedCase has an address whose checksum differs from its lower case.
func keyWithMixedCase(t testing.TB) *ecdsa.PrivateKey {
	for {
		k := newKey(t)
		if hex := crypto.PubkeyToAddress(k.PublicKey).Hex(); hex != strings.ToLower(hex) && hex[2:] != strings.ToUpper(hex[2:]) {
			return k
		}
	}
}

// Every text is signed by the right key, so that only the check of the text
// can refuse it.
func TestVerifyRefusesTexts(t *testing.T) {
	k := keyWithMixedCase(t)
	m := message(k)
	good := m.String()
	if c := codeOf(good, signText(k, good), expect()); c != "" {
		t.Fatalf("the twin of all that follows: %q", c)
	}
	address := m.Address.Hex()
	for name, c := range map[string]string{
		"another domain":          "broker.example.com:8091 wants|evil.example wants",
		"domain without port":     "broker.example.com:8091 wants|broker.example.com wants",
		"domain with suffix":      "broker.example.com:8091 wants|broker.example.com:8091.evil.example wants",
		"domain in upper case":    "broker.example.com:8091 wants|BROKER.example.com:8091 wants",
		"domain with user":        "broker.example.com:8091 wants|me@broker.example.com:8091 wants",
		"scheme before domain":    "broker.example.com:8091 wants|https://broker.example.com:8091 wants",
		"greeting":                "Ethereum account|ethereum account",
		"address in lower case":   address + "|" + strings.ToLower(address),
		"address in upper case":   address + "|0x" + strings.ToUpper(address[2:]),
		"address without 0x":      address + "|" + address[2:],
		"address short":           address + "|" + address[:41],
		"address long":            address + "|0x00" + address[2:],
		"address zero":            address + "|0x" + strings.Repeat("0", 40),
		"statement":               "Sign in to AgentKeys.|I agree to everything.",
		"statement empty":         "Sign in to AgentKeys.|",
		"statement missing":       "Sign in to AgentKeys.\n\n|\n",
		"statement of two lines":  "Sign in to AgentKeys.|Sign in to AgentKeys.\nNonce: AAAAAAAAAAAAAAA",
		"statement with CR":       "Sign in to AgentKeys.|Sign in to AgentKeys.\r",
		"statement not ASCII":     "Sign in|Sign ın",
		"nonce in the statement":  "Sign in to AgentKeys.|Nonce: N0nceN0nceN0nce",
		"another URI":             "URI: https://broker.example.com:8091|URI: https://evil.example",
		"URI with path":           "URI: https://broker.example.com:8091|URI: https://broker.example.com:8091/",
		"URI with http":           "URI: https|URI: http",
		"URI missing":             "URI: https://broker.example.com:8091\n|",
		"tag in lower case":       "URI: |uri: ",
		"tag without space":       "URI: |URI:",
		"version 2":               "Version: 1|Version: 2",
		"version 1.0":             "Version: 1|Version: 1.0",
		"version missing":         "Version: 1\n|",
		"another chain":           "Chain ID: 212013|Chain ID: 1",
		"chain with leading zero": "Chain ID: 212013|Chain ID: 0212013",
		"chain with plus":         "Chain ID: 212013|Chain ID: +212013",
		"chain in hex":            "Chain ID: 212013|Chain ID: 0x33c2d",
		"chain too large":         "Chain ID: 212013|Chain ID: 18446744073709763629", // 2^64 + 212013
		"chain zero":              "Chain ID: 212013|Chain ID: 0",
		"nonce short":             "N0nceN0nceN0nce|N0nce12",
		"nonce with space":        "N0nceN0nceN0nce|N0nceN0nce N0nce",
		"nonce long":              "N0nceN0nceN0nce|" + strings.Repeat("N", 65),
		"nonce twice":             "Nonce: N0nceN0nceN0nce|Nonce: N0nceN0nceN0nce\nNonce: N0nceN0nceN0nce",
		"nonce missing":           "Nonce: N0nceN0nceN0nce\n|",
		"fraction of a second":    "Issued At: 2027-01-15T08:00:00Z|Issued At: 2027-01-15T08:00:00.000Z",
		"time with offset":        "Issued At: 2027-01-15T08:00:00Z|Issued At: 2027-01-15T09:00:00+01:00",
		"time in lower case":      "Issued At: 2027-01-15T08:00:00Z|Issued At: 2027-01-15t08:00:00z",
		"time of no day":          "Issued At: 2027-01-15|Issued At: 2027-02-30",
		"time of one digit":       "Issued At: 2027-01-15T08|Issued At: 2027-01-15T8",
		"time missing":            "Issued At: 2027-01-15T08:00:00Z\n|",
		"expiration missing":      "\nExpiration Time: 2027-01-15T08:05:00Z|",
		"expires before issue":    "Expiration Time: 2027-01-15T08:05:00Z|Expiration Time: 2027-01-15T07:59:59Z",
		"order of lines":          "Version: 1\nChain ID: 212013|Chain ID: 212013\nVersion: 1",
		"request id":              "08:05:00Z|08:05:00Z\nRequest ID: x",
		"resources":               "08:05:00Z|08:05:00Z\nResources:\n- https://evil.example",
		"resources, one line":     "08:05:00Z|08:05:00Z\nResources:",
		"not before a fraction":   "08:05:00Z|08:05:00Z\nNot Before: 2027-01-15T08:00:00.0Z",
		"trailing line end":       "08:05:00Z|08:05:00Z\n",
		"trailing space":          "08:05:00Z|08:05:00Z ",
		"CRLF":                    "\n|\r\n",
		"leading space":           "broker.example.com:8091 wants| broker.example.com:8091 wants",
		"byte order mark":         "broker.example.com:8091 wants|\ufeffbroker.example.com:8091 wants",
		"NUL":                     "Sign in|Sign\x00in",
		"too long":                "Sign in|" + strings.Repeat("Sign in", 1000),
	} {
		old, with, _ := strings.Cut(c, "|")
		text := strings.Replace(good, old, with, 1)
		if text == good {
			t.Fatalf("%s: nothing changed", name)
		}
		if got := codeOf(text, signText(k, text), expect()); got != apierr.Unauthorized {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, text := range []string{"", "\n", strings.Repeat("\n", 10), strings.Repeat("\n", 11), strings.Repeat("\n", 1_000_000)} {
		if got := codeOf(text, signText(k, text), expect()); got != apierr.Unauthorized {
			t.Errorf("%d line ends: %q", len(text), got)
		}
	}
}

// The same sign-in at another server.
func TestVerifyRefusesAnotherServer(t *testing.T) {
	k := newKey(t)
	text, sig, err := siwe.Sign(k, message(k))
	if err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*siwe.Expect){
		"domain": func(e *siwe.Expect) { e.Domain = "other.example.com" }, "no domain": func(e *siwe.Expect) { e.Domain = "" },
		"URI": func(e *siwe.Expect) { e.URI += "/" }, "no URI": func(e *siwe.Expect) { e.URI = "" },
		"chain": func(e *siwe.Expect) { e.ChainID = 1 }, "no chain": func(e *siwe.Expect) { e.ChainID = 0 },
		"statement": func(e *siwe.Expect) { e.Statement = "x" }, "no statement": func(e *siwe.Expect) { e.Statement = "" },
	} {
		e := expect()
		edit(&e)
		if c := codeOf(text, sig, e); c != apierr.Unauthorized {
			t.Errorf("%s: %q", name, c)
		}
	}
}

func TestTime(t *testing.T) {
	k := newKey(t)
	for _, c := range []struct {
		name string
		edit func(*siwe.Message)
		now  time.Time
		want apierr.Code
	}{
		{"at issue", func(*siwe.Message) {}, start, ""},
		{"a clock behind, within the leeway", func(*siwe.Message) {}, start.Add(-siwe.Leeway), ""},
		{"a clock behind, beyond it", func(*siwe.Message) {}, start.Add(-siwe.Leeway - time.Nanosecond), apierr.Unauthorized},
		{"an instant before the end", func(*siwe.Message) {}, start.Add(5*time.Minute - time.Nanosecond), ""},
		{"at the end", func(*siwe.Message) {}, start.Add(5 * time.Minute), apierr.Unauthorized},
		{"before not-before", func(m *siwe.Message) { m.NotBefore = start.Add(time.Minute) }, start.Add(time.Minute - time.Nanosecond), apierr.Unauthorized},
		{"at not-before", func(m *siwe.Message) { m.NotBefore = start.Add(time.Minute) }, start.Add(time.Minute), ""},
		{"longest life", func(m *siwe.Message) { m.ExpiresAt = start.Add(siwe.MaxLife) }, start, ""},
		{"a life too long", func(m *siwe.Message) { m.ExpiresAt = start.Add(siwe.MaxLife + time.Second) }, start, apierr.Unauthorized},
	} {
		m, e := message(k), expect()
		c.edit(&m)
		e.Now = c.now
		text, sig, err := siwe.Sign(k, m)
		if err != nil {
			t.Fatal(err)
		}
		if got := codeOf(text, sig, e); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestVerifyRefusesSignatures(t *testing.T) {
	k, other := newKey(t), newKey(t)
	text, sig, err := siwe.Sign(k, message(k))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := hex.DecodeString(sig[2:])
	if err != nil {
		t.Fatal(err)
	}
	n := crypto.S256().Params().N
	edit := func(f func([]byte)) string {
		b := bytes.Clone(raw)
		f(b)
		return "0x" + hex.EncodeToString(b)
	}
	for name, s := range map[string]string{
		"v 0 or 1": edit(func(b []byte) { b[64] -= 27 }), "v flipped": edit(func(b []byte) { b[64] = 55 - b[64] }), "v 29": edit(func(b []byte) { b[64] = 29 }),
		"v of EIP-155": edit(func(b []byte) { b[64] += 10 }), "v 255": edit(func(b []byte) { b[64] = 255 }),
		"high-s": edit(func(b []byte) {
			new(big.Int).Sub(n, new(big.Int).SetBytes(b[32:64])).FillBytes(b[32:64])
			b[64] = 55 - b[64] // so that it recovers the same key
		}),
		"r = 0": edit(func(b []byte) { clear(b[:32]) }), "s = 0": edit(func(b []byte) { clear(b[32:64]) }), "r = n": edit(func(b []byte) { n.FillBytes(b[:32]) }),
		"flipped": edit(func(b []byte) { b[5] ^= 1 }), "another key": signText(other, text), "another text": signText(k, text+" "),
		"without 0x": sig[2:], "0X": "0X" + sig[2:], "short": sig[:130], "64 bytes": sig[:130], "66 bytes": sig + "00", "odd": sig[:131], "not hex": sig[:130] + "zz", "empty": "", "only 0x": "0x",
		"a contract wallet's (EIP-1271)": "0x" + strings.Repeat("ab", 200), "space": sig + " ",
	} {
		if c := codeOf(text, s, expect()); c != apierr.Unauthorized {
			t.Errorf("%s: %q", name, c)
		}
	}
	if c := codeOf(text, sig, expect()); c != "" {
		t.Errorf("the twin of all these: %q", c)
	}
}

func TestSignRefuses(t *testing.T) {
	k := newKey(t)
	for name, edit := range map[string]func(*siwe.Message){
		"another's address":   func(m *siwe.Message) { m.Address = common.Address{1} },
		"domain":              func(m *siwe.Message) { m.Domain = "a b" },
		"no domain":           func(m *siwe.Message) { m.Domain = "" },
		"statement two lines": func(m *siwe.Message) { m.Statement = "a\nb" },
		"URI":                 func(m *siwe.Message) { m.URI = "javascript:1" },
		"URI with a line":     func(m *siwe.Message) { m.URI = "https://a\nb" },
		"chain":               func(m *siwe.Message) { m.ChainID = 0 },
		"nonce":               func(m *siwe.Message) { m.Nonce = "a\nb5678901" },
		"no issue":            func(m *siwe.Message) { m.IssuedAt = time.Time{} },
		"no end":              func(m *siwe.Message) { m.ExpiresAt = time.Time{} },
		"end at issue":        func(m *siwe.Message) { m.ExpiresAt = m.IssuedAt },
	} {
		m := message(k)
		edit(&m)
		if text, sig, err := siwe.Sign(k, m); err == nil || text != "" || sig != "" {
			t.Errorf("%s: signed %q", name, text)
		} else if name != "another's address" && !errors.Is(err, siwe.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := siwe.Sign(nil, message(k)); err == nil {
		t.Error("signed without a key")
	}
}

// Faults that a later check would catch too are named by the first.
func TestParseNamesTheFault(t *testing.T) {
	good := message(newKey(t))
	for want, text := range map[string]string{
		"longer than":                   strings.Replace(good.String(), "Sign in", strings.Repeat("Sign in", 1000), 1),
		"10 lines":                      strings.Repeat("\n", 9),
		"13 lines":                      strings.Repeat("\n", 12),
		"address is zero":               strings.Replace(good.String(), good.Address.Hex(), common.Address{}.Hex(), 1),
		"chain id is not a number":      strings.Replace(good.String(), "Chain ID: 2", "Chain ID: x", 1),
		"Issued At is not a time":       strings.Replace(good.String(), "Issued At: 2", "Issued At: x", 1),
		"Expiration Time is not a time": strings.Replace(good.String(), "Time: 2", "Time: x", 1),
		"Not Before is not a time":      good.String() + "\nNot Before: x",
		"not the one text":              strings.Replace(good.String(), "Issued At: ", "", 1),
	} {
		if m, err := siwe.Parse(text); !errors.Is(err, siwe.ErrInvalid) || !strings.Contains(err.Error(), want) || m != (siwe.Message{}) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
