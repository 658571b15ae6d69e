package signer

import (
	"context"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/service"
)

// newKey makes the data key of one object.
func (s *Signer) newKey(ctx context.Context, r released, _ httpd.Seen) (dek.Signed, error) {
	k, w, err := s.made(ctx, r)
	if err != nil {
		s.p.Audit.Denied(ctx, r.event, err)
		return dek.Signed{}, err
	}
	defer k.Destroy()
	return s.give(ctx, r, k, w)
}

func (s *Signer) made(ctx context.Context, r released) (keys.DEK, keys.Wrapped, error) {
	if r.request.Wrap != nil || r.request.Sealed != nil {
		return keys.DEK{}, keys.Wrapped{}, apierr.New(apierr.InvalidInput, "a data key that is to be made has no wrap yet")
	}
	return s.p.Keys.New(ctx, keys.Request{Binding: r.binding(), Epoch: uint64(r.decision.Epoch)})
}

// unwrap opens the data key of one object.
func (s *Signer) unwrap(ctx context.Context, r released, _ httpd.Seen) (dek.Signed, error) {
	k, w, err := s.opened(ctx, r)
	if err != nil {
		s.p.Audit.Denied(ctx, r.event, err)
		return dek.Signed{}, err
	}
	defer k.Destroy()
	return s.give(ctx, r, k, w)
}

func (s *Signer) opened(ctx context.Context, r released) (keys.DEK, keys.Wrapped, error) {
	wrap, sealed := r.request.Wrap, r.request.Sealed
	switch {
	case (wrap == nil) == (sealed == nil):
		return keys.DEK{}, keys.Wrapped{}, apierr.New(apierr.InvalidInput, "name either the wrap of the data key or the sealed one")
	case (sealed != nil) != (r.Class() == service.Email):
		return keys.DEK{}, keys.Wrapped{}, apierr.New(apierr.InvalidInput, "sealed data keys are those of mail, wrapped ones those of everything else")
	case sealed != nil:
		b, err := jose.DecodeSegment(sealed.Bytes)
		if err != nil {
			return keys.DEK{}, keys.Wrapped{}, apierr.New(apierr.InvalidInput, "the sealed data key is not base64url")
		}
		k, err := s.p.Keys.OpenSeal(ctx, r.binding(), sealed.Epoch, b)
		return k, keys.Wrapped{Epoch: sealed.Epoch}, err
	}
	w, err := wrap.Unpack()
	if err != nil {
		return keys.DEK{}, keys.Wrapped{}, apierr.Wrap(apierr.InvalidInput, err, "%s", err)
	}
	k, err := s.p.Keys.Unwrap(ctx, keys.Request{Binding: r.binding()}, w)
	return k, w, err
}

// give makes the release known, and gives the key out once that is durable. Sealing
// and signing take their time beside the disk's.
func (s *Signer) give(ctx context.Context, r released, k keys.DEK, w keys.Wrapped) (dek.Signed, error) {
	r.event.Epoch = small(w.Epoch)
	durable, err := s.p.Audit.Allowing(ctx, r.event)
	if err != nil {
		return dek.Signed{}, err
	}
	out, err := s.seal(r, k, w)
	if lost := durable(); lost != nil {
		return dek.Signed{}, lost
	}
	return out, err
}

// seal is the answer: the key, sealed to the worker, and signed.
func (s *Signer) seal(r released, k keys.DEK, w keys.Wrapped) (dek.Signed, error) {
	sealed, err := r.peer.SealKey(r.hash, k.Secret)
	if err != nil {
		return dek.Signed{}, err
	}
	out := dek.Key{Sealed: sealed}
	if r.request.Wrap == nil && r.request.Sealed == nil {
		wrap := dek.PackWrap(w)
		out.Wrap = &wrap
	}
	return dek.Sign(s.p.Identity, r.hash, out)
}
