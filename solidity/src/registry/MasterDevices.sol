// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K11Assertion} from "../interfaces/IK11Verifier.sol";
import {DeviceEntry, ISidecarRegistry} from "../interfaces/ISidecarRegistry.sol";
import {
    CancelMaster,
    MasterAssertion,
    Newcomer,
    RegisterFirstMaster,
    RegisterMaster,
    ReplaceMaster,
    RevokeMaster,
    SetRecoveryThreshold
} from "../interfaces/Operations.sol";
import {Identifiers} from "../libraries/Identifiers.sol";
import {OperationDigests} from "../libraries/OperationDigests.sol";
import {RegistryCore} from "./RegistryCore.sol";

/// @title Masters come and go, and how many of them a quorum takes
abstract contract MasterDevices is RegistryCore {
    using OperationDigests for CancelMaster;
    using OperationDigests for RegisterFirstMaster;
    using OperationDigests for RegisterMaster;
    using OperationDigests for ReplaceMaster;
    using OperationDigests for RevokeMaster;
    using OperationDigests for SetRecoveryThreshold;

    /// @inheritdoc ISidecarRegistry
    function registerFirstMasterDevice(RegisterFirstMaster calldata operation, K11Assertion calldata selfAssertion)
        external
    {
        _checkDeadline(operation.deadline);
        if (msg.sender != operation.wallet) revert SenderNotWallet(msg.sender, operation.wallet);
        bytes32 operator = Identifiers.omni(msg.sender);
        if (operation.operator != operator) revert OmniMismatch(operator, operation.operator);
        bytes32 key = Identifiers.deviceKeyHash(msg.sender);
        _checkUnregistered(key);
        _claimPasskey(operation.k11CredId, operation.k11PubX, operation.k11PubY);
        _useOperatorNonce(operator, operation.nonce);

        OperatorState storage state = _operators[operator];
        state.wallet = msg.sender;
        state.recoveryThreshold = 1;
        actorOwner[operator] = operator;
        emit ActorOwned(operator, operator);
        emit MasterWalletSet(operator, msg.sender);
        emit RecoveryThresholdSet(operator, 1);
        Newcomer memory newcomer = Newcomer({
            k11CredId: operation.k11CredId,
            k11RpIdHash: operation.k11RpIdHash,
            k11OriginHash: operation.k11OriginHash,
            k11PubX: operation.k11PubX,
            k11PubY: operation.k11PubY,
            roles: ALL_ROLES
        });
        _enter(operator, key, msg.sender, newcomer, uint64(block.timestamp));
        // Against the entry just written: the new passkey proves itself at the one place where assertions are consumed.
        _consume(operator, 0, OperationDigests.digest(address(this), operation.hash()), key, selfAssertion);
    }

    /// @inheritdoc ISidecarRegistry
    function registerAdditionalMasterDevice(
        RegisterMaster calldata operation,
        MasterAssertion[] calldata votes,
        K11Assertion calldata selfAssertion
    ) external {
        _checkDeadline(operation.deadline);
        bytes32 operator = operation.operator;
        bytes32 structHash = operation.hash();
        bytes32 digest = OperationDigests.digest(address(this), structHash);
        uint64 recoveryFrom = uint64(block.timestamp);
        if (operation.immediate) {
            _consumeQuorum(operator, operation.nonce, structHash, votes);
        } else {
            _checkWallet(operator);
            _checkNotFrozen(operator);
            // Every newcomer that a thief can add matures, one at a time, and can be cancelled.
            if (operation.newcomer.roles & ROLE_RECOVERY == 0) revert RolesInvalid(operation.newcomer.roles);
            _useOperatorNonce(operator, operation.nonce);
            // A master passes on only what it has.
            _consumeVotes(operator, 1, operation.newcomer.roles, digest, votes);
            recoveryFrom += recoveryDelay;
        }
        _addMaster(operator, operation.newcomer, recoveryFrom, digest, selfAssertion);
    }

    /// @inheritdoc ISidecarRegistry
    function cancelMaster(CancelMaster calldata operation, MasterAssertion calldata master) external {
        _checkDeadline(operation.deadline);
        bytes32 operator = operation.operator;
        bytes32 key = operation.deviceKeyHash;
        DeviceEntry storage entry = _masterOf(operator, key);
        if (_maturing(_operators[operator]) != key) revert NotMaturing(key);
        // The target itself has no vote: it is not a recovery master yet.
        _consumeVote(operator, 0, OperationDigests.digest(address(this), operation.hash()), master);
        _revoke(entry, key);
        emit MasterCancelled(operator, key, master.deviceKeyHash);
    }

    /// @inheritdoc ISidecarRegistry
    function revokeMasterDevice(RevokeMaster calldata operation, MasterAssertion[] calldata votes) external {
        _checkDeadline(operation.deadline);
        bytes32 operator = operation.operator;
        _checkNotWallet(operator, operation.deviceKeyHash);
        // Before the votes are counted: a revoked master has none.
        _revoke(_masterOf(operator, operation.deviceKeyHash), operation.deviceKeyHash);
        _checkRemaining(operator);
        _consumeQuorum(operator, operation.nonce, operation.hash(), votes);
    }

    /// @inheritdoc ISidecarRegistry
    function replaceMasterDevice(
        ReplaceMaster calldata operation,
        MasterAssertion[] calldata votes,
        K11Assertion calldata selfAssertion
    ) external {
        _checkDeadline(operation.deadline);
        bytes32 operator = operation.operator;
        bytes32 target = operation.deviceKeyHash;
        _checkNotWallet(operator, target);
        bytes32 structHash = operation.hash();
        _consumeQuorum(operator, operation.nonce, structHash, votes);
        _revoke(_masterOf(operator, target), target);
        bytes32 digest = OperationDigests.digest(address(this), structHash);
        bytes32 key = _addMaster(operator, operation.newcomer, uint64(block.timestamp), digest, selfAssertion);
        _checkRemaining(operator);
        emit MasterReplaced(operator, target, key);
    }

    /// @inheritdoc ISidecarRegistry
    function setRecoveryThreshold(SetRecoveryThreshold calldata operation, MasterAssertion[] calldata votes) external {
        _checkDeadline(operation.deadline);
        bytes32 operator = operation.operator;
        _consumeQuorum(operator, operation.nonce, operation.hash(), votes);
        OperatorState storage state = _operators[operator];
        uint256 count = _recoveryCount(state);
        if (operation.threshold == 0 || operation.threshold > count) {
            revert ThresholdInvalid(operation.threshold, count);
        }
        state.recoveryThreshold = operation.threshold;
        emit RecoveryThresholdSet(operator, operation.threshold);
    }

    /// @dev A master that is a passkey alone. It proves itself over the same digest as the votes.
    function _addMaster(
        bytes32 operator,
        Newcomer calldata newcomer,
        uint64 recoveryFrom,
        bytes32 digest,
        K11Assertion calldata selfAssertion
    ) private returns (bytes32 key) {
        if (newcomer.roles == 0 || newcomer.roles > ALL_ROLES) revert RolesInvalid(newcomer.roles);
        key = _claimPasskey(newcomer.k11CredId, newcomer.k11PubX, newcomer.k11PubY);
        _enter(operator, key, address(0), newcomer, recoveryFrom);
        _consume(operator, 0, digest, key, selfAssertion);
    }

    function _enter(bytes32 operator, bytes32 key, address account, Newcomer memory newcomer, uint64 recoveryFrom)
        private
    {
        OperatorState storage state = _operators[operator];
        uint64 time = uint64(block.timestamp);
        if (newcomer.roles & ROLE_RECOVERY == 0) {
            recoveryFrom = 0;
        } else {
            if (recoveryFrom > time) {
                bytes32 other = _maturing(state);
                if (other != 0) revert NewcomerMaturing(other, _devices[other].recoveryFrom);
                state.delayed = key;
                emit MasterMaturing(operator, key, recoveryFrom);
            }
            ++state.recoveryHolders;
        }
        state.masters.push(key);
        _devices[key] = DeviceEntry({
            operatorOmni: operator,
            actorOmni: operator,
            k11CredId: newcomer.k11CredId,
            k11RpIdHash: newcomer.k11RpIdHash,
            k11OriginHash: newcomer.k11OriginHash,
            k11PubX: newcomer.k11PubX,
            k11PubY: newcomer.k11PubY,
            tier: TIER_MASTER,
            roles: newcomer.roles,
            registeredAt: time,
            recoveryFrom: recoveryFrom,
            lastSignCount: 0,
            revoked: false
        });
        emit DeviceRegistered(operator, operator, key, account, TIER_MASTER, newcomer.roles);
        emit PasskeyRegistered(
            operator,
            key,
            newcomer.k11CredId,
            newcomer.k11RpIdHash,
            newcomer.k11OriginHash,
            newcomer.k11PubX,
            newcomer.k11PubY
        );
    }
}
