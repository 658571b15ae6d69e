package httpdtest

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
)

// routes are two with one list of codes, and one whose policy has one of its own.
func routes(s *httpd.Server) {
	m := s.Mux("x", apierr.LayerWorker, "http://localhost")
	answer := func(_ context.Context, _ httpd.Anyone, in httpd.Raw) (httpd.None, error) {
		if code := apierr.Code(in.Bytes); code != "" {
			return httpd.None{}, apierr.New(code, "no")
		}
		return httpd.None{}, nil
	}
	httpd.Handle(m, "POST", "/a", httpd.Public(), answer, apierr.NotFound, apierr.StorageDenied)
	httpd.Handle(m, "POST", "/b", httpd.Public(), answer, apierr.NotFound, apierr.StorageDenied)
	asked := httpd.NewPolicy("asked", func(_ context.Context, c *httpd.Call) (httpd.Anyone, error) {
		if _, ok := c.One("X-Key"); !ok {
			return httpd.Anyone{}, apierr.New(apierr.Unauthorized, "no key")
		}
		return httpd.Anyone{}, nil
	})
	httpd.Handle(m, "POST", "/c", asked.Refuses(apierr.Unauthorized, apierr.CapUsed), answer)
}

func served(r *Refusals) func(path, code string) {
	s := httpd.New(httpd.Options{Log: r.Log(), Now: time.Now})
	routes(s)
	return func(path, code string) {
		req := httptest.NewRequest("POST", path, strings.NewReader(code))
		req.Header.Set("Content-Type", "application/octet-stream")
		s.ServeHTTP(httptest.NewRecorder(), req)
	}
}

func all(t *testing.T) []httpd.Described {
	t.Helper()
	s := httpd.New(httpd.Options{Now: time.Now})
	routes(s)
	return s.All()
}

func TestUndeclared(t *testing.T) {
	var r Refusals
	ask := served(&r)
	ask("/a", "not_found")
	ask("/a", "internal_error")
	ask("/c", "") // unauthorized
	ask("/nowhere", "")
	if got := r.Undeclared(); len(got) > 0 {
		t.Errorf("%q", got)
	}
	ask("/a", "cap_used")
	ask("/c", "")
	if got := r.Undeclared(); len(got) != 1 || !strings.HasPrefix(got[0], "POST /a answered cap_used, which neither") {
		t.Errorf("%q", got)
	}
}

func TestNeverSeen(t *testing.T) {
	var r Refusals
	ask := served(&r)
	never := func(u Unseen) string {
		var out []string
		for _, f := range r.never(all(t), u) {
			out = append(out, strings.Split(f, ":")[0])
		}
		return strings.Join(out, "; ")
	}
	const four = "no test saw POST /a not_found; no test saw POST /a storage_denied; no test saw asked cap_used; no test saw asked unauthorized"
	if got := never(nil); got != four {
		t.Errorf("nothing was asked: %s", got)
	}
	ask("/b", "not_found") // the list of /a
	ask("/a", "storage_denied")
	ask("/c", "")
	if got := never(nil); got != "no test saw asked cap_used" {
		t.Error(got)
	}
	if got := never(Unseen{"asked": {apierr.CapUsed: "it takes a clock"}}); got != "" {
		t.Error(got)
	}
	if got := never(Unseen{"asked": {apierr.CapUsed: "", apierr.Unauthorized: ""}}); got != "asked unauthorized is listed as unseen, and was answered" {
		t.Error(got)
	}
	if got := never(Unseen{"asked": {apierr.CapUsed: "", apierr.RateLimited: ""}, "POST /b": {apierr.NotFound: ""}}); got != "POST /b not_found is listed as unseen, and nobody declares it; asked rate_limited is listed as unseen, and nobody declares it" {
		t.Error(got)
	}
}

func TestReport(t *testing.T) {
	for _, c := range []struct {
		code   int
		faults []string
		want   int
	}{{0, nil, 0}, {2, nil, 2}, {0, []string{"one"}, 1}, {2, []string{"one"}, 2}} {
		var b bytes.Buffer
		if got := report(&b, c.code, c.faults); got != c.want || b.Len() > 0 != (len(c.faults) > 0) {
			t.Errorf("%+v: %d, %q", c, got, b.String())
		}
	}
}

// TestLog: other lines are none of its business, and one that it cannot read is an
// error.
func TestLog(t *testing.T) {
	var r Refusals
	l := r.Log()
	l.Info().Str("code", "cap_used").Bool(httpd.Undeclared, true).Msg("serving")
	l.Error().Err(errors.New("x")).Str("route", "/a").Str("method", "POST").Str("code", "cap_used").Bool(httpd.Undeclared, true).Msg("request")
	if got := r.Undeclared(); len(got) != 1 || !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "POST /a answered cap_used") }) {
		t.Errorf("%q", got)
	}
	if _, err := r.Write([]byte(`{"message":"request"`)); err == nil {
		t.Error("half a line was taken")
	}
	if got := r.Undeclared(); len(got) != 2 || !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "reading a line of the request log: ") }) {
		t.Errorf("%q", got)
	}
}
