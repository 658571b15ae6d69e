package cred_test

import (
	"context"
	"crypto/ecdsa"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

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
	w.sink = s
	w.startWorker()
	verified(b, w)
}

func verified(b *testing.B, w *world) {
	server := httpd.New(httpd.Options{Now: w.now})
	cred.HandleVerifiedOnly(w.service, server.Mux("cred", "worker", credURL), api.PathCredFetch, service.CredFetch)
	requests := make(chan *http.Request, b.N)
	var c *call
	token := ""
	for i := range b.N {
		if i%perAgent == 0 {
			p := w.recruit()
			c = w.call(p, ops[1])
			c.cap.Uses = 100
		}
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
	first := w.people[0]
	p := &person{key: must[*ecdsa.PrivateKey](w.t)(crypto.GenerateKey()), operator: first.operator, session: first.session}
	p.actor, p.device = w.chain.AddAgent(p.operator, crypto.PubkeyToAddress(p.key.PublicKey))
	w.grantAll(p)
	return p
}
