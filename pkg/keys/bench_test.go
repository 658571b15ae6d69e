package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"testing"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

func benchRequest(b *testing.B) Request {
	b.Helper()
	n, err := service.Parse("github")
	if err != nil {
		b.Fatal(err)
	}
	return Request{Epoch: 1, Binding: Binding{Class: service.Credentials, Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2}), Service: n}}
}

// BenchmarkRaw is what a data key costs at least: HKDF-SHA256 of 64 bytes and
// AES-256-GCM over 32, each way.
func BenchmarkRaw(b *testing.B) {
	key, nonce, dek, aad := make([]byte, 32), make([]byte, 12), make([]byte, 32), make([]byte, 180)
	for _, c := range []struct {
		name string
		open bool
	}{{"Open", true}, {"Seal", false}} {
		b.Run(c.name, func(b *testing.B) {
			var sealed []byte
			for i := 0; b.Loop(); i++ {
				okm, err := hkdf.Key(sha256.New, key, nil, string(aad[:120]), 64)
				if err != nil {
					b.Fatal(err)
				}
				block, err := aes.NewCipher(okm[:32])
				if err != nil {
					b.Fatal(err)
				}
				aead, err := cipher.NewGCM(block)
				if err != nil {
					b.Fatal(err)
				}
				if !c.open || i == 0 {
					_, _ = rand.Read(dek)
					sealed = aead.Seal(nil, nonce, dek, aad)
				}
				if c.open {
					if _, err := aead.Open(nil, nonce, sealed, aad); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkUnwrap(b *testing.B) {
	k, r := made(b, 3), benchRequest(b)
	_, w, err := k.New(b.Context(), r)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		dek, err := k.Unwrap(b.Context(), r, w)
		if err != nil {
			b.Fatal(err)
		}
		dek.Destroy()
	}
}

func BenchmarkNew(b *testing.B) {
	k, r := made(b, 3), benchRequest(b)
	b.ReportAllocs()
	for b.Loop() {
		dek, _, err := k.New(b.Context(), r)
		if err != nil {
			b.Fatal(err)
		}
		dek.Destroy()
	}
}

func BenchmarkOpenSeal(b *testing.B) {
	k, r := made(b, 1), benchRequest(b)
	dek, _, err := k.New(b.Context(), r)
	if err != nil {
		b.Fatal(err)
	}
	public, epoch, err := k.SealKey(SealBinding{r.Binding.Class, r.Binding.Operator, r.Binding.Actor}, 0)
	if err != nil {
		b.Fatal(err)
	}
	sealed, err := SealTo(public, r.Binding, epoch, dek)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := k.OpenSeal(b.Context(), r.Binding, epoch, sealed); err != nil {
			b.Fatal(err)
		}
	}
}
