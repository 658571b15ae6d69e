package httpd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
)

type caller struct{ name string }

func (caller) Subject() (string, string) { return "0xop", "0xactor" }

type input struct {
	Name string `json:"name"`
}

func (i input) Validate() error {
	if i.Name == "" {
		return errors.New("name is missing")
	}
	return nil
}

type output struct {
	Hello string `json:"hello"`
	URL   string `json:"url"`
}

type fixture struct {
	*httpd.Server
	log     *bytes.Buffer
	metrics *prometheus.Registry
	seen    []string
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{log: new(bytes.Buffer), metrics: prometheus.NewRegistry()}
	n := time.Unix(1000, 0)
	f.Server = httpd.New(httpd.Options{
		Log: zerolog.New(f.log), Metrics: f.metrics, MaxBody: 64,
		Now: func() time.Time { n = n.Add(time.Millisecond); return n }, NewID: func() string { return "req-1" },
	})
	m := f.Mux("cred", apierr.LayerWorker, "https://cred.example/")
	keyed := httpd.NewPolicy("keyed", func(_ context.Context, c *httpd.Call) (caller, error) {
		f.seen = append(f.seen, "policy "+c.URL+" "+string(c.Body))
		if v, ok := c.One("X-Key"); !ok || v != "good" {
			return caller{}, apierr.New(apierr.Unauthorized, "no key")
		}
		return caller{"bot"}, nil
	})
	httpd.Handle(m, "POST", "/v1/echo", keyed.For(service.CredFetch), func(_ context.Context, c caller, in input) (output, error) {
		f.seen = append(f.seen, "handler")
		return output{Hello: c.name + in.Name}, nil
	})
	httpd.Handle(m, "POST", "/v1/raw", keyed, func(_ context.Context, _ caller, in httpd.Raw) (httpd.Bytes, error) {
		return httpd.Bytes{Data: secret.New(in.Bytes)}, nil
	})
	httpd.Handle(m, "POST", "/v1/none", keyed, func(context.Context, caller, httpd.None) (httpd.None, error) { return httpd.None{}, nil })
	httpd.Handle(m, "POST", "/v1/boom", keyed, func(context.Context, caller, httpd.None) (httpd.None, error) { panic("canary-secret") })
	httpd.Handle(m, "POST", "/v1/fail", keyed, func(context.Context, caller, httpd.None) (httpd.None, error) {
		return httpd.None{}, errors.New("canary-cause")
	})
	return f
}

func (f *fixture) do(method, path, contentType, body string, edit ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "attacker.example"
	r.Header.Set("X-Key", "good")
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for _, e := range edit {
		e(r)
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

func problem(t *testing.T, w *httptest.ResponseRecorder) apierr.Problem {
	t.Helper()
	var p apierr.Problem
	if ct := w.Header().Get("Content-Type"); ct != "application/problem+json" {
		t.Fatalf("content type %q, status %d, body %s", ct, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != w.Code || p.RequestID != w.Header().Get("X-Request-Id") || p.RequestID == "" {
		t.Errorf("%+v", p)
	}
	return p
}

const jsonType = "application/json"

func TestHandleAllows(t *testing.T) {
	f := newFixture(t)
	w := f.do("POST", "/v1/echo?x=1", jsonType, `{"name":"!"}`)
	if w.Code != 200 || w.Body.String() != `{"hello":"bot!","url":""}` || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	// The URL that proofs are bound to is the configured one, not Host.
	if f.seen[0] != `policy https://cred.example/v1/echo {"name":"!"}` {
		t.Error(f.seen)
	}
	for _, want := range []string{`"operator":"0xop"`, `"actor":"0xactor"`, `"result":"allowed"`, `"class":"credentials"`, `"op":"fetch"`, `"request_id":"req-1"`} {
		if !strings.Contains(f.log.String(), want) {
			t.Errorf("log lacks %s: %s", want, f.log)
		}
	}
	if n := strings.Count(f.log.String(), "\n"); n != 1 {
		t.Errorf("%d log lines", n)
	}
	if w := f.do("POST", "/v1/raw", "application/octet-stream", "\x00\x01"); w.Code != 200 || w.Body.String() != "\x00\x01" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if w := f.do("POST", "/v1/none", "", ""); w.Code != 204 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestHandleRefuses(t *testing.T) {
	noKey := func(r *http.Request) { r.Header.Del("X-Key") }
	twice := func(r *http.Request) { r.Header.Add("X-Key", "good") }
	for _, c := range []struct {
		name, method, path, ct, body string
		edit                         func(*http.Request)
		code                         apierr.Code
	}{
		{"no key", "POST", "/v1/echo", jsonType, `{"name":"a"}`, noKey, apierr.Unauthorized},
		{"key twice", "POST", "/v1/echo", jsonType, `{"name":"a"}`, twice, apierr.Unauthorized},
		{"no key, bad body: the policy speaks first", "POST", "/v1/echo", jsonType, `{`, noKey, apierr.Unauthorized},
		{"too large, before the policy", "POST", "/v1/echo", jsonType, strings.Repeat(" ", 65), noKey, apierr.BodyTooLarge},
		{"duplicate member", "POST", "/v1/echo", jsonType, `{"name":"a","name":"b"}`, nil, apierr.InvalidInput},
		{"fails its own validation", "POST", "/v1/echo", jsonType, `{"name":""}`, nil, apierr.InvalidInput},
		{"no content type", "POST", "/v1/echo", "", `{"name":"a"}`, nil, apierr.InvalidInput},
		{"form", "POST", "/v1/echo", "text/plain", `{"name":"a"}`, nil, apierr.InvalidInput},
		{"raw as JSON", "POST", "/v1/raw", jsonType, `{}`, nil, apierr.InvalidInput},
		{"body where none belongs", "POST", "/v1/none", jsonType, `{}`, nil, apierr.InvalidInput},
		{"unknown path", "POST", "/v1/nothing", jsonType, `{}`, nil, apierr.NotFound},
		{"other method", "GET", "/v1/echo", "", "", nil, apierr.MethodNotAllowed},
		{"panic", "POST", "/v1/boom", "", "", nil, apierr.InternalError},
		{"unknown fault", "POST", "/v1/fail", "", "", nil, apierr.InternalError},
	} {
		f := newFixture(t)
		edit := c.edit
		if edit == nil {
			edit = func(*http.Request) {}
		}
		w := f.do(c.method, c.path, c.ct, c.body, edit)
		if p := problem(t, w); p.Code != c.code {
			t.Errorf("%s: got %s (%s), want %s", c.name, p.Code, p.Detail, c.code)
		}
		if asks := w.Header().Get("WWW-Authenticate") == `DPoP algs="ES256K"`; asks != (w.Code == http.StatusUnauthorized) {
			t.Errorf("%s: status %d, WWW-Authenticate %q", c.name, w.Code, w.Header().Get("WWW-Authenticate"))
		}
		if strings.Contains(w.Body.String(), "canary") || strings.Contains(f.log.String(), "canary-secret") {
			t.Errorf("%s: leaked: %s\n%s", c.name, w.Body, f.log)
		}
		for _, s := range f.seen {
			if s == "handler" {
				t.Errorf("%s: the handler ran", c.name)
			}
		}
		if f.log.Len() == 0 {
			t.Errorf("%s: no log line", c.name)
		}
	}
}

type limiter struct{ left int }

func (l *limiter) Allow(string) (bool, error) { l.left--; return l.left >= 0, nil }

func TestRateLimited(t *testing.T) {
	s := httpd.New(httpd.Options{Now: time.Now, Log: zerolog.Nop()})
	m := s.Mux("broker", apierr.LayerMint, "")
	p := httpd.RateLimited(&limiter{1}, httpd.Public())
	httpd.Handle(m, "POST", "/login", p, func(context.Context, httpd.Anyone, httpd.None) (httpd.None, error) { return httpd.None{}, nil })
	for i, want := range []int{204, 429} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("POST", "/login", nil))
		if w.Code != want {
			t.Errorf("call %d: %d %s", i, w.Code, w.Body)
		}
		if want == 429 && (problem(t, w).Code != apierr.RateLimited || w.Header().Get("Retry-After") == "") {
			t.Error(w.Body, w.Header())
		}
	}
}

// keys is a limiter that notes whom it is asked about.
type keys struct{ asked []string }

func (k *keys) Allow(key string) (bool, error) { k.asked = append(k.asked, key); return true, nil }

func TestRateLimitKey(t *testing.T) {
	k := &keys{}
	s := httpd.New(httpd.Options{Now: time.Now, Log: zerolog.Nop()})
	httpd.Handle(s.Mux("broker", apierr.LayerMint, ""), "POST", "/login", httpd.RateLimited(k, httpd.Public()),
		func(context.Context, httpd.Anyone, httpd.None) (httpd.None, error) { return httpd.None{}, nil })
	for remote, want := range map[string]string{
		"192.0.2.1:5":           "192.0.2.1",
		"[::ffff:192.0.2.1]:5":  "192.0.2.1",
		"[2001:db8:1:2::a]:5":   "2001:db8:1:2::/64",
		"[2001:db8:1:2:f::b]:6": "2001:db8:1:2::/64",
		"[2001:db8:1:3::a]:5":   "2001:db8:1:3::/64",
		"[fe80::1%eth0]:5":      "fe80::/64",
		"pipe":                  "pipe",
	} {
		r := httptest.NewRequest("POST", "/login", nil)
		r.RemoteAddr = remote
		// Who forwards says nothing about who calls.
		r.Header.Set("X-Forwarded-For", "198.51.100.9")
		r.Header.Set("X-Real-Ip", "198.51.100.9")
		s.ServeHTTP(httptest.NewRecorder(), r)
		if got := k.asked[len(k.asked)-1]; got != want {
			t.Errorf("%s: limited as %q, want %q", remote, got, want)
		}
	}
}

// gone is a peer that leaves after the header.
type gone struct{ http.ResponseWriter }

func (gone) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestPeerLeaves: an answer that was decided is recorded as it was decided,
// and nothing follows a header that is out.
func TestPeerLeaves(t *testing.T) {
	f := newFixture(t)
	r := httptest.NewRequest("POST", "/v1/echo", strings.NewReader(`{"name":"a"}`))
	r.Header.Set("X-Key", "good")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	f.ServeHTTP(gone{w}, r)
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/json" || w.Body.Len() != 0 {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if n := strings.Count(f.log.String(), "\n"); n != 1 || !strings.Contains(f.log.String(), `"result":"allowed"`) {
		t.Errorf("%d lines: %s", n, f.log)
	}
}

// TestPathsAreExact: no other spelling of a path reaches a route, so that no
// two readers of a URL can differ about which one it names.
func TestPathsAreExact(t *testing.T) {
	for path, want := range map[string]int{
		"/v1/none": 204, "/v1/none?x=1": 204,
		"/v1/none/": 404, "//v1/none": 404, "/v1//none": 404, "/v1/./none": 404, "/v1/x/../none": 404,
		"/v1/%6eone": 404, "/v1%2fnone": 404, "/V1/none": 404, "/v1/none%00": 404, "/v1/none;x": 404,
	} {
		f := newFixture(t)
		w := f.do("POST", path, "", "")
		if w.Code != want {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if want == 204 && f.seen[0] != "policy https://cred.example/v1/none " {
			t.Errorf("%s: the policy saw %q", path, f.seen[0])
		}
	}
}

func TestHandlePanicsOnProgrammingErrors(t *testing.T) {
	none := func(context.Context, httpd.Anyone, httpd.None) (httpd.None, error) { return httpd.None{}, nil }
	for name, f := range map[string]func(*httpd.Mux){
		"zero policy": func(m *httpd.Mux) { httpd.Handle(m, "GET", "/a", httpd.Policy[httpd.Anyone]{}, none) },
		"twice": func(m *httpd.Mux) {
			httpd.Handle(m, "GET", "/b", httpd.Public(), none)
			httpd.Handle(m, "GET", "/b", httpd.Public(), none)
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: registered", name)
				}
			}()
			f(httpd.New(httpd.Options{Now: time.Now}).Mux("x", apierr.LayerMint, ""))
		}()
	}
}

func TestRouteWithoutPolicyDoesNotCompile(t *testing.T) {
	out, err := exec.Command("go", "vet", "./testdata/nopolicy").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "does not match") {
		t.Fatalf("it compiled, or failed for another reason: %v\n%s", err, out)
	}
}

func TestHealthAndAdmin(t *testing.T) {
	s := httpd.New(httpd.Options{Now: time.Now, Log: zerolog.Nop()})
	httpd.Health(s, httpd.Version{Version: "v0", Roles: []string{"cred"}})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
	if w.Code != 200 || w.Body.String() != "ok" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	for _, route := range []string{"/readyz", "/metrics"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", route, nil))
		if w.Code != 404 {
			t.Errorf("%s is on the public listener", route)
		}
	}
	good := httpd.Check{Name: "good", Probe: func(context.Context) (time.Duration, error) { return time.Second, nil }}
	bad := httpd.Check{Name: "bad", Probe: func(context.Context) (time.Duration, error) { return 0, io.EOF }}
	if r := httpd.Probe(t.Context(), []httpd.Check{good}); !r.Ready || r.Checks[0].AgeMS != 1000 {
		t.Errorf("%+v", r)
	}
	if r := httpd.Probe(t.Context(), []httpd.Check{good, bad}); r.Ready || r.Checks[1].OK || r.Checks[1].Error != "EOF" {
		t.Errorf("%+v", r)
	}
}
