package jose

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"fmt"
	"slices"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Bounds of a key set that is read.
const (
	maxSetBytes = 64 << 10
	maxSetKeys  = 16
)

// JWK is the one form in which this system writes and reads a public key.
type JWK struct {
	Kty string   `json:"kty"`
	Crv string   `json:"crv"`
	X   string   `json:"x"`
	Y   string   `json:"y"`
	Kid string   `json:"kid"`
	Use string   `json:"use"`
	Alg string   `json:"alg"`
	X5c []string `json:"x5c,omitzero"`
}

// JWKS is a key set as published.
type JWKS struct {
	Keys []JWK `json:"keys"`
}

// KeySet is an immutable set of public keys by thumbprint, in the order in
// which they are published. The zero value verifies nothing.
type KeySet struct{ keys []PublicKey }

// NewKeySet refuses an empty set and a key given twice.
func NewKeySet(keys ...PublicKey) (KeySet, error) {
	if len(keys) == 0 {
		return KeySet{}, fmt.Errorf("%w: a key set without keys", ErrKey)
	}
	for i, k := range keys {
		if k.key == nil {
			return KeySet{}, fmt.Errorf("%w: an empty key", ErrKey)
		}
		if _, twice := (KeySet{keys[:i]}).find(k.kid); twice {
			return KeySet{}, fmt.Errorf("%w: kid %s is there twice", ErrKey, k.kid)
		}
	}
	return KeySet{slices.Clone(keys)}, nil
}

// ParseKeySet reads a published key set. Every key must be an ES256 signing
// key whose kid is its thumbprint.
func ParseKeySet(b []byte) (KeySet, error) {
	if len(b) > maxSetBytes {
		return KeySet{}, fmt.Errorf("%w: a key set of %d bytes, at most %d", ErrKey, len(b), maxSetBytes)
	}
	var set JWKS
	if err := strictjson.Decode(b, &set); err != nil {
		return KeySet{}, fmt.Errorf("%w: %w", ErrKey, err)
	}
	if len(set.Keys) > maxSetKeys {
		return KeySet{}, fmt.Errorf("%w: %d keys, at most %d", ErrKey, len(set.Keys), maxSetKeys)
	}
	var keys []PublicKey
	for _, j := range set.Keys {
		k, err := j.key()
		if err != nil {
			return KeySet{}, err
		}
		keys = append(keys, k)
	}
	return NewKeySet(keys...)
}

// Pin keeps exactly the keys with these thumbprints: what a host was told out
// of band, whatever else the set holds.
func (s KeySet) Pin(thumbprints ...string) (KeySet, error) {
	var keys []PublicKey
	for _, t := range thumbprints {
		k, ok := s.find(t)
		if !ok {
			return KeySet{}, fmt.Errorf("%w: the key set lacks the pinned key %q", ErrKey, t)
		}
		keys = append(keys, k)
	}
	return NewKeySet(keys...)
}

// Thumbprints lists the keys.
func (s KeySet) Thumbprints() []string {
	var out []string
	for _, k := range s.keys {
		out = append(out, k.kid)
	}
	return out
}

// Keys returns the keys in the order of the set.
func (s KeySet) Keys() []PublicKey { return slices.Clone(s.keys) }

// JWKS is the form to publish.
func (s KeySet) JWKS() JWKS {
	out := JWKS{Keys: []JWK{}}
	for _, k := range s.keys {
		out.Keys = append(out.Keys, k.jwk())
	}
	return out
}

func (s KeySet) find(kid string) (PublicKey, bool) {
	for _, k := range s.keys {
		if k.kid == kid {
			return k, true
		}
	}
	return PublicKey{}, false
}

func (k PublicKey) jwk() JWK {
	raw, err := k.key.Bytes()
	if err != nil { // NewPublicKey made the same call
		panic("jose: a key that was valid is not: " + err.Error())
	}
	j := JWK{
		Kty: "EC", Crv: crv, X: EncodeSegment(raw[1:33]), Y: EncodeSegment(raw[33:]),
		Kid: k.kid, Use: "sig", Alg: alg,
	}
	if k.certificate != nil {
		// RFC 7517 section 4.7: x5c is base64, not base64url.
		j.X5c = []string{base64.StdEncoding.EncodeToString(k.certificate)}
	}
	return j
}

func (j JWK) key() (PublicKey, error) {
	if j.Kty != "EC" || j.Crv != crv || j.Use != "sig" || j.Alg != alg {
		return PublicKey{}, fmt.Errorf("%w: not an EC %s key with use sig and alg %s", ErrKey, crv, alg)
	}
	x, err := DecodeCoordinate(j.X)
	if err != nil {
		return PublicKey{}, err
	}
	y, err := DecodeCoordinate(j.Y)
	if err != nil {
		return PublicKey{}, err
	}
	p, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x[:], y[:]))
	if err != nil {
		return PublicKey{}, fmt.Errorf("%w: not a point of %s", ErrKey, crv)
	}
	k, err := NewPublicKey(p)
	if err != nil {
		return PublicKey{}, err
	}
	if j.Kid != k.kid {
		return PublicKey{}, fmt.Errorf("%w: kid is not the key's thumbprint", ErrKey)
	}
	if len(j.X5c) == 0 {
		return k, nil
	}
	der, err := base64.StdEncoding.Strict().DecodeString(j.X5c[0])
	if err != nil || len(j.X5c) != 1 {
		return PublicKey{}, fmt.Errorf("%w: x5c is not one certificate", ErrKey)
	}
	return k.withCertificate(der)
}
