package chain_test

import (
	"context"
	"math/big"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

func forward(t *testing.T, target string) http.Handler {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u) }}
}

func nonce(t *testing.T, c *chain.Cache) uint64 {
	t.Helper()
	p, err := c.State(t.Context(), chain.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Newest.ScopeNonce
}

func refresh(t *testing.T, c *chain.Cache) {
	t.Helper()
	if err := c.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// warmIsFree: nothing was read, and nothing asked but by the one poll that may
// have been on its way.
func warmIsFree(before, after chain.Stats) bool {
	polls := after.Polls - before.Polls
	return after.Reads == before.Reads && polls <= 1 && after.Requests-before.Requests <= 2*polls
}

// A warm actor costs no request at all; a cold one costs one batch.
func TestWarmActorCostsNothing(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	o, a := s.operator(t), newAgent(t)
	o.register(t)
	if err := o.bind(t, a); err != nil {
		t.Fatal(err)
	}
	c := s.cache(t, func(p *chain.Profile, _ *chain.Options) { p.PollInterval = time.Hour })
	refresh(t, c)
	before := c.Stats()
	if _, err := c.State(t.Context(), o.query(a)); err != nil {
		t.Fatal(err)
	}
	cold := c.Stats()
	if cold.Reads-before.Reads != 1 {
		t.Fatalf("a cold query cost %+v after %+v", cold, before)
	}
	for range 1000 {
		if _, err := c.State(t.Context(), o.query(a)); err != nil {
			t.Fatal(err)
		}
	}
	if warm := c.Stats(); !warmIsFree(cold, warm) {
		t.Fatalf("1000 warm queries cost %+v after %+v", warm, cold)
	}
	if _, err := c.Resolve(t.Context(), a.addr); err != nil {
		t.Fatal(err)
	}
	one := c.Stats()
	for range 1000 {
		if p, err := c.Resolve(t.Context(), a.addr); err != nil || p.Agreed().Actor != a.actor {
			t.Fatal(p, err)
		}
	}
	if warm := c.Stats(); !warmIsFree(one, warm) || one.Reads != cold.Reads+1 {
		t.Fatalf("1000 warm addresses cost %+v after %+v", warm, one)
	}
}

// Many that ask for the same cold actor at once cost one batch.
func TestColdQueriesAreShared(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	c := newCache(t, p, nil)
	refresh(t, c)
	entered, release := make(chan struct{}), make(chan struct{})
	f.set(func(f *fake) { f.middle = func() { close(entered); <-release } })
	var wg sync.WaitGroup
	// The one who asked first gives up; that leaves the others their answer.
	ctx, cancel := context.WithCancel(t.Context())
	wg.Go(func() {
		if _, err := c.State(ctx, chain.Query{}); apierr.CodeOf(err) != apierr.ChainUnavailable {
			t.Errorf("cancelled: %v", err)
		}
	})
	<-entered
	cancel()
	wg.Wait()
	for range 20 {
		wg.Go(func() {
			if _, err := c.State(t.Context(), chain.Query{}); err != nil {
				t.Error(err)
			}
		})
	}
	close(release)
	wg.Wait()
	if s := c.Stats(); s.Reads != 1 || f.count("call") != 6 {
		t.Fatalf("%+v, %d calls", s, f.count("call"))
	}
}

// A just-mined grant is seen after a refresh, and a revocation by the next
// poll, without one.
func TestChangesAreSeen(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	o, a := s.operator(t), newAgent(t)
	o.register(t)
	if err := o.bind(t, a); err != nil {
		t.Fatal(err)
	}
	slow := s.cache(t, func(p *chain.Profile, _ *chain.Options) { p.PollInterval = time.Hour })
	quick := s.cache(t, nil)
	for _, c := range []*chain.Cache{slow, quick} {
		if p, err := c.State(t.Context(), o.query(a)); err != nil || len(p.Newest.Grants) != 0 {
			t.Fatal(p, err)
		}
	}
	o.grant(t, a, typeddata.Grant{Service: name(t, "openai"), Ops: service.Read})
	refresh(t, slow)
	if p, err := slow.State(t.Context(), o.query(a)); err != nil || len(p.Newest.Grants) != 1 {
		t.Fatal(p, err)
	}
	if _, err := o.RevokeAgent(t.Context(), a.device); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(3 * time.Second)
	for {
		p, err := quick.State(t.Context(), o.query(a))
		if err != nil {
			t.Fatal(err)
		}
		if p.Newest.Device.Revoked && p.Confirmed.Device.Revoked {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the revocation was never seen")
		}
	}
}

// What empties the cache, and what does not.
func TestWhatEmptiesTheCache(t *testing.T) {
	t.Parallel()
	touched := func(b *fakeBlock) { b.touch = true; b.nonce++ }
	silent := func(b *fakeBlock) { b.nonce++ } // seen only if the cache is emptied
	for name, c := range map[string]struct {
		happen func(*fake)
		empty  bool
	}{
		"nothing":               {func(*fake) {}, false},
		"an untouched child":    {func(f *fake) { f.mine(silent) }, false},
		"a touched child":       {func(f *fake) { f.mine(touched) }, true},
		"logs withheld":         {func(f *fake) { f.set(func(f *fake) { f.noLogs = true }); f.mine(touched) }, true},
		"bloom withheld":        {func(f *fake) { f.set(func(f *fake) { f.noBloom = true }); f.mine(touched) }, true},
		"a gap":                 {func(f *fake) { f.mine(nil); f.mine(silent) }, true},
		"a gap over a change":   {func(f *fake) { f.mine(touched); f.mine(nil) }, true},
		"another block instead": {func(f *fake) { f.reorg(1); f.mine(silent) }, true},
		"a longer branch":       {func(f *fake) { f.reorg(1); f.mine(nil); f.mine(silent) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, p := newFake(t)
			f.mine(nil)
			cache := newCache(t, p, nil)
			if nonce(t, cache) != 0 {
				t.Fatal("not zero at first")
			}
			c.happen(f)
			refresh(t, cache)
			if got := nonce(t, cache); (got != 0) != c.empty {
				t.Errorf("nonce %d, emptied: want %v", got, c.empty)
			}
		})
	}
}

// With confirmations both blocks are read, and a change reaches the confirmed
// one only when it lies deep enough.
func TestConfirmedBlockLagsBehind(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	p.Confirmations = 2
	for range 5 {
		f.mine(nil)
	}
	c := newCache(t, p, nil)
	ask := func(newest, confirmed uint64) {
		t.Helper()
		got, err := c.State(t.Context(), chain.Query{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Newest.ScopeNonce != newest || got.Confirmed.ScopeNonce != confirmed || got.Newest.Block.Number != got.Confirmed.Block.Number+2 {
			t.Fatalf("newest %+v, confirmed %+v; want nonces %d and %d", got.Newest, got.Confirmed, newest, confirmed)
		}
	}
	ask(0, 0)
	f.mine(func(b *fakeBlock) { b.touch, b.nonce = true, 1 })
	refresh(t, c)
	ask(1, 0)
	f.mine(nil)
	refresh(t, c)
	ask(1, 0)
	f.mine(nil)
	refresh(t, c)
	ask(1, 1)
	// From here nothing is read again.
	reads := c.Stats().Reads
	f.mine(nil)
	refresh(t, c)
	ask(1, 1)
	// What is kept holds at today's head, and says so.
	if p, err := c.State(t.Context(), chain.Query{}); err != nil || p.Newest.Block.Number != 9 {
		t.Fatalf("%+v, %v", p, err)
	}
	if got := c.Stats().Reads; got != reads {
		t.Fatalf("%d reads after the change was confirmed", got-reads)
	}
}

// Below the confirmations the first block is the confirmed one.
func TestYoungChain(t *testing.T) {
	t.Parallel()
	_, p := newFake(t)
	p.Confirmations = 10
	got, err := newCache(t, p, nil).State(t.Context(), chain.Query{})
	if err != nil || got.Confirmed.Block != got.Newest.Block {
		t.Fatalf("%+v, %v", got, err)
	}
}

// A head that steps back is not followed: it could bring back what a later
// block revoked.
func TestHeadNeverStepsBack(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	c := newCache(t, p, nil)
	f.mine(func(b *fakeBlock) { b.touch, b.nonce = true, 1 })
	refresh(t, c)
	if nonce(t, c) != 1 {
		t.Fatal("the change was not seen")
	}
	f.set(func(f *fake) { f.hidden = 1 })
	if err := c.Refresh(t.Context()); apierr.CodeOf(err) != apierr.ChainStale {
		t.Fatalf("a head that stepped back: %v", err)
	}
	if nonce(t, c) != 1 {
		t.Fatal("the head stepped back")
	}
	f.set(func(f *fake) { f.hidden = 0 })
	refresh(t, c)
}

// A block that is reorganised away between the poll and the read is no answer;
// the question is put again at the new head.
func TestReorgDuringARead(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	f.mine(nil)
	c := newCache(t, p, nil)
	refresh(t, c)
	f.set(func(fk *fake) {
		fk.middle = func() { f.reorg(1); f.mine(func(b *fakeBlock) { b.nonce = 5 }) }
	})
	if got := nonce(t, c); got != 5 {
		t.Fatalf("nonce %d", got)
	}
}

// What was read before a change came is answered but not kept.
func TestReadOvertakenByAChangeIsNotKept(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	c := newCache(t, p, nil)
	refresh(t, c)
	f.set(func(fk *fake) {
		fk.middle = func() {
			f.mine(func(b *fakeBlock) { b.touch, b.nonce = true, 1 })
			if err := c.Refresh(context.Background()); err != nil {
				t.Error(err)
			}
			// Who asks now does not get the old answer either.
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			if p, err := c.State(ctx, chain.Query{}); err != nil || p.Newest.ScopeNonce != 1 {
				t.Errorf("while the old read was under way: %+v, %v", p, err)
			}
		}
	})
	nonce(t, c)
	if got := nonce(t, c); got != 1 {
		t.Fatalf("nonce %d: an overtaken read was kept", got)
	}
}

func TestEpochNeverMovesDown(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	c := newCache(t, p, nil)
	f.mine(func(b *fakeBlock) { b.touch, b.epoch = true, 3 })
	refresh(t, c)
	f.set(func(*fake) {})
	if got, err := c.State(t.Context(), chain.Query{}); err != nil || got.Newest.Epoch != 3 {
		t.Fatal(got, err)
	}
	f.reorg(1)
	f.mine(nil)
	refresh(t, c)
	if got, err := c.State(t.Context(), chain.Query{}); err != nil || got.Newest.Epoch != 3 || got.Confirmed.Epoch != 3 {
		t.Fatal(got, err)
	}
}

func TestBoundedSize(t *testing.T) {
	t.Parallel()
	_, p := newFake(t)
	c := newCache(t, p, func(_ *chain.Profile, o *chain.Options) { o.MaxEntries = 3 })
	for i := range 10 {
		d, err := omni.DeviceKeyFromBytes([32]byte{31: byte(i + 1)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.State(t.Context(), chain.Query{Device: d}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Resolve(t.Context(), common.BigToAddress(big.NewInt(int64(i)))); err != nil {
			t.Fatal(err)
		}
		if n := c.Len(); n > 6 {
			t.Fatalf("%d entries", n)
		}
	}
}

// One after the other they keep their distance.
func TestRefreshIsBoundedInRate(t *testing.T) {
	t.Parallel()
	_, p := newFake(t)
	c := newCache(t, p, nil)
	start := time.Now()
	for range 6 {
		refresh(t, c)
	}
	if took := time.Since(start); took < 200*time.Millisecond {
		t.Fatalf("six polls within %s", took)
	}
	// And none is left over.
	if polls := c.Stats().Polls; polls > 7 {
		t.Fatalf("%d polls", polls)
	}
}
