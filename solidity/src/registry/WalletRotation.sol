// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DeviceEntry, ISidecarRegistry} from "../interfaces/ISidecarRegistry.sol";
import {CancelRotation, K10Signature, MasterAssertion, RotateMasterWallet} from "../interfaces/Operations.sol";
import {Identifiers} from "../libraries/Identifiers.sol";
import {K10Signatures} from "../libraries/K10Signatures.sol";
import {OperationDigests} from "../libraries/OperationDigests.sol";
import {RegistryCore} from "./RegistryCore.sol";

/// @title The operator's wallet is lost or moves: how an operator survives the machine that held it
/// @notice At threshold 2 and above a quorum moves the wallet at once, from any sender. At threshold 1 a lone passkey
///         must not: without the wallet as sender it only proposes, and wallet or any recovery master can cancel until
///         the recovery delay is over.
/// @dev A proposal moves no nonce and keeps no signature counter: neither a thief who proposes and cancels in a loop, nor a
///      stranger who sends the wallet's own calldata first and so makes a proposal of it, spoils what others signed. Each
///      proposal counts once. Any quorum operation overtakes a proposal. Cancelling takes back the proposal and not the
///      signatures: until the deadline or the next quorum operation they are a quorum when the wallet itself sends them.
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

        OperatorState storage state = _operators[operator];
        if (state.recoveryThreshold == 1 && msg.sender != state.wallet) {
            _propose(operation, digest, votes);
        } else if (operation.revokePasskey) {
            // Before the votes are counted: a revoked passkey has none.
            _dropPasskey(operator);
            _consumeQuorum(operator, operation.nonce, structHash, votes);
            _rotate(operator, operation.newWallet, true);
        } else {
            _consumeQuorum(operator, operation.nonce, structHash, votes);
            _rotate(operator, operation.newWallet, false);
        }
    }

    /// @inheritdoc ISidecarRegistry
    function completeRotation(bytes32 operator) external {
        Rotation memory pending = _pending(operator);
        if (block.timestamp < pending.effectiveAt) revert RotationNotDue(pending.effectiveAt);
        // It may have been registered as something else since.
        _checkUnregistered(Identifiers.deviceKeyHash(pending.newWallet));
        _useRecoveryNonce(operator, pending.nonce);
        if (pending.revokePasskey) _dropPasskey(operator);
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
        _consumeVote(operator, 0, OperationDigests.digest(address(this), operation.hash()), master);
        _cancel(operator, operation.newWallet);
    }

    function _propose(RotateMasterWallet calldata operation, bytes32 digest, MasterAssertion[] calldata votes) private {
        bytes32 operator = operation.operator;
        Rotation storage rotation = _rotations[operator];
        if (_isPending(operator)) revert RotationPending(rotation.newWallet, rotation.effectiveAt);
        uint64 current = _operators[operator].recoveryNonce;
        if (operation.nonce != current) revert StaleNonce(current, operation.nonce);
        if (_proposals[digest]) revert ProposalSpent(digest);
        _proposals[digest] = true;
        _verifyProposers(operation, digest, votes);
        uint64 effectiveAt = uint64(block.timestamp) + recoveryDelay;
        _rotations[operator] = Rotation({
            newWallet: operation.newWallet,
            revokePasskey: operation.revokePasskey,
            nonce: current,
            effectiveAt: effectiveAt
        });
        emit RotationProposed(operator, operation.newWallet, operation.revokePasskey, effectiveAt);
    }

    /// @dev One recovery master is enough, so it does not matter who else voted or how often.
    function _verifyProposers(RotateMasterWallet calldata operation, bytes32 digest, MasterAssertion[] calldata votes)
        private
    {
        bytes32 operator = operation.operator;
        if (votes.length == 0) revert QuorumTooSmall(0, 1);
        for (uint256 i = 0; i < votes.length; ++i) {
            bytes32 key = votes[i].deviceKeyHash;
            // As when it is rotated at once: the passkey that is revoked by it has no vote.
            if (operation.revokePasskey && key == Identifiers.deviceKeyHash(_operators[operator].wallet)) {
                revert RoleMissing(key, ROLE_RECOVERY);
            }
            emit AssertionConsumed(operator, key, digest, _verifyVote(operator, 0, digest, votes[i]));
        }
    }

    function _cancel(bytes32 operator, address newWallet) private {
        delete _rotations[operator];
        emit RotationCancelled(operator, newWallet);
    }

    /// @dev Takes the passkey and RECOVERY from the wallet's entry; what is left is the wallet itself.
    function _dropPasskey(bytes32 operator) private {
        OperatorState storage state = _operators[operator];
        bytes32 key = Identifiers.deviceKeyHash(state.wallet);
        DeviceEntry storage entry = _masterOf(operator, key);
        if (entry.k11CredId == 0) revert PasskeyMissing(key);
        --state.recoveryHolders;
        entry.roles &= ~ROLE_RECOVERY;
        entry.recoveryFrom = 0;
        _clearPasskey(entry);
        _checkRemaining(operator);
    }

    /// @dev Moves the wallet's entry. No count changes here.
    function _rotate(bytes32 operator, address newWallet, bool passkeyRevoked) private {
        OperatorState storage state = _operators[operator];
        address retired = state.wallet;
        bytes32 key = Identifiers.deviceKeyHash(newWallet);
        DeviceEntry storage old = _devices[Identifiers.deviceKeyHash(retired)];
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
        state.wallet = newWallet;
        state.masters.push(key);

        emit MasterWalletRetired(operator, retired, newWallet, passkeyRevoked);
        emit MasterWalletSet(operator, newWallet);
        emit DeviceRegistered(operator, operator, key, newWallet, TIER_MASTER, entry.roles);
        if (!passkeyRevoked) {
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
