package typeddata

import (
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Signature is a secp256k1 signature in the form that the registry takes.
type Signature struct {
	V    uint8 // 27 or 28
	R, S [32]byte
}

// DecodeSignature reads the 65 bytes r || s || v that go-ethereum's Sign
// answers (v 0 or 1) or a wallet (v 27 or 28). It refuses s above n/2, which the
// registry refuses too.
func DecodeSignature(b []byte) (Signature, error) {
	if len(b) != 65 {
		return Signature{}, fmt.Errorf("%w: a signature has 65 bytes, not %d", ErrInvalid, len(b))
	}
	v := b[64]
	if v >= 27 {
		v -= 27
	}
	s := Signature{V: v + 27, R: [32]byte(b[:32]), S: [32]byte(b[32:64])}
	if !s.wellFormed() {
		return Signature{}, fmt.Errorf("%w: the signature is not a secp256k1 signature with low s", ErrInvalid)
	}
	return s, nil
}

// Bytes is r || s || v with v 27 or 28.
func (s Signature) Bytes() []byte {
	out := make([]byte, 0, 65)
	out = append(out, s.R[:]...)
	out = append(out, s.S[:]...)
	return append(out, s.V)
}

// VerifyConsent checks what the registry will check: that the agent's own key
// signed exactly this consent for this contract.
func VerifyConsent(o AgentConsent, d Domain, s Signature) error {
	if !s.wellFormed() {
		return fmt.Errorf("%w: the agent's signature is not a secp256k1 signature with low s", ErrInvalid)
	}
	digest, sig := Digest(o, d), s.Bytes()
	sig[64] -= 27
	key, err := crypto.SigToPub(digest[:], sig)
	if err != nil {
		return fmt.Errorf("%w: the agent's signature is nobody's: %w", ErrInvalid, err)
	}
	if signer := crypto.PubkeyToAddress(*key); signer != o.Agent {
		return fmt.Errorf("%w: the consent was signed by %s, not by agent %s, or over something else", ErrInvalid, signer, o.Agent)
	}
	return nil
}

// wellFormed holds for v 27 or 28 and r and s in range, s at most n/2.
func (s Signature) wellFormed() bool {
	return crypto.ValidateSignatureValues(s.V-27, common.Hash(s.R).Big(), common.Hash(s.S).Big(), true)
}
