package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/pkg/secret"
)

func pass(t testing.TB, s string) seal.Seal {
	t.Helper()
	p, err := seal.Passphrase(secret.New([]byte(s)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// work is the scrypt cost that a document names.
func work(t testing.TB, sealed []byte) string {
	t.Helper()
	_, rest, ok := bytes.Cut(sealed, []byte("-> scrypt "))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	f := strings.Fields(string(line))
	if !ok || len(f) != 2 {
		t.Fatalf("%q", sealed[:60])
	}
	return f[1]
}

func TestWorkFactor(t *testing.T) {
	p, err := seal.GeneratePassphrase()
	if err != nil {
		t.Fatal(err)
	}
	text := string(p.Reveal())
	if got := work(t, encrypt(t, pass(t, text), document)); got != "8" {
		t.Errorf("generated: %s", got)
	}
	// One of a person costs a second, so one document serves for the rest.
	human := pass(t, "correct horse battery staple")
	sealed := encrypt(t, human, document)
	if got := work(t, sealed); got != "18" {
		t.Errorf("a person's: %s", got)
	}
	if got, err := seal.Open(t.Context(), human, sealed); err != nil || !bytes.Equal(got.Reveal(), document) {
		t.Error(err)
	}
	if _, err := seal.Open(t.Context(), pass(t, "correct horse battery stable"), sealed); !errors.Is(err, seal.ErrSeal) {
		t.Error(err)
	}
	for _, n := range []string{"19", "22", "30", "99", "0", "-1", "x", "18 1"} {
		dear := bytes.Replace(sealed, []byte(" 18\n"), []byte(" "+n+"\n"), 1)
		if _, err := seal.Open(t.Context(), human, dear); !errors.Is(err, seal.ErrDamaged) {
			t.Errorf("work %s: %v", n, err)
		}
	}
}

// TestLooksGenerated: whatever has not exactly the form pays the full price.
func TestLooksGenerated(t *testing.T) {
	p, err := seal.GeneratePassphrase()
	if err != nil {
		t.Fatal(err)
	}
	text := string(p.Reveal())
	i := strings.LastIndex(text, "-")
	for len(text)-i < 44 { // the random part may hold a dash too
		i = strings.LastIndex(text[:i], "-")
	}
	random := text[i+1:]
	if raw, err := base64.RawURLEncoding.DecodeString(random); err != nil || len(raw) != 32 {
		t.Fatal(err, random)
	}
	for what, c := range map[string]struct {
		text string
		want bool
	}{
		"as made": {text, true}, "cut": {text[:len(text)-1], false}, "longer": {text + "A", false}, "without the prefix": {random, false},
		"loose bits": {text[:len(text)-1] + "B", false}, "other letters": {text[:len(text)-1] + "!", false},
		"line end": {text + "\n", false},
	} {
		if got := seal.IsGenerated([]byte(c.text)); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
	}
	again, err := seal.GeneratePassphrase()
	if err != nil || again.Equal(p) {
		t.Error("two passphrases are one", err)
	}
}

func TestPassphraseRefuses(t *testing.T) {
	for _, short := range []string{"", "seven77"} {
		if _, err := seal.Passphrase(secret.New([]byte(short))); !errors.Is(err, seal.ErrPassphrase) {
			t.Errorf("%q: %v", short, err)
		}
	}
	pass(t, "eight888")
}

func TestPassphraseFile(t *testing.T) {
	p, err := seal.GeneratePassphrase()
	if err != nil {
		t.Fatal(err)
	}
	sealed := encrypt(t, pass(t, string(p.Reveal())), document)
	path := filepath.Join(t.TempDir(), "pass")
	if _, err := seal.PassphraseFile(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	for _, end := range []string{"", "\n", "\r\n"} {
		if err := files.Replace(path, append(bytes.Clone(p.Reveal()), end...)); err != nil {
			t.Fatal(err)
		}
		s, err := seal.PassphraseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := seal.Open(t.Context(), s, sealed); err != nil || !bytes.Equal(got.Reveal(), document) {
			t.Errorf("%q: %v", end, err)
		}
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.PassphraseFile(path); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
	if err := files.Replace(path, []byte("\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.PassphraseFile(path); !errors.Is(err, seal.ErrPassphrase) || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
}

// TestPassphraseFileIsReadEachTime: between two uses the passphrase is in its file and
// nowhere else, so that what is there decides.
func TestPassphraseFileIsReadEachTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pass")
	write := func(path string) {
		p, err := seal.GeneratePassphrase()
		if err != nil {
			t.Fatal(err)
		}
		if err := files.Replace(path, p.Reveal()); err != nil {
			t.Fatal(err)
		}
	}
	write(path)
	s, err := seal.PassphraseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed := encrypt(t, s, document)
	kept := path + ".kept"
	for name, c := range map[string]struct {
		change func() error
		want   error
	}{
		"gone":    {func() error { return nil }, fs.ErrNotExist},
		"another": {func() error { write(path); return nil }, seal.ErrSeal},
		"short":   {func() error { return files.Replace(path, []byte("short")) }, seal.ErrPassphrase},
		"open to others": {func() error {
			return errors.Join(files.Replace(path, []byte("long enough")), os.Chmod(path, 0o644))
		}, files.ErrUnsafe},
	} {
		if err := os.Rename(path, kept); err != nil {
			t.Fatal(err)
		}
		if err := c.change(); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.Open(t.Context(), s, sealed); !errors.Is(err, c.want) {
			t.Errorf("%s: opening: %v", name, err)
		}
		if err := seal.Ready(s); c.want != seal.ErrSeal && !errors.Is(err, c.want) {
			t.Errorf("%s: ready: %v", name, err)
		}
		if _, err := seal.Encrypt(t.Context(), s, document); c.want != seal.ErrSeal && !errors.Is(err, c.want) {
			t.Errorf("%s: sealing: %v", name, err)
		}
		if err := os.Rename(kept, path); err != nil {
			t.Fatal(err)
		}
		if got, err := seal.Open(t.Context(), s, sealed); err != nil || !bytes.Equal(got.Reveal(), document) {
			t.Errorf("after %s, put back: %v", name, err)
		}
		if err := errors.Join(seal.Ready(s), seal.Ready(pass(t, "eight888"))); err != nil {
			t.Errorf("after %s, put back: ready: %v", name, err)
		}
	}
}

// TestHeld: what is held is one reading of the file, until it is given back.
func TestHeld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pass")
	p, err := seal.GeneratePassphrase()
	if err != nil {
		t.Fatal(err)
	}
	if err := files.Replace(path, p.Reveal()); err != nil {
		t.Fatal(err)
	}
	s, err := seal.PassphraseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed := encrypt(t, s, document)
	held, done, err := seal.Held(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string][]byte{"sealed before": sealed, "sealed while it is held": encrypt(t, held, document)} {
		if got, err := seal.Open(t.Context(), held, text); err != nil || !bytes.Equal(got.Reveal(), document) {
			t.Errorf("%s: %v", what, err)
		}
	}
	done()
	if _, err := seal.Open(t.Context(), held, sealed); !errors.Is(err, seal.ErrSeal) {
		t.Errorf("given back: %v", err)
	}
	if _, _, err := seal.Held(s); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without the file: %v", err)
	}
	other := pass(t, string(p.Reveal()))
	held, done, err = seal.Held(other)
	if err != nil {
		t.Fatal(err)
	}
	done() // what is no file is whoever's gave it
	if got, err := seal.Open(t.Context(), held, sealed); err != nil || !bytes.Equal(got.Reveal(), document) {
		t.Errorf("no file, given back: %v", err)
	}
}
