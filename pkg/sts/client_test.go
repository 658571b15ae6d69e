package sts_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/sts"
)

const answer = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>` +
	`<AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken><Expiration>2031-01-02T03:04:05Z</Expiration>` +
	`</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`

func refusal(code string) string {
	return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>` + code + `</Code><Message>m</Message></Error></ErrorResponse>`
}

func client(t *testing.T, h http.HandlerFunc) *sts.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c, err := sts.New(sts.Config{Endpoint: srv.URL, Region: "eu-central-1"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var request = sts.ExchangeRequest{RoleARN: "arn:aws:iam::111122223333:role/r", WebIdentityToken: "header.payload.signature", SessionName: "agentkeys"}

func TestExchange(t *testing.T) {
	t.Parallel()
	var form url.Values
	c := client(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		form = r.PostForm
		if r.Header.Get("Authorization") != "" {
			t.Error("signed")
		}
		fmt.Fprintf(w, answer, id, key, token)
	})
	got, err := c.Exchange(t.Context(), request)
	if err != nil || got.AccessKeyID != id || string(got.SecretAccessKey.Reveal()) != key || string(got.SessionToken.Reveal()) != token ||
		!got.Expires.Equal(time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC)) {
		t.Fatalf("%v %v", got, err)
	}
	if form.Get("DurationSeconds") != "900" || form.Get("RoleArn") != request.RoleARN || form.Get("WebIdentityToken") != request.WebIdentityToken ||
		form.Get("RoleSessionName") != "agentkeys" || form.Get("Action") != "AssumeRoleWithWebIdentity" || len(form) != 6 {
		t.Errorf("%v", form)
	}
}

func TestExchangeErrors(t *testing.T) {
	t.Parallel()
	const denied, unavailable = apierr.StorageDenied, apierr.StorageUnavailable
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   apierr.Code
		calls  int32
	}{
		{"access denied", 403, refusal("AccessDenied"), denied, 1},
		{"not genuine", 400, refusal("InvalidIdentityToken"), denied, 1},
		{"expired", 400, refusal("ExpiredTokenException"), denied, 1},
		{"no code", 403, "no XML", denied, 1},
		{"issuer not reached", 400, refusal("IDPCommunicationError"), unavailable, 3},
		{"throttled", 400, refusal("Throttling"), unavailable, 3},
		{"too many", 429, "", unavailable, 3},
		{"fault", 500, "", unavailable, 3},
		{"gateway", 502, "x", unavailable, 3},
		{"redirect", 307, "", unavailable, 1},
		{"not XML", 200, "<", unavailable, 1},
		{"empty", 200, "", unavailable, 1},
		{"no credentials", 200, strings.ReplaceAll(answer, "Credentials", "Other"), unavailable, 1},
		{"short key", 200, fmt.Sprintf(answer, "A", key, token), unavailable, 1},
		{"no token", 200, fmt.Sprintf(answer, id, key, ""), unavailable, 1},
		{"header injection", 200, fmt.Sprintf(answer, id, key, token+"&#13;&#10;X: y"), unavailable, 1},
		{"no expiry", 200, strings.ReplaceAll(fmt.Sprintf(answer, id, key, token), "Expiration", "Other"), unavailable, 1},
		{"endless", 200, strings.Repeat(" ", 100<<10) + fmt.Sprintf(answer, id, key, token), unavailable, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			_, err := client(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}).Exchange(t.Context(), request)
			if apierr.CodeOf(err) != c.want || calls.Load() > c.calls || calls.Load() == 0 {
				t.Errorf("%v after %d calls", err, calls.Load())
			}
			if e := apierr.From(err); strings.Contains(e.Detail, "signature") || strings.Contains(e.Detail, key) {
				t.Errorf("the caller is told %q", e.Detail)
			}
		})
	}
}

func TestExchangeNobodyThere(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	c, err := sts.New(sts.Config{Endpoint: srv.URL, Region: "eu-central-1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exchange(t.Context(), request); apierr.CodeOf(err) != apierr.StorageUnavailable {
		t.Error(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	hang := client(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if _, err := hang.Exchange(gone, request); apierr.CodeOf(err) != apierr.StorageUnavailable {
		t.Error(err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []sts.Config{
		{Endpoint: "http://127.0.0.1:1"},
		{Endpoint: "http://sts.example.com", Region: "r"},
		{Endpoint: "http://localhost.example.com", Region: "r"},
		{Endpoint: "https://user@sts.example.com", Region: "r"},
		{Endpoint: "https://sts.example.com/path", Region: "r"},
		{Endpoint: "https://sts.example.com?x", Region: "r"},
		{Endpoint: "https://sts.example.com#x", Region: "r"},
		{Endpoint: "ftp://127.0.0.1", Region: "r"},
		{Endpoint: "sts.example.com", Region: "r"},
		{Endpoint: "https://", Region: "r"},
		{Endpoint: "%", Region: "r"},
	} {
		if _, err := sts.New(c); err == nil {
			t.Errorf("%+v accepted", c)
		}
	}
	for _, e := range []string{"", "https://sts.example.com", "https://sts.example.com/", "http://127.0.0.1:9400", "http://[::1]:9400", "http://localhost:1", "http://sts.localhost:1"} {
		if _, err := sts.New(sts.Config{Endpoint: e, Region: "r"}); err != nil {
			t.Errorf("%q: %v", e, err)
		}
	}
}

// TestSurroundingsAreNotUsed poisons everything from which the SDK could help
// itself. Nothing of it may be asked or sent.
func TestSurroundingsAreNotUsed(t *testing.T) {
	var trapped atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { trapped.Add(1) }))
	t.Cleanup(trap.Close)
	poison(t, trap.URL)
	var sent strings.Builder
	c := client(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.Write(&sent)
		fmt.Fprintf(w, answer, id, key, token)
	})
	if _, err := c.Exchange(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if trapped.Load() != 0 || strings.Contains(strings.ToLower(sent.String()), "canary") || !strings.Contains(sent.String(), "WebIdentityToken") {
		t.Errorf("%d calls into the trap; sent: %s", trapped.Load(), sent.String())
	}
}

// poison puts canaries into every place that AWS SDKs look at.
func poison(t *testing.T, trap string) {
	dir := t.TempDir()
	config := filepath.Join(dir, "config")
	text := "[default]\naws_access_key_id=CANARYCANARYCANARY00\naws_secret_access_key=canary\naws_session_token=canary\nregion=canary-1\nendpoint_url=" + trap + "\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{
		"AWS_ACCESS_KEY_ID": "CANARYCANARYCANARY00", "AWS_SECRET_ACCESS_KEY": "canary", "AWS_SESSION_TOKEN": "canary",
		"AWS_REGION": "canary-1", "AWS_DEFAULT_REGION": "canary-1", "AWS_PROFILE": "default", "AWS_CONFIG_FILE": config,
		"AWS_SHARED_CREDENTIALS_FILE": config, "AWS_ENDPOINT_URL": trap, "AWS_ENDPOINT_URL_STS": trap, "AWS_ENDPOINT_URL_S3": trap,
		"AWS_EC2_METADATA_SERVICE_ENDPOINT": trap, "AWS_CONTAINER_CREDENTIALS_FULL_URI": trap, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "canary",
		"AWS_WEB_IDENTITY_TOKEN_FILE": config, "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/canary", "AWS_ROLE_SESSION_NAME": "canary",
		"AWS_EXECUTION_ENV": "canary", "AWS_LAMBDA_FUNCTION_NAME": "canary", "_X_AMZN_TRACE_ID": "canary", "AWS_SDK_UA_APP_ID": "canary",
		"HTTP_PROXY": trap, "HTTPS_PROXY": trap, "ALL_PROXY": trap, "http_proxy": trap, "https_proxy": trap, "HOME": dir,
	} {
		t.Setenv(k, v)
	}
	if err := os.MkdirAll(filepath.Join(dir, ".aws"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"config", "credentials"} {
		if err := os.WriteFile(filepath.Join(dir, ".aws", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
