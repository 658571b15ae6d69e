package audit_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles/audit"
)

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFlush(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.master.operator
	if f := must[api.AuditFlushed](t)(w.flush(w.master, mine)); f.Batch != nil {
		t.Errorf("a batch of nothing: %+v", f.Batch)
	}
	w.told(w.agent, 3)
	for name, c := range map[string]struct {
		who   person
		whose omni.Operator
		want  apierr.Code
	}{
		"an agent":         {w.agent, mine, apierr.DeviceRoleMissing},
		"another operator": {w.stranger, mine, apierr.OperatorMismatch},
		"for another":      {w.master, w.stranger.operator, apierr.OperatorMismatch},
		"another's agent":  {w.agent, w.stranger.operator, apierr.OperatorMismatch},
	} {
		_, err := w.flush(c.who, c.whose)
		wantCode(t, name, err, c.want)
		if h := must[journal.Head](t)(w.journal.Head(t.Context(), mine)); h.Batches != 0 {
			t.Errorf("%s: a batch was made", name)
		}
	}
	b := must[api.AuditFlushed](t)(w.flush(w.master, mine)).Batch
	if b == nil || b.Index != 0 || b.First != 1 || b.Count != 3 || b.State != journal.Built || b.Operator != mine {
		t.Errorf("%+v", b)
	}
	if f := must[api.AuditFlushed](t)(w.flush(w.master, mine)); f.Batch != nil {
		t.Errorf("nothing is new: %+v", f.Batch)
	}
	_, err := post[api.AuditFlushed](w, w.master, api.PathAuditFlush+"/0x12", nil)
	wantCode(t, "no operator", err, apierr.InvalidInput)
}

func TestFlushIsLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.parts.Flushes = httpd.NewQuota(0.0001, 2, w.clock.now) })
	for range 2 {
		w.told(w.agent, 1)
		must[api.AuditFlushed](t)(w.flush(w.master, w.master.operator))
	}
	w.told(w.agent, 1)
	_, err := w.flush(w.master, w.master.operator)
	wantCode(t, "the third", err, apierr.RateLimited)
	must[api.AuditFlushed](t)(w.flush(w.stranger, w.stranger.operator))
}

// TestFlushedByItself: by age and by size, each operator by itself, and never
// what has no operator.
func TestFlushedByItself(t *testing.T) {
	t.Parallel()
	wake := make(chan time.Time)
	w := newWorld(t, func(w *world) { w.parts.Flushing = audit.Flushing{Age: 5 * time.Minute, Size: 4, Wake: wake} })
	look := func() { // the second is taken when the first look is over
		wake <- time.Time{}
		wake <- time.Time{}
	}
	batches := func(p person) uint64 { return must[journal.Head](t)(w.journal.Head(t.Context(), p.operator)).Batches }
	nobody := w.about(person{key: w.agent.key})
	for range 9 {
		nobody.ID = w.about(w.agent).ID
		must[api.AuditPlaces](t)(w.emit(w.signed(nobody)))
	}
	w.told(w.agent, 3)
	look()
	if n := batches(w.master); n != 0 {
		t.Errorf("%d batches too early", n)
	}
	w.told(w.agent, 1)
	w.told(w.stranger, 1)
	look()
	if a, b := batches(w.master), batches(w.stranger); a != 1 || b != 0 {
		t.Errorf("by size: %d, %d", a, b)
	}
	w.clock.advance(5*time.Minute - time.Millisecond)
	look()
	if b := batches(w.stranger); b != 0 {
		t.Error("a millisecond too early")
	}
	w.clock.advance(time.Millisecond)
	look()
	if a, b := batches(w.master), batches(w.stranger); a != 1 || b != 1 {
		t.Errorf("by age: %d, %d", a, b)
	}
	if n := batches(person{}); n != 0 {
		t.Errorf("%d batches that no contract takes", n)
	}
}

// TestFlushedAfterTheClockWasSetBack: what was received while the clock was ahead
// does not wait until it is there again.
func TestFlushedAfterTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	wake := make(chan time.Time)
	w := newWorld(t, func(w *world) { w.parts.Flushing = audit.Flushing{Age: 5 * time.Minute, Wake: wake} })
	w.told(w.agent, 1)
	for _, c := range []struct {
		back time.Duration
		want uint64
	}{{5*time.Minute - time.Millisecond, 0}, {time.Millisecond, 1}} { // clocks differ, if only by little
		w.clock.advance(-c.back)
		wake <- time.Time{}
		wake <- time.Time{}
		if n := must[journal.Head](t)(w.journal.Head(t.Context(), w.master.operator)).Batches; n != c.want {
			t.Errorf("%s back: %d batches, want %d", c.back, n, c.want)
		}
	}
}

// TestFlushAll answers this machine's own programs, on the admin listener alone.
func TestFlushAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.told(w.agent, 2)
	w.told(w.stranger, 1)
	must[api.AuditPlaces](t)(w.emit(w.signed(w.about(person{key: w.agent.key}))))
	ask := func(edit func(*http.Request)) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "http://127.0.0.1:19092"+api.PathAuditFlushAll, nil)
		edit(r)
		rec := httptest.NewRecorder()
		w.server.AdminHandler(nil).ServeHTTP(rec, r)
		return rec
	}
	for name, edit := range map[string]func(*http.Request){
		"a page's":        func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:3000") },
		"a rebound name":  func(r *http.Request) { r.Host = "evil.example:19092" },
		"another address": func(r *http.Request) { r.Host = "192.0.2.1:19092" },
	} {
		if rec := ask(edit); rec.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, httptest.NewRequest("POST", api.PathAuditFlushAll, nil))
	if rec.Code != http.StatusNotFound {
		t.Errorf("on the main listener: %d", rec.Code)
	}
	for i, want := range []int{2, 0} {
		rec := ask(func(r *http.Request) {
			if i == 1 {
				r.Host = "localhost:19092"
			}
		})
		var out api.AuditFlushedAll
		if err := strictjson.Decode(rec.Body.Bytes(), &out); err != nil || rec.Code != 200 || len(out.Batches) != want || out.Faults != nil {
			t.Errorf("%d: %s, %v", rec.Code, rec.Body, err)
		}
	}
}
