// Package httpdtest holds the suites of the roles to what their routes declare.
//
// What is judged is the request log of the servers under test, which has one line for
// each request. It says whether a declared code can be answered at all, not whether
// each way to it is tested.
package httpdtest

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Refusals is what servers under test refused. It is safe for concurrent use.
type Refusals struct {
	mu     sync.Mutex // guards the rest
	lines  map[line]bool
	unread error // the first line that could not be read
}

// line is what is read of a line of the request log.
type line struct {
	Message    string      `json:"message"`
	Role       string      `json:"role"`
	Method     string      `json:"method"`
	Route      string      `json:"route"`
	Code       apierr.Code `json:"code"`
	Undeclared bool        `json:"undeclared"`
}

// Log is the log for a server under test.
func (r *Refusals) Log() zerolog.Logger { return zerolog.New(r) }

// Write takes one line of a log: io.Writer.
func (r *Refusals) Write(text []byte) (int, error) {
	if !bytes.Contains(text, []byte(`"message":"request"`)) {
		return len(text), nil
	}
	var l line
	err := strictjson.DecodeAnswer(text, &l)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		// Kept, for the logger only prints it: what was not read may be undeclared.
		r.unread = cmp.Or(r.unread, fmt.Errorf("reading a line of the request log: %w", err))
		return 0, r.unread
	}
	if r.lines == nil {
		r.lines = map[line]bool{}
	}
	r.lines[l] = true
	return len(text), nil
}

// Unseen are codes that no test of a suite sees, with the reason, by policy or by
// method and path: those of the first route that declares them so.
type Unseen map[string]map[apierr.Code]string

// Run runs the tests of a package, and then judges what they saw: a code that its
// route does not declare fails them, and, where all tests ran, so does a code that is
// declared and was never seen, or is listed as unseen and was. A code of a policy is
// to be seen at one route under it, one of a handler at one of the routes that declare
// exactly the same beyond their policy; those of every route are not looked for. routes registers the routes of the role; nil: what was never
// seen is not judged. The result is the exit code of the tests.
func (r *Refusals) Run(m *testing.M, routes func(*httpd.Server), unseen Unseen) int {
	code := m.Run()
	faults := r.Undeclared()
	if code == 0 && routes != nil && whole() {
		s := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: func() time.Time { return time.Time{} }})
		routes(s)
		faults = append(faults, r.never(s.All(), unseen)...)
	}
	return report(os.Stderr, code, faults)
}

func report(w io.Writer, code int, faults []string) int {
	for _, f := range faults {
		_, _ = fmt.Fprintln(w, "FAIL: "+f)
	}
	if len(faults) > 0 && code == 0 {
		return 1
	}
	return code
}

// whole tells that every test of the package ran.
func whole() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.fuzz"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return !testing.Short()
}

// Undeclared are the answers so far that their route does not declare, in words, and
// that a line of the log could not be read.
func (r *Refusals) Undeclared() (faults []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.unread != nil {
		faults = append(faults, r.unread.Error())
	}
	for l := range r.lines {
		if l.Undeclared {
			faults = append(faults, fmt.Sprintf("%s %s answered %s, which neither its policy nor its handler declares (httpd.Policy.Refuses, httpd.Handle)", l.Method, l.Route, l.Code))
		}
	}
	slices.Sort(faults)
	return faults
}

// never are the declared codes that were not seen, but those that are listed.
func (r *Refusals) never(routes []httpd.Described, unseen Unseen) (faults []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, seen, declared := placeOf(routes), map[string]bool{}, map[string]bool{} // "place code"
	for _, d := range routes {
		for _, code := range d.Shape.Refuses {
			if r.lines[line{Message: "request", Role: d.Role, Method: d.Method, Route: d.Path, Code: code}] {
				seen[at(d)+" "+string(code)], seen[d.Policy+" "+string(code)] = true, true
			}
		}
	}
	judge := func(place string, code apierr.Code) {
		what := place + " " + string(code)
		if declared[what] || slices.Contains(httpd.Always(), code) {
			return
		}
		declared[what] = true
		_, listed := unseen[place][code]
		switch {
		case !seen[what] && !listed:
			faults = append(faults, fmt.Sprintf("no test saw %s: it is declared and was never answered", what))
		case seen[what] && listed:
			faults = append(faults, fmt.Sprintf("%s is listed as unseen, and was answered", what))
		}
	}
	for _, d := range routes {
		for _, code := range d.Shape.Refuses {
			if slices.Contains(d.Refuses, code) {
				judge(at(d), code)
			} else {
				judge(d.Policy, code)
			}
		}
	}
	for place, codes := range unseen {
		for code := range codes {
			if !declared[place+" "+string(code)] {
				faults = append(faults, fmt.Sprintf("%s %s is listed as unseen, and nobody declares it", place, code))
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// placeOf says where the codes of a route's handler are looked for: at the first route
// that declares the same.
func placeOf(routes []httpd.Described) func(httpd.Described) string {
	return func(d httpd.Described) string {
		i := slices.IndexFunc(routes, func(o httpd.Described) bool { return slices.Equal(o.Refuses, d.Refuses) })
		return routes[i].Method + " " + routes[i].Path
	}
}
