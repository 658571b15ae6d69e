package signer

import (
	"context"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
)

// rewrap moves data keys to the current epoch: old wraps in, new wraps out.
// One object that does not open does not stop the others.
func (s *Signer) rewrap(ctx context.Context, k kept, in api.RewrapRequest) (dek.Signed, error) {
	if in.ToEpoch != k.epoch {
		return dek.Signed{}, apierr.New(apierr.EpochConflict, "data keys move to the chain's current epoch %d, not to %d", k.epoch, in.ToEpoch).
			WithFix("agentkeys k3 reencrypt")
	}
	if err := s.rewrapping(ctx, k, in); err != nil {
		return dek.Signed{}, err
	}
	out := api.Rewrapped{Items: make([]api.RewrapResult, len(in.Items))}
	for i, item := range in.Items {
		w, err := s.rewrapOne(ctx, item, in.ToEpoch)
		switch code := apierr.CodeOf(err); {
		case err == nil:
			out.Items[i] = api.RewrapResult{Epoch: w.Epoch, Wrap: jose.EncodeSegment(w.Bytes[:])}
		case code == apierr.EnvelopeInvalid || code == apierr.InvalidInput:
			out.Items[i] = api.RewrapResult{Code: string(code)}
		default:
			return dek.Signed{}, conflict(err)
		}
	}
	return dek.Sign(s.p.Identity, k.hash, out)
}

func (s *Signer) rewrapOne(ctx context.Context, item api.RewrapItem, to uint64) (keys.Wrapped, error) {
	w, err := dek.Wrap{Epoch: item.Epoch, Bytes: item.Wrap}.Unpack()
	if err != nil {
		return keys.Wrapped{}, apierr.Wrap(apierr.InvalidInput, err, "%s", err)
	}
	return s.p.Keys.Rewrap(ctx, keys.Request{Binding: keys.Binding{
		Class: item.Class, Operator: item.Operator, Actor: item.Actor, Service: item.Service, Key: item.Key, Version: item.Version,
	}}, w, to)
}
