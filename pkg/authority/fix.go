package authority

import (
	"fmt"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
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
	// Grant is the one whose limit was reached, and Reached which; zero and empty where
	// that is not known.
	Grant   chain.Grant
	Reached Limit
}

// Limit is one of a grant's two.
type Limit string

// The limits.
const (
	PerPeriod Limit = "period"
	InAll     Limit = "total"
)

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
		return s.widen()
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

// widen is the command that gives more of what was used up and leaves the rest of the
// grant as it is: `scope set` says everything about a service. Without the grant it is
// the one that shows it.
func (s Subject) widen() string {
	g := s.Grant
	if g.MaxPerPeriod == 0 && g.MaxTotal == 0 {
		return fmt.Sprintf("agentkeys scope show --agent %s", s.Actor)
	}
	s.Service, s.Ops = g.Service.String(), g.Ops
	out := s.grant()
	limit := func(flag string, of Limit, have uint32) {
		switch value := "N"; {
		case have == 0:
		case s.Reached != "" && s.Reached != of:
			value = fmt.Sprint(have)
			fallthrough
		default:
			out += " --" + flag + " " + value
		}
	}
	if limit("max-per-period", PerPeriod, g.MaxPerPeriod); g.MaxPerPeriod != 0 {
		out += " --period " + typed(time.Duration(g.PeriodSeconds)*time.Second)
	}
	limit("max-total", InAll, g.MaxTotal)
	if g.ExpiresAt != 0 && g.ExpiresAt <= lastInstant {
		out += " --expires " + time.Unix(int64(g.ExpiresAt), 0).UTC().Format(time.RFC3339)
	}
	return out
}

// lastInstant is the end of the year 9999, beyond which no date is written.
const lastInstant = 253402300799

// typed is a duration as somebody would type it: 1h, not 1h0m0s.
func typed(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
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
