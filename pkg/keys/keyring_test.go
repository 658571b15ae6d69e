package keys_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

const development = "development"

func name(t testing.TB, s string) service.Name {
	t.Helper()
	n, err := service.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func request(t testing.TB, epoch uint64) keys.Request {
	return keys.Request{Epoch: epoch, Binding: keys.Binding{Class: service.Credentials,
		Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2}), Service: name(t, "github")}}
}

// keyring creates a keyring with epochs 1 to n.
func keyring(t testing.TB, n uint64) (*keys.Keyring, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keyring.json")
	k, err := keys.CreateKeyring(path, development)
	if err != nil {
		t.Fatal(err)
	}
	for e := uint64(2); e <= n; e++ {
		if err := k.AddEpoch(e); err != nil {
			t.Fatal(err)
		}
	}
	return k, path
}

func wantCode(t *testing.T, err error, c apierr.Code) {
	t.Helper()
	if apierr.CodeOf(err) != c {
		t.Errorf("got %v, want code %q", err, c)
	}
}

func TestNewThenUnwrap(t *testing.T) {
	k, path := keyring(t, 1)
	r := request(t, 1)
	dek, w, err := k.New(t.Context(), r)
	if err != nil || w.Epoch != 1 {
		t.Fatal(err, w.Epoch)
	}
	again, err := keys.OpenKeyring(path, development)
	if err != nil {
		t.Fatal(err)
	}
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
	k, _ := keyring(t, 1)
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
			_, _, err := k.New(t.Context(), r)
			wantCode(t, err, apierr.InvalidInput)
			_, err = k.Unwrap(t.Context(), r, w)
			wantCode(t, err, apierr.InvalidInput)
		})
	}
}

func TestEpochsOfNew(t *testing.T) {
	k, path := keyring(t, 3)
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
	again, err := keys.OpenKeyring(path, development)
	if err != nil {
		t.Fatal(err)
	}
	if got := sealedUnder(again, 1); got != 2 {
		t.Error("a restart forgot the high-water mark:", got)
	}
}

func TestAddEpoch(t *testing.T) {
	k, path := keyring(t, 1)
	dek, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	// Another process adds an epoch and writes under it.
	other, err := keys.OpenKeyring(path, development)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := other.AddEpoch(2); err != nil {
			t.Fatal(err)
		}
	}
	dek2, w2, err := other.New(t.Context(), request(t, 2))
	if err != nil {
		t.Fatal(err)
	}
	// This one finds it, and adds its own without losing it.
	if got, err := k.Unwrap(t.Context(), request(t, 0), w2); err != nil || !got.Equal(dek2.Secret) {
		t.Error(err)
	}
	if err := k.AddEpoch(3); err != nil {
		t.Fatal(err)
	}
	if err := k.AddEpoch(0); err == nil {
		t.Error("epoch 0 was added")
	}
	again, err := keys.OpenKeyring(path, development)
	if err != nil || fmt.Sprint(again.Epochs()) != "[1 2 3]" {
		t.Fatal(err, again.Epochs())
	}
	if got, err := again.Unwrap(t.Context(), request(t, 0), w); err != nil || !got.Equal(dek.Secret) {
		t.Error(err)
	}
	if _, w3, err := k.New(t.Context(), request(t, 1)); err != nil || w3.Epoch != 2 {
		t.Error("the mark of the other process was lost:", err, w3.Epoch)
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
		if err := k.AddEpoch(e); err != nil {
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
}

func TestOnlyInDevelopment(t *testing.T) {
	_, path := keyring(t, 1)
	for _, environment := range []string{"production", "", "Development", "staging"} {
		if _, err := keys.OpenKeyring(path, environment); !errors.Is(err, keys.ErrKeyringInProduction) {
			t.Errorf("%q: %v", environment, err)
		}
		absent := filepath.Join(t.TempDir(), "k")
		if _, err := keys.CreateKeyring(absent, environment); !errors.Is(err, keys.ErrKeyringInProduction) {
			t.Errorf("%q: %v", environment, err)
		}
		if _, err := os.Lstat(absent); !errors.Is(err, fs.ErrNotExist) {
			t.Error("a refused keyring was created", err)
		}
	}
}

func TestCreateKeepsWhatIsThere(t *testing.T) {
	_, path := keyring(t, 2)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.CreateKeyring(path, development); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Error("an existing keyring was changed", err)
	}
	if _, err := keys.OpenKeyring(path+".absent", development); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// TestManyCreate: processes that start at the same instant end up with one key.
func TestManyCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keyring.json")
	var wg sync.WaitGroup
	rings := make([]*keys.Keyring, 8)
	for i := range rings {
		wg.Go(func() {
			var err error
			if rings[i], err = keys.CreateKeyring(path, development); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	_, w, err := rings[0].New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range rings {
		if _, err := k.Unwrap(t.Context(), request(t, 0), w); err != nil {
			t.Error(err)
		}
	}
}

func TestFileFaults(t *testing.T) {
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	for what, c := range map[string]struct {
		edit func(string) string
		want error
	}{
		"nothing":          {func(s string) string { return s }, nil},
		"other format":     {replace("keyring/v1", "keyring/v2"), keys.ErrKeyringInvalid},
		"unknown member":   {replace(`"format"`, `"x":1,"format"`), keys.ErrKeyringInvalid},
		"trailing":         {func(s string) string { return s + "{}" }, keys.ErrKeyringInvalid},
		"cut":              {func(s string) string { return s[:len(s)-3] }, keys.ErrKeyringInvalid},
		"empty":            {func(string) string { return "" }, keys.ErrKeyringInvalid},
		"epoch zero":       {replace(`"epoch":1`, `"epoch":0`), keys.ErrKeyringInvalid},
		"epoch twice":      {replace(`"epoch":2`, `"epoch":1`), keys.ErrKeyringInvalid},
		"mark without key": {replace(`"high_water":0`, `"high_water":3`), keys.ErrKeyringInvalid},
		"mark with key":    {replace(`"high_water":0`, `"high_water":2`), nil},
		"no epochs":        {func(s string) string { return s[:strings.Index(s, "[")] + "[]}" }, keys.ErrKeyringInvalid},
		"damaged key": {func(s string) string {
			i := strings.Index(s, `"k3":"`) + 6
			return s[:i] + map[bool]string{true: "1", false: "0"}[s[i] == '0'] + s[i+1:]
		}, keys.ErrKeyringInvalid},
		"short key": {func(s string) string { i := strings.Index(s, `"k3":"`) + 6; return s[:i] + s[i+2:] }, keys.ErrKeyringInvalid},
		"zero key": {func(s string) string {
			i := strings.Index(s, `"k3":"`) + 6
			return s[:i] + strings.Repeat("0", 64) + s[i+64:]
		}, keys.ErrKeyringInvalid},
	} {
		t.Run(what, func(t *testing.T) {
			_, path := keyring(t, 2)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(c.edit(string(b))), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err = keys.OpenKeyring(path, development)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	t.Run("readable by others", func(t *testing.T) {
		_, path := keyring(t, 1)
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.OpenKeyring(path, development); !errors.Is(err, files.ErrUnsafe) {
			t.Error(err)
		}
	})
}

// TestFileGoneWhileRunning: what is in memory keeps working; what needs the
// file is signer_unavailable, and the mark is not taken for durable.
func TestFileGoneWhileRunning(t *testing.T) {
	k, path := keyring(t, 2)
	_, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Unwrap(t.Context(), request(t, 0), w); err != nil {
		t.Error(err)
	}
	_, _, err = k.New(t.Context(), request(t, 2))
	wantCode(t, err, apierr.SignerUnavailable)
	w.Epoch = 9
	_, err = k.Unwrap(t.Context(), request(t, 0), w)
	wantCode(t, err, apierr.SignerUnavailable)
	if err := k.AddEpoch(3); err == nil {
		t.Error("an epoch was added to a file that is gone")
	}
}

func TestNewDEKRefuses(t *testing.T) {
	for _, b := range [][]byte{nil, make([]byte, 31), make([]byte, 32), make([]byte, 33), []byte(strings.Repeat("\xff", 32))} {
		if _, err := keys.NewDEK(b); !errors.Is(err, keys.ErrBadDEK) {
			t.Errorf("%x: %v", b, err)
		}
	}
}
