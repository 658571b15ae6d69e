package keys_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
)

func TestDestroy(t *testing.T) {
	k, o := keyring(t, 4)
	_, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Raise(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	check := k.Status().Epochs[0].Check
	for _, c := range []struct {
		name         string
		epoch, chain uint64
		want         error
	}{
		{"the chain's own", 1, 1, keys.ErrEpochInUse},
		{"above the chain's", 2, 1, keys.ErrEpochInUse},
		{"the newest used", 3, 4, keys.ErrEpochInUse},
		{"above the newest used", 4, 5, keys.ErrEpochInUse},
		{"below both", 1, 3, nil},
		{"again", 1, 3, nil},
		{"again, with an older chain", 1, 1, nil},
	} {
		s, err := k.Destroy(t.Context(), c.epoch, c.chain)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err == nil && (s.Check != check || !s.Destroyed.Equal(o.Now()) || s.Epoch != 1) {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
	_, err = k.Destroy(t.Context(), 0, 3)
	wantCode(t, err, apierr.InvalidInput)
	for _, k := range []*keys.Keyring{k, reopen(t, o)} {
		if got := epochs(k); got != "d1 2 3 4" {
			t.Error(got)
		}
		_, err := k.Unwrap(t.Context(), request(t, 0), w)
		wantCode(t, err, apierr.EnvelopeInvalid)
		if !errors.Is(err, keys.ErrEpochDestroyed) || !strings.Contains(apierr.From(err).Detail, "the key of epoch 1, under which this object was sealed, was destroyed on 2026-11-01") {
			t.Error(err)
		}
		if _, _, err := k.Export(1); !errors.Is(err, keys.ErrEpochDestroyed) {
			t.Error(err)
		}
		if err := k.Check(3); err != nil {
			t.Error(err)
		}
	}
}

// TestDestroyMissing: nothing that was lost gets a tombstone.
func TestDestroyMissing(t *testing.T) {
	k, _ := keyring(t, 3)
	if err := errors.Join(k.Raise(t.Context(), 3), keys.Lose(t.Context(), k, 2)); err != nil {
		t.Fatal(err)
	}
	for epoch, want := range map[uint64]error{1: nil, 2: keys.ErrEpochMissing} {
		if _, err := k.Destroy(t.Context(), epoch, 3); !errors.Is(err, want) {
			t.Error(epoch, err)
		}
	}
	if got := epochs(k); got != "d1 3" {
		t.Error(got)
	}
}

// TestDestroyedKeyComesBack: a key that was destroyed is refused under another
// number too.
func TestDestroyedKeyComesBack(t *testing.T) {
	k, _ := keyring(t, 2)
	k3, s, err := k.Export(1)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Raise(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Destroy(t.Context(), 1, 2); err != nil {
		t.Fatal(err)
	}
	for epoch, want := range map[uint64]error{1: keys.ErrEpochDestroyed, 3: keys.ErrEpochConflict} {
		if _, err := k.Import(t.Context(), epoch, 2, k3, s.Check, k.Status().RingID); !errors.Is(err, want) || epochs(k) != "d1 2" {
			t.Error(epoch, err)
		}
	}
}
