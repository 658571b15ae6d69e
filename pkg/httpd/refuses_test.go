package httpd_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
)

// TestRefuses: a route declares what its policy, what stands around it, and its
// handler say, and what every route answers; each once, in the order of the table.
func TestRefuses(t *testing.T) {
	s := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: time.Now})
	m := s.Mux("x", apierr.LayerMint, "http://localhost")
	first := httpd.Public().Refuses(apierr.Unauthorized, apierr.ProofInvalid).Refuses(apierr.ProofReplayed)
	second := httpd.Then(first, "more", func(_ context.Context, a httpd.Anyone) (int, error) { return 1, nil }).Refuses(apierr.DeviceRevoked)
	httpd.Handle(m, "POST", "/v1/a", httpd.RateLimited(httpd.NewLimiter(1, 1), httpd.Reads[input](second)), func(context.Context, int, httpd.Seen) (httpd.None, error) {
		return httpd.None{}, nil
	}, apierr.NotFound, apierr.Unauthorized)
	httpd.Handle(m, "GET", "/v1/b", first, func(context.Context, httpd.Anyone, httpd.None) (httpd.Events, error) { return nil, nil })
	httpd.Handle(m.Admin(), "POST", "/v1/c", httpd.Local(), func(context.Context, httpd.Anyone, httpd.None) (httpd.None, error) { return httpd.None{}, nil })
	for i, want := range []string{
		"invalid_input unauthorized proof_invalid proof_replayed device_revoked not_found body_too_large rate_limited internal_error",
		"invalid_input unauthorized proof_invalid proof_replayed body_too_large rate_limited internal_error",
		"invalid_input unauthorized body_too_large internal_error",
	} {
		var got []string
		for _, c := range s.All()[i].Shape.Refuses {
			got = append(got, string(c))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s", s.All()[i].Path, got)
		}
	}
	if own := s.All()[0].Refuses; !slices.Equal(own, []apierr.Code{apierr.NotFound, apierr.Unauthorized}) {
		t.Error(own)
	}
}

// TestACodeOfNoTable: a route that declares one is not described, for no host answers
// it; the twin differs in the code.
func TestACodeOfNoTable(t *testing.T) {
	for code, want := range map[apierr.Code]string{apierr.NotFound: "", "made_up": "made_up", apierr.MemoryGone: "memory_gone"} {
		s := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: time.Now})
		httpd.Handle(s.Mux("x", apierr.LayerAudit, "http://localhost"), "POST", "/v1/x", httpd.Public(), func(context.Context, httpd.Anyone, httpd.None) (httpd.None, error) {
			return httpd.None{}, nil
		}, code)
		if _, err := s.OpenAPI("v1"); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// TestUndeclaredIsMarked: what a handler did not say that it answers is answered all
// the same; the log tells.
func TestUndeclaredIsMarked(t *testing.T) {
	for code, want := range map[apierr.Code]bool{apierr.CapUsed: true, apierr.NotFound: false, apierr.InvalidInput: false} {
		var log bytes.Buffer
		s := httpd.New(httpd.Options{Log: zerolog.New(&log), Now: time.Now})
		httpd.Handle(s.Mux("x", apierr.LayerWorker, "http://localhost"), "POST", "/v1/x", httpd.Public(), func(context.Context, httpd.Anyone, httpd.None) (httpd.None, error) {
			return httpd.None{}, apierr.New(code, "no")
		}, apierr.NotFound)
		d, _ := apierr.Lookup(code)
		if status, body := ask(s, "POST", "/v1/x", ""); status != d.Status || !strings.Contains(body, `"code":"`+string(code)+`"`) || strings.Contains(log.String(), `"undeclared":true`) != want {
			t.Errorf("%s: %d %s\n%s", code, status, body, log.String())
		}
	}
}
