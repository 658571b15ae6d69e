package signer

import (
	"context"
	"slices"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/secret"
)

// maxOffers bounds the offers that are open at a time; the oldest goes first.
const maxOffers = 8

// offerSession opens a session to which another signer can seal a key. Several
// may be open, so that two rotations do not take each other's away.
func (s *Signer) offerSession(_ context.Context, k kept, _ httpd.None) (dek.Signed, error) {
	now := s.env.Now()
	o, err := dek.NewSession(s.p.Identity, dek.SignerClass, now)
	if err != nil {
		return dek.Signed{}, err
	}
	s.mu.Lock()
	s.offers = append(slices.DeleteFunc(s.offers, func(o *dek.Session) bool { return o.Ended(now) }), o)
	if extra := len(s.offers) - maxOffers; extra > 0 {
		s.offers = slices.Delete(s.offers, 0, extra)
	}
	s.mu.Unlock()
	return dek.Sign(s.p.Identity, k.hash, api.EpochOffer{Session: o.Token()})
}

// unpack opens a parcel with the offer that it was sealed to. An offer that has
// ended opens nothing.
func (s *Signer) unpack(parcel string) (*dek.Session, dek.Epoch, secret.Secret, error) {
	s.mu.Lock()
	offers := slices.Clone(s.offers)
	s.mu.Unlock()
	if len(offers) == 0 {
		return nil, dek.Epoch{}, secret.Secret{}, apierr.New(apierr.EpochConflict, "this signer made no offer; ask for one first").WithFix("agentkeys k3 rotate")
	}
	now, err := s.env.Now(), error(dek.ErrParcel)
	for _, o := range slices.Backward(offers) {
		if o.Ended(now) {
			continue
		}
		e, k3, refused := o.OpenParcel(parcel, s.p.Peers, now)
		if refused == nil {
			return o, e, k3, nil
		}
		err = refused
	}
	return nil, dek.Epoch{}, secret.Secret{}, apierr.Wrap(apierr.Unauthorized, err, "%s, or the offer is over", dek.ErrParcel)
}

// forget closes an offer: its key opened what it was made for.
func (s *Signer) forget(offer *dek.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offers = slices.DeleteFunc(s.offers, func(o *dek.Session) bool { return o == offer })
}
