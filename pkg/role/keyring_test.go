package role_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/pkg/secret"
)

func signerEnv(t *testing.T) role.Env {
	t.Helper()
	home := filepath.Join(t.TempDir(), "home")
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	return role.Env{
		Now: time.Now, Log: zerolog.Nop(), Home: home, CreateKeys: true,
		Profile: &profile.Profile{Chain: profile.Chain{ChainID: 7}, Contracts: profile.Contracts{Epoch: profile.Address{3}}, Cloud: profile.Cloud{Region: "us-east-1"}},
	}
}

func closed(t *testing.T) func(*keys.Keyring, error) string {
	return func(k *keys.Keyring, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		id := k.Status().RingID
		if err := k.Close(); err != nil {
			t.Fatal(err)
		}
		return id
	}
}

// TestKeyringUnderAPassphrase: made once, found again, and never made anew over
// one whose passphrase is gone.
func TestKeyringUnderAPassphrase(t *testing.T) {
	e := signerEnv(t)
	var k role.Keyring
	never := e
	never.CreateKeys = false
	if _, err := k.Open(t.Context(), never); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	first := closed(t)(k.Open(t.Context(), e))
	if again := closed(t)(k.Open(t.Context(), never)); again != first {
		t.Error("another keyring")
	}
	pass := filepath.Join(e.Home, "signer", "passphrase")
	held, err := os.ReadFile(pass)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(pass); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Open(t.Context(), e); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "is there") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(pass); err == nil {
		t.Error("another passphrase was made for a keyring that it does not open")
	}
	if err := os.WriteFile(pass, []byte("a passphrase of somebody else's"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Open(t.Context(), e); !errors.Is(err, seal.ErrSeal) {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(pass, held, 0o600); err != nil {
		t.Fatal(err)
	}
	if again := closed(t)(k.Open(t.Context(), e)); again != first {
		t.Error("a wrong passphrase changed something")
	}
	other := e
	p := *e.Profile
	p.Contracts.Epoch = profile.Address{4}
	other.Profile = &p
	if _, err := k.Open(t.Context(), other); !errors.Is(err, keys.ErrKeyringSwapped) {
		t.Errorf("%v", err)
	}
}

// TestKeyringUnderKMS: sealed by the cloud's key service, bound to the
// deployment, with credentials from a file that is named and from nowhere else.
func TestKeyringUnderKMS(t *testing.T) {
	e := signerEnv(t)
	const keyID = "0d1f6b0e-6b8e-4e0c-9f0a-6c1d2e3f4a5b"
	user := devcloud.User{Name: "signer", AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: secret.New([]byte("wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00"))}
	cloud, err := devcloud.Open(devcloud.Config{Dir: t.TempDir(), Region: "us-east-1", AccountID: "111122223333", Issuer: "http://127.0.0.1:1", Users: []devcloud.User{user}, KMSKeyID: keyID, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(cloud.Handler())
	t.Cleanup(func() { srv.Close(); _ = cloud.Close() })
	e.Profile.Cloud.KMSEndpoint = srv.URL
	write := func(name, secretKey string) string {
		b, err := json.Marshal(map[string]any{"Version": 1, "AccessKeyId": user.AccessKeyID, "SecretAccessKey": secretKey})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(e.Home, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := role.Keyring{KMSKey: devcloud.KeyARN("us-east-1", "111122223333", keyID), KMSCredentials: write("good.json", string(user.SecretAccessKey.Reveal()))}
	first := closed(t)(good.Open(t.Context(), e))
	if again := closed(t)(good.Open(t.Context(), e)); again != first {
		t.Error("another keyring")
	}
	wrongUser := good
	wrongUser.KMSCredentials = write("bad.json", strings.Repeat("x", 40))
	if _, err := wrongUser.Open(t.Context(), e); err == nil {
		t.Error("opened with another secret key")
	}
	var passphrase role.Keyring
	if _, err := passphrase.Open(t.Context(), e); err == nil {
		t.Error("opened without the KMS")
	}
	both, none := good, good
	both.Passphrase, none.KMSCredentials = "x", ""
	if _, err := both.Open(t.Context(), e); err == nil || !strings.Contains(err.Error(), "one of them") {
		t.Errorf("%v", err)
	}
	if _, err := none.Open(t.Context(), e); err == nil || !strings.Contains(err.Error(), "--signer-kms-credentials") {
		t.Errorf("%v", err)
	}
	srv.Close()
	if _, err := good.Open(t.Context(), e); err == nil || errors.Is(err, seal.ErrSeal) {
		t.Errorf("no answer was read as no: %v", err)
	}
	srv2 := httptest.NewServer(cloud.Handler())
	t.Cleanup(srv2.Close)
	e.Profile.Cloud.KMSEndpoint = srv2.URL
	if again := closed(t)(good.Open(t.Context(), e)); again != first {
		t.Error("something was lost")
	}
}

// TestNoSecondRoot: beside other signers a keyring is restored, never made.
func TestNoSecondRoot(t *testing.T) {
	e := signerEnv(t)
	e.URL = "https://a.example.com"
	var k role.Keyring
	for _, signers := range [][]profile.Signer{{{URL: e.URL}, {URL: "https://b.example.com"}}, {{URL: "https://b.example.com"}}} {
		e.Profile.Signers = signers
		if _, err := k.Open(t.Context(), e); err == nil || !strings.Contains(err.Error(), "k3 restore") {
			t.Errorf("%v", err)
		}
	}
	e.Profile.Signers = []profile.Signer{{URL: e.URL}}
	closed(t)(k.Open(t.Context(), e))
}
