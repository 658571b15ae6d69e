package anchor_test

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/anchor"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

func TestNew(t *testing.T) {
	t.Parallel()
	l := newLedger()
	good := anchor.Config{
		Journal: &journal.Journal{}, Chain: l, Operators: func(context.Context) ([]omni.Operator, error) { return nil, nil }, Now: time.Now,
	}
	for name, c := range map[string]struct {
		change func(*anchor.Config)
		ok     bool
	}{
		"complete":      {func(*anchor.Config) {}, true},
		"no journal":    {func(c *anchor.Config) { c.Journal = nil }, false},
		"no chain":      {func(c *anchor.Config) { c.Chain = nil }, false},
		"no operators":  {func(c *anchor.Config) { c.Operators = nil }, false},
		"no clock":      {func(c *anchor.Config) { c.Now = nil }, false},
		"negative time": {func(c *anchor.Config) { c.BumpAfter = -1 }, false},
	} {
		cfg := good
		c.change(&cfg)
		if _, err := anchor.New(cfg); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The way of one batch, step by step.
func TestOneBatch(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	o, a := b.ops[0], b.anchorer()
	b.step(a, o) // nothing to do
	b.build(o, 3)
	b.step(a, o)
	sent := b.state(o, 0, journal.Submitted)
	if l.all[sent.Anchor.Tx] == nil {
		t.Fatal("not sent")
	}
	if s := a.Status(); len(s) != 1 || s[0].Operator != o || s[0].Unfinished != 1 || s[0].Oldest != 0 || !s[0].Since.Equal(b.now()) || s[0].Reason != nil {
		t.Fatalf("%+v", s)
	}
	b.step(a, o)
	l.mine()
	b.step(a, o)
	mined := b.state(o, 0, journal.Mined)
	if mined.Anchor.Tx != sent.Anchor.Tx || mined.Anchor.BlockHash != l.top().hash {
		t.Fatalf("%+v", mined)
	}
	l.mine()
	b.step(a, o)
	b.state(o, 0, journal.Mined) // a block short
	l.mine()
	b.step(a, o)
	b.state(o, 0, journal.Confirmed)
	if s := a.Status(); len(s) != 0 || l.sent != 1 {
		t.Fatalf("%+v, %d sent", s, l.sent)
	}
	b.whole()
}

// A backlog drains in order; operators take turns.
func TestBacklog(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 3)
	for range 4 {
		for _, o := range b.ops {
			b.build(o, 2)
		}
	}
	a := b.anchorer()
	var turns []omni.Operator
	b.drain(a, func() {
		l.mine()
		for _, tx := range l.top().txs {
			o, _, _ := decode(tx.Data())
			turns = append(turns, o)
		}
	})
	b.whole()
	if len(turns) != 12 || l.reverted != 0 || l.sent != 12 {
		t.Fatalf("%d blocks, %d reverted, %d sent", len(turns), l.reverted, l.sent)
	}
	for round := range slices.Chunk(turns, 3) {
		if round[0] == round[1] || round[1] == round[2] || round[0] == round[2] {
			t.Fatalf("somebody had two turns: %v", turns)
		}
	}
}

// Without an answer nothing moves; appending goes on; the backlog drains.
func TestChainDownForAnHour(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 2)
	a := b.anchorer()
	b.build(b.ops[0], 1)
	b.step(a, b.ops[0])
	was := b.batch(b.ops[0], 0)
	l.set(func(l *ledger) { l.down = true })
	for range 60 {
		b.pass(time.Minute)
		for _, o := range b.ops {
			b.build(o, 3)
		}
		if err := a.Pass(t.Context()); apierr.CodeOf(err) != apierr.ChainUnavailable {
			t.Fatal(err)
		}
	}
	if got := b.batch(b.ops[0], 0); got != was {
		t.Fatalf("%+v", got)
	}
	s := a.Status()
	if len(s) != 2 || apierr.CodeOf(s[0].Reason) != apierr.ChainUnavailable || apierr.CodeOf(s[1].Reason) != apierr.ChainUnavailable {
		t.Fatalf("%+v", s)
	}
	l.set(func(l *ledger) { l.down = false })
	b.drain(a, l.mine)
	b.whole()
	if l.reverted != 0 {
		t.Errorf("%d reverted", l.reverted)
	}
}

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

func TestForeignRoots(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		plant        func(*ledger, omni.Operator, journal.Batch)
		index        uint64
		ours, theirs bool
	}{
		"the same root": {func(l *ledger, o omni.Operator, m journal.Batch) { l.foreign(o, m.Root, m.Count) }, 0, false, false},
		"another root":  {func(l *ledger, o omni.Operator, m journal.Batch) { l.foreign(o, [32]byte{9}, m.Count) }, 0, true, true},
		"another count": {func(l *ledger, o omni.Operator, m journal.Batch) { l.foreign(o, m.Root, m.Count+1) }, 0, true, true},
		"a root of no batch": {func(l *ledger, o omni.Operator, m journal.Batch) {
			l.foreign(o, m.Root, m.Count)
			l.foreign(o, [32]byte{9}, 1)
		}, 1, false, true},
	} {
		b, l := newFakeBench(t, 2)
		a, bad, good := b.anchorer(), b.ops[0], b.ops[1]
		mine := b.build(bad, 2)
		b.build(good, 2)
		c.plant(l, bad, mine)
		err := a.Step(t.Context(), bad)
		if !c.theirs {
			if err != nil || len(a.Foreign()) != 0 {
				t.Fatalf("%s: %v", name, err)
			}
			b.drain(a, l.mine)
			b.whole()
			continue
		}
		var f *anchor.Foreign
		if !errors.As(err, &f) || f.Operator != bad || f.Index != c.index || f.Theirs == [32]byte{} || (f.Ours == mine.Root) != c.ours || !strings.Contains(err.Error(), "a root that no journal explains") {
			t.Fatalf("%s: %v", name, err)
		}
		b.build(bad, 1)
		for range 10 { // the other one goes on
			err = a.Pass(t.Context())
			l.mine()
		}
		if !errors.As(err, &f) || len(a.Foreign()) != 1 || a.Foreign()[0].Operator != bad {
			t.Fatalf("%s: %v, %+v", name, err, a.Foreign())
		}
		b.state(good, 0, journal.Confirmed)
		for _, blk := range l.blocks {
			for _, tx := range blk.txs {
				if o, _, _ := decode(tx.Data()); o == bad {
					t.Errorf("%s: something was sent", name)
				}
			}
		}
	}
}

func TestReasons(t *testing.T) {
	t.Parallel()
	notNamed := func(err error) bool {
		var n *anchor.NotRelayer
		return errors.As(err, &n) && n.Account == relayerAt
	}
	for name, c := range map[string]struct {
		wrong, right func(b *bench, l *ledger)
		want         func(error) bool
	}{
		"not the relayer": {
			func(b *bench, l *ledger) { delete(l.relayers, b.ops[0]) },
			func(b *bench, l *ledger) { l.relayers[b.ops[0]] = relayerAt }, notNamed,
		},
		"another is": {
			func(b *bench, l *ledger) { l.relayers[b.ops[0]] = common.Address{1} },
			func(b *bench, l *ledger) { l.relayers[b.ops[0]] = relayerAt }, notNamed,
		},
		"no money": {
			func(_ *bench, l *ledger) { l.balance = big.NewInt(1) },
			func(_ *bench, l *ledger) { l.balance = big.NewInt(1e18) },
			func(err error) bool { return errors.Is(err, chain.ErrFunds) },
		},
		"a price beyond reason": {
			func(_ *bench, l *ledger) { l.price = 900e9 },
			func(_ *bench, l *ledger) { l.price = 1e9 },
			func(err error) bool { return errors.Is(err, chain.ErrFee) },
		},
		"the batches were confirmed elsewhere": {
			func(b *bench, l *ledger) {
				m := b.batch(b.ops[0], 0)
				sent := journal.Anchor{State: journal.Mined, Tx: [32]byte{1}, Block: 1, BlockHash: [32]byte{1}}
				done := sent
				done.State = journal.Confirmed
				if err := errors.Join(b.j.Move(context.Background(), m.Operator, 0, m.Anchor, sent), b.j.Move(context.Background(), m.Operator, 0, sent, done)); err != nil {
					b.t.Fatal(err)
				}
				b.build(b.ops[0], 1)
			}, nil,
			func(err error) bool { return errors.Is(err, anchor.ErrBehind) },
		},
	} {
		b, l := newFakeBench(t, 1)
		a, o := b.anchorer(), b.ops[0]
		b.build(o, 1)
		c.wrong(b, l)
		for range 3 {
			if err := a.Step(t.Context(), o); !c.want(err) || !c.want(a.Status()[0].Reason) {
				t.Fatalf("%s: %v, %+v", name, err, a.Status())
			}
			l.mine()
		}
		if l.sent != 0 || l.reverted != 0 {
			t.Errorf("%s: %d sent", name, l.sent)
		}
		if c.right != nil {
			c.right(b, l)
			b.drain(a, l.mine)
			b.whole()
		}
	}
	b, _ := newFakeBench(t, 1)
	if err := b.anchorer().Step(t.Context(), omni.Operator{}); err == nil {
		t.Error("batches of nobody")
	}
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

// What is watched only is anchored by somebody else, and found.
func TestWatchOnly(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	o := b.ops[0]
	a := b.anchorer(func(c *anchor.Config) { c.Relay = nil })
	for i := range uint64(3) {
		m := b.build(o, 2)
		b.step(a, o)
		b.state(o, i, journal.Built)
		l.foreign(o, m.Root, m.Count)
		b.step(a, o)
		b.state(o, i, journal.Mined)
	}
	l.mine()
	b.drain(a, l.mine)
	b.whole()
	if l.sent != 0 {
		t.Errorf("%d sent", l.sent)
	}
}

// Only who has the lead sends; the others see what is there.
func TestLead(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	o, lead := b.ops[0], false
	errLost := errors.New("the lease cannot be asked")
	var fault error
	follower := b.anchorer(func(c *anchor.Config) { c.Lead = func(context.Context) (bool, error) { return lead, fault } })
	b.build(o, 1)
	b.step(follower, o)
	fault = errLost
	if err := follower.Step(t.Context(), o); !errors.Is(err, errLost) {
		t.Fatal(err)
	}
	fault = nil
	b.state(o, 0, journal.Built)
	b.step(b.anchorer(), o)
	l.mine()
	b.step(follower, o)
	b.state(o, 0, journal.Mined)
	b.build(o, 1)
	lead = true
	b.drain(follower, l.mine)
	b.whole()
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

func TestRun(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	wake, done := make(chan time.Time), make(chan struct{})
	asked := make(chan struct{}, 100)
	a := b.anchorer(func(c *anchor.Config) {
		c.Wake = wake
		list := c.Operators
		c.Operators = func(ctx context.Context) ([]omni.Operator, error) {
			asked <- struct{}{}
			return list(ctx)
		}
	})
	b.build(b.ops[0], 1)
	go func() { a.Run(t.Context()); close(done) }()
	<-asked
	for range 5 {
		wake <- time.Time{} // taken when the pass before has ended
		<-asked
		l.set((*ledger).mine)
	}
	close(wake)
	<-done
	b.drain(a, l.mine)
	b.whole()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b.anchorer().Run(ctx) // without Wake it ends with its context
}
