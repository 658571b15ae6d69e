// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CrowdMemory} from "./CrowdMemory.sol";
import {vm} from "./Vm.sol";

/// @notice The crowd checks after each of its calls, and remembers; foundry.toml makes its reverts failures. Each run is
///         checked as a whole when it ends.
contract InvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    CrowdMemory private crowd;

    function setUp() public {
        crowd = new CrowdMemory();
        // Somebody is there from the start: the rest is more likely to have an effect.
        for (uint256 i = 0; i < 8; ++i) {
            crowd.register(i);
        }
        for (uint256 i = 0; i < 12; ++i) {
            crowd.addNow(i);
        }
        vm.assertTrue(crowd.allDone() > 6, "a crowd in which nothing succeeds proves nothing");
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(crowd);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(crowd), _actions());
    }

    /// forge-config: default.invariant.runs = 400
    /// forge-config: default.invariant.depth = 128
    /// forge-config: default.invariant.check-interval = 0
    function invariantWhatWasSeenHolds() public {
        crowd.checkAll();
        crowd.walkThePaths();
    }

    /// @dev Each run, also one in which everybody is frozen early. How much works in general, the test below holds.
    function afterInvariant() public view {
        vm.assertLe(crowd.allTried() / 20, crowd.allDone(), "too little succeeds");
    }

    /// @notice The same crowd, driven from one seed: every operation succeeds often enough that the invariants are about
    ///         something, and not all that is tried succeeds.
    function testTheCrowdGetsEverythingDone() public {
        bytes4[] memory actions = _actions();
        uint256 paths;
        string memory counts;
        bool enough = true;
        for (uint256 i = 0; i < 3450; ++i) {
            (bool ok, bytes memory why) = address(crowd)
                .call(abi.encodeWithSelector(actions[i % actions.length], uint256(keccak256(abi.encode(i)))));
            if (!ok) {
                assembly {
                    revert(add(why, 0x20), mload(why))
                }
            }
            if (i % 200 == 0) {
                uint256 before = vm.snapshotState();
                crowd.walkThePaths();
                uint256 walked = crowd.pathsWalked();
                vm.revertToState(before);
                paths += walked;
            }
        }
        crowd.checkAll();
        for (uint256 k = 0; k < actions.length; ++k) {
            if (actions[k] == crowd.pass.selector) continue;
            uint256 least = actions[k] == crowd.register.selector ? 3 : 5;
            uint256 done = crowd.done(actions[k]);
            uint256 tried = crowd.tried(actions[k]);
            counts = string.concat(counts, vm.toString(abi.encodePacked(actions[k])), " ", vm.toString(done));
            counts = string.concat(counts, " of ", vm.toString(tried), "; ");
            enough = enough && least <= done && done < tried;
        }
        vm.assertTrue(enough, counts);
        vm.assertLe(10, paths, "paths walked");
    }

    function _actions() private view returns (bytes4[] memory a) {
        a = new bytes4[](23);
        (a[0], a[1], a[2], a[3]) =
        (crowd.register.selector, crowd.addNow.selector, crowd.addLater.selector, crowd.cancel.selector);
        (a[4], a[5], a[6], a[7]) =
        (crowd.revoke.selector, crowd.replace.selector, crowd.threshold.selector, crowd.rotate.selector);
        (a[8], a[9], a[10]) = (crowd.propose.selector, crowd.complete.selector, crowd.cancelRotation.selector);
        (a[11], a[12], a[13]) = (crowd.cancelRotationSigned.selector, crowd.freeze.selector, crowd.unfreeze.selector);
        (a[14], a[15], a[16]) = (crowd.bind.selector, crowd.revokeAgent.selector, crowd.revokeAgentSigned.selector);
        (a[17], a[18], a[19]) = (crowd.setScope.selector, crowd.revokeScope.selector, crowd.relayer.selector);
        (a[20], a[21], a[22]) = (crowd.append.selector, crowd.appendRoot.selector, crowd.pass.selector);
    }
}
