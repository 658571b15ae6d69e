package jose

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// MaxToken bounds a compact token. It is checked before the text is looked at,
// so that a megabyte of dots costs a comparison.
const MaxToken = 8 << 10

// Compact is a token cut into its parts. Nothing in it is verified.
type Compact struct {
	Header, Payload, Signature []byte
	// Input is what the signature covers: the first two segments and the dot
	// between them, as they were received (RFC 7515 section 5.2, step 8).
	Input string
}

// Split cuts a compact token and decodes its three segments.
func Split(token string) (Compact, error) {
	if len(token) > MaxToken {
		return Compact{}, fmt.Errorf("%w: %d bytes, at most %d", ErrForm, len(token), MaxToken)
	}
	// A dot too few leaves an empty segment, a dot too many is no base64url.
	header, rest, _ := strings.Cut(token, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	if header == "" || payload == "" || signature == "" {
		return Compact{}, fmt.Errorf("%w: not three segments", ErrForm)
	}
	c := Compact{Input: token[:len(header)+1+len(payload)]}
	for _, s := range []struct {
		text string
		into *[]byte
	}{{header, &c.Header}, {payload, &c.Payload}, {signature, &c.Signature}} {
		b, err := DecodeSegment(s.text)
		if err != nil {
			return Compact{}, err
		}
		*s.into = b
	}
	return c, nil
}

// DecodeSegment reads unpadded base64url in its one canonical form.
func DecodeSegment(s string) ([]byte, error) {
	// The decoder of the standard library skips line ends.
	if strings.ContainsAny(s, "\r\n") {
		return nil, fmt.Errorf("%w: a line end within base64url", ErrForm)
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("%w: not canonical base64url", ErrForm)
	}
	return b, nil
}

// EncodeSegment writes unpadded base64url.
func EncodeSegment(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
