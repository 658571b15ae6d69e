package blob_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/sts"
)

// poison poisons everything from which the SDK could help itself, and counts the
// uses.
func poison(t *testing.T) *atomic.Int32 {
	t.Helper()
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
		"AWS_ENDPOINT_URL_S3": trap.URL, "AWS_EC2_METADATA_SERVICE_ENDPOINT": trap.URL, "AWS_CONTAINER_CREDENTIALS_FULL_URI": trap.URL,
		"AWS_WEB_IDENTITY_TOKEN_FILE": config, "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/canary", "AWS_EXECUTION_ENV": "canary",
		"AWS_LAMBDA_FUNCTION_NAME": "canary", "_X_AMZN_TRACE_ID": "canary", "HTTP_PROXY": trap.URL, "HTTPS_PROXY": trap.URL, "HOME": home,
	} {
		t.Setenv(k, v)
	}
	return &trapped
}

// TestSurroundingsAreNotUsed: 0 uses.
func TestSurroundingsAreNotUsed(t *testing.T) {
	trapped := poison(t)
	var sent strings.Builder
	st := store(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.Write(&sent)
		if r.URL.Query().Has("list-type") {
			page(w, "")
		}
	})
	s := st.Open(credentials())
	_, gerr := s.Get(t.Context(), github(t))
	_, lerr := s.ListCredentials(t.Context(), actor(t))
	for _, err := range []error{s.Put(t.Context(), github(t), []byte("x")), gerr, lerr, s.Delete(t.Context(), github(t)), st.Reachable(t.Context())} {
		if err != nil {
			t.Error(err)
		}
	}
	if _, err := st.Open(sts.Credentials{}).Get(t.Context(), github(t)); apierr.CodeOf(err) != apierr.StorageDenied {
		t.Errorf("without a session: %v", err)
	}
	if trapped.Load() != 0 || strings.Contains(strings.ToLower(sent.String()), "canary") || strings.Count(sent.String(), keyID) != 4 {
		t.Errorf("%d calls into the trap; sent:\n%s", trapped.Load(), sent.String())
	}
}

// TestArchiveSurroundingsAreNotUsed: neither with keys nor without.
func TestArchiveSurroundingsAreNotUsed(t *testing.T) {
	trapped := poison(t)
	var sent strings.Builder
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.Write(&sent)
		w.Header().Set("X-Amz-Checksum-Sha256", r.Header.Get("X-Amz-Checksum-Sha256"))
	}))
	t.Cleanup(srv.Close)
	if err := archive(t, srv.URL).Put(t.Context(), batchKey(), bodyOf("x")); err != nil {
		t.Error(err)
	}
	none := archive(t, srv.URL, func(c *blob.ArchiveConfig) { c.Keys = func() (sts.StaticKeys, error) { return sts.StaticKeys{}, nil } })
	if err := none.Put(t.Context(), batchKey(), bodyOf("x")); err == nil {
		t.Error("archived without keys")
	}
	if trapped.Load() != 0 || strings.Contains(strings.ToLower(sent.String()), "canary") || strings.Count(sent.String(), archiverID) != 1 {
		t.Errorf("%d calls into the trap; sent:\n%s", trapped.Load(), sent.String())
	}
}
