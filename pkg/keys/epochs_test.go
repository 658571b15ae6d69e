package keys_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/secret"
)

// is compares an error with the sentinel or the code that is wanted; with
// neither, there must be no error.
func is(err, want error, code apierr.Code) bool {
	if code != "" {
		return apierr.CodeOf(err) == code
	}
	return errors.Is(err, want)
}

// rotated is a keyring at chain epoch 3 with epoch 1 destroyed.
func rotated(t testing.TB) (*keys.Keyring, keys.Options) {
	t.Helper()
	k, o := keyring(t, 3)
	if err := k.Raise(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Destroy(t.Context(), 1, 3); err != nil {
		t.Fatal(err)
	}
	return k, o
}

func TestPrepare(t *testing.T) {
	k, o := rotated(t)
	zero := uint64(0)
	for _, c := range []struct {
		name         string
		epoch, chain uint64
		want         error
		code         apierr.Code
	}{
		{"one ahead", 4, 3, nil, ""},
		{"one ahead, again", 4, 3, nil, ""},
		{"there already", 2, 3, nil, ""},
		{"two ahead", 5, 3, keys.ErrTooFarAhead, ""},
		{"there, and two ahead", 4, 2, keys.ErrTooFarAhead, ""},
		{"far ahead", zero - 1, 3, keys.ErrTooFarAhead, ""},
		{"destroyed", 1, 3, keys.ErrEpochDestroyed, ""},
		{"lost", 5, 5, keys.ErrEpochMissing, ""},
		{"one ahead of a lost one", 6, 5, keys.ErrEpochMissing, ""},
		{"zero", 0, 3, nil, apierr.InvalidInput},
	} {
		before := epochs(k)
		s, err := k.Prepare(t.Context(), c.epoch, c.chain)
		if !is(err, c.want, c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil && (s != keys.EpochStatus{} || epochs(k) != before) {
			t.Errorf("%s: a key came with the refusal: %+v", c.name, s)
		}
		if err == nil && (s.Epoch != c.epoch || len(s.Check) != 16 || !s.Created.Equal(o.Now())) {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
	_, err := k.Prepare(t.Context(), 7, 7)
	if err == nil || !strings.Contains(err.Error(), "5, 6, 7") {
		t.Error("the missing epochs are not named:", err)
	}
}

func TestCheck(t *testing.T) {
	k, o := rotated(t)
	for chain, want := range map[uint64]error{0: keys.ErrTooFarAhead, 1: keys.ErrTooFarAhead, 2: nil, 3: nil, 4: keys.ErrEpochMissing, 1 << 63: keys.ErrEpochMissing} {
		if err := k.Check(chain); !errors.Is(err, want) {
			t.Errorf("chain at %d: %v", chain, err)
		}
	}
	if err := k.Check(6); err == nil || !strings.Contains(err.Error(), "missing: 4, 5, 6 ") {
		t.Error(err)
	}
	if err := reopen(t, o).Check(3); err != nil {
		t.Error(err)
	}
}

func TestRaise(t *testing.T) {
	k, o := keyring(t, 3)
	if err := k.Raise(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	for epoch, want := range map[uint64]error{1: nil, 2: nil, 4: keys.ErrEpochMissing} {
		if err := k.Raise(t.Context(), epoch); !errors.Is(err, want) {
			t.Error(epoch, err)
		}
	}
	wantCode(t, k.Raise(t.Context(), 0), apierr.InvalidInput)
	for _, k := range []*keys.Keyring{k, reopen(t, o)} {
		s := k.Status()
		if s.HighWater != 2 || !s.Epochs[0].Retired.Equal(o.Now()) || !s.Epochs[1].Retired.IsZero() || !s.Epochs[2].Retired.IsZero() {
			t.Errorf("%+v", s)
		}
	}
}

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
	source, _ := keyring(t, 3)
	o := keystest.Options(t)
	k, err := keys.CreateJoining(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []uint64{1, 2, 3} {
		imported(t, k, source, e, 3)
	}
	if err := k.Raise(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Destroy(t.Context(), 2, 9); err != nil {
		t.Error(err)
	}
	if _, err := k.Destroy(t.Context(), 4, 9); !errors.Is(err, keys.ErrEpochInUse) {
		t.Error(err)
	}
}

// imported moves the key of one epoch from one keyring to another.
func imported(t testing.TB, to, from *keys.Keyring, epoch, chain uint64) keys.EpochStatus {
	t.Helper()
	k3, s, err := from.Export(epoch)
	if err != nil {
		t.Fatal(err)
	}
	defer k3.Destroy()
	got, err := to.Import(t.Context(), epoch, chain, k3, s.Check, from.Status().RingID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Check != s.Check || got.Epoch != epoch {
		t.Errorf("%+v", got)
	}
	return got
}

// TestJoining: a second signer serves nothing until it has all keys, and then
// opens what the first one made.
func TestJoining(t *testing.T) {
	first, _ := rotated(t)
	dek, w, err := first.New(t.Context(), request(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	o := keystest.Options(t)
	k, err := keys.CreateJoining(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	refusing := func(k *keys.Keyring) {
		t.Helper()
		r := request(t, 3)
		_, _, err := k.New(t.Context(), r)
		wantCode(t, err, apierr.SignerUnavailable)
		_, err = k.Unwrap(t.Context(), r, w)
		wantCode(t, err, apierr.SignerUnavailable)
		_, err = k.OpenSeal(t.Context(), r.Binding, 3, make([]byte, keys.SealSize))
		wantCode(t, err, apierr.SignerUnavailable)
		_, err = k.Backup(t.Context(), o.Seal)
		_, err2 := k.Prepare(t.Context(), 4, 3)
		_, err3 := k.Destroy(t.Context(), 2, 3)
		for _, err := range []error{err, err2, err3, k.Raise(t.Context(), 3), k.Check(0)} {
			if !errors.Is(err, keys.ErrJoining) {
				t.Error(err)
			}
		}
		if err := k.Check(3); !errors.Is(err, keys.ErrEpochMissing) {
			t.Error(err)
		}
	}
	refusing(k)
	imported(t, k, first, 3, 3)
	refusing(k)
	refusing(reopen(t, o))
	imported(t, k, first, 2, 3)
	refusing(k)
	destroyed := first.Status().Epochs[0]
	if s, err := k.ImportDestroyed(t.Context(), 3, destroyed, first.Status().RingID); err != nil || s != destroyed {
		t.Fatal(err, s)
	}
	for _, k := range []*keys.Keyring{k, reopen(t, o)} {
		if err := k.Check(3); err != nil || k.Status().Joining || k.Status().RingID != first.Status().RingID || epochs(k) != "d1 2 3" {
			t.Fatal(err, k.Status())
		}
		if got, err := k.Unwrap(t.Context(), request(t, 3), w); err != nil || !got.Equal(dek.Secret) {
			t.Error(err)
		}
		if _, w, err := k.New(t.Context(), request(t, 3)); err != nil || w.Epoch != 3 {
			t.Error(err)
		}
	}
	imported(t, k, first, 3, 3) // again
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
		if _, err := first.Backup(t.Context(), keystest.Seal(t)); err != nil {
			t.Fatal(err)
		}
		k := restored(t, first)
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

// restored is a copy of a keyring in a file of its own.
func restored(t testing.TB, k *keys.Keyring) *keys.Keyring {
	t.Helper()
	o := keystest.Options(t)
	b, err := k.Backup(t.Context(), o.Seal)
	if err != nil {
		t.Fatal(err)
	}
	out, err := keys.Restore(t.Context(), o, b, o.Seal)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	return out
}

func TestImportDestroyedRefuses(t *testing.T) {
	k, o := rotated(t)
	ring, at := k.Status().RingID, o.Now()
	there := k.Status().Epochs[0]
	for _, c := range []struct {
		name  string
		chain uint64
		s     keys.EpochStatus
		ring  string
		want  error
		code  apierr.Code
	}{
		{"there already", 3, there, ring, nil, ""},
		{"other check value", 3, keys.EpochStatus{Epoch: 1, Check: strings.Repeat("0", 16), Destroyed: at}, ring, keys.ErrEpochConflict, ""},
		{"a key that is here", 3, keys.EpochStatus{Epoch: 2, Check: there.Check, Destroyed: at}, ring, keys.ErrEpochConflict, ""},
		{"the chain's own", 1, there, ring, keys.ErrEpochInUse, ""},
		{"above all keys", 9, keys.EpochStatus{Epoch: 4, Check: there.Check, Destroyed: at}, ring, keys.ErrEpochConflict, ""},
		{"epoch 0", 3, keys.EpochStatus{Check: there.Check, Destroyed: at}, ring, nil, apierr.InvalidInput},
		{"not destroyed", 3, keys.EpochStatus{Epoch: 1, Check: there.Check}, ring, nil, apierr.InvalidInput},
		{"no check value", 3, keys.EpochStatus{Epoch: 1, Check: "x", Destroyed: at}, ring, nil, apierr.InvalidInput},
		{"other ring", 3, there, strings.Repeat("0", 31) + "1", keys.ErrOtherRing, ""},
		{"far ahead", 1, keys.EpochStatus{Epoch: 3, Check: there.Check, Destroyed: at}, ring, keys.ErrTooFarAhead, ""},
	} {
		_, err := k.ImportDestroyed(t.Context(), c.chain, c.s, c.ring)
		if !is(err, c.want, c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := epochs(k); got != "d1 2 3" {
			t.Fatalf("%s: %s", c.name, got)
		}
	}
}

// TestInstants: documents carry whole seconds in UTC, whatever the clock says.
func TestInstants(t *testing.T) {
	o := keystest.Options(t)
	o.Now = func() time.Time {
		return time.Date(2026, 11, 1, 1, 2, 3, 999, time.FixedZone("east", 7200))
	}
	k, err := keys.Create(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	want := time.Date(2026, 10, 31, 23, 2, 3, 0, time.UTC)
	for _, k := range []*keys.Keyring{k, reopen(t, o)} {
		if got := k.Status().Epochs[0].Created; got != want {
			t.Error(got)
		}
	}
}
