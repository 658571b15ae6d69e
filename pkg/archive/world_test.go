package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/archive"
	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
)

const (
	region, account, bucket = "eu-central-1", "111122223333", "agentkeys-audit"
	keyID                   = "AKIAARCHIVER00000001"
	keySecret               = "canary/of/the/archiver/0123456789abcd"
)

// world is a journal, a development cloud with the product's own policy for the
// archive, and the wire between them.
type world struct {
	*journal.Journal
	cloud *devcloud.Cloud
	url   string
	wire  *wire
	keys  string // file
	dir   string // for files that are sent
	made  int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	home := t.TempDir()
	w := &world{wire: &wire{next: http.DefaultTransport}, keys: filepath.Join(home, "archiver.json"), dir: filepath.Join(home, "sending")}
	if err := os.Mkdir(w.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	w.writeKeys(t, keyID, keySecret, 0o600)
	var err error
	if w.Journal, err = journal.OpenSQLite(context.Background(), filepath.Join(home, "journal.db"), time.Now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	p, err := policy.RenderArchive(policy.ArchiveParams{Partition: "aws", AccountID: account, Bucket: bucket, User: "archiver"})
	if err != nil {
		t.Fatal(err)
	}
	w.cloud, err = devcloud.Open(devcloud.Config{
		Dir: filepath.Join(home, "cloud"), Region: region, AccountID: account, Issuer: "http://127.0.0.1:1", Now: time.Now,
		Buckets: []policy.Bucket{p.Bucket},
		Users:   []devcloud.User{{AccessKeyID: keyID, SecretAccessKey: secret.New([]byte(keySecret)), Name: "archiver", Policy: p.Policy}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.cloud.Close() })
	srv := httptest.NewServer(w.cloud.Handler())
	t.Cleanup(srv.Close)
	w.url = srv.URL
	return w
}

func (w *world) writeKeys(t testing.TB, id, secret string, mode os.FileMode) {
	t.Helper()
	w.writeKeyFile(t, fmt.Sprintf(`{"Version":1,"AccessKeyId":%q,"SecretAccessKey":%q}`, id, secret), mode)
}

func (w *world) writeKeyFile(t testing.TB, text string, mode os.FileMode) {
	t.Helper()
	if err := errors.Join(os.WriteFile(w.keys, []byte(text), mode), os.Chmod(w.keys, mode)); err != nil {
		t.Fatal(err)
	}
}

func (w *world) config() archive.Config {
	return archive.Config{
		Endpoint: w.url, Region: region, Bucket: bucket, Credentials: w.keys, Dir: w.dir,
		HTTPClient: &http.Client{Transport: w.wire},
	}
}

// archiver is one process's.
func (w *world) archiver(t testing.TB, j archive.Journal) *archive.Archiver {
	t.Helper()
	a, err := archive.New(w.config(), j)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// batch makes the next batch of an operator, of n entries, and confirms it.
func (w *world) batch(t testing.TB, o omni.Operator, n int) journal.Batch {
	t.Helper()
	b := w.built(t, o, n)
	mined := journal.Anchor{State: journal.Mined, Tx: [32]byte{1}, Block: 5, BlockHash: [32]byte{5}}
	confirmed := mined
	confirmed.State = journal.Confirmed
	if err := errors.Join(w.Move(context.Background(), o, b.Index, b.Anchor, mined), w.Move(context.Background(), o, b.Index, mined, confirmed)); err != nil {
		t.Fatal(err)
	}
	b.Anchor = confirmed
	return b
}

func (w *world) built(t testing.TB, o omni.Operator, n int) journal.Batch {
	t.Helper()
	for n > 0 {
		var list []journal.Entry
		for ; n > 0 && len(list) < 200; n-- {
			w.made++
			list = append(list, journaltest.Entry(o, fmt.Sprint(w.made)))
		}
		if _, err := w.Append(context.Background(), list...); err != nil {
			t.Fatal(err)
		}
	}
	b, err := w.Build(context.Background(), o, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// object is what lies in the archive for a batch, nil for nothing.
func (w *world) object(t testing.TB, o omni.Operator, index uint64) []byte {
	t.Helper()
	data, err := w.cloud.RawObject(bucket, "audit/"+auditproof.BatchPath(o, index))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return data
}

// there fails unless the batch is in the archive, whole, and known to be there
// in this way.
func (w *world) there(t testing.TB, b journal.Batch, how journal.ArchiveState) {
	t.Helper()
	data := w.object(t, b.Operator, b.Index)
	h, err := auditproof.CheckBatch(bytes.NewReader(data))
	if err != nil || h != auditproof.HeaderOf(b) && *h.Anchor != *auditproof.HeaderOf(b).Anchor {
		t.Errorf("batch %d: %+v, %v", b.Index, h, err)
	}
	got, err := w.Archive(context.Background(), b.Operator, b.Index)
	want := recordOf(how, data)
	want.Attempts = max(got.Attempts, 1)
	if err != nil || got != want {
		t.Errorf("batch %d stands at %+v (%v), want %+v", b.Index, got, err, want)
	}
}

// stands fails unless the journal says this of a batch.
func (w *world) stands(t testing.TB, b journal.Batch, want journal.ArchiveState) {
	t.Helper()
	if got, err := w.Archive(context.Background(), b.Operator, b.Index); err != nil || got.State != want {
		t.Errorf("batch %d stands at %q (%v), want %q", b.Index, got.State, err, want)
	}
}

// put puts something under the name of a batch, with the archiver's own keys.
func (w *world) put(t testing.TB, o omni.Operator, index uint64, data string) {
	t.Helper()
	if err := w.tryPut(o, index, data); err != nil {
		t.Fatal(err)
	}
}

// wire is what lies between archiver and storage. It is safe for concurrent use.
type wire struct {
	next http.RoundTripper
	mu   sync.Mutex
	edit func(next http.RoundTripper, r *http.Request) (*http.Response, error)
	puts []string // names, in their order
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.puts = append(w.puts, strings.TrimPrefix(r.URL.Path, "/"+bucket+"/audit/"))
	edit := w.edit
	w.mu.Unlock()
	if edit != nil {
		return edit(w.next, r)
	}
	return w.next.RoundTrip(r)
}

func (w *wire) set(edit func(next http.RoundTripper, r *http.Request) (*http.Response, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.edit = edit
}

// sent are the names that were put since the last look.
func (w *wire) sent() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.puts
	w.puts = nil
	return out
}

var errCut = errors.New("the wire was cut")

// The faults of a wire and of what is behind it.
func down(http.RoundTripper, *http.Request) (*http.Response, error) { return nil, errCut }

func lost(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	resp, err := next.RoundTrip(r)
	if err == nil {
		_ = resp.Body.Close()
	}
	return nil, errCut
}

// truncated sends half of the body and hangs up.
func truncated(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	half := r.Clone(r.Context())
	half.Body = io.NopCloser(io.LimitReader(r.Body, r.ContentLength/2))
	return next.RoundTrip(half)
}

// flipped changes one byte on the way.
func flipped(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	data[len(data)/2] ^= 1
	other := r.Clone(r.Context())
	other.Body = io.NopCloser(bytes.NewReader(data))
	return next.RoundTrip(other)
}

// answered edits the header of a real answer.
func answered(edit func(http.Header)) func(http.RoundTripper, *http.Request) (*http.Response, error) {
	return func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(r)
		if err == nil {
			edit(resp.Header)
		}
		return resp, err
	}
}

// refused answers without asking storage.
func refused(status int, code string) func(http.RoundTripper, *http.Request) (*http.Response, error) {
	return func(_ http.RoundTripper, r *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, r.Body)
		return &http.Response{
			StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Request: r,
			Body: io.NopCloser(strings.NewReader("<Error><Code>" + code + "</Code></Error>")),
		}, nil
	}
}
