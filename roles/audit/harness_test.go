package audit_test

import (
	"bytes"
	"crypto/ecdsa"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	events "github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/chain/chaintest"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/session"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles/audit"
)

const auditURL = "http://127.0.0.1:9092"

type clock struct {
	mu sync.Mutex // guards t
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

// person is who signs in: an operator or an agent.
type person struct {
	key      *ecdsa.PrivateKey
	kind     string
	operator omni.Operator
	actor    omni.Actor
	token    string
}

// world is one audit role over a chain in memory: two operators, two agents of
// the first, one emitter.
type world struct {
	t                      testing.TB
	clock                  *clock
	chain                  *chaintest.Memory
	journal                *journal.Journal
	sessions               *session.Authority
	k1, cred, signer       jose.PrivateKey
	parts                  audit.Parts
	env                    role.Env
	role                   *audit.Audit
	server                 *httpd.Server
	api                    *api.Client
	master, agent, sibling person
	stranger               person
	number                 uint64
}

type inProcess struct{ h http.Handler }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if r.Body == nil {
		r.Body = io.NopCloser(bytes.NewReader(nil))
	}
	r.RemoteAddr = "192.0.2.1:1234"
	t.h.ServeHTTP(w, r)
	return w.Result(), nil
}

func must[T any](t testing.TB) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func newWorld(t testing.TB, edit ...func(*world)) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{t: time.Unix(1_800_000_000, 0)}, chain: chaintest.NewMemory()}
	k := must[jose.PrivateKey](t)
	w.k1, w.cred, w.signer = k(jose.GenerateKey()), k(jose.GenerateKey()), k(jose.GenerateKey())
	w.sessions = must[*session.Authority](t)(session.New(w.k1, auditURL, w.clock.now))
	w.master, w.stranger = w.newMaster(), w.newMaster()
	w.agent, w.sibling = w.newAgent(w.master.operator), w.newAgent(w.master.operator)

	w.journal = must[*journal.Journal](t)(journal.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "audit.db"), w.clock.now))
	t.Cleanup(func() { _ = w.journal.Close() })
	w.parts = audit.Parts{
		View: w.chain, CapKeys: must[jose.KeySet](t)(jose.NewKeySet(w.k1.Public())), Journal: w.journal,
		Emitters:  must[audit.Emitters](t)(audit.ParseEmitters(emittersFile(t, map[string]jose.PrivateKey{"cred": w.cred, "signer": w.signer}))),
		Operators: must[role.Operators](t)(role.LoadOperators("audit role", "audit-operators", "any", false)),
		Notes:     httpd.NewQuota(1e6, 1e6, w.clock.now), Flushes: httpd.NewQuota(1e6, 1e6, w.clock.now),
	}
	w.env = role.Env{Now: w.clock.now, Log: zerolog.Nop(), URL: auditURL, Profile: &profile.Profile{
		Environment: profile.Development, Chain: profile.Chain{ChainID: 1337}, CapIssuer: auditURL,
	}}
	w.restart(edit...)
	return w
}

// restart starts the role, which the next calls are made to.
func (w *world) restart(edit ...func(*world)) {
	t := w.t
	t.Helper()
	for _, e := range edit {
		e(w)
	}
	w.role = must[*audit.Audit](t)(audit.New(w.env, w.parts))
	made := w.role
	if err := made.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = made.Close() })
	w.server = httpd.New(httpd.Options{Log: refused.Log(), Now: w.clock.now})
	w.role.Routes(w.server.Mux("audit", apierr.LayerAudit, auditURL))
	w.api = &api.Client{HTTP: &http.Client{Transport: inProcess{w.server}}, Now: w.clock.now}
}

func emittersFile(t testing.TB, keys map[string]jose.PrivateKey) []byte {
	t.Helper()
	f := api.AuditEmitters{Format: api.AuditEmittersFormat}
	for name, k := range keys {
		f.Emitters = append(f.Emitters, api.AuditEmitter{Role: name, Keys: must[jose.KeySet](t)(jose.NewKeySet(k.Public())).JWKS()})
	}
	return must[[]byte](t)(strictjson.Encode(f))
}

func (w *world) newMaster() person {
	p := person{key: must[*ecdsa.PrivateKey](w.t)(crypto.GenerateKey()), kind: session.KindMaster}
	p.operator, _ = w.chain.AddMaster(crypto.PubkeyToAddress(p.key.PublicKey))
	p.actor = omni.Self(p.operator)
	return w.signIn(p)
}

func (w *world) newAgent(o omni.Operator) person {
	p := person{key: must[*ecdsa.PrivateKey](w.t)(crypto.GenerateKey()), kind: session.KindAgent, operator: o}
	p.actor, _ = w.chain.AddAgent(o, crypto.PubkeyToAddress(p.key.PublicKey))
	return w.signIn(p)
}

func (w *world) signIn(p person) person {
	w.t.Helper()
	addr := crypto.PubkeyToAddress(p.key.PublicKey)
	token, _, err := w.sessions.Issue(session.Subject{
		Kind: p.kind, Operator: p.operator, Actor: p.actor, Device: omni.DeviceKeyOfAddress(addr), Address: addr,
		Thumbprint: dpop.Thumbprint(&p.key.PublicKey),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	p.token = token
	return p
}

// about is a decision of the cred worker about somebody.
func (w *world) about(p person) events.Event {
	return events.Event{
		ID: jose.NewID(), Time: w.clock.now(), Emitter: "cred", Operator: p.operator, Actor: p.actor,
		Device: omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(p.key.PublicKey)),
		Class:  service.Credentials, Op: service.OpFetch, Service: "github", Result: events.Allowed,
	}
}

// signed is an entry as the cred worker hands it in.
func (w *world) signed(e events.Event) journal.Entry {
	w.t.Helper()
	w.number++
	return signedBy(w.t, w.cred, "cred", w.number, e)
}

func signedBy(t testing.TB, k jose.PrivateKey, name string, n uint64, e events.Event) journal.Entry {
	t.Helper()
	source := events.NewSource(name, k.Public(), "S1")
	return journal.Entry{Event: e, Sequence: n, Source: source, Signature: must[string](t)(events.Sign(k, source, n, e))}
}

func (w *world) emit(entries ...journal.Entry) (api.AuditPlaces, error) {
	return api.PostJSON[api.AuditPlaces](w.t.Context(), w.api, api.Request{URL: auditURL + api.PathAuditEmit}, api.AuditEmit{Entries: entries})
}

// told appends n events about somebody.
func (w *world) told(p person, n int) []events.Event {
	w.t.Helper()
	out := make([]events.Event, n)
	for i := range out {
		out[i] = w.about(p)
		must[api.AuditPlaces](w.t)(w.emit(w.signed(out[i])))
	}
	return out
}

func post[Out any](w *world, p person, path string, in any, edit ...func(*http.Request)) (Out, error) {
	return api.PostJSON[Out](w.t.Context(), w.api, api.Request{URL: auditURL + path, Token: p.token, Key: p.key, Edit: func(r *http.Request) {
		for _, e := range edit {
			e(r)
		}
	}}, in)
}

func get[Out any](w *world, p person, path string, edit ...func(*http.Request)) (Out, error) {
	return api.GetJSON[Out](w.t.Context(), w.api, api.Request{URL: auditURL + path, Token: p.token, Key: p.key, Edit: func(r *http.Request) {
		for _, e := range edit {
			e(r)
		}
	}})
}

func note(text string) api.AuditNote {
	return api.AuditNote{Key: jose.NewID(), Op: "deploy", Note: text}
}

func (w *world) note(p person, notes ...api.AuditNote) (api.AuditPlaces, error) {
	return post[api.AuditPlaces](w, p, api.PathAuditAppend, api.AuditAppend{Notes: notes})
}

func (w *world) flush(p person, o omni.Operator) (api.AuditFlushed, error) {
	return post[api.AuditFlushed](w, p, api.PathAuditFlush+"/"+o.String(), nil)
}

// records are the entries of a page, decoded.
func records(t testing.TB, page api.AuditEvents) []journal.Record {
	t.Helper()
	out := make([]journal.Record, len(page.Events))
	for i, e := range page.Events {
		out[i] = must[journal.Record](t)(journal.DecodeRecord([]byte(e.Leaf)))
		if journal.HashOf([]byte(e.Leaf)) != e.Hash {
			t.Errorf("entry %d has another hash", i)
		}
	}
	return out
}

func wantCode(t testing.TB, what string, err error, want apierr.Code) {
	t.Helper()
	if got := apierr.CodeOf(err); got != want || want == "" && err != nil {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, want)
	}
}
