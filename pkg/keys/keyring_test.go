package keys_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

var _ keys.DataKeys = (*keys.Keyring)(nil)

func name(t testing.TB, s string) service.Name {
	t.Helper()
	n, err := service.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func request(t testing.TB, epoch uint64) keys.Request {
	return keys.Request{Epoch: epoch, Binding: keys.Binding{
		Class:    service.Credentials,
		Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2}), Service: name(t, "github"),
	}}
}

// keyring creates a keyring with epochs 1 to n.
func keyring(t testing.TB, n uint64) (*keys.Keyring, keys.Options) {
	t.Helper()
	o := keystest.Options(t)
	k, err := keys.Create(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	for e := uint64(2); e <= n; e++ {
		prepare(t, k, e)
	}
	return k, o
}

// prepare makes the key of one epoch, ahead of the chain.
func prepare(t testing.TB, k *keys.Keyring, epoch uint64) keys.EpochStatus {
	t.Helper()
	s, err := k.Prepare(t.Context(), epoch, epoch-1)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// reopen opens the keyring as another process would.
func reopen(t testing.TB, o keys.Options) *keys.Keyring {
	t.Helper()
	k, err := keys.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	return k
}

// epochs lists what a keyring has, destroyed ones as d1.
func epochs(k *keys.Keyring) (out string) {
	for _, e := range k.Status().Epochs {
		if !e.Destroyed.IsZero() {
			out += "d"
		}
		out += fmt.Sprint(e.Epoch, " ")
	}
	return strings.TrimSpace(out)
}

func wantCode(t *testing.T, err error, c apierr.Code) {
	t.Helper()
	if apierr.CodeOf(err) != c {
		t.Errorf("got %v, want code %q", err, c)
	}
}

func TestNewThenUnwrap(t *testing.T) {
	k, o := keyring(t, 1)
	r := request(t, 1)
	dek, w, err := k.New(t.Context(), r)
	if err != nil || w.Epoch != 1 {
		t.Fatal(err, w.Epoch)
	}
	again := reopen(t, o)
	for _, dk := range []keys.DataKeys{k, again} {
		if got, err := dk.Unwrap(t.Context(), r, w); err != nil || !got.Equal(dek.Secret) {
			t.Error(err)
		}
	}
	other, w2, err := k.New(t.Context(), r)
	if err != nil || other.Equal(dek.Secret) || w2 == w {
		t.Error("two data keys are one", err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", dek, dek, dek, dek); strings.Contains(s, string(dek.Reveal())) || strings.Count(s, "[redacted]") != 4 {
		t.Error(s)
	}
}

// TestBoundToBinding: every field and the epoch, moved alone, does not open.
func TestBoundToBinding(t *testing.T) {
	k, _ := keyring(t, 2)
	r := request(t, 1)
	_, w, err := k.New(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	for what, move := range map[string]func(*keys.Request, *keys.Wrapped){
		"class":    func(r *keys.Request, _ *keys.Wrapped) { r.Binding.Class = service.Memory },
		"operator": func(r *keys.Request, _ *keys.Wrapped) { r.Binding.Operator = omni.OperatorOfWallet([20]byte{9}) },
		"actor":    func(r *keys.Request, _ *keys.Wrapped) { r.Binding.Actor = omni.ActorOfWallet([20]byte{9}) },
		"service":  func(r *keys.Request, _ *keys.Wrapped) { r.Binding.Service = name(t, "gitlab") },
		"key":      func(r *keys.Request, _ *keys.Wrapped) { r.Binding.Key = "k" },
		"version":  func(r *keys.Request, _ *keys.Wrapped) { r.Binding.Version = 1 },
		"epoch":    func(_ *keys.Request, w *keys.Wrapped) { w.Epoch = 2 },
		"epoch 0":  func(_ *keys.Request, w *keys.Wrapped) { w.Epoch = 0 },
		"unknown":  func(_ *keys.Request, w *keys.Wrapped) { w.Epoch = 3 },
		"wrap":     func(_ *keys.Request, w *keys.Wrapped) { w.Bytes[keys.WrapSize-1] ^= 1 },
	} {
		t.Run(what, func(t *testing.T) {
			moved, wrap := r, w
			move(&moved, &wrap)
			dek, err := k.Unwrap(t.Context(), moved, wrap)
			wantCode(t, err, apierr.EnvelopeInvalid)
			if noEpoch := wrap.Epoch == 0 || wrap.Epoch == 3; noEpoch != strings.Contains(err.Error(), "does not exist") {
				t.Error(err)
			}
			if dek.Len() != 0 {
				t.Error("a key came with the refusal")
			}
			_, err = k.Rewrap(t.Context(), moved, wrap, 3)
			wantCode(t, err, apierr.EnvelopeInvalid)
		})
	}
	if _, err := k.Unwrap(t.Context(), r, w); err != nil {
		t.Error(err)
	}
}

func TestIncompleteBinding(t *testing.T) {
	k, _ := keyring(t, 2)
	_, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	for what, spoil := range map[string]func(*keys.Binding){
		"class":    func(b *keys.Binding) { b.Class = "other" },
		"operator": func(b *keys.Binding) { b.Operator = omni.Operator{} },
		"actor":    func(b *keys.Binding) { b.Actor = omni.Actor{} },
		"service":  func(b *keys.Binding) { b.Service = service.Name{} },
	} {
		t.Run(what, func(t *testing.T) {
			r := request(t, 1)
			spoil(&r.Binding)
			r.Epoch = 2
			_, _, err := k.New(t.Context(), r)
			wantCode(t, err, apierr.InvalidInput)
			if got := k.Status().HighWater; got != 1 {
				t.Error("a request that is refused raised the mark to", got)
			}
			_, err = k.Unwrap(t.Context(), r, w)
			wantCode(t, err, apierr.InvalidInput)
		})
	}
}

func TestEpochsOfNew(t *testing.T) {
	k, o := keyring(t, 3)
	sealedUnder := func(k *keys.Keyring, wanted uint64) uint64 {
		t.Helper()
		_, w, err := k.New(t.Context(), request(t, wanted))
		if err != nil {
			t.Fatal(err)
		}
		return w.Epoch
	}
	if got := sealedUnder(k, 1); got != 1 {
		t.Error("a key that nobody named yet was used:", got)
	}
	if got := sealedUnder(k, 2); got != 2 {
		t.Error(got)
	}
	if got := sealedUnder(k, 1); got != 2 {
		t.Error("fell back below the high-water mark:", got)
	}
	_, _, err := k.New(t.Context(), request(t, 0))
	wantCode(t, err, apierr.EnvelopeInvalid)
	_, _, err = k.New(t.Context(), request(t, 4))
	wantCode(t, err, apierr.SignerUnavailable)
	if got := sealedUnder(k, 1); got != 2 {
		t.Error("an unknown epoch moved the mark:", got)
	}
	again := reopen(t, o)
	if got := sealedUnder(again, 1); got != 2 {
		t.Error("a restart forgot the high-water mark:", got)
	}
}

func TestPrepareInTwoProcesses(t *testing.T) {
	k, o := keyring(t, 1)
	dek, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	// Another process adds an epoch and writes under it.
	other := reopen(t, o)
	first := prepare(t, other, 2)
	dek2, w2, err := other.New(t.Context(), request(t, 2))
	if err != nil {
		t.Fatal(err)
	}
	if again := prepare(t, other, 2); again.Check != first.Check {
		t.Error("preparing an epoch again changed its key")
	}
	if got, err := other.Unwrap(t.Context(), request(t, 0), w2); err != nil || !got.Equal(dek2.Secret) {
		t.Error("preparing an epoch again changed its key:", err)
	}
	// This one finds it, and adds its own without losing it.
	if got, err := k.Unwrap(t.Context(), request(t, 0), w2); err != nil || !got.Equal(dek2.Secret) {
		t.Error(err)
	}
	prepare(t, k, 3)
	again := reopen(t, o)
	if got := epochs(again); got != "1 2 3" {
		t.Fatal(got)
	}
	if got, err := again.Unwrap(t.Context(), request(t, 0), w); err != nil || !got.Equal(dek.Secret) {
		t.Error(err)
	}
	if _, w3, err := k.New(t.Context(), request(t, 1)); err != nil || w3.Epoch != 2 {
		t.Error("the mark of the other process was lost:", err, w3.Epoch)
	}
}

// TestStaleMark: a process that has not heard of the newest mark does not lower
// it when it raises its own.
func TestStaleMark(t *testing.T) {
	k, o := keyring(t, 3)
	stale := reopen(t, o)
	for _, step := range []struct {
		k      *keys.Keyring
		wanted uint64
	}{{k, 3}, {stale, 2}, {k, 1}} {
		if _, w, err := step.k.New(t.Context(), request(t, step.wanted)); err != nil || w.Epoch != 3 {
			t.Error(step.wanted, w.Epoch, err)
		}
	}
	again := reopen(t, o)
	if _, w, err := again.New(t.Context(), request(t, 1)); err != nil || w.Epoch != 3 {
		t.Error(w.Epoch, err)
	}
}

func TestRewrap(t *testing.T) {
	k, _ := keyring(t, 4)
	r := request(t, 2)
	dek, w, err := k.New(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if same, err := k.Rewrap(t.Context(), r, w, 2); err != nil || same != w {
		t.Error("moving to the same epoch changed something", err)
	}
	for to, code := range map[uint64]apierr.Code{0: apierr.InvalidInput, 1: apierr.InvalidInput, 5: apierr.SignerUnavailable} {
		_, err := k.Rewrap(t.Context(), r, w, to)
		wantCode(t, err, code)
	}
	moved, err := k.Rewrap(t.Context(), r, w, 3)
	if err != nil || moved.Epoch != 3 {
		t.Fatal(err, moved.Epoch)
	}
	for _, w := range []keys.Wrapped{w, moved} {
		if got, err := k.Unwrap(t.Context(), r, w); err != nil || !got.Equal(dek.Secret) {
			t.Error(err)
		}
	}
	if _, w, err := k.New(t.Context(), request(t, 1)); err != nil || w.Epoch != 3 {
		t.Error("rewrapping did not raise the mark", err, w.Epoch)
	}
}

// TestRotationUnderLoad: while epochs advance, every wrap opens under exactly
// the epoch that it names.
func TestRotationUnderLoad(t *testing.T) {
	k, _ := keyring(t, 1)
	var current atomic.Uint64
	current.Store(1)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 20 {
				atLeast := current.Load()
				dek, w, err := k.New(t.Context(), request(t, atLeast))
				if err != nil || w.Epoch < atLeast {
					t.Error(err, w.Epoch, atLeast)
					return
				}
				if got, err := k.Unwrap(t.Context(), request(t, 0), w); err != nil || !got.Equal(dek.Secret) {
					t.Error(err)
				}
				w.Epoch++
				_, err = k.Unwrap(t.Context(), request(t, 0), w)
				wantCode(t, err, apierr.EnvelopeInvalid)
			}
		})
	}
	for e := uint64(2); e <= 10; e++ {
		if _, err := k.Prepare(t.Context(), e, e-1); err != nil {
			t.Error(err)
		}
		current.Store(e)
	}
	wg.Wait()
}

func TestEndedContext(t *testing.T) {
	k, _ := keyring(t, 1)
	_, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = k.New(ctx, request(t, 1))
	wantCode(t, err, apierr.SignerUnavailable)
	_, err = k.Unwrap(ctx, request(t, 1), w)
	wantCode(t, err, apierr.SignerUnavailable)
	_, err = k.Rewrap(ctx, request(t, 1), w, 1)
	wantCode(t, err, apierr.SignerUnavailable)
	if _, err := k.Prepare(ctx, 2, 1); !errors.Is(err, context.Canceled) || epochs(k) != "1" {
		t.Error(err)
	}
}

func TestNewDEKRefuses(t *testing.T) {
	for _, b := range [][]byte{
		nil, make([]byte, 31), make([]byte, 32), make([]byte, 33), []byte(strings.Repeat("\xff", 32)),
		[]byte("thirty-one bytes of good quality"[1:]), []byte("thirty-three bytes of good quality"[1:]),
	} {
		if _, err := keys.NewDEK(b); !errors.Is(err, keys.ErrBadDEK) {
			t.Errorf("%x: %v", b, err)
		}
	}
}
