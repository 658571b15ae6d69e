package authority_test

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
)

// TestDecideJournal: at both blocks, each in turn, with one thing wrong.
func TestDecideJournal(t *testing.T) {
	self := omni.Self(operator)
	for _, c := range []struct {
		name  string
		state func(*testing.T) chain.State
		actor omni.Actor
		edit  func(*chain.State)
		want  apierr.Code
	}{
		{"an agent", agentState, agent, nil, ""},
		{"a master", masterState, self, nil, ""},
		{"an agent without grants", agentState, agent, func(s *chain.State) { s.Grants = nil }, ""},
		{"an agent without CAP_MINT", agentState, agent, func(s *chain.State) { s.Device.Roles = 0 }, ""},
		{"a frozen agent", agentState, agent, func(s *chain.State) { s.Frozen = true }, apierr.OperatorFrozen},
		{"a frozen master", masterState, self, func(s *chain.State) { s.Frozen = true }, ""},
		{"a master for its agent", masterState, agent, nil, apierr.DeviceBindingMismatch},
		{"another actor's device", agentState, sibling, nil, apierr.DeviceBindingMismatch},
		{"another operator's device", agentState, agent, func(s *chain.State) { s.Device.Operator = other }, apierr.DeviceBindingMismatch},
		{"not registered", agentState, agent, func(s *chain.State) { s.Device = chain.Device{} }, apierr.DeviceNotActive},
		{"revoked", agentState, agent, func(s *chain.State) { s.Device.Revoked = true }, apierr.DeviceRevoked},
		{"a retired wallet", masterState, self, func(s *chain.State) { s.Device.Revoked = true }, apierr.WalletRetired},
	} {
		good, bad := c.state(t), c.state(t)
		if c.edit != nil {
			c.edit(&bad)
		}
		for which, p := range map[string]chain.Pair{
			"confirmed": {Confirmed: bad, Newest: good}, "newest": {Confirmed: good, Newest: bad},
		} {
			if err := authority.DecideJournal(p, operator, c.actor, device); apierr.CodeOf(err) != c.want || c.want == "" && err != nil {
				t.Errorf("%s, at the %s block: %v, want %q", c.name, which, err, c.want)
			}
		}
	}
}
