//go:build unix

package broker_test

import (
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/role/roletest"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/siwe"
	"github.com/litentry/agentkeys/roles/broker"
)

// TestDatabases runs brokers on SQLite, and on the PostgreSQL servers that the
// environment names.
func TestDatabases(t *testing.T) {
	roletest.Databases[*world]{
		Servers: os.Getenv("AGENTKEYS_TEST_DATABASES"),
		Role:    "broker",
		New:     func(t *testing.T, replicated bool) *world { w := newWorld(t); w.env.Replicated = replicated; return w },
		Process: (*world).process,
		Here:    func(w *world) func() { client := w.api; return func() { w.api = client } },
		Later:   func(w *world, d time.Duration) { w.clock.advance(d) },
		Tests: map[string]func(*testing.T, *world, func()){
			"limits": limitsOfOneDatabase, "race": raceForOneLimit, "login": loginAcrossBrokers, "proofs": proofAcrossBrokers,
		},
		Configure: func(t *testing.T, postgres string, edit func(*role.Env)) (role.Config, role.Env) {
			return &broker.Config{Postgres: postgres}, environment(t.TempDir(), edit)
		},
		Checks: []string{"store", "proofs of broker"},
	}.Run(t)
}

// process starts a broker on a database, as the command line would.
func (w *world) process(sqlite, postgres string) *role.State {
	w.t.Helper()
	s, err := w.env.OpenState(w.t.Context(), "broker", sqlite, postgres)
	if err == nil {
		err = s.Begin(w.t.Context())
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = s.Close() })
	p := w.parts
	p.Store, p.Proofs = s.Store, s.Proofs
	w.serve(p)
	return s
}

// limitsOfOneDatabase: a grant's counters are those of all brokers, and each of
// them says which limit was reached, how much of it is used, and until when.
func limitsOfOneDatabase(t *testing.T, w *world, turn func()) {
	w.grant(chain.Grant{Service: name(t, "github"), Ops: service.Read, MaxPerPeriod: 3, PeriodSeconds: 1800, MaxTotal: 5})
	turn()
	s := w.mustLogin(w.agent)
	fetch := func(uses int) error {
		turn()
		r := w.want("github")
		r.Uses = uses
		_, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, r)
		return err
	}
	refused := func(what string, uses int, says string) {
		t.Helper()
		for range 2 { // at each broker
			err := fetch(uses)
			wantCode(t, what, err, apierr.ScopeLimitReached)
			if err != nil && !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	wantCode(t, "the first", fetch(1), "")
	refused("more than the rest", 3, `the limit per period of "github" is 3, 1 are used, 3 were asked for; it resets at 2027-01-15T08:30:00Z`)
	wantCode(t, "the second", fetch(1), "")
	wantCode(t, "the third", fetch(1), "")
	refused("the fourth of the period", 1, `the limit per period of "github" is 3, 3 are used, 1 were asked for; it resets at 2027-01-15T08:30:00Z`)
	w.clock.advance(30 * time.Minute)
	wantCode(t, "the next period", fetch(1), "")
	refused("more than the total", 2, `the limit per total of "github" is 5, 4 are used, 2 were asked for; it does not reset; the operator must grant anew`)
	wantCode(t, "the last", fetch(1), "")
	refused("one more", 1, `the limit per total of "github" is 5, 5 are used, 1 were asked for; it does not reset; the operator must grant anew`)
}

// raceForOneLimit: however many ask all brokers at once, the limit holds.
func raceForOneLimit(t *testing.T, w *world, turn func()) {
	w.grant(chain.Grant{Service: name(t, "github"), Ops: service.Read, MaxTotal: 7})
	turn()
	s := w.mustLogin(w.agent)
	of := [2]*api.Client{w.api, w.api}
	if w.env.Replicated {
		turn()
		of[1] = w.api
	}
	var won atomic.Int64
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for i := range 60 {
		wg.Go(func() {
			<-gate
			_, err := api.PostJSON[api.Capability](t.Context(), of[i%2], api.Request{URL: brokerURL + api.PathCapCredFetch, Token: s.Token, Key: w.agent}, w.want("github"))
			if err == nil {
				won.Add(1)
				return
			}
			wantCode(t, "over the limit", err, apierr.ScopeLimitReached)
		})
	}
	close(gate)
	wg.Wait()
	if won.Load() != 7 {
		t.Errorf("%d capabilities of 7", won.Load())
	}
}

// loginAcrossBrokers: one hands out the challenge, another takes the answer,
// and none takes it again.
func loginAcrossBrokers(t *testing.T, w *world, turn func()) {
	turn()
	at := crypto.PubkeyToAddress(w.agent.PublicKey)
	c, err := api.PostJSON[api.LoginChallenge](t.Context(), w.api, api.Request{URL: brokerURL + api.PathLoginStart}, api.LoginStart{Address: at.Hex()})
	if err != nil {
		t.Fatal(err)
	}
	text, sig, err := siwe.Sign(w.agent, siwe.Message{
		Domain: c.Domain, Address: at, Statement: c.Statement, URI: c.URI, ChainID: c.ChainID, Nonce: c.Nonce, IssuedAt: c.IssuedAt, ExpiresAt: c.ExpiresAt,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []apierr.Code{"", apierr.Unauthorized, apierr.Unauthorized} {
		turn()
		_, err := api.PostJSON[api.Session](t.Context(), w.api, api.Request{URL: brokerURL + api.PathLoginVerify}, api.LoginVerify{Message: text, Signature: sig})
		if got := apierr.CodeOf(err); got != want {
			t.Errorf("answer %d: %v, want %q", i, err, want)
		}
	}
}

// proofAcrossBrokers: a proof that one has seen is used for all of them.
func proofAcrossBrokers(t *testing.T, w *world, turn func()) {
	turn()
	s := w.mustLogin(w.agent)
	var proof string
	keep := func(q *http.Request) { proof = q.Header.Get("DPoP") }
	again := func(q *http.Request) { q.Header.Set("DPoP", proof) }
	_, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, w.want("github"), keep)
	wantCode(t, "a fresh proof", err, "")
	for range 2 {
		turn()
		_, err = w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, w.want("github"), again)
		wantCode(t, "the same proof elsewhere", err, apierr.ProofReplayed)
		_, err = w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, w.want("github"))
		wantCode(t, "a fresh proof elsewhere", err, "")
	}
}
