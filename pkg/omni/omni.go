// Package omni owns the 32-byte identifiers of the system and their two text
// forms.
//
// An Operator, an Actor and a DeviceKey are distinct types that cannot be
// mixed up. In JSON and on the terminal an identifier reads 0x + 64 lower-case
// hex characters ([ID.String]); inside S3 keys and session tags it reads 64 hex
// characters without prefix ([ID.Key]). Nothing else is accepted: not upper
// case, not another length, never zero. That strictness is what makes an omni
// safe inside an object key, a policy variable and a session tag.
//
// Deriving an omni from an address happens once, at first registration. From
// there only the registry turns an address into an omni (SPEC section 2).
package omni

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/crypto/sha3"
)

// domain separates omnis of EVM wallets from every other SHA-256 use.
const domain = "agentkeysevm"

// ErrInvalid is wrapped by every parse error of this package.
var ErrInvalid = errors.New("invalid identifier")

type kind interface{ label() string }

type (
	operatorKind struct{}
	actorKind    struct{}
	deviceKind   struct{}
)

func (operatorKind) label() string { return "operator omni" }
func (actorKind) label() string    { return "actor omni" }
func (deviceKind) label() string   { return "device key hash" }

// ID is a non-zero 32-byte identifier of one kind. It is comparable and may
// key a map. The zero value is "absent": it is not encodable and no parser
// yields it.
type ID[K kind] struct{ b [32]byte }

type (
	// Operator names a person or company that approves.
	Operator = ID[operatorKind]
	// Actor names an agent, or an operator acting for itself.
	Actor = ID[actorKind]
	// DeviceKey names one key of one device: keccak256 of the 20 address
	// bytes for a K10, keccak256(0x04 || X || Y) for a passkey master.
	DeviceKey = ID[deviceKind]
)

// ParseOperator reads the 0x form.
func ParseOperator(s string) (Operator, error) { return parse[operatorKind](s) }

// ParseActor reads the 0x form.
func ParseActor(s string) (Actor, error) { return parse[actorKind](s) }

// ParseDeviceKey reads the 0x form.
func ParseDeviceKey(s string) (DeviceKey, error) { return parse[deviceKind](s) }

// OperatorFromBytes refuses zero.
func OperatorFromBytes(b [32]byte) (Operator, error) { return fromBytes[operatorKind](b) }

// ActorFromBytes refuses zero.
func ActorFromBytes(b [32]byte) (Actor, error) { return fromBytes[actorKind](b) }

// DeviceKeyFromBytes refuses zero.
func DeviceKeyFromBytes(b [32]byte) (DeviceKey, error) { return fromBytes[deviceKind](b) }

// OperatorOfWallet derives the omni of a wallet at first registration:
// SHA-256("agentkeysevm" || lower-case 0x address), 54 ASCII bytes in.
func OperatorOfWallet(addr [20]byte) Operator { return Operator{ofWallet(addr)} }

// ActorOfWallet is the same derivation for an agent's first binding.
func ActorOfWallet(addr [20]byte) Actor { return Actor{ofWallet(addr)} }

// DeviceKeyOfAddress is keccak256 of the 20 address bytes of a K10.
func DeviceKeyOfAddress(addr [20]byte) DeviceKey { return DeviceKey{keccak(addr[:])} }

// DeviceKeyOfPasskey is keccak256(0x04 || X || Y) of a passkey's public key.
func DeviceKeyOfPasskey(x, y [32]byte) DeviceKey {
	return DeviceKey{keccak([]byte{4}, x[:], y[:])}
}

// Self is the actor that an operator is when it acts for itself.
func Self(o Operator) Actor { return Actor(o) }

// IsZero reports whether the identifier is absent.
func (i ID[K]) IsZero() bool { return i.b == [32]byte{} }

// Bytes returns the 32 bytes.
func (i ID[K]) Bytes() [32]byte { return i.b }

// String is the 0x form.
func (i ID[K]) String() string { return "0x" + hex.EncodeToString(i.b[:]) }

// Key is the form for S3 keys and session tags: 64 hex, no prefix.
func (i ID[K]) Key() string { return hex.EncodeToString(i.b[:]) }

// Short abbreviates for people: 0x941cb1c3…. It is never parsed.
func (i ID[K]) Short() string { return "0x" + hex.EncodeToString(i.b[:4]) + "…" }

// MarshalText implements encoding.TextMarshaler and refuses zero.
func (i ID[K]) MarshalText() ([]byte, error) {
	if i.IsZero() {
		var k K
		return nil, fmt.Errorf("%w: %s is zero", ErrInvalid, k.label())
	}
	return []byte(i.String()), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (i *ID[K]) UnmarshalText(t []byte) error {
	v, err := parse[K](string(t))
	if err != nil {
		return err
	}
	*i = v
	return nil
}

func parse[K kind](s string) (ID[K], error) {
	var k K
	if len(s) != 66 || s[:2] != "0x" {
		return ID[K]{}, fmt.Errorf("%w: %s must be 0x and 64 lower-case hex characters", ErrInvalid, k.label())
	}
	var b [32]byte
	for n := 2; n < len(s); n++ {
		c := s[n]
		var v byte
		switch {
		case c >= '0' && c <= '9':
			v = c - '0'
		case c >= 'a' && c <= 'f':
			v = c - 'a' + 10
		default:
			return ID[K]{}, fmt.Errorf("%w: %s must be 0x and 64 lower-case hex characters", ErrInvalid, k.label())
		}
		b[(n-2)/2] = b[(n-2)/2]<<4 | v
	}
	return fromBytes[K](b)
}

func fromBytes[K kind](b [32]byte) (ID[K], error) {
	i := ID[K]{b}
	if i.IsZero() {
		var k K
		return i, fmt.Errorf("%w: %s is zero", ErrInvalid, k.label())
	}
	return i, nil
}

func ofWallet(addr [20]byte) [32]byte {
	return sha256.Sum256([]byte(domain + "0x" + hex.EncodeToString(addr[:])))
}

func keccak(parts ...[]byte) (out [32]byte) {
	h := sha3.NewLegacyKeccak256()
	for _, p := range parts {
		h.Write(p)
	}
	h.Sum(out[:0])
	return out
}
