// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The epoch of K3, the root of every data key. It only moves forward.
interface IK3EpochCounter {
    /// @notice The constructor was given no governance.
    error GovernanceMissing();
    /// @notice Only governance advances the epoch.
    error NotGovernance(address sender);
    /// @notice Somebody was faster: the epoch is not the one the caller saw.
    error EpochMismatch(uint64 current, uint64 expected);

    /// @notice A new epoch began. New data keys use it; older epochs stay readable.
    event K3Rotated(uint64 indexed epoch, address indexed governance);

    /// @notice Moves the epoch forward by one.
    /// @param expectedCurrent The epoch that the caller saw; makes a repeated call harmless.
    function advanceEpoch(uint64 expectedCurrent) external;

    /// @notice The current epoch; the first is 1.
    function currentEpoch() external view returns (uint64);

    /// @notice Who may advance the epoch.
    function signerGovernance() external view returns (address);
}
