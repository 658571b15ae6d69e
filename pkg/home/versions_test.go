package home_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

func memoryOf(t *testing.T, space, key string) (service.Name, service.MemoryKey) {
	t.Helper()
	s, err := service.MemoryNamespace(space)
	must(t, err)
	k, err := service.ParseMemoryKey(key)
	must(t, err)
	return s, k
}

func TestVersions(t *testing.T) {
	d, _ := open(t)
	id := create(t, d, "bot", home.KindAgent)
	p := testProfile()
	p.Cloud.MemoryBucket = "memory"
	versions := func(edit ...func()) *home.Versions {
		t.Helper()
		for _, f := range edit {
			f()
		}
		v, err := d.Versions(id, p)
		must(t, err)
		return v
	}
	v := versions()
	notes, todo := memoryOf(t, "notes", "Todo.md")
	jobs, other := memoryOf(t, "jobs", "Other")
	want := func(what string, v *home.Versions, s service.Name, k service.MemoryKey, n uint64) {
		t.Helper()
		if got := v.Seen(s, k).Version; got != n {
			t.Errorf("%s: %d, not %d", what, got, n)
		}
	}
	want("nothing yet", v, notes, todo, 0)
	v.Saw(notes, todo, 7)
	v.Saw(notes, other, 8)
	v.Saw(jobs, todo, 9)
	for _, v := range []*home.Versions{v, versions()} { // in another process, too
		want("its own", v, notes, todo, 7)
		want("another key", v, notes, other, 8)
		want("another namespace", v, jobs, todo, 9)
		want("never seen", v, jobs, other, 0)
	}
	v.Saw(notes, todo, 5) // by a process that is late
	want("the greatest", v, notes, todo, 7)
	v.Accept(notes, todo, 5)
	want("a rollback that was accepted", v, notes, todo, 5)
	v.Saw(service.Name{}, todo, 5)
	v.Accept(notes, service.MemoryKey{}, 5)
	v.Saw(notes, service.MemoryKey{}, 5)
	path := filepath.Join(d.Root(), "versions", "bot.json")
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Error(st, err)
	}
	want("another bucket", versions(func() { p.Cloud.MemoryBucket = "memory-2" }), notes, todo, 0)
	want("another account", versions(func() { p.Cloud.MemoryBucket, p.Cloud.AccountID = "memory", "210987654321" }), notes, todo, 0)
	p.Cloud.AccountID = "123456789012"
	foreign := id
	foreign.Device = omni.DeviceKeyOfAddress([20]byte{9})
	f, err := d.Versions(foreign, p)
	must(t, err)
	want("another key of that name", f, notes, todo, 0)
	whole, err := os.ReadFile(path)
	must(t, err)
	for what, file := range map[string]struct {
		content []byte
		mode    os.FileMode
		said    string
	}{
		"a damaged file":           {whole[:len(whole)-2], 0o600, "bot.json"},
		"one of a later version":   {bytes.Replace(whole, []byte(`"version":1`), []byte(`"version":2`), 1), 0o600, "version 2"},
		"one that others may read": {whole, 0o644, "bot.json"},
	} {
		must(t, os.Remove(path))
		must(t, os.WriteFile(path, file.content, file.mode))
		if _, err := d.Versions(id, p); err == nil || !strings.Contains(err.Error(), "what bot saw of its memory cannot be read") || !strings.Contains(err.Error(), file.said) {
			t.Errorf("%s: %v", what, err)
		}
		v.Saw(notes, todo, 6) // by a process that has it open
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, file.content) {
			t.Errorf("%s is written over, %v", what, err)
		}
	}
	must(t, os.Chmod(path, 0o600))
	must(t, os.WriteFile(path, whole, 0o600))
	want("the whole one", versions(), notes, todo, 5)
	if _, err := d.Versions(home.Identity{Name: "../x"}, p); err == nil {
		t.Error("a name that leads elsewhere")
	}
}

// TestWhatWasRemoved is remembered with what may come next; what is there again, or
// was accepted, is there.
func TestWhatWasRemoved(t *testing.T) {
	d, _ := open(t)
	id, p := create(t, d, "bot", home.KindAgent), testProfile()
	v, err := d.Versions(id, p)
	must(t, err)
	notes, todo := memoryOf(t, "notes", "Todo")
	jobs, other := memoryOf(t, "jobs", "Other")
	for _, c := range []struct {
		what string
		do   func()
		want client.Known
	}{
		{"of nothing, nothing", func() { v.Removed(notes, todo, 0) }, client.Known{}},
		{"seen", func() { v.Saw(notes, todo, 7) }, client.Known{Version: 7}},
		{"perhaps", func() { v.Removed(notes, todo, 0) }, client.Known{Version: 7, Removed: true}},
		{"an older one is late", func() { v.Saw(notes, todo, 6) }, client.Known{Version: 7, Removed: true}},
		{"it is there all the same", func() { v.Saw(notes, todo, 7) }, client.Known{Version: 7}},
		{"removed", func() { v.Removed(notes, todo, 8) }, client.Known{Version: 8, Removed: true}},
		{"what was removed is late", func() { v.Saw(notes, todo, 7) }, client.Known{Version: 8, Removed: true}},
		{"removed, by who knows less", func() { v.Removed(notes, todo, 3) }, client.Known{Version: 8, Removed: true}},
		{"accepted", func() { v.Accept(notes, todo, 5) }, client.Known{Version: 5}},
		{"removed without being seen", func() { v.Removed(notes, other, 3) }, client.Known{Version: 5}},
		{"of another namespace", func() { v.Saw(jobs, todo, 9) }, client.Known{Version: 5}},
	} {
		c.do()
		again, err := d.Versions(id, p)
		must(t, err)
		if got, reread := v.Seen(notes, todo), again.Seen(notes, todo); got != c.want || reread != c.want {
			t.Errorf("%s: %+v, read again %+v, not %+v", c.what, got, reread, c.want)
		}
	}
	if got, want := v.All(notes), (map[service.MemoryKey]client.Known{todo: {Version: 5}, other: {Version: 3, Removed: true}}); !maps.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	p.Cloud.MemoryBucket = "another"
	elsewhere, err := d.Versions(id, p)
	must(t, err)
	if got := elsewhere.All(notes); len(got) != 0 {
		t.Errorf("another bucket: %+v", got)
	}
}

// TestVersionsAreBounded: those that were used last are kept.
func TestVersionsAreBounded(t *testing.T) {
	d, clock := open(t)
	v, err := d.Versions(create(t, d, "bot", home.KindAgent), testProfile())
	must(t, err)
	v.SetLimit(4)
	see := func(i int) {
		t.Helper()
		clock.advance(time.Second)
		s, k := memoryOf(t, "notes", fmt.Sprintf("k%d", i))
		v.Saw(s, k, v.Seen(s, k).Version+1)
	}
	for i := range 4 {
		see(i)
	}
	see(0) // used again: it is the newest now
	see(4)
	for i, want := range []uint64{2, 0, 1, 1, 1} {
		s, k := memoryOf(t, "notes", fmt.Sprintf("k%d", i))
		if got := v.Seen(s, k).Version; got != want {
			t.Errorf("k%d: %d, not %d", i, got, want)
		}
	}
}

// TestVersionsThatAreReadAreUsed: reading one that does not change keeps it.
func TestVersionsThatAreReadAreUsed(t *testing.T) {
	d, clock := open(t)
	v, err := d.Versions(create(t, d, "bot", home.KindAgent), testProfile())
	must(t, err)
	v.SetLimit(2)
	s, kept := memoryOf(t, "notes", "kept")
	_, first := memoryOf(t, "notes", "first")
	_, second := memoryOf(t, "notes", "second")
	for _, k := range []service.MemoryKey{kept, first, kept, second} {
		v.Saw(s, k, 1)
		clock.advance(2 * time.Hour)
	}
	if there := (client.Known{Version: 1}); v.Seen(s, kept) != there || v.Seen(s, first) != (client.Known{}) || v.Seen(s, second) != there {
		t.Error(v.Seen(s, kept), v.Seen(s, first), v.Seen(s, second))
	}
}

// TestVersionsFillTheirFile: as many as are remembered, of the longest names, can be
// read again.
func TestVersionsFillTheirFile(t *testing.T) {
	d, clock := open(t)
	p := testProfile()
	p.Cloud.MemoryBucket = strings.Repeat("b", 63)
	v, err := d.Versions(create(t, d, "bot", home.KindAgent), p)
	must(t, err)
	name := func(i int) (service.Name, service.MemoryKey) {
		return memoryOf(t, strings.Repeat("n", 64), fmt.Sprintf("%0128d", i))
	}
	path := filepath.Join(d.Root(), "versions", "bot.json")
	// One is written and copied: to write each by itself would take minutes.
	s, k := name(0)
	clock.advance(123456789 * time.Nanosecond)
	v.Removed(s, k, api.MaxVersion)
	one, err := os.ReadFile(path)
	must(t, err)
	before, rest, _ := strings.Cut(string(one), `"seen":[`)
	entry, after, ok := strings.Cut(rest, "]")
	if !ok {
		t.Fatal(string(one))
	}
	var all []string
	for i := range v.Limit() {
		_, k := name(i)
		all = append(all, strings.ReplaceAll(entry, fmt.Sprintf("%0128d", 0), k.String()))
	}
	must(t, os.WriteFile(path, []byte(before+`"seen":[`+strings.Join(all, ",")+"]"+after), 0o600))
	_, more := name(v.Limit())
	clock.advance(time.Hour)
	v.Removed(s, more, api.MaxVersion)
	if got := v.Seen(s, more); got != (client.Known{Version: api.MaxVersion, Removed: true}) {
		t.Errorf("beside %d others: %+v", len(all)-1, got)
	}
	if st, err := os.Stat(path); err != nil || st.Size() < int64(v.Limit()*len(entry)) {
		t.Errorf("what was remembered is gone: %v %v", st.Size(), err)
	}
}

// TestVersionsOfManyProcesses: none of what is written at the same time is lost.
func TestVersionsOfManyProcesses(t *testing.T) {
	d, _ := open(t)
	id := create(t, d, "bot", home.KindAgent)
	var all sync.WaitGroup
	for i := range 16 {
		s, k := memoryOf(t, "notes", fmt.Sprintf("k%d", i))
		v, err := d.Versions(id, testProfile())
		must(t, err)
		all.Go(func() { v.Saw(s, k, uint64(i+1)) })
	}
	all.Wait()
	v, err := d.Versions(id, testProfile())
	must(t, err)
	for i := range 16 {
		s, k := memoryOf(t, "notes", fmt.Sprintf("k%d", i))
		if got := v.Seen(s, k).Version; got != uint64(i+1) {
			t.Errorf("k%d: %d", i, got)
		}
	}
}
