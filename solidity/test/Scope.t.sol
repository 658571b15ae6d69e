// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AgentKeysScope} from "../src/AgentKeysScope.sol";
import {IAgentKeysScope} from "../src/interfaces/IAgentKeysScope.sol";
import {IRegistryConsumer} from "../src/interfaces/IRegistryConsumer.sol";
import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {IRegistryEvents} from "../src/interfaces/IRegistryEvents.sol";
import {ISidecarRegistry} from "../src/interfaces/ISidecarRegistry.sol";
import {Grant, MasterAssertion, RevokeScope, SetScope} from "../src/interfaces/Operations.sol";
import {MockVerifier} from "./Fixture.sol";
import {Masters} from "./Masters.sol";
import {vm} from "./Vm.sol";

/// @notice Grants: setting, replacing, revoking, reading.
contract ScopeTest is Masters {
    function setUp() public override {
        super.setUp();
        _register(alice);
        _register(bob);
        _bindAgent(alice);
    }

    function testConstructorRefusesARegistryThatNamesAnother() public {
        vm.assertEq(scope.registry(), address(registry), "registry");
        vm.expectRevert(abi.encodeWithSelector(IRegistryConsumer.RegistryMismatch.selector, address(registry)));
        new AgentKeysScope(registry);
        vm.expectRevert(abi.encodeWithSelector(IRegistryConsumer.RegistryMismatch.selector, address(0xdead)));
        new AgentKeysScope(ISidecarRegistry(address(0xdead)));
    }

    function testSet() public {
        Grant[] memory grants = _grants();
        SetScope memory o = _setScope(alice, grants);
        MasterAssertion memory a = _signed(alice, o);
        vm.expectEmit(true, true, true, true, address(scope));
        emit IAgentKeysScope.ScopeSet(alice.operator, agentActor, 1, grants);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.AssertionConsumed(
            alice.operator, alice.device, hasher.digest(address(scope), hasher.setScope(o)), 0
        );
        vm.prank(alice.wallet);
        scope.setScopeWithWebauthn(o, a);

        vm.assertEq(abi.encode(scope.getScope(alice.operator, agentActor)), abi.encode(grants), "scope");
        vm.assertEq(scope.scopeNonce(alice.operator, agentActor), 1, "nonce");
        vm.assertEq(registry.operatorNonce(alice.operator), 2, "the operator's nonce is another");
        for (uint256 i = 0; i < grants.length; ++i) {
            _assertGrant(grants[i]);
        }
        _assertNoGrant("gitlab");
        (bool found,) = scope.grantOf(bob.operator, agentActor, keccak256("github"));
        vm.assertFalse(found, "another operator's");
    }

    function testSetReplacesTheWhole() public {
        _grant(alice, _grants());
        Grant[] memory grants = new Grant[](1);
        grants[0] = Grant("memory:notes", 1, 0, 0, 5, 0);
        _grant(alice, grants);
        vm.assertEq(abi.encode(scope.getScope(alice.operator, agentActor)), abi.encode(grants), "scope");
        _assertGrant(grants[0]);
        _assertNoGrant("github");
        vm.assertEq(scope.scopeNonce(alice.operator, agentActor), 2, "nonce");
    }

    function testOperatorGrantsItself() public {
        SetScope memory o = SetScope(alice.operator, alice.operator, _grants(), 0, DEADLINE);
        MasterAssertion memory a = _signed(alice, o);
        vm.prank(alice.wallet);
        scope.setScopeWithWebauthn(o, a);
        vm.assertEq(scope.getScope(alice.operator, alice.operator).length, 2, "grants");
    }

    function testExpiry() public {
        _grant(alice, _grants());
        vm.warp(NOW + 1 days - 1);
        vm.assertTrue(scope.isServiceInScope(alice.operator, agentActor, keccak256("github")), "last second");
        vm.warp(NOW + 1 days);
        vm.assertFalse(scope.isServiceInScope(alice.operator, agentActor, keccak256("github")), "expired");
        (bool found,) = scope.grantOf(alice.operator, agentActor, keccak256("github"));
        vm.assertTrue(found, "an expired grant is still shown");
        vm.assertTrue(scope.isServiceInScope(alice.operator, agentActor, keccak256("memory:notes")), "never expires");
    }

    function testRevoke() public {
        _grant(alice, _grants());
        RevokeScope memory o = _revokeScope(alice);
        MasterAssertion memory a = _signed(alice, o);
        vm.expectEmit(true, true, true, true, address(scope));
        emit IAgentKeysScope.ScopeRevoked(alice.operator, agentActor, 2);
        vm.prank(alice.wallet);
        scope.revokeScope(o, a);
        vm.assertEq(scope.getScope(alice.operator, agentActor).length, 0, "scope");
        _assertNoGrant("github");
        _assertNoGrant("memory:notes");
    }

    /// @notice Revoking an empty scope makes an operation worthless that was signed and not yet sent.
    function testRevokeSpoilsASignedSet() public {
        SetScope memory pending = _setScope(alice, _grants());
        MasterAssertion memory signed = _signed(alice, pending);
        RevokeScope memory o = _revokeScope(alice);
        MasterAssertion memory a = _signed(alice, o);
        vm.prank(alice.wallet);
        scope.revokeScope(o, a);
        vm.prank(alice.wallet);
        vm.expectRevert(abi.encodeWithSelector(IOperationErrors.StaleNonce.selector, uint64(1), uint64(0)));
        scope.setScopeWithWebauthn(pending, signed);
    }

    // Both operations share these.

    function testRefusesLate() public {
        SetScope memory set = _setScope(alice, _grants());
        vm.warp(DEADLINE);
        _grant(alice, _grants());
        vm.warp(DEADLINE + 1);
        set.nonce = 1;
        _refuseBoth(set, alice, abi.encodeWithSelector(IOperationErrors.DeadlinePassed.selector, DEADLINE));
    }

    function testRefusesAnotherSender() public {
        _refuseBoth(
            _setScope(alice, _grants()),
            bob,
            abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, bob.wallet, alice.wallet)
        );
    }

    function testRefusesAnotherOperatorsActor() public {
        SetScope memory o = _setScope(bob, _grants());
        _refuseBoth(o, bob, abi.encodeWithSelector(IAgentKeysScope.ActorNotOwned.selector, bob.operator, agentActor));
        o.actor = keccak256("nobody");
        _refuseBoth(o, bob, abi.encodeWithSelector(IAgentKeysScope.ActorNotOwned.selector, bob.operator, o.actor));
    }

    function testRefusesAnotherNonce() public {
        SetScope memory o = _setScope(alice, _grants());
        o.nonce = 7;
        _refuseBoth(o, alice, abi.encodeWithSelector(IOperationErrors.StaleNonce.selector, uint64(0), uint64(7)));
    }

    function testNeedsScopeManagement() public {
        _add(alice, second, 3, _by(Master(alice.device, alice.passkey)));
        SetScope memory set = _setScope(alice, _grants());
        RevokeScope memory revoke = _revokeScope(alice);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.RoleMissing.selector, second.key, SCOPE_MGMT);
        MasterAssertion memory a = _vote(second, hasher.digest(address(scope), hasher.setScope(set)));
        _refused(alice.wallet, address(scope), abi.encodeCall(scope.setScopeWithWebauthn, (set, a)), refusal);
        a = _vote(second, hasher.digest(address(scope), hasher.revokeScope(revoke)));
        _refused(alice.wallet, address(scope), abi.encodeCall(scope.revokeScope, (revoke, a)), refusal);
        _grant(alice, _grants());
    }

    function testRefusesAnotherOperatorsMaster() public {
        SetScope memory o = _setScope(alice, _grants());
        MasterAssertion memory a = _signed(bob, o);
        vm.prank(alice.wallet);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistryErrors.DeviceOfOtherOperator.selector, bob.device, bob.operator)
        );
        scope.setScopeWithWebauthn(o, a);
    }

    /// @notice An assertion for the registry's domain, and one for other grants.
    function testIsSignedWhole() public {
        SetScope memory o = _setScope(alice, _grants());
        MasterAssertion memory elsewhere = _byMaster(alice, address(registry), hasher.setScope(o), 0);
        vm.prank(alice.wallet);
        vm.expectRevert(abi.encodeWithSelector(MockVerifier.WrongChallenge.selector));
        scope.setScopeWithWebauthn(o, elsewhere);
        for (uint256 i = 0; i < 6; ++i) {
            MasterAssertion memory a = _signed(alice, _setScope(alice, _grants()));
            o = _setScope(alice, _grants());
            if (i == 0) o.grants[0].service = "gitlab";
            if (i == 1) o.grants[0].ops = 63;
            if (i == 2) o.grants[0].maxPerPeriod += 1;
            if (i == 3) o.grants[0].periodSeconds += 1;
            if (i == 4) o.grants[0].maxTotal = 0;
            if (i == 5) o.grants[0].expiresAt = 0;
            vm.prank(alice.wallet);
            vm.expectRevert(abi.encodeWithSelector(MockVerifier.WrongChallenge.selector));
            scope.setScopeWithWebauthn(o, a);
        }
    }

    // What a grant may say.

    function testRefusesNoGrants() public {
        _refuseGrants(new Grant[](0), abi.encodeWithSelector(IAgentKeysScope.NoGrants.selector));
    }

    function testAtMost64Grants() public {
        _refuseGrants(_many(65), abi.encodeWithSelector(IAgentKeysScope.TooManyGrants.selector, 65));
        _grant(alice, _many(64));
        vm.assertEq(scope.getScope(alice.operator, agentActor).length, 64, "grants");
        _grant(alice, _grants());
        vm.assertEq(scope.getScope(alice.operator, agentActor).length, 2, "grants");
    }

    function testServiceLength() public {
        Grant[] memory grants = _grants();
        grants[1].service = "";
        _refuseGrants(grants, abi.encodeWithSelector(IAgentKeysScope.ServiceLengthInvalid.selector, 1, 0));
        grants[1].service = string(new bytes(325));
        _refuseGrants(grants, abi.encodeWithSelector(IAgentKeysScope.ServiceLengthInvalid.selector, 1, 325));
        grants[1].service = string(new bytes(324));
        _grant(alice, grants);
    }

    function testRefusesAServiceTwice() public {
        Grant[] memory grants = _grants();
        grants[1].service = "github";
        _refuseGrants(grants, abi.encodeWithSelector(IAgentKeysScope.ServiceDuplicate.selector, 1, keccak256("github")));
    }

    function testOps(uint32 ops) public {
        Grant[] memory grants = _grants();
        grants[1].ops = ops;
        if (ops == 0 || ops > 63) {
            _refuseGrants(grants, abi.encodeWithSelector(IAgentKeysScope.OpsInvalid.selector, 1, ops));
        } else {
            _grant(alice, grants);
        }
    }

    function testOpsEdges() public {
        testOps(0);
        testOps(64);
        testOps(1 << 31);
        testOps(1);
        testOps(63);
    }

    function testPeriod() public {
        Grant[] memory grants = _grants();
        grants[1].maxPerPeriod = 1;
        _refuseGrants(grants, abi.encodeWithSelector(IAgentKeysScope.PeriodInvalid.selector, 1, 1, 0));
        grants[1].maxPerPeriod = 0;
        grants[1].periodSeconds = 1;
        _refuseGrants(grants, abi.encodeWithSelector(IAgentKeysScope.PeriodInvalid.selector, 1, 0, 1));
        grants[1].maxPerPeriod = 1;
        _grant(alice, grants);
    }

    /// @notice Whatever two scopes follow each other, the second is all there is.
    function testReplaceLeavesNothing(uint8 first, uint8 second, uint8 shift) public {
        Grant[] memory before = _many(1 + first % 12);
        Grant[] memory later = _many(1 + second % 12);
        for (uint256 i = 0; i < later.length; ++i) {
            later[i].service = string.concat("s", vm.toString(i + shift % 8));
            later[i].ops = uint32(1 + i % 63);
        }
        _grant(alice, before);
        _grant(alice, later);
        vm.assertEq(abi.encode(scope.getScope(alice.operator, agentActor)), abi.encode(later), "scope");
        uint256 found;
        for (uint256 i = 0; i < 24; ++i) {
            bytes32 service = keccak256(bytes(string.concat("s", vm.toString(i))));
            if (scope.isServiceInScope(alice.operator, agentActor, service)) ++found;
        }
        vm.assertEq(found, later.length, "services in scope");
        for (uint256 i = 0; i < later.length; ++i) {
            _assertGrant(later[i]);
        }
    }

    function _many(uint256 count) private pure returns (Grant[] memory grants) {
        grants = new Grant[](count);
        for (uint256 i = 0; i < count; ++i) {
            grants[i] = Grant(string.concat("s", vm.toString(i)), 1, 0, 0, 0, 0);
        }
    }

    function _refuseGrants(Grant[] memory grants, bytes memory refusal) private {
        SetScope memory o = _setScope(alice, grants);
        MasterAssertion memory a = _signed(alice, o);
        vm.prank(alice.wallet);
        vm.expectRevert(refusal);
        scope.setScopeWithWebauthn(o, a);
    }

    function _refuseBoth(SetScope memory set, Person memory sender, bytes memory refusal) private {
        Person memory master = set.operator == alice.operator ? alice : bob;
        MasterAssertion memory a = _signed(master, set);
        vm.prank(sender.wallet);
        vm.expectRevert(refusal);
        scope.setScopeWithWebauthn(set, a);
        RevokeScope memory revoke = RevokeScope(set.operator, set.actor, set.nonce, set.deadline);
        a = _signed(master, revoke);
        vm.prank(sender.wallet);
        vm.expectRevert(refusal);
        scope.revokeScope(revoke, a);
    }

    function _assertGrant(Grant memory want) private view {
        bytes32 service = keccak256(bytes(want.service));
        (bool found, Grant memory got) = scope.grantOf(alice.operator, agentActor, service);
        vm.assertTrue(found, want.service);
        vm.assertEq(abi.encode(got), abi.encode(want), want.service);
        vm.assertTrue(scope.isServiceInScope(alice.operator, agentActor, service), want.service);
    }

    function _assertNoGrant(string memory service) private view {
        (bool found, Grant memory got) = scope.grantOf(alice.operator, agentActor, keccak256(bytes(service)));
        Grant memory none;
        vm.assertFalse(found, service);
        vm.assertEq(abi.encode(got), abi.encode(none), service);
        vm.assertFalse(scope.isServiceInScope(alice.operator, agentActor, keccak256(bytes(service))), service);
    }
}
