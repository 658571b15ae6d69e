package journal

import (
	"slices"
	"testing"

	"github.com/litentry/agentkeys/pkg/omni"
)

// TestLockKeys: whoever names the same operators, in whichever order and how often,
// takes the same locks in the same order.
func TestLockKeys(t *testing.T) {
	t.Parallel()
	var list []omni.Operator
	for i := range 100 {
		list = append(list, omni.OperatorOfWallet([20]byte{byte(i)}))
	}
	list = append(list, omni.Operator{})
	want := lockKeys(list)
	if len(want) != len(list) || !slices.IsSorted(want) {
		t.Errorf("%d keys, sorted %t", len(want), slices.IsSorted(want))
	}
	slices.Reverse(list)
	if got := lockKeys(append(list, list...)); !slices.Equal(got, want) {
		t.Error("another order, other locks")
	}
	if lockKeys(nil) != nil {
		t.Error("locks of nobody")
	}
}
