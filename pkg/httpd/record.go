package httpd

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// Undeclared marks the log line of a refusal whose code its route does not declare:
// a fault of the program, which the suites of the roles look for.
const Undeclared = "undeclared"

// record writes the one log line and the metrics of a request. The caller's
// problem and the cause that only the log may know stand side by side.
func (x *exchange) record(p apierr.Problem, cause error) {
	s := x.m.server
	took := s.opts.Now().Sub(x.start)
	code, result := "ok", "allowed"
	level := zerolog.InfoLevel
	switch {
	case cause == nil:
	case p.Status >= 500:
		code, result, level = string(p.Code), "failed", zerolog.ErrorLevel
	default:
		code, result, level = string(p.Code), "denied", zerolog.WarnLevel
	}
	s.metrics.requests.WithLabelValues(x.r.Role, x.r.Method+" "+x.r.Path, code).Inc()
	if !x.streamed {
		s.metrics.seconds.WithLabelValues(x.r.Role, x.r.Method+" "+x.r.Path).Observe(took.Seconds())
	}

	e := s.opts.Log.WithLevel(level).Str("request_id", x.id).Str("role", x.r.Role).Str("method", x.r.Method).
		Str("route", x.r.Path).Str("result", result).Str("code", code).Dur("took", took)
	if x.who[0] != "" {
		e = e.Str("operator", x.who[0]).Str("actor", x.who[1])
	}
	if x.r.Op != "" {
		e = e.Str("class", x.r.Class).Str("op", x.r.Op)
	}
	if cause != nil && !slices.Contains(x.refuses, p.Code) {
		e = e.Bool(Undeclared, true)
	}
	if cause != nil {
		e = e.Str("layer", string(p.Layer)).AnErr("cause", cause)
	}
	e.Msg("request")
}

// recoverPanic turns a panic into internal_error. The panic's text may repeat
// caller data, so only a runtime error's own message is logged, otherwise the
// value's type; the stack holds no values.
func (x *exchange) recoverPanic() {
	v := recover()
	if v == nil {
		return
	}
	cause := fmt.Errorf("panic of type %T", v)
	if re, ok := v.(runtime.Error); ok {
		cause = fmt.Errorf("panic: %s", re.Error())
	}
	x.m.server.opts.Log.Error().Str("request_id", x.id).Bytes("stack", debug.Stack()).Msg("panic")
	x.finish(nil, cause)
}
