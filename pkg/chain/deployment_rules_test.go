package chain_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

// "No answer" is never "no code", and nothing is sent for it.
func TestDeployWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	d := newDeployer(t)
	p, err := d.run(t.Context(), d.wish())
	if err != nil {
		t.Fatal(err)
	}
	d.profile.Contracts = p.Contracts
	was := d.proxy.raw.Load()
	for name, change := range map[string]func(string) string{
		"null": func(b string) string { return strings.Replace(b, `"result":"0x6`, `"result":null,"x":"0x6`, 1) },
		"an error": func(b string) string {
			return cut(b, `"result":"0x6`, `"`, `"error":{"code":-32000,"message":"busy"}`)
		},
		"no batch":  func(string) string { return `[]` },
		"truncated": func(b string) string { return b[:len(b)/2] },
	} {
		q := d.profile
		q.RPC = []string{rewriting(t, d.proxy.url, []string{"eth_getCode"}, change)}
		i := inspector(t, q, time.Now)
		if _, err := i.Plan(t.Context(), d.wallet(), d.wish(), true); apierr.CodeOf(err) != apierr.ChainUnavailable {
			t.Errorf("%s: %v", name, err)
		}
		have, err := i.Contracts(t.Context())
		if apierr.CodeOf(err) != apierr.ChainUnavailable {
			t.Errorf("%s: %v", name, err)
		}
		for _, h := range have {
			if h.State != chain.StateOK && h.State != chain.StateNoAnswer {
				t.Errorf("%s: %s is %q", name, h.Name, h.State)
			}
		}
	}
	if d.proxy.raw.Load() != was {
		t.Error("something was sent")
	}
	if have, err := inspector(t, d.profile, time.Now).Contracts(t.Context()); err != nil || have[0].State != chain.StateOK || have[0].CodeHash == (common.Hash{}) {
		t.Errorf("%+v, %v", have, err)
	}
}

// One of two endpoints says that there is nothing: nobody deploys.
func TestDeployNeedsAgreement(t *testing.T) {
	t.Parallel()
	d := newDeployer(t)
	p, err := d.run(t.Context(), d.wish())
	if err != nil {
		t.Fatal(err)
	}
	d.profile.Contracts = p.Contracts
	good := d.profile.RPC[0]
	lying := rewriting(t, good, []string{"eth_getCode"}, func(b string) string { return cut(b, `"result":"0x6`, `"`, `"result":"0x"`) })
	for _, rpc := range [][]string{{good, lying}, {lying, good}} {
		d.profile.RPC = rpc
		if _, err := d.plan(true); apierr.CodeOf(err) != apierr.ChainUnavailable || !strings.Contains(err.Error(), "disagree about the contracts") {
			t.Error(err)
		}
	}
	d.profile.RPC = []string{good, good}
	if p, err := d.plan(true); err != nil || len(p.Steps) != 0 {
		t.Error(err)
	}
}

// Only what is absent is made, and what would be orphaned is named first.
func TestDeployOnlyWhatIsAbsent(t *testing.T) {
	t.Parallel()
	d := newDeployer(t)
	first, err := d.run(t.Context(), d.wish())
	if err != nil {
		t.Fatal(err)
	}
	// The counter was made last: without its address it is found again.
	d.profile.Contracts = first.Contracts
	d.profile.Contracts.Epoch = common.Address{}
	if p, err := d.plan(false); err != nil || p.Pending() != 0 || p.Contracts != first.Contracts {
		t.Fatal(err)
	}
	tr, err := chain.NewTransactor(d.profile, chain.KeySigner(d.key))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if _, err := tr.Send(t.Context(), &common.Address{1}, nil); err != nil {
		t.Fatal(err)
	}
	nowhere := common.Address{19: 0xaa}
	for name, c := range map[string]struct {
		change         func(*chain.Contracts)
		steps, orphans string
	}{
		"nothing":             {func(*chain.Contracts) {}, "", ""},
		"no epoch counter":    {func(c *chain.Contracts) { c.Epoch = common.Address{} }, "epoch", ""},
		"epoch not there":     {func(c *chain.Contracts) { c.Epoch = nowhere }, "epoch", ""},
		"epoch of other code": {func(c *chain.Contracts) { c.Epoch = c.Scope }, "epoch", "epoch"},
	} {
		d.profile.Contracts = first.Contracts
		c.change(&d.profile.Contracts)
		if _, err := d.plan(false); errors.Is(err, chain.ErrOrphans) != (c.orphans != "") || err != nil && c.orphans == "" {
			t.Fatalf("%s: %v", name, err)
		}
		p, err := d.plan(true)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var steps, orphans []string
		for _, s := range p.Steps {
			steps = append(steps, s.Name)
		}
		for _, o := range p.Orphans {
			orphans = append(orphans, o.Name)
		}
		if strings.Join(steps, " ") != c.steps || strings.Join(orphans, " ") != c.orphans || p.Contracts.Registry != first.Contracts.Registry {
			t.Errorf("%s: steps %v, orphans %v", name, steps, orphans)
		}
	}
	// A registry that is gone takes with it whatever names it.
	d.profile.Contracts = first.Contracts
	d.profile.Contracts.Registry = nowhere
	_, err = d.plan(false)
	if !errors.Is(err, chain.ErrOrphans) || !strings.Contains(err.Error(), "scope at "+first.Contracts.Scope.Hex()) || strings.Contains(err.Error(), "epoch") || strings.Contains(err.Error(), "p256") {
		t.Errorf("%v", err)
	}
}

// Balance comes first, with figures; an old head is no ground to act on.
func TestDeployRefusesFirst(t *testing.T) {
	t.Parallel()
	d := newDeployer(t)
	poor := newKey(t)
	i := inspector(t, d.profile, time.Now)
	p, err := i.Plan(t.Context(), crypto.PubkeyToAddress(poor.PublicKey), d.wish(), false)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Affordable(); !errors.Is(err, chain.ErrFunds) || !strings.Contains(err.Error(), "has 0 ether, the deployment takes up to 0.0") {
		t.Error(err)
	}
	if _, err := i.Deploy(t.Context(), p, chain.KeySigner(poor), d.wish()); !errors.Is(err, chain.ErrFunds) {
		t.Error(err)
	}
	if _, err := i.Deploy(t.Context(), p, chain.KeySigner(d.key), d.wish()); err == nil || !strings.Contains(err.Error(), "another wallet's") {
		t.Error(err)
	}
	late := inspector(t, d.profile, func() time.Time { return time.Now().Add(time.Hour) })
	if _, err := late.Plan(t.Context(), d.wallet(), d.wish(), false); apierr.CodeOf(err) != apierr.ChainStale {
		t.Error(err)
	}
	other := d.profile
	other.ChainID = 5
	if _, err := inspector(t, other, time.Now).Plan(t.Context(), d.wallet(), d.wish(), false); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Error(err)
	}
	if d.proxy.raw.Load() != 0 || d.sent() != 0 {
		t.Error("something was sent")
	}
}

// A part that is made anew asks nothing of what stays: governance may have been
// handed over long ago.
func TestDeployKeepsWhatStays(t *testing.T) {
	t.Parallel()
	d := newDeployer(t)
	other := d.wish()
	other.Governance = common.Address{19: 0x77}
	first, err := d.run(t.Context(), other)
	if err != nil {
		t.Fatal(err)
	}
	d.profile.Contracts = first.Contracts
	d.profile.Contracts.Registry, d.profile.Contracts.Scope, d.profile.Contracts.Audit = common.Address{19: 0xaa}, common.Address{19: 0xab}, common.Address{19: 0xac}
	tr, err := chain.NewTransactor(d.profile, chain.KeySigner(d.key))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if _, err := tr.Send(t.Context(), &common.Address{1}, nil); err != nil {
		t.Fatal(err)
	}
	i := inspector(t, d.profile, time.Now)
	p, err := i.Plan(t.Context(), d.wallet(), d.wish(), false)
	if err != nil || p.Contracts.Epoch != first.Contracts.Epoch || p.Contracts.Registry == first.Contracts.Registry {
		t.Fatalf("%+v, %v", p, err)
	}
	f, err := i.Deploy(t.Context(), p, chain.KeySigner(d.key), d.wish())
	if err != nil || f.Governance != other.Governance {
		t.Fatalf("%+v, %v", f, err)
	}
}

// Amounts are read by people: no tail of zeros, and nothing is rounded away.
func TestEther(t *testing.T) {
	t.Parallel()
	for wei, want := range map[string]string{
		"0": "0 ether", "1": "1 wei", "1000000000": "0.000000001 ether", "1000000000000000000": "1 ether",
		"10500000000000000000": "10.5 ether", "100000000000000000000": "100 ether",
	} {
		n, ok := new(big.Int).SetString(wei, 10)
		if got := chain.Ether(n); !ok || got != want {
			t.Errorf("%s: %s, want %s", wei, got, want)
		}
	}
}

// With a quorum, one endpoint of three may be silent or lie; two may not.
func TestInspectorsQuorum(t *testing.T) {
	t.Parallel()
	d := newDeployer(t)
	p, err := d.run(t.Context(), d.wish())
	if err != nil {
		t.Fatal(err)
	}
	d.profile.Contracts = p.Contracts
	good := d.profile.RPC[0]
	lying := rewriting(t, good, []string{"eth_getCode"}, func(b string) string { return cut(b, `"result":"0x6`, `"`, `"result":"0x"`) })
	const dead = "http://127.0.0.1:1"
	for name, c := range map[string]struct {
		rpc    []string
		quorum int
		want   string
	}{
		"all good":         {[]string{good, good, good}, 2, ""},
		"one silent":       {[]string{good, good, dead}, 2, ""},
		"the first silent": {[]string{dead, good, good}, 2, ""},
		"one lies":         {[]string{lying, good, good}, 2, ""},
		"two silent":       {[]string{good, dead, dead}, 2, "could not be read"},
		"one of each":      {[]string{good, lying, dead}, 2, "disagree about the contracts"},
		"one silent, all":  {[]string{good, good, dead}, 0, "could not be read"},
		"one lies, all":    {[]string{good, good, lying}, 0, "disagree about the contracts"},
	} {
		q := d.profile
		q.RPC, q.Quorum = c.rpc, c.quorum
		i := inspector(t, q, time.Now)
		have, err := i.Contracts(t.Context())
		if c.want == "" {
			if err != nil || have[0].State != chain.StateOK {
				t.Errorf("%s: %+v, %v", name, have, err)
			}
		} else if apierr.CodeOf(err) != apierr.ChainUnavailable || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err := i.Verify(t.Context()); (err == nil) != (name == "all good" || strings.HasSuffix(name, "one silent") || name == "the first silent") {
			t.Errorf("%s: verify: %v", name, err)
		}
	}
	if _, err := chain.NewInspector(chain.Profile{ChainID: 1, RPC: []string{good, good, good}, Quorum: 1, MaxHeadAge: chain.MinHeadAge}, hasty(), time.Now); err == nil {
		t.Error("a quorum of one in three was accepted")
	}
}
