package passkey

import (
	"bytes"
	"crypto/ecdsa"
	"fmt"

	"github.com/fxamacker/webauthn"
	_ "github.com/fxamacker/webauthn/packed" // self-attestation survives a request for none (WebAuthn section 5.1.3)

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// EnrollmentResponse is what navigator.credentials.create answered.
type EnrollmentResponse struct {
	CredentialID      []byte
	ClientDataJSON    []byte
	AttestationObject []byte
}

// AssertionResponse is what navigator.credentials.get answered.
type AssertionResponse struct {
	CredentialID      []byte
	AuthenticatorData []byte
	ClientDataJSON    []byte
	// Signature is an ASN.1 DER ECDSA-Sig-Value.
	Signature []byte
}

// VerifyEnrollment checks an answer to req and returns the credential it made
// (WebAuthn section 7.1). The attestation proves nothing about the device: it
// is none, or made by the credential's own key. Whether the credential is
// already known (step 26) is the caller's question; the chain refuses a second
// registration.
func VerifyEnrollment(resp EnrollmentResponse, req EnrollRequest) (Credential, error) {
	if err := req.Validate(); err != nil {
		return Credential{}, err
	}
	if err := guardClientData(resp.ClientDataJSON); err != nil {
		return Credential{}, err
	}
	authData, err := guardAttestation(resp.AttestationObject)
	if err != nil {
		return Credential{}, err
	}
	parsed, err := parseEnrollment(resp)
	if err != nil {
		return Credential{}, fmt.Errorf("%w: %w", ErrAttestation, err)
	}
	if _, _, err := webauthn.VerifyAttestation(parsed, &webauthn.AttestationExpectedData{
		Origin:           req.Origin,
		RPID:             req.RPID,
		CredentialAlgs:   []int{webauthn.COSEAlgES256},
		Challenge:        encodeChallenge(req.Challenge),
		UserVerification: webauthn.UserVerificationRequired,
	}); err != nil {
		return Credential{}, named(err, ErrAttestation)
	}
	pub, ok := parsed.AuthnData.Credential.PublicKey.(*ecdsa.PublicKey)
	if !ok {
		return Credential{}, ErrKey
	}
	c := Credential{
		ID:             bytes.Clone(parsed.AuthnData.CredentialID),
		RPID:           req.RPID,
		Origin:         req.Origin,
		SignCount:      parsed.AuthnData.Counter,
		BackupEligible: authData[flagsAt]&flagEligible != 0,
	}
	// The guard saw 32-byte coordinates on the curve id P-256; whether the
	// point is on the curve, Bytes tells.
	point, err := pub.Bytes()
	if err != nil {
		return Credential{}, fmt.Errorf("%w: %w", ErrKey, err)
	}
	copy(c.X[:], point[1:33])
	copy(c.Y[:], point[33:])
	return c, nil
}

// VerifyAssertion checks an answer to req and returns it in the chain's form
// (WebAuthn section 7.2). The new sign count is Assertion.SignCount; storing it
// in the credential is the caller's work. The user handle is not looked at: the
// credential was named in the request, and its id must answer.
func VerifyAssertion(resp AssertionResponse, req AssertRequest) (Assertion, error) {
	if err := req.Credential.Validate(); err != nil {
		return Assertion{}, err
	}
	if err := guardClientData(resp.ClientDataJSON); err != nil {
		return Assertion{}, err
	}
	if err := guardAssertedData(resp.AuthenticatorData); err != nil {
		return Assertion{}, err
	}
	parsed, err := parseAssertion(resp)
	if err != nil {
		return Assertion{}, fmt.Errorf("%w: %w", ErrAssertion, err)
	}
	pub, err := req.Credential.PublicKey()
	if err != nil {
		return Assertion{}, err
	}
	es256, err := webauthn.CoseAlgToSignatureAlgorithm(webauthn.COSEAlgES256)
	if err != nil {
		return Assertion{}, err
	}
	if err := webauthn.VerifyAssertion(parsed, &webauthn.AssertionExpectedData{
		Origin:            req.Credential.Origin,
		RPID:              req.Credential.RPID,
		Challenge:         encodeChallenge(req.Challenge),
		UserVerification:  webauthn.UserVerificationRequired,
		UserCredentialIDs: [][]byte{req.Credential.ID},
		PrevCounter:       req.Credential.SignCount,
		Credential:        &webauthn.Credential{SignatureAlgorithm: es256, PublicKey: pub},
	}); err != nil {
		return Assertion{}, named(err, ErrSignature)
	}
	r, s, err := lowSignature(resp.Signature)
	if err != nil {
		return Assertion{}, err
	}
	return Assertion{
		AuthenticatorData: bytes.Clone(resp.AuthenticatorData),
		ClientDataJSON:    bytes.Clone(resp.ClientDataJSON),
		R:                 r,
		S:                 s,
	}, nil
}

// credentialEnvelope is the JSON form of PublicKeyCredential, which is the
// library's only way in.
type credentialEnvelope[R any] struct {
	ID       string `json:"id"`
	RawID    string `json:"rawId"`
	Type     string `json:"type"`
	Response R      `json:"response"`
}

type attestationEnvelope struct {
	ClientDataJSON    string `json:"clientDataJSON"`
	AttestationObject string `json:"attestationObject"`
}

type assertionEnvelope struct {
	ClientDataJSON    string `json:"clientDataJSON"`
	AuthenticatorData string `json:"authenticatorData"`
	Signature         string `json:"signature"`
}

func parseEnrollment(resp EnrollmentResponse) (*webauthn.PublicKeyCredentialAttestation, error) {
	b, err := envelope(resp.CredentialID, attestationEnvelope{
		ClientDataJSON:    encodeBase64(resp.ClientDataJSON),
		AttestationObject: encodeBase64(resp.AttestationObject),
	})
	if err != nil {
		return nil, err
	}
	return webauthn.ParseAttestation(bytes.NewReader(b))
}

func parseAssertion(resp AssertionResponse) (*webauthn.PublicKeyCredentialAssertion, error) {
	b, err := envelope(resp.CredentialID, assertionEnvelope{
		ClientDataJSON:    encodeBase64(resp.ClientDataJSON),
		AuthenticatorData: encodeBase64(resp.AuthenticatorData),
		Signature:         encodeBase64(resp.Signature),
	})
	if err != nil {
		return nil, err
	}
	return webauthn.ParseAssertion(bytes.NewReader(b))
}

func envelope[R any](id []byte, response R) ([]byte, error) {
	text := encodeBase64(id)
	return strictjson.Encode(credentialEnvelope[R]{ID: text, RawID: text, Type: "public-key", Response: response})
}
