//go:build unix

package signer_test

import (
	"errors"
	"os"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/role/roletest"
	"github.com/litentry/agentkeys/pkg/store/postgrestest"
)

// TestDatabases runs two signers behind one address on the PostgreSQL servers that
// the environment names, as in pkg/store, and two without one, which are the twin:
// each takes what the other has taken.
func TestDatabases(t *testing.T) {
	t.Run("apart", func(t *testing.T) { twoSigners(t, "", "") })
	roletest.Servers(t, os.Getenv("AGENTKEYS_TEST_DATABASES"), func(s *postgrestest.Server) {
		t.Run("postgres/opens", func(t *testing.T) {
			p := newPlace(t)
			configure := func(t *testing.T, postgres string, edit func(*role.Env)) (role.Config, role.Env) {
				c, e := p.conf, p.env
				c.Postgres, e.Metrics = postgres, prometheus.NewRegistry()
				edit(&e)
				return &c, e
			}
			roletest.Opens(t, s, configure, "proofs of signer", "proofs of signer orders")
		})
		t.Run("postgres/proofs and orders", func(t *testing.T) { twoSigners(t, roletest.File(t, s.Fresh(t)), apierr.ProofReplayed) })
	})
}

// twoSigners gives each a proof, and an order, that the other has seen.
func twoSigners(t *testing.T, postgres string, want apierr.Code) {
	w := newWorld(t, 2)
	replica := w.newSide(w.url, w.identity, w.options, w.ring)
	env := role.Env{Now: w.now, Replicated: postgres != "", Profile: &profile.Profile{}}
	for _, s := range []*side{w.side, replica} {
		proofs, err1 := env.OpenProofs(t.Context(), "signer", "", postgres)
		orders, err2 := env.OpenProofs(t.Context(), "signer", "orders", postgres)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = errors.Join(proofs.Close(), orders.Close()) })
		if err := errors.Join(proofs.Begin(t.Context()), orders.Begin(t.Context())); err != nil {
			t.Fatal(err)
		}
		s.proofs, s.orders = proofs, orders
		s.start(jose.KeySet{}, nil)
		if failed := s.readiness(); failed != nil {
			t.Error(failed)
		}
	}
	w.advance(2 * dpop.MaxAge) // what is older than the guards counts as used
	for _, o := range ops() {
		c := w.call(w.people[0], o)
		if _, err := c.on(w.side); err != nil {
			t.Errorf("%s: %v", o.name, err)
		}
		if _, err := c.post(replica); apierr.CodeOf(err) != want {
			t.Errorf("%s, the same at the other: %v, want %q", o.name, err, want)
		}
		if _, err := w.call(w.people[0], o).on(replica); err != nil {
			t.Errorf("%s, a fresh one there: %v", o.name, err)
		}
	}
	order := w.order(w.maintainer, api.PathEpochPrepare, api.EpochRequest{Epoch: 2})
	if err := order.send(nil); err != nil {
		t.Error(err)
	}
	order.s = replica
	if err := order.send(nil); apierr.CodeOf(err) != want {
		t.Errorf("the same order at the other: %v, want %q", err, want)
	}
	if err := order.prove().send(nil); err != nil {
		t.Errorf("a fresh one there: %v", err)
	}
}
