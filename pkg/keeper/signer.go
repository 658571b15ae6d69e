// Package keeper is what the keeper of the keys does, from the command line or
// from a demo: rotate the key epoch, move stored objects to the current epoch,
// destroy a key that nothing needs, and look at how things stand.
//
// Laws:
//   - All that a signer says is signed for, to the very request, by an identity
//     key that the profile pins: the keys that it made, took, destroyed or wrapped
//     anew, and its list of epochs (Status). Whoever stands between can make a run
//     fail, not end too early.
//   - The counter on chain moves only after every signer named has shown the
//     same key-check value for the next epoch. Everything before that can be
//     repeated and is harmless.
//   - An object is replaced only if it is still the one that was read, so that
//     no write of anybody is lost.
//   - A key is destroyed only after a whole look at storage found no object that
//     needs it.
//
// It holds no key: the wallet signs maintenance sessions and transactions, the
// storage credentials are the operator's.
package keeper

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/maintenance"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// SignerConfig says which signer, and who asks it.
type SignerConfig struct {
	URL     string   // origin
	Pins    []string // thumbprints of identity keys, one of which must be the signer's
	ChainID uint64
	// Wallet signs maintenance sessions; nil asks only what everybody may.
	Wallet maintenance.Wallet
	Now    func() time.Time
	HTTP   *http.Client // nil: api.NewHTTPClient
}

// Signer is one signer host. It is safe for concurrent use.
type Signer struct {
	c      SignerConfig
	web    *api.Client
	pinned jose.KeySet

	mu      sync.Mutex // guards session
	session *maintenance.Session
}

// ErrUnpinned: the host does not publish an identity key that is pinned.
var ErrUnpinned = errors.New("the signer has none of the identity keys that the profile pins (signers[].key)")

// Dial fetches the signer's identity key and pins it.
func Dial(ctx context.Context, c SignerConfig) (*Signer, error) {
	if c.HTTP == nil {
		c.HTTP = api.NewHTTPClient()
	}
	published, err := api.FetchKeys(ctx, c.HTTP, c.URL+api.PathSignerJWKS)
	if err != nil {
		return nil, fmt.Errorf("asking the signer %s who it is: %w", c.URL, err)
	}
	for _, pin := range c.Pins {
		if set, err := published.Pin(pin); err == nil {
			return &Signer{c: c, web: &api.Client{HTTP: c.HTTP, Now: c.Now}, pinned: set}, nil
		}
	}
	return nil, fmt.Errorf("%s: %w; it shows %v", c.URL, ErrUnpinned, published.Thumbprints())
}

// URL is the signer's origin.
func (s *Signer) URL() string { return s.c.URL }

// Identity is the thumbprint of its identity key.
func (s *Signer) Identity() string { return s.pinned.Thumbprints()[0] }

// Status asks which keys the signer holds. The answer is signed, to this very
// question.
func (s *Signer) Status(ctx context.Context) (api.Epochs, error) {
	path := api.PathEpochs + "/" + jose.NewID()
	raw, err := s.web.Get(ctx, s.c.URL+path)
	if err != nil {
		return api.Epochs{}, err
	}
	var e api.Epochs
	return e, s.open(raw, dek.RequestHash(path, nil, ""), &e)
}

// open believes only what the pinned signer answered to the request with this
// hash.
func (s *Signer) open(raw []byte, hash [32]byte, into any) error {
	var signed dek.Signed
	if err := strictjson.DecodeAnswer(raw, &signed); err != nil {
		return fmt.Errorf("reading the answer of %s: %w", s.c.URL, err)
	}
	if err := signed.Open(s.pinned, hash, into); err != nil {
		return fmt.Errorf("%s: %w", s.c.URL, err)
	}
	return nil
}

// Prepare has the signer make the key of an epoch, if it has none.
func (s *Signer) Prepare(ctx context.Context, epoch uint64) (api.Epoch, error) {
	return ask[api.Epoch](ctx, s, api.PathEpochPrepare, api.EpochRequest{Epoch: epoch})
}

// Destroy has the signer erase the key of an epoch.
func (s *Signer) Destroy(ctx context.Context, epoch uint64) (api.Epoch, error) {
	return ask[api.Epoch](ctx, s, api.PathEpochDestroy, api.EpochRequest{Epoch: epoch})
}

// Give hands the key of an epoch to another signer, sealed to it.
func (s *Signer) Give(ctx context.Context, epoch uint64, to *Signer) (api.Epoch, error) {
	offer, err := ask[api.EpochOffer](ctx, to, api.PathEpochOffer, nil)
	if err != nil {
		return api.Epoch{}, fmt.Errorf("asking %s for an offer: %w", to.c.URL, err)
	}
	parcel, err := ask[api.EpochParcel](ctx, s, api.PathEpochExport, api.EpochExport{Epoch: epoch, Offer: offer.Session})
	if err != nil {
		return api.Epoch{}, fmt.Errorf("asking %s for the key of epoch %d: %w", s.c.URL, epoch, err)
	}
	return ask[api.Epoch](ctx, to, api.PathEpochImport, parcel)
}

// Rewrap has the signer move data keys to an epoch.
func (s *Signer) Rewrap(ctx context.Context, r api.RewrapRequest) ([]api.RewrapResult, error) {
	out, err := ask[api.Rewrapped](ctx, s, api.PathDEKRewrap, r)
	if err == nil && len(out.Items) != len(r.Items) {
		err = fmt.Errorf("%s answered %d of %d items", s.c.URL, len(out.Items), len(r.Items))
	}
	return out.Items, err
}

// ask sends one request under the maintenance session and believes only the
// pinned signer's answer to exactly that request.
func ask[Out any](ctx context.Context, s *Signer, path string, in any) (Out, error) {
	var out Out
	var body []byte
	contentType := ""
	if in != nil {
		var err error
		if body, err = strictjson.Encode(in); err != nil {
			return out, fmt.Errorf("encoding a request: %w", err)
		}
		contentType = "application/json"
	}
	session, err := s.alive(ctx)
	if err != nil {
		return out, err
	}
	proof, err := session.Proof(http.MethodPost, s.c.URL+path, body, s.c.Now())
	if err != nil {
		return out, fmt.Errorf("signing a proof: %w", err)
	}
	h := http.Header{"Authorization": {api.Scheme + session.Token()}, "Dpop": {proof}}
	raw, err := s.web.Post(ctx, api.Request{URL: s.c.URL + path, Header: h, ContentType: contentType, Body: body})
	if err != nil {
		return out, err
	}
	return out, s.open(raw, dek.RequestHash(path, body, proof), &out)
}

// renewBefore is how much time a session must have left.
const renewBefore = time.Minute

// alive is a session with time left; the wallet signs when there is none.
func (s *Signer) alive(ctx context.Context) (*maintenance.Session, error) {
	if s.c.Wallet == nil {
		return nil, errors.New("a maintenance session needs the wallet of the maintainer or of governance")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.c.Now()
	if s.session != nil && now.Before(s.session.ExpiresAt().Add(-renewBefore)) {
		return s.session, nil
	}
	var err error
	s.session, err = maintenance.Sign(ctx, s.c.Wallet, maintenance.Request{URL: s.c.URL, ChainID: s.c.ChainID, Now: now})
	return s.session, err
}
