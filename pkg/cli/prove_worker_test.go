package cli_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/roles"
)

// liar stands where a worker should, and answers whatever it is shown alike.
type liar struct {
	*httptest.Server
	classes, sessions chan string // of what was shown with a genuine storage session
}

func newLiar(t *testing.T, answer http.HandlerFunc) *liar {
	l := &liar{classes: make(chan string, 100), sessions: make(chan string, 100)}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if part := strings.Split(r.Header.Get("Authorization"), "."); len(part) == 3 && r.Header.Get("Dpop") != "" {
			var c struct {
				Class string `json:"data_class"`
			}
			if b, err := base64.RawURLEncoding.DecodeString(part[1]); err == nil && json.Unmarshal(b, &c) == nil {
				l.classes <- c.Class
				l.sessions <- r.Header.Get("X-Aws-Access-Key-Id")
			}
		}
		answer(w, r)
	}))
	t.Cleanup(l.Close)
	return l
}

func refusing(code apierr.Code, layer apierr.Layer) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		p := apierr.New(code, "no").Problem(layer, "", "R")
		b, _ := json.Marshal(p)
		w.WriteHeader(p.Status)
		_, _ = w.Write(b)
	}
}

// TestProveJudgesWorkers: a worker that takes a capability of the other class, that
// refuses it for something else, or says nothing, is never called isolated. What it
// is shown is right but for the class.
func TestProveJudgesWorkers(t *testing.T) {
	dir, home := t.TempDir(), filepath.Join(t.TempDir(), "home")
	s, err := devstack.Start(t.Context(), devstack.Config{Dir: dir, FreePorts: true, Roles: roles.All(), Now: time.Now, Log: zerolog.New(nil)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	do := func(want int, args ...string) string {
		t.Helper()
		return call(t, home, "", want, append([]string{"--profile", s.ProfilePath}, args...)...)
	}
	request := filepath.Join(t.TempDir(), "bot.json")
	do(0, "init")
	do(0, "agent", "request", "--operator", "acme", "--as", "bot", "--out", request)
	do(0, "agent", "create", "--request", request)
	do(0, "scope", "set", "--agent", "bot", "--service", "github", "--service", "memory:notes", "--ops", "read,write,list")
	do(0, "doctor", "--prove-isolation", "--as", "bot")

	const refusal = "403 cap_data_class_mismatch by worker"
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		detail string // after what was tried
		ok     bool
	}{
		"refuses rightly":          {refusing(apierr.CapDataClassMismatch, apierr.LayerWorker), ": " + refusal, true},
		"accepts":                  {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{}`)) }, ": it was allowed, and should be refused with " + refusal, false},
		"refuses for its op":       {refusing(apierr.CapOpMismatch, apierr.LayerWorker), ": refused with 403 cap_op_mismatch by worker, and should be with " + refusal, false},
		"passes another's refusal": {refusing(apierr.StorageDenied, apierr.LayerStorage), ": refused with 403 storage_denied by storage, and should be with " + refusal, false},
		"refuses as another role": {func(w http.ResponseWriter, r *http.Request) {
			refusing(apierr.CapDataClassMismatch, apierr.LayerWorker)(&edited{w, `"layer":"worker"`, `"layer":"mint"`}, r)
		}, ": refused with 403 cap_data_class_mismatch by mint, and should be with " + refusal, false},
		"is something else": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, ": nothing is proven, there was no answer: ", false},
		"fails":             {refusing(apierr.InternalError, apierr.LayerWorker), ": nothing is proven, there was no answer: ", false},
		"says nothing":      {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ": nothing is proven, there was no answer: ", false},
	} {
		for _, at := range []struct{ host, class, other string }{{"cred", "credentials", "memory"}, {"memory", "memory", "credentials"}} {
			l := newLiar(t, c.answer)
			pr := *s.Profile
			pr.Hosts = maps.Clone(pr.Hosts)
			pr.Hosts[at.host] = l.URL
			path := filepath.Join(t.TempDir(), "profile.json")
			if err := pr.Save(path); err != nil {
				t.Fatal(err)
			}
			code := 1 // at the cred worker other probes see the liar, too
			if at.host == "memory" && c.ok {
				code = 0
			}
			out := call(t, home, "", code, "--profile", path, "doctor", "--prove-isolation", "--as", "bot", "-o", "json")
			var doc struct {
				Checks []struct {
					Result string `json:"result"`
					Detail string `json:"detail"`
				} `json:"checks"`
			}
			if err := json.Unmarshal([]byte(out), &doc); err != nil {
				t.Fatal(err)
			}
			seen := 0
			for _, check := range doc.Checks {
				rest, mine := strings.CutPrefix(check.Detail, "a capability for "+at.other+" at the "+at.host+" worker, to ")
				if !mine {
					continue
				}
				seen++
				_, rest, _ = strings.Cut(rest, ":")
				if !strings.HasPrefix(":"+rest, c.detail) || (check.Result == "ok") != c.ok {
					t.Errorf("%s worker %s: %s %s", at.host, name, check.Result, check.Detail)
				}
			}
			if seen != 2 {
				t.Errorf("%s worker %s: tried %d times:\n%s", at.host, name, seen, out)
			}
			l.wantShown(t, at.other, 2)
		}
	}
}

// wantShown: of a class so many capabilities came, with a storage session that the
// cloud gave.
func (l *liar) wantShown(t *testing.T, class string, times int) {
	t.Helper()
	l.Close()
	close(l.classes)
	close(l.sessions)
	for c := range l.classes {
		if session := <-l.sessions; c == class {
			times--
			if !strings.HasPrefix(session, "ASIA") || strings.HasPrefix(session, "ASIAPROBE") {
				t.Errorf("shown with the storage session %q", session)
			}
		}
	}
	if times != 0 {
		t.Errorf("%d capabilities of class %s too few", times, class)
	}
}

// edited replaces a part of a body.
type edited struct {
	http.ResponseWriter
	old, new string
}

func (e *edited) Write(b []byte) (int, error) {
	return e.ResponseWriter.Write([]byte(strings.ReplaceAll(string(b), e.old, e.new)))
}
