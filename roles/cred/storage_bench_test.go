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

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/sts"
	"github.com/litentry/agentkeys/pkg/worker/workertest"
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
	if o.Body != nil {
		o.Body = bytes.Repeat([]byte("x"), 1024)
	}
	defer role.HoldHeap()() // as serve does
	for _, k := range cloudtest.Kinds(b, os.Getenv(cloudtest.Env)) {
		b.Run(k.Name, func(b *testing.B) {
			w := &world{suite(b).Empty(b)}
			cloud := k.Start(b, w.Now, time.Now)
			w.Storage = workertest.Storage{Endpoint: cloud.Endpoint, Exchange: cloud.Exchange}
			w.team(cloud)
			w.Start()
			var bare cost
			b.Run("bare", func(b *testing.B) { bare = w.bare(b, o) })
			b.Run("worker", func(b *testing.B) { w.through(b, o).beside(b, bare) })
			b.Run("worker+audit", func(b *testing.B) {
				s := must[*emit.Spool](b)(emit.Open(emit.Config{
					Dir: filepath.Join(b.TempDir(), "spool"), Role: "cred", Identity: must[jose.PrivateKey](b)(jose.GenerateKey()), Now: time.Now,
					Post: func(context.Context, []journal.Entry) error { return nil },
				}))
				b.Cleanup(func() { _ = s.Close(context.Background()) })
				w.Sink = s
				w.Start()
				w.through(b, o).beside(b, bare)
			})
		})
	}
}

// team are so many agents that the proofs of each stay below what one key may
// make in an instant, each with a storage session and a stored secret.
func (w *world) team(cloud *cloudtest.Cloud) {
	t := w.T
	wallet := must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
	operator, _ := w.Chain.AddMaster(crypto.PubkeyToAddress(wallet.PublicKey))
	var actors []omni.Actor
	for range clients {
		p := w.Recruit(operator)
		w.People, actors = append(w.People, p), append(actors, p.Actor)
	}
	cloud.Admit(t, actors...)
	for _, p := range w.People {
		p.Session = w.Exchange(p, oidc.AccessWrite)
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
	store, key := w.Store(), name(b, o.Service)
	data := bytes.Repeat([]byte("x"), 1024)
	var sessions []*blob.Session
	for _, p := range w.People {
		s := store.Open(p.Session)
		if err := s.Put(b.Context(), blob.CredentialKey(p.Actor, key), data); err != nil {
			b.Fatal(err)
		}
		sessions = append(sessions, s)
	}
	var n atomic.Int64
	return measure(b, func() error {
		i := int(n.Add(1)) % len(sessions)
		if o.Body != nil {
			return sessions[i].Put(b.Context(), blob.CredentialKey(w.People[i].Actor, key), data)
		}
		_, err := sessions[i].Get(b.Context(), blob.CredentialKey(w.People[i].Actor, key))
		return err
	})
}

// through are the calls through the worker, made before the clock starts.
func (w *world) through(b *testing.B, o op) cost {
	w.CatchUp() // proofs of another instant than the last run's
	store := ops[0]
	store.Body = bytes.Repeat([]byte("x"), 1024)
	requests := make(chan *http.Request, b.N)
	calls, tokens := map[*person]*call{}, map[*person]string{}
	for _, p := range w.People {
		if err := w.Call(p, store).Send(); err != nil {
			b.Fatal(err)
		}
		calls[p] = w.Call(p, o)
		if o.Body == nil { // a capability to store has one use
			calls[p].Cap.Uses = usesOfFetch
		}
	}
	for i := range b.N {
		p := w.People[i%len(w.People)]
		c := calls[p]
		if o.Body != nil || i/len(w.People)%usesOfFetch == 0 {
			tokens[p] = w.Mint(c.Cap, c.At)
		}
		c.Proof.Token = tokens[p]
		r := httptest.NewRequest(http.MethodPost, o.Path, bytes.NewReader(o.Body))
		if o.Body != nil {
			r.Header.Set("Content-Type", "application/octet-stream")
		}
		sts.SetHeaders(r.Header, c.Creds)
		r.Header.Set("Authorization", "DPoP "+tokens[p])
		r.Header.Set("DPoP", must[string](b)(dpop.Sign(p.Key, c.Proof)))
		requests <- r
	}
	return measure(b, func() error {
		rec := httptest.NewRecorder()
		w.Server.ServeHTTP(rec, <-requests)
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
