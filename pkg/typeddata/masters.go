package typeddata

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/omni"
)

// Newcomer is the passkey of a master that is to be added, and what it may do.
type Newcomer struct {
	K11CredID     [32]byte // SHA-256 of the raw credential id
	K11RPIDHash   [32]byte // SHA-256 of the relying party id
	K11OriginHash [32]byte // SHA-256 of the origin
	K11PubX       [32]byte
	K11PubY       [32]byte
	Roles         uint8 // CAP_MINT 1, RECOVERY 2, SCOPE_MGMT 4
}

// DeviceKey is the device key hash that the newcomer will have.
func (n Newcomer) DeviceKey() omni.DeviceKey { return omni.DeviceKeyOfPasskey(n.K11PubX, n.K11PubY) }

func (n Newcomer) structure() structure {
	return structure{"Newcomer", []field{
		bytes32Field("k11CredId", n.K11CredID, nil),
		bytes32Field("k11RpIdHash", n.K11RPIDHash, nil),
		bytes32Field("k11OriginHash", n.K11OriginHash, nil),
		coordinateField("k11PubX", n.K11PubX, nil),
		coordinateField("k11PubY", n.K11PubY, nil),
		uintField("roles", "uint8", uint64(n.Roles), nil),
	}}
}

func (n Newcomer) lines(names Names) []Line {
	key := n.DeviceKey()
	return []Line{
		named("New master", key.String(), key.Short())(names)[0],
		{"Its roles", rolesText(n.Roles)},
		{"Credential id hash", hexText(n.K11CredID)},
		{"Relying party hash", hexText(n.K11RPIDHash)},
		{"Origin hash", hexText(n.K11OriginHash)},
	}
}

func newcomerField(n Newcomer) field { return structField("newcomer", n.structure(), n.lines) }

// rolesText lists role bits; one that means nothing here is shown as a number.
func rolesText(bits uint8) string {
	var out []string
	for i, name := range []string{"CAP_MINT", "RECOVERY", "SCOPE_MGMT"} {
		if bits&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	if rest := bits &^ 7; rest != 0 || bits == 0 {
		out = append(out, fmt.Sprintf("0x%02x", rest))
	}
	return strings.Join(out, ", ")
}

// RegisterMaster adds a master. The registry verifies it; recovery masters vote
// for it, and the newcomer signs it too.
type RegisterMaster struct {
	Operator omni.Operator
	Newcomer Newcomer
	// Immediate: a quorum, any role, RECOVERY at once. Otherwise the wallet and
	// one vote, and RECOVERY matures.
	Immediate bool
	Nonce     uint64 // recoveryNonce if Immediate, else operatorNonce
	Deadline  uint64
}

func (RegisterMaster) title() string { return "Add a master" }

func (o RegisterMaster) structure() structure {
	when := "after the recovery delay, if no master cancels it before"
	if o.Immediate {
		when = "at once, by a quorum"
	}
	return structure{"RegisterMaster", []field{
		operatorField(o.Operator),
		newcomerField(o.Newcomer),
		boolField("immediate", o.Immediate, text("Its vote counts", when)),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

// CancelMaster revokes a newcomer that is still maturing. The registry verifies
// it; one recovery master signs it. It has no nonce: a revoked device never
// returns.
type CancelMaster struct {
	Operator  omni.Operator
	DeviceKey omni.DeviceKey
	Deadline  uint64
}

func (CancelMaster) title() string { return "Cancel a master before its vote counts" }

func (o CancelMaster) structure() structure {
	return structure{"CancelMaster", []field{
		operatorField(o.Operator),
		masterField(o.DeviceKey),
		deadlineField(o.Deadline),
	}}
}

// RevokeMaster revokes a master for ever. The registry verifies it; a quorum
// without the target signs it.
type RevokeMaster struct {
	Operator  omni.Operator
	DeviceKey omni.DeviceKey
	Nonce     uint64 // recoveryNonce
	Deadline  uint64
}

func (RevokeMaster) title() string { return "Revoke a master for ever" }

func (o RevokeMaster) structure() structure {
	return structure{"RevokeMaster", []field{
		operatorField(o.Operator),
		masterField(o.DeviceKey),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

// ReplaceMaster revokes a master and adds another at once. The registry verifies
// it; a quorum, which may include the target, and the newcomer sign it.
type ReplaceMaster struct {
	Operator  omni.Operator
	DeviceKey omni.DeviceKey
	Newcomer  Newcomer
	Nonce     uint64 // recoveryNonce
	Deadline  uint64
}

func (ReplaceMaster) title() string { return "Replace a master by another" }

func (o ReplaceMaster) structure() structure {
	return structure{"ReplaceMaster", []field{
		operatorField(o.Operator),
		masterField(o.DeviceKey),
		newcomerField(o.Newcomer),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

// SetRecoveryThreshold changes how many recovery masters a quorum takes. The
// registry verifies it; a quorum as it is now signs it.
type SetRecoveryThreshold struct {
	Operator  omni.Operator
	Threshold uint8
	Nonce     uint64 // recoveryNonce
	Deadline  uint64
}

func (SetRecoveryThreshold) title() string { return "Change how many masters a quorum takes" }

func (o SetRecoveryThreshold) structure() structure {
	return structure{"SetRecoveryThreshold", []field{
		operatorField(o.Operator),
		uintField("threshold", "uint8", uint64(o.Threshold), text("New threshold", strconv.Itoa(int(o.Threshold)))),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

// RotateMasterWallet gives the operator another wallet and retires the old one
// for ever. The registry verifies it; a quorum and the new wallet sign it.
type RotateMasterWallet struct {
	Operator  omni.Operator
	NewWallet common.Address
	// RevokePasskey: the passkey in the old wallet's entry is revoked with it
	// instead of moving along.
	RevokePasskey bool
	// Immediate: a quorum, at once. Otherwise, at threshold 1 only, one vote
	// proposes it, and it takes effect after the recovery delay.
	Immediate bool
	Nonce     uint64 // recoveryNonce
	Deadline  uint64
}

func (RotateMasterWallet) title() string {
	return "Move the operator to another wallet and retire the present one for ever"
}

func (o RotateMasterWallet) structure() structure {
	passkey := "stays, and moves to the new wallet's entry"
	if o.RevokePasskey {
		passkey = "is revoked for ever, together with the wallet"
	}
	when := "after the recovery delay, if the wallet or a master does not cancel it before"
	if o.Immediate {
		when = "at once, by a quorum"
	}
	return structure{"RotateMasterWallet", []field{
		operatorField(o.Operator),
		addressField("newWallet", o.NewWallet, account("New wallet", o.NewWallet)),
		boolField("revokePasskey", o.RevokePasskey, text("The old wallet's passkey", passkey)),
		boolField("immediate", o.Immediate, text("It takes effect", when)),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

// CancelRotation cancels a proposed rotation. The registry verifies it; one
// recovery master signs it. It has no nonce: it binds the wallet proposed.
type CancelRotation struct {
	Operator  omni.Operator
	NewWallet common.Address
	Deadline  uint64
}

func (CancelRotation) title() string { return "Cancel a proposed move to another wallet" }

func (o CancelRotation) structure() structure {
	return structure{"CancelRotation", []field{
		operatorField(o.Operator),
		addressField("newWallet", o.NewWallet, account("Wallet proposed", o.NewWallet)),
		deadlineField(o.Deadline),
	}}
}

// Freeze makes every agent of the operator inactive. The registry verifies it;
// any one master signs it.
type Freeze struct {
	Operator omni.Operator
	Nonce    uint64 // freezeNonce
	Deadline uint64
}

func (Freeze) title() string { return "Freeze the operator: no agent may do anything" }

func (o Freeze) structure() structure {
	return structure{"Freeze", []field{
		operatorField(o.Operator),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

// Unfreeze ends a freeze and revokes devices in the same breath. The registry
// verifies it; a quorum without those devices signs it.
type Unfreeze struct {
	Operator    omni.Operator
	Revocations []omni.DeviceKey // masters or agents
	Nonce       uint64           // recoveryNonce
	Deadline    uint64
}

func (Unfreeze) title() string { return "End the freeze: agents may act again" }

func (o Unfreeze) structure() structure {
	list := make([][32]byte, len(o.Revocations))
	for i, k := range o.Revocations {
		list[i] = k.Bytes()
	}
	return structure{"Unfreeze", []field{
		operatorField(o.Operator),
		bytes32ListField("revocations", list, func(names Names) []Line {
			if len(o.Revocations) == 0 {
				return []Line{{"Devices revoked with it", "none"}}
			}
			lines := make([]Line, len(o.Revocations))
			for i, k := range o.Revocations {
				lines[i] = named(fmt.Sprintf("Revokes for ever, %d of %d", i+1, len(lines)), k.String(), k.Short())(names)[0]
			}
			return lines
		}),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

// SetAuditRelayer names the account that may anchor audit roots beside the
// wallet. The audit contract verifies it; a master with SCOPE_MGMT signs it.
type SetAuditRelayer struct {
	Operator omni.Operator
	Relayer  common.Address // zero for none
	Nonce    uint64         // operatorNonce
	Deadline uint64
}

func (SetAuditRelayer) title() string { return "Name the account that anchors audit roots" }

func (o SetAuditRelayer) structure() structure {
	words := account("Relayer", o.Relayer)
	if o.Relayer == (common.Address{}) {
		words = text("Relayer", "none: the wallet alone anchors")
	}
	return structure{"SetAuditRelayer", []field{
		operatorField(o.Operator),
		addressField("relayer", o.Relayer, words),
		nonceField(o.Nonce),
		deadlineField(o.Deadline),
	}}
}

func masterField(k omni.DeviceKey) field {
	return bytes32Field("deviceKeyHash", k.Bytes(), named("Master", k.String(), k.Short()))
}
