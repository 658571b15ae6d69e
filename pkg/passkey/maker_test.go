package passkey_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"github.com/litentry/agentkeys/pkg/passkey"
)

const (
	testRP     = "companion.localhost"
	testOrigin = "http://companion.localhost:8095"
	flags      = 0x05 // user present and verified
	attested   = 0x40
)

// maker makes ceremony answers of which every part can be wrong. What it signs
// is what the test left, so that only the one fault can be the reason of a
// refusal.
type maker struct {
	t       *testing.T
	private *ecdsa.PrivateKey
	enroll  passkey.EnrollRequest
	assert  passkey.AssertRequest

	id         []byte
	client     string
	cose       any
	format     string
	statement  any
	authData   []byte // whole; nil: made of the fields above
	flags      byte
	trailing   []byte // behind authenticator data
	after      []byte // behind the attestation object
	signature  func([]byte) []byte
	statements bool // sign a packed self-attestation
	unflagged  bool // credential data without its flag
}

func newMaker(t *testing.T) *maker {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	x, y := coordinates(t, &private.PublicKey)
	m := &maker{
		t: t, private: private, id: []byte("credential"), flags: flags, format: "none", statement: struct{}{},
		enroll: passkey.EnrollRequest{RPID: testRP, Origin: testOrigin, UserName: "AgentKeys", UserID: []byte{1}, Challenge: [32]byte{1, 2, 3}},
	}
	m.cose = map[int]any{1: 2, 3: -7, -1: 1, -2: x[:], -3: y[:]}
	m.assert = passkey.AssertRequest{
		Credential: passkey.Credential{ID: m.id, RPID: testRP, Origin: testOrigin, X: x, Y: y, SignCount: 6},
		Challenge:  [32]byte{4, 5, 6},
	}
	return m
}

func coordinates(t *testing.T, pub *ecdsa.PublicKey) (x, y [32]byte) {
	t.Helper()
	b, err := pub.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return [32]byte(b[1:33]), [32]byte(b[33:])
}

func clientData(ceremony string, challenge [32]byte, origin string) string {
	return `{"type":"` + ceremony + `","challenge":"` + base64.RawURLEncoding.EncodeToString(challenge[:]) + `","origin":"` + origin + `","crossOrigin":false}`
}

func (m *maker) marshal(v any) []byte {
	m.t.Helper()
	mode, err := cbor.CTAP2EncOptions().EncMode()
	if err != nil {
		m.t.Fatal(err)
	}
	b, err := mode.Marshal(v)
	if err != nil {
		m.t.Fatal(err)
	}
	return b
}

func authData(rpID string, flags byte, count uint32) []byte {
	h := sha256.Sum256([]byte(rpID))
	return binary.BigEndian.AppendUint32(append(h[:], flags), count)
}

func (m *maker) enrollment() passkey.EnrollmentResponse {
	m.t.Helper()
	if m.client == "" {
		m.client = clientData("webauthn.create", m.enroll.Challenge, testOrigin)
	}
	data := m.authData
	if data == nil {
		data = authData(testRP, m.flags|attested, 0)
		if m.unflagged {
			data[32] &^= attested
		}
		data = append(data, make([]byte, 16)...)
		data = binary.BigEndian.AppendUint16(data, uint16(len(m.id)))
		data = append(data, m.id...)
		data = append(append(data, m.marshal(m.cose)...), m.trailing...)
	}
	if m.statements {
		m.format, m.statement = "packed", map[string]any{"alg": -7, "sig": m.sign(data)}
	}
	object := m.marshal(map[string]any{"fmt": m.format, "attStmt": m.statement, "authData": data})
	return passkey.EnrollmentResponse{
		CredentialID: m.id, ClientDataJSON: []byte(m.client), AttestationObject: append(object, m.after...),
	}
}

func (m *maker) assertion() passkey.AssertionResponse {
	m.t.Helper()
	if m.client == "" {
		m.client = clientData("webauthn.get", m.assert.Challenge, testOrigin)
	}
	data := m.authData
	if data == nil {
		data = authData(testRP, m.flags, 7)
	}
	data = append(data, m.trailing...)
	sig := m.sign(data)
	if m.signature != nil {
		sig = m.signature(sig)
	}
	return passkey.AssertionResponse{
		CredentialID: m.id, AuthenticatorData: data, ClientDataJSON: []byte(m.client), Signature: sig,
	}
}

func (m *maker) sign(data []byte) []byte {
	m.t.Helper()
	clientHash := sha256.Sum256([]byte(m.client))
	hash := sha256.Sum256(append(bytes.Clone(data), clientHash[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, m.private, hash[:])
	if err != nil {
		m.t.Fatal(err)
	}
	return sig
}

func order() *big.Int { return elliptic.P256().Params().N }
