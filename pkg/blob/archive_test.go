package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/sts"
)

const archiverID, archiverSecret = "AKIAARCHIVER00000001", "archiver/secret/0123456789abcdefghij"

func archiverKeys() (sts.StaticKeys, error) {
	return sts.StaticKeys{AccessKeyID: archiverID, SecretAccessKey: secret.New([]byte(archiverSecret))}, nil
}

func archive(t testing.TB, url string, edit ...func(*blob.ArchiveConfig)) *blob.Archive {
	t.Helper()
	c := blob.ArchiveConfig{Config: blob.Config{Endpoint: url, Region: "eu-central-1", Bucket: "agentkeys-audit"}, Keys: archiverKeys}
	for _, e := range edit {
		e(&c)
	}
	a, err := blob.NewArchive(c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func batchKey() blob.Key { return blob.ArchiveKey(omni.OperatorOfWallet([20]byte{1}), 7) }

func bodyOf(text string) blob.Body {
	return blob.Body{Content: strings.NewReader(text), Size: int64(len(text)), Checksum: sha256.Sum256([]byte(text))}
}

func sum64(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestArchiveKey(t *testing.T) {
	o := omni.OperatorOfWallet([20]byte{1})
	for index, want := range map[uint64]string{
		0: "000000000000", 7: "000000000007", 999999999999: "999999999999", 1e12: "", 1<<64 - 1: "",
	} {
		if want != "" {
			want = "audit/" + o.Key() + "/" + want + ".jsonl"
		}
		if got := blob.ArchiveKey(o, index); got.String() != want || got.IsZero() != (want == "") {
			t.Errorf("%d: %q", index, got)
		}
	}
	if !blob.ArchiveKey(omni.Operator{}, 1).IsZero() {
		t.Error("nobody's batch has a name")
	}
}

// TestWhatIsArchived: one request, with condition, checksum and signed payload.
func TestWhatIsArchived(t *testing.T) {
	t.Parallel()
	const text = "leaves\n"
	for _, tls := range []bool{false, true} {
		var got []*http.Request
		var body []byte
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got = append(got, r)
			body, _ = io.ReadAll(r.Body)
			w.Header().Set("X-Amz-Checksum-Sha256", sum64(text))
			w.Header().Set("X-Amz-Checksum-Type", "FULL_OBJECT")
		}))
		if srv.Start(); tls {
			srv.Close()
			srv = httptest.NewTLSServer(srv.Config.Handler)
		}
		t.Cleanup(srv.Close)
		a := archive(t, srv.URL, func(c *blob.ArchiveConfig) { c.HTTPClient = srv.Client() })
		b := bodyOf(text)
		_, _ = b.Content.Seek(3, io.SeekStart) // as an earlier put may have left it
		if err := a.Put(t.Context(), batchKey(), b); err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 {
			t.Fatalf("%d requests", len(got))
		}
		h, sum := got[0].Header, sha256.Sum256([]byte(text))
		if got[0].Method != "PUT" || got[0].URL.Path != "/agentkeys-audit/"+batchKey().String() || string(body) != text ||
			got[0].ContentLength != int64(len(text)) || h.Get("If-None-Match") != "*" || h.Get("X-Amz-Checksum-Sha256") != sum64(text) ||
			h.Get("X-Amz-Content-Sha256") != hex.EncodeToString(sum[:]) || h.Get("Content-Encoding") != "" ||
			!strings.Contains(h.Get("Authorization"), "Credential="+archiverID+"/") ||
			!strings.Contains(h.Get("Authorization"), "if-none-match;") || !strings.Contains(h.Get("Authorization"), "x-amz-checksum-sha256;") {
			t.Errorf("tls %v: %s %s %v", tls, got[0].Method, got[0].URL, h)
		}
	}
}

// TestArchiveAnswers: each differs from the first, which is believed, in one thing.
func TestArchiveAnswers(t *testing.T) {
	t.Parallel()
	const text = "leaves\n"
	for _, c := range []struct {
		name     string
		status   int
		code     string
		checksum string
		kind     string
		want     error
		wantCode apierr.Code
	}{
		{"proven", 200, "", sum64(text), "FULL_OBJECT", nil, ""},
		{"no type", 200, "", sum64(text), "", nil, ""},
		{"no checksum", 200, "", "", "", blob.ErrUnproven, ""},
		{"no checksum but a type", 200, "", "", "FULL_OBJECT", blob.ErrUnproven, ""},
		{"another checksum", 200, "", sum64("leaveS\n"), "FULL_OBJECT", blob.ErrUnproven, ""},
		{"of the parts", 200, "", sum64(text), "COMPOSITE", blob.ErrUnproven, ""},
		{"cut checksum", 200, "", sum64(text)[:43], "FULL_OBJECT", blob.ErrUnproven, ""},
		{"parts counted", 200, "", sum64(text) + "-1", "FULL_OBJECT", blob.ErrUnproven, ""},
		{"there", 412, "PreconditionFailed", "", "", blob.ErrThere, ""},
		{"there, with our checksum", 412, "PreconditionFailed", sum64(text), "FULL_OBJECT", blob.ErrThere, ""},
		{"denied", 403, "AccessDenied", "", "", blob.ErrRefused, apierr.StorageDenied},
		{"denied, with our checksum", 403, "AccessDenied", sum64(text), "FULL_OBJECT", blob.ErrRefused, apierr.StorageDenied},
		{"unknown key", 403, "InvalidAccessKeyId", "", "", blob.ErrRefused, apierr.StorageDenied},
		{"expired", 400, "ExpiredToken", "", "", blob.ErrRefused, apierr.StorageDenied},
		{"bad digest", 400, "BadDigest", "", "", blob.ErrRefused, ""},
		{"other payload", 400, "XAmzContentSHA256Mismatch", "", "", blob.ErrRefused, ""},
		{"no bucket", 404, "NoSuchBucket", "", "", blob.ErrRefused, ""},
		{"other region", 301, "PermanentRedirect", "", "", blob.ErrRefused, ""},
		{"not implemented", 501, "NotImplemented", "", "", blob.ErrRefused, ""},
		{"conflict", 409, "ConditionalRequestConflict", "", "", nil, apierr.StorageUnavailable},
		{"too slow", 400, "RequestTimeout", "", "", nil, apierr.StorageUnavailable},
		{"too many", 429, "", "", "", nil, apierr.StorageUnavailable},
		{"slow down", 503, "SlowDown", "", "", nil, apierr.StorageUnavailable},
		{"fault", 500, "InternalError", sum64(text), "FULL_OBJECT", nil, apierr.StorageUnavailable},
		{"gateway", 502, "", "", "", nil, apierr.StorageUnavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				_, _ = io.Copy(io.Discard, r.Body)
				for k, v := range map[string]string{"X-Amz-Checksum-Sha256": c.checksum, "X-Amz-Checksum-Type": c.kind, "Location": "http://127.0.0.1:1/"} {
					if v != "" {
						w.Header().Set(k, v)
					}
				}
				refuse(w, c.status, c.code)
			}))
			t.Cleanup(srv.Close)
			err := archive(t, srv.URL).Put(t.Context(), batchKey(), bodyOf(text))
			if (err == nil) != (c.want == nil && c.wantCode == "") || c.want != nil && !errors.Is(err, c.want) || apierr.CodeOf(err) != c.wantCode {
				t.Errorf("%v, want %v %s", err, c.want, c.wantCode)
			}
			for _, other := range []error{blob.ErrRefused, blob.ErrThere, blob.ErrUnproven} {
				if other != c.want && errors.Is(err, other) {
					t.Errorf("%v is %v, too", err, other)
				}
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests for one put", n)
			}
			if err != nil && strings.Contains(err.Error(), archiverSecret) {
				t.Error("tells the secret")
			}
		})
	}
}

// TestArchiveWithoutAnswer: whatever cuts a put short, nothing is known then.
func TestArchiveWithoutAnswer(t *testing.T) {
	t.Parallel()
	cut := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.CopyN(io.Discard, r.Body, 1)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(cut.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	short := bodyOf("leaves")
	short.Size++
	for name, err := range map[string]error{
		"cut off":                archive(t, cut.URL).Put(t.Context(), batchKey(), bodyOf(strings.Repeat("leaves", 1<<20))),
		"nobody":                 archive(t, gone.URL).Put(t.Context(), batchKey(), bodyOf("leaves")),
		"cancelled":              archive(t, cut.URL).Put(ended, batchKey(), bodyOf("leaves")),
		"a body that ends early": archive(t, cut.URL).Put(t.Context(), batchKey(), short),
	} {
		if apierr.CodeOf(err) != apierr.StorageUnavailable || errors.Is(err, blob.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestArchiveSendsNothing: faults on our side, in which nothing is sent.
func TestArchiveSendsNothing(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		w.Header().Set("X-Amz-Checksum-Sha256", r.Header.Get("X-Amz-Checksum-Sha256"))
	}))
	t.Cleanup(srv.Close)
	fault := errors.New("no keys today")
	keys := func(k sts.StaticKeys, err error) func(*blob.ArchiveConfig) {
		return func(c *blob.ArchiveConfig) { c.Keys = func() (sts.StaticKeys, error) { return k, err } }
	}
	none := func(*blob.ArchiveConfig) {}
	for _, c := range []struct {
		name string
		edit func(*blob.ArchiveConfig)
		key  blob.Key
		body blob.Body
		ok   bool
	}{
		{"honest", none, batchKey(), bodyOf("x"), true},
		{"no key", none, blob.Key{}, bodyOf("x"), false},
		{"nothing", none, batchKey(), bodyOf(""), false},
		{"too much", none, batchKey(), blob.Body{Content: strings.NewReader(""), Size: blob.MaxArchived + 1}, false},
		{"no keys", keys(sts.StaticKeys{}, nil), batchKey(), bodyOf("x"), false},
		{"no secret", keys(sts.StaticKeys{AccessKeyID: archiverID}, nil), batchKey(), bodyOf("x"), false},
		{"keys fail", keys(sts.StaticKeys{}, fault), batchKey(), bodyOf("x"), false},
		{"cannot rewind", none, batchKey(), blob.Body{Content: struct {
			io.Reader
			io.Seeker
		}{strings.NewReader("x"), stuck{}}, Size: 1}, false},
	} {
		before := requests.Load()
		err := archive(t, srv.URL, c.edit).Put(t.Context(), c.key, c.body)
		if (err == nil) != c.ok || (requests.Load() == before) == c.ok || apierr.CodeOf(err) != "" {
			t.Errorf("%s: %v, %d requests", c.name, err, requests.Load()-before)
		}
		if c.name == "keys fail" && !errors.Is(err, fault) {
			t.Errorf("%v", err)
		}
	}
}

type stuck struct{}

func (stuck) Seek(int64, int) (int64, error) { return 0, errors.New("stuck") }

// TestArchiveKeysAreAskedEachTime: other keys hold from the next put on.
func TestArchiveKeysAreAskedEachTime(t *testing.T) {
	t.Parallel()
	var seen []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		id, _, _ := strings.Cut(rest, "/")
		seen = append(seen, id+r.Header.Get("X-Amz-Security-Token"))
		w.Header().Set("X-Amz-Checksum-Sha256", r.Header.Get("X-Amz-Checksum-Sha256"))
	}))
	t.Cleanup(srv.Close)
	n := 0
	a := archive(t, srv.URL, func(c *blob.ArchiveConfig) {
		c.Keys = func() (sts.StaticKeys, error) {
			k, _ := archiverKeys()
			n++
			k.AccessKeyID = fmt.Sprintf("ASIAARCHIVER0000000%d", n)
			k.SessionToken = secret.New([]byte(fmt.Sprintf("token-token-token-%d", n)))
			return k, nil
		}
	})
	for range 2 {
		if err := a.Put(t.Context(), batchKey(), bodyOf("x")); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(seen, " "); got != "ASIAARCHIVER00000001token-token-token-1 ASIAARCHIVER00000002token-token-token-2" {
		t.Error(got)
	}
}

func TestNewArchiveRefuses(t *testing.T) {
	for name, edit := range map[string]func(*blob.ArchiveConfig){
		"":         func(*blob.ArchiveConfig) {},
		"no keys":  func(c *blob.ArchiveConfig) { c.Keys = nil },
		"bucket":   func(c *blob.ArchiveConfig) { c.Bucket = "A" },
		"region":   func(c *blob.ArchiveConfig) { c.Region = "" },
		"endpoint": func(c *blob.ArchiveConfig) { c.Endpoint = "http://storage.example.com" },
	} {
		c := blob.ArchiveConfig{Config: blob.Config{Endpoint: "http://127.0.0.1:1", Region: "r", Bucket: "agentkeys-audit"}, Keys: archiverKeys}
		edit(&c)
		if _, err := blob.NewArchive(c); (err == nil) != (name == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestArchiveIsNotHeld: what is put is read piece by piece, once.
func TestArchiveIsNotHeld(t *testing.T) {
	t.Parallel()
	const size = 8 << 20
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := sha256.New()
		_, _ = io.Copy(h, r.Body)
		w.Header().Set("X-Amz-Checksum-Sha256", base64.StdEncoding.EncodeToString(h.Sum(nil)))
	}))
	t.Cleanup(srv.Close)
	data := bytes.Repeat([]byte("0123456789abcdef"), size/16)
	r := &counting{ReadSeeker: bytes.NewReader(data)}
	if err := archive(t, srv.URL).Put(t.Context(), batchKey(), blob.Body{Content: r, Size: size, Checksum: sha256.Sum256(data)}); err != nil {
		t.Fatal(err)
	}
	if r.bytes != size || r.largest > 1<<20 {
		t.Errorf("%d bytes read, at most %d at once", r.bytes, r.largest)
	}
}

type counting struct {
	io.ReadSeeker
	bytes, largest int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.ReadSeeker.Read(p)
	c.bytes, c.largest = c.bytes+n, max(c.largest, len(p))
	return n, err
}
