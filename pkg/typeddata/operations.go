package typeddata

import (
	"encoding/hex"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/omni"
)

// RegisterFirstMaster makes a wallet an operator, with its first passkey. The
// registry verifies it; the new passkey signs it.
type RegisterFirstMaster struct {
	Operator      omni.Operator
	Wallet        common.Address
	K11CredID     [32]byte // SHA-256 of the raw credential id
	K11RPIDHash   [32]byte // SHA-256 of the relying party id
	K11OriginHash [32]byte // SHA-256 of the origin
	K11PubX       [32]byte
	K11PubY       [32]byte
	Nonce         uint64 // operatorNonce
	Deadline      uint64 // Unix seconds, inclusive
}

func (RegisterFirstMaster) title() string {
	return "Register this wallet and passkey as a new operator"
}

func (o RegisterFirstMaster) structure() structure {
	passkey := omni.DeviceKeyOfPasskey(o.K11PubX, o.K11PubY)
	return structure{"RegisterFirstMaster", []field{
		operatorField(o.Operator),
		addressField("wallet", o.Wallet, account("Wallet", o.Wallet)),
		bytes32Field("k11CredId", o.K11CredID, text("Credential id hash", hexText(o.K11CredID))),
		bytes32Field("k11RpIdHash", o.K11RPIDHash, text("Relying party hash", hexText(o.K11RPIDHash))),
		bytes32Field("k11OriginHash", o.K11OriginHash, text("Origin hash", hexText(o.K11OriginHash))),
		// Two coordinates mean nothing to a person: one fingerprint stands for both.
		coordinateField("k11PubX", o.K11PubX, text("Passkey fingerprint", passkey.String())),
		coordinateField("k11PubY", o.K11PubY, nil),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

// AgentConsent is an agent's agreement to be bound. Its own K10 signs it; the
// registry verifies it together with BindAgent. It has no nonce: an address is
// bound at most once.
type AgentConsent struct {
	Operator omni.Operator
	Actor    omni.Actor
	Agent    common.Address
	Deadline uint64
}

func (AgentConsent) title() string { return "Agree to work for this operator" }

func (o AgentConsent) structure() structure {
	return structure{"AgentConsent", []field{
		operatorField(o.Operator),
		actorField(o.Actor),
		addressField("agent", o.Agent, account("Agent's device", o.Agent)),
		deadlineField(o.Deadline),
	}}
}

// BindAgent binds an agent's device to an actor. The registry verifies it; a
// master with SCOPE_MGMT signs it.
type BindAgent struct {
	Operator omni.Operator
	Actor    omni.Actor
	Agent    common.Address
	Nonce    uint64 // operatorNonce
	Deadline uint64
}

func (BindAgent) title() string { return "Bind an agent's device" }

func (o BindAgent) structure() structure {
	return structure{"BindAgent", []field{
		operatorField(o.Operator),
		actorField(o.Actor),
		addressField("agent", o.Agent, account("Agent's device", o.Agent)),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

// RevokeAgent revokes an agent's device for ever. The registry verifies it; any
// master signs it. It has no nonce: a revoked device never returns.
type RevokeAgent struct {
	Operator  omni.Operator
	DeviceKey omni.DeviceKey
	Deadline  uint64
}

func (RevokeAgent) title() string { return "Revoke an agent's device for ever" }

func (o RevokeAgent) structure() structure {
	return structure{"RevokeAgent", []field{
		operatorField(o.Operator),
		bytes32Field("deviceKeyHash", o.DeviceKey.Bytes(), named("Agent's device", o.DeviceKey.String(), o.DeviceKey.Short())),
		deadlineField(o.Deadline),
	}}
}

// SetScope replaces everything an agent may do. The scope contract verifies it;
// a master with SCOPE_MGMT signs it.
type SetScope struct {
	Operator omni.Operator
	Actor    omni.Actor
	Grants   []Grant
	Nonce    uint64 // scopeNonce of (Operator, Actor)
	Deadline uint64
}

func (SetScope) title() string { return "Replace everything that an agent may do" }

func (o SetScope) structure() structure {
	return structure{"SetScope", []field{
		operatorField(o.Operator),
		actorField(o.Actor),
		grantsField("grants", o.Grants),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

// RevokeScope takes everything from an agent. The scope contract verifies it; a
// master with SCOPE_MGMT signs it.
type RevokeScope struct {
	Operator omni.Operator
	Actor    omni.Actor
	Nonce    uint64 // scopeNonce of (Operator, Actor)
	Deadline uint64
}

func (RevokeScope) title() string { return "Take everything from an agent" }

func (o RevokeScope) structure() structure {
	return structure{"RevokeScope", []field{
		operatorField(o.Operator),
		actorField(o.Actor),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

func operatorField(o omni.Operator) field {
	return bytes32Field("operator", o.Bytes(), named("Operator", o.String(), o.Short()))
}

func actorField(a omni.Actor) field {
	return bytes32Field("actor", a.Bytes(), named("Agent", a.String(), a.Short()))
}

func hexText(b [32]byte) string { return "0x" + hex.EncodeToString(b[:]) }
