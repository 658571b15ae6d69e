// Package secret holds bytes that no formatter, logger or encoder can print.
//
// A Secret keeps its bytes behind a closure, so that even reflection over an
// unexported field (what %+v and %#v do) meets a function pointer and nothing
// else. Every well-known rendering interface answers [Redacted].
//
// A [Locked] keeps bytes that live as long as the process on pages that are not
// swapped out and stay out of core dumps.
//
// It does not protect memory from the process itself: whoever calls Reveal
// holds the bytes and is responsible for them.
package secret

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Redacted is what every formatter sees instead of the bytes.
const Redacted = "[redacted]"

// ErrNoEncoding is answered by every encoder and decoder that meets a Secret.
var ErrNoEncoding = errors.New("secret: a secret is never encoded")

// Secret is an immutable, redacting holder of bytes. The zero value is empty.
// It is safe for concurrent use.
type Secret struct{ reveal func() []byte }

// New copies b into a Secret; the caller may zero b afterwards.
func New(b []byte) Secret {
	held := append([]byte(nil), b...)
	return Secret{reveal: func() []byte { return held }}
}

// Own takes b itself, without a copy: the caller gives it away and must not
// touch it again.
func Own(b []byte) Secret { return Secret{reveal: func() []byte { return b }} }

// Reveal returns the bytes themselves, not a copy. Callers must not modify
// them, except through Destroy.
func (s Secret) Reveal() []byte {
	if s.reveal == nil {
		return nil
	}
	return s.reveal()
}

// Len is the number of bytes held.
func (s Secret) Len() int { return len(s.Reveal()) }

// Equal compares in constant time for equal lengths.
func (s Secret) Equal(o Secret) bool {
	return subtle.ConstantTimeCompare(s.Reveal(), o.Reveal()) == 1
}

// Destroy overwrites the bytes with zeros. Every copy of this Secret shares
// them and reads zeros afterwards.
func (s Secret) Destroy() { clear(s.Reveal()) }

// String implements fmt.Stringer.
func (Secret) String() string { return Redacted }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return Redacted }

// Format implements fmt.Formatter for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalJSON implements json.Marshaler. It redacts instead of failing, so
// that a log line which meets a secret is still written.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// MarshalText implements encoding.TextMarshaler.
func (Secret) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalBinary implements encoding.BinaryMarshaler and always fails: a binary
// form would be mistaken for the secret itself.
func (Secret) MarshalBinary() ([]byte, error) { return nil, ErrNoEncoding }

// UnmarshalJSON implements json.Unmarshaler and always fails: a secret is
// never part of a decoded document.
func (*Secret) UnmarshalJSON([]byte) error { return ErrNoEncoding }
