package dek

import (
	"crypto/sha256"
	"fmt"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// AnswerType is the JOSE type of a signature over an answer.
const AnswerType = "agentkeys-answer+jwt"

// Signed is what a signer answers: the JSON text of the answer, and a JWS by
// its identity key over the hashes of request and text.
type Signed struct {
	Body      string `json:"body"`
	Signature string `json:"signature"`
}

type answerClaims struct {
	Request string `json:"req"`  // base64url SHA-256, see RequestHash
	Body    string `json:"body"` // base64url SHA-256 of Signed.Body
}

// Sign makes the signed answer v to the request with this hash.
func Sign(identity jose.PrivateKey, hash [sha256.Size]byte, v any) (Signed, error) {
	body, err := strictjson.Encode(v)
	if err != nil {
		return Signed{}, fmt.Errorf("encoding an answer: %w", err)
	}
	payload, err := strictjson.Encode(claimsOf(hash, body))
	if err != nil {
		return Signed{}, fmt.Errorf("encoding a signature: %w", err)
	}
	s, err := jose.Sign(identity, AnswerType, payload)
	return Signed{string(body), s}, err
}

func claimsOf(hash [sha256.Size]byte, body []byte) answerClaims {
	sum := sha256.Sum256(body)
	return answerClaims{Request: jose.EncodeSegment(hash[:]), Body: jose.EncodeSegment(sum[:])}
}

// Open reads the answer to the request with this hash into v, if a key of the
// set signed exactly that. Every refusal wraps ErrAnswer.
func (s Signed) Open(pinned jose.KeySet, hash [sha256.Size]byte, v any) error {
	payload, err := pinned.Verify(s.Signature, AnswerType)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	var c answerClaims
	if err := strictjson.Decode(payload, &c); err != nil {
		return fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	if c != claimsOf(hash, []byte(s.Body)) {
		return fmt.Errorf("%w: the signature is over another request or answer", ErrAnswer)
	}
	if err := strictjson.DecodeAnswer([]byte(s.Body), v); err != nil {
		return fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	return nil
}
