package blob_test

import (
	"encoding/xml"
	"errors"
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

// shelf serves names in order, in pages of a size.
type shelf struct {
	names []string
	size  int
	asked []string // prefix and start of each page
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	type object struct {
		Key, ETag string
		Size      int64
	}
	var out struct {
		XMLName     xml.Name `xml:"ListBucketResult"`
		IsTruncated bool
		Contents    []object
	}
	q := r.URL.Query()
	s.asked = append(s.asked, q.Get("prefix")+" "+q.Get("start-after"))
	for i, n := range s.names {
		if !strings.HasPrefix(n, q.Get("prefix")) || n <= q.Get("start-after") {
			continue
		}
		if len(out.Contents) == s.size {
			out.IsTruncated = true
			break
		}
		out.Contents = append(out.Contents, object{n, fmt.Sprintf(`"%d"`, i), int64(i)})
	}
	_ = xml.NewEncoder(w).Encode(out)
}

func keysOf(t *testing.T, names ...string) (out []blob.Key) {
	t.Helper()
	for _, n := range names {
		for _, who := range []byte{1, 2} {
			a, err := omni.ActorFromBytes([32]byte{who, 31: who})
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, blob.CredentialKey(a, svc(t, n)))
		}
	}
	slices.SortFunc(out, func(a, b blob.Key) int { return strings.Compare(a.String(), b.String()) })
	return out
}

func TestWalk(t *testing.T) {
	t.Parallel()
	keys := keysOf(t, "a", "a-b", "a.b", "b", "github")
	st := &shelf{names: []string{"bots/", "bots/README", "bots/zz/credentials/a.enc", "other/x"}}
	for _, k := range keys {
		st.names = append(st.names, k.String())
	}
	st.names = append(st.names, keys[0].String()+".bak", strings.Replace(keys[0].String(), "credentials", "memory", 1))
	slices.Sort(st.names)
	s := open(t, st.ServeHTTP)
	named, _ := blob.KeyOf(keys[0].String())
	first := named.Actor
	for name, c := range map[string]struct {
		scope   blob.Scope
		want    []blob.Key
		skipped int
	}{
		"all":             {blob.Scope{Class: service.Credentials}, keys, 5},
		"one actor":       {blob.Scope{Class: service.Credentials, Actor: first}, keys[:5], 1},
		"resumed":         {blob.Scope{Class: service.Credentials, After: keys[3]}, keys[4:], 3},
		"resumed, actor":  {blob.Scope{Class: service.Credentials, Actor: first, After: keys[3]}, keys[4:5], 0},
		"from the end":    {blob.Scope{Class: service.Credentials, Actor: first, After: keys[4]}, nil, 0},
		"of another's":    {blob.Scope{Class: service.Credentials, Actor: first, After: keys[7]}, nil, 0},
		"nothing of them": {blob.Scope{Class: service.Credentials, Actor: actor(t)}, nil, 0},
	} {
		for _, size := range []int{1, 2, 3, 1000} {
			st.size, st.asked = size, nil
			var got []blob.Key
			skipped, err := s.Walk(t.Context(), c.scope, func(o blob.Object) error {
				n, ok := blob.KeyOf(o.Key.String())
				if i := slices.Index(st.names, o.Key.String()); !ok || n != o.Named || o.Size != int64(i) || o.ETag != fmt.Sprintf(`"%d"`, i) {
					t.Errorf("%s: %+v", name, o)
				}
				got = append(got, o.Key)
				return nil
			})
			if err != nil || !slices.Equal(got, c.want) || skipped != c.skipped {
				t.Errorf("%s in pages of %d: %v, %d skipped, %v", name, size, got, skipped, err)
			}
			if !c.scope.Actor.IsZero() && !strings.HasPrefix(st.asked[0], "bots/"+c.scope.Actor.Key()+"/credentials/ ") {
				t.Errorf("%s: asked for %q", name, st.asked[0])
			}
		}
	}
	stop := errors.New("enough")
	n := 0
	if _, err := s.Walk(t.Context(), blob.Scope{Class: service.Credentials}, func(blob.Object) error {
		if n++; n == 2 {
			return stop
		}
		return nil
	}); err != stop || n != 2 {
		t.Errorf("stopped after %d: %v", n, err)
	}
	if _, err := s.Walk(t.Context(), blob.Scope{Class: service.Email}, nil); err == nil {
		t.Error("email has names?")
	}
}

// TestWalkRefuses: a listing that would make the walk lose, repeat or leave
// its objects.
func TestWalkRefuses(t *testing.T) {
	t.Parallel()
	keys := keysOf(t, "a", "b")
	a, b := keys[0].String(), keys[1].String()
	xmlOf := func(more bool, names ...string) string {
		out := fmt.Sprintf("<ListBucketResult><IsTruncated>%v</IsTruncated>", more)
		for _, n := range names {
			out += "<Contents><Key>" + n + "</Key></Contents>"
		}
		return out + "</ListBucketResult>"
	}
	for name, c := range map[string]struct {
		status int
		body   string
		want   apierr.Code
	}{
		"in order":     {200, xmlOf(false, a, b), ""},
		"out of order": {200, xmlOf(false, b, a), apierr.StorageUnavailable},
		"twice":        {200, xmlOf(false, a, a), apierr.StorageUnavailable},
		"endless":      {200, xmlOf(true, a, b), apierr.StorageUnavailable},
		"cut short":    {200, xmlOf(true), apierr.StorageUnavailable},
		"elsewhere":    {200, xmlOf(false, "other/x"), apierr.StorageUnavailable},
		"denied":       {403, "<Error><Code>AccessDenied</Code></Error>", apierr.StorageDenied},
		"fault":        {500, "", apierr.StorageUnavailable},
	} {
		_, err := open(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(c.status); fmt.Fprint(w, c.body) }).
			Walk(t.Context(), blob.Scope{Class: service.Credentials}, func(blob.Object) error { return nil })
		if apierr.CodeOf(err) != c.want || (err == nil) != (c.want == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
