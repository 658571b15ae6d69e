package envelope_test

import (
	"crypto/aes"
	"crypto/cipher"
	"testing"

	"github.com/litentry/agentkeys/pkg/envelope"
)

// Compare Seal with RawSeal and Open with RawOpen: the same bytes, through
// AES-256-GCM of the standard library alone.

func raw(b *testing.B) (cipher.AEAD, []byte, []byte) {
	b.Helper()
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		b.Fatal(err)
	}
	a, err := cipher.NewGCM(block)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(envelope.MaxPlaintext)
	b.ReportAllocs()
	return a, make([]byte, 12), make([]byte, envelope.MaxPlaintext)
}

func BenchmarkRawSeal1MiB(b *testing.B) {
	a, nonce, plain := raw(b)
	for b.Loop() {
		a.Seal(nil, nonce, plain, nil)
	}
}

func BenchmarkSeal1MiB(b *testing.B) {
	_, _, plain := raw(b)
	k, r := keyring(b, 1), request(b)
	for b.Loop() {
		if _, err := envelope.Seal(ctx, k, r, plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRawOpen1MiB(b *testing.B) {
	a, nonce, plain := raw(b)
	sealed := a.Seal(nil, nonce, plain, nil)
	for b.Loop() {
		if _, err := a.Open(nil, nonce, sealed, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen1MiB(b *testing.B) {
	_, _, plain := raw(b)
	k, r := keyring(b, 1), request(b)
	blob := seal(b, k, r, plain)
	for b.Loop() {
		if _, err := envelope.Open(ctx, k, r, blob); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSeal1KiB(b *testing.B) {
	k, r := keyring(b, 1), request(b)
	plain := make([]byte, 1024)
	b.SetBytes(1024)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := envelope.Seal(ctx, k, r, plain); err != nil {
			b.Fatal(err)
		}
	}
}
