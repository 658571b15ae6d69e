package chain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// The loop of an operator's life, on the real contracts, with a real passkey.
func TestOperations(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := newStack(t)
	o, a := s.operator(t), newAgent(t)
	o.register(t)
	if w, err := o.MasterWallet(ctx, o.omni); err != nil || w != o.wallet {
		t.Fatalf("wallet %s, %v", w, err)
	}
	if err := o.bind(t, a); err != nil {
		t.Fatal(err)
	}
	id, err := o.Resolve(ctx, a.addr)
	if want := (chain.Identity{Kind: chain.Agent, Operator: o.omni, Actor: a.actor, Status: chain.Active}); err != nil || id != want {
		t.Fatalf("%+v, %v", id, err)
	}
	want := typeddata.Grant{Service: name(t, "openai"), Ops: service.Read | service.List, MaxPerPeriod: 5, PeriodSeconds: 60, MaxTotal: 100, ExpiresAt: o.deadline()}
	o.grant(t, a, want)

	c := s.cache(t, nil)
	p, err := c.State(ctx, o.query(a))
	if err != nil {
		t.Fatal(err)
	}
	n := p.Newest
	if !n.Device.Active() || n.Device.Operator != o.omni || n.Device.Actor != a.actor || n.Device.Tier != 2 || n.Device.Roles != chain.RoleCapMint {
		t.Errorf("device %+v", n.Device)
	}
	if n.ActorOwner != o.omni || n.ScopeNonce != 1 || n.Epoch != 1 || len(n.Grants) != 1 || n.Grants[0] != chain.Grant(want) {
		t.Errorf("state %+v", n)
	}
	if len(p.Confirmed.Grants) != 1 || p.Confirmed.Block != n.Block || n.Block.Hash == (common.Hash{}) {
		t.Errorf("confirmed %+v", p.Confirmed)
	}

	devices, err := o.Devices(ctx, o.omni)
	if err != nil || len(devices) != 2 || devices[0].Passkey.X != o.cred.X || devices[1].Key != a.device || !devices[1].Active() {
		t.Fatalf("devices %+v, %v", devices, err)
	}
	rs := typeddata.RevokeScope{Operator: o.omni, Actor: a.actor, Nonce: 1, Deadline: o.deadline()}
	if _, err := o.RevokeScope(ctx, rs, o.vote(t, rs, o.ScopeDomain())); err != nil {
		t.Fatal(err)
	}
	if g, nonce, err := o.Scope(ctx, o.omni, a.actor); err != nil || len(g) != 0 || nonce != 2 {
		t.Fatalf("scope %v, nonce %d, %v", g, nonce, err)
	}
	if _, err := o.RevokeAgent(ctx, a.device); err != nil {
		t.Fatal(err)
	}
	if d, err := o.Device(ctx, a.device); err != nil || d.Active() || !d.Revoked {
		t.Fatalf("device %+v, %v", d, err)
	}
	b := newAgent(t)
	if err := o.bind(t, b); err != nil {
		t.Fatal(err)
	}
	ra := typeddata.RevokeAgent{Operator: o.omni, DeviceKey: b.device, Deadline: o.deadline()}
	if _, err := o.RevokeAgentByVote(ctx, ra, o.vote(t, ra, o.RegistryDomain())); err != nil {
		t.Fatal(err)
	}
	st, err := o.State(ctx, o.query(b))
	if err != nil || !st.Device.Revoked {
		t.Fatalf("state %+v, %v", st, err)
	}
}

// What a contract refuses comes back by name, before a transaction is sent.
func TestRevertsHaveNames(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := newStack(t)
	o, a := s.operator(t), newAgent(t)

	wrong := o.registration()
	wrong.Operator = omni.OperatorOfWallet(common.Address{1})
	_, err := o.RegisterFirstMaster(ctx, wrong, o.vote(t, wrong, o.RegistryDomain()).Assertion)
	revert(t, err, "OmniMismatch")

	op := o.registration()
	foreign := o.vote(t, op, o.ScopeDomain())
	_, err = o.RegisterFirstMaster(ctx, op, foreign.Assertion)
	revert(t, err, "ChallengeMismatch") // thrown by the K11 verifier, through the registry

	o.register(t)
	_, err = o.RegisterFirstMaster(ctx, op, o.vote(t, op, o.RegistryDomain()).Assertion)
	revert(t, err, "DeviceAlreadyRegistered")

	if err := o.bind(t, a); err != nil {
		t.Fatal(err)
	}
	stale := typeddata.RevokeScope{Operator: o.omni, Actor: a.actor, Nonce: 7, Deadline: o.deadline()}
	_, err = o.RevokeScope(ctx, stale, o.vote(t, stale, o.ScopeDomain()))
	var re *chain.RevertError
	if !errors.As(err, &re) {
		t.Fatal(err)
	}
	// The scope contract throws it; the registry declares the same error and is
	// asked first.
	if v, ok := re.Value.(*bindings.SidecarRegistryStaleNonce); !ok || v.Signed != 7 {
		t.Fatalf("%T %+v", re.Value, re.Value)
	}
	if re.Name != "StaleNonce" || re.Error() != "the contract refused: the operation was signed for another turn: something else was executed first (StaleNonce: Current 0, Signed 7)" {
		t.Fatal(re)
	}

	other := s.operator(t)
	_, err = other.RevokeAgent(ctx, a.device)
	revert(t, err, "NotRevoker")
}

func revert(t *testing.T, err error, name string) {
	t.Helper()
	var re *chain.RevertError
	if !errors.As(err, &re) || re.Name != name {
		t.Fatalf("%v, want %s", err, name)
	}
}

func TestCheckContracts(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	second, err := chain.Deploy(t.Context(), s.deploy, chain.Deployment{Governance: s.deploy.Address(), RecoveryDelay: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*chain.Profile)
		want   error
		code   apierr.Code
	}{
		"as deployed": {func(*chain.Profile) {}, nil, ""},
		"no code":     {func(p *chain.Profile) { p.Contracts.Scope = common.Address{1} }, chain.ErrNoCode, ""},
		"other code": {func(p *chain.Profile) {
			p.Contracts.Registry, p.Contracts.Scope = p.Contracts.Scope, p.Contracts.Registry
		}, chain.ErrOtherCode, ""},
		"other router":      {func(p *chain.Profile) { p.Contracts.P256Router = second.P256Router }, chain.ErrWiring, ""},
		"other verifier":    {func(p *chain.Profile) { p.Contracts.P256Verifier = second.P256Verifier }, chain.ErrWiring, ""},
		"other K11":         {func(p *chain.Profile) { p.Contracts.K11Verifier = second.K11Verifier }, chain.ErrWiring, ""},
		"other scope":       {func(p *chain.Profile) { p.Contracts.Scope = second.Scope }, chain.ErrWiring, ""},
		"other registry":    {func(p *chain.Profile) { p.Contracts.Registry = second.Registry }, chain.ErrWiring, ""},
		"another chain":     {func(p *chain.Profile) { p.ChainID = 7 }, nil, apierr.ChainUnavailable},
		"nobody there":      {func(p *chain.Profile) { p.RPC = []string{"http://127.0.0.1:1"} }, nil, apierr.ChainUnavailable},
		"the whole of them": {func(p *chain.Profile) { p.Contracts = second }, nil, ""},
	} {
		p := s.profile
		c.change(&p)
		err := chain.CheckContracts(t.Context(), p)
		good := c.want == nil && c.code == ""
		if (err == nil) != good || apierr.CodeOf(err) != c.code || (c.want != nil && !errors.Is(err, c.want)) {
			t.Errorf("%s: %v, want %v %s", name, err, c.want, c.code)
		}
	}
}

func TestDeployRefuses(t *testing.T) {
	t.Parallel()
	_, p := newChain(t)
	tr := transactor(t, p, newKey(t))
	if _, err := chain.Deploy(t.Context(), tr, chain.Deployment{}); err == nil {
		t.Error("no governance")
	}
	if _, err := chain.Deploy(t.Context(), tr, chain.Deployment{Governance: tr.Address()}); err == nil {
		t.Error("no recovery delay")
	}
	if _, err := chain.Deploy(t.Context(), tr, chain.Deployment{Governance: tr.Address(), RecoveryDelay: 31 * 24 * time.Hour}); err == nil {
		t.Error("a recovery delay above the contract's")
	}
	poor, err := chain.NewTransactor(p, chain.KeySigner(newKey(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer poor.Close()
	if _, err := chain.Deploy(t.Context(), poor, chain.Deployment{Governance: tr.Address(), RecoveryDelay: time.Hour}); !errors.Is(err, chain.ErrFunds) || apierr.CodeOf(err) != "" {
		t.Errorf("without funds: %v", err)
	}
	p.ChainID = 7
	foreign, err := chain.NewTransactor(p, chain.KeySigner(newKey(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer foreign.Close()
	if _, err := foreign.Send(t.Context(), &common.Address{1}, nil); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Errorf("another chain: %v", err)
	}
}
