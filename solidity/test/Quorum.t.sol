// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {IRegistryEvents} from "../src/interfaces/IRegistryEvents.sol";
import {Deck} from "./Deck.sol";
import {vm} from "./Vm.sol";

/// @notice What makes a quorum, for all six operations that take one. Each is dealt rightly at the end, in the same state.
contract QuorumTest is Deck {
    modifier forAll() {
        for (uint256 i = 0; i < OPS; ++i) {
            if (!_isQuorum(Op(i))) continue;
            uint256 before = vm.snapshotState();
            _prepare(Op(i));
            current = Op(i);
            _;
            vm.revertToState(before);
        }
    }

    Op private current;

    function testTooFewVotes() public forAll {
        _refuseBy(current, new Master[](0), abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 0, 2));
        _refuseBy(current, _by(second), abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 1, 2));
        _deal(current);
    }

    /// @notice A24: the same master twice, also with a third vote between.
    function testOneMasterVotesOnce() public forAll {
        Master[] memory by = new Master[](2);
        by[0] = by[1] = second;
        _refuseBy(current, by, abi.encodeWithSelector(IRegistryErrors.VoteDuplicate.selector, second.key));
        _deal(current);
    }

    function testVotesAscend() public forAll {
        Master[] memory right = _signersOf(current);
        Master[] memory by = new Master[](2);
        (by[0], by[1]) = (right[1], right[0]);
        bytes memory refusal =
            abi.encodeWithSelector(IRegistryErrors.VotesUnordered.selector, right[1].key, right[0].key);
        _refuseBy(current, by, refusal);
        by = new Master[](3);
        (by[0], by[1], by[2]) = (right[0], right[1], right[0]);
        _refuseBy(current, by, refusal);
        _deal(current);
    }

    function testAVoteNeedsRecovery() public forAll {
        Master memory m = _master(8);
        _add(alice, m, 5, _by(first, second));
        _refuseBy(
            current, _by(second, m), abi.encodeWithSelector(IRegistryErrors.RoleMissing.selector, m.key, RECOVERY)
        );
        _deal(current);
    }

    function testAVoteNeedsMaturity() public forAll {
        // While frozen nobody new can be maturing.
        if (current == Op.Unfreeze) {
            _deal(current);
            _ok(
                alice.wallet,
                address(registry),
                _input(_registration(alice, _master(8), 3, false), _master(8), _by(second))
            );
            _freeze(alice, second);
        } else {
            _addDelayed(alice, _master(8), 3, second);
        }
        Master memory m = _master(8);
        uint64 from = NOW + RECOVERY_DELAY;
        signedDeadline = from;
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.RecoveryNotMature.selector, m.key, from);
        _refuseBy(current, _by(second, m), refusal);
        vm.warp(from - 1);
        _refuseBy(current, _by(second, m), refusal);
        vm.warp(from);
        _ok(_senderOf(current), address(registry), _inputOf(current, _digestOf(current), _by(second, m)));
        signedDeadline = DEADLINE;
    }

    function testARevokedMasterHasNoVote() public forAll {
        Master memory m = _master(8);
        _add(alice, m, 3, _by(first, second));
        _ok(STRANGER, address(registry), _input(_revocation(alice, m.key), _by(first, second)));
        _refuseBy(current, _by(second, m), abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, m.key));
        _deal(current);
    }

    function testAnAgentHasNoVote() public forAll {
        Master memory m = Master(agentDevice, alice.passkey);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.NotMasterDevice.selector, agentDevice);
        _refuseBy(current, _by(second, m), refusal);
        _deal(current);
    }

    function testAnotherOperatorHasNoVote() public forAll {
        Master memory m = Master(bob.device, bob.passkey);
        bytes memory refusal =
            abi.encodeWithSelector(IRegistryErrors.DeviceOfOtherOperator.selector, bob.device, bob.operator);
        _refuseBy(current, _by(second, m), refusal);
        _deal(current);
    }

    function testNobodyHasNoVote() public forAll {
        Master memory m = _master(9);
        _refuseBy(current, _by(second, m), abi.encodeWithSelector(IRegistryErrors.DeviceUnknown.selector, m.key));
        _deal(current);
    }

    /// @notice Every vote that is sent must be right, also one too many.
    function testMoreVotesThanNeeded() public forAll {
        if (current == Op.Revoke) return; // its target is the third
        Master memory m = _master(9);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.DeviceUnknown.selector, m.key);
        _refuseBy(current, _by(first, second, m), refusal);
        _ok(_senderOf(current), address(registry), _inputOf(current, _digestOf(current), _by(first, second, third)));
    }

    /// @notice From threshold 2 on the sender does not matter; a quorum operation moves recoveryNonce and no other.
    function testAnySenderFromTwoOn() public forAll {
        address[4] memory senders = [alice.wallet, bob.wallet, agent, address(this)];
        bytes memory input = _inputOf(current, _digestOf(current), _signersOf(current));
        uint64[3] memory nonces = _nonces();
        for (uint256 i = 0; i < senders.length; ++i) {
            uint256 before = vm.snapshotState();
            vm.expectEmit(true, true, true, true, address(registry));
            emit IRegistryEvents.RecoveryNonceAdvanced(alice.operator, nonces[1] + 1);
            _ok(senders[i], address(registry), input);
            vm.assertEq(registry.operatorNonce(alice.operator), nonces[0], "operatorNonce");
            vm.assertEq(registry.recoveryNonce(alice.operator), nonces[1] + 1, "recoveryNonce");
            vm.assertEq(
                registry.freezeNonce(alice.operator), nonces[2] + (current == Op.Unfreeze ? 1 : 0), "freezeNonce"
            );
            vm.revertToState(before);
        }
    }

    /// @notice At threshold 1 the wallet is the second factor, or a second master.
    function testTheWalletOrTwoAtOne() public forAll {
        _setThreshold(alice, 1, _by(first, second));
        bytes32 digest = _digestOf(current);
        bytes memory one = _inputOf(current, digest, _by(second));
        bytes memory refusal = abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, STRANGER, alice.wallet);
        uint256 before = vm.snapshotState();
        _refused(STRANGER, address(registry), one, refusal);
        _ok(alice.wallet, address(registry), one);
        vm.revertToState(before);
        _refused(STRANGER, address(registry), _inputOf(current, digest, new Master[](0)), refusal);
        Master[] memory twice = new Master[](2);
        twice[0] = twice[1] = second;
        refusal = abi.encodeWithSelector(IRegistryErrors.VoteDuplicate.selector, second.key);
        _refused(STRANGER, address(registry), _inputOf(current, digest, twice), refusal);
        _ok(STRANGER, address(registry), _inputOf(current, digest, _by(first, second)));
    }

    /// @notice A25, the race: two quorum operations signed for one turn, of which one is executed.
    function testOneOfTwoForOneTurn() public forAll {
        bytes memory other = _input(_revocation(alice, second.key), _by(first, third));
        uint64 turn = registry.recoveryNonce(alice.operator);
        if (current == Op.Threshold) {
            // At threshold 3 of 3 nobody can be revoked any more: that, not the turn, is said first.
            _deal(current);
            _refused(
                STRANGER,
                address(registry),
                other,
                abi.encodeWithSelector(IRegistryErrors.TooFewRecoveryMasters.selector, 2, 3)
            );
            return;
        }
        uint256 before = vm.snapshotState();
        _deal(current);
        bytes memory refusal = abi.encodeWithSelector(IOperationErrors.StaleNonce.selector, turn + 1, turn);
        if (current == Op.Revoke) {
            refusal = abi.encodeWithSelector(IRegistryErrors.TooFewRecoveryMasters.selector, 1, 2);
        }
        _refused(STRANGER, address(registry), other, refusal);
        vm.revertToState(before);
        _ok(STRANGER, address(registry), other);
    }

    /// @notice What would be done by nobody's quorum: there is no such operator.
    function testNoOperatorNoQuorum() public {
        Person memory nobody = _person(77);
        bytes memory refusal =
            abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, nobody.wallet, address(0));
        Master[] memory none = new Master[](0);
        _refused(nobody.wallet, address(registry), _input(_threshold(nobody, 1), none), refusal);
        _refused(nobody.wallet, address(registry), _input(_rotation(nobody, 5, false), 5, none), refusal);
        _refused(
            nobody.wallet, address(registry), _input(_registration(nobody, fourth, 3, true), fourth, none), refusal
        );
        _refused(
            nobody.wallet, address(registry), _input(_registration(nobody, fourth, 3, false), fourth, none), refusal
        );
    }

    function _nonces() private view returns (uint64[3] memory) {
        return [
            registry.operatorNonce(alice.operator),
            registry.recoveryNonce(alice.operator),
            registry.freezeNonce(alice.operator)
        ];
    }
}
