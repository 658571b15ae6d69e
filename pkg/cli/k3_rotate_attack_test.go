package cli

import "testing"

// TestASlipOfTheFinger: each step is a transaction, and the counter never comes
// back.
func TestASlipOfTheFinger(t *testing.T) {
	for _, c := range []struct {
		now, target uint64
		refused     bool
	}{{3, 4, false}, {3, 3, false}, {3, 1, false}, {3, 3 + maxSteps, false}, {3, 4 + maxSteps, true}, {3, 1 << 32, true}} {
		if err := withinReach(c.now, c.target); (err != nil) != c.refused {
			t.Errorf("from %d to %d: %v", c.now, c.target, err)
		}
	}
}
