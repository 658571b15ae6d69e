package anchor_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/anchor"
	"github.com/litentry/agentkeys/pkg/journal"
)

// Every call that a batch needs goes wrong once: it is not made, its answer is
// lost, or the process is killed before or after it. Each time the batch ends in
// exactly one anchored root, and no gas was burnt.
func TestFaults(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	seen := everyFault(t, b, l.mine, fault{}, fault{after: true}, fault{kill: true}, fault{after: true, kill: true})
	if l.reverted != 0 {
		t.Errorf("%d were mined in vain", l.reverted)
	}
	for _, c := range []string{
		"Unfinished", "Journal.Head", "Move to submitted", "Move to mined", "Move to confirmed",
		"Head", "BlockAt", "AuditStanding", "Anchored", "Occupancy", "Prepare", "Send", "Lookup",
	} {
		if !seen[c] {
			t.Errorf("%s was never called", c)
		}
	}
}

// fault is how a call goes wrong.
type fault struct{ after, kill bool }

// everyFault runs one batch of the first operator per call and kind of fault. mine
// makes a block. seen are the names of the calls.
func everyFault(t *testing.T, b *bench, mine func(), kinds ...fault) (seen map[string]bool) {
	t.Helper()
	o := b.ops[0]
	seen = map[string]bool{}
	for _, kind := range kinds {
		for n := 1; ; n++ {
			batch := b.build(o, 2)
			a := b.anchorer()
			b.f.arm(n, kind.after, kind.kill)
			for range 6 { // the way of one batch takes four
				_ = a.Pass(context.Background())
				mine()
				b.pass(bumpAfter / 4)
			}
			reached, calls := b.f.clear()
			for _, c := range calls {
				seen[c] = true
			}
			if kind.kill {
				a = b.anchorer()
			}
			b.drain(a, mine)
			b.state(o, batch.Index, journal.Confirmed)
			if !reached {
				break
			}
		}
	}
	b.whole()
	return seen
}

// What loses its block is found again or sent again, wherever it was mined.
func TestReorganisations(t *testing.T) {
	t.Parallel()
	for _, lost := range []bool{false, true} {
		for _, depth := range []int{1, 2} {
			b, l := newFakeBench(t, 1)
			o := b.ops[0]
			b.build(o, 1)
			b.drain(b.anchorer(), l.mine)
			b.conf = 3
			a := b.anchorer()
			for range 2 {
				b.build(o, 1)
			}
			b.step(a, o)
			l.mine()
			b.step(a, o)
			l.mine()
			b.step(a, o)
			b.state(o, 1, journal.Mined)
			b.state(o, 2, journal.Mined)
			l.reorg(depth, lost)
			b.step(a, o)
			if got := b.batch(o, 2).Anchor.State; got != journal.Submitted {
				t.Fatalf("%d, lost %t: %s", depth, lost, got)
			}
			if got := b.batch(o, 1).Anchor.State; (got == journal.Submitted) != (depth == 2) {
				t.Fatalf("%d, lost %t: %s", depth, lost, got)
			}
			b.state(o, 0, journal.Confirmed)
			b.drain(a, l.mine)
			b.whole()
			if l.reverted != 0 {
				t.Errorf("%d, lost %t: %d reverted", depth, lost, l.reverted)
			}
		}
	}
}

// A batch may be mined again in another block before anybody looks.
func TestMinedElsewhere(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	b.conf = 9
	o, a := b.ops[0], b.anchorer()
	b.build(o, 1)
	b.step(a, o)
	l.mine()
	b.step(a, o)
	was := b.state(o, 0, journal.Mined).Anchor
	l.mine()
	l.reorg(2, false)
	l.mine()
	b.step(a, o)
	is := b.state(o, 0, journal.Mined).Anchor
	if is.Tx != was.Tx || is.Block == was.Block || is.BlockHash == was.BlockHash {
		t.Fatalf("%+v, %+v", was, is)
	}
	b.drain(a, l.mine)
	b.whole()
}

// Two that both send, over one journal and with one key, anchor nothing twice.
func TestTwoAnchorers(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 3)
	for range 6 {
		for _, o := range b.ops {
			b.build(o, 1)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 2 {
		a := b.anchorer()
		wg.Go(func() {
			for ctx.Err() == nil {
				_ = a.Pass(ctx)
			}
		})
	}
	for range 2000 {
		l.set((*ledger).mine)
		if len(b.unfinished()) == 0 {
			break
		}
		b.pass(bumpAfter / 16)
	}
	cancel()
	wg.Wait()
	b.drain(b.anchorer(), l.mine)
	b.whole()
}

// Anything may happen at any time: kills, lost answers, reorganisations, prices
// that jump, blocks that stay empty, a chain that is down, batches that are built.
// Afterwards everything is anchored once and in order.
func TestAnything(t *testing.T) {
	t.Parallel()
	const seeds, steps = 60, 60
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 7))
			b, l := newFakeBench(t, 1+r.IntN(3))
			b.conf = uint64(3 + r.IntN(3))
			a := b.anchorer()
			fresh := 0 // blocks since the last reorganisation or restart
			for range steps {
				switch r.IntN(10) {
				case 0:
					b.build(b.ops[r.IntN(len(b.ops))], 1+r.IntN(3))
				case 1:
					b.f.arm(1+r.IntN(12), r.IntN(2) == 0, true)
					_ = a.Pass(t.Context())
					b.f.clear()
					a = b.anchorer()
				case 2:
					b.f.arm(1+r.IntN(12), r.IntN(2) == 0, false)
					_ = a.Pass(t.Context())
					b.f.clear()
				case 3:
					if fresh > int(b.conf) {
						l.reorg(1+r.IntN(int(b.conf)), r.IntN(2) == 0)
						fresh = 0
					}
				case 4:
					l.floor, l.price = int64(1+r.IntN(40))*1e9, int64(1+r.IntN(40))*1e9
				case 5:
					l.swallow = r.IntN(3) == 0
				case 6:
					l.down = r.IntN(3) == 0
				case 7:
					b.pass(time.Duration(r.IntN(3)) * bumpAfter / 2)
				default:
					_ = a.Pass(t.Context())
					l.mine()
					fresh++
				}
			}
			l.swallow, l.down, l.floor, l.price = false, false, 1, 1e9
			b.drain(a, l.mine)
			b.whole()
		})
	}
}

var _ anchor.Journal = (*journal.Journal)(nil)
