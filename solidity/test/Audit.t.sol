// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CredentialAudit} from "../src/CredentialAudit.sol";
import {AuditRoot, ICredentialAudit} from "../src/interfaces/ICredentialAudit.sol";
import {IRegistryConsumer} from "../src/interfaces/IRegistryConsumer.sol";
import {IRegistryEvents} from "../src/interfaces/IRegistryEvents.sol";
import {ISidecarRegistry} from "../src/interfaces/ISidecarRegistry.sol";
import {Deck} from "./Deck.sol";
import {vm} from "./Vm.sol";

/// @notice Entries, anchors and who may make them. Proofs are in Merkle.t.sol.
contract AuditTest is Deck {
    bytes32 private constant ROOT = keccak256("root");

    function testConstructorRefusesARegistryThatNamesAnother() public {
        vm.assertEq(audit.registry(), address(registry), "registry");
        vm.expectRevert(abi.encodeWithSelector(IRegistryConsumer.RegistryMismatch.selector, address(registry)));
        new CredentialAudit(registry);
        vm.expectRevert(abi.encodeWithSelector(IRegistryConsumer.RegistryMismatch.selector, address(0xdead)));
        new CredentialAudit(ISidecarRegistry(address(0xdead)));
    }

    // Entries.

    function testAppend() public {
        address[3] memory senders = [alice.wallet, agent, alice.wallet];
        bytes32[3] memory actors = [alice.operator, agentActor, alice.operator];
        for (uint64 i = 0; i < senders.length; ++i) {
            vm.expectEmit(true, true, true, true, address(audit));
            emit ICredentialAudit.EntryAppended(alice.operator, actors[i], keccak256("entry"), i, senders[i]);
            _ok(senders[i], address(audit), _append(alice.operator));
        }
        vm.assertEq(audit.entryCount(alice.operator), 3, "entries");
        vm.assertEq(audit.entryCount(bob.operator), 0, "another's");
    }

    /// @notice A31: nobody pollutes another's journal.
    function testAppendRefusesStrangers() public {
        _refuseAppend(STRANGER, alice.operator);
        _refuseAppend(STRANGER, 0);
        _refuseAppend(bob.wallet, alice.operator);
        _refuseAppend(agent, bob.operator);
        _ok(agent, address(registry), abi.encodeCall(registry.revokeAgentDevice, (agentDevice)));
        _refuseAppend(agent, alice.operator);
    }

    // Anchors.

    function testAppendRoot() public {
        vm.warp(NOW + 5);
        vm.expectEmit(true, true, true, true, address(audit));
        emit ICredentialAudit.RootAppended(alice.operator, 0, ROOT, 7, alice.wallet);
        _ok(alice.wallet, address(audit), _appendRoot(0, ROOT, 7));
        AuditRoot memory want = AuditRoot(ROOT, 7, NOW + 5);
        vm.assertEq(abi.encode(audit.getRoot(alice.operator, 0)), abi.encode(want), "root");
        vm.assertEq(audit.rootCount(alice.operator), 1, "count");
        AuditRoot memory none;
        vm.assertEq(abi.encode(audit.getRoot(alice.operator, 1)), abi.encode(none), "next");
        vm.assertEq(abi.encode(audit.getRoot(bob.operator, 0)), abi.encode(none), "another's");
    }

    function testAppendRootRefusesStrangers() public {
        address[3] memory strangers = [STRANGER, bob.wallet, agent];
        for (uint256 i = 0; i < strangers.length; ++i) {
            bytes memory refusal =
                abi.encodeWithSelector(ICredentialAudit.NotAnchorer.selector, strangers[i], alice.operator);
            _refused(strangers[i], address(audit), _appendRoot(0, ROOT, 1), refusal);
        }
        _ok(alice.wallet, address(audit), _appendRoot(0, ROOT, 1));
    }

    /// @notice A43: a batch lands once, in its place; a repeated call finds the next index.
    function testAppendRootInOrder() public {
        _refused(alice.wallet, address(audit), _appendRoot(1, ROOT, 1), _mismatch(0, 1));
        _ok(alice.wallet, address(audit), _appendRoot(0, ROOT, 1));
        _refused(alice.wallet, address(audit), _appendRoot(0, ROOT, 1), _mismatch(1, 0));
        _refused(alice.wallet, address(audit), _appendRoot(2, ROOT, 1), _mismatch(1, 2));
        _refused(alice.wallet, address(audit), _appendRoot(type(uint64).max, ROOT, 1), _mismatch(1, type(uint64).max));
        _ok(alice.wallet, address(audit), _appendRoot(1, ROOT, 1));
        vm.assertEq(audit.rootCount(alice.operator), 2, "count");
    }

    function testABatchHasEntries() public {
        bytes memory refusal = abi.encodeWithSelector(ICredentialAudit.BatchEmpty.selector);
        _refused(alice.wallet, address(audit), _appendRoot(0, 0, 1), refusal);
        _refused(alice.wallet, address(audit), _appendRoot(0, ROOT, 0), refusal);
        _ok(alice.wallet, address(audit), _appendRoot(0, ROOT, 1));
    }

    // The relayer.

    function testTheRelayerAnchors() public {
        vm.assertEq(audit.auditRelayer(alice.operator), address(0), "none");
        uint64 nonce = registry.operatorNonce(alice.operator);
        vm.expectEmit(true, true, true, true, address(audit));
        emit ICredentialAudit.AuditRelayerSet(alice.operator, STRANGER);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.OperatorNonceAdvanced(alice.operator, nonce + 1);
        _ok(alice.wallet, address(audit), _input(_relaying(alice, STRANGER), first));
        vm.assertEq(audit.auditRelayer(alice.operator), STRANGER, "relayer");
        vm.expectEmit(true, true, true, true, address(audit));
        emit ICredentialAudit.RootAppended(alice.operator, 0, ROOT, 1, STRANGER);
        _ok(STRANGER, address(audit), _appendRoot(0, ROOT, 1));
        _ok(alice.wallet, address(audit), _appendRoot(1, ROOT, 1));
        // It anchors and does nothing else, and for nobody else.
        _refuseAppend(STRANGER, alice.operator);
        bytes memory refusal = abi.encodeWithSelector(ICredentialAudit.NotAnchorer.selector, STRANGER, bob.operator);
        bytes memory input = abi.encodeCall(audit.appendRoot, (bob.operator, 0, ROOT, 1));
        _refused(STRANGER, address(audit), input, refusal);

        _ok(alice.wallet, address(audit), _input(_relaying(alice, address(0)), first));
        refusal = abi.encodeWithSelector(ICredentialAudit.NotAnchorer.selector, STRANGER, alice.operator);
        _refused(STRANGER, address(audit), _appendRoot(2, ROOT, 1), refusal);
    }

    function _append(bytes32 operator) private view returns (bytes memory) {
        return abi.encodeCall(audit.append, (operator, keccak256("entry")));
    }

    function _appendRoot(uint64 index, bytes32 root, uint64 count) private view returns (bytes memory) {
        return abi.encodeCall(audit.appendRoot, (alice.operator, index, root, count));
    }

    function _mismatch(uint64 next, uint64 given) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICredentialAudit.BatchIndexMismatch.selector, next, given);
    }

    function _refuseAppend(address sender, bytes32 operator) private {
        bytes memory refusal = abi.encodeWithSelector(ICredentialAudit.SenderNotActiveDevice.selector, sender, operator);
        _refused(sender, address(audit), _append(operator), refusal);
    }
}
