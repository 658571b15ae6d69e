// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Siege} from "./Siege.sol";
import {vm} from "./Vm.sol";

/// @notice Against one attentive master an attacker who is one key, or the wallet, short of a quorum changes neither the
///         recovery masters nor the threshold nor the wallet, and spoils nothing that others signed.
contract SiegeTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Siege private siege;

    function setUp() public {
        siege = new Siege();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(siege);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(siege), _actions());
    }

    /// forge-config: default.invariant.runs = 400
    /// forge-config: default.invariant.depth = 128
    /// forge-config: default.invariant.check-interval = 0
    function invariantTheCastleStands() public {
        siege.check();
    }

    /// @notice The same siege from one seed: newcomers are enrolled and cancelled often, so that it is one.
    function testTheSiegeIsReal() public {
        bytes4[] memory actions = _actions();
        for (uint256 i = 0; i < 3000; ++i) {
            (bool ok, bytes memory why) = address(siege)
                .call(abi.encodeWithSelector(actions[i % actions.length], uint256(keccak256(abi.encode(i)))));
            if (!ok) {
                assembly {
                    revert(add(why, 0x20), mload(why))
                }
            }
        }
        vm.assertLe(30, siege.enrolled(), "newcomers enrolled");
        vm.assertLe(20, siege.cancelled(), "newcomers cancelled");
        vm.assertLe(5, siege.proposed(), "rotations proposed");
        vm.assertLe(1, siege.done(siege.replay.selector), "replays that worked");
    }

    function _actions() private view returns (bytes4[] memory a) {
        a = new bytes4[](15);
        (a[0], a[1], a[2]) = (siege.enrol.selector, siege.enrolNow.selector, siege.revoke.selector);
        (a[3], a[4], a[5]) = (siege.replace.selector, siege.threshold.selector, siege.rotate.selector);
        (a[6], a[7], a[8]) = (siege.completeRotation.selector, siege.unfreeze.selector, siege.freeze.selector);
        (a[9], a[10], a[11]) = (siege.cancel.selector, siege.replay.selector, siege.borrow.selector);
        (a[12], a[13], a[14]) = (siege.pass.selector, siege.look.selector, siege.enrol.selector);
    }
}
