package jose_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
)

func path(t testing.TB) string { return filepath.Join(t.TempDir(), "k.pem") }

func TestKeyFileRoundTrip(t *testing.T) {
	for name, k := range map[string]jose.PrivateKey{"plain": josetest.New(t).Key, "certified": certified(t)} {
		p := path(t)
		if err := jose.SaveKey(p, k); err != nil {
			t.Fatal(err)
		}
		got, err := jose.LoadKey(p)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Public().Thumbprint() != k.Public().Thumbprint() || !bytes.Equal(got.Public().Certificate(), k.Public().Certificate()) {
			t.Errorf("%s: another key came back", name)
		}
		token, err := jose.Sign(got, typ, []byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keySet(t, k.Public()).Verify(token, typ); err != nil {
			t.Error(err)
		}
		if st, err := os.Stat(p); err != nil || st.Mode().Perm() != 0o600 {
			t.Error(st.Mode(), err)
		}
		if err := jose.SaveKey(p, josetest.New(t).Key); !errors.Is(err, fs.ErrExist) {
			t.Errorf("a key file was overwritten: %v", err)
		}
	}
}

func TestLoadKeyRefusesUnsafeFiles(t *testing.T) {
	p := path(t)
	if err := jose.SaveKey(p, josetest.New(t).Key); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(filepath.Dir(p), "link.pem")
	if err := os.Symlink(p, link); err != nil {
		t.Fatal(err)
	}
	if _, err := jose.LoadKey(link); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
	if err := os.Chmod(p, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := jose.LoadKey(p); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
	// An unsafe file is not replaced by a new key either.
	if _, err := jose.OpenKey(p, jose.GenerateKey); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
}

func TestLoadKeyRefusesContent(t *testing.T) {
	block := func(kind string, der []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	f := josetest.New(t)
	der, err := x509.MarshalPKCS8PrivateKey(f.Raw)
	good := block("PRIVATE KEY", der, err)
	own, err := f.Key.WithCertificate("own", start)
	ownCert := block("CERTIFICATE", own.Public().Certificate(), err)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der384, err384 := x509.MarshalPKCS8PrivateKey(p384)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	derEd, errEd := x509.MarshalPKCS8PrivateKey(ed)
	derSEC1, errSEC1 := x509.MarshalECPrivateKey(f.Raw)
	load := func(text string) error {
		p := path(t)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := jose.LoadKey(p)
		return err
	}
	for _, text := range []string{good, good + ownCert, good + "\n"} {
		if err := load(text); err != nil {
			t.Fatalf("the twin: %v", err)
		}
	}
	for name, text := range map[string]string{
		"empty": "", "not PEM": "secret", "garbage before": "x\n" + good, "garbage after": good + "x", "two keys": good + good,
		"certificate first": ownCert + good, "certificate alone": ownCert, "another's certificate": good + block("CERTIFICATE", certified(t).Public().Certificate(), nil),
		"two certificates": good + ownCert + ownCert, "broken certificate": good + block("CERTIFICATE", []byte{1}, nil),
		"P-384": block("PRIVATE KEY", der384, err384), "Ed25519": block("PRIVATE KEY", derEd, errEd), "SEC 1": block("EC PRIVATE KEY", derSEC1, errSEC1),
		"not PKCS #8": block("PRIVATE KEY", derSEC1, nil), "cut": good[:len(good)/2],
	} {
		if err := load(text); !errors.Is(err, jose.ErrKey) || name == "not PKCS #8" && !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenKey(t *testing.T) {
	p := path(t)
	if _, err := jose.OpenKey(p, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("a key was made unasked: %v", err)
	}
	boom := errors.New("boom")
	if _, err := jose.OpenKey(p, func() (jose.PrivateKey, error) { return jose.PrivateKey{}, boom }); !errors.Is(err, boom) {
		t.Error(err)
	}
	if _, err := jose.OpenKey(filepath.Join(p, "no", "such"), jose.GenerateKey); err == nil || !strings.Contains(err.Error(), "saving a new signing key") {
		t.Errorf("a key that could not be saved: %v", err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex // guards seen
	seen := map[string]bool{}
	for range 16 {
		wg.Go(func() {
			k, err := jose.OpenKey(p, jose.GenerateKey)
			mu.Lock()
			defer mu.Unlock()
			if seen[k.Public().Thumbprint()] = true; err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(seen) != 1 {
		t.Errorf("%d keys for one file", len(seen))
	}
	if _, err := jose.OpenKey(p, func() (jose.PrivateKey, error) { return jose.PrivateKey{}, boom }); err != nil {
		t.Errorf("a key was made beside one that is there: %v", err)
	}
}

func TestEmptyKeyDoesNothing(t *testing.T) {
	if err := jose.SaveKey(path(t), jose.PrivateKey{}); !errors.Is(err, jose.ErrKey) {
		t.Error(err)
	}
	if _, err := (jose.PrivateKey{}).WithCertificate("x", start); !errors.Is(err, jose.ErrKey) {
		t.Error(err)
	}
}

func TestPrivateKeyPrintsNowhere(t *testing.T) {
	f := josetest.New(t)
	raw, err := f.Raw.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	holder := struct{ inner jose.PrivateKey }{f.Key}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		for _, v := range []any{f.Key, &f.Key, holder, &holder} {
			text := fmt.Sprintf(verb, v)
			//lint:ignore SA1019 the test looks for the key in its decimal form
			if strings.Contains(text, f.Raw.D.String()) || strings.Contains(text, fmt.Sprintf("%x", raw)) {
				t.Errorf("%s shows the key", verb)
			}
		}
	}
	if b, err := f.Key.MarshalJSON(); err == nil {
		t.Errorf("a private key was encoded: %s", b)
	}
}
