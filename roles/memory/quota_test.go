package memory_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/service"
)

// One key that makes all the calls it can, be they refused, is told to wait;
// its neighbour, and the same key a minute later, is served.
func TestAKeyOverItsQuota(t *testing.T) {
	w := newWorld(t)
	greedy, modest, o := w.people[0], w.people[1], ops[0]
	fetch := w.call(greedy, o)
	fetch.cap.Action = service.MemoryGet // at the put route: refused after the proof
	token := w.mint(fetch.cap, fetch.at)
	var last string
	fetch.edit = func(r *http.Request) { last = r.Header.Get("DPoP") }
	for i := range dpop.DefaultPerKey {
		if err := fetch.present(token); apierr.CodeOf(err) != apierr.CapOpMismatch {
			t.Fatalf("call %d: %v", i, err)
		}
		if i < 100 { // a stolen capability without its key takes nothing of the quota
			stolen := w.call(modest, o)
			if err := stolen.present(token); apierr.CodeOf(err) != apierr.ProofInvalid {
				t.Fatalf("a stolen capability: %v", err)
			}
		}
	}
	if err := w.call(greedy, o).send(); apierr.CodeOf(err) != apierr.RateLimited {
		t.Errorf("one call more: %v", err)
	}
	fetch.edit = func(r *http.Request) { r.Header.Set("DPoP", last) }
	if err := fetch.present(token); apierr.CodeOf(err) != apierr.ProofReplayed {
		t.Errorf("a replay at the quota: %v", err)
	}
	if err := w.call(modest, o).send(); err != nil {
		t.Errorf("another key: %v", err)
	}
	w.advance(dpop.MaxAge + time.Second)
	if err := w.call(greedy, o).send(); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}
