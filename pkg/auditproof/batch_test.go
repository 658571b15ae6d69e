package auditproof_test

import (
	"math"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/journal"
)

// Each differs in one thing from the batch of a proof that holds.
func TestABatchThatCannotBe(t *testing.T) {
	b := newBook(t)
	b.decide(t, 3)
	b.cut(t)
	if _, err := b.proof(t, 2).Check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		edit func(*auditproof.Batch)
		says string
	}{
		"no entries":          {func(b *auditproof.Batch) { b.Count = 0 }, "a batch has 1 to"},
		"too many entries":    {func(b *auditproof.Batch) { b.Count = journal.MaxBatch + 1 }, "a batch has 1 to"},
		"before the first":    {func(b *auditproof.Batch) { b.First = 0 }, "stands where none can"},
		"a position too high": {func(b *auditproof.Batch) { b.First, b.Count = journal.MaxSequence+1, 1 }, "stands where none can"},
		"an end beyond all":   {func(b *auditproof.Batch) { b.First, b.Count = math.MaxUint64, 2 }, "stands where none can"},
		"an end too high":     {func(b *auditproof.Batch) { b.First = journal.MaxSequence }, "stands where none can"},
		"an index too high":   {func(b *auditproof.Batch) { b.Index = journal.MaxSequence + 1 }, "stands where none can"},
		"no root":             {func(b *auditproof.Batch) { b.Root = journal.Hash{} }, "a batch has a root"},
	} {
		p := b.proof(t, 2)
		c.edit(&p.Batch)
		if _, err := p.Check(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The greatest that there can be is one.
	p := b.proof(t, 2)
	p.Batch.Index, p.Batch.Count = journal.MaxSequence, journal.MaxBatch
	if _, err := p.Check(); err != nil {
		t.Error(err)
	}
}
