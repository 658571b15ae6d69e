// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "./IOperationErrors.sol";
import {IRegistryConsumer} from "./IRegistryConsumer.sol";
import {MasterAssertion, SetAuditRelayer} from "./Operations.sol";

/// @notice The root of one anchored batch of audit entries.
/// @param root Merkle root, see libraries/Merkle.sol; never zero for an anchored batch.
/// @param count How many entries the batch has; never zero.
/// @param anchoredAt Block time.
struct AuditRoot {
    bytes32 root;
    uint64 count;
    uint64 anchoredAt;
}

/// @notice Where audit entries are anchored: batches by their root (tier A), single entries by an event (tier C).
interface ICredentialAudit is IOperationErrors, IRegistryConsumer {
    /// @notice The sender is neither the operator's wallet nor one of its devices that may act now.
    error SenderNotActiveDevice(address sender, bytes32 operator);
    /// @notice The sender is neither the operator's wallet nor its relayer.
    error NotAnchorer(address sender, bytes32 operator);
    /// @notice Not the operator's next batch: it was anchored already, or one before it was not.
    error BatchIndexMismatch(uint64 next, uint64 given);
    /// @notice A batch has a root and at least one entry.
    error BatchEmpty();

    /// @notice One entry, on its own (tier C).
    /// @param index How many entries of this operator came before it in tier C.
    /// @param entryHash keccak256(0x00 || entry), the leaf that the entry would be in a batch.
    event EntryAppended(
        bytes32 indexed operator, bytes32 indexed actor, bytes32 indexed entryHash, uint64 index, address sender
    );
    /// @notice A batch was anchored (tier A).
    event RootAppended(
        bytes32 indexed operator, uint64 indexed batchIndex, bytes32 indexed root, uint64 count, address sender
    );
    /// @notice The account that may anchor beside the wallet is this from now on; zero for none.
    event AuditRelayerSet(bytes32 indexed operator, address indexed relayer);

    /// @notice Appends one entry; the sender is the operator's wallet, or a device of it that is active now.
    function append(bytes32 operator, bytes32 entryHash) external;

    /// @notice Anchors the operator's next batch; the sender is its wallet or its relayer. A crash can never anchor one
    ///         batch twice: the second time its index is not the next one.
    /// @param batchIndex rootCount(operator).
    function appendRoot(bytes32 operator, uint64 batchIndex, bytes32 root, uint64 count) external;

    /// @notice Names the relayer: the wallet as sender, an assertion by a master with SCOPE_MGMT; while frozen only nobody can be named. It
    ///         stays until the next one is named or the wallet is rotated.
    function setAuditRelayer(SetAuditRelayer calldata operation, MasterAssertion calldata master) external;

    /// @notice Whether an entry is in an anchored batch. Hashing the entry itself, this contract takes no inner node for
    ///         an entry.
    /// @param proof Siblings from the leaf up; empty exactly for a batch of one.
    function verifyEntryInRoot(bytes32 operator, uint64 batchIndex, bytes calldata entry, bytes32[] calldata proof)
        external
        view
        returns (bool);

    /// @notice How many batches of the operator are anchored, which is the index of the next one.
    function rootCount(bytes32 operator) external view returns (uint64);

    /// @notice An anchored batch; all zero if there is none with that index.
    function getRoot(bytes32 operator, uint64 batchIndex) external view returns (AuditRoot memory);

    /// @notice How many entries of the operator were appended on their own.
    function entryCount(bytes32 operator) external view returns (uint64);

    /// @notice The account that may anchor beside the wallet; zero if there is none.
    function auditRelayer(bytes32 operator) external view returns (address);
}
