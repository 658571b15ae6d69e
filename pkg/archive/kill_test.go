package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/archive"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
)

// childArg makes the test binary the process that is killed.
const childArg = "archive-until-killed"

func TestMain(m *testing.M) {
	if len(os.Args) == 5 && os.Args[1] == childArg {
		if err := archiveAll(os.Args[2], os.Args[3], os.Args[4]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// archiveAll archives what there is and ends.
func archiveAll(url, keys, dir string) (err error) {
	ctx := context.Background()
	j, err := journal.OpenSQLite(ctx, filepath.Join(filepath.Dir(dir), "journal.db"), time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	a, err := archive.New(archive.Config{Endpoint: url, Region: region, Bucket: bucket, Credentials: keys, Dir: dir}, j)
	if err != nil {
		return err
	}
	if err := a.Pass(ctx); err != nil {
		return err
	}
	if s := a.Status(); s.Holding != 0 {
		return s.Held[0]
	}
	return nil
}

// deadly is storage that kills whoever puts, once per life.
type deadly struct {
	cloud http.Handler
	mu    sync.Mutex
	puts  int // until the deadly one
	when  int // before it is stored, after, while answering, after the answer
	kill  func()
}

// ServeHTTP implements http.Handler.
func (d *deadly) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	d.puts--
	now, when, kill := d.puts == 0, d.when, d.kill
	d.mu.Unlock()
	switch {
	case !now:
		d.cloud.ServeHTTP(w, r)
	case when == 0:
		_, _ = io.CopyN(io.Discard, r.Body, r.ContentLength/2)
		kill()
		panic(http.ErrAbortHandler)
	case when == 1:
		d.cloud.ServeHTTP(httptest.NewRecorder(), r)
		kill()
		panic(http.ErrAbortHandler)
	case when == 2:
		go kill()
		d.cloud.ServeHTTP(w, r)
	default:
		d.cloud.ServeHTTP(w, r)
		_ = http.NewResponseController(w).Flush()
		kill()
	}
}

// TestKilled kills a process with SIGKILL around its puts, again and again, until
// one ends by itself: every batch is there, whole, in order, and known to be.
func TestKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all []journal.Batch
	for n := range 24 {
		all = append(all, w.batch(t, journaltest.Operator(n%3), 1+n))
	}
	home := filepath.Dir(w.dir)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	d := &deadly{cloud: w.cloud.Handler()}
	srv := httptest.NewServer(d)
	t.Cleanup(srv.Close)
	deaths := 0
	for lives := 0; ; lives++ {
		if lives > 200 {
			t.Fatal("it takes no end")
		}
		cmd := exec.Command(os.Args[0], childArg, srv.URL, w.keys, w.dir)
		var told bytes.Buffer
		cmd.Stderr = &told
		d.mu.Lock()
		d.puts, d.when, d.kill = 1+rand.IntN(2), rand.IntN(4), func() { _ = cmd.Process.Kill() }
		err := cmd.Start()
		d.mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
		err = cmd.Wait()
		if err == nil {
			break
		}
		if cmd.ProcessState.Exited() {
			t.Fatalf("ended by itself after %d deaths: %v: %s", deaths, err, told.String())
		}
		deaths++
	}
	j, err := journal.OpenSQLite(t.Context(), filepath.Join(home, "journal.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	w.Journal = j
	found := 0
	for _, b := range all {
		got, err := j.Archive(t.Context(), b.Operator, b.Index)
		if err != nil || !got.Final() {
			t.Fatalf("batch %d: %+v %v", b.Index, got, err)
		}
		if got.State == journal.ArchiveFound {
			found++
		}
		w.there(t, b, got.State)
	}
	if deaths < 5 || found > deaths {
		t.Errorf("%d deaths, %d found", deaths, found)
	}
	if left, err := os.ReadDir(w.dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
