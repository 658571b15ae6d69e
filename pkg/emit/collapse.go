package emit

import (
	"container/list"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// OpSeveral is the op of an event that counts denials of more than one kind.
const OpSeveral service.Op = "several"

// What a caller can vary at will makes a kind, so kinds run out: the more of them
// an operator has within a window, the coarser are those that its further denials
// are counted under.
const (
	byKind     = iota // alike in all that stands in kind
	byCode            // of one device's actor, for one reason
	byDevice          // of one device
	byOperator        // the rest
	levels
)

// kind is what denials have in common that are counted together.
type kind struct {
	level    int
	operator omni.Operator
	actor    omni.Actor
	device   omni.DeviceKey
	op       service.Op
	class    service.Class
	service  string
	code     apierr.Code
}

func kindOf(e audit.Event, level int) kind {
	k := kind{level: level, operator: e.Operator}
	if level <= byDevice {
		k.device = e.Device
	}
	if level <= byCode {
		k.actor, k.code = e.Actor, e.Code
	}
	if level == byKind {
		k.op, k.class, k.service = e.Op, e.Class, e.Service
	}
	return k
}

// tally is a denial that became an event, and how many others stand behind it.
type tally struct {
	kind    kind
	first   audit.Event
	ends    time.Time
	count   uint64
	place   *list.Element // nil when it is not in the table
	receipt string
	done    chan struct{} // closed when the first is in the sink, or lost
}

// event is what the repetitions become. The reason is that of the first one, also
// where others had others: an event has one.
func (t *tally) event(now time.Time) audit.Event {
	k, f := t.kind, t.first
	e := audit.Event{
		ID: audit.NewID(), Time: now, Emitter: f.Emitter, Operator: k.operator, Actor: k.actor, Device: k.device,
		Op: k.op, Class: k.class, Service: k.service, Result: audit.Denied, Code: f.Code, Count: t.count, Decision: f.ID,
	}
	if k.level > byKind {
		e.Op = OpSeveral
	}
	return e
}

// table is the tallies of the last window. It never has more than size of them,
// and never more than quota of one operator.
type table struct {
	window      time.Duration
	quota, size int

	of        map[kind]*tally
	operators map[omni.Operator]int // how many tallies each has
	order     list.List             // of *tally, the one that ends first in front
}

func newTable(window time.Duration, quota, size int) *table {
	return &table{window: window, quota: quota, size: size, of: map[kind]*tally{}, operators: map[omni.Operator]int{}}
}

// add counts a denial. It returns where it was counted, and whether it is the first
// there; nil where there is no room for it at all.
func (t *table) add(e audit.Event, now time.Time) (_ *tally, first bool) {
	for level := range levels {
		k := kindOf(e, level)
		if have, ok := t.of[k]; ok {
			have.count++
			return have, false
		}
		if t.operators[e.Operator] >= t.share(level) || len(t.of) >= t.size {
			continue
		}
		fresh := &tally{kind: k, first: e, ends: now.Add(t.window), done: make(chan struct{})}
		fresh.place = t.order.PushBack(fresh)
		t.of[k] = fresh
		t.operators[e.Operator]++
		return fresh, true
	}
	return nil, false
}

// share is up to how many tallies an operator may have before one more is made at
// a level. In the last quarter of the table there is one for each operator: no
// crowd of others keeps its denials out of its journal.
func (t *table) share(level int) int {
	switch crowded := len(t.of) >= t.size*3/4; {
	case level == byOperator:
		return t.quota
	case crowded:
		return 0
	case level == byDevice:
		return t.quota - 1
	case level == byCode:
		return t.quota - max(t.quota/16, 2)
	}
	return t.quota * 3 / 4
}

// remove takes a tally out.
func (t *table) remove(x *tally) {
	if x.place == nil {
		return
	}
	t.order.Remove(x.place)
	x.place = nil
	delete(t.of, x.kind)
	if t.operators[x.kind.operator]--; t.operators[x.kind.operator] == 0 {
		delete(t.operators, x.kind.operator)
	}
}

// ended takes out the tallies whose window has ended: all of them when the clock
// was set back by more than a window.
func (t *table) ended(now time.Time) (out []*tally) {
	for e := t.order.Front(); e != nil; e = t.order.Front() {
		x := e.Value.(*tally)
		if left := x.ends.Sub(now); left > 0 && left <= t.window {
			break
		}
		t.remove(x)
		out = append(out, x)
	}
	return out
}

// next is when the next window ends, from now; false when none is open.
func (t *table) next(now time.Time) (time.Duration, bool) {
	e := t.order.Front()
	if e == nil {
		return 0, false
	}
	return min(max(e.Value.(*tally).ends.Sub(now), time.Millisecond), t.window), true
}
