// Package keys gives out data keys: one fresh 32-byte key (DEK) per stored
// object, wrapped under a key-encryption key (KEK) that never leaves this
// package or the signer behind it.
//
// Laws:
//   - A DEK seals one object once. Nothing is ever encrypted to a KEK but DEKs.
//   - KEK = HKDF-SHA256 (RFC 5869) of K3 of one epoch over class, operator and
//     actor: no worker class, no operator and no actor shares one.
//   - A wrap is bound by its additional data (AAD) to the whole [Binding] and to
//     the epoch. Moved to any other place, it does not open.
//   - New keys are made under the highest epoch ever used, never a lower one.
//     Old epochs unwrap until somebody destroys their key.
//   - A [Keyring] lies sealed on disk (pkg/seal) and in locked memory. It never
//     makes a key again that may have been used (Remake is for one that never
//     was, and only when asked), never overwrites what it refuses, refuses an
//     older copy of itself by the mark beside it, and takes no key that was
//     destroyed out of a backup while that mark is there. Whoever can put back
//     keyring and mark together, while nothing runs, is not noticed here: Check
//     compares with the chain.
//   - "No keys to be had" (signer_unavailable) and "this wrap is not genuine"
//     (envelope_invalid) are different errors.
//
// It does not decide who may have a key: the caller has verified capability and
// chain, and a remote signer verifies both again from the [Evidence]. It does
// not notice that an older genuine object was put back in place of a newer one
// with the same binding; the object version in the binding does, where the
// caller keeps one.
package keys

import (
	"context"
	"errors"

	"github.com/litentry/agentkeys/pkg/secret"
)

const (
	// Size is the length of a K3, a KEK and a DEK: AES-256 throughout.
	Size = 32
	// WrapSize is the length of a wrapped DEK: nonce, ciphertext, tag.
	WrapSize = wrapNonce + Size + wrapTag
)

// DataKeys makes and opens data keys. Implementations are safe for concurrent
// use, and what New returned can be unwrapped after a crash at any
// later instant.
//
// Both methods answer apierr.SignerUnavailable when keys cannot be had at the
// moment, and apierr.EnvelopeInvalid when a wrap does not open: wrong binding,
// wrong or unknown epoch, or damage, which are not told apart.
type DataKeys interface {
	// New makes a data key for the object that r names, under r.Epoch or the
	// highest epoch already used, whichever is greater.
	New(ctx context.Context, r Request) (DEK, Wrapped, error)
	// Unwrap opens the data key of the object that r names.
	Unwrap(ctx context.Context, r Request, w Wrapped) (DEK, error)
}

// Rewrapper moves data keys to a later epoch. Its errors are those of DataKeys.
type Rewrapper interface {
	// Rewrap moves the data key to a later epoch, forward only, without
	// giving it out. Moving to the epoch that it has is no change.
	Rewrap(ctx context.Context, r Request, w Wrapped, toEpoch uint64) (Wrapped, error)
}

// Request names the object whose key is wanted, and carries what a remote
// signer needs in order to decide by itself.
type Request struct {
	Binding Binding
	// Epoch is the chain's current epoch. Only New reads it.
	Epoch    uint64
	Evidence Evidence
}

// Evidence is what the worker was shown, passed on unread. The Keyring ignores
// it; the signer verifies it as the worker did.
type Evidence struct {
	Capability string // the capability token, compact form
	Proof      string // the DPoP proof over the worker's request
	Method     string // of the worker's request
	URL        string // the worker's own, from its configuration
	// BodyHash is the SHA-256 of the request's exact body, nil without one.
	BodyHash []byte
}

// Wrapped is a data key under the KEK of one epoch. It is no secret.
type Wrapped struct {
	Epoch uint64
	Bytes [WrapSize]byte
}

// DEK is a data key. It prints nowhere. Destroy it when the object is sealed or
// open.
type DEK struct{ secret.Secret }

// ErrBadDEK is the refusal of bytes that cannot be a data key.
var ErrBadDEK = errors.New("keys: a data key is 32 bytes, not all alike")

// NewDEK copies b into a DEK. It refuses another length, and bytes that are all
// alike: what an unseeded generator or a forgotten copy leaves behind.
func NewDEK(b []byte) (DEK, error) {
	if len(b) != Size || constant(b) {
		return DEK{}, ErrBadDEK
	}
	return DEK{secret.New(b)}, nil
}
