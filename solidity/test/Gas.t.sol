// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    BindAgent,
    Grant,
    RegisterFirstMaster,
    RevokeAgent,
    RevokeScope,
    SetScope
} from "../src/interfaces/Operations.sol";
import {Fixture} from "./Fixture.sol";
import {vm} from "./Vm.sol";

/// @notice What each operation costs beside the verification of its assertion, for `.gas-snapshot`. Each test makes one
///         call whose calldata setUp prepared.
contract GasTest is Fixture {
    bytes private firstMaster;
    bytes private bind;
    bytes private setTwo;
    bytes private setFull;
    bytes private revokeScope;
    bytes private revokeAgent;

    function setUp() public override {
        super.setUp();
        RegisterFirstMaster memory first = _firstMaster(bob);
        firstMaster = abi.encodeCall(registry.registerFirstMasterDevice, (first, _signed(bob, first)));

        _register(alice);
        BindAgent memory b = _bind(alice);
        bind = abi.encodeCall(registry.registerAgentDevice, (b, _consent(AGENT_KEY, b), _signed(alice, b)));

        SetScope memory s = SetScope(alice.operator, alice.operator, _grants(), 0, DEADLINE);
        setTwo = abi.encodeCall(scope.setScopeWithWebauthn, (s, _signed(alice, s)));
        s.grants = new Grant[](64);
        for (uint256 i = 0; i < 64; ++i) {
            s.grants[i] = Grant(string.concat("service-", vm.toString(i)), 1, 100, 3600, 0, 0);
        }
        setFull = abi.encodeCall(scope.setScopeWithWebauthn, (s, _signed(alice, s)));
        RevokeScope memory r = RevokeScope(alice.operator, alice.operator, 1, DEADLINE);
        revokeScope = abi.encodeCall(scope.revokeScope, (r, _signed(alice, r)));

        RevokeAgent memory a = RevokeAgent(alice.operator, agentDevice, DEADLINE);
        revokeAgent = abi.encodeCall(registry.revokeAgentDeviceWithWebauthn, (a, _signed(alice, a)));
    }

    function testRegisterFirstMaster() public {
        _send(bob.wallet, address(registry), firstMaster);
    }

    function testBindAgent() public {
        _send(alice.wallet, address(registry), bind);
    }

    function testBindAndRevokeAgent() public {
        _send(alice.wallet, address(registry), bind);
        _send(agent, address(registry), revokeAgent);
    }

    function testSetScopeOfTwo() public {
        _send(alice.wallet, address(scope), setTwo);
    }

    function testSetScopeOf64() public {
        _send(alice.wallet, address(scope), setFull);
    }

    function testSetScopeOf64AndRevoke() public {
        _send(alice.wallet, address(scope), setFull);
        _send(alice.wallet, address(scope), revokeScope);
    }

    function testAdvanceEpoch() public {
        epoch.advanceEpoch(1);
    }

    function _send(address sender, address to, bytes memory input) private {
        vm.prank(sender);
        (bool ok,) = to.call(input);
        vm.assertTrue(ok, "refused");
    }
}
