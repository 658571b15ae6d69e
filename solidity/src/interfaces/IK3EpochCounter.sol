// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The epoch of K3, the root of every data key. It only moves forward.
interface IK3EpochCounter {
    /// @notice The constructor was given no governance.
    error GovernanceMissing();
    /// @notice Only governance advances the epoch, hands over, and names the maintainer.
    error NotGovernance(address sender);
    /// @notice The sender is not the one to whom governance was offered.
    error NotPendingGovernance(address sender);
    /// @notice Somebody was faster: the epoch is not the one the caller saw.
    error EpochMismatch(uint64 current, uint64 expected);

    /// @notice A new epoch began. New data keys use it; older epochs stay readable.
    event K3Rotated(uint64 indexed epoch, address indexed governance);
    /// @notice Governance was offered to an account, which has to accept; the zero address withdraws the offer.
    event GovernanceOffered(address indexed governance, address indexed pending);
    /// @notice Governance changed hands.
    event GovernanceTransferred(address indexed previous, address indexed governance);
    /// @notice The account that may sign for re-wrapping data keys is this from now on; zero for none.
    event MaintainerSet(address indexed maintainer);

    /// @notice Moves the epoch forward by one.
    /// @param expectedCurrent The epoch that the caller saw; makes a repeated call harmless.
    function advanceEpoch(uint64 expectedCurrent) external;

    /// @notice Offers governance to an account, in place of any earlier offer; zero withdraws it. Nothing changes until the
    ///         account accepts: a wrong address cannot lose the counter.
    function offerGovernance(address next) external;

    /// @notice Takes over governance that was offered to the sender.
    function acceptGovernance() external;

    /// @notice Names the account (an EOA: it signs sessions off chain) that may have data keys re-wrapped; zero for none.
    function setMaintainer(address maintainer) external;

    /// @notice The current epoch; the first is 1.
    function currentEpoch() external view returns (uint64);

    /// @notice Who may advance the epoch.
    function signerGovernance() external view returns (address);

    /// @notice To whom governance is offered; zero if it is not.
    function pendingGovernance() external view returns (address);

    /// @notice Who may have data keys re-wrapped; zero if nobody.
    function maintainer() external view returns (address);
}
