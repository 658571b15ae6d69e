// Package apierr is the one table of reasons that the system answers, and the
// error type that carries them.
//
// An Error separates what the caller is told (code, detail, fix) from the
// cause, which goes to the log only. The wire form is problem details
// (RFC 9457) with the members code, layer, request_id, retryable, fix, layers and
// check; [Explain] is the one table from which the last two follow.
package apierr

import (
	"errors"
	"fmt"
)

// Error is a refusal or fault with its stable code.
type Error struct {
	Code   Code
	Detail string // one line for the caller: why, with the particulars
	Fix    string // the command that mends it, or empty
	// Layer is who refused, where the answering role passes on another's
	// refusal; empty otherwise.
	Layer Layer
	cause error // for the log only
}

// New makes an Error; the detail is for the caller.
func New(c Code, format string, args ...any) *Error {
	return &Error{Code: c, Detail: fmt.Sprintf(format, args...)}
}

// Wrap makes an Error around a cause that only the log sees.
func Wrap(c Code, cause error, format string, args ...any) *Error {
	return &Error{Code: c, Detail: fmt.Sprintf(format, args...), cause: cause}
}

// WithFix returns a copy that names the command to type.
func (e *Error) WithFix(format string, args ...any) *Error {
	c := *e
	c.Fix = fmt.Sprintf(format, args...)
	return &c
}

// Error implements error. It includes the cause: it is for logs, not callers.
func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Detail
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// CodeOf is the code of the first Error in err's chain, or empty.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// From returns the Error in err's chain; any other error becomes
// internal_error with a detail that reveals nothing.
func From(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return Wrap(InternalError, err, "unexpected fault; ask the operator of this host for the log line of this request id")
}

// Problem is the wire form (RFC 9457, media type application/problem+json).
type Problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      Code   `json:"code"`
	Layer     Layer  `json:"layer"`
	RequestID string `json:"request_id"`
	Retryable bool   `json:"retryable"`
	Fix       string `json:"fix,omitempty"`
	// Layers is how far the request came; Check is what ended it, empty where that
	// is not known. See [Explain].
	Layers Layers `json:"layers,omitzero"`
	Check  Check  `json:"check,omitempty"`
}

// Problem renders the error for a caller. answering is the layer of the role
// that answers, used where the table leaves the layer open; op is that of the
// route, or empty.
func (e *Error) Problem(answering Layer, op, requestID string) Problem {
	d, ok := Lookup(e.Code)
	if !ok {
		d, _ = Lookup(InternalError)
	}
	switch {
	case e.Layer != "" && ok:
		d.Layer = e.Layer
	case d.Layer == LayerAnswering:
		d.Layer = answering
	}
	why := Explain(Asked{Answering: answering, Op: op, Code: d.Code, By: d.Layer})
	return Problem{
		Type: "about:blank", Title: d.Title, Status: d.Status, Detail: e.Detail, Code: d.Code,
		Layer: d.Layer, RequestID: requestID, Retryable: d.Retryable, Fix: e.Fix, Layers: why.Layers, Check: why.Check,
	}
}
