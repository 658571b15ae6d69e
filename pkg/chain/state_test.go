package chain_test

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
)

// An address may be acted on only if both blocks say the same active thing.
func TestIdentityIsAgreedOnlyByBoth(t *testing.T) {
	t.Parallel()
	op := omni.OperatorOfWallet(common.Address{1})
	active := chain.Identity{Kind: chain.Agent, Operator: op, Actor: omni.ActorOfWallet(common.Address{2}), Status: chain.Active}
	with := func(s chain.Status) chain.Identity { id := active; id.Status = s; return id }
	other := active
	other.Operator = omni.OperatorOfWallet(common.Address{3})
	for name, c := range map[string]struct {
		confirmed, newest chain.Identity
		want              chain.Identity
	}{
		"both":              {active, active, active},
		"not yet confirmed": {chain.Identity{}, active, chain.Identity{}},
		"just revoked":      {active, with(chain.Revoked), with(chain.Revoked)},
		"just retired":      {active, with(chain.Retired), with(chain.Retired)},
		"gone":              {active, chain.Identity{}, chain.Identity{}},
		"revoked, and back": {with(chain.Revoked), active, with(chain.Revoked)},
		"another operator":  {other, active, chain.Identity{}},
		"unregistered":      {chain.Identity{}, chain.Identity{}, chain.Identity{}},
	} {
		if got := (chain.IdentityPair{Confirmed: c.confirmed, Newest: c.newest}).Agreed(); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		chain.Roles(7).String():     "CAP_MINT+RECOVERY+SCOPE_MGMT",
		chain.Roles(9).String():     "CAP_MINT+0x8",
		chain.Revoked.String():      "revoked",
		chain.Status(9).String():    "status(9)",
		chain.Agent.String():        "agent",
		chain.Kind(9).String():      "kind(9)",
		chain.Unregistered.String(): "unregistered",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if !chain.Roles(5).Has(chain.RoleScopeMgmt) || chain.Roles(3).Has(chain.RoleScopeMgmt|chain.RoleCapMint) {
		t.Error("Has needs all bits")
	}
}
