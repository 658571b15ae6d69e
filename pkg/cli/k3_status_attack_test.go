package cli

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/cli/ui"
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

// TestFoldBelievesNoNumber: the list is a host's word. An epoch of
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
		{"a key prepared at one of two", state(1, []uint64{1, 2}, []uint64{1}), 2, true},
		{"two keys that are only prepared", differing(state(1, []uint64{1, 2}, []uint64{1, 2}), 2), 2, true},
		{"two keys in use", differing(state(2, []uint64{1, 2}, []uint64{1, 2}), 2), 2, false},
		{"one silent", silentToo(state(2, []uint64{1, 2})), 2, true},
		{"one silent, one without the current key", silentToo(state(2, []uint64{1})), 1, false},
		{"all silent", silentToo(state(2)), 0, false},
	} {
		if c.st.fold(); len(c.st.Epochs) != c.rows || c.st.Agreed != c.agreed {
			t.Errorf("%s: %d rows, agreed %v", c.name, len(c.st.Epochs), c.st.Agreed)
		}
	}
}

// differing gives the second signer another key of an epoch.
func differing(st k3State, epoch int) k3State {
	st.Signers[1].Epochs.Epochs[epoch-1].Check = "another"
	return st
}

// silentToo puts a signer that gives no answer before the others.
func silentToo(st k3State) k3State {
	st.Signers = append([]k3SignerState{{Error: "no answer"}}, st.Signers...)
	st.Silent++
	return st
}

// TestNobodyAnswers: silence is told as silence, not as keys that differ.
func TestNobodyAnswers(t *testing.T) {
	told := func(st k3State) string {
		st.fold()
		for _, f := range (&program{}).k3Views(st)[0].(ui.Facts) {
			if f.Key == "signers" {
				return f.Value
			}
		}
		return ""
	}
	for what, c := range map[string]struct {
		st   k3State
		want string
	}{
		"all silent": {silentToo(state(2)), "1, none gives an answer"},
		"one silent": {silentToo(state(1, []uint64{1})), "2, 1 of them silent; the others hold the same keys"},
		"different":  {state(2, []uint64{1}), "1, THEY DIFFER, or lack the key of an epoch: see the check values in -o json, and do not rotate"},
		"the same":   {state(1, []uint64{1}), "1, all hold the same keys"},
	} {
		if got := told(c.st); got != c.want {
			t.Errorf("%s: %s", what, got)
		}
	}
}
