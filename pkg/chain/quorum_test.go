package chain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
)

// group are endpoints of one chain.
type group []*fake

func newGroup(t *testing.T, n, quorum int) (group, chain.Profile) {
	t.Helper()
	var g group
	var p chain.Profile
	var urls []string
	now := time.Now()
	for range n {
		f, fp := newFake(t)
		f.blocks[0].time = now
		g, p, urls = append(g, f), fp, append(urls, fp.RPC...)
	}
	p.RPC, p.Quorum = urls, quorum
	return g, p
}

// mine appends the same block everywhere.
func (g group) mine(change func(*fakeBlock)) {
	now := time.Now()
	for _, f := range g {
		f.mine(func(b *fakeBlock) {
			b.time = now
			if change != nil {
				change(b)
			}
		})
	}
}

// registered and revoked are an agent's device.
func registered(b *fakeBlock) {
	b.touch = true
	b.device = bindings.DeviceEntry{OperatorOmni: [32]byte{1}, ActorOmni: [32]byte{2}, K11PubX: common.Big0, K11PubY: common.Big0, RegisteredAt: 5, Roles: 1, Tier: 2}
}

func revoked(b *fakeBlock) { b.touch, b.device.Revoked = true, true }

// allowed is what every decision rests on.
func allowed(t *testing.T, c *chain.Cache) (bool, error) {
	t.Helper()
	p, err := c.State(t.Context(), chain.Query{})
	return err == nil && p.Confirmed.Device.Active() && p.Newest.Device.Active(), err
}

// want says what must come of a question, and of the cache that answered it.
func want(t *testing.T, c *chain.Cache, allow bool, code apierr.Code) {
	t.Helper()
	got, err := allowed(t, c)
	if got != allow || apierr.CodeOf(err) != code || (err != nil) != (code != "") {
		t.Fatalf("allowed %v with %v; want %v, %q", got, err, allow, code)
	}
}

// One of the endpoints does wrong. Where all must agree nothing is answered;
// where two of three are enough, the truth. In no case is a revoked agent
// allowed. Without the fault all is well.
func TestOneLiar(t *testing.T) {
	t.Parallel()
	const none = apierr.Code("")
	for name, c := range map[string]struct {
		lie func(liar *fake)
		// all is the code where all must agree. What comes of it when two of
		// three are enough is always the truth.
		all     apierr.Code
		dissent bool // it shows as a contradiction
	}{
		"nothing": {func(*fake) {}, none, false},
		"revoked=false": {func(f *fake) {
			f.blocks[len(f.blocks)-1].device.Revoked = false
		}, apierr.ChainUnavailable, true},
		"a lower epoch":     {func(f *fake) { f.blocks[len(f.blocks)-1].epoch-- }, apierr.ChainUnavailable, true},
		"another chain id":  {func(f *fake) { f.id = 5 }, apierr.ChainUnavailable, true},
		"another block":     {func(f *fake) { f.blocks[len(f.blocks)-1].hash[1] ^= 1 }, apierr.ChainUnavailable, true},
		"another time":      {func(f *fake) { b := &f.blocks[len(f.blocks)-1]; b.time = b.time.Add(5 * time.Second) }, apierr.ChainUnavailable, true},
		"another parent":    {func(f *fake) { f.blocks[len(f.blocks)-2].hash[1] ^= 1 }, apierr.ChainUnavailable, true},
		"bloom left out":    {func(f *fake) { f.noBloom = true }, apierr.ChainUnavailable, true},
		"logs left out":     {func(f *fake) { f.noLogs = true }, none, true},
		"a truncated word":  {func(f *fake) { f.damage = func(_ string, b []byte) []byte { return b[:len(b)-1] } }, apierr.ChainUnavailable, true},
		"an old contract":   {func(f *fake) { f.damage = shortDevice }, apierr.ChainUnavailable, true},
		"no code":           {func(f *fake) { f.damage = func(string, []byte) []byte { return nil } }, apierr.ChainUnavailable, true},
		"a branch of 2":     {func(f *fake) { f.blocks[len(f.blocks)-1].hash[1] ^= 1; f.blocks[len(f.blocks)-2].hash[1] ^= 1 }, apierr.ChainUnavailable, true},
		"a head that leads": {func(f *fake) { f.blocks = append(f.blocks, f.blocks[0]); f.blocks[len(f.blocks)-1].hash[1] = 9 }, none, false},
	} {
		for _, size := range []int{2, 3} {
			for liar := range size {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					g, p := newGroup(t, size, 2)
					g.mine(registered)
					cache := newCache(t, p, nil)
					want(t, cache, true, none)
					g.mine(func(b *fakeBlock) { revoked(b); b.epoch++ })
					g[liar].set(c.lie)
					err := cache.Refresh(t.Context())
					code := c.all
					if size == 3 {
						code = none
						if err != nil {
							t.Fatal(err)
						}
					}
					want(t, cache, false, code)
					seen := func() bool { return cache.Stats().Endpoints[liar].Dissents > 0 }
					if size == 3 && c.dissent {
						eventually(t, "the contradiction was seen", seen) // the liar may speak last
					} else if size == 3 && seen() {
						t.Error("a contradiction was seen")
					}
				})
			}
		}
	}
}

func shortDevice(method string, b []byte) []byte {
	if method == "getDevice" {
		return b[:7*32]
	}
	return b
}

// Two endpoints a block apart are no contradiction: the common block counts.
func TestCommonHead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		quorum int
		lags   []int // how many blocks each lacks
		seen   bool  // the newest block counts
	}{
		"two, both":              {0, []int{0, 0}, true},
		"two, the first lags":    {0, []int{1, 0}, false},
		"two, the last lags":     {0, []int{0, 1}, false},
		"two of three, one lags": {2, []int{0, 0, 1}, true},
		"two of three, two lag":  {2, []int{0, 1, 1}, false},
		"two of three, 0 1 2":    {2, []int{1, 2, 0}, false},
		"all of three, one lags": {3, []int{0, 1, 0}, false},
		"three of five, two lag": {3, []int{1, 0, 0, 1, 0}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, p := newGroup(t, len(c.lags), c.quorum)
			g.mine(nil)
			g.mine(registered)
			cache := newCache(t, p, nil)
			want(t, cache, true, "")
			g.mine(nil)
			g.mine(revoked)
			for i, n := range c.lags {
				g[i].cut(n)
			}
			refresh(t, cache)
			want(t, cache, !c.seen, "")
			// Whoever is ahead is looked at again soon; nobody contradicts.
			for i, e := range cache.Stats().Endpoints {
				if e.Dissents != 0 {
					t.Errorf("endpoint %d: %d contradictions", i, e.Dissents)
				}
			}
			for i := range g {
				g[i].uncut()
			}
			refresh(t, cache)
			want(t, cache, false, "")
		})
	}
}

// A contradiction closes at once, also for what is warm and young enough.
func TestContradictionFailsClosed(t *testing.T) {
	t.Parallel()
	g, p := newGroup(t, 2, 0)
	g.mine(registered)
	c := newCache(t, p, nil)
	want(t, c, true, "")
	emptied := c.Stats().Emptied
	g[0].mine(nil)
	g[1].mine(func(b *fakeBlock) { b.hash[1] = 7 })
	err := c.Refresh(t.Context())
	if apierr.CodeOf(err) != apierr.ChainUnavailable || !strings.Contains(err.Error(), "contradict each other about block 2") {
		t.Fatal(err)
	}
	want(t, c, false, apierr.ChainUnavailable)
	s := c.Stats()
	if s.Emptied <= emptied || s.Endpoints[0].Dissents == 0 || s.Endpoints[1].Dissents == 0 {
		t.Fatalf("%+v", s)
	}
	// The same without a contradiction: one of them just has nothing newer.
	g[1].reorg(1)
	refresh(t, c)
	want(t, c, true, "")
}

// Two of three contradict each other and the third says nothing, or nothing
// new: that is no agreement on the block before.
func TestContradictionWithoutAThird(t *testing.T) {
	t.Parallel()
	for name, third := range map[string]func(*fake){
		"silent": func(f *fake) { f.id = 0 },
		"behind": func(f *fake) { f.blocks = f.blocks[:1] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, p := newGroup(t, 3, 2)
			g.mine(registered)
			c := newCache(t, p, nil)
			want(t, c, true, "")
			g[0].mine(nil)
			g[1].mine(func(b *fakeBlock) { b.hash[1] = 7 })
			g[2].set(third)
			if err := c.Refresh(t.Context()); apierr.CodeOf(err) != apierr.ChainUnavailable {
				t.Fatal(err)
			}
			want(t, c, false, apierr.ChainUnavailable)
		})
	}
}

// One of three contradicts what is asked of the contracts: the others are
// believed, and nothing is kept meanwhile.
func TestContradictionEmptiesTheCache(t *testing.T) {
	t.Parallel()
	g, p := newGroup(t, 3, 2)
	g.mine(registered)
	c := newCache(t, p, nil)
	want(t, c, true, "")
	if c.Len() != 1 {
		t.Fatal("not kept")
	}
	g[1].set(func(f *fake) { f.damage = func(m string, b []byte) []byte { b[len(b)-1] ^= 1; return b } })
	if _, err := c.Resolve(t.Context(), common.Address{1}); err != nil {
		t.Fatal(err)
	}
	// The liar may be the last to speak.
	eventually(t, "emptied", func() bool { return c.Len() == 0 && c.Stats().Endpoints[1].Dissents > 0 })
	want(t, c, true, "")
}

// An endpoint that holds back the newest blocks can do so only until the
// common head is too old, or not at all where the others are enough.
func TestWithheldHead(t *testing.T) {
	t.Parallel()
	for _, size := range []int{2, 3} {
		g, p := newGroup(t, size, 2)
		g.mine(registered)
		k := newClock()
		c := newCache(t, p, func(_ *chain.Profile, o *chain.Options) { o.Now = k.now })
		want(t, c, true, "")
		g.mine(revoked)
		g[0].cut(1)
		refresh(t, c)
		if size == 3 {
			want(t, c, false, "")
			continue
		}
		want(t, c, true, "") // as it would be with an honest one that lags
		k.add(p.MaxHeadAge + 2*time.Second)
		want(t, c, false, apierr.ChainStale)
	}
}

// Two of three lag behind what was confirmed: that is no new head.
func TestQuorumNeverStepsBack(t *testing.T) {
	t.Parallel()
	g, p := newGroup(t, 3, 2)
	g.mine(registered)
	g.mine(revoked)
	c := newCache(t, p, nil)
	want(t, c, false, "")
	g[0].cut(1)
	g[2].cut(1)
	if err := c.Refresh(t.Context()); apierr.CodeOf(err) != apierr.ChainStale {
		t.Fatal(err)
	}
	if ok, _ := allowed(t, c); ok {
		t.Fatal("the head stepped back")
	}
	g[0].uncut()
	refresh(t, c)
	want(t, c, false, "")
}
