package solidity_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
)

// k11Faults are the attacks A19 to A22, one change each. An empty want is a
// positive twin.
func k11Faults() map[string]struct {
	change func(*ceremony)
	want   string
} {
	client := func(f func(c *ceremony) string) func(*ceremony) {
		return func(c *ceremony) { c.client = f(c) }
	}
	swap := func(from, to string) func(*ceremony) {
		return func(c *ceremony) { c.client = strings.Replace(c.client, from, to, 1) }
	}
	tail := func(members string) func(*ceremony) {
		return func(c *ceremony) { c.client = c.upToOrigin() + `,"crossOrigin":false` + members }
	}
	signature := func(f func(*bindings.K11Assertion)) func(*ceremony) {
		return func(c *ceremony) { c.after = f }
	}
	n, p := curve().N, curve().P
	type fault = struct {
		change func(*ceremony)
		want   string
	}
	faults := map[string]fault{
		"nothing":                {func(*ceremony) {}, ""},
		"no crossOrigin":         {client(func(c *ceremony) string { return c.upToOrigin() + "}" }), ""},
		"an appended member":     {tail(`,"other_keys_can_be_added_here":"do not compare clientDataJSON against a template. See https://goo.gl/yabPex"}`), ""},
		"a member of 900 bytes":  {tail(`,"x":"` + strings.Repeat("y", 800) + `"}`), ""},
		"extensions in authData": {func(c *ceremony) { c.authData = append(authenticatorData(testRP, upAndUV|0x80, 7), 0xa0) }, ""},
		"largest sign count":     {func(c *ceremony) { c.authData = authenticatorData(testRP, upAndUV, 1<<32-1) }, ""},

		// A19
		"another port":              {swap(":8095", ":8096"), "OriginMismatch"},
		"no port":                   {swap(":8095", ""), "OriginMismatch"},
		"another scheme":            {swap("http:", "https:"), "OriginMismatch"},
		"another host":              {swap("companion.", "evil."), "OriginMismatch"},
		"a longer origin":           {swap(":8095", ":80950"), "OriginMismatch"},
		"an empty origin":           {swap(testOrigin, ""), "OriginMismatch"},
		"cross-origin":              {swap(":false", ":true"), "CrossOriginRefused"},
		"cross-origin, a string":    {swap(":false", `:"false"`), "CrossOriginRefused"},
		"topOrigin":                 {tail(`,"topOrigin":"https://evil.example"}`), "ClientDataTailRefused"},
		"topOrigin, no crossOrigin": {client(func(c *ceremony) string { return c.upToOrigin() + `,"topOrigin":"https://evil.example"}` }), "CrossOriginRefused"},
		"another relying party":     {func(c *ceremony) { c.authData = authenticatorData("localhost", upAndUV, 7) }, "RpIdHashMismatch"},
		"another stored rp":         {func(c *ceremony) { c.key.RpIdHash[31] ^= 1 }, "RpIdHashMismatch"},
		"another stored origin":     {func(c *ceremony) { c.key.OriginHash[31] ^= 1 }, "OriginMismatch"},

		// A20
		"an enrollment":          {swap("webauthn.get", "webauthn.create"), "ClientDataTypeMismatch"},
		"a payment":              {swap("webauthn.get", "payment.get"), "ClientDataTypeMismatch"},
		"another digest":         {func(c *ceremony) { c.digest[31] ^= 1 }, "ChallengeMismatch"},
		"another challenge":      {client(func(c *ceremony) string { return strings.Replace(c.client, c.challenge(), strings.Repeat("A", 43), 1) }), "ChallengeMismatch"},
		"the hash of the digest": {client(func(c *ceremony) string { return rechallenge(c, hashOf(c.digest)) }), "ChallengeMismatch"},
		"31 bytes":               {client(func(c *ceremony) string { return rechallenge(c, c.digest[:31]) }), "ChallengeMismatch"},
		"33 bytes":               {client(func(c *ceremony) string { return rechallenge(c, append(bytes.Clone(c.digest[:]), 0)) }), "ChallengeMismatch"},
		"no challenge":           {client(func(c *ceremony) string { return rechallenge(c, nil) }), "ChallengeMismatch"},
		"padded challenge":       {swap(`","origin"`, `=","origin"`), "ChallengeMismatch"},
		"hex challenge": {client(func(c *ceremony) string {
			return strings.Replace(c.client, c.challenge(), fmt.Sprintf("%x", c.digest), 1)
		}), "ChallengeMismatch"},
		"upper-case challenge": {client(func(c *ceremony) string {
			return strings.Replace(c.client, c.challenge(), strings.ToUpper(c.challenge()), 1)
		}), "ChallengeMismatch"},
		"challenge nested":      {client(func(c *ceremony) string { return `{"a":` + c.client + `}` }), "ClientDataTypeMismatch"},
		"challenge in another":  {client(func(c *ceremony) string { return `{"x":"` + c.challenge() + `",` + c.client[1:] }), "ClientDataTypeMismatch"},
		"space after the brace": {swap(`{"type"`, `{ "type"`), "ClientDataTypeMismatch"},
		"byte order mark":       {client(func(c *ceremony) string { return "\ufeff" + c.client }), "ClientDataTypeMismatch"},
		"members reordered": {client(func(c *ceremony) string {
			return `{"challenge":"` + c.challenge() + `","type":"webauthn.get","origin":"` + testOrigin + `"}`
		}), "ClientDataTypeMismatch"},
		"escaped type":              {swap("webauthn.get", `web\u0061uthn.get`), "ClientDataTypeMismatch"},
		"space before origin":       {swap(`,"origin"`, `, "origin"`), "OriginMalformed"},
		"no origin":                 {swap(`"origin"`, `"0rigin"`), "OriginMalformed"},
		"origin not closed":         {client(func(c *ceremony) string { return strings.TrimSuffix(c.upToOrigin(), `"`) }), "OriginMalformed"},
		"origin with an escape":     {swap("http:", `http\u003a`), "OriginMalformed"},
		"origin with quote escaped": {escapedOrigin, "OriginMalformed"},
		"type again":                {tail(`,"type":"webauthn.create"}`), "ClientDataTailRefused"},
		"challenge again":           {tail(`,"challenge":"AAAA"}`), "ClientDataTailRefused"},
		"origin again":              {tail(`,"origin":"http://evil.example"}`), "ClientDataTailRefused"},
		"crossOrigin again":         {tail(`,"crossOrigin":true}`), "ClientDataTailRefused"},
		"escaped name":              {tail(`,"\u006frigin":"http://evil.example"}`), "ClientDataTailRefused"},
		"not closed":                {tail(`,"a":1`), "ClientDataTailRefused"},
		"nothing after false":       {tail(""), "ClientDataTailRefused"},
		"false goes on":             {tail(`d}`), "ClientDataTailRefused"},
		"a comma alone":             {tail(`,`), "ClientDataTailRefused"},
		"a brace too many":          {client(func(c *ceremony) string { return c.upToOrigin() + "}}" }), "CrossOriginRefused"},
		"the end alone missing":     {client(func(c *ceremony) string { return c.upToOrigin() }), "CrossOriginRefused"},
		"empty":                     {client(func(*ceremony) string { return "" }), "ClientDataTooShort"},
		"cut before the origin":     {client(func(c *ceremony) string { return c.client[:91] }), "ClientDataTooShort"},
		"null":                      {client(func(*ceremony) string { return "null" }), "ClientDataTooShort"},
		"one byte too long":         {padTo(1025), "ClientDataTooLong"},
		"longest":                   {padTo(1024), ""},
		"1 MB":                      {padTo(1 << 20), "ClientDataTooLong"},

		// A21
		"user not present":        {func(c *ceremony) { c.authData = authenticatorData(testRP, 0x04, 7) }, "UserNotPresent"},
		"user not verified":       {func(c *ceremony) { c.authData = authenticatorData(testRP, 0x01, 7) }, "UserNotVerified"},
		"sign count outside":      {func(c *ceremony) { c.authData = c.authData[:36] }, "AuthenticatorDataTooShort"},
		"no authenticator data":   {func(c *ceremony) { c.authData = nil }, "AuthenticatorDataTooShort"},
		"flags changed afterward": {signature(func(a *bindings.K11Assertion) { a.AuthenticatorData = authenticatorData(testRP, upAndUV|0x40, 7) }), "SignatureInvalid"},
		"count changed afterward": {signature(func(a *bindings.K11Assertion) { a.AuthenticatorData = authenticatorData(testRP, upAndUV, 8) }), "SignatureInvalid"},
		"bytes moved between":     {signature(func(a *bindings.K11Assertion) { a.AuthenticatorData = append(bytes.Clone(a.AuthenticatorData), 0) }), "SignatureInvalid"},

		// A22
		"twin":              {signature(func(a *bindings.K11Assertion) { a.S = new(big.Int).Sub(n, a.S) }), "SignatureMalleable"},
		"s just above half": {signature(func(a *bindings.K11Assertion) { a.S = minus(new(big.Int).Rsh(n, 1), -1) }), "SignatureMalleable"},
		"s half":            {signature(func(a *bindings.K11Assertion) { a.S = new(big.Int).Rsh(n, 1) }), "SignatureInvalid"},
		"r and s swapped":   {signature(func(a *bindings.K11Assertion) { a.R, a.S = a.S, minus(big.NewInt(8), 1) }), "SignatureInvalid"},
		"client data changed": {signature(func(a *bindings.K11Assertion) {
			a.ClientDataJSON = append(a.ClientDataJSON[:len(a.ClientDataJSON)-1], `,"a":1}`...)
		}), "SignatureInvalid"},
		"key negated":       {func(c *ceremony) { c.key.Y = new(big.Int).Sub(p, c.key.Y) }, "SignatureInvalid"},
		"key off the curve": {func(c *ceremony) { c.key.Y = minus(c.key.Y, 1) }, "SignatureInvalid"},
		"key x >= p":        {func(c *ceremony) { c.key.X = p }, "SignatureInvalid"},
		"key at infinity":   {func(c *ceremony) { c.key.X, c.key.Y = new(big.Int), new(big.Int) }, "SignatureInvalid"},
		"no key":            {func(c *ceremony) { c.key.X, c.key.Y = new(big.Int), big.NewInt(1) }, "SignatureInvalid"},
	}
	for _, v := range extremes() {
		want := "SignatureInvalid"
		faults[fmt.Sprintf("r = %x", v)] = fault{signature(func(a *bindings.K11Assertion) { a.R = v }), want}
		if v.Cmp(new(big.Int).Rsh(n, 1)) > 0 {
			want = "SignatureMalleable"
		}
		faults[fmt.Sprintf("s = %x", v)] = fault{signature(func(a *bindings.K11Assertion) { a.S = v }), want}
	}
	return faults
}

func rechallenge(c *ceremony, challenge []byte) string {
	return strings.Replace(c.client, c.challenge(), base64.RawURLEncoding.EncodeToString(challenge), 1)
}

func hashOf(b [32]byte) []byte { h := sha256.Sum256(b[:]); return h[:] }

func padTo(size int) func(*ceremony) {
	return func(c *ceremony) {
		head := c.upToOrigin() + `,"crossOrigin":false,"x":"`
		c.client = head + strings.Repeat("y", size-len(head)-2) + `"}`
	}
}

// escapedOrigin stores the hash of an origin that ends in a backslash: a JSON
// parser would read on past the quote.
func escapedOrigin(c *ceremony) {
	c.key.OriginHash = sha256.Sum256([]byte(`http://a\`))
	c.client = `{"type":"webauthn.get","challenge":"` + c.challenge() + `","origin":"http://a\"}`
}
