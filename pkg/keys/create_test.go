package keys_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/seal"
)

func TestCreate(t *testing.T) {
	o := keystest.Options(t)
	k, err := keys.OpenOrCreate(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	s := k.Status()
	if len(s.Epochs) != 1 || s.Epochs[0].Epoch != 1 || len(s.Epochs[0].Check) != 16 || !s.Epochs[0].Created.Equal(o.Now()) || s.HighWater != 0 || len(s.RingID) != 32 || !s.Locked {
		t.Errorf("%+v", s)
	}
	_, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	sealed := content(t, o.Path)
	if !strings.HasPrefix(sealed, "age-encryption.org/v1\n") || strings.Contains(sealed, s.RingID) {
		t.Error("the keyring is not sealed")
	}
	for _, path := range []string{o.Path, o.Path + ".mark"} {
		if st, err := os.Lstat(path); err != nil || st.Mode() != 0o600 {
			t.Error(path, err, st.Mode())
		}
	}
	if _, err := keys.Create(t.Context(), o); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	again, err := keys.OpenOrCreate(t.Context(), o)
	if err != nil || again.Status().RingID != s.RingID {
		t.Fatal(err)
	}
	if _, err := again.Unwrap(t.Context(), request(t, 0), w); err != nil {
		t.Error(err)
	}
	if content(t, o.Path) != sealed {
		t.Error("an existing keyring was written")
	}
	other := keystest.New(t)
	if other.Status().RingID == s.RingID || other.Status().Epochs[0].Check == s.Epochs[0].Check {
		t.Error("two keyrings are one")
	}
}

func content(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestOptionsAreNeeded(t *testing.T) {
	for what, spoil := range map[string]func(*keys.Options){
		"path": func(o *keys.Options) { o.Path = "" }, "seal": func(o *keys.Options) { o.Seal = nil }, "clock": func(o *keys.Options) { o.Now = nil },
		"chain": func(o *keys.Options) { o.Deployment.ChainID = 0 }, "contract": func(o *keys.Options) { o.Deployment.EpochContract = [20]byte{} },
	} {
		o := keystest.Options(t)
		backup := o.Seal
		spoil(&o)
		for name, f := range map[string]func() (*keys.Keyring, error){
			"create": func() (*keys.Keyring, error) { return keys.Create(t.Context(), o) },
			"open":   func() (*keys.Keyring, error) { return keys.Open(t.Context(), o) },
			"restore": func() (*keys.Keyring, error) {
				return keys.Restore(t.Context(), o, nil, backup)
			},
		} {
			if _, err := f(); err == nil || !strings.Contains(err.Error(), "needs a path, a seal, a clock and a deployment") {
				t.Errorf("%s without %s: %v", name, what, err)
			}
		}
	}
}

// TestOpenRefuses: every refusal by its name, with the path, and nothing on
// disk is changed by it.
func TestOpenRefuses(t *testing.T) {
	write := func(f func(b string) string) func(*testing.T, *keys.Options) {
		return func(t *testing.T, o *keys.Options) {
			if err := os.WriteFile(o.Path, []byte(f(content(t, o.Path))), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for what, c := range map[string]struct {
		spoil func(*testing.T, *keys.Options)
		want  error
	}{
		"nothing": {func(*testing.T, *keys.Options) {}, nil},
		"missing": {func(t *testing.T, o *keys.Options) { o.Path += ".other" }, fs.ErrNotExist},
		"no directory": {func(t *testing.T, o *keys.Options) {
			o.Path = filepath.Join(t.TempDir(), "none", "keyring")
		}, fs.ErrNotExist},
		"lost":             {func(t *testing.T, o *keys.Options) { remove(t, o.Path) }, keys.ErrKeyringLost},
		"other passphrase": {func(t *testing.T, o *keys.Options) { o.Seal = keystest.Seal(t) }, seal.ErrSeal},
		"empty":            {write(func(string) string { return "" }), seal.ErrDamaged},
		"cut":              {write(func(s string) string { return s[:len(s)-1] }), seal.ErrDamaged},
		"trailing":         {write(func(s string) string { return s + "x" }), seal.ErrDamaged},
		"plain":            {write(func(string) string { return `{"format":"agentkeys/keyring/v1","high_water":0,"epochs":[]}` }), seal.ErrDamaged},
		"a backup":         {func(t *testing.T, o *keys.Options) { replaceByBackup(t, o) }, keys.ErrKeyringInvalid},
		"other chain":      {func(_ *testing.T, o *keys.Options) { o.Deployment.ChainID++ }, keys.ErrKeyringSwapped},
		"other contract":   {func(_ *testing.T, o *keys.Options) { o.Deployment.EpochContract[19]++ }, keys.ErrKeyringSwapped},
		"readable by others": {func(t *testing.T, o *keys.Options) {
			if err := os.Chmod(o.Path, 0o644); err != nil {
				t.Fatal(err)
			}
		}, files.ErrUnsafe},
		"mark writable by others": {func(t *testing.T, o *keys.Options) {
			if err := os.Chmod(o.Path+".mark", 0o622); err != nil {
				t.Fatal(err)
			}
		}, files.ErrUnsafe},
		"mark damaged": {func(t *testing.T, o *keys.Options) {
			if err := os.WriteFile(o.Path+".mark", []byte("{}"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, keys.ErrKeyringInvalid},
	} {
		t.Run(what, func(t *testing.T) {
			k, o := keyring(t, 2)
			if err := k.Raise(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, &o)
			before := state(t, filepath.Dir(o.Path))
			_, err := keys.Open(t.Context(), o)
			if !errors.Is(err, c.want) || err != nil && !strings.Contains(err.Error(), filepath.Dir(o.Path)) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if !errors.Is(c.want, fs.ErrNotExist) {
				if _, err := keys.OpenOrCreate(t.Context(), o); !errors.Is(err, c.want) {
					t.Errorf("open or create: got %v, want %v", err, c.want)
				}
			}
			if after := state(t, filepath.Dir(o.Path)); after != before {
				t.Errorf("changed by a refusal:\n%s\n%s", before, after)
			}
		})
	}
}

func remove(t testing.TB, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func replaceByBackup(t testing.TB, o *keys.Options) {
	t.Helper()
	b, err := reopen(t, *o).Backup(t.Context(), o.Seal)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(o.Path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// state is the content of a directory.
func state(t testing.TB, dir string) (out string) {
	t.Helper()
	names, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		out += n.Name() + ": " + content(t, filepath.Join(dir, n.Name())) + "\n"
	}
	return out
}

// TestLostIsNotMadeAnew: a mark without its keyring is no reason for new keys.
func TestLostIsNotMadeAnew(t *testing.T) {
	_, o := keyring(t, 1)
	remove(t, o.Path)
	for _, f := range []func() (*keys.Keyring, error){
		func() (*keys.Keyring, error) { return keys.Create(t.Context(), o) },
		func() (*keys.Keyring, error) { return keys.OpenOrCreate(t.Context(), o) },
	} {
		if _, err := f(); !errors.Is(err, keys.ErrKeyringLost) || !strings.Contains(err.Error(), "agentkeys k3 restore") {
			t.Error(err)
		}
	}
	if _, err := os.Lstat(o.Path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a keyring was made", err)
	}
	remove(t, o.Path+".mark")
	if _, err := keys.OpenOrCreate(t.Context(), o); err != nil {
		t.Error(err)
	}
}

// TestManyCreate: processes that start at the same instant end up with one key.
func TestManyCreate(t *testing.T) {
	o := keystest.Options(t)
	var wg sync.WaitGroup
	rings := make([]*keys.Keyring, 8)
	for i := range rings {
		wg.Go(func() {
			var err error
			if rings[i], err = keys.OpenOrCreate(t.Context(), o); err != nil {
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

// TestManyPrepare: processes that prepare epochs at one time lose none of them
// and make each once.
func TestManyPrepare(t *testing.T) {
	_, o := keyring(t, 1)
	var wg sync.WaitGroup
	checks := make([][21]string, 3)
	for i := range checks {
		k := reopen(t, o)
		wg.Go(func() {
			for e := uint64(2); e <= 20; e++ {
				s, err := k.Prepare(t.Context(), e, e-1)
				if err != nil {
					t.Error(err)
				}
				checks[i][e] = s.Check
			}
		})
	}
	wg.Wait()
	s := reopen(t, o).Status()
	if len(s.Epochs) != 20 || checks[0] != checks[1] || checks[1] != checks[2] {
		t.Fatal(len(s.Epochs), checks)
	}
	for _, e := range s.Epochs[1:] {
		if e.Check != checks[0][e.Epoch] {
			t.Error(e.Epoch, e.Check)
		}
	}
}

func TestClose(t *testing.T) {
	k, o := keyring(t, 1)
	_, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(k.Close(), k.Close()); err != nil {
		t.Fatal(err)
	}
	_, _, err = k.New(t.Context(), request(t, 1))
	wantCode(t, err, apierr.SignerUnavailable)
	for _, epoch := range []uint64{1, 9} {
		w.Epoch = epoch
		_, err = k.Unwrap(t.Context(), request(t, 1), w)
		wantCode(t, err, apierr.SignerUnavailable)
	}
	_, _, err = k.SealKey(keys.SealBinding{Class: request(t, 1).Binding.Class, Operator: request(t, 1).Binding.Operator, Actor: request(t, 1).Binding.Actor}, 0)
	wantCode(t, err, apierr.SignerUnavailable)
	for what, f := range map[string]func() error{
		"check":   func() error { return k.Check(1) },
		"prepare": func() error { _, err := k.Prepare(t.Context(), 2, 1); return err },
		"remake":  func() error { _, err := k.Remake(t.Context(), 2, 2); return err },
		"raise":   func() error { return k.Raise(t.Context(), 1) },
		"destroy": func() error { _, err := k.Destroy(t.Context(), 1, 2); return err },
		"export":  func() error { _, _, err := k.Export(1); return err },
		"backup":  func() error { _, err := k.Backup(t.Context(), o.Seal); return err },
		"refresh": func() error { return k.Refresh(t.Context()) },
	} {
		if err := f(); !errors.Is(err, keys.ErrClosed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := reopen(t, o).Unwrap(t.Context(), request(t, 1), keys.Wrapped{Epoch: 1, Bytes: w.Bytes}); err != nil {
		t.Error(err)
	}
}

// TestFileGoneWhileRunning: what is in memory keeps working; what needs the
// file is signer_unavailable, and the mark is not taken for durable.
func TestFileGoneWhileRunning(t *testing.T) {
	for _, suffix := range []string{"", ".mark"} {
		k, o := keyring(t, 2)
		_, w, err := k.New(t.Context(), request(t, 1))
		if err != nil {
			t.Fatal(err)
		}
		remove(t, o.Path+suffix)
		if _, err := k.Unwrap(t.Context(), request(t, 0), w); err != nil {
			t.Error(err)
		}
		_, _, err = k.New(t.Context(), request(t, 2))
		wantCode(t, err, apierr.SignerUnavailable)
		w.Epoch = 9
		_, err = k.Unwrap(t.Context(), request(t, 0), w)
		wantCode(t, err, apierr.SignerUnavailable)
		if _, err := k.Prepare(t.Context(), 3, 2); err == nil {
			t.Error("an epoch was added to a file that is gone")
		}
	}
}
