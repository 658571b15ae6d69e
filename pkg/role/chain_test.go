package role_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/role"
)

func TestChainMetrics(t *testing.T) {
	r := prometheus.NewRegistry()
	s := chain.Stats{
		Requests: 9, Reads: 2, Polls: 3, Emptied: 4, Subscriptions: 1, HeadNumber: 7, HeadAge: 1500 * time.Millisecond,
		Endpoints: []chain.EndpointStats{{Requests: 5, Failures: 1}, {Requests: 4, Dissents: 2}},
		Changes:   chain.Histogram{Bounds: []float64{.5, 1}, Counts: []uint64{3, 1, 1}, Sum: 6},
	}
	for _, name := range []string{"broker", "cred"} { // two roles share a process
		if err := (role.Env{Metrics: r}).WatchChain(name, func() chain.Stats { return s }); err != nil {
			t.Fatal(err)
		}
	}
	if err := (role.Env{Metrics: r}).WatchChain("cred", nil); err == nil {
		t.Error("registered twice")
	}
	text := exposition(r)
	for _, want := range []string{
		`requests_total{role="ROLE"} 9`, `reads_total{role="ROLE"} 2`, `polls_total{role="ROLE"} 3`, `cache_emptied_total{role="ROLE"} 4`,
		`subscriptions{role="ROLE"} 1`, `head_number{role="ROLE"} 7`, `head_age_seconds{role="ROLE"} 1.5`,
		`change_seconds_bucket{role="ROLE",le="0.5"} 3`, `change_seconds_bucket{role="ROLE",le="1"} 4`,
		`change_seconds_bucket{role="ROLE",le="+Inf"} 5`, `change_seconds_sum{role="ROLE"} 6`, `change_seconds_count{role="ROLE"} 5`,
		`endpoint_requests_total{endpoint="0",role="ROLE"} 5`, `endpoint_failures_total{endpoint="0",role="ROLE"} 1`,
		`dissents_total{endpoint="0",role="ROLE"} 0`, `dissents_total{endpoint="1",role="ROLE"} 2`,
	} {
		for _, name := range []string{"broker", "cred"} {
			if line := "\nagentkeys_chain_" + strings.Replace(want, "ROLE", name, 1) + "\n"; !strings.Contains(text, line) {
				t.Errorf("not exported: %s", line)
			}
		}
	}
	s.HeadNumber = 0
	if text := exposition(r); strings.Contains(text, "head_age_seconds{") {
		t.Error("an age before there was a head")
	}
}

func exposition(r *prometheus.Registry) string {
	rec := httptest.NewRecorder()
	promhttp.HandlerFor(r, promhttp.HandlerOpts{}).ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	return rec.Body.String()
}
