package memory_test

import (
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// when puts a condition on a call.
func (c *call) when(name, value string) *call {
	c.Edit = func(r *http.Request) { r.Header.Set(name, value) }
	return c
}

func (c *call) ifVersion(v uint64) *call { return c.when("If-Match", api.ETag(v)) }

func (c *call) ifAbsent() *call { return c.when("If-None-Match", "*") }

// stored sends a put and returns the version that it got.
func (c *call) stored() (uint64, error) {
	c.W.T.Helper()
	if err := c.Send(); err != nil {
		return 0, err
	}
	var out api.MemoryStored
	if err := strictjson.Decode(c.Reply, &out); err != nil {
		c.W.T.Fatal(err)
	}
	if out.Namespace != "notes" && out.Namespace != "jobs" || out.Key.String() != c.Op.Key || out.Bytes != len(c.Op.Body) || out.Epoch != 1 {
		c.W.T.Errorf("%+v", out)
	}
	return out.Version, nil
}

// put is a put of a value.
func (w *world) put(p *person, value string) *call {
	o := ops[0]
	o.Body = []byte(value)
	return w.call(p, o)
}

func (w *world) get(p *person) *call { return w.call(p, ops[1]) }

// has fails unless a get answers the value and the version.
func (w *world) has(p *person, value string, version uint64) {
	w.T.Helper()
	c := w.get(p)
	if err := c.Send(); err != nil || string(c.Reply) != value || c.ETag != api.ETag(version) {
		w.T.Errorf("%q %s %v, want %q %d", c.Reply, c.ETag, err, value, version)
	}
}

func wantCode(t *testing.T, what string, err error, want apierr.Code) {
	t.Helper()
	if apierr.CodeOf(err) != want {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

// TestVersions grow with each put, at the clock or one by one, and across a removal.
func TestVersions(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	clock := func() uint64 { return uint64(w.Now().UnixMilli()) }
	first := must[uint64](t)(w.put(p, "one").stored())
	if first != clock() {
		t.Errorf("the first is %d at %d", first, clock())
	}
	second := must[uint64](t)(w.put(p, "two").stored()) // within the same millisecond
	if second != first+1 {
		t.Errorf("%d after %d", second, first)
	}
	w.has(p, "two", second)
	w.Advance(time.Second)
	third := must[uint64](t)(w.put(p, "three").stored())
	if third != clock() {
		t.Errorf("%d at %d", third, clock())
	}
	w.Advance(-time.Hour) // a clock that was set back: the guard of a new process takes its proofs
	w.Start()
	fourth := must[uint64](t)(w.put(p, "four").stored())
	if fourth != third+1 {
		t.Errorf("%d after %d", fourth, third)
	}
	w.Advance(2 * time.Hour)
	if err := w.call(p, ops[3]).Send(); err != nil {
		t.Fatal(err)
	}
	if fifth := must[uint64](t)(w.put(p, "five").stored()); fifth <= fourth {
		t.Errorf("%d after the removal of %d", fifth, fourth)
	}
}

// TestConditions: each on what is there, on nothing, and on another version.
func TestConditions(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	put := func(c *call) error { _, err := c.stored(); return err }
	remove := func() *call { return w.call(p, ops[3]) }

	for what, c := range map[string]*call{"a put of a version": w.put(p, "x").ifVersion(7), "a teardown of a version": remove().ifVersion(7)} {
		wantCode(t, what+", nothing there", c.Send(), apierr.PreconditionFailed)
	}
	wantCode(t, "a get of a version, nothing there", w.get(p).ifVersion(7).Send(), apierr.NotFound)
	v := must[uint64](t)(w.put(p, "one").ifAbsent().stored())
	w.has(p, "one", v)

	for _, other := range []uint64{1, v - 1, v + 1, api.MaxVersion} {
		wantCode(t, "put", put(w.put(p, "x").ifVersion(other)), apierr.PreconditionFailed)
		wantCode(t, "get", w.get(p).ifVersion(other).Send(), apierr.PreconditionFailed)
		wantCode(t, "teardown", remove().ifVersion(other).Send(), apierr.PreconditionFailed)
	}
	wantCode(t, "put if absent", put(w.put(p, "x").ifAbsent()), apierr.PreconditionFailed)
	w.has(p, "one", v)
	var problem *api.RemoteError
	if err := w.put(p, "x").ifAbsent().Send(); !errors.As(err, &problem) || problem.Detail != "the version that is stored there is "+api.ETag(v)[1:len(api.ETag(v))-1] {
		t.Errorf("the present version is not named: %v", err)
	}

	next := must[uint64](t)(w.put(p, "two").ifVersion(v).stored())
	w.has(p, "two", next)
	wantCode(t, "the old version", put(w.put(p, "x").ifVersion(v)), apierr.PreconditionFailed)
	if c := w.get(p).ifVersion(next); c.Send() != nil || string(c.Reply) != "two" {
		t.Errorf("%q", c.Reply)
	}
	wantCode(t, "teardown", remove().ifVersion(next).Send(), "")
	wantCode(t, "what was torn down", w.get(p).Send(), apierr.NotFound)
	wantCode(t, "teardown of nothing", remove().Send(), "")
}

// TestConditionsThatAreNone are refused, at every route, and cost no use.
func TestConditionsThatAreNone(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	if err := w.call(p, ops[0]).Send(); err != nil {
		t.Fatal(err)
	}
	odd := map[string]func(http.Header){
		"weak": func(h http.Header) { h.Set("If-Match", `W/"7"`) }, "any": func(h http.Header) { h.Set("If-Match", "*") },
		"no quotes": func(h http.Header) { h.Set("If-Match", "7") }, "zero": func(h http.Header) { h.Set("If-Match", `"0"`) },
		"leading zero": func(h http.Header) { h.Set("If-Match", `"07"`) }, "too great": func(h http.Header) { h.Set("If-Match", `"9007199254740992"`) },
		"two tags": func(h http.Header) { h.Set("If-Match", `"7", "8"`) }, "twice": func(h http.Header) { h["If-Match"] = []string{`"7"`, `"7"`} },
		"empty": func(h http.Header) { h["If-Match"] = []string{""} }, "not a version": func(h http.Header) { h.Set("If-None-Match", `"7"`) },
		"both":     func(h http.Header) { h.Set("If-Match", `"7"`); h.Set("If-None-Match", "*") },
		"by date":  func(h http.Header) { h.Set("If-Unmodified-Since", "Thu, 26 Nov 2026 23:00:00 GMT") },
		"by date2": func(h http.Header) { h.Set("If-Modified-Since", "Thu, 26 Nov 2026 23:00:00 GMT") },
		"range":    func(h http.Header) { h.Set("If-Range", `"7"`) },
	}
	for _, o := range ops {
		cases := map[string]func(http.Header){}
		for what, f := range odd {
			cases[what] = f
		}
		if o.Action.Op != "store" {
			cases["absent"] = func(h http.Header) { h.Set("If-None-Match", "*") }
		}
		if o.Key == "" {
			cases["a version"] = func(h http.Header) { h.Set("If-Match", `"7"`) }
		}
		for what, f := range cases {
			c := w.call(p, o)
			token := w.Mint(c.Cap, c.At)
			c.Edit = func(r *http.Request) { f(r.Header) }
			wantCode(t, string(o.Action.Op)+", "+what, c.Present(token), apierr.InvalidInput)
			c.Edit = nil
			wantCode(t, string(o.Action.Op)+", "+what+": the use", c.Present(token), "")
			if o.Action.Op == "teardown" {
				wantCode(t, "restored", w.call(p, ops[0]).Send(), "")
			}
		}
	}
}

// TestOneWriterWins: of writers that name one version, or its absence, one writes.
func TestOneWriterWins(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	present := uint64(0)
	for round := range 10 {
		var wins, next atomic.Uint64
		var all sync.WaitGroup
		for range 16 {
			c := w.put(p, "value")
			if round == 0 {
				c.ifAbsent()
			} else {
				c.ifVersion(present)
			}
			all.Go(func() {
				v, err := c.stored()
				switch apierr.CodeOf(err) {
				case "":
					wins.Add(1)
					next.Store(v)
				case apierr.PreconditionFailed:
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if wins.Load() != 1 || next.Load() <= present {
			t.Fatalf("round %d: %d won, %d after %d", round, wins.Load(), next.Load(), present)
		}
		present = next.Load()
		w.has(p, "value", present)
	}
}

// TestRaceWithoutCondition: whoever is answered has stored, under a version of its
// own; what is there in the end is the greatest of them.
func TestRaceWithoutCondition(t *testing.T) {
	w := newWorld(t)
	p := w.People[0]
	var mu sync.Mutex // guards got
	got := map[uint64]string{}
	var all sync.WaitGroup
	for i := range 16 {
		value := "value of " + string(rune('a'+i))
		c := w.put(p, value)
		all.Go(func() {
			v, err := c.stored()
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				wantCode(t, "a put that came too late", err, apierr.PreconditionFailed)
			} else if other, twice := got[v]; twice {
				t.Errorf("version %d is %q and %q", v, other, value)
			} else {
				got[v] = value
			}
		})
	}
	all.Wait()
	last := uint64(0)
	for v := range got {
		last = max(last, v)
	}
	if len(got) == 0 {
		t.Fatal("nobody stored")
	}
	w.has(p, got[last], last)
}
