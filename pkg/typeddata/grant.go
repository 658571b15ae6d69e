package typeddata

import (
	"fmt"

	"github.com/litentry/agentkeys/pkg/service"
)

// MaxGrants is how many grants one scope may hold.
const MaxGrants = 64

// Grant is what an agent may do with one service. A limit of zero is no limit,
// an expiry of zero is never (SPEC section 11). Its fields are those of
// chain.Grant, so that one converts into the other.
type Grant struct {
	Service       service.Name
	Ops           service.Ops
	MaxPerPeriod  uint32
	PeriodSeconds uint32
	MaxTotal      uint32
	ExpiresAt     uint64 // Unix seconds; the first second in which it is dead
}

func (g Grant) structure() structure {
	return structure{"Grant", []field{
		stringField("service", g.Service.String()),
		uintField("ops", "uint32", uint64(g.Ops), nil),
		uintField("maxPerPeriod", "uint32", uint64(g.MaxPerPeriod), nil),
		uintField("periodSeconds", "uint32", uint64(g.PeriodSeconds), nil),
		uintField("maxTotal", "uint32", uint64(g.MaxTotal), nil),
		uintField("expiresAt", "uint64", g.ExpiresAt, nil),
	}}
}

// Check refuses what the scope contract would refuse, before anybody touches a
// passkey: the same rules as AgentKeysScope.sol.
func (o SetScope) Check() error {
	if n := len(o.Grants); n == 0 || n > MaxGrants {
		return fmt.Errorf("%w: a scope holds 1 to %d grants, not %d", ErrInvalid, MaxGrants, n)
	}
	seen := make(map[service.Name]bool, len(o.Grants))
	for _, g := range o.Grants {
		switch {
		case g.Service.IsZero():
			return fmt.Errorf("%w: a grant names no service", ErrInvalid)
		case seen[g.Service]:
			return fmt.Errorf("%w: service %s is granted twice", ErrInvalid, g.Service)
		case g.Ops == 0 || g.Ops&^service.AllOps != 0:
			return fmt.Errorf("%w: the grant of %s has ops %q, want some of %s", ErrInvalid, g.Service, g.Ops, service.AllOps)
		case (g.MaxPerPeriod == 0) != (g.PeriodSeconds == 0):
			return fmt.Errorf("%w: the grant of %s needs a period exactly when it has a limit per period", ErrInvalid, g.Service)
		}
		seen[g.Service] = true
	}
	return nil
}
