package isolation_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// canary is no name of anything: a name may be said.
const canary = "Canary+7f1d/Zq_~!secret=9b"

// forms are those in which it could be written.
func forms() []string {
	shifted := func(skip int) string { // within base64 of something longer
		e := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", skip) + canary))
		return e[4 : len(e)-4]
	}
	return []string{
		canary, url.PathEscape(canary), url.QueryEscape(canary), hex.EncodeToString([]byte(canary)), strings.ToUpper(hex.EncodeToString([]byte(canary))),
		shifted(0), shifted(1), shifted(2), fmt.Sprintf("%v", []byte(canary)), strings.Trim(strings.ReplaceAll(fmt.Sprintf("%q", canary), `/`, `\/`), `"`),
		strings.NewReplacer("~", "~0", "/", "~1").Replace(canary), // in a JSON pointer (RFC 6901)
	}
}

// told is everything that is said, to be searched. It is safe for concurrent use.
type told struct {
	mu    sync.Mutex // guards what follows
	parts map[string]*bytes.Buffer
}

func (d *told) at(name string) io.Writer { return writer{d, name} }

type writer struct {
	d    *told
	name string
}

// Write implements io.Writer.
func (w writer) Write(p []byte) (int, error) {
	w.d.mu.Lock()
	defer w.d.mu.Unlock()
	if w.d.parts[w.name] == nil {
		w.d.parts[w.name] = new(bytes.Buffer)
	}
	return w.d.parts[w.name].Write(p)
}

// search fails for each part in which a canary is.
func (d *told) search(t *testing.T) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name, b := range d.parts {
		for _, f := range forms() {
			if i := bytes.Index(b.Bytes(), []byte(f)); i >= 0 {
				t.Errorf("%s says the canary as %q: …%q…", name, f, b.Bytes()[max(0, i-120):min(b.Len(), i+len(f)+20)])
			}
		}
	}
}

// TestTheCanaryIsFound: a search that finds nothing must be able to.
func TestTheCanaryIsFound(t *testing.T) {
	for _, said := range []string{
		canary, "path=/v1/" + url.PathEscape(canary), "0x" + hex.EncodeToString([]byte(canary)), base64.RawURLEncoding.EncodeToString([]byte("abc" + canary + "abc")),
		base64.StdEncoding.EncodeToString([]byte("ab" + canary + "c")), string(must[[]byte](t)(strictjson.Encode(map[string]string{"detail": canary}))),
	} {
		said = strings.NewReplacer("-", "+", "_", "/").Replace(said) + said
		found := false
		for _, f := range forms() {
			found = found || strings.Contains(said, f)
		}
		if !found {
			t.Errorf("%s: not found", said)
		}
	}
}

// TestNothingSecretIsSaid puts a canary into every place of a request of every route
// of the table, also as what is stored and fetched, and looks for it in all that the
// system says and keeps.
func TestNothingSecretIsSaid(t *testing.T) {
	d := &told{parts: map[string]*bytes.Buffer{}}
	w := newWorld(t, func(c *devstack.Config) { c.Log = zerolog.New(d.at("the log")) })
	sent := 0
	send := func(c call) answer {
		sent++
		a := w.send(c)
		if a.header.Get("Content-Type") == "application/octet-stream" {
			a.body = nil // the one answer that may say it
		}
		_, _ = fmt.Fprintf(d.at("the answers"), "%s %v\n%s\n", a.verdict, a.header, a.body)
		return a
	}
	for _, cl := range classes() {
		for range 2 { // also over what is there
			c := w.use(w.own, action(cl.class, service.OpStore), storage{w.own, cl.class, "write"})
			c.body = []byte("begin " + canary + " end")
			if a := send(c); a.code != "" {
				t.Fatal(a.verdict)
			}
			a := w.send(w.use(w.own, action(cl.class, service.OpFetch), storage{w.own, cl.class, "read"}))
			if !bytes.Contains(a.body, []byte(canary)) || strings.Contains(fmt.Sprint(a.header), canary) {
				t.Fatalf("fetching: %s %q", a.verdict, a.body)
			}
		}
	}
	for _, r := range routes(t) {
		before := sent
		for _, c := range w.withCanary(r) {
			send(c)
		}
		if sent-before < 6 {
			t.Errorf("%s: %d requests with a canary", r, sent-before)
		}
	}
	w.listen(t, d)
	if n := strings.Count(d.parts["the log"].String(), `"message":"request"`); n < sent/2 {
		t.Errorf("%d lines of requests for %d requests: that is not the log", n, sent)
	}
	d.search(t)
	t.Logf("%d requests with a canary", sent)
}

var parameter = regexp.MustCompile(`:[a-z]+`)

// withCanary are requests of the route that carry it, each in one place.
func (w *world) withCanary(r httpd.Route) []call {
	var good call
	switch {
	case strings.HasPrefix(r.Policy, "session") || strings.HasPrefix(r.Policy, "capability") || strings.Contains(r.Policy, "maint") || strings.HasPrefix(r.Policy, "governance"):
		good = w.base(r)
	default:
		good = call{url: w.url(r), method: r.Method}
	}
	good.url = parameter.ReplaceAllStringFunc(good.url, func(p string) string {
		if strings.Trim(p[1:], "0123456789") == "" {
			return p // a port
		}
		return url.PathEscape(canary)
	})
	var out []call
	add := func(edit func(*call)) {
		c := good
		edit(&c)
		out = append(out, c)
	}
	header := func(name, value string) func(*call) {
		return func(c *call) { c.edit = func(q *http.Request) { q.Header.Set(name, value) } }
	}
	add(func(c *call) { c.scheme, c.token = api.Scheme, canary })
	add(func(c *call) {
		c.scheme, c.token = api.Scheme, base64.RawURLEncoding.EncodeToString([]byte(canary))+".e30.e30"
	})
	add(header("DPoP", canary))
	add(header("DPoP", "e30."+base64.RawURLEncoding.EncodeToString([]byte(`{"jti":"`+canary+`"}`))+".e30"))
	add(header("Content-Type", canary))
	for _, name := range []string{"X-Aws-Access-Key-Id", "X-Aws-Secret-Access-Key", "X-Aws-Session-Token", "If-Match", "If-None-Match", "X-Request-Id", "User-Agent", "Origin", "Referer", "X-Forwarded-For", "Cookie"} {
		add(header(name, canary))
	}
	add(func(c *call) {
		c.edit = func(q *http.Request) { q.Host = "canary7f1d" + hex.EncodeToString([]byte(canary)) }
	})
	add(func(c *call) { c.edit = func(q *http.Request) { q.URL.RawQuery = "cursor=" + url.QueryEscape(canary) } })
	add(func(c *call) { c.edit = func(q *http.Request) { q.URL.RawQuery = url.QueryEscape(canary) + "=1" } })
	add(func(c *call) { c.url += "/" + url.PathEscape(canary) })
	add(func(c *call) { c.method = "PUT" })
	if r.Method != "POST" {
		add(func(c *call) { c.body, c.media = []byte(canary), "text/plain" })
		return out
	}
	for _, body := range bodies(good.body) {
		add(func(c *call) { c.body = body })
		add(func(c *call) { c.body, c.media = body, "application/json" })
		add(func(c *call) { c.body, c.media = body, "text/plain" })
	}
	add(func(c *call) { c.body = bytes.Repeat([]byte(canary), httpd.DefaultMaxBody/len(canary)+1) }) // too large
	return out
}

// bodies carry it alone, in place of each text and number of a good body, under a
// name that is not known, and where another type belongs.
func bodies(good []byte) [][]byte {
	quoted := `"` + canary + `"`
	out := [][]byte{[]byte(canary), []byte(quoted), []byte("{" + quoted + ":1}"), []byte("[" + quoted + "]"), []byte(`{"a":` + canary), append(bytes.Clone(good), canary...)}
	for _, at := range regexp.MustCompile(`:("[^"]*"|[0-9]+)`).FindAllIndex(good, -1) {
		for _, value := range []string{quoted, "[" + quoted + "]", "{" + quoted + ":" + quoted + "}"} {
			out = append(out, []byte(string(good[:at[0]])+":"+value+string(good[at[1]:])))
		}
	}
	return out
}

// listen reads what is said without being asked for, and all that is kept.
func (w *world) listen(t *testing.T, d *told) {
	t.Helper()
	for _, path := range []string{"/metrics", "/readyz"} {
		resp, err := http.Get(w.AdminURL + path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(d.at(path), resp.Body)
		if _ = resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range w.everybody() {
		c := w.with(httpd.Route{Role: "audit", Method: "GET", Path: api.PathAuditEvents}, p.session, p.key)
		_, _ = d.at("the journal of " + p.name).Write(w.send(c).body)
	}
	err := filepath.WalkDir(w.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		_, _ = d.at(path).Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
