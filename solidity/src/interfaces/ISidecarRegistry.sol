// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K11Assertion} from "./IK11Verifier.sol";
import {IRegistryErrors} from "./IRegistryErrors.sol";
import {IRegistryEvents} from "./IRegistryEvents.sol";
import {
    BindAgent,
    CancelMaster,
    CancelRotation,
    ConsentSignature,
    Freeze,
    K10Signature,
    MasterAssertion,
    RegisterFirstMaster,
    RegisterMaster,
    ReplaceMaster,
    RevokeAgent,
    RevokeMaster,
    RotateMasterWallet,
    SetRecoveryThreshold,
    Unfreeze
} from "./Operations.sol";

/// @notice What the chain knows of one device. Agents have no passkey: their k11 fields are zero.
/// @param operatorOmni The operator it belongs to; never zero for a registered device.
/// @param actorOmni The actor it acts as; the operator's own omni for a master.
/// @param tier 1 master, 2 agent.
/// @param roles Bits: CAP_MINT 1, RECOVERY 2, SCOPE_MGMT 4.
/// @param registeredAt Block time of registration.
/// @param recoveryFrom Block time from which RECOVERY counts; zero without RECOVERY.
/// @param lastSignCount Greatest signature counter the passkey has shown.
/// @param revoked A revoked device never returns.
struct DeviceEntry {
    bytes32 operatorOmni;
    bytes32 actorOmni;
    bytes32 k11CredId;
    bytes32 k11RpIdHash;
    bytes32 k11OriginHash;
    uint256 k11PubX;
    uint256 k11PubY;
    uint8 tier;
    uint8 roles;
    uint64 registeredAt;
    uint64 recoveryFrom;
    uint32 lastSignCount;
    bool revoked;
}

/// @notice Which devices act for which operator and actor, and the one place where a master's assertion is consumed.
/// @dev A device key hash is keccak256(20 address bytes) for a K10 and keccak256(0x04 || X || Y) for a passkey master.
///
///      A recovery master is active, has RECOVERY, and recoveryFrom <= block time. Every count and every quorum uses this
///      one definition. A quorum is at least recoveryThreshold votes of distinct recovery masters, in ascending order of
///      their device key hashes. Quorum operations take any sender, for a lost wallet must not be in the way; except that
///      at threshold 1 one stolen passkey alone is no quorum: the operator's wallet sends, or two masters vote.
interface ISidecarRegistry is IRegistryErrors, IRegistryEvents {
    // Masters.

    /// @notice Registers the sender as an operator, with its first master: roles 7, threshold 1.
    /// @dev The sender can claim its own omni and device hash only, and only once; the new passkey asserts itself.
    function registerFirstMasterDevice(RegisterFirstMaster calldata operation, K11Assertion calldata selfAssertion)
        external;

    /// @notice Adds a master, whose passkey asserts itself. Immediate: a quorum, any role, RECOVERY at once, also while
    ///         frozen. Otherwise: sender is the wallet, at least one vote of a recovery master, roles that every voter
    ///         holds, RECOVERY among them, not while frozen; RECOVERY matures after recoveryDelay, one newcomer at a time.
    function registerAdditionalMasterDevice(
        RegisterMaster calldata operation,
        MasterAssertion[] calldata votes,
        K11Assertion calldata selfAssertion
    ) external;

    /// @notice Revokes a newcomer that is maturing: one recovery master, any sender, also while frozen.
    function cancelMaster(CancelMaster calldata operation, MasterAssertion calldata master) external;

    /// @notice Revokes a master by a quorum without it; as many recovery masters as the threshold must remain. Not for the
    ///         wallet's own entry, which leaves only with its wallet: rotateMasterWallet.
    function revokeMasterDevice(RevokeMaster calldata operation, MasterAssertion[] calldata votes) external;

    /// @notice Revokes a master and adds another at once, by a quorum in which the target may be one of the votes.
    function replaceMasterDevice(
        ReplaceMaster calldata operation,
        MasterAssertion[] calldata votes,
        K11Assertion calldata selfAssertion
    ) external;

    /// @notice Sets how many recovery masters a quorum takes, by the current quorum, whether it goes up or down.
    function setRecoveryThreshold(SetRecoveryThreshold calldata operation, MasterAssertion[] calldata votes) external;

    // Wallet.

    /// @notice Gives the operator another wallet by a quorum and the new wallet's own signature. The old wallet is retired
    ///         for ever and its entry moves; agents, scopes and omni stay. Without immediate, and at threshold 1 only, it is
    ///         a proposal by one vote from any sender that takes effect after recoveryDelay, see completeRotation.
    function rotateMasterWallet(
        RotateMasterWallet calldata operation,
        MasterAssertion[] calldata votes,
        K10Signature calldata newWallet
    ) external;

    /// @notice Executes a proposed rotation whose time has come; any sender. Every quorum operation since then overtook
    ///         the proposal.
    function completeRotation(bytes32 operator) external;

    /// @notice Cancels a proposed rotation; the sender is the operator's wallet.
    function cancelRotation(bytes32 operator) external;

    /// @notice Cancels a proposed rotation by one recovery master; any sender.
    function cancelRotationWithWebauthn(CancelRotation calldata operation, MasterAssertion calldata master) external;

    // Freeze.

    /// @notice Makes every agent of the operator inactive, by any one master and any sender. Changes nothing, whatever was
    ///         signed, if the operator is frozen already.
    function freeze(Freeze calldata operation, MasterAssertion calldata master) external;

    /// @notice Ends a freeze by a quorum, and revokes the devices named unless they are revoked already. No vote counts
    ///         that is revoked by it, and as many recovery masters as the threshold must remain.
    function unfreeze(Unfreeze calldata operation, MasterAssertion[] calldata votes) external;

    // Agents.

    /// @notice Binds an agent's K10 to an actor: needs the operator's wallet as sender, an assertion by a master with
    ///         SCOPE_MGMT, and the agent's own consent. At first binding the actor is omni(agent address); a later
    ///         device may join an existing actor of the same operator. Not while frozen.
    function registerAgentDevice(
        BindAgent calldata operation,
        ConsentSignature calldata consent,
        MasterAssertion calldata master
    ) external;

    /// @notice Revokes an agent's device; the sender is the agent itself or its operator's wallet.
    function revokeAgentDevice(bytes32 deviceKeyHash) external;

    /// @notice Revokes an agent's device by any active master's assertion, whatever its roles; any sender.
    function revokeAgentDeviceWithWebauthn(RevokeAgent calldata operation, MasterAssertion calldata master) external;

    // For the contracts fixed at deployment.

    /// @notice Verifies and consumes one master's assertion for a contract that was fixed at deployment.
    /// @dev The digest is built here, over the CALLER's EIP-712 domain: no consumer can have an assertion accepted that
    ///      was made for another contract.
    /// @param operator The operator the master must belong to.
    /// @param role Roles the master must hold, all of them; 0 for any active master.
    /// @param structHash EIP-712 hashStruct of the operation.
    function consumeAssertion(bytes32 operator, uint8 role, bytes32 structHash, MasterAssertion calldata master)
        external;

    /// @notice Uses up operatorNonce for a single-master operation of a contract that was fixed at deployment.
    function useOperatorNonce(bytes32 operator, uint64 signed) external;

    // Views.

    /// @notice Turns an address into what it is here. Nobody else does.
    /// @return kind 0 none, 1 master wallet, 2 agent.
    /// @return operatorOmni The operator it belongs to.
    /// @return actorOmni The actor it acts as; the operator itself for a master wallet.
    /// @return status 0 unregistered, 1 active, 2 retired (a wallet that was rotated away), 3 revoked (an agent). A freeze
    ///         does not show here but in isActive.
    function resolve(address account)
        external
        view
        returns (uint8 kind, bytes32 operatorOmni, bytes32 actorOmni, uint8 status);

    /// @notice Whether the device is registered and may act now; no agent of a frozen operator may.
    function isActive(bytes32 deviceKeyHash) external view returns (bool);

    /// @notice The whole entry; all zero for an unknown device.
    function getDevice(bytes32 deviceKeyHash) external view returns (DeviceEntry memory);

    /// @notice Device key hashes of an operator, masters first, revoked ones included.
    function getOperatorDevices(bytes32 operator) external view returns (bytes32[] memory);

    /// @notice The operator that owns an actor; zero if nobody does. An operator owns itself as an actor.
    function actorOwner(bytes32 actor) external view returns (bytes32);

    /// @notice The wallet that speaks for an operator; zero if there is no such operator.
    function masterWallet(bytes32 operator) external view returns (address);

    /// @notice The nonce that the next single-master operation must carry.
    function operatorNonce(bytes32 operator) external view returns (uint64);

    /// @notice The nonce that the next quorum operation must carry; nothing but a quorum operation moves it.
    function recoveryNonce(bytes32 operator) external view returns (uint64);

    /// @notice The nonce that the next freeze must carry; nothing but unfreeze moves it.
    function freezeNonce(bytes32 operator) external view returns (uint64);

    /// @notice Whether every agent of the operator is inactive.
    function frozen(bytes32 operator) external view returns (bool);

    /// @notice How many recovery masters a quorum takes; zero if there is no such operator.
    function recoveryThreshold(bytes32 operator) external view returns (uint8);

    /// @notice Device key hashes of the recovery masters: active, RECOVERY, recoveryFrom <= block time.
    function recoveryMasters(bytes32 operator) external view returns (bytes32[] memory);

    /// @notice How many recovery masters there are, as every quorum counts them.
    function recoveryMasterCount(bytes32 operator) external view returns (uint256);

    /// @notice The newcomer that is maturing; zero if none is.
    function maturingMaster(bytes32 operator) external view returns (bytes32);

    /// @notice The rotation that was proposed and is neither cancelled nor overtaken; all zero if there is none.
    function pendingRotation(bytes32 operator)
        external
        view
        returns (address newWallet, bool revokePasskey, uint64 effectiveAt);

    /// @notice The scope contract, a consumer of assertions besides this contract.
    function scope() external view returns (address);

    /// @notice The audit contract, the other consumer of assertions.
    function audit() external view returns (address);

    /// @notice The contract that verifies assertions.
    function k11Verifier() external view returns (address);

    /// @notice Seconds until RECOVERY of a master that was added without a quorum matures, and until a proposed rotation
    ///         takes effect.
    function recoveryDelay() external view returns (uint64);
}
