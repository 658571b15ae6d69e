package auditproof

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"strings"

	"github.com/litentry/agentkeys/pkg/omni"
)

// Archive is a directory of batch files, as `audit export` and the archive of the
// audit role lay it out, as the source of one operator's journal.
type Archive struct {
	files fs.FS
	op    omni.Operator
	paths []string // in the order of the indices
}

var _ Source = (*Archive)(nil)

// OpenArchive lists the batches of an operator below files. Names that begin with
// a dot are passed over; every other one that is no batch's is refused, as is what
// is no regular file: whoever made the directory could let a link lead elsewhere,
// or a pipe never end. An operator that has no directory there is fs.ErrNotExist.
func OpenArchive(files fs.FS, o omni.Operator) (*Archive, error) {
	names, err := fs.ReadDir(files, o.Key())
	if err != nil {
		return nil, fmt.Errorf("opening the archive of %s: %w", whose(o), err)
	}
	a := &Archive{files: files, op: o}
	for _, n := range names { // sorted by name, which is by index
		if strings.HasPrefix(n.Name(), ".") {
			continue
		}
		p := path.Join(o.Key(), n.Name())
		if _, _, err := ParseBatchPath(p); err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		if !n.Type().IsRegular() {
			return nil, fmt.Errorf("%s: %w: it is no regular file", p, ErrBatchFile)
		}
		a.paths = append(a.paths, p)
	}
	return a, nil
}

// Len is how many batches there are.
func (a *Archive) Len() int { return len(a.paths) }

// Batches implements [Source].
func (a *Archive) Batches(context.Context) iter.Seq2[Claim, error] {
	return func(yield func(Claim, error) bool) {
		next := uint64(1)
		for _, p := range a.paths {
			var c Claim
			err := a.open(p, next, func(r *BatchReader) error {
				c = Claim{r.Header().Batch(), r.Header().Anchor != nil}
				return nil
			})
			if !yield(c, err) || err != nil {
				return
			}
			next = c.Last() + 1
		}
	}
}

// Leaves implements [Source]. Each leaf was proven to be under its file's root.
func (a *Archive) Leaves(context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		next := uint64(1)
		for _, p := range a.paths {
			stopped := false
			err := a.open(p, next, func(r *BatchReader) error {
				for {
					l, err := r.Next()
					if errors.Is(err, io.EOF) {
						return nil
					}
					if errors.Is(err, ErrBatchFile) {
						err = &Fault{Operator: a.op, Position: next, Reason: "cannot be read: " + err.Error()}
					}
					if err != nil {
						return err
					}
					next++
					if stopped = !yield([]byte(l.Leaf), nil); stopped {
						return nil
					}
				}
			})
			if err != nil && !stopped {
				yield(nil, err)
			}
			if err != nil || stopped {
				return
			}
		}
	}
}

// open reads a file's header. One that is not of the batch that its name says is
// a fault of the entry that it should begin with.
func (a *Archive) open(p string, first uint64, use func(*BatchReader) error) error {
	_, index, err := ParseBatchPath(p)
	if err != nil {
		return err
	}
	f, err := a.files.Open(p)
	if err != nil {
		return fmt.Errorf("opening the archive: %w", err)
	}
	defer f.Close()
	r, err := NewBatchReader(f)
	switch {
	case errors.Is(err, ErrBatchFile):
		return &Fault{Operator: a.op, Position: first, Reason: fmt.Sprintf("should begin batch %d, whose file cannot be read: %s", index, err)}
	case err != nil:
		return fmt.Errorf("reading the archive: %w", err)
	case r.Header().Operator != a.op || r.Header().Index != index:
		return &Fault{Operator: a.op, Position: first, Reason: fmt.Sprintf("should begin batch %d, whose file is of another batch", index)}
	}
	return use(r)
}
