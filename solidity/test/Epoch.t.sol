// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K3EpochCounter} from "../src/K3EpochCounter.sol";
import {IK3EpochCounter} from "../src/interfaces/IK3EpochCounter.sol";
import {vm} from "./Vm.sol";

contract EpochTest {
    address private constant NEXT = address(0x2e87);

    K3EpochCounter private epoch;

    function setUp() public {
        epoch = new K3EpochCounter(address(this));
    }

    function testStartsAtOne() public view {
        vm.assertEq(epoch.currentEpoch(), 1, "epoch");
        vm.assertEq(epoch.signerGovernance(), address(this), "governance");
    }

    function testConstructorNeedsGovernance() public {
        vm.expectRevert(abi.encodeWithSelector(IK3EpochCounter.GovernanceMissing.selector));
        new K3EpochCounter(address(0));
    }

    function testAdvances() public {
        for (uint64 i = 1; i < 5; ++i) {
            vm.expectEmit(true, true, true, true, address(epoch));
            emit IK3EpochCounter.K3Rotated(i + 1, address(this));
            epoch.advanceEpoch(i);
            vm.assertEq(epoch.currentEpoch(), i + 1, "epoch");
        }
    }

    function testRefusesAnotherExpectation(uint64 expected) public {
        epoch.advanceEpoch(1);
        if (expected == 2) return;
        vm.expectRevert(abi.encodeWithSelector(IK3EpochCounter.EpochMismatch.selector, uint64(2), expected));
        epoch.advanceEpoch(expected);
    }

    function testTwiceMovesOnce() public {
        epoch.advanceEpoch(1);
        vm.expectRevert(abi.encodeWithSelector(IK3EpochCounter.EpochMismatch.selector, uint64(2), uint64(1)));
        epoch.advanceEpoch(1);
    }

    function testOnlyGovernance(address sender) public {
        if (sender == address(this)) return;
        vm.prank(sender);
        vm.expectRevert(abi.encodeWithSelector(IK3EpochCounter.NotGovernance.selector, sender));
        epoch.advanceEpoch(1);
    }

    // Two steps hand over.

    function testHandsOver() public {
        vm.expectEmit(true, true, true, true, address(epoch));
        emit IK3EpochCounter.GovernanceOffered(address(this), NEXT);
        epoch.offerGovernance(NEXT);
        vm.assertEq(epoch.pendingGovernance(), NEXT, "pending");
        vm.assertEq(epoch.signerGovernance(), address(this), "nothing moved yet");
        epoch.advanceEpoch(1);
        vm.expectEmit(true, true, true, true, address(epoch));
        emit IK3EpochCounter.GovernanceTransferred(address(this), NEXT);
        vm.prank(NEXT);
        epoch.acceptGovernance();
        vm.assertEq(epoch.signerGovernance(), NEXT, "governance");
        vm.assertEq(epoch.pendingGovernance(), address(0), "nothing pending");
        vm.expectRevert(abi.encodeWithSelector(IK3EpochCounter.NotGovernance.selector, address(this)));
        epoch.advanceEpoch(2);
        vm.prank(NEXT);
        epoch.advanceEpoch(2);
        vm.prank(NEXT);
        vm.expectRevert(abi.encodeWithSelector(IK3EpochCounter.NotPendingGovernance.selector, NEXT));
        epoch.acceptGovernance();
    }

    function testOnlyTheOfferedAccepts(address sender) public {
        if (sender == NEXT) return;
        epoch.offerGovernance(NEXT);
        vm.prank(sender);
        vm.expectRevert(abi.encodeWithSelector(IK3EpochCounter.NotPendingGovernance.selector, sender));
        epoch.acceptGovernance();
    }

    /// @notice A later offer takes the place of an earlier one; zero withdraws, and nobody accepts as zero.
    function testAnOfferIsWithdrawn() public {
        epoch.offerGovernance(NEXT);
        epoch.offerGovernance(address(0));
        vm.prank(NEXT);
        vm.expectRevert(abi.encodeWithSelector(IK3EpochCounter.NotPendingGovernance.selector, NEXT));
        epoch.acceptGovernance();
        epoch.offerGovernance(NEXT);
        vm.prank(NEXT);
        epoch.acceptGovernance();
    }

    function testOnlyGovernanceOffersAndNames(address sender) public {
        if (sender == address(this)) return;
        vm.prank(sender);
        vm.expectRevert(abi.encodeWithSelector(IK3EpochCounter.NotGovernance.selector, sender));
        epoch.offerGovernance(sender);
        vm.prank(sender);
        vm.expectRevert(abi.encodeWithSelector(IK3EpochCounter.NotGovernance.selector, sender));
        epoch.setMaintainer(sender);
    }

    function testMaintainer() public {
        vm.expectEmit(true, true, true, true, address(epoch));
        emit IK3EpochCounter.MaintainerSet(NEXT);
        epoch.setMaintainer(NEXT);
        vm.assertEq(epoch.maintainer(), NEXT, "maintainer");
        vm.prank(NEXT);
        vm.expectRevert(abi.encodeWithSelector(IK3EpochCounter.NotGovernance.selector, NEXT));
        epoch.advanceEpoch(1);
        epoch.setMaintainer(address(0));
        vm.assertEq(epoch.maintainer(), address(0), "none");
    }
}
