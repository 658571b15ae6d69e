package auditproof_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// archive is a directory of batch files.
func (b *book) archive(t testing.TB) fstest.MapFS {
	files := fstest.MapFS{}
	for _, x := range b.batches {
		var out bytes.Buffer
		if err := auditproof.WriteBatch(&out, header(x), b.leaves(t, x)); err != nil {
			t.Fatal(err)
		}
		files[auditproof.BatchPath(b.op, x.Index)] = &fstest.MapFile{Data: out.Bytes()}
	}
	files[b.op.Key()+"/.000000000003.jsonl.tmp"] = &fstest.MapFile{Data: []byte("half")}
	return files
}

func TestASoundArchive(t *testing.T) {
	b := written(t)
	a, err := auditproof.OpenArchive(b.archive(t), b.op)
	if err != nil {
		t.Fatal(err)
	}
	if r := b.check(t, a, b.anchored(3)); !r.Sound() || r.Events != 9 || r.Batches != 3 || r.Covered != 9 || a.Len() != 3 {
		t.Errorf("%+v", r)
	}
}

// Each differs from TestASoundArchive in one thing.
func TestAnArchiveThatIsNot(t *testing.T) {
	path := func(b *book, i uint64) string { return auditproof.BatchPath(b.op, i) }
	for name, c := range map[string]struct {
		edit  func(b *book, files fstest.MapFS)
		place uint64
		says  string
	}{
		"a note edited":     {func(b *book, f fstest.MapFS) { replace(f, path(b, 0), `first\"`, `third\"`) }, 3, "is not under the root of batch 0"},
		"a file out":        {func(b *book, f fstest.MapFS) { delete(f, path(b, 1)) }, 5, "should begin batch 1, which is missing"},
		"the last file out": {func(b *book, f fstest.MapFS) { delete(f, path(b, 2)) }, 0, ""},
		"two files swapped": {func(b *book, f fstest.MapFS) { f[path(b, 0)], f[path(b, 1)] = f[path(b, 1)], f[path(b, 0)] }, 1, "whose file is of another batch"},
		"a header broken":   {func(b *book, f fstest.MapFS) { replace(f, path(b, 1), "batch-1", "batch-9") }, 5, "cannot be read"},
		"a line broken":     {func(b *book, f fstest.MapFS) { replace(f, path(b, 2), `{"leaf"`, `{"feal"`) }, 8, "cannot be read"},
		"another's": {func(b *book, f fstest.MapFS) {
			replace(f, path(b, 1), b.op.String(), omni.OperatorOfWallet([20]byte{9}).String())
		}, 5, "whose file is of another batch"},
	} {
		t.Run(name, func(t *testing.T) {
			b := written(t)
			files := b.archive(t)
			c.edit(b, files)
			a, err := auditproof.OpenArchive(files, b.op)
			if err != nil {
				t.Fatal(err)
			}
			r := b.check(t, a, b.anchored(3))
			switch {
			case r.Sound():
				t.Errorf("%+v", r)
			case c.place == 0:
				if r.First != nil || len(r.Unexplained) != 1 || r.Unexplained[0].Index != 2 {
					t.Errorf("%+v", r)
				}
			case name == "a file out" && (len(r.Unexplained) != 1 || r.Unexplained[0].Index != 1 || r.Batches != 1):
				t.Errorf("the roots of what is there are explained: %+v", r)
			case r.First == nil || r.First.Position != c.place || !strings.Contains(r.First.Reason, c.says):
				t.Errorf("%+v", r.First)
			}
		})
	}
}

func replace(f fstest.MapFS, path, old, new string) {
	f[path] = &fstest.MapFile{Data: bytes.Replace(f[path].Data, []byte(old), []byte(new), 1)}
}

func TestWhatIsNoArchive(t *testing.T) {
	b := written(t)
	if _, err := auditproof.OpenArchive(fstest.MapFS{}, b.op); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	files := b.archive(t)
	files[b.op.Key()+"/notes.txt"] = &fstest.MapFile{}
	if _, err := auditproof.OpenArchive(files, b.op); !errors.Is(err, auditproof.ErrBatchFile) {
		t.Error(err)
	}
	for _, mode := range []fs.FileMode{fs.ModeSymlink, fs.ModeNamedPipe, fs.ModeDir} {
		files := b.archive(t)
		files[auditproof.BatchPath(b.op, 1)].Mode |= mode
		if _, err := auditproof.OpenArchive(files, b.op); !errors.Is(err, auditproof.ErrBatchFile) || !strings.Contains(err.Error(), "no regular file") {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestTheEntriesOfOneBatch(t *testing.T) {
	from := func(b *book, position int) iter.Seq2[[]byte, error] {
		return shown{leaves: b.leaves(t)[position-1:]}.Leaves(context.Background())
	}
	previous := func(b *book, x auditproof.Batch) journal.Hash {
		if x.First == 1 {
			return journal.Genesis(b.op)
		}
		return journal.HashOf(leafOf(t, b.records[x.First-2]))
	}
	b := written(t)
	for _, x := range b.batches {
		run, err := auditproof.ReadRun(context.Background(), x, previous(b, x), b.emitters(t), from(b, int(x.First)))
		if err != nil || run.Batch != x || uint64(len(run.Leaves)) != x.Count || journal.Hash(run.Tree.Root()) != x.Root || run.Hash() != journal.HashOf(leafOf(t, b.records[x.Last()-1])) {
			t.Errorf("%+v, %v", run, err)
		}
		if _, err := auditproof.ReadRun(context.Background(), x, journal.Hash{}, b.emitters(t), from(b, int(x.First))); err != nil {
			t.Error("what it follows is not known:", err)
		}
		var f *auditproof.Fault
		if _, err := auditproof.ReadRun(context.Background(), x, journal.Hash{9}, b.emitters(t), from(b, int(x.First))); !errors.As(err, &f) || !strings.Contains(f.Reason, "follow") {
			t.Error("it follows another history:", err)
		}
	}
	for name, c := range map[string]struct {
		edit  func(*book)
		place uint64
		says  string
	}{
		"an event edited":  {func(b *book) { b.records[5].Event.Service = "gitlab" }, 6, "not what was stated"},
		"a link edited":    {func(b *book) { b.records[5].Previous[0]++ }, 6, "does not follow"},
		"the first link":   {func(b *book) { b.records[4].Previous[0]++ }, 5, "is not the one that the next entry follows"},
		"a time, relinked": {func(b *book) { b.relink(t, 6, func(r *journal.Record) { r.Received = noon.Add(9e9) }) }, 5, "begins batch 1"},
		"the end cut":      {func(b *book) { b.records = b.records[:6] }, 7, "is missing: batch 1 has it"},
		"another root":     {func(b *book) { b.batches[1].Root[0]++ }, 5, "begins batch 1"},
		"one less":         {func(b *book) { b.batches[1].Count-- }, 5, "begins batch 1"},
		"an entry twice": {func(b *book) {
			b.records[6] = b.records[5]
			b.relink(t, 5, func(*journal.Record) {})
			b.records[6].Position = 7
		}, 7, "is the same event as entry 6"},
		"an entry less": {func(b *book) { b.records = slices.Delete(b.records, 5, 6) }, 6, "is missing: entry 7 follows"},
	} {
		b := written(t)
		c.edit(b)
		_, err := auditproof.ReadRun(context.Background(), b.batches[1], journal.Hash{}, b.emitters(t), from(b, 5))
		var f *auditproof.Fault
		if !errors.As(err, &f) || f.Position != c.place || !strings.Contains(f.Reason, c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, count := range []uint64{0, journal.MaxBatch + 1} {
		b.batches[1].Count = count
		if _, err := auditproof.ReadRun(context.Background(), b.batches[1], journal.Hash{}, b.emitters(t), from(b, 5)); !errors.Is(err, auditproof.ErrNotGenuine) || !strings.Contains(err.Error(), "a batch has 1 to") {
			t.Error(err)
		}
	}
}

func TestTheEndOfABatch(t *testing.T) {
	b := written(t)
	want := func(i int) journal.Hash { return journal.HashOf(leafOf(t, b.records[i-1])) }
	if got, err := auditproof.EndOf(b.batches[1], b.proof(t, 5), b.proof(t, 7)); err != nil || got != want(7) {
		t.Error(got, err)
	}
	for name, c := range map[string]struct {
		edit        func(*auditproof.Batch)
		first, last uint64
		says        string
	}{
		"an entry that is not the first": {nil, 6, 7, "is elsewhere"},
		"an entry that is not the last":  {nil, 5, 6, "is elsewhere"},
		"another batch":                  {nil, 5, 9, "is elsewhere"},
		"said to begin earlier":          {func(x *auditproof.Batch) { x.First-- }, 4, 6, ""},
		"said to begin later":            {func(x *auditproof.Batch) { x.First++ }, 6, 8, ""},
		"another root":                   {func(x *auditproof.Batch) { x.Root[0]++ }, 5, 7, "is not under the root"},
	} {
		batch, first, last := b.batches[1], b.proof(t, c.first), b.proof(t, c.last)
		if c.edit != nil {
			c.edit(&batch)
			first.Batch, last.Batch = batch, batch
		}
		var f *auditproof.Fault
		if _, err := auditproof.EndOf(batch, first, last); !errors.As(err, &f) || !strings.Contains(f.Reason, c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Both proofs hold, and are of a batch that is not the one on chain.
	other := b.batches[1]
	other.Root[0]++
	if _, err := auditproof.EndOf(other, b.proof(t, 5), b.proof(t, 7)); !errors.Is(err, auditproof.ErrNotGenuine) || !strings.Contains(err.Error(), "is elsewhere") {
		t.Error(err)
	}
}
