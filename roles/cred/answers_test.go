package cred_test

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// TestProofOfObjects: a credential has no name beside the capability's, so that a
// proof which names one is for something else.
func TestProofOfObjects(t *testing.T) {
	w := newWorld(t)
	for _, o := range ops {
		c := w.Call(w.People[0], o)
		c.Proof.Objects = []string{"github"}
		if err := c.Send(); apierr.CodeOf(err) != apierr.ProofObjectMismatch {
			t.Errorf("%s: %v", o.Path, err)
		}
		if err := w.Call(w.People[0], o).Send(); err != nil {
			t.Errorf("%s, without: %v", o.Path, err)
		}
	}
}
