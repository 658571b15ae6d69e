package isolation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/roles"
	"github.com/litentry/agentkeys/roles/audit"
	"github.com/litentry/agentkeys/roles/broker"
	"github.com/litentry/agentkeys/roles/cred"
	"github.com/litentry/agentkeys/roles/memory"
	"github.com/litentry/agentkeys/roles/signer"
)

// cell is one attempt and what must come of it.
type cell struct {
	name string
	want verdict
	call func() verdict
	// past: who asks is let in, and refused for what is asked.
	past bool
}

// rows make the cells of one route.
type rows func(w *world, r httpd.Route) []cell

// routes is the route table of every role that there is.
func routes(t testing.TB) []httpd.Route {
	t.Helper()
	services := map[string]role.Service{"audit": new(audit.Audit), "broker": new(broker.Broker), "cred": new(cred.Worker), "memory": new(memory.Worker), "signer": new(signer.Signer)}
	s := httpd.New(httpd.Options{Now: time.Now, Log: zerolog.Nop()})
	for _, r := range roles.All() {
		if services[r.Name] == nil {
			t.Fatalf("role %s is not in the isolation matrix: add its service here, its class to classes(), and rows for its policies", r.Name)
		}
		services[r.Name].Routes(s.Mux(r.Name, r.Layer, "http://localhost"))
	}
	httpd.Health(s, httpd.Version{})
	return s.Routes()
}

// generators make the rows of a route by its policy. A policy that is not here
// has no rows, and the test says so.
func generators() map[string][]rows {
	return map[string][]rows{
		"broker session+proof":                  {tokenRows, proofRows, mintRows},
		"cred capability+proof+sts":             {tokenRows, proofRows, workerRows},
		"memory capability+proof+sts":           {tokenRows, proofRows, workerRows},
		"signer worker+capability+proof":        {fieldRows, releaseRows},
		"signer maintainer+proof":               {tokenRows, proofRows, keeperRows},
		"signer governance+proof":               {tokenRows, proofRows, keeperRows},
		"signer maintainer or governance+proof": {tokenRows, proofRows, keeperRows},
		"audit session+proof+chain":             {tokenRows, proofRows, journalRows},
		"audit receipts":                        {emitRows},
		"audit local":                           {localRows},
		"audit public":                          {publicRows},
		"broker public":                         {publicRows},
		"process public":                        {publicRows},
		"signer public, rate limited":           {publicRows},
		"broker public, rate limited":           {publicRows, loginRows},
	}
}

// cells counts what the matrix has. A smaller number is a hole, a larger one a
// reason to count again.
const cells = 9863

// forNobody tells the routes whose answers are nobody's: they are public, or about
// the machine.
func forNobody(where string) bool {
	return slices.ContainsFunc([]string{"public", "receipts", "local", "maintainer", "governance"}, func(p string) bool { return strings.Contains(where, p) })
}

// TestMatrix is the isolation matrix (SPEC section 1): {own actor, other actor of
// the same operator, other operator} x data classes x ops x workers x kinds of
// tokens x storage sessions. Exactly the allowed cells succeed.
func TestMatrix(t *testing.T) {
	w := newWorld(t)
	w.seed()
	total, allowed := 0, 0
	run := func(where string, cs []cell) {
		t.Helper()
		good, bad := 0, 0
		for _, c := range cs {
			if c.want.code == "" && c.want.gave == "" && !forNobody(where) {
				t.Errorf("%s: %s: it is allowed, and nobody looks at what it gives", where, c.name)
			}
			if c.past || c.want.code == "" {
				good++
			} else {
				bad++
			}
		}
		for _, complaint := range w.tryAll(cs) {
			t.Errorf("%s: %s", where, complaint)
		}
		if good == 0 || bad == 0 && !strings.Contains(where, "public") {
			t.Errorf("%s: %d cells are allowed and %d refused: the rows prove nothing", where, good, bad)
		}
		total, allowed = total+len(cs), allowed+good
	}
	byPolicy := generators()
	for _, r := range routes(t) {
		gs := byPolicy[r.Role+" "+r.Policy]
		if len(gs) == 0 {
			t.Errorf("route %s has no rows in the isolation matrix", r)
			continue
		}
		var cs []cell
		for _, g := range gs {
			cs = append(cs, g(w, r)...)
		}
		run(r.String(), cs)
	}
	run("storage", storageCells(w))
	w.unchanged()
	t.Logf("%d cells, %d of them allowed", total, allowed)
	if total != cells {
		t.Errorf("%d cells; this test knows of %d: a matrix that shrank has a hole", total, cells)
	}
}

// tryAll tries cells, some at a time: what one of them changes no other one reads.
// It says what is wrong.
func (w *world) tryAll(cs []cell) []string {
	w.t.Helper()
	wrong := make([]string, len(cs))
	var g errgroup.Group
	g.SetLimit(32)
	for i, c := range cs {
		g.Go(func() error {
			if got := c.call(); got != c.want {
				wrong[i] = fmt.Sprintf("%s: got %s, want %s", c.name, got, c.want)
			}
			return nil
		})
	}
	_ = g.Wait()
	return slices.DeleteFunc(wrong, func(s string) bool { return s == "" })
}

// TestEveryRouteHasRows fails for what the route table has and the generators have
// not, without a stack.
func TestEveryRouteHasRows(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range routes(t) {
		seen[r.Role+" "+r.Policy] = true
	}
	for policy := range seen {
		if len(generators()[policy]) == 0 {
			t.Errorf("no rows for %q, which a route has", policy)
		}
	}
	for policy := range generators() {
		if !seen[policy] {
			t.Errorf("rows for %q, which no route has", policy)
		}
	}
	unknown := httpd.Route{Role: "cred", Policy: "a policy of tomorrow"}
	if len(generators()[unknown.Role+" "+unknown.Policy]) != 0 {
		t.Error(fmt.Sprint("a new policy has rows: ", unknown))
	}
}
