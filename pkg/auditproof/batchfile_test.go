package auditproof_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
	"github.com/litentry/agentkeys/pkg/omni"
)

func header(b auditproof.Batch) auditproof.BatchHeader {
	return auditproof.HeaderOf(journal.Batch{
		Operator: b.Operator, Index: b.Index, First: b.First, Count: b.Count, Root: merkle.Hash(b.Root),
		Anchor: journal.Anchor{State: journal.Confirmed, Tx: [32]byte{1}, Block: 7, BlockHash: [32]byte{2}},
	})
}

// batchFile is the file of a batch of n entries that follows three others.
func batchFile(t testing.TB, n int) (*book, auditproof.Batch, []byte) {
	t.Helper()
	b := newBook(t)
	b.decide(t, 3)
	b.cut(t)
	b.decide(t, n)
	batch := b.cut(t)
	var out bytes.Buffer
	if err := auditproof.WriteBatch(&out, header(batch), b.leaves(t, batch)); err != nil {
		t.Fatal(err)
	}
	return b, batch, out.Bytes()
}

func TestABatchFileReadsBack(t *testing.T) {
	for _, n := range []int{1, 2, 3, 5, 8, 13} {
		b, batch, file := batchFile(t, n)
		if h, err := auditproof.CheckBatch(bytes.NewReader(file)); err != nil || h.Batch() != batch || h.Anchor == nil || h.Anchor.Block != 7 {
			t.Errorf("%d: %+v, %v", n, h, err)
		}
		r, err := auditproof.NewBatchReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range b.leaves(t, batch) {
			l, err := r.Next()
			if err != nil || l.Leaf != string(want) {
				t.Fatal(l, err)
			}
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Error(err)
		}
	}
}

func TestABatchFileOfNoOperator(t *testing.T) {
	b := newBook(t)
	b.op = omni.Operator{}
	b.decide(t, 2)
	var out bytes.Buffer
	if err := auditproof.WriteBatch(&out, header(b.cut(t)), b.leaves(t)); err != nil {
		t.Fatal(err)
	}
	if h, err := auditproof.CheckBatch(&out); err != nil || !h.Operator.IsZero() {
		t.Error(h, err)
	}
}

func TestWhatIsNotConfirmedHasNoAnchor(t *testing.T) {
	h := auditproof.HeaderOf(journal.Batch{Anchor: journal.Anchor{State: journal.Mined, Tx: [32]byte{1}, Block: 7, BlockHash: [32]byte{2}}})
	if h.Anchor != nil {
		t.Error(h)
	}
}

// Each differs from the file of TestABatchFileReadsBack in one thing.
func TestABatchFileThatIsNotWhole(t *testing.T) {
	_, batch, file := batchFile(t, 3)
	lines := strings.SplitAfter(string(file), "\n")
	lines = lines[:len(lines)-1]
	set := func(i int, edit func(string) string) func([]string) []string {
		return func(l []string) []string { l[i] = edit(l[i]); return l }
	}
	swap := func(old, new string) func(string) string {
		return func(l string) string { return strings.Replace(l, old, new, 1) }
	}
	for name, c := range map[string]struct {
		edit  func([]string) []string
		want  error
		says  string
		place uint64
	}{
		"empty":                 {func([]string) []string { return nil }, auditproof.ErrBatchFile, "it is empty", 0},
		"another format":        {set(0, swap("batch-1", "batch-2")), auditproof.ErrBatchFile, "its format", 0},
		"a member more":         {set(0, swap(`{`, `{"a":1,`)), auditproof.ErrBatchFile, "unknown", 0},
		"a space":               {set(1, swap(`"siblings":[`, `"siblings": [`)), auditproof.ErrBatchFile, "one encoding", 0},
		"half an anchor":        {set(0, swap(`"block":7`, `"block":0`)), auditproof.ErrBatchFile, "the anchor", 0},
		"no count":              {set(0, swap(`"count":3`, `"count":0`)), auditproof.ErrBatchFile, "1 to", 0},
		"another operator":      {set(0, swap(batch.Operator.String(), omni.OperatorOfWallet([20]byte{9}).String())), auditproof.ErrNotGenuine, "is of another journal", 4},
		"another first":         {set(0, swap(`"first":4`, `"first":5`)), auditproof.ErrNotGenuine, "says that it is entry 4", 5},
		"another root":          {set(0, swap(batch.Root.String(), journal.Hash{1}.String())), auditproof.ErrNotGenuine, "is not under the root", 4},
		"an entry less":         {func(l []string) []string { return l[:3] }, auditproof.ErrNotGenuine, "is missing", 6},
		"an entry out":          {func(l []string) []string { return slices.Delete(l, 2, 3) }, auditproof.ErrNotGenuine, "says that it is entry 6", 5},
		"two swapped":           {func(l []string) []string { l[2], l[3] = l[3], l[2]; return l }, auditproof.ErrNotGenuine, "says that it is entry 6", 5},
		"an entry twice":        {func(l []string) []string { return append(l, l[3]) }, auditproof.ErrBatchFile, "more lines", 0},
		"an event edited":       {set(2, swap(`github`, `gitlab`)), auditproof.ErrNotGenuine, "is not under the root", 5},
		"a sibling edited":      {set(2, swap(`s":["0x`, `s":["0x00`)), auditproof.ErrBatchFile, "", 0},
		"no siblings":           {set(2, func(l string) string { return l[:strings.Index(l, `[`)] + "[]}\n" }), auditproof.ErrNotGenuine, "is not under the root", 5},
		"a line cut":            {set(3, func(l string) string { return l[:len(l)-1] }), auditproof.ErrBatchFile, "not complete", 0},
		"a line without an end": {set(3, func(l string) string { return strings.Repeat("x", 40<<10) }), auditproof.ErrBatchFile, "longer than", 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := auditproof.CheckBatch(strings.NewReader(strings.Join(c.edit(slices.Clone(lines)), "")))
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Fatal(err)
			}
			var f *auditproof.Fault
			if errors.As(err, &f) != (c.place != 0) || f != nil && f.Position != c.place {
				t.Errorf("%+v", f)
			}
		})
	}
}

// TestAHiddenEntry: each entry of a file can be under a root that is over one more.
func TestAHiddenEntry(t *testing.T) {
	_, _, file := batchFile(t, 4)
	lines := strings.SplitAfter(string(file), "\n")
	text := strings.Replace(lines[0], `"count":4`, `"count":3`, 1) + lines[1] + lines[2] + lines[3]
	var f *auditproof.Fault
	if _, err := auditproof.CheckBatch(strings.NewReader(text)); !errors.As(err, &f) || f.Position != 4 || !strings.Contains(f.Reason, "whose root is not that of its entries") {
		t.Error(err)
	}
}

func TestTheWriterOfBatchFiles(t *testing.T) {
	b := newBook(t)
	b.decide(t, 3)
	batch := b.cut(t)
	leaves := b.leaves(t)
	tree := treeOf(t, leaves)
	if err := auditproof.WriteBatch(io.Discard, header(batch), nil); !errors.Is(err, merkle.ErrEmpty) {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		edit   func(*auditproof.BatchHeader)
		leaves [][]byte
		says   string
	}{
		"sound":            {nil, leaves, ""},
		"no format":        {func(h *auditproof.BatchHeader) { h.Format = "" }, leaves, "its format"},
		"another root":     {func(h *auditproof.BatchHeader) { h.Root[0]++ }, leaves, "the tree is not"},
		"another count":    {func(h *auditproof.BatchHeader) { h.Count++ }, leaves, "the tree is not"},
		"one less":         {nil, leaves[:2], "2 were written"},
		"one more":         {nil, append(slices.Clone(leaves), leaves[0]), "not more"},
		"in another order": {nil, [][]byte{leaves[1], leaves[0], leaves[2]}, "is not the one that is in the tree"},
	} {
		h := header(batch)
		if c.edit != nil {
			c.edit(&h)
		}
		err := write(h, tree, c.leaves)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func write(h auditproof.BatchHeader, tree *merkle.Tree, leaves [][]byte) error {
	w, err := auditproof.NewBatchWriter(io.Discard, h, tree)
	if err != nil {
		return err
	}
	for _, l := range leaves {
		if err := w.Add(l); err != nil {
			return err
		}
	}
	return w.Close()
}

func TestBatchPath(t *testing.T) {
	o := omni.OperatorOfWallet([20]byte{1})
	p := auditproof.BatchPath(o, 12)
	if p != o.Key()+"/000000000012.jsonl" {
		t.Error(p)
	}
	for _, who := range []omni.Operator{o, {}} {
		if got, index, err := auditproof.ParseBatchPath(auditproof.BatchPath(who, 7)); err != nil || got != who || index != 7 {
			t.Error(got, index, err)
		}
	}
	for _, bad := range []string{"", "x", o.Key(), o.Key() + "/12.jsonl", o.Key() + "/000000000012.json", o.Key() + "/+00000000012.jsonl", o.String() + "/000000000012.jsonl", p + "x", "/" + p, "../" + p} {
		if _, _, err := auditproof.ParseBatchPath(bad); !errors.Is(err, auditproof.ErrBatchFile) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// FuzzBatchFile: what is taken for a batch file is one, to the byte.
func FuzzBatchFile(f *testing.F) {
	_, _, file := batchFile(f, 2)
	f.Add(file)
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := auditproof.CheckBatch(bytes.NewReader(text))
		if err != nil {
			return
		}
		r, err := auditproof.NewBatchReader(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		var leaves [][]byte
		for {
			l, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			leaves = append(leaves, []byte(l.Leaf))
		}
		var again bytes.Buffer
		if err := auditproof.WriteBatch(&again, h, leaves); err != nil || !bytes.Equal(again.Bytes(), text) {
			t.Fatalf("%v\n%s\n%s", err, again.Bytes(), text)
		}
	})
}
