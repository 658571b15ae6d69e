package httpd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
)

type epochEvent struct {
	Epoch int    `json:"epoch"`
	Text  string `json:"text,omitempty"`
}

// Each event is with the client before the next one is made.
func TestEventsAtOnce(t *testing.T) {
	t.Parallel()
	next, ended := make(chan int), make(chan struct{})
	l := serveEvents(t, 0, func(ctx context.Context, send func(string, any) error) error {
		for n := range next {
			if err := send("epoch", epochEvent{Epoch: n, Text: "a\nb\r"}); err != nil {
				return err
			}
		}
		close(ended)
		return nil
	})
	go func() { next <- 1 }()
	resp, r := l.get(t, t.Context())
	h := resp.Header
	if resp.StatusCode != 200 || h.Get("Content-Type") != "text/event-stream" || h.Get("Cache-Control") != "no-store" ||
		h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Accel-Buffering") != "no" || h.Get("X-Request-Id") != "req-1" {
		t.Errorf("%d %v", resp.StatusCode, h)
	}
	if got := block(t, r); got != "event: epoch\ndata: {\"epoch\":1,\"text\":\"a\\nb\\r\"}\n\n" {
		t.Errorf("%q", got)
	}
	// The deadlines of ordinary requests would end it: none for reading (net/http
	// ends that one with the request), and a new one for every write.
	read, first := l.listener.last()
	if !read.IsZero() {
		t.Errorf("the stream ends at %s, when its request must have been read", read)
	}
	l.beat <- time.Time{}
	if got := block(t, r); got != ":\n\n" {
		t.Errorf("a heartbeat is %q", got)
	}
	next <- 2
	if got := block(t, r); !strings.HasPrefix(got, "event: epoch\ndata: {\"epoch\":2") {
		t.Errorf("%q", got)
	}
	if _, second := l.listener.last(); !second.After(first) {
		t.Errorf("the deadline for writing stays at %s", first)
	}
	if l.log.String() != "" {
		t.Errorf("logged before it ended: %s", l.log)
	}
	if _, n := l.metric(t, "agentkeys_open_streams"); n != 1 {
		t.Errorf("%v open streams", n)
	}
	close(next)
	<-ended
	if rest, err := io.ReadAll(r); err != nil || len(rest) != 0 {
		t.Errorf("%q, %v", rest, err)
	}
	l.stopped(t)
	if log := l.log.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, `"result":"allowed"`) || !strings.Contains(log, `"route":"/events"`) {
		t.Errorf("the log: %s", log)
	}
	if _, n := l.metric(t, "agentkeys_open_streams"); n != 0 {
		t.Errorf("%v open streams", n)
	}
	if n, _ := l.metric(t, "agentkeys_request_seconds"); n != 0 {
		t.Error("how long a stream lasts is no time to answer")
	}
	if n, _ := l.metric(t, "agentkeys_requests_total"); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// Heartbeats come while a stream has nothing to say, also as the first of all.
func TestEventsHeartbeat(t *testing.T) {
	t.Parallel()
	l := serveEvents(t, 0, func(ctx context.Context, _ func(string, any) error) error { <-ctx.Done(); return ctx.Err() })
	go func() { l.beat <- time.Time{} }()
	_, r := l.get(t, t.Context())
	for range 3 {
		if got := block(t, r); got != ":\n\n" {
			t.Fatalf("%q", got)
		}
		l.beat <- time.Time{}
	}
	l.stopped(t)
}

// A stream ends with the server, whose stop waits for running requests, and the
// peer sees a clean end.
func TestEventsEndWithTheServer(t *testing.T) {
	t.Parallel()
	l := serveEvents(t, 0, func(ctx context.Context, send func(string, any) error) error {
		if err := send("hello", 1); err != nil {
			return err
		}
		<-ctx.Done()
		if err := send("late", 1); !errors.Is(err, context.Canceled) {
			t.Errorf("sent after the end: %v", err)
		}
		return ctx.Err()
	})
	_, r := l.get(t, t.Context())
	block(t, r)
	l.stopped(t)
	if rest, err := io.ReadAll(r); err != nil || len(rest) != 0 {
		t.Errorf("%q, %v", rest, err)
	}
	if log := l.log.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, `"result":"allowed"`) {
		t.Errorf("the log: %s", log)
	}
}

// oneConn is a listener with one connection that buffers nothing.
type oneConn struct {
	net.Listener
	conns chan net.Conn
}

func (o oneConn) Accept() (net.Conn, error) {
	if c, ok := <-o.conns; ok {
		return c, nil
	}
	return o.Listener.Accept()
}

// A peer that does not read holds up neither the server's end nor its own.
func TestEventsPeerDoesNotRead(t *testing.T) {
	t.Parallel()
	s := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: time.Now})
	httpd.Handle(s.Mux("signer", apierr.LayerSigner, ""), "GET", "/events", httpd.Public(),
		func(context.Context, httpd.Anyone, httpd.None) (httpd.Events, error) {
			return func(_ context.Context, send func(string, any) error) error {
				for {
					if err := send("hello", 1); err != nil {
						return err
					}
				}
			}, nil
		})
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	peer, served := net.Pipe()
	defer peer.Close()
	conns := make(chan net.Conn, 1)
	conns <- served
	close(conns)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, oneConn{plain, conns}) }()
	if _, err := io.WriteString(peer, "GET /events HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	// It reads a byte, and then never again.
	if _, err := peer.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("the server did not stop: %v", err)
	}
}

// A stream ends with its peer.
func TestEventsEndWithThePeer(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	l := serveEvents(t, 0, func(ctx context.Context, send func(string, any) error) error {
		if err := send("hello", 1); err != nil {
			return err
		}
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	_, r := l.get(t, ctx)
	block(t, r)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	l.stopped(t)
	if log := l.log.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, `"result":"allowed"`) {
		t.Errorf("the log: %s", log)
	}
}

// One route serves so many streams and no more; others are not concerned.
func TestEventsAreBounded(t *testing.T) {
	t.Parallel()
	l := serveEvents(t, 2, func(ctx context.Context, send func(string, any) error) error {
		if err := send("hello", 1); err != nil {
			return err
		}
		<-ctx.Done()
		return nil
	})
	first, cancel := context.WithCancel(t.Context())
	_, a := l.get(t, first)
	block(t, a)
	_, b := l.get(t, t.Context())
	block(t, b)
	resp, r := l.get(t, t.Context())
	var p apierr.Problem
	if err := json.NewDecoder(r).Decode(&p); err != nil || resp.StatusCode != 429 || p.Code != apierr.RateLimited || resp.Header.Get("Retry-After") == "" {
		t.Errorf("%d %+v %v %v", resp.StatusCode, p, resp.Header, err)
	}
	other, err := http.Get(l.url + "/other")
	if err != nil || other.StatusCode != 200 {
		t.Fatal(other, err)
	}
	other.Body.Close()
	// Whoever leaves makes room.
	cancel()
	for {
		resp, r := l.get(t, t.Context())
		if resp.StatusCode == 200 {
			block(t, r)
			break
		}
		resp.Body.Close()
	}
	l.stopped(t)
}

// An error before the first event is an answer; afterwards only the log has it.
func TestEventsThatFail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		f      httpd.Events
		status int
		body   string
		logged string
	}{
		"before any event": {func(context.Context, func(string, any) error) error {
			return apierr.New(apierr.ChainStale, "old")
		}, 503, `"code":"chain_stale"`, `"code":"chain_stale"`},
		"after an event": {func(_ context.Context, send func(string, any) error) error {
			return errors.Join(send("a", 1), apierr.New(apierr.ChainStale, "canary"))
		}, 200, "event: a\ndata: 1\n\n", `"code":"chain_stale"`},
		"a panic after an event": {func(_ context.Context, send func(string, any) error) error {
			if err := send("a", 1); err != nil {
				return err
			}
			panic("canary")
		}, 200, "event: a\ndata: 1\n\n", `"code":"internal_error"`},
		"a panic before": {func(context.Context, func(string, any) error) error { panic("canary") }, 500, `"code":"internal_error"`, `"code":"internal_error"`},
		"no event":       {func(context.Context, func(string, any) error) error { return nil }, 200, "", `"code":"ok"`},
		"a bad name": {func(_ context.Context, send func(string, any) error) error {
			return send("a\ndata: x", 1)
		}, 500, `"code":"internal_error"`, "the name of an event"},
		"no name":      {func(_ context.Context, send func(string, any) error) error { return send("", 1) }, 500, `"code":"internal_error"`, "the name of an event"},
		"not for JSON": {func(_ context.Context, send func(string, any) error) error { return send("a", make(chan int)) }, 500, `"code":"internal_error"`, "encoding event a"},
	} {
		var log bytes.Buffer
		s := httpd.New(httpd.Options{Log: zerolog.New(&log), Now: time.Now, NewID: func() string { return "req-1" }})
		httpd.Handle(s.Mux("signer", apierr.LayerSigner, ""), "GET", "/events", httpd.Public(),
			func(context.Context, httpd.Anyone, httpd.None) (httpd.Events, error) { return c.f, nil })
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/events", nil))
		ok := w.Code == c.status && strings.Contains(w.Body.String(), c.body)
		if c.status == 200 {
			ok = w.Code == 200 && w.Body.String() == c.body && w.Header().Get("Content-Type") == "text/event-stream"
		}
		if !ok || strings.Contains(w.Body.String(), "canary") {
			t.Errorf("%s: %d %v %s", name, w.Code, w.Header(), w.Body)
		}
		if n := strings.Count(log.String(), `"message":"request"`); n != 1 || !strings.Contains(log.String(), c.logged) {
			t.Errorf("%s: the log: %s", name, &log)
		}
	}
}

// A route that refuses does not stream.
func TestEventsNeedThePolicy(t *testing.T) {
	t.Parallel()
	s := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: time.Now})
	nobody := httpd.NewPolicy("nobody", func(context.Context, *httpd.Call) (caller, error) {
		return caller{}, apierr.New(apierr.Unauthorized, "no")
	})
	httpd.Handle(s.Mux("signer", apierr.LayerSigner, ""), "GET", "/events", nobody,
		func(context.Context, caller, httpd.None) (httpd.Events, error) {
			t.Error("the handler ran")
			return nil, nil
		})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/events", nil))
	if p := problem(t, w); p.Code != apierr.Unauthorized {
		t.Errorf("%+v", p)
	}
}
