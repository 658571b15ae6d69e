package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/litentry/agentkeys/pkg/omni"
)

// ArchiveState is how far a confirmed batch is on its way into the archive, which
// can be written and not read.
type ArchiveState string

// The states. A batch of which nothing was sent has none.
const (
	// ArchiveSending: it is being put, or was, and the answer is not known.
	ArchiveSending ArchiveState = "sending"
	// ArchiveDoubted: storage took something under its name, and the answer does not
	// show that it is what was sent.
	ArchiveDoubted ArchiveState = "doubted"
	// ArchiveStored: storage's answer had the checksum.
	ArchiveStored ArchiveState = "stored"
	// ArchiveFound: something was there when it was put again, after a put with this
	// checksum whose answer was lost.
	ArchiveFound ArchiveState = "found"
)

// Archive is where a batch stands on its way into the archive. The zero Archive
// is that of a batch of which nothing was sent.
type Archive struct {
	State    ArchiveState
	Checksum [32]byte // SHA-256 of the file
	Size     uint64   // of the file, in bytes
	// Attempts numbers the puts of this file from 1: who sends it again takes
	// the batch over from whoever sent it before, and is told apart from them.
	Attempts uint64
}

// Final reports whether the batch is in the archive.
func (a Archive) Final() bool { return a.State == ArchiveStored || a.State == ArchiveFound }

// maxCount keeps a number within what databases count.
const maxCount = 1<<63 - 1

func (a Archive) valid() bool {
	if a.State == "" {
		return a == Archive{}
	}
	known := a.Final() || a.State == ArchiveSending || a.State == ArchiveDoubted
	return known && a.Size > 0 && a.Size <= maxCount && a.Attempts > 0 && a.Attempts <= maxCount
}

// follows reports whether a batch may go from one place to the other. What was
// sent once is not forgotten by sending something else: what is found is what
// was sent before.
func (a Archive) follows(from Archive) bool {
	again := a.State == ArchiveSending && from.State == ArchiveSending
	same := a.Checksum == from.Checksum && a.Size == from.Size
	switch {
	case a == from:
		return false
	case from.State == "":
		return a.State == ArchiveSending && a.Attempts == 1
	case again:
		return same && a.Attempts == from.Attempts+1
	case a.State != "" && a.Attempts != from.Attempts:
		return false
	case a.State == ArchiveFound:
		return same && from.State == ArchiveSending
	}
	return slices.Contains(map[ArchiveState][]ArchiveState{
		ArchiveSending: {"", ArchiveDoubted, ArchiveStored},
		ArchiveDoubted: {ArchiveDoubted, ArchiveStored},
	}[from.State], a.State)
}

const (
	archiveColumns = `state, checksum, size, attempts`

	sqlArchiveAt = `
SELECT ` + archiveColumns + ` FROM archives WHERE operator = ? AND batch_index = ?`

	sqlLastArchived = `
SELECT batch_index FROM archives WHERE operator = ? AND state IN ('stored', 'found') ORDER BY batch_index DESC LIMIT 1`

	sqlInsertArchive = `
INSERT INTO archives (operator, batch_index, ` + archiveColumns + `) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING`

	sqlMoveArchive = `
UPDATE archives SET state = ?, checksum = ?, size = ?, attempts = ?
WHERE operator = ? AND batch_index = ? AND state = ? AND checksum = ? AND size = ? AND attempts = ?`

	sqlDropArchive = `
DELETE FROM archives WHERE operator = ? AND batch_index = ? AND state = ? AND checksum = ? AND size = ? AND attempts = ?`

	sqlUnarchived = `
SELECT b.operator, b.batch_index, b.first, b.count, b.root, b.state, b.tx, b.block, b.block_hash
FROM heads h
JOIN batches b ON b.operator = h.operator AND b.batch_index = 1 + COALESCE(
  (SELECT a.batch_index FROM archives a
   WHERE a.operator = h.operator AND a.state IN ('stored', 'found') ORDER BY a.batch_index DESC LIMIT 1), -1)
WHERE h.operator > ? AND b.state = 'confirmed'
ORDER BY h.operator LIMIT ?`
)

// Unarchived are the batches whose turn it is to go into the archive: of each
// operator behind after the one with the lowest index that is not there, if it is
// confirmed. At most limit (1 to MaxPage), in the order of operators; the zero
// operator begins.
func (j *Journal) Unarchived(ctx context.Context, after omni.Operator, limit int) ([]Batch, error) {
	if limit < 1 || limit > MaxPage {
		return nil, fmt.Errorf("%w: a page has 1 to %d batches", ErrInvalid, MaxPage)
	}
	b := after.Bytes()
	return j.batches(ctx, sqlUnarchived, b[:], limit)
}

// Archive is where a batch stands on its way into the archive.
func (j *Journal) Archive(ctx context.Context, o omni.Operator, index uint64) (Archive, error) {
	b := o.Bytes()
	var state string
	var checksum []byte
	var size, attempts int64
	err := j.read.QueryRowContext(ctx, sqlArchiveAt, b[:], int64(index)).Scan(&state, &checksum, &size, &attempts)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Archive{}, nil
	case err != nil:
		return Archive{}, fmt.Errorf("read what was archived: %w", err)
	}
	return Archive{ArchiveState(state), to32(checksum), uint64(size), uint64(attempts)}, nil
}

// MoveArchive takes a batch on its way into the archive from where the caller
// believes it to be to where it is, and returns once that is durable: a
// compare-and-set, as Move is. Errors: ErrInvalid for what cannot follow and for
// a batch that is not confirmed, ErrUnknown without such a batch, ErrMoved when it
// stands elsewhere, or when it is not its operator's turn to have this one there.
func (j *Journal) MoveArchive(ctx context.Context, o omni.Operator, index uint64, from, to Archive) error {
	if !from.valid() || !to.valid() || !to.follows(from) {
		return fmt.Errorf("%w: %q does not follow %q on the way into the archive", ErrInvalid, to.State, from.State)
	}
	return j.submit(ctx, 1, func(ctx context.Context, g *group) (refusal, fault error) {
		return j.moveArchive(ctx, g, o, index, from, to)
	}, o)
}

func (j *Journal) moveArchive(ctx context.Context, g *group, o omni.Operator, index uint64, from, to Archive) (refusal, fault error) {
	id := o.Bytes()
	b, err := scanBatch(g.stmt(ctx, j.st.batchAt).QueryRowContext(ctx, id[:], int64(index)))
	switch {
	case errors.Is(err, ErrUnknown):
		return ErrUnknown, nil
	case err != nil:
		return nil, err
	case b.Anchor.State != Confirmed:
		return fmt.Errorf("%w: only what is confirmed is archived", ErrInvalid), nil
	}
	last := int64(-1)
	err = g.stmt(ctx, j.st.lastArchived).QueryRowContext(ctx, id[:]).Scan(&last)
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("archive a batch: %w", err)
	case int64(index) != last+1:
		return ErrMoved, nil
	}
	n, err := affected(j.storeArchive(ctx, g, id[:], int64(index), from, to))
	switch {
	case err != nil:
		return nil, fmt.Errorf("archive a batch: %w", err)
	case n == 0:
		return ErrMoved, nil
	}
	return nil, nil
}

func (j *Journal) storeArchive(ctx context.Context, g *group, o []byte, index int64, from, to Archive) (sql.Result, error) {
	switch {
	case from.State == "":
		return g.stmt(ctx, j.st.insertArchive).ExecContext(ctx, o, index, string(to.State), to.Checksum[:], int64(to.Size), int64(to.Attempts))
	case to.State == "":
		return g.stmt(ctx, j.st.dropArchive).ExecContext(ctx, o, index, string(from.State), from.Checksum[:], int64(from.Size), int64(from.Attempts))
	}
	return g.stmt(ctx, j.st.moveArchive).ExecContext(ctx, string(to.State), to.Checksum[:], int64(to.Size), int64(to.Attempts),
		o, index, string(from.State), from.Checksum[:], int64(from.Size), int64(from.Attempts))
}
