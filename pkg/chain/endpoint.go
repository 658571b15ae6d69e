package chain

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/ethereum/go-ethereum/rpc"
)

const (
	// DefaultCallTimeout bounds one request to an endpoint.
	DefaultCallTimeout = 5 * time.Second
	// DefaultMaxResponse bounds one answer of an endpoint. The largest honest
	// one is a batch with two scopes of 64 grants.
	DefaultMaxResponse = 4 << 20
	// attempts is how often a question is put before an endpoint counts as
	// silent, all within the time of one request.
	attempts = 3
	// defaultBackoff is the wait before the second attempt; it doubles.
	defaultBackoff = 100 * time.Millisecond
)

var (
	errTooLarge = errors.New("the answer is larger than the bound")
	errRedirect = errors.New("the endpoint redirects, which is not followed")
)

// caller is what an endpoint is spoken to with: an rpc.Client.
type caller interface {
	BatchCallContext(ctx context.Context, elems []rpc.BatchElem) error
	Close()
}

// endpoint is one JSON-RPC server. Its URL may carry an access key, so that no
// error names it.
type endpoint struct {
	client   caller
	timeout  time.Duration
	backoff  time.Duration
	requests atomic.Uint64
}

func dialEndpoint(ctx context.Context, rawURL string, timeout time.Duration, maxResponse int64) (*endpoint, error) {
	tr := &http.Transport{
		DialContext:           (&net.Dialer{Timeout: timeout}).DialContext,
		TLSHandshakeTimeout:   timeout,
		ResponseHeaderTimeout: timeout,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   16,
		ForceAttemptHTTP2:     true,
	}
	hc := &http.Client{
		Transport:     bounded{tr, maxResponse},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
	}
	c, err := rpc.DialOptions(ctx, rawURL, rpc.WithHTTPClient(hc))
	if err != nil {
		return nil, fmt.Errorf("opening the RPC endpoint: %w", withoutURL(err))
	}
	return &endpoint{client: c, timeout: timeout, backoff: defaultBackoff}, nil
}

// batch asks the elements as one request. An error of any element is an error
// of the batch.
func (e *endpoint) batch(ctx context.Context, elems []rpc.BatchElem) error {
	if err := e.ask(ctx, elems); err != nil {
		return err
	}
	for _, el := range elems {
		if el.Error != nil {
			return fmt.Errorf("%s: %w", el.Method, withoutURL(el.Error))
		}
	}
	return nil
}

// ask is request for questions that change nothing, so that they may be put
// again when no answer came.
func (e *endpoint) ask(ctx context.Context, elems []rpc.BatchElem) error {
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	wait := e.backoff
	for n := 1; ; n++ {
		err := e.request(ctx, elems)
		if err == nil || n == attempts || !passing(err) || !pause(ctx, jitter(wait)) {
			return err
		}
		wait *= 2
	}
}

// passing tells a fault that may be over in a moment from one that will be the
// same next time.
func passing(err error) bool {
	var st statusError
	if errors.As(err, &st) {
		return st.code == http.StatusTooManyRequests || st.code >= 500
	}
	return !errors.Is(err, errTooLarge) && !errors.Is(err, errRedirect)
}

// jitter is between half of d and d, so that those who failed together do not
// come back together.
func jitter(d time.Duration) time.Duration {
	var b [8]byte
	rand.Read(b[:])
	return d/2 + time.Duration(binary.BigEndian.Uint64(b[:])%uint64(d/2+1))
}

// request sends the elements as one request, once, and leaves their errors to
// the caller.
func (e *endpoint) request(ctx context.Context, elems []rpc.BatchElem) error {
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	e.requests.Add(1)
	if err := e.client.BatchCallContext(ctx, elems); err != nil {
		return fmt.Errorf("asking the RPC endpoint: %w", withoutURL(err))
	}
	return nil
}

func (e *endpoint) close() { e.client.Close() }

// withoutURL drops what could carry an access key: the URL, and the body of an
// HTTP error, which often repeats it.
func withoutURL(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	var he rpc.HTTPError
	if errors.As(err, &he) {
		return statusError{he.StatusCode}
	}
	return err
}

// statusError is an HTTP status that is no answer.
type statusError struct{ code int }

func (e statusError) Error() string { return fmt.Sprintf("HTTP status %d", e.code) }

// bounded refuses answers above a size, counted after decompression.
type bounded struct {
	next http.RoundTripper
	max  int64
}

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = &boundedBody{resp.Body, b.max}
	return resp, nil
}

type boundedBody struct {
	io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		// One byte more tells an answer that is too large from one that just
		// fits.
		var one [1]byte
		if n, err := b.ReadCloser.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, errTooLarge
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}
