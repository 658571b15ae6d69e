package merkle_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"

	"github.com/litentry/agentkeys/pkg/merkle"
)

// slow is the definition, written down a second time: the root of a list is the
// node of the roots of its greatest power-of-two head and of the rest.
func slow(leaves []merkle.Hash) merkle.Hash {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	return merkle.Node(slow(leaves[:k]), slow(leaves[k:]))
}

func entries(n int) (out [][]byte, leaves []merkle.Hash) {
	for i := range n {
		e := fmt.Appendf(nil, `{"n":%d,"of":%d}`, i, n)
		out, leaves = append(out, e), append(leaves, merkle.Leaf(e))
	}
	return out, leaves
}

// rolling is the SHA-256 over root and proofs of every size from 1 to 130: any
// change of any of them changes it. The contract verifies the same trees
// (solidity/merkle_test.go).
const rolling = "b52a706973a5f3483ef7f53348ddaa29a8e704f7ac8b9daff5c59cd8edb8a24e"

func TestEverySize(t *testing.T) {
	h := sha256.New()
	for n := 1; n <= 130; n++ {
		in, leaves := entries(n)
		tree, err := merkle.New(leaves)
		if err != nil || tree.Len() != n || tree.Root() != slow(leaves) {
			t.Fatalf("%d leaves: %v", n, err)
		}
		root := tree.Root()
		h.Write(root[:])
		for i, e := range in {
			proof := tree.Proof(i)
			for _, p := range proof {
				h.Write(p[:])
			}
			if !merkle.Verify(root, uint64(n), e, proof) {
				t.Fatalf("entry %d of %d is not proven", i, n)
			}
		}
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != rolling {
		t.Errorf("the trees are others: %s", got)
	}
}

func TestRefused(t *testing.T) {
	in, leaves := entries(5)
	tree, err := merkle.New(leaves)
	if err != nil {
		t.Fatal(err)
	}
	root, proof := tree.Root(), tree.Proof(1)
	if !merkle.Verify(root, 5, in[1], proof) {
		t.Fatal("the true proof is refused")
	}
	node := merkle.Node(leaves[0], leaves[1])
	changed := append([]merkle.Hash{}, proof...)
	changed[0][0] ^= 1
	one, err := merkle.New(leaves[:1])
	if err != nil {
		t.Fatal(err)
	}
	for what, ok := range map[string]bool{
		"another entry":              merkle.Verify(root, 5, in[2], proof),
		"an entry with a byte more":  merkle.Verify(root, 5, append(in[1], ' '), proof),
		"another root":               merkle.Verify(merkle.Hash{1}, 5, in[1], proof),
		"a sibling changed":          merkle.Verify(root, 5, in[1], changed),
		"a sibling less":             merkle.Verify(root, 5, in[1], proof[:len(proof)-1]),
		"a sibling more":             merkle.Verify(root, 5, in[1], append(proof, merkle.Hash{})),
		"longer than a tree of four": merkle.Verify(root, 4, in[1], proof),
		"an inner node as an entry":  merkle.Verify(root, 5, node[:], tree.Proof(1)[1:]),
		"the halves as an entry":     merkle.Verify(root, 5, append(append([]byte{1}, leaves[0][:]...), leaves[1][:]...), proof[1:]),
		"the root as an entry":       merkle.Verify(root, 5, root[:], nil),
		"nothing proves in a five":   merkle.Verify(one.Root(), 5, in[0], nil),
	} {
		if ok {
			t.Error(what + " is proven")
		}
	}
	if !merkle.Verify(one.Root(), 1, in[0], nil) {
		t.Error("a tree of one leaf needs no sibling")
	}
	if _, err := merkle.New(nil); !errors.Is(err, merkle.ErrEmpty) {
		t.Errorf("%v", err)
	}
}

// TestOddIsPromoted: a list whose last leaf stands there twice is another list.
func TestOddIsPromoted(t *testing.T) {
	_, leaves := entries(3)
	a, err := merkle.New(leaves)
	if err != nil {
		t.Fatal(err)
	}
	b, err := merkle.New(append(leaves, leaves[2]))
	if err != nil {
		t.Fatal(err)
	}
	if a.Root() == b.Root() {
		t.Error("[a b c] and [a b c c] have one root")
	}
	leaves[0][0] ^= 1
	if a.Root() != slow([]merkle.Hash{merkle.Leaf([]byte(`{"n":0,"of":3}`)), leaves[1], leaves[2]}) {
		t.Error("a tree follows the slice that it was built from")
	}
}

func TestMaxProof(t *testing.T) {
	for n, want := range map[uint64]int{0: 0, 1: 0, 2: 1, 3: 2, 4: 2, 5: 3, 1 << 20: 20, 1<<20 + 1: 21, 1 << 63: 63, 1<<63 + 1: 64} {
		if got := merkle.MaxProof(n); got != want {
			t.Errorf("%d leaves: %d, want %d", n, got, want)
		}
	}
}

func FuzzTree(f *testing.F) {
	f.Add([]byte("abc"), uint8(3), uint8(1))
	f.Add([]byte{}, uint8(1), uint8(0))
	f.Fuzz(func(t *testing.T, seed []byte, size, at uint8) {
		n := int(size)%64 + 1
		var in [][]byte
		var leaves []merkle.Hash
		for i := range n {
			e := append([]byte{byte(i)}, seed...)
			in, leaves = append(in, e), append(leaves, merkle.Leaf(e))
		}
		tree, err := merkle.New(leaves)
		if err != nil || tree.Root() != slow(leaves) {
			t.Fatal(err)
		}
		i := int(at) % n
		proof := tree.Proof(i)
		for j, e := range in {
			if merkle.Verify(tree.Root(), uint64(n), e, proof) != (i == j) {
				t.Fatalf("the proof of %d speaks for %d of %d", i, j, n)
			}
		}
	})
}

func BenchmarkMillion(b *testing.B) {
	_, leaves := entries(1 << 20)
	for b.Loop() {
		t, err := merkle.New(leaves)
		if err != nil {
			b.Fatal(err)
		}
		for i := range leaves {
			_ = t.Proof(i)
		}
	}
}

// BenchmarkHashes is the raw cost: as many node hashes as the tree has.
func BenchmarkHashes(b *testing.B) {
	_, leaves := entries(1 << 10)
	for b.Loop() {
		var h merkle.Hash
		for i := range 1<<20 - 1 {
			h = merkle.Node(h, leaves[i&1023])
		}
	}
}
