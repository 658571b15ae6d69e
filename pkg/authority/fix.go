package authority

import (
	"fmt"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Subject is what a refusal was about, as far as its fix names it. The event of a
// refusal has all of it but Ops.
type Subject struct {
	Operator omni.Operator
	Actor    omni.Actor
	// Service is the service's name; empty or "*" where none was named.
	Service string
	Class   service.Class
	Op      service.Op
	// Ops are those that the grant should have; zero: what Op needs.
	Ops service.Ops
}

// Fix is the command that mends a refusal of the chain's, or empty: whoever refuses
// and whoever explains a refusal later name the same.
func Fix(code apierr.Code, s Subject) string {
	switch code {
	case apierr.OperatorFrozen:
		return "ask the operator: agentkeys unfreeze"
	case apierr.DeviceNotActive:
		return "agentkeys agent request, then at the operator: agentkeys agent create --request FILE"
	case apierr.WalletRetired:
		return "agentkeys whoami"
	case apierr.DeviceRevoked:
		return "agentkeys agent request --as NEW-NAME, then at the operator: agentkeys agent create --request FILE"
	case apierr.ServiceNotInScope:
		if s.self() {
			return s.meantAgent()
		}
		return s.grant()
	case apierr.ScopeLimitReached:
		if s.self() {
			return ""
		}
		return s.grant() + " --max-per-period N --period DURATION"
	}
	return ""
}

// self: an operator acts for itself. No command grants it anything: what there is
// belongs to its agents.
func (s Subject) self() bool { return !s.Operator.IsZero() && s.Actor == omni.Self(s.Operator) }

// meantAgent is what an operator types instead that forgot to say which agent it means.
func (s Subject) meantAgent() string {
	of := ""
	if s.Service != "" && s.Service != service.Any {
		of = " --service " + s.Service
	}
	if s.Class == service.Credentials {
		switch s.Op {
		case service.OpStore, service.OpList, service.OpTeardown:
			return fmt.Sprintf("agentkeys cred %s --agent NAME%s", s.Op, of)
		case service.OpFetch:
			return "agentkeys cred fetch --as NAME" + of
		}
	}
	return "act as the agent: the same command with --as NAME"
}

// grant is the command that gives what was missing.
func (s Subject) grant() string {
	name, ops := s.Service, s.ops()
	if name == "" || name == service.Any {
		name = "NAME"
	}
	return fmt.Sprintf("agentkeys scope set --agent %s --service %s --ops %s", s.Actor, name, ops)
}

// ops are what the verb needs (SPEC section 11); a storage session of a class, which
// has none, needs at least to read.
func (s Subject) ops() service.Ops {
	switch {
	case s.Ops != 0:
		return s.Ops
	case s.Op == service.OpStore:
		return service.Write
	case s.Op == service.OpTeardown:
		return service.Delete
	case s.Op == service.OpList:
		return service.Read | service.List // a list of what may not be read helps nobody
	}
	return service.Read
}
