package api

import (
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Paths of the signer beside those of pkg/dek.
const (
	PathSignerJWKS   = "/v1/signer/jwks.json"
	PathEpochs       = "/v1/epochs"
	PathEpochStream  = "/v1/epochs/stream"
	PathEpochPrepare = "/v1/epochs/prepare"
	PathEpochOffer   = "/v1/epochs/offer"
	PathEpochExport  = "/v1/epochs/export"
	PathEpochImport  = "/v1/epochs/import"
	PathEpochDestroy = "/v1/epochs/destroy"
	PathDEKRewrap    = "/v1/dek/rewrap"
	// PathSeal is followed by /<class>/<operator omni>/<actor omni>.
	PathSeal = "/v1/seal"
)

// PathEmailMessage is of a worker that the signer knows before it exists: followed by
// /<message id>.
const PathEmailMessage = "/v1/email/message"

// Epochs answers GET /v1/epochs: which keys a signer holds. Nothing in it is
// secret, and it is not signed: what changes keys asks for a signed answer.
type Epochs struct {
	// Ring names the keyring's lineage: signers of one deployment share it.
	Ring string `json:"ring"`
	// Identity is the thumbprint of the signer's identity key.
	Identity string `json:"identity"`
	// Classes are those whose workers this signer gives data keys to.
	Classes    []service.Class `json:"classes"`
	ChainEpoch uint64          `json:"chain_epoch"`
	HighWater  uint64          `json:"high_water"`
	Epochs     []Epoch         `json:"epochs"`
}

// Epoch is one epoch's key as a signer shows it.
type Epoch struct {
	Epoch uint64 `json:"epoch"`
	// Check is the key-check value: the same at every signer that has this key.
	Check     string    `json:"check"`
	Created   time.Time `json:"created,omitzero"`
	Destroyed time.Time `json:"destroyed,omitzero"`
}

// EpochRequest names the epoch to prepare or destroy.
type EpochRequest struct {
	Epoch uint64 `json:"epoch" oas:"min=1"`
}

// Validate implements httpd's check of the input.
func (r EpochRequest) Validate() error {
	if r.Epoch == 0 {
		return errors.New("epoch must be 1 or more")
	}
	return nil
}

// EpochOffer is a session to which the key of an epoch can be sealed.
type EpochOffer struct {
	Session string `json:"session"`
}

// EpochExport asks for the key of an epoch, sealed to an offer.
type EpochExport struct {
	Epoch uint64 `json:"epoch"`
	Offer string `json:"offer"`
}

// EpochParcel carries the sealed key of an epoch from one signer to another.
type EpochParcel struct {
	Parcel string `json:"parcel"`
}

// MaxRewrap bounds one request for new wraps.
const MaxRewrap = 64

// RewrapRequest asks for the data keys of objects under another epoch.
type RewrapRequest struct {
	// ToEpoch is not below the chain's current epoch and not above it.
	ToEpoch uint64       `json:"to_epoch" oas:"min=1"`
	Items   []RewrapItem `json:"items" oas:"minItems=1,maxItems=64"`
}

// RewrapItem is one object's wrap, and whose it is.
type RewrapItem struct {
	Class    service.Class `json:"class"`
	Operator omni.Operator `json:"operator_omni"`
	Actor    omni.Actor    `json:"actor_omni"`
	Service  service.Name  `json:"service"`
	Key      string        `json:"key,omitzero"`
	Version  uint64        `json:"version,omitzero"`
	Epoch    uint64        `json:"epoch"`
	Wrap     string        `json:"wrap"` // base64url
}

// Validate implements httpd's check of the input.
func (r RewrapRequest) Validate() error {
	if n := len(r.Items); n == 0 || n > MaxRewrap {
		return fmt.Errorf("items must be 1 to %d", MaxRewrap)
	}
	if r.ToEpoch == 0 {
		return errors.New("to_epoch must be 1 or more")
	}
	return nil
}

// Rewrapped answers a rewrap, one result for each item in its place.
type Rewrapped struct {
	Items []RewrapResult `json:"items"`
}

// RewrapResult is a new wrap, or why there is none.
type RewrapResult struct {
	Epoch uint64 `json:"epoch,omitzero"`
	Wrap  string `json:"wrap,omitzero"`
	Code  string `json:"code,omitzero"`
}

// SealKey answers GET /v1/seal/…: the public key to which data keys for an
// actor's mail are sealed.
type SealKey struct {
	Epoch  uint64 `json:"epoch"`
	Public string `json:"public"` // X25519, base64url
	// At is when it was answered. Whoever seals to it judges its age: an old
	// answer names an old epoch.
	At time.Time `json:"at"`
}
