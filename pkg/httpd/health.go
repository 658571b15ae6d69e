package httpd

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// checkTimeout bounds one readiness check.
const checkTimeout = 2 * time.Second

// Version is what GET /version answers.
type Version struct {
	Version  string   `json:"version"`
	Revision string   `json:"revision"`
	Go       string   `json:"go"`
	Roles    []string `json:"roles"`
}

// Health registers what every process answers: /healthz, /version and /openapi.json,
// which describes what is registered by the time when it is first asked for.
func Health(s *Server, v Version) {
	m := s.Mux("process", apierr.LayerRequest, "")
	Handle(m, http.MethodGet, "/healthz", Public(), func(context.Context, Anyone, None) (Text, error) {
		return "ok", nil
	})
	Handle(m, http.MethodGet, PathOpenAPI, Public(), s.described(v))
	Handle(m, http.MethodGet, "/version", Public(), func(context.Context, Anyone, None) (Version, error) {
		return v, nil
	})
}

// Check probes one dependency. Age says how old the newest good answer is; a
// check without an age answers zero.
type Check struct {
	Name  string
	Probe func(context.Context) (age time.Duration, err error)
	// Later: what is probed may be served by this very process, so it is not
	// asked before the process serves; /readyz asks it.
	Later bool
}

// Readiness is what GET /readyz answers.
type Readiness struct {
	Ready  bool          `json:"ready"`
	Checks []CheckResult `json:"checks"`
}

// CheckResult is one dependency in Readiness.
type CheckResult struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	AgeMS int64  `json:"age_ms"`
	Error string `json:"error,omitempty"`
}

// Probe runs all checks side by side.
func Probe(ctx context.Context, checks []Check) Readiness {
	r := Readiness{Ready: true, Checks: make([]CheckResult, len(checks))}
	var wg sync.WaitGroup
	for i, c := range checks {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, checkTimeout)
			defer cancel()
			age, err := c.Probe(ctx)
			r.Checks[i] = CheckResult{Name: c.Name, OK: err == nil, AgeMS: age.Milliseconds()}
			if err != nil {
				r.Checks[i].Error = err.Error()
			}
		})
	}
	wg.Wait()
	for _, c := range r.Checks {
		r.Ready = r.Ready && c.OK
	}
	return r
}

// ServeAdmin answers /readyz, /metrics and the roles' admin routes on l, which
// must be a loopback listener: none of it is for strangers.
func (s *Server) ServeAdmin(ctx context.Context, l net.Listener, checks []Check) error {
	return serveHTTP(ctx, l, s.AdminHandler(checks))
}

// AdminHandler is what ServeAdmin serves, for tests and in-process use.
func (s *Server) AdminHandler(checks []Check) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, req *http.Request) {
		r := Probe(req.Context(), checks)
		body, err := strictjson.Encode(r)
		if err != nil {
			http.Error(w, "encoding readiness", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if !r.Ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = w.Write(body)
	})
	mux.Handle("/", s.admin)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.opts.Metrics, promhttp.HandlerOpts{}))
	return mux
}
