package envelope_test

import (
	"bytes"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
)

func sealVersioned(t testing.TB, dk keys.DataKeys, r keys.Request, plaintext []byte) []byte {
	t.Helper()
	blob, err := envelope.SealVersioned(ctx, dk, r, plaintext)
	if err != nil {
		t.Fatal(err)
	}
	return blob
}

// TestVersioned: the envelope tells its object's version, opens as that version
// alone, and differs from format 1 in nothing else.
func TestVersioned(t *testing.T) {
	k, r := keyring(t, 1), request(t)
	for _, version := range []uint64{0, 1, 1795736712345, 1<<64 - 1} {
		r.Binding.Version = version
		for _, n := range []int{0, 1, 16, 4096, envelope.MaxPlaintext} {
			plaintext := bytes.Repeat([]byte{'v'}, n)
			blob := sealVersioned(t, k, r, plaintext)
			if len(blob) != n+envelope.OverheadVersioned {
				t.Errorf("overhead of %d", len(blob)-n)
			}
			if v, err := envelope.PeekVersion(blob[:envelope.VersionSize]); err != nil || v != version {
				t.Error(v, err)
			}
			if e, err := envelope.PeekEpoch(blob[:envelope.EpochSize]); err != nil || e != 1 {
				t.Error(e, err)
			}
			wantPlain(t, k, r, blob, plaintext)
			other := r
			other.Binding.Version++
			_, err := envelope.Open(ctx, k, other, blob)
			wantCode(t, err, apierr.EnvelopeInvalid)
		}
	}
	_, err := envelope.SealVersioned(ctx, k, r, make([]byte, envelope.MaxPlaintext+1))
	wantCode(t, err, apierr.BodyTooLarge)
}

// TestAnotherVersionIsClaimed: whoever writes another version into the header,
// makes one format of the other, or puts parts of an older version into a newer
// one, makes something that does not open, whatever version is expected.
func TestAnotherVersionIsClaimed(t *testing.T) {
	k, r := keyring(t, 1), request(t)
	older := r
	r.Binding.Version, older.Binding.Version = 300, 200
	now, then := sealVersioned(t, k, r, []byte("sixteen bytes ok")), sealVersioned(t, k, older, []byte("sixteen bytes ok"))
	plain := seal(t, k, r, []byte("sixteen bytes ok"))
	const at = envelope.VersionSize - 8
	forged := map[string][]byte{
		"the older as the newer": append(append(bytes.Clone(then[:at]), now[at:envelope.VersionSize]...), then[envelope.VersionSize:]...),
		"the older's wrap":       append(append(bytes.Clone(now[:14]), then[14:at]...), now[at:]...),
		"the older's data":       append(bytes.Clone(now[:envelope.VersionSize]), then[envelope.VersionSize:]...),
		"format 1 of it":         append(append([]byte("AKEV\x01\x01"), now[6:at]...), now[envelope.VersionSize:]...),
		"format 2 of format 1":   append(append(append([]byte("AKEV\x02\x01"), plain[6:at]...), now[at:envelope.VersionSize]...), plain[at:]...),
		"one byte less":          now[:len(now)-1],
		"one byte more":          append(bytes.Clone(now), 0),
		"format 3":               append([]byte("AKEV\x03\x01"), now[6:]...),
		"suite 2":                append([]byte("AKEV\x02\x02"), now[6:]...),
	}
	for what, blob := range forged {
		for _, as := range []keys.Request{r, older} {
			if got, err := envelope.Open(ctx, k, as, blob); apierr.CodeOf(err) != apierr.EnvelopeInvalid || got.Len() != 0 {
				t.Errorf("%s as %d: %v", what, as.Binding.Version, err)
			}
		}
	}
	wantPlain(t, k, r, now, []byte("sixteen bytes ok"))
	wantPlain(t, k, older, then, []byte("sixteen bytes ok"))
	for bit := range len(now) * 8 {
		now[bit/8] ^= 1 << (bit % 8)
		_, err := envelope.Open(ctx, k, r, now)
		wantCode(t, err, apierr.EnvelopeInvalid)
		now[bit/8] ^= 1 << (bit % 8)
	}
	for n := range len(now) {
		_, err := envelope.Open(ctx, k, r, now[:n])
		wantCode(t, err, apierr.EnvelopeInvalid)
	}
}

func TestPeekVersionRefuses(t *testing.T) {
	k, r := keyring(t, 1), request(t)
	blob := sealVersioned(t, k, r, nil)
	for n := range envelope.VersionSize {
		_, err := envelope.PeekVersion(blob[:n])
		wantCode(t, err, apierr.EnvelopeInvalid)
	}
	_, err := envelope.PeekVersion(seal(t, k, r, []byte("an envelope of format 1")))
	wantCode(t, err, apierr.EnvelopeInvalid)
	for n := range envelope.EpochSize {
		_, err := envelope.PeekEpoch(blob[:n])
		wantCode(t, err, apierr.EnvelopeInvalid)
	}
	for _, format := range []byte{0, 3, 255} {
		other := append([]byte("AKEV"), append([]byte{format}, blob[5:]...)...)
		for _, read := range []func([]byte) (uint64, error){envelope.PeekEpoch, envelope.Epoch, envelope.PeekVersion} {
			_, err := read(other)
			wantCode(t, err, apierr.EnvelopeInvalid)
		}
	}
}

// TestRewrapVersioned: moving to another epoch changes bytes 6 to 74 here, too.
func TestRewrapVersioned(t *testing.T) {
	k, r := keyring(t, 3), request(t)
	blob := sealVersioned(t, k, r, []byte("kept"))
	moved, err := envelope.Rewrap(ctx, k, r, blob, 3)
	if err != nil || !bytes.Equal(moved[74:], blob[74:]) || !bytes.Equal(moved[:6], blob[:6]) || bytes.Equal(moved[14:74], blob[14:74]) {
		t.Error(err)
	}
	wantPlain(t, k, r, moved, []byte("kept"))
	wantPlain(t, k, r, blob, []byte("kept"))
}
