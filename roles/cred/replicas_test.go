//go:build unix

package cred_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/role/roletest"
	"github.com/litentry/agentkeys/pkg/worker/workertest"
	"github.com/litentry/agentkeys/roles/cred"
)

// TestDatabases runs workers on SQLite, and on the PostgreSQL servers that the
// environment names.
func TestDatabases(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, workertest.KeySet(t, must[jose.PrivateKey](t)(jose.GenerateKey()).Public()), 0o600); err != nil {
		t.Fatal(err)
	}
	roletest.Databases[*world]{
		Servers: os.Getenv("AGENTKEYS_TEST_DATABASES"),
		Role:    "cred",
		New:     func(t *testing.T, replicated bool) *world { w := newWorld(t); w.replicated = replicated; return w },
		Process: (*world).process,
		Here:    func(w *world) func() { worker := w.worker; return func() { w.worker = worker } },
		Later:   (*world).advance,
		Tests:   map[string]func(*testing.T, *world, func()){"uses": usesOfOneDatabase, "race": raceForUses, "proofs": proofAcrossWorkers},
		Open: func(t *testing.T, postgres string, edit func(*role.Env)) (roletest.Opened, error) {
			c := cred.Config{Postgres: postgres, CapKeys: keys, Signers: keys}
			return c.Open(t.Context(), workertest.Env(t, time.Now, issuer, func(e *role.Env) { e.Profile.Hosts["signer"] = issuer }, edit))
		},
		Checks: []string{"store", "proofs of cred"},
	}.Run(t)
}

// process starts a worker on a database, as the command line would.
func (w *world) process(sqlite, postgres string) *role.State {
	w.t.Helper()
	s := must[*role.State](w.t)(w.env().OpenState(w.t.Context(), "cred", sqlite, postgres))
	w.t.Cleanup(func() { _ = s.Close() })
	p := w.parts()
	p.Uses, p.Proofs = s.Store, s.Proofs
	w.serve(p)
	return s
}

// stored is a capability of three uses for a credential that is there.
func stored(t *testing.T, w *world) (p *person, token string) {
	t.Helper()
	p = w.people[0]
	if err := w.call(p, ops[0]).send(); err != nil {
		t.Fatal(err)
	}
	c := w.call(p, ops[1])
	c.cap.Uses = 3
	return p, w.mint(c.cap, c.at)
}

// usesOfOneDatabase: three uses are three, wherever they are made.
func usesOfOneDatabase(t *testing.T, w *world, turn func()) {
	turn()
	p, token := stored(t, w)
	for i, want := range []apierr.Code{"", "", "", apierr.CapUsed, apierr.CapUsed} {
		turn()
		if err := w.call(p, ops[1]).present(token); apierr.CodeOf(err) != want {
			t.Errorf("use %d: %v, want %q", i, err, want)
		}
	}
}

func raceForUses(t *testing.T, w *world, turn func()) {
	turn()
	p, token := stored(t, w)
	of := [2]*httpd.Server{w.worker, w.worker}
	if w.replicated {
		turn()
		of[1] = w.worker
	}
	var won atomic.Int64
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for i := range 40 {
		c := w.call(p, ops[1])
		c.worker = of[i%2]
		wg.Go(func() {
			<-gate
			err := c.present(token)
			if err == nil {
				won.Add(1)
			} else if apierr.CodeOf(err) != apierr.CapUsed {
				t.Error(err)
			}
		})
	}
	close(gate)
	wg.Wait()
	if won.Load() != 3 {
		t.Errorf("%d uses of 3", won.Load())
	}
}

// proofAcrossWorkers: a proof that one has seen is used for all of them, and is
// refused before it costs a use.
func proofAcrossWorkers(t *testing.T, w *world, turn func()) {
	turn()
	p, token := stored(t, w)
	first := w.call(p, ops[1])
	var proof string
	first.edit = func(r *http.Request) { proof = r.Header.Get("DPoP") }
	err := first.present(token)
	for range 3 {
		turn()
		c := w.call(p, ops[1])
		c.edit = func(r *http.Request) { r.Header.Set("DPoP", proof) }
		if err := c.present(token); apierr.CodeOf(err) != apierr.ProofReplayed {
			t.Errorf("the same proof elsewhere: %v", err)
		}
	}
	for range 2 {
		turn()
		err = errors.Join(err, w.call(p, ops[1]).present(token))
	}
	if err != nil {
		t.Error("fresh proofs, for each use:", err)
	}
}
