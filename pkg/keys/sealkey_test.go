package keys_test

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

func whose(b keys.Binding) keys.SealBinding {
	return keys.SealBinding{Class: b.Class, Operator: b.Operator, Actor: b.Actor}
}

func someDEK(t testing.TB) keys.DEK {
	t.Helper()
	raw := make([]byte, keys.Size)
	_, _ = rand.Read(raw)
	dek, err := keys.NewDEK(raw)
	if err != nil {
		t.Fatal(err)
	}
	return dek
}

// sealed seals a fresh key for the binding of request, under the high-water
// mark.
func sealed(t testing.TB, k *keys.Keyring) (keys.Binding, uint64, keys.DEK, []byte) {
	t.Helper()
	b, dek := request(t, 0).Binding, someDEK(t)
	public, epoch, err := k.SealKey(whose(b), 0)
	if err != nil {
		t.Fatal(err)
	}
	out, err := keys.SealTo(public, b, epoch, dek)
	if err != nil {
		t.Fatal(err)
	}
	return b, epoch, dek, out
}

func TestSealThenOpen(t *testing.T) {
	k, o := rotated(t)
	b, epoch, dek, s := sealed(t, k)
	if epoch != 3 || len(s) != keys.SealSize || keys.SealSize != 80 {
		t.Error(epoch, len(s))
	}
	for _, k := range []*keys.Keyring{k, reopen(t, o)} {
		if got, err := k.OpenSeal(t.Context(), b, epoch, s); err != nil || !got.Equal(dek.Secret) {
			t.Error(err)
		}
	}
	public, of, err := k.SealKey(whose(b), 2)
	if err != nil || of != 2 {
		t.Fatal(err, of)
	}
	old, err := keys.SealTo(public, b, 2, dek)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.OpenSeal(t.Context(), b, 2, old); err != nil || !got.Equal(dek.Secret) {
		t.Error(err)
	}
	again, err := keys.SealTo(public, b, 2, dek)
	if err != nil || bytes.Equal(again, old) {
		t.Error("two seals are one", err)
	}
}

// TestSealKeyAsSpecified: the public key is what RFC 9180 and RFC 5869 make of
// K3, written out step by step.
func TestSealKeyAsSpecified(t *testing.T) {
	k, _ := rotated(t)
	b := request(t, 0).Binding
	k3, _, err := k.Export(3)
	if err != nil {
		t.Fatal(err)
	}
	op, actor := b.Operator.Bytes(), b.Actor.Bytes()
	var info []byte
	for _, p := range [][]byte{[]byte("agentkeys/seal-key/v1"), []byte("credentials"), op[:], actor[:]} {
		info = append(binary.BigEndian.AppendUint32(info, uint32(len(p))), p...)
	}
	ikm, err := hkdf.Key(sha256.New, k3.Reveal(), nil, string(info), 32)
	if err != nil {
		t.Fatal(err)
	}
	private, err := hpke.DHKEM(ecdh.X25519()).DeriveKeyPair(ikm)
	if err != nil {
		t.Fatal(err)
	}
	public, _, err := k.SealKey(whose(b), 0)
	if err != nil || !bytes.Equal(public, private.PublicKey().Bytes()) || len(public) != 32 {
		t.Errorf("%x, %v", public, err)
	}
}

// TestSealKeyIsPerEpochClassOperatorActor: nobody shares a sealing key.
func TestSealKeyIsPerEpochClassOperatorActor(t *testing.T) {
	k, _ := rotated(t)
	seen := map[string]string{}
	base := whose(request(t, 0).Binding)
	for what, c := range map[string]struct {
		edit  func(*keys.SealBinding)
		epoch uint64
	}{
		"itself":   {func(*keys.SealBinding) {}, 3},
		"epoch":    {func(*keys.SealBinding) {}, 2},
		"class":    {func(b *keys.SealBinding) { b.Class = service.Memory }, 3},
		"operator": {func(b *keys.SealBinding) { b.Operator = omni.OperatorOfWallet([20]byte{9}) }, 3},
		"actor":    {func(b *keys.SealBinding) { b.Actor = omni.ActorOfWallet([20]byte{9}) }, 3},
		"both turned round": {func(b *keys.SealBinding) {
			b.Operator, b.Actor = omni.Operator(b.Actor), omni.Actor(b.Operator)
		}, 3},
	} {
		b := base
		c.edit(&b)
		public, _, err := k.SealKey(b, c.epoch)
		if err != nil {
			t.Fatal(err)
		}
		if other, twice := seen[string(public)]; twice {
			t.Errorf("%s and %s share a key", what, other)
		}
		seen[string(public)] = what
	}
}

// TestSealIsBound: every field and the epoch, moved alone, does not open.
func TestSealIsBound(t *testing.T) {
	k, _ := rotated(t)
	b, epoch, dek, s := sealed(t, k)
	flipped := func(i int) func(*keys.Binding, *uint64, *[]byte) {
		return func(_ *keys.Binding, _ *uint64, s *[]byte) { *s = bytes.Clone(*s); (*s)[i] ^= 1 }
	}
	for what, move := range map[string]func(*keys.Binding, *uint64, *[]byte){
		"class":       func(b *keys.Binding, _ *uint64, _ *[]byte) { b.Class = service.Memory },
		"operator":    func(b *keys.Binding, _ *uint64, _ *[]byte) { b.Operator = omni.OperatorOfWallet([20]byte{9}) },
		"actor":       func(b *keys.Binding, _ *uint64, _ *[]byte) { b.Actor = omni.ActorOfWallet([20]byte{9}) },
		"service":     func(b *keys.Binding, _ *uint64, _ *[]byte) { b.Service = name(t, "gitlab") },
		"key":         func(b *keys.Binding, _ *uint64, _ *[]byte) { b.Key = "k" },
		"version":     func(b *keys.Binding, _ *uint64, _ *[]byte) { b.Version = 1 },
		"epoch":       func(_ *keys.Binding, e *uint64, _ *[]byte) { *e = 2 },
		"epoch 0":     func(_ *keys.Binding, e *uint64, _ *[]byte) { *e = 0 },
		"destroyed":   func(_ *keys.Binding, e *uint64, _ *[]byte) { *e = 1 },
		"unknown":     func(_ *keys.Binding, e *uint64, _ *[]byte) { *e = 9 },
		"share":       flipped(0),
		"ciphertext":  flipped(40),
		"tag":         flipped(79),
		"empty":       func(_ *keys.Binding, _ *uint64, s *[]byte) { *s = nil },
		"short":       func(_ *keys.Binding, _ *uint64, s *[]byte) { *s = (*s)[:79] },
		"long":        func(_ *keys.Binding, _ *uint64, s *[]byte) { *s = append(bytes.Clone(*s), 0) },
		"low order":   func(_ *keys.Binding, _ *uint64, s *[]byte) { *s = append(make([]byte, 32), (*s)[32:]...) },
		"only a wrap": func(_ *keys.Binding, _ *uint64, s *[]byte) { *s = make([]byte, keys.WrapSize) },
	} {
		b, epoch, s := b, epoch, s
		move(&b, &epoch, &s)
		got, err := k.OpenSeal(t.Context(), b, epoch, s)
		if apierr.CodeOf(err) != apierr.EnvelopeInvalid || got.Len() != 0 {
			t.Errorf("%s: %v", what, err)
		}
		if errors.Is(err, keys.ErrEpochDestroyed) != (what == "destroyed") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got, err := k.OpenSeal(t.Context(), b, epoch, s); err != nil || !got.Equal(dek.Secret) {
		t.Error(err)
	}
}

// TestInfoAndAADAreBoth: a seal whose additional data alone is another does
// not open, nor one whose info alone is.
func TestInfoAndAADAreBoth(t *testing.T) {
	k, _ := rotated(t)
	b := request(t, 0).Binding
	public, epoch, err := k.SealKey(whose(b), 0)
	if err != nil {
		t.Fatal(err)
	}
	context := func(b keys.Binding, format string) []byte {
		out, err := b.AAD(format)
		if err != nil {
			t.Fatal(err)
		}
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(out, 8), epoch)
	}
	other := b
	other.Key = "k"
	for what, c := range map[string]struct {
		info, aad keys.Binding
		want      apierr.Code
	}{"right": {b, b, ""}, "info": {other, b, apierr.EnvelopeInvalid}, "additional data": {b, other, apierr.EnvelopeInvalid}} {
		to, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(public)
		if err != nil {
			t.Fatal(err)
		}
		share, sender, err := hpke.NewSender(to, hpke.HKDFSHA256(), hpke.AES256GCM(), context(c.info, "agentkeys/seal-info/v1"))
		if err != nil {
			t.Fatal(err)
		}
		s, err := sender.Seal(context(c.aad, "agentkeys/seal/v1"), someDEK(t).Reveal())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.OpenSeal(t.Context(), b, epoch, append(share, s...)); apierr.CodeOf(err) != c.want || err == nil != (c.want == "") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestSealHoldsNoKey: what opens and is no data key is refused too.
func TestSealHoldsNoKey(t *testing.T) {
	k, _ := rotated(t)
	b := request(t, 0).Binding
	public, epoch, err := k.SealKey(whose(b), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.SealTo(public, b, epoch, keys.DEK{}); apierr.CodeOf(err) != apierr.InvalidInput || !errors.Is(err, keys.ErrBadDEK) {
		t.Error(err)
	}
	for what, key := range map[string][]byte{"short": public[1:], "long": append(bytes.Clone(public), 0), "none": nil, "low order": make([]byte, 32)} {
		if _, err := keys.SealTo(key, b, epoch, someDEK(t)); apierr.CodeOf(err) != apierr.InvalidInput {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := keys.SealTo(public, b, 0, someDEK(t)); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Error(err)
	}
	if _, err := keys.SealTo(public, keys.Binding{}, epoch, someDEK(t)); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Error(err)
	}
	if _, err := k.OpenSeal(t.Context(), keys.Binding{}, epoch, make([]byte, keys.SealSize)); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = k.OpenSeal(ended, b, epoch, make([]byte, keys.SealSize))
	wantCode(t, err, apierr.SignerUnavailable)
}

func TestSealKeyRefuses(t *testing.T) {
	k, _ := rotated(t)
	good := whose(request(t, 0).Binding)
	prepare(t, k, 4)
	for what, c := range map[string]struct {
		edit  func(*keys.SealBinding)
		epoch uint64
		want  apierr.Code
	}{
		"current":     {func(*keys.SealBinding) {}, 0, ""},
		"older":       {func(*keys.SealBinding) {}, 2, ""},
		"prepared":    {func(*keys.SealBinding) {}, 4, apierr.SignerUnavailable},
		"unknown":     {func(*keys.SealBinding) {}, 9, apierr.SignerUnavailable},
		"destroyed":   {func(*keys.SealBinding) {}, 1, apierr.EnvelopeInvalid},
		"no class":    {func(b *keys.SealBinding) { b.Class = "other" }, 0, apierr.InvalidInput},
		"no operator": {func(b *keys.SealBinding) { b.Operator = omni.Operator{} }, 0, apierr.InvalidInput},
		"no actor":    {func(b *keys.SealBinding) { b.Actor = omni.Actor{} }, 0, apierr.InvalidInput},
	} {
		b := good
		c.edit(&b)
		public, epoch, err := k.SealKey(b, c.epoch)
		if apierr.CodeOf(err) != c.want || (err == nil) != (c.want == "") || (err != nil && (public != nil || epoch != 0)) {
			t.Errorf("%s: %v", what, err)
		}
	}
	unused, _ := keyring(t, 1)
	_, _, err := unused.SealKey(good, 0)
	wantCode(t, err, apierr.SignerUnavailable)
}
