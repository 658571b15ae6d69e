package isolation_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/service"
)

// between stands between the test and every host. It keeps the first answer to a kind
// of request, or gives a kept one in place of it, once, and the host never hears of
// that request.
type between struct {
	next         http.RoundTripper
	method, path string // what its business is: the path contains this
	keep, give   bool
	status       int
	header       http.Header
	body         []byte
}

// RoundTrip implements http.RoundTripper.
func (b *between) RoundTrip(r *http.Request) (*http.Response, error) {
	mine := r.Method == b.method && strings.Contains(r.URL.Path, b.path)
	if mine && b.give {
		b.give = false
		return &http.Response{
			StatusCode: b.status, Header: b.header, Body: io.NopCloser(bytes.NewReader(b.body)), ContentLength: int64(len(b.body)),
			Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		}, nil
	}
	resp, err := b.next.RoundTrip(r)
	if err != nil || !mine || !b.keep {
		return resp, err
	}
	b.keep, b.status, b.header = false, resp.StatusCode, resp.Header.Clone()
	b.body, err = io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(b.body))
	return resp, err
}

// lie is one cell that is allowed, and a positive answer that was for another cell.
type lie struct {
	name, method, path string
	want               verdict
	cell               func() verdict
	other              func() verdict
}

// TestAPositiveAnswerIsNotEnough: each kind of cell that is allowed fails when the
// answer is a positive one that gives what is somebody else's, or says that something
// was done which was not.
func TestAPositiveAnswerIsNotEnough(t *testing.T) {
	w := newWorld(t)
	w.seed()
	w.keep()
	b := &between{next: w.own.caller.API.HTTP.Transport}
	w.own.caller.API.HTTP.Transport = b
	for _, l := range lies(w) {
		b.method, b.path = l.method, l.path
		if got := l.cell(); got != l.want {
			t.Errorf("%s: got %s, want %s", l.name, got, l.want)
		}
		b.keep = true
		if got := l.other(); got.code != "" || b.keep || b.status/100 != 2 {
			t.Fatalf("%s: there is no such answer: %s", l.name, got)
		}
		b.give = true
		wrong := w.tryAll([]cell{{name: l.name, want: l.want, call: l.cell}})
		if b.give {
			t.Fatalf("%s: the answer was not given", l.name)
		}
		if len(wrong) != 1 {
			t.Errorf("%s: nobody notices", l.name)
		}
	}
	w.unchanged()
}

func lies(w *world) []lie {
	var out []lie
	for _, cl := range classes() {
		for op, path := range cl.routes {
			a := action(cl.class, op)
			cell := func() verdict { return w.works(w.use(w.own, a, storage{w.own, cl.class, accessFor(a)}), w.own, a) }
			add := func(name string, other func() verdict) {
				out = append(out, lie{fmt.Sprintf("%s %s: %s", cl.class, op, name), "POST", path, verdict{gave: gives(w.own, a)}, cell, other})
			}
			add("the sibling's answer", func() verdict {
				return w.works(w.use(w.sibling, a, storage{w.sibling, cl.class, accessFor(a)}), w.sibling, a)
			})
			if op == service.OpFetch {
				add("what it has under another name", func() verdict { return w.send(w.about(cl.alone(w.own), op)).verdict })
			}
		}
		out = append(out, storageLies(w, cl)...)
		out = append(out, keyLies(w, cl)...)
	}
	return append(out, brokerLies(w)...)
}

func storageLies(w *world, cl class) []lie {
	var out []lie
	method := map[service.Op]string{service.OpStore: "PUT", service.OpFetch: "GET", service.OpList: "GET", service.OpTeardown: "DELETE"}
	for op, m := range method {
		mine, other := storage{w.own, cl.class, "write"}, storage{w.sibling, cl.class, "write"}
		out = append(out, lie{
			fmt.Sprintf("storage, %s %s: the sibling's answer", cl.class, op), m, "/" + w.bucket(cl.class),
			verdict{gave: mine.gives(op)},
			func() verdict { return w.reaches(mine, w.own, cl.class, op) }, func() verdict { return w.reaches(other, w.sibling, cl.class, op) },
		})
	}
	return out
}

func keyLies(w *world, cl class) []lie {
	ask := func(path string, op service.Op, p *person) func() verdict {
		return func() verdict {
			w.madeFor(p, cl) // is asked for before the lie
			q := w.pass(p, cl, action(cl.class, op), action(cl.class, op))
			if path == dek.PathUnwrap {
				q.Wrap = w.wrapOf(p, cl)
			}
			return w.yields(path, q, p, cl)
		}
	}
	var out []lie
	for path, op := range map[string]service.Op{dek.PathNew: service.OpStore, dek.PathUnwrap: service.OpFetch} {
		out = append(out, lie{
			fmt.Sprintf("%s in %s: the sibling's answer", path, cl.class), "POST", path,
			verdict{gave: keyOf(w.own, cl.class)},
			ask(path, op, w.own), ask(path, op, w.sibling),
		})
	}
	return out
}

func brokerLies(w *world) []lie {
	mint := httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapCredFetch}
	identity := httpd.Route{Role: "broker", Method: "POST", Path: api.PathWebIdentity}
	status := httpd.Route{Role: "audit", Method: "GET", Path: api.PathAuditStatus}
	a := service.CredFetch
	mints := func(p *person) func() verdict {
		return func() verdict {
			return w.rightsIn(w.send(w.with(mint, p.session, p.key).json(w, capRequest(p.operator, p.actor, target(a)))))
		}
	}
	names := func(p *person) func() verdict {
		return func() verdict {
			return w.tagsIn(w.send(w.with(identity, p.session, p.key).json(w, api.WebIdentityRequest{Class: a.Class, Actor: p.actor, Access: "read"})))
		}
	}
	hears := func(p *person) func() verdict {
		return func() verdict { return w.journalIn(w.send(w.with(status, p.session, p.key)), p.operator) }
	}
	forged := func() verdict { // what a broker says that minted more than was asked for
		c := w.capability(w.own, a, func(r *captoken.Request) { r.Action = service.CredStore })
		return w.rightsIn(answer{body: []byte(`{"capability":"` + c + `","expires_at":"2030-01-01T00:00:00Z","uses":1}`)})
	}
	if got := forged(); got == (verdict{gave: rights(w.own, w.own.operator, w.own, a, target(a))}) {
		w.t.Errorf("a capability to store is taken for one to fetch")
	}
	return []lie{
		{"a capability: the sibling's", "POST", mint.Path, verdict{gave: rights(w.own, w.own.operator, w.own, a, target(a))}, mints(w.own), mints(w.sibling)},
		{"a web identity: the sibling's", "POST", identity.Path, verdict{gave: tags(w.own, a.Class, "read")}, names(w.own), names(w.sibling)},
		{"a journal: the stranger's", "GET", status.Path, verdict{gave: journalOf(w.own.operator)}, hears(w.own), hears(w.stranger)},
	}
}
