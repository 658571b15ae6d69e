// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {IRegistryEvents} from "../src/interfaces/IRegistryEvents.sol";
import {MasterAssertion, RevokeAgent} from "../src/interfaces/Operations.sol";
import {MockVerifier} from "./Fixture.sol";
import {Masters} from "./Masters.sol";
import {vm} from "./Vm.sol";

/// @notice Revoking agents: by the wallet, by the agent, by any master.
contract AgentRevocationTest is Masters {
    function setUp() public override {
        super.setUp();
        _register(alice);
        _register(bob);
    }

    function testRevokeByWallet() public {
        _bindAgent(alice);
        _expectRevoked();
        vm.prank(alice.wallet);
        registry.revokeAgentDevice(agentDevice);
        _assertRevoked();
    }

    function testRevokeByAgent() public {
        _bindAgent(alice);
        _expectRevoked();
        vm.prank(agent);
        registry.revokeAgentDevice(agentDevice);
        _assertRevoked();
    }

    function testRevokeByAnyMasterAndAnySender() public {
        _bindAgent(alice);
        _add(alice, second, CAP_MINT, _by(Master(alice.device, alice.passkey)));
        RevokeAgent memory o = RevokeAgent(alice.operator, agentDevice, DEADLINE);
        MasterAssertion memory a = _vote(second, hasher.digest(address(registry), hasher.revokeAgent(o)));
        vm.warp(DEADLINE);
        _expectRevoked();
        vm.prank(address(0xbeef));
        registry.revokeAgentDeviceWithWebauthn(o, a);
        _assertRevoked();
        vm.assertEq(registry.operatorNonce(alice.operator), 2, "needs no counter, moves none");
    }

    function testRevokeRefusesStrangers() public {
        _bindAgent(alice);
        bytes memory refusal;
        address[2] memory strangers = [bob.wallet, address(0xbeef)];
        for (uint256 i = 0; i < strangers.length; ++i) {
            refusal = abi.encodeWithSelector(IRegistryErrors.NotRevoker.selector, strangers[i], agentDevice);
            vm.prank(strangers[i]);
            vm.expectRevert(refusal);
            registry.revokeAgentDevice(agentDevice);
        }
    }

    function testRevokeRefusesWhatIsNoLiveAgent() public {
        _bindAgent(alice);
        bytes32 nobody = keccak256("nobody");
        _refuseRevoke(nobody, abi.encodeWithSelector(IRegistryErrors.DeviceUnknown.selector, nobody));
        _refuseRevoke(alice.device, abi.encodeWithSelector(IRegistryErrors.NotAgentDevice.selector, alice.device));
        vm.prank(agent);
        registry.revokeAgentDevice(agentDevice);
        _refuseRevoke(agentDevice, abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, agentDevice));
    }

    function testRevokeByAssertionRefuses() public {
        _bindAgent(alice);
        RevokeAgent memory o = RevokeAgent(alice.operator, agentDevice, DEADLINE);
        MasterAssertion memory a = _signed(bob, o);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistryErrors.DeviceOfOtherOperator.selector, bob.device, bob.operator)
        );
        registry.revokeAgentDeviceWithWebauthn(o, a);

        o.operator = bob.operator;
        a = _signed(bob, o);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistryErrors.DeviceOfOtherOperator.selector, agentDevice, alice.operator)
        );
        registry.revokeAgentDeviceWithWebauthn(o, a);

        o.operator = alice.operator;
        a = _signed(alice, o);
        o.deadline += 1;
        vm.expectRevert(abi.encodeWithSelector(MockVerifier.WrongChallenge.selector));
        registry.revokeAgentDeviceWithWebauthn(o, a);

        o.deadline = DEADLINE;
        vm.warp(DEADLINE + 1);
        vm.expectRevert(abi.encodeWithSelector(IOperationErrors.DeadlinePassed.selector, DEADLINE));
        registry.revokeAgentDeviceWithWebauthn(o, a);
        vm.assertTrue(registry.isActive(agentDevice), "still active");
    }

    function _refuseRevoke(bytes32 device, bytes memory refusal) private {
        vm.prank(alice.wallet);
        vm.expectRevert(refusal);
        registry.revokeAgentDevice(device);
        RevokeAgent memory o = RevokeAgent(alice.operator, device, DEADLINE);
        MasterAssertion memory a = _signed(alice, o);
        vm.expectRevert(refusal);
        registry.revokeAgentDeviceWithWebauthn(o, a);
    }

    function _expectRevoked() private {
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.DeviceRevoked(alice.operator, agentActor, agentDevice);
    }

    function _assertRevoked() private view {
        vm.assertFalse(registry.isActive(agentDevice), "active");
        vm.assertTrue(registry.getDevice(agentDevice).revoked, "revoked");
        _assertResolves(agent, 2, alice.operator, agentActor, 3);
    }
}
