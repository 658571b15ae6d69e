package chain_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/chain"
)

// announcer serves eth_subscribe over WebSocket and announces what a test
// wants.
type announcer struct {
	url string
	srv *rpc.Server

	mu     sync.Mutex // guards live and opened
	live   map[*rpc.Subscription]*rpc.Notifier
	opened int
}

func newAnnouncer(t *testing.T) *announcer {
	t.Helper()
	a := &announcer{srv: rpc.NewServer(), live: map[*rpc.Subscription]*rpc.Notifier{}}
	if err := a.srv.RegisterName("eth", &announcements{a}); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(a.srv.WebsocketHandler([]string{"*"}))
	t.Cleanup(func() { a.srv.Stop(); web.Close() })
	a.url = "ws" + strings.TrimPrefix(web.URL, "http")
	return a
}

type announcements struct{ a *announcer }

func (s *announcements) NewHeads(ctx context.Context) (*rpc.Subscription, error) {
	n, ok := rpc.NotifierFromContext(ctx)
	if !ok {
		return nil, rpc.ErrNotificationsUnsupported
	}
	sub := n.CreateSubscription()
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	s.a.live[sub] = n
	s.a.opened++
	return sub, nil
}

func (a *announcer) announce(t *testing.T, what any) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	for sub, n := range a.live {
		if err := n.Notify(sub.ID, what); err != nil {
			t.Logf("announcing: %v", err)
		}
	}
}

func (a *announcer) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.opened
}

// An announcement makes the cache look at once; the poll interval is an hour.
func TestSubscriptionWakes(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	a := newAnnouncer(t)
	p.Wake = []string{a.url}
	f.mine(registered)
	c := newCache(t, p, nil)
	want(t, c, true, "")
	eventually(t, "subscribed", func() bool { return c.Stats().Subscriptions == 1 })
	refresh(t, c) // the look that comes with every subscription
	f.mine(revoked)
	a.announce(t, map[string]any{"number": "0x2"})
	eventually(t, "revoked", func() bool { ok, err := allowed(t, c); return !ok && err == nil })
}

// What a subscription announces is not believed: only what is asked counts.
func TestAnnouncementsAreNotBelieved(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	a := newAnnouncer(t)
	p.Wake = []string{a.url}
	f.mine(registered)
	c := newCache(t, p, nil)
	want(t, c, true, "")
	eventually(t, "subscribed", func() bool { return c.Stats().Subscriptions == 1 })
	before, start := c.Stats(), time.Now()
	for time.Since(start) < time.Second {
		a.announce(t, map[string]any{"number": "0xffff", "hash": no, "timestamp": "0xffffffff"})
		time.Sleep(5 * time.Millisecond)
	}
	want(t, c, true, "")
	after := c.Stats()
	if after.HeadNumber != 1 || after.Emptied != before.Emptied || c.Len() == 0 {
		t.Errorf("%+v after %+v", after, before)
	}
	// However many announcements, the looks are bounded: five a second.
	if n, most := after.Polls-before.Polls, uint64(time.Since(start)/(200*time.Millisecond))+2; n < 2 || n > most {
		t.Errorf("%d looks, want 2 to %d", n, most)
	}
}

// A subscription that breaks, never was or is silent leaves the polling, and
// is opened again.
func TestPollingRemains(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		url    func(t *testing.T, a *announcer) string
		happen func(a *announcer)
	}{
		"broken":       {func(_ *testing.T, a *announcer) string { return a.url }, func(a *announcer) { a.srv.Stop() }},
		"silent":       {func(_ *testing.T, a *announcer) string { return a.url }, func(*announcer) {}},
		"nobody there": {func(*testing.T, *announcer) string { return "ws://127.0.0.1:1" }, func(*announcer) {}},
		"no WebSocket": {func(t *testing.T, _ *announcer) string {
			f, _ := newFake(t)
			return "ws" + strings.TrimPrefix(f.url, "http")
		}, func(*announcer) {}},
		"no such method": {func(t *testing.T, _ *announcer) string { return deaf(t) }, func(*announcer) {}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, p := newFake(t)
			a := newAnnouncer(t)
			p.Wake, p.PollInterval = []string{c.url(t, a)}, 50*time.Millisecond
			f.mine(registered)
			cache := newCache(t, p, nil)
			want(t, cache, true, "")
			if p.Wake[0] == a.url {
				eventually(t, "subscribed", func() bool { return cache.Stats().Subscriptions == 1 })
			}
			c.happen(a)
			f.mine(revoked)
			eventually(t, "revoked", func() bool { ok, err := allowed(t, cache); return !ok && err == nil })
		})
	}
}

func TestSubscriptionIsOpenedAgain(t *testing.T) {
	t.Parallel()
	_, p := newFake(t)
	a := newAnnouncer(t)
	p.Wake = []string{a.url}
	c := newCache(t, p, nil)
	eventually(t, "subscribed", func() bool { return a.count() == 1 })
	a.announce(t, map[string]any{"extraData": strings.Repeat("0", 128<<10)}) // larger than the bound: it breaks
	eventually(t, "subscribed again", func() bool { return a.count() == 2 && c.Stats().Subscriptions == 1 })
}

// deaf is a WebSocket endpoint that has no subscriptions.
func deaf(t *testing.T) string {
	t.Helper()
	s := rpc.NewServer()
	web := httptest.NewServer(s.WebsocketHandler([]string{"*"}))
	t.Cleanup(func() { s.Stop(); web.Close() })
	return "ws" + strings.TrimPrefix(web.URL, "http")
}

// What a change took is counted.
func TestChangesAreMeasured(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	k := newClock()
	c := newCache(t, p, func(_ *chain.Profile, o *chain.Options) { o.Now = k.now })
	refresh(t, c)
	if s := c.Stats(); s.HeadNumber != 0 || s.Changes.Sum != 0 {
		t.Fatalf("%+v", s)
	}
	f.mine(nil) // changes nothing
	refresh(t, c)
	f.mine(func(b *fakeBlock) { b.touch = true; b.time = k.now().Add(-3 * time.Second) })
	refresh(t, c)
	f.mine(func(b *fakeBlock) { b.touch = true; b.time = k.now().Add(20 * time.Second) }) // ahead of us
	refresh(t, c)
	s := c.Stats()
	total := uint64(0)
	for _, n := range s.Changes.Counts {
		total += n
	}
	if total != 2 || s.Changes.Counts[0] != 1 || s.Changes.Counts[6] != 1 || s.Changes.Sum < 2.9 || s.Changes.Sum > 4.1 {
		t.Errorf("%+v", s.Changes)
	}
	if s.HeadNumber != 3 || s.HeadAge != 0 || s.Emptied < 2 {
		t.Errorf("%+v", s)
	}
	k.add(25 * time.Second)
	if age := c.Stats().HeadAge; age < 4*time.Second || age > 7*time.Second {
		t.Error(age)
	}
}

// Who is behind is looked at again before the interval is over.
func TestLaggingIsLookedAtSoon(t *testing.T) {
	t.Parallel()
	g, p := newGroup(t, 2, 0)
	p.PollInterval = 4 * time.Second
	g.mine(registered)
	c := newCache(t, p, nil)
	want(t, c, true, "")
	g.mine(revoked)
	g[1].cut(1)
	refresh(t, c)
	want(t, c, true, "")
	start := time.Now()
	g[1].uncut()
	eventually(t, "revoked", func() bool { ok, err := allowed(t, c); return !ok && err == nil })
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("after %s", took)
	}
}
