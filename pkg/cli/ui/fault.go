package ui

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
)

// Fault is an error as people and programs are told it.
type Fault struct {
	Why string `json:"why"`
	// Problems are the parts of an error that names several things at once.
	Problems  []string     `json:"problems,omitzero"`
	Code      apierr.Code  `json:"code,omitzero"`
	Layer     apierr.Layer `json:"layer,omitzero"`
	RequestID string       `json:"request_id,omitzero"`
	Retryable bool         `json:"retryable,omitzero"`
	Fix       string       `json:"fix,omitzero"`
	// Layers is how far the request came, as the host says.
	Layers apierr.Layers `json:"layers,omitzero"`
	Check  apierr.Check  `json:"check,omitzero"`
	Exit   int           `json:"exit"`
}

// WithFix says which command mends err; the outermost one is shown. It is nil
// for nil.
func WithFix(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &fixed{err, fmt.Sprintf(format, args...)}
}

type fixed struct {
	error
	fix string
}

func (f *fixed) Unwrap() error { return f.error }
func (f *fixed) Fix() string   { return f.fix }

// Usage is a command line that says too little, too much or nothing.
func Usage(format string, args ...any) error {
	return WithExit(fmt.Errorf(format, args...), ExitLocal)
}

// Explain turns an error into what is shown of it: never a cause that the
// system keeps for its logs, never a token.
func Explain(err error) Fault {
	f := Fault{Exit: ExitCode(err)}
	var (
		remote *api.RemoteError
		local  *apierr.Error
		mends  interface{ Fix() string }
	)
	switch {
	case errors.As(err, &remote):
		f.Code, f.Layer, f.RequestID, f.Retryable = remote.Code, remote.Layer, remote.RequestID, remote.Retryable
		f.Why, f.Fix = why(err, remote, remote.Detail, remote.Title), believable(remote.Fix)
		f.Layers, f.Check = remote.Layers, remote.Check
	case errors.As(err, &local):
		def, _ := apierr.Describe(local.Code)
		f.Code, f.Layer, f.Retryable = local.Code, def.Layer, def.Retryable
		f.Why, f.Fix = why(err, local, local.Detail, def.Title), local.Fix
	}
	// One problem of a list that has a code does not hide the others.
	if text, parts := several(err); remote == nil && local == nil || len(parts) > 1 {
		f.Why, f.Problems = text, parts
	}
	if errors.As(err, &mends) {
		f.Fix = mends.Fix()
	}
	f.Why = redact(f.Why)
	for i := range f.Problems {
		f.Problems[i] = redact(f.Problems[i])
	}
	return f
}

// adviser is one command, or one person to ask, without anything that a shell
// would act on.
var adviser = regexp.MustCompile(`^(an? [a-z]+: )?(agentkeys|ask) [A-Za-z0-9 .,:_@=/'-]{1,400}$`)

// believable keeps the fix that a server names only if all of it is this
// program's own commands: people paste what stands there, and a host that lies
// must not choose what they run.
func believable(fix string) string {
	for part := range strings.SplitSeq(fix, ";") {
		if !adviser.MatchString(strings.TrimSpace(part)) {
			return ""
		}
	}
	return fix
}

// why is the detail, after what was being done when it came up.
func why(err, inner error, detail, title string) string {
	if detail == "" {
		detail = title
	}
	doing, wrapped := strings.CutSuffix(err.Error(), inner.Error())
	doing = strings.TrimSuffix(doing, ": ")
	if !wrapped || doing == "" {
		return detail
	}
	return doing + ": " + detail
}

// several takes an errors.Join apart, with what was said before it.
func several(err error) (string, []string) {
	if err == nil {
		return "", nil
	}
	if parts := split(err); len(parts) > 1 {
		head := common(parts)
		for i := range parts {
			parts[i] = strings.TrimPrefix(parts[i], head)
		}
		return fmt.Sprintf("%s%d problems", head, len(parts)), parts
	}
	return err.Error(), nil
}

// split lists the problems of an error, each with what was said before it. One
// that has a code is one, whatever its cause.
func split(err error) []string {
	for inner := err; inner != nil; {
		switch e := inner.(type) {
		case *api.RemoteError:
			return []string{why(err, e, e.Detail, e.Title)}
		case *apierr.Error:
			def, _ := apierr.Describe(e.Code)
			return []string{why(err, e, e.Detail, def.Title)}
		}
		joined, ok := inner.(interface{ Unwrap() []error })
		if !ok {
			inner = errors.Unwrap(inner)
			continue
		}
		var texts, parts []string
		for _, e := range joined.Unwrap() {
			texts = append(texts, e.Error())
			parts = append(parts, split(e)...)
		}
		// fmt.Errorf with two %w is no list: its text is a sentence.
		if inner.Error() != strings.Join(texts, "\n") {
			break
		}
		head, last := strings.CutSuffix(err.Error(), inner.Error())
		if !last { // something is said after the list: it belongs to no one of them
			break
		}
		for i := range parts {
			parts[i] = head + parts[i]
		}
		return parts
	}
	return []string{err.Error()}
}

// common is what all texts begin with, up to a colon.
func common(texts []string) string {
	head := texts[0]
	for _, t := range texts[1:] {
		for !strings.HasPrefix(t, head) {
			head = head[:len(head)-1]
		}
	}
	if at := strings.LastIndex(head, ": "); at >= 0 {
		return head[:at+len(": ")]
	}
	return ""
}

// Fail tells why a command failed and what to type, on Err. It returns the exit
// code; nil and a child's own exit print nothing.
func (p *Printer) Fail(err error) int {
	var child *ChildExit
	if err == nil || errors.As(err, &child) {
		return ExitCode(err)
	}
	f := Explain(err)
	if p.o.Names != nil {
		f.Why, f.Fix = p.o.Names(f.Why), p.o.Names(f.Fix)
	}
	if p.o.Format == JSON {
		// A fault is made of strings and numbers: it always encodes.
		if data, err := EncodeJSON(map[string]Fault{"error": f}); err == nil {
			p.writeErr(string(data))
			return f.Exit
		}
	}
	p.writeErr(f.render(p.errStyle()))
	return f.Exit
}

func (f Fault) render(s style) string {
	var b strings.Builder
	b.WriteString(s.paint(boldRed, "error:") + " " + Sanitise(f.Why))
	if tag := f.tag(); tag != "" {
		b.WriteString(" " + s.paint(dim, "("+tag+")"))
	}
	b.WriteString("\n")
	for _, problem := range f.Problems {
		b.WriteString("  - " + Sanitise(problem) + "\n")
	}
	if f.Fix != "" {
		b.WriteString(s.paint(green, "fix:") + "   " + Sanitise(f.Fix) + "\n")
	}
	return b.String()
}

// tag is what a person copies into a report: code, layer, request id.
func (f Fault) tag() string {
	if f.Code == "" {
		return ""
	}
	parts := []string{Sanitise(string(f.Code))}
	if f.Layer != "" {
		parts = append(parts, Sanitise(string(f.Layer)))
	}
	if f.RequestID != "" {
		parts = append(parts, "request "+shorten(Sanitise(f.RequestID), 40))
	}
	return strings.Join(parts, " · ")
}
