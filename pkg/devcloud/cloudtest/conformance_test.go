package cloudtest_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// row is one question to a cloud. want is the answer of every cloud, unless the
// table of differences says otherwise.
type row struct {
	name string
	want string
	ask  func(t testing.TB) string
}

// person is an actor with sessions of its own.
type person struct {
	name     string
	operator omni.Operator
	actor    omni.Actor
}

// world is a cloud with three actors, two of them of one operator, each with
// one object in each class.
type world struct {
	*cloudtest.Cloud
	people   [3]person
	sessions map[string]sts.Credentials // by person, class and access
}

var (
	classes  = []service.Class{service.Credentials, service.Memory}
	accesses = []oidc.Access{oidc.AccessRead, oidc.AccessWrite, oidc.AccessProvision}
)

func newWorld(t testing.TB, k cloudtest.Kind) *world {
	t.Helper()
	return newWorldAt(t, k, time.Now)
}

// newWorldAt has another clock, which for RGW is the machine's.
func newWorldAt(t testing.TB, k cloudtest.Kind, now func() time.Time) *world {
	t.Helper()
	w := &world{Cloud: k.Start(t, now, now), sessions: map[string]sts.Credentials{}}
	w.people = [3]person{
		{"own", operator(t, 1), actor(t, 0xa1)}, {"sibling", operator(t, 1), actor(t, 0xa2)}, {"stranger", operator(t, 2), actor(t, 0xb1)},
	}
	w.Admit(t, w.people[0].actor, w.people[1].actor, w.people[2].actor)
	for _, p := range w.people {
		for _, class := range classes {
			for _, a := range accesses {
				if cloudtest.Role(class, a) == "" {
					continue
				}
				creds, err := w.Exchange(t.Context(), oidc.Request{Class: class, Operator: p.operator, Actor: p.actor, Access: a})
				if err != nil {
					t.Fatal(err)
				}
				w.sessions[key(p, class, a)] = creds
			}
			w.restore(t, p, class)
		}
	}
	return w
}

func key(p person, class service.Class, a oidc.Access) string {
	return fmt.Sprint(p.name, "/", class, "/", a)
}

func (w *world) session(p person, class service.Class, a oidc.Access) sts.Credentials {
	return w.sessions[key(p, class, a)]
}

// object is where a person's one object of a class lies.
func object(p person, class service.Class) string {
	return "bots/" + p.actor.Key() + "/" + string(class) + "/x.enc"
}

func content(p person, class service.Class) []byte {
	return []byte("of " + p.name + ", " + string(class))
}

// restore puts the person's object, as the person.
func (w *world) restore(t testing.TB, p person, class service.Class) {
	t.Helper()
	put := wire{method: "PUT", target: cloudtest.Bucket(class) + "/" + object(p, class), body: content(p, class), creds: w.session(p, class, oidc.AccessWrite)}
	if got := put.send(t, w.Cloud); got != "200" {
		t.Fatalf("storing an own object: %s", got)
	}
}

// intact demands that every object is as it was stored.
func (w *world) intact(t *testing.T) {
	t.Helper()
	for _, p := range w.people {
		for _, class := range classes {
			get := wire{method: "GET", target: cloudtest.Bucket(class) + "/" + object(p, class), creds: w.session(p, class, oidc.AccessRead)}
			if got, body := get.fetch(t, w.Cloud); got != "200" || !bytes.Equal(body, content(p, class)) {
				t.Errorf("%s of %s is no longer what was stored: %s %q", class, p.name, got, body)
			}
		}
	}
}

// groups are the tables of the suite.
var groups = []struct {
	name string
	rows func(*testing.T, *world) []row
}{
	{"objects", objectRows},
	{"tokens", tokenRows},
	{"prefixes", prefixRows},
	{"signatures", signatureRows},
	{"conditions", conditionRows},
	{"client", clientRows},
	{"maintenance", maintenanceRows},
	{"versions", versionRows},
}

// TestConformance asks every cloud the same. A difference that is not in the
// table fails, and so does one in the table that no row shows.
func TestConformance(t *testing.T) {
	for _, k := range cloudtest.Kinds(t, os.Getenv(cloudtest.Env)) {
		t.Run(k.Name, func(t *testing.T) {
			w, c := newWorld(t, k), comparison{kind: k.Name}
			for _, g := range groups {
				t.Run(g.name, func(t *testing.T) {
					c.judge(t, g.name, g.rows(t, w))
					w.intact(t)
				})
			}
			c.complete(t)
		})
	}
}

// comparison is of one cloud with what is wanted of it.
type comparison struct {
	kind          string
	groups, names []string
	shown         []int // differences
}

// judge asks the rows of a group.
func (c *comparison) judge(t *testing.T, group string, rows []row) {
	c.groups = append(c.groups, group)
	for _, r := range rows {
		name := group + "/" + r.name
		if slices.Contains(c.names, name) {
			t.Fatalf("%s is there twice", name)
		}
		c.names = append(c.names, name)
		embedded, _ := answerOf("devcloud", name, r.want)
		if independent, n := answerOf("rgw", name, r.want); n >= 0 {
			c.shown = append(c.shown, n)
			if embedded == independent {
				t.Errorf("%s is no difference", name)
			}
			if more := permits(embedded) && !permits(independent); more && !differences[n].bug {
				t.Errorf("%s: the embedded cloud permits what RGW refuses", name)
			}
		}
		t.Run(r.name, func(t *testing.T) {
			want, _ := answerOf(c.kind, name, r.want)
			if got := r.ask(t); got != want {
				t.Errorf("%s answers %q, want %q", c.kind, got, want)
			}
		})
	}
}

// complete demands that every difference of the judged groups was shown.
func (c *comparison) complete(t *testing.T) {
	t.Helper()
	for n, d := range differences {
		if group, _, _ := strings.Cut(d.rows, "/"); slices.Contains(c.groups, group) && !slices.Contains(c.shown, n) {
			t.Errorf("no row shows the difference %s", d.rows)
		}
	}
}

func operator(t testing.TB, b byte) omni.Operator {
	t.Helper()
	o, err := omni.OperatorFromBytes([32]byte{b, 31: b})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func actor(t testing.TB, b byte) omni.Actor {
	t.Helper()
	a, err := omni.ActorFromBytes([32]byte{b, 31: b})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
