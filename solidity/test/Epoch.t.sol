// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K3EpochCounter} from "../src/K3EpochCounter.sol";
import {IK3EpochCounter} from "../src/interfaces/IK3EpochCounter.sol";
import {vm} from "./Vm.sol";

contract EpochTest {
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
}
