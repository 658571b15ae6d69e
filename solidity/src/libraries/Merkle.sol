// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Merkle trees over audit entries: keccak256, leaves under 0x00 and nodes under 0x01, so that no node passes for
///         a leaf; pairs are sorted, so that a proof needs no directions; an odd node is promoted, never doubled, so that
///         no two lists have one root.
library Merkle {
    /// @notice The leaf of an entry.
    function leaf(bytes calldata entry) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"00", entry));
    }

    /// @notice The root that a proof leads to. The proof lists siblings from the leaf up; promotions are not listed.
    function rootOf(bytes32 hash, bytes32[] calldata proof) internal pure returns (bytes32) {
        for (uint256 i = 0; i < proof.length; ++i) {
            hash = _node(hash, proof[i]);
        }
        return hash;
    }

    /// @notice The longest proof in a tree of that many leaves: ceil(log2 count).
    function maxProof(uint256 count) internal pure returns (uint256 length) {
        while (length < 64 && uint256(1) << length < count) ++length;
    }

    function _node(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encodePacked(hex"01", a, b)) : keccak256(abi.encodePacked(hex"01", b, a));
    }
}
