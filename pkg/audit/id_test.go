package audit_test

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
)

// TestNewID: each is another one, behind the one before in the order of bytes, and of
// version 7 and the variant of RFC 9562.
func TestNewID(t *testing.T) {
	t.Parallel()
	before, set, clear := make([]byte, 16), [8]byte{}, [8]byte{}
	for range 1000 {
		id := audit.NewID()
		b, err := jose.DecodeSegment(id)
		if err != nil || !jose.IsID(id) {
			t.Fatal(id, err)
		}
		if string(b) <= string(before) {
			t.Fatalf("%x behind %x", b, before)
		}
		if b[6]>>4 != 7 || b[8]>>6 != 2 {
			t.Fatalf("%x: version %d, variant %d", b, b[6]>>4, b[8]>>6)
		}
		before = b
		for i, c := range b[8:] {
			set[i], clear[i] = set[i]|c, clear[i]|^c
		}
	}
	// Each of the 62 bits was drawn both ways.
	if all := [8]byte{0xbf, 255, 255, 255, 255, 255, 255, 255}; set != all || clear != [8]byte{0x7f, 255, 255, 255, 255, 255, 255, 255} {
		t.Errorf("%x, %x: not random", set, clear)
	}
}
