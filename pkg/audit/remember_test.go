package audit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/jose"
)

// TestNodesAreNoLeaves: two hashes under one, offered as a statement of a group
// half as large.
func TestNodesAreNoLeaves(t *testing.T) {
	t.Parallel()
	leaves := make([]hash, 4)
	for i := range leaves {
		leaves[i] = leafOf([]byte{byte(i)})
	}
	levels := treeOver(leaves)
	g := group{levels[2][0], 1, 4}
	if err := g.holds([]byte{0}, 1, pathOf(levels, 0)); err != nil {
		t.Fatal(err)
	}
	inner := append(leaves[0][:], leaves[1][:]...)
	if err := (group{g.root, 1, 2}).holds(inner, 1, levels[1][1][:]); err == nil {
		t.Error("a node passes for a leaf")
	}
	if leafOf(inner) == nodeOf(leaves[0], leaves[1]) || leafOf(nil) == sha256.Sum256(nil) {
		t.Error("leaves and nodes are hashed alike")
	}
}

// TestAVerifierRemembers what it verified, and only so much, and nothing that it
// refused.
func TestAVerifierRemembers(t *testing.T) {
	t.Parallel()
	k, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jose.NewKeySet(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	v, source := NewVerifier(keys), NewSource("signer", k.Public(), "S1")
	sign := func(n uint64) string {
		s, err := Statement{jose.NewID(), n, hash{1}, source}.encode()
		if err != nil {
			t.Fatal(err)
		}
		signed, err := jose.Sign(k, ReceiptType, group{leafOf(s), n, 1}.encode())
		if err != nil {
			t.Fatal(err)
		}
		return signed + "." + jose.EncodeSegment(s)
	}
	first := sign(1)
	part := strings.Split(first, ".")
	other := strings.Split(sign(1), ".")
	for name, bad := range map[string]string{
		"another signature": strings.Join([]string{part[0], part[1], other[2], part[3]}, "."),
		"another group":     strings.Join([]string{part[0], other[1], part[2], part[3]}, "."),
	} {
		if _, err := v.Verify(bad); !errors.Is(err, ErrReceipt) || len(v.young) != 0 {
			t.Errorf("%s: %v, and %d are remembered", name, err, len(v.young))
		}
	}
	for n := range uint64(3*maxRemembered + 1) {
		r := first
		if n > 0 {
			r = sign(n + 1)
		}
		for range 2 {
			if s, err := v.Verify(r); err != nil || s.Sequence != n+1 {
				t.Fatal(n, s, err)
			}
		}
		if signed := r[:strings.LastIndexByte(r, '.')]; v.young[signed].by != k.Public().Thumbprint() {
			t.Fatal(fmt.Sprint(n, " is not remembered"))
		}
		if a, b := len(v.young), len(v.old); a > maxRemembered || b > maxRemembered {
			t.Fatal(n, a, b)
		}
		if n == maxRemembered {
			if _, known := v.recall(first[:strings.LastIndexByte(first, '.')]); !known {
				t.Error("the older half is not asked")
			}
		}
	}
	if _, known := v.recall(first[:strings.LastIndexByte(first, '.')]); known {
		t.Error("the first is still remembered")
	}
	if _, err := v.Verify(first); err != nil {
		t.Error("what was forgotten:", err)
	}
}

// FuzzReceiptText: what can be read is written in one way, and whoever signed it
// is not asked.
func FuzzReceiptText(f *testing.F) {
	k, err := jose.GenerateKey()
	if err != nil {
		f.Fatal(err)
	}
	keys, err := jose.NewKeySet(k.Public())
	if err != nil {
		f.Fatal(err)
	}
	source := NewSource("signer", k.Public(), "S1")
	var statements [][]byte
	var leaves []hash
	for n := range uint64(3) {
		s, err := Statement{jose.EncodeSegment(make([]byte, 16)), n + 1, hash{}, source}.encode()
		if err != nil {
			f.Fatal(err)
		}
		statements, leaves = append(statements, s), append(leaves, leafOf(s))
	}
	levels := treeOver(leaves)
	signed, err := jose.Sign(k, ReceiptType, group{levels[2][0], 1, 3}.encode())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed + "." + jose.EncodeSegment(statements[0]) + "." + jose.EncodeSegment(pathOf(levels, 0)))
	f.Add("e30.e30.e30.e30")
	v := NewVerifier(keys)
	f.Fuzz(func(t *testing.T, receipt string) {
		s, err := ReadReceipt(receipt)
		verified, bad := v.Verify(receipt)
		if err != nil {
			if !errors.Is(err, ErrReceipt) || bad == nil {
				t.Fatal(err, bad)
			}
			return
		}
		if again, err := s.encode(); err != nil || jose.EncodeSegment(again) != strings.Split(receipt, ".")[3] {
			t.Fatalf("%+v: %v", s, err)
		}
		if bad == nil && verified != s {
			t.Fatalf("%+v, verified %+v", s, verified)
		}
	})
}

// FuzzReceipt: of what the emitter itself signed, only a group with this statement
// under this number is a receipt.
func FuzzReceipt(f *testing.F) {
	k, err := jose.GenerateKey()
	if err != nil {
		f.Fatal(err)
	}
	keys, err := jose.NewKeySet(k.Public())
	if err != nil {
		f.Fatal(err)
	}
	s, err := Statement{jose.EncodeSegment(make([]byte, 16)), 1, hash{}, NewSource("signer", k.Public(), "S1")}.encode()
	if err != nil {
		f.Fatal(err)
	}
	sibling := leafOf([]byte("x"))
	f.Add(group{leafOf(s), 1, 1}.encode(), s, []byte{})
	f.Add(group{nodeOf(leafOf(s), sibling), 1, 2}.encode(), s, sibling[:])
	f.Fuzz(func(t *testing.T, payload, statement, path []byte) {
		if len(payload) == 0 || len(payload) > MaxReceipt {
			return
		}
		signed, err := jose.Sign(k, ReceiptType, payload)
		if err != nil {
			t.Fatal(err)
		}
		receipt := signed + "." + jose.EncodeSegment(statement)
		if len(path) > 0 {
			receipt += "." + jose.EncodeSegment(path)
		}
		s, err := VerifyReceipt(keys, receipt)
		if err != nil {
			if !errors.Is(err, ErrReceipt) {
				t.Fatal(err)
			}
			return
		}
		g, bad := decodeGroup(payload)
		again, worse := s.encode()
		if bad != nil || worse != nil || string(again) != string(statement) || string(g.encode()) != string(payload) ||
			s.Sequence < g.first || s.Sequence-g.first >= uint64(g.size) || len(path) > 8*sha256.Size || len(path)%sha256.Size != 0 {
			t.Fatalf("%+v of %+v: %v, %v", s, g, bad, worse)
		}
	})
}
