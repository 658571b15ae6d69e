// Package httpd is the one way in which this system serves HTTP.
//
// Laws that hold here: a route exists only through Handle and with a Policy;
// the whole body is read within its limit before a policy runs; JSON is
// strict; every refusal is problem details (RFC 9457) with a code of the one
// table, and one that its route does not declare is marked in the log; every
// request leaves one log line and one metric; nothing is cacheable; a stream of
// events ends with its peer or with the server. Roles share one Echo server with
// one listener; the admin listener (readiness, metrics) is another, on loopback.
//
// It does not terminate TLS and does not trust forwarding headers.
package httpd

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// Limits of every connection. They bound what one slow or hostile peer holds.
const (
	DefaultMaxBody    = 1<<20 + 64<<10 // a value of 1 MiB with room to spare
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 32 << 10
	shutdownTimeout   = 10 * time.Second
)

// Options of a Server. Now and Log are required.
type Options struct {
	Log     zerolog.Logger
	Metrics *prometheus.Registry
	Now     func() time.Time
	NewID   func() string
	MaxBody int64
	// MaxStreams bounds the streams of events that one route serves at once; 0:
	// DefaultMaxStreams.
	MaxStreams int
	// Heartbeat is the clock of streams; nil: a ticker.
	Heartbeat Heartbeat
}

// Server is one process's HTTP face: the routes of the roles it serves.
type Server struct {
	opts    Options
	echo    *echo.Echo
	admin   *echo.Echo
	metrics metrics
	routes  []Route
	shown   []Described // beside routes
	streams streams
}

type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	streams  *prometheus.GaugeVec
}

// Route is one row of the route table. Admin routes answer on the admin listener
// alone.
type Route struct {
	Role, Method, Path, Policy, Class, Op string
	Admin                                 bool
}

// String is the golden form.
func (r Route) String() string {
	dash := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	policy := r.Policy
	if r.Admin {
		policy += ", admin listener"
	}
	return fmt.Sprintf("%-8s %-4s %-36s %-24s %-12s %s", r.Role, r.Method, r.Path, policy, dash(r.Class), dash(r.Op))
}

// newRequestID is a UUID of version 7 (RFC 9562, 5.7) in 26 characters (RFC 4648, 7)
// that sort by time: what is indexed by it is written where the last one was.
func newRequestID() string {
	id := uuid.Must(uuid.NewV7()) // never fails: crypto/rand ends the process instead
	return base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(id[:])
}

// New makes a server without routes.
func New(o Options) *Server {
	if o.NewID == nil {
		o.NewID = newRequestID
	}
	if o.MaxBody == 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.MaxStreams == 0 {
		o.MaxStreams = DefaultMaxStreams
	}
	if o.Heartbeat == nil {
		o.Heartbeat = ticker
	}
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
	}
	s := &Server{opts: o, echo: echo.New(), admin: echo.New(), streams: streams{open: map[Route]int{}}, metrics: metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "agentkeys_requests_total", Help: "Requests by role, route and code.",
		}, []string{"role", "route", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "agentkeys_request_seconds", Help: "Time to answer by role and route.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
		}, []string{"role", "route"}),
		streams: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "agentkeys_open_streams", Help: "Streams of events that are open, by role and route.",
		}, []string{"role", "route"}),
	}}
	o.Metrics.MustRegister(s.metrics.requests, s.metrics.seconds, s.metrics.streams)
	for _, e := range []*echo.Echo{s.echo, s.admin} {
		e.HideBanner, e.HidePort = true, true
		e.HTTPErrorHandler = s.unrouted
		// Echo's own logger writes to standard output, which belongs to commands.
		e.Logger.SetOutput(io.Discard)
	}
	return s
}

// Mux is where one role registers its routes.
type Mux struct {
	server    *Server
	role      string
	layer     apierr.Layer
	publicURL string
	admin     bool
}

// Mux opens the server for a role. publicURL is what callers dial and what
// proofs are bound to: scheme://host[:port], no trailing slash.
func (s *Server) Mux(role string, layer apierr.Layer, publicURL string) *Mux {
	return &Mux{server: s, role: role, layer: layer, publicURL: strings.TrimSuffix(publicURL, "/")}
}

// Admin is where the role registers what only this machine may ask for: its
// routes answer on the admin listener alone, which is on loopback.
func (m *Mux) Admin() *Mux {
	c := *m
	c.admin = true
	return &c
}

func (m *Mux) echo() *echo.Echo {
	if m.admin {
		return m.server.admin
	}
	return m.server.echo
}

func (m *Mux) add(d Described) {
	r := d.Route
	for _, have := range m.server.routes {
		if have.Method == r.Method && have.Path == r.Path && have.Admin == r.Admin {
			panic(fmt.Sprintf("httpd: %s %s is registered twice, by %s and %s", r.Method, r.Path, have.Role, r.Role))
		}
	}
	m.server.routes = append(m.server.routes, r)
	m.server.shown = append(m.server.shown, d)
}

// Routes returns the route table, sorted by role and path.
func (s *Server) Routes() []Route {
	out := slices.Clone(s.routes)
	slices.SortFunc(out, func(a, b Route) int {
		return strings.Compare(a.Role+a.Path+a.Method, b.Role+b.Path+b.Method)
	})
	return out
}

// unrouted answers what no route took.
func (s *Server) unrouted(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	m := &Mux{server: s, role: "none", layer: apierr.LayerRequest}
	x := begin(m, Route{Role: "none", Method: "any", Path: "unknown"}, c, []apierr.Code{apierr.NotFound, apierr.MethodNotAllowed})
	var he *echo.HTTPError
	if errors.As(err, &he) && he.Code == http.StatusMethodNotAllowed {
		x.finish(nil, apierr.New(apierr.MethodNotAllowed, "this path does not take that method"))
		return
	}
	x.finish(nil, apierr.New(apierr.NotFound, "no such path on this host; GET /version names the roles that it serves"))
}

// ServeHTTP implements http.Handler, for tests and in-process use.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// Serve answers on l until ctx ends, then lets running requests finish and ends
// streams.
func (s *Server) Serve(ctx context.Context, l net.Listener) error { return serveHTTP(ctx, l, s.echo) }

func serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		// Shutdown waits for what runs; streams would run for ever.
		BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.Background(), stoppingKey{}, ctx)
		},
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := srv.Shutdown(stop)
	<-done
	return err
}
