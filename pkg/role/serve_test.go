package role_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
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
	path                     string
	look, open, check, begin error
	closed                   *int
	did                      *record // nil: nobody asks
}

// record is what was done, in order.
type record struct {
	mu  sync.Mutex // guards did: checks run beside each other
	did []string
}

func (f *fake) does(what string) {
	if f.did == nil {
		return
	}
	f.did.mu.Lock()
	defer f.did.mu.Unlock()
	f.did.did = append(f.did.did, what+" "+f.path)
}

func (*fake) Flags() []cli.Flag { return nil }
func (f *fake) Open(_ context.Context, e role.Env) (role.Service, error) {
	if e.CheckOnly {
		f.does("open nothing")
	} else {
		f.does("open")
	}
	if f.open != nil {
		return nil, f.open
	}
	return f, nil
}

func (f *fake) Look(context.Context, role.Env) error { f.does("look"); return f.look }
func (f *fake) Begin(context.Context) error          { f.does("begin"); return f.begin }

func (f *fake) Routes(m *httpd.Mux) {
	httpd.Handle(m, "GET", f.path, httpd.Public(), func(context.Context, httpd.Anyone, httpd.None) (httpd.Text, error) { return "here", nil })
}

func (f *fake) Checks() []httpd.Check {
	return []httpd.Check{{Name: "part", Probe: func(context.Context) (time.Duration, error) { f.does("check"); return 0, f.check }}}
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
		"what is there":  {fake{look: errors.New("of another")}, fake{open: errors.New("no store")}, []string{"role broker: of another", "role cred: no store"}, 1},
		"what both have": {fake{look: errors.New("of another")}, fake{look: errors.New("of a third")}, []string{"role broker: of another", "role cred: of a third"}, 2},
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

// TestServeBeginsLast: no role opens anything before all were looked at, and none begins
// before nothing else refuses. What is only checked neither opens nor begins.
func TestServeBeginsLast(t *testing.T) {
	no := errors.New("no")
	looked, opened := []string{"look /a", "look /b"}, []string{"open /a", "open /b"}
	nothing := []string{"open nothing /a", "open nothing /b"}
	checked, begun := []string{"check /a", "check /b"}, []string{"begin /a", "begin /b"}
	for name, c := range map[string]struct {
		a, b fake
		edit func(*role.Options)
		want [][]string
	}{
		"serves":               {fake{}, fake{}, func(*role.Options) {}, [][]string{looked, opened, checked, begun}},
		"is checked":           {fake{}, fake{}, func(o *role.Options) { o.CheckOnly = true }, [][]string{looked, nothing, checked}},
		"the second must not":  {fake{}, fake{look: no}, func(*role.Options) {}, [][]string{looked, nothing}},
		"the first must not":   {fake{look: no}, fake{}, func(*role.Options) {}, [][]string{looked, nothing}},
		"does not open":        {fake{}, fake{open: no}, func(*role.Options) {}, [][]string{looked, opened}},
		"lacks a dependency":   {fake{}, fake{check: no}, func(*role.Options) {}, [][]string{looked, opened, checked}},
		"cannot listen":        {fake{}, fake{}, func(o *role.Options) { o.Listen = "127.0.0.1:x" }, [][]string{looked, opened, checked}},
		"admin for everybody":  {fake{}, fake{}, func(o *role.Options) { o.Admin = "0.0.0.0:0" }, [][]string{looked, opened, checked}},
		"the first is another": {fake{begin: no}, fake{}, func(*role.Options) {}, [][]string{looked, opened, checked, begun[:1]}},
	} {
		var r record
		closed := 0
		c.a.path, c.b.path, c.a.closed, c.b.closed, c.a.did, c.b.did = "/a", "/b", &closed, &closed, &r, &r
		o := options(&c.a, &c.b)
		c.edit(&o)
		ctx, cancel := context.WithCancel(t.Context())
		ready := false
		o.Ready = func(string) { ready = true; cancel() }
		err := role.Serve(ctx, o)
		cancel()
		did := r.did
		if i := slices.Index(did, "check /b"); i >= 0 && i+1 < len(did) && did[i+1] == "check /a" {
			did[i], did[i+1] = did[i+1], did[i]
		}
		if want := slices.Concat(c.want...); !slices.Equal(did, want) {
			t.Errorf("%s: did %q, want %q", name, did, want)
		}
		if serves := name == "serves"; ready != serves || (err == nil) != (serves || o.CheckOnly) {
			t.Errorf("%s: served %t, %v", name, ready, err)
		}
	}
}
