package chain_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
)

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
		"no actor, no time":       only("getDevice", func(b []byte) []byte { b[31] = 1; return b }),
		"a device without actor":  only("getDevice", func(b []byte) []byte { b[31], b[32*10-1] = 1, 1; return b }),
		"a device without time":   only("getDevice", func(b []byte) []byte { b[31], b[63] = 1, 1; return b }),
		"a time beyond all times": only("getDevice", func(b []byte) []byte { b[31], b[63], b[32*9+24] = 1, 1, 0xff; return b }),
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
		"a kind without status":   {31: 1, 127: 0},
		"unregistered, yet known": {31: 1, 63: 1, 95: 1, 127: 0},
		"status four":             {31: 1, 63: 1, 95: 1, 127: 4},
		"kind three":              {31: 3, 63: 1, 95: 1, 127: 1},
		"no operator":             {31: 1, 95: 1, 127: 1},
		"no actor":                {31: 1, 63: 1, 127: 1},
		"active but no kind":      {63: 1, 95: 1, 127: 1},
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
		"no chain id":        func(p *chain.Profile) { p.ChainID = 0 },
		"no RPC endpoint":    func(p *chain.Profile) { p.RPC = nil },
		"http or https URL":  func(p *chain.Profile) { p.RPC = []string{"ftp://secret-key"} },
		"is named twice":     func(p *chain.Profile) { p.RPC = append(p.RPC, p.RPC[0]) },
		"a quorum of 1 of 2": func(p *chain.Profile) { p.RPC, p.Quorum = append(p.RPC, "https://two.example"), 1 },
		"a quorum of 2 of 4": func(p *chain.Profile) {
			p.RPC, p.Quorum = append(p.RPC, "https://two.example", "https://three.example", "https://four.example"), 2
		},
		"a quorum of 2 of 1":            func(p *chain.Profile) { p.Quorum = 2 },
		"ws or wss URL":                 func(p *chain.Profile) { p.Wake = []string{"https://secret-key.example"} },
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

// A redirect is not followed, even to an endpoint that answers well.
func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	px, u := newFaulty(t, f.url)
	p.RPC = []string{u}
	c := newCache(t, p, nil)
	nonce(t, c)
	px.set(func(w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, f.url, http.StatusTemporaryRedirect)
		return true
	})
	if err := c.Refresh(t.Context()); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Fatal(err)
	}
}
