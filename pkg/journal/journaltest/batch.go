package journaltest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
	"github.com/litentry/agentkeys/pkg/omni"
)

func batches(t *testing.T, b *bench) {
	o := Operator(1)
	_, err := b.Build(ctx(), o, 0)
	want(t, err, journal.ErrNothing)
	_, err = b.Build(ctx(), o, -1)
	want(t, err, journal.ErrInvalid)
	_, err = b.Build(ctx(), o, journal.MaxBatch+1)
	want(t, err, journal.ErrInvalid)
	b.fill(t, o, 5)
	b.fill(t, Operator(2), 1)
	for i, c := range []struct {
		limit        int
		first, count uint64
	}{{2, 1, 2}, {1, 3, 1}, {0, 4, 2}} {
		got, err := b.Build(ctx(), o, c.limit)
		want(t, err, nil)
		list, err := b.Events(ctx(), journal.Query{Operator: o, After: c.first - 1, Limit: int(c.count)})
		want(t, err, nil)
		var leaves []merkle.Hash
		for _, s := range list {
			leaves = append(leaves, merkle.Leaf(s.Leaf))
		}
		tree, err := merkle.New(leaves)
		want(t, err, nil)
		if got != (journal.Batch{Operator: o, Index: uint64(i), First: c.first, Count: c.count, Root: tree.Root(), Anchor: journal.Anchor{State: journal.Built}}) {
			t.Errorf("%d: %+v", i, got)
		}
		if same, err := b.Batch(ctx(), o, uint64(i)); err != nil || same != got {
			t.Errorf("%+v, %v", same, err)
		}
	}
	_, err = b.Build(ctx(), o, 0)
	want(t, err, journal.ErrNothing)
	_, err = b.Batch(ctx(), o, 3)
	want(t, err, journal.ErrUnknown)
	other, err := b.Build(ctx(), Operator(2), 0)
	want(t, err, nil)
	if other.Index != 0 || other.First != 1 {
		t.Errorf("%+v", other)
	}
	b.sound(t, o, 5)
}

// Of two that build at once one is told so; no index is given twice.
func buildRace(t *testing.T, b *bench) {
	o := Operator(1)
	b.fill(t, o, 40)
	var wg sync.WaitGroup
	var built atomic.Int64
	for range 8 {
		wg.Go(func() {
			for {
				switch _, err := b.Build(ctx(), o, 3); {
				case err == nil:
					built.Add(1)
				case errors.Is(err, journal.ErrNothing):
					return
				case !errors.Is(err, journal.ErrMoved):
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	h, err := b.Head(ctx(), o)
	want(t, err, nil)
	if h.Covered != 40 || h.Batches != uint64(built.Load()) || h.Batches != 14 {
		t.Errorf("%+v, %d built", h, built.Load())
	}
	b.sound(t, o, 40)
}

func buildWhileAppending(t *testing.T, b *bench) {
	o := Operator(1)
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for i := range 10 {
				if _, err := b.Append(ctx(), Entry(o, fmt.Sprint(c, i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		if _, err := b.Build(ctx(), o, 0); err != nil && !errors.Is(err, journal.ErrNothing) {
			t.Error(err)
		}
		if _, err := b.Verify(ctx(), o); err != nil {
			t.Error(err)
		}
	}
	h, err := b.Head(ctx(), o)
	want(t, err, nil)
	if h.Covered != 80 || h.Position != 80 {
		t.Errorf("%+v", h)
	}
	for c := range 8 {
		for i := range 10 {
			if _, err := b.Proof(ctx(), ID(fmt.Sprint(c, i))); err != nil {
				t.Error(err)
			}
		}
	}
	b.sound(t, o, 80)
}

func proofs(t *testing.T, b *bench) {
	o := Operator(1)
	b.fill(t, o, 11)
	name := func(i int) string { return ID(fmt.Sprintf("%s %d", o, i)) }
	first, err := b.Build(ctx(), o, 7)
	want(t, err, nil)
	second, err := b.Build(ctx(), o, 3)
	want(t, err, nil)
	for i := 1; i <= 10; i++ {
		batch := first
		if i > 7 {
			batch = second
		}
		p, err := b.Proof(ctx(), name(i))
		want(t, err, nil)
		if p.Batch != batch || p.Position != uint64(i) || !merkle.Verify(batch.Root, batch.Count, p.Leaf, p.Siblings) {
			t.Errorf("%d: %+v", i, p)
		}
		if r, err := journal.DecodeRecord(p.Leaf); err != nil || r.Event.ID != name(i) || r.Position != p.Position || r.Event.Operator != o {
			t.Errorf("%d: %+v, %v", i, r, err)
		}
		other := first
		if i <= 7 {
			other = second
		}
		if merkle.Verify(other.Root, other.Count, p.Leaf, p.Siblings) {
			t.Errorf("entry %d is proven in another batch", i)
		}
	}
	_, err = b.Proof(ctx(), name(11))
	want(t, err, journal.ErrNotBatched)
	_, err = b.Proof(ctx(), name(12))
	want(t, err, journal.ErrUnknown)
	_, err = b.Proof(ctx(), "")
	want(t, err, journal.ErrUnknown)
}

func pending(t *testing.T, b *bench) {
	list, err := b.Pending(ctx())
	want(t, err, nil)
	if len(list) != 0 {
		t.Errorf("%+v", list)
	}
	b.fill(t, Operator(1), 2)
	b.move(time.Minute)
	_, err = b.Append(ctx(), Entry(Operator(1), "later"), Entry(Operator(2), "x"), Entry(omni.Operator{}, "y"))
	want(t, err, nil)
	at := func(d time.Duration) time.Time { return start.Add(d).Truncate(time.Millisecond) }
	check := func(expected ...journal.Pending) {
		t.Helper()
		list, err := b.Pending(ctx())
		want(t, err, nil)
		var known []journal.Pending
		for _, p := range list {
			if p.Operator == Operator(1) {
				known = append(known, p)
			}
		}
		if !slices.Equal(known, expected) {
			t.Errorf("%+v, want %+v", known, expected)
		}
	}
	check(journal.Pending{Operator: Operator(1), Count: 3, Oldest: at(0)})
	if list, err := b.Pending(ctx()); err != nil || len(list) != 3 {
		t.Errorf("%+v, %v", list, err)
	}
	_, err = b.Build(ctx(), Operator(1), 2)
	want(t, err, nil)
	check(journal.Pending{Operator: Operator(1), Count: 1, Oldest: at(time.Minute)})
	_, err = b.Build(ctx(), Operator(1), 0)
	want(t, err, nil)
	check()
}

// The places of a batch that tests move it to.
func sent(n byte) journal.Anchor { return journal.Anchor{State: journal.Submitted, Tx: [32]byte{n}} }

func mined(tx, block byte) journal.Anchor {
	return journal.Anchor{State: journal.Mined, Tx: [32]byte{tx}, Block: uint64(block), BlockHash: [32]byte{block}}
}

func confirmed(tx, block byte) journal.Anchor {
	a := mined(tx, block)
	a.State = journal.Confirmed
	return a
}

var built = journal.Anchor{State: journal.Built}

func anchoring(t *testing.T, b *bench) {
	o := Operator(1)
	b.fill(t, o, 3)
	for range 3 {
		_, err := b.Build(ctx(), o, 1)
		want(t, err, nil)
	}
	// Sent, with a higher fee, mined, its block lost, mined again, for good.
	way := []journal.Anchor{built, sent(1), sent(2), mined(1, 5), sent(1), mined(1, 6), mined(1, 7), confirmed(1, 7)}
	for i := 1; i < len(way); i++ {
		want(t, b.Move(ctx(), o, 0, way[i-1], way[i]), nil)
		want(t, b.Move(ctx(), o, 0, way[i-1], way[i]), journal.ErrMoved)
		b.reopen(t)
		if got, err := b.Batch(ctx(), o, 0); err != nil || got.Anchor != way[i] {
			t.Errorf("%+v, %v, want %+v", got, err, way[i])
		}
	}
	want(t, b.Move(ctx(), o, 3, built, sent(1)), journal.ErrUnknown)
	want(t, b.Move(ctx(), Operator(2), 0, built, sent(1)), journal.ErrUnknown)
	want(t, b.Move(ctx(), o, 1, built, mined(9, 9)), nil) // found on chain
	list, err := b.Unfinished(ctx(), o, 10)
	want(t, err, nil)
	if len(list) != 2 || list[0].Index != 1 || list[1].Index != 2 || list[0].Anchor != mined(9, 9) {
		t.Errorf("%+v", list)
	}
	if list, err := b.Unfinished(ctx(), o, 1); err != nil || len(list) != 1 || list[0].Index != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	b.sound(t, o, 3)
}

// Every pair of places: those that may follow each other, and no other.
func transitions(t *testing.T, b *bench) {
	o := Operator(1)
	places := []journal.Anchor{built, sent(1), sent(2), mined(1, 5), mined(1, 6), confirmed(1, 5), confirmed(1, 6)}
	may := map[journal.State][]journal.State{
		journal.Built:     {journal.Submitted, journal.Mined},
		journal.Submitted: {journal.Submitted, journal.Mined, journal.Built},
		journal.Mined:     {journal.Mined, journal.Confirmed, journal.Submitted, journal.Built},
	}
	index := uint64(0)
	for _, from := range places {
		for _, to := range places {
			b.fillOne(t, o, index)
			b.take(t, o, index, from)
			ok := from != to && slices.Contains(may[from.State], to.State) &&
				(to.State != journal.Confirmed || from.Block == to.Block)
			err := b.Move(ctx(), o, index, from, to)
			if ok != (err == nil) || !ok && !errors.Is(err, journal.ErrInvalid) {
				t.Errorf("%+v to %+v: %v", from, to, err)
			}
			index++
		}
	}
	for _, half := range []journal.Anchor{
		{},
		{State: "lost"},
		{State: journal.Built, Tx: [32]byte{1}},
		{State: journal.Submitted},
		{State: journal.Submitted, Tx: [32]byte{1}, Block: 1},
		{State: journal.Mined, Tx: [32]byte{1}, Block: 1},
		{State: journal.Mined, Tx: [32]byte{1}, BlockHash: [32]byte{1}},
		{State: journal.Confirmed, Block: 1, BlockHash: [32]byte{1}},
	} {
		want(t, b.Move(ctx(), o, 0, built, half), journal.ErrInvalid)
		want(t, b.Move(ctx(), o, 0, half, sent(1)), journal.ErrInvalid)
	}
	b.sound(t, o, index)
}

// fillOne makes one batch of one entry.
func (b *bench) fillOne(t *testing.T, o omni.Operator, index uint64) {
	t.Helper()
	if _, err := b.Append(ctx(), Entry(o, fmt.Sprint(o, " one of ", index))); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Build(ctx(), o, 0); err != nil || got.Index != index {
		t.Fatal(got, err)
	}
}

// take brings a new batch to a place.
func (b *bench) take(t *testing.T, o omni.Operator, index uint64, to journal.Anchor) {
	t.Helper()
	way := []journal.Anchor{built}
	switch to.State {
	case journal.Submitted, journal.Mined:
		way = append(way, to)
	case journal.Confirmed:
		way = append(way, mined(to.Tx[0], byte(to.Block)), to)
	}
	for i := 1; i < len(way); i++ {
		if err := b.Move(ctx(), o, index, way[i-1], way[i]); err != nil {
			t.Fatal(err)
		}
	}
}

// Of many that submit one batch, one does.
func moveRace(t *testing.T, b *bench) {
	o := Operator(1)
	b.fillOne(t, o, 0)
	var wg sync.WaitGroup
	var won atomic.Int64
	for i := range 32 {
		wg.Go(func() {
			switch err := b.Move(ctx(), o, 0, built, sent(byte(i+1))); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, journal.ErrMoved):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d submitted it", won.Load())
	}
}
