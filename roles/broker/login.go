package broker

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/session"
	"github.com/litentry/agentkeys/pkg/siwe"
	"github.com/litentry/agentkeys/pkg/store"
)

// challengeTTL is how long a sign-in challenge may be answered.
const challengeTTL = 5 * time.Minute

// statement is the sentence that a wallet shows for a sign-in.
const statement = "Sign in to AgentKeys with this device key."

// loginStart issues a challenge that only the named address can answer. It
// tells nothing about the address: known and unknown ones look the same.
func (b *Broker) loginStart(ctx context.Context, _ httpd.Anyone, r api.LoginStart) (api.LoginChallenge, error) {
	if !common.IsHexAddress(r.Address) {
		return api.LoginChallenge{}, apierr.New(apierr.InvalidInput, "address must be 0x and 40 hex characters")
	}
	now := b.env.Now().UTC().Truncate(time.Second)
	c := api.LoginChallenge{
		Domain: b.domain, URI: b.env.URL, ChainID: b.env.Profile.Chain.ChainID, Nonce: rand.Text(),
		Statement: statement, IssuedAt: now, ExpiresAt: now.Add(challengeTTL),
	}
	return c, b.store.PutNonce(ctx, c.Nonce, common.HexToAddress(r.Address).Hex(), c.ExpiresAt)
}

// loginVerify turns a signed ERC-4361 message into a session. The signature
// is checked before the nonce is spent, so that nobody can spend another's.
func (b *Broker) loginVerify(ctx context.Context, who httpd.Anyone, r api.LoginVerify) (api.Session, error) {
	v, err := siwe.Verify(r.Message, r.Signature, siwe.Expect{
		Domain: b.domain, URI: b.env.URL, ChainID: b.env.Profile.Chain.ChainID, Statement: statement, Now: b.env.Now(),
	})
	if err != nil {
		return api.Session{}, err
	}
	if err := b.takeNonce(ctx, v); err != nil {
		return api.Session{}, err
	}
	id, err := b.resolve(ctx, v.Address())
	e := audit.Event{
		ID: audit.NewID(), Time: b.env.Now(), Emitter: emitter, RequestID: who.RequestID, Op: opLogin,
		Operator: id.Operator, Actor: id.Actor, Device: v.Device(),
	}
	if err != nil && id.Operator.IsZero() { // nobody's journal: the request log has it
		return api.Session{}, err
	}
	out, err := b.session(id, v, err)
	return decided(ctx, b, e, out, err)
}

// session is that of an identity, unless it was refused. Whoever's operator is not
// served here hears that first.
func (b *Broker) session(id chain.Identity, v siwe.Verified, refused error) (api.Session, error) {
	if err := b.operators.Check(id.Operator); err != nil {
		return api.Session{}, err
	}
	if refused != nil {
		return api.Session{}, refused
	}
	token, expires, err := b.sessions.Issue(session.Subject{
		Kind: id.Kind.String(), Operator: id.Operator, Actor: id.Actor, Device: v.Device(),
		Address: v.Address(), Thumbprint: v.Thumbprint(),
	})
	if err != nil {
		return api.Session{}, err
	}
	return api.Session{Token: token, ExpiresAt: expires, Kind: id.Kind.String(), Operator: id.Operator, Actor: id.Actor, Device: v.Device()}, nil
}

// resolve asks the registry, which alone turns an address into an identity. A
// head from a moment ago may not know a device that was just registered.
func (b *Broker) resolve(ctx context.Context, a common.Address) (chain.Identity, error) {
	p, err := b.view.Resolve(ctx, a)
	if err == nil && p.Agreed().Status != chain.Active {
		if err = b.view.Refresh(ctx); err == nil {
			p, err = b.view.Resolve(ctx, a)
		}
	}
	if err != nil {
		return chain.Identity{}, err
	}
	switch id := p.Agreed(); id.Status {
	case chain.Active:
		return id, nil
	case chain.Revoked:
		return id, apierr.New(apierr.DeviceRevoked, "the device key %s was revoked on chain; a revoked key never returns", a.Hex()).
			WithFix("agentkeys agent request --as NEW-NAME, then at the operator: agentkeys agent create --request FILE")
	case chain.Retired:
		return id, apierr.New(apierr.WalletRetired, "the wallet %s was retired on chain when its operator moved to another; it never returns", a.Hex()).
			WithFix("agentkeys whoami")
	default:
		return id, apierr.New(apierr.DeviceNotActive, "the device key %s is not registered on chain", a.Hex()).
			WithFix("an operator: agentkeys init; an agent: agentkeys agent request, then at the operator: agentkeys agent create --request FILE")
	}
}

// takeNonce spends the challenge of the address that answered it.
func (b *Broker) takeNonce(ctx context.Context, v siwe.Verified) error {
	err := b.store.TakeNonce(ctx, v.Nonce(), v.Address().Hex(), b.env.Now())
	if errors.Is(err, store.ErrNonceUnknown) {
		return apierr.New(apierr.Unauthorized, "this sign-in challenge is unknown, expired, answered already, or another address's").WithFix("agentkeys login")
	}
	return err
}
