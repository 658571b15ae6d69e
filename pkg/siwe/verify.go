package siwe

import (
	"crypto/ecdsa"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
)

const (
	// Leeway is how far in the future a message may have been issued.
	Leeway = 5 * time.Second
	// MaxLife bounds the time between issue and expiration.
	MaxLife = 10 * time.Minute
)

// Expect is what the server is configured to be.
type Expect struct {
	Domain    string
	URI       string
	ChainID   uint64
	Statement string
	Now       time.Time
}

// Verified is a sign-in whose signature and fields are right. The nonce is
// still to be consumed.
type Verified struct {
	message Message
	key     *ecdsa.PublicKey
}

// Address is the account that signed.
func (v Verified) Address() common.Address { return v.message.Address }

// Nonce is what the caller must consume, once, for this address.
func (v Verified) Nonce() string { return v.message.Nonce }

// ExpiresAt is when the message ends.
func (v Verified) ExpiresAt() time.Time { return v.message.ExpiresAt }

// PublicKey is the key that signed, recovered from the signature.
func (v Verified) PublicKey() *ecdsa.PublicKey { return v.key }

// Device is the device key hash of the account.
func (v Verified) Device() omni.DeviceKey { return omni.DeviceKeyOfAddress(v.message.Address) }

// Thumbprint is the RFC 7638 thumbprint of the key that signed: the jkt of the
// session that follows.
func (v Verified) Thumbprint() string {
	raw := crypto.FromECDSAPub(v.key)
	return jose.Thumbprint("secp256k1", [32]byte(raw[1:33]), [32]byte(raw[33:65]))
}

// Verify checks the text and its signature, 0x and 130 hex characters of
// r || s || v. Every refusal is unauthorized.
func Verify(text, signature string, e Expect) (Verified, error) {
	m, err := Parse(text)
	if err == nil {
		err = m.fit(e)
	}
	if err != nil {
		return Verified{}, refuse(err)
	}
	key, err := recoverKey(text, signature)
	if err != nil {
		return Verified{}, refuse(err)
	}
	if crypto.PubkeyToAddress(*key) != m.Address {
		return Verified{}, refuse(fmt.Errorf("%w: it is not signed by its address", ErrInvalid))
	}
	return Verified{message: m, key: key}, nil
}

// fit compares the message with what the server is and with its clock.
func (m Message) fit(e Expect) error {
	switch {
	case m.Domain != e.Domain:
		return fmt.Errorf("%w: domain must be %s", ErrInvalid, e.Domain)
	case m.URI != e.URI:
		return fmt.Errorf("%w: URI must be %s", ErrInvalid, e.URI)
	case m.ChainID != e.ChainID:
		return fmt.Errorf("%w: chain id must be %d", ErrInvalid, e.ChainID)
	case m.Statement != e.Statement:
		return fmt.Errorf("%w: statement must be %q", ErrInvalid, e.Statement)
	case m.IssuedAt.After(e.Now.Add(Leeway)):
		return fmt.Errorf("%w: it was issued in the future", ErrInvalid)
	case m.ExpiresAt.Sub(m.IssuedAt) > MaxLife:
		return fmt.Errorf("%w: it lives longer than %s", ErrInvalid, MaxLife)
	case !e.Now.Before(m.ExpiresAt):
		return fmt.Errorf("%w: it has expired", ErrInvalid)
	case e.Now.Before(m.NotBefore):
		return fmt.Errorf("%w: it is not valid yet", ErrInvalid)
	}
	return nil
}

// recoverKey returns the key that signed text as an EIP-191 personal message.
func recoverKey(text, signature string) (*ecdsa.PublicKey, error) {
	digits, ok := strings.CutPrefix(signature, "0x")
	sig, err := hex.DecodeString(digits)
	if !ok || err != nil || len(sig) != 65 {
		return nil, fmt.Errorf("%w: the signature is not 0x and 130 hex characters", ErrInvalid)
	}
	// SigToPub accepts high-s, which would give one sign-in two signatures.
	// Less 27, v must be 0 or 1; a smaller v wraps around and is neither.
	sig[64] -= 27
	r, s := new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:64])
	if !crypto.ValidateSignatureValues(sig[64], r, s, true) {
		return nil, fmt.Errorf("%w: the signature's v is not 27 or 28, or r or s is out of range", ErrInvalid)
	}
	key, err := crypto.SigToPub(personal(text), sig)
	if err != nil {
		return nil, fmt.Errorf("%w: the signature does not verify", ErrInvalid)
	}
	return key, nil
}

// Sign signs the text of m with the key of its address, as a wallet would.
func Sign(key *ecdsa.PrivateKey, m Message) (text, signature string, err error) {
	if key == nil || crypto.PubkeyToAddress(key.PublicKey) != m.Address {
		return "", "", errors.New("the key is not that of the message's address")
	}
	if err := m.Validate(); err != nil {
		return "", "", err
	}
	text = m.String()
	sig, err := crypto.Sign(personal(text), key)
	if err != nil {
		return "", "", fmt.Errorf("signing: %w", err)
	}
	sig[64] += 27
	return text, "0x" + hex.EncodeToString(sig), nil
}

// personal is the digest of EIP-191, version 0x45.
func personal(text string) []byte {
	return crypto.Keccak256([]byte("\x19Ethereum Signed Message:\n"+strconv.Itoa(len(text))), []byte(text))
}

func refuse(err error) error {
	return apierr.Wrap(apierr.Unauthorized, err, "the sign-in is refused: %s", err).WithFix("agentkeys login")
}
