package role_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
)

// fake is a role whose parts fail as a test wants.
type fake struct {
	path        string
	open, check error
	closed      *int
}

func (*fake) Flags() []cli.Flag { return nil }
func (f *fake) Open(context.Context, role.Env) (role.Service, error) {
	if f.open != nil {
		return nil, f.open
	}
	return f, nil
}

func (f *fake) Routes(m *httpd.Mux) {
	httpd.Handle(m, "GET", f.path, httpd.Public(), func(context.Context, httpd.Anyone, httpd.None) (httpd.Text, error) { return "here", nil })
}

func (f *fake) Checks() []httpd.Check {
	return []httpd.Check{{Name: "part", Probe: func(context.Context) (time.Duration, error) { return 0, f.check }}}
}
func (f *fake) Close() error { *f.closed++; return nil }

func options(fakes ...*fake) role.Options {
	o := role.Options{Registry: prometheus.NewRegistry(), Listen: "127.0.0.1:0", Admin: "127.0.0.1:0"}
	o.Env = role.Env{Now: time.Now, Log: zerolog.Nop(), Metrics: o.Registry, Profile: &profile.Profile{Domain: "example.com"}}
	for i, f := range fakes {
		o.Roles = append(o.Roles, role.Role{Name: []string{"broker", "cred"}[i], Layer: apierr.LayerWorker, New: func() role.Config { return f }})
		o.Configs = append(o.Configs, f)
	}
	return o
}

// TestServeNamesAllProblems: of all roles, in one error, and what was opened
// is closed again.
func TestServeNamesAllProblems(t *testing.T) {
	for name, c := range map[string]struct {
		a, b   fake
		want   []string
		closed int
	}{
		"sound":          {fake{}, fake{}, nil, 2},
		"configurations": {fake{open: errors.New("no key")}, fake{open: errors.New("no store")}, []string{"role broker: no key", "role cred: no store"}, 0},
		"one of two":     {fake{}, fake{open: errors.New("no store")}, []string{"role cred: no store"}, 1},
		"dependencies":   {fake{check: errors.New("no chain")}, fake{check: errors.New("no bucket")}, []string{"broker/part: no chain", "cred/part: no bucket"}, 2},
	} {
		closed := 0
		c.a.path, c.b.path, c.a.closed, c.b.closed = "/a", "/b", &closed, &closed
		o := options(&c.a, &c.b)
		o.CheckOnly = true
		err := role.Serve(t.Context(), o)
		if (err == nil) != (c.want == nil) || closed != c.closed {
			t.Errorf("%s: closed %d, %v", name, closed, err)
		}
		for _, want := range c.want {
			if err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q is not in: %v", name, want, err)
			}
		}
	}
}

// TestServe: only the roles named answer, readiness and metrics only on the
// admin listener, and everything is closed at the end.
func TestServe(t *testing.T) {
	closed := 0
	o := options(&fake{path: "/a", closed: &closed})
	var lc net.ListenConfig
	admin, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.AdminListener = admin
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := make(chan string, 1), make(chan error, 1)
	o.Ready = func(url string) { ready <- url }
	go func() { done <- role.Serve(ctx, o) }()
	var main string
	select {
	case main = <-ready:
	case err := <-done:
		t.Fatal(err)
	}
	get := func(url string) int {
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	side := "http://" + admin.Addr().String()
	for url, want := range map[string]int{
		main + "/a": 200, main + "/b": 404, main + "/healthz": 200, main + "/readyz": 404, main + "/metrics": 404,
		side + "/readyz": 200, side + "/metrics": 200, side + "/a": 404,
	} {
		if got := get(url); got != want {
			t.Errorf("%s: %d, want %d", url, got, want)
		}
	}
	cancel()
	if err := <-done; err != nil || closed != 1 {
		t.Errorf("closed %d, %v", closed, err)
	}
	for _, addr := range []string{strings.TrimPrefix(main, "http://"), admin.Addr().String()} {
		if c, err := net.Dial("tcp", addr); err == nil {
			_ = c.Close()
			t.Errorf("%s still answers", addr)
		}
	}
}

func TestAdminListenerIsOnLoopback(t *testing.T) {
	closed := 0
	o := options(&fake{path: "/a", closed: &closed})
	o.Admin = "0.0.0.0:0"
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	o.Ready = func(string) { t.Error("it serves"); cancel() }
	if err := role.Serve(ctx, o); err == nil || !strings.Contains(err.Error(), "must be on loopback") {
		t.Errorf("%v", err)
	}
}
