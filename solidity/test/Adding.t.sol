// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {IRegistryEvents} from "../src/interfaces/IRegistryEvents.sol";
import {DeviceEntry} from "../src/interfaces/ISidecarRegistry.sol";
import {RegisterFirstMaster, RegisterMaster} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Deck} from "./Deck.sol";
import {MockVerifier} from "./Fixture.sol";
import {vm} from "./Vm.sol";

/// @notice Adding masters: at once by a quorum, or with a delay by one.
contract AddingTest is Deck {
    function testAtOnce() public {
        RegisterMaster memory o = _registration(alice, fourth, 7, true);
        bytes32 digest = _onRegistry(hasher.registerMaster(o));
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.DeviceRegistered(alice.operator, alice.operator, fourth.key, address(0), 1, 7);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.PasskeyRegistered(
            alice.operator,
            fourth.key,
            o.newcomer.k11CredId,
            o.newcomer.k11RpIdHash,
            o.newcomer.k11OriginHash,
            o.newcomer.k11PubX,
            o.newcomer.k11PubY
        );
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.AssertionConsumed(alice.operator, fourth.key, digest, 0);
        _ok(STRANGER, address(registry), _input(o, fourth, _by(second, third)));
        _assertEntry(7, NOW);
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 4, "counts at once");
        vm.assertEq(registry.maturingMaster(alice.operator), 0, "does not mature");
    }

    function testWithDelay() public {
        RegisterMaster memory o = _registration(alice, fourth, 3, false);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.OperatorNonceAdvanced(alice.operator, o.nonce + 1);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.MasterMaturing(alice.operator, fourth.key, NOW + RECOVERY_DELAY);
        _ok(alice.wallet, address(registry), _input(o, fourth, _by(second)));
        _assertEntry(3, NOW + RECOVERY_DELAY);
        vm.assertTrue(registry.isActive(fourth.key), "active");
        _assertCount(3, fourth.key);
        vm.warp(NOW + RECOVERY_DELAY - 1);
        _assertCount(3, fourth.key);
        vm.warp(NOW + RECOVERY_DELAY);
        _assertCount(4, 0);
    }

    /// @notice Without a quorum every newcomer matures, one at a time, and can be cancelled: it has RECOVERY.
    function testWithDelayHasRecovery() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.RolesInvalid.selector, CAP_MINT);
        _refused(
            alice.wallet,
            address(registry),
            _input(_registration(alice, fourth, CAP_MINT, false), fourth, _by(second)),
            refusal
        );
        _addDelayed(alice, fourth, RECOVERY, second);
    }

    /// @notice Without RECOVERY there is nothing to mature.
    function testWithoutRecovery() public {
        _add(alice, fourth, CAP_MINT, _by(first, second));
        _assertEntry(CAP_MINT, 0);
        _assertCount(3, 0);
        bytes memory cancel = _input(_cancellation(alice, fourth.key), second);
        _refused(
            STRANGER,
            address(registry),
            cancel,
            abi.encodeWithSelector(IRegistryErrors.NotMaturing.selector, fourth.key)
        );
        vm.warp(NOW + RECOVERY_DELAY);
        _assertCount(3, 0);
    }

    function testRoles() public {
        for (uint8 roles = 0; roles < 9; ++roles) {
            uint256 before = vm.snapshotState();
            bytes memory input = _input(_registration(alice, fourth, roles, true), fourth, _by(first, second));
            if (roles == 0 || roles == 8) {
                _refused(
                    STRANGER,
                    address(registry),
                    input,
                    abi.encodeWithSelector(IRegistryErrors.RolesInvalid.selector, roles)
                );
            } else {
                _ok(STRANGER, address(registry), input);
                _assertEntry(roles, roles & RECOVERY == 0 ? 0 : NOW);
                vm.assertEq(registry.recoveryMasterCount(alice.operator), roles & RECOVERY == 0 ? 3 : 4, "count");
            }
            vm.revertToState(before);
        }
        bytes memory none = _input(_registration(alice, fourth, 0, false), fourth, _by(first));
        _refused(
            alice.wallet,
            address(registry),
            none,
            abi.encodeWithSelector(IRegistryErrors.RolesInvalid.selector, uint8(0))
        );
    }

    /// @notice One passkey has one entry, whoever registers it and under whatever hash, also when it is revoked.
    function testOnePasskeyOneEntry() public {
        bytes memory refusal = _taken(alice.passkey.x, alice.passkey.y);
        Master memory again = Master(fourth.key, alice.passkey);
        _refused(
            STRANGER,
            address(registry),
            _input(_registration(alice, again, 3, true), again, _by(first, second)),
            refusal
        );
        _refused(
            alice.wallet, address(registry), _input(_registration(alice, again, 3, false), again, _by(first)), refusal
        );
        _refused(
            STRANGER,
            address(registry),
            _input(_replacement(alice, third.key, again, 3), again, _by(first, second)),
            refusal
        );
        RegisterFirstMaster memory o = _firstMaster(carol);
        (o.k11PubX, o.k11PubY) = (second.passkey.x, second.passkey.y);
        bytes memory input = abi.encodeCall(
            registry.registerFirstMasterDevice, (o, _touch(second, _onRegistry(hasher.registerFirstMaster(o)), 0))
        );
        _refused(carol.wallet, address(registry), input, _taken(second.passkey.x, second.passkey.y));

        _ok(STRANGER, address(registry), _input(_revocation(alice, third.key), _by(first, second)));
        _refused(
            STRANGER,
            address(registry),
            _input(_registration(alice, third, 3, true), third, _by(first, second)),
            _taken(third.passkey.x, third.passkey.y)
        );
        _add(alice, fourth, 3, _by(first, second));
    }

    function testNeedsACredentialId() public {
        RegisterMaster memory o = _registration(alice, fourth, 3, true);
        o.newcomer.k11CredId = 0;
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.CredentialIdMissing.selector);
        _refused(STRANGER, address(registry), _input(o, fourth, _by(first, second)), refusal);
        _add(alice, fourth, 3, _by(first, second));
    }

    /// @notice The newcomer asserts itself, over the same operation.
    function testTheNewcomerSigns() public {
        RegisterMaster memory o = _registration(alice, fourth, 3, true);
        bytes32 digest = _onRegistry(hasher.registerMaster(o));
        bytes memory input = abi.encodeCall(
            registry.registerAdditionalMasterDevice,
            (o, _votes(_by(first, second), digest), _touch(_master(9), digest, 0))
        );
        _refused(STRANGER, address(registry), input, abi.encodeWithSelector(MockVerifier.WrongKey.selector));
        bytes32 other = _onRegistry(hasher.registerMaster(_registration(bob, fourth, 3, true)));
        input = abi.encodeCall(
            registry.registerAdditionalMasterDevice, (o, _votes(_by(first, second), digest), _touch(fourth, other, 0))
        );
        _refused(STRANGER, address(registry), input, abi.encodeWithSelector(MockVerifier.WrongChallenge.selector));
        _add(alice, fourth, 3, _by(first, second));
        vm.assertEq(registry.getDevice(fourth.key).lastSignCount, 0, "sign count");
    }

    /// @notice With a delay a voter passes on only the roles it holds; every voter holds them.
    function testAVoterPassesOnWhatItHas() public {
        RegisterMaster memory o = _registration(alice, fourth, 7, false);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.RoleMissing.selector, second.key, uint8(7));
        _refused(alice.wallet, address(registry), _input(o, fourth, _by(second)), refusal);
        _refused(alice.wallet, address(registry), _input(o, fourth, _by(first, second)), refusal);
        _ok(alice.wallet, address(registry), _input(o, fourth, _by(first)));
        _assertEntry(7, NOW + RECOVERY_DELAY);
    }

    function testWithDelayNeedsAVote() public {
        bytes memory input = _input(_registration(alice, fourth, 3, false), fourth, new Master[](0));
        _refused(
            alice.wallet,
            address(registry),
            input,
            abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 0, 1)
        );
        _addDelayed(alice, fourth, 3, second);
    }

    function testOneNewcomerAtATime() public {
        _addDelayed(alice, fourth, 3, second);
        Master memory m = _master(9);
        bytes memory refusal =
            abi.encodeWithSelector(IRegistryErrors.NewcomerMaturing.selector, fourth.key, NOW + RECOVERY_DELAY);
        _refused(alice.wallet, address(registry), _input(_registration(alice, m, 3, false), m, _by(second)), refusal);
        // By a quorum others may come meanwhile.
        _add(alice, _master(8), 3, _by(first, second));
        _assertCount(4, fourth.key);
        signedDeadline = NOW + RECOVERY_DELAY;
        vm.warp(NOW + RECOVERY_DELAY - 1);
        _refused(alice.wallet, address(registry), _input(_registration(alice, m, 3, false), m, _by(second)), refusal);
        vm.warp(NOW + RECOVERY_DELAY);
        _addDelayed(alice, m, 3, second);
        _assertCount(5, m.key);
    }

    function testNoneWithDelayWhileFrozen() public {
        _freeze(alice, second);
        bytes memory input = _input(_registration(alice, fourth, 3, false), fourth, _by(second));
        _refused(
            alice.wallet,
            address(registry),
            input,
            abi.encodeWithSelector(IOperationErrors.OperatorIsFrozen.selector, alice.operator)
        );
        _add(alice, _master(9), 3, _by(first, second));
        _ok(STRANGER, address(registry), _input(_unfreezing(alice, new bytes32[](0)), _by(first, second)));
        _ok(alice.wallet, address(registry), input);
    }

    function _taken(uint256 x, uint256 y) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IRegistryErrors.PasskeyAlreadyRegistered.selector, Identifiers.passkeyHash(x, y));
    }

    function _assertCount(uint256 count, bytes32 maturing) private view {
        vm.assertEq(registry.recoveryMasterCount(alice.operator), count, "count");
        vm.assertEq(registry.recoveryMasters(alice.operator).length, count, "list");
        vm.assertEq(registry.maturingMaster(alice.operator), maturing, "maturing");
    }

    function _assertEntry(uint8 roles, uint64 recoveryFrom) private view {
        DeviceEntry memory want = DeviceEntry({
            operatorOmni: alice.operator,
            actorOmni: alice.operator,
            k11CredId: keccak256(abi.encode(fourth.key)),
            k11RpIdHash: fourth.passkey.rpIdHash,
            k11OriginHash: fourth.passkey.originHash,
            k11PubX: fourth.passkey.x,
            k11PubY: fourth.passkey.y,
            tier: 1,
            roles: roles,
            registeredAt: NOW,
            recoveryFrom: recoveryFrom,
            lastSignCount: 0,
            revoked: false
        });
        vm.assertEq(abi.encode(registry.getDevice(fourth.key)), abi.encode(want), "entry");
    }
}
