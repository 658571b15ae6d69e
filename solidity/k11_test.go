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
		if len(out) < 4 { // UnpackError would panic
			return 0, "", fmt.Errorf("an empty revert: %w", err)
		}
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
