package keys_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
)

// TestRemake: the chain is at an epoch for which nobody prepared a key.
func TestRemake(t *testing.T) {
	k, o := rotated(t) // d1 2 3, all used
	dek, w, err := k.New(t.Context(), request(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Raise(t.Context(), 5); !errors.Is(err, keys.ErrEpochMissing) {
		t.Fatal(err)
	}
	made := map[uint64]string{}
	for _, epoch := range []uint64{4, 5} {
		s, err := k.Remake(t.Context(), epoch, 5)
		if err != nil || s.Epoch != epoch || len(s.Check) != 16 || !s.Created.Equal(o.Now()) || !s.Retired.IsZero() || !s.Destroyed.IsZero() {
			t.Fatalf("%v, %+v", err, s)
		}
		made[epoch] = s.Check
		for _, k := range []*keys.Keyring{k, reopen(t, o)} { // again, here and in another process
			if again, err := k.Remake(t.Context(), epoch, 5); err != nil || again.Check != s.Check {
				t.Errorf("%v, %+v", err, again)
			}
		}
	}
	if made[4] == made[5] {
		t.Error("one key for two epochs")
	}
	for _, k := range []*keys.Keyring{reopen(t, o), k} {
		if err := errors.Join(k.Check(5), k.Raise(t.Context(), 5)); err != nil || epochs(k) != "d1 2 3 4 5" {
			t.Error(err, epochs(k))
		}
		if got, err := k.Unwrap(t.Context(), request(t, 0), w); err != nil || !got.Equal(dek.Secret) {
			t.Error(err)
		}
		if _, w, err := k.New(t.Context(), request(t, 5)); err != nil || w.Epoch != 5 {
			t.Error(err, w.Epoch)
		}
	}
}

func TestRemakeRefuses(t *testing.T) {
	zero := uint64(0)
	prepared := func(t *testing.T, k *keys.Keyring) { prepare(t, k, 4) }
	for _, c := range []struct {
		name         string
		first        func(*testing.T, *keys.Keyring)
		epoch, chain uint64
		want         error
		code         apierr.Code
		words        string
		after        string
	}{
		{"the chain's own", nil, 4, 4, nil, "", "", "d1 2 3 4"},
		{"below the chain's", nil, 4, 9, nil, "", "", "d1 2 3 4"},
		{"one ahead of the chain", nil, 4, 3, keys.ErrTooFarAhead, "", "is prepared, not remade", "d1 2 3"},
		{"two ahead", nil, 5, 3, keys.ErrTooFarAhead, "", "the chain is at 3", "d1 2 3"},
		{"far ahead", nil, zero - 1, 3, keys.ErrTooFarAhead, "", "the chain is at 3", "d1 2 3"},
		{"one below it is missing", nil, 5, 5, keys.ErrEpochMissing, "", "missing: 4, which come before it", "d1 2 3"},
		{"none below it is missing", prepared, 5, 5, nil, "", "", "d1 2 3 4 5"},
		{"many below it are missing", nil, 1 << 63, 1 << 63, keys.ErrEpochMissing, "", "missing: 4, 5, 6,", "d1 2 3"},
		{"destroyed", nil, 1, 3, keys.ErrEpochDestroyed, "", "", "d1 2 3"},
		{"there and in use", nil, 3, 3, nil, "", "", "d1 2 3"},
		{"there and old", nil, 2, 3, nil, "", "", "d1 2 3"},
		{"there and one ahead", prepared, 4, 3, nil, "", "", "d1 2 3 4"},
		{"there and two ahead", prepared, 4, 2, keys.ErrTooFarAhead, "", "the chain is at 2", "d1 2 3 4"},
		{"zero", nil, 0, 3, nil, apierr.InvalidInput, "epochs start at 1", "d1 2 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k, o := rotated(t)
			if c.first != nil {
				c.first(t, k)
			}
			before, files := k.Status(), save(t, o)
			s, err := k.Remake(t.Context(), c.epoch, c.chain)
			if !is(err, c.want, c.code) || err != nil && !strings.Contains(err.Error(), c.words) {
				t.Fatal(err)
			}
			if epochs(k) != c.after || err != nil && s != (keys.EpochStatus{}) {
				t.Errorf("%s, %+v", epochs(k), s)
			}
			if len(k.Status().Epochs) == len(before.Epochs) && save(t, o) != files {
				t.Error("no key was made, and something was written")
			}
			for i, e := range before.Epochs {
				if k.Status().Epochs[i] != e {
					t.Errorf("%+v became %+v", e, k.Status().Epochs[i])
				}
			}
		})
	}
}

// TestRemakeNothingUsed: the mark alone decides whether a key that is not here
// may have sealed something.
func TestRemakeNothingUsed(t *testing.T) {
	for mark, want := range map[uint64]error{1: nil, 3: keys.ErrEpochMissing} {
		k, o := keyring(t, 3)
		if err := errors.Join(k.Raise(t.Context(), mark), keys.Lose(t.Context(), k, 2)); err != nil {
			t.Fatal(err)
		}
		for _, k := range []*keys.Keyring{k, reopen(t, o)} {
			_, err := k.Remake(t.Context(), 2, 3)
			if !errors.Is(err, want) || want != nil && !strings.Contains(err.Error(), "objects may be sealed under 2; restore a backup of a signer that has it: agentkeys k3 restore") {
				t.Errorf("the mark is at %d: %v", mark, err)
			}
		}
		if got := epochs(k); got != map[bool]string{true: "1 2 3", false: "1 3"}[want == nil] {
			t.Errorf("the mark is at %d: %s", mark, got)
		}
	}
}

// TestManyRemake: processes that make a key again at one time make one.
func TestManyRemake(t *testing.T) {
	_, o := keyring(t, 1)
	var wg sync.WaitGroup
	var checks [4]string
	for i := range checks {
		k := reopen(t, o)
		wg.Go(func() {
			s, err := k.Remake(t.Context(), 2, 2)
			if err != nil {
				t.Error(err)
			}
			checks[i] = s.Check
		})
	}
	wg.Wait()
	if s := reopen(t, o).Status(); len(s.Epochs) != 2 || checks != [4]string{s.Epochs[1].Check, s.Epochs[1].Check, s.Epochs[1].Check, s.Epochs[1].Check} {
		t.Error(checks, s.Epochs)
	}
}

// TestRemadeAtTwoSigners: a key that is remade at one signer and handed over is
// one key; remade at both, it is two, and neither gives way.
func TestRemadeAtTwoSigners(t *testing.T) {
	for _, both := range []bool{false, true} {
		a := keystest.New(t)
		b := keystest.Restored(t, keystest.Options(t), a)
		made, err := a.Remake(t.Context(), 2, 2)
		if err != nil {
			t.Fatal(err)
		}
		if both {
			if _, err := b.Remake(t.Context(), 2, 2); err != nil {
				t.Fatal(err)
			}
		}
		k3, _, err := a.Export(2)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.Import(t.Context(), 2, 2, k3, made.Check, a.Status().RingID)
		if want := map[bool]error{true: keys.ErrEpochConflict}[both]; !errors.Is(err, want) {
			t.Errorf("both: %t, import: %v", both, err)
		}
		_, w, err := a.New(t.Context(), request(t, 2))
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.Unwrap(t.Context(), request(t, 0), w)
		wantCode(t, err, map[bool]apierr.Code{true: apierr.EnvelopeInvalid}[both])
	}
}
