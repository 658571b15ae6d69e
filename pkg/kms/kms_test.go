package kms_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/kms"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/sts"
)

const (
	region, account = "eu-central-1", "111122223333"
	keyID           = "1f0e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
	userID          = "AKIAOPERATIONS000001"
	userSecret      = "operations/secret/0123456789abcdefgh"
)

func keys() sts.StaticKeys {
	return sts.StaticKeys{AccessKeyID: userID, SecretAccessKey: secret.New([]byte(userSecret))}
}

// cloud serves a development cloud whose data lies in dir.
func cloud(t *testing.T, dir string) string {
	t.Helper()
	c, err := devcloud.Open(devcloud.Config{
		Dir: dir, Region: region, AccountID: account, Issuer: "http://127.0.0.1:1", Now: time.Now, KMSKeyID: keyID,
		Users: []devcloud.User{{AccessKeyID: userID, SecretAccessKey: secret.New([]byte(userSecret)), Name: "signer"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	srv := httptest.NewServer(c.Handler())
	t.Cleanup(srv.Close)
	return srv.URL
}

func client(t *testing.T, url string, edit ...func(*kms.Config)) *kms.Client {
	t.Helper()
	cfg := kms.Config{Endpoint: url, Region: region, KeyID: keyID, Keys: keys()}
	for _, e := range edit {
		e(&cfg)
	}
	c, err := kms.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func purpose(v string) map[string]string {
	return map[string]string{"purpose": v, "host": "signer-1"}
}

func TestEncryptDecrypt(t *testing.T) {
	t.Parallel()
	url := cloud(t, t.TempDir())
	byID := client(t, url)
	byARN := client(t, url, func(c *kms.Config) { c.KeyID = devcloud.KeyARN(region, account, keyID) })
	for _, plain := range [][]byte{{0}, []byte("thirty-two bytes of a file's key"), bytes.Repeat([]byte{0xff}, kms.MaxPlaintext)} {
		for _, context := range []map[string]string{nil, purpose("keyring")} {
			blob, err := byID.Encrypt(t.Context(), plain, context)
			if err != nil || bytes.Contains(blob, plain) && len(plain) > 1 {
				t.Fatal(err)
			}
			for _, c := range []*kms.Client{byID, byARN} {
				if got, err := c.Decrypt(t.Context(), blob, context); err != nil || !bytes.Equal(got, plain) {
					t.Fatalf("%d bytes: %x %v", len(plain), got, err)
				}
			}
			again, err := byID.Encrypt(t.Context(), plain, context)
			if err != nil || bytes.Equal(again, blob) {
				t.Errorf("the same ciphertext twice (%v)", err)
			}
		}
	}
	for _, n := range []int{0, kms.MaxPlaintext + 1} {
		if _, err := byID.Encrypt(t.Context(), make([]byte, n), nil); err == nil {
			t.Errorf("%d bytes were encrypted", n)
		}
	}
}

// TestRefused: each case differs from the first, which opens, in one thing.
func TestRefused(t *testing.T) {
	t.Parallel()
	url := cloud(t, t.TempDir())
	blob, err := client(t, url).Encrypt(t.Context(), []byte("file key"), purpose("keyring"))
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := client(t, cloud(t, t.TempDir())).Encrypt(t.Context(), []byte("file key"), purpose("keyring"))
	if err != nil {
		t.Fatal(err)
	}
	flip := func(i int) []byte {
		b := bytes.Clone(blob)
		b[(i+len(b))%len(b)] ^= 1
		return b
	}
	none := func(*kms.Config) {}
	id := func(s string) func(*kms.Config) { return func(c *kms.Config) { c.KeyID = s } }
	for _, c := range []struct {
		name    string
		edit    func(*kms.Config)
		blob    []byte
		context map[string]string
		code    string // empty: it opens; "-": nothing is sent
	}{
		{"honest", none, blob, purpose("keyring"), ""},
		{"other secret", func(c *kms.Config) {
			c.Keys.SecretAccessKey = secret.New([]byte("another/secret/0123456789abcdefghijk"))
		}, blob, purpose("keyring"), "InvalidSignatureException"},
		{"unknown user", func(c *kms.Config) { c.Keys.AccessKeyID = "AKIAUNKNOWNUSER00001" }, blob, purpose("keyring"), "UnrecognizedClientException"},
		{"a session's token", func(c *kms.Config) { c.Keys.SessionToken = secret.New([]byte("tokentokentokentoken")) }, blob, purpose("keyring"), "UnrecognizedClientException"},
		{"other region", func(c *kms.Config) { c.Region = "us-east-1" }, blob, purpose("keyring"), "IncompleteSignatureException"},
		{"other context", none, blob, purpose("backup"), "InvalidCiphertextException"},
		{"no context", none, blob, nil, "InvalidCiphertextException"},
		{"part of the context", none, blob, map[string]string{"purpose": "keyring"}, "InvalidCiphertextException"},
		{"more context", none, blob, map[string]string{"purpose": "keyring", "host": "signer-1", "x": ""}, "InvalidCiphertextException"},
		{"context cut otherwise", none, blob, map[string]string{"purpose": "keyring", "hosts": "igner-1"}, "InvalidCiphertextException"},
		{"names and values swapped", none, blob, map[string]string{"keyring": "purpose", "signer-1": "host"}, "InvalidCiphertextException"},
		{"other key", id("00000000-0000-0000-0000-000000000000"), blob, purpose("keyring"), "NotFoundException"},
		{"other key by ARN", id(devcloud.KeyARN(region, account, "00000000-0000-0000-0000-000000000000")), blob, purpose("keyring"), "NotFoundException"},
		{"key of another account", id(devcloud.KeyARN(region, "999922223333", keyID)), blob, purpose("keyring"), "AccessDeniedException"},
		{"alias", id("alias/keyring"), blob, purpose("keyring"), "NotFoundException"},
		{"first bit", none, flip(0), purpose("keyring"), "InvalidCiphertextException"},
		{"middle bit", none, flip(len(blob) / 2), purpose("keyring"), "InvalidCiphertextException"},
		{"last bit", none, flip(-1), purpose("keyring"), "InvalidCiphertextException"},
		{"cut off", none, blob[:len(blob)-1], purpose("keyring"), "InvalidCiphertextException"},
		{"longer", none, append(bytes.Clone(blob), 0), purpose("keyring"), "InvalidCiphertextException"},
		{"of another cloud", none, foreign, purpose("keyring"), "InvalidCiphertextException"},
		{"garbage", none, []byte("x"), purpose("keyring"), "InvalidCiphertextException"},
		{"nothing", none, nil, purpose("keyring"), "-"},
		{"too long", none, make([]byte, 6145), purpose("keyring"), "-"},
		{"long context", none, blob, purpose(strings.Repeat("k", 9000)), "ValidationException"},
	} {
		got, err := client(t, url, c.edit).Decrypt(t.Context(), c.blob, c.context)
		if c.code == "" {
			if err != nil || string(got) != "file key" {
				t.Errorf("%s: %q %v", c.name, got, err)
			}
			continue
		}
		if !errors.Is(err, kms.ErrRefused) || apierr.CodeOf(err) != "" || got != nil || c.code != "-" && !strings.Contains(err.Error(), "("+c.code+")") {
			t.Errorf("%s: %q %v, want %s", c.name, got, err, c.code)
		}
		if strings.Contains(err.Error(), userSecret) {
			t.Errorf("%s tells the secret", c.name)
		}
	}
	if _, err := client(t, url, id(devcloud.KeyARN(region, account, "00000000-0000-0000-0000-000000000000"))).Encrypt(t.Context(), []byte("x"), nil); !errors.Is(err, kms.ErrRefused) {
		t.Errorf("encrypted under a key that is not there: %v", err)
	}
}

// TestRestart: the key lies on disk; another one there opens nothing.
func TestRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := func(keyID string) (*devcloud.Cloud, *httptest.Server) {
		c, err := devcloud.Open(devcloud.Config{
			Dir: dir, Region: region, AccountID: account, Issuer: "http://127.0.0.1:1", Now: time.Now, KMSKeyID: keyID,
			Users: []devcloud.User{{AccessKeyID: userID, SecretAccessKey: secret.New([]byte(userSecret)), Name: "signer"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return c, httptest.NewServer(c.Handler())
	}
	c, srv := open(keyID)
	blob, err := client(t, srv.URL).Encrypt(t.Context(), []byte("file key"), nil)
	if err != nil {
		t.Fatal(err)
	}
	srv.Close()
	_ = c.Close()
	path := filepath.Join(dir, "kms.key")
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", st, err)
	}
	c, srv = open(keyID)
	if got, err := client(t, srv.URL).Decrypt(t.Context(), blob, nil); err != nil || string(got) != "file key" {
		t.Errorf("%q %v", got, err)
	}
	srv.Close()
	_ = c.Close()
	// The same bytes under another id are another key.
	const other = "00000000-0000-0000-0000-000000000001"
	c, srv = open(other)
	if _, err := client(t, srv.URL, func(c *kms.Config) { c.KeyID = other }).Decrypt(t.Context(), blob, nil); !errors.Is(err, kms.ErrRefused) {
		t.Error(err)
	}
	srv.Close()
	_ = c.Close()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := client(t, cloud(t, dir)).Decrypt(t.Context(), blob, nil); !errors.Is(err, kms.ErrRefused) {
		t.Error(err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	refusal := func(code string) string { return `{"__type":"` + code + `","message":"m"}` }
	for _, c := range []struct {
		name    string
		status  int
		body    string
		refused bool
	}{
		{"disabled", 400, refusal("DisabledException"), true},
		{"pending deletion", 400, refusal("KMSInvalidStateException"), true},
		{"no code", 403, "no JSON", true},
		{"throttled", 400, refusal("ThrottlingException"), false},
		{"too many", 429, "", false},
		{"internal", 500, refusal("KMSInternalException"), false},
		{"key unavailable", 500, refusal("KeyUnavailableException"), false},
		{"gateway", 502, "x", false},
		{"redirect", 307, "", false},
		{"not JSON", 200, "{", false},
		{"empty", 200, "{}", false},
		{"endless", 200, strings.Repeat(" ", 100<<10) + `{"Plaintext":"eA==","CiphertextBlob":"eA=="}`, false},
		{"large", 200, `{"Plaintext":"` + strings.Repeat("A", 8400) + `","CiphertextBlob":"` + strings.Repeat("A", 8400) + `"}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var elsewhere atomic.Int32
			other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
			t.Cleanup(other.Close)
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", other.URL+"/")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}))
			t.Cleanup(srv.Close)
			k := client(t, srv.URL)
			_, eerr := k.Encrypt(t.Context(), []byte("x"), nil)
			_, derr := k.Decrypt(t.Context(), []byte("x"), nil)
			for what, err := range map[string]error{"encrypt": eerr, "decrypt": derr} {
				if errors.Is(err, kms.ErrRefused) != c.refused || (apierr.CodeOf(err) == apierr.SignerUnavailable) == c.refused {
					t.Errorf("%s: %v", what, err)
				}
			}
			if elsewhere.Load() != 0 {
				t.Error("followed a redirect")
			}
		})
	}
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	if _, err := client(t, srv.URL).Decrypt(t.Context(), []byte("x"), nil); apierr.CodeOf(err) != apierr.SignerUnavailable {
		t.Errorf("nobody there: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client(t, srv.URL).Encrypt(gone, []byte("x"), nil); apierr.CodeOf(err) != apierr.SignerUnavailable {
		t.Errorf("cancelled: %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	good := kms.Config{Endpoint: "http://127.0.0.1:1", Region: region, KeyID: keyID, Keys: keys()}
	for name, edit := range map[string]func(*kms.Config){
		"":              func(*kms.Config) {},
		"region":        func(c *kms.Config) { c.Region = "" },
		"endpoint":      func(c *kms.Config) { c.Endpoint = "http://kms.example.com" },
		"no key":        func(c *kms.Config) { c.KeyID = "" },
		"odd key":       func(c *kms.Config) { c.KeyID = "a b" },
		"no access key": func(c *kms.Config) { c.Keys = sts.StaticKeys{} },
		"no secret":     func(c *kms.Config) { c.Keys.SecretAccessKey = secret.Secret{} },
	} {
		c := good
		edit(&c)
		if _, err := kms.New(c); (err == nil) != (name == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSurroundingsAreNotUsed poisons everything from which the SDK could help
// itself.
func TestSurroundingsAreNotUsed(t *testing.T) {
	var trapped atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { trapped.Add(1) }))
	t.Cleanup(trap.Close)
	home := t.TempDir()
	config := filepath.Join(home, ".aws", "config")
	if err := os.Mkdir(filepath.Dir(config), 0o700); err != nil {
		t.Fatal(err)
	}
	text := "[default]\naws_access_key_id=CANARYCANARYCANARY00\naws_secret_access_key=canary\naws_session_token=canary\nregion=canary-1\nendpoint_url=" + trap.URL + "\n"
	for _, f := range []string{config, filepath.Join(home, ".aws", "credentials")} {
		if err := os.WriteFile(f, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for k, v := range map[string]string{
		"AWS_ACCESS_KEY_ID": "CANARYCANARYCANARY00", "AWS_SECRET_ACCESS_KEY": "canary", "AWS_SESSION_TOKEN": "canary", "AWS_REGION": "canary-1",
		"AWS_PROFILE": "default", "AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": config, "AWS_ENDPOINT_URL": trap.URL,
		"AWS_ENDPOINT_URL_KMS": trap.URL, "AWS_EC2_METADATA_SERVICE_ENDPOINT": trap.URL, "AWS_CONTAINER_CREDENTIALS_FULL_URI": trap.URL,
		"AWS_EXECUTION_ENV": "canary", "AWS_LAMBDA_FUNCTION_NAME": "canary", "_X_AMZN_TRACE_ID": "canary", "HTTP_PROXY": trap.URL, "HTTPS_PROXY": trap.URL, "HOME": home,
	} {
		t.Setenv(k, v)
	}
	var sent strings.Builder
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.Write(&sent)
		fmt.Fprint(w, `{"Plaintext":"eA==","CiphertextBlob":"eA=="}`)
	}))
	t.Cleanup(srv.Close)
	c := client(t, srv.URL)
	_, eerr := c.Encrypt(t.Context(), []byte("x"), purpose("keyring"))
	got, derr := c.Decrypt(t.Context(), []byte("x"), purpose("keyring"))
	if eerr != nil || derr != nil || string(got) != "x" {
		t.Fatal(eerr, derr)
	}
	if text := sent.String(); trapped.Load() != 0 || strings.Contains(strings.ToLower(text), "canary") || strings.Count(text, userID) != 2 ||
		strings.Count(text, `"KeyId":"`+keyID+`"`) != 2 {
		t.Errorf("%d calls into the trap; sent:\n%s", trapped.Load(), text)
	}
}
