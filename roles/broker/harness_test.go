package broker_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/chaintest"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/siwe"
	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/roles/broker"
)

const brokerURL = "http://127.0.0.1:8091"

// clock is a settable time that every part reads.
type clock struct {
	mu sync.Mutex // guards now
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// world is one broker over a chain in memory, with one operator, its agent,
// and a second operator.
type world struct {
	t                testing.TB
	clock            *clock
	chain            *chaintest.Memory
	env              role.Env
	parts            broker.Parts
	server           *httpd.Server
	api              *api.Client
	k1, k2           jose.PrivateKey
	master, agent    *ecdsa.PrivateKey
	stranger         *ecdsa.PrivateKey
	operator, other  omni.Operator
	actor            omni.Actor
	agentDev, theDev omni.DeviceKey
	audit            *audittest.Memory
	told             *role.Audit
	receipt          atomic.Value // came with the last answer
	from             int          // how many events there were before the call in question
}

// handlerTransport serves a client's requests in process.
type handlerTransport struct {
	h       http.Handler
	receipt *atomic.Value
}

func (t handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if r.Body == nil {
		r.Body = io.NopCloser(bytes.NewReader(nil))
	}
	if r.RemoteAddr == "" {
		r.RemoteAddr = "192.0.2.1:1234"
	}
	t.h.ServeHTTP(w, r)
	t.receipt.Store(w.Header().Get(httpd.ReceiptHeader))
	return w.Result(), nil
}

func key(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func name(t testing.TB, s string) service.Name {
	t.Helper()
	n, err := service.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func newWorld(t testing.TB, edit ...func(*broker.Parts)) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{t: time.Unix(1_800_000_000, 0)}, chain: chaintest.NewMemory(), master: key(t), agent: key(t), stranger: key(t)}
	w.operator, w.theDev = w.chain.AddMaster(crypto.PubkeyToAddress(w.master.PublicKey))
	w.other, _ = w.chain.AddMaster(crypto.PubkeyToAddress(w.stranger.PublicKey))
	w.actor, w.agentDev = w.chain.AddAgent(w.operator, crypto.PubkeyToAddress(w.agent.PublicKey))
	w.grant(chain.Grant{Service: name(t, "github"), Ops: service.Read | service.List})

	var err error
	if w.k1, err = jose.GenerateKey(); err != nil {
		t.Fatal(err)
	}
	if w.k2, err = jose.GenerateKey(); err == nil {
		w.k2, err = w.k2.WithCertificate("test", w.clock.now())
	}
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "s.db"), w.clock.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	all, err := role.LoadOperators("broker", "operators", "any", false)
	if err != nil {
		t.Fatal(err)
	}
	// Each denial is an event of its own: the clock of their counts runs ahead.
	var minutes atomic.Int64
	w.audit = new(audittest.Memory)
	counted := func() time.Time { return w.clock.now().Add(time.Duration(minutes.Add(2)) * time.Minute) }
	if w.told, err = (role.Env{Now: counted, Log: zerolog.Nop()}).AuditTo(w.audit); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.told.Close() })
	parts := broker.Parts{Audit: w.told, K1: w.k1, K2: w.k2, Store: st, View: w.chain, Operators: all, Limiter: httpd.NewLimiter(1e6, 1e6)}
	for _, e := range edit {
		e(&parts)
	}
	env := role.Env{Now: w.clock.now, Log: zerolog.Nop(), URL: brokerURL, Profile: &profile.Profile{
		Environment: profile.Development, Chain: profile.Chain{ChainID: 1337}, CapIssuer: brokerURL, OIDCIssuer: brokerURL,
	}}
	w.env, w.parts = env, parts
	w.serve(parts)
	parts.Audit = nil
	if _, err := broker.New(env, parts); err == nil {
		t.Fatal("built without audit")
	}
	return w
}

// serve starts a broker, which the next calls are made to.
func (w *world) serve(parts broker.Parts) {
	w.t.Helper()
	b, err := broker.New(w.env, parts)
	if err != nil {
		w.t.Fatal(err)
	}
	w.server = httpd.New(httpd.Options{Log: refused.Log(), Now: w.clock.now})
	b.Routes(w.server.Mux("broker", apierr.LayerMint, brokerURL))
	w.api = &api.Client{HTTP: &http.Client{Transport: handlerTransport{w.server, &w.receipt}}, Now: w.clock.now}
}

// events are those that came since n, once the denials are there.
func (w *world) events(n int) []audit.Event {
	w.told.Settle()
	return w.audit.Events()[n:]
}

func (w *world) grant(g ...chain.Grant) { w.chain.SetGrants(w.operator, w.actor, g...) }

// login signs in with a key and returns the session.
func (w *world) login(k *ecdsa.PrivateKey, edit ...func(*siwe.Message)) (api.Session, error) {
	addr := crypto.PubkeyToAddress(k.PublicKey)
	ctx := w.t.Context()
	c, err := api.PostJSON[api.LoginChallenge](ctx, w.api, api.Request{URL: brokerURL + api.PathLoginStart}, api.LoginStart{Address: addr.Hex()})
	if err != nil {
		return api.Session{}, err
	}
	m := siwe.Message{
		Domain: c.Domain, Address: addr, Statement: c.Statement, URI: c.URI, ChainID: c.ChainID,
		Nonce: c.Nonce, IssuedAt: c.IssuedAt, ExpiresAt: c.ExpiresAt,
	}
	for _, e := range edit {
		e(&m)
	}
	text, sig, err := siwe.Sign(k, m)
	if err != nil {
		return api.Session{}, err
	}
	return api.PostJSON[api.Session](ctx, w.api, api.Request{URL: brokerURL + api.PathLoginVerify}, api.LoginVerify{Message: text, Signature: sig})
}

func (w *world) mustLogin(k *ecdsa.PrivateKey) api.Session {
	w.t.Helper()
	s, err := w.login(k)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) mint(ctx context.Context, path string, s api.Session, k *ecdsa.PrivateKey, r any, edit ...func(*http.Request)) (api.Capability, error) {
	return api.PostJSON[api.Capability](ctx, w.api, api.Request{URL: brokerURL + path, Token: s.Token, Key: k, Edit: func(req *http.Request) {
		for _, e := range edit {
			e(req)
		}
	}}, r)
}

func (w *world) identity(s api.Session, k *ecdsa.PrivateKey, r any) (api.WebIdentity, error) {
	return api.PostJSON[api.WebIdentity](w.t.Context(), w.api, api.Request{URL: brokerURL + api.PathWebIdentity, Token: s.Token, Key: k}, r)
}

func wantCode(t testing.TB, what string, err error, want apierr.Code) {
	t.Helper()
	if got := apierr.CodeOf(err); got != want {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, want)
	}
}
