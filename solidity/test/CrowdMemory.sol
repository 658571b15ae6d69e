// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DeviceEntry} from "../src/interfaces/ISidecarRegistry.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Crowd} from "./Crowd.sol";
import {vm} from "./Vm.sol";

/// @notice What must hold whatever the crowd did: now, and compared with what was once seen.
contract CrowdMemory is Crowd {
    uint256 private constant WHOLE_EVERY = 16;
    uint256 private constant PATH_KEY = 0x9a77;

    uint256 private calls;
    mapping(bytes32 device => bytes32) private seenEntry;
    mapping(bytes32 device => bool) private seenRevoked;
    mapping(bytes32 actor => bytes32) private seenOwner;
    mapping(bytes32 operator => uint256) private seenRoots;
    mapping(bytes32 operator => bytes32) private seenChain;

    function _afterCall(uint256 who) internal override {
        _checkQuorum(people[who].operator);
        if (++calls % WHOLE_EVERY == 0) _checkAll();
    }

    function checkAll() external {
        vm.warp(clock);
        _checkAll();
    }

    function _checkAll() private {
        for (uint256 i = 0; i < OPERATORS; ++i) {
            _checkQuorum(people[i].operator);
            _checkDevices(people[i].operator);
            _checkRoots(people[i].operator);
        }
        for (uint256 i = 0; i < accounts.length; ++i) {
            _checkAccount(accounts[i]);
        }
        _checkActors();
    }

    /// @dev A quorum can always be had: as many recovery masters as the threshold, which is at least 1.
    function _checkQuorum(bytes32 operator) private view {
        uint256 count = registry.recoveryMasterCount(operator);
        uint256 needed = registry.recoveryThreshold(operator);
        vm.assertEq(registry.recoveryMasters(operator).length, count, "the count is not that of the list");
        if (registry.masterWallet(operator) == address(0)) {
            vm.assertEq(count + needed, 0, "masters of nobody");
        } else {
            vm.assertTrue(needed > 0 && count >= needed, "stranded");
        }
    }

    /// @dev Walks all devices: the counts by the one definition, passkeys that are distinct, entries that stay.
    function _checkDevices(bytes32 operator) private {
        bytes32[] memory keys = registry.getOperatorDevices(operator);
        uint256[] memory passkeys = new uint256[](keys.length);
        bool frozen = registry.frozen(operator);
        bytes32 maturing = registry.maturingMaster(operator);
        uint256 count;
        uint256 waiting;
        for (uint256 i = 0; i < keys.length; ++i) {
            DeviceEntry memory e = registry.getDevice(keys[i]);
            _checkEntry(keys[i], e, operator);
            bool active = !e.revoked && (e.tier == 1 || !frozen);
            vm.assertEq(registry.isActive(keys[i]), active, "active");
            if (e.tier == 2 || e.revoked) continue;
            if (e.k11CredId != 0) {
                passkeys[i] = e.k11PubX;
                for (uint256 k = 0; k < i; ++k) {
                    vm.assertTrue(passkeys[k] != e.k11PubX, "one passkey, two masters");
                }
            }
            if (e.roles & RECOVERY == 0) continue;
            vm.assertTrue(e.k11CredId != 0, "RECOVERY without a passkey");
            if (e.recoveryFrom <= clock) {
                ++count;
            } else {
                ++waiting;
                vm.assertEq(keys[i], maturing, "the one that matures");
            }
        }
        vm.assertEq(registry.recoveryMasterCount(operator), count, "the count is not that of a walk");
        vm.assertEq(waiting, maturing == 0 ? 0 : 1, "one newcomer at a time");
    }

    /// @dev Operator, actor, tier and time of registration never change; a revoked device never returns.
    function _checkEntry(bytes32 key, DeviceEntry memory e, bytes32 operator) private {
        vm.assertEq(e.operatorOmni, operator, "operator");
        vm.assertEq(registry.actorOwner(e.actorOmni), operator, "actor and operator disagree");
        vm.assertEq(e.actorOmni == operator, e.tier == 1, "an agent acts as its operator");
        bytes32 fixedPart = keccak256(abi.encode(e.operatorOmni, e.actorOmni, e.tier, e.registeredAt));
        if (seenEntry[key] != 0) vm.assertEq(fixedPart, seenEntry[key], "an entry changed");
        seenEntry[key] = fixedPart;
        if (seenRevoked[key]) vm.assertTrue(e.revoked, "a revoked device returned");
        seenRevoked[key] = e.revoked;
    }

    /// @dev resolve agrees with getDevice, masterWallet and itself.
    function _checkAccount(address account) private view {
        (uint8 kind, bytes32 operator, bytes32 actor, uint8 status) = registry.resolve(account);
        DeviceEntry memory e = registry.getDevice(Identifiers.deviceKeyHash(account));
        vm.assertEq(operator, e.operatorOmni, "resolve: operator");
        vm.assertEq(actor, e.actorOmni, "resolve: actor");
        vm.assertEq(kind, e.tier, "resolve: kind");
        uint256 want = operator == 0 ? 0 : !e.revoked ? 1 : kind == 1 ? 2 : 3;
        vm.assertEq(status, want, "resolve: status");
        if (kind == 1) {
            vm.assertEq(registry.masterWallet(operator) == account, status == 1, "one wallet, the active one");
        }
    }

    function _checkActors() private {
        for (uint256 a = 0; a < AGENTS; ++a) {
            bytes32 actor = Identifiers.omni(agents[a]);
            bytes32 owner = registry.actorOwner(actor);
            if (seenOwner[actor] != 0) vm.assertEq(owner, seenOwner[actor], "an actor changed hands");
            seenOwner[actor] = owner;
            for (uint256 i = 0; i < OPERATORS; ++i) {
                bytes32 operator = people[i].operator;
                if (scope.getScope(operator, actor).length != 0) {
                    vm.assertEq(owner, operator, "grants for another's actor");
                }
            }
        }
    }

    /// @dev Roots are only added.
    function _checkRoots(bytes32 operator) private {
        uint256 count = audit.rootCount(operator);
        vm.assertLe(seenRoots[operator], count, "a root went away");
        bytes32 chain;
        for (uint64 i = 0; i < count; ++i) {
            if (i == seenRoots[operator]) vm.assertEq(chain, seenChain[operator], "a root changed");
            chain = keccak256(abi.encode(chain, audit.getRoot(operator, i)));
        }
        (seenRoots[operator], seenChain[operator]) = (count, chain);
    }

    /// @notice An operator with more recovery masters than its threshold always has a way on: without the wallet its
    ///         masters replace one of them and rotate the wallet, and with the new one all but one revoke that one.
    /// @dev Changes what it is called on: only for the end of a run, whose changes are thrown away.
    function walkThePaths() external {
        vm.warp(clock);
        signedDeadline = uint64(clock) + 600;
        for (uint256 i = 0; i < OPERATORS; ++i) {
            Person memory p = people[i];
            uint256 needed = registry.recoveryThreshold(p.operator);
            if (registry.recoveryMasterCount(p.operator) <= needed) continue;
            Master memory newcomer = _master(4000 + i);
            bytes32 target = _otherThan(p.device, _recoveryOf(p.operator));
            Master[] memory all = _recoveryOf(p.operator);
            _ok(STRANGER, address(registry), _input(_replacement(p, target, newcomer, 3), newcomer, all));
            passkeyOf[newcomer.key] = newcomer.passkey;
            all = _recoveryOf(p.operator);
            _ok(STRANGER, address(registry), _input(_rotation(p, PATH_KEY + i, false), PATH_KEY + i, all));
            bytes32 moved = Identifiers.deviceKeyHash(vm.addr(PATH_KEY + i));
            passkeyOf[moved] = passkeyOf[p.device];
            all = _without(_recoveryOf(p.operator), newcomer.key);
            _ok(vm.addr(PATH_KEY + i), address(registry), _input(_revocation(p, newcomer.key), all));
            if (registry.frozen(p.operator)) {
                _ok(vm.addr(PATH_KEY + i), address(registry), _input(_unfreezing(p, new bytes32[](0)), all));
            }
            ++pathsWalked;
        }
    }

    uint256 public pathsWalked;

    function _otherThan(bytes32 key, Master[] memory all) private pure returns (bytes32) {
        return all[0].key == key ? all[1].key : all[0].key;
    }
}
