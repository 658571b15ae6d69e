package cred_test

import (
	"crypto/ecdsa"
	"net/http"
	"net/http/httptest"
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
	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/chaintest"
	"github.com/litentry/agentkeys/pkg/devcloud"
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
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
	"github.com/litentry/agentkeys/roles/cred"
)

const (
	credURL = "http://127.0.0.1:9094"
	issuer  = "http://127.0.0.1:8091"
	bucket  = "agentkeys-vault"
	account = "000000000000"
)

// person is one actor with its key and its genuine storage session.
type person struct {
	key      *ecdsa.PrivateKey
	operator omni.Operator
	actor    omni.Actor
	device   omni.DeviceKey
	session  sts.Credentials
}

// world is one worker over a chain in memory and real S3 and STS.
type world struct {
	t        testing.TB
	chain    *chaintest.Memory
	worker   *httpd.Server
	cloud    *devcloud.Cloud
	service  *cred.Worker
	sts      *sts.Client
	issuer   *oidc.Issuer
	forger   josetest.Forger // holds K1
	people   []*person       // two agents of one operator, one of another
	endpoint string          // of the cloud
	audit    *audittest.Memory
	sink     audit.Sink    // what the worker tells; nil: audit
	keys     keys.DataKeys // what the worker asks; nil: a keyring of its own
	told     *role.Audit
	toldAt   func() time.Time // the clock of denials that are counted; nil: each is one of its own

	replicated bool // several workers are told so

	mu sync.Mutex // guards t0
	t0 time.Time
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

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, chain: chaintest.NewMemory(), forger: josetest.New(t), audit: new(audittest.Memory), t0: time.Now().Truncate(time.Second)}
	w.startCloud()
	for op := range 2 {
		wallet := must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
		operator, _ := w.chain.AddMaster(crypto.PubkeyToAddress(wallet.PublicKey))
		for range 2 - op {
			p := &person{key: must[*ecdsa.PrivateKey](t)(crypto.GenerateKey()), operator: operator}
			p.actor, p.device = w.chain.AddAgent(operator, crypto.PubkeyToAddress(p.key.PublicKey))
			p.session = w.exchange(p, oidc.AccessWrite)
			w.people = append(w.people, p)
			w.grantAll(p)
		}
	}
	w.startWorker()
	return w
}

func (w *world) grantAll(p *person) {
	w.chain.SetGrants(p.operator, p.actor, chain.Grant{Service: name(w.t, "github"), Ops: service.AllOps})
}

func name(t testing.TB, s string) service.Name {
	t.Helper()
	return must[service.Name](t)(service.Parse(s))
}

// startCloud serves an issuer and the development cloud that trusts it.
func (w *world) startCloud() {
	t := w.t
	mux := http.NewServeMux()
	idp := httptest.NewServer(mux)
	t.Cleanup(idp.Close)
	k2 := must[jose.PrivateKey](t)(must[jose.PrivateKey](t)(jose.GenerateKey()).WithCertificate("test", w.now()))
	w.issuer = must[*oidc.Issuer](t)(oidc.New(idp.URL, k2, w.now))
	document := func(v any) http.HandlerFunc {
		b := must[[]byte](t)(strictjson.Encode(v))
		return func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write(b) }
	}
	mux.HandleFunc(oidc.PathDiscovery, document(w.issuer.Discovery()))
	mux.HandleFunc(oidc.PathJWKS, document(w.issuer.JWKS()))
	set := must[policy.Set](t)(policy.Render(policy.Params{
		Partition: "aws", AccountID: account, Provider: must[string](t)(policy.ProviderOf(idp.URL)),
		Classes: []policy.Class{{Class: service.Credentials, Bucket: bucket, Role: "vault", ProvisionRole: "provision"}},
	}))
	w.cloud = must[*devcloud.Cloud](t)(devcloud.Open(devcloud.Config{
		Dir: t.TempDir(), Region: "us-east-1", AccountID: account, Issuer: idp.URL, Roles: set.Roles, Buckets: set.Buckets, Now: time.Now,
	}))
	srv := httptest.NewServer(w.cloud.Handler())
	t.Cleanup(func() { srv.Close(); _ = w.cloud.Close() })
	w.sts = must[*sts.Client](t)(sts.New(sts.Config{Endpoint: srv.URL, Region: "us-east-1"}))
	w.endpoint = srv.URL
}

func (w *world) exchange(p *person, a oidc.Access) sts.Credentials {
	w.t.Helper()
	token, _, err := w.issuer.Mint(oidc.Request{Class: service.Credentials, Operator: p.operator, Actor: p.actor, Access: a})
	if err != nil {
		w.t.Fatal(err)
	}
	roleName := "vault"
	if a == oidc.AccessProvision {
		roleName = "provision"
	}
	return must[sts.Credentials](w.t)(w.sts.Exchange(w.t.Context(), sts.ExchangeRequest{
		RoleARN: "arn:aws:iam::" + account + ":role/" + roleName, WebIdentityToken: token, SessionName: "test",
	}))
}

func (w *world) startWorker() {
	t := w.t
	now := w.now
	if w.sink == nil {
		w.sink = w.audit
	}
	if w.keys == nil {
		w.keys = keystest.New(t)
	}
	if w.toldAt == nil {
		var minutes atomic.Int64
		w.toldAt = func() time.Time { return now().Add(time.Duration(minutes.Add(2)) * time.Minute) }
	}
	w.told = must[*role.Audit](t)(role.Env{Now: w.toldAt, Log: zerolog.Nop()}.AuditTo(w.sink))
	told := w.told
	t.Cleanup(func() { _ = told.Close() })
	w.serve(w.parts())
}

// serve starts a worker, which the next calls are made to.
func (w *world) serve(p cred.Parts) {
	w.t.Helper()
	w.service = must[*cred.Worker](w.t)(cred.New(w.env(), p))
	w.worker = httpd.New(httpd.Options{Log: refused.Log(), Now: w.now})
	w.service.Routes(w.worker.Mux("cred", apierr.LayerWorker, credURL))
}

func (w *world) env() role.Env {
	return role.Env{Now: w.now, Replicated: w.replicated, Log: zerolog.Nop(), URL: credURL, Profile: &profile.Profile{Environment: profile.Development, CapIssuer: issuer}}
}

// parts are those of a worker, with a new store of uses.
func (w *world) parts() cred.Parts {
	t := w.t
	st := must[*store.Store](t)(store.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "uses.db"), w.now))
	t.Cleanup(func() { _ = st.Close() })
	return cred.Parts{
		View: w.chain, CapKeys: must[jose.KeySet](t)(jose.NewKeySet(w.forger.Key.Public())), Uses: st, Keys: w.keys, Audit: w.told,
		Objects: must[*blob.Store](t)(blob.New(blob.Config{Endpoint: w.endpoint, Region: "us-east-1", Bucket: bucket})),
	}
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
