// Package dpop makes and checks DPoP proofs (RFC 9449): a signature by a
// device key K10 over one request, so that a stolen token is worth nothing.
//
// A proof is a JWS with alg ES256K (RFC 8812; secp256k1) and typ dpop+jwt. Its
// header holds typ, alg and jwk and nothing else. Its claims are htm, htu, iat,
// jti, ath when a token is presented, and two members of our own: bh, the
// base64url SHA-256 of the exact body bytes when there is a body, and obj, the
// names of the objects that the call is about.
//
// The laws that hold here:
//
//   - Only [Verifier.Verify] yields a [Proof].
//   - The key in the header proves nothing by itself: it must have the
//     thumbprint or the device key hash that the caller expects, and a caller
//     that expects neither is refused.
//   - htu is compared byte by byte with the URL that the caller configured.
//     Nothing is normalised: the two sides that speak are ours.
//   - ath, bh and obj are there exactly when token, body and objects are. A
//     verifier that must not see the body compares bh with the body's hash.
//   - That the objects are others is told apart, with a code of its own, but
//     only of a proof that is right in everything else.
//   - A proof is accepted from [MaxAge] after it was made to [Leeway] before
//     (clocks differ), and once: the [Guard] is asked last, so that only a
//     proof that is right in everything else is remembered. Its key is the one
//     that a verified session or capability names: whoever makes up keys fills
//     nothing.
//   - One key cannot take the room of the others in the guard; see [Memory].
//   - A signature is r || s with s in the lower half: go-ethereum's
//     VerifySignature refuses the other one.
//
// It does not know which device may do what, and sets no nonce of the server
// (RFC 9449 section 8).
package dpop

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
)

const (
	typ = "dpop+jwt"
	alg = "ES256K"
	crv = "secp256k1"
	kty = "EC"
)

const (
	// MaxAge is how long after its making a proof is accepted.
	MaxAge = 60 * time.Second
	// Leeway is how far in the future a proof may have been made.
	Leeway = 5 * time.Second
	// MaxObjects bounds obj.
	MaxObjects = 50
)

type header struct {
	Typ string `json:"typ"`
	Alg string `json:"alg"`
	JWK jwk    `json:"jwk"`
}

type jwk struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y"`
}

type claims struct {
	Method    string   `json:"htm"`
	URL       string   `json:"htu"`
	IssuedAt  int64    `json:"iat"`
	ID        string   `json:"jti"`
	TokenHash *string  `json:"ath,omitzero"`
	BodyHash  *string  `json:"bh,omitzero"`
	Objects   []string `json:"obj,omitzero"`
}

// Proof is a verified proof of possession.
type Proof struct {
	address    common.Address
	thumbprint string
	issued     time.Time
}

// Address is the EVM address of the key that proved itself.
func (p Proof) Address() common.Address { return p.address }

// Device is the device key hash of the key that proved itself.
func (p Proof) Device() omni.DeviceKey { return omni.DeviceKeyOfAddress(p.address) }

// Thumbprint is the RFC 7638 thumbprint of the key that proved itself.
func (p Proof) Thumbprint() string { return p.thumbprint }

// IssuedAt is when the proof says that it was made.
func (p Proof) IssuedAt() time.Time { return p.issued }

// Thumbprint is the RFC 7638 thumbprint of a K10: the jkt of tokens bound to it.
func Thumbprint(k *ecdsa.PublicKey) string {
	x, y := coordinates(k)
	return jose.Thumbprint(crv, x, y)
}

func coordinates(k *ecdsa.PublicKey) (x, y [32]byte) {
	raw := crypto.FromECDSAPub(k)
	return [32]byte(raw[1:33]), [32]byte(raw[33:65])
}

// hash is the base64url SHA-256 that ath and bh carry.
func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return jose.EncodeSegment(sum[:])
}
