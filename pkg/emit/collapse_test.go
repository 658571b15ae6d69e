package emit_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// TestAMillionDenials of one caller are a handful of events, which tell how many
// there were, in every window.
func TestAMillionDenials(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &audittest.Memory{}
		r, _ := reporter(t, m)
		const n = 1_000_000
		receipts := map[string]int{}
		e := fresh()
		for i := range n {
			if i == n/2 {
				time.Sleep(emit.DefaultWindow)
				synctest.Wait() // the count of the first window
			}
			if i%(n/2) == 0 {
				e = fresh()
			}
			receipts[r.Denied(t.Context(), e, revoked)]++
		}
		time.Sleep(emit.DefaultWindow)
		synctest.Wait()
		events := m.Events()
		if len(events) != 4 || len(receipts) != 2 {
			t.Fatalf("%d events, %d receipts", len(events), len(receipts))
		}
		told := uint64(0)
		for i, e := range events {
			told += max(e.Count, 1)
			if first := events[i&^1]; e.Code != apierr.DeviceRevoked || e.Operator != first.Operator || e.Actor != first.Actor || e.Device != first.Device ||
				e.Op != first.Op || e.Class != first.Class || e.Service != first.Service || e.Emitter != "signer" ||
				i%2 == 0 && (e.Count != 0 || e.Decision != "" || receipts[audittest.Receipt(e)] != n/2) ||
				i%2 == 1 && (e.Count != n/2-1 || e.Decision != first.ID || e.RequestID != "" || e.Time.Sub(first.Time) < emit.DefaultWindow-time.Second) {
				t.Errorf("%d: %+v", i, e)
			}
		}
		if told != n || r.Stats() != (emit.ReporterStats{Collapsed: n - 2}) {
			t.Errorf("%d told, %+v", told, r.Stats())
		}
		end(t, r)
		if len(m.Events()) != 4 {
			t.Error("closing told more")
		}
	})
}

// TestWhatMakesAKind: denials that differ in one of these are told apart, in any
// other thing they are counted as one.
func TestWhatMakesAKind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			edit func(*audit.Event)
			kind bool
		}{
			"operator": {func(e *audit.Event) { e.Operator = journaltest.Operator(2) }, true},
			"actor":    {func(e *audit.Event) { e.Actor = omni.ActorOfWallet([20]byte{9}) }, true},
			"device":   {func(e *audit.Event) { e.Device = omni.DeviceKeyOfAddress([20]byte{9}) }, true},
			"op":       {func(e *audit.Event) { e.Op = service.OpStore }, true},
			"class":    {func(e *audit.Event) { e.Class = service.Memory }, true},
			"service":  {func(e *audit.Event) { e.Service = "aws" }, true},
			"time":     {func(e *audit.Event) { e.Time = e.Time.Add(time.Second) }, false},
			"request":  {func(e *audit.Event) { e.RequestID = "other" }, false},
			"object":   {func(e *audit.Event) { e.ObjectKey = "other" }, false},
			"epoch":    {func(e *audit.Event) { e.Epoch = 9 }, false},
		} {
			m := &audittest.Memory{}
			r, _ := reporter(t, m)
			r.Denied(t.Context(), fresh(), revoked)
			e := fresh()
			c.edit(&e)
			r.Denied(t.Context(), e, revoked)
			if n := len(m.Events()); (n == 2) != c.kind || n == 0 {
				t.Errorf("%s: %d events", name, n)
			}
			r.Denied(t.Context(), fresh(), apierr.New(apierr.DeviceNotActive, "no"))
			if n := len(m.Events()); (n == 3) != c.kind || n < 2 {
				t.Errorf("%s: another code makes %d events", name, n)
			}
			end(t, r)
		}
	})
}

// TestTheQuota: whatever a caller varies, the events of its operator are bounded,
// every denial is told or counted, and other operators are told apart.
func TestTheQuota(t *testing.T) {
	t.Parallel()
	for name, vary := range map[string]func(e *audit.Event, i int){
		"services": func(e *audit.Event, i int) { e.Service = fmt.Sprint("s", i) },
		"devices":  func(e *audit.Event, i int) { e.Device = omni.DeviceKeyOfAddress([20]byte{byte(i), byte(i >> 8), 1}) },
		"actors":   func(e *audit.Event, i int) { e.Actor = omni.ActorOfWallet([20]byte{byte(i), byte(i >> 8), 1}) },
		"all three": func(e *audit.Event, i int) {
			e.Service, e.Device, e.Actor = fmt.Sprint("s", i), omni.DeviceKeyOfAddress([20]byte{byte(i), byte(i >> 8)}), omni.ActorOfWallet([20]byte{byte(i), byte(i >> 8)})
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := &audittest.Memory{}
			r, _ := reporter(t, m)
			const n = 20_000
			for i := range n {
				e := fresh()
				vary(&e, i)
				r.Denied(t.Context(), e, revoked)
			}
			other := fresh()
			other.Operator = journaltest.Operator(2)
			r.Denied(t.Context(), other, revoked)
			if got := m.Events(); len(got) > emit.DefaultQuota+1 || len(got) < emit.DefaultQuota*3/4 || got[len(got)-1].ID != other.ID {
				t.Errorf("%s: %d events", name, len(got))
			}
			time.Sleep(emit.DefaultWindow)
			synctest.Wait()
			told, ids := uint64(0), map[string]bool{}
			for _, e := range m.Events() {
				ids[e.ID] = true
				told += max(e.Count, 1)
				if e.Count > 0 && (!ids[e.Decision] || e.Op != emit.OpSeveral || e.Service != "" || e.Class != "" || e.Code != apierr.DeviceRevoked) {
					t.Errorf("%s: %+v", name, e)
				}
			}
			if told != n+1 || r.Stats().Dropped != 0 || len(m.Events()) > 2*emit.DefaultQuota+1 {
				t.Errorf("%s: %d of %d are told, %+v, %d events", name, told, n+1, r.Stats(), len(m.Events()))
			}
			// In the next window there is room again.
			before := len(m.Events())
			e := fresh()
			vary(&e, 1)
			r.Denied(t.Context(), e, revoked)
			if got := m.Events()[before:]; len(got) != 1 || got[0].ID != e.ID {
				t.Errorf("%s: %+v", name, got)
			}
			end(t, r)
		})
	}
}

// TestACrowd of operators that fill the table does not keep another one out, as
// long as there are fewer of them than a quarter of the table has room for.
func TestACrowd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &audittest.Memory{}
		r, l := reporter(t, m, func(o *emit.Options) { o.Kinds, o.Quota = 64, 8 })
		deny := func(operator, i int) string {
			e := fresh()
			e.Operator, e.Service = journaltest.Operator(operator), fmt.Sprint("s", i)
			return r.Denied(t.Context(), e, revoked)
		}
		for operator := range 20 {
			for i := range 100 {
				deny(operator, i)
			}
		}
		if receipt := deny(100, 0); receipt == "" {
			t.Error("an honest operator was kept out")
		}
		for operator := range 200 {
			deny(operator, 0)
		}
		if n := len(m.Events()); n > 64 {
			t.Errorf("%d events", n)
		}
		if r.Stats().Dropped == 0 || uint64(l.count("too many kinds")) != r.Stats().Dropped {
			t.Errorf("%+v, %d logged", r.Stats(), l.count("too many kinds"))
		}
		end(t, r)
		told := r.Stats().Dropped
		for _, e := range m.Events() {
			told += max(e.Count, 1)
		}
		if told != 20*100+1+200 {
			t.Errorf("%d told, dropped or counted", told)
		}
	})
}
