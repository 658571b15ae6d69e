package jose

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"time"
)

// idBytes makes a token identifier that nobody guesses and no two tokens share.
const idBytes = 16

// NewID draws a token identifier: 22 base64url characters.
func NewID() string {
	var b [idBytes]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return EncodeSegment(b[:])
}

// IsID reports whether s has the form of NewID.
func IsID(s string) bool {
	b, err := DecodeSegment(s)
	return err == nil && len(b) == idBytes
}

// IsThumbprint reports whether s has the form of an RFC 7638 thumbprint.
func IsThumbprint(s string) bool {
	b, err := DecodeSegment(s)
	return err == nil && len(b) == sha256.Size
}

// DecodeCoordinate reads a coordinate of a 256-bit curve: all of its 32 bytes,
// leading zeros too (RFC 7518 section 6.2.1.2).
func DecodeCoordinate(s string) ([32]byte, error) {
	b, err := DecodeSegment(s)
	if err != nil || len(b) != 32 {
		return [32]byte{}, fmt.Errorf("%w: a coordinate is not 32 bytes of base64url", ErrKey)
	}
	return [32]byte(b), nil
}

// Thumbprint is the RFC 7638 SHA-256 thumbprint of an elliptic curve key: the
// required members in lexicographic order, without white space.
func Thumbprint(crv string, x, y [32]byte) string {
	sum := sha256.Sum256([]byte(`{"crv":"` + crv + `","kty":"EC","x":"` + EncodeSegment(x[:]) + `","y":"` + EncodeSegment(y[:]) + `"}`))
	return EncodeSegment(sum[:])
}

// maxDate is the end of the year 9999: beyond it time arithmetic may wrap.
const maxDate = 253402300799

// Date reads a NumericDate claim (RFC 7519 section 2) in whole seconds. Zero,
// which is what an absent claim decodes to, and absurd values are refused.
func Date(seconds int64) (time.Time, error) {
	if seconds <= 0 || seconds > maxDate {
		return time.Time{}, fmt.Errorf("%w: a date is missing or absurd", ErrInvalid)
	}
	return time.Unix(seconds, 0), nil
}
