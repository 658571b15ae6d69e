package httpd_test

import (
	"net/http/httptest"
	"regexp"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/httpd"
)

// TestRequestIDs: each request has one of its own, behind the one before.
func TestRequestIDs(t *testing.T) {
	t.Parallel()
	s := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: time.Now})
	httpd.Health(s, httpd.Version{})
	form, before := regexp.MustCompile(`^[0-9A-V]{26}$`), ""
	for range 100 {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
		id := w.Header().Get("X-Request-Id")
		if !form.MatchString(id) || id <= before {
			t.Fatalf("%q behind %q", id, before)
		}
		before = id
	}
}
