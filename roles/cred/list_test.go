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
	p := w.people[0]
	w.chain.SetGrants(p.operator, p.actor,
		chain.Grant{Service: name(t, "github"), Ops: service.AllOps}, chain.Grant{Service: name(t, "gitlab"), Ops: service.AllOps})
	for _, svc := range []string{"github", "gitlab"} {
		o := ops[0]
		o.svc = svc
		c := w.call(p, o)
		c.cap.Service = svc
		if err := c.send(); err != nil {
			t.Fatal(err)
		}
	}
	listed := func() string {
		c := w.call(p, ops[2])
		if err := c.send(); err != nil {
			t.Fatal(err)
		}
		return string(c.reply)
	}
	if s := listed(); !strings.Contains(s, "github") || !strings.Contains(s, "gitlab") {
		t.Errorf("%s", s)
	}
	w.chain.SetGrants(p.operator, p.actor,
		chain.Grant{Service: name(t, "github"), Ops: service.List}, chain.Grant{Service: name(t, "gitlab"), Ops: service.Read})
	if s := listed(); !strings.Contains(s, "github") || strings.Contains(s, "gitlab") {
		t.Errorf("%s", s)
	}
}
