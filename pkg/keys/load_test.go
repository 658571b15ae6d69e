package keys_test

import (
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
)

// TestDestroyAndCloseUnderLoad: whoever is served while keys go gets a key that
// is right, or the refusal that fits; nobody meets memory that is gone.
func TestDestroyAndCloseUnderLoad(t *testing.T) {
	k, _ := keyring(t, 2)
	dek, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Raise(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	_, _, sealedDEK, seal := sealed(t, k)
	var wg sync.WaitGroup
	started := make(chan struct{}, 6)
	for range 2 {
		wg.Go(func() {
			started <- struct{}{}
			for ; ; runtime.Gosched() {
				got, err := k.Unwrap(t.Context(), request(t, 0), w)
				if err == nil && got.Equal(dek.Secret) {
					continue
				}
				if code := apierr.CodeOf(err); code != apierr.SignerUnavailable && !errors.Is(err, keys.ErrEpochDestroyed) {
					t.Error(err)
				}
				return
			}
		})
		wg.Go(func() {
			started <- struct{}{}
			for ; ; runtime.Gosched() {
				if _, w, err := k.New(t.Context(), request(t, 1)); err != nil || w.Epoch != 2 {
					wantCode(t, err, apierr.SignerUnavailable)
					return
				}
			}
		})
		wg.Go(func() {
			started <- struct{}{}
			for ; ; runtime.Gosched() {
				got, err := k.OpenSeal(t.Context(), request(t, 0).Binding, 2, seal)
				if err != nil || !got.Equal(sealedDEK.Secret) {
					wantCode(t, err, apierr.SignerUnavailable)
					return
				}
			}
		})
	}
	for range 6 {
		<-started
	}
	if _, err := k.Destroy(t.Context(), 1, 2); err != nil {
		t.Error(err)
	}
	if err := k.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
}
