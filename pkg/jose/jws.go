package jose

import (
	"crypto/elliptic"
	"fmt"
	"math/big"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// alg is the one algorithm of this package; crv the one curve.
const (
	alg = "ES256"
	crv = "P-256"
)

// header is the whole of a protected header.
type header struct {
	Alg string `json:"alg"`
	Typ string `json:"typ"`
	Kid string `json:"kid"`
}

// Sign makes the compact token of type typ over payload.
func Sign(k PrivateKey, typ string, payload []byte) (string, error) {
	if k.reveal == nil || typ == "" || len(payload) == 0 {
		return "", fmt.Errorf("%w: nothing to sign with, or nothing to sign", ErrInvalid)
	}
	h, err := strictjson.Encode(header{Alg: alg, Typ: typ, Kid: k.public.kid})
	if err != nil {
		return "", fmt.Errorf("encoding the header: %w", err)
	}
	input := EncodeSegment(h) + "." + EncodeSegment(payload)
	es256, err := jws.NewSigner(jwa.ES256)
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	sig, err := es256.Sign([]byte(input), k.reveal())
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	token := input + "." + EncodeSegment(lowerS(sig))
	if len(token) > MaxToken {
		return "", fmt.Errorf("%w: the token would have %d bytes, at most %d", ErrForm, len(token), MaxToken)
	}
	return token, nil
}

// Verify returns the payload of a token of type typ that a key of the set
// signed, and only of that.
func (s KeySet) Verify(token, typ string) (payload []byte, err error) {
	payload, _, err = s.VerifyBy(token, typ)
	return payload, err
}

// VerifyBy is Verify that also tells which key signed, by its thumbprint.
func (s KeySet) VerifyBy(token, typ string) (payload []byte, by string, err error) {
	c, err := Split(token)
	if err != nil {
		return nil, "", err
	}
	var h header
	if err := strictjson.Decode(c.Header, &h); err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrHeader, err)
	}
	if h.Alg != alg {
		return nil, "", fmt.Errorf("%w: alg is not %s", ErrHeader, alg)
	}
	if typ == "" || h.Typ != typ {
		return nil, "", fmt.Errorf("%w: typ is not %s", ErrHeader, typ)
	}
	key, ok := s.find(h.Kid)
	if !ok {
		return nil, "", ErrUnknownKey
	}
	if err := key.verify(c.Input, c.Signature); err != nil {
		return nil, "", err
	}
	return c.Payload, key.kid, nil
}

// verify checks an ES256 signature in its one form: r || s, 64 bytes, low s.
// The library checks neither form nor curve; the curve is P-256 because no
// other PublicKey exists.
func (k PublicKey) verify(input string, sig []byte) error {
	if len(sig) != 64 {
		return fmt.Errorf("%w: %d bytes, want r || s of 64", ErrSignature, len(sig))
	}
	if new(big.Int).SetBytes(sig[32:]).Cmp(halfOrder()) > 0 {
		return fmt.Errorf("%w: s is in the upper half", ErrSignature)
	}
	es256, err := jws.NewVerifier(jwa.ES256)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	if err := es256.Verify([]byte(input), sig, k.key); err != nil {
		return fmt.Errorf("%w: it does not verify", ErrSignature)
	}
	return nil
}

// lowerS replaces s by n - s where that is smaller: both verify, one is used.
func lowerS(sig []byte) []byte {
	s := new(big.Int).SetBytes(sig[32:])
	if s.Cmp(halfOrder()) > 0 {
		s.Sub(elliptic.P256().Params().N, s).FillBytes(sig[32:])
	}
	return sig
}

func halfOrder() *big.Int { return new(big.Int).Rsh(elliptic.P256().Params().N, 1) }
