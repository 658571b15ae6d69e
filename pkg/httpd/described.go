package httpd

import (
	"context"
	"reflect"
	"slices"
	"sync"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd/openapi"
)

// PathOpenAPI is where every process says what it serves.
const PathOpenAPI = "/openapi.json"

// Described is a route with what it takes and answers.
type Described struct {
	Route
	Shape openapi.Route
	// Refuses are the codes that the handler adds to those of its policy.
	Refuses []apierr.Code
	// Check reads a call as the route would, behind its policy: an error is what the
	// caller would be answered. It decides nothing.
	Check func(*Call) error
}

// All returns the routes of both listeners, in the order in which they were
// registered.
func (s *Server) All() []Described { return slices.Clone(s.shown) }

// Described returns the routes of the listener that everybody reaches, in the order
// in which they were registered.
func (s *Server) Described() (out []Described) {
	for _, d := range s.shown {
		if !d.Admin {
			out = append(out, d)
		}
	}
	return out
}

// Always are the codes that every route may answer: what is wrong with the request
// itself, and a fault that nobody foresaw.
func Always() []apierr.Code {
	return []apierr.Code{apierr.InvalidInput, apierr.BodyTooLarge, apierr.InternalError}
}

// codesOf are the codes that a route declares, each once, in the order of the table;
// behind them those of no table, so that describing the route fails.
func codesOf[Out any](sets ...[]apierr.Code) (out []apierr.Code) {
	all := append(slices.Concat(sets...), Always()...)
	var o Out
	if _, streams := any(o).(Events); streams {
		all = append(all, apierr.RateLimited)
	}
	for _, d := range apierr.Table() {
		if slices.Contains(all, d.Code) {
			out = append(out, d.Code)
		}
	}
	for _, c := range all {
		if _, known := apierr.Lookup(c); !known && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// OpenAPI describes them.
func (s *Server) OpenAPI(version string) (openapi.Document, error) {
	var routes []openapi.Route
	for _, d := range s.Described() {
		routes = append(routes, d.Shape)
	}
	return openapi.Build(version, routes)
}

// described answers the document, made once: by the time when somebody asks, every
// role has registered its routes.
func (s *Server) described(v Version) func(context.Context, Anyone, None) (openapi.Document, error) {
	once := sync.OnceValues(func() (openapi.Document, error) { return s.OpenAPI(v.Version) })
	return func(context.Context, Anyone, None) (openapi.Document, error) { return once() }
}

// described is a route with the types of its handler. read is what the policy reads
// of the body, or nil.
func described[In, Out any](r Route, layer apierr.Layer, read reflect.Type) openapi.Route {
	d := openapi.Route{
		Role: r.Role, Method: r.Method, Path: r.Path, Policy: r.Policy, Class: r.Class, Op: r.Op, Layer: layer,
		Takes: openapi.JSON, In: reflect.TypeFor[In](), Answers: openapi.JSON, Out: reflect.TypeFor[Out](),
	}
	var in In
	switch any(&in).(type) {
	case *None:
		d.In, d.Takes = nil, ""
	case *Seen:
		d.In = read
	case URLInput:
		d.Query, d.Takes = true, ""
	case *Raw:
		d.In, d.Takes = nil, openapi.Octets
	}
	var out Out
	switch any(out).(type) {
	case None:
		d.Out, d.Answers = nil, ""
	case Text:
		d.Out, d.Answers = nil, openapi.Plain
	case Events:
		d.Out, d.Answers = nil, openapi.Stream
	case Bytes:
		d.Out, d.Answers = nil, openapi.Octets
	case openapi.Document:
		d.Out = nil // it does not describe itself
	}
	return d
}
