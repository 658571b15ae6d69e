package audit_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	events "github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
)

// TestNotes: who speaks comes from the session.
func TestNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		who  person
		want string
	}{{w.master, events.EmitterOperator}, {w.agent, events.EmitterAgent}} {
		n := note("released 1.4 – für alle")
		n.Service = "github"
		places := must[api.AuditPlaces](t)(w.note(c.who, n, note("second")))
		page := must[api.AuditEvents](t)(get[api.AuditEvents](w, c.who, api.PathAuditEvents+"?result=noted&actor="+c.who.actor.String()))
		got := records(t, page)
		if len(got) != 2 || len(places.Places) != 2 {
			t.Fatalf("%+v, %+v", got, places)
		}
		e := got[0].Event
		if e.RequestID == "" {
			t.Error("a note without its request")
		}
		e.RequestID = ""
		if want := (events.Event{
			ID: api.NoteID(c.who.operator, c.who.actor, n.Key), Time: w.clock.now().UTC(), Emitter: c.want, Operator: c.who.operator, Actor: c.who.actor,
			Device: omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(c.who.key.PublicKey)), Op: "deploy", Service: "github", Note: n.Note, Result: events.Noted,
		}); e != want || got[0].Source != c.want || places.Places[0].ID != want.ID || places.Places[0].Hash != page.Events[0].Hash {
			t.Errorf("%+v\n%+v\n%+v", e, want, places)
		}
	}
}

func TestNotesRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	edit := func(f func(*api.AuditNote)) []api.AuditNote {
		n := note("words")
		f(&n)
		return []api.AuditNote{note("before it"), n}
	}
	for name, notes := range map[string][]api.AuditNote{
		"none": {}, "too many": make([]api.AuditNote, api.MaxNotes+1),
		"no words":              edit(func(n *api.AuditNote) { n.Note = "" }),
		"no op":                 edit(func(n *api.AuditNote) { n.Op = "" }),
		"an op of words":        edit(func(n *api.AuditNote) { n.Op = "roll back" }),
		"no key":                edit(func(n *api.AuditNote) { n.Key = "" }),
		"a key of words":        edit(func(n *api.AuditNote) { n.Key = "my key" }),
		"two lines":             edit(func(n *api.AuditNote) { n.Note = "a\nb" }),
		"an escape":             edit(func(n *api.AuditNote) { n.Note = "a\x1b[2Jb" }),
		"a right-to-left":       edit(func(n *api.AuditNote) { n.Note = "a\u202eb" }),
		"a line separator":      edit(func(n *api.AuditNote) { n.Note = "a\u2028b" }),
		"too long":              edit(func(n *api.AuditNote) { n.Note = strings.Repeat("a", events.MaxNote+1) }),
		"an impossible service": edit(func(n *api.AuditNote) { n.Service = "../x" }),
	} {
		if name == "too many" {
			for i := range notes {
				notes[i] = note("words")
			}
		}
		_, err := w.note(w.agent, notes...)
		wantCode(t, name, err, apierr.InvalidInput)
		if n := w.head(w.master); n != 0 {
			t.Fatalf("%s: %d entries", name, n)
		}
	}
	longest := note(strings.Repeat("a", events.MaxNote))
	must[api.AuditPlaces](t)(w.note(w.agent, longest))
	// What the body could claim about its emitter is not known to it.
	_, err := post[api.AuditPlaces](w, w.agent, api.PathAuditAppend, map[string]any{"notes": []any{map[string]any{"key": jose.NewID(), "op": "deploy", "note": "x", "emitter": "operator"}}})
	wantCode(t, "an emitter of its own", err, apierr.InvalidInput)
}

// TestNoteAgain: the same note under the same key is the same event, also when
// both calls are made at once; other words are not; another speaker's key is its
// own.
func TestNoteAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := note("words")
	var wg sync.WaitGroup
	var mu sync.Mutex
	places := make([]api.AuditPlaces, 16)
	for i := range places {
		wg.Go(func() {
			p, err := w.note(w.agent, n)
			mu.Lock()
			defer mu.Unlock()
			if places[i] = p; err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, p := range places {
		if len(p.Places) != 1 || p.Places[0] != places[0].Places[0] {
			t.Errorf("%+v, %+v", p, places[0])
		}
	}
	if w.head(w.master) != 1 {
		t.Errorf("%d entries", w.head(w.master))
	}
	other := n
	other.Note = "other words"
	_, err := w.note(w.agent, other)
	wantCode(t, "other words", err, apierr.EventConflict)
	must[api.AuditPlaces](t)(w.note(w.sibling, n))
	// An event on its way has an identifier that its caller knows from the receipt.
	ahead := w.about(w.agent)
	taking := note("taken")
	taking.Key = ahead.ID
	must[api.AuditPlaces](t)(w.note(w.agent, taking))
	must[api.AuditPlaces](t)(w.emit(w.signed(ahead)))
}

// TestNoteQuota: a speaker's quota is its own.
func TestNoteQuota(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.parts.Notes = httpd.NewQuota(0.0001, 3, w.clock.now) })
	first := note("1")
	must[api.AuditPlaces](t)(w.note(w.agent, first, note("2")))
	_, err := w.note(w.agent, note("3"), note("4"))
	wantCode(t, "the fourth", err, apierr.RateLimited)
	if w.head(w.master) != 2 {
		t.Errorf("%d entries", w.head(w.master))
	}
	// What was refused took nothing of the quota.
	must[api.AuditPlaces](t)(w.note(w.agent, note("3")))
	// What stands there already costs nothing; nor does it keep others waiting.
	must[api.AuditPlaces](t)(w.note(w.agent, first))
	must[api.AuditPlaces](t)(w.note(w.sibling, note("mine")))
	must[api.AuditPlaces](t)(w.emit(w.signed(w.about(w.agent))))
}

func TestJournalRefusesNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.journal.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := w.emit(w.signed(w.about(w.agent)))
	wantCode(t, "an event", err, apierr.AuditUnavailable)
	for _, c := range w.role.Checks() {
		if _, err := c.Probe(context.Background()); (err != nil) != (c.Name == "journal") {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}
