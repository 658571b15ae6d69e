package memory_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/sts"
)

// clients is how many call at once.
const clients = 16

// perAgent calls are made by one agent: what one key may make at one instant is
// bounded.
const perAgent = 1000

// requests are made before the clock starts: each has a capability, a proof and a
// key of its own among 64.
func (w *world) requests(n int, o op) chan *http.Request {
	w.T.Helper()
	out := make(chan *http.Request, n)
	for i := range n {
		p := w.People[i/perAgent%len(w.People)]
		if i > 0 && i%(perAgent*len(w.People)) == 0 {
			w.T.Fatalf("at most %d calls: -benchtime %dx", perAgent*len(w.People), perAgent*len(w.People))
		}
		c := w.call(p, o.Of("memory:notes", "k"+string(rune('A'+i%clients))))
		token := w.Mint(c.Cap, c.At)
		c.Proof.Token = token
		proof, err := dpop.Sign(p.Key, c.Proof)
		if err != nil {
			w.T.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, c.Op.URL(), bytes.NewReader(o.Body))
		sts.SetHeaders(r.Header, c.Creds)
		r.Header.Set("Authorization", "DPoP "+token)
		r.Header.Set("DPoP", proof)
		if o.Media != "" {
			r.Header.Set("Content-Type", o.Media)
		}
		out <- r
	}
	return out
}

// BenchmarkPut and BenchmarkGet are whole calls of 1 KiB over the development storage,
// with data keys from a keyring in this process; BenchmarkBarePut and BenchmarkBareGet
// the calls of storage alone. At most 3000 calls: -benchtime 2000x.
func BenchmarkPut(b *testing.B) {
	o := ops[0]
	o.Body = bytes.Repeat([]byte{1}, 1024)
	bench(b, o)
}

func BenchmarkGet(b *testing.B) { bench(b, ops[1]) }

func bench(b *testing.B, o op) {
	w := newWorld(b)
	value := ops[0]
	value.Body = bytes.Repeat([]byte{1}, 1024)
	for _, p := range w.People {
		for i := range clients {
			if err := w.call(p, value.Of("memory:notes", "k"+string(rune('A'+i)))).Send(); err != nil {
				b.Fatal(err)
			}
		}
	}
	queue := w.requests(b.N, o)
	b.SetParallelism(clients / 2) // two processors
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			rec := httptest.NewRecorder()
			w.Server.ServeHTTP(rec, <-queue)
			// A put that another overtook is an answer like any other.
			if rec.Code != http.StatusOK && rec.Code != http.StatusPreconditionFailed {
				b.Fatal(rec.Body)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

func BenchmarkBarePut(b *testing.B) {
	w := newWorld(b)
	data := bytes.Repeat([]byte{1}, 1024)
	bare(b, w, func(s *blob.Session, k blob.Key) error { return s.Put(b.Context(), k, data) })
}

func BenchmarkBareGet(b *testing.B) {
	w := newWorld(b)
	data := bytes.Repeat([]byte{1}, 1024)
	k := w.object(w.People[0], "memory:notes", "k")
	if err := w.bucketOf(w.People[0]).Put(b.Context(), k, data); err != nil {
		b.Fatal(err)
	}
	bare(b, w, func(s *blob.Session, k blob.Key) error { _, err := s.Get(b.Context(), k); return err })
}

func bare(b *testing.B, w *world, f func(*blob.Session, blob.Key) error) {
	s, k := w.bucketOf(w.People[0]), w.object(w.People[0], "memory:notes", "k")
	b.SetParallelism(clients / 2)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := f(s, k); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}
