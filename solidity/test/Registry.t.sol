// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SidecarRegistry} from "../src/SidecarRegistry.sol";
import {IK11Verifier, K11Assertion} from "../src/interfaces/IK11Verifier.sol";
import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {IRegistryEvents} from "../src/interfaces/IRegistryEvents.sol";
import {DeviceEntry} from "../src/interfaces/ISidecarRegistry.sol";
import {MasterAssertion, RegisterFirstMaster} from "../src/interfaces/Operations.sol";
import {MockVerifier} from "./Fixture.sol";
import {Masters} from "./Masters.sol";
import {vm} from "./Vm.sol";

/// @notice Deployment, the first master, views, and the one place where assertions are consumed.
contract RegistryTest is Masters {
    function testConstructorKeepsWhatItWasGiven() public view {
        vm.assertEq(registry.k11Verifier(), address(verifier), "verifier");
        vm.assertEq(registry.scope(), address(scope), "scope");
        vm.assertEq(registry.audit(), address(audit), "audit");
        vm.assertEq(registry.recoveryDelay(), RECOVERY_DELAY, "delay");
    }

    function testConstructorRefuses() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistryErrors.VerifierMissing.selector));
        new SidecarRegistry(IK11Verifier(address(0xdead)), address(1), address(2), 0);
        vm.expectRevert(abi.encodeWithSelector(IRegistryErrors.ScopeMissing.selector));
        new SidecarRegistry(verifier, address(0), address(2), 0);
        vm.expectRevert(abi.encodeWithSelector(IRegistryErrors.AuditMissing.selector));
        new SidecarRegistry(verifier, address(1), address(0), 0);
        vm.expectRevert(abi.encodeWithSelector(IRegistryErrors.AuditMissing.selector));
        new SidecarRegistry(verifier, address(1), address(1), 0);
        vm.expectRevert(abi.encodeWithSelector(IRegistryErrors.RecoveryDelayInvalid.selector, uint64(30 days + 1)));
        new SidecarRegistry(verifier, address(1), address(2), 30 days + 1);
        new SidecarRegistry(verifier, address(1), address(2), 30 days);
        vm.expectRevert(abi.encodeWithSelector(IRegistryErrors.RecoveryDelayInvalid.selector, uint64(0)));
        new SidecarRegistry(verifier, address(1), address(2), 0);
        new SidecarRegistry(verifier, address(1), address(2), 1);
    }

    function testFirstMaster() public {
        RegisterFirstMaster memory o = _firstMaster(alice);
        bytes32 digest = hasher.digest(address(registry), hasher.registerFirstMaster(o));
        K11Assertion memory a = _assertion(alice, digest, 7);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.OperatorNonceAdvanced(alice.operator, 1);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.ActorOwned(alice.operator, alice.operator);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.MasterWalletSet(alice.operator, alice.wallet);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.RecoveryThresholdSet(alice.operator, 1);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.DeviceRegistered(alice.operator, alice.operator, alice.device, alice.wallet, 1, 7);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.PasskeyRegistered(
            alice.operator, alice.device, CRED_ID, alice.passkey.rpIdHash, alice.passkey.originHash, 1, 2
        );
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.AssertionConsumed(alice.operator, alice.device, digest, 7);
        vm.prank(alice.wallet);
        registry.registerFirstMasterDevice(o, a);

        DeviceEntry memory e = registry.getDevice(alice.device);
        DeviceEntry memory want = DeviceEntry({
            operatorOmni: alice.operator,
            actorOmni: alice.operator,
            k11CredId: CRED_ID,
            k11RpIdHash: alice.passkey.rpIdHash,
            k11OriginHash: alice.passkey.originHash,
            k11PubX: 1,
            k11PubY: 2,
            tier: 1,
            roles: 7,
            registeredAt: NOW,
            recoveryFrom: NOW,
            lastSignCount: 7,
            revoked: false
        });
        vm.assertEq(abi.encode(e), abi.encode(want), "entry");
        vm.assertEq(registry.masterWallet(alice.operator), alice.wallet, "wallet");
        vm.assertEq(registry.operatorNonce(alice.operator), 1, "nonce");
        vm.assertEq(registry.recoveryThreshold(alice.operator), 1, "threshold");
        vm.assertEq(registry.actorOwner(alice.operator), alice.operator, "owner of itself");
        vm.assertTrue(registry.isActive(alice.device), "active");
        vm.assertEq(registry.getOperatorDevices(alice.operator).length, 1, "devices");
        vm.assertEq(registry.getOperatorDevices(alice.operator)[0], alice.device, "device");
        _assertResolves(alice.wallet, 1, alice.operator, alice.operator, 1);
    }

    function testFirstMasterAtItsDeadline() public {
        vm.warp(DEADLINE);
        _register(alice);
    }

    function testFirstMasterRefusesLate() public {
        vm.warp(DEADLINE + 1);
        _refuseFirst(_firstMaster(alice), abi.encodeWithSelector(IOperationErrors.DeadlinePassed.selector, DEADLINE));
    }

    function testFirstMasterRefusesAnothersTransaction() public {
        RegisterFirstMaster memory o = _firstMaster(bob);
        K11Assertion memory a = _signed(bob, o);
        vm.prank(alice.wallet);
        vm.expectRevert(abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, alice.wallet, bob.wallet));
        registry.registerFirstMasterDevice(o, a);
    }

    function testFirstMasterRefusesAnothersOmni() public {
        RegisterFirstMaster memory o = _firstMaster(alice);
        o.operator = bob.operator;
        _refuseFirst(o, abi.encodeWithSelector(IRegistryErrors.OmniMismatch.selector, alice.operator, bob.operator));
    }

    function testFirstMasterNeedsCredentialId() public {
        RegisterFirstMaster memory o = _firstMaster(alice);
        o.k11CredId = 0;
        _refuseFirst(o, abi.encodeWithSelector(IRegistryErrors.CredentialIdMissing.selector));
    }

    function testFirstMasterRefusesAnotherNonce() public {
        RegisterFirstMaster memory o = _firstMaster(alice);
        o.nonce = 1;
        _refuseFirst(o, abi.encodeWithSelector(IOperationErrors.StaleNonce.selector, uint64(0), uint64(1)));
    }

    function testFirstMasterOnlyOnce() public {
        _register(alice);
        RegisterFirstMaster memory o = _firstMaster(alice);
        o.nonce = 1;
        _refuseFirst(o, abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, alice.device));
    }

    function testFirstMasterRefusesAnAgent() public {
        _register(alice);
        _bindAgent(alice);
        Person memory p = _person(AGENT_KEY);
        RegisterFirstMaster memory o = _firstMaster(p);
        K11Assertion memory a = _signed(p, o);
        vm.prank(agent);
        vm.expectRevert(abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, agentDevice));
        registry.registerFirstMasterDevice(o, a);
    }

    function testFirstMasterNeedsTheNewPasskeysOwnAssertion() public {
        RegisterFirstMaster memory o = _firstMaster(alice);
        K11Assertion memory a = _signed(bob, o);
        vm.prank(alice.wallet);
        vm.expectRevert(abi.encodeWithSelector(MockVerifier.WrongKey.selector));
        registry.registerFirstMasterDevice(o, a);
        _assertResolves(alice.wallet, 0, 0, 0, 0);
        vm.assertEq(registry.operatorNonce(alice.operator), 0, "nonce");
    }

    /// @notice What is executed differs from what was signed, in one field at a time.
    function testFirstMasterIsSignedWhole() public {
        K11Assertion memory a = _signed(alice, _firstMaster(alice));
        for (uint256 i = 0; i < 5; ++i) {
            RegisterFirstMaster memory o = _firstMaster(alice);
            if (i == 0) o.k11CredId = keccak256("another");
            if (i == 1) o.k11RpIdHash = keccak256("another");
            if (i == 2) o.k11OriginHash = keccak256("another");
            if (i == 3) o.k11PubX = 99;
            if (i == 4) o.deadline = DEADLINE + 1;
            vm.prank(alice.wallet);
            vm.expectRevert(abi.encodeWithSelector(MockVerifier.WrongChallenge.selector));
            registry.registerFirstMasterDevice(o, a);
        }
    }

    function testUnknownIsNothing() public view {
        _assertResolves(alice.wallet, 0, 0, 0, 0);
        vm.assertFalse(registry.isActive(alice.device), "active");
        vm.assertFalse(registry.isActive(0), "zero");
        DeviceEntry memory none;
        vm.assertEq(abi.encode(registry.getDevice(alice.device)), abi.encode(none), "entry");
        vm.assertEq(registry.getOperatorDevices(alice.operator).length, 0, "devices");
        vm.assertEq(registry.recoveryMasters(alice.operator).length, 0, "recovery masters");
        vm.assertEq(registry.recoveryThreshold(alice.operator), 0, "threshold");
        vm.assertEq(registry.masterWallet(alice.operator), address(0), "wallet");
        vm.assertEq(registry.actorOwner(alice.operator), 0, "owner");
    }

    // The one place.

    function testOnlyTheScopeContractMayConsume() public {
        _register(alice);
        MasterAssertion memory a = _byMaster(alice, address(this), keccak256("anything"), 0);
        vm.expectRevert(abi.encodeWithSelector(IRegistryErrors.NotConsumer.selector, address(this)));
        registry.consumeAssertion(alice.operator, 0, keccak256("anything"), a);
        a = _byMaster(alice, address(scope), keccak256("anything"), 0);
        vm.prank(address(scope));
        registry.consumeAssertion(alice.operator, 0, keccak256("anything"), a);
    }

    /// @notice The consumer's own domain is used, whatever it asks for.
    function testConsumerCannotBorrowADomain() public {
        _register(alice);
        MasterAssertion memory a = _byMaster(alice, address(registry), keccak256("anything"), 0);
        _refuseConsume(0, a, abi.encodeWithSelector(MockVerifier.WrongChallenge.selector));
    }

    function testConsumeRefuses() public {
        _three(1);
        _register(bob);
        _bindAgent(alice);
        MasterAssertion memory a = _byMaster(alice, address(scope), keccak256("anything"), 0);

        a.deviceKeyHash = keccak256("nobody");
        _refuseConsume(0, a, abi.encodeWithSelector(IRegistryErrors.DeviceUnknown.selector, a.deviceKeyHash));
        a.deviceKeyHash = bob.device;
        _refuseConsume(
            0, a, abi.encodeWithSelector(IRegistryErrors.DeviceOfOtherOperator.selector, bob.device, bob.operator)
        );
        a.deviceKeyHash = agentDevice;
        _refuseConsume(0, a, abi.encodeWithSelector(IRegistryErrors.NotMasterDevice.selector, agentDevice));
        a = _vote(second, hasher.digest(address(scope), keccak256("anything")));
        _refuseConsume(SCOPE_MGMT, a, abi.encodeWithSelector(IRegistryErrors.RoleMissing.selector, second.key, 4));
        _refuseConsume(6, a, abi.encodeWithSelector(IRegistryErrors.RoleMissing.selector, second.key, 6));
        vm.prank(address(scope));
        registry.consumeAssertion(alice.operator, 3, keccak256("anything"), a);
        _ok(alice.wallet, address(registry), _input(_revocation(alice, second.key), _by(first)));
        _refuseConsume(0, a, abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, second.key));
    }

    function testOnlyConsumersMayUseNonces() public {
        _register(alice);
        vm.expectRevert(abi.encodeWithSelector(IRegistryErrors.NotConsumer.selector, address(this)));
        registry.useOperatorNonce(alice.operator, 1);
        vm.prank(address(audit));
        registry.useOperatorNonce(alice.operator, 1);
        vm.assertEq(registry.operatorNonce(alice.operator), 2, "nonce");
    }

    function testSignCountsMoveForward(uint32 last, uint32 given) public {
        RegisterFirstMaster memory o = _firstMaster(alice);
        K11Assertion memory first =
            _assertion(alice, hasher.digest(address(registry), hasher.registerFirstMaster(o)), last);
        vm.prank(alice.wallet);
        registry.registerFirstMasterDevice(o, first);
        vm.assertEq(registry.getDevice(alice.device).lastSignCount, last, "kept");

        MasterAssertion memory a = _byMaster(alice, address(scope), keccak256("anything"), given);
        if (given > last || (given == 0 && last == 0)) {
            vm.prank(address(scope));
            registry.consumeAssertion(alice.operator, 0, keccak256("anything"), a);
            vm.assertEq(registry.getDevice(alice.device).lastSignCount, given, "moved");
        } else {
            bytes memory refusal =
                abi.encodeWithSelector(IRegistryErrors.SignCountNotIncreased.selector, alice.device, last, given);
            _refuseConsume(0, a, refusal);
        }
    }

    function testSignCountEdges() public {
        uint32 max = type(uint32).max;
        testSignCountsMoveForward(0, 0);
        setUp();
        testSignCountsMoveForward(1, 0);
        setUp();
        testSignCountsMoveForward(5, 5);
        setUp();
        testSignCountsMoveForward(5, 4);
        setUp();
        testSignCountsMoveForward(max, max);
        setUp();
        testSignCountsMoveForward(max - 1, max);
    }

    function _refuseFirst(RegisterFirstMaster memory o, bytes memory refusal) private {
        K11Assertion memory a = _signed(alice, o);
        vm.prank(alice.wallet);
        vm.expectRevert(refusal);
        registry.registerFirstMasterDevice(o, a);
    }

    function _refuseConsume(uint8 role, MasterAssertion memory a, bytes memory refusal) private {
        vm.prank(address(scope));
        vm.expectRevert(refusal);
        registry.consumeAssertion(alice.operator, role, keccak256("anything"), a);
    }
}
