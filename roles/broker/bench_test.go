package broker_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// perAgent calls are made by one agent: the proofs of all are of one instant,
// and what one key may make then is bounded.
const perAgent = 1000

// BenchmarkMint is a mint through the HTTP handler: session and proof
// verified, chain facts from memory, limits, capability signed. The proofs are
// made before the clock starts: they are the agents' work.
func BenchmarkMint(b *testing.B) {
	w := newWorld(b)
	type request struct {
		token, proof string
		body         []byte
	}
	requests := make(chan request, b.N)
	var s api.Session
	var body []byte
	for i := range b.N {
		if i%perAgent == 0 {
			w.agent = key(b)
			w.actor, _ = w.chain.AddAgent(w.operator, crypto.PubkeyToAddress(w.agent.PublicKey))
			w.grant(chain.Grant{Service: name(b, "github"), Ops: service.Read})
			s = w.mustLogin(w.agent)
			var err error
			if body, err = strictjson.Encode(w.want("github")); err != nil {
				b.Fatal(err)
			}
		}
		p, err := dpop.Sign(w.agent, dpop.Request{Method: http.MethodPost, URL: brokerURL + api.PathCapCredFetch, Token: s.Token, Body: body, Now: w.clock.now()})
		if err != nil {
			b.Fatal(err)
		}
		requests <- request{s.Token, p, body}
	}
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			q := <-requests
			r := httptest.NewRequest(http.MethodPost, api.PathCapCredFetch, bytes.NewReader(q.body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "DPoP "+q.token)
			r.Header.Set("DPoP", q.proof)
			rec := httptest.NewRecorder()
			w.server.ServeHTTP(rec, r)
			if rec.Code != http.StatusOK {
				b.Fatal(rec.Body)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mints/s")
}

// BenchmarkMintPrimitives is the raw cost of the same cryptography: one P-256
// verification and signature, one secp256k1 verification.
func BenchmarkMintPrimitives(b *testing.B) {
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	k1, digest := key(b), sha256.Sum256([]byte("x"))
	sig, err := ecdsa.SignASN1(rand.Reader, p256, digest[:])
	if err != nil {
		b.Fatal(err)
	}
	ksig, err := crypto.Sign(digest[:], k1)
	if err != nil {
		b.Fatal(err)
	}
	pub := crypto.FromECDSAPub(&k1.PublicKey)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if !ecdsa.VerifyASN1(&p256.PublicKey, digest[:], sig) || !crypto.VerifySignature(pub, digest[:], ksig[:64]) {
				b.Fatal("invalid")
			}
			if _, err := ecdsa.SignASN1(rand.Reader, p256, digest[:]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mints/s")
}
