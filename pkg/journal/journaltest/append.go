package journaltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

func appended(t *testing.T, b *bench) {
	e := Entry(Operator(1), "a")
	got, err := b.Append(ctx(), e, Entry(Operator(2), "b"), Entry(Operator(1), "c"))
	want(t, err, nil)
	if len(got) != 3 || got[0].Position != 1 || got[1].Position != 1 || got[2].Position != 2 ||
		got[0].ID != e.Event.ID || got[0].Operator != e.Event.Operator || !got[0].Received.Equal(start.Truncate(time.Millisecond)) {
		t.Fatalf("%+v", got)
	}
	s, err := b.Event(ctx(), e.Event.ID)
	want(t, err, nil)
	if s.Hash != got[0].Hash || journal.HashOf(s.Leaf) != s.Hash || s.Source != "signer" || s.Event.Service != "github" {
		t.Errorf("%+v", s)
	}
	_, err = b.Event(ctx(), ID("nobody's"))
	want(t, err, journal.ErrUnknown)
	_, err = b.Event(ctx(), "no id")
	want(t, err, journal.ErrUnknown)
	b.sound(t, Operator(1), 2)
	b.sound(t, Operator(2), 1)
}

func appendedAgain(t *testing.T, b *bench) {
	e := Entry(Operator(1), "a")
	e.Sequence, e.Signature, e.Source = 7, "a.b-c_d", "key:1"
	first, err := b.Append(ctx(), e)
	want(t, err, nil)
	b.move(time.Hour)
	b.fill(t, Operator(1), 3)
	// The same instant, told otherwise, is the same event.
	e.Event.Time = e.Event.Time.In(time.FixedZone("x", 3600)).Add(time.Microsecond)
	again, err := b.Append(ctx(), Entry(Operator(1), "new"), e, e)
	want(t, err, nil)
	if len(again) != 3 || again[1] != first[0] || again[2] != first[0] || again[0].Position != 5 {
		t.Errorf("%+v, first %+v", again, first)
	}
	twice, err := b.Append(ctx(), Entry(Operator(1), "twice"), Entry(Operator(1), "twice"))
	want(t, err, nil)
	if len(twice) != 2 || twice[0] != twice[1] || twice[0].Position != 6 {
		t.Errorf("%+v", twice)
	}
	b.sound(t, Operator(1), 6)
}

// Each entry differs in one thing from one that is there.
func conflict(t *testing.T, b *bench) {
	e := Entry(Operator(1), "a")
	_, err := b.Append(ctx(), e)
	want(t, err, nil)
	for name, edit := range map[string]func(*journal.Entry){
		"operator":  func(e *journal.Entry) { e.Event.Operator = Operator(2) },
		"actor":     func(e *journal.Entry) { e.Event.Actor = omni.ActorOfWallet([20]byte{3}) },
		"service":   func(e *journal.Entry) { e.Event.Service = "gitlab" },
		"time":      func(e *journal.Entry) { e.Event.Time = e.Event.Time.Add(time.Millisecond) },
		"result":    func(e *journal.Entry) { e.Event.Result, e.Event.Code = audit.Denied, apierr.DeviceRevoked },
		"sequence":  func(e *journal.Entry) { e.Sequence = 1 },
		"signature": func(e *journal.Entry) { e.Signature = "x" },
		"source":    func(e *journal.Entry) { e.Source = "signer2" },
	} {
		other := e
		edit(&other)
		if got, err := b.Append(ctx(), other); !errors.Is(err, journal.ErrConflict) || got != nil {
			t.Errorf("another %s: %v, %v", name, got, err)
		}
	}
	_, err = b.Append(ctx(), e)
	want(t, err, nil)
	b.sound(t, Operator(1), 1)
	b.sound(t, Operator(2), 0)
}

func allOrNone(t *testing.T, b *bench) {
	a := Entry(Operator(1), "a")
	_, err := b.Append(ctx(), a)
	want(t, err, nil)
	other, bad := a, Entry(Operator(1), "bad")
	other.Sequence, bad.Event.Emitter = 9, ""
	one, two := Entry(Operator(1), "x"), Entry(Operator(1), "x")
	two.Sequence = 2
	for _, c := range []struct {
		entries []journal.Entry
		want    error
	}{
		{[]journal.Entry{Entry(Operator(1), "n"), other}, journal.ErrConflict},
		{[]journal.Entry{other, Entry(Operator(1), "n")}, journal.ErrConflict},
		{[]journal.Entry{one, two}, journal.ErrConflict},
		{[]journal.Entry{one, bad}, journal.ErrInvalid},
		{nil, journal.ErrInvalid},
		{slices.Repeat([]journal.Entry{one}, 257), journal.ErrInvalid},
	} {
		_, err := b.Append(ctx(), c.entries...)
		want(t, err, c.want)
	}
	b.sound(t, Operator(1), 1)
	_, err = b.Append(ctx(), slices.Repeat([]journal.Entry{one}, 256)...)
	want(t, err, nil)
	b.sound(t, Operator(1), 2)
}

func invalid(t *testing.T, b *bench) {
	for name, edit := range map[string]func(*journal.Entry){
		"an event":              func(e *journal.Entry) { e.Event.Op = "" },
		"an event's id":         func(e *journal.Entry) { e.Event.ID = "AAAA" },
		"before 1970":           func(e *journal.Entry) { e.Event.Time = time.Unix(-1, 0) },
		"a source of lines":     func(e *journal.Entry) { e.Source = "a\nb" },
		"a long source":         func(e *journal.Entry) { e.Source = strings.Repeat("a", 65) },
		"a number too large":    func(e *journal.Entry) { e.Sequence = journal.MaxSequence + 1 },
		"a signature of quotes": func(e *journal.Entry) { e.Signature = `"` },
		"a long signature":      func(e *journal.Entry) { e.Signature = strings.Repeat("a", 1025) },
	} {
		e := Entry(Operator(1), name)
		_, err := b.Append(ctx(), e)
		want(t, err, nil) // the twin without the fault
		e.Event.ID = ID("not " + name)
		edit(&e)
		if _, err := b.Append(ctx(), e); !errors.Is(err, journal.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		want(t, emit(b, audit.Event{}), apierr.AuditUnavailable)
	}
	b.sound(t, Operator(1), 8)
}

// What has no operator does not mix with anybody's.
func withoutOperator(t *testing.T, b *bench) {
	b.fill(t, Operator(1), 2)
	e := Entry(omni.Operator{}, "epoch")
	e.Event.Actor = omni.Actor{}
	got, err := b.Append(ctx(), e)
	want(t, err, nil)
	if !got[0].Operator.IsZero() || got[0].Position != 1 {
		t.Errorf("%+v", got)
	}
	list, err := b.Events(ctx(), journal.Query{})
	want(t, err, nil)
	if len(list) != 1 || list[0].Event.ID != e.Event.ID || !list[0].Event.Operator.IsZero() {
		t.Errorf("%+v", list)
	}
	b.sound(t, omni.Operator{}, 1)
	batch, err := b.Build(ctx(), omni.Operator{}, 0)
	want(t, err, nil)
	p, err := b.Proof(ctx(), e.Event.ID)
	want(t, err, nil)
	if p.Batch != batch || batch.Count != 1 || len(p.Siblings) != 0 {
		t.Errorf("%+v, %+v", p, batch)
	}
}

func appendRace(t *testing.T, b *bench) {
	const callers, each, operators = 32, 12, 3
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range each {
				if _, err := b.Append(ctx(), Entry(Operator((c+i)%operators), fmt.Sprint(c, i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for o := range operators {
		b.sound(t, Operator(o), callers*each/operators)
	}
}

// One event, appended by many at once, has one place.
func sameEventRace(t *testing.T, b *bench) {
	e := Entry(Operator(1), "a")
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			if got, err := b.Append(ctx(), e); err != nil || got[0].Position != 1 {
				t.Error(got, err)
			}
		})
	}
	wg.Wait()
	b.sound(t, Operator(1), 1)
}

// chain rebuilds the hashes from what the journal answers.
func chain(t *testing.T, b *bench) {
	o := Operator(1)
	b.fill(t, o, 5)
	list, err := b.Events(ctx(), journal.Query{Operator: o})
	want(t, err, nil)
	before := journal.Genesis(o)
	for i, s := range list {
		r, err := journal.DecodeRecord(s.Leaf)
		if err != nil || r != s.Record || r.Previous != before || r.Position != uint64(i+1) {
			t.Errorf("%d: %+v, %v", i, r, err)
		}
		before = journal.HashOf(s.Leaf)
	}
	h, err := b.Head(ctx(), o)
	want(t, err, nil)
	if len(list) != 5 || h != (journal.Head{Position: 5, Hash: before}) || journal.Genesis(Operator(2)) == journal.Genesis(o) {
		t.Errorf("%d entries, %+v", len(list), h)
	}
}

func gaps(t *testing.T, b *bench) {
	for i, n := range []uint64{3, 1, 2, 7, 0, 5, 7, journal.MaxSequence} {
		e := Entry(Operator(i%2), fmt.Sprint(i))
		e.Source, e.Sequence = "a", n
		_, err := b.Append(ctx(), e)
		want(t, err, nil)
	}
	e := Entry(Operator(1), "late")
	e.Source, e.Sequence = "late", 3
	_, err := b.Append(ctx(), e)
	want(t, err, nil)
	for source, holes := range map[string][]journal.Gap{
		"a":      {{After: 3, Next: 5}, {After: 5, Next: 7}, {After: 7, Next: 7}, {After: 7, Next: journal.MaxSequence}},
		"late":   {{After: 0, Next: 3}},
		"signer": nil,
	} {
		got, err := b.Gaps(ctx(), source)
		want(t, err, nil)
		if !slices.Equal(got, holes) {
			t.Errorf("%s: %v, want %v", source, got, holes)
		}
	}
}

func sink(t *testing.T, b *bench) {
	var s audit.Sink = b.Journal
	e := Entry(Operator(1), "a").Event
	want(t, emit(s, e), nil)
	want(t, emit(s, e), nil)
	e.Service = "gitlab"
	want(t, emit(s, e), apierr.AuditUnavailable)
	if err := emit(s, e); !errors.Is(err, journal.ErrConflict) {
		t.Error(err)
	}
	b.sound(t, Operator(1), 1)
}

func callerWhoLeft(t *testing.T, b *bench) {
	gone, cancel := context.WithCancel(ctx())
	cancel()
	_, err := b.Append(gone, Entry(Operator(1), "a"))
	want(t, err, apierr.AuditUnavailable)
	b.sound(t, Operator(1), 0)
	_, err = b.Append(ctx(), Entry(Operator(1), "a"))
	want(t, err, nil)
	b.sound(t, Operator(1), 1)
}

func closed(t *testing.T, b *bench) {
	b.fill(t, Operator(1), 1)
	want(t, errors.Join(b.Close(), b.Close()), nil)
	_, err := b.Append(ctx(), Entry(Operator(1), "b"))
	want(t, err, apierr.AuditUnavailable)
	want(t, b.Ready(ctx()), apierr.AuditUnavailable)
	_, err = b.Lease(ctx(), "anchor", "one", time.Minute)
	want(t, err, apierr.AuditUnavailable)
	want(t, b.Release(ctx(), "anchor", "one"), apierr.AuditUnavailable)
	if _, err := b.Events(ctx(), journal.Query{Operator: Operator(1)}); err == nil {
		t.Error("a closed journal was read")
	}
}

func ready(t *testing.T, b *bench) {
	want(t, b.Ready(ctx()), nil)
	b.sound(t, Operator(1), 0)
}

func restart(t *testing.T, b *bench) {
	b.fill(t, Operator(1), 3)
	batch, err := b.Build(ctx(), Operator(1), 2)
	want(t, err, nil)
	before, err := b.Event(ctx(), ID(fmt.Sprintf("%s 3", Operator(1))))
	want(t, err, nil)
	b.reopen(t)
	got, err := b.Append(ctx(), before.Entry(), Entry(Operator(1), "new"))
	want(t, err, nil)
	if got[0].Position != 3 || got[0].Hash != before.Hash || got[1].Position != 4 {
		t.Errorf("%+v", got)
	}
	list, err := b.Unfinished(ctx(), Operator(1), 10)
	want(t, err, nil)
	if len(list) != 1 || list[0] != batch {
		t.Errorf("%+v", list)
	}
	next, err := b.Build(ctx(), Operator(1), 0)
	want(t, err, nil)
	if next.Index != 1 || next.First != 3 || next.Count != 2 {
		t.Errorf("%+v", next)
	}
	b.sound(t, Operator(1), 4)
}

func clockBack(t *testing.T, b *bench) {
	b.fill(t, Operator(1), 1)
	b.move(-24 * time.Hour)
	_, err := b.Append(ctx(), Entry(Operator(1), "earlier"))
	want(t, err, nil)
	b.sound(t, Operator(1), 2)
}

func longest(t *testing.T, b *bench) {
	e := Entry(Operator(1), "long")
	e.Event.ObjectKey = strings.Repeat("k", 512)
	e.Event.RequestID = strings.Repeat("r", 64)
	e.Event.Epoch = 1<<32 - 1
	e.Source, e.Signature, e.Sequence = strings.Repeat("s", 64), strings.Repeat("-", 1024), journal.MaxSequence
	_, err := b.Append(ctx(), e)
	want(t, err, nil)
	s, err := b.Event(ctx(), e.Event.ID)
	want(t, err, nil)
	if got := s.Entry(); got.Signature != e.Signature || got.Sequence != e.Sequence || got.Event.ObjectKey != e.Event.ObjectKey {
		t.Errorf("%+v", got)
	}
	b.sound(t, Operator(1), 1)
}

func emit(s audit.Sink, e audit.Event) error {
	_, err := s.Emit(ctx(), e)
	return err
}
