package passkey

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// ErrCredential marks a credential that is not whole: its id, its relying
// party or its public key does not hold.
var ErrCredential = errors.New("invalid credential")

// MaxCredentialID is the longest raw credential id (WebAuthn section 4).
const MaxCredentialID = 1023

// Credential is the public part of a passkey.
type Credential struct {
	ID     []byte
	RPID   string
	Origin string
	// X and Y are the P-256 public key.
	X, Y [32]byte
	// SignCount is the last count seen; 0 for authenticators that never count.
	SignCount uint32
	// BackupEligible tells a synced passkey from a device-bound one, as its
	// enrollment said. It is shown to people and decides nothing.
	BackupEligible bool
}

// IDHash is the credential id as the chain knows it.
func (c Credential) IDHash() [32]byte { return sha256.Sum256(c.ID) }

// RPIDHash is what authenticator data starts with.
func (c Credential) RPIDHash() [32]byte { return sha256.Sum256([]byte(c.RPID)) }

// OriginHash is the origin as the chain knows it.
func (c Credential) OriginHash() [32]byte { return sha256.Sum256([]byte(c.Origin)) }

// DeviceKey is the device key hash of a passkey master.
func (c Credential) DeviceKey() omni.DeviceKey { return omni.DeviceKeyOfPasskey(c.X, c.Y) }

// PublicKey returns the key, or an error when the point is not on P-256.
func (c Credential) PublicKey() (*ecdsa.PublicKey, error) {
	pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), c.point())
	if err != nil {
		return nil, fmt.Errorf("%w: public key is not a point of P-256", ErrCredential)
	}
	return pub, nil
}

func (c Credential) point() []byte {
	b := make([]byte, 0, 65)
	b = append(b, 4)
	b = append(b, c.X[:]...)
	return append(b, c.Y[:]...)
}

// Validate holds for every Credential that this package returns.
func (c Credential) Validate() error {
	if len(c.ID) < 1 || len(c.ID) > MaxCredentialID {
		return fmt.Errorf("%w: id must have 1 to %d bytes", ErrCredential, MaxCredentialID)
	}
	if err := CheckOrigin(c.RPID, c.Origin); err != nil {
		return fmt.Errorf("%w: %w", ErrCredential, err)
	}
	_, err := c.PublicKey()
	return err
}

// credentialVersion numbers the enrollment file's form.
const credentialVersion = 1

// credentialJSON is the enrollment file.
type credentialJSON struct {
	Version        int    `json:"version"`
	ID             string `json:"credential_id"`
	RPID           string `json:"rp_id"`
	Origin         string `json:"origin"`
	X              string `json:"x"`
	Y              string `json:"y"`
	SignCount      uint32 `json:"sign_count"`
	BackupEligible bool   `json:"backup_eligible"`
}

// MarshalJSON writes the enrollment file's form and refuses what ParseCredential
// would refuse.
func (c Credential) MarshalJSON() ([]byte, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return strictjson.Encode(credentialJSON{
		Version:        credentialVersion,
		ID:             encodeBase64(c.ID),
		RPID:           c.RPID,
		Origin:         c.Origin,
		X:              formatWord(c.X),
		Y:              formatWord(c.Y),
		SignCount:      c.SignCount,
		BackupEligible: c.BackupEligible,
	})
}

// UnmarshalJSON implements json.Unmarshaler by ParseCredential.
func (c *Credential) UnmarshalJSON(data []byte) error {
	v, err := ParseCredential(data)
	if err != nil {
		return err
	}
	*c = v
	return nil
}

// ParseCredential reads an enrollment file.
func ParseCredential(data []byte) (Credential, error) {
	var f credentialJSON
	if err := strictjson.Decode(data, &f); err != nil {
		return Credential{}, fmt.Errorf("%w: %w", ErrCredential, err)
	}
	if f.Version != credentialVersion {
		return Credential{}, fmt.Errorf("%w: version must be %d", ErrCredential, credentialVersion)
	}
	id, err := decodeBase64(f.ID)
	if err != nil {
		return Credential{}, fmt.Errorf("%w: credential_id: %w", ErrCredential, err)
	}
	c := Credential{ID: id, RPID: f.RPID, Origin: f.Origin, SignCount: f.SignCount, BackupEligible: f.BackupEligible}
	if c.X, err = parseWord(f.X); err != nil {
		return Credential{}, fmt.Errorf("%w: x: %w", ErrCredential, err)
	}
	if c.Y, err = parseWord(f.Y); err != nil {
		return Credential{}, fmt.Errorf("%w: y: %w", ErrCredential, err)
	}
	if err := c.Validate(); err != nil {
		return Credential{}, err
	}
	return c, nil
}

var (
	errBase64 = errors.New("must be base64url without padding")
	errWord   = errors.New("must be 0x and 64 lower-case hex characters")
)

func encodeBase64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// decodeBase64 accepts exactly one text for each byte string: no padding, no
// line breaks (which encoding/base64 skips), no stray bits at the end.
func decodeBase64(s string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || encodeBase64(b) != s {
		return nil, errBase64
	}
	return b, nil
}

func formatWord(w [32]byte) string { return "0x" + hex.EncodeToString(w[:]) }

func parseWord(s string) (w [32]byte, err error) {
	if len(s) != 66 {
		return w, errWord
	}
	if _, err := hex.Decode(w[:], []byte(s[2:])); err != nil || formatWord(w) != s {
		return [32]byte{}, errWord
	}
	return w, nil
}
