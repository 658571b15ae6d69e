package journal

import (
	"context"
	"database/sql"
)

// The SQL that every backend understands.
const (
	sqlProbe = `
UPDATE probe SET at = ? WHERE id = 1`

	sqlByID = `
SELECT operator, hash, record FROM entries WHERE id = ?`

	sqlInsert = `
INSERT INTO entries (operator, position, id, hash, record, received, source, sequence, actor, service, op, result, at, request)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING`

	sqlReadHead = `
SELECT position, hash FROM heads WHERE operator = ?`

	sqlWriteHead = `
INSERT INTO heads (operator, position, hash, batches, covered) VALUES (?, ?, ?, 0, 0)
ON CONFLICT (operator) DO UPDATE SET position = excluded.position, hash = excluded.hash`

	// One statement is one snapshot: what is behind the head belongs to it.
	sqlHead = `
SELECT h.position, h.hash, h.batches, h.covered,
  (SELECT MAX(e.position) FROM entries e WHERE e.operator = h.operator),
  (SELECT COUNT(*) FROM batches b WHERE b.operator = h.operator)
FROM heads h WHERE h.operator = ?`

	sqlOrphans = `
SELECT (SELECT COUNT(*) FROM entries WHERE operator = ?), (SELECT COUNT(*) FROM batches WHERE operator = ?)`

	sqlPending = `
SELECT h.operator, h.position - h.covered, e.received FROM heads h
JOIN entries e ON e.operator = h.operator AND e.position = h.covered + 1
WHERE h.covered < h.position ORDER BY h.operator`

	sqlHashAt = `
SELECT hash FROM entries WHERE operator = ? AND position = ?`

	entryColumns = `operator, position, id, hash, record, received, source, sequence, actor, service, op, result, at, request`

	sqlWalk = `
SELECT ` + entryColumns + ` FROM entries
WHERE operator = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?`

	sqlRecords = `
SELECT position, record FROM entries WHERE operator = ? AND position >= ? AND position < ? ORDER BY position`

	sqlGaps = `
SELECT before_it, sequence FROM
  (SELECT sequence, LAG(sequence, 1, 0) OVER (ORDER BY sequence) AS before_it
   FROM entries WHERE source = ? AND sequence > 0) AS numbered
WHERE sequence <> before_it + 1 ORDER BY sequence, before_it LIMIT ?`

	batchColumns = `operator, batch_index, first, count, root, state, tx, block, block_hash`

	sqlBatchOf = `
SELECT ` + batchColumns + ` FROM batches WHERE operator = ? AND first <= ? ORDER BY first DESC LIMIT 1`

	sqlBatchAt = `
SELECT ` + batchColumns + ` FROM batches WHERE operator = ? AND batch_index = ?`

	sqlBatchesFrom = `
SELECT ` + batchColumns + ` FROM batches WHERE operator = ? AND batch_index >= ? ORDER BY batch_index LIMIT ?`

	sqlUnfinished = `
SELECT ` + batchColumns + ` FROM batches WHERE operator = ? AND state <> 'confirmed' ORDER BY batch_index LIMIT ?`

	sqlBatchesBehind = `
SELECT COUNT(*) FROM batches WHERE operator = ? AND (batch_index >= ? OR first >= ?)`

	sqlCover = `
UPDATE heads SET batches = batches + 1, covered = ? WHERE operator = ? AND batches = ? AND covered = ?`

	sqlInsertBatch = `
INSERT INTO batches (` + batchColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

	sqlMove = `
UPDATE batches SET state = ?, tx = ?, block = ?, block_hash = ?
WHERE operator = ? AND batch_index = ? AND state = ? AND tx = ? AND block = ? AND block_hash = ?`
)

// statements are what the writer runs, prepared once.
type statements struct {
	probe, byID, insert, readHead, writeHead       *sql.Stmt
	batchAt, batchesBehind, cover, insertBatch, mv *sql.Stmt
	lease, release                                 *sql.Stmt

	own map[string]*sql.Stmt // the backend's, by their text

	lastArchived, insertArchive, moveArchive, dropArchive *sql.Stmt
}

func (s *statements) prepare(ctx context.Context, db *sql.DB, b backend) error {
	s.own = map[string]*sql.Stmt{}
	for _, text := range b.own {
		st, err := db.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		s.own[text] = st
	}
	for _, p := range []struct {
		into **sql.Stmt
		text string
	}{
		{&s.probe, sqlProbe},
		{&s.byID, sqlByID},
		{&s.insert, sqlInsert},
		{&s.readHead, sqlReadHead},
		{&s.writeHead, sqlWriteHead},
		{&s.batchAt, sqlBatchAt},
		{&s.batchesBehind, sqlBatchesBehind},
		{&s.cover, sqlCover},
		{&s.insertBatch, sqlInsertBatch},
		{&s.mv, sqlMove},
		{&s.lease, sqlLease},
		{&s.release, sqlRelease},
		{&s.lastArchived, sqlLastArchived},
		{&s.insertArchive, sqlInsertArchive},
		{&s.moveArchive, sqlMoveArchive},
		{&s.dropArchive, sqlDropArchive},
	} {
		st, err := db.PrepareContext(ctx, b.bind(p.text))
		if err != nil {
			return err
		}
		*p.into = st
	}
	return nil
}

func affected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// to32 reads a column of 32 bytes. The schema holds the length; of a row that
// somebody wrote past the schema it makes zeros, which are nothing's hash.
func to32(b []byte) (out [32]byte) {
	if len(b) == len(out) {
		copy(out[:], b)
	}
	return out
}
