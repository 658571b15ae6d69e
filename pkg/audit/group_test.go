package audit_test

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
)

// forged is a group as anybody can put it together, written out once more after
// RFC 9162 section 2.1.
type forged struct {
	statements [][]byte
	first      uint64
	size       int
}

func statement(id [16]byte, number uint64, source string) []byte {
	sum := sha256.Sum256(id[:])
	return slices.Concat(id[:], binary.BigEndian.AppendUint64(nil, number), sum[:], []byte(source))
}

// groupOf are n statements of a source, numbered on from first; kind tells groups
// apart.
func groupOf(kind byte, source string, first uint64, n int) forged {
	g := forged{first: first, size: n}
	for i := range n {
		g.statements = append(g.statements, statement([16]byte{kind, byte(i), byte(i >> 8)}, first+uint64(i), source))
	}
	return g
}

func sum(parts ...[]byte) []byte {
	s := sha256.Sum256(slices.Concat(parts...))
	return s[:]
}

// half is the largest power of two below n.
func half(n int) int {
	k := 1
	for 2*k < n {
		k *= 2
	}
	return k
}

func treeHash(d [][]byte) []byte {
	if len(d) == 1 {
		return sum([]byte{0}, d[0])
	}
	k := half(len(d))
	return sum([]byte{1}, treeHash(d[:k]), treeHash(d[k:]))
}

func treePath(m int, d [][]byte) [][]byte {
	if len(d) == 1 {
		return nil
	}
	if k := half(len(d)); m < k {
		return append(treePath(m, d[:k]), treeHash(d[k:]))
	} else {
		return append(treePath(m-k, d[k:]), treeHash(d[:k]))
	}
}

func payload(root []byte, first uint64, size int) string {
	return string(binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint64(slices.Clone(root), first), uint16(size)))
}

func (g forged) payload() string { return payload(treeHash(g.statements), g.first, g.size) }

func (g forged) signed(f josetest.Forger) string {
	return f.Token(f.Header(audit.ReceiptType), g.payload())
}

func text(signed string, statement []byte, path ...[]byte) string {
	out := signed + "." + jose.EncodeSegment(statement)
	if len(path) > 0 {
		out += "." + jose.EncodeSegment(slices.Concat(path...))
	}
	return out
}

// TestGroups: of every size, what is signed is the root of the tree that the RFC
// describes, each receipt verifies by itself, and the longest is short enough.
func TestGroups(t *testing.T) {
	t.Parallel()
	f := josetest.New(t)
	keys, err := jose.NewKeySet(f.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	source := audit.NewSource("signer", f.Key.Public(), "s")
	source += strings.Repeat("s", 64-len(source))
	var events []audit.Encoded
	longest := 0
	for n := 1; n <= audit.MaxGroup; n++ {
		e := event()
		e.ID = jose.NewID()
		encoded, err := e.Encoded()
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, encoded)
		if n > 40 && n < audit.MaxGroup-2 && n%31 != 0 {
			continue
		}
		first := uint64(1<<53 - n) // the greatest numbers
		receipts, err := audit.SignGroup(f.Key, source, first, events...)
		if err != nil || len(receipts) != n {
			t.Fatal(n, err)
		}
		v := audit.NewVerifier(keys)
		g := forged{first: first, size: n}
		for i, r := range receipts {
			s, err := v.Verify(r)
			if err != nil || s.Sequence != first+uint64(i) || s.Source != source || s.SHA256 != sha256.Sum256(events[i].Text()) {
				t.Fatalf("%d of %d: %+v, %v", i, n, s, err)
			}
			part := strings.Split(r, ".")
			b, err := jose.DecodeSegment(part[3])
			if err != nil {
				t.Fatal(err)
			}
			g.statements, longest = append(g.statements, b), max(longest, len(r))
		}
		signed := strings.Join(strings.Split(receipts[0], ".")[:3], ".")
		if c, err := jose.Split(signed); err != nil || string(c.Payload) != g.payload() {
			t.Errorf("%d: another root than the RFC's, or no root: %v", n, err)
		}
		for i, r := range receipts {
			if r != text(signed, g.statements[i], treePath(i, g.statements)...) {
				t.Errorf("%d of %d: another path than the RFC's", i, n)
			}
		}
	}
	if longest > audit.MaxReceipt {
		t.Errorf("%d characters", longest)
	}
	for name, c := range map[string]struct {
		first  uint64
		events []audit.Encoded
	}{
		"none": {1, nil}, "too many": {1, append(events, events[0])}, "number 0": {0, events[:1]}, "numbers beyond": {1<<53 - 1, events[:2]},
		"no event": {1, []audit.Encoded{{}}},
	} {
		if _, err := audit.SignGroup(f.Key, source, c.first, c.events...); err == nil {
			t.Errorf("%s: signed", name)
		}
	}
}

// TestAReceiptIsRefused: each differs from one that verifies in one thing. Whether
// the verifier remembers the group makes no difference.
func TestAReceiptIsRefused(t *testing.T) {
	t.Parallel()
	f, stranger := josetest.New(t), josetest.New(t)
	keys, err := jose.NewKeySet(f.Key.Public(), josetest.New(t).Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	both, err := jose.NewKeySet(f.Key.Public(), stranger.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	source := audit.NewSource("signer", f.Key.Public(), "S1")
	g, other := groupOf(1, source, 7, 5), groupOf(2, source, 7, 5)
	signed, path := g.signed(f), treePath(2, g.statements)
	one := groupOf(3, source, 9, 1)
	foreign := groupOf(1, audit.NewSource("signer", stranger.Key.Public(), "S1"), 7, 5)
	mirrored := sum([]byte{1}, sum([]byte{0}, g.statements[4]), treeHash(g.statements[:4]))
	by := func(payload string) string { return f.Token(f.Header(audit.ReceiptType), payload) }
	alone := func(source string) string {
		o := groupOf(4, source, 7, 1)
		return text(o.signed(f), o.statements[0])
	}
	cases := map[string]struct{ receipt, says string }{
		"as it should be":           {text(signed, g.statements[2], path...), ""},
		"the last, promoted":        {text(signed, g.statements[4], treePath(4, g.statements)...), ""},
		"alone":                     {text(one.signed(f), one.statements[0]), ""},
		"the path of another leaf":  {text(signed, g.statements[2], treePath(1, g.statements)...), "does not lead"},
		"the path of its sibling":   {text(signed, g.statements[2], treePath(3, g.statements)...), "does not lead"},
		"another group's path":      {text(signed, g.statements[2], treePath(2, other.statements)...), "does not lead"},
		"another group's statement": {text(signed, other.statements[2], path...), "does not lead"},
		"another group's signature": {text(other.signed(f), g.statements[2], path...), "does not lead"},
		"another number's path":     {text(signed, statement([16]byte{1, 2}, 8, source), path...), "does not lead"},
		"siblings swapped":          {text(signed, g.statements[2], path[1], path[0], path[2]), "does not lead"},
		"halves swapped":            {text(by(payload(mirrored, 7, 5)), g.statements[2], path...), "does not lead"},
		"a path too long":           {text(signed, g.statements[2], append(slices.Clone(path), path[0])...), "too long"},
		"a byte too long":           {text(signed, g.statements[2], append(slices.Clone(path), []byte{0})...), "too long"},
		"a path too short":          {text(signed, g.statements[2], path[:2]...), "too short"},
		"a byte too short":          {text(signed, g.statements[2], path[0], path[1], path[2][:31]), "too short"},
		"no path":                   {text(signed, g.statements[2]), "too short"},
		"no path, the root alone":   {text(by(payload(treeHash(g.statements[2:3]), 7, 5)), g.statements[2]), "too short"},
		"a path of one alone":       {text(one.signed(f), one.statements[0], path[0]), "too long"},
		"an empty path":             {text(one.signed(f), one.statements[0]) + ".", "four segments"},
		"six segments":              {text(signed, g.statements[2], path...) + ".AA", "four segments"},
		"no statement":              {signed, "four segments"},
		"an empty statement":        {signed + ".", "states no event"},
		"a statement cut":           {text(signed, g.statements[2][:55], path...), "states no event"},
		"the number before":         {text(by(payload(treeHash(one.statements), 10, 1)), one.statements[0]), "not of the group"},
		"the number behind":         {text(by(payload(treeHash(one.statements), 8, 1)), one.statements[0]), "not of the group"},
		"number 0":                  {text(by(payload(treeHash([][]byte{statement([16]byte{9}, 0, source)}), 0, 1)), statement([16]byte{9}, 0, source)), "no group"},
		"the greatest number":       {text(groupOf(1, source, 1<<53-1, 1).signed(f), groupOf(1, source, 1<<53-1, 1).statements[0]), ""},
		"a number beyond":           {text(groupOf(1, source, 1<<53, 1).signed(f), groupOf(1, source, 1<<53, 1).statements[0]), "no group"},
		"a group of nobody":         {text(by(payload(treeHash(one.statements), 9, 0)), one.statements[0]), "no group"},
		"a group too large":         {text(groupOf(1, source, 7, 257).signed(f), groupOf(1, source, 7, 257).statements[256], treeHash(groupOf(1, source, 7, 257).statements[:256])), "no group"},
		"a byte before":             {text(by("\x00"+g.payload()), g.statements[2], path...), "no group"},
		"a byte behind":             {text(by(g.payload()+"\x00"), g.statements[2], path...), "no group"},
		"a byte less":               {text(by(g.payload()[1:]), g.statements[2], path...), "no group"},
		"a statement signed":        {text(by(string(g.statements[2])), g.statements[2], path...), "no group"},
		"another type":              {text(f.Token(f.Header("agentkeys-receipt+jwt"), g.payload()), g.statements[2], path...), "typ is not"},
		"a stranger's signature":    {text(g.signed(stranger), g.statements[2], path...), "unknown kid"},
		"another key's name":        {text(stranger.Token(f.Header(audit.ReceiptType), g.payload()), g.statements[2], path...), "does not verify"},
		"another key's source":      {text(foreign.signed(f), foreign.statements[2], treePath(2, foreign.statements)...), "another key's"},
		"no source":                 {alone(""), "role:thumbprint:serial"},
		"a source without parts":    {alone("signer"), "role:thumbprint:serial"},
		"a source of four parts":    {alone(source + ":x"), "role:thumbprint:serial"},
		"a source of no key":        {alone("signer:x:S1"), "role:thumbprint:serial"},
		"no serial":                 {alone(strings.TrimSuffix(source, "S1")), "role:thumbprint:serial"},
		"a role in upper case":      {alone("S" + source[1:]), "role:thumbprint:serial"},
		"the longest source":        {alone(source + strings.Repeat("x", 64-len(source))), ""},
		"too long a source":         {alone(source + strings.Repeat("x", 65-len(source))), "role:thumbprint:serial"},
		"a line in the source":      {alone(source + "\n"), "role:thumbprint:serial"},
		"too long":                  {text(signed, g.statements[2], path...) + strings.Repeat("A", audit.MaxReceipt), "it is too long"},
	}
	for _, c := range f.Confusions(t, audit.ReceiptType, g.payload()) {
		cases["confused: "+c.Name] = struct{ receipt, says string }{text(c.Token, g.statements[2], path...), audit.ErrReceipt.Error()}
	}
	warm := audit.NewVerifier(keys)
	for _, known := range []string{"as it should be", "alone", "another key's source"} {
		_, _ = warm.Verify(cases[known].receipt)
	}
	for name, c := range cases {
		for how, verify := range map[string]func(string) (audit.Statement, error){
			"at once": func(r string) (audit.Statement, error) { return audit.VerifyReceipt(keys, r) }, "remembering": warm.Verify,
		} {
			s, err := verify(c.receipt)
			if (err == nil) != (c.says == "") || err != nil && (!errors.Is(err, audit.ErrReceipt) || !strings.Contains(err.Error(), c.says) || s != (audit.Statement{})) {
				t.Errorf("%s, %s: %+v, %v, want %q", name, how, s, err, c.says)
			}
		}
	}
	// The twins of the stranger's: what he signs is his, where he is listed.
	if _, err := audit.VerifyReceipt(both, text(foreign.signed(stranger), foreign.statements[2], treePath(2, foreign.statements)...)); err != nil {
		t.Error(err)
	}
	if _, err := audit.VerifyReceipt(both, text(g.signed(stranger), g.statements[2], path...)); !errors.Is(err, audit.ErrReceipt) {
		t.Error(err)
	}
	var nobody *audit.Verifier
	if _, err := nobody.Verify(cases["as it should be"].receipt); !errors.Is(err, jose.ErrUnknownKey) || len(nobody.Emitters().Keys()) != 0 {
		t.Error(err)
	}
}

// TestEveryBit of a receipt counts, whether the group is remembered or not.
func TestEveryBit(t *testing.T) {
	t.Parallel()
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	f := josetest.New(t)
	keys, err := jose.NewKeySet(f.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	g := groupOf(1, audit.NewSource("signer", f.Key.Public(), "S1"), 1, 6)
	good := text(g.signed(f), g.statements[5], treePath(5, g.statements)...)
	v := audit.NewVerifier(keys)
	if _, err := v.Verify(good); err != nil {
		t.Fatal(err)
	}
	for i, c := range []byte(good) {
		var others []byte
		if at := strings.IndexByte(alphabet, c); at >= 0 {
			for bit := range 6 {
				others = append(others, alphabet[at^1<<bit])
			}
		} else {
			others = []byte("A")
		}
		for _, o := range others {
			bad := good[:i] + string(o) + good[i+1:]
			if _, err := v.Verify(bad); !errors.Is(err, audit.ErrReceipt) {
				t.Errorf("%c for %c at %d: %v", o, c, i, err)
			}
		}
		if _, err := v.Verify(good[:i] + good[i+1:]); !errors.Is(err, audit.ErrReceipt) {
			t.Errorf("without the character at %d: %v", i, err)
		}
	}
	if _, err := v.Verify(good); err != nil {
		t.Error(err)
	}
}
