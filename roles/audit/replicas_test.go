//go:build unix

package audit_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/role/roletest"
	"github.com/litentry/agentkeys/pkg/store/postgrestest"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles/audit"
)

// TestDatabases runs two audit roles on the PostgreSQL servers that the
// environment names, as in pkg/journal, and two without one, which are the twin:
// each takes what the other has taken.
func TestDatabases(t *testing.T) {
	t.Run("apart", func(t *testing.T) { twoAuditRoles(t, "", "") })
	dir, k := t.TempDir(), must[jose.PrivateKey](t)(jose.GenerateKey())
	conf := audit.Config{CapKeys: filepath.Join(dir, "keys"), Emitters: filepath.Join(dir, "emitters"), FlushAge: time.Minute, FlushSize: 100, Interval: time.Minute}
	writeFile(t, conf.CapKeys, string(must[[]byte](t)(strictjson.Encode(must[jose.KeySet](t)(jose.NewKeySet(k.Public())).JWKS()))))
	writeFile(t, conf.Emitters, string(emittersFile(t, map[string]jose.PrivateKey{"cred": k})))
	configure := func(t *testing.T, postgres string, edit func(*role.Env)) (role.Config, role.Env) {
		c := conf
		c.Postgres = postgres
		return &c, environment(dir, edit)
	}
	t.Run("sqlite/alone", func(t *testing.T) { roletest.Alone(t, configure, "--audit-store") })
	roletest.Servers(t, os.Getenv("AGENTKEYS_TEST_DATABASES"), func(s *postgrestest.Server) {
		t.Run("postgres/opens", func(t *testing.T) { roletest.Opens(t, s, configure, "journal", "proofs of audit") })
		t.Run("postgres/proofs beside the journal", func(t *testing.T) { twoAuditRoles(t, s.Fresh(t), apierr.ProofReplayed) })
	})
}

// twoAuditRoles shows each a proof that the other has seen.
func twoAuditRoles(t *testing.T, dsn string, want apierr.Code) {
	file := roletest.File(t, dsn)
	process := func(w *world) {
		w.env.Replicated = dsn != ""
		if dsn != "" {
			j := must[*journal.Journal](t)(journal.OpenPostgres(t.Context(), dsn, w.clock.now))
			t.Cleanup(func() { _ = j.Close() })
			w.parts.Journal = j
		}
		proofs := must[*role.Proofs](t)(w.env.OpenProofs(t.Context(), "audit", "", file))
		t.Cleanup(func() { _ = proofs.Close() })
		if err := proofs.Begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.parts.Proofs = proofs
	}
	w := newWorld(t, process)
	second := newWorld(t, func(o *world) {
		o.parts.View, o.parts.CapKeys, o.parts.Journal = w.parts.View, w.parts.CapKeys, w.parts.Journal
	}, process).api

	place := must[api.AuditPlaces](t)(w.note(w.master, note("at the first"))).Places[0]
	var proof string
	_, err := get[api.AuditStatus](w, w.master, api.PathAuditStatus, func(r *http.Request) { proof = r.Header.Get("DPoP") })
	w.api = second
	_, again := get[api.AuditStatus](w, w.master, api.PathAuditStatus, func(r *http.Request) { r.Header.Set("DPoP", proof) })
	wantCode(t, "the same proof at the other", again, want)
	page, fresh := get[api.AuditEvents](w, w.master, api.PathAuditEvents)
	if err := errors.Join(err, fresh); err != nil {
		t.Fatal(err)
	}
	if r := records(t, page); len(r) != 1 || r[0].Event.ID != place.ID {
		t.Errorf("the other reads %+v", r)
	}
}
