package role_test

import (
	"runtime"
	"runtime/metrics"
	"testing"

	"github.com/litentry/agentkeys/pkg/role"
)

// TestHoldHeap: while the room is held the collector's goal leaves that much more; afterwards
// it does not.
func TestHoldHeap(t *testing.T) {
	const room = 32 << 20
	goal := func() uint64 {
		runtime.GC()
		s := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	before := goal()
	release := role.HoldHeap()
	if held := goal(); held < before+2*room-room/2 {
		t.Errorf("goal %d, before %d", held, before)
	}
	release()
	if after := goal(); after > before+room/2 {
		t.Errorf("goal %d after it was released, before %d", after, before)
	}
}
