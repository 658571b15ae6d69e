// Package authority is the one decision of who may do what, made from the
// facts that the chain states. Broker, workers and signer all ask it, so that
// they cannot disagree.
//
// Decide is a pure function. Something is allowed only if it is allowed at the
// confirmed block AND at the newest head (SPEC section 9). "The chain says no"
// is a denial with its exact code; "the chain did not answer" never reaches
// Decide: the View fails before.
package authority

import (
	"context"
	"slices"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Need is what somebody wants to do.
type Need struct {
	Operator omni.Operator
	Actor    omni.Actor
	Device   omni.DeviceKey
	// Action is fixed by the route.
	Action service.Action
	// Service is zero for a list of a whole class, which any live grant of it with
	// LIST authorises.
	Service service.Name
	Now     time.Time
}

// Decision is what Decide allows.
type Decision struct {
	// Provisioning: a master acts for an agent that it owns.
	Provisioning bool
	// Grant covers the service; zero for a list of a whole class.
	Grant chain.Grant
	// Grants are the live ones of the action's class that the caller may see
	// in a list.
	Grants     []chain.Grant
	Epoch      uint32
	ScopeNonce uint64
}

// Decide allows n at both states of p, or says with its code why not.
func Decide(p chain.Pair, n Need) (Decision, error) {
	confirmed, err := decide(p.Confirmed, n)
	if err != nil {
		return Decision{}, err
	}
	d, err := decide(p.Newest, n)
	if err != nil {
		return Decision{}, err
	}
	// Each block may allow a list for the sake of another grant.
	if d.Grants = both(d.Grants, confirmed.Grants); n.Action.ListsClass() && len(d.Grants) == 0 {
		return Decision{}, notInScope(n)
	}
	return d, nil
}

// both keeps the grants whose service the other block grants too.
func both(newest, confirmed []chain.Grant) []chain.Grant {
	return slices.DeleteFunc(newest, func(g chain.Grant) bool {
		return !slices.ContainsFunc(confirmed, func(c chain.Grant) bool { return c.Service == g.Service })
	})
}

// decide runs the checks in their fixed order: device, binding, role, grant.
func decide(s chain.State, n Need) (Decision, error) {
	provisioning, err := standing(s, n.Operator, n.Actor, n.Device)
	if err != nil {
		return Decision{}, err
	}
	if provisioning && !n.Action.Provisionable {
		return Decision{}, bindingMismatch(n.Actor)
	}
	d := Decision{Provisioning: provisioning, Epoch: s.Epoch, ScopeNonce: s.ScopeNonce}
	if d.Grants = visible(live(s.Grants, n.Action.Class, n.Now), n.Action, provisioning); n.Action.ListsClass() {
		if len(d.Grants) == 0 {
			return Decision{}, notInScope(n)
		}
		return d, nil
	}
	for _, g := range live(s.Grants, n.Action.Class, n.Now) {
		if g.Service == n.Service && (provisioning || g.Ops.Has(n.Action.Needs)) {
			d.Grant = g
			return d, nil
		}
	}
	return Decision{}, notInScope(n)
}

// standing decides whether the device may act for the actor at all, and
// whether it does so as the actor itself or by provisioning.
func standing(s chain.State, op omni.Operator, actor omni.Actor, dev omni.DeviceKey) (provisioning bool, err error) {
	provisioning, err = bound(s, op, actor, dev)
	if err == nil && s.Frozen {
		return false, isFrozen(op)
	}
	return provisioning, err
}

func isFrozen(op omni.Operator) error {
	return apierr.New(apierr.OperatorFrozen, "operator %s is frozen on chain: nobody acts for it until a quorum of its masters ends the freeze", op.Short()).
		WithFix("%s", Fix(apierr.OperatorFrozen, Subject{}))
}

// DecideJournal allows a device to write notes into, read, and, for a master,
// flush the journal of its operator, as the actor itself; it says whether the
// device is a master's. A freeze must not silence the journal: a master goes on,
// an agent does not.
func DecideJournal(p chain.Pair, op omni.Operator, actor omni.Actor, dev omni.DeviceKey) (master bool, err error) {
	master = true
	for _, s := range []chain.State{p.Confirmed, p.Newest} {
		if err := registered(s.Device, op, dev); err != nil {
			return false, err
		}
		if s.Device.Actor != actor {
			return false, bindingMismatch(actor)
		}
		if s.Frozen && s.Device.Tier != chain.TierMaster {
			return false, isFrozen(op)
		}
		master = master && s.Device.Tier == chain.TierMaster
	}
	return master, nil
}

// registered decides what the device is, and whether it is the operator's.
func registered(d chain.Device, op omni.Operator, dev omni.DeviceKey) error {
	switch {
	case !d.Registered:
		return apierr.New(apierr.DeviceNotActive, "device %s is not registered on chain", dev.Short()).
			WithFix("%s", Fix(apierr.DeviceNotActive, Subject{}))
	case d.Revoked && d.Tier == chain.TierMaster:
		// A key that signs proofs is a wallet, and a wallet's entry ends by rotation
		// alone.
		return apierr.New(apierr.WalletRetired, "the wallet of device %s was retired on chain when its operator moved to another; it never returns", dev.Short()).
			WithFix("%s", Fix(apierr.WalletRetired, Subject{}))
	case d.Revoked:
		return apierr.New(apierr.DeviceRevoked, "device %s was revoked on chain; a revoked key never returns", dev.Short()).
			WithFix("%s", Fix(apierr.DeviceRevoked, Subject{}))
	case d.Operator != op:
		return apierr.New(apierr.DeviceBindingMismatch, "device %s is bound to operator %s, not to %s", dev.Short(), d.Operator.Short(), op.Short())
	}
	return nil
}

// bound decides what the device may do, and for whom.
func bound(s chain.State, op omni.Operator, actor omni.Actor, dev omni.DeviceKey) (provisioning bool, err error) {
	d := s.Device
	if err := registered(d, op, dev); err != nil {
		return false, err
	}
	switch {
	case !d.Roles.Has(chain.RoleCapMint):
		return false, apierr.New(apierr.DeviceRoleMissing, "device %s lacks the role CAP_MINT", dev.Short())
	case d.Actor == actor:
		return false, nil
	case d.Tier != chain.TierMaster || d.Actor != omni.Self(op) || s.ActorOwner != op:
		return false, bindingMismatch(actor)
	case !d.Roles.Has(chain.RoleScopeMgmt):
		return false, apierr.New(apierr.DeviceRoleMissing, "device %s lacks the role SCOPE_MGMT, which handing secrets to an agent needs", dev.Short())
	}
	return true, nil
}

// DecideClass allows a storage session for one class: the device stands for
// the actor, and some live grant of the class exists. It returns the ops that
// the live grants allow together.
func DecideClass(p chain.Pair, op omni.Operator, actor omni.Actor, dev omni.DeviceKey, c service.Class, now time.Time) (ops service.Ops, provisioning bool, err error) {
	ops = service.AllOps
	for _, s := range []chain.State{p.Confirmed, p.Newest} {
		provisioning, err = standing(s, op, actor, dev)
		if err != nil {
			return 0, false, err
		}
		var have service.Ops
		for _, g := range live(s.Grants, c, now) {
			have |= g.Ops
		}
		// The two blocks may have no op in common.
		if ops &= have; ops == 0 {
			return 0, false, apierr.New(apierr.ServiceNotInScope, "actor %s has no live grant in class %s", actor.Short(), c).
				WithFix("%s", Fix(apierr.ServiceNotInScope, Subject{Operator: op, Actor: actor, Class: c}))
		}
	}
	return ops, provisioning, nil
}

// Authorize asks the view and decides. A denial may come from a head that is
// a moment old, while the operator has just granted: before it is answered,
// the view looks at the chain once more (bounded by the view).
func Authorize[T any](ctx context.Context, v chain.View, q chain.Query, decide func(chain.Pair) (T, error)) (T, error) {
	var none T
	p, err := v.State(ctx, q)
	if err != nil {
		return none, err
	}
	d, denied := decide(p)
	if denied == nil {
		return d, nil
	}
	if err := v.Refresh(ctx); err != nil {
		return none, err
	}
	if p, err = v.State(ctx, q); err != nil {
		return none, err
	}
	return decide(p)
}

// live keeps the grants of a class that have not expired.
func live(grants []chain.Grant, c service.Class, now time.Time) []chain.Grant {
	var out []chain.Grant
	for _, g := range grants {
		if g.Service.Class() == c && (g.ExpiresAt == 0 || now.Unix() < int64(g.ExpiresAt)) && g.Ops != 0 {
			out = append(out, g)
		}
	}
	return out
}

// visible keeps the grants whose services a list may name: those with LIST, or
// all when the operator provisions.
func visible(grants []chain.Grant, a service.Action, provisioning bool) []chain.Grant {
	if provisioning {
		return grants
	}
	var out []chain.Grant
	for _, g := range grants {
		if g.Ops.Has(service.List) {
			out = append(out, g)
		}
	}
	return out
}

func bindingMismatch(actor omni.Actor) error {
	return apierr.New(apierr.DeviceBindingMismatch, "this device may not do that for actor %s: only a device bound to the actor may, and a master of its operator may only store, list and tear down", actor.Short())
}

func notInScope(n Need) error {
	about := Subject{Operator: n.Operator, Actor: n.Actor, Class: n.Action.Class, Op: n.Action.Op, Service: n.Service.String()}
	if n.Action.ListsClass() {
		return apierr.New(apierr.ServiceNotInScope, "actor %s has no live grant with list in class %s", n.Actor.Short(), n.Action.Class).
			WithFix("%s", Fix(apierr.ServiceNotInScope, about))
	}
	return apierr.New(apierr.ServiceNotInScope, "no live grant lets actor %s %s %q", n.Actor.Short(), n.Action.Op, n.Service).
		WithFix("%s", Fix(apierr.ServiceNotInScope, about))
}
