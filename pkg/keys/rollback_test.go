package keys_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
)

// saved is keyring and mark as they were.
type saved struct{ ring, mark string }

func save(t testing.TB, o keys.Options) saved {
	t.Helper()
	return saved{content(t, o.Path), content(t, o.Path+".mark")}
}

func put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// history is one keyring over its life, a state at each generation.
func history(t testing.TB) (keys.Options, []saved) {
	t.Helper()
	k, o := keyring(t, 1)
	states := []saved{save(t, o)}
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, save(t, o))
	}
	step(k.Raise(t.Context(), 1))
	prepare(t, k, 2)
	step(nil)
	step(k.Raise(t.Context(), 2))
	_, err := k.Destroy(t.Context(), 1, 2)
	step(err)
	return o, states
}

// TestRollback puts every keyring beside every mark of its life: it opens only
// beside its own, and beside the one before it, which is what a crash leaves.
func TestRollback(t *testing.T) {
	o, states := history(t)
	for r, ring := range states {
		for m, mark := range states {
			put(t, o.Path, ring.ring)
			put(t, o.Path+".mark", mark.mark)
			before := state(t, filepath.Dir(o.Path))
			k, err := keys.Open(t.Context(), o)
			if m == r || m+1 == r {
				if err != nil {
					t.Errorf("keyring %d, mark %d: %v", r, m, err)
					continue
				}
				if got := content(t, o.Path+".mark"); got != ring.mark {
					t.Errorf("keyring %d, mark %d: the mark is %s", r, m, got)
				}
				_ = k.Close()
				continue
			}
			if !errors.Is(err, keys.ErrKeyringRolledBack) || !strings.Contains(err.Error(), "type: agentkeys k3 restore") || !strings.Contains(err.Error(), "move "+o.Path+" away, leave "+o.Path+".mark") {
				t.Errorf("keyring %d, mark %d: %v", r, m, err)
			}
			if after := state(t, filepath.Dir(o.Path)); after != before {
				t.Errorf("keyring %d, mark %d: changed by a refusal", r, m)
			}
		}
		put(t, o.Path, ring.ring)
		remove(t, o.Path+".mark")
		if _, err := keys.Open(t.Context(), o); r == 0 && err != nil || r != 0 && !errors.Is(err, keys.ErrKeyringRolledBack) {
			t.Errorf("keyring %d without a mark: %v", r, err)
		}
	}
}

// TestLowerHighWater: the mark's high-water mark counts by itself.
func TestLowerHighWater(t *testing.T) {
	o, states := history(t)
	last := states[len(states)-1]
	for epoch, want := range map[string]error{"2": nil, "3": keys.ErrKeyringRolledBack} {
		put(t, o.Path+".mark", strings.Replace(last.mark, `"high_water":2`, `"high_water":`+epoch, 1))
		if _, err := keys.Open(t.Context(), o); !errors.Is(err, want) {
			t.Error(epoch, err)
		}
	}
}

// TestTombstonesOfTheMark count by themselves, like its high-water mark.
func TestTombstonesOfTheMark(t *testing.T) {
	o, states := history(t)
	alive, last := states[len(states)-2], states[len(states)-1]
	member := last.mark[strings.Index(last.mark, `,"tombstones"`) : len(last.mark)-1]
	for what, c := range map[string]struct {
		ring, mark string
		want       error
	}{
		"the keyring's":                {last.ring, last.mark, nil},
		"none, as before they existed": {last.ring, strings.Replace(last.mark, member, "", 1), nil},
		"of another key":               {last.ring, strings.Replace(last.mark, `"check":"`, `"check":"0000`, 1), keys.ErrKeyringInvalid},
		"of a key with another check":  {last.ring, strings.Replace(last.mark, member, `,"tombstones":[{"epoch":1,"check":"00112233445566aa"}]`, 1), keys.ErrKeyringRolledBack},
		"of a key that is there":       {alive.ring, alive.mark[:len(alive.mark)-1] + member + "}", keys.ErrKeyringRolledBack},
		"none, and the key is there":   {alive.ring, alive.mark, nil},
	} {
		put(t, o.Path, c.ring)
		put(t, o.Path+".mark", c.mark)
		before := save(t, o)
		k, err := keys.Open(t.Context(), o)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
		if err != nil {
			if save(t, o) != before {
				t.Errorf("%s: changed by a refusal", what)
			}
			continue
		}
		if want := map[bool]string{true: last.mark, false: alive.mark}[c.ring == last.ring]; content(t, o.Path+".mark") != want {
			t.Errorf("%s: the mark is %s", what, content(t, o.Path+".mark"))
		}
		_ = k.Close()
	}
}

func TestSwapped(t *testing.T) {
	k, o := keyring(t, 2)
	mark := content(t, o.Path+".mark")
	// Another file of the same ring, under the same seal.
	backup, err := k.Backup(t.Context(), o.Seal)
	if err != nil {
		t.Fatal(err)
	}
	copied := o
	copied.Path = filepath.Join(t.TempDir(), "keyring")
	if _, err := keys.Restore(t.Context(), copied, backup, o.Seal); err != nil {
		t.Fatal(err)
	}
	put(t, o.Path, content(t, copied.Path))
	if _, err := keys.Open(t.Context(), o); !errors.Is(err, keys.ErrKeyringSwapped) || !strings.Contains(err.Error(), "agentkeys k3 restore") {
		t.Error(err)
	}
	if content(t, o.Path+".mark") != mark {
		t.Error("the mark was changed by a refusal")
	}
	reopen(t, copied)
}

// TestRollbackWhileRunning: keyring and mark put back together are noticed by
// the process that has seen more.
func TestRollbackWhileRunning(t *testing.T) {
	k, o := keyring(t, 2)
	old := save(t, o)
	prepare(t, k, 3)
	_, w, err := k.New(t.Context(), request(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	newest := save(t, o)
	put(t, o.Path, old.ring)
	put(t, o.Path+".mark", old.mark)
	if _, err := k.Prepare(t.Context(), 4, 3); !errors.Is(err, keys.ErrKeyringRolledBack) {
		t.Error(err)
	}
	if err := k.Refresh(t.Context()); !errors.Is(err, keys.ErrKeyringRolledBack) {
		t.Error(err)
	}
	_, err = k.Unwrap(t.Context(), request(t, 0), keys.Wrapped{Epoch: 9, Bytes: w.Bytes})
	wantCode(t, err, apierr.SignerUnavailable)
	if save(t, o) != old {
		t.Error("the older keyring was overwritten")
	}
	if _, err := k.Unwrap(t.Context(), request(t, 0), w); err != nil {
		t.Error("what is in memory was lost:", err)
	}
	put(t, o.Path, newest.ring)
	put(t, o.Path+".mark", newest.mark)
	prepare(t, k, 4)
}

// TestRefresh: what another process destroyed is gone here too.
func TestRefresh(t *testing.T) {
	k, o := keyring(t, 2)
	_, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	other := reopen(t, o)
	for range 3 { // more than one write ahead of this process
		if err := other.Raise(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
		if _, err := other.Destroy(t.Context(), 1, 2); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := k.Unwrap(t.Context(), request(t, 0), w); err != nil {
		t.Error(err)
	}
	if err := k.Refresh(t.Context()); err != nil || epochs(k) != "d1 2" || k.Status().HighWater != 2 {
		t.Error(err, epochs(k))
	}
	_, err = k.Unwrap(t.Context(), request(t, 0), w)
	wantCode(t, err, apierr.EnvelopeInvalid)
	if err := k.Refresh(t.Context()); err != nil {
		t.Error(err)
	}
}
