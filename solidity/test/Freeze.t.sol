// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ICredentialAudit} from "../src/interfaces/ICredentialAudit.sol";
import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {IRegistryEvents} from "../src/interfaces/IRegistryEvents.sol";
import {Freeze} from "../src/interfaces/Operations.sol";
import {Deck} from "./Deck.sol";
import {vm} from "./Vm.sol";

/// @notice Freezing by one, unfreezing by a quorum, and what works in between.
contract FreezeTest is Deck {
    function testFreezeStopsEveryAgent() public {
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.OperatorFrozen(alice.operator, second.key);
        _freeze(alice, second);
        vm.assertTrue(registry.frozen(alice.operator), "frozen");
        vm.assertFalse(registry.isActive(agentDevice), "agent");
        vm.assertTrue(registry.isActive(first.key) && registry.isActive(second.key), "masters");
        vm.assertFalse(registry.frozen(bob.operator), "another operator");
        _assertResolves(agent, 2, alice.operator, agentActor, 1);
    }

    /// @notice Any master, also one that matures or has no RECOVERY.
    function testAnyMasterFreezes() public {
        _addDelayed(alice, fourth, 3, second);
        _add(alice, _master(8), CAP_MINT, _by(first, second));
        Master[4] memory masters = [first, third, fourth, _master(8)];
        for (uint256 i = 0; i < masters.length; ++i) {
            uint256 before = vm.snapshotState();
            _freeze(alice, masters[i]);
            vm.assertTrue(registry.frozen(alice.operator), "frozen");
            vm.revertToState(before);
        }
    }

    /// @notice Frozen already: nothing is read, nothing changes, no event.
    function testFreezingAgainChangesNothing() public {
        _freeze(alice, second);
        bytes32 before = _state();
        vm.recordLogs();
        Freeze memory nonsense = Freeze(alice.operator, 99, NOW - 1);
        _ok(STRANGER, address(registry), _input(nonsense, _master(9)));
        vm.assertEq(vm.getRecordedLogs().length, 0, "events");
        vm.assertEq(_state(), before, "state");
        _ok(STRANGER, address(registry), _input(_unfreezing(alice, new bytes32[](0)), _by(first, second)));
        _refused(
            STRANGER,
            address(registry),
            _input(nonsense, _master(9)),
            abi.encodeWithSelector(IOperationErrors.DeadlinePassed.selector, NOW - 1)
        );
    }

    /// @notice A freeze that was signed before an unfreeze does not freeze again.
    function testAFreezeIsForOneTurn() public {
        bytes memory old = _input(_freezing(alice), third);
        _freeze(alice, second);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.OperatorUnfrozen(alice.operator, 1);
        _ok(STRANGER, address(registry), _input(_unfreezing(alice, new bytes32[](0)), _by(first, second)));
        vm.assertTrue(registry.isActive(agentDevice), "agent");
        bytes memory refusal = abi.encodeWithSelector(IOperationErrors.StaleNonce.selector, uint64(1), uint64(0));
        _refused(STRANGER, address(registry), old, refusal);
        _freeze(alice, third);
    }

    function testUnfreezeNeedsAFreeze() public {
        bytes memory input = _input(_unfreezing(alice, new bytes32[](0)), _by(first, second));
        _refused(
            STRANGER,
            address(registry),
            input,
            abi.encodeWithSelector(IRegistryErrors.NotFrozen.selector, alice.operator)
        );
        _freeze(alice, second);
        _ok(STRANGER, address(registry), input);
    }

    function testUnfreezeRevokes() public {
        _add(alice, fourth, 3, _by(first, second));
        _freeze(alice, fourth);
        bytes32[] memory gone = new bytes32[](2);
        (gone[0], gone[1]) = (fourth.key, agentDevice);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.DeviceRevoked(alice.operator, alice.operator, fourth.key);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.DeviceRevoked(alice.operator, agentActor, agentDevice);
        _ok(STRANGER, address(registry), _input(_unfreezing(alice, gone), _by(first, second)));
        vm.assertFalse(registry.isActive(fourth.key) || registry.isActive(agentDevice), "revoked");
        vm.assertFalse(registry.frozen(alice.operator), "unfrozen");
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 3, "count");
    }

    function testWhatUnfreezeRevokesHasNoVote() public {
        _freeze(alice, third);
        bytes32[] memory gone = new bytes32[](1);
        gone[0] = third.key;
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, third.key);
        _refused(STRANGER, address(registry), _input(_unfreezing(alice, gone), _by(second, third)), refusal);
        _ok(STRANGER, address(registry), _input(_unfreezing(alice, gone), _by(first, second)));
    }

    function testUnfreezeRefusesTheseRevocations() public {
        _freeze(alice, third);
        _refuseRevoking(alice.device, abi.encodeWithSelector(IRegistryErrors.TargetIsWallet.selector, alice.device));
        _refuseRevoking(fourth.key, abi.encodeWithSelector(IRegistryErrors.DeviceUnknown.selector, fourth.key));
        _refuseRevoking(
            bob.device, abi.encodeWithSelector(IRegistryErrors.DeviceOfOtherOperator.selector, bob.device, bob.operator)
        );
        bytes32[] memory both = new bytes32[](2);
        (both[0], both[1]) = (third.key, second.key);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.TooFewRecoveryMasters.selector, 1, 2);
        _refused(STRANGER, address(registry), _input(_unfreezing(alice, both), _by(first, second)), refusal);
    }

    /// @notice Revoked already, by whoever was faster: what was wanted is so. That does not make others' devices its own.
    function testUnfreezeSkipsWhatIsRevoked() public {
        _freeze(alice, third);
        bytes32[] memory gone = new bytes32[](3);
        gone[0] = gone[1] = agentDevice;
        gone[2] = third.key;
        bytes memory input = _input(_unfreezing(alice, gone), _by(first, second));
        _ok(agent, address(registry), abi.encodeCall(registry.revokeAgentDevice, (agentDevice)));
        _ok(STRANGER, address(registry), input);
        vm.assertFalse(registry.isActive(agentDevice) || registry.isActive(third.key), "revoked");
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 2, "count");
        _freeze(alice, second);
        _add(alice, fourth, 3, _by(first, second));
        _ok(STRANGER, address(registry), _input(_unfreezing(alice, gone), _by(first, second)));
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 3, "count, later");
    }

    /// @notice Quorum operations, cancellations, revocations and anchoring go on; the rest waits for the quorum.
    function testWhatWorksWhileFrozen() public {
        _ok(alice.wallet, address(audit), _input(_relaying(alice, STRANGER), first));
        _deal(Op.SetScope);
        _addDelayed(alice, fourth, 3, second);
        _freeze(alice, second);
        bytes memory refusal = abi.encodeWithSelector(IOperationErrors.OperatorIsFrozen.selector, alice.operator);
        Op[4] memory stopped = [Op.RegisterLater, Op.Bind, Op.SetScope, Op.Relayer];
        for (uint256 i = 0; i < stopped.length; ++i) {
            _refuse(stopped[i], refusal);
        }
        // To name no relayer is the safe direction.
        uint256 start = vm.snapshotState();
        _ok(alice.wallet, address(audit), _input(_relaying(alice, address(0)), first));
        vm.assertEq(audit.auditRelayer(alice.operator), address(0), "relayer");
        vm.revertToState(start);
        Op[8] memory working =
            [Op.Cancel, Op.RevokeAgent, Op.RevokeScope, Op.Revoke, Op.Replace, Op.Threshold, Op.Rotate, Op.Unfreeze];
        for (uint256 i = 0; i < working.length; ++i) {
            uint256 before = vm.snapshotState();
            if (working[i] == Op.Replace) {
                _ok(STRANGER, address(registry), _input(_cancellation(alice, fourth.key), third));
            }
            if (working[i] == Op.Replace) fourth = _master(9);
            _deal(working[i]);
            vm.revertToState(before);
        }
        _ok(
            STRANGER,
            address(registry),
            _input(_registration(alice, _master(9), 7, true), _master(9), _by(first, second))
        );
        _ok(STRANGER, address(audit), abi.encodeCall(audit.appendRoot, (alice.operator, 0, keccak256("root"), 1)));
        _ok(alice.wallet, address(audit), abi.encodeCall(audit.append, (alice.operator, keccak256("entry"))));
        bytes memory append = abi.encodeCall(audit.append, (alice.operator, keccak256("entry")));
        refusal = abi.encodeWithSelector(ICredentialAudit.SenderNotActiveDevice.selector, agent, alice.operator);
        _refused(agent, address(audit), append, refusal);
        _ok(alice.wallet, address(registry), abi.encodeCall(registry.revokeAgentDevice, (agentDevice)));
    }

    /// @notice With a threshold as high as there are masters, one of them can lock the operator. The others see it before.
    function testOneOfTwoLocks() public {
        _ok(STRANGER, address(registry), _input(_revocation(alice, third.key), _by(first, second)));
        vm.assertEq(registry.recoveryMasterCount(alice.operator), registry.recoveryThreshold(alice.operator), "2 of 2");
        _freeze(alice, second);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 1, 2);
        _refused(alice.wallet, address(registry), _input(_unfreezing(alice, new bytes32[](0)), _by(first)), refusal);
        bytes32[] memory gone = new bytes32[](1);
        gone[0] = second.key;
        refusal = abi.encodeWithSelector(IRegistryErrors.TooFewRecoveryMasters.selector, 1, 2);
        _refused(alice.wallet, address(registry), _input(_unfreezing(alice, gone), _by(first)), refusal);
    }

    function _refuseRevoking(bytes32 key, bytes memory refusal) private {
        bytes32[] memory gone = new bytes32[](1);
        gone[0] = key;
        _refused(STRANGER, address(registry), _input(_unfreezing(alice, gone), _by(first, second)), refusal);
    }

    function _state() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                registry.frozen(alice.operator),
                registry.freezeNonce(alice.operator),
                registry.recoveryNonce(alice.operator),
                registry.operatorNonce(alice.operator),
                registry.getDevice(second.key)
            )
        );
    }
}
