package keys_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/seal"
)

// inFile names a keyring that is not there yet, and the file of its passphrase.
func inFile(t testing.TB) (keys.Options, string) {
	t.Helper()
	o, file := keystest.Options(t), filepath.Join(t.TempDir(), "passphrase")
	newPassphrase(t, file)
	var err error
	if o.Seal, err = seal.PassphraseFile(file); err != nil {
		t.Fatal(err)
	}
	return o, file
}

// newPassphrase has a file hold a passphrase of its own.
func newPassphrase(t testing.TB, file string) {
	t.Helper()
	p, err := seal.GeneratePassphrase()
	if err != nil {
		t.Fatal(err)
	}
	if err := files.Replace(file, p.Reveal()); err != nil {
		t.Fatal(err)
	}
}

// TestCheckNeedsThePassphraseFile: a keyring that could not be written any more says
// so, although it still gives out keys.
func TestCheckNeedsThePassphraseFile(t *testing.T) {
	o, file := inFile(t)
	k, err := keys.Create(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Check(1); err != nil {
		t.Error(err)
	}
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	if err := k.Check(1); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without its passphrase file: %v", err)
	}
	if _, err := k.Prepare(t.Context(), 2, 1); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a change without it: %v", err)
	}
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Prepare(t.Context(), 2, 1); err != nil || k.Check(2) != nil {
		t.Errorf("put back: %v, %v", err, k.Check(2))
	}
}

// TestAChangeIsSealedUnderWhatOpenedIt: a passphrase that comes into the file in the
// middle of a change is not what the keyring is sealed under. It has opened nothing yet.
func TestAChangeIsSealedUnderWhatOpenedIt(t *testing.T) {
	o, file := inFile(t)
	during := func() {}
	o.Now = func() time.Time { during(); return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC) }
	k, err := keys.Create(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	swapped := 0
	during = func() { // the key of the epoch is made between reading and writing
		if swapped++; swapped == 1 {
			if err := os.Rename(file, file+".away"); err != nil {
				t.Fatal(err)
			}
			newPassphrase(t, file)
		}
	}
	if _, err := k.Prepare(t.Context(), 2, 1); err != nil || swapped == 0 {
		t.Fatalf("a change, with the file replaced %d times: %v", swapped, err)
	}
	if _, err := keys.Open(t.Context(), o); !errors.Is(err, seal.ErrSeal) {
		t.Errorf("with the passphrase that came: %v", err)
	}
	if _, err := k.Prepare(t.Context(), 3, 2); !errors.Is(err, seal.ErrSeal) {
		t.Errorf("another change, with the passphrase that came: %v", err)
	}
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	again, err := keys.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("with the passphrase that was there: %v", err)
	}
	if err := again.Check(2); err != nil {
		t.Error(err)
	}
	if err := errors.Join(again.Close(), k.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Prepare(t.Context(), 3, 2); !errors.Is(err, keys.ErrClosed) {
		t.Errorf("closed, and without the file: %v", err)
	}
}
