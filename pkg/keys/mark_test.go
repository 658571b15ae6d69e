package keys

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// buried is a keyring of three epochs of which the first two were destroyed.
func buried(t testing.TB) *Keyring {
	t.Helper()
	k := made(t, 3)
	if err := k.Raise(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	for _, e := range []uint64{1, 2} {
		if _, err := k.Destroy(t.Context(), e, 3); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

func TestMarkFaults(t *testing.T) {
	m := buried(t).snapshot().mark()
	b, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	good := string(b)
	first, second := m.Tombstones[0].Check, m.Tombstones[1].Check
	member := good[strings.Index(good, `,"tombstones"`) : len(good)-1]
	for what, c := range map[string]struct{ old, text, words string }{
		"nothing":                 {"", "", ""},
		"no tombstones":           {member, "", ""},
		"other format":            {"mark/v1", "mark/v2", "no mark"},
		"generation zero":         {`"generation":6`, `"generation":0`, "no mark"},
		"file id":                 {m.FileID, m.FileID[1:], "no mark"},
		"no file id":              {m.FileID, "", "no mark"},
		"ring id":                 {m.RingID, m.RingID[1:], "no mark"},
		"no ring id":              {m.RingID, "", "no mark"},
		"unknown member":          {`"format"`, `"x":1,"format"`, "unknown member"},
		"trailing":                {member + "}", member + "}{}", "invalid JSON"},
		"negative":                {`"high_water":3`, `"high_water":-1`, "high_water"},
		"tombstones null":         {member, `,"tombstones":null`, "null at"},
		"tombstone of epoch 0":    {`"epoch":1`, `"epoch":0`, "do not rise"},
		"tombstone twice":         {`"epoch":2`, `"epoch":1`, "do not rise"},
		"tombstones out of order": {`"epoch":1`, `"epoch":3`, "no later one was in use"},
		"tombstones that fall":    {member, `,"tombstones":[{"epoch":2,"check":"` + second + `"},{"epoch":1,"check":"` + first + `"}]`, "do not rise"},
		"tombstone at the mark":   {`"high_water":3`, `"high_water":2`, "no later one was in use"},
		"tombstone above it":      {`"high_water":3`, `"high_water":0`, "no later one was in use"},
		"short check":             {first, first[2:], "not 8 bytes in hex"},
		"no check":                {first, "", "not 8 bytes in hex"},
		"check in upper case":     {first, "ABCDEF0123456789", "not 8 bytes in hex"},
		"one check twice":         {second, first, "under another number"},
		"unknown in a tombstone":  {`"epoch":1`, `"x":1,"epoch":1`, "unknown member"},
	} {
		if !strings.Contains(good, c.old) {
			t.Fatalf("%s: no %s in %s", what, c.old, good)
		}
		got, err := parseMark([]byte(strings.Replace(good, c.old, c.text, 1)))
		if c.words == "" {
			want := m
			if what == "no tombstones" {
				want.Tombstones = nil
			}
			if err != nil || !got.equal(want) {
				t.Errorf("%s: %v, %+v", what, err, got)
			}
			continue
		}
		if !errors.Is(err, ErrKeyringInvalid) || !strings.Contains(err.Error(), c.words) || got.Format != "" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestMarksDiffer: a difference in any one part is one.
func TestMarksDiffer(t *testing.T) {
	m := buried(t).snapshot().mark()
	for what, change := range map[string]func(*mark){
		"format": func(m *mark) { m.Format += "x" }, "ring": func(m *mark) { m.RingID += "x" }, "file": func(m *mark) { m.FileID += "x" },
		"generation": func(m *mark) { m.Generation++ }, "high water": func(m *mark) { m.HighWater++ },
		"a tombstone less": func(m *mark) { m.Tombstones = m.Tombstones[:1] }, "another check": func(m *mark) { m.Tombstones[1].Check = m.Tombstones[0].Check },
	} {
		o := m
		o.Tombstones = slices.Clone(m.Tombstones)
		if !m.equal(o) {
			t.Fatal("a mark is not itself")
		}
		if change(&o); m.equal(o) {
			t.Error(what)
		}
	}
}

// TestCoversZeroes: what the mark buries is gone from memory, and nothing else;
// a refusal leaves all.
func TestCoversZeroes(t *testing.T) {
	k := made(t, 3)
	r := k.snapshot()
	m := r.mark()
	m.HighWater, m.Tombstones = 3, []markTomb{{1, r.keys[1].check}, {2, r.keys[3].check}}
	if _, err := r.covers(m, k.o.now()); !errors.Is(err, ErrEpochConflict) || gone(r.keys[1].k3) {
		t.Error("a refusal destroyed a key:", err)
	}
	m.Tombstones = m.Tombstones[:1]
	next, err := r.covers(m, k.o.now())
	if err != nil || next.keys[1] != nil || next.tombs[1] != (tombstone{r.keys[1].check, k.o.now()}) {
		t.Fatal(err, next.tombs)
	}
	if !gone(r.keys[1].k3) || gone(next.keys[2].k3) || gone(next.keys[3].k3) {
		t.Error("the wrong key is gone")
	}
}
