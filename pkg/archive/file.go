package archive

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
)

// errTooLarge says that a batch does not go into the archive as one file.
var errTooLarge = errors.New("the file of the batch is larger than storage takes in one piece")

// write writes the file of a batch to disk. The caller closes it, with which it
// is gone: it has no name from the beginning, so that no crash leaves one.
func (a *Archiver) write(ctx context.Context, b journal.Batch) (*os.File, blob.Body, error) {
	leaves, tree, err := a.tree(ctx, b)
	if err != nil {
		return nil, blob.Body{}, err
	}
	f, err := os.CreateTemp(a.dir, ".archive-*.tmp")
	if err != nil {
		return nil, blob.Body{}, fmt.Errorf("write a batch: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, blob.Body{}, fmt.Errorf("write a batch: %w", errors.Join(err, f.Close()))
	}
	m := &measured{w: f, hash: sha256.New()}
	if err := a.fill(ctx, b, leaves, tree, m); err != nil {
		return nil, blob.Body{}, errors.Join(err, f.Close())
	}
	return f, blob.Body{Content: f, Size: m.size, Checksum: [32]byte(m.hash.Sum(nil))}, nil
}

// tree is that of the entries that the journal has now, which must be the one
// that was anchored.
func (a *Archiver) tree(ctx context.Context, b journal.Batch) ([]merkle.Hash, *merkle.Tree, error) {
	leaves := make([]merkle.Hash, 0, b.Count)
	err := a.entries(ctx, b, func(leaf []byte) error {
		leaves = append(leaves, merkle.Leaf(leaf))
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	tree, err := merkle.New(leaves)
	if err != nil {
		return nil, nil, err
	}
	if tree.Root() != b.Root {
		return nil, nil, &journal.Damage{Operator: b.Operator, Position: b.First, Reason: fmt.Sprintf("begins batch %d, whose root is not that of its entries", b.Index)}
	}
	return leaves, tree, nil
}

func (a *Archiver) fill(ctx context.Context, b journal.Batch, leaves []merkle.Hash, tree *merkle.Tree, w io.Writer) error {
	bw, err := auditproof.NewBatchWriter(w, auditproof.HeaderOf(b), tree)
	if err != nil {
		return err
	}
	n := 0
	err = a.entries(ctx, b, func(leaf []byte) error {
		if merkle.Leaf(leaf) != leaves[n] {
			return &journal.Damage{Operator: b.Operator, Position: b.First + uint64(n), Reason: "changed while it was archived"}
		}
		n++
		return bw.Add(leaf)
	})
	if err != nil {
		return err
	}
	return bw.Close()
}

// entries visits the entries of a batch in their order, a page at a time.
func (a *Archiver) entries(ctx context.Context, b journal.Batch, visit func(leaf []byte) error) error {
	for next, end := b.First, b.First+b.Count; next < end; {
		page, err := a.journal.Events(ctx, journal.Query{Operator: b.Operator, After: next - 1, Limit: int(min(journal.MaxPage, end-next))})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return &journal.Damage{Operator: b.Operator, Position: next, Reason: "is missing"}
		}
		for _, s := range page {
			if s.Position != next {
				return &journal.Damage{Operator: b.Operator, Position: next, Reason: "is missing"}
			}
			if err := visit(s.Leaf); err != nil {
				return err
			}
			next++
		}
	}
	return nil
}

// measured counts and hashes what is written.
type measured struct {
	w    io.Writer
	hash hash.Hash
	size int64
}

// Write implements io.Writer.
func (m *measured) Write(p []byte) (int, error) {
	if m.size+int64(len(p)) > blob.MaxArchived {
		return 0, errTooLarge
	}
	n, err := m.w.Write(p)
	m.hash.Write(p[:n])
	m.size += int64(n)
	return n, err
}
