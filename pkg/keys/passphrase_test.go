package keys_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/seal"
)

// TestCheckNeedsThePassphraseFile: a keyring that could not be written any more says
// so, although it still gives out keys.
func TestCheckNeedsThePassphraseFile(t *testing.T) {
	_, o := rotated(t)
	p, err := seal.GeneratePassphrase()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "passphrase")
	if err := files.Create(file, p.Reveal()); err != nil {
		t.Fatal(err)
	}
	o.Path = filepath.Join(t.TempDir(), "keyring")
	if o.Seal, err = seal.PassphraseFile(file); err != nil {
		t.Fatal(err)
	}
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
