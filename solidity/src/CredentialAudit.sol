// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AuditRoot, ICredentialAudit} from "./interfaces/ICredentialAudit.sol";
import {IRegistryConsumer} from "./interfaces/IRegistryConsumer.sol";
import {ISidecarRegistry} from "./interfaces/ISidecarRegistry.sol";
import {MasterAssertion, SetAuditRelayer} from "./interfaces/Operations.sol";
import {Identifiers} from "./libraries/Identifiers.sol";
import {Merkle} from "./libraries/Merkle.sol";
import {OperationDigests} from "./libraries/OperationDigests.sol";

/// @title Anchors of the audit journal
/// @notice See ICredentialAudit. Anchoring works while the operator is frozen: a freeze must not silence the journal.
contract CredentialAudit is ICredentialAudit {
    using OperationDigests for SetAuditRelayer;

    /// @dev A relayer lasts as long as the wallet that named it.
    struct Relayer {
        address account;
        address namedBy;
    }

    uint8 private constant ROLE_SCOPE_MGMT = 4;

    /// @inheritdoc IRegistryConsumer
    address public immutable registry;
    /// @inheritdoc ICredentialAudit
    mapping(bytes32 operator => uint64) public entryCount;

    mapping(bytes32 operator => AuditRoot[]) private _roots;
    mapping(bytes32 operator => Relayer) private _relayers;

    constructor(ISidecarRegistry registry_) {
        // A registry that names another consumer would make setAuditRelayer fail for ever.
        if (address(registry_).code.length == 0 || registry_.audit() != address(this)) {
            revert RegistryMismatch(address(registry_));
        }
        registry = address(registry_);
    }

    /// @inheritdoc ICredentialAudit
    function append(bytes32 operator, bytes32 entryHash) external {
        (, bytes32 owner, bytes32 actor,) = ISidecarRegistry(registry).resolve(msg.sender);
        if (owner != operator || !ISidecarRegistry(registry).isActive(Identifiers.deviceKeyHash(msg.sender))) {
            revert SenderNotActiveDevice(msg.sender, operator);
        }
        uint64 index = entryCount[operator]++;
        emit EntryAppended(operator, actor, entryHash, index, msg.sender);
    }

    /// @inheritdoc ICredentialAudit
    function appendRoot(bytes32 operator, uint64 batchIndex, bytes32 root, uint64 count) external {
        if (msg.sender != auditRelayer(operator) && msg.sender != ISidecarRegistry(registry).masterWallet(operator)) {
            revert NotAnchorer(msg.sender, operator);
        }
        AuditRoot[] storage roots = _roots[operator];
        if (batchIndex != roots.length) revert BatchIndexMismatch(uint64(roots.length), batchIndex);
        if (root == 0 || count == 0) revert BatchEmpty();
        roots.push(AuditRoot({root: root, count: count, anchoredAt: uint64(block.timestamp)}));
        emit RootAppended(operator, batchIndex, root, count, msg.sender);
    }

    /// @inheritdoc ICredentialAudit
    function setAuditRelayer(SetAuditRelayer calldata operation, MasterAssertion calldata master) external {
        if (block.timestamp > operation.deadline) revert DeadlinePassed(operation.deadline);
        bytes32 operator = operation.operator;
        ISidecarRegistry known = ISidecarRegistry(registry);
        address wallet = known.masterWallet(operator);
        if (msg.sender != wallet) revert SenderNotWallet(msg.sender, wallet);
        // To name nobody is the safe direction.
        if (operation.relayer != address(0) && known.frozen(operator)) revert OperatorIsFrozen(operator);
        _relayers[operator] = Relayer({account: operation.relayer, namedBy: wallet});
        emit AuditRelayerSet(operator, operation.relayer);
        known.useOperatorNonce(operator, operation.nonce);
        known.consumeAssertion(operator, ROLE_SCOPE_MGMT, operation.hash(), master);
    }

    /// @inheritdoc ICredentialAudit
    function verifyEntryInRoot(bytes32 operator, uint64 batchIndex, bytes calldata entry, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        AuditRoot[] storage roots = _roots[operator];
        if (batchIndex >= roots.length) return false;
        AuditRoot storage anchored = roots[batchIndex];
        // Whatever count was anchored with a root, a leaf is the root of a batch of one only.
        if (proof.length > Merkle.maxProof(anchored.count) || (proof.length == 0 && anchored.count != 1)) return false;
        return Merkle.rootOf(Merkle.leaf(entry), proof) == anchored.root;
    }

    /// @inheritdoc ICredentialAudit
    function rootCount(bytes32 operator) external view returns (uint64) {
        return uint64(_roots[operator].length);
    }

    /// @inheritdoc ICredentialAudit
    function getRoot(bytes32 operator, uint64 batchIndex) external view returns (AuditRoot memory root) {
        if (batchIndex < _roots[operator].length) root = _roots[operator][batchIndex];
    }

    /// @inheritdoc ICredentialAudit
    function auditRelayer(bytes32 operator) public view returns (address) {
        Relayer storage relayer = _relayers[operator];
        return relayer.namedBy == ISidecarRegistry(registry).masterWallet(operator) ? relayer.account : address(0);
    }
}
