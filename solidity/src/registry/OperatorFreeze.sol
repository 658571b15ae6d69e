// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ISidecarRegistry} from "../interfaces/ISidecarRegistry.sol";
import {Freeze, MasterAssertion, Unfreeze} from "../interfaces/Operations.sol";
import {OperationDigests} from "../libraries/OperationDigests.sol";
import {RegistryCore} from "./RegistryCore.sol";

/// @title One master stops every agent at once; a quorum lets them go on
abstract contract OperatorFreeze is RegistryCore {
    using OperationDigests for Freeze;
    using OperationDigests for Unfreeze;

    /// @inheritdoc ISidecarRegistry
    function freeze(Freeze calldata operation, MasterAssertion calldata master) external {
        bytes32 operator = operation.operator;
        OperatorState storage state = _operators[operator];
        if (state.frozen) return;
        _checkDeadline(operation.deadline);
        if (operation.nonce != state.freezeNonce) revert StaleNonce(state.freezeNonce, operation.nonce);
        bytes32 digest = OperationDigests.digest(address(this), operation.hash());
        _consume(operator, 0, digest, master.deviceKeyHash, master.assertion);
        state.frozen = true;
        emit OperatorFrozen(operator, master.deviceKeyHash);
    }

    /// @inheritdoc ISidecarRegistry
    function unfreeze(Unfreeze calldata operation, MasterAssertion[] calldata votes) external {
        _checkDeadline(operation.deadline);
        bytes32 operator = operation.operator;
        OperatorState storage state = _operators[operator];
        if (!state.frozen) revert NotFrozen(operator);
        // Before the votes are counted: a revoked master has none, and cannot freeze again in between.
        for (uint256 i = 0; i < operation.revocations.length; ++i) {
            bytes32 key = operation.revocations[i];
            // Somebody was faster, perhaps to spoil this: what was wanted is so.
            if (_devices[key].operatorOmni == operator && _devices[key].revoked) continue;
            _checkNotWallet(operator, key);
            _revoke(_deviceOf(operator, key), key);
        }
        _checkRemaining(operator);
        _consumeQuorum(operator, operation.nonce, operation.hash(), votes);
        state.frozen = false;
        uint64 next = ++state.freezeNonce;
        emit OperatorUnfrozen(operator, next);
    }
}
