package blob_test

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
)

// one is a storage of one object that judges conditions, and may lose answers.
type one struct {
	mu     sync.Mutex
	data   []byte // nil: nothing there
	etagOf func([]byte) string
	puts   int
	after  func(put int) bool // after the object was written; true loses the answer
}

func md5Tag(b []byte) string { s := md5.Sum(b); return `"` + hex.EncodeToString(s[:]) + `"` }

func (o *one) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	absent := r.Header.Get("If-None-Match") == "*"
	switch {
	case o.data == nil && !absent:
		refuse(w, 404, "NoSuchKey")
	case r.Method == http.MethodDelete:
		if r.Header.Get("If-Match") != o.etagOf(o.data) {
			refuse(w, 412, "PreconditionFailed")
			return
		}
		o.data = nil
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPut:
		o.puts++
		body, _ := io.ReadAll(r.Body)
		if absent && o.data != nil || !absent && r.Header.Get("If-Match") != o.etagOf(o.data) {
			refuse(w, 412, "PreconditionFailed")
			return
		}
		o.data = body
		w.Header().Set("Etag", o.etagOf(body))
		if o.after != nil && o.after(o.puts) {
			panic(http.ErrAbortHandler)
		}
	default:
		w.Header().Set("Etag", o.etagOf(o.data))
		_, _ = w.Write(o.data)
	}
}

func TestPutIfMatch(t *testing.T) {
	t.Parallel()
	st := &one{data: []byte("old"), etagOf: md5Tag}
	s := open(t, st.ServeHTTP)
	data, etag, err := s.GetVersion(t.Context(), github(t))
	if err != nil || string(data) != "old" || etag != md5Tag([]byte("old")) {
		t.Fatal(string(data), etag, err)
	}
	next, err := s.PutIfMatch(t.Context(), github(t), []byte("new"), etag)
	if err != nil || next != md5Tag([]byte("new")) || string(st.data) != "new" {
		t.Fatal(next, err)
	}
	// The old version again: another is there, and it stays.
	if got, err := s.PutIfMatch(t.Context(), github(t), []byte("late"), etag); apierr.CodeOf(err) != apierr.PreconditionFailed || got != "" || string(st.data) != "new" {
		t.Errorf("%q %v, stored %q", got, err, st.data)
	}
	if _, err := s.PutIfMatch(t.Context(), github(t), []byte("newer"), next); err != nil {
		t.Error(err)
	}
	st.data = nil
	if _, err := s.PutIfMatch(t.Context(), github(t), []byte("x"), next); apierr.CodeOf(err) != apierr.NotFound {
		t.Error(err)
	}
	if _, _, err := s.GetVersion(t.Context(), github(t)); apierr.CodeOf(err) != apierr.NotFound {
		t.Error(err)
	}
}

// TestETagWithoutQuotes: storage that compares without them is asked so, and only
// when it refuses the very version that it shows.
func TestETagWithoutQuotes(t *testing.T) {
	t.Parallel()
	st := &one{data: []byte("old"), etagOf: md5Tag}
	var asked []string
	s := open(t, func(w http.ResponseWriter, r *http.Request) {
		if m := r.Header.Get("If-Match"); m != "" {
			asked = append(asked, m)
			if strings.HasPrefix(m, `"`) {
				refuse(w, 412, "PreconditionFailed")
				return
			}
			r.Header.Set("If-Match", `"`+m+`"`)
		}
		st.ServeHTTP(w, r)
	})
	old := md5Tag([]byte("old"))
	next, err := s.PutIfMatch(t.Context(), github(t), []byte("new"), old)
	if err != nil || next != md5Tag([]byte("new")) || string(st.data) != "new" || len(asked) != 2 || asked[0] != old || asked[1] != strings.Trim(old, `"`) {
		t.Errorf("%q %v, asked %q", next, err, asked)
	}
	// Another version is another version in either form.
	asked = nil
	if _, err := s.PutIfMatch(t.Context(), github(t), []byte("late"), old); apierr.CodeOf(err) != apierr.PreconditionFailed || string(st.data) != "new" || len(asked) != 1 {
		t.Errorf("%v, asked %q, stored %q", err, asked, st.data)
	}
	// Storage that refuses both forms is believed.
	never := 0
	_, err = open(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			never++
			refuse(w, 412, "PreconditionFailed")
			return
		}
		w.Header().Set("Etag", old)
	}).PutIfMatch(t.Context(), github(t), []byte("new"), old)
	if apierr.CodeOf(err) != apierr.PreconditionFailed || never != 2 {
		t.Errorf("%v after %d", err, never)
	}
}

// TestLostAnswer: the first try is applied, its answer is lost, and the try
// after it meets its own success.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	opaque := func(b []byte) string { return fmt.Sprintf(`"v%d-%x"`, len(b), b[0]) } // no hash, as under KMS
	for name, c := range map[string]struct {
		etagOf func([]byte) string
		next   string // what somebody else stores after it; empty: nobody
		gone   bool
		want   apierr.Code
	}{
		"own success":                {md5Tag, "", false, ""},
		"own success, opaque ETags":  {opaque, "", false, ""},
		"overwritten by another":     {md5Tag, "theirs", false, apierr.PreconditionFailed},
		"overwritten, same length":   {opaque, "NEW", false, apierr.PreconditionFailed},
		"overwritten by equal bytes": {md5Tag, "new", false, ""},
		"deleted by another":         {md5Tag, "", true, apierr.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := &one{data: []byte("old"), etagOf: c.etagOf}
			st.after = func(put int) bool {
				if c.next != "" {
					st.data = []byte(c.next)
				}
				if c.gone {
					st.data = nil
				}
				return put == 1
			}
			etag, err := open(t, st.ServeHTTP).PutIfMatch(t.Context(), github(t), []byte("new"), c.etagOf([]byte("old")))
			if apierr.CodeOf(err) != c.want || (err == nil) != (c.want == "") || err == nil && etag != c.etagOf([]byte("new")) {
				t.Errorf("%q %v", etag, err)
			}
			if c.next != "" && string(st.data) != c.next {
				t.Errorf("stored: %q", st.data)
			}
			if st.puts < 2 && !c.gone {
				t.Errorf("%d puts: the answer was not lost", st.puts)
			}
		})
	}
}

func TestPutIfMatchErrors(t *testing.T) {
	t.Parallel()
	const denied, unavailable = apierr.StorageDenied, apierr.StorageUnavailable
	for name, c := range map[string]struct {
		put  int
		code string
		get  int
		what string // of the read that follows
		want apierr.Code
	}{
		"denied":                       {403, "AccessDenied", 200, "other", denied},
		"expired":                      {400, "ExpiredToken", 200, "other", denied},
		"no bucket":                    {404, "NoSuchBucket", 200, "other", unavailable},
		"fault":                        {500, "InternalError", 200, "other", unavailable},
		"changed":                      {412, "PreconditionFailed", 200, "other", apierr.PreconditionFailed},
		"changed, no text":             {412, "", 200, "other", apierr.PreconditionFailed},
		"changed, to the same":         {412, "PreconditionFailed", 200, "new", ""},
		"conflict":                     {409, "ConditionalRequestConflict", 200, "other", apierr.PreconditionFailed},
		"other conflict":               {409, "OperationAborted", 200, "new", unavailable},
		"changed, then gone":           {412, "PreconditionFailed", 404, "NoSuchKey", apierr.NotFound},
		"changed, then no answer":      {412, "PreconditionFailed", 500, "InternalError", unavailable},
		"changed, and not to be read":  {412, "PreconditionFailed", 403, "SignatureDoesNotMatch", denied},
		"changed to what is too large": {412, "PreconditionFailed", 200, strings.Repeat("x", blob.MaxObject+1), apierr.PreconditionFailed},
		"changed to a version unnamed": {412, "PreconditionFailed", 299, "new", unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := open(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == http.MethodPut:
					refuse(w, c.put, c.code)
				case c.get == 200:
					w.Header().Set("Etag", `"x"`)
					fmt.Fprint(w, c.what)
				case c.get == 299:
					fmt.Fprint(w, c.what)
				default:
					refuse(w, c.get, c.what)
				}
			}).PutIfMatch(t.Context(), github(t), []byte("new"), `"e"`)
			if apierr.CodeOf(err) != c.want || (err == nil) != (c.want == "") {
				t.Error(err)
			}
		})
	}
}

func TestPutIfMatchSends(t *testing.T) {
	t.Parallel()
	var got http.Header
	calls := 0
	s := open(t, func(w http.ResponseWriter, r *http.Request) {
		got, calls = r.Header, calls+1
		w.Header().Set("Etag", `"n"`)
	})
	if etag, err := s.PutIfMatch(t.Context(), github(t), []byte("new"), `"e"`); err != nil || etag != `"n"` || got.Get("If-Match") != `"e"` ||
		!strings.Contains(got.Get("Authorization"), "if-match") {
		t.Errorf("%q %v %v", etag, err, got)
	}
	for name, err := range map[string]error{
		"no version": second(s.PutIfMatch(t.Context(), github(t), nil, "")),
		"zero key":   second(s.PutIfMatch(t.Context(), blob.Key{}, nil, `"e"`)),
		"zero head":  second(s.Head(t.Context(), github(t), 0)),
		"long head":  second(s.Head(t.Context(), github(t), blob.MaxObject+1)),
		"no head":    second(s.Head(t.Context(), blob.Key{}, 1)),
	} {
		if err == nil || apierr.CodeOf(err) != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.PutIfMatch(t.Context(), github(t), make([]byte, blob.MaxObject+1), `"e"`); apierr.CodeOf(err) != apierr.BodyTooLarge {
		t.Error(err)
	}
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func second[T any](_ T, err error) error { return err }

func TestHead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter)
		want   string
		code   apierr.Code
	}{
		"range":         {func(w http.ResponseWriter) { w.WriteHeader(206); fmt.Fprint(w, "seal") }, "seal", ""},
		"shorter":       {func(w http.ResponseWriter) { w.WriteHeader(206); fmt.Fprint(w, "s") }, "s", ""},
		"whole instead": {func(w http.ResponseWriter) { fmt.Fprint(w, "sealed") }, "seal", ""},
		"empty":         {func(w http.ResponseWriter) { refuse(w, 416, "InvalidRange") }, "", ""},
		"not there":     {func(w http.ResponseWriter) { refuse(w, 404, "NoSuchKey") }, "", apierr.NotFound},
		"denied":        {func(w http.ResponseWriter) { refuse(w, 403, "SignatureDoesNotMatch") }, "", apierr.StorageDenied},
		"fault":         {func(w http.ResponseWriter) { refuse(w, 500, "InternalError") }, "", apierr.StorageUnavailable},
	} {
		s := open(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "bytes=0-3" {
				t.Errorf("%s: asks for %q", name, r.Header.Get("Range"))
			}
			c.answer(w)
		})
		if got, err := s.Head(t.Context(), github(t), 4); string(got) != c.want || apierr.CodeOf(err) != c.code || (err == nil) != (c.code == "") {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}
