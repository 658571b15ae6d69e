package chain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
)

var keeper, nextKeeper = common.Address{19: 0x11}, common.Address{19: 0x12}

func counter(t *testing.T, c *chain.Cache) chain.CounterPair {
	t.Helper()
	p, err := c.Counter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The counter costs one batch, then nothing until a log names the contracts.
func TestCounterIsKept(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	f.mine(func(b *fakeBlock) { b.epoch, b.maintainer = 3, keeper })
	c := newCache(t, p, nil)
	refresh(t, c)
	before := c.Stats()
	got := counter(t, c)
	if got.Newest.Epoch != 3 || got.Newest.Governance != fakeGovernance || got.Newest.Maintainer != keeper || got.Confirmed != got.Newest || got.Newest.Block.Number != 1 {
		t.Fatalf("%+v", got)
	}
	cold := c.Stats()
	if cold.Reads-before.Reads != 1 || f.count("call") != 3 {
		t.Fatalf("a cold counter cost %+v after %+v, %d calls", cold, before, f.count("call"))
	}
	for range 100 {
		counter(t, c)
	}
	if warm := c.Stats(); !warmIsFree(cold, warm) {
		t.Fatalf("100 warm counters cost %+v after %+v", warm, cold)
	}
	// What no log names is not read again, and holds at today's head.
	f.mine(func(b *fakeBlock) { b.maintainer = nextKeeper })
	refresh(t, c)
	if got := counter(t, c); got.Newest.Maintainer != keeper || got.Newest.Block.Number != 2 {
		t.Fatalf("%+v", got)
	}
	f.mine(func(b *fakeBlock) { b.touch, b.maintainer = true, common.Address{} })
	refresh(t, c)
	if got := counter(t, c); got.Newest.Maintainer != (common.Address{}) || got.Maintained(common.Address{}) {
		t.Fatalf("%+v", got)
	}
}

// A maintainer is one only when both blocks name it.
func TestCounterAtBothBlocks(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	p.Confirmations = 2
	for range 4 {
		f.mine(func(b *fakeBlock) { b.maintainer = keeper })
	}
	c := newCache(t, p, nil)
	if got := counter(t, c); !got.Maintained(keeper) {
		t.Fatalf("%+v", got)
	}
	f.mine(func(b *fakeBlock) { b.touch, b.maintainer, b.epoch = true, nextKeeper, 2 })
	refresh(t, c)
	if got := counter(t, c); got.Maintained(keeper) || got.Maintained(nextKeeper) || got.Confirmed.Epoch != 1 || got.Newest.Epoch != 2 ||
		got.Newest.Block.Number != got.Confirmed.Block.Number+2 {
		t.Fatalf("%+v", got)
	}
	f.mine(nil)
	f.mine(nil)
	refresh(t, c)
	if got := counter(t, c); got.Maintained(keeper) || !got.Maintained(nextKeeper) || got.Confirmed.Epoch != 2 {
		t.Fatalf("%+v", got)
	}
}

// The epoch never moves down, whichever question saw it first.
func TestCounterEpochNeverMovesDown(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]func(*chain.Cache) error{
		"seen by the counter": func(c *chain.Cache) error { _, err := c.Counter(t.Context()); return err },
		"seen by a state":     func(c *chain.Cache) error { _, err := c.State(t.Context(), chain.Query{}); return err },
	} {
		f, p := newFake(t)
		c := newCache(t, p, nil)
		f.mine(func(b *fakeBlock) { b.touch, b.epoch = true, 3 })
		refresh(t, c)
		if err := first(c); err != nil {
			t.Fatal(err)
		}
		f.reorg(1)
		f.mine(nil)
		refresh(t, c)
		if got := counter(t, c); got.Newest.Epoch != 3 || got.Confirmed.Epoch != 3 {
			t.Errorf("%s: %+v", name, got)
		}
		if got, err := c.State(t.Context(), chain.Query{}); err != nil || got.Newest.Epoch != 3 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// What was read before a change came is answered but not kept.
func TestOvertakenCounterIsNotKept(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	f.mine(func(b *fakeBlock) { b.maintainer = keeper })
	c := newCache(t, p, nil)
	refresh(t, c)
	f.set(func(fk *fake) {
		fk.middle = func() {
			f.mine(func(b *fakeBlock) { b.touch, b.maintainer = true, nextKeeper })
			if err := c.Refresh(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
	counter(t, c)
	if got := counter(t, c); !got.Maintained(nextKeeper) {
		t.Fatalf("an overtaken counter was kept: %+v", got)
	}
}

func TestMalformedCounter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method string
		damage func([]byte) []byte
	}{
		"epoch zero":             {"currentEpoch", func(b []byte) []byte { clear(b); return b }},
		"an epoch beyond uint32": {"currentEpoch", func(b []byte) []byte { b[27] = 1; return b }},
		"nobody governs":         {"signerGovernance", func(b []byte) []byte { clear(b); return b }},
		"a governance that is no address": {"signerGovernance", func(b []byte) []byte {
			b[0] = 1
			return b
		}},
		"a maintainer that is no address": {"maintainer", func(b []byte) []byte { b[11] = 1; return b }},
		"a short maintainer":              {"maintainer", func(b []byte) []byte { return b[:20] }},
		"a long maintainer":               {"maintainer", func(b []byte) []byte { return append(b, make([]byte, 32)...) }},
		"no code":                         {"maintainer", func([]byte) []byte { return []byte{} }},
	} {
		f, p := newFake(t)
		cache := newCache(t, p, nil)
		f.set(func(f *fake) {
			f.damage = func(m string, out []byte) []byte {
				if m == c.method {
					return c.damage(slices.Clone(out))
				}
				return out
			}
		})
		if got, err := cache.Counter(t.Context()); apierr.CodeOf(err) != apierr.ChainUnavailable || got != (chain.CounterPair{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		f.set(func(f *fake) { f.damage = nil })
		counter(t, cache)
	}
}

// Two endpoints that name different maintainers close the view; a quorum
// outvotes one that lies.
func TestCounterNeedsAgreement(t *testing.T) {
	t.Parallel()
	lie := func(m string, out []byte) []byte {
		if m != "maintainer" {
			return out
		}
		return common.LeftPadBytes(nextKeeper.Bytes(), 32)
	}
	for _, n := range []int{2, 3} {
		var all []*fake
		f, p := newFake(t)
		f.mine(func(b *fakeBlock) { b.maintainer = keeper })
		all = append(all, f)
		for range n - 1 {
			g, q := newFake(t)
			g.set(func(g *fake) { g.blocks = slices.Clone(f.blocks) })
			all, p.RPC = append(all, g), append(p.RPC, q.RPC...)
		}
		p.Quorum = n/2 + 1
		c := newCache(t, p, nil)
		if !counter(t, c).Maintained(keeper) {
			t.Fatal("the twin: they agree")
		}
		all[1].set(func(f *fake) { f.damage = lie })
		all[0].mine(func(b *fakeBlock) { b.touch, b.epoch = true, 2 })
		for _, g := range all[1:] {
			g.set(func(g *fake) { g.blocks = slices.Clone(all[0].blocks) })
		}
		refresh(t, c)
		got, err := c.Counter(t.Context())
		switch {
		case n == 3 && (err != nil || !got.Maintained(keeper)):
			t.Errorf("one of three lies: %+v, %v", got, err)
		case n == 2 && (apierr.CodeOf(err) != apierr.ChainUnavailable || got != chain.CounterPair{}):
			t.Errorf("one of two lies: %+v, %v", got, err)
		}
	}
}

// A head that is too old answers nothing, however warm the counter is.
func TestStaleCounter(t *testing.T) {
	t.Parallel()
	_, p := newFake(t)
	clk := newClock()
	c := newCache(t, p, func(_ *chain.Profile, o *chain.Options) { o.Now = clk.now })
	counter(t, c)
	clk.add(chain.MinHeadAge + 2*time.Second)
	if got, err := c.Counter(t.Context()); apierr.CodeOf(err) != apierr.ChainStale || got != (chain.CounterPair{}) {
		t.Fatalf("%+v, %v", got, err)
	}
}

// A client asks at the newest block, and keeps nothing.
func TestClientCounterAndOwners(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	o, a := s.operator(t), newAgent(t)
	o.register(t)
	if err := o.bind(t, a); err != nil {
		t.Fatal(err)
	}
	got, err := o.Counter(t.Context())
	if err != nil || got.Epoch != 1 || got.Governance != s.deploy.Address() || got.Maintainer != (common.Address{}) || got.Block.Number == 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	// More than one part, known and unknown mixed.
	var ask []omni.Actor
	for range 40 {
		ask = append(ask, newAgent(t).actor, a.actor)
	}
	owners, err := o.ActorOwner(t.Context(), append(ask, omni.Self(o.omni)))
	if err != nil || len(owners) != 81 || owners[80] != o.omni {
		t.Fatalf("%d, %v", len(owners), err)
	}
	for i, owner := range owners[:80] {
		if want := i%2 == 1; owner.IsZero() == want || want && owner != o.omni {
			t.Errorf("actor %d: %s", i, owner)
		}
	}
	if none, err := o.ActorOwner(t.Context(), nil); err != nil || none != nil {
		t.Errorf("%v, %v", none, err)
	}
	p := s.profile
	p.RPC = []string{"http://127.0.0.1:1"}
	dead, err := chain.NewClient(p)
	if err != nil {
		t.Fatal(err)
	}
	defer dead.Close()
	if _, err := dead.Counter(t.Context()); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Error(err)
	}
	if got, err := dead.ActorOwner(t.Context(), ask); apierr.CodeOf(err) != apierr.ChainUnavailable || got != nil {
		t.Error(got, err)
	}
}
