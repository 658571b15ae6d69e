package blob_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

const keyID = "ASIAEXAMPLE000000001"

func credentials() sts.Credentials {
	return sts.Credentials{
		AccessKeyID: keyID, SecretAccessKey: secret.New([]byte("abcdefghijABCDEFGHIJ0123456789/+=abcdefg")),
		SessionToken: secret.New([]byte("IQoJb3JpZ2luX2VjEXAMPLE//+==")),
	}
}

func actor(t testing.TB) omni.Actor {
	t.Helper()
	a, err := omni.ActorFromBytes([32]byte{0xab, 31: 1})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func svc(t testing.TB, s string) service.Name {
	t.Helper()
	n, err := service.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func github(t testing.TB) blob.Key { return blob.CredentialKey(actor(t), svc(t, "github")) }

func open(t *testing.T, h http.HandlerFunc) *blob.Session {
	t.Helper()
	return store(t, h).Open(credentials())
}

func store(t *testing.T, h http.HandlerFunc) *blob.Store {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	s, err := blob.New(blob.Config{Endpoint: srv.URL, Region: "eu-central-1", Bucket: "agentkeys-vault"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	if code != "" {
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>m</Message></Error>", code)
	}
}

// TestWhatIsSent: path style, one host, a signed hash of the payload, the
// session token, nothing else of the SDK's inventions.
func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	for _, tls := range []bool{false, true} {
		var got *http.Request
		var body []byte
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got = r
			body, _ = io.ReadAll(r.Body)
		}))
		if srv.Start(); tls {
			srv.Close()
			srv = httptest.NewTLSServer(srv.Config.Handler)
		}
		t.Cleanup(srv.Close)
		s, err := blob.New(blob.Config{Endpoint: srv.URL, Region: "eu-central-1", Bucket: "agentkeys-vault", HTTPClient: srv.Client()})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Open(credentials()).Put(t.Context(), github(t), []byte("sealed")); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte("sealed"))
		h := got.Header
		if got.URL.Path != "/agentkeys-vault/"+github(t).String() || string(body) != "sealed" ||
			h.Get("X-Amz-Content-Sha256") != hex.EncodeToString(sum[:]) || h.Get("Content-Encoding") != "" ||
			h.Get("X-Amz-Security-Token") != string(credentials().SessionToken.Reveal()) ||
			!strings.Contains(h.Get("Authorization"), "Credential="+keyID+"/") || !strings.Contains(h.Get("Authorization"), "/eu-central-1/s3/") {
			t.Errorf("tls %v: %s %v", tls, got.URL, h)
		}
		for k := range h {
			if l := strings.ToLower(k); strings.HasPrefix(l, "x-amz-") && l != "x-amz-date" && l != "x-amz-content-sha256" && l != "x-amz-security-token" {
				t.Errorf("tls %v: sends %s", tls, k)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	const denied, unavailable = apierr.StorageDenied, apierr.StorageUnavailable
	for _, c := range []struct {
		name           string
		status         int
		code           string
		get, rest, del apierr.Code
	}{
		{"denied", 403, "AccessDenied", denied, denied, denied},
		{"bad signature", 403, "SignatureDoesNotMatch", denied, denied, denied},
		{"unknown key", 403, "InvalidAccessKeyId", denied, denied, denied},
		{"skewed", 403, "RequestTimeTooSkewed", denied, denied, denied},
		{"expired", 400, "ExpiredToken", denied, denied, denied},
		{"not a token", 400, "InvalidToken", denied, denied, denied},
		{"refresh", 400, "TokenRefreshRequired", denied, denied, denied},
		{"unauthorized", 401, "", denied, denied, denied},
		{"no key", 404, "NoSuchKey", apierr.NotFound, apierr.NotFound, ""},
		{"no bucket", 404, "NoSuchBucket", unavailable, unavailable, unavailable},
		{"bad request", 400, "InvalidArgument", unavailable, unavailable, unavailable},
		{"other region", 301, "PermanentRedirect", unavailable, unavailable, unavailable},
		{"redirect", 307, "TemporaryRedirect", unavailable, unavailable, unavailable},
		{"slow down", 503, "SlowDown", unavailable, unavailable, unavailable},
		{"fault", 500, "InternalError", unavailable, unavailable, unavailable},
		{"gateway", 502, "", unavailable, unavailable, unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var elsewhere atomic.Int32
			other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
			t.Cleanup(other.Close)
			s := open(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", other.URL+"/")
				w.Header().Set("X-Amz-Bucket-Region", "canary-1")
				refuse(w, c.status, c.code)
			})
			_, err := s.Get(t.Context(), github(t))
			_, lerr := s.ListCredentials(t.Context(), actor(t))
			for what, e := range map[string]struct {
				err  error
				want apierr.Code
			}{
				"get": {err, c.get}, "list": {lerr, c.rest}, "put": {s.Put(t.Context(), github(t), []byte("x")), c.rest},
				"delete": {s.Delete(t.Context(), github(t)), c.del},
			} {
				if got := apierr.CodeOf(e.err); got != e.want || (e.want == "") != (e.err == nil) {
					t.Errorf("%s: %q, want %q (%v)", what, got, e.want, e.err)
				}
			}
			if elsewhere.Load() != 0 {
				t.Error("followed a redirect")
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	st, err := blob.New(blob.Config{Endpoint: srv.URL, Region: "r", Bucket: "agentkeys-vault"})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Reachable(t.Context()); apierr.CodeOf(err) != apierr.StorageUnavailable {
		t.Error(err)
	}
	if _, err := st.Open(credentials()).Get(t.Context(), github(t)); apierr.CodeOf(err) != apierr.StorageUnavailable {
		t.Error(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := open(t, func(http.ResponseWriter, *http.Request) {}).Put(gone, github(t), nil); apierr.CodeOf(err) != apierr.StorageUnavailable {
		t.Error(err)
	}
}

// TestAbsentOrDenied: the 403 of S3 for an object that is not there.
func TestAbsentOrDenied(t *testing.T) {
	t.Parallel()
	name := github(t).String()
	for _, c := range []struct {
		name   string
		listed []string // nil: listing refused
		want   apierr.Code
	}{
		{"absent", []string{}, apierr.NotFound},
		{"longer name only", []string{name + ".enc"}, apierr.NotFound},
		{"there", []string{name}, apierr.StorageDenied},
		{"not even listed", nil, apierr.StorageDenied},
	} {
		s := open(t, func(w http.ResponseWriter, r *http.Request) {
			if !r.URL.Query().Has("list-type") || c.listed == nil {
				refuse(w, 403, "AccessDenied")
				return
			}
			if r.URL.Query().Get("prefix") != name {
				t.Errorf("asks for prefix %q", r.URL.Query().Get("prefix"))
			}
			page(w, "", c.listed...)
		})
		if _, err := s.Get(t.Context(), github(t)); apierr.CodeOf(err) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestStoredMeanwhile: what is refused and then listed may have been stored
// between the two questions; a refusal is believed after a few looks.
func TestStoredMeanwhile(t *testing.T) {
	t.Parallel()
	name := github(t).String()
	for _, c := range []struct {
		refusals, gets int
		want           apierr.Code
	}{{1, 2, ""}, {2, 3, ""}, {9, 3, apierr.StorageDenied}} {
		gets := 0
		s := open(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("list-type") {
				page(w, "", name)
				return
			}
			if gets++; gets <= c.refusals {
				refuse(w, 403, "AccessDenied")
				return
			}
			_, _ = io.WriteString(w, "sealed")
		})
		got, err := s.Get(t.Context(), github(t))
		if apierr.CodeOf(err) != c.want || gets != c.gets || err == nil && string(got) != "sealed" {
			t.Errorf("refused %d times: %q %v after %d", c.refusals, got, err, gets)
		}
	}
}

// page writes a page of a listing; next is the token of the one that follows.
func page(w io.Writer, next string, keys ...string) {
	type object struct{ Key string }
	type result struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []object
	}
	r := result{IsTruncated: next != "", NextContinuationToken: strings.TrimPrefix(next, "none")}
	for _, k := range keys {
		r.Contents = append(r.Contents, object{k})
	}
	_ = xml.NewEncoder(w).Encode(r)
}

func TestList(t *testing.T) {
	t.Parallel()
	under := "bots/" + actor(t).Key() + "/credentials/"
	other := "bots/" + strings.Repeat("c", 64) + "/credentials/"
	s := open(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("prefix") != under || q.Has("delimiter") {
			t.Errorf("asks %v", q)
		}
		if q.Get("continuation-token") == "" {
			page(w, "two", under+"b.enc", under+"memory:x.enc", under+"c", under+"UP.enc", under+"a/b.enc", under+".enc", other+"d.enc", "d.enc", "")
			return
		}
		page(w, "", under+"a.enc", under+"c.enc.enc")
	})
	entries, err := s.ListCredentials(t.Context(), actor(t))
	if err != nil || len(entries) != 3 || entries[0].Service != svc(t, "a") || entries[1].Service != svc(t, "b") || entries[2].Service != svc(t, "c.enc") {
		t.Errorf("%v %v", entries, err)
	}
	var pages atomic.Int32
	if _, err := open(t, func(w http.ResponseWriter, _ *http.Request) { pages.Add(1); page(w, "none", under+"a.enc") }).
		ListCredentials(t.Context(), actor(t)); apierr.CodeOf(err) != apierr.StorageUnavailable || pages.Load() != 1 {
		t.Errorf("cut short: %v after %d pages", err, pages.Load())
	}
	if _, err := open(t, func(w http.ResponseWriter, _ *http.Request) { pages.Add(1); page(w, "more") }).
		ListCredentials(t.Context(), actor(t)); apierr.CodeOf(err) != apierr.StorageUnavailable || pages.Load() > 100 {
		t.Errorf("endless: %v after %d pages", err, pages.Load())
	}
}

func TestGetIsBounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		size int
		want apierr.Code
	}{{blob.MaxObject, ""}, {blob.MaxObject + 1, apierr.EnvelopeInvalid}, {40 << 20, apierr.EnvelopeInvalid}} {
		data, err := open(t, func(w http.ResponseWriter, _ *http.Request) {
			chunk := make([]byte, 64<<10)
			for left := c.size; left > 0; left -= len(chunk) {
				if _, err := w.Write(chunk[:min(left, len(chunk))]); err != nil {
					return
				}
			}
		}).Get(t.Context(), github(t))
		if apierr.CodeOf(err) != c.want || (err == nil && len(data) != c.size) {
			t.Errorf("%d: %d bytes, %v", c.size, len(data), err)
		}
	}
	if _, err := open(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		fmt.Fprint(w, "half")
	}).Get(t.Context(), github(t)); apierr.CodeOf(err) != apierr.StorageUnavailable {
		t.Errorf("cut off: %v", err)
	}
}

func TestReachable(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]apierr.Code{
		200: "", 403: "", 404: apierr.StorageUnavailable, 301: apierr.StorageUnavailable, 400: apierr.StorageUnavailable, 500: apierr.StorageUnavailable,
	} {
		var calls atomic.Int32
		err := store(t, func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			if r.Header.Get("Authorization") != "" || r.Method != http.MethodHead || r.URL.Path != "/agentkeys-vault" {
				t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
			}
			w.WriteHeader(status)
		}).Reachable(t.Context())
		if apierr.CodeOf(err) != want || calls.Load() != 1 {
			t.Errorf("%d: %v after %d calls", status, err, calls.Load())
		}
	}
}

// TestNothingWithoutASession: parts of a session, or the zero key, send nothing.
func TestNothingWithoutASession(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	st := store(t, func(http.ResponseWriter, *http.Request) { calls.Add(1) })
	for i, edit := range []func(*sts.Credentials){
		func(c *sts.Credentials) { c.AccessKeyID = "" },
		func(c *sts.Credentials) { c.SecretAccessKey = secret.Secret{} },
		func(c *sts.Credentials) { c.SessionToken = secret.Secret{} },
		func(c *sts.Credentials) { *c = sts.Credentials{} },
	} {
		c := credentials()
		edit(&c)
		if _, err := st.Open(c).Get(t.Context(), github(t)); apierr.CodeOf(err) != apierr.StorageDenied {
			t.Errorf("%d: %v", i, err)
		}
	}
	s := st.Open(credentials())
	if err := s.Put(t.Context(), blob.Key{}, nil); err == nil {
		t.Error("put")
	}
	if _, err := s.Get(t.Context(), blob.Key{}); err == nil {
		t.Error("get")
	}
	if err := s.Delete(t.Context(), blob.Key{}); err == nil {
		t.Error("delete")
	}
	if _, err := s.ListCredentials(t.Context(), omni.Actor{}); err == nil {
		t.Error("list")
	}
	if calls.Load() != 0 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestNewRefuses(t *testing.T) {
	good := blob.Config{Endpoint: "http://127.0.0.1:1", Region: "r", Bucket: "agentkeys-vault"}
	if _, err := blob.New(good); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*blob.Config){
		"region": func(c *blob.Config) { c.Region = "" }, "no bucket": func(c *blob.Config) { c.Bucket = "" },
		"bucket path": func(c *blob.Config) { c.Bucket = "a/../b" }, "bucket arn": func(c *blob.Config) { c.Bucket = "arn:aws:s3:r:1:accesspoint/x" },
		"endpoint": func(c *blob.Config) { c.Endpoint = "http://s3.example.com" },
	} {
		c := good
		edit(&c)
		if _, err := blob.New(c); err == nil {
			t.Errorf("%s accepted", name)
		}
	}
}
