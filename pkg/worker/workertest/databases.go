//go:build unix

package workertest

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/role/roletest"
	"github.com/litentry/agentkeys/pkg/worker"
)

// Databases is what the processes of every worker share, on SQLite and on the
// PostgreSQL servers that servers names (roletest.Servers). as is the configuration of
// its role.
func Databases(t *testing.T, s Suite, servers string, as func(worker.Config) role.Config) {
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, KeySet(t, must[jose.PrivateKey](t)(jose.GenerateKey()).Public()), 0o600); err != nil {
		t.Fatal(err)
	}
	roletest.Databases[*World]{
		Servers: servers, Role: s.Role,
		New:     func(t *testing.T, replicated bool) *World { w := s.World(t); w.Replicated = replicated; return w },
		Process: (*World).Process,
		Here:    func(w *World) func() { server := w.Server; return func() { w.Server = server } },
		Later:   (*World).Advance,
		Tests:   map[string]func(*testing.T, *World, func()){"uses": usesOfOneDatabase, "race": raceForUses, "proofs": proofAcrossWorkers},
		Configure: func(t *testing.T, postgres string, edit func(*role.Env)) (role.Config, role.Env) {
			signer := func(e *role.Env) { e.Profile.Hosts["signer"] = Issuer }
			return as(worker.Config{Postgres: postgres, CapKeys: keys, Signers: keys}), Env(t, s.Clock, Issuer, signer, edit)
		},
		Checks: []string{"store", "proofs of " + s.Role},
	}.Run(t)
}

// stored is a capability of three uses for a credential that is there.
func stored(t *testing.T, w *World) (p *Person, token string) {
	t.Helper()
	p = w.People[0]
	if err := w.Call(p, w.Ops[0]).Send(); err != nil {
		t.Fatal(err)
	}
	c := w.Call(p, w.Ops[1])
	c.Cap.Uses = 3
	return p, w.Mint(c.Cap, c.At)
}

// usesOfOneDatabase: three uses are three, wherever they are made.
func usesOfOneDatabase(t *testing.T, w *World, turn func()) {
	turn()
	p, token := stored(t, w)
	for i, want := range []apierr.Code{"", "", "", apierr.CapUsed, apierr.CapUsed} {
		turn()
		if err := w.Call(p, w.Ops[1]).Present(token); apierr.CodeOf(err) != want {
			t.Errorf("use %d: %v, want %q", i, err, want)
		}
	}
}

func raceForUses(t *testing.T, w *World, turn func()) {
	turn()
	p, token := stored(t, w)
	of := [2]*httpd.Server{w.Server, w.Server}
	if w.Replicated {
		turn()
		of[1] = w.Server
	}
	var won atomic.Int64
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for i := range 40 {
		c := w.Call(p, w.Ops[1])
		c.Server = of[i%2]
		wg.Go(func() {
			<-gate
			err := c.Present(token)
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
func proofAcrossWorkers(t *testing.T, w *World, turn func()) {
	turn()
	p, token := stored(t, w)
	first := w.Call(p, w.Ops[1])
	var proof string
	first.Edit = func(r *http.Request) { proof = r.Header.Get("DPoP") }
	err := first.Present(token)
	for range 3 {
		turn()
		c := w.Call(p, w.Ops[1])
		c.Edit = func(r *http.Request) { r.Header.Set("DPoP", proof) }
		if err := c.Present(token); apierr.CodeOf(err) != apierr.ProofReplayed {
			t.Errorf("the same proof elsewhere: %v", err)
		}
	}
	for range 2 {
		turn()
		err = errors.Join(err, w.Call(p, w.Ops[1]).Present(token))
	}
	if err != nil {
		t.Error("fresh proofs, for each use:", err)
	}
}
