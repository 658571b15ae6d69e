package chain_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
)

// governor is a wallet's operations beside the stack's contracts.
func (s *stack) governor(t *testing.T, tr *chain.Transactor) *chain.Operations {
	t.Helper()
	cl, err := chain.NewClient(s.profile)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cl.Close() })
	return chain.NewOperations(cl, tr)
}

func TestAdvanceEpoch(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := newStack(t)
	c := s.cache(t, nil)
	if p, err := c.State(ctx, chain.Query{}); err != nil || p.Newest.Epoch != 1 {
		t.Fatalf("%+v, %v", p, err)
	}
	gov, stranger := s.governor(t, s.deploy), s.governor(t, transactor(t, s.profile, newKey(t)))
	if _, err := gov.AdvanceEpoch(ctx, 1); err != nil {
		t.Fatal(err)
	}
	refresh(t, c)
	if p, err := c.State(ctx, chain.Query{}); err != nil || p.Newest.Epoch != 2 || p.Confirmed.Epoch != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	// Whoever repeats, because the answer was lost, learns that it was done.
	_, err := gov.AdvanceEpoch(ctx, 1)
	revert(t, err, "EpochMismatch")
	if !errors.Is(err, chain.ErrAlready) {
		t.Errorf("repeated: %v", err)
	}
	// An epoch that is still to come was not reached by anybody.
	_, err = gov.AdvanceEpoch(ctx, 2+1)
	revert(t, err, "EpochMismatch")
	if errors.Is(err, chain.ErrAlready) {
		t.Errorf("ahead: %v", err)
	}
	_, err = stranger.AdvanceEpoch(ctx, 2)
	revert(t, err, "NotGovernance")
	if errors.Is(err, chain.ErrAlready) {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := gov.AdvanceEpoch(ctx, 2); err != nil {
		t.Fatal(err)
	}
	// Now the chain shows another epoch than the one that was wanted.
	_, err = gov.AdvanceEpoch(ctx, 1)
	revert(t, err, "EpochMismatch")
	if errors.Is(err, chain.ErrAlready) {
		t.Errorf("somebody else moved it on: %v", err)
	}
	refresh(t, c)
	if got := counter(t, c); got.Newest.Epoch != 3 {
		t.Errorf("%+v", got)
	}
}

// The endpoints that must agree may be behind the one that refuses.
func TestAdvanceEpochThatIsNotSeenYet(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	tr := s.deploy
	var mu sync.Mutex // guards what follows
	var old string
	stale := 0 // answers still to be given with the old head
	const start, end = `"result":{`, `}`
	p := s.profile
	p.RPC = []string{rewriting(t, s.chain.URL(), []string{"eth_getBlockByNumber", `"latest"`}, func(b string) string {
		mu.Lock()
		defer mu.Unlock()
		if i := strings.Index(b, start); old == "" && i >= 0 {
			old = b[i : i+strings.Index(b[i:], end)+len(end)]
		}
		if stale == 0 {
			return b
		}
		stale--
		return cut(b, start, end, old)
	})}
	cl, err := chain.NewClient(p)
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	if got, err := cl.Counter(t.Context()); err != nil || got.Epoch != 1 {
		t.Fatal(got, err)
	}
	if _, err := s.governor(t, tr).AdvanceEpoch(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	stale = 3
	mu.Unlock()
	if _, err := chain.NewOperations(cl, tr).AdvanceEpoch(t.Context(), 1); !errors.Is(err, chain.ErrAlready) {
		t.Errorf("not waited for: %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	if stale != 0 {
		t.Errorf("%d stale answers were left", stale)
	}
}

// However often the same step is sent at once, the epoch moves once.
func TestAdvanceEpochAtOnce(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	gov := s.governor(t, s.deploy)
	var mu sync.Mutex // guards sent
	sent := 0
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			_, err := gov.AdvanceEpoch(t.Context(), 1)
			mu.Lock()
			defer mu.Unlock()
			var refused *chain.RevertError
			switch {
			case err == nil:
				sent++
			case !errors.As(err, &refused) || refused.Name != "EpochMismatch":
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got, err := gov.Counter(t.Context()); err != nil || got.Epoch != 2 || sent != 1 {
		t.Errorf("%+v, %v: sent %d times", got, err, sent)
	}
}

func TestGovernanceIsHandedOver(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := newStack(t)
	next := transactor(t, s.profile, newKey(t))
	old, fresh := s.governor(t, s.deploy), s.governor(t, next)
	c := s.cache(t, nil)
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	refused := func(what, name string, already bool, err error) {
		t.Helper()
		revert(t, err, name)
		if errors.Is(err, chain.ErrAlready) != already {
			t.Errorf("%s: %v, already: want %v", what, err, already)
		}
	}
	_, err := fresh.AcceptGovernance(ctx)
	refused("accepting what is not offered", "NotPendingGovernance", false, err)
	_, err = fresh.OfferGovernance(ctx, next.Address())
	refused("offering what one has not", "NotGovernance", false, err)
	_, err = fresh.OfferGovernance(ctx, common.Address{})
	refused("withdrawing what one did not offer", "NotGovernance", false, err)
	_, err = fresh.SetMaintainer(ctx, keeper)
	refused("naming a maintainer without governance", "NotGovernance", false, err)

	_, err = old.OfferGovernance(ctx, next.Address())
	must("offer", err)
	_, err = old.OfferGovernance(ctx, common.Address{})
	must("withdraw", err)
	_, err = fresh.AcceptGovernance(ctx)
	refused("accepting what was withdrawn", "NotPendingGovernance", false, err)
	_, err = old.OfferGovernance(ctx, next.Address())
	must("offer again", err)
	_, err = old.OfferGovernance(ctx, next.Address())
	must("an offer can be repeated", err)
	_, err = old.SetMaintainer(ctx, keeper)
	must("maintainer", err)
	refresh(t, c)
	if got := counter(t, c); !got.Maintained(keeper) || got.Newest.Governance != s.deploy.Address() {
		t.Errorf("offered, not accepted: %+v", got)
	}

	_, err = fresh.AcceptGovernance(ctx)
	must("accept", err)
	_, err = fresh.AcceptGovernance(ctx)
	refused("accepting twice", "NotPendingGovernance", true, err)
	_, err = old.OfferGovernance(ctx, next.Address())
	refused("repeating an offer that was accepted", "NotGovernance", true, err)
	_, err = old.OfferGovernance(ctx, common.Address{})
	refused("withdrawing an offer that was accepted", "NotGovernance", false, err)
	_, err = old.OfferGovernance(ctx, keeper)
	refused("offering what one has given away", "NotGovernance", false, err)
	_, err = old.SetMaintainer(ctx, keeper)
	refused("naming who is named", "NotGovernance", true, err)
	_, err = old.SetMaintainer(ctx, nextKeeper)
	refused("naming another", "NotGovernance", false, err)
	_, err = old.AdvanceEpoch(ctx, 1)
	refused("advancing", "NotGovernance", false, err)

	_, err = fresh.SetMaintainer(ctx, common.Address{})
	must("nobody", err)
	refresh(t, c)
	if got := counter(t, c); got.Newest.Maintainer != (common.Address{}) || got.Newest.Governance != next.Address() {
		t.Errorf("%+v", got)
	}
}

// A multisig sends what a dry run shows.
func TestGovernanceIsPlanned(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	cl, err := chain.NewClient(s.profile)
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	dry := chain.NewOperations(cl, nil)
	b := bindings.NewK3EpochCounter()
	for name, c := range map[string]struct {
		do   func(*chain.Operations) error
		want []byte
	}{
		"advance": {func(o *chain.Operations) error { _, err := o.AdvanceEpoch(t.Context(), 7); return err }, b.PackAdvanceEpoch(7)},
		"offer":   {func(o *chain.Operations) error { _, err := o.OfferGovernance(t.Context(), keeper); return err }, b.PackOfferGovernance(keeper)},
		"withdraw": {func(o *chain.Operations) error {
			_, err := o.OfferGovernance(t.Context(), common.Address{})
			return err
		}, b.PackOfferGovernance(common.Address{})},
		"accept":   {func(o *chain.Operations) error { _, err := o.AcceptGovernance(t.Context()); return err }, b.PackAcceptGovernance()},
		"maintain": {func(o *chain.Operations) error { _, err := o.SetMaintainer(t.Context(), keeper); return err }, b.PackSetMaintainer(keeper)},
	} {
		call, err := dry.Plan(c.do)
		if err != nil || call.To != s.profile.Contracts.Epoch || !bytes.Equal(call.Data, c.want) {
			t.Errorf("%s: %+v, %v", name, call, err)
		}
	}
	if got, err := cl.Counter(t.Context()); err != nil || got.Epoch != 1 {
		t.Errorf("a plan was sent: %+v, %v", got, err)
	}
	// What it shows can be sent by whoever governs.
	call, err := dry.Plan(func(o *chain.Operations) error { _, err := o.AdvanceEpoch(t.Context(), 1); return err })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.deploy.Send(t.Context(), &call.To, call.Data); err != nil {
		t.Fatal(err)
	}
	if got, err := cl.Counter(t.Context()); err != nil || got.Epoch != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}
