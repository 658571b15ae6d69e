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
)

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

// TestManyAdd: processes that add epochs at one time lose none of them.
func TestManyAdd(t *testing.T) {
	const each = 20
	_, path := keyring(t, 1)
	var wg sync.WaitGroup
	for i := range uint64(3) {
		k, err := keys.OpenKeyring(path, development)
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			for e := range uint64(each) {
				if err := k.AddEpoch(2 + i*each + e); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	k, err := keys.OpenKeyring(path, development)
	if err != nil || len(k.Epochs()) != 1+3*each {
		t.Fatal(err, k.Epochs())
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
