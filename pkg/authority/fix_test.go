package authority_test

import (
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// TestFixGrantsWhatTheActionNeeds: for every action, with what an event says of it.
func TestFixGrantsWhatTheActionNeeds(t *testing.T) {
	actor := omni.ActorOfWallet([20]byte{7})
	for _, a := range []service.Action{
		service.CredStore, service.CredFetch, service.CredList, service.CredTeardown, service.MemoryPut, service.MemoryGet, service.EmailRead,
	} {
		got := authority.Fix(apierr.ServiceNotInScope, authority.Subject{Actor: actor, Service: "x", Class: a.Class, Op: a.Op})
		_, list, _ := strings.Cut(got, "--ops ")
		if ops, err := service.ParseOps(list); err != nil || !ops.Has(a.Needs) || !strings.Contains(got, actor.String()) || !strings.Contains(got, "--service x ") {
			t.Errorf("%+v: %q", a, got)
		}
	}
}

func TestFixOfEachCode(t *testing.T) {
	actor := omni.ActorOfWallet([20]byte{7})
	at := "agentkeys scope set --agent " + actor.String()
	for name, c := range map[string]struct {
		code apierr.Code
		s    authority.Subject
		want string
	}{
		"a list":              {apierr.ServiceNotInScope, authority.Subject{Actor: actor, Service: "*", Op: "list"}, at + " --service NAME --ops read,list"},
		"a storage session":   {apierr.ServiceNotInScope, authority.Subject{Actor: actor, Op: "web-identity"}, at + " --service NAME --ops read"},
		"a session to write":  {apierr.ServiceNotInScope, authority.Subject{Actor: actor, Ops: service.Read | service.Write}, at + " --service NAME --ops read,write"},
		"a limit, no grant":   {apierr.ScopeLimitReached, authority.Subject{Actor: actor, Service: "github", Op: "fetch"}, "agentkeys scope show --agent " + actor.String()},
		"a frozen operator":   {apierr.OperatorFrozen, authority.Subject{}, "ask the operator: agentkeys unfreeze"},
		"nothing mends it so": {apierr.CapUsed, authority.Subject{Actor: actor}, ""},
	} {
		if got := authority.Fix(c.code, c.s); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestFixOfAnOperatorThatActsForItself: no command grants it anything, so the fix
// names the agent; the twin differs in the actor alone.
func TestFixOfAnOperatorThatActsForItself(t *testing.T) {
	op := omni.OperatorOfWallet([20]byte{7})
	agent := omni.ActorOfWallet([20]byte{8})
	const as = "act as the agent: the same command with --as NAME"
	for name, c := range map[string]struct {
		code apierr.Code
		s    authority.Subject
		want string
	}{
		"store":             {apierr.ServiceNotInScope, authority.Subject{Service: "github", Class: service.Credentials, Op: service.OpStore}, "agentkeys cred store --agent NAME --service github"},
		"tear down":         {apierr.ServiceNotInScope, authority.Subject{Service: "github", Class: service.Credentials, Op: service.OpTeardown}, "agentkeys cred teardown --agent NAME --service github"},
		"list":              {apierr.ServiceNotInScope, authority.Subject{Service: "*", Class: service.Credentials, Op: service.OpList}, "agentkeys cred list --agent NAME"},
		"fetch":             {apierr.ServiceNotInScope, authority.Subject{Service: "github", Class: service.Credentials, Op: service.OpFetch}, "agentkeys cred fetch --as NAME --service github"},
		"a memory":          {apierr.ServiceNotInScope, authority.Subject{Service: "memory:notes", Class: service.Memory, Op: service.OpFetch}, as},
		"a storage session": {apierr.ServiceNotInScope, authority.Subject{Class: service.Credentials}, as},
		"a limit":           {apierr.ScopeLimitReached, authority.Subject{Service: "github", Class: service.Credentials, Op: service.OpFetch}, ""},
	} {
		c.s.Operator, c.s.Actor = op, omni.Self(op)
		if got := authority.Fix(c.code, c.s); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
		c.s.Actor = agent
		if got := authority.Fix(c.code, c.s); !strings.HasPrefix(got, "agentkeys scope ") || !strings.Contains(got, " --agent "+agent.String()) {
			t.Errorf("%s, of an agent: %q", name, got)
		}
	}
}

// TestFixOfALimit changes what was used up and nothing else of the grant.
func TestFixOfALimit(t *testing.T) {
	actor := omni.ActorOfWallet([20]byte{7})
	github, err := service.Parse("github")
	if err != nil {
		t.Fatal(err)
	}
	both := chain.Grant{Service: github, Ops: service.Read | service.List, MaxPerPeriod: 100, PeriodSeconds: 3600, MaxTotal: 5000, ExpiresAt: 1_800_000_000}
	period, total := both, both
	period.MaxTotal, period.ExpiresAt, period.PeriodSeconds = 0, 0, 90
	total.MaxPerPeriod, total.PeriodSeconds, total.ExpiresAt = 0, 0, 0
	at := "agentkeys scope set --agent " + actor.String() + " --service github --ops read,list"
	for name, c := range map[string]struct {
		g       chain.Grant
		reached authority.Limit
		want    string
	}{
		"per period":           {period, authority.PerPeriod, at + " --max-per-period N --period 1m30s"},
		"in all":               {total, authority.InAll, at + " --max-total N"},
		"per period, of both":  {both, authority.PerPeriod, at + " --max-per-period N --period 1h --max-total 5000 --expires 2027-01-15T08:00:00Z"},
		"in all, of both":      {both, authority.InAll, at + " --max-per-period 100 --period 1h --max-total N --expires 2027-01-15T08:00:00Z"},
		"one of both":          {both, "", at + " --max-per-period N --period 1h --max-total N --expires 2027-01-15T08:00:00Z"},
		"a grant with no more": {chain.Grant{Service: github, Ops: service.Read}, "", "agentkeys scope show --agent " + actor.String()},
	} {
		// What the event says of the request is less than the grant.
		got := authority.Fix(apierr.ScopeLimitReached, authority.Subject{Actor: actor, Service: "github", Op: service.OpFetch, Grant: c.g, Reached: c.reached})
		if got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
