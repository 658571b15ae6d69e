package signer

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain/chaintest"
)

// TestNobodiesDoNotAskTheChain: a wallet costs nothing, so accounts without an
// office must not have the chain asked as often as they like. Who holds one is
// let in all the same.
func TestNobodiesDoNotAskTheChain(t *testing.T) {
	k := newTaker(t)
	c, ok := k.p.View.(*chaintest.Memory)
	if !ok {
		t.Fatal("another view")
	}
	holder := common.Address{19: 1}
	c.SetMaintainer(holder)
	admit := k.admit(maintainer())
	for i := range 10 * looksBurst {
		if err := admit(t.Context(), common.Address{1, byte(i >> 8), byte(i)}); apierr.CodeOf(err) != apierr.MaintainerRequired {
			t.Fatal(err)
		}
	}
	if n := c.Calls().Refresh; n < looksBurst || n > 5*looksBurst {
		t.Errorf("the chain was asked %d times", n)
	}
	if err := admit(t.Context(), holder); err != nil {
		t.Error(err)
	}
}
