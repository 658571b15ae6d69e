package seal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/pkg/secret"
)

var document = []byte(`{"k3":"0123456789abcdef"}`)

// pair is a way to seal with what opens it, and with what must not.
type pair struct{ to, from, other seal.Seal }

func generated(t testing.TB) seal.Seal {
	t.Helper()
	p, err := seal.GeneratePassphrase()
	if err != nil {
		t.Fatal(err)
	}
	s, err := seal.Passphrase(p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func identity(t testing.TB) (from seal.Seal, recipient, path string) {
	t.Helper()
	text, recipient, err := seal.GenerateIdentity()
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "identity")
	if err := files.Create(path, text.Reveal()); err != nil {
		t.Fatal(err)
	}
	from, err = seal.FromIdentities(path)
	if err != nil {
		t.Fatal(err)
	}
	return from, recipient, path
}

func recipients(t testing.TB, texts ...string) seal.Seal {
	t.Helper()
	s, err := seal.ToRecipients(texts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pairs(t testing.TB) map[string]pair {
	g := generated(t)
	from, recipient, _ := identity(t)
	second, recipient2, _ := identity(t)
	foreign, _, _ := identity(t)
	both := recipients(t, recipient, recipient2)
	k := newFake()
	return map[string]pair{
		"generated passphrase": {g, g, generated(t)},
		"recipient":            {both, from, foreign},
		"second recipient":     {both, second, foreign},
		"KMS":                  {k.seal(t, "a"), k.seal(t, "a"), k.seal(t, "b")},
		"KMS, another key":     {k.seal(t, "a"), k.seal(t, "a"), newFake().seal(t, "a")},
		"another kind":         {g, g, from},
	}
}

func encrypt(t testing.TB, s seal.Seal, plain []byte) []byte {
	t.Helper()
	b, err := seal.Encrypt(t.Context(), s, plain)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealThenOpen(t *testing.T) {
	for name, p := range pairs(t) {
		t.Run(name, func(t *testing.T) {
			for _, plain := range [][]byte{document, {}, bytes.Repeat(document, 10_000)} {
				sealed := encrypt(t, p.to, plain)
				if len(plain) != 0 && bytes.Contains(sealed, plain) {
					t.Fatal("it lies there in the clear")
				}
				got, err := seal.Open(t.Context(), p.from, sealed)
				if err != nil || !bytes.Equal(got.Reveal(), plain) {
					t.Errorf("%d bytes: %d, %v", len(plain), got.Len(), err)
				}
				got, err = seal.Open(t.Context(), p.other, sealed)
				if !errors.Is(err, seal.ErrSeal) || errors.Is(err, seal.ErrDamaged) || got.Len() != 0 {
					t.Errorf("opened by another: %v", err)
				}
			}
		})
	}
}

// TestDamage: nothing but the whole document opens, and only a document whose
// sealed key is damaged may read as sealed otherwise.
func TestDamage(t *testing.T) {
	for name, p := range pairs(t) {
		t.Run(name, func(t *testing.T) {
			sealed := encrypt(t, p.to, document)
			payload := bytes.Index(sealed, []byte("\n--- ")) + 1
			for what, b := range map[string][]byte{
				"empty": {}, "no age file": []byte("{}"), "cut header": sealed[:payload-5], "cut in the MAC": sealed[:payload+20],
				"cut payload": sealed[:len(sealed)-1], "payload gone": sealed[:len(sealed)-len(document)-16],
				"trailing byte": append(bytes.Clone(sealed), 0), "trailing file": append(bytes.Clone(sealed), sealed...),
				"flip in the MAC": flip(sealed, payload+10), "flip in the payload": flip(sealed, len(sealed)-3), "flip in the nonce": flip(sealed, len(sealed)-len(document)-16-4),
				"larger than the bound": make([]byte, seal.MaxSize+1),
			} {
				got, err := seal.Open(t.Context(), p.from, b)
				if !errors.Is(err, seal.ErrDamaged) || errors.Is(err, seal.ErrSeal) || got.Len() != 0 {
					t.Errorf("%s: %v", what, err)
				}
			}
			for i := range sealed[:payload] {
				if _, err := seal.Open(t.Context(), p.from, flip(sealed, i)); !errors.Is(err, seal.ErrDamaged) && !errors.Is(err, seal.ErrSeal) {
					t.Fatalf("byte %d: %v", i, err)
				}
			}
			if _, err := seal.Open(t.Context(), p.from, sealed); err != nil {
				t.Error(err)
			}
		})
	}
}

func flip(b []byte, i int) []byte {
	out := bytes.Clone(b)
	out[i] ^= 1
	return out
}

// TestCutAtAChunk: a long document that ends exactly where a part of it ends
// does not open.
func TestCutAtAChunk(t *testing.T) {
	p := generated(t)
	sealed := encrypt(t, p, bytes.Repeat([]byte{7}, 100_000))
	start := len(sealed) - 100_000 - 2*16
	if _, err := seal.Open(t.Context(), p, sealed[:start+64*1024+16]); !errors.Is(err, seal.ErrDamaged) {
		t.Error(err)
	}
	if _, err := seal.Open(t.Context(), p, sealed); err != nil {
		t.Error(err)
	}
}

func TestTooLarge(t *testing.T) {
	p := generated(t)
	if _, err := seal.Encrypt(t.Context(), p, make([]byte, seal.MaxSize)); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Error(err)
	}
	sealed := encrypt(t, p, make([]byte, seal.MaxSize-1024))
	if got, err := seal.Open(t.Context(), p, sealed); err != nil || got.Len() != seal.MaxSize-1024 {
		t.Error(got.Len(), err)
	}
}

func TestOneWay(t *testing.T) {
	from, recipient, _ := identity(t)
	to := recipients(t, recipient)
	if _, err := seal.Encrypt(t.Context(), from, document); !errors.Is(err, seal.ErrOneWay) {
		t.Error(err)
	}
	if _, err := seal.Open(t.Context(), to, encrypt(t, to, document)); !errors.Is(err, seal.ErrOneWay) {
		t.Error(err)
	}
}

func TestRecipientsRefuse(t *testing.T) {
	_, good, path := identity(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key := strings.TrimSpace(string(text[bytes.LastIndexByte(text[:len(text)-1], '\n'):]))
	if _, err := seal.ToRecipients([]string{good}); err != nil {
		t.Fatal(err)
	}
	for what, list := range map[string][]string{
		"none": nil, "empty": {""}, "a typing error": {good[:len(good)-1] + "x"}, "two in one": {good + "\n" + good}, "twice": {good, good},
		"a comment": {"# " + good}, "ssh": {"ssh-ed25519 AAAA"}, "secret key": {key}, "secret key, lower case": {strings.ToLower(key)}, "many": make([]string, 33),
	} {
		_, err := seal.ToRecipients(list)
		if err == nil {
			t.Errorf("%s: taken", what)
		} else if strings.Contains(strings.ToUpper(err.Error()), key[16:40]) {
			t.Errorf("%s: the error holds the secret key", what)
		}
	}
}

func TestIdentityFile(t *testing.T) {
	_, recipient, path := identity(t)
	if _, err := seal.FromIdentities(path + ".absent"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), recipient) {
		t.Fatal(err)
	}
	for what, content := range map[string]string{"empty": "", "no key": "# " + recipient + "\n", "public key": recipient, "cut": string(text[:len(text)-3])} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.FromIdentities(path); err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "AGE-SECRET") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := errors.Join(os.WriteFile(path, text, 0o600), os.Chmod(path, 0o644)); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.FromIdentities(path); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.FromIdentities(path); err != nil {
		t.Error(err)
	}
}

// hybrid is a post-quantum key pair of age-keygen.
func TestHybridRecipient(t *testing.T) {
	from, to := hybrid(t)
	sealed := encrypt(t, recipients(t, to), document)
	if got, err := seal.Open(t.Context(), from, sealed); err != nil || !bytes.Equal(got.Reveal(), document) {
		t.Error(err)
	}
	_, classic, _ := identity(t)
	if _, err := seal.Encrypt(t.Context(), recipients(t, to, classic), document); err == nil || !strings.Contains(err.Error(), "post-quantum") {
		t.Error("mixed with a recipient that is none:", err)
	}
}

func TestNothingPrintsASeal(t *testing.T) {
	p := secret.New([]byte("canary-passphrase"))
	s, err := seal.Passphrase(p)
	if err != nil {
		t.Fatal(err)
	}
	from, _, _ := identity(t)
	out := fmt.Sprintf("%v %+v %#v %s", s, s, s, s) + fmt.Sprintf("%v %+v %#v %s", from, from, from, from)
	if strings.Contains(out, "canary") || strings.Contains(out, "AGE-SECRET-KEY") {
		t.Error(out)
	}
}

func FuzzOpen(f *testing.F) {
	p := generated(f)
	k := newFake().seal(f, "a")
	for _, s := range []seal.Seal{p, k} {
		b, err := seal.Encrypt(context.Background(), s, document)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("age-encryption.org/v1\n-> scrypt c2FsdHNhbHRzYWx0c2FsdA 30\nAAAA\n--- AAAA\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, s := range []seal.Seal{p, k} {
			got, err := seal.Open(t.Context(), s, in)
			if err == nil {
				if !bytes.Equal(got.Reveal(), document) {
					t.Error("opened to something that was never sealed")
				}
				continue
			}
			if !errors.Is(err, seal.ErrSeal) && !errors.Is(err, seal.ErrDamaged) {
				t.Error(err)
			}
		}
	})
}
