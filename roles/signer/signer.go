// Package signer is the one role that holds K3, the root of every data key.
//
// Laws:
//   - Neither K3 nor a key-encryption key ever leaves this role: what leaves is
//     the data key of one object, sealed to the worker that proved itself, or
//     the key of an epoch, sealed to another signer of the configuration.
//   - It trusts nobody: not the broker (which can mint), not the worker (which
//     passes on what it was shown). It verifies capability and proof itself,
//     the proof's URL against the addresses of that very worker, and asks the
//     chain again.
//   - New data keys are made under the greatest epoch ever seen, whatever the
//     chain says now. The mark is durable before the key is used.
//   - Every release is audited before it happens, or does not happen.
//   - Re-wrapping and the care of epochs are for the account that the chain
//     names as maintainer or governance, and yield no plaintext.
package signer

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/maintenance"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
)

// Parts are what a signer is built from.
type Parts struct {
	View     chain.View
	CapKeys  jose.KeySet // K1's public half, pinned
	Keys     *keys.Keyring
	Identity jose.PrivateKey
	Workers  Workers
	// Peers are the identity keys of the other signers; zero for none.
	Peers jose.KeySet
	Audit *role.Audit
	// Proofs and Orders remember used proofs, of agents and of keepers; nil: in
	// memory, for a signer that runs once.
	Proofs, Orders dpop.Guard
	// DestroyDelay is how long after its end the key of an epoch is kept at
	// least: as long as a data key that was given out may still seal an object.
	DestroyDelay time.Duration
}

// Signer is the running role.
type Signer struct {
	env     role.Env
	p       Parts
	caps    *captoken.Verifier
	proofs  *dpop.Verifier
	workers *dek.Verifier
	peers   *dek.Verifier
	keepers map[string]*maintenance.Verifier // by office
	epochs  *watch
	looks   httpd.Limiter // at the chain, for accounts that hold no office
	begins  []func(context.Context) error
	closers []func() error

	mu     sync.Mutex // guards offers
	offers []*dek.Session
}

// New builds a signer. It owns nothing of p: who opened the parts closes them.
func New(e role.Env, p Parts) (*Signer, error) {
	if p.Audit == nil || p.Keys == nil || p.View == nil {
		return nil, errors.New("signer: keyring, chain and audit are required")
	}
	s := &Signer{env: e, p: p, workers: dek.NewVerifier(p.Workers.keys, e.Now), peers: dek.NewVerifier(p.Peers, e.Now)}
	var errs [4]error
	for i, guard := range []*dpop.Guard{&s.p.Proofs, &s.p.Orders} { // agents cannot fill the maintainer's
		if *guard == nil {
			*guard, errs[i] = dpop.NewMemory(dpop.DefaultCapacity, dpop.DefaultPerKey, e.Now)
		}
	}
	s.caps, errs[2] = captoken.NewVerifier(p.CapKeys, e.Profile.CapIssuer, e.Now)
	s.proofs, errs[3] = dpop.NewVerifier(s.p.Proofs, e.Now)
	s.keepers = map[string]*maintenance.Verifier{}
	problems := errors.Join(errors.Join(errs[:]...), p.Workers.apart(p.Identity, p.Peers))
	for _, o := range offices() {
		v, err := maintenance.NewVerifier(s.p.Orders, maintenance.Config{URL: e.URL, ChainID: e.Profile.Chain.ChainID, Now: e.Now, Admit: s.admit(o)})
		problems = errors.Join(problems, err)
		s.keepers[o.name] = v
	}
	s.epochs, s.looks = newWatch(s), httpd.NewLimiter(looksRate, looksBurst)
	return s, problems
}

// Routes implements role.Service.
func (s *Signer) Routes(m *httpd.Mux) {
	httpd.Handle(m, "POST", dek.PathNew, s.release(making).ExplainedAs(service.OpStore), s.newKey, releaseRefusals()...)
	httpd.Handle(m, "POST", dek.PathUnwrap, s.release(opening).ExplainedAs(service.OpFetch), s.unwrap, releaseRefusals(apierr.EnvelopeInvalid)...)
	httpd.Handle(m, "POST", api.PathDEKRewrap, s.keeper(maintainer()), told(s, opRewrap, s.rewrap), ringRefusals()...)
	httpd.Handle(m, "POST", api.PathEpochPrepare, s.keeper(either()), told(s, opPrepare, s.prepare), ringRefusals()...)
	httpd.Handle(m, "POST", api.PathEpochOffer, s.keeper(either()), s.offerSession)
	httpd.Handle(m, "POST", api.PathEpochExport, s.keeper(either()), told(s, opExport, s.export), ringRefusals(apierr.WorkerNotListed)...)
	httpd.Handle(m, "POST", api.PathEpochImport, s.keeper(either()), told(s, opImport, s.importEpoch), ringRefusals()...)
	httpd.Handle(m, "POST", api.PathEpochDestroy, s.keeper(governance()), told(s, opDestroy, s.destroy), ringRefusals()...)
	anybody := httpd.NewLimiter(publicRate, publicBurst)
	httpd.Handle(m, "GET", api.PathSignerJWKS, httpd.RateLimited(anybody, httpd.Public()), s.jwks)
	httpd.Handle(m, "GET", api.PathEpochs, httpd.RateLimited(anybody, httpd.Public()), s.status, chain.Refusals()...)
	httpd.Handle(m, "GET", api.PathEpochs+"/:nonce", httpd.RateLimited(anybody, noncePolicy()), s.signedStatus, chain.Refusals()...)
	httpd.Handle(m, "GET", api.PathEpochStream, httpd.RateLimited(anybody, httpd.Public()), s.stream, chain.Refusals()...)
	httpd.Handle(m, "GET", api.PathSeal+"/:class/:operator/:actor", httpd.RateLimited(anybody, s.sealPolicy()), s.sealKey, append(chain.Refusals(), apierr.SignerUnavailable)...)
}

// What one address may ask without a proof.
const (
	publicRate  = 200
	publicBurst = 400
)

// What everybody together may have the chain be asked beside its blocks.
const (
	looksRate  = 2
	looksBurst = 64
)

// Checks implements role.Service.
func (s *Signer) Checks() []httpd.Check {
	return append(append(s.p.Audit.Checks(), role.ProofChecks(s.p.Proofs, s.p.Orders)...),
		httpd.Check{Name: "chain", Probe: s.p.View.Ready},
		httpd.Check{Name: "keyring", Probe: func(ctx context.Context) (time.Duration, error) {
			now, err := s.p.View.Counter(ctx)
			if err != nil {
				return 0, err
			}
			return 0, s.p.Keys.Check(uint64(now.Newest.Epoch))
		}},
	)
}

// Begin implements role.Service.
func (s *Signer) Begin(ctx context.Context) error {
	for _, begin := range s.begins {
		if err := begin(ctx); err != nil {
			return err
		}
	}
	s.epochs.start()
	return nil
}

// Close implements role.Service.
func (s *Signer) Close() error {
	s.epochs.close()
	return closeAll(s.closers)
}

func closeAll(closers []func() error) error {
	var err error
	for _, c := range closers {
		err = errors.Join(err, c())
	}
	return err
}

func (s *Signer) jwks(context.Context, httpd.Anyone, httpd.None) (jose.JWKS, error) {
	set, err := jose.NewKeySet(s.p.Identity.Public())
	return set.JWKS(), err
}
