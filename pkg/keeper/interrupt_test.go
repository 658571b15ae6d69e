package keeper_test

import (
	"context"
	"testing"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/keys"
)

// struck is one run of a rotation as a process of its own: it dials, rotates,
// and is ended where s says.
func (k *kit) struck(s *strike, via *chainProxy, target uint64, hosts ...*host) error {
	k.t.Helper()
	var ctx context.Context
	ctx, s.cancel = context.WithCancel(k.t.Context())
	defer s.cancel()
	via.current.Store(s)
	defer via.current.Store(nil)
	signers, err := k.dialAll(ctx, s.web(posts), hosts...)
	if err != nil {
		return err
	}
	on := k.operations(nil, via.url)
	r := keeper.Rotation{Chain: on.Client, Operations: on, Signers: signers, Step: s.step}
	_, err = r.Run(ctx, target)
	return err
}

// TestRotateInterrupted ends a rotation at every request and step that it has,
// and runs it again: no epoch is lost, skipped or made twice, and what was
// sealed before stays readable everywhere.
func TestRotateInterrupted(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 3} {
		t.Run(map[int]string{1: "one signer", 3: "three signers"}[n], func(t *testing.T) {
			t.Parallel()
			k := newKit(t)
			hosts, via := k.hosts(n), newChainProxy(t, k.Profile.Chain.RPC[0])
			type object struct {
				request keys.Request
				sealed  []byte
			}
			var old []object
			target := uint64(1)
			everywhere(t, func(t *testing.T, s *strike) {
				if target++; len(old) < 8 { // enough to look at in every round
					r, o := sealed(t, hosts[0])
					old = append(old, object{r, o})
				}
				err := k.struck(s, via, target, hosts...)
				if !s.hit && err != nil {
					t.Fatalf("without an interruption: %v", err)
				}
				if got := k.epoch(); got != target && got != target-1 {
					t.Fatalf("struck on the way from %d to %d the chain is at %d", target-1, target, got)
				}
				if err := k.struck(&strike{}, via, target, hosts...); err != nil {
					t.Fatalf("run again after moment %d (after: %v): %v", s.at, s.after, err)
				}
				if got := k.epoch(); got != target {
					t.Fatalf("the chain is at %d, not %d", got, target)
				}
				// A run that finds the chain moved already has waited for the signers too.
				same(t, target, hosts...)
				for _, o := range old {
					opens(t, hosts[len(hosts)-1], o.request, o.sealed)
				}
			})
		})
	}
}

// TestRotateStopsAtEachStep: a Step that ends the program, in a rotation of
// three epochs at once.
func TestRotateStopsAtEachStep(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	own := k.dial(nil)
	run := func(target uint64, stopAt int) (steps int, err error) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		r := keeper.Rotation{Chain: k.chain, Operations: k.operations(nil, ""), Signers: []*keeper.Signer{own}, Step: func(string) {
			if steps++; steps == stopAt {
				cancel()
			}
		}}
		_, err = r.Run(ctx, target)
		return steps, err
	}
	target := uint64(4)
	all, err := run(target, 0)
	check(t, err)
	if all != 6 {
		t.Errorf("three epochs took %d steps", all)
	}
	for stopAt := 1; stopAt <= all; stopAt++ {
		target += 3
		if _, err := run(target, stopAt); err == nil {
			t.Errorf("stopped at step %d it went on", stopAt)
		}
		before := k.epoch()
		if steps, err := run(target, 0); err != nil || steps != 2*int(target-before) {
			t.Errorf("again after step %d, from %d to %d: %d steps, %v", stopAt, before, target, steps, err)
		}
		st := must[chain.Counter](t)(k.chain.Counter(t.Context()))
		if uint64(st.Epoch) != target {
			t.Errorf("the chain is at %d, not %d", st.Epoch, target)
		}
	}
}
