package cli

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
)

func state(chain uint32, signers ...[]uint64) k3State {
	st := k3State{Epoch: chain, Agreed: true}
	for _, epochs := range signers {
		s := k3SignerState{Epochs: api.Epochs{Ring: "ring"}}
		for _, n := range epochs {
			s.Epochs.Epochs = append(s.Epochs.Epochs, api.Epoch{Epoch: n, Check: "check"})
		}
		st.Signers = append(st.Signers, s)
	}
	return st
}

// TestFoldBelievesNoNumber: the list is what a signer says, unsigned. An epoch of
// any size costs one row, not as many turns; and signers without the key of the
// current epoch do not agree, however alike they are.
func TestFoldBelievesNoNumber(t *testing.T) {
	for _, c := range []struct {
		name   string
		st     k3State
		rows   int
		agreed bool
	}{
		{"as it should be", state(2, []uint64{1, 2}, []uint64{1, 2}), 2, true},
		{"one prepared", state(2, []uint64{1, 2, 3}), 3, true},
		{"a number without end", state(2, []uint64{1, 2, 1<<64 - 1}), 3, false},
		{"epoch zero", state(2, []uint64{0, 1, 2}), 3, false},
		{"a gap", state(3, []uint64{1, 3}), 2, false},
		{"no key for the current epoch", state(3, []uint64{1, 2}, []uint64{1, 2}), 2, false},
		{"one lacks an epoch", state(2, []uint64{1, 2}, []uint64{2}), 2, false},
	} {
		if c.st.fold(); len(c.st.Epochs) != c.rows || c.st.Agreed != c.agreed {
			t.Errorf("%s: %d rows, agreed %v", c.name, len(c.st.Epochs), c.st.Agreed)
		}
	}
}
