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
	before := make([]byte, 16)
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
	}
}
