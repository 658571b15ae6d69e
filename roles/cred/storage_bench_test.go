package cred_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/chain/chaintest"
	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

const (
	clients     = 16 // side by side; each object has 1 KiB
	usesOfFetch = 100
)

// BenchmarkWorkerPut is a store of 1 KiB through the worker's handler beside the
// bare call to storage that it makes, in the same run. "worker" has its data keys
// in memory and tells its decisions to nobody; "worker+audit" has each signed and
// on the disk first. What a signer in between adds is BenchmarkFetchSigner's, in
// the root of the tree. Clouds are those of AGENTKEYS_TEST_CLOUDS.
func BenchmarkWorkerPut(b *testing.B) { workerAgainstBare(b, ops[0]) }

// BenchmarkWorkerGet is the same for a fetch.
func BenchmarkWorkerGet(b *testing.B) { workerAgainstBare(b, ops[1]) }

func workerAgainstBare(b *testing.B, o op) {
	if o.body != nil {
		o.body = bytes.Repeat([]byte("x"), 1024)
	}
	defer role.HoldHeap()() // as serve does
	for _, k := range cloudtest.Kinds(b, os.Getenv(cloudtest.Env)) {
		b.Run(k.Name, func(b *testing.B) {
			w := &world{t: b, chain: chaintest.NewMemory(), forger: josetest.New(b), audit: new(audittest.Memory), t0: time.Now().Truncate(time.Second)}
			cloud := k.Start(b, w.now, time.Now)
			w.endpoint = cloud.Endpoint
			w.team(cloud)
			w.startWorker()
			var bare cost
			b.Run("bare", func(b *testing.B) { bare = w.bare(b, o) })
			b.Run("worker", func(b *testing.B) { w.through(b, o).beside(b, bare) })
			b.Run("worker+audit", func(b *testing.B) {
				s := must[*emit.Spool](b)(emit.Open(emit.Config{
					Dir: filepath.Join(b.TempDir(), "spool"), Role: "cred", Identity: must[jose.PrivateKey](b)(jose.GenerateKey()), Now: time.Now,
					Post: func(context.Context, []journal.Entry) error { return nil },
				}))
				b.Cleanup(func() { _ = s.Close(context.Background()) })
				w.sink = s
				w.startWorker()
				w.through(b, o).beside(b, bare)
			})
		})
	}
}

// team are so many agents that the proofs of each stay below what one key may
// make in an instant, each with a storage session and a stored secret.
func (w *world) team(cloud *cloudtest.Cloud) {
	t := w.t
	wallet := must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
	operator, _ := w.chain.AddMaster(crypto.PubkeyToAddress(wallet.PublicKey))
	var actors []omni.Actor
	for range clients {
		p := &person{key: must[*ecdsa.PrivateKey](t)(crypto.GenerateKey()), operator: operator}
		p.actor, p.device = w.chain.AddAgent(operator, crypto.PubkeyToAddress(p.key.PublicKey))
		w.grantAll(p)
		w.people, actors = append(w.people, p), append(actors, p.actor)
	}
	cloud.Admit(t, actors...)
	for _, p := range w.people {
		p.session = must[sts.Credentials](t)(cloud.Exchange(t.Context(), oidc.Request{
			Class: service.Credentials, Operator: operator, Actor: p.actor, Access: oidc.AccessWrite,
		}))
	}
}

// cost is what one operation took.
type cost struct{ wall, cpu time.Duration }

// beside reports a cost as a multiple of the bare call's.
func (c cost) beside(b *testing.B, bare cost) {
	if bare.wall > 0 {
		b.ReportMetric(float64(c.wall)/float64(bare.wall), "x-bare")
		b.ReportMetric(float64((c.cpu - bare.cpu).Microseconds()), "cpu-µs-added")
	}
}

// bare are the calls to storage without a worker.
func (w *world) bare(b *testing.B, o op) cost {
	store, key := must[*blob.Store](b)(blob.New(blob.Config{Endpoint: w.endpoint, Region: "us-east-1", Bucket: bucket})), name(b, o.svc)
	data := bytes.Repeat([]byte("x"), 1024)
	var sessions []*blob.Session
	for _, p := range w.people {
		s := store.Open(p.session)
		if err := s.Put(b.Context(), blob.CredentialKey(p.actor, key), data); err != nil {
			b.Fatal(err)
		}
		sessions = append(sessions, s)
	}
	var n atomic.Int64
	return measure(b, func() error {
		i := int(n.Add(1)) % len(sessions)
		if o.body != nil {
			return sessions[i].Put(b.Context(), blob.CredentialKey(w.people[i].actor, key), data)
		}
		_, err := sessions[i].Get(b.Context(), blob.CredentialKey(w.people[i].actor, key))
		return err
	})
}

// through are the calls through the worker, made before the clock starts.
func (w *world) through(b *testing.B, o op) cost {
	w.t0 = time.Now().Truncate(time.Second) // proofs of another instant than the last run's
	store := ops[0]
	store.body = bytes.Repeat([]byte("x"), 1024)
	requests := make(chan *http.Request, b.N)
	calls, tokens := map[*person]*call{}, map[*person]string{}
	for _, p := range w.people {
		if err := w.call(p, store).send(); err != nil {
			b.Fatal(err)
		}
		calls[p] = w.call(p, o)
		if o.body == nil { // a capability to store has one use
			calls[p].cap.Uses = usesOfFetch
		}
	}
	for i := range b.N {
		p := w.people[i%len(w.people)]
		c := calls[p]
		if o.body != nil || i/len(w.people)%usesOfFetch == 0 {
			tokens[p] = w.mint(c.cap, c.at)
		}
		c.proof.Token = tokens[p]
		r := httptest.NewRequest(http.MethodPost, o.path, bytes.NewReader(o.body))
		if o.body != nil {
			r.Header.Set("Content-Type", "application/octet-stream")
		}
		sts.SetHeaders(r.Header, c.creds)
		r.Header.Set("Authorization", "DPoP "+tokens[p])
		r.Header.Set("DPoP", must[string](b)(dpop.Sign(p.key, c.proof)))
		requests <- r
	}
	return measure(b, func() error {
		rec := httptest.NewRecorder()
		w.worker.ServeHTTP(rec, <-requests)
		if rec.Code/100 != 2 {
			b.Error(rec.Body)
		}
		return nil
	})
}

// measure runs do b.N times, by so many clients.
func measure(b *testing.B, do func() error) cost {
	work := make(chan struct{}, b.N)
	for range b.N {
		work <- struct{}{}
	}
	close(work)
	before := used(b)
	b.ResetTimer()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for range work {
				if err := do(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
	return cost{b.Elapsed() / time.Duration(b.N), (used(b) - before) / time.Duration(b.N)}
}

// used is the processor time of this process.
func used(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
