package devcloud_test

import (
	"bytes"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/service"
)

// The whole way: SDK client, HTTP over loopback, signature, policies, disk.
// 1 KiB objects, 16 clients: go test -bench Storage -cpu 2 ./pkg/devcloud

func BenchmarkStorage(b *testing.B) {
	s := newStack(b)
	a := actor(b, 1)
	creds := s.exchange(b, vaultRole, a, service.Credentials, "write")
	store := s.store(b, vaultBucket)
	session := store.Open(creds)
	data := bytes.Repeat([]byte{7}, 1024)
	keys := make([]blob.Key, 64)
	for i := range keys {
		keys[i] = blob.CredentialKey(a, svc(b, fmt.Sprintf("s%d", i)))
		if err := session.Put(b.Context(), keys[i], data); err != nil {
			b.Fatal(err)
		}
	}
	for _, op := range []struct {
		name string
		do   func(k blob.Key) error
	}{
		{"put", func(k blob.Key) error { return session.Put(b.Context(), k, data) }},
		{"get", func(k blob.Key) error { _, err := session.Get(b.Context(), k); return err }},
		{"open+get", func(k blob.Key) error { _, err := store.Open(creds).Get(b.Context(), k); return err }},
	} {
		b.Run(op.name, func(b *testing.B) {
			var n atomic.Int64
			b.SetParallelism(8) // times -cpu 2
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := op.do(keys[n.Add(1)%int64(len(keys))]); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	s := newStack(b)
	creds := s.exchange(b, vaultRole, actor(b, 1), service.Credentials, "write")
	store := s.store(b, vaultBucket)
	for b.Loop() {
		store.Open(creds)
	}
}
