package signer_test

import (
	"bytes"
	"crypto/ecdsa"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/chaintest"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles/signer"
)

const (
	issuer  = "http://127.0.0.1:8091"
	chainID = 31337
	delay   = time.Hour
)

// person is one actor with its device key.
type person struct {
	key      *ecdsa.PrivateKey
	operator omni.Operator
	actor    omni.Actor
	device   omni.DeviceKey
}

// host is one worker: what it shows the signer, and where agents reach it.
type host struct {
	class service.Class
	url   string
	id    josetest.Forger
}

// alias is the worker's second address.
func (h *host) alias() string { return h.url + ":8443" }

// side is one signer.
type side struct {
	w        *world
	url      string
	identity jose.PrivateKey
	options  keys.Options
	ring     *keys.Keyring
	audit    *audittest.Memory
	signer   *signer.Signer
	server   *httpd.Server
	log      *lines
	said     lines // every answer
	receipt  atomic.Value
	told     *role.Audit
	toldAt   func() time.Time // the clock of denials that are counted; nil: each is one of its own
	view     chain.View       // nil: the chain in memory
	proofs   dpop.Guard       // nil: in memory
	orders   dpop.Guard       // of keepers; nil: in memory
}

// world is one chain in memory, the workers and agents on it, and a signer.
type world struct {
	*side
	t      testing.TB
	chain  *chaintest.Memory
	forger josetest.Forger // holds K1
	people []*person       // two agents of one operator, one of another
	hosts  []*host         // two workers for credentials, then memory and email
	// governance and maintainer are named by the chain; stranger is not.
	governance, maintainer, stranger *ecdsa.PrivateKey
	second                           *side // a second signer, when a test wants one
	// unused holds the keys of the signer as it was before anything was sealed.
	unused *keys.Keyring

	mu sync.Mutex // guards t0
	t0 time.Time
}

// lines is a log.
type lines struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.t0
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.t0 = w.t0.Add(d)
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	return must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
}

func addressOf(k *ecdsa.PrivateKey) common.Address { return crypto.PubkeyToAddress(k.PublicKey) }

func name(t testing.TB, s string) service.Name {
	t.Helper()
	return must[service.Name](t)(service.Parse(s))
}

func setOf(t testing.TB, k ...jose.PrivateKey) jose.KeySet {
	t.Helper()
	var public []jose.PublicKey
	for _, k := range k {
		public = append(public, k.Public())
	}
	return must[jose.KeySet](t)(jose.NewKeySet(public...))
}

// services are one of each class.
func services() map[service.Class]string {
	return map[service.Class]string{service.Credentials: "github", service.Memory: "memory:notes", service.Email: "email:bot@mail.example.com"}
}

// newWorld has keys for the epochs up to n; the chain is at 1.
func newWorld(t testing.TB, n uint64) *world {
	t.Helper()
	w := &world{t: t, chain: chaintest.NewMemory(), forger: josetest.New(t), t0: time.Unix(1_800_000_000, 0)}
	for op := range 2 {
		operator, _ := w.chain.AddMaster(addressOf(newKey(t)))
		for range 2 - op {
			w.recruit(operator)
		}
	}
	for i, c := range []service.Class{service.Credentials, service.Credentials, service.Memory, service.Email} {
		w.hosts = append(w.hosts, &host{c, "https://w" + string(rune('0'+i)) + ".example.com", josetest.New(t)})
	}
	w.governance, w.maintainer, w.stranger = newKey(t), newKey(t), newKey(t)
	w.chain.SetGovernance(addressOf(w.governance))
	w.chain.SetMaintainer(addressOf(w.maintainer))

	o := w.keyring()
	ring := must[*keys.Keyring](t)(keys.Create(t.Context(), o))
	for e := uint64(2); e <= n; e++ {
		must[keys.EpochStatus](t)(ring.Prepare(t.Context(), e, e-1))
	}
	w.unused = keystest.Restored(t, w.keyring(), ring)
	w.side = w.newSide("http://127.0.0.1:8092", must[jose.PrivateKey](t)(jose.GenerateKey()), o, ring)
	w.side.start(jose.KeySet{}, nil)
	w.advance(2 * dpop.MaxAge) // what is older than the process counts as used
	if err := signer.Look(t.Context(), w.signer); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) keyring() keys.Options {
	o := keystest.Options(w.t)
	o.Now = w.now
	return o
}

func (w *world) newSide(url string, identity jose.PrivateKey, o keys.Options, ring *keys.Keyring) *side {
	s := &side{w: w, url: url, identity: identity, options: o, ring: ring, audit: new(audittest.Memory), log: new(lines)}
	w.t.Cleanup(func() { _ = s.ring.Close() })
	return s
}

// start builds the signer; sink, if any, stands before the side's own.
func (s *side) start(peers jose.KeySet, sink audit.Sink) {
	t := s.w.t
	if sink == nil {
		sink = s.audit
	}
	log := zerolog.New(s.log)
	view := s.view
	if view == nil {
		view = s.w.chain
	}
	at := s.toldAt
	if at == nil {
		var minutes atomic.Int64
		at = func() time.Time { return s.w.now().Add(time.Duration(minutes.Add(2)) * time.Minute) }
	}
	told := must[*role.Audit](t)(role.Env{Now: at, Log: log}.AuditTo(sink))
	s.told = told
	s.signer = must[*signer.Signer](t)(signer.New(
		role.Env{Now: s.w.now, Log: log, URL: s.url, Profile: &profile.Profile{Environment: profile.Development, CapIssuer: issuer, Chain: profile.Chain{ChainID: chainID}}},
		signer.Parts{
			View: view, CapKeys: setOf(t, s.w.forger.Key), Keys: s.ring, Identity: s.identity, Workers: s.w.workers(),
			Peers: peers, Audit: told, DestroyDelay: delay, Proofs: s.proofs, Orders: s.orders,
		}))
	s.server = httpd.New(httpd.Options{Log: zerolog.New(zerolog.MultiLevelWriter(s.log, &refused)), Now: s.w.now})
	s.signer.Routes(s.server.Mux("signer", apierr.LayerSigner, s.url))
	made := s.signer
	t.Cleanup(func() { _ = errors.Join(made.Close(), told.Close()) })
}

// workers is the file of workers, as an operator would write it.
func (w *world) workers() signer.Workers {
	f := signer.WorkersFile{Format: "agentkeys/workers/v1"}
	for _, h := range w.hosts {
		f.Workers = append(f.Workers, signer.WorkerFile{Class: h.class, URLs: []string{h.url, h.alias()}, Keys: setOf(w.t, h.id.Key).JWKS()})
	}
	return must[signer.Workers](w.t)(signer.ParseWorkers(must[[]byte](w.t)(strictjson.Encode(f))))
}

// recruit is another agent of an operator, with grants for everything.
func (w *world) recruit(operator omni.Operator) *person {
	p := &person{key: newKey(w.t), operator: operator}
	p.actor, p.device = w.chain.AddAgent(operator, addressOf(p.key))
	w.people = append(w.people, p)
	w.grantAll(p)
	return p
}

func (w *world) grantAll(p *person) {
	var g []chain.Grant
	for _, s := range services() {
		g = append(g, chain.Grant{Service: name(w.t, s), Ops: service.AllOps})
	}
	w.chain.SetGrants(p.operator, p.actor, g...)
}

func (w *world) session(h *host) *dek.Session {
	w.t.Helper()
	return must[*dek.Session](w.t)(dek.NewSession(h.id.Key, string(h.class), w.now()))
}

// mint makes a capability as the broker would, at a time of its own.
func (w *world) mint(r captoken.Request, at time.Time) string {
	w.t.Helper()
	m := must[*captoken.Minter](w.t)(captoken.NewMinter(w.forger.Key, issuer, func() time.Time { return at }))
	token, _, err := m.Mint(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// serve sends one request to a side.
func (s *side) serve(r *http.Request) (body []byte, err error) {
	t := s.w.t
	t.Helper()
	rec := httptest.NewRecorder()
	s.server.ServeHTTP(rec, r)
	body = rec.Body.Bytes()
	s.receipt.Store(rec.Header().Get(httpd.ReceiptHeader))
	_, _ = s.said.Write(append(body, 10))
	if rec.Code == http.StatusOK {
		return body, nil
	}
	var pr apierr.Problem
	if err := strictjson.Decode(body, &pr); err != nil {
		t.Fatalf("%d %s: %v", rec.Code, body, err)
	}
	if d, ok := apierr.Lookup(pr.Code); !ok || d.Status != rec.Code {
		t.Errorf("%s with status %d", pr.Code, rec.Code)
	}
	return body, &api.RemoteError{Problem: pr}
}

// events are those that came since n, once the denials are there.
func (s *side) events(n int) []audit.Event {
	s.told.Settle()
	return s.audit.Events()[n:]
}

func thumbprint(k *ecdsa.PrivateKey) string { return dpop.Thumbprint(&k.PublicKey) }

func deviceOf(k *ecdsa.PrivateKey) omni.DeviceKey { return omni.DeviceKeyOfAddress(addressOf(k)) }
