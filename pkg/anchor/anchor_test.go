package anchor_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/anchor"
	"github.com/litentry/agentkeys/pkg/apierr"
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

// What was moved by somebody else meanwhile is no fault, and nothing is sent.
func TestMovedMeanwhile(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	o := b.ops[0]
	m := b.build(o, 1)
	a := b.anchorer(func(c *anchor.Config) {
		c.Lead = func(context.Context) (bool, error) {
			return true, b.j.Move(context.Background(), o, 0, m.Anchor, journal.Anchor{State: journal.Submitted, Tx: [32]byte{1}})
		}
	})
	b.step(a, o)
	if l.sent != 0 || b.batch(o, 0).Anchor.Tx != [32]byte{1} {
		t.Errorf("%d sent, %+v", l.sent, b.batch(o, 0))
	}
	b.drain(b.anchorer(), l.mine)
	b.whole()
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
	for _, lead = range []bool{false, true} {
		if err := follower.Step(t.Context(), o); !errors.Is(err, errLost) || l.sent != 0 {
			t.Fatal(err)
		}
	}
	fault, lead = nil, false
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
