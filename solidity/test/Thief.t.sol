// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {MasterAssertion, RegisterFirstMaster, RegisterMaster} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Deck} from "./Deck.sol";
import {MockVerifier} from "./Fixture.sol";
import {vm} from "./Vm.sol";

/// @notice One stolen passkey, with and without the laptop that holds the wallet: what the thief tries, and what the others
///         can still do. Alice has the masters 7, 3, 3 and threshold 2; the thief has the third.
contract ThiefTest is Deck {
    uint64 private constant MATURE = NOW + RECOVERY_DELAY;

    Master private accomplice = _master(66);

    // With the wallet, at threshold 2.

    function testAddsNoSecondMasterAtOnce() public {
        bytes memory input = _input(_registration(alice, accomplice, 3, true), accomplice, _by(third));
        _refused(
            alice.wallet,
            address(registry),
            input,
            abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 1, 2)
        );
    }

    /// @notice The newcomer has no vote before it matures, whatever the vote is about, and one honest master cancels it.
    function testTheAccompliceIsCancelledBeforeItVotes() public {
        _addDelayed(alice, accomplice, 3, third);
        bytes memory refusal =
            abi.encodeWithSelector(IRegistryErrors.RecoveryNotMature.selector, accomplice.key, MATURE);
        Master[] memory both = _by(third, accomplice);
        signedDeadline = MATURE;
        _refused(alice.wallet, address(registry), _input(_threshold(alice, 1), both), refusal);
        _refused(alice.wallet, address(registry), _input(_revocation(alice, second.key), both), refusal);
        _refused(
            alice.wallet, address(registry), _input(_replacement(alice, second.key, fourth, 3), fourth, both), refusal
        );
        _refused(alice.wallet, address(registry), _input(_rotation(alice, 0x7e4, false), 0x7e4, both), refusal);
        vm.warp(MATURE - 1);
        _refused(alice.wallet, address(registry), _input(_threshold(alice, 1), both), refusal);
        _ok(STRANGER, address(registry), _input(_cancellation(alice, accomplice.key), second));
        vm.warp(MATURE);
        refusal = abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, accomplice.key);
        _refused(alice.wallet, address(registry), _input(_threshold(alice, 1), both), refusal);
    }

    /// @notice Why the others must be attentive: whom nobody cancels counts in the end.
    function testTheAccompliceVotesIfNobodyCancels() public {
        _addDelayed(alice, accomplice, 3, third);
        vm.warp(MATURE);
        signedDeadline = MATURE;
        _ok(alice.wallet, address(registry), _input(_threshold(alice, 1), _by(third, accomplice)));
    }

    function testAddsNoSecondNewcomer() public {
        _addDelayed(alice, accomplice, 3, third);
        Master memory m = _master(67);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.NewcomerMaturing.selector, accomplice.key, MATURE);
        _refused(alice.wallet, address(registry), _input(_registration(alice, m, 3, false), m, _by(third)), refusal);
        // Nor one that would not mature.
        refusal = abi.encodeWithSelector(IRegistryErrors.RolesInvalid.selector, CAP_MINT);
        _refused(
            alice.wallet, address(registry), _input(_registration(alice, m, CAP_MINT, false), m, _by(third)), refusal
        );
        // Nor one with a role that the stolen passkey lacks.
        refusal = abi.encodeWithSelector(IRegistryErrors.RoleMissing.selector, third.key, uint8(7));
        _refused(alice.wallet, address(registry), _input(_registration(alice, m, 7, false), m, _by(third)), refusal);
    }

    /// @notice After each cancellation another comes, and waits as long as the first. The masters never change meanwhile.
    function testAddingInALoopGetsNowhere() public {
        signedDeadline = NOW + 365 days;
        for (uint64 i = 0; i < 20; ++i) {
            Master memory m = _master(70 + i);
            _addDelayed(alice, m, 3, third);
            vm.assertEq(
                registry.getDevice(m.key).recoveryFrom, uint64(block.timestamp) + RECOVERY_DELAY, "the whole delay"
            );
            vm.warp(block.timestamp + RECOVERY_DELAY - 1);
            _ok(STRANGER, address(registry), _input(_cancellation(alice, m.key), second));
            vm.assertEq(registry.recoveryMasterCount(alice.operator), 3, "count");
        }
    }

    /// @notice What the others signed and have not sent yet outlives everything that the thief can move: freezes, its own
    ///         newcomers and cancellations, agents, relayers. (Not a scope: the third master has no SCOPE_MGMT.)
    function testSpoilsNoPendingRecovery() public {
        _addDelayed(alice, accomplice, 3, third);
        bytes memory cancel = _input(_cancellation(alice, accomplice.key), second);
        bytes[5] memory pending = [
            _input(_revocation(alice, third.key), _by(first, second)),
            _input(_replacement(alice, third.key, fourth, 3), fourth, _by(first, second)),
            _input(_rotation(alice, 0x7e4, false), 0x7e4, _by(first, second)),
            _input(_threshold(alice, 3), _by(first, second)),
            _input(_registration(alice, fourth, 7, true), fourth, _by(first, second))
        ];
        uint64[3] memory before = _nonces();
        for (uint256 i = 0; i < 5; ++i) {
            _freeze(alice, third);
        }
        _deal(Op.RevokeAgent);
        vm.assertEq(registry.recoveryNonce(alice.operator), before[1], "recoveryNonce");
        vm.assertEq(registry.freezeNonce(alice.operator), before[2], "freezeNonce");
        for (uint256 i = 0; i < pending.length; ++i) {
            uint256 state = vm.snapshotState();
            _ok(STRANGER, address(registry), cancel);
            _ok(STRANGER, address(registry), pending[i]);
            vm.revertToState(state);
            _ok(STRANGER, address(registry), pending[i]);
            _ok(STRANGER, address(registry), cancel);
            vm.revertToState(state);
        }
        // Cancelling its own newcomer and adding another spoils nothing but the cancellation of the first.
        _ok(STRANGER, address(registry), _input(_cancellation(alice, accomplice.key), third));
        for (uint256 i = 0; i < pending.length; ++i) {
            uint256 state = vm.snapshotState();
            _ok(STRANGER, address(registry), pending[i]);
            vm.revertToState(state);
        }
    }

    /// @notice Single-master operations move operatorNonce, scopes scopeNonce; a recovery has its own.
    function testSpoilsNoRecoveryWithScopesEither() public {
        // Here the thief has the first master, with every role.
        bytes memory revoke = _input(_revocation(alice, second.key), _by(first, third));
        bytes memory rotate = _input(_rotation(alice, 0x7e4, true), 0x7e4, _by(second, third));
        for (uint256 i = 0; i < 3; ++i) {
            _deal(Op.SetScope);
            _deal(Op.RevokeScope);
            _ok(alice.wallet, address(audit), _input(_relaying(alice, STRANGER), first));
        }
        _deal(Op.Bind);
        uint256 state = vm.snapshotState();
        _ok(STRANGER, address(registry), revoke);
        vm.revertToState(state);
        _ok(STRANGER, address(registry), rotate);
    }

    /// @notice A quorum registration in the mempool, with one assertion stripped, as it is and as a delayed one.
    function testStripsNoAssertion() public {
        RegisterMaster memory o = _registration(alice, fourth, 7, true);
        bytes32 digest = _onRegistry(hasher.registerMaster(o));
        bytes memory one = abi.encodeCall(
            registry.registerAdditionalMasterDevice, (o, _votes(_by(first), digest), _touch(fourth, digest, 0))
        );
        _refused(
            alice.wallet, address(registry), one, abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 1, 2)
        );
        o.immediate = false;
        o.nonce = registry.operatorNonce(alice.operator);
        bytes memory delayed = abi.encodeCall(
            registry.registerAdditionalMasterDevice, (o, _votes(_by(first), digest), _touch(fourth, digest, 0))
        );
        _refused(alice.wallet, address(registry), delayed, abi.encodeWithSelector(MockVerifier.WrongChallenge.selector));
        _ok(STRANGER, address(registry), _input(_registration(alice, fourth, 7, true), fourth, _by(first, second)));
    }

    function testCancelsNoEstablishedMaster() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.NotMaturing.selector, second.key);
        _refused(STRANGER, address(registry), _input(_cancellation(alice, second.key), third), refusal);
    }

    /// @notice The way out, whatever the thief does: the other two revoke it and move the wallet.
    function testTheOthersGetRidOfIt() public {
        _addDelayed(alice, accomplice, 3, third);
        _freeze(alice, third);
        _ok(STRANGER, address(registry), _input(_cancellation(alice, accomplice.key), second));
        _ok(STRANGER, address(registry), _input(_rotation(alice, 0x7e4, false), 0x7e4, _by(first, second)));
        Master memory moved = Master(keccak256(abi.encodePacked(vm.addr(0x7e4))), alice.passkey);
        bytes32[] memory gone = new bytes32[](2);
        (gone[0], gone[1]) = (third.key, accomplice.key);
        _ok(STRANGER, address(registry), _input(_unfreezing(alice, gone), _by(moved, second)));
        vm.assertFalse(registry.isActive(third.key) || registry.isActive(accomplice.key), "gone");
        vm.assertTrue(registry.isActive(agentDevice), "agents work again");
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, third.key);
        _refused(STRANGER, address(registry), _input(_freezing(alice), third), refusal);
    }

    // Without the wallet, at threshold 1.

    function testWithoutTheWalletAtOne() public {
        _setThreshold(alice, 1, _by(first, second));
        bytes memory refusal = abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, STRANGER, alice.wallet);
        _refused(
            STRANGER,
            address(registry),
            _input(_registration(alice, accomplice, 3, true), accomplice, _by(third)),
            refusal
        );
        _refused(
            STRANGER,
            address(registry),
            _input(_registration(alice, accomplice, 3, false), accomplice, _by(third)),
            refusal
        );
        _refused(STRANGER, address(registry), _input(_revocation(alice, second.key), _by(third)), refusal);
        _refused(
            STRANGER,
            address(registry),
            _input(_replacement(alice, third.key, accomplice, 3), accomplice, _by(third)),
            refusal
        );
        _refused(STRANGER, address(registry), _input(_threshold(alice, 2), _by(third)), refusal);
        _refused(STRANGER, address(registry), _input(_rotation(alice, 0x7e4, false), 0x7e4, _by(third)), refusal);
        _freeze(alice, third);
        _refused(STRANGER, address(registry), _input(_unfreezing(alice, new bytes32[](0)), _by(third)), refusal);
        // What is left is a proposal: cancelled by the wallet, by another master, or overtaken by getting rid of the thief.
        bytes memory proposal = _input(_proposal(alice, 0x7e4, false), 0x7e4, _by(third));
        bytes32 digest = _onRegistry(hasher.rotateMasterWallet(_proposal(alice, 0x7e4, false)));
        _ok(STRANGER, address(registry), proposal);
        uint256 state = vm.snapshotState();
        _ok(alice.wallet, address(registry), _input(_revocation(alice, third.key), _by(second)));
        vm.warp(MATURE);
        refusal = abi.encodeWithSelector(IRegistryErrors.NoRotationPending.selector, alice.operator);
        _refused(STRANGER, address(registry), abi.encodeCall(registry.completeRotation, (alice.operator)), refusal);
        vm.revertToState(state);
        _ok(alice.wallet, address(registry), abi.encodeCall(registry.cancelRotation, (alice.operator)));
        _refused(
            STRANGER, address(registry), proposal, abi.encodeWithSelector(IRegistryErrors.DigestSpent.selector, digest)
        );
    }

    // With the wallet alone.

    /// @notice At threshold 1 whoever has the wallet cancels every proposal; two masters need none.
    function testTheWalletAloneKeepsNobodyOut() public {
        _setThreshold(alice, 1, _by(first, second));
        _ok(STRANGER, address(registry), _input(_proposal(alice, 0x7e4, false), 0x7e4, _by(second)));
        _ok(alice.wallet, address(registry), abi.encodeCall(registry.cancelRotation, (alice.operator)));
        _ok(STRANGER, address(registry), _input(_rotation(alice, 0x7e4, false), 0x7e4, _by(second, third)));
        vm.assertEq(registry.masterWallet(alice.operator), vm.addr(0x7e4), "wallet");
    }

    function testTheWalletAloneChangesNothing() public {
        Master[] memory none = new Master[](0);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 0, 2);
        _refused(alice.wallet, address(registry), _input(_threshold(alice, 1), none), refusal);
        _refused(alice.wallet, address(registry), _input(_rotation(alice, 0x7e4, false), 0x7e4, none), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 0, 1);
        _refused(
            alice.wallet,
            address(registry),
            _input(_registration(alice, accomplice, 3, false), accomplice, none),
            refusal
        );
        // An own passkey in the place of a master's.
        refusal = abi.encodeWithSelector(MockVerifier.WrongKey.selector);
        Master memory forged = Master(second.key, accomplice.passkey);
        _refused(
            alice.wallet,
            address(registry),
            _input(_registration(alice, accomplice, 3, false), accomplice, _by(forged)),
            refusal
        );
    }

    // A mempool watcher.

    /// @notice A26: the registration of a newcomer to the system, copied.
    function testCopiesNoFirstRegistration() public {
        RegisterFirstMaster memory o = _firstMaster(carol);
        bytes memory input = abi.encodeCall(registry.registerFirstMasterDevice, (o, _signed(carol, o)));
        bytes memory refusal = abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, STRANGER, carol.wallet);
        _refused(STRANGER, address(registry), input, refusal);
        o.wallet = STRANGER;
        input = abi.encodeCall(registry.registerFirstMasterDevice, (o, _signed(carol, o)));
        refusal =
            abi.encodeWithSelector(IRegistryErrors.OmniMismatch.selector, Identifiers.omni(STRANGER), carol.operator);
        _refused(STRANGER, address(registry), input, refusal);
        o = _firstMaster(carol);
        _ok(carol.wallet, address(registry), abi.encodeCall(registry.registerFirstMasterDevice, (o, _signed(carol, o))));
    }

    /// @notice A passkey that counts shows a copy: an assertion older than the last one is refused, and so is the last one.
    function testTheSignCountGoesForward() public {
        bytes32 digest = _digestOf(Op.RevokeAgent);
        MasterAssertion memory newer = MasterAssertion(second.key, _touch(second, _digestOf(Op.Freeze), 7));
        _ok(STRANGER, address(registry), abi.encodeCall(registry.freeze, (_freezing(alice), newer)));
        bytes4 refusal = IRegistryErrors.SignCountNotIncreased.selector;
        for (uint32 count = 5; count < 9; ++count) {
            bytes memory input = abi.encodeCall(
                registry.revokeAgentDeviceWithWebauthn,
                (_agentRevocation(), MasterAssertion(second.key, _touch(second, digest, count)))
            );
            if (count == 8) {
                _ok(STRANGER, address(registry), input);
            } else {
                _refused(
                    STRANGER, address(registry), input, abi.encodeWithSelector(refusal, second.key, uint32(7), count)
                );
            }
        }
    }

    function _nonces() private view returns (uint64[3] memory) {
        return [
            registry.operatorNonce(alice.operator),
            registry.recoveryNonce(alice.operator),
            registry.freezeNonce(alice.operator)
        ];
    }
}
