package cred_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
	"github.com/litentry/agentkeys/roles/cred"
)

// perAgent calls are made by one agent: the proofs of all are of one instant,
// and what one key may make then is bounded.
const perAgent = 1000

// BenchmarkVerify is everything that the worker does before storage: headers,
// capability, proof, class, op, chain facts from memory, and the use consumed
// durably. Capabilities and proofs are made before the clock starts.
func BenchmarkVerify(b *testing.B) { verified(b, newWorld(b)) }

// BenchmarkVerifyEmitting is BenchmarkVerify with each decision signed and durable in
// a spool, from where it is sent to nobody.
func BenchmarkVerifyEmitting(b *testing.B) {
	w := newWorld(b)
	s := must[*emit.Spool](b)(emit.Open(emit.Config{
		Dir: filepath.Join(b.TempDir(), "spool"), Role: "cred", Identity: must[jose.PrivateKey](b)(jose.GenerateKey()), Now: time.Now,
		Post: func(context.Context, []journal.Entry) error { return nil },
	}))
	b.Cleanup(func() { _ = s.Close(context.Background()) })
	w.Sink = s
	w.Start()
	verified(b, w)
}

func verified(b *testing.B, w *world) {
	server := httpd.New(httpd.Options{Now: w.Now})
	cred.HandleVerifiedOnly(w.Service.(*cred.Worker), server.Mux("cred", "worker", credURL), api.PathCredFetch, service.CredFetch)
	requests := make(chan *http.Request, b.N)
	var c *call
	token := ""
	for i := range b.N {
		if i%perAgent == 0 {
			p := w.recruit()
			c = w.Call(p, ops[1])
			c.Cap.Uses = 100
		}
		if i%100 == 0 {
			token = w.Mint(c.Cap, c.At)
		}
		p := c.Proof
		p.Token = token
		proof, err := dpop.Sign(c.Who.Key, p)
		if err != nil {
			b.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, api.PathCredFetch, nil)
		sts.SetHeaders(r.Header, c.Creds)
		r.Header.Set("Authorization", "DPoP "+token)
		r.Header.Set("DPoP", proof)
		requests <- r
	}
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			rec := httptest.NewRecorder()
			server.ServeHTTP(rec, <-requests)
			if rec.Code != http.StatusNoContent {
				b.Fatal(rec.Body)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

// recruit is another agent of the first operator. Its storage session is
// another's: storage is not reached.
func (w *world) recruit() *person {
	p := w.Recruit(w.People[0].Operator)
	p.Session = w.People[0].Session
	return p
}
