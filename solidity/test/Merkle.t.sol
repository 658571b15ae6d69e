// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Merkle} from "../src/libraries/Merkle.sol";
import {Masters} from "./Masters.sol";
import {vm} from "./Vm.sol";

/// @notice Proofs against a tree built level by level, which is not how the library walks it.
contract MerkleTest is Masters {
    function setUp() public override {
        super.setUp();
        _register(alice);
        _register(bob);
    }

    /// @notice Each entry of a batch of any size proves, and a proof of another place, length or root does not.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzzProofs(uint256 seed, uint8 size, uint8 place) public {
        bytes[] memory entries = _entries(seed, 1 + size % 33);
        uint256 at = place % entries.length;
        bytes32[] memory leaves = _leaves(entries);
        bytes32[] memory proof = _proof(leaves, at);
        uint64 index = _anchor(_root(leaves), uint64(entries.length));
        vm.assertTrue(_proves(index, entries[at], proof), "an entry");
        vm.assertLe(proof.length, this.maxProof(entries.length), "longest proof");
        vm.assertEq(this.rootOf(leaves[at], proof), _root(leaves), "root");
        if (entries.length > 1) {
            uint256 other = (at + 1 + seed % (entries.length - 1)) % entries.length;
            vm.assertFalse(_proves(index, entries[other], proof), "another entry");
            vm.assertFalse(_proves(index, entries[at], new bytes32[](0)), "no proof");
            vm.assertFalse(_proves(index, entries[at], _cut(proof)), "a shorter proof");
            proof[seed % proof.length] ^= bytes32(1 << seed % 256);
            vm.assertFalse(_proves(index, entries[at], proof), "a changed proof");
            proof[seed % proof.length] ^= bytes32(1 << seed % 256);
        }
        vm.assertFalse(_proves(index, entries[at], _longer(proof, bytes32(seed))), "a longer proof");
        vm.assertFalse(_proves(index, bytes.concat(entries[at], hex"00"), proof), "a longer entry");
        // Another batch, another operator, a batch that is not.
        uint64 next = _anchor(keccak256(abi.encode(seed)), uint64(entries.length));
        vm.assertFalse(_proves(next, entries[at], proof), "another batch");
        vm.assertFalse(_proves(next + 1, entries[at], proof), "no batch");
        vm.assertFalse(audit.verifyEntryInRoot(bob.operator, index, entries[at], proof), "another operator");
    }

    /// @notice A40: no inner node passes for an entry, whatever count was claimed: neither its hash, nor the 64 bytes that it
    ///         is made of, with or without its prefix.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzzSecondPreimage(bytes32 a, bytes32 b, bytes32 c, uint64 claimed) public {
        if (claimed == 0) claimed = 1;
        bytes32 pair = _node(a, b);
        uint64 index = _anchor(_node(pair, c), claimed);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = c;
        vm.assertEq(this.rootOf(pair, proof), _node(pair, c), "as a hash it would");
        bytes memory sorted = a < b ? abi.encodePacked(a, b) : abi.encodePacked(b, a);
        vm.assertFalse(_proves(index, abi.encodePacked(pair), proof), "a node's hash");
        vm.assertFalse(_proves(index, sorted, proof), "a node's 64 bytes");
        vm.assertFalse(_proves(index, bytes.concat(hex"01", sorted), proof), "with its prefix");
        vm.assertFalse(_proves(index, abi.encodePacked(_node(pair, c)), new bytes32[](0)), "the root");
        vm.assertEq(this.leaf(sorted), keccak256(bytes.concat(hex"00", sorted)), "leaf");
        vm.assertTrue(this.leaf(sorted) != pair, "an entry of 64 bytes is no node");
    }

    /// @notice A41: an odd node is promoted, never doubled.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzzOddIsPromoted(bytes32 a, bytes32 b, bytes32 c) public pure {
        bytes32[] memory three = new bytes32[](3);
        (three[0], three[1], three[2]) = (a, b, c);
        bytes32[] memory four = new bytes32[](4);
        (four[0], four[1], four[2], four[3]) = (a, b, c, c);
        vm.assertEq(_root(three), _node(_node(a, b), c), "promoted");
        vm.assertTrue(_root(three) != _root(four), "not doubled");
        vm.assertEq(_proof(three, 2).length, 1, "a promotion is not in the proof");
    }

    /// @notice A proof is as long as the tree is deep, at most: one that is longer is refused before it is walked.
    function testLongestProof() public {
        uint64[11] memory counts = [uint64(0), 1, 2, 3, 4, 5, 8, 9, 1 << 32, (1 << 32) + 1, type(uint64).max];
        uint8[11] memory longest = [0, 0, 1, 2, 2, 3, 3, 4, 32, 33, 64];
        for (uint256 i = 0; i < counts.length; ++i) {
            vm.assertEq(this.maxProof(counts[i]), longest[i], "longest proof");
        }
        bytes memory entry = "entry";
        bytes32[] memory proof = new bytes32[](3);
        bytes32 root = this.rootOf(this.leaf(entry), proof);
        vm.assertFalse(_proves(_anchor(root, 4), entry, proof), "three levels over four entries");
        vm.assertTrue(_proves(_anchor(root, 5), entry, proof), "three levels over five");
        vm.assertFalse(_proves(audit.rootCount(alice.operator), entry, new bytes32[](0)), "no batch");
        vm.assertTrue(_proves(_anchor(this.leaf(entry), 1), entry, new bytes32[](0)), "alone");
        vm.assertFalse(_proves(_anchor(this.leaf(entry), 2), entry, new bytes32[](0)), "alone among two");
    }

    // The library, with its arguments in calldata as in the contract.

    function rootOf(bytes32 hash, bytes32[] calldata proof) external pure returns (bytes32) {
        return Merkle.rootOf(hash, proof);
    }

    function leaf(bytes calldata entry) external pure returns (bytes32) {
        return Merkle.leaf(entry);
    }

    function maxProof(uint256 count) external pure returns (uint256) {
        return Merkle.maxProof(count);
    }

    function _proves(uint64 index, bytes memory entry, bytes32[] memory proof) private view returns (bool) {
        return audit.verifyEntryInRoot(alice.operator, index, entry, proof);
    }

    function _anchor(bytes32 root, uint64 count) private returns (uint64 index) {
        index = audit.rootCount(alice.operator);
        vm.prank(alice.wallet);
        audit.appendRoot(alice.operator, index, root, count);
    }

    // The other tree.

    function _entries(uint256 seed, uint256 count) private pure returns (bytes[] memory entries) {
        entries = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            bytes32 word = keccak256(abi.encode(seed, i));
            // 1 to 64 bytes: short ones, and ones as long as a node.
            entries[i] = abi.encodePacked(word, word);
            uint256 length = i % 3 == 0 ? 64 : 4 + uint256(word) % 61;
            bytes memory e = entries[i];
            assembly {
                mstore(e, length)
            }
        }
    }

    function _leaves(bytes[] memory entries) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](entries.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = keccak256(bytes.concat(hex"00", entries[i]));
        }
    }

    function _node(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return keccak256(bytes.concat(hex"01", a < b ? a : b, a < b ? b : a));
    }

    function _level(bytes32[] memory below) private pure returns (bytes32[] memory above) {
        above = new bytes32[]((below.length + 1) / 2);
        for (uint256 i = 0; i < above.length; ++i) {
            above[i] = 2 * i + 1 < below.length ? _node(below[2 * i], below[2 * i + 1]) : below[2 * i];
        }
    }

    function _root(bytes32[] memory leaves) private pure returns (bytes32) {
        while (leaves.length > 1) {
            leaves = _level(leaves);
        }
        return leaves[0];
    }

    function _proof(bytes32[] memory leaves, uint256 at) private pure returns (bytes32[] memory proof) {
        proof = new bytes32[](0);
        for (; leaves.length > 1; at /= 2) {
            if (at ^ 1 < leaves.length) proof = _longer(proof, leaves[at ^ 1]);
            leaves = _level(leaves);
        }
    }

    function _longer(bytes32[] memory proof, bytes32 last) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](proof.length + 1);
        for (uint256 i = 0; i < proof.length; ++i) {
            longer[i] = proof[i];
        }
        longer[proof.length] = last;
    }

    function _cut(bytes32[] memory proof) private pure returns (bytes32[] memory shorter) {
        shorter = new bytes32[](proof.length - 1);
        for (uint256 i = 0; i < shorter.length; ++i) {
            shorter[i] = proof[i];
        }
    }
}
