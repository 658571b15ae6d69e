package keys_test

import (
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
)

// TestTwoPreparedKeysEndAsOne: two rotations have begun at two signers, and each
// hands its key to the other's signer at the same time. If both were taken, both
// rotations would see what they want and the chain would reach an epoch for
// which the signers hold different keys.
func TestTwoPreparedKeysEndAsOne(t *testing.T) {
	ctx := t.Context()
	for range 8 { // which of the two is smaller is drawn
		a := keystest.New(t)
		b := keystest.Restored(t, keystest.Options(t), a)
		ka, err := a.Prepare(ctx, 2, 1)
		if err != nil {
			t.Fatal(err)
		}
		kb, err := b.Prepare(ctx, 2, 1)
		if err != nil {
			t.Fatal(err)
		}
		ring := a.Status().RingID
		fromA, _, err := a.Export(2)
		if err != nil {
			t.Fatal(err)
		}
		fromB, _, err := b.Export(2)
		if err != nil {
			t.Fatal(err)
		}
		_, atB := b.Import(ctx, 2, 1, fromA, ka.Check, ring)
		_, atA := a.Import(ctx, 2, 1, fromB, kb.Check, ring)
		if ka.Check < kb.Check {
			atA, atB = atB, atA
		}
		// atA is now the answer of the signer with the greater check value.
		if atA != nil || !errors.Is(atB, keys.ErrEpochConflict) {
			t.Errorf("the greater gives way: %v; the smaller: %v", atA, atB)
		}
		want := min(ka.Check, kb.Check)
		for _, k := range []*keys.Keyring{a, b} {
			if got := k.Status().Epochs[1].Check; got != want {
				t.Errorf("a signer ends with %s, not %s", got, want)
			}
		}
	}
}
