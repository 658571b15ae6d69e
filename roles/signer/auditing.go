package signer

import (
	"context"
	"math"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

const emitter = "signer"

// The ops that the signer's own care of the keys adds to those of capabilities.
const (
	opRewrap  service.Op = "rewrap"
	opPrepare service.Op = "epoch-prepare"
	opExport  service.Op = "epoch-export"
	opImport  service.Op = "epoch-import"
	opDestroy service.Op = "epoch-destroy"
)

// event is what will be said of a request whose proof was verified.
func (s *Signer) event(r released, requestID string) audit.Event {
	return audit.Event{
		ID: audit.NewID(), Time: s.env.Now(), Emitter: emitter, RequestID: requestID,
		Operator: r.Operator(), Actor: r.Actor(), Device: r.Device(), Class: r.Class(), Op: r.Op(),
		Service: r.ServiceName().String(), ObjectKey: r.request.Object.Key, Epoch: r.Epoch(),
	}
}

// allowed makes something known before it happens. Without it nothing does.
func (s *Signer) allowed(ctx context.Context, e audit.Event, epoch uint64) error {
	e.Epoch = small(epoch)
	return s.p.Audit.Allowed(ctx, e)
}

// cared makes something done to the keys themselves known before it is done.
func (s *Signer) cared(ctx context.Context, k kept, op service.Op, epoch uint64) error {
	return s.allowed(ctx, s.care(k, op), epoch)
}

func (s *Signer) care(k kept, op service.Op) audit.Event {
	return audit.Event{
		ID: audit.NewID(), Time: s.env.Now(), Emitter: emitter, RequestID: k.id, Op: op,
		Device: omni.DeviceKeyOfAddress(k.account),
	}
}

// told makes the refusal of what an office asked for known, also after the
// event that allowed it: the keyring has the last word.
func told[In any](s *Signer, op service.Op, f func(context.Context, kept, In) (dek.Signed, error)) func(context.Context, kept, In) (dek.Signed, error) {
	return func(ctx context.Context, k kept, in In) (dek.Signed, error) {
		out, err := f(ctx, k, in)
		if err != nil {
			e := s.care(k, op)
			e.Epoch = epochOf(in)
			s.p.Audit.Denied(ctx, e, err)
		}
		return out, err
	}
}

// epochOf is the epoch that was asked for, or 0 where a parcel names it.
func epochOf(in any) uint32 {
	switch v := in.(type) {
	case api.EpochRequest:
		return small(v.Epoch)
	case api.EpochExport:
		return small(v.Epoch)
	case api.RewrapRequest:
		return small(v.ToEpoch)
	}
	return 0
}

// small is the epoch as the chain counts it; none that is greater exists.
func small(epoch uint64) uint32 { return uint32(min(epoch, math.MaxUint32)) }

// rewrapping makes a batch of new wraps known, one event for each actor in it.
// An item of no class gets no wrap, and no event could name it.
func (s *Signer) rewrapping(ctx context.Context, k kept, in api.RewrapRequest) error {
	type whose struct {
		operator omni.Operator
		actor    omni.Actor
		class    service.Class
	}
	seen := map[whose]bool{}
	for _, i := range in.Items {
		w := whose{i.Operator, i.Actor, i.Class}
		if _, err := service.ParseClass(string(i.Class)); err != nil || seen[w] {
			continue
		}
		seen[w] = true
		err := s.allowed(ctx, audit.Event{
			ID: audit.NewID(), Time: s.env.Now(), Emitter: emitter, RequestID: k.id, Op: opRewrap,
			Operator: i.Operator, Actor: i.Actor, Class: i.Class, Device: omni.DeviceKeyOfAddress(k.account),
		}, in.ToEpoch)
		if err != nil {
			return err
		}
	}
	return nil
}
