package dpop

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Request is the call that a proof is made for.
type Request struct {
	Method string
	// URL is the public address of the route, without query and fragment.
	URL string
	// Token is the session or capability that the call presents, or empty.
	Token string
	// Body is the exact body; empty means none.
	Body []byte
	// Objects are the memory key or the message ids, or nil.
	Objects []string
	Now     time.Time
}

// Sign makes a fresh proof by a K10 for one call.
func Sign(key *ecdsa.PrivateKey, r Request) (string, error) {
	switch {
	case key == nil || key.Curve != crypto.S256():
		return "", errors.New("a DPoP proof needs a secp256k1 key")
	case r.Method == "" || r.URL == "" || strings.ContainsAny(r.URL, "?#"):
		return "", errors.New("a DPoP proof needs a method and a URL without query and fragment")
	case len(r.Objects) > MaxObjects:
		return "", fmt.Errorf("a DPoP proof names at most %d objects", MaxObjects)
	}
	c := claims{Method: r.Method, URL: r.URL, IssuedAt: r.Now.Unix(), ID: jose.NewID(), Objects: r.Objects}
	if r.Token != "" {
		h := hash([]byte(r.Token))
		c.TokenHash = &h
	}
	if len(r.Body) > 0 {
		h := hash(r.Body)
		c.BodyHash = &h
	}
	x, y := coordinates(&key.PublicKey)
	head, err := strictjson.Encode(header{Typ: typ, Alg: alg, JWK: jwk{Kty: kty, Crv: crv, X: jose.EncodeSegment(x[:]), Y: jose.EncodeSegment(y[:])}})
	if err != nil {
		return "", fmt.Errorf("encoding the header: %w", err)
	}
	payload, err := strictjson.Encode(c)
	if err != nil {
		return "", fmt.Errorf("encoding the claims: %w", err)
	}
	input := jose.EncodeSegment(head) + "." + jose.EncodeSegment(payload)
	digest := sha256.Sum256([]byte(input))
	sig, err := crypto.Sign(digest[:], key)
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	// The 65th byte is Ethereum's recovery id, which JWS does not have.
	return input + "." + jose.EncodeSegment(sig[:64]), nil
}
