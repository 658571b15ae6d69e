// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K11Key} from "../src/interfaces/IK11Verifier.sol";
import {Masters} from "./Masters.sol";
import {vm} from "./Vm.sol";

/// @notice What handlers of invariant tests share: dice, a clock, voters, and the count of what was tried and what worked.
abstract contract Handler is Masters {
    uint64 private constant PATIENCE = 600;

    uint256 private dice;
    uint256 private nextMaster = 5000;
    uint256 private nextWallet = 0x10000;
    /// @dev Kept here, for each call starts with it.
    uint256 internal clock = NOW;

    mapping(bytes32 key => K11Key) internal passkeyOf;
    mapping(address account => uint256) internal k10Of;

    /// @dev By selector of the handler's function.
    mapping(bytes4 action => uint256) public tried;
    mapping(bytes4 action => uint256) public done;
    uint256 public allTried;
    uint256 public allDone;

    modifier acting(uint256 seed) {
        vm.warp(clock);
        dice = uint256(keccak256(abi.encode(dice, seed)));
        signedDeadline = uint64(clock) + PATIENCE;
        _;
    }

    /// @dev Handlers are all that is public: nobody deploys everything anew in the middle.
    function setUp() public override {}

    function _roll(uint256 sides) internal returns (uint256) {
        dice = uint256(keccak256(abi.encode(dice)));
        return dice % sides;
    }

    function _pass() internal {
        uint24[6] memory steps = [1 hours, 12 hours, 47 hours, 48 hours, 48 hours, 100 hours];
        clock += steps[_roll(6)];
        vm.warp(clock);
    }

    /// @dev A passkey that nobody saw before, and now and then one that somebody did.
    function _someone() internal returns (Master memory m) {
        m = _master(_roll(16) == 0 ? 5000 + _roll(nextMaster - 4999) : nextMaster++);
        passkeyOf[m.key] = m.passkey;
    }

    /// @dev The private key of an address that was nothing before.
    function _newWallet() internal returns (uint256 key) {
        key = nextWallet++;
        k10Of[vm.addr(key)] = key;
    }

    function _masterOf(bytes32 key) internal view returns (Master memory) {
        return Master(key, passkeyOf[key]);
    }

    function _recoveryOf(bytes32 operator) internal view returns (Master[] memory by) {
        bytes32[] memory keys = registry.recoveryMasters(operator);
        _sort(keys);
        by = new Master[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            by[i] = _masterOf(keys[i]);
        }
    }

    /// @dev `count` of them, from a place on, in order.
    function _some(Master[] memory all, uint256 count, uint256 skip) internal pure returns (Master[] memory by) {
        if (count >= all.length) return all;
        skip %= all.length - count + 1;
        by = new Master[](count);
        for (uint256 i = 0; i < count; ++i) {
            by[i] = all[skip + i];
        }
    }

    function _without(Master[] memory all, bytes32 key) internal pure returns (Master[] memory by) {
        uint256 count;
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].key != key) ++count;
        }
        by = new Master[](count);
        count = 0;
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].key != key) by[count++] = all[i];
        }
    }

    function _sort(bytes32[] memory keys) private pure {
        for (uint256 i = 1; i < keys.length; ++i) {
            bytes32 key = keys[i];
            uint256 k = i;
            for (; k > 0 && keys[k - 1] > key; --k) {
                keys[k] = keys[k - 1];
            }
            keys[k] = key;
        }
    }

    function _attempt(address sender, address to, bytes memory input) internal returns (bool worked) {
        ++tried[msg.sig];
        ++allTried;
        vm.prank(sender);
        (worked,) = to.call(input);
        if (worked) {
            ++done[msg.sig];
            ++allDone;
        }
    }
}
