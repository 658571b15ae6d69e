// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Refusals that every contract which executes operations shares.
interface IOperationErrors {
    /// @notice The signed operation, or the agent's consent, is too old.
    error DeadlinePassed(uint64 deadline);
    /// @notice The operation was signed for another turn: something else was executed first.
    error StaleNonce(uint64 current, uint64 signed);
    /// @notice A single-master operation needs both factors; the sender is not the operator's wallet.
    error SenderNotWallet(address sender, address wallet);
    /// @notice The operator is frozen: only quorum operations, cancellations, revocations and audit anchoring work.
    error OperatorIsFrozen(bytes32 operator);
}
