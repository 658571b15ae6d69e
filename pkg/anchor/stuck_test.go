package anchor_test

import (
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/journal"
)

// What waits too long is replaced by a dearer one with the same nonce, up to a
// limit; whichever is mined is found.
func TestStuck(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	o, a := b.ops[0], b.anchorer()
	b.build(o, 1)
	l.floor = 1e12 // blocks take nothing for less
	b.step(a, o)
	first := b.batch(o, 0).Anchor.Tx
	l.mine()
	b.pass(bumpAfter - time.Second)
	b.step(a, o)
	if got := b.batch(o, 0).Anchor.Tx; got != first || l.sent != 1 {
		t.Fatal("replaced too early")
	}
	b.pass(time.Second)
	b.step(a, o)
	second := b.batch(o, 0).Anchor.Tx
	old, dear := l.pool[0], l.all[second]
	if second == first || len(l.pool) != 1 || old.Hash() != common.Hash(second) || dear.Nonce() != 0 || dear.GasTipCap().Int64() < 1_125_000_000 || dear.GasFeeCap().Int64() < 2_250_000_000 {
		t.Fatalf("%v, pool %v", dear, l.pool)
	}
	// To the end of what is paid at most; then the dearest goes on waiting.
	var err error
	for range 60 {
		l.mine()
		b.pass(bumpAfter)
		if err = a.Step(t.Context(), o); err != nil {
			break
		}
	}
	if !errors.Is(err, chain.ErrFee) || !errors.Is(a.Status()[0].Reason, chain.ErrFee) || l.pool[0].GasFeeCap().Cmp(big.NewInt(500e9)) > 0 {
		t.Fatalf("%v, %v", err, l.pool[0].GasFeeCap())
	}
	// The endpoint loses it: it is sent again, since there can be no dearer one.
	dearest := l.pool[0]
	l.pool, l.all = map[uint64]*types.Transaction{}, map[common.Hash]*types.Transaction{}
	if err := a.Step(t.Context(), o); !errors.Is(err, chain.ErrFee) || l.pool[0] == nil || l.pool[0].Hash() != dearest.Hash() {
		t.Fatalf("%v, %v", err, l.pool)
	}
	l.floor = 1
	b.drain(a, l.mine)
	b.whole()
	if l.reverted != 0 || l.top().nonce != 1 {
		t.Errorf("%d reverted, nonce %d", l.reverted, l.top().nonce)
	}
}

// The cheaper one may win after all.
func TestReplacedThatWins(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	o, a := b.ops[0], b.anchorer()
	b.build(o, 1)
	b.step(a, o)
	first := b.batch(o, 0).Anchor.Tx
	cheap := l.pool[0]
	b.pass(bumpAfter)
	b.step(a, o)
	if b.batch(o, 0).Anchor.Tx == first {
		t.Fatal("not replaced")
	}
	l.pool[0] = cheap
	b.drain(a, l.mine)
	if got := b.batch(o, 0).Anchor.Tx; got != first {
		t.Errorf("%x", got)
	}
	b.whole()
}

// An endpoint may take a transaction and forget it.
func TestSwallowed(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	o, a := b.ops[0], b.anchorer()
	b.build(o, 1)
	l.swallow = true
	b.step(a, o)
	first := b.batch(o, 0).Anchor.Tx
	l.swallow = false
	b.step(a, o) // the same one, again
	if b.batch(o, 0).Anchor.Tx != first || l.sent != 1 {
		t.Fatalf("%d sent", l.sent)
	}
	b.drain(a, l.mine)
	b.whole()
}

// After a restart it is not known what waits: it is given time, then replaced.
func TestUnknownThatWaits(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 2)
	x, y := b.ops[0], b.ops[1]
	b.build(x, 1)
	b.step(b.anchorer(), x)
	l.floor = 100e9
	b.build(y, 1)
	a := b.anchorer()
	b.step(a, y) // the nonce is taken, by whatever it is
	b.state(y, 0, journal.Built)
	b.step(a, x) // it is known now
	b.step(a, y)
	b.state(y, 0, journal.Built)
	b.pass(bumpAfter)
	b.step(a, y) // its own operator's turn
	b.state(y, 0, journal.Built)
	b.pass(bumpAfter)
	b.step(a, y)
	b.state(y, 0, journal.Submitted)
	l.floor = 1
	b.drain(a, l.mine)
	b.whole()
	if l.reverted != 0 {
		t.Errorf("%d reverted", l.reverted)
	}
}

// A node that wants more than was offered is offered more.
func TestUnderpriced(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	o := b.ops[0]
	b.build(o, 1)
	l.price = 20e9
	b.step(b.anchorer(), o)
	delete(l.all, b.batch(o, 0).Anchor.Tx) // the node does not say what it is
	l.price, l.floor = 1e9, 40e9
	a := b.anchorer()
	b.step(a, o)
	b.pass(2 * bumpAfter)
	if err := a.Step(t.Context(), o); !errors.Is(err, chain.ErrUnderpriced) {
		t.Fatal(err)
	}
	for range 60 {
		if err := a.Step(t.Context(), o); err == nil {
			break
		} else if !errors.Is(err, chain.ErrUnderpriced) {
			t.Fatal(err)
		}
	}
	if l.pool[0].GasTipCap().Int64() < 22e9 {
		t.Fatal(l.pool[0].GasTipCap())
	}
	b.drain(a, l.mine)
	b.whole()
}

// Whoever was the relayer leaves the nonce to the others.
func TestRelayerNoMore(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 2)
	x, y, a := b.ops[0], b.ops[1], b.anchorer()
	b.build(x, 1)
	b.build(y, 1)
	l.floor = 2e9
	b.step(a, x)
	delete(l.relayers, x)
	if err := a.Step(t.Context(), x); err == nil {
		t.Fatal("still the relayer")
	}
	b.step(a, y)
	if tx := l.pool[0]; tx == nil || common.Hash(b.state(y, 0, journal.Submitted).Anchor.Tx) != tx.Hash() {
		t.Fatal("the nonce was not taken over")
	}
}

// What somebody else anchored leaves the nonce to the others, although its
// transaction still waits.
func TestAnchoredBySomebodyElse(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 2)
	x, y, a := b.ops[0], b.ops[1], b.anchorer()
	m := b.build(x, 1)
	b.build(y, 1)
	l.floor = 1e12
	b.step(a, x)
	l.foreign(x, m.Root, m.Count) // by the wallet
	b.step(a, y)
	b.state(y, 0, journal.Built)
	b.step(a, x)
	b.state(x, 0, journal.Mined)
	b.step(a, y)
	if tx := l.pool[0]; common.Hash(b.state(y, 0, journal.Submitted).Anchor.Tx) != tx.Hash() {
		t.Fatal("the nonce was not taken over")
	}
	l.floor = 1
	b.drain(a, l.mine)
	b.whole()
	if l.reverted != 0 {
		t.Errorf("%d reverted", l.reverted)
	}
}

// A transaction that comes too late for its nonce is no fault.
func TestNonceUsedMeanwhile(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	o := b.ops[0]
	check := b.sends
	b.sends = func(tx *types.Transaction) {
		check(tx)
		l.set(func(l *ledger) { // another process was faster
			if l.top().nonce == 0 {
				l.pool[0] = tx
				l.mine()
			}
		})
	}
	a := b.anchorer()
	b.build(o, 1)
	b.step(a, o)
	b.drain(a, l.mine)
	b.whole()
	if l.sent != 0 {
		t.Errorf("%d sent", l.sent)
	}
}

// Who asks is ahead of who is asked: what was mined already is not sent again.
func TestEndpointAhead(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	o, a := b.ops[0], b.anchorer()
	b.build(o, 1)
	b.step(a, o)
	l.mine()
	l.lag = 1
	if err := a.Step(t.Context(), o); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Fatal(err)
	}
	l.lag = 0
	b.drain(a, l.mine)
	b.whole()
	if l.sent != 1 || l.reverted != 0 {
		t.Errorf("%d sent, %d reverted", l.sent, l.reverted)
	}
}
