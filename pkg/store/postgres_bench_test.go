//go:build unix

package store_test

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/pkg/store/postgrestest"
)

// BenchmarkPostgres runs on the servers that the environment names, which lie on
// this machine or do not.
func BenchmarkPostgres(b *testing.B) {
	for entry := range strings.SplitSeq(os.Getenv("AGENTKEYS_TEST_DATABASES"), ",") {
		where, ok := strings.CutPrefix(entry, "postgres:")
		if !ok {
			continue
		}
		s := postgrestest.Connect(b, where)
		benchmarkStore(b, func(b *testing.B) *store.Store {
			st, err := store.OpenPostgres(b.Context(), s.Fresh(b), time.Now)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = st.Close() })
			return st
		})
		for _, n := range []int{1, 2} {
			b.Run(fmt.Sprintf("Proofs/64, processes=%d", n), func(b *testing.B) { benchmarkProofs(b, s.Fresh(b), n) })
		}
	}
}

// benchmarkProofs: 64 callers at n processes, of a few hundred keys.
func benchmarkProofs(b *testing.B, dsn string, n int) {
	var of []*store.Proofs
	for range n {
		p, err := store.OpenPostgresProofs(b.Context(), dsn, store.ProofsConfig{Name: "bench", Deployment: "one", Capacity: 1 << 22, PerKey: 1 << 20, Now: time.Now})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = p.Close() })
		if err := p.Begin(b.Context()); err != nil {
			b.Fatal(err)
		}
		of = append(of, p)
	}
	var serial atomic.Int64
	b.SetParallelism(32) // times GOMAXPROCS, 2 with -cpu 2
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := serial.Add(1)
			if err := of[int(i)%n].Use(b.Context(), fmt.Sprint("key ", i%300), fmt.Sprint(i), time.Now().Add(dpop.MaxAge)); err != nil {
				b.Error(err)
				return
			}
		}
	})
	perSecond(b)
}
