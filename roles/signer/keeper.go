package signer

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/maintenance"
)

// office is which of the accounts that the chain names may do something.
type office struct {
	name  string
	holds func(chain.Counter, common.Address) bool
}

// offices are all of them.
func offices() []office { return []office{maintainer(), governance(), either()} }

func maintainer() office {
	return office{"maintainer", func(c chain.Counter, a common.Address) bool { return a == c.Maintainer }}
}

func governance() office {
	return office{"governance", func(c chain.Counter, a common.Address) bool { return a == c.Governance }}
}

func either() office {
	return office{"maintainer or governance", func(c chain.Counter, a common.Address) bool { return a == c.Maintainer || a == c.Governance }}
}

// kept is a request by the account that the chain names for it.
type kept struct {
	account common.Address
	hash    [sha256.Size]byte
	id      string
	// epoch is the chain's newest, confirmed the one that no reorganisation
	// takes back.
	epoch, confirmed uint64
}

// keeper lets the holder of an office in.
func (s *Signer) keeper(o office) httpd.Policy[kept] {
	return httpd.NewPolicy(o.name+"+proof", func(ctx context.Context, c *httpd.Call) (kept, error) {
		auth, ok := c.One("Authorization")
		token, scheme := strings.CutPrefix(auth, api.Scheme)
		proof, proven := c.One("DPoP")
		if !ok || !scheme || !proven {
			return kept{}, apierr.New(apierr.Unauthorized, "send a maintenance session once, as Authorization: DPoP <session>, and one DPoP header")
		}
		by, err := s.keepers[o.name].Verify(ctx, maintenance.Call{Token: token, Proof: proof, Method: c.Method, URL: c.URL, Body: c.Body})
		if err != nil {
			return kept{}, err
		}
		now, err := s.p.View.Counter(ctx)
		if err != nil {
			return kept{}, err
		}
		return kept{
			account: by.Address(), hash: dek.RequestHash(c.Path, c.Body, proof), id: c.RequestID,
			epoch: uint64(now.Newest.Epoch), confirmed: uint64(now.Confirmed.Epoch),
		}, nil
	}).Refuses(maintenance.Refusals()...).Refuses(chain.Refusals()...).Refuses(apierr.MaintainerRequired)
}

// ringRefusals are the codes of a handler that changes the keyring, or reads a key
// out of it.
func ringRefusals(more ...apierr.Code) []apierr.Code {
	return append(more, apierr.EpochConflict, apierr.SignerUnavailable, apierr.AuditUnavailable)
}

// admit asks the chain whether an account holds an office, at the confirmed
// block and at the newest. It may have been named a moment ago: before the
// answer is no, the view looks once more. Anybody can make a wallet, so there are
// not more such looks than the chain's endpoints bear; beyond them the answer is
// what the view knows.
func (s *Signer) admit(o office) func(context.Context, common.Address) error {
	return func(ctx context.Context, a common.Address) error {
		now, err := s.p.View.Counter(ctx)
		if err != nil || holds(o, now, a) {
			return err
		}
		if ok, err := s.looks.Allow("chain"); err != nil || !ok {
			return apierr.New(apierr.MaintainerRequired, "account %s is not the %s that the chain names, as far as this signer has looked; if it was named just now, try again", a, o.name).WithFix("agentkeys k3 status")
		}
		if err := s.p.View.Refresh(ctx); err != nil {
			return err
		}
		if now, err = s.p.View.Counter(ctx); err != nil || holds(o, now, a) {
			return err
		}
		return apierr.New(apierr.MaintainerRequired, "account %s is not the %s that the chain names", a, o.name).WithFix("agentkeys k3 status")
	}
}

// holds: the zero address, which stands for nobody, holds nothing.
func holds(o office, p chain.CounterPair, a common.Address) bool {
	return a != (common.Address{}) && o.holds(p.Confirmed, a) && o.holds(p.Newest, a)
}

// conflict gives the keyring's refusals their code.
func conflict(err error) error {
	for _, known := range []error{
		keys.ErrEpochMissing, keys.ErrEpochConflict, keys.ErrTooFarAhead, keys.ErrEpochInUse, keys.ErrEpochDestroyed, keys.ErrOtherRing, keys.ErrCheckValue,
	} {
		if errors.Is(err, known) {
			return apierr.Wrap(apierr.EpochConflict, err, "%s", err).WithFix("agentkeys k3 status")
		}
	}
	if err != nil && apierr.CodeOf(err) == "" {
		return apierr.Wrap(apierr.SignerUnavailable, err, "the keyring could not be changed; nothing was lost, try again")
	}
	return err
}
