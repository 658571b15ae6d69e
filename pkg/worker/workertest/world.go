package workertest

import (
	"context"
	"crypto/ecdsa"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/chaintest"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/pkg/sts"
	"github.com/litentry/agentkeys/pkg/worker"
)

// Suite is the worker whose calls are tested, and what its class has of its own.
type Suite struct {
	worker.Kind
	URL    string // at which it is reached
	Bucket string
	// Clock is this machine's.
	Clock func() time.Time
	// Log is the request log of every server; see httpdtest.
	Log zerolog.Logger
	// New builds the worker as its role does.
	New func(role.Env, worker.Parts) (Routes, error)
	// Cloud starts storage; now is the clock of what trusts its issuer.
	Cloud func(t testing.TB, now func() time.Time) Storage
	// Ops are its routes: the first stores what the second fetches, each with one data
	// key, and all of them succeed again and again with a storage session to write.
	Ops []Op
	// Object is where storage has what an op that lists nothing is about.
	Object func(omni.Actor, Op) blob.Key
	// Grants are what each agent has, OtherGrants none that allow any of the Ops.
	Grants, OtherGrants []chain.Grant
	// Other is an action of another class, and OtherService what it is about.
	Other        service.Action
	OtherService string
	// Faults of its own calls, beside those of every worker's.
	Faults []Fault
}

// Routes is a worker that was built.
type Routes interface{ Routes(*httpd.Mux) }

// Storage is real S3 and STS that trust an issuer.
type Storage struct {
	Endpoint string
	// Exchange makes a storage session with the role of its class and access.
	Exchange func(context.Context, oidc.Request) (sts.Credentials, error)
}

// Person is one agent with its key and its genuine storage session.
type Person struct {
	Key      *ecdsa.PrivateKey
	Operator omni.Operator
	Actor    omni.Actor
	Device   omni.DeviceKey
	Session  sts.Credentials
}

// World is one worker over a chain in memory and real storage.
type World struct {
	Suite
	T       testing.TB
	Chain   *chaintest.Memory
	Storage Storage
	Service Routes          // the worker
	Server  *httpd.Server   // which serves it
	Forger  josetest.Forger // holds K1
	People  []*Person       // two agents of one operator, one of another
	Audit   *audittest.Memory
	Sink    audit.Sink    // what the worker tells; nil: Audit
	Keys    keys.DataKeys // what the worker asks; nil: a keyring of its own
	Told    *role.Audit
	ToldAt  func() time.Time // the clock of denials that are counted; nil: each is one of its own

	Replicated bool // the worker is told so

	mu sync.Mutex // guards t0
	t0 time.Time
}

// Empty makes a world without a cloud, people or a worker, at this instant.
func (s Suite) Empty(t testing.TB) *World {
	return &World{Suite: s, T: t, Chain: chaintest.NewMemory(), Forger: josetest.New(t), Audit: new(audittest.Memory), t0: s.Clock().Truncate(time.Second)}
}

// World makes one with a worker that serves.
func (s Suite) World(t testing.TB) *World {
	t.Helper()
	w := s.Empty(t)
	w.Storage = s.Cloud(t, w.Now)
	for op := range 2 {
		wallet := must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
		operator, _ := w.Chain.AddMaster(crypto.PubkeyToAddress(wallet.PublicKey))
		for range 2 - op {
			p := w.Recruit(operator)
			p.Session = w.Exchange(p, oidc.AccessWrite)
			w.People = append(w.People, p)
		}
	}
	w.Start()
	return w
}

// Now is the world's clock.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.t0
}

// Advance moves the clock, also back.
func (w *World) Advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.t0 = w.t0.Add(d)
}

// CatchUp sets the clock to this instant.
func (w *World) CatchUp() { w.Advance(w.Clock().Truncate(time.Second).Sub(w.Now())) }

// Recruit is one more agent of an operator, without a storage session.
func (w *World) Recruit(operator omni.Operator) *Person {
	w.T.Helper()
	p := &Person{Key: must[*ecdsa.PrivateKey](w.T)(crypto.GenerateKey()), Operator: operator}
	p.Actor, p.Device = w.Chain.AddAgent(operator, crypto.PubkeyToAddress(p.Key.PublicKey))
	w.GrantAll(p)
	return p
}

// GrantAll gives an agent what each has.
func (w *World) GrantAll(p *Person) { w.Chain.SetGrants(p.Operator, p.Actor, w.Grants...) }

// Exchange makes a storage session of the worker's class for a person.
func (w *World) Exchange(p *Person, a oidc.Access) sts.Credentials {
	w.T.Helper()
	return w.ExchangeFor(w.Class, p, a)
}

// ExchangeFor makes one of any class.
func (w *World) ExchangeFor(class service.Class, p *Person, a oidc.Access) sts.Credentials {
	w.T.Helper()
	return must[sts.Credentials](w.T)(w.Storage.Exchange(w.T.Context(), oidc.Request{Class: class, Operator: p.Operator, Actor: p.Actor, Access: a}))
}

// Store is the worker's bucket, without an identity.
func (w *World) Store() *blob.Store {
	w.T.Helper()
	return must[*blob.Store](w.T)(blob.New(blob.Config{Endpoint: w.Storage.Endpoint, Region: "us-east-1", Bucket: w.Bucket}))
}

// Start starts a worker with new parts, which the next calls are made to.
func (w *World) Start() {
	w.T.Helper()
	if w.Sink == nil {
		w.Sink = w.Audit
	}
	if w.Keys == nil {
		w.Keys = keystest.New(w.T)
	}
	if w.ToldAt == nil {
		var minutes atomic.Int64
		w.ToldAt = func() time.Time { return w.Now().Add(time.Duration(minutes.Add(2)) * time.Minute) }
	}
	told := must[*role.Audit](w.T)(role.Env{Now: w.ToldAt, Log: zerolog.Nop()}.AuditTo(w.Sink))
	w.T.Cleanup(func() { _ = told.Close() })
	w.Told = told
	w.Serve(w.Parts())
}

// Serve starts a worker, which the next calls are made to.
func (w *World) Serve(p worker.Parts) {
	w.T.Helper()
	w.Service = must[Routes](w.T)(w.New(w.Env(), p))
	w.Server = httpd.New(httpd.Options{Log: w.Log, Now: w.Now})
	w.Service.Routes(w.Server.Mux(w.Role, apierr.LayerWorker, w.URL))
}

// Env is that of the worker.
func (w *World) Env() role.Env {
	return role.Env{Now: w.Now, Replicated: w.Replicated, Log: zerolog.Nop(), URL: w.URL, Profile: &profile.Profile{Environment: profile.Development, CapIssuer: Issuer}}
}

// Parts are those of a worker, with a new store of uses.
func (w *World) Parts() worker.Parts {
	w.T.Helper()
	st := must[*store.Store](w.T)(store.OpenSQLite(w.T.Context(), filepath.Join(w.T.TempDir(), "uses.db"), w.Now))
	w.T.Cleanup(func() { _ = st.Close() })
	return worker.Parts{
		View: w.Chain, CapKeys: must[jose.KeySet](w.T)(jose.NewKeySet(w.Forger.Key.Public())), Uses: st, Keys: w.Keys, Audit: w.Told, Objects: w.Store(),
	}
}

// Process starts a worker on a database, as the command line would; see
// role.Env.OpenState.
func (w *World) Process(sqlite, postgres string) *role.State {
	w.T.Helper()
	s := must[*role.State](w.T)(w.Env().OpenState(w.T.Context(), w.Role, sqlite, postgres))
	w.T.Cleanup(func() { _ = s.Close() })
	if err := s.Begin(w.T.Context()); err != nil {
		w.T.Fatal(err)
	}
	p := w.Parts()
	p.Uses, p.Proofs = s.Store, s.Proofs
	w.Serve(p)
	return s
}

// Mint makes a capability as the broker would, at a time of its own.
func (w *World) Mint(r captoken.Request, at time.Time) string {
	w.T.Helper()
	m := must[*captoken.Minter](w.T)(captoken.NewMinter(w.Forger.Key, Issuer, func() time.Time { return at }))
	token, _, err := m.Mint(r)
	if err != nil {
		w.T.Fatal(err)
	}
	return token
}
