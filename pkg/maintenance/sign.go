package maintenance

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/siwe"
)

// Wallet signs texts as EIP-191 personal messages (version 0x45): r || s || v
// with s in the lower half and v 27 or 28. It may be a key in memory, a keystore
// that asks, or a device.
type Wallet interface {
	Address() common.Address
	SignText(ctx context.Context, text []byte) ([65]byte, error)
}

// KeyWallet is the Wallet of a key in memory.
func KeyWallet(k *ecdsa.PrivateKey) Wallet { return keyWallet{func() *ecdsa.PrivateKey { return k }} }

// keyWallet has its key behind a function, so that no formatter prints it.
type keyWallet struct{ key func() *ecdsa.PrivateKey }

func (w keyWallet) Address() common.Address { return crypto.PubkeyToAddress(w.key().PublicKey) }

func (w keyWallet) SignText(_ context.Context, text []byte) (out [65]byte, err error) {
	sig, err := crypto.Sign(accounts.TextHash(text), w.key())
	if err != nil {
		return out, err
	}
	sig[64] += 27
	return [65]byte(sig), nil
}

// Request is what a session is signed for.
type Request struct {
	// URL is the signer's public origin: scheme://host[:port].
	URL     string
	ChainID uint64
	Now     time.Time
}

// Session is a maintenance session and its key. It is safe for concurrent use.
type Session struct {
	token      string
	address    common.Address
	thumbprint string
	expires    time.Time
	// sign has the session key, so that no formatter prints it.
	sign func(dpop.Request) (string, error)
}

// Sign has the wallet sign for a fresh session key, once. It lasts for MaxLife.
func Sign(ctx context.Context, w Wallet, r Request) (*Session, error) {
	host, err := domain(r.URL)
	if err != nil {
		return nil, fmt.Errorf("signing for maintenance: %w", err)
	}
	key, err := crypto.GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("making a session key: %w", err)
	}
	thumbprint := dpop.Thumbprint(&key.PublicKey)
	issued := r.Now.UTC().Truncate(time.Second)
	m := siwe.Message{
		Domain: host, Address: w.Address(), Statement: statement(thumbprint), URI: r.URL, ChainID: r.ChainID,
		Nonce: rand.Text(), IssuedAt: issued, ExpiresAt: issued.Add(MaxLife),
	}
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("signing for maintenance: %w", err)
	}
	text := m.String()
	sig, err := w.SignText(ctx, []byte(text))
	if err != nil {
		return nil, fmt.Errorf("signing for maintenance: %w", err)
	}
	// What the wallet gave is believed only if it is exactly that.
	expect := siwe.Expect{Domain: host, URI: r.URL, ChainID: r.ChainID, Statement: m.Statement, Now: issued}
	if _, err := siwe.Verify(text, "0x"+hex.EncodeToString(sig[:]), expect); err != nil {
		return nil, errors.New("signing for maintenance: the wallet signed another text, or with another key")
	}
	return &Session{
		token: formatToken(text, sig), address: m.Address, thumbprint: thumbprint, expires: m.ExpiresAt,
		sign: func(r dpop.Request) (string, error) { return dpop.Sign(key, r) },
	}, nil
}

// Token is what every request presents; it is safe in a header.
func (s *Session) Token() string { return s.token }

// Address is the wallet's that signed.
func (s *Session) Address() common.Address { return s.address }

// SessionThumbprint is the RFC 7638 thumbprint of the session key.
func (s *Session) SessionThumbprint() string { return s.thumbprint }

// ExpiresAt is the second from which the session is over.
func (s *Session) ExpiresAt() time.Time { return s.expires }

// Proof makes a fresh DPoP proof for one request: its method, its URL without
// query and fragment, and its exact body, empty for none.
func (s *Session) Proof(method, url string, body []byte, now time.Time) (string, error) {
	return s.sign(dpop.Request{Method: method, URL: url, Token: s.token, Body: body, Now: now})
}
