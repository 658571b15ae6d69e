package envelope_test

import (
	"crypto/aes"
	"crypto/cipher"
	"runtime"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/envelope"
)

// BenchmarkAgainstRaw seals and opens 1 MiB in turns with AES-256-GCM of the
// standard library alone, each into memory that it allocates, and reports the
// ratio: taking turns, both meet the same machine.
//
// The heap is that of a role at work, 64 MiB: in the 4 MiB of an empty process
// the collector runs after every third object and is what one measures.
func BenchmarkAgainstRaw(b *testing.B) {
	heap := make([]byte, 64<<20)
	defer runtime.KeepAlive(heap)
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		b.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		b.Fatal(err)
	}
	nonce, plain := make([]byte, 12), make([]byte, envelope.MaxPlaintext)
	rawSealed := aead.Seal(nil, nonce, plain, nil)
	k, r := keyring(b, 1), request(b)
	sealed := seal(b, k, r, plain)
	for _, c := range []struct {
		name      string
		raw, ours func() error
	}{
		{
			"seal", func() error { aead.Seal(nil, nonce, plain, nil); return nil },
			func() error { _, err := envelope.Seal(ctx, k, r, plain); return err },
		},
		{
			"open", func() error { _, err := aead.Open(nil, nonce, rawSealed, nil); return err },
			func() error { _, err := envelope.Open(ctx, k, r, sealed); return err },
		},
	} {
		b.Run(c.name, func(b *testing.B) {
			var raw, ours time.Duration
			for b.Loop() {
				raw += timed(b, c.raw)
				ours += timed(b, c.ours)
			}
			perOp := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(b.N) }
			b.ReportMetric(perOp(raw), "raw-µs/op")
			b.ReportMetric(perOp(ours), "envelope-µs/op")
			b.ReportMetric(100*float64(raw)/float64(ours), "%ofraw")
			b.ReportMetric(0, "ns/op") // both together: says nothing
		})
	}
}

func timed(b *testing.B, f func() error) time.Duration {
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func BenchmarkSeal1KiB(b *testing.B) {
	k, r := keyring(b, 1), request(b)
	plain := make([]byte, 1024)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := envelope.Seal(ctx, k, r, plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen1KiB(b *testing.B) {
	k, r := keyring(b, 1), request(b)
	blob := seal(b, k, r, make([]byte, 1024))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := envelope.Open(ctx, k, r, blob); err != nil {
			b.Fatal(err)
		}
	}
}
