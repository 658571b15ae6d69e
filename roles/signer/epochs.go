package signer

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
)

func shown(e keys.EpochStatus) api.Epoch {
	return api.Epoch{Epoch: e.Epoch, Check: e.Check, Created: e.Created, Destroyed: e.Destroyed}
}

// status tells which keys are here.
func (s *Signer) status(ctx context.Context, _ httpd.Anyone, _ httpd.None) (api.Epochs, error) {
	now, err := s.p.View.Counter(ctx)
	if err != nil {
		return api.Epochs{}, err
	}
	have := s.p.Keys.Status()
	out := api.Epochs{
		Ring: have.RingID, Identity: s.p.Identity.Public().Thumbprint(),
		Classes: s.p.Workers.classes(), ChainEpoch: uint64(now.Newest.Epoch), HighWater: have.HighWater, Epochs: []api.Epoch{},
	}
	for _, e := range have.Epochs {
		out.Epochs = append(out.Epochs, shown(e))
	}
	return out, nil
}

// asked is the hash of a request by nobody in particular.
type asked [32]byte

// noncePolicy lets everybody ask for a signed answer to a fresh question.
func noncePolicy() httpd.Policy[asked] {
	return httpd.NewPolicy("public", func(_ context.Context, c *httpd.Call) (asked, error) {
		if !jose.IsID(strings.TrimPrefix(c.Path, api.PathEpochs+"/")) {
			return asked{}, apierr.New(apierr.InvalidInput, "the path is %s/<nonce>, 16 fresh bytes in base64url", api.PathEpochs)
		}
		return asked(dek.RequestHash(c.Path, nil, "")), nil
	})
}

// signedStatus is status for whoever acts on it.
func (s *Signer) signedStatus(ctx context.Context, a asked, _ httpd.None) (dek.Signed, error) {
	st, err := s.status(ctx, httpd.Anyone{}, httpd.None{})
	if err != nil {
		return dek.Signed{}, err
	}
	return dek.Sign(s.p.Identity, a, st)
}

// prepare makes the key of an epoch, once.
func (s *Signer) prepare(ctx context.Context, k kept, in api.EpochRequest) (dek.Signed, error) {
	if err := s.cared(ctx, k, opPrepare, in.Epoch); err != nil {
		return dek.Signed{}, err
	}
	e, err := s.p.Keys.Prepare(ctx, in.Epoch, k.epoch)
	if err != nil {
		return dek.Signed{}, conflict(err)
	}
	s.env.Log.Info().Uint64("epoch", e.Epoch).Str("check", e.Check).Stringer("by", k.account).Msg("the key of an epoch is ready")
	return dek.Sign(s.p.Identity, k.hash, shown(e))
}

// export seals the key of an epoch to the offer of a listed signer.
func (s *Signer) export(ctx context.Context, k kept, in api.EpochExport) (dek.Signed, error) {
	to, err := s.peers.Verify(in.Offer)
	switch {
	case errors.Is(err, dek.ErrUnlisted):
		return dek.Signed{}, apierr.Wrap(apierr.WorkerNotListed, err, "that signer's identity key is not among this signer's peers").
			WithFix("agentkeys serve --role signer --signer-peers FILE")
	case err != nil:
		return dek.Signed{}, apierr.Wrap(apierr.Unauthorized, err, "the offer does not prove which signer made it: %s", err)
	case to.Class != dek.SignerClass:
		return dek.Signed{}, apierr.New(apierr.Unauthorized, "the offer is a session of class %q, not of a signer", to.Class)
	}
	if err := s.cared(ctx, k, opExport, in.Epoch); err != nil {
		return dek.Signed{}, err
	}
	k3, e, err := s.p.Keys.Export(in.Epoch)
	if err != nil {
		return dek.Signed{}, conflict(err)
	}
	defer k3.Destroy()
	parcel, err := dek.SealEpoch(s.p.Identity, to, in.Offer, dek.Epoch{Epoch: e.Epoch, Check: e.Check, Ring: s.p.Keys.Status().RingID}, k3, s.env.Now())
	if err != nil {
		return dek.Signed{}, err
	}
	s.env.Log.Info().Uint64("epoch", e.Epoch).Str("check", e.Check).Str("to", to.Identity).Stringer("by", k.account).Msg("the key of an epoch was sealed to another signer")
	return dek.Sign(s.p.Identity, k.hash, api.EpochParcel{Parcel: parcel})
}

// importEpoch takes the key of an epoch from a listed signer, once.
func (s *Signer) importEpoch(ctx context.Context, k kept, in api.EpochParcel) (dek.Signed, error) {
	offer, e, k3, err := s.unpack(in.Parcel)
	if err != nil {
		return dek.Signed{}, err
	}
	defer k3.Destroy()
	// A key that is prepared gives way to another only while the chain has not
	// reached its epoch: ask it now.
	now, err := s.freshEpoch(ctx)
	if err != nil {
		return dek.Signed{}, err
	}
	if err := s.cared(ctx, k, opImport, e.Epoch); err != nil {
		return dek.Signed{}, err
	}
	st, err := s.p.Keys.Import(ctx, e.Epoch, now, k3, e.Check, e.Ring)
	if err != nil {
		return dek.Signed{}, conflict(err)
	}
	s.forget(offer)
	s.env.Log.Info().Uint64("epoch", e.Epoch).Str("check", e.Check).Stringer("by", k.account).Msg("the key of an epoch was taken from another signer")
	return dek.Sign(s.p.Identity, k.hash, shown(st))
}

// destroy erases the key of an epoch that ended long enough ago.
func (s *Signer) destroy(ctx context.Context, k kept, in api.EpochRequest) (dek.Signed, error) {
	if err := s.ended(in.Epoch); err != nil {
		return dek.Signed{}, err
	}
	if err := s.cared(ctx, k, opDestroy, in.Epoch); err != nil {
		return dek.Signed{}, err
	}
	e, err := s.p.Keys.Destroy(ctx, in.Epoch, k.confirmed)
	if err != nil {
		return dek.Signed{}, conflict(err)
	}
	s.env.Log.Warn().Uint64("epoch", e.Epoch).Str("check", e.Check).Stringer("by", k.account).Msg("the key of an epoch was destroyed")
	return dek.Sign(s.p.Identity, k.hash, shown(e))
}

// ended refuses while a data key that was given out under the epoch may still be
// on its way to seal an object. An epoch that has not ended here has no such
// instant yet, whatever the chain says: it may be raised between this look and
// the destruction.
func (s *Signer) ended(epoch uint64) error {
	for _, e := range s.p.Keys.Status().Epochs {
		if e.Epoch != epoch || !e.Destroyed.IsZero() {
			continue
		}
		if e.Retired.IsZero() {
			return apierr.New(apierr.EpochConflict, "epoch %d has not ended at this signer", epoch).WithFix("agentkeys k3 status")
		}
		if from := e.Retired.Add(s.p.DestroyDelay); s.env.Now().Before(from) {
			return apierr.New(apierr.EpochConflict, "epoch %d ended at %s; its key is kept until %s", epoch, e.Retired.UTC().Format(time.RFC3339), from.UTC().Format(time.RFC3339))
		}
	}
	return nil
}

// freshEpoch looks at the chain again before it answers.
func (s *Signer) freshEpoch(ctx context.Context) (uint64, error) {
	if err := s.p.View.Refresh(ctx); err != nil {
		return 0, err
	}
	now, err := s.p.View.Counter(ctx)
	return uint64(now.Newest.Epoch), err
}
