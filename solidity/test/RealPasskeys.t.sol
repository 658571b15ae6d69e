// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K11Verifier} from "../src/K11Verifier.sol";
import {P256Router} from "../src/P256Router.sol";
import {P256Verifier} from "../src/P256Verifier.sol";
import {SidecarRegistry} from "../src/SidecarRegistry.sol";
import {IK11Errors} from "../src/interfaces/IK11Errors.sol";
import {K11Assertion, K11Key} from "../src/interfaces/IK11Verifier.sol";
import {
    MasterAssertion,
    Newcomer,
    RegisterFirstMaster,
    RegisterMaster,
    SetRecoveryThreshold
} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Hasher} from "./Hasher.sol";
import {Passkeys} from "./Passkeys.sol";
import {vm} from "./Vm.sol";

/// @notice The registry on the real verifier: first master, second master, a quorum of both, for any keys and counters.
contract RealPasskeysTest is Passkeys {
    Hasher private immutable hasher = new Hasher();
    SidecarRegistry private registry;
    address private wallet;
    bytes32 private operator;
    uint64 private deadline;

    function setUp() public {
        vm.warp(1_790_000_000);
        deadline = 1_790_000_600;
        P256Router router = new P256Router(address(new P256Verifier()));
        registry = new SidecarRegistry(new K11Verifier(address(router)), address(1), address(2), 48 hours);
        wallet = vm.addr(0xa11ce);
        operator = Identifiers.omni(wallet);
    }

    /// forge-config: default.fuzz.runs = 1000
    function testFuzzTwoOfTwo(uint256 a, uint256 b, uint32 count) public {
        (a, b) = (_p256Key(a), _p256Key(b));
        if (a == b) b = 1 + b % (N - 2);
        if (a == b) return;
        count = count > type(uint32).max - 2 ? 0 : count;
        K11Key memory first = _keyOf(a);
        K11Key memory second = _keyOf(b);
        _registerFirst(a, count, first);
        _addSecond(a, b, count, second);
        _raise(a, b, count, Identifiers.passkeyHash(second.x, second.y));
        vm.assertEq(registry.recoveryThreshold(operator), 2, "threshold");
    }

    function _registerFirst(uint256 a, uint32 count, K11Key memory k) private {
        RegisterFirstMaster memory o =
            RegisterFirstMaster(operator, wallet, keccak256("1"), k.rpIdHash, k.originHash, k.x, k.y, 0, deadline);
        K11Assertion memory own = _touchOf(a, _digest(hasher.registerFirstMaster(o)), count);
        vm.prank(wallet);
        registry.registerFirstMasterDevice(o, own);
    }

    function _addSecond(uint256 a, uint256 b, uint32 count, K11Key memory k) private {
        Newcomer memory n = Newcomer(keccak256("2"), k.rpIdHash, k.originHash, k.x, k.y, 3);
        RegisterMaster memory o = RegisterMaster(operator, n, true, 0, deadline);
        bytes32 digest = _digest(hasher.registerMaster(o));
        MasterAssertion[] memory votes = new MasterAssertion[](1);
        votes[0] = MasterAssertion(Identifiers.deviceKeyHash(wallet), _touchOf(a, digest, _next(count, 1)));
        K11Assertion memory own = _touchOf(b, digest, 0);
        vm.prank(wallet);
        registry.registerAdditionalMasterDevice(o, votes, own);
    }

    /// @dev Both raise the threshold, from any sender; with one of the two signatures by the other key, nobody does.
    function _raise(uint256 a, uint256 b, uint32 count, bytes32 newcomer) private {
        SetRecoveryThreshold memory o = SetRecoveryThreshold(operator, 2, 1, deadline);
        bytes32 digest = _digest(hasher.setRecoveryThreshold(o));
        bytes32 device = Identifiers.deviceKeyHash(wallet);
        MasterAssertion[] memory votes = new MasterAssertion[](2);
        uint256 at = device < newcomer ? 0 : 1;
        votes[at] = MasterAssertion(device, _touchOf(a, digest, _next(count, 2)));
        votes[1 - at] = MasterAssertion(newcomer, _touchOf(a, digest, 0));
        vm.expectRevert(abi.encodeWithSelector(IK11Errors.SignatureInvalid.selector));
        registry.setRecoveryThreshold(o, votes);
        votes[1 - at] = MasterAssertion(newcomer, _touchOf(b, digest, 0));
        registry.setRecoveryThreshold(o, votes);
    }

    /// @dev Counters count, or stay at zero for ever.
    function _next(uint32 count, uint32 steps) private pure returns (uint32) {
        return count == 0 ? 0 : count + steps;
    }

    function _digest(bytes32 structHash) private view returns (bytes32) {
        return hasher.digest(address(registry), structHash);
    }
}
