package cred_test

import (
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/service"
)

// TestListNamesOnlyWhatIsGranted: what is stored and may no longer be listed
// is not named.
func TestListNamesOnlyWhatIsGranted(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	w.Chain.SetGrants(p.Operator, p.Actor,
		chain.Grant{Service: name(t, "github"), Ops: service.AllOps}, chain.Grant{Service: name(t, "gitlab"), Ops: service.AllOps})
	for _, svc := range []string{"github", "gitlab"} {
		o := ops[0]
		o.Service = svc
		c := w.Call(p, o)
		c.Cap.Service = svc
		if err := c.Send(); err != nil {
			t.Fatal(err)
		}
	}
	listed := func() string {
		c := w.Call(p, ops[2])
		if err := c.Send(); err != nil {
			t.Fatal(err)
		}
		return string(c.Reply)
	}
	if s := listed(); !strings.Contains(s, "github") || !strings.Contains(s, "gitlab") {
		t.Errorf("%s", s)
	}
	w.Chain.SetGrants(p.Operator, p.Actor,
		chain.Grant{Service: name(t, "github"), Ops: service.List}, chain.Grant{Service: name(t, "gitlab"), Ops: service.Read})
	if s := listed(); !strings.Contains(s, "github") || strings.Contains(s, "gitlab") {
		t.Errorf("%s", s)
	}
}
