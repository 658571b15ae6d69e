package auditproof_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/litentry/agentkeys/pkg/auditproof"
)

// TestBatchesOfAllSizes writes a batch of each size from 1 to 130, which
// testdata/audit-check/merkle.mjs reads: AGENTKEYS_TEST_BATCHES says where to.
func TestBatchesOfAllSizes(t *testing.T) {
	dir := os.Getenv("AGENTKEYS_TEST_BATCHES")
	if dir == "" {
		dir = t.TempDir()
	}
	b := newBook(t)
	for n := 1; n <= 130; n++ {
		for i := range n {
			b.note(t, fmt.Sprintf("note %d of %d", i, n))
		}
		batch := b.cut(t)
		var out bytes.Buffer
		if err := auditproof.WriteBatch(&out, header(batch), b.leaves(t, batch)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, filepath.FromSlash(auditproof.BatchPath(b.op, batch.Index)))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if h, err := auditproof.CheckBatch(bytes.NewReader(out.Bytes())); err != nil || h.Batch() != batch {
			t.Fatal(h, err)
		}
	}
	a, err := auditproof.OpenArchive(os.DirFS(dir), b.op)
	if err != nil {
		t.Fatal(err)
	}
	if r := b.check(t, a, b.anchored(130)); !r.Sound() || r.Events != 130*131/2 || r.Batches != 130 {
		t.Errorf("%+v", r)
	}
}
