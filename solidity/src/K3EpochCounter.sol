// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IK3EpochCounter} from "./interfaces/IK3EpochCounter.sol";

/// @title The epoch of K3
/// @notice See IK3EpochCounter. Governance is an EOA or any contract, such as a multisig.
contract K3EpochCounter is IK3EpochCounter {
    /// @inheritdoc IK3EpochCounter
    address public signerGovernance;
    /// @inheritdoc IK3EpochCounter
    uint64 public currentEpoch = 1;
    /// @inheritdoc IK3EpochCounter
    address public pendingGovernance;
    /// @inheritdoc IK3EpochCounter
    address public maintainer;

    constructor(address governance) {
        if (governance == address(0)) revert GovernanceMissing();
        signerGovernance = governance;
    }

    modifier onlyGovernance() {
        if (msg.sender != signerGovernance) revert NotGovernance(msg.sender);
        _;
    }

    /// @inheritdoc IK3EpochCounter
    function advanceEpoch(uint64 expectedCurrent) external onlyGovernance {
        uint64 current = currentEpoch;
        if (expectedCurrent != current) revert EpochMismatch(current, expectedCurrent);
        currentEpoch = current + 1;
        emit K3Rotated(current + 1, msg.sender);
    }

    /// @inheritdoc IK3EpochCounter
    function offerGovernance(address next) external onlyGovernance {
        pendingGovernance = next;
        emit GovernanceOffered(msg.sender, next);
    }

    /// @inheritdoc IK3EpochCounter
    function acceptGovernance() external {
        if (msg.sender != pendingGovernance) revert NotPendingGovernance(msg.sender);
        emit GovernanceTransferred(signerGovernance, msg.sender);
        signerGovernance = msg.sender;
        delete pendingGovernance;
    }

    /// @inheritdoc IK3EpochCounter
    function setMaintainer(address maintainer_) external onlyGovernance {
        maintainer = maintainer_;
        emit MaintainerSet(maintainer_);
    }
}
