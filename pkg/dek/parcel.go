package dek

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// ParcelType is the JOSE type of a parcel.
const ParcelType = "agentkeys-epoch+jwt"

// Epoch is the key of one epoch as it is handed over.
type Epoch struct {
	Epoch uint64
	Check string // key-check value
	Ring  string // lineage of the keyring
}

// ErrParcel is wrapped by every refusal of a parcel.
var ErrParcel = errors.New("not the key of an epoch that a listed signer sealed to this one")

type parcelClaims struct {
	Epoch    uint64 `json:"epoch"`
	Check    string `json:"check"`
	Ring     string `json:"ring"`
	Sealed   string `json:"sealed"`
	IssuedAt int64  `json:"iat"`
}

// SealEpoch seals the key of an epoch to another signer's offer, a verified
// session of class SignerClass, and signs for it.
func SealEpoch(identity jose.PrivateKey, to Peer, offer string, e Epoch, k3 secret.Secret, now time.Time) (string, error) {
	sealed, err := to.SealEpoch(e.context(offer), k3)
	if err != nil {
		return "", err
	}
	payload, err := strictjson.Encode(parcelClaims{e.Epoch, e.Check, e.Ring, sealed, now.Unix()})
	if err != nil {
		return "", fmt.Errorf("encoding a parcel: %w", err)
	}
	return jose.Sign(identity, ParcelType, payload)
}

// OpenParcel opens a parcel that one of the listed signers sealed to this
// session. Every refusal wraps ErrParcel.
func (s *Session) OpenParcel(parcel string, signers jose.KeySet, now time.Time) (Epoch, secret.Secret, error) {
	payload, err := signers.Verify(parcel, ParcelType)
	if err != nil {
		return Epoch{}, secret.Secret{}, fmt.Errorf("%w: %w", ErrParcel, err)
	}
	var c parcelClaims
	if err := strictjson.Decode(payload, &c); err != nil {
		return Epoch{}, secret.Secret{}, fmt.Errorf("%w: %w", ErrParcel, err)
	}
	made := time.Unix(c.IssuedAt, 0)
	if made.After(now.Add(Leeway)) || now.After(made.Add(SessionLife)) {
		return Epoch{}, secret.Secret{}, fmt.Errorf("%w: it is too old, or from the future; compare the clocks", ErrParcel)
	}
	e := Epoch{c.Epoch, c.Check, c.Ring}
	k3, err := s.OpenEpoch(e.context(s.token), c.Sealed)
	if err != nil {
		return Epoch{}, secret.Secret{}, fmt.Errorf("%w: %w", ErrParcel, err)
	}
	return e, k3, nil
}

// context binds the seal to what is sealed and for whom.
func (e Epoch) context(offer string) [sha256.Size]byte {
	h := sha256.New()
	for _, p := range []string{"agentkeys/epoch-parcel/v1", e.Check, e.Ring, offer} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	h.Write(binary.BigEndian.AppendUint64(nil, e.Epoch))
	return [sha256.Size]byte(h.Sum(nil))
}
