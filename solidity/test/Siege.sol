// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CancelRotation, RotateMasterWallet} from "../src/interfaces/Operations.sol";
import {Handler} from "./Handler.sol";
import {Fixture} from "./Fixture.sol";
import {vm} from "./Vm.sol";

/// @notice An attacker holds the wallet and all but one of the passkeys that a quorum takes; every newcomer that it enrols is
///         its own. Against it stands one honest master, who looks at least once in each recovery delay, cancels what
///         matures, and does nothing else. There are as many operators as thresholds, 1 to 4; and one more of threshold 1,
///         of which the attacker has a passkey and not the wallet.
contract Siege is Handler {
    uint256 private constant SIZES = 4;

    struct Castle {
        Person person;
        Master honest;
        /// What the attacker can sign with: recovery masters, and whatever it had registered since.
        Master[] stolen;
        bytes32[] masters;
        uint8 threshold;
        bool walletStolen;
        uint64 nonce;
        uint256 lookedAt;
    }

    Castle[] private castles;
    /// @dev Everything that the honest master ever signed is in the open, and is sent again.
    bytes[] private seen;
    uint256 public cancelled;
    uint256 public enrolled;
    uint256 public proposed;

    constructor() {
        Fixture.setUp();
        for (uint8 size = 1; size <= SIZES; ++size) {
            _build(size, size, true);
        }
        _build(2, 1, false);
    }

    /// @dev The wallet's passkey and all masters after it but the last are stolen, the last is honest.
    function _build(uint8 size, uint8 needed, bool walletStolen) private {
        Person memory p = _person(10 + size + (walletStolen ? 0 : 10));
        Castle storage c = castles.push();
        _register(p);
        Master memory m = Master(p.device, p.passkey);
        passkeyOf[p.device] = p.passkey;
        c.person = p;
        c.honest = m;
        c.threshold = needed;
        c.walletStolen = walletStolen;
        c.lookedAt = NOW;
        for (uint256 i = 1; i < size; ++i) {
            c.stolen.push(m);
            m = _master(3000 + 10 * castles.length + i);
            passkeyOf[m.key] = m.passkey;
            _add(p, m, 3, _by(Master(p.device, p.passkey)));
            c.honest = m;
        }
        if (needed > 1) _setThreshold(p, needed, _by(Master(p.device, p.passkey)));
        c.masters = registry.recoveryMasters(p.operator);
        c.nonce = registry.recoveryNonce(p.operator);
    }

    // The attacker.

    function enrol(uint256 seed) external acting(seed) {
        Castle storage c = _pick();
        Master memory m = _someone();
        bytes memory input = _input(_registration(c.person, m, 3, false), m, _some(_sorted(c), 1, _roll(9)));
        if (_attack(c, input)) {
            c.stolen.push(m);
            ++enrolled;
        }
    }

    function enrolNow(uint256 seed) external acting(seed) {
        Castle storage c = _pick();
        Master memory m = _someone();
        _mustFail(c, _input(_registration(c.person, m, 7, true), m, _sorted(c)));
    }

    function revoke(uint256 seed) external acting(seed) {
        Castle storage c = _pick();
        bytes32 target = c.masters[_roll(c.masters.length)];
        _mustFail(c, _input(_revocation(c.person, target), _sorted(c)));
    }

    function replace(uint256 seed) external acting(seed) {
        Castle storage c = _pick();
        Master memory m = _someone();
        bytes32 target = c.masters[_roll(c.masters.length)];
        _mustFail(c, _input(_replacement(c.person, target, m, 7), m, _sorted(c)));
    }

    function threshold(uint256 seed) external acting(seed) {
        Castle storage c = _pick();
        _mustFail(c, _input(_threshold(c.person, uint8(_roll(5))), _sorted(c)));
    }

    function rotate(uint256 seed) external acting(seed) {
        Castle storage c = _pick();
        uint256 key = _newWallet();
        RotateMasterWallet memory o = _rotation(c.person, key, _roll(2) == 0);
        o.immediate = _roll(2) == 0;
        if (o.immediate || o.revokePasskey || c.walletStolen) {
            _mustFail(c, _input(o, key, _sorted(c)));
        } else if (_attack(c, _input(o, key, _sorted(c)))) {
            ++proposed;
        }
    }

    function completeRotation(uint256 seed) external acting(seed) {
        Castle storage c = _pick();
        _mustFail(c, abi.encodeCall(registry.completeRotation, (c.person.operator)));
        _mustFail(c, abi.encodeCall(registry.cancelRotation, (c.person.operator)));
    }

    function unfreeze(uint256 seed) external acting(seed) {
        Castle storage c = _pick();
        bytes32[] memory gone = new bytes32[](1);
        gone[0] = c.honest.key;
        _mustFail(c, _input(_unfreezing(c.person, gone), _sorted(c)));
    }

    function freeze(uint256 seed) external acting(seed) {
        Castle storage c = _pick();
        if (_roll(16) != 0 || c.stolen.length == 0) return; // a frozen operator enrols nobody: that would end the siege
        _attack(c, _input(_freezing(c.person), c.stolen[_roll(c.stolen.length)]));
    }

    /// @dev Cancelling its own, to make room for the next.
    function cancel(uint256 seed) external acting(seed) {
        Castle storage c = _pick();
        if (c.stolen.length == 0) return;
        bytes32 target = _roll(2) == 0 ? registry.maturingMaster(c.person.operator) : c.honest.key;
        _attack(c, _input(_cancellation(c.person, target), c.stolen[_roll(c.stolen.length)]));
    }

    /// @dev What the honest master signed, and what anybody sent, again.
    function replay(uint256 seed) external acting(seed) {
        if (seen.length == 0) return;
        _attempt(STRANGER, address(registry), seen[_roll(seen.length)]);
        _check();
    }

    /// @dev The honest master's signature over a cancellation, for something else.
    function borrow(uint256 seed) external acting(seed) {
        Castle storage c = _pick();
        Master memory forged = Master(c.honest.key, passkeyOf[c.stolen.length == 0 ? c.person.device : c.stolen[0].key]);
        if (c.stolen.length == 0) forged.passkey.x ^= 1;
        Master[] memory by = new Master[](c.stolen.length + 1);
        by[0] = forged;
        for (uint256 i = 0; i < c.stolen.length; ++i) {
            by[i + 1] = c.stolen[i];
        }
        _mustFail(c, _input(_threshold(c.person, 1), _order(by)));
    }

    // The honest master.

    /// @dev Time passes, and no delay goes by without a look.
    function pass(uint256 seed) external acting(seed) {
        uint256 step = 1 + _roll(47 hours);
        for (uint256 i = 0; i < castles.length; ++i) {
            if (clock + step >= castles[i].lookedAt + RECOVERY_DELAY) _look(castles[i]);
        }
        clock += step;
        vm.warp(clock);
        _check();
    }

    function look(uint256 seed) external acting(seed) {
        _look(_pick());
    }

    function _look(Castle storage c) private {
        bytes32 operator = c.person.operator;
        c.lookedAt = clock;
        signedDeadline = uint64(clock) + 600;
        bytes32 newcomer = registry.maturingMaster(operator);
        if (newcomer != 0) {
            bytes memory input = _input(_cancellation(c.person, newcomer), c.honest);
            seen.push(input);
            _ok(STRANGER, address(registry), input);
            ++cancelled;
        }
        (address next,,) = registry.pendingRotation(operator);
        if (next != address(0)) {
            _ok(STRANGER, address(registry), _input(CancelRotation(operator, next, signedDeadline), c.honest));
        }
    }

    // Checks.

    function _pick() private returns (Castle storage) {
        return castles[_roll(castles.length)];
    }

    /// @dev All that the attacker can sign with and that is alive, in the order of votes.
    function _sorted(Castle storage c) private view returns (Master[] memory) {
        Master[] memory by = new Master[](c.stolen.length);
        uint256 count;
        for (uint256 i = 0; i < by.length; ++i) {
            if (!registry.getDevice(c.stolen[i].key).revoked) by[count++] = c.stolen[i];
        }
        assembly ("memory-safe") {
            mstore(by, count)
        }
        return _order(by);
    }

    function _order(Master[] memory by) private pure returns (Master[] memory) {
        for (uint256 i = 1; i < by.length; ++i) {
            for (uint256 k = i; k > 0 && by[k - 1].key > by[k].key; --k) {
                (by[k - 1], by[k]) = (by[k], by[k - 1]);
            }
        }
        return by;
    }

    function _attack(Castle storage c, bytes memory input) private returns (bool worked) {
        worked = _attempt(_sender(c), address(registry), input);
        if (worked && seen.length < 64) seen.push(input);
        _check();
    }

    function _sender(Castle storage c) private view returns (address) {
        return c.walletStolen ? c.person.wallet : STRANGER;
    }

    function _mustFail(Castle storage c, bytes memory input) private {
        address sender = _roll(2) == 0 ? STRANGER : _sender(c);
        vm.assertFalse(_attempt(sender, address(registry), input), "the attacker got through");
        _check();
    }

    /// @dev The set of recovery masters, the threshold and the wallet are as they were built.
    function _check() private view {
        for (uint256 i = 0; i < castles.length; ++i) {
            Castle storage c = castles[i];
            bytes32 operator = c.person.operator;
            vm.assertEq(abi.encode(registry.recoveryMasters(operator)), abi.encode(c.masters), "recovery masters");
            vm.assertEq(registry.recoveryMasterCount(operator), c.masters.length, "count");
            vm.assertEq(registry.recoveryThreshold(operator), c.threshold, "threshold");
            vm.assertEq(registry.masterWallet(operator), c.person.wallet, "wallet");
            vm.assertEq(registry.recoveryNonce(operator), c.nonce, "what is pending is spoilt");
            vm.assertEq(registry.freezeNonce(operator), 0, "freezeNonce");
        }
    }

    function check() external {
        vm.warp(clock);
        _check();
    }
}
