package audit_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/journal"
)

// noGuard cannot tell whether a proof was used.
type noGuard struct{}

func (noGuard) Use(context.Context, string, string, time.Time) error { return errors.New("no answer") }

// damage alters one word of what stands in the journal, behind its back.
func (w *world) damage(path, from, to string) {
	t := w.t
	t.Helper()
	if err := w.journal.Close(); err != nil {
		t.Fatal(err)
	}
	b := must[[]byte](t)(os.ReadFile(path))
	if bytes.Count(b, []byte(from)) != 1 || len(from) != len(to) {
		t.Fatalf("%s is not in the file once", from)
	}
	writeFile(t, path, string(bytes.Replace(b, []byte(from), []byte(to), 1)))
}

// TestDamagedJournal: whatever reads the entry that was altered says so; the twin is
// the same journal before.
func TestDamagedJournal(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "audit.db")
	openAt := func(w *world) {
		w.journal = must[*journal.Journal](t)(journal.OpenSQLite(t.Context(), path, w.clock.now))
		w.parts.Journal = w.journal
		t.Cleanup(func() { _ = w.journal.Close() })
	}
	w := newWorld(t, openAt)
	calls := func(said api.AuditNote) map[string]error {
		_, notes := w.note(w.master, said)
		_, list := get[api.AuditEvents](w, w.master, api.PathAuditEvents)
		_, proof := get[api.AuditProof](w, w.master, api.PathAuditProof+"/"+api.NoteID(w.master.operator, w.master.actor, said.Key))
		_, flush := w.flush(w.master, w.master.operator)
		return map[string]error{"append": notes, "events": list, "proof": proof, "flush": flush}
	}
	for what, err := range calls(note("before")) {
		want := apierr.Code("")
		if what == "proof" {
			want = apierr.EventNotBatched
		}
		wantCode(t, what, err, want)
	}
	said := note("WRITTEN")
	must[api.AuditPlaces](t)(w.note(w.master, said))
	w.damage(path, "WRITTEN", "ALTERED")
	w.restart(openAt)
	for what, err := range calls(said) {
		wantCode(t, what+" of a damaged journal", err, apierr.JournalDamaged)
	}
}

// TestProofsOfTheSpeaker: those of the policy that every route of the journal has.
func TestProofsOfTheSpeaker(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	proven := func(objects ...string) func(*http.Request) {
		proof := must[string](t)(dpop.Sign(w.agent.key, dpop.Request{Method: "GET", URL: auditURL + api.PathAuditStatus, Token: w.agent.token, Objects: objects, Now: w.clock.now()}))
		return func(r *http.Request) { r.Header.Set("DPoP", proof) }
	}
	ask := func(what string, want apierr.Code, edit func(*http.Request)) {
		t.Helper()
		_, err := get[api.AuditStatus](w, w.agent, api.PathAuditStatus, edit)
		wantCode(t, what, err, want)
	}
	once := proven()
	ask("a proof", "", once)
	ask("the same again", apierr.ProofReplayed, once)
	ask("of an object", apierr.ProofObjectMismatch, proven("x"))

	w = newWorld(t, func(w *world) { w.parts.Proofs = noGuard{} })
	ask("without a guard", apierr.StoreUnavailable, proven())
}

// TestFlushAllWithoutJournal: whoever runs the host hears it too.
func TestFlushAllWithoutJournal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := func() error {
		admin := &api.Client{HTTP: &http.Client{Transport: inProcess{w.server.AdminHandler(nil)}}, Now: w.clock.now}
		_, err := api.PostJSON[api.AuditFlushedAll](t.Context(), admin, api.Request{URL: "http://127.0.0.1" + api.PathAuditFlushAll}, nil)
		return err
	}
	wantCode(t, "with a journal", all(), "")
	if err := w.journal.Close(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "without", all(), apierr.AuditUnavailable)
}
