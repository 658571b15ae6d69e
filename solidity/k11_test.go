package solidity_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/descope/virtualwebauthn"
	"github.com/ethereum/go-ethereum/core/vm"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/solidity"
)

// ceremony is everything that goes into an assertion. A test changes one thing;
// the signature is made afterwards, over what the test left, so that only the
// one fault can be the reason of a refusal.
type ceremony struct {
	private *big.Int
	// What the chain stored.
	rpID, storedOrigin string
	key                bindings.K11Key
	digest             [32]byte
	// What is signed.
	authData []byte
	client   string
	// After signing.
	after func(*bindings.K11Assertion)
}

const (
	testRP     = "companion.localhost"
	testOrigin = "http://companion.localhost:8095"
	upAndUV    = 0x05
)

func newCeremony() *ceremony {
	st := &stream{seed: "k11"}
	c := &ceremony{private: st.scalar(), rpID: testRP, storedOrigin: testOrigin, digest: st.hash()}
	q := base(c.private)
	c.key = bindings.K11Key{
		RpIdHash: sha256.Sum256([]byte(testRP)), OriginHash: sha256.Sum256([]byte(testOrigin)), X: q.x, Y: q.y,
	}
	c.authData = authenticatorData(testRP, upAndUV, 7)
	c.client = c.honest()
	return c
}

func authenticatorData(rpID string, flags byte, count uint32) []byte {
	h := sha256.Sum256([]byte(rpID))
	return binary.BigEndian.AppendUint32(append(h[:], flags), count)
}

func (c *ceremony) challenge() string { return base64.RawURLEncoding.EncodeToString(c.digest[:]) }

func (c *ceremony) honest() string { return c.upToOrigin() + `,"crossOrigin":false}` }

func (c *ceremony) upToOrigin() string {
	return `{"type":"webauthn.get","challenge":"` + c.challenge() + `","origin":"` + c.storedOrigin + `"`
}

func (c *ceremony) assertion() bindings.K11Assertion {
	clientHash := sha256.Sum256([]byte(c.client))
	hash := sha256.Sum256(append(bytes.Clone(c.authData), clientHash[:]...))
	k := sha256.Sum256(hash[:])
	r, s := sign(hash[:], c.private, new(big.Int).SetBytes(k[:]))
	if half := new(big.Int).Rsh(curve().N, 1); s.Cmp(half) > 0 {
		s.Sub(curve().N, s)
	}
	a := bindings.K11Assertion{AuthenticatorData: c.authData, ClientDataJSON: []byte(c.client), R: r, S: s}
	if c.after != nil {
		c.after(&a)
	}
	return a
}

// verify returns the sign count, or the name of the error the contract named.
func (m *machine) verify(digest [32]byte, key bindings.K11Key, a bindings.K11Assertion) (uint32, string, error) {
	contract := bindings.NewK11Verifier()
	out, _, err := m.call(m.k11, contract.PackVerify(digest, key, a))
	if errors.Is(err, vm.ErrExecutionReverted) {
		fault, err := contract.UnpackError(out)
		if err != nil {
			return 0, "", fmt.Errorf("an unnamed revert %x: %w", out, err)
		}
		return 0, strings.TrimPrefix(fmt.Sprintf("%T", fault), "*bindings.K11Verifier"), nil
	}
	if err != nil {
		return 0, "", err
	}
	count, err := contract.UnpackVerify(out)
	return count, "", err
}

func (m *machine) judge(c *ceremony) (uint32, string, error) {
	return m.verify(c.digest, c.key, c.assertion())
}

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

func TestK11Faults(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	for name, f := range k11Faults() {
		c := newCeremony()
		f.change(c)
		count, got, err := m.judge(c)
		if err != nil || got != f.want {
			t.Errorf("%s: %q, %v; want %q\n%.300s", name, got, err, f.want, c.client)
		}
		if f.want == "" && count != binary.BigEndian.Uint32(c.authData[33:37]) {
			t.Errorf("%s: sign count %d", name, count)
		}
	}
}

func TestK11AuthenticatorDataLengthsAndFlags(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	m.etchAlwaysValid()
	for length := range 37 {
		c := newCeremony()
		c.authData = c.authData[:length]
		if _, got, err := m.judge(c); err != nil || got != "AuthenticatorDataTooShort" {
			t.Errorf("%d bytes: %q, %v", length, got, err)
		}
	}
	for flags := range 256 {
		c := newCeremony()
		c.authData = authenticatorData(testRP, byte(flags), 7)
		want := ""
		if flags&0x04 == 0 {
			want = "UserNotVerified"
		}
		if flags&0x01 == 0 {
			want = "UserNotPresent"
		}
		if _, got, err := m.judge(c); err != nil || got != want {
			t.Errorf("flags %02x: %q, %v; want %q", flags, got, err, want)
		}
	}
	for _, count := range []uint32{0, 1, 255, 256, 1<<31 - 1, 1 << 31, 1<<32 - 1} {
		c := newCeremony()
		c.authData = append(authenticatorData(testRP, upAndUV, count), 0xff, 0xff)
		if got, fault, err := m.judge(c); err != nil || fault != "" || got != count {
			t.Errorf("count %d: %d, %q, %v", count, got, fault, err)
		}
	}
}

// etchAlwaysValid makes every signature valid, for tests of what is signed.
func (m *machine) etchAlwaysValid() {
	m.cfg.State.SetCode(m.router, []byte{0x60, 1, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3}, 0)
}

// TestK11WithoutAnAnswer: no answer is neither yes nor no.
func TestK11WithoutAnAnswer(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	for name, f := range map[string]struct {
		code []byte
		want string
	}{
		"a one":         {[]byte{0x60, 1, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3}, ""},
		"zero":          {[]byte{0x60, 0, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3}, "SignatureInvalid"},
		"two":           {[]byte{0x60, 2, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3}, "SignatureInvalid"},
		"one in 31":     {[]byte{0x60, 1, 0x60, 1, 0x52, 0x60, 31, 0x60, 2, 0xf3}, "SignatureInvalid"},
		"one and more":  {[]byte{0x60, 1, 0x60, 0, 0x52, 0x60, 64, 0x60, 0, 0xf3}, "SignatureInvalid"},
		"no code":       {nil, "SignatureInvalid"},
		"revert":        {[]byte{0x60, 0, 0x60, 0, 0xfd}, "P256Unavailable"},
		"revert with 1": {[]byte{0x60, 1, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xfd}, "P256Unavailable"},
		"runs dry":      {[]byte{0xfe}, "P256Unavailable"},
	} {
		m.cfg.State.SetCode(m.router, f.code, 0)
		if _, got, err := m.judge(newCeremony()); err != nil || got != f.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, f.want)
		}
	}
	if _, err := m.create(t, solidity.K11Verifier, bytes.Repeat([]byte{0xee}, 20)); !errors.Is(err, vm.ErrExecutionReverted) {
		t.Errorf("a verifier over an address without code: %v", err)
	}
}

// TestK11OutOfGas: with too little gas there is no count, and no named fault
// that blames the signature.
func TestK11OutOfGas(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	c := newCeremony()
	a := c.assertion()
	contract := bindings.NewK11Verifier()
	input := contract.PackVerify(c.digest, c.key, a)
	_, enough, err := m.call(m.k11, input)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("gas: %d", enough)
	for gas := uint64(100); gas < enough+enough/8; gas += 997 {
		m.cfg.GasLimit = gas
		count, fault, err := m.verify(c.digest, c.key, a)
		if err == nil && (fault != "" || count != 7) && fault != "P256Unavailable" {
			t.Fatalf("%d gas: count %d, %q", gas, count, fault)
		}
	}
}

func TestK11VerifiesSoftwarePasskeys(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	st := &stream{seed: "software"}
	a, err := software.New(software.Environment)
	if err != nil {
		t.Fatal(err)
	}
	for _, rp := range []struct{ id, origin string }{
		{"localhost", "http://localhost:8095"}, {testRP, testOrigin}, {"agentkeys.example", "https://app.agentkeys.example"},
	} {
		cred, err := a.Enroll(t.Context(), passkey.EnrollRequest{
			RPID: rp.id, Origin: rp.origin, UserName: "AgentKeys", UserID: []byte{1}, Challenge: st.hash(),
		})
		if err != nil {
			t.Fatal(err)
		}
		key := bindings.K11Key{
			RpIdHash: cred.RPIDHash(), OriginHash: cred.OriginHash(),
			X: new(big.Int).SetBytes(cred.X[:]), Y: new(big.Int).SetBytes(cred.Y[:]),
		}
		for want := uint32(1); want <= 8; want++ {
			digest := st.hash()
			as, err := a.Assert(t.Context(), passkey.AssertRequest{Credential: cred, Challenge: digest})
			if err != nil {
				t.Fatal(err)
			}
			onChain := bindings.K11Assertion{AuthenticatorData: as.AuthenticatorData, ClientDataJSON: as.ClientDataJSON, R: as.R, S: as.S}
			if count, fault, err := m.verify(digest, key, onChain); err != nil || fault != "" || count != want {
				t.Errorf("%s: count %d, %q, %v", rp.origin, count, fault, err)
			}
			if _, fault, err := m.verify(st.hash(), key, onChain); err != nil || fault != "ChallengeMismatch" {
				t.Errorf("%s: for another operation: %q, %v", rp.origin, fault, err)
			}
		}
	}
}

// TestK11VerifiesVirtualWebAuthn takes another implementation's assertions,
// whose client data has no crossOrigin.
func TestK11VerifiesVirtualWebAuthn(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	st := &stream{seed: "virtual"}
	rp := virtualwebauthn.RelyingParty{ID: testRP, Name: "AgentKeys", Origin: testOrigin}
	for range 4 {
		private, digest := st.scalar(), st.hash()
		answer := virtualAssertion(t, rp, private, digest)
		q := base(private)
		key := bindings.K11Key{RpIdHash: sha256.Sum256([]byte(testRP)), OriginHash: sha256.Sum256([]byte(testOrigin)), X: q.x, Y: q.y}
		if count, fault, err := m.verify(digest, key, answer); err != nil || fault != "" || count != 3 {
			t.Errorf("count %d, %q, %v\n%s", count, fault, err, answer.ClientDataJSON)
		}
	}
}

func virtualAssertion(t *testing.T, rp virtualwebauthn.RelyingParty, private *big.Int, digest [32]byte) bindings.K11Assertion {
	t.Helper()
	cred := virtualwebauthn.NewCredentialWithImportedKey(virtualwebauthn.KeyTypeEC2, pkcs8(t, private))
	cred.Counter = 3
	text := virtualwebauthn.CreateAssertionResponse(rp, virtualwebauthn.NewAuthenticator(), cred, virtualwebauthn.AssertionOptions{Challenge: digest[:]})
	var answer struct {
		Response struct{ AuthenticatorData, ClientDataJSON, Signature string }
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	r, s := lowSignature(t, fromBase64(t, answer.Response.Signature))
	return bindings.K11Assertion{
		AuthenticatorData: fromBase64(t, answer.Response.AuthenticatorData),
		ClientDataJSON:    fromBase64(t, answer.Response.ClientDataJSON),
		R:                 r, S: s,
	}
}

// webauthnVectors are those of the WebAuthn specification, relying party
// example.org.
type webauthnVectors struct {
	Vectors []struct {
		Name, X, Y string
		Get        struct{ Challenge, AuthenticatorData, ClientDataJSON, Signature string }
	}
}

// TestK11OnTheSpecificationsVectors: real signatures by somebody else's hand.
// Half of them lack user verification or are cross-origin, and say so.
func TestK11OnTheSpecificationsVectors(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	want := map[string]string{
		"none-es256-long-credential-id": "", "packed-es256": "", "tpm-es256": "",
		"none-es256": "UserNotVerified", "packed-self-es256": "UserNotVerified", "android-key-es256": "UserNotVerified",
		"apple-es256": "UserNotVerified", "fido-u2f-es256": "UserNotVerified",
		"none-es256-crossOrigin": "CrossOriginRefused", "none-es256-topOrigin": "CrossOriginRefused",
	}
	raw, err := os.ReadFile("../testdata/vectors/webauthn.json")
	if err != nil {
		t.Fatal(err)
	}
	var file webauthnVectors
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) != len(want) {
		t.Fatalf("%d vectors", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		key := bindings.K11Key{
			RpIdHash: sha256.Sum256([]byte("example.org")), OriginHash: sha256.Sum256([]byte("https://example.org")),
			X: bigHex(t, v.X), Y: bigHex(t, v.Y),
		}
		r, s := lowSignature(t, unhex(t, v.Get.Signature))
		a := bindings.K11Assertion{AuthenticatorData: unhex(t, v.Get.AuthenticatorData), ClientDataJSON: unhex(t, v.Get.ClientDataJSON), R: r, S: s}
		if _, got, err := m.verify([32]byte(unhex(t, v.Get.Challenge)), key, a); err != nil || got != want[v.Name] {
			t.Errorf("%s: %q, %v; want %q", v.Name, got, err, want[v.Name])
		}
		clientHash := sha256.Sum256(a.ClientDataJSON)
		hash := sha256.Sum256(append(bytes.Clone(a.AuthenticatorData), clientHash[:]...))
		in := question(hash[:], r, s, key.X, key.Y)
		if _, err := m.expect(m.router, in[:], true); err != nil {
			t.Errorf("%s: the signature itself: %v", v.Name, err)
		}
	}
}

func lowSignature(t *testing.T, der []byte) (r, s *big.Int) {
	t.Helper()
	r, s, ok := decodeDER(der)
	if !ok {
		t.Fatalf("signature %x", der)
	}
	if s.Cmp(new(big.Int).Rsh(curve().N, 1)) > 0 {
		s.Sub(curve().N, s)
	}
	return r, s
}

func fromBase64(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func pkcs8(t *testing.T, private *big.Int) []byte {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), private.FillBytes(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
