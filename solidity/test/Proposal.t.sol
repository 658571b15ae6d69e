// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {IRegistryEvents} from "../src/interfaces/IRegistryEvents.sol";
import {CancelRotation, RotateMasterWallet} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Masters} from "./Masters.sol";
import {vm} from "./Vm.sol";

/// @notice Rotations proposed at threshold 1 from another sender than the wallet.
contract ProposalTest is Masters {
    uint64 private constant DUE = NOW + RECOVERY_DELAY;
    uint256 private constant OTHER_KEY = 0x7e4;

    address private newWallet;
    bytes32 private newDevice;

    function setUp() public override {
        super.setUp();
        _three(1);
        newWallet = vm.addr(NEW_WALLET_KEY);
        newDevice = Identifiers.deviceKeyHash(newWallet);
    }

    function testProposeAndComplete() public {
        uint64 nonce = registry.recoveryNonce(alice.operator);
        bytes32 digest = _onRegistry(hasher.rotateMasterWallet(_proposal(alice, NEW_WALLET_KEY, false)));
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.AssertionConsumed(alice.operator, second.key, digest, 0);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.RotationProposed(alice.operator, newWallet, false, DUE);
        _propose(NEW_WALLET_KEY, false, second);
        _assertPending(newWallet, false, DUE);
        vm.assertEq(registry.masterWallet(alice.operator), alice.wallet, "nothing moved yet");
        vm.assertEq(registry.recoveryNonce(alice.operator), nonce, "no nonce either");

        vm.warp(DUE - 1);
        _refuseCompletion(abi.encodeWithSelector(IRegistryErrors.RotationNotDue.selector, DUE));
        vm.warp(DUE);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.RecoveryNonceAdvanced(alice.operator, nonce + 1);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.MasterWalletRetired(alice.operator, alice.wallet, newWallet, false);
        _complete();
        vm.assertEq(registry.masterWallet(alice.operator), newWallet, "wallet");
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 3, "count");
        _assertPending(address(0), false, 0);
        _refuseCompletion(_nonePending());
    }

    function testProposeAndCompleteRevokingThePasskey() public {
        _propose(NEW_WALLET_KEY, true, second);
        _assertPending(newWallet, true, DUE);
        vm.warp(DUE);
        _complete();
        vm.assertEq(registry.getDevice(newDevice).roles, 5, "roles");
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 2, "count");
    }

    /// @notice As at once: the passkey that is revoked has no vote, so at least the one that voted remains.
    function testTheRevokedPasskeyProposesNothing() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.TargetMayNotVote.selector, alice.device);
        RotateMasterWallet memory o = _proposal(alice, NEW_WALLET_KEY, true);
        _refused(STRANGER, address(registry), _input(o, NEW_WALLET_KEY, _by(first)), refusal);
        _refused(STRANGER, address(registry), _input(o, NEW_WALLET_KEY, _by(first, second)), refusal);
        _refused(alice.wallet, address(registry), _input(o, NEW_WALLET_KEY, _by(first)), refusal);
        _propose(NEW_WALLET_KEY, false, first);
    }

    /// @notice What could not be completed would only be in the way.
    function testOnlyWhatCanBeCompletedIsProposed() public {
        _ok(alice.wallet, address(registry), _input(_rotation(alice, OTHER_KEY, true), OTHER_KEY, _by(second)));
        bytes32 device = Identifiers.deviceKeyHash(vm.addr(OTHER_KEY));
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.PasskeyMissing.selector, device);
        _refused(
            STRANGER,
            address(registry),
            _input(_proposal(alice, NEW_WALLET_KEY, true), NEW_WALLET_KEY, _by(second)),
            refusal
        );
        _propose(NEW_WALLET_KEY, false, second);

        _register(bob);
        Master memory late = _master(9);
        _ok(
            bob.wallet,
            address(registry),
            _input(_registration(bob, late, 3, false), late, _by(Master(bob.device, bob.passkey)))
        );
        refusal = abi.encodeWithSelector(IRegistryErrors.TooFewRecoveryMasters.selector, 0, 1);
        _refused(STRANGER, address(registry), _input(_proposal(bob, 0x7e5, true), 0x7e5, _by(late)), refusal);
        vm.warp(DUE);
        signedDeadline = DUE;
        _ok(STRANGER, address(registry), _input(_proposal(bob, 0x7e5, true), 0x7e5, _by(late)));
    }

    /// @notice From threshold 2 on one vote proposes nothing; no more does it for an operator that does not exist.
    function testOnlyAtOne() public {
        uint256 before = vm.snapshotState();
        _setThreshold(alice, 2, _by(first));
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.ProposalRefused.selector, uint8(2));
        bytes memory input = _input(_proposal(alice, NEW_WALLET_KEY, false), NEW_WALLET_KEY, _by(second));
        _refused(STRANGER, address(registry), input, refusal);
        input = _input(_proposal(alice, NEW_WALLET_KEY, false), NEW_WALLET_KEY, _by(first, second));
        _refused(alice.wallet, address(registry), input, refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.ProposalRefused.selector, uint8(0));
        input = _input(_proposal(bob, NEW_WALLET_KEY, false), NEW_WALLET_KEY, new Master[](0));
        _refused(STRANGER, address(registry), input, refusal);
        vm.revertToState(before);
        _propose(NEW_WALLET_KEY, false, second);
    }

    /// @notice An operator of one master gets its wallet back, by the passkey alone.
    function testTheOnlyMasterSavesItself() public {
        _register(bob);
        Master memory only = Master(bob.device, bob.passkey);
        _ok(STRANGER, address(registry), _input(_proposal(bob, NEW_WALLET_KEY, false), NEW_WALLET_KEY, _by(only)));
        vm.warp(DUE);
        registry.completeRotation(bob.operator);
        vm.assertEq(registry.masterWallet(bob.operator), newWallet, "wallet");
    }

    function testProposalNeedsARecoveryMaster() public {
        _add(alice, fourth, 5, _by(first));
        _addDelayed(alice, _master(9), 3, second);
        RotateMasterWallet memory o = _proposal(alice, NEW_WALLET_KEY, false);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.RoleMissing.selector, fourth.key, RECOVERY);
        _refused(STRANGER, address(registry), _input(o, NEW_WALLET_KEY, _by(fourth)), refusal);
        _refused(STRANGER, address(registry), _input(o, NEW_WALLET_KEY, _by(second, fourth)), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.RecoveryNotMature.selector, _master(9).key, DUE);
        _refused(STRANGER, address(registry), _input(o, NEW_WALLET_KEY, _by(_master(9))), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 0, 1);
        _refused(STRANGER, address(registry), _input(o, NEW_WALLET_KEY, new Master[](0)), refusal);
        nonceAhead = 1;
        refusal = abi.encodeWithSelector(IOperationErrors.StaleNonce.selector, o.nonce, o.nonce + 1);
        _refused(
            STRANGER,
            address(registry),
            _input(_proposal(alice, NEW_WALLET_KEY, false), NEW_WALLET_KEY, _by(second)),
            refusal
        );
        nonceAhead = 0;
        _propose(NEW_WALLET_KEY, false, second);
    }

    function testOneProposalAtATime() public {
        _propose(NEW_WALLET_KEY, false, second);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.RotationPending.selector, newWallet, DUE);
        _refused(
            STRANGER, address(registry), _input(_proposal(alice, OTHER_KEY, false), OTHER_KEY, _by(third)), refusal
        );
        _ok(alice.wallet, address(registry), abi.encodeCall(registry.cancelRotation, (alice.operator)));
        _propose(OTHER_KEY, false, third);
    }

    // Cancelling.

    function testTheWalletCancels() public {
        bytes memory input = abi.encodeCall(registry.cancelRotation, (alice.operator));
        _refused(alice.wallet, address(registry), input, _nonePending());
        _propose(NEW_WALLET_KEY, false, second);
        bytes memory refusal = abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, STRANGER, alice.wallet);
        _refused(STRANGER, address(registry), input, refusal);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.RotationCancelled(alice.operator, newWallet);
        _ok(alice.wallet, address(registry), input);
        _assertPending(address(0), false, 0);
        vm.warp(DUE);
        _refuseCompletion(_nonePending());
    }

    function testAnyRecoveryMasterCancels() public {
        bytes memory input = _input(CancelRotation(alice.operator, newWallet, DEADLINE), third);
        _refused(STRANGER, address(registry), input, _nonePending());
        _propose(NEW_WALLET_KEY, false, second);
        bytes memory other = _input(CancelRotation(alice.operator, vm.addr(OTHER_KEY), DEADLINE), third);
        _refused(STRANGER, address(registry), other, _nonePending());
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.RotationCancelled(alice.operator, newWallet);
        _ok(STRANGER, address(registry), input);
        _assertPending(address(0), false, 0);
    }

    /// @notice Each proposal counts once: what was cancelled is not proposed again without a new signature.
    function testNoReplayAfterCancelling() public {
        bytes memory input = _input(_proposal(alice, NEW_WALLET_KEY, false), NEW_WALLET_KEY, _by(second));
        bytes32 digest = _onRegistry(hasher.rotateMasterWallet(_proposal(alice, NEW_WALLET_KEY, false)));
        _ok(STRANGER, address(registry), input);
        _ok(alice.wallet, address(registry), abi.encodeCall(registry.cancelRotation, (alice.operator)));
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.DigestSpent.selector, digest);
        _refused(STRANGER, address(registry), input, refusal);
        signedDeadline += 1;
        _propose(NEW_WALLET_KEY, false, second);
    }

    // What overtakes.

    /// @notice Every quorum operation overtakes a proposal, a rotation to another wallet included.
    function testEveryQuorumOperationOvertakes() public {
        bytes[6] memory inputs = [
            _input(_registration(alice, fourth, 3, true), fourth, _by(first)),
            _input(_revocation(alice, third.key), _by(first)),
            _input(_replacement(alice, third.key, fourth, 3), fourth, _by(first)),
            _input(_threshold(alice, 2), _by(first)),
            _input(_rotation(alice, OTHER_KEY, false), OTHER_KEY, _by(first)),
            _input(_unfreezing(alice, new bytes32[](0)), _by(first))
        ];
        for (uint256 i = 0; i < inputs.length; ++i) {
            uint256 before = vm.snapshotState();
            if (i == 5) _freeze(alice, second);
            _propose(NEW_WALLET_KEY, false, second);
            _ok(alice.wallet, address(registry), inputs[i]);
            _assertPending(address(0), false, 0);
            vm.warp(DUE);
            _refuseCompletion(_nonePending());
            vm.revertToState(before);
        }
    }

    /// @notice Nothing else does: it would be a way to spoil a recovery.
    function testNothingElseOvertakes() public {
        _propose(NEW_WALLET_KEY, false, second);
        _addDelayed(alice, fourth, 3, third);
        _ok(STRANGER, address(registry), _input(_cancellation(alice, fourth.key), third));
        _bindAgent(alice);
        _grant(alice, _grants());
        _ok(alice.wallet, address(audit), _input(_relaying(alice, STRANGER), first));
        _ok(alice.wallet, address(registry), abi.encodeCall(registry.revokeAgentDevice, (agentDevice)));
        _freeze(alice, third);
        _assertPending(newWallet, false, DUE);
        vm.warp(DUE);
        _complete();
    }

    /// @notice A cancellation counts once too: the same wallet can be proposed again.
    function testNoReplayOfACancellation() public {
        bytes memory input = _input(CancelRotation(alice.operator, newWallet, DEADLINE), third);
        bytes32 digest = _onRegistry(hasher.cancelRotation(CancelRotation(alice.operator, newWallet, DEADLINE)));
        _propose(NEW_WALLET_KEY, false, second);
        _ok(STRANGER, address(registry), input);
        signedDeadline += 1;
        _propose(NEW_WALLET_KEY, false, second);
        _refused(
            STRANGER, address(registry), input, abi.encodeWithSelector(IRegistryErrors.DigestSpent.selector, digest)
        );
        _ok(STRANGER, address(registry), _input(CancelRotation(alice.operator, newWallet, DEADLINE + 1), third));
    }

    /// @notice A28: who copies a proposal or a cancellation before it is mined has done what was wanted.
    function testACopyDoesTheSame() public {
        bytes memory input = _input(_proposal(alice, NEW_WALLET_KEY, false), NEW_WALLET_KEY, _by(second));
        _ok(bob.wallet, address(registry), input);
        _assertPending(newWallet, false, DUE);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.RotationPending.selector, newWallet, DUE);
        _refused(STRANGER, address(registry), input, refusal);
        input = _input(CancelRotation(alice.operator, newWallet, DEADLINE), third);
        _ok(bob.wallet, address(registry), input);
        _refused(STRANGER, address(registry), input, _nonePending());
        _assertPending(address(0), false, 0);
    }

    /// @notice The new wallet became something else while it waited.
    function testTheNewWalletIsTakenMeanwhile() public {
        _propose(NEW_WALLET_KEY, false, second);
        signedDeadline = DUE;
        _register(_person(NEW_WALLET_KEY));
        vm.warp(DUE);
        _refuseCompletion(abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, newDevice));
        _ok(alice.wallet, address(registry), abi.encodeCall(registry.cancelRotation, (alice.operator)));
    }

    function _propose(uint256 key, bool revokePasskey, Master memory by) private {
        _ok(STRANGER, address(registry), _input(_proposal(alice, key, revokePasskey), key, _by(by)));
    }

    function _complete() private {
        _ok(STRANGER, address(registry), abi.encodeCall(registry.completeRotation, (alice.operator)));
    }

    function _refuseCompletion(bytes memory refusal) private {
        _refused(STRANGER, address(registry), abi.encodeCall(registry.completeRotation, (alice.operator)), refusal);
    }

    function _nonePending() private view returns (bytes memory) {
        return abi.encodeWithSelector(IRegistryErrors.NoRotationPending.selector, alice.operator);
    }

    function _assertPending(address wallet, bool revokePasskey, uint64 effectiveAt) private view {
        (address w, bool p, uint64 t) = registry.pendingRotation(alice.operator);
        vm.assertEq(abi.encode(w, p, t), abi.encode(wallet, revokePasskey, effectiveAt), "pending");
    }
}
