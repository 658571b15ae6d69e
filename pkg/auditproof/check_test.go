package auditproof_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// roots is a chain that a test writes by hand.
type roots struct {
	of    map[omni.Operator][]auditproof.Root
	at    auditproof.Anchor
	fault error
}

func (r roots) Roots(_ context.Context, o omni.Operator, indices ...uint64) (uint64, []auditproof.Root, error) {
	out := make([]auditproof.Root, len(indices))
	for n, i := range indices {
		if i < uint64(len(r.of[o])) {
			out[n] = r.of[o][i]
		}
	}
	return uint64(len(r.of[o])), out, r.fault
}

func (r roots) Anchored(_ context.Context, o omni.Operator, index uint64) (auditproof.Root, auditproof.Anchor, bool, error) {
	if index >= uint64(len(r.of[o])) {
		return auditproof.Root{}, auditproof.Anchor{}, false, r.fault
	}
	return r.of[o][index], r.at, true, r.fault
}

// anchored is a chain with the first n batches.
func (b *book) anchored(n int) roots {
	r := roots{of: map[omni.Operator][]auditproof.Root{}, at: auditproof.Anchor{Tx: journal.Hash{1}, Block: 7, BlockHash: journal.Hash{2}}}
	for _, x := range b.batches[:n] {
		r.of[b.op] = append(r.of[b.op], auditproof.Root{Root: x.Root, Count: x.Count, AnchoredAt: noon})
	}
	return r
}

// shown is a journal as a host shows it.
type shown struct {
	batches []auditproof.Claim
	leaves  [][]byte
	fault   error
}

func (s shown) Batches(context.Context) iter.Seq2[auditproof.Claim, error] {
	return func(yield func(auditproof.Claim, error) bool) {
		for _, b := range s.batches {
			if !yield(b, nil) {
				return
			}
		}
	}
}

func (s shown) Leaves(context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, l := range s.leaves {
			if !yield(l, nil) {
				return
			}
		}
		if s.fault != nil {
			yield(nil, s.fault)
		}
	}
}

func (b *book) show(t testing.TB, anchored int) shown {
	s := shown{leaves: b.leaves(t)}
	for i, x := range b.batches {
		s.batches = append(s.batches, auditproof.Claim{Batch: x, Anchored: i < anchored})
	}
	return s
}

func (b *book) emitters(t testing.TB) auditproof.Emitters {
	t.Helper()
	set, err := jose.NewKeySet(b.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return auditproof.Emitters{"signer": audit.NewVerifier(set)}
}

// written is a journal of eleven entries: batches of 4, 3 and 2, of which two are
// anchored, and two entries in no batch. The third and the ninth are notes.
func written(t testing.TB) *book {
	b := newBook(t)
	b.decide(t, 2)
	b.note(t, "first")
	b.decide(t, 1)
	b.cut(t)
	b.decide(t, 3)
	b.cut(t)
	b.decide(t, 1)
	b.note(t, "second")
	b.cut(t)
	b.decide(t, 2)
	return b
}

func (b *book) check(t testing.TB, s auditproof.Source, r roots) auditproof.Report {
	t.Helper()
	report, err := auditproof.Check(context.Background(), s, auditproof.Checking{Operator: b.op, Emitters: b.emitters(t), Roots: r})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestASoundJournal(t *testing.T) {
	b := written(t)
	var seen []uint64
	r, err := auditproof.Check(context.Background(), b.show(t, 2), auditproof.Checking{
		Operator: b.op, Emitters: b.emitters(t), Roots: b.anchored(2), Seen: func(p uint64) { seen = append(seen, p) },
	})
	if err != nil || !r.Sound() || r.Events != 11 || r.Notes != 2 || r.Batches != 3 || r.Anchored != 2 || r.Roots != 2 || r.Covered != 7 {
		t.Errorf("%+v, %v", r, err)
	}
	if r.Hash != journal.HashOf(leafOf(t, b.records[10])) || len(seen) != 11 || seen[10] != 11 {
		t.Error(r.Hash, seen)
	}
	if want := []auditproof.Numbers{{Source: b.source, Events: 9, First: 1, Last: 9}}; !slices.Equal(r.Numbers, want) {
		t.Errorf("%+v", r.Numbers)
	}
}

func TestAnEmptyJournal(t *testing.T) {
	b := newBook(t)
	if r := b.check(t, b.show(t, 0), b.anchored(0)); !r.Sound() || r.Events != 0 || r.Hash != journal.Genesis(b.op) {
		t.Errorf("%+v", r)
	}
}

func TestAJournalOfNoOperator(t *testing.T) {
	b := newBook(t)
	b.op = omni.Operator{}
	b.decide(t, 2)
	b.cut(t)
	if r := b.check(t, b.show(t, 0), roots{fault: errors.New("asked")}); !r.Sound() || r.Events != 2 {
		t.Errorf("%+v", r)
	}
}

// Each differs from TestASoundJournal in one thing, and names the entry that it is.
func TestTheFirstBadEvent(t *testing.T) {
	other := newBook(t)
	other.op = omni.OperatorOfWallet([20]byte{9})
	other.decide(t, 11)
	stranger := newBook(t) // with another key
	stranger.decide(t, 11)
	for name, c := range map[string]struct {
		edit  func(t *testing.T, b *book, s *shown)
		place uint64
		says  string
	}{
		"an event edited":       {func(t *testing.T, b *book, s *shown) { b.records[5].Event.Service = "gitlab" }, 6, "not what was stated"},
		"another receipt":       {func(t *testing.T, b *book, s *shown) { b.records[5].Signature = b.records[4].Signature }, 6, "not what was stated"},
		"another number":        {func(t *testing.T, b *book, s *shown) { b.records[5].Sequence = 99 }, 6, "another number"},
		"another source":        {func(t *testing.T, b *book, s *shown) { b.records[5].Source = "x" }, 6, "another number"},
		"no receipt":            {func(t *testing.T, b *book, s *shown) { b.records[5].Signature = "" }, 6, "carries none"},
		"a stranger's receipt":  {func(t *testing.T, b *book, s *shown) { b.records[5].Signature = stranger.records[5].Signature }, 6, "unknown kid"},
		"a role without keys":   {func(t *testing.T, b *book, s *shown) { b.records[5].Event.Emitter = "cred" }, 6, "no keys of the role cred"},
		"a note with a receipt": {func(t *testing.T, b *book, s *shown) { b.records[8].Signature = b.records[7].Signature }, 9, "a note, which carries none"},
		"a note edited":         {func(t *testing.T, b *book, s *shown) { b.records[8].Event.Note = "third" }, 9, "is not the one that the next entry follows"},
		"a note edited, last but one": {func(t *testing.T, b *book, s *shown) {
			b.records[2].Event.Note = "third"
			b.records = b.records[:4]
			b.batches = b.batches[:1]
		}, 3, "is not the one that the next entry follows"},
		"a time edited":                  {func(t *testing.T, b *book, s *shown) { b.records[9].Received = noon.Add(9e9) }, 10, "is not the one that the next entry follows"},
		"a link edited":                  {func(t *testing.T, b *book, s *shown) { b.records[9].Previous[0]++ }, 10, "does not follow"},
		"the first link edited":          {func(t *testing.T, b *book, s *shown) { b.records[0].Previous[0]++ }, 1, "does not follow"},
		"a link behind what is on chain": {func(t *testing.T, b *book, s *shown) { b.relink(t, 7, func(r *journal.Record) { r.Previous[0]++ }) }, 8, "does not follow"},
		"the last link edited":           {func(t *testing.T, b *book, s *shown) { b.records[10].Previous[0]++ }, 10, "is not the one that the next entry follows"},
		"an entry out":                   {func(t *testing.T, b *book, s *shown) { b.records = slices.Delete(b.records, 5, 6) }, 6, "is missing: entry 7 follows"},
		"an entry out, renumbered": {func(t *testing.T, b *book, s *shown) {
			b.records = slices.Delete(b.records, 9, 10)
			b.records[9].Position = 10
		}, 9, "is not the one that the next entry follows"},
		"two swapped": {func(t *testing.T, b *book, s *shown) { b.records[4], b.records[5] = b.records[5], b.records[4] }, 5, "is missing: entry 6 follows"},
		"two swapped, renumbered": {func(t *testing.T, b *book, s *shown) {
			b.records[4], b.records[5] = b.records[5], b.records[4]
			b.records[4].Position, b.records[5].Position = 5, 6
		}, 5, "does not follow"},
		"an entry twice":             {func(t *testing.T, b *book, s *shown) { b.records = slices.Insert(b.records, 5, b.records[4]) }, 6, "says that it is entry 5"},
		"the end cut":                {func(t *testing.T, b *book, s *shown) { b.records = b.records[:8] }, 9, "is missing: batch 2 has it"},
		"a decision twice, relinked": {func(t *testing.T, b *book, s *shown) { b.again(t, 5) }, 12, "is the same event as entry 6"},
		"a note twice, relinked":     {func(t *testing.T, b *book, s *shown) { b.again(t, 2) }, 12, "is the same event as entry 3"},
		"another journal's":          {func(t *testing.T, b *book, s *shown) { b.records[5] = other.records[5] }, 6, "is of another journal"},
		"no record":                  {func(t *testing.T, b *book, s *shown) { s.leaves = b.leaves(t); s.leaves[5] = append(s.leaves[5], ' ') }, 6, "is no record"},
		"shown as damaged": {func(t *testing.T, b *book, s *shown) {
			s.leaves, s.fault = b.leaves(t)[:5], &auditproof.Fault{Position: 6, Reason: "is damaged"}
		}, 6, "is damaged"},
		"rewritten to the end, not anchored": {func(t *testing.T, b *book, s *shown) {
			b.relink(t, 8, func(r *journal.Record) { r.Event.Note = "third" })
		}, 8, "begins batch 2, whose root is not that of its entries"},
		"rewritten with its batch": {func(t *testing.T, b *book, s *shown) {
			b.relink(t, 2, func(r *journal.Record) { r.Event.Note = "third" })
			b.batches = nil
			for _, n := range []uint64{4, 3, 2} {
				b.recut(t, n)
			}
			s.batches = b.show(t, 2).batches
		}, 1, "begins batch 0, for which the chain has another root"},
		"a batch out":              {func(t *testing.T, b *book, s *shown) { s.batches = slices.Delete(s.batches, 1, 2) }, 5, "should begin batch 1, which is missing"},
		"a batch elsewhere":        {func(t *testing.T, b *book, s *shown) { s.batches[2].First++ }, 8, "should begin batch 2, which begins at entry 9"},
		"a batch of none":          {func(t *testing.T, b *book, s *shown) { s.batches[2].Count = 0 }, 8, "should begin batch 2, a batch has"},
		"a batch of another":       {func(t *testing.T, b *book, s *shown) { s.batches[2].Operator = other.op }, 8, "which is another operator's"},
		"another root":             {func(t *testing.T, b *book, s *shown) { s.batches[2].Root[0]++ }, 8, "begins batch 2, whose root is not that of its entries"},
		"a batch cut":              {func(t *testing.T, b *book, s *shown) { s.batches[2].Count = 1 }, 8, "begins batch 2, whose root is not that of its entries"},
		"a batch that is not full": {func(t *testing.T, b *book, s *shown) { s.batches[2].Count = 9 }, 12, "is missing: batch 2 has it"},
	} {
		t.Run(name, func(t *testing.T) {
			b := written(t)
			s, chain := b.show(t, 2), b.anchored(2)
			s.leaves = nil
			c.edit(t, b, &s)
			if s.leaves == nil {
				s.leaves = b.leaves(t)
			}
			if len(b.batches) == 1 {
				s.batches, chain = b.show(t, 1).batches, b.anchored(1)
			}
			r := b.check(t, s, chain)
			if r.Sound() || r.First == nil || r.First.Position != c.place || !strings.Contains(r.First.Reason, c.says) || !errors.Is(r.First, auditproof.ErrNotGenuine) {
				t.Errorf("%+v", r.First)
			}
		})
	}
}

// relink edits the record at an index, and all links behind it so that they fit.
func (b *book) relink(t testing.TB, at int, edit func(*journal.Record)) {
	edit(&b.records[at])
	for i := at + 1; i < len(b.records); i++ {
		b.records[i].Previous = journal.HashOf(leafOf(t, b.records[i-1]))
	}
}

// again puts the record at an index behind the last one, as if it were new.
func (b *book) again(t testing.TB, at int) {
	b.records = append(b.records, b.records[at])
	b.relink(t, len(b.records)-2, func(*journal.Record) {})
	b.records[len(b.records)-1].Position = uint64(len(b.records))
}

// recut makes a batch of n entries.
func (b *book) recut(t testing.TB, n uint64) {
	next := auditproof.Batch{Operator: b.op, Index: uint64(len(b.batches)), First: 1, Count: n}
	if have := len(b.batches); have > 0 {
		next.First = b.batches[have-1].Last() + 1
	}
	next.Root = journal.Hash(treeOf(t, b.leaves(t, next)).Root())
	b.batches = append(b.batches, next)
}

func TestRootsThatNoBatchExplains(t *testing.T) {
	b := written(t)
	chain := b.anchored(3)
	chain.of[b.op] = append(chain.of[b.op], auditproof.Root{Root: journal.Hash{9}, Count: 3, AnchoredAt: noon})
	r := b.check(t, b.show(t, 3), chain)
	if r.Sound() || r.First != nil || len(r.Unexplained) != 1 || r.Unexplained[0].Index != 3 || r.Unexplained[0].Root.Root != (journal.Hash{9}) {
		t.Errorf("%+v", r)
	}
	// Another count under the same root is another root.
	chain = b.anchored(3)
	chain.of[b.op][2].Count++
	if r := b.check(t, b.show(t, 3), chain); r.First == nil || r.First.Position != 8 || len(r.Unexplained) != 1 || r.Unexplained[0].Index != 2 {
		t.Errorf("%+v", r)
	}
}

func TestWhatIsCalledAnchoredAndIsNot(t *testing.T) {
	b := written(t)
	if r := b.check(t, b.show(t, 3), b.anchored(2)); r.Sound() || r.First != nil || !slices.Equal(r.Missing, []uint64{2}) {
		t.Errorf("%+v", r)
	}
	if r := b.check(t, b.show(t, 1), b.anchored(2)); !r.Sound() || r.Anchored != 2 {
		t.Error("the chain is ahead of who shows the journal:", r)
	}
}

func TestManyRoots(t *testing.T) {
	b := newBook(t)
	for range 150 {
		b.decide(t, 1)
		b.cut(t)
	}
	if r := b.check(t, b.show(t, 150), b.anchored(150)); !r.Sound() || r.Anchored != 150 || r.Covered != 150 {
		t.Errorf("%+v", r)
	}
}

func TestNoAnswerIsNoFault(t *testing.T) {
	b := written(t)
	silent := errors.New("no answer")
	s := b.show(t, 2)
	s.fault = silent
	c := auditproof.Checking{Operator: b.op, Emitters: b.emitters(t), Roots: b.anchored(2)}
	if r, err := auditproof.Check(context.Background(), s, c); !errors.Is(err, silent) || errors.Is(err, auditproof.ErrNotGenuine) || r.First != nil {
		t.Error(r, err)
	}
	c.Roots = roots{fault: silent}
	if r, err := auditproof.Check(context.Background(), b.show(t, 2), c); !errors.Is(err, silent) || r.First != nil {
		t.Error(r, err)
	}
}

func TestNumbersOfEmitters(t *testing.T) {
	for name, c := range map[string]struct {
		numbers []uint64
		want    auditproof.Numbers
	}{
		"all":       {[]uint64{1, 2, 3}, auditproof.Numbers{Events: 3, First: 1, Last: 3}},
		"a hole":    {[]uint64{1, 4, 5}, auditproof.Numbers{Events: 3, First: 1, Last: 5, Missing: 2}},
		"filled":    {[]uint64{5, 3, 4, 1, 2}, auditproof.Numbers{Events: 5, First: 1, Last: 5}},
		"twice":     {[]uint64{2, 3, 3, 5}, auditproof.Numbers{Events: 4, First: 2, Last: 5, Missing: 1, Twice: 1}},
		"two holes": {[]uint64{9, 1, 5}, auditproof.Numbers{Events: 3, First: 1, Last: 9, Missing: 6}},
	} {
		b := newBook(t)
		for i, n := range c.numbers {
			b.sequence = n - 1
			b.add(t, b.event(i+1))
		}
		c.want.Source = b.source
		if r := b.check(t, b.show(t, 0), b.anchored(0)); !r.Sound() || !slices.Equal(r.Numbers, []auditproof.Numbers{c.want}) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestWhatSomebodyWasHanded(t *testing.T) {
	b := written(t)
	r := b.records[1]
	if err := auditproof.Holds(r, r.Signature); err != nil {
		t.Error(err)
	}
	if got, err := auditproof.EventOf(r.Signature); err != nil || got != r.Event.ID {
		t.Error(got, err)
	}
	edited := r
	edited.Event.Service = "gitlab"
	moved := r
	moved.Sequence++
	for name, c := range map[string]struct {
		r       journal.Record
		receipt string
		want    error
	}{
		"another event's": {r, b.records[0].Signature, auditproof.ErrNotGenuine},
		"an event edited": {edited, r.Signature, auditproof.ErrNotGenuine},
		"renumbered":      {moved, r.Signature, auditproof.ErrNotGenuine},
		"no receipt":      {r, "x", audit.ErrReceipt},
		"a long one":      {r, strings.Repeat("a", 2000) + ".e30.a", audit.ErrReceipt},
		"of no event":     {r, "e30.e30.e30", audit.ErrReceipt},
	} {
		if err := auditproof.Holds(c.r, c.receipt); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	part := strings.Split(r.Signature, ".")
	for says, receipt := range map[string]string{
		"it is too long":     r.Signature + strings.Repeat("A", 1024),
		"it states no event": strings.Join(part[:3], ".") + "." + jose.EncodeSegment([]byte("x")),
	} {
		if got, err := auditproof.EventOf(receipt); !errors.Is(err, audit.ErrReceipt) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %q, %v", says, got, err)
		}
	}
}
