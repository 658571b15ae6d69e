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
		name   string
		state  func(*testing.T) chain.State
		actor  omni.Actor
		edit   func(*chain.State)
		want   apierr.Code
		master bool
	}{
		{"an agent", agentState, agent, nil, "", false},
		{"a master", masterState, self, nil, "", true},
		{"an agent without grants", agentState, agent, func(s *chain.State) { s.Grants = nil }, "", false},
		{"an agent without CAP_MINT", agentState, agent, func(s *chain.State) { s.Device.Roles = 0 }, "", false},
		{"a frozen agent", agentState, agent, func(s *chain.State) { s.Frozen = true }, apierr.OperatorFrozen, false},
		{"a frozen master", masterState, self, func(s *chain.State) { s.Frozen = true }, "", true},
		{"a master at one block alone", masterState, self, func(s *chain.State) { s.Device.Tier = chain.TierAgent }, "", false},
		{"a master for its agent", masterState, agent, nil, apierr.DeviceBindingMismatch, false},
		{"another actor's device", agentState, sibling, nil, apierr.DeviceBindingMismatch, false},
		{"another operator's device", agentState, agent, func(s *chain.State) { s.Device.Operator = other }, apierr.DeviceBindingMismatch, false},
		{"not registered", agentState, agent, func(s *chain.State) { s.Device = chain.Device{} }, apierr.DeviceNotActive, false},
		{"revoked", agentState, agent, func(s *chain.State) { s.Device.Revoked = true }, apierr.DeviceRevoked, false},
		{"a retired wallet", masterState, self, func(s *chain.State) { s.Device.Revoked = true }, apierr.WalletRetired, false},
	} {
		good, bad := c.state(t), c.state(t)
		if c.edit != nil {
			c.edit(&bad)
		}
		for which, p := range map[string]chain.Pair{
			"confirmed": {Confirmed: bad, Newest: good}, "newest": {Confirmed: good, Newest: bad},
		} {
			master, err := authority.DecideJournal(p, operator, c.actor, device)
			if apierr.CodeOf(err) != c.want || c.want == "" && err != nil {
				t.Errorf("%s, at the %s block: %v, want %q", c.name, which, err, c.want)
			}
			if master != c.master {
				t.Errorf("%s, at the %s block: a master: %t", c.name, which, master)
			}
		}
	}
}
