package signer_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

const (
	callers = 32
	// perAgent calls are made by one agent: the proofs of all are of one instant,
	// and what one key may make then is bounded.
	perAgent = 1000
	// target is what the signer must do on two cores.
	target = 1500 // calls per second
)

// prepared are requests to unwrap, made before the clock starts.
func prepared(b *testing.B, n int) (*world, chan *http.Request) {
	b.Helper()
	w := newWorld(b, 1)
	w.start(jose.KeySet{}, sinkFunc(func(_ context.Context, e audit.Event) error {
		_, err := e.Encode() // what every sink does
		return err
	}))
	w.advance(2 * minute)
	requests := make(chan *http.Request, n)
	fetch := ops()[1]
	var c *call
	session := w.session(w.hosts[0]).Token()
	for i := range n {
		if i%perAgent == 0 {
			c = w.call(w.recruit(w.people[0].operator), fetch)
			c.cap.Uses = 100
		}
		if i%100 == 0 {
			c.req.Capability = w.mint(c.cap, c.at)
			c.proof.Token = c.req.Capability
		}
		proof, err := dpop.Sign(c.who.key, c.proof)
		if err != nil {
			b.Fatal(err)
		}
		c.req.Proof, c.req.Worker = proof, session
		r := httptest.NewRequest(http.MethodPost, fetch.route, bytes.NewReader(must[[]byte](b)(strictjson.Encode(c.req))))
		r.Header.Set("Content-Type", "application/json")
		requests <- r
	}
	return w, requests
}

// durations are collected by all callers.
type durations struct {
	mu  sync.Mutex // guards all
	all []time.Duration
}

func (d *durations) add(own []time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(d.all, own...)
}

func (d *durations) report(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
	slices.Sort(d.all)
	at := func(part float64) float64 { return d.all[int(part*float64(len(d.all)-1))].Seconds() * 1000 }
	b.ReportMetric(at(0.50), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

func (w *world) mustServe(b *testing.B, r *http.Request) {
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		b.Error(rec.Body)
	}
}

// BenchmarkUnwrap is a whole dek/unwrap through the HTTP handler: 32 callers
// that never pause. A call then waits for the others: its time is 32 divided by
// the rate, and says nothing of its own.
func BenchmarkUnwrap(b *testing.B) {
	w, requests := prepared(b, b.N)
	var d durations
	b.SetParallelism(max(1, callers/runtime.GOMAXPROCS(0)))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var own []time.Duration
		for pb.Next() {
			r := <-requests
			start := time.Now()
			w.mustServe(b, r)
			own = append(own, time.Since(start))
		}
		d.add(own)
	})
	b.StopTimer()
	d.report(b)
}

// BenchmarkUnwrapAtTarget is the same at the rate of the target: calls arrive
// when they are due, also when the ones before are late, and their time counts
// from then.
func BenchmarkUnwrapAtTarget(b *testing.B) {
	w, requests := prepared(b, b.N)
	due := make(chan time.Time, b.N)
	var d durations
	var callersDone sync.WaitGroup
	b.ResetTimer()
	for range callers {
		callersDone.Go(func() {
			var own []time.Duration
			for at := range due {
				w.mustServe(b, <-requests)
				own = append(own, time.Since(at))
			}
			d.add(own)
		})
	}
	start, tick := time.Now(), time.NewTicker(time.Second/target)
	for sent := 0; sent < b.N; {
		<-tick.C
		for late := int(time.Since(start) * target / time.Second); sent < min(late, b.N); sent++ {
			due <- start.Add(time.Duration(sent+1) * time.Second / target)
		}
	}
	tick.Stop()
	close(due)
	callersDone.Wait()
	b.StopTimer()
	d.report(b)
}

// BenchmarkPrimitives is the bare cost of what an unwrap cannot do without, by
// as many callers. The session of a worker is verified once and remembered, so
// "all" is more than an unwrap needs by one verification.
func BenchmarkPrimitives(b *testing.B) {
	message := sha256.Sum256([]byte("message"))
	p256 := must[*ecdsa.PrivateKey](b)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	signature := must[[]byte](b)(ecdsa.SignASN1(rand.Reader, p256, message[:]))
	k1 := newKey(b)
	proof := must[[]byte](b)(crypto.Sign(message[:], k1))[:64]
	public := crypto.FromECDSAPub(&k1.PublicKey)
	k3 := bytes.Repeat([]byte{1, 2, 3, 4}, 8)
	derive := func() (cipher.AEAD, error) {
		kek, err := hkdf.Key(sha256.New, k3, nil, "agentkeys/kek/v1 and what it is bound to", 64)
		if err != nil {
			return nil, err
		}
		block, err := aes.NewCipher(kek[:32])
		if err != nil {
			return nil, err
		}
		return cipher.NewGCM(block)
	}
	sealed := must[cipher.AEAD](b)(derive()).Seal(nil, k3[:12], k3, message[:])
	to := must[hpke.PrivateKey](b)(hpke.DHKEM(ecdh.X25519()).GenerateKey()).PublicKey()

	steps := []struct {
		name string
		run  func() bool
	}{
		{"ES256-verify", func() bool { return ecdsa.VerifyASN1(&p256.PublicKey, message[:], signature) }},
		{"secp256k1-verify", func() bool { return crypto.VerifySignature(public, message[:], proof) }},
		{"HKDF-GCM-unwrap", func() bool {
			aead, err := derive()
			if err != nil {
				return false
			}
			_, err = aead.Open(nil, k3[:12], sealed, message[:])
			return err == nil
		}},
		{"HPKE-seal", func() bool {
			_, sender, err := hpke.NewSender(to, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte("info"))
			if err != nil {
				return false
			}
			_, err = sender.Seal(message[:], k3)
			return err == nil
		}},
		{"ES256-sign", func() bool { _, err := ecdsa.SignASN1(rand.Reader, p256, message[:]); return err == nil }},
	}
	run := func(name string, f func() bool) {
		b.Run(name, func(b *testing.B) {
			b.SetParallelism(max(1, callers/runtime.GOMAXPROCS(0)))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if !f() {
						b.Error("it does not work")
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
	for _, s := range steps {
		run(s.name, s.run)
	}
	run("all", func() bool {
		ok := steps[0].run() // a second time
		for _, s := range steps {
			ok = s.run() && ok
		}
		return ok
	})
}

// BenchmarkSession is the first request of a worker's session, which verifies
// it.
func BenchmarkSession(b *testing.B) {
	w := newWorld(b, 1)
	token := w.session(w.hosts[0]).Token()
	set := setOf(b, w.hosts[0].id.Key)
	for b.Loop() {
		if _, err := dek.NewVerifier(set, w.now).Verify(token); err != nil {
			b.Fatal(err)
		}
	}
}
