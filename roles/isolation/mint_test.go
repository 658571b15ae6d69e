package isolation_test

import (
	"fmt"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// mintRows are those of the broker: the session's omni against operator and actor,
// then class, device and grants (SPEC section 4).
func mintRows(w *world, r httpd.Route) []cell {
	if r.Path == api.PathWebIdentity {
		return identityRows(w, r)
	}
	var out []cell
	a := actionOf(r)
	services := []string{service.Any, "email:own@example.com", "../github"}
	for _, c := range classes() {
		services = append(services, c.service, c.service+"x")
	}
	for _, caller := range w.everybody() {
		for _, operator := range []*person{w.master, w.rival} {
			for _, actor := range w.everybody() {
				for _, s := range services {
					out = append(out, cell{name: fmt.Sprintf("%s for operator of %s, actor %s, service %s", caller.name, operator.name, actor.name, s), want: mints(caller, operator.operator, actor, a, s), call: func() verdict {
						return w.rightsIn(w.send(w.with(r, caller.session, caller.key).json(w, capRequest(operator.operator, actor.actor, s))))
					}})
				}
			}
		}
	}
	return append(out, strangeSessions(w, r)...)
}

// mints is the model of a mint.
func mints(caller *person, operator omni.Operator, actor *person, a service.Action, s string) verdict {
	mint := func(c apierr.Code) verdict { return by(apierr.LayerMint, c) }
	self := caller == actor
	granted := s == target(a) && s != service.Any || s == classOf(a.Class).service || s == service.Any && a.ListsClass()
	switch {
	case caller.operator != operator, !self && !caller.master:
		return mint(apierr.OperatorMismatch)
	case a.ListsClass() != (s == service.Any), s == "../github", !a.ListsClass() && svcClass(s) != a.Class:
		return by(apierr.LayerRequest, apierr.InvalidInput)
	case !self && (actor.operator != operator || actor.master || !a.Provisionable):
		return mint(apierr.DeviceBindingMismatch)
	case !granted, self && caller.master, self && !caller.ops.Has(a.Needs):
		return mint(apierr.ServiceNotInScope)
	}
	return verdict{gave: rights(caller, operator, actor, a, s)}
}

// svcClass is the class of a service that the rows name.
func svcClass(s string) service.Class {
	n, err := service.Parse(s)
	if err != nil {
		return ""
	}
	return n.Class()
}

// identityRows are those of web identities: whose session storage will give.
func identityRows(w *world, r httpd.Route) []cell {
	var out []cell
	for _, caller := range w.everybody() {
		for _, actor := range w.everybody() {
			for _, c := range []service.Class{service.Credentials, service.Memory, service.Email} {
				for _, access := range []string{"", "read", "write", "provision"} {
					out = append(out, cell{name: fmt.Sprintf("%s for %s, %s, access %q", caller.name, actor.name, c, access), want: identifies(caller, actor, c, access), call: func() verdict {
						return w.tagsIn(w.send(w.with(r, caller.session, caller.key).json(w, api.WebIdentityRequest{Class: c, Actor: actor.actor, Access: access})))
					}})
				}
			}
		}
	}
	return append(out, strangeSessions(w, r)...)
}

// identifies is the model of a web identity.
func identifies(caller, actor *person, c service.Class, access string) verdict {
	mint := func(c apierr.Code) verdict { return by(apierr.LayerMint, c) }
	self := caller == actor
	switch {
	case !self && !caller.master:
		return mint(apierr.OperatorMismatch)
	case !self && (actor.operator != caller.operator || actor.master):
		return mint(apierr.DeviceBindingMismatch)
	case c == service.Email, caller.master && self: // nothing of it is granted
		return mint(apierr.ServiceNotInScope)
	case !self && (c != service.Credentials || access == "read" || access == "write"), self && access == "provision":
		return mint(apierr.DeviceBindingMismatch)
	case access == "write" && !actor.ops.Has(service.Write) && self:
		return mint(apierr.ServiceNotInScope)
	}
	if access == "" {
		switch {
		case !self:
			access = "provision"
		case actor.ops.Has(service.Write):
			access = "write"
		default:
			access = "read"
		}
	}
	return verdict{gave: tags(actor, c, access)}
}

// strangeSessions present the session of one with the proof of another.
func strangeSessions(w *world, r httpd.Route) []cell {
	var out []cell
	for _, holder := range w.everybody() {
		for _, prover := range w.everybody() {
			if holder == prover {
				continue
			}
			out = append(out, cell{name: fmt.Sprintf("session of %s proven by %s", holder.name, prover.name), want: by(layerOf(r), apierr.ProofInvalid), call: func() verdict { c := w.asks(r, holder); c.prover = prover.key; return w.send(c).verdict }})
		}
	}
	return out
}
