// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {IRegistryEvents} from "../src/interfaces/IRegistryEvents.sol";
import {DeviceEntry} from "../src/interfaces/ISidecarRegistry.sol";
import {AgentConsent, BindAgent, ConsentSignature, MasterAssertion} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {MockVerifier} from "./Fixture.sol";
import {Masters} from "./Masters.sol";
import {vm} from "./Vm.sol";

/// @notice Binding agents.
contract AgentsTest is Masters {
    uint256 private constant SECOND_KEY = 0xb0b5;

    function setUp() public override {
        super.setUp();
        _register(alice);
        _register(bob);
    }

    function testBind() public {
        BindAgent memory o = _bind(alice);
        ConsentSignature memory c = _consent(AGENT_KEY, o);
        bytes32 digest = hasher.digest(address(registry), hasher.bindAgent(o));
        MasterAssertion memory a = MasterAssertion(alice.device, _assertion(alice, digest, 3));
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.OperatorNonceAdvanced(alice.operator, 2);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.ActorOwned(alice.operator, agentActor);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.DeviceRegistered(alice.operator, agentActor, agentDevice, agent, 2, 1);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.AssertionConsumed(alice.operator, alice.device, digest, 3);
        vm.prank(alice.wallet);
        registry.registerAgentDevice(o, c, a);

        DeviceEntry memory want;
        want.operatorOmni = alice.operator;
        want.actorOmni = agentActor;
        want.tier = 2;
        want.roles = 1;
        want.registeredAt = NOW;
        vm.assertEq(abi.encode(registry.getDevice(agentDevice)), abi.encode(want), "entry");
        vm.assertEq(registry.actorOwner(agentActor), alice.operator, "owner");
        vm.assertEq(registry.operatorNonce(alice.operator), 2, "nonce");
        vm.assertTrue(registry.isActive(agentDevice), "active");
        vm.assertEq(registry.recoveryMasters(alice.operator).length, 1, "an agent is no recovery master");
        bytes32[] memory devices = registry.getOperatorDevices(alice.operator);
        vm.assertEq(devices.length, 2, "devices");
        vm.assertEq(devices[1], agentDevice, "device");
        _assertResolves(agent, 2, alice.operator, agentActor, 1);
    }

    function testBindAtBothDeadlines() public {
        BindAgent memory o = _bind(alice);
        ConsentSignature memory c = _consent(AGENT_KEY, AgentConsent(o.operator, o.actor, o.agent, DEADLINE));
        MasterAssertion memory a = _signed(alice, o);
        vm.warp(DEADLINE);
        vm.prank(alice.wallet);
        registry.registerAgentDevice(o, c, a);
    }

    function testBindRefusesLateOperation() public {
        vm.warp(DEADLINE + 1);
        _refuseBind(_bind(alice), abi.encodeWithSelector(IOperationErrors.DeadlinePassed.selector, DEADLINE));
    }

    function testBindRefusesLateConsent() public {
        BindAgent memory o = _bind(alice);
        ConsentSignature memory c = _consent(AGENT_KEY, AgentConsent(o.operator, o.actor, o.agent, NOW - 1));
        _refuseBind(o, c, abi.encodeWithSelector(IOperationErrors.DeadlinePassed.selector, NOW - 1));
    }

    function testBindRefusesAnotherSender() public {
        BindAgent memory o = _bind(alice);
        ConsentSignature memory c = _consent(AGENT_KEY, o);
        MasterAssertion memory a = _signed(alice, o);
        vm.prank(bob.wallet);
        vm.expectRevert(abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, bob.wallet, alice.wallet));
        registry.registerAgentDevice(o, c, a);
    }

    function testBindOnlyOnce() public {
        _bindAgent(alice);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, agentDevice);
        _refuseBind(_bind(alice), refusal);
        vm.prank(agent);
        registry.revokeAgentDevice(agentDevice);
        _refuseBind(_bind(alice), refusal);
    }

    function testBindRefusesAWallet() public {
        BindAgent memory o = _bind(alice);
        o.agent = bob.wallet;
        o.actor = bob.operator;
        _refuseBind(
            o, _consent(2, o), abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, bob.device)
        );
    }

    function testBindRefusesAnotherNonce() public {
        BindAgent memory o = _bind(alice);
        o.nonce = 0;
        _refuseBind(o, abi.encodeWithSelector(IOperationErrors.StaleNonce.selector, uint64(1), uint64(0)));
    }

    function testBindRefusesAnothersOmni() public {
        BindAgent memory o = _bind(alice);
        o.actor = Identifiers.omni(address(0xbeef));
        _refuseBind(o, abi.encodeWithSelector(IRegistryErrors.OmniMismatch.selector, agentActor, o.actor));
    }

    function testBindRefusesTheOperatorsActor() public {
        BindAgent memory o = _bind(alice);
        o.actor = alice.operator;
        _refuseBind(o, abi.encodeWithSelector(IRegistryErrors.ActorIsOperator.selector, alice.operator));
    }

    function testBindRefusesAnotherOperator() public {
        BindAgent memory o = _bind(alice);
        o.actor = bob.operator;
        _refuseBind(
            o, abi.encodeWithSelector(IRegistryErrors.ActorOfOtherOperator.selector, bob.operator, bob.operator)
        );
    }

    /// @notice Key rotation: a second device joins the actor, also after the first is gone, and nobody else's can.
    function testLaterDeviceJoinsTheActor() public {
        _bindAgent(alice);
        address second = vm.addr(SECOND_KEY);
        BindAgent memory o = _bind(bob);
        o.agent = second;
        ConsentSignature memory c = _consent(SECOND_KEY, o);
        MasterAssertion memory a = _signed(bob, o);
        vm.prank(bob.wallet);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistryErrors.ActorOfOtherOperator.selector, agentActor, alice.operator)
        );
        registry.registerAgentDevice(o, c, a);

        vm.prank(alice.wallet);
        registry.revokeAgentDevice(agentDevice);
        o = _bind(alice);
        o.agent = second;
        c = _consent(SECOND_KEY, o);
        a = _signed(alice, o);
        vm.prank(alice.wallet);
        registry.registerAgentDevice(o, c, a);
        _assertResolves(second, 2, alice.operator, agentActor, 1);
        _assertResolves(agent, 2, alice.operator, agentActor, 3);
        vm.assertEq(registry.actorOwner(agentActor), alice.operator, "owner");
        vm.assertEq(registry.actorOwner(Identifiers.omni(second)), 0, "the device's own omni is nobody's actor");
    }

    // The agent's own signature.

    function testConsentRefusesHighS(uint256 key) public {
        key = 1 + key % (SECP256K1_ORDER - 1);
        BindAgent memory o = _bind(alice);
        o.agent = vm.addr(key);
        o.actor = Identifiers.omni(o.agent);
        if (registry.isActive(Identifiers.deviceKeyHash(o.agent))) return; // a wallet of this fixture
        ConsentSignature memory c = _consent(key, o);
        c.v = c.v == 27 ? 28 : 27;
        c.s = bytes32(SECP256K1_ORDER - uint256(c.s));
        vm.assertEq(_ecrecover(o, c), o.agent, "the precompile accepts what is refused here");
        _refuseBind(o, c, abi.encodeWithSelector(IRegistryErrors.K10SignatureSTooHigh.selector));
    }

    function testConsentAcceptsTheGreatestS() public {
        BindAgent memory o = _bind(alice);
        ConsentSignature memory c = _consent(AGENT_KEY, o);
        c.s = bytes32(SECP256K1_ORDER / 2);
        address other = _ecrecover(o, c);
        _refuseBind(o, c, abi.encodeWithSelector(IRegistryErrors.ConsentNotByAgent.selector, other, agent));
        c.s = bytes32(SECP256K1_ORDER / 2 + 1);
        _refuseBind(o, c, abi.encodeWithSelector(IRegistryErrors.K10SignatureSTooHigh.selector));
    }

    function testConsentRefusesV(uint8 v) public {
        if (v == 27 || v == 28) return;
        BindAgent memory o = _bind(alice);
        ConsentSignature memory c = _consent(AGENT_KEY, o);
        c.v = v;
        _refuseBind(o, c, abi.encodeWithSelector(IRegistryErrors.K10SignatureVInvalid.selector, v));
    }

    function testConsentRefusesNobody() public {
        BindAgent memory o = _bind(alice);
        o.agent = address(0);
        o.actor = Identifiers.omni(address(0));
        ConsentSignature memory c = ConsentSignature(NOW + 1, 27, 0, bytes32(uint256(1)));
        _refuseBind(o, c, abi.encodeWithSelector(IRegistryErrors.K10SignatureInvalid.selector));
    }

    /// @notice Somebody else's signature, and the agent's own over anything else.
    function testConsentRefusesAnythingElse() public {
        BindAgent memory o = _bind(alice);
        _refuseConsent(o, _consent(SECOND_KEY, o));
        ConsentSignature memory c = _consent(AGENT_KEY, AgentConsent(bob.operator, o.actor, o.agent, NOW + 7 days));
        _refuseConsent(o, c);
        c = _consent(AGENT_KEY, AgentConsent(o.operator, alice.operator, o.agent, NOW + 7 days));
        _refuseConsent(o, c);
        c = _consent(AGENT_KEY, AgentConsent(o.operator, o.actor, alice.wallet, NOW + 7 days));
        _refuseConsent(o, c);
        c = _consent(AGENT_KEY, o);
        c.deadline += 1;
        _refuseConsent(o, c);
        (c.v, c.r, c.s) = vm.sign(
            AGENT_KEY,
            hasher.digest(address(scope), hasher.agentConsent(AgentConsent(o.operator, o.actor, o.agent, NOW + 7 days)))
        );
        c.deadline = NOW + 7 days;
        _refuseConsent(o, c);
    }

    // The master's assertion.

    function testBindNeedsScopeManagement() public {
        _add(alice, second, 3, _by(Master(alice.device, alice.passkey)));
        BindAgent memory o = _bind(alice);
        ConsentSignature memory c = _consent(AGENT_KEY, o);
        bytes32 digest = hasher.digest(address(registry), hasher.bindAgent(o));
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.RoleMissing.selector, second.key, SCOPE_MGMT);
        _refused(
            alice.wallet,
            address(registry),
            abi.encodeCall(registry.registerAgentDevice, (o, c, _vote(second, digest))),
            refusal
        );
        _bindAgent(alice);
    }

    function testBindRefusesAnotherOperatorsMaster() public {
        BindAgent memory o = _bind(alice);
        ConsentSignature memory c = _consent(AGENT_KEY, o);
        MasterAssertion memory a = _signed(bob, o);
        vm.prank(alice.wallet);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistryErrors.DeviceOfOtherOperator.selector, bob.device, bob.operator)
        );
        registry.registerAgentDevice(o, c, a);
    }

    /// @notice A device cannot vouch for itself: it is an agent from the moment it is written.
    function testBindRefusesTheAgentAsMaster() public {
        BindAgent memory o = _bind(alice);
        ConsentSignature memory c = _consent(AGENT_KEY, o);
        MasterAssertion memory a = _signed(alice, o);
        a.deviceKeyHash = agentDevice;
        vm.prank(alice.wallet);
        vm.expectRevert(abi.encodeWithSelector(IRegistryErrors.NotMasterDevice.selector, agentDevice));
        registry.registerAgentDevice(o, c, a);
    }

    function testBindIsSignedWhole() public {
        BindAgent memory o = _bind(alice);
        MasterAssertion memory a = _signed(alice, o);
        o.deadline += 1;
        ConsentSignature memory c = _consent(AGENT_KEY, o);
        vm.prank(alice.wallet);
        vm.expectRevert(abi.encodeWithSelector(MockVerifier.WrongChallenge.selector));
        registry.registerAgentDevice(o, c, a);
        vm.assertEq(registry.operatorNonce(alice.operator), 1, "a failed call moves nothing");
        vm.assertEq(registry.actorOwner(agentActor), 0, "nor claims the actor");
    }

    function _refuseBind(BindAgent memory o, bytes memory refusal) private {
        _refuseBind(o, _consent(AGENT_KEY, o), refusal);
    }

    function _refuseBind(BindAgent memory o, ConsentSignature memory c, bytes memory refusal) private {
        MasterAssertion memory a = _signed(alice, o);
        vm.prank(alice.wallet);
        vm.expectRevert(refusal);
        registry.registerAgentDevice(o, c, a);
    }

    function _refuseConsent(BindAgent memory o, ConsentSignature memory c) private {
        address signer = _ecrecover(o, c);
        vm.assertTrue(signer != agent, "the agent did sign this");
        _refuseBind(o, c, abi.encodeWithSelector(IRegistryErrors.ConsentNotByAgent.selector, signer, agent));
    }

    function _ecrecover(BindAgent memory o, ConsentSignature memory c) private view returns (address) {
        bytes32 structHash = hasher.agentConsent(AgentConsent(o.operator, o.actor, o.agent, c.deadline));
        return ecrecover(hasher.digest(address(registry), structHash), c.v, c.r, c.s);
    }
}
