package cred_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
	"github.com/litentry/agentkeys/roles/cred"
)

// BenchmarkVerify is everything that the worker does before storage: headers,
// capability, proof, class, op, chain facts from memory, and the use consumed
// durably. Capabilities and proofs are made before the clock starts.
func BenchmarkVerify(b *testing.B) {
	w := newWorld(b)
	verified := httpd.New(httpd.Options{Now: w.now})
	cred.HandleVerifiedOnly(w.service, verified.Mux("cred", "worker", credURL), api.PathCredFetch, service.CredFetch)
	c := w.call(w.people[0], ops[1])
	requests := make(chan *http.Request, b.N)
	c.cap.Uses = 100
	token := ""
	for i := range b.N {
		if i%100 == 0 {
			token = w.mint(c.cap, c.at)
		}
		p := c.proof
		p.Token = token
		proof, err := dpop.Sign(c.who.key, p)
		if err != nil {
			b.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, api.PathCredFetch, nil)
		sts.SetHeaders(r.Header, c.creds)
		r.Header.Set("Authorization", "DPoP "+token)
		r.Header.Set("DPoP", proof)
		requests <- r
	}
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			rec := httptest.NewRecorder()
			verified.ServeHTTP(rec, <-requests)
			if rec.Code != http.StatusNoContent {
				b.Fatal(rec.Body)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}
