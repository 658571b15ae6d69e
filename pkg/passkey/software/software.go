// Package software is a passkey authenticator without hardware, for
// development and tests. It really signs: what it answers goes through the
// same checks as a browser's answer and verifies on chain.
//
// Laws:
//   - Its keys are files of the user (mode 0600), so a production profile
//     refuses it: [Open] and [New] take the profile's environment and answer
//     ErrSoftwareInProduction to anything but "development".
//   - The sign count is durable before the signature that carries it exists, so
//     a count is never used twice, not even across a crash or two processes.
//
// It verifies no user. It sets UP and UV because whoever may read the key file
// is the user; that is precisely why production refuses it.
package software

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/fxamacker/cbor/v2"

	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/secret"
)

// Environment is the only profile environment in which this package works.
const Environment = "development"

var (
	// ErrSoftwareInProduction answers every environment but development.
	ErrSoftwareInProduction = errors.New("a software passkey is refused outside development")
	// ErrUnknownCredential: the credential was not made here.
	ErrUnknownCredential = errors.New("this authenticator does not hold that credential")
	// ErrCountExhausted: the 32-bit sign count has reached its end.
	ErrCountExhausted = errors.New("the credential's sign count is used up")
)

// Authenticator holds any number of credentials. It implements
// passkey.Authenticator and is safe for concurrent use.
type Authenticator struct {
	mu   sync.Mutex // guards keys, and is held across a change of the file
	path string     // empty: keys live in memory alone
	keys []key      // of an authenticator without a file
}

var _ passkey.Authenticator = (*Authenticator)(nil)

// key is one credential with its private half.
type key struct {
	id        []byte
	rpID      string
	userID    []byte
	userName  string
	signCount uint32
	private   secret.Secret // 32-byte scalar
}

// New returns an authenticator whose credentials end with the process.
func New(environment string) (*Authenticator, error) {
	if environment != Environment {
		return nil, ErrSoftwareInProduction
	}
	return &Authenticator{}, nil
}

// Open returns the authenticator whose credentials are in the file at path. A
// file that does not exist is an authenticator without credentials; it is
// written by the first Enroll. A file that others could read, that is not the
// user's own or that is no regular file is refused with ErrKeyFile.
func Open(path, environment string) (*Authenticator, error) {
	a, err := New(environment)
	if err != nil {
		return nil, err
	}
	a.path = path
	if _, err := load(path); err != nil {
		return nil, err
	}
	return a, nil
}

// Holds reports whether the private key of a credential is here.
func (a *Authenticator) Holds(c passkey.Credential) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	keys := a.keys
	if a.path != "" {
		var err error
		if keys, err = load(a.path); err != nil {
			return false, err
		}
	}
	for _, k := range keys {
		if bytes.Equal(k.id, c.ID) && k.rpID == c.RPID {
			return true, nil
		}
	}
	return false, nil
}

// Software implements passkey.Authenticator: always true.
func (*Authenticator) Software() bool { return true }

// Enroll implements passkey.Authenticator. The new key is durable before the
// credential is returned.
func (a *Authenticator) Enroll(ctx context.Context, req passkey.EnrollRequest) (passkey.Credential, error) {
	resp, err := a.Create(ctx, req)
	if err != nil {
		return passkey.Credential{}, err
	}
	return passkey.VerifyEnrollment(resp, req)
}

// Create is the authenticator's and the browser's part of an enrollment
// (WebAuthn sections 5.1.3 and 6.3.2), unverified.
func (a *Authenticator) Create(ctx context.Context, req passkey.EnrollRequest) (passkey.EnrollmentResponse, error) {
	if err := ctx.Err(); err != nil {
		return passkey.EnrollmentResponse{}, err
	}
	if err := req.Validate(); err != nil {
		return passkey.EnrollmentResponse{}, err
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return passkey.EnrollmentResponse{}, fmt.Errorf("generating a passkey: %w", err)
	}
	scalar, err := private.Bytes()
	if err != nil {
		return passkey.EnrollmentResponse{}, fmt.Errorf("encoding a passkey: %w", err)
	}
	k := key{
		id:       make([]byte, 32),
		rpID:     req.RPID,
		userID:   bytes.Clone(req.UserID),
		userName: req.UserName,
		private:  secret.New(scalar),
	}
	clear(scalar)
	if _, err := rand.Read(k.id); err != nil {
		return passkey.EnrollmentResponse{}, fmt.Errorf("drawing a credential id: %w", err)
	}
	object, err := attestationObject(k, &private.PublicKey)
	if err != nil {
		return passkey.EnrollmentResponse{}, err
	}
	if err := a.change(func(keys []key) ([]key, error) { return append(keys, k), nil }); err != nil {
		return passkey.EnrollmentResponse{}, err
	}
	return passkey.EnrollmentResponse{
		CredentialID:      bytes.Clone(k.id),
		ClientDataJSON:    passkey.ClientDataJSON(passkey.TypeCreate, req.Challenge, req.Origin),
		AttestationObject: object,
	}, nil
}

// Assert implements passkey.Authenticator. The count in req.Credential is what
// the answer's count is checked against.
func (a *Authenticator) Assert(ctx context.Context, req passkey.AssertRequest) (passkey.Assertion, error) {
	resp, err := a.Get(ctx, req)
	if err != nil {
		return passkey.Assertion{}, err
	}
	return passkey.VerifyAssertion(resp, req)
}

// Get is the authenticator's and the browser's part of an assertion (WebAuthn
// sections 5.1.4 and 6.3.3), unverified. A credential answers only to the
// relying party id that it was made for.
func (a *Authenticator) Get(ctx context.Context, req passkey.AssertRequest) (passkey.AssertionResponse, error) {
	if err := ctx.Err(); err != nil {
		return passkey.AssertionResponse{}, err
	}
	if err := passkey.CheckOrigin(req.Credential.RPID, req.Credential.Origin); err != nil {
		return passkey.AssertionResponse{}, err
	}
	k, err := a.count(req.Credential)
	if err != nil {
		return passkey.AssertionResponse{}, err
	}
	private, err := parsePrivate(k.private.Reveal())
	if err != nil {
		return passkey.AssertionResponse{}, err
	}
	authData := k.authData(flagPresent | flagVerified)
	clientData := passkey.ClientDataJSON(passkey.TypeGet, req.Challenge, req.Credential.Origin)
	clientHash := sha256.Sum256(clientData)
	signed := sha256.Sum256(append(bytes.Clone(authData), clientHash[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, private, signed[:])
	if err != nil {
		return passkey.AssertionResponse{}, fmt.Errorf("signing with a passkey: %w", err)
	}
	return passkey.AssertionResponse{
		CredentialID:      bytes.Clone(k.id),
		AuthenticatorData: authData,
		ClientDataJSON:    clientData,
		Signature:         sig,
	}, nil
}

// count takes the next sign count of a credential and returns the key with it.
func (a *Authenticator) count(c passkey.Credential) (key, error) {
	var taken key
	err := a.change(func(keys []key) ([]key, error) {
		for i := range keys {
			if k := &keys[i]; bytes.Equal(k.id, c.ID) && k.rpID == c.RPID {
				if k.signCount == math.MaxUint32 {
					return nil, ErrCountExhausted
				}
				k.signCount++
				taken = *k
				return keys, nil
			}
		}
		return nil, ErrUnknownCredential
	})
	return taken, err
}

// change applies f to the newest keys and makes the result durable. Another
// process that holds the same file waits for its turn.
func (a *Authenticator) change(f func([]key) ([]key, error)) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.path == "" {
		keys, err := f(a.keys)
		if err == nil {
			a.keys = keys
		}
		return err
	}
	unlock, err := lock(a.path)
	if err != nil {
		return err
	}
	defer unlock()
	keys, err := load(a.path)
	if err != nil {
		return err
	}
	if keys, err = f(keys); err != nil {
		return err
	}
	return save(a.path, keys)
}

func parsePrivate(scalar []byte) (*ecdsa.PrivateKey, error) {
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
	if err != nil {
		return nil, errors.New("not a P-256 private key")
	}
	return k, nil
}

// Flags of authenticator data (WebAuthn section 6.1).
const (
	flagPresent  = 0x01
	flagVerified = 0x04
	flagAttested = 0x40
)

func (k key) authData(flags byte) []byte {
	rp := sha256.Sum256([]byte(k.rpID))
	b := append(rp[:], flags)
	return binary.BigEndian.AppendUint32(b, k.signCount)
}

type coseKey struct {
	KeyType   int    `cbor:"1,keyasint"`
	Algorithm int    `cbor:"3,keyasint"`
	Curve     int    `cbor:"-1,keyasint"`
	X         []byte `cbor:"-2,keyasint"`
	Y         []byte `cbor:"-3,keyasint"`
}

type attestation struct {
	Format    string   `cbor:"fmt"`
	Statement struct{} `cbor:"attStmt"`
	AuthData  []byte   `cbor:"authData"`
}

// attestationObject is of format none, with an AAGUID of zeros (WebAuthn
// sections 6.5.4 and 8.7), in CTAP2's canonical CBOR.
func attestationObject(k key, pub *ecdsa.PublicKey) ([]byte, error) {
	mode, err := cbor.CTAP2EncOptions().EncMode()
	if err != nil {
		return nil, fmt.Errorf("preparing CBOR: %w", err)
	}
	point, err := pub.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encoding a passkey: %w", err)
	}
	cose, err := mode.Marshal(coseKey{KeyType: 2, Algorithm: -7, Curve: 1, X: point[1:33], Y: point[33:]})
	if err != nil {
		return nil, fmt.Errorf("encoding a passkey: %w", err)
	}
	data := k.authData(flagPresent | flagVerified | flagAttested)
	data = append(data, make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(k.id)))
	data = append(data, k.id...)
	data = append(data, cose...)
	object, err := mode.Marshal(attestation{Format: "none", AuthData: data})
	if err != nil {
		return nil, fmt.Errorf("encoding an attestation: %w", err)
	}
	return object, nil
}
