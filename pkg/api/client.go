package api

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// maxAnswer bounds what a server may send: a credential and room to spare.
const maxAnswer = 2 << 20

// Client speaks to the hosts of one profile. It holds no session and no key:
// each call brings its own. It is safe for concurrent use.
type Client struct {
	HTTP *http.Client
	Now  func() time.Time
}

// NewHTTPClient returns a client that follows no redirect (a proof is bound to
// one URL), uses no proxy from the environment, and dials names under
// .localhost on loopback, keeping the Host header (RFC 6761 section 6.3; Go's
// resolver does not do that).
func NewHTTPClient() *http.Client {
	d := net.Dialer{Timeout: 5 * time.Second}
	return &http.Client{
		Timeout:       60 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				if host, port, err := net.SplitHostPort(addr); err == nil && strings.HasSuffix(host, ".localhost") {
					addr = net.JoinHostPort("127.0.0.1", port)
				}
				return d.DialContext(ctx, network, addr)
			},
			ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 128, IdleConnTimeout: 30 * time.Second,
			TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 30 * time.Second,
		},
	}
}

// RemoteError is a server's refusal, as problem details.
type RemoteError struct{ apierr.Problem }

// Error implements error.
func (e *RemoteError) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Detail) }

// Unwrap lets apierr.CodeOf and errors.As see the refusal.
func (e *RemoteError) Unwrap() error {
	return &apierr.Error{Code: e.Code, Detail: e.Detail, Fix: e.Fix, Layer: e.Layer}
}

// Unreachable says that no server answered: it is never read as a refusal.
type Unreachable struct {
	URL   string
	Cause error
}

// Error implements error.
func (e *Unreachable) Error() string { return fmt.Sprintf("no answer from %s: %v", e.URL, e.Cause) }

// Unwrap returns the cause.
func (e *Unreachable) Unwrap() error { return e.Cause }

// Request is one call. Token and Key come together: the proof is made over
// exactly this request.
type Request struct {
	Method      string // POST when empty
	URL         string
	Token       string
	Key         *ecdsa.PrivateKey
	Header      http.Header
	ContentType string
	Body        []byte
	// Objects are what the call is about, where the proof must say so.
	Objects []string
	// Answered, if set, is given the header of an answer that is no refusal.
	Answered func(http.Header)
	// Edit changes the finished request; tests use it to break one thing.
	Edit func(*http.Request)
}

// Post sends the request and returns the answer's bytes.
func (c *Client) Post(ctx context.Context, r Request) ([]byte, error) {
	if r.Method == "" {
		r.Method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, fmt.Errorf("building the request: %w", err)
	}
	for name, values := range r.Header {
		req.Header[name] = values
	}
	if r.ContentType != "" {
		req.Header.Set("Content-Type", r.ContentType)
	}
	if r.Key != nil {
		// The query is no part of what a proof names (RFC 9449 section 4.2, htu).
		target, _, _ := strings.Cut(r.URL, "?")
		proof, err := dpop.Sign(r.Key, dpop.Request{Method: req.Method, URL: target, Token: r.Token, Body: r.Body, Objects: r.Objects, Now: c.Now()})
		if err != nil {
			return nil, fmt.Errorf("signing the proof: %w", err)
		}
		req.Header.Set("Authorization", Scheme+r.Token)
		req.Header.Set("DPoP", proof)
	}
	if r.Edit != nil {
		r.Edit(req)
	}
	return c.do(req, r.Answered)
}

// Get reads what everybody may.
func (c *Client) Get(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, fmt.Errorf("building the request: %w", err)
	}
	return c.do(req, nil)
}

func (c *Client) do(req *http.Request, answered func(http.Header)) ([]byte, error) {
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return nil, &Unreachable{URL: req.URL.Redacted(), Cause: errors.Unwrap(err)}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, &Unreachable{URL: req.URL.Redacted(), Cause: err}
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("the answer of %s is larger than %d bytes", req.URL.Redacted(), maxAnswer)
	}
	if resp.StatusCode/100 == 2 {
		if answered != nil {
			answered(resp.Header)
		}
		return body, nil
	}
	var p apierr.Problem
	if err := strictjson.DecodeAnswer(body, &p); err != nil || p.Code == "" || p.Status != resp.StatusCode {
		if isGateway(resp.StatusCode) {
			return nil, &Unreachable{URL: req.URL.Redacted(), Cause: fmt.Errorf("what stands before it answered %s", resp.Status)}
		}
		return nil, fmt.Errorf("%s answered %s without problem details: it is not an AgentKeys host, or something stands before it", req.URL.Redacted(), resp.Status)
	}
	return nil, &RemoteError{p}
}

// isGateway: with these somebody in between says that the host gives no answer (RFC
// 9110 sections 15.6.3 to 15.6.5). A host itself says why.
func isGateway(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// GetJSON reads what the session of r may see.
func GetJSON[Out any](ctx context.Context, c *Client, r Request) (Out, error) {
	r.Method = http.MethodGet
	return PostJSON[Out](ctx, c, r, nil)
}

// PostJSON sends in as JSON, signed with r's token and key when it has them,
// and reads the answer into a value of type Out.
func PostJSON[Out any](ctx context.Context, c *Client, r Request, in any) (Out, error) {
	var out Out
	if in != nil {
		body, err := strictjson.Encode(in)
		if err != nil {
			return out, fmt.Errorf("encoding the request: %w", err)
		}
		r.Body, r.ContentType = body, "application/json"
	}
	answer, err := c.Post(ctx, r)
	if err != nil {
		return out, err
	}
	if err := strictjson.DecodeAnswer(answer, &out); err != nil {
		return out, fmt.Errorf("reading the answer of %s: %w", r.URL, err)
	}
	return out, nil
}
