package anchor_test

import (
	"context"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/anchor"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

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

// The status names those whose batches are unfinished, and nobody else.
func TestStatus(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 2)
	x, y := b.ops[0], b.ops[1]
	none := omni.Operator{}
	list := []omni.Operator{y, none, x, x}
	a := b.anchorer(func(c *anchor.Config) {
		c.Operators = func(context.Context) ([]omni.Operator, error) { return list, nil }
	})
	b.build(x, 1)
	b.build(y, 1)
	b.build(y, 1)
	if err := a.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := a.Status()
	if len(s) != 2 || s[0].Operator == s[1].Operator || s[0].Unfinished+s[1].Unfinished != 3 {
		t.Fatalf("%+v", s)
	}
	l.down = true
	if err := a.Pass(t.Context()); apierr.CodeOf(err) != apierr.ChainUnavailable || len(a.Status()) != 2 || a.Status()[0].Reason == nil {
		t.Fatalf("%v, %+v", err, a.Status())
	}
	list = list[:1]
	if err := a.Pass(t.Context()); err == nil || len(a.Status()) != 1 || a.Status()[0].Operator != y {
		t.Fatalf("%v, %+v", err, a.Status())
	}
	broken := errors.New("the database is away")
	a = b.anchorer(func(c *anchor.Config) {
		c.Operators = func(context.Context) ([]omni.Operator, error) { return nil, broken }
	})
	if err := a.Pass(t.Context()); !errors.Is(err, broken) {
		t.Fatal(err)
	}
}
