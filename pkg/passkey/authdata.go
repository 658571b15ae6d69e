package passkey

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// maxAttestation bounds an attestation object; real ones have a few hundred
// bytes.
const maxAttestation = 8192

// guardAuthData checks what both ceremonies share: size, flags that contradict
// each other (WebAuthn section 7.1 step 17, 7.2 step 18), extensions that
// nobody asked for.
func guardAuthData(data []byte) error {
	if len(data) < minAuthData {
		return fmt.Errorf("%w: %d bytes", ErrAuthenticatorData, len(data))
	}
	flags := data[flagsAt]
	if flags&flagBackedUp != 0 && flags&flagEligible == 0 {
		return ErrBackupFlags
	}
	if flags&flagExtensions != 0 {
		return fmt.Errorf("%w: extensions were not asked for", ErrAuthenticatorData)
	}
	return nil
}

// guardAssertedData: an assertion carries 37 bytes and nothing else.
func guardAssertedData(data []byte) error {
	if err := guardAuthData(data); err != nil {
		return err
	}
	if data[flagsAt]&flagAttested != 0 {
		return fmt.Errorf("%w: credential data in an assertion", ErrAuthenticatorData)
	}
	if len(data) != minAuthData {
		return fmt.Errorf("%w: trailing bytes", ErrAuthenticatorData)
	}
	return nil
}

// attestation is the attestation object (WebAuthn section 6.5.4).
type attestation struct {
	Format    string          `cbor:"fmt"`
	Statement cbor.RawMessage `cbor:"attStmt"`
	AuthData  []byte          `cbor:"authData"`
}

// selfStatement is a packed statement without a certificate.
type selfStatement struct {
	Algorithm int64  `cbor:"alg"`
	Signature []byte `cbor:"sig"`
}

// coseKey is an ES256 key (RFC 9053 section 7.1.1, WebAuthn section 5.8.5).
type coseKey struct {
	KeyType   int64  `cbor:"1,keyasint"`
	Algorithm int64  `cbor:"3,keyasint"`
	Curve     int64  `cbor:"-1,keyasint"`
	X         []byte `cbor:"-2,keyasint"`
	Y         []byte `cbor:"-3,keyasint"`
}

const (
	coseEC2   = 2
	coseES256 = -7
	coseP256  = 1
)

// guardAttestation refuses attestation objects outside the one shape this
// system asks for, and returns the authenticator data within.
func guardAttestation(object []byte) ([]byte, error) {
	if len(object) > maxAttestation {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrAttestation, maxAttestation)
	}
	mode, err := strictCBOR()
	if err != nil {
		return nil, err
	}
	var a attestation
	if err := mode.Unmarshal(object, &a); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAttestation, err)
	}
	switch a.Format {
	case "none":
		if !bytes.Equal(a.Statement, []byte{0xa0}) {
			return nil, fmt.Errorf("%w: a none statement is empty", ErrAttestation)
		}
	case "packed":
		var s selfStatement
		if err := mode.Unmarshal(a.Statement, &s); err != nil {
			return nil, fmt.Errorf("%w: not a self-attestation: %w", ErrAttestation, err)
		}
	default:
		return nil, fmt.Errorf("%w: format is neither none nor packed", ErrAttestation)
	}
	if err := guardAuthData(a.AuthData); err != nil {
		return nil, err
	}
	return a.AuthData, guardAttestedData(mode, a.AuthData)
}

// guardAttestedData checks attested credential data (WebAuthn section 6.5.1):
// aaguid, id length, id, COSE key, and nothing behind it.
func guardAttestedData(mode cbor.DecMode, data []byte) error {
	if data[flagsAt]&flagAttested == 0 {
		return fmt.Errorf("%w: no credential data in an enrollment", ErrAuthenticatorData)
	}
	const idLengthAt = minAuthData + 16
	const idAt = idLengthAt + 2
	if len(data) < idAt {
		return fmt.Errorf("%w: cut off", ErrAuthenticatorData)
	}
	idLength := int(binary.BigEndian.Uint16(data[idLengthAt:idAt]))
	if idLength < 1 || idLength > MaxCredentialID || len(data) < idAt+idLength {
		return fmt.Errorf("%w: credential id of %d bytes", ErrAuthenticatorData, idLength)
	}
	var k coseKey
	rest, err := mode.UnmarshalFirst(data[idAt+idLength:], &k)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrKey, err)
	}
	if len(rest) != 0 {
		return fmt.Errorf("%w: trailing bytes", ErrAuthenticatorData)
	}
	if k.KeyType != coseEC2 || k.Algorithm != coseES256 || k.Curve != coseP256 || len(k.X) != 32 || len(k.Y) != 32 {
		return ErrKey
	}
	return nil
}

// strictCBOR leaves one reading of a byte string: no duplicate keys, no
// unknown members, no indefinite lengths, no tags, valid UTF-8.
func strictCBOR() (cbor.DecMode, error) {
	return cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
		MaxNestedLevels:   4,
	}.DecMode()
}
