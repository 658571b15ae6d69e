package isolation_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

var update = flag.Bool("update", false, "write the table of docs/isolation.md")

// listed lists a prefix of a bucket.
func (w *world) listed(endpoint string, c sts.Credentials, bucket, prefix string) verdict {
	_, err := w.s3(endpoint, c).ListObjectsV2(w.t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	return storageVerdict(w.t, err)
}

// fetchesForged puts bytes in the place of an object, as its own session may, and
// has the worker open them.
func (l *layered) fetchesForged() verdict {
	if a := l.send(l.use(l.own, service.CredStore, storage{l.own, service.Credentials, "write"})); a.code != "" {
		return a.verdict
	}
	bucket, key := l.Profile.Cloud.VaultBucket, prefix(l.own, service.Credentials)+"github.enc"
	if _, err := l.s3(l.Profile.Cloud.S3Endpoint, l.storage(storage{l.own, service.Credentials, "write"})).PutObject(l.t.Context(), &s3.PutObjectInput{
		Bucket: &bucket, Key: &key, Body: strings.NewReader(strings.Repeat("forged", 40)),
	}); err != nil {
		return storageVerdict(l.t, err)
	}
	return l.send(l.use(l.own, service.CredFetch, storage{l.own, service.Credentials, "read"})).verdict
}

// TestEachLayerByItself switches off each layer of a row in turn: every other
// guard of the row still refuses, with its own code.
func TestEachLayerByItself(t *testing.T) {
	worlds := layersOf(t)
	for _, a := range attacks() {
		l := worlds(a.given)
		var off []where
		for _, g := range a.guards {
			if !slices.Contains(off, g.where) {
				off = append(off, g.where)
			}
		}
		if len(off) < 2 {
			t.Errorf("%s: only %s refuses", a.name, off)
		}
		for _, missing := range off {
			l.without(missing)
			l.keep()
			for _, g := range a.guards {
				if g.where == missing {
					continue
				}
				if got := g.probe(l); got != g.want {
					t.Errorf("%s, without %s: %s says %s, want %s", a.name, missing, g.where, got, g.want)
				}
			}
		}
	}
}

// TestTheObjectIsTheCapabilitys: with no policy at all behind it, a worker that is
// given the session of another still touches what the capability names.
func TestTheObjectIsTheCapabilitys(t *testing.T) {
	l := newLayered(t)
	l.without(byTrust, byRole, byBucket)
	l.seed()
	for _, cl := range classes() {
		a := l.send(l.use(l.own, action(cl.class, service.OpFetch), storage{l.sibling, cl.class, "read"}))
		if a.code != "" || string(a.body) != string(valueOf(l.own, cl.class)) {
			t.Errorf("%s: %q, %s", cl.class, a.body, a.verdict)
		}
	}
}

// TestTheSwitchesWork is the positive twin: with the storage layers of a row off
// together, its probes of storage succeed. What refuses is the layer.
func TestTheSwitchesWork(t *testing.T) {
	worlds := layersOf(t)
	for _, a := range attacks() {
		l := worlds(a.given)
		for _, g := range a.guards {
			if g.where != byRole && g.where != byBucket && g.where != byTrust {
				continue
			}
			l.without(byTrust, byRole, byBucket)
			l.keep()
			if got := g.probe(l); got != (verdict{}) && !(strings.Contains(a.name, "kind") && g.where == byTrust) {
				t.Errorf("%s: without all policies %s still says %s", a.name, g.where, got)
			}
		}
	}
}

// TestIsolationIsDocumented compares the table of docs/isolation.md with the rows.
func TestIsolationIsDocumented(t *testing.T) {
	const path, begin, end = "../../docs/isolation.md", "<!-- attacks: written by go test ./roles/isolation -run Documented -update -->\n", "<!-- end of attacks -->"
	have := string(must[[]byte](t)(os.ReadFile(path)))
	head, rest, ok := strings.Cut(have, begin)
	_, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the table", path)
	}
	want := head + begin + table() + end + tail
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if have != want {
		t.Errorf("the table of %s is not that of the test; go test ./roles/isolation -run Documented -update", path)
	}
}

// table is the rows for people.
func table() string {
	var b strings.Builder
	b.WriteString("| attack | who refuses, each by itself |\n|---|---|\n")
	for _, a := range attacks() {
		var at []where
		codes := map[where][]string{}
		for _, g := range a.guards {
			if !slices.Contains(at, g.where) {
				at = append(at, g.where)
			}
			if code := "`" + string(g.want.code) + "`"; !slices.Contains(codes[g.where], code) {
				codes[g.where] = append(codes[g.where], code)
			}
		}
		var cells []string
		for _, w := range at {
			cells = append(cells, fmt.Sprintf("%s: %s", w, strings.Join(codes[w], ", ")))
		}
		fmt.Fprintf(&b, "| %s | %s |\n", a.name, strings.Join(cells, "; "))
	}
	return b.String()
}
