package auditproof_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/journal"
)

func TestHeaders(t *testing.T) {
	_, f, _ := proven(t)
	block := f.Anchor.BlockHash.String()
	other := journal.Hash{7}.String()
	for name, text := range map[string]string{
		"rlp":      f.Receipt.Header.String(),
		"a line":   f.Receipt.Header.String() + "\n",
		"answer":   `{"number":"0x4d","hash":"` + block + `","parentHash":"` + other + `","transactions":["` + other + `"]}`,
		"envelope": `{"jsonrpc":"2.0","id":1,"result":{"hash":"` + block + `","parentHash":"` + other + `"}}`,
	} {
		if h, err := auditproof.ParseHeader([]byte(text)); err != nil || h != blockOf(f) {
			t.Errorf("%s: %v, %v", name, h, err)
		}
	}
	for name, text := range map[string]string{
		"empty": "", "no hex": "0xzz", "a hash alone": block, "no object": "[]", "no hash": `{"parentHash":"` + other + `"}`,
		"a transaction": `{"hash":"` + block + `"}`, "an error": `{"jsonrpc":"2.0","id":1,"error":{"code":1}}`, "large": strings.Repeat("x", 5<<20),
		"a large answer": `{"hash":"` + block + `","parentHash":"` + other + `","extraData":"` + strings.Repeat("0", 4<<20) + `"}`,
	} {
		if _, err := auditproof.ParseHeader([]byte(text)); !errors.Is(err, auditproof.ErrHeader) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if h, err := auditproof.ParseBlockHash(block); err != nil || h != blockOf(f) {
		t.Error(h, err)
	}
	for _, bad := range []string{"", "0x", strings.ToUpper(block), block + "0", block[2:]} {
		if _, err := auditproof.ParseBlockHash(bad); !errors.Is(err, auditproof.ErrHeader) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// FuzzHeader: a header's hash comes from what was given.
func FuzzHeader(f *testing.F) {
	f.Add([]byte("0xf90200"))
	f.Add([]byte(`{"hash":"` + journal.Hash{1}.String() + `","parentHash":"` + journal.Hash{2}.String() + `"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := auditproof.ParseHeader(text)
		if (err == nil) == (h == auditproof.Header{}) {
			t.Fatal(h, err)
		}
	})
}
