package passkey

import (
	"errors"
	"fmt"

	"github.com/fxamacker/webauthn"
)

// What a ceremony's answer can be refused for, one error per check.
var (
	// ErrClientDataForm: clientDataJSON is not one JSON object in the
	// serialisation of WebAuthn section 5.8.1.1, or is too long.
	ErrClientDataForm = errors.New("client data is not in its serialised form")
	// ErrCeremonyType: an enrollment was answered with an assertion, or the
	// other way round.
	ErrCeremonyType = errors.New("client data is of another ceremony type")
	// ErrChallenge: the answer is to another challenge.
	ErrChallenge = errors.New("client data carries another challenge")
	// ErrOrigin: the ceremony ran on another origin.
	ErrOrigin = errors.New("client data carries another origin")
	// ErrCrossOrigin: the ceremony ran in a frame of a foreign page.
	ErrCrossOrigin = errors.New("cross-origin ceremonies are refused")
	// ErrAuthenticatorData: authenticator data is cut off, has trailing bytes,
	// extensions nobody asked for, or credential data where none belongs.
	ErrAuthenticatorData = errors.New("authenticator data is malformed")
	// ErrBackupFlags: backed up, yet not eligible for backup.
	ErrBackupFlags = errors.New("authenticator data contradicts itself about backup")
	// ErrRPIDHash: the credential belongs to another relying party id.
	ErrRPIDHash = errors.New("authenticator data is for another relying party id")
	// ErrUserNotPresent: nobody touched the authenticator.
	ErrUserNotPresent = errors.New("user was not present")
	// ErrUserNotVerified: no PIN, no biometric.
	ErrUserNotVerified = errors.New("user was not verified")
	// ErrAttestation: the attestation object is malformed, of a kind that was
	// not asked for, or its self-attestation does not verify.
	ErrAttestation = errors.New("attestation is refused")
	// ErrKey: the new key is not an ES256 key on P-256 in its one COSE form.
	ErrKey = errors.New("credential key is not ES256 on P-256")
	// ErrCredentialID: another credential answered.
	ErrCredentialID = errors.New("answer is from another credential")
	// ErrSignature: the signature is malformed or does not verify.
	ErrSignature = errors.New("signature does not verify")
	// ErrSignCount: the count did not grow, which is how a cloned
	// authenticator shows.
	ErrSignCount = errors.New("sign count did not grow")
)

// named turns the library's verdict into one of the errors above. What the
// guard already refused cannot come back from here.
func named(err, fallback error) error {
	if err == nil {
		return nil
	}
	var v *webauthn.VerificationError
	if !errors.As(err, &v) {
		return fmt.Errorf("%w: %w", fallback, err)
	}
	switch v.Field {
	case "client data type":
		return ErrCeremonyType
	case "client data challenge":
		return ErrChallenge
	case "client data origin":
		return ErrOrigin
	case "rp ID":
		return ErrRPIDHash
	case "user present":
		return ErrUserNotPresent
	case "user verification":
		return ErrUserNotVerified
	case "credential ID":
		return ErrCredentialID
	case "counter":
		return ErrSignCount
	default:
		return fmt.Errorf("%w: %w", fallback, err)
	}
}
