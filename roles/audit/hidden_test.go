package audit_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	events "github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
)

// TestAnotherJournalsDamage looks to a stranger as if nothing were there; its
// operator is told.
func TestAnotherJournalsDamage(t *testing.T) {
	t.Parallel()
	var damaged events.Event
	w := newWorld(t, func(w *world) {
		path := filepath.Join(t.TempDir(), "audit.db")
		open := func() *journal.Journal {
			return must[*journal.Journal](t)(journal.OpenSQLite(t.Context(), path, w.clock.now))
		}
		damaged = w.about(w.master)
		damaged.ObjectKey = "WRITTEN"
		j := open()
		must[[]journal.Place](t)(j.Append(t.Context(), w.signed(damaged)))
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		b := must[[]byte](t)(os.ReadFile(path))
		if bytes.Count(b, []byte("WRITTEN")) != 1 {
			t.Fatal("the entry is not in the file once")
		}
		writeFile(t, path, string(bytes.Replace(b, []byte("WRITTEN"), []byte("ALTERED"), 1)))
		w.parts.Journal = open()
		w.journal = w.parts.Journal
		t.Cleanup(func() { _ = w.journal.Close() })
	})
	for _, c := range []struct {
		name string
		who  person
		want apierr.Code
	}{{"its operator", w.master, apierr.JournalDamaged}, {"another operator", w.stranger, apierr.NotFound}} {
		_, err := get[api.AuditProof](w, c.who, api.PathAuditProof+"/"+damaged.ID)
		wantCode(t, c.name, err, c.want)
	}
}
