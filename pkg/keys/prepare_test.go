package keys_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
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
	for chain, want := range map[uint64]error{2: nil, 3: nil, 4: keys.ErrEpochMissing, 1 << 63: keys.ErrEpochMissing} {
		if err := k.Check(chain); !errors.Is(err, want) {
			t.Errorf("chain at %d: %v", chain, err)
		}
	}
	if err := k.Check(6); err == nil || !strings.Contains(err.Error(), "missing: 4, 5, 6 ") || !strings.Contains(err.Error(), "agentkeys k3 restore; ") || !strings.Contains(err.Error(), "agentkeys k3 remake") {
		t.Error(err)
	}
	if err := reopen(t, o).Check(3); err != nil {
		t.Error(err)
	}
}

// TestCheckBehindTheMark: a reorganisation may take the chain back behind what
// was in use. One key may be prepared ahead of whichever is greater.
func TestCheckBehindTheMark(t *testing.T) {
	for _, c := range []struct {
		mark, chain uint64
		want        error
	}{
		{0, 0, keys.ErrTooFarAhead},
		{0, 1, keys.ErrTooFarAhead},
		{0, 2, nil},
		{0, 3, nil},
		{1, 0, keys.ErrTooFarAhead},
		{1, 1, keys.ErrTooFarAhead},
		{1, 2, nil},
		{2, 0, nil}, // 3 is prepared
		{2, 1, nil},
		{3, 0, nil},
		{3, 1, nil},
		{3, 4, keys.ErrEpochMissing},
	} {
		k, o := keyring(t, 3)
		if c.mark != 0 {
			if err := k.Raise(t.Context(), c.mark); err != nil {
				t.Fatal(err)
			}
		}
		for _, k := range []*keys.Keyring{k, reopen(t, o)} {
			if err := k.Check(c.chain); !errors.Is(err, c.want) {
				t.Errorf("the mark is at %d, the chain at %d: %v", c.mark, c.chain, err)
			}
		}
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
