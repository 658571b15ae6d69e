// Package jose signs and verifies compact JWS tokens (RFC 7515) in exactly one
// form, and owns the keys, identifiers and key sets that go with it (RFC 7517,
// RFC 7638).
//
// The laws that hold here:
//
//   - One function signs ([Sign]) and one verifies ([KeySet.Verify]). Both tie
//     the algorithm (ES256), the curve (P-256) and the type of the token
//     together: a key of this package is a P-256 key by construction, and a
//     token of another type or algorithm is refused before its signature is
//     looked at.
//   - A token is parsed strictly before anything else happens to it: at most
//     [MaxToken] bytes, exactly three segments of unpadded base64url whose
//     unused bits are zero (RFC 4648 section 3.5), a header that is strict JSON
//     and holds alg, typ and kid and nothing else. So jwk, jku, x5u, x5c, crit
//     and b64 are refused because they are there, not because of their value.
//   - A signature is 64 bytes r || s with s in the lower half of the order, so
//     that nobody can turn a token into a second text of the same token.
//   - A kid is the RFC 7638 thumbprint of its key. An unknown kid is refused
//     and fetches nothing.
//   - A private key never leaves this package and no formatter prints it.
//
// It knows no claims: which issuer, audience and lifetime are right is decided
// by the packages captoken, session and oidc.
package jose

import (
	"errors"
	"fmt"
)

// ErrInvalid is wrapped by every refusal of a token, key or key set.
var ErrInvalid = errors.New("invalid JOSE object")

// The refusals of Verify, in the order in which they are looked for.
var (
	// ErrForm: not three segments of canonical base64url within the limit.
	ErrForm = fmt.Errorf("%w: form", ErrInvalid)
	// ErrHeader: not exactly {alg: ES256, typ: the expected one, kid}.
	ErrHeader = fmt.Errorf("%w: header", ErrInvalid)
	// ErrUnknownKey: the kid names no key of the set.
	ErrUnknownKey = fmt.Errorf("%w: unknown kid", ErrInvalid)
	// ErrSignature: not a signature of that key over these bytes.
	ErrSignature = fmt.Errorf("%w: signature", ErrInvalid)
)

// ErrKey is wrapped by every refusal of a key, key file or key set.
var ErrKey = fmt.Errorf("%w: key", ErrInvalid)
