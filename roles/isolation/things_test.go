package isolation_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// thing is something that a person has stored.
type thing struct {
	of      *person
	class   service.Class
	service string
	key     string // empty where objects have none
}

// value is what lies there: no two things have the same, so that what came back
// says whose it is.
func (o thing) value() string {
	return fmt.Sprintf("%s's %s in %s", o.of.name, strings.Trim(o.service+" "+o.key, " "), o.class)
}

// usual is what everybody has under the same name.
func (c class) usual(p *person) thing { return thing{p, c.class, c.service, c.object} }

// ready is what is there to be torn down.
func (c class) ready(p *person) thing { return thing{p, c.class, c.spare, c.object} }

// alone is what nobody else has under that name.
func (c class) alone(p *person) thing {
	if c.object != "" {
		return thing{p, c.class, c.service, p.name + "-only"}
	}
	return thing{p, c.class, p.name + "-only", ""}
}

// things are all that a person has in a class.
func (c class) things(p *person) []thing { return []thing{c.usual(p), c.ready(p), c.alone(p)} }

// names are what the worker lists for a person, in the order of a list.
func (c class) names(p *person) []string {
	var out []string
	for _, o := range c.things(p) {
		switch {
		case c.object == "":
			out = append(out, o.service)
		case o.service == c.service:
			out = append(out, o.key)
		}
	}
	slices.Sort(out)
	return out
}

// object is where it lies.
func (o thing) object() string {
	name := prefix(o.of, o.class) + strings.TrimPrefix(o.service, "memory:")
	if o.key != "" {
		name += "/" + o.key
	}
	return name + ".enc"
}

// grants are everything that a person is granted, with these ops.
func (w *world) grants(p *person, ops service.Ops) (out []chain.Grant) {
	for _, c := range classes() {
		for _, o := range c.things(p) {
			if g := (chain.Grant{Service: svc(w.t, o.service), Ops: ops}); !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
	}
	return out
}

// about is a call of the worker's route for an op on a thing, by whose it is.
func (w *world) about(o thing, op service.Op) call {
	w.t.Helper()
	a := action(o.class, op)
	c := w.use(o.of, a, storage{o.of, o.class, accessFor(a)})
	c.token = w.capability(o.of, a, func(r *captoken.Request) { r.Service = o.service })
	if o.key != "" {
		c.url, c.objects = strings.TrimSuffix(c.url, classOf(o.class).object)+o.key, []string{o.key}
	}
	if op == service.OpStore {
		c.body = []byte(o.value())
	}
	return c
}

// lies is what whose it is fetches there, or the refusal in words.
func (w *world) lies(o thing) string {
	w.t.Helper()
	a := w.send(w.about(o, service.OpFetch))
	if a.code != "" {
		return a.verdict.String()
	}
	return string(a.body)
}

// gone is what is fetched where nothing lies.
func gone() string { return by(apierr.LayerWorker, apierr.NotFound).String() }

// put stores a thing.
func (w *world) put(o thing) {
	w.t.Helper()
	if a := w.send(w.about(o, service.OpStore)); a.code != "" {
		w.t.Fatalf("storing %s: %s: %s", o.value(), a.verdict, a.body)
	}
}

// seed stores what the allowed cells read: of each person, in each class, under
// each name, something else. The reader may write for as long as that takes.
func (w *world) seed() {
	w.t.Helper()
	w.scope(w.reader, full)
	for _, c := range classes() {
		w.until(verdict{}, func() verdict { return w.send(w.about(c.usual(w.reader), service.OpStore)).verdict })
		for _, p := range w.people() {
			for _, o := range c.things(p) {
				w.put(o)
			}
		}
	}
	w.scope(w.reader, w.reader.ops)
	refused := func(l apierr.Layer) verdict { return by(l, apierr.ServiceNotInScope) }
	for _, c := range classes() {
		a := action(c.class, service.OpStore)
		w.until(refused(apierr.LayerWorker), func() verdict { return w.send(w.about(c.usual(w.reader), service.OpStore)).verdict })
		w.until(refused(apierr.LayerSigner), func() verdict { return w.released(dek.PathNew, w.pass(w.reader, c, a, a)).verdict })
	}
	w.until(refused(apierr.LayerMint), func() verdict {
		return w.send(w.with(httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapCredStore}, w.reader.session, w.reader.key).
			json(w, capRequest(w.reader.operator, w.reader.actor, classes()[0].service))).verdict
	})
}

// scope has the master of a person grant it these ops.
func (w *world) scope(p *person, ops service.Ops) {
	w.t.Helper()
	if _, err := w.master.chain.SetScope(w.t.Context(), p.actor, w.grants(p, ops)); err != nil {
		w.t.Fatal(err)
	}
}

// until asks until the answer is the one that is awaited: each host follows the
// chain by itself.
func (w *world) until(want verdict, probe func() verdict) {
	w.t.Helper()
	var got verdict
	for give := time.Now().Add(10 * time.Second); time.Now().Before(give); {
		if got = probe(); got == want {
			return
		}
	}
	w.t.Fatalf("it never became %s: %s", want, got)
}

// unchanged: after all that, everybody still fetches what it stored itself.
func (w *world) unchanged() {
	w.t.Helper()
	for _, c := range classes() {
		for _, p := range w.people() {
			for _, o := range c.things(p) {
				if got := w.lies(o); got != o.value() {
					w.t.Errorf("%s is %q", o.value(), got)
				}
			}
		}
	}
}

// hold has nobody else change what a person has in a class until done is called.
func (w *world) hold(p *person, c service.Class) (done func()) {
	m := w.locks.get(p.name+" "+string(c), func() *sync.Mutex { return new(sync.Mutex) })
	m.Lock()
	return m.Unlock
}

// gives is what an action gives to a person that acts for itself, in the words in
// which [world.works] tells it.
func gives(p *person, a service.Action) string {
	c := classOf(a.Class)
	switch a.Op {
	case service.OpStore:
		return c.usual(p).value() + ", again"
	case service.OpFetch:
		return c.usual(p).value()
	case service.OpList:
		return strings.Join(c.names(p), " ")
	}
	return gone()
}

// works makes a call of a worker's route about what a person has, and tells what
// came of it: what was given or listed, what lies there now, that nothing lies there
// any more. A refusal that changed something says so. Everything is as before then.
func (w *world) works(c call, p *person, a service.Action) verdict {
	w.t.Helper()
	cl := classOf(a.Class)
	switch a.Op {
	case service.OpFetch:
		got := w.send(c)
		return got.gives(string(got.body))
	case service.OpList:
		got := w.send(c)
		return got.gives(listed(w, a.Class, got))
	}
	defer w.hold(p, a.Class)()
	o := cl.ready(p)
	if a.Op == service.OpStore {
		o = cl.usual(p)
		c.body = []byte(gives(p, a))
	}
	got := w.send(c).verdict
	have := w.lies(o)
	if have != o.value() && p.ops.Has(service.Write) {
		w.put(o)
	}
	if got.gave = have; got.code != "" && have == o.value() {
		got.gave = ""
	}
	return got
}

// gives is the verdict with what was given, of an answer that gave something.
func (a answer) gives(what string) verdict {
	if a.code == "" {
		a.gave = what
	}
	return a.verdict
}

// listed are the names in a worker's answer, as they stand there.
func listed(w *world, c service.Class, a answer) string {
	w.t.Helper()
	if a.code != "" {
		return ""
	}
	var names []string
	switch c {
	case service.Memory:
		var page api.MemoryPage
		if err := strictjson.DecodeAnswer(a.body, &page); err != nil {
			w.t.Fatal(err)
		}
		for _, e := range page.Entries {
			names = append(names, e.Key.String())
		}
		if page.Next != "" {
			names = append(names, "and more")
		}
	default:
		var list api.CredList
		if err := strictjson.DecodeAnswer(a.body, &list); err != nil {
			w.t.Fatal(err)
		}
		for _, e := range list.Credentials {
			names = append(names, e.Service.String())
		}
	}
	return strings.Join(names, " ")
}
