package keys_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
)

// backupOf is sealed with the keyring's own seal.
func backupOf(t testing.TB, k *keys.Keyring, o keys.Options) []byte {
	t.Helper()
	b, err := k.Backup(t.Context(), o.Seal)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestRestoreBuriesWhatWasDestroyed: a backup from before the destruction brings
// no key back, as long as the mark says which was destroyed.
func TestRestoreBuriesWhatWasDestroyed(t *testing.T) {
	k, o := keyring(t, 3)
	_, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	k3, was, err := k.Export(1)
	if err != nil {
		t.Fatal(err)
	}
	b := backupOf(t, k, o)
	if err := k.Raise(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Destroy(t.Context(), 1, 3); err != nil {
		t.Fatal(err)
	}
	mark := content(t, o.Path+".mark")
	member := mark[strings.Index(mark, `,"tombstones"`) : len(mark)-1]
	o.Now = func() time.Time { return time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC) }
	for what, c := range map[string]struct{ mark, epochs string }{
		"the mark":                    {mark, "d1 2 3"},
		"a mark without the member":   {strings.Replace(mark, member, "", 1), "1 2 3"},
		"a mark with an empty member": {strings.Replace(mark, member, `,"tombstones":[]`, 1), "1 2 3"},
		"no mark":                     {"", "1 2 3"},
	} {
		t.Run(what, func(t *testing.T) {
			remove(t, o.Path)
			put(t, o.Path+".mark", c.mark)
			if c.mark == "" {
				remove(t, o.Path+".mark")
			}
			again, err := keys.Restore(t.Context(), o, b, o.Seal)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range []*keys.Keyring{again, reopen(t, o)} {
				if err := k.Check(3); err != nil || epochs(k) != c.epochs {
					t.Fatal(err, epochs(k))
				}
				_, err := k.Unwrap(t.Context(), request(t, 0), w)
				_, _, err2 := k.Export(1)
				if c.epochs == "1 2 3" {
					if err := errors.Join(err, err2); err != nil {
						t.Error(err)
					}
					continue
				}
				wantCode(t, err, apierr.EnvelopeInvalid)
				_, err3 := k.Import(t.Context(), 1, 3, k3, was.Check, k.Status().RingID)
				for _, err := range []error{err, err2, err3} {
					if !errors.Is(err, keys.ErrEpochDestroyed) {
						t.Error(err)
					}
				}
				if s := k.Status(); s.HighWater != 3 || s.Epochs[0].Check != was.Check || !s.Epochs[0].Destroyed.Equal(o.Now()) || s.Epochs[1].Retired.IsZero() {
					t.Errorf("%+v", s)
				}
			}
			if c.epochs == "d1 2 3" && !strings.Contains(content(t, o.Path+".mark"), member) {
				t.Error("the new mark forgot:", content(t, o.Path+".mark"))
			}
			_ = again.Close()
		})
	}
}

// TestRestoreBesideTombstones: the mark and the backup must mean one key by one
// epoch; what they do not contradict each other in is taken from either.
func TestRestoreBesideTombstones(t *testing.T) {
	k, o := keyring(t, 4)
	all := backupOf(t, k, o)
	checks := k.Status().Epochs
	if err := k.Raise(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Destroy(t.Context(), 1, 4); err != nil {
		t.Fatal(err)
	}
	one := backupOf(t, k, o) // of which 1 was destroyed
	if err := keys.Lose(t.Context(), k, 2); err != nil {
		t.Fatal(err)
	}
	gap := backupOf(t, k, o) // and 2 is lost
	mark := content(t, o.Path+".mark")
	mark = mark[:strings.Index(mark, `,"tombstones"`)]
	tomb := func(epoch, check string) string { return `{"epoch":` + epoch + `,"check":"` + check + `"}` }
	destroyed, later := o.Now(), time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	o.Now = func() time.Time { return later }
	for what, c := range map[string]struct {
		backup []byte
		tombs  string
		want   error
		words  string
		epochs string
		first  time.Time // when 1 was destroyed, if it was
	}{
		"one is destroyed in both":        {one, tomb("1", checks[0].Check), nil, "", "d1 2 3 4", destroyed},
		"only in the mark":                {all, tomb("1", checks[0].Check), nil, "", "d1 2 3 4", later},
		"only in the backup":              {one, "", nil, "", "d1 2 3 4", destroyed},
		"another in the mark":             {one, tomb("2", checks[1].Check), nil, "", "d1 d2 3 4", destroyed},
		"several in the mark":             {all, tomb("1", checks[0].Check) + "," + tomb("3", checks[2].Check), nil, "", "d1 2 d3 4", later},
		"the backup lacks it":             {gap, tomb("2", checks[1].Check), nil, "", "d1 d2 3 4", destroyed},
		"the backup lacks another":        {gap, tomb("3", checks[2].Check), keys.ErrBackupIncomplete, "lacks 2;", "", destroyed},
		"the backup has another key":      {all, tomb("1", "00112233445566aa"), keys.ErrEpochConflict, "that of the backup has " + checks[0].Check, "", later},
		"the backup buried another key":   {one, tomb("1", "00112233445566aa"), keys.ErrEpochConflict, "that of the backup has " + checks[0].Check, "", later},
		"the backup has it elsewhere":     {gap, tomb("2", checks[2].Check), keys.ErrEpochConflict, "is that of epoch 3 in the backup", "", later},
		"the backup buried it elsewhere":  {gap, tomb("2", checks[0].Check), keys.ErrEpochConflict, "is that of epoch 1 in the backup", "", later},
		"the newest that was in use lost": {all, tomb("4", checks[3].Check), keys.ErrKeyringInvalid, "no later one was in use", "", later},
	} {
		t.Run(what, func(t *testing.T) {
			o := o
			o.Path += "-" + strings.ReplaceAll(what, " ", "-")
			text := mark + `,"tombstones":[` + c.tombs + `]}`
			put(t, o.Path+".mark", text)
			again, err := keys.Restore(t.Context(), o, c.backup, o.Seal)
			if !errors.Is(err, c.want) || err != nil && !strings.Contains(err.Error(), c.words) {
				t.Fatal(err)
			}
			if err != nil {
				if content(t, o.Path+".mark") != text {
					t.Error("the mark was changed by a refusal")
				}
				if _, err := keys.Open(t.Context(), o); c.want != keys.ErrKeyringInvalid && !errors.Is(err, keys.ErrKeyringLost) {
					t.Error("a keyring was made by a refusal:", err)
				}
				return
			}
			for _, k := range []*keys.Keyring{again, reopen(t, o)} {
				if s := k.Status(); epochs(k) != c.epochs || !s.Epochs[0].Destroyed.Equal(c.first) || s.HighWater != 4 {
					t.Errorf("%+v", s)
				}
			}
			_ = again.Close()
		})
	}
}
