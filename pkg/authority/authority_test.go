package authority_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

var (
	now      = time.Unix(1_800_000_000, 0)
	operator = omni.OperatorOfWallet([20]byte{1})
	other    = omni.OperatorOfWallet([20]byte{2})
	agent    = omni.ActorOfWallet([20]byte{3})
	sibling  = omni.ActorOfWallet([20]byte{4})
	device   = omni.DeviceKeyOfAddress([20]byte{3})
)

func name(t *testing.T, s string) service.Name {
	t.Helper()
	n, err := service.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// agentState lets the agent read and list github.
func agentState(t *testing.T) chain.State {
	return chain.State{
		Device:     chain.Device{Registered: true, Operator: operator, Actor: agent, Tier: 2, Roles: chain.RoleCapMint},
		ActorOwner: operator, Epoch: 3, ScopeNonce: 7,
		Grants: []chain.Grant{{Service: name(t, "github"), Ops: service.Read | service.List}},
	}
}

// masterState is the same agent, asked about by its operator's master.
func masterState(t *testing.T) chain.State {
	s := agentState(t)
	s.Device = chain.Device{Registered: true, Operator: operator, Actor: omni.Self(operator), Tier: 1, Roles: 7}
	return s
}

func TestDecide(t *testing.T) {
	fetch := service.CredFetch
	for _, c := range []struct {
		name   string
		state  func(*testing.T) chain.State
		edit   func(*chain.State, *authority.Need)
		action service.Action
		want   apierr.Code
	}{
		{"agent fetches", agentState, nil, fetch, ""},
		{"agent lists", agentState, nil, service.CredList, ""},
		{"agent stores without write", agentState, nil, service.CredStore, apierr.ServiceNotInScope},
		{"agent stores with write", agentState, func(s *chain.State, _ *authority.Need) { s.Grants[0].Ops |= service.Write }, service.CredStore, ""},
		{"agent tears down without delete", agentState, nil, service.CredTeardown, apierr.ServiceNotInScope},
		{"agent tears down with delete", agentState, func(s *chain.State, _ *authority.Need) { s.Grants[0].Ops |= service.Delete }, service.CredTeardown, ""},
		{"not registered", agentState, func(s *chain.State, _ *authority.Need) { s.Device = chain.Device{} }, fetch, apierr.DeviceNotActive},
		{"revoked", agentState, func(s *chain.State, _ *authority.Need) { s.Device.Revoked = true }, fetch, apierr.DeviceRevoked},
		{"frozen", agentState, func(s *chain.State, _ *authority.Need) { s.Frozen = true }, fetch, apierr.OperatorFrozen},
		{"frozen, and not even bound", agentState, func(s *chain.State, _ *authority.Need) { s.Frozen, s.Device.Actor = true, sibling }, fetch, apierr.DeviceBindingMismatch},
		{"other operator's device", agentState, func(s *chain.State, _ *authority.Need) { s.Device.Operator = other }, fetch, apierr.DeviceBindingMismatch},
		{"sibling's device", agentState, func(s *chain.State, _ *authority.Need) { s.Device.Actor = sibling }, fetch, apierr.DeviceBindingMismatch},
		{"sibling's device stores", agentState, func(s *chain.State, _ *authority.Need) { s.Device.Actor = sibling; s.Device.Roles = 7 }, service.CredStore, apierr.DeviceBindingMismatch},
		{"no CAP_MINT", agentState, func(s *chain.State, _ *authority.Need) { s.Device.Roles = chain.RoleRecovery | chain.RoleScopeMgmt }, fetch, apierr.DeviceRoleMissing},
		{"other service", agentState, func(_ *chain.State, n *authority.Need) { n.Service = name(t, "gitlab") }, fetch, apierr.ServiceNotInScope},
		{"no read", agentState, func(s *chain.State, _ *authority.Need) { s.Grants[0].Ops = service.List | service.Write }, fetch, apierr.ServiceNotInScope},
		{"no list", agentState, func(s *chain.State, _ *authority.Need) { s.Grants[0].Ops = service.Read }, service.CredList, apierr.ServiceNotInScope},
		{"expires later", agentState, func(s *chain.State, _ *authority.Need) { s.Grants[0].ExpiresAt = uint64(now.Unix()) + 1 }, fetch, ""},
		{"expires now", agentState, func(s *chain.State, _ *authority.Need) { s.Grants[0].ExpiresAt = uint64(now.Unix()) }, fetch, apierr.ServiceNotInScope},
		{"list of another class", agentState, func(s *chain.State, _ *authority.Need) { s.Grants[0].Service = name(t, "memory:github") }, service.CredList, apierr.ServiceNotInScope},

		{"lists a namespace", agentState, func(s *chain.State, n *authority.Need) {
			s.Grants[0].Service, n.Service = name(t, "memory:notes"), name(t, "memory:notes")
		}, service.MemoryList, ""},
		{"lists a namespace by the grant of another", agentState, func(s *chain.State, n *authority.Need) {
			s.Grants[0].Service, n.Service = name(t, "memory:drafts"), name(t, "memory:notes")
		}, service.MemoryList, apierr.ServiceNotInScope},
		{"lists a namespace without list", agentState, func(s *chain.State, n *authority.Need) {
			s.Grants[0].Service, n.Service, s.Grants[0].Ops = name(t, "memory:notes"), name(t, "memory:notes"), service.Read
		}, service.MemoryList, apierr.ServiceNotInScope},

		{"master stores for its agent", masterState, nil, service.CredStore, ""},
		{"master writes its agent's memory", masterState, func(s *chain.State, n *authority.Need) {
			s.Grants[0].Service, n.Service = name(t, "memory:notes"), name(t, "memory:notes")
		}, service.MemoryPut, apierr.DeviceBindingMismatch},
		{"master lists for its agent", masterState, nil, service.CredList, ""},
		{"master tears down for its agent", masterState, nil, service.CredTeardown, ""},
		{"master lists though the agent may not", masterState, func(s *chain.State, _ *authority.Need) { s.Grants[0].Ops = service.Read }, service.CredList, ""},
		{"master fetches for its agent", masterState, nil, fetch, apierr.DeviceBindingMismatch},
		{"master stores while frozen", masterState, func(s *chain.State, _ *authority.Need) { s.Frozen = true }, service.CredStore, apierr.OperatorFrozen},
		{"master whose wallet is retired", masterState, func(s *chain.State, _ *authority.Need) { s.Device.Revoked = true }, service.CredStore, apierr.WalletRetired},
		{"master without SCOPE_MGMT", masterState, func(s *chain.State, _ *authority.Need) { s.Device.Roles = chain.RoleCapMint | chain.RoleRecovery }, service.CredStore, apierr.DeviceRoleMissing},
		{"agent's key with a master's roles and actor", masterState, func(s *chain.State, _ *authority.Need) { s.Device.Tier = 2 }, service.CredStore, apierr.DeviceBindingMismatch},
		{"agent of another operator", masterState, func(s *chain.State, _ *authority.Need) { s.ActorOwner = other }, service.CredStore, apierr.DeviceBindingMismatch},
		{"agent of nobody", masterState, func(s *chain.State, _ *authority.Need) { s.ActorOwner = omni.Operator{} }, service.CredStore, apierr.DeviceBindingMismatch},
		{"no grant for what is provisioned", masterState, func(_ *chain.State, n *authority.Need) { n.Service = name(t, "gitlab") }, service.CredStore, apierr.ServiceNotInScope},
		{"expired grant for what is provisioned", masterState, func(s *chain.State, _ *authority.Need) { s.Grants[0].ExpiresAt = 1 }, service.CredStore, apierr.ServiceNotInScope},
	} {
		s, n := c.state(t), authority.Need{Operator: operator, Actor: agent, Device: device, Action: c.action, Service: name(t, "github"), Now: now}
		if c.action.ListsClass() {
			n.Service = service.Name{}
		}
		if c.edit != nil {
			c.edit(&s, &n)
		}
		d, err := authority.Decide(chain.Pair{Confirmed: s, Newest: s}, n)
		if apierr.CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want code %q", c.name, err, c.want)
		}
		if err == nil && (d.Epoch != 3 || d.ScopeNonce != 7 || d.Provisioning != (s.Device.Tier == 1)) {
			t.Errorf("%s: %+v", c.name, d)
		}
		// The same fault at only one of the two blocks refuses as well.
		good := c.state(t)
		for at, p := range map[string]chain.Pair{"confirmed": {Confirmed: s, Newest: good}, "newest": {Confirmed: good, Newest: s}} {
			if _, err := authority.Decide(p, n); c.want != "" && err == nil {
				t.Errorf("%s: allowed though the %s block refuses", c.name, at)
			}
		}
	}
}

func TestMasterActsForItself(t *testing.T) {
	s := masterState(t)
	n := authority.Need{Operator: operator, Actor: omni.Self(operator), Device: device, Action: service.CredFetch, Service: name(t, "github"), Now: now}
	if d, err := authority.Decide(chain.Pair{Confirmed: s, Newest: s}, n); err != nil || d.Provisioning {
		t.Errorf("%+v %v", d, err)
	}
	s.Grants = nil
	if _, err := authority.Decide(chain.Pair{Confirmed: s, Newest: s}, n); apierr.CodeOf(err) != apierr.ServiceNotInScope {
		t.Errorf("operator == actor needs a grant like any other: %v", err)
	} else if fix := apierr.From(err).Fix; fix != "agentkeys cred fetch --as NAME --service github" {
		t.Errorf("and is told %q", fix)
	}
}

func TestListShowsOnlyWhatMayBeListed(t *testing.T) {
	s := agentState(t)
	s.Grants = append(s.Grants, chain.Grant{Service: name(t, "gitlab"), Ops: service.Read}, chain.Grant{Service: name(t, "memory:x"), Ops: service.List})
	n := authority.Need{Operator: operator, Actor: agent, Device: device, Action: service.CredList, Now: now}
	d, err := authority.Decide(chain.Pair{Confirmed: s, Newest: s}, n)
	if err != nil || len(d.Grants) != 1 || d.Grants[0].Service.String() != "github" {
		t.Errorf("%+v %v", d, err)
	}
}

// TestOnlyWhatBothBlocksGrant: each block by itself allows a list, or a class,
// for the sake of another grant.
func TestOnlyWhatBothBlocksGrant(t *testing.T) {
	with := func(grants ...chain.Grant) chain.State {
		s := agentState(t)
		s.Grants = grants
		return s
	}
	github := chain.Grant{Service: name(t, "github"), Ops: service.Read | service.List}
	gitlab := chain.Grant{Service: name(t, "gitlab"), Ops: service.List}
	n := authority.Need{Operator: operator, Actor: agent, Device: device, Action: service.CredList, Now: now}
	for what, p := range map[string]chain.Pair{
		"only newest":    {Confirmed: with(github), Newest: with(github, gitlab)},
		"only confirmed": {Confirmed: with(github, gitlab), Newest: with(github)},
	} {
		if d, err := authority.Decide(p, n); err != nil || len(d.Grants) != 1 || d.Grants[0] != github {
			t.Errorf("%s: %+v %v", what, d.Grants, err)
		}
	}
	apart := chain.Pair{Confirmed: with(github), Newest: with(gitlab)}
	if _, err := authority.Decide(apart, n); apierr.CodeOf(err) != apierr.ServiceNotInScope {
		t.Errorf("nothing in common: %v", err)
	}
	github.Ops = service.Read
	apart = chain.Pair{Confirmed: with(github), Newest: with(gitlab)}
	if _, _, err := authority.DecideClass(apart, operator, agent, device, service.Credentials, now); apierr.CodeOf(err) != apierr.ServiceNotInScope {
		t.Errorf("no op in common: %v", err)
	}
	gitlab.Ops |= service.Read
	together := chain.Pair{Confirmed: with(github), Newest: with(gitlab)}
	if ops, _, err := authority.DecideClass(together, operator, agent, device, service.Credentials, now); err != nil || ops != service.Read {
		t.Errorf("%v %v", ops, err)
	}
}

func TestDecideClass(t *testing.T) {
	s := agentState(t)
	decide := func(confirmed, newest chain.State, c service.Class) (service.Ops, bool, error) {
		return authority.DecideClass(chain.Pair{Confirmed: confirmed, Newest: newest}, operator, agent, device, c, now)
	}
	if ops, prov, err := decide(s, s, service.Credentials); err != nil || prov || ops != service.Read|service.List {
		t.Errorf("%v %v %v", ops, prov, err)
	}
	more := agentState(t)
	more.Grants[0].Ops |= service.Write
	if ops, _, err := decide(s, more, service.Credentials); err != nil || ops.Has(service.Write) {
		t.Errorf("an op that is not confirmed yet is allowed: %v %v", ops, err)
	}
	if _, _, err := decide(s, s, service.Memory); apierr.CodeOf(err) != apierr.ServiceNotInScope {
		t.Errorf("%v", err)
	}
	revoked := agentState(t)
	revoked.Device.Revoked = true
	if _, _, err := decide(s, revoked, service.Credentials); apierr.CodeOf(err) != apierr.DeviceRevoked {
		t.Errorf("%v", err)
	}
	frozen := agentState(t)
	frozen.Frozen = true
	if _, _, err := decide(s, frozen, service.Credentials); apierr.CodeOf(err) != apierr.OperatorFrozen {
		t.Errorf("%v", err)
	}
	m := masterState(t)
	if ops, prov, err := decide(m, m, service.Credentials); err != nil || !prov || ops == 0 {
		t.Errorf("%v %v %v", ops, prov, err)
	}
}

// view answers states in turn and counts.
type view struct {
	states    []chain.Pair
	refreshes int
	stateErr  error
	refresh   error
}

func (v *view) State(context.Context, chain.Query) (chain.Pair, error) {
	if v.stateErr != nil {
		return chain.Pair{}, v.stateErr
	}
	p := v.states[0]
	if len(v.states) > 1 {
		v.states = v.states[1:]
	}
	return p, nil
}

func (v *view) Resolve(context.Context, common.Address) (chain.IdentityPair, error) {
	return chain.IdentityPair{}, errors.New("not asked")
}

func (v *view) Counter(context.Context) (chain.CounterPair, error) {
	return chain.CounterPair{}, errors.New("not asked")
}
func (v *view) Refresh(context.Context) error                { v.refreshes++; return v.refresh }
func (v *view) Ready(context.Context) (time.Duration, error) { return 0, nil }

func TestAuthorizeLooksAgainBeforeItDenies(t *testing.T) {
	granted := agentState(t)
	before := agentState(t)
	before.Grants = nil
	n := authority.Need{Operator: operator, Actor: agent, Device: device, Action: service.CredFetch, Service: name(t, "github"), Now: now}
	ask := func(v *view) error {
		_, err := authority.Authorize(t.Context(), v, chain.Query{}, func(p chain.Pair) (authority.Decision, error) { return authority.Decide(p, n) })
		return err
	}
	pair := func(s chain.State) chain.Pair { return chain.Pair{Confirmed: s, Newest: s} }
	if v := (&view{states: []chain.Pair{pair(granted)}}); ask(v) != nil || v.refreshes != 0 {
		t.Error("an allowed request costs a refresh")
	}
	if v := (&view{states: []chain.Pair{pair(before), pair(granted)}}); ask(v) != nil || v.refreshes != 1 {
		t.Error("a fresh grant is not seen")
	}
	if v := (&view{states: []chain.Pair{pair(before)}}); apierr.CodeOf(ask(v)) != apierr.ServiceNotInScope || v.refreshes != 1 {
		t.Error("a true denial")
	}
	stale := apierr.New(apierr.ChainStale, "old")
	if v := (&view{states: []chain.Pair{pair(before)}, refresh: stale}); apierr.CodeOf(ask(v)) != apierr.ChainStale {
		t.Error("no answer was read as no")
	}
	if v := (&view{stateErr: stale}); apierr.CodeOf(ask(v)) != apierr.ChainStale {
		t.Error("no answer was read as yes or no")
	}
}
