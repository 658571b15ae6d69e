package solidity_test

import (
	"fmt"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/merkle"
)

// TestMerkleGoAndContract: what Go builds the contract verifies, for every size
// to 130 and every entry, and nothing of another entry, batch or operator.
func TestMerkleGoAndContract(t *testing.T) {
	w := newWorld(t)
	audit := bindings.NewCredentialAudit()
	acme, globex := newPerson(t), newPerson(t)
	for _, p := range []person{acme, globex} {
		op := p.firstMaster()
		w.must(t, "register", p.wallet, w.registry, registerCall(op, p.touch(t, op, w.onRegistry())))
	}
	proven := func(p person, batch int, entry []byte, proof []merkle.Hash) bool {
		raw := make([][32]byte, len(proof))
		for i, h := range proof {
			raw[i] = h
		}
		ok, err := audit.UnpackVerifyEntryInRoot(w.view(t, w.audit, audit.PackVerifyEntryInRoot(p.operator.Bytes(), uint64(batch), entry, raw)))
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	for n := 1; n <= 130; n++ {
		var entries [][]byte
		var leaves []merkle.Hash
		for i := range n {
			e := fmt.Appendf(nil, `{"n":%d,"of":%d}`, i, n)
			entries, leaves = append(entries, e), append(leaves, merkle.Leaf(e))
		}
		tree, err := merkle.New(leaves)
		if err != nil {
			t.Fatal(err)
		}
		batch := n - 1
		w.anchor(t, acme.wallet, audit.PackAppendRoot(acme.operator.Bytes(), uint64(batch), tree.Root(), uint64(n)))
		for i, e := range entries {
			proof := tree.Proof(i)
			if !proven(acme, batch, e, proof) || !merkle.Verify(tree.Root(), uint64(n), e, proof) {
				t.Fatalf("entry %d of %d is not proven", i, n)
			}
			if i > 2 {
				continue // every size has seen the refusals
			}
			other := entries[(i+1)%n]
			for what, got := range map[string]bool{
				"another entry":     n > 1 && proven(acme, batch, other, proof),
				"another batch":     proven(acme, batch+1, e, proof),
				"another operator":  proven(globex, batch, e, proof),
				"a longer proof":    proven(acme, batch, e, append(append([]merkle.Hash{}, proof...), merkle.Hash{})),
				"a shorter proof":   n > 1 && proven(acme, batch, e, proof[:len(proof)-1]),
				"an entry extended": proven(acme, batch, append(append([]byte{}, e...), ' '), proof),
			} {
				if got {
					t.Errorf("%s, entry %d of %d: proven", what, i, n)
				}
			}
		}
	}
	if n, err := audit.UnpackRootCount(w.view(t, w.audit, audit.PackRootCount(acme.operator.Bytes()))); err != nil || n != 130 {
		t.Errorf("%v roots, %v", n, err)
	}
}

// anchor sends as the operator's wallet and wants it to be taken.
func (w *world) anchor(t testing.TB, wallet common.Address, input []byte) {
	t.Helper()
	if _, refusal := w.send(t, wallet, w.audit, input); refusal != nil {
		t.Fatalf("anchoring: %T %+v", refusal, refusal)
	}
}
