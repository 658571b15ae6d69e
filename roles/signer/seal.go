package signer

import (
	"context"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// sealTarget is whose public key is asked for, and the request's hash.
type sealTarget struct {
	binding keys.SealBinding
	hash    [32]byte
}

// sealPolicy lets everybody ask: what comes back is a public key. The path is
// read here, in the one form in which it has a meaning.
func (s *Signer) sealPolicy() httpd.Policy[sealTarget] {
	return httpd.NewPolicy("public", func(_ context.Context, c *httpd.Call) (sealTarget, error) {
		part := strings.Split(strings.TrimPrefix(c.Path, api.PathSeal+"/"), "/")
		if len(part) != 3 {
			return sealTarget{}, apierr.New(apierr.InvalidInput, "the path is %s/<class>/<operator omni>/<actor omni>", api.PathSeal)
		}
		class, err := service.ParseClass(part[0])
		if err != nil {
			return sealTarget{}, apierr.Wrap(apierr.InvalidInput, err, "%s", err)
		}
		op, err := omni.ParseOperator(part[1])
		if err != nil {
			return sealTarget{}, apierr.Wrap(apierr.InvalidInput, err, "operator: %s", err)
		}
		actor, err := omni.ParseActor(part[2])
		if err != nil {
			return sealTarget{}, apierr.Wrap(apierr.InvalidInput, err, "actor: %s", err)
		}
		return sealTarget{keys.SealBinding{Class: class, Operator: op, Actor: actor}, dek.RequestHash(c.Path, nil, "")}, nil
	})
}

// sealKey answers the public key to which data keys of an actor's mail are
// sealed. The private one is derived when it is needed and stays here.
func (s *Signer) sealKey(ctx context.Context, t sealTarget, _ httpd.None) (dek.Signed, error) {
	now, err := s.p.View.Counter(ctx)
	if err != nil {
		return dek.Signed{}, err
	}
	if err := s.p.Keys.Raise(ctx, uint64(now.Newest.Epoch)); err != nil {
		return dek.Signed{}, apierr.Wrap(apierr.SignerUnavailable, err, "there is no sealing key for epoch %d yet; try again", now.Newest.Epoch)
	}
	public, epoch, err := s.p.Keys.SealKey(t.binding, 0)
	if err != nil {
		return dek.Signed{}, err
	}
	return dek.Sign(s.p.Identity, t.hash, api.SealKey{Epoch: epoch, Public: jose.EncodeSegment(public), At: s.env.Now().UTC()})
}
