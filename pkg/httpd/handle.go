package httpd

import (
	"context"
	"errors"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// None is the input of a route that takes no body, and the output of one that
// answers 204 No Content.
type None struct{}

// Seen is the input of a route whose policy has read the body already: what it
// verified is in what it yields.
type Seen struct{}

// URLInput is implemented by inputs that are read from the request's URL: path
// is its last segment, unescaped, and query its parameters. Such a route takes no
// body. Errors are for the caller.
type URLInput interface {
	DecodeURL(last string, query url.Values) error
}

// Raw is the input of a route that takes application/octet-stream. The bytes are
// overwritten once the route has answered.
type Raw struct{ Bytes []byte }

// Bytes is the output of a route that answers application/octet-stream. What it
// holds is destroyed when it was answered.
type Bytes struct {
	Data secret.Secret
	ETag string // of what is answered (RFC 9110 section 8.8.3); empty: none
}

// Destroy overwrites what will not be answered.
func (b Bytes) Destroy() { b.Data.Destroy() }

// Text is the output of a route that answers plain text.
type Text string

// validator is implemented by inputs that check themselves beyond their types.
type validator interface{ Validate() error }

// Handle registers a route. Everything that serves a request goes through
// here, in this order: body limit, policy, decoding, handler, answer; then one
// log line and one metric, those of a stream when it ends. It is the single
// decision point of the system.
//
// refuses are the codes with which the handler answers, beyond those of the policy
// and those of every route: what is wrong with the request itself, and a fault that
// nobody foresaw. What it answers without having said so is answered all the same,
// and marked in the log.
//
// Registering a policy that NewPolicy did not make, or one path twice, panics:
// both are programming errors that must not reach a running server.
func Handle[A, In, Out any](m *Mux, method, path string, p Policy[A], fn func(context.Context, A, In) (Out, error), refuses ...apierr.Code) {
	if p.check == nil || p.name == "" {
		panic("httpd: " + method + " " + path + " has no policy")
	}
	r := Route{Role: m.role, Method: method, Path: path, Policy: p.name, Class: string(p.action.Class), Op: string(p.action.Op), Admin: m.admin}
	read := reader[In]()
	d := Described{Route: r, Shape: described[In, Out](r, m.layer, p.body), Refuses: refuses, Check: func(c *Call) error {
		if p.reads != nil {
			return p.reads(c)
		}
		_, err := read(c)
		return err
	}}
	d.Shape.Refuses = codesOf[Out](p.refuses, refuses)
	m.add(d)
	m.echo().Add(method, path, func(c echo.Context) error {
		x := begin(m, r, c, d.Shape.Refuses)
		if p.explain != "" {
			x.op = string(p.explain)
		}
		defer x.recoverPanic()
		x.finish(serve(x, p, read, fn))
		return nil
	})
}

// serve runs one call from body to output.
func serve[A, In, Out any](x *exchange, p Policy[A], read func(*Call) (In, error), fn func(context.Context, A, In) (Out, error)) (any, error) {
	call, err := x.call()
	if err != nil {
		return nil, err
	}
	defer clear(call.Body)
	call.body, call.shape = p.body, p.shape
	caller, err := p.check(x.ctx, call)
	if err != nil {
		return nil, err
	}
	x.subject(caller)
	in, err := read(call)
	if err != nil {
		return nil, err
	}
	out, err := fn(x.ctx, caller, in)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// call reads the body within its limit and collects what a policy may see.
func (x *exchange) call() (*Call, error) {
	req := x.c.Request()
	body, err := readAll(http.MaxBytesReader(x.c.Response(), req.Body, x.m.server.opts.MaxBody), req.ContentLength)
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, apierr.New(apierr.BodyTooLarge, "the body is larger than %d bytes", tooLarge.Limit)
		}
		return nil, apierr.Wrap(apierr.InvalidInput, err, "the body could not be read to its end")
	}
	remote, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil {
		remote = req.RemoteAddr
	}
	return &Call{
		RequestID: x.id, Method: req.Method, URL: x.m.publicURL + req.URL.EscapedPath(), Path: req.URL.Path, Query: req.URL.RawQuery,
		Remote: remote, Host: req.Host, Header: req.Header, Body: body,
	}, nil
}

// reader makes what turns the body into the handler's input type.
func reader[In any]() func(*Call) (In, error) {
	shape := strictjson.NewShape(reflect.TypeFor[In]())
	return func(c *Call) (In, error) { return decode[In](c, shape) }
}

// decode turns the body into the input type. In JSON a member that is always written
// must be there, and none that is unknown.
func decode[In any](c *Call, shape *strictjson.Shape) (In, error) {
	var in In
	switch v := any(&in).(type) {
	case *None:
		if len(c.Body) > 0 {
			return in, apierr.New(apierr.InvalidInput, "this route takes no body")
		}
		return in, nil
	case *Seen:
		return in, nil
	case URLInput:
		return in, fromURL(c, v)
	case *Raw:
		if err := mediaType(c, "application/octet-stream"); err != nil {
			return in, err
		}
		v.Bytes = c.Body
		return in, nil
	}
	if err := mediaType(c, "application/json"); err != nil {
		return in, err
	}
	err := strictjson.Decode(c.Body, &in)
	if err == nil {
		err = shape.Check(c.Body)
	}
	if err != nil {
		return in, apierr.Wrap(apierr.InvalidInput, err, "%s", err.Error())
	}
	if v, ok := any(&in).(validator); ok {
		if err := v.Validate(); err != nil {
			return in, apierr.Wrap(apierr.InvalidInput, err, "%s", err.Error())
		}
	}
	return in, nil
}

func fromURL(c *Call, in URLInput) error {
	if len(c.Body) > 0 {
		return apierr.New(apierr.InvalidInput, "this route takes no body")
	}
	query, err := url.ParseQuery(c.Query)
	if err == nil {
		err = in.DecodeURL(path.Base(c.Path), query)
	}
	if err != nil {
		return apierr.Wrap(apierr.InvalidInput, err, "%s", err.Error())
	}
	return nil
}

// JSON reads a call's body for a policy that verifies what stands in it, under
// the rules of every other JSON body.
func JSON[In any](c *Call) (In, error) {
	if c.body == reflect.TypeFor[In]() {
		return decode[In](c, c.shape)
	}
	return reader[In]()(c)
}

func mediaType(c *Call, want string) error {
	v, _ := c.One("Content-Type")
	if got, _, err := mime.ParseMediaType(v); err != nil || got != want {
		return apierr.New(apierr.InvalidInput, "the body must be sent once as Content-Type: %s", want)
	}
	return nil
}

// answer writes the output. Nothing that this server says may be cached.
func (x *exchange) answer(out any) error {
	h := x.c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	switch v := out.(type) {
	case None:
		return x.c.NoContent(http.StatusNoContent)
	case Text:
		return x.c.Blob(http.StatusOK, "text/plain; charset=utf-8", []byte(v))
	case Events:
		return x.stream(v)
	case Bytes:
		if v.ETag != "" {
			h.Set("ETag", v.ETag)
		}
		return x.reveal(v.Data)
	}
	body, err := strictjson.Encode(out)
	if err != nil {
		return err
	}
	return x.c.Blob(http.StatusOK, "application/json", body)
}

// refuse writes problem details (RFC 9457).
func (x *exchange) refuse(e *apierr.Error) apierr.Problem {
	p := e.Problem(x.m.layer, x.op, x.id)
	if x.c.Response().Committed {
		return p // nothing may follow a header that is out
	}
	h := x.c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	switch p.Status {
	case http.StatusUnauthorized:
		// RFC 9449 section 7.1; the algorithms that proofs may use.
		h.Set("WWW-Authenticate", `DPoP algs="ES256K"`)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		h.Set("Retry-After", "2")
	}
	if body, err := strictjson.Encode(p); err == nil {
		_ = x.c.Blob(p.Status, "application/problem+json", body)
	}
	return p
}

// exchange is one request on its way through Handle.
type exchange struct {
	m   *Mux
	r   Route
	c   echo.Context
	ctx context.Context
	id  string
	op  string // by which a refusal is explained
	// refuses are the codes that the route declares.
	refuses []apierr.Code
	start   time.Time
	who     [2]string
	// streamed: it answers events, and so lasts as long as its peer likes.
	streamed bool
}

func begin(m *Mux, r Route, c echo.Context, refuses []apierr.Code) *exchange {
	x := &exchange{m: m, r: r, c: c, refuses: refuses, ctx: c.Request().Context(), op: r.Op, id: m.server.opts.NewID(), start: m.server.opts.Now()}
	c.Response().Header().Set("X-Request-Id", x.id)
	x.ctx = context.WithValue(x.ctx, exchangeKey{}, x)
	return x
}

func (x *exchange) subject(caller any) {
	if s, ok := caller.(Subject); ok {
		x.who[0], x.who[1] = s.Subject()
	}
}

// finish answers and records the decision.
func (x *exchange) finish(out any, err error) {
	if err == nil {
		// What the peer did not wait for was decided all the same: once the
		// header is out, nothing else may follow it.
		if err = x.answer(out); err == nil || x.c.Response().Committed && !x.streamed {
			x.record(apierr.Problem{}, nil)
			return
		}
	}
	x.record(x.refuse(apierr.From(err)), err)
}

type exchangeKey struct{}

// ReceiptHeader carries what the audit log signed for the decision of a request.
const ReceiptHeader = "Agentkeys-Receipt"

// SetReceipt lets the answer to the request of this context carry a receipt,
// whether it is an answer or a refusal. An empty one changes nothing. It must be
// called before the policy or handler returns, by the goroutine that runs it.
func SetReceipt(ctx context.Context, receipt string) {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok && receipt != "" {
		x.c.Response().Header().Set(ReceiptHeader, receipt)
	}
}
