package client_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/service"
)

// TestOnlyTheWorkerSaysThatAMemoryIsGone: a host without such a path, the signer and
// a broker know nothing of what is stored.
func TestOnlyTheWorkerSaysThatAMemoryIsGone(t *testing.T) {
	t.Parallel()
	notes, todo := todo(t)
	for layer, want := range map[apierr.Layer]apierr.Code{
		apierr.LayerWorker: apierr.MemoryGone, apierr.LayerRequest: apierr.NotFound, apierr.LayerSigner: apierr.NotFound, apierr.LayerMint: apierr.NotFound,
	} {
		for _, accept := range []bool{false, true} {
			r := newRememberer(t)
			r.Known, r.refuse, r.layer, r.answer = client.Known{Version: 10}, apierr.NotFound, layer, func() uint64 { return 0 }
			_, _, err := r.GetMemory(t.Context(), notes, todo, client.GetOptions{AcceptRollback: accept})
			if accept {
				want, after := apierr.NotFound, client.Known{Version: 10}
				if layer == apierr.LayerWorker {
					after = client.Known{Version: 11, Removed: true}
				}
				if apierr.CodeOf(err) != want || r.Known != after {
					t.Errorf("%s, accepted: %v, %+v is known", layer, err, r.Known)
				}
			} else if apierr.CodeOf(err) != want || r.Known.Version != 10 || r.Known.Removed {
				t.Errorf("%s: %v, %+v is known", layer, err, r.Known)
			}
		}
	}
}

// TestATeardownThatWasNeverSent removed nothing: that the memory is gone stays news. The
// twin left for the worker, of which nobody knows more.
func TestATeardownThatWasNeverSent(t *testing.T) {
	t.Parallel()
	notes, todo := todo(t)
	for name, c := range map[string]struct {
		breaks func(*rememberer)
		after  client.Known
	}{
		"no broker": {func(r *rememberer) { r.Hosts.Broker = "http://127.0.0.1:1" }, client.Known{Version: 10}},
		"no worker": {func(r *rememberer) { r.Hosts.Memory = "http://127.0.0.1:1" }, client.Known{Version: 10, Removed: true}},
	} {
		r := newRememberer(t)
		r.Known = client.Known{Version: 10}
		c.breaks(r)
		var silent *api.Unreachable
		if _, err := r.TeardownMemory(t.Context(), notes, todo, 0); !errors.As(err, &silent) || r.Known != c.after {
			t.Errorf("%s: %v, %+v is known", name, err, r.Known)
		}
	}
}

// TestWhoRemembersNothing is told what the worker says, and calls on.
func TestWhoRemembersNothing(t *testing.T) {
	t.Parallel()
	notes, todo := todo(t)
	r := newRememberer(t)
	r.Versions, r.answer = nil, func() uint64 { return 10 }
	r.page = api.MemoryPage{Namespace: "notes", Entries: []api.MemoryEntry{}}
	if _, v, err := r.GetMemory(t.Context(), notes, todo, client.GetOptions{}); err != nil || v != 10 {
		t.Error(v, err)
	}
	if _, err := r.TeardownMemory(t.Context(), notes, todo, 10); err != nil {
		t.Error(err)
	}
	if got, err := r.ListMemory(t.Context(), notes, client.ListOptions{AcceptRollback: true}); err != nil || len(got.Missing) != 0 {
		t.Error(got, err)
	}
	r.refuse = apierr.NotFound
	if _, _, err := r.GetMemory(t.Context(), notes, todo, client.GetOptions{AcceptRollback: true}); apierr.CodeOf(err) != apierr.NotFound {
		t.Error(err)
	}
}

// book is a client.Versions of a namespace.
type book map[service.MemoryKey]client.Known

func (b book) Seen(_ service.Name, k service.MemoryKey) client.Known { return b[k] }

func (b book) All(service.Name) map[service.MemoryKey]client.Known {
	out := map[service.MemoryKey]client.Known{}
	for k, v := range b {
		out[k] = v
	}
	return out
}

func (b book) Saw(_ service.Name, k service.MemoryKey, v uint64) { b[k] = client.Known{Version: v} }

func (b book) Accept(_ service.Name, k service.MemoryKey, v uint64) { b[k] = client.Known{Version: v} }

func (b book) Removed(_ service.Name, k service.MemoryKey, next uint64) {
	b[k] = client.Known{Version: next, Removed: true}
}

// TestWhatIsMissingInAList: what was seen, was not removed here and would stand in
// the page. Objects' names decide what that is: a-b comes before a.
func TestWhatIsMissingInAList(t *testing.T) {
	t.Parallel()
	notes, _ := todo(t)
	key := func(s string) service.MemoryKey {
		k, err := service.ParseMemoryKey(s)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	for name, c := range map[string]struct {
		seen, removed, listed []string
		after, next           string
		beside                func(book)
		missing               []string
	}{
		"nothing known":              {nil, nil, []string{"a"}, "", "", nil, nil},
		"all there":                  {[]string{"a", "b"}, nil, []string{"a", "b"}, "", "", nil, nil},
		"one is gone":                {[]string{"a", "b"}, nil, []string{"a"}, "", "", nil, []string{"b"}},
		"all are, in order":          {[]string{"b", "a", "a-b"}, nil, nil, "", "", nil, []string{"a-b", "a", "b"}},
		"removed here":               {[]string{"a"}, []string{"b"}, []string{"a"}, "", "", nil, nil},
		"before the page":            {[]string{"a", "b"}, nil, []string{"c"}, "b", "", nil, nil},
		"behind its beginning":       {[]string{"a", "c"}, nil, []string{"d"}, "b", "", nil, []string{"c"}},
		"behind the page":            {[]string{"a", "c"}, nil, []string{"a", "b"}, "", "b", nil, nil},
		"before its end":             {[]string{"a"}, nil, []string{"b"}, "", "b", nil, []string{"a"}},
		"by the object's name":       {[]string{"a-b"}, nil, []string{"a"}, "", "a", nil, []string{"a-b"}},
		"behind it by the name":      {[]string{"a-b"}, nil, []string{"b"}, "a", "", nil, nil},
		"removed here meanwhile":     {[]string{"a", "b"}, nil, nil, "", "", func(b book) { b.Removed(notes, key("a"), 11) }, []string{"b"}},
		"put here again meanwhile":   {[]string{"a", "b"}, nil, nil, "", "", func(b book) { b.Saw(notes, key("a"), 12) }, []string{"b"}},
		"first seen while it listed": {[]string{"a"}, nil, []string{"a"}, "", "", func(b book) { b.Saw(notes, key("b"), 12) }, nil},
	} {
		for _, accept := range []bool{false, true} {
			b := book{}
			for _, k := range c.seen {
				b.Saw(notes, key(k), 10)
			}
			for _, k := range c.removed {
				b.Removed(notes, key(k), 11)
			}
			r := newRememberer(t)
			r.Versions, r.answer = b, func() uint64 {
				if c.beside != nil && !accept {
					c.beside(b)
				}
				return 0
			}
			r.page = api.MemoryPage{Namespace: "notes", Entries: []api.MemoryEntry{}, Next: c.next}
			for _, k := range c.listed {
				r.page.Entries = append(r.page.Entries, api.MemoryEntry{Key: key(k)})
			}
			got, err := r.ListMemory(t.Context(), notes, client.ListOptions{After: c.after, AcceptRollback: accept})
			var want []client.Missing
			for _, k := range c.missing {
				want = append(want, client.Missing{Key: key(k), Seen: 10})
			}
			if accept {
				for _, m := range want {
					if b[m.Key] != (client.Known{Version: 11, Removed: true}) {
						t.Errorf("%s: after it was accepted %s is %+v", name, m.Key, b[m.Key])
					}
				}
				want = nil
			}
			if err != nil || !slices.Equal(got.Missing, want) || len(got.Entries) != len(c.listed) || got.Next != c.next {
				t.Errorf("%s, accept %v: %+v %v, not %v", name, accept, got, err, want)
			}
		}
	}
}
