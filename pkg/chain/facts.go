package chain

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// maxGrants is what the scope contract allows for one agent.
const maxGrants = 64

// states reads the facts of q at both blocks, in one request.
func (r *reader) states(ctx context.Context, q Query, confirmed, newest BlockRef) (Pair, error) {
	p := Pair{Confirmed: State{Block: confirmed}, Newest: State{Block: newest}}
	calls := map[common.Hash][]view{newest.Hash: r.stateViews(q, &p.Newest)}
	if confirmed.Hash != newest.Hash {
		calls[confirmed.Hash] = r.stateViews(q, &p.Confirmed)
	}
	if err := r.read(ctx, calls); err != nil {
		return Pair{}, err
	}
	if confirmed.Hash == newest.Hash {
		p.Confirmed = p.Newest
	}
	return p, nil
}

func (r *reader) stateViews(q Query, s *State) []view {
	return []view{
		{
			r.at.Registry, r.registryABI, "getDevice", r.registry.PackGetDevice(q.Device.Bytes()),
			into(r.registry.UnpackGetDevice, func(e bindings.DeviceEntry) (err error) { s.Device, err = device(e); return }),
		},
		{
			r.at.Registry, r.registryABI, "frozen", r.registry.PackFrozen(q.Operator.Bytes()),
			into(r.registry.UnpackFrozen, keep(&s.Frozen)),
		},
		r.actorOwnerView(q.Actor, &s.ActorOwner),
		{
			r.at.Scope, r.scopeABI, "getScope", r.scope.PackGetScope(q.Operator.Bytes(), q.Actor.Bytes()),
			into(r.scope.UnpackGetScope, func(g []bindings.Grant) (err error) { s.Grants, err = grants(g); return }),
		},
		{
			r.at.Scope, r.scopeABI, "scopeNonce", r.scope.PackScopeNonce(q.Operator.Bytes(), q.Actor.Bytes()),
			into(r.scope.UnpackScopeNonce, func(n uint64) error { s.ScopeNonce = n; return nil }),
		},
		r.epochView(&s.Epoch),
	}
}

func (r *reader) actorOwnerView(a omni.Actor, out *omni.Operator) view {
	return view{
		r.at.Registry, r.registryABI, "actorOwner", r.registry.PackActorOwner(a.Bytes()),
		into(r.registry.UnpackActorOwner, func(b [32]byte) error { *out = optional(omni.OperatorFromBytes, b); return nil }),
	}
}

// identities resolves an address at both blocks, in one request.
func (r *reader) identities(ctx context.Context, a common.Address, confirmed, newest BlockRef) (IdentityPair, error) {
	var p IdentityPair
	calls := map[common.Hash][]view{newest.Hash: {r.resolveView(a, &p.Newest)}}
	if confirmed.Hash != newest.Hash {
		calls[confirmed.Hash] = []view{r.resolveView(a, &p.Confirmed)}
	}
	if err := r.read(ctx, calls); err != nil {
		return IdentityPair{}, err
	}
	if confirmed.Hash == newest.Hash {
		p.Confirmed = p.Newest
	}
	return p, nil
}

func (r *reader) resolveView(a common.Address, out *Identity) view {
	return view{
		r.at.Registry, r.registryABI, "resolve", r.registry.PackResolve(a),
		into(r.registry.UnpackResolve, func(o bindings.ResolveOutput) (err error) { *out, err = identity(o); return }),
	}
}

// optional turns 32 bytes into an identifier; zero stays absent.
func optional[T any](from func([32]byte) (T, error), b [32]byte) T {
	id, err := from(b)
	if err != nil {
		var none T
		return none
	}
	return id
}

func device(e bindings.DeviceEntry) (Device, error) {
	d := Device{
		Registered: e.OperatorOmni != [32]byte{},
		Revoked:    e.Revoked,
		Operator:   optional(omni.OperatorFromBytes, e.OperatorOmni),
		Actor:      optional(omni.ActorFromBytes, e.ActorOmni),
		Tier:       Tier(e.Tier),
		Roles:      Roles(e.Roles),
	}
	if !d.Registered {
		if d != (Device{}) {
			return Device{}, errors.New("a device without an operator has other fields")
		}
		return Device{}, nil
	}
	if d.Actor.IsZero() || e.RegisteredAt == 0 || e.RegisteredAt > math.MaxInt64 {
		return Device{}, errors.New("a registered device has no actor or no time")
	}
	d.RegisteredAt = time.Unix(int64(e.RegisteredAt), 0)
	return d, nil
}

// grants keeps those that this version understands. The contract does not
// check the grammar of a service: a name outside it can be nobody's service,
// and a bit that means nothing here grants nothing.
func grants(in []bindings.Grant) ([]Grant, error) {
	if len(in) > maxGrants {
		return nil, fmt.Errorf("%d grants", len(in))
	}
	out := make([]Grant, 0, len(in))
	for _, g := range in {
		name, err := service.Parse(g.Service)
		if err != nil || service.Ops(g.Ops)&^service.AllOps != 0 {
			continue
		}
		out = append(out, Grant{
			Service: name, Ops: service.Ops(g.Ops),
			MaxPerPeriod: g.MaxPerPeriod, PeriodSeconds: g.PeriodSeconds, MaxTotal: g.MaxTotal, ExpiresAt: g.ExpiresAt,
		})
	}
	return out, nil
}

func epoch(e uint64) (uint32, error) {
	if e == 0 || e > math.MaxUint32 {
		return 0, fmt.Errorf("epoch %d", e)
	}
	return uint32(e), nil
}

func identity(o bindings.ResolveOutput) (Identity, error) {
	id := Identity{
		Kind:     Kind(o.Kind),
		Operator: optional(omni.OperatorFromBytes, o.OperatorOmni),
		Actor:    optional(omni.ActorFromBytes, o.ActorOmni),
		Status:   Status(o.Status),
	}
	if id == (Identity{}) {
		return id, nil
	}
	if id.Kind == None || id.Kind > Agent || id.Status == Unregistered || id.Status > Revoked || id.Operator.IsZero() || id.Actor.IsZero() {
		return Identity{}, fmt.Errorf("kind %d, status %d, or a part is absent", o.Kind, o.Status)
	}
	return id, nil
}
