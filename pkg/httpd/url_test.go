package httpd_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
)

// asked is an input that is read from the URL.
type asked struct{ last, page string }

func (a *asked) DecodeURL(last string, q url.Values) error {
	a.last, a.page = last, q.Get("page")
	if q.Has("bad") {
		return errors.New("bad is not known")
	}
	return nil
}

func TestInputFromTheURL(t *testing.T) {
	f := newFixture(t)
	var got asked
	httpd.Handle(f.Mux("audit", apierr.LayerAudit, "https://audit.example"), "GET", "/v1/of/:id", httpd.Public(), func(_ context.Context, _ httpd.Anyone, in asked) (httpd.None, error) {
		got = in
		return httpd.None{}, nil
	})
	for path, c := range map[string]struct {
		body string
		want int
		got  asked
	}{
		"/v1/of/a?page=2":   {"", 204, asked{"a", "2"}},
		"/v1/of/a%20b":      {"", 204, asked{"a b", ""}},
		"/v1/of/b":          {"{}", 400, asked{}},
		"/v1/of/c?bad=1":    {"", 400, asked{}},
		"/v1/of/d?page=%zz": {"", 400, asked{}},
		"/v1/of/e?page=1;2": {"", 400, asked{}},
	} {
		got = asked{}
		if w := f.do("GET", path, "", c.body); w.Code != c.want || got != c.got {
			t.Errorf("%s: %d %s, %+v", path, w.Code, w.Body, got)
		}
	}
}

// TestThen: the second decision is asked only after the first, and the handler
// gets what it yields.
func TestThen(t *testing.T) {
	f := newFixture(t)
	var order []string
	p := httpd.Then(httpd.NewPolicy("first", func(_ context.Context, c *httpd.Call) (int, error) {
		order = append(order, "first")
		if c.Header.Get("X-Key") != "good" {
			return 0, apierr.New(apierr.Unauthorized, "no key")
		}
		return 41, nil
	}), "second", func(_ context.Context, n int) (int, error) {
		order = append(order, "second")
		return n + 1, nil
	})
	httpd.Handle(f.Mux("audit", apierr.LayerAudit, ""), "POST", "/v1/then", p, func(_ context.Context, n int, _ httpd.None) (httpd.None, error) {
		if order = append(order, "handler"); n != 42 {
			t.Error(n)
		}
		return httpd.None{}, nil
	})
	if w := f.do("POST", "/v1/then", "", ""); w.Code != 204 || len(order) != 3 {
		t.Errorf("%d, %v", w.Code, order)
	}
	order = nil
	if w := f.do("POST", "/v1/then", "", "", func(r *http.Request) { r.Header.Del("X-Key") }); w.Code != 401 || len(order) != 1 {
		t.Errorf("%d, %v", w.Code, order)
	}
	for _, r := range f.Routes() {
		if r.Path == "/v1/then" && r.Policy != "first+second" {
			t.Error(r.Policy)
		}
	}
}

// TestReceiptHeader: on answers and refusals alike, and only when there is one.
func TestReceiptHeader(t *testing.T) {
	f := newFixture(t)
	m := f.Mux("audit", apierr.LayerAudit, "")
	handler := func(receipt string, err error) func(context.Context, httpd.Anyone, httpd.None) (httpd.None, error) {
		return func(ctx context.Context, _ httpd.Anyone, _ httpd.None) (httpd.None, error) {
			httpd.SetReceipt(context.WithoutCancel(ctx), receipt)
			return httpd.None{}, err
		}
	}
	httpd.Handle(m, "POST", "/v1/given", httpd.Public(), handler("a.b.c", nil))
	httpd.Handle(m, "POST", "/v1/none-given", httpd.Public(), handler("", nil))
	httpd.Handle(m, "POST", "/v1/refused", httpd.Public(), handler("d.e.f", apierr.New(apierr.NotFound, "no")))
	for path, want := range map[string]string{"/v1/given": "a.b.c", "/v1/none-given": "", "/v1/refused": "d.e.f"} {
		if w := f.do("POST", path, "", ""); w.Header().Get(httpd.ReceiptHeader) != want {
			t.Errorf("%s: %v", path, w.Header())
		}
	}
	httpd.SetReceipt(t.Context(), "nowhere")
}

// TestAdminRoutes answer on the admin listener alone, to this machine's own
// programs.
func TestAdminRoutes(t *testing.T) {
	f := newFixture(t)
	httpd.Handle(f.Mux("audit", apierr.LayerAudit, "").Admin(), "POST", "/v1/admin", httpd.Local(), func(context.Context, httpd.Anyone, httpd.None) (httpd.None, error) {
		return httpd.None{}, nil
	})
	if w := f.do("POST", "/v1/admin", "", ""); w.Code != 404 {
		t.Errorf("the main listener answers %d", w.Code)
	}
	admin := f.AdminHandler(nil)
	ask := func(host, origin string) int {
		r := httptest.NewRequest("POST", "/v1/admin", nil)
		r.Host = host
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		admin.ServeHTTP(w, r)
		return w.Code
	}
	for _, c := range []struct {
		host, origin string
		want         int
	}{
		{"127.0.0.1:19092", "", 204},
		{"[::1]:19092", "", 204},
		{"localhost:19092", "", 204},
		{"127.0.0.1", "", 204},
		{"127.0.0.1:19092", "http://127.0.0.1:19092", 401},
		{"127.0.0.1:19092", "null", 401},
		{"admin.example:19092", "", 401},
		{"localhost.example:19092", "", 401},
		{"192.0.2.1:19092", "", 401},
		{"", "", 401},
	} {
		if got := ask(c.host, c.origin); got != c.want {
			t.Errorf("host %q, origin %q: %d, want %d", c.host, c.origin, got, c.want)
		}
	}
	for path, want := range map[string]int{"/readyz": 200, "/metrics": 200, "/v1/echo": 404} {
		w := httptest.NewRecorder()
		admin.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != want {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
