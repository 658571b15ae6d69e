package chain_test

import (
	"context"
	"math/big"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
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
	if cold.Requests-before.Requests != 1 || cold.Reads-before.Reads != 1 {
		t.Fatalf("a cold query cost %+v after %+v", cold, before)
	}
	for range 1000 {
		if _, err := c.State(t.Context(), o.query(a)); err != nil {
			t.Fatal(err)
		}
	}
	if warm := c.Stats(); warm != cold {
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
	if warm := c.Stats(); warm != one || one.Reads != cold.Reads+1 {
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
	ask := func() {
		defer wg.Done()
		if _, err := c.State(t.Context(), chain.Query{}); err != nil {
			t.Error(err)
		}
	}
	wg.Add(1)
	go ask()
	<-entered
	// A caller that gives up leaves the others their answer.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.State(ctx, chain.Query{}); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Errorf("cancelled: %v", err)
	}
	for range 20 {
		wg.Add(1)
		go ask()
	}
	close(release)
	wg.Wait()
	if s := c.Stats(); s.Reads != 1 && f.count("call") != 5 {
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

// Too old by the block's time, by the time since it was heard of, and too far
// in the future.
func TestStale(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		then func(f *fake, k *clock)
		want apierr.Code
	}{
		"just young enough":  {func(_ *fake, k *clock) { k.add(13 * time.Second) }, ""},
		"an old head":        {func(_ *fake, k *clock) { k.add(17 * time.Second) }, apierr.ChainStale},
		"a fresh head":       {func(f *fake, k *clock) { k.add(17 * time.Second); f.mine(func(b *fakeBlock) { b.time = k.now() }) }, ""},
		"an old new head":    {func(f *fake, k *clock) { k.add(40 * time.Second); f.mine(nil) }, apierr.ChainStale},
		"the clock stepped":  {func(_ *fake, k *clock) { k.add(-2 * time.Minute) }, apierr.ChainStale},
		"a little ahead":     {func(_ *fake, k *clock) { k.add(-50 * time.Second) }, ""},
		"back from the past": {func(f *fake, k *clock) { k.add(-2 * time.Minute); k.add(2 * time.Minute) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, p := newFake(t)
			k := newClock()
			cache := newCache(t, p, func(_ *chain.Profile, o *chain.Options) { o.Now = k.now })
			nonce(t, cache)
			c.then(f, k)
			_, err := cache.State(t.Context(), chain.Query{})
			_, err2 := cache.Resolve(t.Context(), common.Address{1})
			age, err3 := cache.Ready(t.Context())
			for _, e := range []error{err, err2, err3} {
				if apierr.CodeOf(e) != c.want || (e != nil) != (c.want != "") {
					t.Errorf("%v, want %q", e, c.want)
				}
			}
			if age < 0 || (err3 == nil && age > chain.MinHeadAge) {
				t.Errorf("age %s", age)
			}
		})
	}
}

// A head with a young time is stale all the same when the endpoint has not
// named it for too long.
func TestHeadMustBeHeardOf(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	k := newClock()
	f.mine(func(b *fakeBlock) { b.time = k.now().Add(50 * time.Second) })
	px, u := newFaulty(t, f.url)
	p.RPC = []string{u}
	c := newCache(t, p, func(_ *chain.Profile, o *chain.Options) { o.Now = k.now })
	nonce(t, c)
	px.set(drop)
	k.add(14 * time.Second)
	nonce(t, c) // warm, and young enough
	k.add(2 * time.Second)
	if _, err := c.State(t.Context(), chain.Query{}); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Fatal(err)
	}
}

func drop(w http.ResponseWriter, _ *http.Request) bool {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		c.Close()
	}
	return true
}

// Whatever an endpoint does wrong is chain_unavailable, never an answer, and
// says what to do.
func TestFaultyEndpoint(t *testing.T) {
	t.Parallel()
	body := func(status int, s string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			w.Write([]byte(s))
			return true
		}
	}
	for name, do := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"dropped": drop,
		"truncated": func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Length", "1000")
			w.Write([]byte(`[{"jsonrpc":"2.0","id":1,"res`))
			return true
		},
		"slow": func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true },
		"slow drip": func(w http.ResponseWriter, r *http.Request) bool {
			w.Write([]byte("["))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			return true
		},
		"oversized":       body(200, `[{"jsonrpc":"2.0","id":1,"result":"`+strings.Repeat("0", 1<<20)+`"}]`),
		"no JSON":         body(200, "hello"),
		"an empty batch":  body(200, "[]"),
		"null":            body(200, "null"),
		"an object":       body(200, `{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no"}}`),
		"an error status": body(502, "bad gateway"),
		"a redirect": func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, p := newFake(t)
			px, u := newFaulty(t, f.url)
			p.RPC = []string{u + "/secret-key"}
			c := newCache(t, p, func(_ *chain.Profile, o *chain.Options) {
				o.CallTimeout, o.MaxResponse = 300*time.Millisecond, 256<<10
			})
			nonce(t, c) // the positive twin
			px.set(do)
			_, cold := c.Resolve(t.Context(), common.Address{9})
			for what, err := range map[string]error{"a cold read": cold, "a poll": c.Refresh(t.Context())} {
				if apierr.CodeOf(err) != apierr.ChainUnavailable {
					t.Errorf("%s: %v", what, err)
					continue
				}
				if name == "oversized" && !strings.Contains(err.Error(), "larger than the bound") {
					t.Errorf("%s: %v", what, err)
				}
				if strings.Contains(err.Error(), "secret-key") {
					t.Errorf("%s: the error names the URL: %v", what, err)
				}
				if !strings.Contains(apierr.From(err).Detail, "check the RPC endpoint") {
					t.Errorf("%s: %q does not say what to do", what, apierr.From(err).Detail)
				}
			}
			px.set(nil)
			refresh(t, c)
			if _, err := c.Resolve(t.Context(), common.Address{9}); err != nil {
				t.Errorf("it does not recover: %v", err)
			}
		})
	}
}

// Answers of a wrong length or that make no sense are no answers.
func TestMalformedAnswers(t *testing.T) {
	t.Parallel()
	only := func(method string, f func([]byte) []byte) func(string, []byte) []byte {
		return func(m string, out []byte) []byte {
			if m == method {
				return f(slices.Clone(out))
			}
			return out
		}
	}
	short := func(b []byte) []byte { return b[:len(b)-32] }
	long := func(b []byte) []byte { return append(b, make([]byte, 32)...) }
	for name, damage := range map[string]func(string, []byte) []byte{
		"a short device":          only("getDevice", short),
		"a long device":           only("getDevice", long),
		"a short nonce":           only("scopeNonce", short),
		"a long nonce":            only("scopeNonce", long),
		"a long scope":            only("getScope", long),
		"no code":                 only("getScope", func([]byte) []byte { return []byte{} }),
		"a huge array":            only("getScope", func(b []byte) []byte { b[40] = 0xff; return b }),
		"a nonce beyond its type": only("scopeNonce", func(b []byte) []byte { b[0] = 1; return b }),
		"a bool that is 2":        only("getDevice", func(b []byte) []byte { b[len(b)-1] = 2; return b }),
		"epoch zero":              only("currentEpoch", func(b []byte) []byte { clear(b); return b }),
		"an epoch beyond uint32":  only("currentEpoch", func(b []byte) []byte { b[27] = 1; return b }),
		"a device without actor":  only("getDevice", func(b []byte) []byte { b[31] = 1; return b }),
		"roles without operator":  only("getDevice", func(b []byte) []byte { b[32*9-1] = 7; return b }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, p := newFake(t)
			c := newCache(t, p, nil)
			f.set(func(f *fake) { f.damage = damage })
			if got, err := c.State(t.Context(), chain.Query{}); apierr.CodeOf(err) != apierr.ChainUnavailable {
				t.Errorf("%+v, %v", got, err)
			}
			f.set(func(f *fake) { f.damage = nil })
			nonce(t, c)
		})
	}
	for name, b := range map[string][]byte{
		"a kind without status": {31: 1, 127: 0},
		"status four":           {31: 1, 63: 1, 95: 1, 127: 4},
		"kind three":            {31: 3, 63: 1, 95: 1, 127: 1},
		"no operator":           {31: 1, 95: 1, 127: 1},
		"no actor":              {31: 1, 63: 1, 127: 1},
		"active but no kind":    {63: 1, 95: 1, 127: 1},
	} {
		t.Run("resolve: "+name, func(t *testing.T) {
			t.Parallel()
			f, p := newFake(t)
			c := newCache(t, p, nil)
			f.set(func(f *fake) { f.damage = only("resolve", func([]byte) []byte { return b }) })
			if got, err := c.Resolve(t.Context(), common.Address{1}); apierr.CodeOf(err) != apierr.ChainUnavailable {
				t.Errorf("%+v, %v", got, err)
			}
			f.set(func(f *fake) {
				f.damage = only("resolve", func([]byte) []byte { return []byte{31: 1, 63: 1, 95: 1, 127: 1} })
			})
			if _, err := c.Resolve(t.Context(), common.Address{1}); err != nil {
				t.Error(err)
			}
		})
	}
}

// An unregistered device is an answer, not an error.
func TestUnregisteredIsAnAnswer(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	c := newCache(t, p, nil)
	if got, err := c.State(t.Context(), chain.Query{}); err != nil || got.Newest.Device.Registered {
		t.Fatal(got, err)
	}
	f.mine(func(b *fakeBlock) {
		b.touch = true
		b.device = bindings.DeviceEntry{OperatorOmni: [32]byte{1}, ActorOmni: [32]byte{2}, K11PubX: common.Big0, K11PubY: common.Big0, RegisteredAt: 5, Roles: 1, Tier: 2}
	})
	refresh(t, c)
	if got, err := c.State(t.Context(), chain.Query{}); err != nil || !got.Newest.Device.Active() || !got.Newest.Device.RegisteredAt.Equal(time.Unix(5, 0)) {
		t.Fatal(got, err)
	}
}

func TestWrongChainID(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	c := newCache(t, p, nil)
	nonce(t, c)
	f.set(func(f *fake) { f.id = 5 })
	err := c.Refresh(t.Context())
	if apierr.CodeOf(err) != apierr.ChainUnavailable || !strings.Contains(apierr.From(err).Detail, "serves chain 5, the profile says 99") {
		t.Fatal(err)
	}
}

// From the first moment on an endpoint that is not there is chain_unavailable.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	_, p := newFake(t)
	p.RPC = []string{"http://127.0.0.1:1"}
	c := newCache(t, p, nil)
	if _, err := c.State(t.Context(), chain.Query{}); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Error(err)
	}
	if _, err := c.Ready(t.Context()); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Error(err)
	}
	c.Close()
	if _, err := c.State(t.Context(), chain.Query{}); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Error(err)
	}
}

// However many want the newest head at once, the endpoint is polled a bounded
// number of times.
func TestRefreshIsCoalesced(t *testing.T) {
	t.Parallel()
	_, p := newFake(t)
	c := newCache(t, p, nil)
	refresh(t, c)
	before, start := c.Stats().Polls, time.Now()
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if err := c.Refresh(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	limit := uint64(time.Since(start)/(50*time.Millisecond)) + 2
	if polls := c.Stats().Polls - before; polls == 0 || polls > limit {
		t.Fatalf("%d polls, at most %d", polls, limit)
	}
}

func TestProfileCheck(t *testing.T) {
	t.Parallel()
	_, good := newFake(t)
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*chain.Profile){
		"no chain id":                   func(p *chain.Profile) { p.ChainID = 0 },
		"no RPC endpoint":               func(p *chain.Profile) { p.RPC = nil },
		"http or https URL":             func(p *chain.Profile) { p.RPC = []string{"ftp://secret-key"} },
		"confirmations":                 func(p *chain.Profile) { p.Confirmations = 1001 },
		"greatest head age":             func(p *chain.Profile) { p.MaxHeadAge = time.Second },
		"negative poll interval":        func(p *chain.Profile) { p.PollInterval = -1 },
		"no address for contract epoch": func(p *chain.Profile) { p.Contracts.Epoch = common.Address{} },
		"have the same address":         func(p *chain.Profile) { p.Contracts.Epoch = p.Contracts.Scope },
	} {
		p := good
		change(&p)
		err := p.Check()
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret-key") {
			t.Errorf("%v, want %q", err, want)
		}
		if _, err := chain.NewCache(p, chain.Options{Now: time.Now}); err == nil {
			t.Errorf("a cache was made: %s", want)
		}
	}
}
