package auditproof

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// BatchFormat is the format of a batch file.
const BatchFormat = "agentkeys-audit-batch-1"

const (
	// maxLine bounds a line of a batch file: a leaf, of which the longest has a
	// note of [audit.MaxNote] bytes that JSON escapes, and at most 20 siblings.
	maxLine = 32 << 10
	// batchSuffix ends the name of a batch file.
	batchSuffix = ".jsonl"
)

// ErrBatchFile is wrapped by every refusal of a batch file's text: it is not one,
// whatever its entries say. What is wrong with an entry is a [*Fault].
var ErrBatchFile = errors.New("not a batch file")

// BatchHeader is the first line of a batch file. The members stand in the order
// of their names, and the line is their one encoding.
type BatchHeader struct {
	// Anchor is where the root stands on chain, as far as the writer knew; nil
	// before it does.
	Anchor *Anchor `json:"anchor,omitzero"`
	Count  uint64  `json:"count"`
	First  uint64  `json:"first"`
	Format string  `json:"format"`
	Index  uint64  `json:"index"`
	// Operator is absent for the events of no operator.
	Operator omni.Operator `json:"operator_omni,omitzero"`
	Root     journal.Hash  `json:"root"`
}

// Batch is what the file is of.
func (h BatchHeader) Batch() Batch {
	return Batch{Operator: h.Operator, Index: h.Index, First: h.First, Count: h.Count, Root: h.Root}
}

// HeaderOf is the first line of a journal's batch: its anchor is told once it is
// confirmed.
func HeaderOf(b journal.Batch) BatchHeader {
	h := BatchHeader{Count: b.Count, First: b.First, Format: BatchFormat, Index: b.Index, Operator: b.Operator, Root: journal.Hash(b.Root)}
	if b.Anchor.State == journal.Confirmed {
		h.Anchor = &Anchor{Tx: b.Anchor.Tx, Block: b.Anchor.Block, BlockHash: b.Anchor.BlockHash}
	}
	return h
}

func (h BatchHeader) check() error {
	switch {
	case h.Format != BatchFormat:
		return fmt.Errorf("%w: its format is not %s", ErrBatchFile, BatchFormat)
	case h.Anchor != nil && !h.Anchor.valid():
		return fmt.Errorf("%w: the anchor has no transaction or no block", ErrBatchFile)
	}
	if err := h.Batch().check(); err != nil {
		return fmt.Errorf("%w: %w", ErrBatchFile, err)
	}
	return nil
}

// BatchLine is each further line: an entry, and the siblings that lead from its
// leaf to the root.
type BatchLine struct {
	Leaf     string         `json:"leaf"`
	Siblings []journal.Hash `json:"siblings"`
}

// BatchPath is where a batch lies in an archive, with slashes:
// <operator, 64 hex>/<index, 12 digits>.jsonl. An operator of zero is that of the
// events without one.
func BatchPath(o omni.Operator, index uint64) string {
	return path.Join(o.Key(), fmt.Sprintf("%012d", index)+batchSuffix)
}

// ParseBatchPath reads what [BatchPath] writes, and nothing else.
func ParseBatchPath(p string) (omni.Operator, uint64, error) {
	bad := fmt.Errorf("%w: its name is not <operator>/<index>%s", ErrBatchFile, batchSuffix)
	dir, name, _ := strings.Cut(p, "/")
	o, err := omni.ParseOperator("0x" + dir)
	if err != nil && dir != (omni.Operator{}).Key() {
		return omni.Operator{}, 0, bad
	}
	var index uint64
	if _, err := fmt.Sscanf(name, "%d"+batchSuffix, &index); err != nil || BatchPath(o, index) != p {
		return omni.Operator{}, 0, bad
	}
	return o, index, nil
}

// BatchWriter writes a batch file line by line: the header, then exactly the
// entries that its root is over.
type BatchWriter struct {
	w    *bufio.Writer
	h    BatchHeader
	tree *merkle.Tree
	next int
}

// NewBatchWriter writes the header. The tree is over the batch's entries, in
// their order; one of another root or size is refused.
func NewBatchWriter(w io.Writer, h BatchHeader, tree *merkle.Tree) (*BatchWriter, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	if journal.Hash(tree.Root()) != h.Root || uint64(tree.Len()) != h.Count {
		return nil, fmt.Errorf("batch %d: the tree is not that of the batch", h.Index)
	}
	b := &BatchWriter{w: bufio.NewWriter(w), h: h, tree: tree}
	return b, b.line(h)
}

// Add writes the next entry, which must be the one that is in the tree there.
func (b *BatchWriter) Add(leaf []byte) error {
	if b.next >= b.tree.Len() {
		return fmt.Errorf("batch %d has %d entries, not more", b.h.Index, b.h.Count)
	}
	siblings := b.tree.Proof(b.next)
	if !merkle.Verify(b.tree.Root(), b.h.Count, leaf, siblings) {
		return fmt.Errorf("batch %d: entry %d is not the one that is in the tree", b.h.Index, b.h.First+uint64(b.next))
	}
	b.next++
	return b.line(BatchLine{Leaf: string(leaf), Siblings: hashes(siblings)})
}

// Close writes what is left, and fails unless every entry was added. It does not
// close what it writes to.
func (b *BatchWriter) Close() error {
	if b.next != b.tree.Len() {
		return fmt.Errorf("batch %d has %d entries, and %d were written", b.h.Index, b.h.Count, b.next)
	}
	return b.w.Flush()
}

func (b *BatchWriter) line(v any) error {
	text, err := strictjson.Encode(v)
	if err != nil {
		return fmt.Errorf("encoding a batch: %w", err)
	}
	if _, err := b.w.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("writing a batch: %w", err)
	}
	return nil
}

// WriteBatch writes a whole batch file. leaves are the entries of the batch, in
// their order.
func WriteBatch(w io.Writer, h BatchHeader, leaves [][]byte) error {
	tree, err := treeOf(leaves)
	if err != nil {
		return err
	}
	b, err := NewBatchWriter(w, h, tree)
	if err != nil {
		return err
	}
	for _, l := range leaves {
		if err := b.Add(l); err != nil {
			return err
		}
	}
	return b.Close()
}

// BatchReader reads a batch file entry by entry. It believes nothing of it: each
// entry is held against its place and against the header's root. That the root is
// the chain's is for the caller to see.
type BatchReader struct {
	r    *bufio.Reader
	h    BatchHeader
	next uint64 // entries that were read
}

// NewBatchReader reads the header. Errors wrap [ErrBatchFile], or are those of r.
func NewBatchReader(r io.Reader) (*BatchReader, error) {
	b := &BatchReader{r: bufio.NewReaderSize(r, maxLine)}
	if err := b.line(&b.h); err != nil {
		if errors.Is(err, io.EOF) {
			err = fmt.Errorf("%w: it is empty", ErrBatchFile)
		}
		return nil, err
	}
	if err := b.h.check(); err != nil {
		return nil, err
	}
	return b, nil
}

// Header is the first line.
func (b *BatchReader) Header() BatchHeader { return b.h }

// Next is the next entry; io.EOF behind the last one of the batch. An entry that
// is not the one that the root is over is a [*Fault]; what is no batch file wraps
// [ErrBatchFile].
func (b *BatchReader) Next() (BatchLine, error) {
	var l BatchLine
	err := b.line(&l)
	at := b.h.First + b.next
	switch {
	case errors.Is(err, io.EOF) && b.next < b.h.Count:
		return BatchLine{}, &Fault{Operator: b.h.Operator, Position: at, Reason: fmt.Sprintf("is missing: the file of batch %d ends before it", b.h.Index)}
	case err != nil && !errors.Is(err, io.EOF):
		return BatchLine{}, fmt.Errorf("batch %d, entry %d: %w", b.h.Index, at, err)
	case err != nil:
		return BatchLine{}, io.EOF
	case b.next == b.h.Count:
		return BatchLine{}, fmt.Errorf("batch %d: %w: it has more lines than entries", b.h.Index, ErrBatchFile)
	}
	b.next++
	if _, err := (Proof{Leaf: l.Leaf, Position: at, Siblings: l.Siblings, Batch: b.h.Batch()}).Check(); err != nil {
		return BatchLine{}, err
	}
	return l, nil
}

// line reads one line, which must be the one encoding of what it decodes to.
func (b *BatchReader) line(v any) error {
	text, err := b.r.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return fmt.Errorf("%w: a line is longer than %d bytes", ErrBatchFile, maxLine)
	case errors.Is(err, io.EOF) && len(text) > 0:
		return fmt.Errorf("%w: the last line is not complete", ErrBatchFile)
	case err != nil:
		return err
	}
	text = text[:len(text)-1]
	if err := strictjson.Decode(text, v); err != nil {
		return fmt.Errorf("%w: %w", ErrBatchFile, err)
	}
	if again, err := strictjson.Encode(v); err != nil || !bytes.Equal(again, text) {
		return fmt.Errorf("%w: a line is not in its one encoding", ErrBatchFile)
	}
	return nil
}

// CheckBatch reads a whole batch file: that it is complete, that every entry is
// where it belongs and in the tree, and that the entries yield the root. It
// answers what the header says, whose root the caller compares with the chain's.
func CheckBatch(r io.Reader) (BatchHeader, error) {
	b, err := NewBatchReader(r)
	if err != nil {
		return BatchHeader{}, err
	}
	leaves := make([]merkle.Hash, 0, min(b.h.Count, 1<<12))
	for {
		l, err := b.Next()
		if errors.Is(err, io.EOF) {
			return b.h, b.h.Batch().rebuilt(leaves)
		}
		if err != nil {
			return BatchHeader{}, err
		}
		leaves = append(leaves, merkle.Leaf([]byte(l.Leaf)))
	}
}
