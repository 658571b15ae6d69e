package emit_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
)

func perSecond(b *testing.B, n int, what string) {
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), what+"/s")
}

// BenchmarkEmit: one caller, and 64 who share syncs, with how long each waits. What
// it stands on is beside it: a sync of one event's bytes, and its signature.
func BenchmarkEmit(b *testing.B) {
	for _, c := range []struct {
		name    string
		callers int
	}{{"1", 1}, {"64", 64}} {
		b.Run(c.name, func(b *testing.B) {
			conf := config(b, nil)
			conf.MaxEvents, conf.MaxBytes = 1<<40, 1<<40
			conf.Post = func(context.Context, []journal.Entry) error { return nil }
			s := open(b, conf)
			defer closed(b, s)
			var mu sync.Mutex
			var waits []time.Duration
			var wg sync.WaitGroup
			b.ResetTimer()
			for caller := range c.callers {
				wg.Go(func() {
					var mine []time.Duration
					for i := caller; i < b.N; i += c.callers {
						e := event("")
						e.ID = jose.NewID()
						from := time.Now()
						if _, err := s.Emit(context.Background(), e); err != nil {
							b.Error(err)
							return
						}
						mine = append(mine, time.Since(from))
					}
					mu.Lock()
					waits = append(waits, mine...)
					mu.Unlock()
				})
			}
			wg.Wait()
			b.StopTimer()
			perSecond(b, b.N, "events")
			slices.Sort(waits)
			if n := len(waits); n > 0 {
				b.ReportMetric(float64(waits[n/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(waits[n*99/100].Microseconds())/1000, "p99-ms")
			}
		})
	}
	b.Run("fdatasync", func(b *testing.B) {
		f, err := os.Create(filepath.Join(b.TempDir(), "log"))
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		page := make([]byte, 1024)
		for b.Loop() {
			if _, err := f.Write(page); err != nil {
				b.Fatal(err)
			}
			if err := emit.Sync(f); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, b.N, "syncs")
	})
	b.Run("sign", func(b *testing.B) {
		k, e := identity(), event("x")
		for b.Loop() {
			if _, err := audit.Sign(k, audit.NewSource("signer", k.Public(), "x"), 1, e); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, b.N, "signatures")
	})
}

// BenchmarkDenied: what a denial costs that is counted only.
func BenchmarkDenied(b *testing.B) {
	r, err := emit.NewReporter(emit.Options{Sink: &audittest.Memory{}, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	why := apierr.New(apierr.DeviceRevoked, "no")
	e := event("x")
	for b.Loop() {
		r.Denied(context.Background(), e, why)
	}
	perSecond(b, b.N, "denials")
}
