// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K11Assertion} from "./IK11Verifier.sol";

// Every struct below that ends in a deadline is one EIP-712 operation: what a person signs is exactly what is passed in
// calldata, field for field. Fields that the operation's kind fixes (tier, an agent's roles) are not repeated in it.
// The typed data strings are in libraries/OperationDigests.sol; pkg/typeddata is the one encoder on the Go side.

/// @notice An operator's first master: a wallet (K10) and the passkey (K11) that goes with it.
/// @param operator Omni of the wallet.
/// @param wallet The operator's wallet, which must send the transaction.
/// @param k11CredId SHA-256 of the raw credential id.
/// @param k11RpIdHash SHA-256 of the relying party id.
/// @param k11OriginHash SHA-256 of the origin.
/// @param k11PubX Public key of the passkey.
/// @param k11PubY Public key of the passkey.
/// @param nonce operatorNonce(operator).
/// @param deadline Last second, in Unix time, in which the operation may be executed.
struct RegisterFirstMaster {
    bytes32 operator;
    address wallet;
    bytes32 k11CredId;
    bytes32 k11RpIdHash;
    bytes32 k11OriginHash;
    uint256 k11PubX;
    uint256 k11PubY;
    uint64 nonce;
    uint64 deadline;
}

/// @notice The passkey of a master that is to be added, and what it may do. Its device key hash is
///         keccak256(0x04 || X || Y).
/// @param k11CredId SHA-256 of the raw credential id.
/// @param k11RpIdHash SHA-256 of the relying party id.
/// @param k11OriginHash SHA-256 of the origin.
/// @param k11PubX Public key of the passkey.
/// @param k11PubY Public key of the passkey.
/// @param roles Bits: CAP_MINT 1, RECOVERY 2, SCOPE_MGMT 4; at least one.
struct Newcomer {
    bytes32 k11CredId;
    bytes32 k11RpIdHash;
    bytes32 k11OriginHash;
    uint256 k11PubX;
    uint256 k11PubY;
    uint8 roles;
}

/// @notice A further master.
/// @param immediate By a quorum, any role, RECOVERY at once. Otherwise by the wallet and at least one vote, only roles that
///        every voter holds, and RECOVERY matures.
/// @param nonce recoveryNonce(operator) if immediate, else operatorNonce(operator).
struct RegisterMaster {
    bytes32 operator;
    Newcomer newcomer;
    bool immediate;
    uint64 nonce;
    uint64 deadline;
}

/// @notice One recovery master revokes a newcomer that is still maturing. It has no nonce: a revoked device never returns.
struct CancelMaster {
    bytes32 operator;
    bytes32 deviceKeyHash;
    uint64 deadline;
}

/// @notice A quorum revokes a master.
/// @param nonce recoveryNonce(operator).
struct RevokeMaster {
    bytes32 operator;
    bytes32 deviceKeyHash;
    uint64 nonce;
    uint64 deadline;
}

/// @notice A quorum, in which the target may be one of the votes, revokes a master and adds another in its place.
/// @param nonce recoveryNonce(operator).
struct ReplaceMaster {
    bytes32 operator;
    bytes32 deviceKeyHash;
    Newcomer newcomer;
    uint64 nonce;
    uint64 deadline;
}

/// @notice A quorum changes how many recovery masters a quorum takes.
/// @param nonce recoveryNonce(operator).
struct SetRecoveryThreshold {
    bytes32 operator;
    uint8 threshold;
    uint64 nonce;
    uint64 deadline;
}

/// @notice The operator gets another wallet, which signs this too.
/// @param newWallet Was never a wallet or device here.
/// @param revokePasskey Whether the passkey in the old wallet's entry is revoked with it instead of moving along.
/// @param immediate By a quorum, at once. Otherwise, at threshold 1 only, one vote from any sender proposes it, and it takes
///        effect after the recovery delay.
/// @param nonce recoveryNonce(operator).
struct RotateMasterWallet {
    bytes32 operator;
    address newWallet;
    bool revokePasskey;
    bool immediate;
    uint64 nonce;
    uint64 deadline;
}

/// @notice One recovery master cancels a proposed rotation. It has no nonce: it binds the wallet that was proposed, and
///         counts once.
struct CancelRotation {
    bytes32 operator;
    address newWallet;
    uint64 deadline;
}

/// @notice One master makes every agent of the operator inactive.
/// @param nonce freezeNonce(operator).
struct Freeze {
    bytes32 operator;
    uint64 nonce;
    uint64 deadline;
}

/// @notice A quorum ends a freeze, and revokes devices (masters or agents) in the same breath.
/// @param nonce recoveryNonce(operator).
struct Unfreeze {
    bytes32 operator;
    bytes32[] revocations;
    uint64 nonce;
    uint64 deadline;
}

/// @notice A master names the account that may anchor audit roots beside the wallet; zero for none.
/// @param nonce operatorNonce(operator).
struct SetAuditRelayer {
    bytes32 operator;
    address relayer;
    uint64 nonce;
    uint64 deadline;
}

/// @notice An agent's agreement, signed by its own K10, to be bound to one operator and one actor. It has no nonce: an
///         address is bound at most once, ever.
struct AgentConsent {
    bytes32 operator;
    bytes32 actor;
    address agent;
    uint64 deadline;
}

/// @notice A master binds an agent's device to an actor of its operator.
/// @param nonce operatorNonce(operator).
struct BindAgent {
    bytes32 operator;
    bytes32 actor;
    address agent;
    uint64 nonce;
    uint64 deadline;
}

/// @notice A master revokes an agent's device. It has no nonce: a revoked device never returns.
struct RevokeAgent {
    bytes32 operator;
    bytes32 deviceKeyHash;
    uint64 deadline;
}

/// @notice What an agent may do with one service. Zero means unlimited, or never for expiresAt.
/// @param service Name of the service; its keccak256 is the service hash.
/// @param ops Bits: READ 1, WRITE 2, LIST 4, DELETE 8, SEND 16, MANAGE 32.
/// @param maxPerPeriod Uses per period.
/// @param periodSeconds Length of a period; non-zero exactly when maxPerPeriod is.
/// @param maxTotal Uses in all.
/// @param expiresAt First second, in Unix time, in which the grant is dead.
struct Grant {
    string service;
    uint32 ops;
    uint32 maxPerPeriod;
    uint32 periodSeconds;
    uint32 maxTotal;
    uint64 expiresAt;
}

/// @notice A master replaces the whole scope of an actor.
/// @param nonce scopeNonce(operator, actor).
struct SetScope {
    bytes32 operator;
    bytes32 actor;
    Grant[] grants;
    uint64 nonce;
    uint64 deadline;
}

/// @notice A master removes the whole scope of an actor.
/// @param nonce scopeNonce(operator, actor).
struct RevokeScope {
    bytes32 operator;
    bytes32 actor;
    uint64 nonce;
    uint64 deadline;
}

/// @notice One master's assertion over an operation.
/// @param deviceKeyHash The master device whose passkey answered.
struct MasterAssertion {
    bytes32 deviceKeyHash;
    K11Assertion assertion;
}

/// @notice The agent's signature over AgentConsent. Operator, actor and agent come from the operation it goes with.
/// @param deadline Deadline of the consent, usually later than the operation's.
struct ConsentSignature {
    uint64 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @notice A K10's signature over the typed data of the operation it goes with.
struct K10Signature {
    uint8 v;
    bytes32 r;
    bytes32 s;
}
