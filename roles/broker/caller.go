package broker

import (
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/role"
)

// caller is who presented a valid session and its proof.
type caller = role.Caller

// owns refuses a request that names another operator, or an actor that is
// neither the caller nor the caller's operator's. It reads nothing but the
// session: a stranger costs no chain read.
func owns(c caller, op omni.Operator, actor omni.Actor) error {
	self := c.Actor() == actor || c.Actor() == omni.Self(op)
	if c.Operator() != op || !self {
		return apierr.New(apierr.OperatorMismatch, "this session is actor %s of operator %s; it asked for actor %s of operator %s",
			c.Actor().Short(), c.Operator().Short(), actor.Short(), op.Short()).WithFix("agentkeys login --as NAME")
	}
	return nil
}
