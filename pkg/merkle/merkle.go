// Package merkle builds the trees whose roots are anchored on chain, and proves
// that an entry is in one.
//
// The laws are those of solidity/src/libraries/Merkle.sol, which verifies what
// is built here:
//
//   - A leaf is keccak256(0x00 || entry), a node keccak256(0x01 || a || b): no
//     node passes for a leaf (the second preimage that RFC 6962 section 2.1
//     guards against).
//   - The two halves of a node are sorted, so that a proof is a list of siblings
//     without directions.
//   - An odd node is promoted to the next level, never doubled: no two lists of
//     entries have one root (CVE-2012-2459).
//   - A proof has at most ceil(log2 n) siblings; only the root of a tree of one
//     leaf has none.
//
// A proof binds neither the position of an entry nor the number of entries: what
// counts an entry, and where it stands, is part of the entry itself.
package merkle

import (
	"bytes"
	"errors"

	"golang.org/x/crypto/sha3"
)

// Hash is a leaf, a node or a root.
type Hash [32]byte

const (
	leafPrefix = 0x00
	nodePrefix = 0x01
)

// ErrEmpty: a tree has at least one leaf.
var ErrEmpty = errors.New("a Merkle tree has at least one leaf")

// Leaf is the leaf of an entry.
func Leaf(entry []byte) (out Hash) {
	h := sha3.NewLegacyKeccak256()
	h.Write([]byte{leafPrefix})
	h.Write(entry)
	h.Sum(out[:0])
	return out
}

// Node is the parent of two hashes, in whatever order they are given.
func Node(a, b Hash) (out Hash) {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	h := sha3.NewLegacyKeccak256()
	h.Write([]byte{nodePrefix})
	h.Write(a[:])
	h.Write(b[:])
	h.Sum(out[:0])
	return out
}

// Tree is a built tree: all its levels, about two hashes per leaf. It is
// immutable and safe for concurrent use.
type Tree struct {
	// levels[0] are the leaves, the last has the root alone.
	levels [][]Hash
}

// New builds the tree over leaves, in their order. The leaves are copied.
func New(leaves []Hash) (*Tree, error) {
	if len(leaves) == 0 {
		return nil, ErrEmpty
	}
	level := append([]Hash(nil), leaves...)
	t := &Tree{levels: [][]Hash{level}}
	for len(level) > 1 {
		next := make([]Hash, 0, (len(level)+1)/2)
		for i := 0; i+1 < len(level); i += 2 {
			next = append(next, Node(level[i], level[i+1]))
		}
		if len(level)%2 == 1 {
			next = append(next, level[len(level)-1])
		}
		t.levels = append(t.levels, next)
		level = next
	}
	return t, nil
}

// Root is what is anchored.
func (t *Tree) Root() Hash { return t.levels[len(t.levels)-1][0] }

// Len is the number of leaves.
func (t *Tree) Len() int { return len(t.levels[0]) }

// Proof is the siblings of leaf i from the leaf up; promotions are not listed.
// It panics when there is no such leaf: an index is the caller's own.
func (t *Tree) Proof(i int) []Hash {
	if i < 0 || i >= t.Len() {
		panic("merkle: no such leaf")
	}
	proof := make([]Hash, 0, len(t.levels)-1)
	for _, level := range t.levels[:len(t.levels)-1] {
		if sibling := i ^ 1; sibling < len(level) {
			proof = append(proof, level[sibling])
		}
		i /= 2
	}
	return proof
}

// MaxProof is the length of the longest proof in a tree of n leaves:
// ceil(log2 n).
func MaxProof(n uint64) int {
	length := 0
	for length < 64 && uint64(1)<<length < n {
		length++
	}
	return length
}

// Verify reports whether entry is in the tree of n leaves with this root, as the
// contract does: a proof that is too long proves nothing, and an empty one only
// in a tree of one.
func Verify(root Hash, n uint64, entry []byte, proof []Hash) bool {
	if len(proof) > MaxProof(n) || len(proof) == 0 && n != 1 {
		return false
	}
	h := Leaf(entry)
	for _, sibling := range proof {
		h = Node(h, sibling)
	}
	return h == root
}
