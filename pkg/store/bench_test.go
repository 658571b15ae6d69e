package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/store"
)

func perSecond(b *testing.B) { b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "op/s") }

func openSQLite(b *testing.B) *store.Store {
	b.Helper()
	s, err := store.OpenSQLite(context.Background(), filepath.Join(b.TempDir(), "store.db"), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

// Each operation with one caller, and with 64 who share fsyncs.
func BenchmarkStore(b *testing.B) { benchmarkStore(b, openSQLite) }

func benchmarkStore(b *testing.B, open func(b *testing.B) *store.Store) {
	ctx, later := context.Background(), time.Now().Add(time.Hour)
	var serial atomic.Int64
	next := func() string { return fmt.Sprintf("%032x", serial.Add(1)) }
	for _, op := range []struct {
		name string
		do   func(s *store.Store) error
	}{
		{"ConsumeUse", func(s *store.Store) error { return s.ConsumeUse(ctx, next(), 1, later) }},
		{"Charge", func(s *store.Store) error { return s.Charge(ctx, chargeKey(), 1, unlimited, time.Now()) }},
		{"Login", func(s *store.Store) error {
			n := next()
			if err := s.PutNonce(ctx, n, "0x", later); err != nil {
				return err
			}
			return s.TakeNonce(ctx, n, "0x", time.Now())
		}},
	} {
		b.Run(op.name+"/1", func(b *testing.B) {
			s := open(b)
			for b.Loop() {
				if err := op.do(s); err != nil {
					b.Fatal(err)
				}
			}
			perSecond(b)
		})
		b.Run(op.name+"/64", func(b *testing.B) {
			s := open(b)
			b.SetParallelism(32) // times GOMAXPROCS, 2 with -cpu 2
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := op.do(s); err != nil {
						b.Error(err)
						return
					}
				}
			})
			perSecond(b)
		})
	}
}
