package passkey

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Assertion is a signature by a passkey in the form K11Verifier takes. The
// signed message is authenticatorData || SHA-256(clientDataJSON).
//
// Its s is always at most n/2. An ECDSA signature (r, s) has a twin (r, n-s)
// that verifies too; operations are protected from replay by what they sign,
// so the twin would do no harm, yet one form is easier to reason about than
// two. Authenticators do not care which one they produce, so the relying party
// picks it, and the contract refuses the other.
type Assertion struct {
	AuthenticatorData []byte
	ClientDataJSON    []byte
	R, S              *big.Int
}

// authenticator data (WebAuthn section 6.1): rpIdHash, flags, signCount, then
// attested credential data or extensions where the flags say so.
//
// Nothing but the 37 bytes that every authenticator sends is expected of an
// assertion; maxAuthData leaves room for extensions, which are signed as well.
const (
	flagsAt         = 32
	signCountAt     = 33
	minAuthData     = 37
	maxAuthData     = 1024
	flagUserPresent = 0x01
	flagVerified    = 0x04
	flagEligible    = 0x08
	flagBackedUp    = 0x10
	flagAttested    = 0x40
	flagExtensions  = 0x80
)

// ErrAssertion marks an assertion that is not in the chain's form.
var ErrAssertion = errors.New("invalid assertion")

// SignCount reads the count from the signed bytes.
func (a Assertion) SignCount() uint32 {
	if len(a.AuthenticatorData) < minAuthData {
		return 0
	}
	return binary.BigEndian.Uint32(a.AuthenticatorData[signCountAt:minAuthData])
}

// Validate checks the form: sizes, and r and s in the range the contract takes.
// It verifies no signature.
func (a Assertion) Validate() error {
	if len(a.AuthenticatorData) < minAuthData || len(a.AuthenticatorData) > maxAuthData {
		return fmt.Errorf("%w: authenticator data has %d bytes", ErrAssertion, len(a.AuthenticatorData))
	}
	if len(a.ClientDataJSON) == 0 || len(a.ClientDataJSON) > MaxClientData {
		return fmt.Errorf("%w: clientDataJSON has %d bytes", ErrAssertion, len(a.ClientDataJSON))
	}
	n := order()
	if a.R == nil || a.R.Sign() <= 0 || a.R.Cmp(n) >= 0 {
		return fmt.Errorf("%w: r is out of range", ErrAssertion)
	}
	if a.S == nil || a.S.Sign() <= 0 || a.S.Cmp(halfOrder(n)) > 0 {
		return fmt.Errorf("%w: s is out of range", ErrAssertion)
	}
	return nil
}

// assertionJSON is how an assertion travels between machines.
type assertionJSON struct {
	AuthenticatorData string `json:"authenticator_data"`
	ClientDataJSON    string `json:"client_data_json"`
	R                 string `json:"r"`
	S                 string `json:"s"`
}

// MarshalJSON writes base64url for the byte strings and 0x words for r and s.
func (a Assertion) MarshalJSON() ([]byte, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	var r, s [32]byte
	a.R.FillBytes(r[:])
	a.S.FillBytes(s[:])
	return strictjson.Encode(assertionJSON{
		AuthenticatorData: encodeBase64(a.AuthenticatorData),
		ClientDataJSON:    encodeBase64(a.ClientDataJSON),
		R:                 formatWord(r),
		S:                 formatWord(s),
	})
}

// UnmarshalJSON implements json.Unmarshaler by ParseAssertion.
func (a *Assertion) UnmarshalJSON(data []byte) error {
	v, err := ParseAssertion(data)
	if err != nil {
		return err
	}
	*a = v
	return nil
}

// ParseAssertion reads what MarshalJSON wrote. The signature is not verified:
// that is VerifyAssertion's work, or the contract's.
func ParseAssertion(data []byte) (Assertion, error) {
	var f assertionJSON
	if err := strictjson.Decode(data, &f); err != nil {
		return Assertion{}, fmt.Errorf("%w: %w", ErrAssertion, err)
	}
	var a Assertion
	var err error
	if a.AuthenticatorData, err = decodeBase64(f.AuthenticatorData); err != nil {
		return Assertion{}, fmt.Errorf("%w: authenticator_data: %w", ErrAssertion, err)
	}
	if a.ClientDataJSON, err = decodeBase64(f.ClientDataJSON); err != nil {
		return Assertion{}, fmt.Errorf("%w: client_data_json: %w", ErrAssertion, err)
	}
	r, err := parseWord(f.R)
	if err != nil {
		return Assertion{}, fmt.Errorf("%w: r: %w", ErrAssertion, err)
	}
	s, err := parseWord(f.S)
	if err != nil {
		return Assertion{}, fmt.Errorf("%w: s: %w", ErrAssertion, err)
	}
	a.R, a.S = new(big.Int).SetBytes(r[:]), new(big.Int).SetBytes(s[:])
	if err := a.Validate(); err != nil {
		return Assertion{}, err
	}
	return a, nil
}

// lowSignature reads a DER ECDSA-Sig-Value (WebAuthn section 6.5.5) that has
// been verified, and brings s into the lower half.
func lowSignature(der []byte) (r, s *big.Int, err error) {
	r, s = new(big.Int), new(big.Int)
	input := cryptobyte.String(der)
	var seq cryptobyte.String
	if !input.ReadASN1(&seq, asn1.SEQUENCE) || !input.Empty() ||
		!seq.ReadASN1Integer(r) || !seq.ReadASN1Integer(s) || !seq.Empty() {
		return nil, nil, fmt.Errorf("%w: not a DER ECDSA-Sig-Value", ErrSignature)
	}
	if n := order(); s.Cmp(halfOrder(n)) > 0 {
		s.Sub(n, s)
	}
	return r, s, nil
}
