package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// These tests reach below the interface: they change rows as somebody with the
// database file can.

var noon = time.Date(2027, 3, 4, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

func openAt(t testing.TB, path string, now func() time.Time) *Journal {
	t.Helper()
	j, err := OpenSQLite(context.Background(), path, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

var (
	mine   = omni.OperatorOfWallet([20]byte{1})
	theirs = omni.OperatorOfWallet([20]byte{2})
)

func named(o omni.Operator, n int) Entry {
	b := o.Bytes()
	return Entry{Event: audit.Event{
		ID: jose.EncodeSegment(binary.BigEndian.AppendUint64(b[:8], uint64(n))), Time: noon, Emitter: "signer",
		Operator: o, Actor: omni.Self(o), Op: "fetch", Result: audit.Allowed,
	}, Sequence: uint64(n)}
}

// prepared is a journal of 10 entries, of which 7 are in two batches, beside
// another operator's.
func prepared(t *testing.T) *Journal {
	t.Helper()
	j, ctx := openAt(t, filepath.Join(t.TempDir(), "journal.db"), atNoon), context.Background()
	for i := 1; i <= 10; i++ {
		if _, err := j.Append(ctx, named(mine, i), named(theirs, i)); err != nil {
			t.Fatal(err)
		}
		if i == 4 || i == 7 {
			if _, err := j.Build(ctx, mine, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	return j
}

// exec runs SQL as somebody who does not care for the schema's checks. $M in it
// is this operator's key, $T the other's.
func exec(t *testing.T, j *Journal, text string, args ...any) {
	t.Helper()
	text = strings.NewReplacer("$M", "x'"+mine.Key()+"'", "$T", "x'"+theirs.Key()+"'").Replace(text)
	for _, s := range []string{"PRAGMA ignore_check_constraints = 1", text, "PRAGMA ignore_check_constraints = 0"} {
		a := args
		if s != text {
			a = nil
		}
		if _, err := j.write.Exec(s, a...); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// rewritten is entry n with another service, its hash recomputed.
func rewritten(t *testing.T, j *Journal, n uint64) (record []byte, hash Hash) {
	t.Helper()
	list, err := j.Events(context.Background(), Query{Operator: mine, After: n - 1, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	r := list[0].Record
	r.Event.Service = "gitlab"
	if record, err = strictjson.Encode(r); err != nil {
		t.Fatal(err)
	}
	return record, HashOf(record)
}

// rehash rewrites entry n and everything behind it, as somebody would who knows
// how the journal works.
func rehash(t *testing.T, j *Journal, n uint64) {
	t.Helper()
	list, err := j.Events(context.Background(), Query{Operator: mine, After: n - 1})
	if err != nil {
		t.Fatal(err)
	}
	var before Hash
	for i, s := range list {
		r := s.Record
		if i == 0 {
			r.Event.Service = "gitlab"
		} else {
			r.Previous = before
		}
		record, err := strictjson.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		before = HashOf(record)
		exec(t, j, "UPDATE entries SET record = ?, hash = ?, service = ? WHERE operator = $M AND position = ?", record, before[:], r.Event.Service, r.Position)
	}
	exec(t, j, "UPDATE heads SET hash = ? WHERE operator = $M", before[:])
}

const where = " WHERE operator = $M AND position = "

// Each tampering differs from a sound journal in one thing, and the first bad
// entry is named.
func TestTampering(t *testing.T) {
	t.Parallel()
	swap := func(a, b int) string {
		return fmt.Sprintf("UPDATE entries SET position = 99"+where+"%[1]d; UPDATE entries SET position = %[1]d"+where+"%[2]d; UPDATE entries SET position = %[2]d"+where+"99", a, b)
	}
	type change = func(*testing.T, *Journal)
	run := func(text string) change { return func(t *testing.T, j *Journal) { exec(t, j, text) } }
	for name, c := range map[string]struct {
		change   change
		position uint64
		reason   string
	}{
		"record edited":           {run("UPDATE entries SET record = CAST(replace(CAST(record AS TEXT), 'fetch', 'store') AS BLOB)" + where + "5"), 5, "was edited: its hash"},
		"record cut":              {run("UPDATE entries SET record = x''" + where + "1"), 1, "was edited: its hash"},
		"hash edited":             {run("UPDATE entries SET hash = zeroblob(32)" + where + "10"), 10, "was edited: its hash"},
		"hash of another length":  {run("UPDATE entries SET hash = x'00'" + where + "3"), 3, "was edited: its hash"},
		"actor edited":            {run("UPDATE entries SET actor = zeroblob(32)" + where + "6"), 6, "its columns"},
		"actor of another length": {run("UPDATE entries SET actor = x''" + where + "6"), 6, "its columns"},
		"service edited":          {run("UPDATE entries SET service = 'github'" + where + "6"), 6, "its columns"},
		"op edited":               {run("UPDATE entries SET op = 'store'" + where + "6"), 6, "its columns"},
		"result edited":           {run("UPDATE entries SET result = 'denied'" + where + "6"), 6, "its columns"},
		"request edited":          {run("UPDATE entries SET request = 'r'" + where + "6"), 6, "its columns"},
		"time edited":             {run("UPDATE entries SET at = at + 1" + where + "6"), 6, "its columns"},
		"received edited":         {run("UPDATE entries SET received = received + 1" + where + "6"), 6, "its columns"},
		"source edited":           {run("UPDATE entries SET source = 'x'" + where + "6"), 6, "its columns"},
		"sequence edited":         {run("UPDATE entries SET sequence = 99" + where + "6"), 6, "its columns"},
		"id edited":               {run("UPDATE entries SET id = zeroblob(16)" + where + "6"), 6, "its columns"},
		"first deleted":           {run("DELETE FROM entries" + where + "1"), 1, "is missing"},
		"one deleted":             {run("DELETE FROM entries" + where + "6"), 6, "is missing"},
		"last deleted":            {run("DELETE FROM entries" + where + "10"), 10, "is missing"},
		"all deleted":             {run("DELETE FROM entries WHERE operator = $M"), 1, "is missing"},
		"deleted and closed up": {run("DELETE FROM entries" + where + "6; UPDATE entries SET position = 6" + where + "7; UPDATE entries SET position = 7" + where + "8; " +
			"UPDATE entries SET position = 8" + where + "9; UPDATE entries SET position = 9" + where + "10; UPDATE heads SET position = 9 WHERE operator = $M"), 6, "was moved here"},
		"two swapped":    {run(swap(5, 6)), 5, "was moved here"},
		"two apart":      {run(swap(2, 9)), 2, "was moved here"},
		"first and last": {run(swap(1, 10)), 1, "was moved here"},
		"of another operator": {
			run("DELETE FROM entries" + where + "3; UPDATE entries SET operator = $M WHERE operator = $T AND position = 3"),
			3, "was moved here",
		},
		"one more": {run("UPDATE entries SET operator = $M, position = 11 WHERE operator = $T AND position = 10"), 11, "stands behind the end"},
		"rewritten with its hash": {func(t *testing.T, j *Journal) {
			record, hash := rewritten(t, j, 9)
			exec(t, j, "UPDATE entries SET record = ?, hash = ?, service = 'gitlab'"+where+"9", record, hash[:])
		}, 9, "is not the one that its neighbour knows"},
		"first rewritten with its hash": {func(t *testing.T, j *Journal) {
			record, hash := rewritten(t, j, 1)
			exec(t, j, "UPDATE entries SET record = ?, hash = ?, service = 'gitlab'"+where+"1", record, hash[:])
		}, 1, "is not the one that its neighbour knows"},
		"last rewritten with its hash": {func(t *testing.T, j *Journal) {
			record, hash := rewritten(t, j, 10)
			exec(t, j, "UPDATE entries SET record = ?, hash = ?, service = 'gitlab'"+where+"10", record, hash[:])
		}, 10, "is not the one that the head names"},
		"all rewritten from one on": {func(t *testing.T, j *Journal) { rehash(t, j, 6) }, 5, "begins batch 1, whose root"},
		"not a record": {func(t *testing.T, j *Journal) {
			hash := HashOf([]byte("{}"))
			exec(t, j, "UPDATE entries SET record = CAST('{}' AS BLOB), hash = ?"+where+"6", hash[:])
		}, 6, "is no record"},
		"head's hash edited":       {run("UPDATE heads SET hash = zeroblob(32) WHERE operator = $M"), 10, "is not the one that the head names"},
		"head raised":              {run("UPDATE heads SET position = 11 WHERE operator = $M"), 11, "is missing"},
		"head lowered":             {run("UPDATE heads SET position = 9, hash = (SELECT hash FROM entries" + where + "9) WHERE operator = $M"), 10, "stands behind the end"},
		"head deleted":             {run("DELETE FROM heads WHERE operator = $M"), 1, "belongs to a journal without a head"},
		"batch deleted":            {run("DELETE FROM batches WHERE operator = $M AND batch_index = 0"), 1, "should begin batch 0, which is missing"},
		"last batch deleted":       {run("DELETE FROM batches WHERE operator = $M AND batch_index = 1"), 5, "should begin batch 1, which is missing"},
		"batch and head's count":   {run("DELETE FROM batches WHERE operator = $M AND batch_index = 1; UPDATE heads SET batches = 1 WHERE operator = $M"), 5, "the head does not know"},
		"one batch more":           {run("INSERT INTO batches SELECT operator, 2, 8, 1, root, state, tx, block, block_hash FROM batches WHERE operator = $M AND batch_index = 1"), 8, "the head does not know"},
		"batch's root":             {run("UPDATE batches SET root = zeroblob(32) WHERE operator = $M AND batch_index = 1"), 5, "begins batch 1, whose root"},
		"batch's count":            {run("UPDATE batches SET count = 2 WHERE operator = $M AND batch_index = 0"), 1, "begins batch 0, whose root"},
		"batches that overlap":     {run("UPDATE batches SET first = 4, count = 4 WHERE operator = $M AND batch_index = 1"), 5, "should begin batch 1, which covers other"},
		"batch beyond the covered": {run("UPDATE batches SET count = 4 WHERE operator = $M AND batch_index = 1"), 5, "should begin batch 1, which covers other"},
		"batch of nothing":         {run("UPDATE batches SET count = 0 WHERE operator = $M AND batch_index = 1"), 5, ""},
		"batch's index":            {run("UPDATE batches SET batch_index = 5 WHERE operator = $M AND batch_index = 1"), 5, "should begin batch 1, which is missing"},
		"batch's state":            {run("UPDATE batches SET state = 'mined' WHERE operator = $M AND batch_index = 1"), 5, "which is in no state"},
		"covered edited":           {run("UPDATE heads SET covered = 8 WHERE operator = $M"), 8, "the head does not know"},
		"entry behind a batch":     {run("UPDATE batches SET first = 4, count = 4 WHERE operator = $M AND batch_index = 1; DELETE FROM entries" + where + "6"), 5, "should begin batch 1, which covers other"},
		"batch before an entry":    {run("DELETE FROM batches WHERE operator = $M AND batch_index = 1; DELETE FROM entries" + where + "2"), 2, "is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := prepared(t)
			if h, err := j.Verify(t.Context(), mine); err != nil || h.Position != 10 || h.Covered != 7 {
				t.Fatal("the twin without the fault:", h, err)
			}
			c.change(t, j)
			_, err := j.Verify(t.Context(), mine)
			var d *Damage
			if !errors.As(err, &d) || d.Operator != mine || d.Position != c.position || !strings.Contains(d.Reason, c.reason) {
				t.Errorf("%v, want entry %d %s", err, c.position, c.reason)
			}
		})
	}
}

// TestWholeJournalRewritten says what Verify cannot see: the chain and places
// are there for that.
func TestWholeJournalRewritten(t *testing.T) {
	t.Parallel()
	j := prepared(t)
	before, err := j.Event(t.Context(), named(mine, 8).Event.ID)
	if err != nil {
		t.Fatal(err)
	}
	rehash(t, j, 8) // behind the batches
	if _, err := j.Verify(t.Context(), mine); err != nil {
		t.Fatal(err)
	}
	after, err := j.Event(t.Context(), named(mine, 8).Event.ID)
	if err != nil || after.Hash == before.Hash {
		t.Error("a receipt does not tell:", err)
	}
}

// What was tampered with is neither anchored, nor proven, nor answered, nor
// taken for the event that comes again.
func TestTamperedIsNotUsed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	edit := "UPDATE entries SET record = CAST(replace(CAST(record AS TEXT), 'fetch', 'store') AS BLOB)" + where
	build := func(j *Journal) error { _, err := j.Build(ctx, mine, 0); return err }
	prove := func(j *Journal) error { _, err := j.Proof(ctx, named(mine, 2).Event.ID); return err }
	for name, c := range map[string]struct {
		text     string
		use      func(*Journal) error
		position uint64
		reason   string
	}{
		"built":                {edit + "9", build, 9, "was edited"},
		"built without":        {"DELETE FROM entries" + where + "8", build, 8, "is missing"},
		"built behind nothing": {"DELETE FROM entries" + where + "7", build, 7, "is missing"},
		"built behind another": {"UPDATE entries SET hash = zeroblob(32)" + where + "7", build, 7, "its neighbour knows"},
		"proven":               {edit + "2", prove, 2, "was edited"},
		"proven beside":        {edit + "3", prove, 1, "begins batch 0, whose root"},
		"proven without":       {"DELETE FROM entries" + where + "4", prove, 4, "is missing"},
		"proven without first": {"DELETE FROM entries" + where + "1", prove, 1, "is missing"},
		"in another batch":     {"UPDATE batches SET root = zeroblob(32) WHERE operator = $M", prove, 1, "begins batch 0, whose root"},
		"listed":               {edit + "9", func(j *Journal) error { _, err := j.Events(ctx, Query{Operator: mine}); return err }, 9, "was edited"},
		"answered":             {edit + "9", func(j *Journal) error { _, err := j.Event(ctx, named(mine, 9).Event.ID); return err }, 9, "was edited"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := prepared(t)
			exec(t, j, c.text)
			var d *Damage
			if err := c.use(j); !errors.As(err, &d) || d.Operator != mine || d.Position != c.position || !strings.Contains(d.Reason, c.reason) {
				t.Errorf("%v, want entry %d %s", err, c.position, c.reason)
			}
		})
	}
	t.Run("acknowledged", func(t *testing.T) {
		t.Parallel()
		j := prepared(t)
		if _, err := j.Append(ctx, named(mine, 9)); err != nil {
			t.Fatal(err)
		}
		exec(t, j, edit+"9")
		_, err := j.Append(ctx, named(mine, 9))
		if apierr.CodeOf(err) != apierr.AuditUnavailable || !strings.Contains(fmt.Sprint(errors.Unwrap(err)), "is not what was written") {
			t.Error(err)
		}
	})
}

// A proof from the tree that was kept is of the entry that is there.
func TestKeptTree(t *testing.T) {
	t.Parallel()
	j, id := prepared(t), named(mine, 2).Event.ID
	if _, err := j.Proof(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	record, hash := rewritten(t, j, 2)
	exec(t, j, "UPDATE entries SET record = ?, hash = ?, service = 'gitlab'"+where+"2", record, hash[:])
	_, err := j.Proof(t.Context(), id)
	var d *Damage
	if !errors.As(err, &d) || d.Position != 2 || !strings.Contains(d.Reason, "put into its batch") {
		t.Error(err)
	}
}

// One operator's damage is not another's: who appends beside it is served.
func TestDamageStaysWithItsOperator(t *testing.T) {
	t.Parallel()
	j, ctx := prepared(t), context.Background()
	exec(t, j, "DELETE FROM heads WHERE operator = $M")
	jobs := []*job{}
	for _, o := range []omni.Operator{theirs, mine, theirs} {
		e, err := named(o, 20+len(jobs)).normal()
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, &job{ctx: ctx, weight: 1, do: func(ctx context.Context, g *group) (error, error) {
			_, refusal, fault := j.place(ctx, g, []Entry{e})
			return refusal, fault
		}})
	}
	err := j.commit(jobs)
	var d *Damage
	if err != nil || jobs[0].err != nil || jobs[2].err != nil || !errors.As(jobs[1].err, &d) || d.Operator != mine {
		t.Error(err, jobs[0].err, jobs[1].err, jobs[2].err)
	}
	if h, err := j.Verify(ctx, theirs); err != nil || h.Position != 12 {
		t.Error(h, err)
	}
}

// A batch that the head does not know, or a head that knows of more, is not
// built over.
func TestNoBatchOverAnother(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a row more": "INSERT INTO batches SELECT operator, 2, 8, 1, root, state, tx, block, block_hash FROM batches WHERE operator = $M AND batch_index = 1",
		"a row less": "DELETE FROM batches WHERE operator = $M AND batch_index = 1",
	} {
		j, ctx := prepared(t), context.Background()
		exec(t, j, text)
		b := Batch{Operator: mine, Index: 2, First: 8, Count: 1, Anchor: Anchor{State: Built}}
		if name == "a row less" {
			b.Index, b.First = 1, 5
		}
		if err := j.submit(ctx, 1, func(ctx context.Context, g *group) (error, error) { return j.insertBatch(ctx, g, b) }); !errors.Is(err, ErrMoved) {
			t.Errorf("%s: %v", name, err)
		}
		b.Operator, b.Index, b.First = theirs, 0, 1
		if err := j.submit(ctx, 1, func(ctx context.Context, g *group) (error, error) { return j.insertBatch(ctx, g, b) }); err != nil {
			t.Errorf("the twin without the fault: %v", err)
		}
	}
}
