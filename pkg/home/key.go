package home

import (
	"crypto/ecdsa"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/secret"
)

// ErrKeyClosed is answered by a key that was closed.
var ErrKeyClosed = errors.New("the device key is closed")

// Key is an opened K10. No formatter, logger or encoder prints it. It is safe
// for concurrent use, Close included.
type Key struct {
	address profile.Address
	// private hides the key behind a closure, from reflection too.
	private func() *ecdsa.PrivateKey
	close   func()
}

func newKey(k *ecdsa.PrivateKey) *Key {
	var mu sync.Mutex // guards held
	held := k
	return &Key{
		address: profile.Address(crypto.PubkeyToAddress(k.PublicKey)),
		private: func() *ecdsa.PrivateKey {
			mu.Lock()
			defer mu.Unlock()
			return held
		},
		close: func() {
			mu.Lock()
			defer mu.Unlock()
			if held != nil {
				//lint:ignore SA1019 overwriting the key itself is the point, nothing else reaches it
				clear(held.D.Bits())
				//lint:ignore SA1019 as above
				held.D.SetInt64(0)
				held = nil
			}
		},
	}
}

// Address is the key's account.
func (k *Key) Address() profile.Address { return k.address }

// Device is the hash under which the registry knows the key.
func (k *Key) Device() omni.DeviceKey { return omni.DeviceKeyOfAddress(k.address) }

// Private hands the key itself to a mechanism that signs (transactions, SIWE,
// DPoP proofs). It is nil once the key is closed; a caller neither keeps nor
// prints it.
func (k *Key) Private() *ecdsa.PrivateKey { return k.private() }

// SignHash signs 32 bytes that are a digest already: r, s and v, with v 0 or 1
// and s in the lower half.
func (k *Key) SignHash(digest [32]byte) ([65]byte, error) {
	var sig [65]byte
	p := k.private()
	if p == nil {
		return sig, ErrKeyClosed
	}
	b, err := crypto.Sign(digest[:], p)
	if err != nil {
		return sig, fmt.Errorf("signing with the device key: %w", err)
	}
	copy(sig[:], b)
	return sig, nil
}

// SignText signs a message for people (EIP-191 version 0x45), with v 27 or 28.
func (k *Key) SignText(text []byte) ([65]byte, error) {
	sig, err := k.SignHash([32]byte(accounts.TextHash(text)))
	if err == nil {
		sig[64] += 27
	}
	return sig, err
}

// Close overwrites the key. Signing answers ErrKeyClosed from then on.
func (k *Key) Close() { k.close() }

// String implements fmt.Stringer.
func (*Key) String() string { return secret.Redacted }

// GoString implements fmt.GoStringer.
func (*Key) GoString() string { return secret.Redacted }

// Format implements fmt.Formatter for every verb.
func (*Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, secret.Redacted) }

// MarshalText implements encoding.TextMarshaler, and with it JSON's.
func (*Key) MarshalText() ([]byte, error) { return []byte(secret.Redacted), nil }
