// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DeviceEntry, ISidecarRegistry} from "../interfaces/ISidecarRegistry.sol";
import {CancelRotation, K10Signature, MasterAssertion, RotateMasterWallet} from "../interfaces/Operations.sol";
import {Identifiers} from "../libraries/Identifiers.sol";
import {K10Signatures} from "../libraries/K10Signatures.sol";
import {OperationDigests} from "../libraries/OperationDigests.sol";
import {RegistryCore} from "./RegistryCore.sol";

/// @title The operator's wallet is lost or moves: how an operator survives the machine that held it
/// @notice A quorum moves the wallet at once, from any sender. At threshold 1 a lone passkey without the wallet only
///         proposes, and the wallet or any recovery master can cancel until the recovery delay is over. Which of the two is
///         meant is signed: nobody turns one into the other.
/// @dev A proposal moves no nonce, so that a thief who proposes and cancels in a loop spoils nothing that others signed;
///      each proposal and each cancellation counts once. Any quorum operation overtakes a proposal.
abstract contract WalletRotation is RegistryCore {
    using OperationDigests for RotateMasterWallet;
    using OperationDigests for CancelRotation;

    /// @inheritdoc ISidecarRegistry
    function rotateMasterWallet(
        RotateMasterWallet calldata operation,
        MasterAssertion[] calldata votes,
        K10Signature calldata newWallet
    ) external {
        _checkDeadline(operation.deadline);
        bytes32 operator = operation.operator;
        _checkUnregistered(Identifiers.deviceKeyHash(operation.newWallet));
        bytes32 structHash = operation.hash();
        bytes32 digest = OperationDigests.digest(address(this), structHash);
        address signer = K10Signatures.recover(digest, newWallet.v, newWallet.r, newWallet.s);
        if (signer != operation.newWallet) revert RotationNotByNewWallet(signer, operation.newWallet);

        if (operation.revokePasskey) _checkNoVoteOf(_walletKey(operator), votes);
        if (!operation.immediate) {
            _propose(operation, digest, votes);
            return;
        }
        _consumeQuorum(operator, operation.nonce, structHash, votes);
        _rotate(operator, operation.newWallet, operation.revokePasskey);
    }

    /// @inheritdoc ISidecarRegistry
    function completeRotation(bytes32 operator) external {
        Rotation memory pending = _pending(operator);
        if (block.timestamp < pending.effectiveAt) revert RotationNotDue(pending.effectiveAt);
        // It may have been registered as something else since.
        _checkUnregistered(Identifiers.deviceKeyHash(pending.newWallet));
        _useRecoveryNonce(operator, pending.nonce);
        _rotate(operator, pending.newWallet, pending.revokePasskey);
    }

    /// @inheritdoc ISidecarRegistry
    function cancelRotation(bytes32 operator) external {
        _checkWallet(operator);
        _cancel(operator, _pending(operator).newWallet);
    }

    /// @inheritdoc ISidecarRegistry
    function cancelRotationWithWebauthn(CancelRotation calldata operation, MasterAssertion calldata master) external {
        _checkDeadline(operation.deadline);
        bytes32 operator = operation.operator;
        if (_pending(operator).newWallet != operation.newWallet) revert NoRotationPending(operator);
        bytes32 digest = OperationDigests.digest(address(this), operation.hash());
        _spend(digest);
        _consumeVote(operator, 0, digest, master);
        _cancel(operator, operation.newWallet);
    }

    function _propose(RotateMasterWallet calldata operation, bytes32 digest, MasterAssertion[] calldata votes) private {
        bytes32 operator = operation.operator;
        OperatorState storage state = _operators[operator];
        if (state.recoveryThreshold != 1) revert ProposalRefused(state.recoveryThreshold);
        Rotation storage rotation = _rotations[operator];
        if (_isPending(operator)) revert RotationPending(rotation.newWallet, rotation.effectiveAt);
        if (operation.nonce != state.recoveryNonce) revert StaleNonce(state.recoveryNonce, operation.nonce);
        // What could not be completed is not proposed either.
        if (operation.revokePasskey) _checkDroppable(operator);
        _spend(digest);
        _consumeVotes(operator, 1, 0, digest, votes);
        uint64 effectiveAt = uint64(block.timestamp) + recoveryDelay;
        _rotations[operator] = Rotation({
            newWallet: operation.newWallet,
            revokePasskey: operation.revokePasskey,
            nonce: operation.nonce,
            effectiveAt: effectiveAt
        });
        emit RotationProposed(operator, operation.newWallet, operation.revokePasskey, effectiveAt);
    }

    function _cancel(bytes32 operator, address newWallet) private {
        delete _rotations[operator];
        emit RotationCancelled(operator, newWallet);
    }

    /// @dev Whether the wallet's entry has a passkey that a quorum can do without.
    function _checkDroppable(bytes32 operator) private view {
        OperatorState storage state = _operators[operator];
        bytes32 key = _walletKey(operator);
        if (_devices[key].k11CredId == 0) revert PasskeyMissing(key);
        // The first master's RECOVERY never matures, and leaves with its passkey only: it is one of those counted.
        uint256 remaining = _recoveryCount(state) - 1;
        if (remaining < state.recoveryThreshold) revert TooFewRecoveryMasters(remaining, state.recoveryThreshold);
    }

    function _checkNoVoteOf(bytes32 key, MasterAssertion[] calldata votes) private pure {
        for (uint256 i = 0; i < votes.length; ++i) {
            if (votes[i].deviceKeyHash == key) revert TargetMayNotVote(key);
        }
    }

    function _walletKey(bytes32 operator) private view returns (bytes32) {
        return Identifiers.deviceKeyHash(_operators[operator].wallet);
    }

    /// @dev Moves the wallet's entry, without its passkey and RECOVERY if they are revoked: what is left then is the wallet
    ///      itself.
    function _rotate(bytes32 operator, address newWallet, bool revokePasskey) private {
        OperatorState storage state = _operators[operator];
        DeviceEntry storage old = _devices[_walletKey(operator)];
        if (revokePasskey) {
            _checkDroppable(operator);
            --state.recoveryHolders;
            old.roles &= ~ROLE_RECOVERY;
            old.recoveryFrom = 0;
            _clearPasskey(old);
        }
        bytes32 key = Identifiers.deviceKeyHash(newWallet);
        DeviceEntry storage entry = _devices[key];
        entry.operatorOmni = operator;
        entry.actorOmni = operator;
        entry.k11CredId = old.k11CredId;
        entry.k11RpIdHash = old.k11RpIdHash;
        entry.k11OriginHash = old.k11OriginHash;
        entry.k11PubX = old.k11PubX;
        entry.k11PubY = old.k11PubY;
        entry.tier = TIER_MASTER;
        entry.roles = old.roles;
        entry.registeredAt = uint64(block.timestamp);
        entry.recoveryFrom = old.recoveryFrom;
        entry.lastSignCount = old.lastSignCount;
        old.roles = 0;
        old.recoveryFrom = 0;
        old.revoked = true;
        _clearPasskey(old);

        emit MasterWalletRetired(operator, state.wallet, newWallet, revokePasskey);
        state.wallet = newWallet;
        state.masters.push(key);
        emit MasterWalletSet(operator, newWallet);
        emit DeviceRegistered(operator, operator, key, newWallet, TIER_MASTER, entry.roles);
        if (entry.k11CredId != 0) {
            emit PasskeyRegistered(
                operator, key, entry.k11CredId, entry.k11RpIdHash, entry.k11OriginHash, entry.k11PubX, entry.k11PubY
            );
        }
    }

    function _clearPasskey(DeviceEntry storage entry) private {
        entry.k11CredId = 0;
        entry.k11RpIdHash = 0;
        entry.k11OriginHash = 0;
        entry.k11PubX = 0;
        entry.k11PubY = 0;
        entry.lastSignCount = 0;
    }

    function _pending(bytes32 operator) private view returns (Rotation storage rotation) {
        if (!_isPending(operator)) revert NoRotationPending(operator);
        rotation = _rotations[operator];
    }

    function _isPending(bytes32 operator) internal view returns (bool) {
        Rotation storage rotation = _rotations[operator];
        return rotation.newWallet != address(0) && rotation.nonce == _operators[operator].recoveryNonce;
    }
}
