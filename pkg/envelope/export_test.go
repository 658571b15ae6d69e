package envelope

import (
	"context"
	"crypto/cipher"
	"io"

	"github.com/litentry/agentkeys/pkg/keys"
)

// SealWith is Seal with another random source than crypto/rand.
func SealWith(ctx context.Context, dk keys.DataKeys, r keys.Request, plaintext []byte, random io.Reader) ([]byte, error) {
	return seal(ctx, dk, r, plaintext, plain, random)
}

// SealVersionedWith is SealVersioned likewise.
func SealVersionedWith(ctx context.Context, dk keys.DataKeys, r keys.Request, plaintext []byte, random io.Reader) ([]byte, error) {
	return seal(ctx, dk, r, plaintext, versioned, random)
}

// Derive gives the tests that build forgeries what only Seal and Open use.
func Derive(dek keys.DEK, b keys.Binding, nonce [nonceSize]byte) (cipher.AEAD, [commitmentSize]byte, []byte, error) {
	return derive(dek, b, nonce, plain)
}

// HeaderSize is where the ciphertext begins.
const HeaderSize = headerSize
