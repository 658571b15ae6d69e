package chaintest_test

import (
	"context"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/chaintest"
)

var (
	wallet = common.Address{19: 1}
	agent  = common.Address{19: 2}
)

func TestMemoryAnswersAtBothBlocks(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	m := chaintest.NewMemory()
	op, _ := m.AddMaster(wallet)
	actor, key := m.AddAgent(op, agent)
	q := chain.Query{Operator: op, Actor: actor, Device: key}

	m.Hold()
	m.Revoke(agent)
	p, err := m.State(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	if p.Confirmed.Device.Revoked || !p.Newest.Device.Revoked {
		t.Fatalf("confirmed %+v, newest %+v", p.Confirmed.Device, p.Newest.Device)
	}
	id, err := m.Resolve(ctx, agent)
	if err != nil || id.Confirmed.Status != chain.Active || id.Newest.Status != chain.Revoked {
		t.Fatalf("identity %+v, %v", id, err)
	}
	m.Confirm()
	if p, _ = m.State(ctx, q); !p.Confirmed.Device.Revoked {
		t.Fatal("the confirmed block did not catch up")
	}
	if c := m.Calls(); c.State != 2 || c.Resolve != 1 {
		t.Fatalf("calls %+v", c)
	}
}

func TestMemoryRevealsOnRefresh(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	m := chaintest.NewMemory()
	m.UntilRefresh(func() { m.SetEpoch(2) })
	if p, _ := m.State(ctx, chain.Query{}); p.Newest.Epoch != 1 {
		t.Fatalf("epoch %d before the refresh", p.Newest.Epoch)
	}
	if err := m.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	if p, _ := m.State(ctx, chain.Query{}); p.Newest.Epoch != 2 {
		t.Fatalf("epoch %d after the refresh", p.Newest.Epoch)
	}
}

func TestMemoryFaults(t *testing.T) {
	t.Parallel()
	m := chaintest.NewMemory()
	for _, c := range []struct {
		name string
		set  func()
		want apierr.Code
	}{
		{"well", m.Recover, ""},
		{"unavailable", m.GoUnavailable, apierr.ChainUnavailable},
		{"stale", m.GoStale, apierr.ChainStale},
		{"well again", m.Recover, ""},
	} {
		c.set()
		_, err := m.State(context.Background(), chain.Query{})
		_, rerr := m.Resolve(context.Background(), wallet)
		_, yerr := m.Ready(context.Background())
		for _, e := range []error{err, rerr, yerr, m.Refresh(context.Background())} {
			if apierr.CodeOf(e) != c.want {
				t.Errorf("%s: %v, want %q", c.name, e, c.want)
			}
		}
	}
}

func TestMemoryCounts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	m := chaintest.NewMemory()
	m.SetMaintainer(agent)
	m.Hold()
	m.SetMaintainer(wallet)
	m.SetGovernance(wallet)
	m.SetEpoch(2)
	p, err := m.Counter(ctx)
	if err != nil || p.Confirmed.Epoch != 1 || p.Confirmed.Maintainer != agent || p.Confirmed.Governance == wallet ||
		p.Newest.Epoch != 2 || p.Newest.Maintainer != wallet || p.Newest.Governance != wallet || p.Newest.Block.Number <= p.Confirmed.Block.Number {
		t.Fatalf("%+v, %v", p, err)
	}
	if p.Maintained(wallet) || p.Maintained(agent) {
		t.Error("a maintainer at one block only")
	}
	m.Confirm()
	if p, err = m.Counter(ctx); err != nil || !p.Maintained(wallet) || p.Maintained(agent) {
		t.Errorf("%+v, %v", p, err)
	}
	if c := m.Calls(); c.Counter != 2 || c.Total() != 2 {
		t.Errorf("calls %+v", c)
	}
	m.GoStale()
	if p, err := m.Counter(ctx); apierr.CodeOf(err) != apierr.ChainStale || p != (chain.CounterPair{}) {
		t.Errorf("%+v, %v", p, err)
	}
}
