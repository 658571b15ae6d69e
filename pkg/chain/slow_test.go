package chain_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

// Who is a little slow is heard, or the fastest would decide how new the head
// is: here one that holds back a revocation.
func TestSlowIsHeard(t *testing.T) {
	t.Parallel()
	g, p := newGroup(t, 3, 2)
	px, u := newFaulty(t, g[2].url)
	p.RPC[2] = u
	px.set(func(http.ResponseWriter, *http.Request) bool { time.Sleep(100 * time.Millisecond); return false })
	g.mine(registered)
	c := newCache(t, p, nil)
	want(t, c, true, "")
	g.mine(revoked)
	g[0].cut(1)
	refresh(t, c)
	want(t, c, false, "")
}

// An endpoint that hangs, answers without end or breaks off does not hold up
// the two others; where it is needed, there is no answer.
func TestOneEndpointHangs(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"dropped": drop,
		"slow":    func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true },
		"slow drip": func(w http.ResponseWriter, r *http.Request) bool {
			w.Write([]byte("["))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			return true
		},
		"huge": func(w http.ResponseWriter, _ *http.Request) bool {
			w.Write([]byte(`[{"jsonrpc":"2.0","id":1,"result":"` + strings.Repeat("0", 1<<20) + `"}]`))
			return true
		},
		"truncated": func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Length", "1000")
			w.Write([]byte(`[{"jsonrpc":"2.0","id":1,"res`))
			return true
		},
		"too busy": func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(429); return true },
	} {
		for _, size := range []int{2, 3} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				g, p := newGroup(t, size, 2)
				px, u := newFaulty(t, g[0].url)
				p.RPC[0] = u
				g.mine(registered)
				c := newCache(t, p, func(_ *chain.Profile, o *chain.Options) {
					o.MaxResponse = 256 << 10
					if size == 2 {
						o.CallTimeout = time.Second // of three it is not waited for
					}
				})
				want(t, c, true, "")
				px.set(do)
				g.mine(revoked)
				start := time.Now()
				err := c.Refresh(t.Context())
				_, cold := c.Resolve(t.Context(), common.Address{9})
				if size == 3 {
					if err != nil || cold != nil {
						t.Fatal(err, cold)
					}
					// Less than the endpoint's own timeout.
					if took := time.Since(start); took > 4*time.Second {
						t.Errorf("held up for %s", took)
					}
					want(t, c, false, "")
					return
				}
				if apierr.CodeOf(err) != apierr.ChainUnavailable || apierr.CodeOf(cold) != apierr.ChainUnavailable {
					t.Fatal(err, cold)
				}
				px.set(nil)
				refresh(t, c)
				want(t, c, false, "")
			})
		}
	}
}

// One that hangs while the others have answered is given up long before its
// own time is over, so that requests to it do not pile up.
func TestStragglersAreGivenUp(t *testing.T) {
	t.Parallel()
	g, p := newGroup(t, 3, 2)
	px, u := newFaulty(t, g[1].url)
	p.RPC[1] = u
	g.mine(registered)
	c := newCache(t, p, nil)
	refresh(t, c)
	left := make(chan time.Duration, 1)
	start := time.Now()
	px.set(func(_ http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		left <- time.Since(start)
		return true
	})
	want(t, c, true, "")
	if took := <-left; took > 3*time.Second {
		t.Errorf("given up after %s", took)
	}
}

// A warm actor costs no request of any endpoint, a cold one a batch of each.
func TestWarmActorCostsNobodyAnything(t *testing.T) {
	t.Parallel()
	g, p := newGroup(t, 3, 2)
	g.mine(registered)
	c := newCache(t, p, nil)
	refresh(t, c)
	// The batches of a poll may still be under way to the third.
	settled := func() (n [3]uint64) {
		for i, e := range c.Stats().Endpoints {
			n[i] = e.Requests
		}
		return n
	}
	eventually(t, "all polled", func() bool { n := settled(); return n[0] == n[1] && n[1] == n[2] })
	cold := settled()
	want(t, c, true, "")
	for i := range cold {
		cold[i]++
	}
	eventually(t, "one batch each", func() bool { return settled() == cold })
	for range 1000 {
		want(t, c, true, "")
	}
	if got := settled(); got != cold {
		t.Errorf("%v requests, then %v", cold, got)
	}
}

// eventually waits for something that happens beside the test.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !ok(); {
		if time.Now().After(deadline) {
			t.Fatal("never: " + what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
