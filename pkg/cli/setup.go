package cli

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/profile"
)

// The steps that `init` and `agent request` take, and that `dev` takes for its
// own operators and agents. Each finds what is done already.

// identityNamed returns the identity of that name, and makes it when there is
// none, with an imported key if one is given. One of another kind, or with
// another key than the imported one, is refused.
func (p *program) identityNamed(name string, kind home.Kind, imported *ecdsa.PrivateKey) (id home.Identity, created bool, err error) {
	d, err := p.home()
	if err != nil {
		return id, false, err
	}
	pass, err := p.passphrase()
	if err != nil {
		return id, false, err
	}
	defer pass.Destroy()
	if imported != nil {
		if err := p.checkImport(name, imported); err != nil {
			return id, false, err
		}
	}
	id, k, err := d.Create(name, kind, home.KeySource{Import: imported, Passphrase: pass})
	if errors.Is(err, home.ErrExists) {
		id, err = d.Choose(name, kind)
		if err == nil && imported != nil && id.Address.Common() != crypto.PubkeyToAddress(imported.PublicKey) {
			err = fmt.Errorf("%s is on this machine with another key, %s, which is never overwritten: give the imported one another name with --name", name, id.Address)
		}
		return id, false, err
	}
	if err != nil {
		return id, false, err
	}
	p.keep(id, k)
	return id, true, nil
}

// checkImport refuses a key that is on this machine under another name: one key is
// one identity.
func (p *program) checkImport(name string, imported *ecdsa.PrivateKey) error {
	d, err := p.home()
	if err != nil {
		return err
	}
	ids, err := d.Identities()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(ids, func(id home.Identity) bool { return id.Name == name }) {
		return nil // another key under that name is refused below
	}
	for _, id := range ids {
		if id.Address.Common() == crypto.PubkeyToAddress(imported.PublicKey) {
			return ui.WithFix(fmt.Errorf("the imported key is on this machine already, as %s", id.Name), "agentkeys init --name %s", id.Name)
		}
	}
	return nil
}

// enrolled returns the operator's passkey, and enrolls one when there is none.
func (p *program) enrolled(ctx context.Context, id home.Identity) (c passkey.Credential, created bool, err error) {
	d, err := p.home()
	if err != nil {
		return c, false, err
	}
	auth, err := p.authenticator(id)
	if err != nil {
		return c, false, err
	}
	at := home.Enrollment{Operator: id.Operator, RPID: rpID}
	switch have, err := d.ReadEnrollment(at); {
	case err == nil:
		c, err = passkey.ParseCredential(have.Reveal())
		return c, false, err
	case !isNotExist(err):
		return c, false, err
	}
	user := id.Operator.Bytes()
	req := passkey.EnrollRequest{
		RPID: rpID, Origin: origin, UserID: user[:],
		UserName: fmt.Sprintf("AgentKeys Primary Master (%s)", id.Operator.Short()),
	}
	if _, err := rand.Read(req.Challenge[:]); err != nil {
		return c, false, fmt.Errorf("drawing a challenge: %w", err)
	}
	if c, err = auth.Enroll(ctx, req); err != nil {
		return c, false, fmt.Errorf("enrolling a passkey: %w", err)
	}
	data, err := c.MarshalJSON()
	if err != nil {
		return c, false, err
	}
	return c, true, d.CreateEnrollment(at, append(data, '\n'))
}

// fund asks the faucet of a development chain for what transactions cost.
// Elsewhere people bring their own.
func (p *program) fund(ctx context.Context, id home.Identity) error {
	pr, err := p.load()
	if err != nil || !pr.IsDevelopment() || pr.Chain.ChainID != profile.DevChainID {
		return err // no other chain has a faucet
	}
	_, err = chain.FundFromFaucet(ctx, pr.ChainProfile(), common.Address(id.Address))
	return err
}

// request makes the request of an agent that wants to be bound to an operator.
func (p *program) request(id home.Identity, op omni.Operator, keyOf omni.Actor) (operator.Request, error) {
	c, err := p.chainClient()
	if err != nil {
		return operator.Request{}, err
	}
	k, err := p.key(id)
	if err != nil {
		return operator.Request{}, err
	}
	r, err := operator.NewRequest(k.Private(), id.Name, op, keyOf, c.RegistryDomain(), p.Now())
	if err != nil {
		return operator.Request{}, err
	}
	d, err := p.home()
	if err != nil {
		return operator.Request{}, err
	}
	_, err = d.Bind(id.Name, op, r.Actor)
	return r, err
}
