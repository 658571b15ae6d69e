package keeper_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// strike ends a run at one moment of its life, as kill -9 does: at its n-th
// request or step, before it is sent or after the other side did its work. The
// run hears nothing more.
type strike struct {
	at     int // from 1; 0: never
	after  bool
	cancel context.CancelFunc

	mu      sync.Mutex // guards what follows
	seen    int
	hit     bool
	mutates bool // what was hit changes something at the other side
}

var errStruck = errors.New("the run was ended here")

// now counts a moment, and tells whether it is the one.
func (s *strike) now(mutates bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen++
	if s.seen != s.at {
		return false
	}
	s.hit, s.mutates = true, mutates
	return true
}

// step is a moment between requests.
func (s *strike) step(string) {
	if s.now(false) {
		s.cancel()
	}
}

// transport counts requests; those that mutates names change something.
type transport struct {
	*strike
	mutates func(*http.Request) bool
	base    http.RoundTripper
}

func (p transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !p.now(p.mutates(r)) {
		return p.base.RoundTrip(r)
	}
	defer p.cancel()
	if !p.after {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, errStruck
	}
	resp, err := p.base.RoundTrip(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	return nil, errStruck
}

// web is an HTTP client of one run.
func (s *strike) web(mutates func(*http.Request) bool) *http.Client {
	return &http.Client{Transport: transport{s, mutates, http.DefaultTransport}}
}

func posts(r *http.Request) bool { return r.Method == http.MethodPost }
func puts(r *http.Request) bool  { return r.Method == http.MethodPut }

// chainProxy is the chain's endpoint for runs that are struck.
type chainProxy struct {
	url     string
	current atomic.Pointer[strike]
}

func newChainProxy(t testing.TB, rpc string) *chainProxy {
	t.Helper()
	p := &chainProxy{}
	forward := httputil.NewSingleHostReverseProxy(must[*url.URL](t)(url.Parse(rpc)))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		// The work is done whether or not anybody waits for the answer.
		r = r.Clone(context.WithoutCancel(r.Context()))
		r.Body = io.NopCloser(bytes.NewReader(body))
		s := p.current.Load()
		if s == nil || !s.now(bytes.Contains(body, []byte("eth_sendRawTransaction"))) {
			forward.ServeHTTP(w, r)
			return
		}
		if s.after {
			forward.ServeHTTP(httptest.NewRecorder(), r)
		}
		s.cancel()
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(srv.Close)
	p.url = srv.URL
	return p
}

// everywhere has run struck at each of its moments, until one comes to its end.
// Moments that change something are struck before and after.
func everywhere(t *testing.T, round func(t *testing.T, s *strike)) {
	t.Helper()
	for at := 1; ; at++ {
		s := &strike{at: at}
		round(t, s)
		if !s.hit {
			t.Logf("struck at each of %d moments", at-1)
			return
		}
		if s.mutates {
			round(t, &strike{at: at, after: true})
		}
		if t.Failed() {
			t.Fatalf("struck at moment %d", at)
		}
	}
}
