package envelope_test

import (
	"bytes"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
)

// FuzzPeek: what the first bytes tell is what the whole says, and nothing that is no
// envelope tells anything.
func FuzzPeek(f *testing.F) {
	k, r := keyring(f, 1), request(f)
	for _, seed := range [][]byte{nil, seal(f, k, r, nil), sealVersioned(f, k, r, []byte("x")), []byte("AKEV\x02\x01")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		whole, err := envelope.Epoch(in)
		epoch, errEpoch := envelope.PeekEpoch(in[:min(len(in), envelope.EpochSize)])
		version, errVersion := envelope.PeekVersion(in[:min(len(in), envelope.VersionSize)])
		if err == nil && (errEpoch != nil || epoch != whole || (errVersion == nil) != (in[4] == 2)) {
			t.Fatal(epoch, errEpoch, errVersion)
		}
		for _, err := range []error{err, errEpoch, errVersion} {
			if err != nil && apierr.CodeOf(err) != apierr.EnvelopeInvalid {
				t.Fatal(err)
			}
		}
		if errVersion != nil && version != 0 || errEpoch != nil && epoch != 0 {
			t.Fatal("refused, and something told")
		}
	})
}

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
	told, err := envelope.SealVersionedWith(ctx, dk, r, []byte("the one genuine plaintext"), bytes.NewReader([]byte("twelve bytes")))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{nil, blob, genuine, told, blob[:envelope.Overhead], blob[:14], append(bytes.Clone(blob), 0), []byte("AKEV\x01\x02")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, c := range []struct {
			dk      keys.DataKeys
			genuine []byte
		}{{k, blob}, {dk, genuine}, {dk, told}} {
			if _, ok := c.dk.(fixedKeys); ok && (sameButWrap(in, genuine) || sameButWrap(in, told)) && !bytes.Equal(in, c.genuine) {
				continue // these keys do not look at the wrap, and both are genuine
			}
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
