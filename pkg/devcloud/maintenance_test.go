package devcloud_test

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// Maintenance with the product's own clients: a user takes the role, walks
// over everybody's objects, and replaces what is still as it was read.

func maintenance() sts.AssumeRequest {
	return sts.AssumeRequest{
		RoleARN: maintRole, SessionName: "reencrypt", Tags: map[string]string{"agentkeys_class": "credentials", "agentkeys_access": "maintenance"},
		Keys: sts.StaticKeys{AccessKeyID: ops().AccessKeyID, SecretAccessKey: ops().SecretAccessKey},
	}
}

// maintain opens the vault for maintenance.
func (s *stack) maintain(t testing.TB) *blob.Session {
	t.Helper()
	creds, err := s.sts.AssumeRole(t.Context(), maintenance())
	if err != nil {
		t.Fatal(err)
	}
	return s.store(t, vaultBucket).Open(creds)
}

// fill stores one object with its own name as content for each actor and name.
func (s *stack) fill(t testing.TB, actors int, names ...string) (keys []blob.Key) {
	t.Helper()
	for who := range actors {
		a := actor(t, byte(who+1))
		own := s.store(t, vaultBucket).Open(s.exchange(t, vaultRole, a, service.Credentials, "write"))
		for _, n := range names {
			k := blob.CredentialKey(a, svc(t, n))
			if err := own.Put(t.Context(), k, []byte(k.String())); err != nil {
				t.Fatal(err)
			}
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b blob.Key) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

func md5Tag(b []byte) string { sum := md5.Sum(b); return `"` + hex.EncodeToString(sum[:]) + `"` }

func TestMaintenance(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	keys := s.fill(t, 3, "a", "b", "github")
	m := s.maintain(t)
	var met []blob.Key
	skipped, err := m.Walk(t.Context(), blob.Scope{Class: service.Credentials}, func(o blob.Object) error {
		met = append(met, o.Key)
		data, etag, err := m.GetVersion(t.Context(), o.Key)
		if err != nil || string(data) != o.Key.String() || etag != o.ETag || etag != md5Tag(data) || o.Size != int64(len(data)) {
			t.Errorf("%+v: %q %s %v", o, data, etag, err)
		}
		if head, err := m.Head(t.Context(), o.Key, 4); err != nil || string(head) != "bots" {
			t.Errorf("head %q %v", head, err)
		}
		next, err := m.PutIfMatch(t.Context(), o.Key, append(data, '2'), etag)
		if err != nil || next != md5Tag(append(data, '2')) {
			t.Errorf("%s %v", next, err)
		}
		_, err = m.PutIfMatch(t.Context(), o.Key, []byte("late"), etag)
		if apierr.CodeOf(err) != apierr.PreconditionFailed {
			t.Errorf("with the old version: %v", err)
		}
		return nil
	})
	if err != nil || skipped != 0 || !slices.Equal(met, keys) {
		t.Errorf("%v, %d skipped, %v", met, skipped, err)
	}
	for _, k := range keys {
		if raw, err := s.cloud.RawObject(vaultBucket, k.String()); err != nil || string(raw) != k.String()+"2" {
			t.Errorf("%s: %q %v", k, raw, err)
		}
	}
	// Resumed, and of one actor.
	for name, c := range map[string]struct {
		scope blob.Scope
		want  []blob.Key
	}{
		"resumed":   {blob.Scope{Class: service.Credentials, After: keys[4]}, keys[5:]},
		"one actor": {blob.Scope{Class: service.Credentials, Actor: actor(t, 2)}, keys[3:6]},
		"nobody":    {blob.Scope{Class: service.Credentials, Actor: actor(t, 9)}, nil},
	} {
		met = nil
		if _, err := m.Walk(t.Context(), c.scope, func(o blob.Object) error { met = append(met, o.Key); return nil }); err != nil || !slices.Equal(met, c.want) {
			t.Errorf("%s: %v %v", name, met, err)
		}
	}
	gone := blob.CredentialKey(actor(t, 1), svc(t, "gone"))
	if _, err := m.PutIfMatch(t.Context(), gone, []byte("x"), md5Tag(nil)); apierr.CodeOf(err) != apierr.NotFound {
		t.Errorf("replacing nothing: %v", err)
	}
	if _, err := m.Head(t.Context(), gone, 1); apierr.CodeOf(err) != apierr.NotFound {
		t.Errorf("head of nothing: %v", err)
	}
}

// TestMaintenanceIsNoMore: what the role does not reach, by either layer alone.
func TestMaintenanceIsNoMore(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*devcloud.Config){
		"both layers": func(*devcloud.Config) {},
		"bucket policy alone": func(c *devcloud.Config) {
			for i := range c.Roles {
				c.Roles[i].Policy = []byte(anything)
			}
		},
		"role policy alone": func(c *devcloud.Config) {
			for i := range c.Buckets {
				c.Buckets[i].Policy = []byte(nothing)
			}
		},
	} {
		s := newStack(t, edit)
		key := s.fill(t, 1, "github")[0]
		creds, err := s.sts.AssumeRole(t.Context(), maintenance())
		if err != nil {
			t.Fatal(err)
		}
		m := s.store(t, vaultBucket).Open(creds)
		if err := m.Delete(t.Context(), key); apierr.CodeOf(err) != apierr.StorageDenied {
			t.Errorf("%s: deletes: %v", name, err)
		}
		if data, err := m.Get(t.Context(), key); err != nil || string(data) != key.String() {
			t.Errorf("%s: does not read: %v", name, err)
		}
		denied(t, s.store(t, memoryBucket).Open(creds), 1)
	}
}

// TestConditionsNeedTheRightToRead: provisioning, which never reads, cannot ask
// by conditions what is stored.
func TestConditionsNeedTheRightToRead(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	key := s.fill(t, 1, "github")[0]
	tag := md5Tag([]byte(key.String()))
	for access, c := range map[string]struct {
		role string
		want apierr.Code
	}{"provision": {provRole, apierr.StorageDenied}, "read": {vaultRole, apierr.StorageDenied}, "write": {vaultRole, ""}} {
		session := s.store(t, vaultBucket).Open(s.exchange(t, c.role, actor(t, 1), service.Credentials, access))
		if _, err := session.PutIfMatch(t.Context(), key, []byte(key.String()), tag); apierr.CodeOf(err) != c.want || (err == nil) != (c.want == "") {
			t.Errorf("%s: %v", access, err)
		}
	}
}

// TestOneOfManyWins: writers that saw one version; the transaction judges.
func TestOneOfManyWins(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	key := s.fill(t, 1, "github")[0]
	m := s.maintain(t)
	for range 4 {
		_, etag, err := m.GetVersion(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		var won atomic.Int32
		var wg sync.WaitGroup
		winner := make(chan string, 16)
		for n := range cap(winner) {
			wg.Go(func() {
				data := fmt.Sprintf("%s by %d", etag, n)
				switch _, err := m.PutIfMatch(t.Context(), key, []byte(data), etag); apierr.CodeOf(err) {
				case "":
					won.Add(1)
					winner <- data
				case apierr.PreconditionFailed:
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		raw, err := s.cloud.RawObject(vaultBucket, key.String())
		if err != nil || won.Load() != 1 || string(raw) != <-winner {
			t.Fatalf("%d won; stored %q, %v", won.Load(), raw, err)
		}
	}
}

// TestCreateOnce: If-None-Match, by hand, since nothing of the product sends it.
func TestCreateOnce(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	creds := s.exchange(t, vaultRole, actor(t, 1), service.Credentials, "write")
	q := s.shot(creds, "PUT", "/"+vaultBucket+"/"+blob.CredentialKey(actor(t, 1), svc(t, "github")).String())
	q.body, q.header = []byte("first"), map[string]string{"If-None-Match": "*"}
	if status, code := s.send(t, q); status != 200 {
		t.Errorf("first: %d %s", status, code)
	}
	q.body = []byte("second")
	if status, code := s.send(t, q); status != 412 || code != "PreconditionFailed" {
		t.Errorf("second: %d %s", status, code)
	}
	// What is stored is the first; a range of it says how much there is.
	for header, want := range map[string][2]string{"bytes=0-0": {"f", "bytes 0-0/5"}, "bytes=0-4": {"first", "bytes 0-4/5"}, "bytes=0-99": {"first", "bytes 0-4/5"}} {
		q := s.shot(creds, "GET", q.path)
		q.header = map[string]string{"Range": header}
		w := s.answer(t, q)
		if w.Code != http.StatusPartialContent || w.Body.String() != want[0] || w.Header().Get("Content-Range") != want[1] || w.Header().Get("Etag") != md5Tag([]byte("first")) {
			t.Errorf("%s: %d %q %v", header, w.Code, w.Body, w.Header())
		}
	}
	for name, c := range map[string]struct {
		edit func(*shot)
		code string
	}{
		"range not signed": {func(q *shot) { q.after = func(r *http.Request) { r.Header.Set("Range", "bytes=0-1") } }, "AuthorizationHeaderMalformed"},
		"two ranges": {func(q *shot) {
			q.before = func(r *http.Request) { r.Header["Range"] = []string{"bytes=0-1", "bytes=0-2"} }
		}, "InvalidArgument"},
		"two conditions": {func(q *shot) {
			q.method = "PUT"
			q.before = func(r *http.Request) { r.Header["If-Match"] = []string{md5Tag([]byte("first")), md5Tag(nil)} }
		}, "InvalidArgument"},
	} {
		q := s.shot(creds, "GET", q.path)
		c.edit(&q)
		if status, code := s.send(t, q); status != 400 || code != c.code {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	own := s.store(t, vaultBucket).Open(creds)
	empty := blob.CredentialKey(actor(t, 1), svc(t, "empty"))
	if err := own.Put(t.Context(), empty, nil); err != nil {
		t.Fatal(err)
	}
	if head, err := own.Head(t.Context(), empty, 8); err != nil || len(head) != 0 {
		t.Errorf("head of an empty object: %q %v", head, err)
	}
}

// TestLostAnswer puts a proxy before the cloud that applies a put and then
// hangs up.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	key := s.fill(t, 1, "github")[0]
	var puts atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPut {
			s.cloud.Handler().ServeHTTP(w, r)
			return
		}
		n := puts.Add(1)
		got := httptest.NewRecorder()
		s.cloud.Handler().ServeHTTP(got, r)
		if n == 1 {
			if got.Code != http.StatusOK {
				t.Errorf("the first try is refused: %s", got.Body)
			}
			panic(http.ErrAbortHandler)
		}
		if got.Code != http.StatusPreconditionFailed {
			t.Errorf("try %d: %d", n, got.Code)
		}
		w.WriteHeader(got.Code)
		_, _ = w.Write(got.Body.Bytes())
	}))
	t.Cleanup(proxy.Close)
	store, err := blob.New(blob.Config{Endpoint: proxy.URL, Region: region, Bucket: vaultBucket})
	if err != nil {
		t.Fatal(err)
	}
	creds, err := s.sts.AssumeRole(t.Context(), maintenance())
	if err != nil {
		t.Fatal(err)
	}
	m := store.Open(creds)
	_, etag, err := m.GetVersion(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if next, err := m.PutIfMatch(t.Context(), key, []byte("new"), etag); err != nil || next != md5Tag([]byte("new")) || puts.Load() != 2 {
		t.Errorf("%s %v after %d puts", next, err, puts.Load())
	}
}
