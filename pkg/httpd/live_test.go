package httpd_test

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
)

// deadlines notes what is set on the connections of a listener.
type deadlines struct {
	net.Listener
	mu          sync.Mutex // guards what follows
	read, write []time.Time
}

type noted struct {
	net.Conn
	d *deadlines
}

func (d *deadlines) Accept() (net.Conn, error) {
	c, err := d.Listener.Accept()
	return noted{c, d}, err
}

func (n noted) SetReadDeadline(t time.Time) error {
	n.d.mu.Lock()
	n.d.read = append(n.d.read, t)
	n.d.mu.Unlock()
	return n.Conn.SetReadDeadline(t)
}

func (n noted) SetWriteDeadline(t time.Time) error {
	n.d.mu.Lock()
	n.d.write = append(n.d.write, t)
	n.d.mu.Unlock()
	return n.Conn.SetWriteDeadline(t)
}

// last are the deadlines in force.
func (d *deadlines) last() (read, write time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.read[len(d.read)-1], d.write[len(d.write)-1]
}

// live is a server on a real listener with one route, GET /events.
type live struct {
	url      string
	listener *deadlines
	beat     chan time.Time
	log      *lines
	metrics  *prometheus.Registry
	stop     context.CancelFunc
	done     chan error
}

// lines is a log that may be read while it is written.
type lines struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func serveEvents(t *testing.T, streams int, f httpd.Events) *live {
	t.Helper()
	l := &live{beat: make(chan time.Time), log: &lines{}, metrics: prometheus.NewRegistry(), done: make(chan error, 1)}
	s := httpd.New(httpd.Options{
		Log: zerolog.New(l.log), Metrics: l.metrics, Now: time.Now, NewID: func() string { return "req-1" }, MaxStreams: streams,
		Heartbeat: func(d time.Duration) (<-chan time.Time, func()) {
			if d != 15*time.Second {
				t.Errorf("a heartbeat of %s", d)
			}
			return l.beat, func() {}
		},
	})
	m := s.Mux("signer", apierr.LayerSigner, "")
	httpd.Handle(m, "GET", "/events", httpd.Public(), func(context.Context, httpd.Anyone, httpd.None) (httpd.Events, error) { return f, nil })
	httpd.Handle(m, "GET", "/other", httpd.Public(), func(context.Context, httpd.Anyone, httpd.None) (httpd.Text, error) { return "other", nil })
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.listener = &deadlines{Listener: plain}
	l.url = "http://" + plain.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	l.stop = cancel
	go func() { l.done <- s.Serve(ctx, l.listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-l.done; err != nil {
			t.Errorf("the server did not stop: %v", err)
		}
		l.done <- nil // for who waits again
	})
	return l
}

// stopped stops the server; that it waited in vain for a stream is an error.
func (l *live) stopped(t *testing.T) {
	t.Helper()
	l.stop()
	err := <-l.done
	l.done <- err
	if err != nil {
		t.Errorf("the server did not stop: %v", err)
	}
}

func (l *live) get(t *testing.T, ctx context.Context) (*http.Response, *bufio.Reader) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, "GET", l.url+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp, bufio.NewReader(resp.Body)
}

// block reads to the next empty line.
func block(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	var out strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("after %q: %v", out.String(), err)
		}
		out.WriteString(line)
		if line == "\n" {
			return out.String()
		}
	}
}

// metric is the number of samples of a family, and the value of the first if it
// is a gauge.
func (l *live) metric(t *testing.T, name string) (samples int, gauge float64) {
	t.Helper()
	families, err := l.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return len(f.GetMetric()), f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	return 0, 0
}
