package audit_test

import (
	"context"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/roles/audit"
)

// TestBehind: a journal that does not get to events in time asks their emitter to
// send them again, one that cannot write refuses; the twin has time.
func TestBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	late, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	entry := w.signed(w.about(w.agent))
	wantCode(t, "a journal that is behind", audit.Emit(late, w.journal, entry), apierr.RateLimited)
	wantCode(t, "one that has time", audit.Emit(t.Context(), w.journal, entry), "")
	if err := w.journal.Close(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "one that cannot write", audit.Emit(t.Context(), w.journal, entry), apierr.AuditUnavailable)
}

// TestNoJournal: whatever needs the journal says that it is not there, and may be
// tried again; the twin is the same call before.
func TestNoJournal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	told := w.told(w.agent, 1)
	calls := func() map[string]error {
		_, emit := w.emit(w.signed(w.about(w.agent)))
		_, notes := w.note(w.agent, note("x"))
		_, flush := w.flush(w.master, w.master.operator)
		_, list := get[api.AuditEvents](w, w.agent, api.PathAuditEvents)
		_, proof := get[api.AuditProof](w, w.agent, api.PathAuditProof+"/"+told[0].ID)
		_, batches := get[api.AuditBatches](w, w.agent, api.PathAuditBatches)
		_, status := get[api.AuditStatus](w, w.agent, api.PathAuditStatus)
		return map[string]error{"emit": emit, "append": notes, "flush": flush, "events": list, "proof": proof, "batches": batches, "status": status}
	}
	for what, err := range calls() {
		wantCode(t, what, err, "")
	}
	if err := w.journal.Close(); err != nil {
		t.Fatal(err)
	}
	for what, err := range calls() {
		wantCode(t, what+" without a journal", err, apierr.AuditUnavailable)
	}
}
