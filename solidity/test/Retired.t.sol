// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ICredentialAudit} from "../src/interfaces/ICredentialAudit.sol";
import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {
    AgentConsent,
    BindAgent,
    ConsentSignature,
    MasterAssertion,
    RegisterFirstMaster
} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Deck} from "./Deck.sol";
import {vm} from "./Vm.sol";

/// @notice A wallet that was rotated away is nothing for ever: each thing it could do before, the new one can do now.
contract RetiredTest is Deck {
    address private newWallet;
    Master private moved;

    function setUp() public override {
        super.setUp();
        newWallet = vm.addr(NEW_WALLET_KEY);
        _ok(alice.wallet, address(audit), _input(_relaying(alice, STRANGER), first));
        _ok(STRANGER, address(audit), abi.encodeCall(audit.appendRoot, (alice.operator, 0, keccak256("root"), 1)));
        _ok(
            STRANGER,
            address(registry),
            _input(_rotation(alice, NEW_WALLET_KEY, false), NEW_WALLET_KEY, _by(second, third))
        );
        rotationKey = 0x7e4;
        moved = Master(Identifiers.deviceKeyHash(newWallet), alice.passkey);
    }

    /// @notice What needs the wallet as sender: registering with delay, binding, scopes, the relayer.
    function testSendsNothing() public {
        bytes memory refusal =
            abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, alice.wallet, newWallet);
        for (uint256 i = 0; i < OPS; ++i) {
            Op op = Op(i);
            if (!_needsWallet(op)) continue;
            uint256 before = vm.snapshotState();
            bytes memory input = _inputOf(op, _digestOf(op), _by(moved));
            _refused(alice.wallet, _contractOf(op), input, refusal);
            _ok(newWallet, _contractOf(op), input);
            vm.revertToState(before);
        }
    }

    function testSendsNoQuorumOperationAtOne() public {
        _ok(STRANGER, address(registry), _input(_threshold(alice, 1), _by(second, third)));
        bytes memory refusal =
            abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, alice.wallet, newWallet);
        bytes memory input = _input(_threshold(alice, 2), _by(second));
        _refused(alice.wallet, address(registry), input, refusal);
        uint256 before = vm.snapshotState();
        _ok(newWallet, address(registry), input);
        vm.revertToState(before);
        // It sends a proposal, as any stranger could; and it is not the wallet that cancels one.
        _refused(alice.wallet, address(registry), _input(_rotation(alice, 0x7e4, false), 0x7e4, _by(second)), refusal);
        _ok(alice.wallet, address(registry), _input(_proposal(alice, 0x7e4, false), 0x7e4, _by(second)));
        vm.assertEq(registry.masterWallet(alice.operator), newWallet, "proposed only");
        input = abi.encodeCall(registry.cancelRotation, (alice.operator));
        _refused(alice.wallet, address(registry), input, refusal);
        _ok(newWallet, address(registry), input);
    }

    function testRevokesNoAgent() public {
        bytes memory input = abi.encodeCall(registry.revokeAgentDevice, (agentDevice));
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.NotRevoker.selector, alice.wallet, agentDevice);
        _refused(alice.wallet, address(registry), input, refusal);
        _ok(newWallet, address(registry), input);
    }

    /// @notice Its old entry has no passkey and no vote, for single operations and for quorums.
    function testSignsNothing() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, alice.device);
        for (uint256 i = 1; i < OPS; ++i) {
            Op op = Op(i);
            if (op == Op.CancelRotation) continue; // at threshold 1, below
            uint256 before = vm.snapshotState();
            if (op == Op.Cancel) {
                _ok(newWallet, address(registry), _inputOf(Op.RegisterLater, _digestOf(Op.RegisterLater), _by(second)));
            }
            if (op == Op.Unfreeze) _freeze(alice, second);
            bool quorum = _isQuorum(op);
            address sender = _needsWallet(op) ? newWallet : STRANGER;
            bytes memory input = _inputOf(op, _digestOf(op), quorum ? _by(first, second) : _by(first));
            _refused(sender, _contractOf(op), input, refusal);
            input = _inputOf(op, _digestOf(op), quorum ? _by(moved, second) : _by(moved));
            _ok(sender, _contractOf(op), input);
            vm.revertToState(before);
        }
        _ok(STRANGER, address(registry), _input(_threshold(alice, 1), _by(second, third)));
        _refused(STRANGER, address(registry), _input(_proposal(alice, 0x7e4, false), 0x7e4, _by(first)), refusal);
        _ok(STRANGER, address(registry), _input(_proposal(alice, 0x7e4, false), 0x7e4, _by(moved)));
    }

    function testIsNoTargetEither() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.DeviceIsRevoked.selector, alice.device);
        _refused(STRANGER, address(registry), _input(_revocation(alice, alice.device), _by(second, third)), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.TargetIsWallet.selector, moved.key);
        _refused(STRANGER, address(registry), _input(_revocation(alice, moved.key), _by(second, third)), refusal);
    }

    function testAuditsNothing() public {
        bytes memory entry = abi.encodeCall(audit.append, (alice.operator, keccak256("entry")));
        bytes memory root = abi.encodeCall(audit.appendRoot, (alice.operator, 1, keccak256("root"), 1));
        bytes memory refusal =
            abi.encodeWithSelector(ICredentialAudit.SenderNotActiveDevice.selector, alice.wallet, alice.operator);
        _refused(alice.wallet, address(audit), entry, refusal);
        _ok(newWallet, address(audit), entry);
        refusal = abi.encodeWithSelector(ICredentialAudit.NotAnchorer.selector, alice.wallet, alice.operator);
        _refused(alice.wallet, address(audit), root, refusal);
        // The relayer that it named goes with it.
        vm.assertEq(audit.auditRelayer(alice.operator), address(0), "relayer");
        refusal = abi.encodeWithSelector(ICredentialAudit.NotAnchorer.selector, STRANGER, alice.operator);
        _refused(STRANGER, address(audit), root, refusal);
        _ok(newWallet, address(audit), root);
    }

    // It becomes nothing else: a first master again, an agent, a wallet.

    function testIsNoFirstMasterAgain() public {
        RegisterFirstMaster memory o = _firstMaster(alice);
        o.nonce = registry.operatorNonce(alice.operator);
        (o.k11PubX, o.k11PubY) = (fourth.passkey.x, fourth.passkey.y);
        bytes memory input = abi.encodeCall(
            registry.registerFirstMasterDevice, (o, _touch(fourth, _onRegistry(hasher.registerFirstMaster(o)), 0))
        );
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, alice.device);
        _refused(alice.wallet, address(registry), input, refusal);
    }

    function testIsNoAgent() public {
        Person[2] memory by = [alice, bob];
        address[2] memory wallets = [newWallet, bob.wallet];
        for (uint256 i = 0; i < by.length; ++i) {
            BindAgent memory o = BindAgent(
                by[i].operator, alice.operator, alice.wallet, registry.operatorNonce(by[i].operator), DEADLINE
            );
            ConsentSignature memory c = _consent(1, AgentConsent(o.operator, o.actor, o.agent, DEADLINE));
            MasterAssertion memory a =
                _vote(i == 0 ? moved : Master(bob.device, bob.passkey), _onRegistry(hasher.bindAgent(o)));
            bytes memory refusal =
                abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, alice.device);
            _refused(wallets[i], address(registry), abi.encodeCall(registry.registerAgentDevice, (o, c, a)), refusal);
        }
    }

    function testIsNoNewWallet() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, alice.device);
        _refused(STRANGER, address(registry), _input(_rotation(alice, 1, false), 1, _by(second, third)), refusal);
        _refused(
            bob.wallet,
            address(registry),
            _input(_rotation(bob, 1, false), 1, _by(Master(bob.device, bob.passkey))),
            refusal
        );
    }

    function testResolvesAsRetired() public view {
        _assertResolves(alice.wallet, 1, alice.operator, alice.operator, 2);
        _assertResolves(newWallet, 1, alice.operator, alice.operator, 1);
        vm.assertFalse(registry.isActive(alice.device), "inactive");
        vm.assertTrue(registry.isActive(moved.key), "active");
    }
}
