package httpd_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
)

// ask serves one request.
func ask(s *httpd.Server, method, path, body string) (int, string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// TestOpenAPIIsServed: everybody may read what this process serves, which is what
// was registered, without what only its own machine reaches.
func TestOpenAPIIsServed(t *testing.T) {
	s := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: time.Now})
	httpd.Health(s, httpd.Version{Version: "v1"})
	m := s.Mux("cred", apierr.LayerWorker, "http://localhost")
	hello := func(_ context.Context, _ httpd.Anyone, in input) (output, error) { return output{Hello: in.Name}, nil }
	httpd.Handle(m, "POST", "/v1/hello", httpd.Public(), hello)
	httpd.Handle(m.Admin(), "POST", "/v1/secret", httpd.Local(), hello)
	status, text := ask(s, "GET", "/openapi.json", "")
	var d struct {
		OpenAPI string
		Info    struct{ Version string }
		Paths   map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(text), &d); err != nil || status != http.StatusOK || d.OpenAPI != "3.1.0" || d.Info.Version != "v1" {
		t.Fatalf("%d %v %s", status, err, text)
	}
	if len(d.Paths) != 4 || d.Paths["/v1/hello"]["post"] == nil || d.Paths["/openapi.json"]["get"] == nil || d.Paths["/healthz"]["get"] == nil {
		t.Errorf("%v", d.Paths)
	}
	if strings.Contains(text, "secret\"") {
		t.Error("an admin route is described to everybody")
	}

	// A policy that nobody described is a fault of this program, not a document.
	other := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: time.Now})
	httpd.Health(other, httpd.Version{})
	httpd.Handle(other.Mux("x", "", ""), "POST", "/v1/x", httpd.NewPolicy("magic", func(context.Context, *httpd.Call) (httpd.Anyone, error) {
		return httpd.Anyone{}, nil
	}), hello)
	if status, text := ask(other, "GET", "/openapi.json", ""); status != http.StatusInternalServerError || !strings.Contains(text, "internal_error") || strings.Contains(text, "magic") {
		t.Errorf("%d %s", status, text)
	}
}

// TestMembersMustBeThere: what the type always writes is not left out, for a body
// that the handler reads and for one that its policy does.
func TestMembersMustBeThere(t *testing.T) {
	s := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: time.Now})
	m := s.Mux("cred", apierr.LayerWorker, "http://localhost")
	type both struct {
		A int `json:"a"`
		B int `json:"b,omitzero"`
	}
	httpd.Handle(m, "POST", "/v1/handler", httpd.Public(), func(context.Context, httpd.Anyone, both) (httpd.Text, error) { return "ok", nil })
	httpd.Handle(m, "POST", "/v1/policy", httpd.Reads[both](httpd.NewPolicy("reads", func(_ context.Context, c *httpd.Call) (httpd.Anyone, error) {
		_, err := httpd.JSON[both](c)
		return httpd.Anyone{}, err
	})), func(context.Context, httpd.Anyone, httpd.Seen) (httpd.Text, error) { return "ok", nil })
	for _, path := range []string{"/v1/handler", "/v1/policy"} {
		if status, text := ask(s, "POST", path, `{"a":0}`); status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, text)
		}
		if status, text := ask(s, "POST", path, `{"b":1}`); status != http.StatusBadRequest || !strings.Contains(text, "missing member /a") || !strings.Contains(text, `"invalid_input"`) {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	for _, d := range s.Described() {
		c := &httpd.Call{Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"b":1}`)}
		if err := d.Check(c); apierr.CodeOf(err) != apierr.InvalidInput {
			t.Errorf("%s: %v", d.Path, err)
		}
		c.Body = []byte(`{"a":1}`)
		if err := d.Check(c); err != nil {
			t.Errorf("%s: %v", d.Path, err)
		}
	}
}
