package httpd

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"reflect"
	"slices"
	"time"

	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Call is one request as a policy sees it: the whole body is already there,
// because a proof covers its exact bytes.
type Call struct {
	RequestID string
	Method    string
	// URL is the configured public URL of the role plus the path. It never
	// comes from the Host header (RFC 9449 section 4.3, htu).
	URL    string
	Path   string // of the request, unescaped
	Query  string // of the request, as it was sent; no proof covers it (RFC 9449 section 4.2, htu)
	Remote string // the peer's IP address
	Host   string // of the request's Host header: what the peer believes it talks to
	Header http.Header
	Body   []byte

	// body is the type that the policy reads, and shape what must stand in it; known
	// since the route was registered.
	body  reflect.Type
	shape *strictjson.Shape
}

// One returns the single value of a header. A header that is absent or given
// twice yields false: two values invite two readers to pick different ones.
func (c *Call) One(name string) (string, bool) {
	v := c.Header.Values(name)
	if len(v) != 1 || v[0] == "" {
		return "", false
	}
	return v[0], true
}

// Policy decides whether a call may reach its handler. Its result type A is a
// parameter of the handler: a handler that needs a verified caller cannot be
// registered under a policy that verifies nothing. Only NewPolicy makes one.
type Policy[A any] struct {
	name    string
	action  service.Action
	explain service.Op // see ExplainedAs
	// body is what the check reads itself, and reads how; nil where it reads none.
	body  reflect.Type
	shape *strictjson.Shape
	reads func(*Call) error
	check func(context.Context, *Call) (A, error)
	// refuses are the codes that the check answers with, beyond those of every route.
	refuses []apierr.Code
}

// NewPolicy names a check. The name stands in the route table.
func NewPolicy[A any](name string, check func(context.Context, *Call) (A, error)) Policy[A] {
	return Policy[A]{name: name, check: check}
}

// For fixes the class and op of the route in the route table.
func (p Policy[A]) For(a service.Action) Policy[A] {
	p.action = a
	return p
}

// Refuses says with which codes the check answers, beyond those that every route may
// answer (see [Handle]) and those said before. They stand in the description of the
// route, and an answer that nobody declared in its log line.
func (p Policy[A]) Refuses(codes ...apierr.Code) Policy[A] {
	p.refuses = slices.Concat(p.refuses, codes)
	return p
}

// Reads says that the check reads the body as JSON of type Body, by [JSON]: the
// handler's input is [Seen] then.
func Reads[Body, A any](p Policy[A]) Policy[A] {
	p.body = reflect.TypeFor[Body]()
	p.shape = strictjson.NewShape(p.body)
	p.reads = func(c *Call) error { _, err := JSON[Body](c); return err }
	return p
}

// ExplainedAs names the op of the work that a route is part of, where the route itself
// has none: how far a refused request came is told by it.
func (p Policy[A]) ExplainedAs(op service.Op) Policy[A] {
	p.explain = op
	return p
}

// Then puts a second decision behind a policy, which needs what the first one
// yields. name says what it asks.
func Then[A, B any](p Policy[A], name string, next func(context.Context, A) (B, error)) Policy[B] {
	return Policy[B]{name: p.name + "+" + name, action: p.action, explain: p.explain, body: p.body, shape: p.shape, reads: p.reads, refuses: p.refuses, check: func(ctx context.Context, c *Call) (B, error) {
		a, err := p.check(ctx, c)
		if err != nil {
			var none B
			return none, err
		}
		return next(ctx, a)
	}}
}

// Anyone is what the public policy yields: nothing is known about the caller.
type Anyone struct{ Remote, RequestID string }

// Public lets everybody in. It is a policy like any other, so that the route
// table says so.
func Public() Policy[Anyone] {
	return NewPolicy("public", func(_ context.Context, c *Call) (Anyone, error) {
		return Anyone{Remote: c.Remote, RequestID: c.RequestID}, nil
	})
}

// Local lets in who runs on this machine: it is for admin routes. What a browser
// sends for a page, which could name a loopback address, is refused: it carries
// an Origin, or a Host that is no loopback address.
func Local() Policy[Anyone] {
	return NewPolicy("local", func(_ context.Context, c *Call) (Anyone, error) {
		host, _, err := net.SplitHostPort(c.Host)
		if err != nil {
			host = c.Host
		}
		addr, err := netip.ParseAddr(host)
		if local := host == "localhost" || err == nil && addr.IsLoopback(); !local || len(c.Header.Values("Origin")) > 0 {
			return Anyone{}, apierr.New(apierr.Unauthorized, "admin routes answer only this machine's own programs, under a loopback address, not a page in a browser")
		}
		return Anyone{Remote: c.Remote, RequestID: c.RequestID}, nil
	}).Refuses(apierr.Unauthorized)
}

// Limiter decides whether a key may go on.
type Limiter interface {
	Allow(key string) (bool, error)
}

// NewLimiter allows each key perSecond calls and bursts of burst, and forgets
// keys that were idle for a few minutes.
func NewLimiter(perSecond float64, burst int) Limiter {
	return middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
		Rate: rate.Limit(perSecond), Burst: burst, ExpiresIn: 3 * time.Minute,
	})
}

// RateLimited puts a limit per peer address (IPv6: per /64) in front of a
// policy.
func RateLimited[A any](l Limiter, p Policy[A]) Policy[A] {
	inner := p.check
	p.name += ", rate limited"
	p = p.Refuses(apierr.RateLimited)
	p.check = func(ctx context.Context, c *Call) (A, error) {
		ok, err := l.Allow(network(c.Remote))
		if err != nil || !ok {
			var none A
			return none, apierr.New(apierr.RateLimited, "too many requests from this address; wait a few seconds and try again")
		}
		return inner(ctx, c)
	}
	return p
}

// network is what one peer can choose its address from: an IPv6 host usually
// has a /64 to itself, and would otherwise be as many peers as it likes.
func network(remote string) string {
	a, err := netip.ParseAddr(remote)
	if err != nil {
		return remote
	}
	if a = a.WithZone("").Unmap(); a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return remote
	}
	return p.String()
}

// Subject is implemented by what a policy yields when the caller is known; the
// request log names it.
type Subject interface {
	// Subject returns operator and actor in their 0x form.
	Subject() (operator, actor string)
}
