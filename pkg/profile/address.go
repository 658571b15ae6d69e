package profile

import (
	"fmt"

	"github.com/ethereum/go-ethereum/common"
)

// Address is a non-zero 20-byte account or contract address. Its text form is
// the mixed-case checksum of ERC-55. The zero value is "absent".
type Address [20]byte

// ParseAddress reads 0x and 40 hex characters: all lower case, or with a
// correct ERC-55 checksum. A mistyped character in a checksummed address is
// refused instead of naming somebody else.
func ParseAddress(s string) (Address, error) {
	if len(s) != 42 || s[:2] != "0x" {
		return Address{}, fmt.Errorf("%w: an address is 0x and 40 hex characters", ErrInvalid)
	}
	lower := true
	for _, c := range []byte(s[2:]) {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f':
		case c >= 'A' && c <= 'F':
			lower = false
		default:
			return Address{}, fmt.Errorf("%w: an address is 0x and 40 hex characters", ErrInvalid)
		}
	}
	a := common.HexToAddress(s)
	switch {
	case a == common.Address{}:
		return Address{}, fmt.Errorf("%w: the address is zero", ErrInvalid)
	case !lower && a.Hex() != s:
		return Address{}, fmt.Errorf("%w: the checksum of address %s is wrong: a character is mistyped", ErrInvalid, s)
	}
	return Address(a), nil
}

// Common is the address as the chain packages want it.
func (a Address) Common() common.Address { return common.Address(a) }

// IsZero reports whether the address is absent.
func (a Address) IsZero() bool { return a == Address{} }

// String is the ERC-55 form.
func (a Address) String() string { return common.Address(a).Hex() }

// Short abbreviates for people: 0x941Cb1C3…. It is never parsed.
func (a Address) Short() string { return a.String()[:10] + "…" }

// MarshalText implements encoding.TextMarshaler and refuses zero.
func (a Address) MarshalText() ([]byte, error) {
	if a.IsZero() {
		return nil, fmt.Errorf("%w: the address is zero", ErrInvalid)
	}
	return []byte(a.String()), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (a *Address) UnmarshalText(t []byte) error {
	v, err := ParseAddress(string(t))
	if err != nil {
		return err
	}
	*a = v
	return nil
}
