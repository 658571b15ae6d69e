package audit_test

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/journal"
)

// TestRepetitionsDoNotReachTheWriter: whoever may read its events has entries that
// are genuine, and can send them as often as it likes. They take no place among
// those who append: here nothing is appended at all until they were answered.
func TestRepetitionsDoNotReachTheWriter(t *testing.T) {
	t.Parallel()
	var gate sync.RWMutex // held: the writer waits, at the time of its group
	w := newWorld(t, func(w *world) {
		now := func() time.Time {
			gate.RLock()
			defer gate.RUnlock()
			return w.clock.now()
		}
		w.parts.Journal = must[*journal.Journal](t)(journal.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "audit.db"), now))
		w.journal = w.parts.Journal
		t.Cleanup(func() { _ = w.journal.Close() })
	})
	var entries []journal.Entry
	for range 8 {
		entries = append(entries, w.signed(w.about(w.agent)))
	}
	first := must[api.AuditPlaces](t)(w.emit(entries...))

	gate.Lock()
	opened := sync.OnceFunc(gate.Unlock)
	t.Cleanup(opened)
	fresh, done := w.signed(w.about(w.agent)), make(chan error, 1)
	go func() {
		_, err := w.emit(append(entries[:1:1], fresh)...) // a part of it is new
		done <- err
	}()
	for _, again := range [][]journal.Entry{entries, entries[3:5], {entries[7]}} {
		places, err := w.emit(again...)
		if err != nil || len(places.Places) != len(again) {
			t.Fatalf("%d again: %v", len(again), err)
		}
		for i, e := range again {
			if places.Places[i] != first.Places[e.Sequence-1] {
				t.Errorf("entry %d: %+v, want %+v", e.Sequence, places.Places[i], first.Places[e.Sequence-1])
			}
		}
	}
	opened()
	if err := <-done; err != nil || w.head(w.master) != 9 {
		t.Errorf("what was new: %v, %d entries", err, w.head(w.master))
	}
	// A number that was given twice is no repetition.
	other := signedBy(t, w.cred, "cred", 3, w.about(w.agent))
	if _, err := w.emit(other); err != nil || w.head(w.master) != 10 {
		t.Errorf("another event of a number: %v, %d entries", err, w.head(w.master))
	}
	another := w.about(w.agent)
	another.ID = entries[2].Event.ID
	_, err := w.emit(signedBy(t, w.cred, "cred", 3, another))
	wantCode(t, "another event of an identifier", err, apierr.EventConflict)
}
