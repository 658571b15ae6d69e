package httpd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

const (
	// DefaultMaxStreams is how many streams one route serves at once.
	DefaultMaxStreams = 64
	// heartbeat is how often a stream says something, so that whoever stands in
	// between (nginx: 60 s) does not take it for dead.
	heartbeat = 15 * time.Second
	// farewell is how long a stream that ends with the server may take to end.
	farewell = time.Second
)

// Events is the output of a route that answers server-sent events (WHATWG HTML
// section 9.2, text/event-stream). It runs until it returns, which it must soon
// after ctx has ended: with the peer, with the server, or because an event could
// not be written. Its send writes one event and returns when it is on its way;
// it is safe for concurrent use, and fails once ctx has ended. The name is 1 to
// 64 of a-z, 0-9, "_", "." and "-"; v is written as one line of JSON.
//
// A comment is sent every 15 s. An error before the first event or comment is
// answered as problem details; afterwards the stream just ends, and only the log
// has the error. A route that serves Options.MaxStreams already answers
// rate_limited.
type Events func(ctx context.Context, send func(name string, v any) error) error

// Heartbeat is a clock that strikes every d until stop is called.
type Heartbeat func(d time.Duration) (beat <-chan time.Time, stop func())

func ticker(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTicker(d)
	return t.C, t.Stop
}

// streams counts the open streams of each route.
type streams struct {
	mu   sync.Mutex // guards open
	open map[Route]int
}

func (s *streams) enter(r Route, most int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[r] >= most {
		return false
	}
	s.open[r]++
	return true
}

func (s *streams) leave(r Route) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[r]--
}

// stoppingKey is where a request's context has that of the serving, which ends
// when the server begins to stop.
type stoppingKey struct{}

// stream serves events on one response.
type stream struct {
	x   *exchange
	rc  *http.ResponseController
	ctx context.Context
	end context.CancelFunc

	mu sync.Mutex // guards the response
}

// stream runs f until it returns.
func (x *exchange) stream(f Events) error {
	srv := x.m.server
	if !srv.streams.enter(x.r, srv.opts.MaxStreams) {
		return apierr.New(apierr.RateLimited, "this route serves %d streams already; ask again later", srv.opts.MaxStreams)
	}
	defer srv.streams.leave(x.r)
	x.streamed = true
	gauge := srv.metrics.streams.WithLabelValues(x.r.Role, x.r.Method+" "+x.r.Path)
	gauge.Inc()
	defer gauge.Dec()

	// Past Echo's writer, which keeps errors of flushing to itself.
	s := &stream{x: x, rc: http.NewResponseController(x.c.Response().Writer)}
	s.ctx, s.end = context.WithCancel(x.ctx)
	// Nothing may touch the response once the handler has returned.
	var beats sync.WaitGroup
	defer beats.Wait()
	defer s.end()
	if stopping, ok := x.ctx.Value(stoppingKey{}).(context.Context); ok {
		defer s.stopWith(stopping)()
	}
	beats.Go(s.beat)
	err := f(s.ctx, s.send)
	if s.ctx.Err() == nil && err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begin() // also without any event
	return nil
}

// stopWith lets the stream stop when ctx ends, and returns what ends that: it
// waits for a stop that has begun.
func (s *stream) stopWith(ctx context.Context) (release func()) {
	done := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() { defer close(done); s.stop() })
	return func() {
		if !cancel() {
			<-done
		}
	}
}

// stop ends a stream with its server, also one whose peer does not read.
func (s *stream) stop() {
	s.end()
	_ = s.deadline(s.rc.SetWriteDeadline(s.x.m.server.opts.Now().Add(farewell)))
}

// deadline forgives a connection without deadlines, such as a test's recorder.
func (s *stream) deadline(err error) error {
	if err == nil || errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return fmt.Errorf("setting a deadline of a stream: %w", err)
}

// beat sends a comment whenever the clock strikes.
func (s *stream) beat() {
	beat, stop := s.x.m.server.opts.Heartbeat(heartbeat)
	defer stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-beat:
			if s.write([]byte(":\n\n")) != nil {
				return
			}
		}
	}
}

var eventName = regexp.MustCompile(`^[a-z0-9_.-]{1,64}$`)

// send writes one event.
func (s *stream) send(name string, v any) error {
	if !eventName.MatchString(name) {
		return fmt.Errorf("the name of an event is not 1 to 64 of a-z, 0-9, _, . and -: %q", name)
	}
	data, err := strictjson.Encode(v)
	if err != nil {
		return fmt.Errorf("encoding event %s: %w", name, err)
	}
	return s.write(fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, data))
}

// write puts bytes on their way at once. A stream that could not be written
// ends: what the peer has then is not known.
func (s *stream) write(b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.deadline(s.rc.SetWriteDeadline(s.x.m.server.opts.Now().Add(writeTimeout))); err != nil {
		s.end()
		return err
	}
	// After the deadline, which stop shortens once it has ended the stream.
	if err := s.ctx.Err(); err != nil {
		return err
	}
	s.begin()
	if _, err := s.x.c.Response().Write(b); err != nil {
		s.end()
		return fmt.Errorf("writing an event: %w", err)
	}
	if err := s.rc.Flush(); err != nil {
		s.end()
		return fmt.Errorf("sending an event: %w", err)
	}
	return nil
}

// begin writes the header once. Its caller holds mu.
func (s *stream) begin() {
	w := s.x.c.Response()
	if w.Committed {
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would keep events back
	w.WriteHeader(http.StatusOK)
}
