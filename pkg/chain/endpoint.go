package chain

import (
	"context"
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
)

var (
	errTooLarge = errors.New("the answer is larger than the bound")
	errRedirect = errors.New("the endpoint redirects, which is not followed")
)

// endpoint is one JSON-RPC server. Its URL may carry an access key, so that no
// error names it.
type endpoint struct {
	client   *rpc.Client
	timeout  time.Duration
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
	return &endpoint{client: c, timeout: timeout}, nil
}

// batch sends the elements as one request. An error of any element is an
// error of the batch.
func (e *endpoint) batch(ctx context.Context, elems []rpc.BatchElem) error {
	if err := e.request(ctx, elems); err != nil {
		return err
	}
	for _, el := range elems {
		if el.Error != nil {
			return fmt.Errorf("%s: %w", el.Method, withoutURL(el.Error))
		}
	}
	return nil
}

// request sends the elements as one request and leaves their errors to the
// caller.
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
		return fmt.Errorf("HTTP status %d", he.StatusCode)
	}
	return err
}

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
