package audit_test

import (
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	events "github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/roles/audit"
)

// TestEmit: each entry differs from one that is taken in one thing; what was
// refused left nothing behind.
func TestEmit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unlisted := must[jose.PrivateKey](t)(jose.GenerateKey())
	for _, c := range []struct {
		name string
		edit func(journal.Entry) journal.Entry
		want apierr.Code
	}{
		{"as it is signed", func(e journal.Entry) journal.Entry { return e }, ""},
		{"a key that is not listed", func(e journal.Entry) journal.Entry { return signedBy(t, unlisted, "cred", 9, e.Event) }, apierr.EmitterNotListed},
		{"the key of another role", func(e journal.Entry) journal.Entry { return signedBy(t, w.signer, "cred", 9, e.Event) }, apierr.EmitterNotListed},
		{"another role's event under its own name", func(e journal.Entry) journal.Entry {
			return signedBy(t, w.signer, "signer", 9, e.Event)
		}, apierr.ReceiptInvalid},
		{"the other role's own event", func(e journal.Entry) journal.Entry {
			e.Event.Emitter = "signer"
			return signedBy(t, w.signer, "signer", 9, e.Event)
		}, ""},
		{"a note by a role", func(e journal.Entry) journal.Entry {
			e.Event.Emitter, e.Event.Result, e.Event.Note = events.EmitterAgent, events.Noted, "forged"
			return signedBy(t, w.cred, events.EmitterAgent, 9, e.Event)
		}, apierr.EmitterNotListed},
		{"no signature", func(e journal.Entry) journal.Entry { e.Signature = ""; return e }, apierr.ReceiptInvalid},
		{"a signature cut", func(e journal.Entry) journal.Entry { e.Signature = e.Signature[:len(e.Signature)-2]; return e }, apierr.ReceiptInvalid},
		{"another event under the signature", func(e journal.Entry) journal.Entry { e.Event.Service = "stripe"; return e }, apierr.ReceiptInvalid},
		{"another operator", func(e journal.Entry) journal.Entry { e.Event.Operator = w.stranger.operator; return e }, apierr.ReceiptInvalid},
		{"another identifier", func(e journal.Entry) journal.Entry { e.Event.ID = jose.NewID(); return e }, apierr.ReceiptInvalid},
		{"another number", func(e journal.Entry) journal.Entry { e.Sequence++; return e }, apierr.ReceiptInvalid},
		{"another source", func(e journal.Entry) journal.Entry { e.Source = strings.TrimSuffix(e.Source, "1") + "2"; return e }, apierr.ReceiptInvalid},
		{"a session in place of a receipt", func(e journal.Entry) journal.Entry { e.Signature = w.agent.token; return e }, apierr.ReceiptInvalid},
	} {
		before := w.head(w.master)
		_, err := w.emit(c.edit(w.signed(w.about(w.agent))))
		wantCode(t, c.name, err, c.want)
		if grew := w.head(w.master) - before; (grew == 1) != (c.want == "") {
			t.Errorf("%s: the journal grew by %d", c.name, grew)
		}
		// Not only the first of a call is verified.
		_, err = w.emit(w.signed(w.about(w.agent)), c.edit(w.signed(w.about(w.agent))))
		if grew := w.head(w.master) - before; c.want != "" && (apierr.CodeOf(err) != c.want || grew != 0) {
			t.Errorf("%s, second of two: %v, and the journal grew by %d", c.name, err, grew)
		}
	}
	if _, err := w.emit(); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Errorf("nothing at all: %v", err)
	}
	many := make([]journal.Entry, api.MaxEmitted+1)
	if _, err := w.emit(many...); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Errorf("too many: %v", err)
	}
}

func (w *world) head(p person) uint64 {
	w.t.Helper()
	return must[journal.Head](w.t)(w.journal.Head(w.t.Context(), p.operator)).Position
}

// TestEmittedAgain: what was sent twice, by the emitter or by who captured it,
// stands there once; another event in its place does not.
func TestEmittedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.signed(w.about(w.agent)), w.signed(w.about(w.agent))
	first := must[api.AuditPlaces](t)(w.emit(one, two))
	again := must[api.AuditPlaces](t)(w.emit(two, one))
	if len(first.Places) != 2 || len(again.Places) != 2 || first.Places[0] != again.Places[1] || first.Places[1] != again.Places[0] || w.head(w.master) != 2 {
		t.Errorf("%+v\n%+v, %d entries", first, again, w.head(w.master))
	}
	other := w.about(w.agent)
	other.ID = one.Event.ID
	_, err := w.emit(w.signed(w.about(w.agent)), w.signed(other))
	wantCode(t, "another event under the identifier", err, apierr.EventConflict)
	if n := w.head(w.master); n != 2 {
		t.Errorf("%d entries", n)
	}
}

func TestEmitters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sound := string(emittersFile(t, map[string]jose.PrivateKey{"cred": w.cred}))
	if _, err := audit.ParseEmitters([]byte(sound)); err != nil {
		t.Fatal(err)
	}
	inner := strings.TrimSuffix(strings.SplitN(sound, `"emitters":[`, 2)[1], "]}")
	for name, c := range map[string]struct{ text, want string }{
		"another format":  {strings.Replace(sound, api.AuditEmittersFormat, "agentkeys-emitters-2", 1), "format is not"},
		"nobody":          {strings.Replace(sound, inner, "", 1), "lists no emitter"},
		"no name":         {strings.Replace(sound, `"role":"cred"`, `"role":""`, 1), "role is not the name"},
		"a person":        {strings.Replace(sound, `"role":"cred"`, `"role":"agent"`, 1), "role is not the name"},
		"an operator":     {strings.Replace(sound, `"role":"cred"`, `"role":"operator"`, 1), "role is not the name"},
		"too long a name": {strings.Replace(sound, `"role":"cred"`, `"role":"companions"`, 1), "role is not the name"},
		"a key twice":     {strings.Replace(sound, inner, inner+","+strings.Replace(inner, "cred", "signer", 1), 1), "listed twice"},
		"no key":          {`{"format":"agentkeys-emitters-1","emitters":[{"role":"cred","keys":{"keys":[]}}]}`, "key"},
		"another member":  {strings.Replace(sound, `"role"`, `"x":1,"role"`, 1), "x"},
		"no JSON":         {"", ""},
	} {
		if _, err := audit.ParseEmitters([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	published := must[api.AuditEmitters](t)(get[api.AuditEmitters](w, person{}, api.PathAuditEmitters))
	if len(published.Emitters) != 2 {
		t.Errorf("%+v", published)
	}
}

func FuzzEmitters(f *testing.F) {
	f.Add([]byte(`{"format":"agentkeys-emitters-1","emitters":[{"role":"cred","keys":{"keys":[]}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, err := audit.ParseEmitters(b); err == nil && e.Count() == 0 {
			t.Error("a list of nobody")
		}
	})
}
