package archive

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob"
)

// TestTooLarge: a file ends where storage would refuse it.
func TestTooLarge(t *testing.T) {
	m := &measured{w: io.Discard, hash: sha256.New(), size: blob.MaxArchived - 3}
	if n, err := m.Write([]byte("abc")); n != 3 || err != nil || m.size != blob.MaxArchived {
		t.Errorf("%d %v, %d bytes", n, err, m.size)
	}
	n, err := m.Write([]byte("d"))
	if n != 0 || !errors.Is(err, errTooLarge) || m.size != blob.MaxArchived {
		t.Errorf("%d %v", n, err)
	}
	if r := reasonOf(fmt.Errorf("writing a batch: %w", err)); r != TooLarge || !r.ofBatch() {
		t.Errorf("%s", r)
	}
}
