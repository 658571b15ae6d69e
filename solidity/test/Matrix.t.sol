// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {Deck} from "./Deck.sol";
import {MockVerifier} from "./Fixture.sol";
import {vm} from "./Vm.sol";

/// @notice The same fault for every operation: replay between operations, contracts, chains and turns, deadlines, senders,
///         roles. Each operation is dealt rightly in the same state at the end: the positive twin.
contract MatrixTest is Deck {
    /// @notice A23: every operation with the assertions of every other, on every contract, and of itself elsewhere.
    function testNoAssertionServesAnotherOperation() public {
        address[3] memory contracts = [address(registry), address(scope), address(audit)];
        uint256 refused;
        for (uint256 i = 0; i < OPS; ++i) {
            Op op = Op(i);
            uint256 before = vm.snapshotState();
            _prepare(op);
            for (uint256 k = 0; k < OPS; ++k) {
                bytes32 structHash = _structHashOf(Op(k));
                for (uint256 c = 0; c < contracts.length; ++c) {
                    if (k == i && contracts[c] == _contractOf(op)) continue;
                    _refuseDigest(op, hasher.digest(contracts[c], structHash));
                    ++refused;
                }
            }
            _deal(op);
            vm.revertToState(before);
        }
        vm.assertEq(refused, OPS * (OPS * 3 - 1), "pairs");
    }

    /// @notice The same contract address on another chain, and this chain under another id.
    function testNoAssertionServesAnotherChain() public {
        for (uint256 i = 0; i < OPS; ++i) {
            Op op = Op(i);
            uint256 before = vm.snapshotState();
            _prepare(op);
            bytes32 here = _digestOf(op);
            vm.chainId(1);
            bytes32 there = _digestOf(op);
            vm.assertTrue(here != there, "the chain is in the digest");
            // The consent and the new wallet's signature are for one chain too: for these the passkey is not even asked.
            if (op != Op.Bind && op != Op.Rotate) {
                _refuseDigest(op, here);
            }
            vm.chainId(212013);
            _refuseDigest(op, there);
            _deal(op);
            vm.revertToState(before);
        }
    }

    function testEveryNonceIsTheCurrentOne() public {
        for (uint256 i = 0; i < OPS; ++i) {
            Op op = Op(i);
            if (!_hasNonce(op)) continue;
            uint256 before = vm.snapshotState();
            _prepare(op);
            uint64 current = _nonceOf(op);
            nonceAhead = 1;
            _refuse(op, abi.encodeWithSelector(IOperationErrors.StaleNonce.selector, current, current + 1));
            nonceAhead = 0;
            _deal(op);
            vm.revertToState(before);
        }
    }

    function testEveryDeadlineIsKept() public {
        for (uint256 i = 0; i < OPS; ++i) {
            Op op = Op(i);
            uint256 before = vm.snapshotState();
            _prepare(op);
            vm.warp(DEADLINE + 1);
            _refuse(op, abi.encodeWithSelector(IOperationErrors.DeadlinePassed.selector, DEADLINE));
            vm.warp(DEADLINE);
            _deal(op);
            vm.revertToState(before);
        }
    }

    /// @notice Nothing executes twice: what has a nonce is stale, the others find their target gone.
    function testNothingExecutesTwice() public {
        for (uint256 i = 0; i < OPS; ++i) {
            Op op = Op(i);
            uint256 before = vm.snapshotState();
            _prepare(op);
            bytes memory input = _inputOf(op, _digestOf(op), _signersOf(op));
            _ok(_senderOf(op), _contractOf(op), input);
            _refusedAgain(op, input);
            vm.revertToState(before);
        }
    }

    function testEveryWalletOperationNeedsTheWallet() public {
        for (uint256 i = 0; i < OPS; ++i) {
            Op op = Op(i);
            if (!_needsWallet(op)) continue;
            bytes memory input = _inputOf(op, _digestOf(op), _signersOf(op));
            address[3] memory others = [STRANGER, bob.wallet, agent];
            for (uint256 k = 0; k < others.length; ++k) {
                bytes memory refusal =
                    abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, others[k], alice.wallet);
                _refused(others[k], _contractOf(op), input, refusal);
            }
        }
    }

    /// @notice A24, one assertion: by nobody, another operator's master, an agent, a revoked master, or without the role.
    function testEveryAssertionIsByAMasterOfTheOperator() public {
        _add(alice, _master(8), 1, _by(first, second));
        _add(alice, _master(9), 3, _by(first, second));
        _ok(STRANGER, address(registry), _input(_revocation(alice, _master(9).key), _by(first, second)));
        for (uint256 i = 1; i < OPS; ++i) {
            Op op = Op(i);
            if (_isQuorum(op)) continue;
            uint256 before = vm.snapshotState();
            _prepare(op);
            _refuseBy(
                op, _by(_master(7)), abi.encodeWithSelector(IRegistryErrors.DeviceUnknown.selector, _master(7).key)
            );
            _refuseBy(
                op,
                _by(Master(bob.device, bob.passkey)),
                abi.encodeWithSelector(IRegistryErrors.DeviceOfOtherOperator.selector, bob.device, bob.operator)
            );
            if (op != Op.RevokeAgent) {
                _refuseBy(
                    op,
                    _by(Master(agentDevice, alice.passkey)),
                    abi.encodeWithSelector(IRegistryErrors.NotMasterDevice.selector, agentDevice)
                );
            }
            _refuseBy(
                op, _by(_master(9)), abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, _master(9).key)
            );
            uint8 role = _isVote(op) ? RECOVERY : _needsScopeRole(op) ? SCOPE_MGMT : 0;
            if (op == Op.RegisterLater) role = 3;
            if (role != 0) {
                _refuseBy(
                    op,
                    _by(_master(8)),
                    abi.encodeWithSelector(IRegistryErrors.RoleMissing.selector, _master(8).key, role)
                );
                _deal(op);
            } else {
                // Freezing and revoking agents are the safe direction: any master.
                _ok(_senderOf(op), _contractOf(op), _inputOf(op, _digestOf(op), _by(_master(8))));
            }
            vm.revertToState(before);
        }
    }

    function _refuseDigest(Op op, bytes32 digest) private {
        bytes memory input = _inputOf(op, digest, _signersOf(op));
        _refused(_senderOf(op), _contractOf(op), input, abi.encodeWithSelector(MockVerifier.WrongChallenge.selector));
    }

    function _refusedAgain(Op op, bytes memory input) private {
        if (op == Op.Freeze) {
            _ok(STRANGER, address(registry), input); // changes nothing
            return;
        }
        bytes memory refusal;
        if (op == Op.RegisterFirst) {
            refusal = abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, carol.device);
        } else if (op == Op.Bind) {
            bytes32 key = keccak256(abi.encodePacked(vm.addr(OTHER_AGENT_KEY)));
            refusal = abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, key);
        } else if (op == Op.Rotate) {
            bytes32 key = keccak256(abi.encodePacked(vm.addr(NEW_WALLET_KEY)));
            refusal = abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, key);
        } else if (op == Op.Cancel) {
            refusal = abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, fourth.key);
        } else if (op == Op.Revoke) {
            refusal = abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, third.key);
        } else if (op == Op.RevokeAgent) {
            refusal = abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, agentDevice);
        } else if (op == Op.CancelRotation) {
            refusal = abi.encodeWithSelector(IRegistryErrors.NoRotationPending.selector, alice.operator);
        } else if (op == Op.Unfreeze) {
            refusal = abi.encodeWithSelector(IRegistryErrors.NotFrozen.selector, alice.operator);
        } else {
            uint64 current = _nonceOf(op);
            refusal = abi.encodeWithSelector(IOperationErrors.StaleNonce.selector, current, current - 1);
        }
        _refused(_senderOf(op), _contractOf(op), input, refusal);
    }
}
