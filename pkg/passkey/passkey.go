// Package passkey is the relying party's side of K11: WebAuthn passkeys that
// sign master operations.
//
// It holds the public part of a credential, the ceremony as an interface
// ([Authenticator]), the checks on what a ceremony answers
// ([VerifyEnrollment], [VerifyAssertion]: W3C WebAuthn Level 3, sections 7.1
// and 7.2), and the form in which an assertion goes to the chain
// ([Assertion]).
//
// Laws:
//   - The WebAuthn challenge IS the 32-byte operation digest. Nobody hashes it
//     again.
//   - ES256 on P-256 only, user verification always required, attestation
//     "none" or self-attestation, never a cross-origin ceremony.
//   - clientDataJSON has the serialisation of WebAuthn section 5.8.1.1, because
//     K11Verifier reads it at constant offsets. What VerifyAssertion accepts,
//     the contract accepts.
//   - s is in the lower half of the group order. Authenticators produce either
//     half; this package normalises, the contract refuses the upper half.
//
// It does not run a ceremony (the page on loopback does, and package software
// for development), does not judge attestation or authenticator models, and
// keeps no state: storing the new sign count is the caller's work.
package passkey

import (
	"context"
	"errors"
	"fmt"
)

// Authenticator runs ceremonies for a person. Implementations verify what they
// return ([VerifyEnrollment], [VerifyAssertion]), so that callers hold only
// checked values. They are safe for concurrent use; a context that ends makes
// a pending ceremony return its error.
type Authenticator interface {
	// Enroll creates a credential.
	Enroll(ctx context.Context, req EnrollRequest) (Credential, error)
	// Assert signs req.Challenge with req.Credential.
	Assert(ctx context.Context, req AssertRequest) (Assertion, error)
	// Software reports whether the private key is held by this program
	// instead of by hardware or the operating system.
	Software() bool
}

// EnrollRequest asks for a new credential.
type EnrollRequest struct {
	RPID     string
	Origin   string
	UserName string
	// UserID is the WebAuthn user handle, 1 to 64 bytes that identify no
	// person.
	UserID    []byte
	Challenge [32]byte
}

// AssertRequest asks for a signature over one operation.
type AssertRequest struct {
	Credential Credential
	// Challenge is the operation digest itself.
	Challenge [32]byte
	// Words say what is being signed; they are what a person is shown.
	Words []string
}

// ErrRequest marks a ceremony request that could never succeed.
var ErrRequest = errors.New("invalid ceremony request")

// Validate refuses requests that a browser would refuse.
func (r EnrollRequest) Validate() error {
	if err := CheckOrigin(r.RPID, r.Origin); err != nil {
		return err
	}
	if r.UserName == "" {
		return fmt.Errorf("%w: user name is empty", ErrRequest)
	}
	if len(r.UserID) < 1 || len(r.UserID) > 64 {
		return fmt.Errorf("%w: user id must have 1 to 64 bytes", ErrRequest)
	}
	return nil
}
