// Package service owns the grammar of what an agent may touch: service names,
// memory keys, data classes, and the ops of a grant.
//
// A Name exists only if it passed the grammar of SPEC section 2, so that code
// which builds an object key, a session tag or an on-chain hash from a Name
// never sees a slash, a dot-dot, a wildcard or an upper-case letter.
package service

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/crypto/sha3"
)

// ErrInvalid is wrapped by every parse error of this package.
var ErrInvalid = errors.New("invalid service")

// Any is the service of a capability that lists: it names no single service
// and the answer holds only what the grants allow.
const Any = "*"

// Class is a data class: its own bucket, its own IAM role, its own worker.
type Class string

// The data classes.
const (
	Credentials Class = "credentials"
	Memory      Class = "memory"
	Email       Class = "email"
)

// ParseClass accepts exactly the classes above.
func ParseClass(s string) (Class, error) {
	switch c := Class(s); c {
	case Credentials, Memory, Email:
		return c, nil
	}
	return "", fmt.Errorf("%w: data class %q is not credentials, memory or email", ErrInvalid, clip(s))
}

// Name is a service name that passed the grammar. The zero value is no service.
type Name struct{ text string }

const (
	memoryPrefix = "memory:"
	emailPrefix  = "email:"
)

var (
	plain     = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	localPart = regexp.MustCompile(`^[a-z0-9][a-z0-9._+-]{0,63}$`)
	ldhLabel  = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	memoryKey = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)
)

// Parse reads a service name: a plain name, memory:<namespace> or
// email:<local>@<domain>.
func Parse(s string) (Name, error) {
	switch {
	case strings.HasPrefix(s, memoryPrefix):
		if !plain.MatchString(s[len(memoryPrefix):]) {
			return Name{}, fmt.Errorf("%w: memory namespace in %q must match %s", ErrInvalid, clip(s), plain)
		}
	case strings.HasPrefix(s, emailPrefix):
		local, domain, ok := strings.Cut(s[len(emailPrefix):], "@")
		if !ok || !localPart.MatchString(local) || !isDomain(domain) {
			return Name{}, fmt.Errorf("%w: %q must be email:<name>@<lower-case domain>", ErrInvalid, clip(s))
		}
	default:
		if !plain.MatchString(s) {
			return Name{}, fmt.Errorf("%w: service %q must match %s", ErrInvalid, clip(s), plain)
		}
	}
	return Name{s}, nil
}

// String is the name as signed, hashed and stored.
func (n Name) String() string { return n.text }

// IsZero reports whether this is no service.
func (n Name) IsZero() bool { return n.text == "" }

// Class is the data class that the name's form fixes.
func (n Name) Class() Class {
	switch {
	case strings.HasPrefix(n.text, memoryPrefix):
		return Memory
	case strings.HasPrefix(n.text, emailPrefix):
		return Email
	}
	return Credentials
}

// MemoryNamespace is the service memory:<namespace>.
func MemoryNamespace(namespace string) (Name, error) { return Parse(memoryPrefix + namespace) }

// Namespace is the namespace of a service of the class memory, and empty for every
// other one.
func (n Name) Namespace() string {
	if n.Class() != Memory {
		return ""
	}
	return n.text[len(memoryPrefix):]
}

// Hash is keccak256 of the name: the form in which the chain knows it.
func (n Name) Hash() (out [32]byte) {
	h := sha3.NewLegacyKeccak256()
	h.Write([]byte(n.text))
	h.Sum(out[:0])
	return out
}

// MarshalText implements encoding.TextMarshaler and refuses the zero Name.
func (n Name) MarshalText() ([]byte, error) {
	if n.IsZero() {
		return nil, fmt.Errorf("%w: no service named", ErrInvalid)
	}
	return []byte(n.text), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (n *Name) UnmarshalText(t []byte) error {
	v, err := Parse(string(t))
	if err != nil {
		return err
	}
	*n = v
	return nil
}

// MemoryKey is a key within a memory namespace that passed the grammar.
type MemoryKey struct{ text string }

// ParseMemoryKey reads a memory key.
func ParseMemoryKey(s string) (MemoryKey, error) {
	if !memoryKey.MatchString(s) {
		return MemoryKey{}, fmt.Errorf("%w: memory key %q must match %s", ErrInvalid, clip(s), memoryKey)
	}
	return MemoryKey{s}, nil
}

// String is the key itself.
func (k MemoryKey) String() string { return k.text }

// IsZero reports whether this is no key.
func (k MemoryKey) IsZero() bool { return k.text == "" }

// MarshalText implements encoding.TextMarshaler and refuses the zero MemoryKey.
func (k MemoryKey) MarshalText() ([]byte, error) {
	if k.IsZero() {
		return nil, fmt.Errorf("%w: no memory key named", ErrInvalid)
	}
	return []byte(k.text), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *MemoryKey) UnmarshalText(t []byte) error {
	v, err := ParseMemoryKey(string(t))
	if err != nil {
		return err
	}
	*k = v
	return nil
}

func isDomain(d string) bool {
	labels := strings.Split(d, ".")
	if len(d) > 253 || len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if !ldhLabel.MatchString(l) {
			return false
		}
	}
	return true
}

// clip bounds what an error message repeats of hostile input.
func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
