// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "./IOperationErrors.sol";

/// @notice Every refusal of the registry.
interface IRegistryErrors is IOperationErrors {
    // Deployment.

    /// @notice There is no code at the verifier's address.
    error VerifierMissing();
    /// @notice The constructor was given no scope contract.
    error ScopeMissing();
    /// @notice The constructor was given no audit contract, or the scope contract's address for it.
    error AuditMissing();
    /// @notice A recovery delay is between one second and 30 days.
    error RecoveryDelayInvalid(uint64 delay);

    // Devices and actors.

    /// @notice The omni named is not the one that belongs to the address.
    error OmniMismatch(bytes32 expected, bytes32 given);
    /// @notice The device was registered before, by whomever; also when it is revoked by now.
    error DeviceAlreadyRegistered(bytes32 deviceKeyHash);
    /// @notice The passkey was registered before, by whomever and under whatever device key hash; also when it is revoked
    ///         by now.
    /// @param passkeyHash keccak256(0x04 || X || Y).
    error PasskeyAlreadyRegistered(bytes32 passkeyHash);
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
    /// @notice A newcomer has at least one of the three roles and no other; without a quorum it has RECOVERY, so that it
    ///         matures and can be cancelled.
    error RolesInvalid(uint8 roles);
    /// @notice A master's passkey needs a credential id.
    error CredentialIdMissing();
    /// @notice The wallet's entry has no passkey any more: it was revoked when the wallet was rotated.
    error PasskeyMissing(bytes32 deviceKeyHash);
    /// @notice The actor belongs to another operator.
    error ActorOfOtherOperator(bytes32 actor, bytes32 owner);
    /// @notice An operator's own actor is the master's alone; no agent is bound to it.
    error ActorIsOperator(bytes32 actor);
    /// @notice The sender is neither the agent itself nor its operator's wallet.
    error NotRevoker(address sender, bytes32 deviceKeyHash);

    // Signatures.

    /// @notice The secp256k1 signature has s above n/2: the same signature would exist twice.
    error K10SignatureSTooHigh();
    /// @notice The secp256k1 signature has a v that is neither 27 nor 28.
    error K10SignatureVInvalid(uint8 v);
    /// @notice The secp256k1 signature is nobody's.
    error K10SignatureInvalid();
    /// @notice The consent was signed by somebody else than the agent, or over something else.
    error ConsentNotByAgent(address recovered, address agent);
    /// @notice The rotation was signed by somebody else than the new wallet, or over something else.
    error RotationNotByNewWallet(address recovered, address newWallet);
    /// @notice The passkey's signature counter did not move forward: the credential may have been cloned.
    error SignCountNotIncreased(bytes32 deviceKeyHash, uint32 last, uint32 given);
    /// @notice Only a contract fixed at deployment may have assertions consumed.
    error NotConsumer(address caller);

    // Quorums.

    /// @notice Fewer votes than the operation needs.
    error QuorumTooSmall(uint256 votes, uint256 needed);
    /// @notice One master voted twice.
    error VoteDuplicate(bytes32 deviceKeyHash);
    /// @notice Votes stand in ascending order of their device key hashes, so that none is counted twice.
    error VotesUnordered(bytes32 before, bytes32 deviceKeyHash);
    /// @notice The master's RECOVERY does not count yet.
    error RecoveryNotMature(bytes32 deviceKeyHash, uint64 recoveryFrom);
    /// @notice The operation would leave fewer recovery masters than a quorum takes.
    error TooFewRecoveryMasters(uint256 remaining, uint256 needed);
    /// @notice A threshold is at least 1 and at most the number of recovery masters.
    error ThresholdInvalid(uint8 threshold, uint256 recoveryMasters);
    /// @notice The wallet's own entry leaves only with its wallet, by rotateMasterWallet.
    error TargetIsWallet(bytes32 deviceKeyHash);
    /// @notice Another newcomer is maturing; one at a time.
    error NewcomerMaturing(bytes32 deviceKeyHash, uint64 recoveryFrom);
    /// @notice The master is not maturing: it is established, or never had RECOVERY.
    error NotMaturing(bytes32 deviceKeyHash);
    /// @notice A passkey has no vote in its own revocation.
    error TargetMayNotVote(bytes32 deviceKeyHash);
    /// @notice The operator is not frozen.
    error NotFrozen(bytes32 operator);

    // Rotation of the wallet.

    /// @notice Another rotation was proposed and is neither cancelled nor overtaken.
    error RotationPending(address newWallet, uint64 effectiveAt);
    /// @notice Only at threshold 1 does one vote propose a rotation; otherwise a quorum decides it.
    error ProposalRefused(uint8 threshold);
    /// @notice This very proposal or cancellation was executed before; it counts once.
    error DigestSpent(bytes32 digest);
    /// @notice No rotation is proposed, or not this one, or a quorum operation overtook it.
    error NoRotationPending(bytes32 operator);
    /// @notice The proposed rotation takes effect later.
    error RotationNotDue(uint64 effectiveAt);
}
