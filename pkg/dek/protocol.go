// Package dek is the protocol in which a worker asks the signer for the data
// key of one object, and in which signers hand each other the key of an epoch.
//
// The laws that hold here:
//
//   - A worker proves which worker it is with a short-lived [Session]: a JWS by
//     its identity key (ES256) over its class, an expiry and a fresh HPKE key.
//     The signer's configuration lists identity keys by class ([Workers]).
//   - A data key leaves the signer only sealed to that HPKE key (RFC 9180, base
//     mode, DHKEM X25519, HKDF-SHA256, AES-256-GCM), with the hash of the exact
//     request as associated data: another worker's key does not open it, and an
//     answer to one request is no answer to another.
//   - Every answer is signed by the signer's identity key over the hash of the
//     request and the hash of the answer. A worker pins that key; what nobody
//     pinned signed is no answer ([ErrAnswer]), also when it came over TLS.
//   - The worker passes on what it was shown (capability, proof) and not what it
//     was sent: of a body the signer learns the SHA-256, never the secret.
//
// It decides nothing: who may have a key is decided by the signer role from
// the chain, the wrap by package keys.
package dek

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/secret"
)

// Paths of the signer that this protocol uses.
const (
	PathNew    = "/v1/dek/new"
	PathUnwrap = "/v1/dek/unwrap"
)

// ErrAnswer is wrapped by every refusal of an answer that no pinned signer
// gave to this very request.
var ErrAnswer = errors.New("not an answer of a pinned signer to this request")

// Request asks for the data key of one object.
type Request struct {
	Worker     string `json:"worker"`     // the worker's session
	Capability string `json:"capability"` // as it was presented
	Proof      string `json:"proof"`      // as it was presented
	Method     string `json:"method"`     // of the worker's own request
	URL        string `json:"url"`        // of the worker's own request
	// BodyHash is base64url SHA-256 of the body that the proof covers.
	BodyHash string `json:"body_sha256,omitzero"`
	Object   Object `json:"object,omitzero"`
	// Wrap is what is to be unwrapped; absent when a key is to be made.
	Wrap *Wrap `json:"wrap,omitzero"`
	// Sealed is a data key that a router sealed to the actor, in place of Wrap:
	// 80 bytes, base64url.
	Sealed *Seal `json:"sealed,omitzero"`
}

// Object names one object within the service that the capability names.
type Object struct {
	Key     string `json:"key,omitzero"` // memory key or message id; empty for credentials
	Version uint64 `json:"version,omitzero"`
}

// Wrap is a wrapped data key on the wire.
type Wrap struct {
	Epoch uint64 `json:"epoch"`
	Bytes string `json:"bytes"` // base64url, keys.WrapSize bytes
}

// Seal is a sealed data key on the wire (see keys.SealTo).
type Seal struct {
	Epoch uint64 `json:"epoch"`
	Bytes string `json:"bytes"` // base64url
}

// Key is the answer: the data key for the worker's eyes, and the wrap to keep.
type Key struct {
	Wrap   *Wrap  `json:"wrap,omitzero"` // of a fresh key only
	Sealed string `json:"sealed"`        // base64url of the HPKE encapsulated key and ciphertext
}

// PackWrap is the wire form of a wrapped data key.
func PackWrap(w keys.Wrapped) Wrap {
	return Wrap{Epoch: w.Epoch, Bytes: jose.EncodeSegment(w.Bytes[:])}
}

// Unpack reads the wire form.
func (w Wrap) Unpack() (keys.Wrapped, error) {
	b, err := jose.DecodeSegment(w.Bytes)
	if err != nil || len(b) != keys.WrapSize {
		return keys.Wrapped{}, fmt.Errorf("a wrapped data key is %d bytes of base64url", keys.WrapSize)
	}
	return keys.Wrapped{Epoch: w.Epoch, Bytes: [keys.WrapSize]byte(b)}, nil
}

// RequestHash is what an answer is bound to: path and exact body of a request,
// and the DPoP proof that came with it, empty where the proof stands in the
// body. Each part is preceded by its length, so that no two requests share it.
func RequestHash(path string, body []byte, proof string) [sha256.Size]byte {
	h := sha256.New()
	for _, p := range [][]byte{[]byte("agentkeys/signer-request/v1"), []byte(path), body, []byte(proof)} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

const (
	publicSize = 32 // of an X25519 key
	encSize    = 32 // of its encapsulation
	tagSize    = 16
)

func kem() hpke.KEM { return hpke.DHKEM(ecdh.X25519()) }

// sealTo seals a secret to a session's HPKE key.
func sealTo(public []byte, info string, hash [sha256.Size]byte, s secret.Secret) (string, error) {
	pk, err := kem().NewPublicKey(public)
	if err != nil {
		return "", fmt.Errorf("reading the key to seal to: %w", err)
	}
	enc, sender, err := hpke.NewSender(pk, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(info))
	if err != nil {
		return "", fmt.Errorf("sealing: %w", err)
	}
	ct, err := sender.Seal(hash[:], s.Reveal())
	if err != nil {
		return "", fmt.Errorf("sealing: %w", err)
	}
	return jose.EncodeSegment(append(enc, ct...)), nil
}

// openWith opens what sealTo made of 32 bytes.
func openWith(k hpke.PrivateKey, info string, hash [sha256.Size]byte, sealed string) (secret.Secret, error) {
	b, err := jose.DecodeSegment(sealed)
	if err != nil || len(b) != encSize+keys.Size+tagSize {
		return secret.Secret{}, fmt.Errorf("%w: what is sealed is not one key", ErrAnswer)
	}
	r, err := hpke.NewRecipient(b[:encSize], k, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(info))
	if err != nil {
		return secret.Secret{}, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	plain, err := r.Open(hash[:], b[encSize:])
	if err != nil {
		return secret.Secret{}, fmt.Errorf("%w: it is not sealed to this session", ErrAnswer)
	}
	return secret.Own(plain), nil
}
