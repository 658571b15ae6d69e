package cloudtest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"golang.org/x/sync/errgroup"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// TestRotation replaces K2 as docs/runbook-jwks-rotation.md says: published behind
// the key that signs, switched, withdrawn. Nothing is told to the cloud meanwhile,
// and only the first key's certificate was ever registered with it.
func TestRotation(t *testing.T) {
	for _, k := range cloudtest.Kinds(t, os.Getenv(cloudtest.Env)) {
		t.Run(k.Name, func(t *testing.T) {
			clock := &shifted{}
			w, c := newWorldAt(t, k, clock.now), comparison{kind: k.Name}
			r := &rotation{world: w, clock: clock, now: w.K2.Key, later: certified(t)}
			c.judge(t, "rotation", r.rows(t))
			c.complete(t)
			t.Run("no request fails", r.noRequestFails)
		})
	}
}

// shifted is the machine's clock, and more for the embedded cloud, which keeps the
// keys of an issuer for some minutes.
type shifted struct {
	mu sync.Mutex // guards by
	by time.Duration
}

func (s *shifted) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.by)
}

func (s *shifted) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.by += d
}

func certified(t testing.TB) jose.PrivateKey {
	t.Helper()
	k, err := josetest.New(t).Key.WithCertificate("AgentKeys OIDC issuer", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// rotation is an issuer whose key is replaced.
type rotation struct {
	*world
	clock      *shifted
	now, later jose.PrivateKey
}

// publish signs with a key, and publishes others behind it.
func (r *rotation) publish(t testing.TB, signs jose.PrivateKey, behind ...jose.PublicKey) {
	t.Helper()
	i, err := oidc.New(r.IssuerURL, signs, r.clock.now, behind...)
	if err != nil {
		t.Fatal(err)
	}
	r.Publish(i)
	if r.Name == "devcloud" {
		r.clock.advance(3 * time.Second) // within which it does not ask twice
	}
}

// token is signed by a key, whatever is published.
func (r *rotation) token(t testing.TB, k jose.PrivateKey) string {
	t.Helper()
	i, err := oidc.New(r.IssuerURL, k, r.clock.now)
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := i.Mint(r.request())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (r *rotation) request() oidc.Request {
	me := r.people[0]
	return oidc.Request{Class: service.Credentials, Operator: me.operator, Actor: me.actor, Access: oidc.AccessRead}
}

// rows are asked in their order: each step goes on from the one before.
func (r *rotation) rows(testing.TB) (out []row) {
	add := func(name, want string, key *jose.PrivateKey, before ...func(testing.TB)) {
		out = append(out, row{name: name, want: want, ask: func(t testing.TB) string {
			for _, f := range before {
				f(t)
			}
			return r.assume(t, r.token(t, *key), cloudtest.VaultRole)
		}})
	}
	last, next := &r.now, &r.later
	add("before, the last key's", "session of own", last)
	add("before, the next key's", "refused", next)
	add("published, the last key's", "session of own", last, func(t testing.TB) { r.publish(t, *last, next.Public()) })
	add("published, the next key's", "session of own", next)
	add("switched, the next key's", "session of own", next, func(t testing.TB) { r.publish(t, *next, last.Public()) })
	add("switched, the last key's", "session of own", last)
	add("withdrawn, the next key's", "session of own", next, func(t testing.TB) {
		r.publish(t, *next)
		if r.Name == "devcloud" {
			r.clock.advance(5 * time.Minute) // for which it keeps what it asked for
		}
	})
	add("withdrawn, the last key's", "refused", last)
	return out
}

// noRequestFails: agents go on while the key is switched, also at the worst moment,
// between mint and exchange. The cloud sees the switch whole: one broker, or all of
// them at once.
func (r *rotation) noRequestFails(t *testing.T) {
	b := newMinter(t, r)
	r.now, r.later = r.later, certified(t)
	r.publish(t, r.now, r.later.Public())
	b.issuer = r.Issuer

	b.switchAfter(1)
	if err := b.storage(t); err != nil {
		t.Errorf("the token that was outrun: %v", err)
	}
	want := map[string]int{"devcloud": 1, "rgw": 2}[r.Name]
	if b.minted != want {
		t.Errorf("%d tokens for it, want %d", b.minted, want)
	}
	for range 3 {
		b.switchAfter(20)
		g, _ := errgroup.WithContext(t.Context())
		for range 4 {
			g.Go(func() error {
				for range 10 {
					if err := b.storage(t); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
		if b.after != 0 {
			t.Error("the key was not switched")
		}
	}
}

// minter is a broker of which nothing but the issuer is there.
type minter struct {
	*httptest.Server
	t testing.TB
	r *rotation

	mu     sync.Mutex // guards what follows
	issuer *oidc.Issuer
	after  int // mints until the key is switched, before the token is answered; 0: it stays
	minted int
}

func newMinter(t testing.TB, r *rotation) *minter {
	t.Helper()
	b := &minter{t: t, r: r}
	b.Server = httptest.NewServer(http.HandlerFunc(b.mint))
	t.Cleanup(b.Close)
	return b
}

func (b *minter) switchAfter(mints int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.after, b.minted = mints, 0
}

func (b *minter) mint(w http.ResponseWriter, _ *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	token, expires, err := b.issuer.Mint(b.r.request())
	if err != nil {
		b.t.Error(err)
	}
	b.minted++
	if b.after > 0 {
		if b.after--; b.after == 0 {
			b.r.publish(b.t, b.r.later, b.r.now.Public())
			b.r.now, b.r.later, b.issuer = b.r.later, b.r.now, b.r.Issuer
		}
	}
	body, err := strictjson.Encode(api.WebIdentity{Token: token, ExpiresAt: expires, Access: "read"})
	if err != nil {
		b.t.Error(err)
	}
	_, _ = w.Write(body)
}

// storage is what an agent does that has no storage session.
func (b *minter) storage(t testing.TB) error {
	k, err := crypto.GenerateKey()
	if err != nil {
		return err
	}
	cache := client.NewMemory()
	cache.SaveSession(api.Session{Token: "s", ExpiresAt: time.Now().Add(time.Hour), Kind: "agent"})
	c := client.Caller{
		API: &api.Client{HTTP: api.NewHTTPClient(), Now: time.Now}, STS: b.r.STS, Key: k, Cache: cache, Now: time.Now,
		Hosts: client.Hosts{Broker: b.URL, Role: func(service.Class, string) string { return cloudtest.RoleARN(cloudtest.VaultRole) }},
	}
	creds, err := c.Storage(t.Context(), api.WebIdentityRequest{Class: service.Credentials, Access: "read"})
	if err != nil {
		return err
	}
	if got := b.r.reach(t, creds); got != "session of own" {
		return fmt.Errorf("a %s", got)
	}
	return nil
}
