package chain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// What a deployment holds is counted before it is given up; one master alone
// strands its operator.
func TestCensusAndStanding(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	i := inspector(t, s.profile, time.Now)
	if n, err := i.Census(t.Context()); err != nil || n != (chain.Census{}) {
		t.Fatalf("%+v, %v", n, err)
	}
	o, a, b := s.operator(t), newAgent(t), newAgent(t)
	if st, err := o.Standing(t.Context(), o.omni); err != nil || st.Threshold != 0 || st.Wallet != (common.Address{}) || st.Alone() || st.Stranding() {
		t.Errorf("before: %+v, %v", st, err)
	}
	o.register(t)
	for _, x := range []agent{a, b} {
		if err := o.bind(t, x); err != nil {
			t.Fatal(err)
		}
	}
	o.grant(t, a, typeddata.Grant{Service: name(t, "github"), Ops: service.Read})
	if n, err := i.Census(t.Context()); err != nil || n != (chain.Census{Masters: 1, Agents: 2, Scopes: 1}) {
		t.Errorf("%+v, %v", n, err)
	}
	if _, err := o.RevokeAgent(t.Context(), b.device); err != nil {
		t.Fatal(err)
	}
	if n, err := i.Census(t.Context()); err != nil || n != (chain.Census{Masters: 1, Agents: 1, Scopes: 1}) {
		t.Errorf("%+v, %v", n, err)
	}
	if st, err := o.Standing(t.Context(), o.omni); err != nil || st.Threshold != 1 || len(st.RecoveryMasters) != 1 || !st.Alone() || st.Stranding() {
		t.Errorf("after: %+v, %v", st, err)
	}
	p := s.profile
	p.RPC = []string{rewriting(t, s.chain.URL(), []string{"eth_getLogs"}, func(string) string {
		return `[{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"range too large"}}]`
	})}
	if _, err := inspector(t, p, time.Now).Census(t.Context()); !errors.Is(err, chain.ErrCensus) {
		t.Error(err)
	}
}
