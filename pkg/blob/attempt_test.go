package blob_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
)

// TestAttempt: what is sent, and what of the answer is told.
func TestAttempt(t *testing.T) {
	var seen *http.Request
	var body []byte
	status, code := 0, ""
	s := store(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r
		body, _ = io.ReadAll(r.Body)
		if status >= 300 {
			refuse(w, status, code)
			return
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<Error><Code>NotAnError</Code></Error>")
	})
	creds, now := credentials(), time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		a        blob.Attempt
		status   int
		code     string
		want     blob.Verdict
		path     string
		signed   bool
		absent   string // If-None-Match
		checksum bool
	}{
		{blob.Attempt{Method: "GET", Key: "bots/x/credentials/y.enc", Session: &creds}, 403, "AccessDenied", blob.Verdict{Status: 403, Code: "AccessDenied"}, "/bots/x/credentials/y.enc", true, "", false},
		{blob.Attempt{Method: "GET", Key: "bots/x", Session: &creds}, 200, "", blob.Verdict{Status: 200}, "/bots/x", true, "", false},
		{blob.Attempt{Method: "GET", Key: "bots/x"}, 403, "AccessDenied", blob.Verdict{Status: 403, Code: "AccessDenied"}, "/bots/x", false, "", false},
		{blob.Attempt{Method: "PUT", Key: "bots/x", Body: []byte("probe"), Session: &creds}, 412, "PreconditionFailed", blob.Verdict{Status: 412, Code: "PreconditionFailed"}, "/bots/x", true, "*", false},
		{blob.Attempt{Method: "DELETE", Key: "bots/x", Query: url.Values{"versionId": {"null"}}, Session: &creds}, 204, "", blob.Verdict{Status: 204}, "/bots/x?versionId=null", true, "", false},
		{blob.Attempt{Method: "PUT", Query: url.Values{"policy": {""}}, Body: []byte("{}"), Session: &creds}, 400, "MalformedPolicy", blob.Verdict{Status: 400, Code: "MalformedPolicy"}, "?policy=", true, "", true},
		{blob.Attempt{Method: "GET", Query: url.Values{"list-type": {"2"}}, Session: &creds}, 500, "InternalError", blob.Verdict{Status: 500, Code: "InternalError"}, "?list-type=2", true, "", false},
	} {
		status, code = c.status, c.code
		got, err := s.Attempt(t.Context(), c.a, now)
		if err != nil || got != c.want {
			t.Errorf("%s %s: %+v, %v", c.a.Method, c.path, got, err)
		}
		if !strings.HasSuffix(seen.URL.RequestURI(), c.path) || strings.Contains(seen.URL.RequestURI(), "//") || string(body) != string(c.a.Body) {
			t.Errorf("%s: asked for %s with %q", c.path, seen.URL.RequestURI(), body)
		}
		if got := seen.Header.Get("Authorization") != ""; got != c.signed || (seen.Header.Get("X-Amz-Security-Token") != "") != c.signed {
			t.Errorf("%s: signed %v", c.path, got)
		}
		if c.signed && !strings.HasPrefix(seen.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="+creds.AccessKeyID+"/20310102/") {
			t.Errorf("%s: %s", c.path, seen.Header.Get("Authorization"))
		}
		if seen.Header.Get("If-None-Match") != c.absent || (seen.Header.Get("X-Amz-Checksum-Crc32") != "") != c.checksum {
			t.Errorf("%s: %v", c.path, seen.Header)
		}
	}
	for _, key := range []string{"a?b", "a%2e", "a b", "a\n", "ä"} {
		if _, err := s.Attempt(t.Context(), blob.Attempt{Method: "GET", Key: key, Session: &creds}, now); err == nil {
			t.Errorf("%q is tried", key)
		}
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestAttemptAtAmazon: a bucket has a host of its own there, and silence is no
// refusal.
func TestAttemptAtAmazon(t *testing.T) {
	for region, want := range map[string]string{
		"eu-central-1": "https://agentkeys-vault.s3.eu-central-1.amazonaws.com/bots/x",
		"us-east-1":    "https://agentkeys-vault.s3.us-east-1.amazonaws.com/bots/x",
		"cn-north-1":   "https://agentkeys-vault.s3.cn-north-1.amazonaws.com.cn/bots/x",
	} {
		asked := ""
		s, err := blob.New(blob.Config{Region: region, Bucket: "agentkeys-vault", HTTPClient: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			asked = r.URL.String()
			return nil, io.ErrUnexpectedEOF
		})}})
		if err != nil {
			t.Fatal(err)
		}
		creds := credentials()
		if v, err := s.Attempt(t.Context(), blob.Attempt{Method: "GET", Key: "bots/x", Session: &creds}, time.Now()); apierr.CodeOf(err) != apierr.StorageUnavailable || v != (blob.Verdict{}) {
			t.Errorf("%s: %+v, %v", region, v, err)
		}
		if asked != want {
			t.Errorf("%s: asked %s", region, asked)
		}
	}
}
