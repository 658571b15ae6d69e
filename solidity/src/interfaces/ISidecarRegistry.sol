// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K11Assertion} from "./IK11Verifier.sol";
import {IOperationErrors} from "./IOperationErrors.sol";
import {BindAgent, ConsentSignature, MasterAssertion, RegisterFirstMaster, RevokeAgent} from "./Operations.sol";

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
interface ISidecarRegistry is IOperationErrors {
    /// @notice There is no code at the verifier's address.
    error VerifierMissing();
    /// @notice The constructor was given no scope contract.
    error ScopeMissing();
    /// @notice The constructor was given a delay longer than 30 days.
    error RecoveryDelayTooLong(uint64 delay);
    /// @notice The omni named is not the one that belongs to the address.
    error OmniMismatch(bytes32 expected, bytes32 given);
    /// @notice The device was registered before, by whomever; also when it is revoked by now.
    error DeviceAlreadyRegistered(bytes32 deviceKeyHash);
    /// @notice No such device.
    error DeviceUnknown(bytes32 deviceKeyHash);
    /// @notice The device is revoked.
    error DeviceIsRevoked(bytes32 deviceKeyHash);
    /// @notice The device belongs to another operator.
    error DeviceOfOtherOperator(bytes32 deviceKeyHash, bytes32 operator);
    /// @notice The device is not a master.
    error NotMasterDevice(bytes32 deviceKeyHash);
    /// @notice The device is not an agent.
    error NotAgentDevice(bytes32 deviceKeyHash);
    /// @notice The master lacks a role that the operation needs.
    error RoleMissing(bytes32 deviceKeyHash, uint8 role);
    /// @notice A master's passkey needs a credential id.
    error CredentialIdMissing();
    /// @notice The actor belongs to another operator.
    error ActorOfOtherOperator(bytes32 actor, bytes32 owner);
    /// @notice An operator's own actor is the master's alone; no agent is bound to it.
    error ActorIsOperator(bytes32 actor);
    /// @notice The agent's secp256k1 signature has s above n/2: the same signature would exist twice.
    error ConsentSignatureSTooHigh();
    /// @notice The agent's secp256k1 signature has a v that is neither 27 nor 28.
    error ConsentSignatureVInvalid(uint8 v);
    /// @notice The agent's secp256k1 signature is nobody's.
    error ConsentSignatureInvalid();
    /// @notice The consent was signed by somebody else than the agent, or over something else.
    error ConsentNotByAgent(address recovered, address agent);
    /// @notice The passkey's signature counter did not move forward: the credential may have been cloned.
    error SignCountNotIncreased(bytes32 deviceKeyHash, uint32 last, uint32 given);
    /// @notice Only a contract fixed at deployment may have assertions consumed.
    error NotConsumer(address caller);
    /// @notice The sender is neither the agent itself nor its operator's wallet.
    error NotRevoker(address sender, bytes32 deviceKeyHash);

    /// @notice A device was registered; its operator and actor are fixed for ever.
    event DeviceRegistered(
        bytes32 indexed operator,
        bytes32 indexed actor,
        bytes32 indexed deviceKeyHash,
        address account,
        uint8 tier,
        uint8 roles
    );
    /// @notice A master's passkey, as it stands in the entry from now on.
    event PasskeyRegistered(
        bytes32 indexed operator,
        bytes32 indexed deviceKeyHash,
        bytes32 k11CredId,
        bytes32 k11RpIdHash,
        bytes32 k11OriginHash,
        uint256 k11PubX,
        uint256 k11PubY
    );
    /// @notice A device was revoked for ever.
    event DeviceRevoked(bytes32 indexed operator, bytes32 indexed actor, bytes32 indexed deviceKeyHash);
    /// @notice An actor got its owner, once and for ever.
    event ActorOwned(bytes32 indexed operator, bytes32 indexed actor);
    /// @notice A wallet speaks for an operator from now on.
    event MasterWalletSet(bytes32 indexed operator, address indexed wallet);
    /// @notice A single-master operation was executed; the next one is signed for this nonce.
    event OperatorNonceAdvanced(bytes32 indexed operator, uint64 nonce);
    /// @notice An operator's recovery threshold is this from now on.
    event RecoveryThresholdSet(bytes32 indexed operator, uint8 threshold);
    /// @notice A master's assertion was accepted and its signature counter kept.
    event AssertionConsumed(
        bytes32 indexed operator, bytes32 indexed deviceKeyHash, bytes32 indexed digest, uint32 signCount
    );

    /// @notice Registers the sender as an operator, with its first master: roles 7, threshold 1.
    /// @dev The sender can claim its own omni and device hash only, and only once; the new passkey asserts itself.
    function registerFirstMasterDevice(RegisterFirstMaster calldata operation, K11Assertion calldata selfAssertion)
        external;

    /// @notice Binds an agent's K10 to an actor: needs the operator's wallet as sender, an assertion by a master with
    ///         SCOPE_MGMT, and the agent's own consent. At first binding the actor is omni(agent address); a later
    ///         device may join an existing actor of the same operator.
    function registerAgentDevice(
        BindAgent calldata operation,
        ConsentSignature calldata consent,
        MasterAssertion calldata master
    ) external;

    /// @notice Revokes an agent's device; the sender is the agent itself or its operator's wallet.
    function revokeAgentDevice(bytes32 deviceKeyHash) external;

    /// @notice Revokes an agent's device by any active master's assertion, whatever its roles; any sender.
    function revokeAgentDeviceWithWebauthn(RevokeAgent calldata operation, MasterAssertion calldata master) external;

    /// @notice Verifies and consumes one master's assertion for a contract that was fixed at deployment.
    /// @dev The digest is built here, over the CALLER's EIP-712 domain: no consumer can have an assertion accepted that
    ///      was made for another contract.
    /// @param operator The operator the master must belong to.
    /// @param role Roles the master must hold, all of them; 0 for any active master.
    /// @param structHash EIP-712 hashStruct of the operation.
    function consumeAssertion(bytes32 operator, uint8 role, bytes32 structHash, MasterAssertion calldata master)
        external;

    /// @notice Turns an address into what it is here. Nobody else does.
    /// @return kind 0 none, 1 master wallet, 2 agent.
    /// @return operatorOmni The operator it belongs to.
    /// @return actorOmni The actor it acts as; the operator itself for a master wallet.
    /// @return status 0 unregistered, 1 active, 2 retired, 3 revoked.
    function resolve(address account)
        external
        view
        returns (uint8 kind, bytes32 operatorOmni, bytes32 actorOmni, uint8 status);

    /// @notice Whether the device is registered and may act now.
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

    /// @notice How many recovery masters a quorum takes; zero if there is no such operator.
    function recoveryThreshold(bytes32 operator) external view returns (uint8);

    /// @notice Device key hashes of the recovery masters: active, RECOVERY, recoveryFrom <= block time.
    function recoveryMasters(bytes32 operator) external view returns (bytes32[] memory);

    /// @notice The scope contract, the one consumer of assertions besides this contract.
    function scope() external view returns (address);

    /// @notice The contract that verifies assertions.
    function k11Verifier() external view returns (address);

    /// @notice Seconds until RECOVERY of a master that was added without a quorum matures.
    function recoveryDelay() external view returns (uint64);
}
