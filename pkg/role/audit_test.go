package role_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
)

func decision() audit.Event {
	return audit.Event{
		ID: jose.NewID(), Time: time.Now(), Emitter: "broker", Operator: omni.OperatorOfWallet([20]byte{1}),
		Actor: omni.ActorOfWallet([20]byte{2}), Class: service.Credentials, Op: service.OpFetch, Service: "github",
	}
}

// hosted is an Env whose audit role answers with f.
func hosted(t *testing.T, f func(api.AuditEmit) (api.AuditPlaces, error)) role.Env {
	t.Helper()
	s := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: time.Now})
	httpd.Handle(s.Mux("audit", apierr.LayerAudit, ""), "POST", api.PathAuditEmit, httpd.Public(),
		func(_ context.Context, _ httpd.Anyone, in api.AuditEmit) (api.AuditPlaces, error) { return f(in) })
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return role.Env{
		Now: time.Now, Log: zerolog.Nop(), Metrics: prometheus.NewRegistry(), Home: t.TempDir(),
		Profile: &profile.Profile{Environment: profile.Development, Hosts: map[string]string{"audit": srv.URL}},
	}
}

func placed(in api.AuditEmit) (out api.AuditPlaces, _ error) {
	for _, e := range in.Entries {
		out.Places = append(out.Places, journal.Place{ID: e.Event.ID})
	}
	return out, nil
}

func opened(t *testing.T, e role.Env) *role.Audit {
	t.Helper()
	k, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	a, err := e.OpenAudit("broker", k, e.Path("broker", "spool"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAuditReachesTheRole over HTTP, with receipts in the answers of the routes,
// allowed or denied, and metrics of what is on its way.
func TestAuditReachesTheRole(t *testing.T) {
	t.Parallel()
	got := make(chan journal.Entry, 10)
	e := hosted(t, func(in api.AuditEmit) (api.AuditPlaces, error) {
		for _, x := range in.Entries {
			got <- x
		}
		return placed(in)
	})
	a := opened(t, e)
	if _, err := e.OpenAudit("broker", jose.PrivateKey{}, filepath.Join(e.Home, "other")); err == nil {
		t.Error("opened without a key")
	}
	s := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: time.Now})
	m := s.Mux("broker", apierr.LayerMint, "")
	no := apierr.New(apierr.ServiceNotInScope, "no")
	httpd.Handle(m, "GET", "/allowed", httpd.Public(), func(ctx context.Context, _ httpd.Anyone, _ httpd.None) (httpd.Text, error) {
		d := decision()
		err := a.Allowed(ctx, d)
		a.Outcome(d, nil)
		return "yes", err
	})
	httpd.Handle(m, "GET", "/denied", httpd.Public(), func(ctx context.Context, _ httpd.Anyone, _ httpd.None) (httpd.Text, error) {
		a.Denied(ctx, decision(), no)
		return "", no
	})
	for path, want := range map[string]int{"/allowed": 200, "/denied": 403} {
		rec := httptest.NewRecorder()
		// A denial waits for a slow disk only so long; its repetition has the receipt.
		for rec.Header().Get(httpd.ReceiptHeader) == "" {
			rec = httptest.NewRecorder()
			s.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		}
		if _, err := audit.ReadReceipt(rec.Header().Get(httpd.ReceiptHeader)); rec.Code != want || err != nil {
			t.Errorf("%s: %d, receipt %q: %v", path, rec.Code, rec.Header().Get(httpd.ReceiptHeader), err)
		}
	}
	results := map[audit.Result]int{}
	for range 3 {
		x := <-got
		results[x.Event.Result]++
	}
	if results[audit.Allowed] != 1 || results[audit.Denied] != 1 || results[audit.Completed] != 1 {
		t.Errorf("%v", results)
	}
	text := exposition(e.Metrics.(*prometheus.Registry))
	for _, want := range []string{"spooled", "spool_bytes", "spool_age_seconds", "refused_total", "dropped_total", "collapsed_total"} {
		if !strings.Contains(text, "\nagentkeys_audit_"+want+`{role="broker"} `) {
			t.Errorf("not exported: %s", want)
		}
	}
	if c := a.Checks(); len(c) != 1 || !c[0].Later {
		t.Errorf("%+v", c)
	} else if _, err := c[0].Probe(t.Context()); err != nil {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// TestWhatTheAuditRoleAnswers: a refusal is one, an answer that does not place these
// very events is none.
func TestWhatTheAuditRoleAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer  func(api.AuditEmit) (api.AuditPlaces, error)
		refuses bool
	}{
		"placed": {placed, false},
		"a refusal": {func(api.AuditEmit) (api.AuditPlaces, error) {
			return api.AuditPlaces{}, apierr.New(apierr.AuditUnavailable, "full")
		}, true},
		"no places": {func(api.AuditEmit) (api.AuditPlaces, error) { return api.AuditPlaces{}, nil }, false},
		"other events": {func(in api.AuditEmit) (out api.AuditPlaces, _ error) {
			for range in.Entries {
				out.Places = append(out.Places, journal.Place{ID: jose.NewID()})
			}
			return out, nil
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int64
			e := hosted(t, func(in api.AuditEmit) (api.AuditPlaces, error) {
				calls.Add(1)
				return c.answer(in)
			})
			a := opened(t, e)
			if err := a.Allowed(t.Context(), decision()); err != nil {
				t.Fatal(err)
			}
			for err := error(nil); c.refuses && err == nil; _, err = a.Checks()[0].Probe(t.Context()) {
			}
			if err := a.Allowed(t.Context(), decision()); (apierr.CodeOf(err) == apierr.AuditUnavailable) != c.refuses {
				t.Errorf("%v", err)
			}
			if err := a.Close(); err != nil {
				t.Error(err)
			}
			text := exposition(e.Metrics.(*prometheus.Registry))
			left := "\n" + `agentkeys_audit_spooled{role="broker"} ` + map[string]string{"placed": "0", "a refusal": "1", "no places": "2", "other events": "2"}[name] + "\n"
			if !strings.Contains(text, left) || calls.Load() == 0 {
				t.Errorf("not %s, after %d calls", left, calls.Load())
			}
		})
	}
}

func TestAuditNeedsItsHost(t *testing.T) {
	t.Parallel()
	e := hosted(t, placed)
	k, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	e.Profile.Hosts = nil
	if _, err := e.OpenAudit("broker", k, e.Path("broker", "spool")); !errors.Is(err, profile.ErrInvalid) {
		t.Errorf("%v", err)
	}
	if _, err := e.AuditTo(nil); err == nil {
		t.Error("a sink that is none")
	}
	a, err := e.AuditTo(&audittest.Memory{})
	if err != nil || len(a.Checks()) != 0 {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}
