package envelope_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

var ctx = context.Background()

func name(t testing.TB, s string) service.Name {
	t.Helper()
	n, err := service.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func keyring(t testing.TB, epochs uint64) *keys.Keyring {
	t.Helper()
	return keystest.WithEpochs(t, epochs)
}

func request(t testing.TB) keys.Request {
	return keys.Request{Epoch: 1, Binding: keys.Binding{
		Class: service.Memory, Operator: omni.OperatorOfWallet([20]byte{1}),
		Actor: omni.ActorOfWallet([20]byte{2}), Service: name(t, "memory:notes"), Key: "todo", Version: 1,
	}}
}

func seal(t testing.TB, dk keys.DataKeys, r keys.Request, plaintext []byte) []byte {
	t.Helper()
	blob, err := envelope.Seal(ctx, dk, r, plaintext)
	if err != nil {
		t.Fatal(err)
	}
	return blob
}

func wantCode(t *testing.T, err error, c apierr.Code) {
	t.Helper()
	if apierr.CodeOf(err) != c {
		t.Errorf("got %v, want code %q", err, c)
	}
}

func wantPlain(t *testing.T, dk keys.DataKeys, r keys.Request, blob, want []byte) {
	t.Helper()
	got, err := envelope.Open(ctx, dk, r, blob)
	if err != nil || !bytes.Equal(got.Reveal(), want) {
		t.Errorf("got %d bytes, %v", got.Len(), err)
	}
}

func TestSealThenOpen(t *testing.T) {
	k, r := keyring(t, 1), request(t)
	for _, n := range []int{0, 1, 15, 16, 17, 4096, envelope.MaxPlaintext} {
		plaintext := bytes.Repeat([]byte("secret!"), n/7+1)[:n]
		blob := seal(t, k, r, plaintext)
		if len(blob) != n+envelope.Overhead {
			t.Errorf("overhead of %d", len(blob)-n)
		}
		if n > 8 && bytes.Contains(blob, plaintext[:8]) {
			t.Error("the plaintext shows")
		}
		before := bytes.Clone(blob)
		wantPlain(t, k, r, blob, plaintext)
		if !bytes.Equal(blob, before) {
			t.Error("opening changed the blob")
		}
	}
	if bytes.Equal(seal(t, k, r, nil), seal(t, k, r, nil)) {
		t.Error("sealing is deterministic")
	}
}

func TestTooLarge(t *testing.T) {
	k, r := keyring(t, 1), request(t)
	_, err := envelope.Seal(ctx, k, r, make([]byte, envelope.MaxPlaintext+1))
	wantCode(t, err, apierr.BodyTooLarge)
	// Genuine in everything but its size.
	d, nonce := dek(t, "the data key of a large object.."), [12]byte{1}
	aead, commitment, aad, err := envelope.Derive(d, r.Binding, nonce)
	if err != nil {
		t.Fatal(err)
	}
	for n, code := range map[int]apierr.Code{envelope.MaxPlaintext: "", envelope.MaxPlaintext + 1: apierr.EnvelopeInvalid} {
		_, err = envelope.Open(ctx, fixedKeys{1: d}, r, build(1, commitment, nonce, aead.Seal(nil, nonce[:], make([]byte, n), aad)))
		wantCode(t, err, code)
	}
}

// TestEveryPairSwapped seals one object per way of differing from the first in
// one field, and opens each as each: only the diagonal opens.
func TestEveryPairSwapped(t *testing.T) {
	k := keyring(t, 2)
	variants := map[string]func(*keys.Request){
		"itself":   func(*keys.Request) {},
		"operator": func(r *keys.Request) { r.Binding.Operator = omni.OperatorOfWallet([20]byte{9}) },
		"actor":    func(r *keys.Request) { r.Binding.Actor = omni.ActorOfWallet([20]byte{9}) },
		"exchanged": func(r *keys.Request) {
			r.Binding.Operator, r.Binding.Actor = omni.Operator(r.Binding.Actor), omni.Actor(r.Binding.Operator)
		},
		"service":         func(r *keys.Request) { r.Binding.Service = name(t, "memory:note") },
		"service and key": func(r *keys.Request) { r.Binding.Service, r.Binding.Key = name(t, "memory:note"), "stodo" },
		"class":           func(r *keys.Request) { r.Binding.Class = service.Credentials },
		"key":             func(r *keys.Request) { r.Binding.Key = "todo2" },
		"no key":          func(r *keys.Request) { r.Binding.Key = "" },
		"version":         func(r *keys.Request) { r.Binding.Version = 2 },
		"version 0":       func(r *keys.Request) { r.Binding.Version = 0 },
		"version max":     func(r *keys.Request) { r.Binding.Version = math.MaxUint64 },
	}
	for sealedAs, f := range variants {
		as := request(t)
		f(&as)
		blob := seal(t, k, as, []byte(sealedAs))
		for openedAs, g := range variants {
			r := request(t)
			g(&r)
			if sealedAs == openedAs {
				wantPlain(t, k, r, blob, []byte(sealedAs))
				continue
			}
			if got, err := envelope.Open(ctx, k, r, blob); apierr.CodeOf(err) != apierr.EnvelopeInvalid || got.Len() != 0 {
				t.Errorf("sealed with another %s, opened with another %s: %v", sealedAs, openedAs, err)
			}
		}
	}
}

// TestEpochSwapped: the epoch in the header is bound, too.
func TestEpochSwapped(t *testing.T) {
	k, r := keyring(t, 2), request(t)
	blob := seal(t, k, r, []byte("x"))
	for _, epoch := range []byte{0, 2, 3} {
		moved := bytes.Clone(blob)
		moved[13] = epoch
		_, err := envelope.Open(ctx, k, r, moved)
		wantCode(t, err, apierr.EnvelopeInvalid)
	}
	if e, err := envelope.Epoch(blob); err != nil || e != 1 {
		t.Error(e, err)
	}
	wantPlain(t, k, r, blob, []byte("x"))
}

// TestEveryBit: there is no bit of an envelope that may change.
func TestEveryBit(t *testing.T) {
	k, r := keyring(t, 1), request(t)
	blob := seal(t, k, r, []byte("sixteen bytes ok"))
	for bit := range len(blob) * 8 {
		blob[bit/8] ^= 1 << (bit % 8)
		if got, err := envelope.Open(ctx, k, r, blob); apierr.CodeOf(err) != apierr.EnvelopeInvalid || got.Len() != 0 {
			t.Errorf("bit %d of byte %d: %v", bit%8, bit/8, err)
		}
		blob[bit/8] ^= 1 << (bit % 8)
	}
	wantPlain(t, k, r, blob, []byte("sixteen bytes ok"))
}

func TestEveryLength(t *testing.T) {
	k, r := keyring(t, 1), request(t)
	blob := seal(t, k, r, []byte("sixteen bytes ok"))
	for n := range len(blob) {
		_, err := envelope.Open(ctx, k, r, blob[:n])
		wantCode(t, err, apierr.EnvelopeInvalid)
		_, err = envelope.Rewrap(ctx, k, r, blob[:min(n, envelope.Overhead-1)], 1)
		wantCode(t, err, apierr.EnvelopeInvalid)
	}
	_, err := envelope.Open(ctx, k, r, append(bytes.Clone(blob), 0))
	wantCode(t, err, apierr.EnvelopeInvalid)
}

// TestPartsOfAnother: parts of two genuine envelopes of one object do not mix.
func TestPartsOfAnother(t *testing.T) {
	k, r := keyring(t, 1), request(t)
	one, two := seal(t, k, r, []byte("first")), seal(t, k, r, []byte("other"))
	for _, part := range []struct {
		what     string
		from, to int
	}{
		{"wrap", 14, 74},
		{"commitment", 74, 106},
		{"nonce", 106, 118},
		{"body", 118, len(one)},
		{"wrap and commitment", 14, 106},
		{"commitment and nonce", 74, 118},
		{"nonce and body", 106, len(one)},
	} {
		mixed := bytes.Clone(one)
		copy(mixed[part.from:part.to], two[part.from:part.to])
		if _, err := envelope.Open(ctx, k, r, mixed); apierr.CodeOf(err) != apierr.EnvelopeInvalid {
			t.Errorf("%s: %v", part.what, err)
		}
	}
}

func TestRewrap(t *testing.T) {
	k, r := keyring(t, 3), request(t)
	blob := seal(t, k, r, []byte("kept"))
	moved, err := envelope.Rewrap(ctx, k, r, blob, 3)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := envelope.Epoch(moved); err != nil || e != 3 {
		t.Error(e, err)
	}
	if !bytes.Equal(moved[74:], blob[74:]) || bytes.Equal(moved[14:74], blob[14:74]) {
		t.Error("rewrapping must replace the wrap and nothing else")
	}
	wantPlain(t, k, r, moved, []byte("kept"))
	wantPlain(t, k, r, blob, []byte("kept"))
	_, err = envelope.Rewrap(ctx, k, r, moved, 2)
	wantCode(t, err, apierr.InvalidInput)
	other := r
	other.Binding.Key = "other"
	_, err = envelope.Rewrap(ctx, k, other, blob, 3)
	wantCode(t, err, apierr.EnvelopeInvalid)
}

// zeros is what an unseeded generator gives.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestBrokenNonceSource(t *testing.T) {
	k, r := keyring(t, 1), request(t)
	if _, err := envelope.SealWith(ctx, k, r, []byte("x"), zeros{}); err == nil {
		t.Error("a nonce of zeros was used")
	}
	if _, err := envelope.SealWith(ctx, k, r, []byte("x"), bytes.NewReader([]byte("eleven byte"))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	if _, err := envelope.SealWith(ctx, k, r, []byte("x"), bytes.NewReader([]byte("twelve bytes"))); err != nil {
		t.Error(err)
	}
}

// TestRepeatedNonce: with the same nonce, or even the same data key, again,
// two objects still share no keystream; only all of it together repeats.
func TestRepeatedNonce(t *testing.T) {
	same := func() io.Reader { return bytes.NewReader([]byte("twelve bytes")) }
	k, r := keyring(t, 1), request(t)
	other := r
	other.Binding.Version++
	plaintext := make([]byte, 64) // the ciphertext is the keystream
	body := func(dk keys.DataKeys, r keys.Request, nonce io.Reader) string {
		blob, err := envelope.SealWith(ctx, dk, r, plaintext, nonce)
		if err != nil {
			t.Fatal(err)
		}
		return string(blob[envelope.HeaderSize:])
	}
	fixed := fixedKeys{1: dek(t, "one data key for every object...")}
	if first, again := body(k, r, same()), body(k, r, same()); first == again {
		t.Error("same nonce, fresh data keys: one keystream")
	}
	if body(fixed, r, same()) == body(fixed, other, same()) {
		t.Error("same nonce and data key, another binding: one keystream")
	}
	if body(fixed, r, same()) == body(fixed, r, bytes.NewReader([]byte("other twelve"))) {
		t.Error("same data key, another nonce: one keystream")
	}
	if first, again := body(fixed, r, same()), body(fixed, r, same()); first != again {
		t.Error("the twin: nothing differs, and yet")
	}
}

func TestNoKeyToBeHad(t *testing.T) {
	r := request(t)
	blob := seal(t, keyring(t, 1), r, []byte("x"))
	gone, cancel := context.WithCancel(ctx)
	cancel()
	k := keyring(t, 1)
	_, err := envelope.Seal(gone, k, r, nil)
	wantCode(t, err, apierr.SignerUnavailable)
	_, err = envelope.Open(gone, k, r, blob)
	wantCode(t, err, apierr.SignerUnavailable)
	_, err = envelope.Rewrap(gone, k, r, blob, 1)
	wantCode(t, err, apierr.SignerUnavailable)
	// A signer that answers nothing and calls it success.
	_, err = envelope.Seal(ctx, fixedKeys{}, r, nil)
	wantCode(t, err, apierr.SignerUnavailable)
	_, err = envelope.Open(ctx, fixedKeys{}, r, blob)
	wantCode(t, err, apierr.SignerUnavailable)
	// Another keyring is another world.
	_, err = envelope.Open(ctx, k, r, blob)
	wantCode(t, err, apierr.EnvelopeInvalid)
}

// fixedKeys is a data key per epoch that ignores binding and wrap.
type fixedKeys map[uint64]keys.DEK

func (f fixedKeys) New(_ context.Context, r keys.Request) (keys.DEK, keys.Wrapped, error) {
	d, err := f.Unwrap(ctx, r, keys.Wrapped{Epoch: r.Epoch})
	return d, keys.Wrapped{Epoch: r.Epoch}, err
}

func (f fixedKeys) Unwrap(_ context.Context, _ keys.Request, w keys.Wrapped) (keys.DEK, error) {
	if d, ok := f[w.Epoch]; ok {
		return keys.NewDEK(d.Reveal()) // a copy: it is destroyed after use
	}
	return keys.DEK{}, nil
}

func (f fixedKeys) Rewrap(_ context.Context, _ keys.Request, w keys.Wrapped, _ uint64) (keys.Wrapped, error) {
	return w, nil
}

func dek(t testing.TB, s string) keys.DEK {
	t.Helper()
	d, err := keys.NewDEK([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
