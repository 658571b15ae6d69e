package keeper

import (
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/keys"
)

// TestAgree: lineage and the keys of all epochs below the new one are compared;
// a key that is only prepared may differ, and one that a signer lacks is for
// the signer to complain of.
func TestAgree(t *testing.T) {
	a, b := &Signer{}, &Signer{}
	of := func(ring string, checks ...string) api.Epochs {
		e := api.Epochs{Ring: ring}
		for i, c := range checks {
			e.Epochs = append(e.Epochs, api.Epoch{Epoch: uint64(i + 1), Check: c})
		}
		return e
	}
	for what, c := range map[string]struct {
		have, other api.Epochs
		want        bool
	}{
		"the same":               {of("r", "a", "b"), of("r", "a", "b"), true},
		"another lineage":        {of("r", "a", "b"), of("s", "a", "b"), false},
		"another key of epoch 1": {of("r", "a", "b"), of("r", "x", "b"), false},
		"another key of epoch 2": {of("r", "a", "b"), of("r", "a", "x"), false},
		"another prepared key":   {of("r", "a", "b", "c"), of("r", "a", "b", "x"), true},
		"one epoch less":         {of("r", "a", "b"), of("r", "a"), true},
	} {
		if err := agree(a, c.have, b, c.other, 3); (err == nil) != c.want || err != nil && !errors.Is(err, ErrSignersDiffer) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestMoved: a new wrap is of the target epoch or a later one.
func TestMoved(t *testing.T) {
	for epoch, want := range map[uint64]bool{1: false, 2: true, 3: true} {
		w := dek.PackWrap(keys.Wrapped{Epoch: epoch})
		if _, err := moved(api.RewrapResult{Epoch: w.Epoch, Wrap: w.Bytes}, 2); (err == nil) != want {
			t.Errorf("epoch %d: %v", epoch, err)
		}
	}
	if _, err := moved(api.RewrapResult{Epoch: 2, Wrap: "AA"}, 2); err == nil {
		t.Error("a wrap that is none")
	}
}
