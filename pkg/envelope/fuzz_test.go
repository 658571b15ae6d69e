package envelope_test

import (
	"bytes"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
)

// FuzzOpen: whatever is not byte for byte the one genuine envelope is refused
// with envelope_invalid, also when every part that needs no key is right.
func FuzzOpen(f *testing.F) {
	k, r := keyring(f, 1), request(f)
	blob := seal(f, k, r, []byte("the one genuine plaintext"))
	dk := fixedKeys{1: dek(f, "a data key for every wrap there.")}
	// The same bytes in every process that fuzzes.
	genuine, err := envelope.SealWith(ctx, dk, r, []byte("the one genuine plaintext"), bytes.NewReader([]byte("twelve bytes")))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{nil, blob, genuine, blob[:envelope.Overhead], blob[:14], append(bytes.Clone(blob), 0), []byte("AKEV\x01\x02")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, c := range []struct {
			dk      keys.DataKeys
			genuine []byte
		}{{k, blob}, {dk, genuine}} {
			given := bytes.Clone(in)
			s, err := envelope.Open(ctx, c.dk, r, in)
			if !bytes.Equal(in, given) {
				t.Fatal("the input was changed")
			}
			if bytes.Equal(in, c.genuine) {
				if err != nil {
					t.Fatal(err)
				}
				continue
			}
			if _, ok := c.dk.(fixedKeys); ok && err == nil && sameButWrap(in, c.genuine) {
				continue // these keys do not look at the wrap
			}
			if err == nil || s.Len() != 0 {
				t.Fatalf("opened a forgery: %v", err)
			}
			if code := apierr.CodeOf(err); code != apierr.EnvelopeInvalid && code != apierr.SignerUnavailable {
				t.Fatal(err)
			}
		}
	})
}

func sameButWrap(a, b []byte) bool {
	return len(a) == len(b) && bytes.Equal(a[:14], b[:14]) && bytes.Equal(a[74:], b[74:])
}
