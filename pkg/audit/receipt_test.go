package audit_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/omni"
)

func TestReceipt(t *testing.T) {
	t.Parallel()
	f := josetest.New(t)
	keys, err := jose.NewKeySet(f.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	e, source := event(), audit.NewSource("signer", f.Key.Public(), "S1")
	receipt, err := audit.Sign(f.Key, source, 7, e)
	if err != nil || len(receipt) > audit.MaxReceipt {
		t.Fatal(err, len(receipt))
	}
	s, err := audit.VerifyReceipt(keys, receipt)
	if err != nil || s.Event != e.ID || s.Sequence != 7 || s.Source != source || s.Covers(e) != nil {
		t.Fatalf("%+v, %v, %v", s, err, s.Covers(e))
	}
	// The time is part of what was signed, to the millisecond.
	e.Time = e.Time.Truncate(time.Millisecond).UTC()
	if err := s.Covers(e); err != nil {
		t.Error(err)
	}
	for name, edit := range map[string]func(*audit.Event){
		"id":       func(e *audit.Event) { e.ID = jose.NewID() },
		"time":     func(e *audit.Event) { e.Time = e.Time.Add(time.Millisecond) },
		"operator": func(e *audit.Event) { e.Operator = omni.OperatorOfWallet([20]byte{9}) },
		"result":   func(e *audit.Event) { e.Result, e.Code = audit.Allowed, "" },
		"code":     func(e *audit.Event) { e.Code = apierr.DeviceNotActive },
		"emitter":  func(e *audit.Event) { e.Emitter = "cred" },
		"invalid":  func(e *audit.Event) { e.Op = "" },
	} {
		bad := e
		edit(&bad)
		if err := s.Covers(bad); !errors.Is(err, audit.ErrReceipt) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	// A source of another role, by the right key, does not cover this role's event.
	other, err := audit.Sign(f.Key, audit.NewSource("cred", f.Key.Public(), "S1"), 7, e)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := audit.VerifyReceipt(keys, other); err != nil || !errors.Is(s.Covers(e), audit.ErrReceipt) {
		t.Errorf("another role: %v", err)
	}
	if _, err := audit.Sign(f.Key, source, 7, audit.Event{}); err == nil {
		t.Error("signed for no event")
	}
}

// TestVerifyReceiptRefuses: each differs from the first in one thing.
func TestVerifyReceiptRefuses(t *testing.T) {
	t.Parallel()
	f, stranger := josetest.New(t), josetest.New(t)
	keys, err := jose.NewKeySet(f.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	source, foreign := audit.NewSource("signer", f.Key.Public(), "S1"), audit.NewSource("signer", stranger.Key.Public(), "S1")
	sum := strings.Repeat("A", 43)
	payload := func(id, sequence, sha, source string) string {
		return `{"event":"` + id + `","sequence":` + sequence + `,"sha256":"` + sha + `","source":"` + source + `"}`
	}
	id := event().ID
	good := payload(id, "1", sum, source)
	for name, c := range map[string]struct {
		by   josetest.Forger
		text string
		ok   bool
	}{
		"as it should be":        {f, good, true},
		"another key":            {stranger, good, false},
		"another key's source":   {f, payload(id, "1", sum, foreign), false},
		"no event":               {f, payload("", "1", sum, source), false},
		"number 0":               {f, payload(id, "0", sum, source), false},
		"the greatest number":    {f, payload(id, "9007199254740991", sum, source), true},
		"a number beyond":        {f, payload(id, "9007199254740992", sum, source), false},
		"a number in quotes":     {f, payload(id, `"1"`, sum, source), false},
		"a short hash":           {f, payload(id, "1", sum[:42], source), false},
		"no hash":                {f, payload(id, "1", "", source), false},
		"no source":              {f, payload(id, "1", sum, ""), false},
		"a source without parts": {f, payload(id, "1", sum, "signer"), false},
		"a source of four parts": {f, payload(id, "1", sum, source+":x"), false},
		"no serial":              {f, payload(id, "1", sum, strings.TrimSuffix(source, "S1")), false},
		"a role in upper case":   {f, payload(id, "1", sum, "S"+source[1:]), false},
		"too long a source":      {f, payload(id, "1", sum, source+strings.Repeat("x", 20)), false},
		"another member":         {f, strings.Replace(good, "{", `{"x":1,`, 1), false},
		"a member twice":         {f, strings.Replace(good, "{", `{"sequence":1,`, 1), false},
	} {
		_, err := audit.VerifyReceipt(keys, c.by.Token(c.by.Header(audit.ReceiptType), c.text))
		if (err == nil) != c.ok || err != nil && !errors.Is(err, audit.ErrReceipt) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range f.Confusions(t, audit.ReceiptType, good) {
		if _, err := audit.VerifyReceipt(keys, c.Token); !errors.Is(err, audit.ErrReceipt) {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
	long := f.Token(f.Header(audit.ReceiptType), strings.Replace(good, "}", strings.Repeat(" ", audit.MaxReceipt)+"}", 1))
	if _, err := audit.VerifyReceipt(keys, long); !errors.Is(err, audit.ErrReceipt) || !strings.Contains(err.Error(), "too long") {
		t.Errorf("too long: %v", err)
	}
}

// TestWhatFollows: outcomes, counts and notes, each with one thing wrong.
func TestWhatFollows(t *testing.T) {
	t.Parallel()
	outcome := func(e *audit.Event) {
		e.Result, e.Code, e.Decision = audit.Completed, "", "BBBBBBBBBBBBBBBBBBBBBA"
	}
	failed := func(e *audit.Event) { outcome(e); e.Result, e.Code = audit.Failed, apierr.StorageDenied }
	repeats := func(e *audit.Event) { e.Count, e.Decision = 12, "BBBBBBBBBBBBBBBBBBBBBA" }
	note := func(e *audit.Event) {
		e.Result, e.Code, e.Emitter, e.Note = audit.Noted, "", audit.EmitterAgent, "words – ok"
	}
	for name, c := range map[string]struct {
		base, edit func(*audit.Event)
		want       string
	}{
		"an outcome":                    {outcome, nil, ""},
		"a failure":                     {failed, nil, ""},
		"repetitions":                   {repeats, nil, ""},
		"a note":                        {note, nil, ""},
		"an operator's note":            {note, func(e *audit.Event) { e.Emitter = audit.EmitterOperator }, ""},
		"an outcome of nothing":         {outcome, func(e *audit.Event) { e.Decision = "" }, "decision is for"},
		"a failure of nothing":          {failed, func(e *audit.Event) { e.Decision = "" }, "decision is for"},
		"an outcome of itself":          {outcome, func(e *audit.Event) { e.Decision = e.ID }, "another event"},
		"an outcome of words":           {outcome, func(e *audit.Event) { e.Decision = "first" }, "another event"},
		"an outcome with a code":        {outcome, func(e *audit.Event) { e.Code = apierr.StorageDenied }, "has no code"},
		"a failure without one":         {failed, func(e *audit.Event) { e.Code = "" }, "none of the table"},
		"a denial that follows":         {repeats, func(e *audit.Event) { e.Count = 0 }, "decision is for"},
		"repetitions of nothing":        {repeats, func(e *audit.Event) { e.Decision = "" }, "decision is for"},
		"repetitions that were allowed": {repeats, func(e *audit.Event) { e.Result, e.Code = audit.Allowed, "" }, "count is for"},
		"the greatest count":            {repeats, func(e *audit.Event) { e.Count = 1<<53 - 1 }, ""},
		"a count beyond":                {repeats, func(e *audit.Event) { e.Count = 1 << 53 }, "too large"},
		"a note without words":          {note, func(e *audit.Event) { e.Note = "" }, "note is for"},
		"words without a note":          {outcome, func(e *audit.Event) { e.Note = "words" }, "note is for"},
		"a role's note":                 {note, func(e *audit.Event) { e.Emitter = "signer" }, "notes are what"},
		"an agent's decision":           {outcome, func(e *audit.Event) { e.Emitter = audit.EmitterAgent }, "notes are what"},
		"a note with a code":            {note, func(e *audit.Event) { e.Code = apierr.NotFound }, "has no code"},
		"a note of two lines":           {note, func(e *audit.Event) { e.Note = "a\nb" }, "printable"},
		"a note that is not UTF-8":      {note, func(e *audit.Event) { e.Note = "a\xff" }, "printable"},
		"the longest note":              {note, func(e *audit.Event) { e.Note = strings.Repeat("ü", audit.MaxNote/2) }, ""},
		"a note too long":               {note, func(e *audit.Event) { e.Note = strings.Repeat("a", audit.MaxNote+1) }, "too long"},
	} {
		e := event()
		c.base(&e)
		if c.edit != nil {
			c.edit(&e)
		}
		if err := e.Validate(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func FuzzReceipt(f *testing.F) {
	k := josetest.New(f)
	keys, err := jose.NewKeySet(k.Key.Public())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`{"event":"AAAAAAAAAAAAAAAAAAAAAA","sequence":1,"sha256":"` + strings.Repeat("A", 43) + `","source":"` + audit.NewSource("signer", k.Key.Public(), "S1") + `"}`)
	f.Fuzz(func(t *testing.T, payload string) {
		s, err := audit.VerifyReceipt(keys, k.Token(k.Header(audit.ReceiptType), payload))
		if err != nil {
			if !errors.Is(err, audit.ErrReceipt) {
				t.Fatal(err)
			}
			return
		}
		if _, key, err := audit.ParseSource(s.Source); err != nil || key != k.Key.Public().Thumbprint() || s.Sequence == 0 || !jose.IsID(s.Event) {
			t.Fatalf("%+v", s)
		}
	})
}
