// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {IRegistryEvents} from "../src/interfaces/IRegistryEvents.sol";
import {Deck} from "./Deck.sol";
import {vm} from "./Vm.sol";

/// @notice Cancelling, revoking and replacing masters, and the threshold.
contract RemovingTest is Deck {
    // Cancelling.

    function testCancel() public {
        _addDelayed(alice, fourth, 3, second);
        uint64 recoveryNonce = registry.recoveryNonce(alice.operator);
        uint64 operatorNonce = registry.operatorNonce(alice.operator);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.DeviceRevoked(alice.operator, alice.operator, fourth.key);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.MasterCancelled(alice.operator, fourth.key, third.key);
        _ok(STRANGER, address(registry), _input(_cancellation(alice, fourth.key), third));
        vm.assertFalse(registry.isActive(fourth.key), "active");
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 3, "count");
        vm.assertEq(registry.maturingMaster(alice.operator), 0, "maturing");
        vm.assertEq(registry.recoveryNonce(alice.operator), recoveryNonce, "recoveryNonce");
        vm.assertEq(registry.operatorNonce(alice.operator), operatorNonce, "operatorNonce");
        vm.warp(NOW + RECOVERY_DELAY);
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 3, "count, later");
    }

    /// @notice The newcomer has no vote yet, whatever it is about.
    function testTheNewcomerCannotCancelItself() public {
        _addDelayed(alice, fourth, 3, second);
        bytes memory refusal =
            abi.encodeWithSelector(IRegistryErrors.RecoveryNotMature.selector, fourth.key, NOW + RECOVERY_DELAY);
        _refused(STRANGER, address(registry), _input(_cancellation(alice, fourth.key), fourth), refusal);
        _ok(STRANGER, address(registry), _input(_cancellation(alice, fourth.key), second));
    }

    function testOnlyTheMaturingIsCancelled() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.NotMaturing.selector, third.key);
        _refused(STRANGER, address(registry), _input(_cancellation(alice, third.key), second), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.NotMaturing.selector, alice.device);
        _refused(STRANGER, address(registry), _input(_cancellation(alice, alice.device), second), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.NotMasterDevice.selector, agentDevice);
        _refused(STRANGER, address(registry), _input(_cancellation(alice, agentDevice), second), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.DeviceOfOtherOperator.selector, bob.device, bob.operator);
        _refused(STRANGER, address(registry), _input(_cancellation(alice, bob.device), second), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.DeviceUnknown.selector, fourth.key);
        _refused(STRANGER, address(registry), _input(_cancellation(alice, fourth.key), second), refusal);

        _addDelayed(alice, fourth, 3, second);
        signedDeadline = NOW + RECOVERY_DELAY;
        bytes memory cancel = _input(_cancellation(alice, fourth.key), third);
        refusal = abi.encodeWithSelector(IRegistryErrors.NotMaturing.selector, third.key);
        _refused(STRANGER, address(registry), _input(_cancellation(alice, third.key), second), refusal);
        vm.warp(NOW + RECOVERY_DELAY);
        refusal = abi.encodeWithSelector(IRegistryErrors.NotMaturing.selector, fourth.key);
        _refused(STRANGER, address(registry), cancel, refusal);
        vm.warp(NOW + RECOVERY_DELAY - 1);
        _ok(STRANGER, address(registry), cancel);
    }

    function testCancelWhileFrozen() public {
        _addDelayed(alice, fourth, 3, second);
        _freeze(alice, second);
        _ok(STRANGER, address(registry), _input(_cancellation(alice, fourth.key), third));
    }

    // Revoking.

    function testRevoke() public {
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.DeviceRevoked(alice.operator, alice.operator, third.key);
        _ok(STRANGER, address(registry), _input(_revocation(alice, third.key), _by(first, second)));
        vm.assertTrue(registry.getDevice(third.key).revoked, "revoked");
        vm.assertFalse(registry.isActive(third.key), "active");
        bytes32[] memory left = registry.recoveryMasters(alice.operator);
        vm.assertEq(left.length, 2, "left");
        vm.assertEq(left[0], first.key, "first");
        vm.assertEq(left[1], second.key, "second");
    }

    /// @notice The target is revoked before votes are counted, so its own is refused, whatever else there is.
    function testTheTargetHasNoVote() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, third.key);
        _refused(STRANGER, address(registry), _input(_revocation(alice, third.key), _by(second, third)), refusal);
        _refused(STRANGER, address(registry), _input(_revocation(alice, third.key), _by(first, second, third)), refusal);
        _ok(STRANGER, address(registry), _input(_revocation(alice, third.key), _by(first, second)));
    }

    function testAQuorumRemains() public {
        _setThreshold(alice, 3, _by(first, second));
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.TooFewRecoveryMasters.selector, 2, 3);
        _refused(STRANGER, address(registry), _input(_revocation(alice, third.key), _by(first, second)), refusal);
        // A newcomer that still matures does not count.
        _addDelayed(alice, fourth, 3, second);
        _refused(STRANGER, address(registry), _input(_revocation(alice, third.key), _by(first, second)), refusal);
        _add(alice, _master(9), 3, _by(first, second, third));
        _ok(STRANGER, address(registry), _input(_revocation(alice, third.key), _by(first, second, _master(9))));
    }

    /// @notice What never was a recovery master does not change the count.
    function testRevokeWhatDoesNotCount() public {
        _addDelayed(alice, fourth, 3, second);
        _ok(STRANGER, address(registry), _input(_revocation(alice, fourth.key), _by(first, second)));
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 3, "after the maturing one");
        vm.assertEq(registry.maturingMaster(alice.operator), 0, "maturing");
        _add(alice, _master(9), CAP_MINT, _by(first, second));
        _ok(STRANGER, address(registry), _input(_revocation(alice, _master(9).key), _by(first, second)));
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 3, "after one without RECOVERY");
    }

    function testRevokeRefuses() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.TargetIsWallet.selector, alice.device);
        _refused(STRANGER, address(registry), _input(_revocation(alice, alice.device), _by(second, third)), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.NotMasterDevice.selector, agentDevice);
        _refused(STRANGER, address(registry), _input(_revocation(alice, agentDevice), _by(first, second)), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.DeviceUnknown.selector, fourth.key);
        _refused(STRANGER, address(registry), _input(_revocation(alice, fourth.key), _by(first, second)), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.DeviceOfOtherOperator.selector, bob.device, bob.operator);
        _refused(STRANGER, address(registry), _input(_revocation(alice, bob.device), _by(first, second)), refusal);
    }

    // Replacing.

    function testReplaceWithTheTargetsVote() public {
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.DeviceRevoked(alice.operator, alice.operator, third.key);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.DeviceRegistered(alice.operator, alice.operator, fourth.key, address(0), 1, 7);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.MasterReplaced(alice.operator, third.key, fourth.key);
        _ok(STRANGER, address(registry), _input(_replacement(alice, third.key, fourth, 7), fourth, _by(second, third)));
        vm.assertTrue(registry.getDevice(third.key).revoked, "revoked");
        vm.assertEq(registry.getDevice(fourth.key).recoveryFrom, NOW, "counts at once");
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 3, "count");
    }

    function testReplaceRefuses() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.TargetIsWallet.selector, alice.device);
        _refused(
            STRANGER,
            address(registry),
            _input(_replacement(alice, alice.device, fourth, 7), fourth, _by(first, second)),
            refusal
        );
        refusal = abi.encodeWithSelector(IRegistryErrors.RolesInvalid.selector, uint8(8));
        _refused(
            STRANGER,
            address(registry),
            _input(_replacement(alice, third.key, fourth, 8), fourth, _by(first, second)),
            refusal
        );
        refusal = abi.encodeWithSelector(IRegistryErrors.NotMasterDevice.selector, agentDevice);
        _refused(
            STRANGER,
            address(registry),
            _input(_replacement(alice, agentDevice, fourth, 3), fourth, _by(first, second)),
            refusal
        );
        // In place of a recovery master one that is none.
        _setThreshold(alice, 3, _by(first, second));
        refusal = abi.encodeWithSelector(IRegistryErrors.TooFewRecoveryMasters.selector, 2, 3);
        Master[] memory all = _by(first, second, third);
        _refused(STRANGER, address(registry), _input(_replacement(alice, third.key, fourth, 5), fourth, all), refusal);
        _ok(STRANGER, address(registry), _input(_replacement(alice, third.key, fourth, 3), fourth, all));
    }

    // The threshold.

    function testThreshold() public {
        for (uint8 n = 0; n < 5; ++n) {
            uint256 before = vm.snapshotState();
            bytes memory input = _input(_threshold(alice, n), _by(second, third));
            if (n == 0 || n == 4) {
                _refused(
                    STRANGER,
                    address(registry),
                    input,
                    abi.encodeWithSelector(IRegistryErrors.ThresholdInvalid.selector, n, 3)
                );
            } else {
                vm.expectEmit(true, true, true, true, address(registry));
                emit IRegistryEvents.RecoveryThresholdSet(alice.operator, n);
                _ok(STRANGER, address(registry), input);
                vm.assertEq(registry.recoveryThreshold(alice.operator), n, "threshold");
            }
            vm.revertToState(before);
        }
    }

    /// @notice Both directions need the quorum that is, not the one that will be.
    function testThresholdNeedsTheCurrentQuorum() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 1, 2);
        _refused(alice.wallet, address(registry), _input(_threshold(alice, 1), _by(first)), refusal);
        _refused(alice.wallet, address(registry), _input(_threshold(alice, 3), _by(first)), refusal);
        _setThreshold(alice, 3, _by(first, second));
        refusal = abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 2, 3);
        _refused(alice.wallet, address(registry), _input(_threshold(alice, 2), _by(first, second)), refusal);
        _setThreshold(alice, 2, _by(first, second, third));
    }

    /// @notice A newcomer that matures is no recovery master for the threshold either.
    function testThresholdCountsTheMatured() public {
        _addDelayed(alice, fourth, 3, second);
        signedDeadline = NOW + RECOVERY_DELAY;
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.ThresholdInvalid.selector, 4, 3);
        _refused(STRANGER, address(registry), _input(_threshold(alice, 4), _by(first, second)), refusal);
        vm.warp(NOW + RECOVERY_DELAY);
        _ok(STRANGER, address(registry), _input(_threshold(alice, 4), _by(first, second)));
    }

    function testTwoOfTwoCanReplaceButNotRevoke() public {
        _ok(STRANGER, address(registry), _input(_revocation(alice, third.key), _by(first, second)));
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.TooFewRecoveryMasters.selector, 1, 2);
        _refused(STRANGER, address(registry), _input(_revocation(alice, second.key), _by(first, second)), refusal);
        _ok(STRANGER, address(registry), _input(_replacement(alice, second.key, fourth, 3), fourth, _by(first, second)));
        _refused(
            alice.wallet,
            address(registry),
            _input(_replacement(alice, fourth.key, _master(9), 3), _master(9), _by(first)),
            abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 1, 2)
        );
        _refused(
            STRANGER,
            address(registry),
            _input(_revocation(bob, bob.device), _by(Master(bob.device, bob.passkey))),
            abi.encodeWithSelector(IRegistryErrors.TargetIsWallet.selector, bob.device)
        );
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 2, "count");
        _refused(
            bob.wallet,
            address(registry),
            _input(_threshold(alice, 1), _by(first)),
            abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 1, 2)
        );
        bytes memory late = _input(_threshold(alice, 1), _by(first, fourth));
        vm.warp(DEADLINE + 1);
        _refused(
            STRANGER,
            address(registry),
            late,
            abi.encodeWithSelector(IOperationErrors.DeadlinePassed.selector, DEADLINE)
        );
    }
}
