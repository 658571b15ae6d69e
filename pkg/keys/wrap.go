package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/litentry/agentkeys/pkg/secret"
)

const (
	wrapNonce = 12
	wrapTag   = 16
)

// kek is the key-encryption key of one (epoch, class, operator, actor), with
// the key that draws its nonces. It lives for one call.
type kek struct {
	aead     cipher.AEAD
	nonceKey []byte
}

// deriveKEK expands K3 for the binding (RFC 5869; K3 is uniformly random, so
// the context stands in info and the salt stays empty). The first 32 bytes are
// the KEK; the second key its nonces.
func deriveKEK(k3 secret.Secret, b Binding) (kek, error) {
	if k3.Len() != Size {
		return kek{}, errors.New("derive the KEK: there is no key of this epoch")
	}
	okm, err := hkdf.Key(sha256.New, k3.Reveal(), nil, b.kekInfo(), 2*Size)
	if err != nil {
		return kek{}, fmt.Errorf("derive the KEK: %w", err)
	}
	defer clear(okm[:Size])
	block, err := aes.NewCipher(okm[:Size])
	if err != nil {
		return kek{}, fmt.Errorf("derive the KEK: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return kek{}, fmt.Errorf("derive the KEK: %w", err)
	}
	return kek{aead, okm[Size:]}, nil
}

// wrap encrypts a DEK under the KEK with AES-256-GCM.
//
// Many DEKs share a KEK, and one repeated nonce would give away GCM's
// authentication key. So the nonce is a MAC over fresh random bytes, the AAD and
// the DEK: it repeats only with all three, and then the output is the same
// bytes again, which tell nothing.
func (k kek) wrap(random io.Reader, dek DEK, aad []byte) (out [WrapSize]byte, err error) {
	var fresh [wrapNonce]byte
	if _, err := io.ReadFull(random, fresh[:]); err != nil {
		return out, fmt.Errorf("draw a nonce: %w", err)
	}
	mac := hmac.New(sha256.New, k.nonceKey)
	mac.Write(fresh[:])
	mac.Write(number(nil, uint64(len(aad))))
	mac.Write(aad)
	mac.Write(dek.Reveal())
	nonce := mac.Sum(nil)[:wrapNonce]
	copy(out[:], nonce)
	k.aead.Seal(out[wrapNonce:wrapNonce], nonce, dek.Reveal(), aad)
	return out, nil
}

// unwrap opens what wrap made, and nothing else.
func (k kek) unwrap(w [WrapSize]byte, aad []byte) (DEK, error) {
	var raw [Size]byte
	defer clear(raw[:])
	b, err := k.aead.Open(raw[:0], w[:wrapNonce], w[wrapNonce:], aad)
	if err != nil {
		return DEK{}, fmt.Errorf("open the wrap: %w", err)
	}
	return NewDEK(b)
}

// drawDEK reads a fresh data key.
func drawDEK(random io.Reader) (DEK, error) {
	var raw [Size]byte
	defer clear(raw[:])
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return DEK{}, fmt.Errorf("draw a data key: %w", err)
	}
	return NewDEK(raw[:])
}

// constant reports whether all bytes are alike. The chance that 32 honest
// random bytes are is 2^-248.
func constant(b []byte) bool {
	for _, c := range b {
		if c != b[0] {
			return false
		}
	}
	return true
}
