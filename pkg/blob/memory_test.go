package blob_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// TestListMemories pages through one namespace, and meets neither its neighbours
// nor names that are not written here.
func TestListMemories(t *testing.T) {
	t.Parallel()
	notes := svc(t, "memory:notes")
	var want []string
	st := &shelf{}
	for _, k := range []string{"a", "a-b", "a.b", "B", "b.enc", "z"} {
		want = append(want, k)
		st.names = append(st.names, blob.MemoryKey(actor(t), notes, memoryKey(t, k)).String())
	}
	// By the objects' names: "a-b.enc" comes before "a.enc".
	slices.SortFunc(want, func(a, b string) int { return strings.Compare(a+".enc", b+".enc") })
	for _, other := range []string{"memory:note", "memory:notes-2", "memory:notes.old", "memory:o"} {
		st.names = append(st.names, blob.MemoryKey(actor(t), svc(t, other), memoryKey(t, "x")).String())
	}
	base := strings.TrimSuffix(todo(t).String(), "Todo.md.enc")
	st.names = append(st.names, base+".hidden.enc", base+"a.bak", base+"deep/x.enc", base)
	slices.Sort(st.names)
	s := open(t, st.ServeHTTP)
	for limit := 1; limit <= 8; limit++ {
		for _, size := range []int{1, 2, 1000} {
			st.size = size
			var got []string
			after, pages := service.MemoryKey{}, 0
			for {
				page, more, err := s.ListMemories(t.Context(), actor(t), notes, after, limit)
				if err != nil || len(page) > limit {
					t.Fatal(len(page), err)
				}
				for _, m := range page {
					got, after = append(got, m.Key.String()), m.Key
				}
				if pages++; !more {
					break
				}
			}
			if !slices.Equal(got, want) || pages > len(want)/limit+1 {
				t.Errorf("by %d of pages of %d: %v in %d pages", limit, size, got, pages)
			}
			for _, asked := range st.asked {
				if !strings.HasPrefix(asked, base+" ") {
					t.Errorf("asked for %q", asked)
				}
			}
		}
	}
	if page, more, err := s.ListMemories(t.Context(), actor(t), svc(t, "memory:none"), service.MemoryKey{}, 1000); err != nil || more || len(page) != 0 {
		t.Error(page, more, err)
	}
}

func TestListMemoriesRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, func(http.ResponseWriter, *http.Request) { t.Error("storage was asked") })
	for name, c := range map[string]struct {
		actor omni.Actor
		space service.Name
		limit int
	}{
		"no actor": {omni.Actor{}, svc(t, "memory:notes"), 1}, "no namespace": {actor(t), service.Name{}, 1},
		"a credential": {actor(t), svc(t, "github"), 1}, "no entry": {actor(t), svc(t, "memory:notes"), 0}, "too many": {actor(t), svc(t, "memory:notes"), 1001},
	} {
		if page, more, err := s.ListMemories(t.Context(), c.actor, c.space, service.MemoryKey{}, c.limit); err == nil || more || page != nil {
			t.Errorf("%s: %v %v %v", name, page, more, err)
		}
	}
	// Storage that shows another namespace, or does not go on, is not believed.
	inside := todo(t).String()
	for name, key := range map[string]string{"another namespace": strings.Replace(inside, "/notes/", "/other/", 1), "another actor": "bots/zz/memory/notes/a.enc", "before": inside} {
		s := open(t, func(w http.ResponseWriter, _ *http.Request) { page(w, "", key) })
		after := service.MemoryKey{}
		if name == "before" {
			after = memoryKey(t, "Todo.md")
		}
		if _, _, err := s.ListMemories(t.Context(), actor(t), svc(t, "memory:notes"), after, 10); apierr.CodeOf(err) != apierr.StorageUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPutIfAbsent stores once; what is there stays.
func TestPutIfAbsent(t *testing.T) {
	t.Parallel()
	st := &one{etagOf: md5Tag}
	s := open(t, st.ServeHTTP)
	etag, err := s.PutIfAbsent(t.Context(), todo(t), []byte("first"))
	if err != nil || etag != md5Tag([]byte("first")) || string(st.data) != "first" {
		t.Fatal(etag, err)
	}
	if got, err := s.PutIfAbsent(t.Context(), todo(t), []byte("second")); apierr.CodeOf(err) != apierr.PreconditionFailed || got != "" || string(st.data) != "first" {
		t.Errorf("%q %v, stored %q", got, err, st.data)
	}
	// The answer of a first try is lost, and the try after it finds its own.
	st.data, st.puts, st.after = nil, 0, func(put int) bool { return put == 1 }
	if etag, err := s.PutIfAbsent(t.Context(), todo(t), []byte("once")); err != nil || etag != md5Tag([]byte("once")) || st.puts < 2 {
		t.Error(etag, st.puts, err)
	}
	if _, err := s.PutIfAbsent(t.Context(), blob.Key{}, nil); err == nil {
		t.Error("the zero key")
	}
	if _, err := s.PutIfAbsent(t.Context(), todo(t), make([]byte, blob.MaxObject+1)); apierr.CodeOf(err) != apierr.BodyTooLarge {
		t.Error(err)
	}
}

// TestDeleteIfMatch removes the version that was seen, and no other.
func TestDeleteIfMatch(t *testing.T) {
	t.Parallel()
	st := &one{data: []byte("new"), etagOf: md5Tag}
	s := open(t, st.ServeHTTP)
	if err := s.DeleteIfMatch(t.Context(), todo(t), md5Tag([]byte("old"))); apierr.CodeOf(err) != apierr.PreconditionFailed || string(st.data) != "new" {
		t.Errorf("%v, stored %q", err, st.data)
	}
	for range 2 { // gone already is no error
		if err := s.DeleteIfMatch(t.Context(), todo(t), md5Tag([]byte("new"))); err != nil || st.data != nil {
			t.Errorf("%v, stored %q", err, st.data)
		}
	}
	for _, c := range []struct {
		key  blob.Key
		etag string
	}{{blob.Key{}, `"x"`}, {todo(t), ""}} {
		if err := s.DeleteIfMatch(t.Context(), c.key, c.etag); err == nil || apierr.CodeOf(err) != "" {
			t.Error(err)
		}
	}
}

// TestHeadVersion is the version of what Head shows, also of nothing.
func TestHeadVersion(t *testing.T) {
	t.Parallel()
	content := "0123456789"
	s := open(t, func(w http.ResponseWriter, r *http.Request) {
		if content == "" && r.Header.Get("Range") != "" {
			refuse(w, 416, "InvalidRange")
			return
		}
		if content != "no version" {
			w.Header().Set("Etag", md5Tag([]byte(content)))
		}
		_, _ = fmt.Fprint(w, content)
	})
	head, etag, err := s.HeadVersion(t.Context(), todo(t), 4)
	if err != nil || string(head) != "0123" || etag != md5Tag([]byte(content)) {
		t.Error(string(head), etag, err)
	}
	content = ""
	if head, etag, err := s.HeadVersion(t.Context(), todo(t), 4); err != nil || len(head) != 0 || etag != md5Tag(nil) {
		t.Error(string(head), etag, err)
	}
	content = "no version"
	if _, _, err := s.HeadVersion(t.Context(), todo(t), 4); apierr.CodeOf(err) != apierr.StorageUnavailable {
		t.Error(err)
	}
}
