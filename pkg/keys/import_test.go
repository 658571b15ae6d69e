package keys_test

import (
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/secret"
)

// TestSecondSigner: it begins with a backup of the first, takes what came since,
// and opens what the first one made.
func TestSecondSigner(t *testing.T) {
	first, _ := rotated(t)
	o := keystest.Options(t)
	k := keystest.Restored(t, o, first)
	made := prepare(t, first, 4)
	dek, w, err := first.New(t.Context(), request(t, 4))
	if err != nil {
		t.Fatal(err)
	}
	_, err = k.Unwrap(t.Context(), request(t, 0), w)
	wantCode(t, err, apierr.EnvelopeInvalid)
	k3, s, err := first.Export(4)
	if err != nil || s.Check != made.Check {
		t.Fatal(err, s)
	}
	defer k3.Destroy()
	for range 2 { // again is no change
		if got, err := k.Import(t.Context(), 4, 4, k3, s.Check, first.Status().RingID); err != nil || got.Check != s.Check || got.Epoch != 4 {
			t.Fatal(err, got)
		}
	}
	for _, k := range []*keys.Keyring{k, reopen(t, o)} {
		if err := k.Check(4); err != nil || k.Status().RingID != first.Status().RingID || epochs(k) != "d1 2 3 4" {
			t.Fatal(err, k.Status())
		}
		if got, err := k.Unwrap(t.Context(), request(t, 0), w); err != nil || !got.Equal(dek.Secret) {
			t.Error(err)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	first, _ := rotated(t)
	prepare(t, first, 4)
	ring := first.Status().RingID
	export := func(epoch uint64) secret.Secret {
		k3, _, err := first.Export(epoch)
		if err != nil {
			t.Fatal(err)
		}
		return k3
	}
	check := func(epoch uint64) string { return first.Status().Epochs[epoch-1].Check }
	other, _ := keyring(t, 5)
	foreign, foreignStatus, err := other.Export(5)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name         string
		epoch, chain uint64
		k3           secret.Secret
		check, ring  string
		want         error
		code         apierr.Code
	}{
		{"new", 5, 4, foreign, foreignStatus.Check, ring, nil, ""},
		{"there already", 4, 3, export(4), check(4), ring, nil, ""},
		{"two ahead", 5, 3, foreign, foreignStatus.Check, ring, keys.ErrTooFarAhead, ""},
		{"other check value", 5, 4, foreign, check(4), ring, keys.ErrCheckValue, ""},
		{"no check value", 5, 4, foreign, "", ring, keys.ErrCheckValue, ""},
		{"other ring", 5, 4, foreign, foreignStatus.Check, other.Status().RingID, keys.ErrOtherRing, ""},
		{"no ring", 5, 4, foreign, foreignStatus.Check, "", nil, apierr.InvalidInput},
		{"destroyed", 1, 4, foreign, foreignStatus.Check, ring, keys.ErrEpochDestroyed, ""},
		{"another key", 4, 4, foreign, foreignStatus.Check, ring, keys.ErrEpochConflict, ""},
		{"the key of another epoch", 5, 4, export(4), check(4), ring, keys.ErrEpochConflict, ""},
		{"epoch 0", 0, 4, foreign, foreignStatus.Check, ring, nil, apierr.InvalidInput},
		{"short", 5, 4, secret.New(foreign.Reveal()[1:]), foreignStatus.Check, ring, nil, apierr.InvalidInput},
		{"zeros", 5, 4, secret.New(make([]byte, 32)), foreignStatus.Check, ring, nil, apierr.InvalidInput},
		{"nothing", 5, 4, secret.Secret{}, foreignStatus.Check, ring, nil, apierr.InvalidInput},
	} {
		k := keystest.Restored(t, keystest.Options(t), first)
		before := k.Status()
		_, err := k.Import(t.Context(), c.epoch, c.chain, c.k3, c.check, c.ring)
		if !is(err, c.want, c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
		if after := k.Status(); err != nil && len(after.Epochs) != len(before.Epochs) {
			t.Errorf("%s: something was taken: %+v", c.name, after)
		}
		if _, _, err := k.Export(4); err != nil {
			t.Errorf("%s: the key that was there is gone: %v", c.name, err)
		}
	}
	if _, _, err := first.Export(9); !errors.Is(err, keys.ErrEpochMissing) {
		t.Error(err)
	}
}
