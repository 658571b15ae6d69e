package archive_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/archive"
	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/sts"
)

func recordOf(how journal.ArchiveState, data []byte) journal.Archive {
	return journal.Archive{State: how, Checksum: sha256.Sum256(data), Size: uint64(len(data)), Attempts: 1}
}

func (w *world) tryPut(o omni.Operator, index uint64, data string) error {
	a, err := blob.NewArchive(blob.ArchiveConfig{
		Config: blob.Config{Endpoint: w.url, Region: region, Bucket: bucket},
		Keys: func() (sts.StaticKeys, error) {
			return sts.StaticKeys{AccessKeyID: keyID, SecretAccessKey: secret.New([]byte(keySecret))}, nil
		},
	})
	if err != nil {
		return err
	}
	return a.Put(context.Background(), blob.ArchiveKey(o, index), blob.Body{
		Content: strings.NewReader(data), Size: int64(len(data)), Checksum: sha256.Sum256([]byte(data)),
	})
}

var (
	alice = journaltest.Operator(1)
	bob   = journaltest.Operator(2)
)

func pass(t *testing.T, a *archive.Archiver) {
	t.Helper()
	if err := a.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestNames(t *testing.T) {
	for _, index := range []uint64{0, 7, 123456, 999999999999} {
		if got, want := blob.ArchiveKey(alice, index).String(), "audit/"+auditproof.BatchPath(alice, index); got != want {
			t.Errorf("%s is not %s", got, want)
		}
	}
}

func TestArchives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all []journal.Batch
	for _, n := range []int{1, 2, 2500} { // more than two pages
		all = append(all, w.batch(t, alice, n), w.batch(t, bob, n))
	}
	late := w.built(t, alice, 1)
	none := w.built(t, omni.Operator{}, 1)
	a := w.archiver(t, w)
	pass(t, a)
	for _, b := range all {
		w.there(t, b, journal.ArchiveStored)
	}
	for _, b := range []journal.Batch{late, none} {
		if w.object(t, b.Operator, b.Index) != nil {
			t.Errorf("batch %d of %s is there before it is confirmed", b.Index, b.Operator)
		}
	}
	if s := a.Status(); s.Stored != 6 || s.Found != 0 || s.Stopped != nil || s.Holding != 0 {
		t.Errorf("%+v", s)
	}
	if len(w.wire.sent()) != 6 {
		t.Error("a batch was put twice")
	}
	pass(t, a)
	if sent := w.wire.sent(); len(sent) != 0 {
		t.Errorf("sends again: %v", sent)
	}
	if left, err := os.ReadDir(w.dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestAnswers: one fault in one pass, then an honest one. The first case has no
// fault.
func TestAnswers(t *testing.T) {
	t.Parallel()
	taken := func(t *testing.T, w *world, b journal.Batch) { w.put(t, b.Operator, b.Index, "something else\n") }
	header := func(k, v string) func(http.RoundTripper, *http.Request) (*http.Response, error) {
		return answered(func(h http.Header) {
			if h.Del(k); v != "" {
				h.Set(k, v)
			}
		})
	}
	const sum = "X-Amz-Checksum-Sha256"
	for _, c := range []struct {
		name   string
		before func(*testing.T, *world, journal.Batch)
		fault  func(http.RoundTripper, *http.Request) (*http.Response, error)
		reason archive.Reason
		stands journal.ArchiveState // after the fault
		then   archive.Reason       // of the honest pass, empty when it is there
		how    journal.ArchiveState
	}{
		{"honest", nil, nil, "", journal.ArchiveStored, "", journal.ArchiveStored},
		{"down", nil, down, archive.Unreachable, journal.ArchiveSending, "", journal.ArchiveStored},
		{"fault", nil, refused(500, "InternalError"), archive.Unreachable, journal.ArchiveSending, "", journal.ArchiveStored},
		{"conflict", nil, refused(409, "ConditionalRequestConflict"), archive.Unreachable, journal.ArchiveSending, "", journal.ArchiveStored},
		{"answer lost", nil, lost, archive.Unreachable, journal.ArchiveSending, "", journal.ArchiveFound},
		{"truncated", nil, truncated, archive.Unreachable, journal.ArchiveSending, "", journal.ArchiveStored},
		{"flipped", nil, flipped, archive.Refused, "", "", journal.ArchiveStored},
		{"denied", nil, refused(403, "AccessDenied"), archive.Refused, "", "", journal.ArchiveStored},
		{"no bucket", nil, refused(404, "NoSuchBucket"), archive.Refused, "", "", journal.ArchiveStored},
		{"no checksum", nil, header(sum, ""), archive.Unproven, journal.ArchiveDoubted, archive.Unproven, journal.ArchiveDoubted},
		{"another checksum", nil, header(sum, strings.Repeat("A", 43)+"="), archive.Unproven, journal.ArchiveDoubted, archive.Unproven, journal.ArchiveDoubted},
		{"of the parts", nil, header("X-Amz-Checksum-Type", "COMPOSITE"), archive.Unproven, journal.ArchiveDoubted, archive.Unproven, journal.ArchiveDoubted},
		{"name taken", taken, nil, archive.Occupied, "", archive.Occupied, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.batch(t, alice, 3)
			if c.before != nil {
				c.before(t, w, b)
			}
			a := w.archiver(t, w)
			w.wire.set(c.fault)
			check := func(reason archive.Reason) {
				t.Helper()
				err := a.Pass(t.Context())
				s := a.Status()
				var p *archive.Problem
				switch {
				case errors.As(err, &p) && s.Holding == 0:
				case err == nil && len(s.Held) == 1:
					p = s.Held[0]
				}
				switch {
				case reason == "" && (err != nil || p != nil):
					t.Errorf("%v, %v", err, p)
				case reason != "" && (p == nil || p.Reason != reason || p.Operator != alice || p.Index != 0):
					t.Errorf("%v, want %s (%v)", p, reason, err)
				}
			}
			check(c.reason)
			w.stands(t, b, c.stands)
			w.wire.set(nil)
			a = w.archiver(t, w) // after a restart, as well
			check(c.then)
			if c.then == "" {
				w.there(t, b, c.how)
				return
			}
			w.stands(t, b, c.how)
			for range 9 { // however often it is tried
				check(c.then)
			}
			w.stands(t, b, c.how)
		})
	}
}

// TestTakenByOther: what is sent for the first time and finds its name taken is
// not believed later either; nor is other content than what was sent.
func TestTakenByOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.batch(t, alice, 3)
	other := journal.Archive{State: journal.ArchiveSending, Checksum: [32]byte{1}, Size: 5, Attempts: 1}
	if err := w.MoveArchive(t.Context(), alice, 0, journal.Archive{}, other); err != nil {
		t.Fatal(err)
	}
	w.put(t, alice, 0, "other")
	for range 3 {
		a := w.archiver(t, w)
		pass(t, a)
		if s := a.Status(); s.Holding != 1 || s.Held[0].Reason != archive.Occupied || !errors.Is(s.Held[0], blob.ErrThere) {
			t.Fatalf("%+v", s)
		}
	}
	if got, err := w.Archive(t.Context(), alice, 0); err != nil || got != other {
		t.Errorf("%+v %v", got, err)
	}
	_ = b
	// The twin: the name is free, and so other content than was sent goes there.
	c := w.batch(t, bob, 3)
	if err := w.MoveArchive(t.Context(), bob, 0, journal.Archive{}, other); err != nil {
		t.Fatal(err)
	}
	pass(t, w.archiver(t, w))
	w.there(t, c, journal.ArchiveStored)
}

// TestBacklog: through an outage everything waits, then goes in order.
func TestBacklog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wire.set(down)
	a := w.archiver(t, w)
	var all []journal.Batch
	var want []string
	wake, reports := make(chan struct{}), make(chan archive.Status)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	all = append(all, w.batch(t, alice, 1))
	go func() {
		defer close(ended)
		a.Run(ctx, wake, func(s archive.Status) { reports <- s })
	}()
	if s := <-reports; s.Stopped == nil || s.Stored != 0 {
		t.Errorf("%+v", s)
	}
	for range 4 {
		all = append(all, w.batch(t, alice, 2))
	}
	// Wakes 1, 3 and 7 make a pass, and each report is taken before the next wake
	// is: none is in flight when the wire is looked at.
	for n := 1; n <= 7; n++ {
		wake <- struct{}{}
		if n == 1 || n == 3 || n == 7 {
			if s := <-reports; s.Stopped == nil || s.Stored != 0 {
				t.Errorf("wake %d: %+v", n, s)
			}
		}
	}
	sent := w.wire.sent()
	w.wire.set(nil)
	if len(sent) != 4 {
		t.Errorf("%d puts into an outage of 7 wakes", len(sent))
	}
	for range 8 { // seven rest
		wake <- struct{}{}
	}
	if s := <-reports; s.Stopped != nil || s.Stored != 5 {
		t.Errorf("%+v", s)
	}
	cancel()
	<-ended
	for _, b := range all {
		want = append(want, auditproof.BatchPath(alice, b.Index))
		w.there(t, b, journal.ArchiveStored)
	}
	if got := w.wire.sent(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestOneHoldsUpNobody: neither one whose name is taken nor one that storage
// never answers.
func TestOneHoldsUpNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var operators []omni.Operator
	for n := range 6 {
		operators = append(operators, journaltest.Operator(n))
	}
	slices.SortFunc(operators, func(x, y omni.Operator) int { return strings.Compare(x.Key(), y.Key()) })
	batches := map[omni.Operator][]journal.Batch{}
	for _, o := range operators {
		for range 2 {
			batches[o] = append(batches[o], w.batch(t, o, 1))
		}
	}
	held, never := operators[0], operators[2]
	w.put(t, held, 0, "taken")
	w.wire.set(func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if strings.Contains(r.URL.Path, never.Key()) {
			return down(next, r)
		}
		return next.RoundTrip(r)
	})
	a := w.archiver(t, w)
	for range 12 {
		_ = a.Pass(t.Context())
	}
	for _, o := range operators {
		for _, b := range batches[o] {
			if o == held || o == never {
				if b.Index == 1 {
					w.stands(t, b, "")
				}
				continue
			}
			w.there(t, b, journal.ArchiveStored)
		}
	}
	if s := a.Status(); s.Holding != 1 || s.Held[0].Operator != held {
		t.Errorf("%+v", s)
	}
	tries := 0
	for _, name := range w.wire.sent() {
		if strings.HasPrefix(name, held.Key()) {
			tries++
		}
	}
	if tries < 2 || tries > 5 {
		t.Errorf("%d tries of what waits for a person, in 12 passes", tries)
	}
	// Somebody else settles it.
	w.wire.set(nil)
	data := recordOf(journal.ArchiveSending, []byte("taken"))
	if err := w.MoveArchive(t.Context(), held, 0, journal.Archive{}, data); err != nil {
		t.Fatal(err)
	}
	data2 := data
	data2.State = journal.ArchiveFound
	if err := w.MoveArchive(t.Context(), held, 0, data, data2); err != nil {
		t.Fatal(err)
	}
	pass(t, a)
	w.there(t, batches[held][1], journal.ArchiveStored)
	if s := a.Status(); s.Holding != 0 || len(s.Held) != 0 {
		t.Errorf("%+v", s)
	}
}
