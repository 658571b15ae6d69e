package journaltest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

func empty(t *testing.T, b *bench) {
	o := Operator(1)
	h, err := b.Head(ctx(), o)
	want(t, err, nil)
	if h != (journal.Head{Hash: journal.Genesis(o)}) {
		t.Errorf("%+v", h)
	}
	list, err := b.Events(ctx(), journal.Query{Operator: o})
	want(t, err, nil)
	if len(list) != 0 {
		t.Errorf("%+v", list)
	}
	b.sound(t, o, 0)
}

// queries: 24 entries that differ in all that can be asked for, every question
// against a filter written down here.
func queries(t *testing.T, b *bench) {
	o := Operator(1)
	actors := []omni.Actor{omni.ActorOfWallet([20]byte{1}), omni.ActorOfWallet([20]byte{2})}
	services, ops := []string{"github", "aws", "memory:n"}, []service.Op{service.OpFetch, service.OpStore}
	var all []journal.Entry
	for i := range 24 {
		e := Entry(o, fmt.Sprint(i))
		e.Event.Actor, e.Event.Service, e.Event.Op = actors[i%2], services[i%3], ops[i/3%2]
		e.Event.Time = start.Truncate(time.Second).Add(time.Duration(i*7%24) * time.Millisecond)
		e.Event.RequestID = fmt.Sprintf("r%d", i/2) // a decision and its outcome share one
		if i%4 == 3 {
			e.Event.Result, e.Event.Code = audit.Denied, apierr.DeviceRevoked
		}
		all = append(all, e)
	}
	_, err := b.Append(ctx(), all...)
	want(t, err, nil)
	b.fill(t, Operator(2), 3) // never shown
	from := start.Truncate(time.Second).Add(5 * time.Millisecond)
	for _, actor := range []omni.Actor{{}, actors[0], omni.ActorOfWallet([20]byte{9})} {
		for _, s := range []string{"", "github", "gitlab", "%", "' OR 1=1 --"} {
			for _, op := range []service.Op{"", service.OpStore} {
				for _, result := range []audit.Result{"", audit.Denied} {
					for _, times := range [][2]time.Time{
						{},
						{from},
						{{}, from},
						{from, from.Add(9 * time.Millisecond)},
						{from.Add(time.Nanosecond), from.Add(time.Millisecond + time.Nanosecond)},
					} {
						q := journal.Query{Operator: o, Actor: actor, Service: s, Op: op, Result: result, From: times[0], To: times[1]}
						b.ask(t, q, all)
						for _, q.Request = range []string{"r0", "r1", "R1", "r%", "nobody"} {
							b.ask(t, q, all)
						}
					}
				}
			}
		}
	}
	for _, q := range []journal.Query{{Limit: -1}, {Limit: journal.MaxPage + 1}, {After: journal.MaxSequence + 1}} {
		_, err := b.Events(ctx(), q)
		want(t, err, journal.ErrInvalid)
	}
}

// ask compares an answer with the definition.
func (b *bench) ask(t *testing.T, q journal.Query, all []journal.Entry) {
	t.Helper()
	var wanted []string
	for _, e := range all {
		v := e.Event
		if (q.Actor.IsZero() || v.Actor == q.Actor) && (q.Service == "" || v.Service == q.Service) && (q.Op == "" || v.Op == q.Op) && (q.Request == "" || v.RequestID == q.Request) &&
			(q.Result == "" || v.Result == q.Result) && (q.From.IsZero() || !v.Time.Before(q.From)) && (q.To.IsZero() || v.Time.Before(q.To)) {
			wanted = append(wanted, v.ID)
		}
	}
	list, err := b.Events(ctx(), q)
	want(t, err, nil)
	var got []string
	for _, s := range list {
		got = append(got, s.Event.ID)
	}
	if !slices.Equal(got, wanted) {
		t.Errorf("%+v: %d entries, want %d", q, len(got), len(wanted))
	}
}

// pages: going on behind the last one sees each once, also what came meanwhile.
func pages(t *testing.T, b *bench) {
	o := Operator(1)
	b.fill(t, o, 10)
	var seen []uint64
	for q := (journal.Query{Operator: o, Limit: 3}); ; {
		list, err := b.Events(ctx(), q)
		want(t, err, nil)
		for _, s := range list {
			seen = append(seen, s.Position)
			q.After = s.Position
		}
		if len(seen) == 6 {
			_, err := b.Append(ctx(), Entry(o, "meanwhile"))
			want(t, err, nil)
		}
		if len(list) < q.Limit {
			break
		}
	}
	if !slices.Equal(seen, []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}) {
		t.Error(seen)
	}
}
