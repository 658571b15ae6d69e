package journaltest

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// The places of a batch on its way into the archive.
func archive(s journal.ArchiveState, n byte) journal.Archive {
	return journal.Archive{State: s, Checksum: [32]byte{n}, Size: uint64(n), Attempts: 1}
}

// again is the second attempt.
func again(a journal.Archive) journal.Archive {
	a.Attempts++
	return a
}

var unsent journal.Archive

// confirmOne makes one confirmed batch of one entry.
func (b *bench) confirmOne(t *testing.T, o omni.Operator, index uint64) {
	t.Helper()
	b.fillOne(t, o, index)
	b.take(t, o, index, confirmed(1, 5))
}

// turn is the batches whose turn it is.
func (b *bench) turn(t *testing.T, expected ...uint64) {
	t.Helper()
	list, err := b.Unarchived(ctx(), omni.Operator{}, 10)
	want(t, err, nil)
	var got []uint64
	for _, n := range list {
		got = append(got, n.Index)
		if same, err := b.Batch(ctx(), n.Operator, n.Index); err != nil || same != n {
			t.Errorf("%+v is %+v, %v", n, same, err)
		}
	}
	if !slices.Equal(got, expected) {
		t.Errorf("%v have their turn, want %v", got, expected)
	}
}

func archiving(t *testing.T, b *bench) {
	o := Operator(1)
	b.turn(t)
	b.fillOne(t, o, 0)
	for _, place := range []journal.Anchor{built, sent(1), mined(1, 5)} {
		if place != built {
			was, err := b.Batch(ctx(), o, 0)
			want(t, err, nil)
			want(t, b.Move(ctx(), o, 0, was.Anchor, place), nil)
		}
		b.turn(t)
		want(t, b.MoveArchive(ctx(), o, 0, unsent, archive(journal.ArchiveSending, 1)), journal.ErrInvalid)
	}
	want(t, b.Move(ctx(), o, 0, mined(1, 5), confirmed(1, 5)), nil)
	b.confirmOne(t, o, 1)
	b.fillOne(t, o, 2)
	b.turn(t, 0)
	// Sent, given up, sent, sent again, doubted, doubted again, in the end stored.
	way := []journal.Archive{
		unsent, archive(journal.ArchiveSending, 1), unsent, archive(journal.ArchiveSending, 2), again(archive(journal.ArchiveSending, 2)),
		again(archive(journal.ArchiveDoubted, 2)), again(archive(journal.ArchiveDoubted, 3)), again(archive(journal.ArchiveStored, 3)),
	}
	for i := 1; i < len(way); i++ {
		b.turn(t, 0)
		want(t, b.MoveArchive(ctx(), o, 1, unsent, archive(journal.ArchiveSending, 1)), journal.ErrMoved) // not its turn
		want(t, b.MoveArchive(ctx(), o, 0, way[i-1], way[i]), nil)
		want(t, b.MoveArchive(ctx(), o, 0, way[i-1], way[i]), journal.ErrMoved)
		b.reopen(t)
		if got, err := b.Archive(ctx(), o, 0); err != nil || got != way[i] {
			t.Errorf("%+v, %v, want %+v", got, err, way[i])
		}
	}
	b.turn(t, 1)
	want(t, b.MoveArchive(ctx(), o, 1, unsent, archive(journal.ArchiveSending, 9)), nil)
	want(t, b.MoveArchive(ctx(), o, 1, archive(journal.ArchiveSending, 9), archive(journal.ArchiveFound, 9)), nil)
	b.turn(t) // the next one is not confirmed
	want(t, b.MoveArchive(ctx(), o, 2, unsent, archive(journal.ArchiveSending, 1)), journal.ErrInvalid)
	want(t, b.MoveArchive(ctx(), o, 3, unsent, archive(journal.ArchiveSending, 1)), journal.ErrUnknown)
	want(t, b.MoveArchive(ctx(), Operator(2), 0, unsent, archive(journal.ArchiveSending, 1)), journal.ErrUnknown)
	if got, err := b.Archive(ctx(), o, 7); err != nil || got != unsent {
		t.Errorf("%+v, %v", got, err)
	}
	for _, limit := range []int{-1, 0, journal.MaxPage + 1} {
		_, err := b.Unarchived(ctx(), omni.Operator{}, limit)
		want(t, err, journal.ErrInvalid)
	}
	b.sound(t, o, 3)
}

// Every pair of places: those that may follow each other, and no other.
func archiveTransitions(t *testing.T, b *bench) {
	places := []journal.Archive{unsent}
	for _, s := range []journal.ArchiveState{journal.ArchiveSending, journal.ArchiveDoubted, journal.ArchiveStored, journal.ArchiveFound} {
		places = append(places, archive(s, 1), archive(s, 2), again(archive(s, 1)))
	}
	may := map[journal.ArchiveState][]journal.ArchiveState{
		"":                     {journal.ArchiveSending},
		journal.ArchiveSending: {"", journal.ArchiveDoubted, journal.ArchiveStored, journal.ArchiveFound},
		journal.ArchiveDoubted: {journal.ArchiveDoubted, journal.ArchiveStored},
	}
	n := 0
	for _, from := range places {
		for _, to := range places {
			n++
			o := Operator(n)
			b.confirmOne(t, o, 0)
			b.send(t, o, from)
			ok := from != to && slices.Contains(may[from.State], to.State) &&
				(to.State != journal.ArchiveFound || to.Checksum == from.Checksum) &&
				(to.State == "" || to.Attempts == max(from.Attempts, 1))
			if from.State == journal.ArchiveSending && to.State == journal.ArchiveSending {
				ok = to.Checksum == from.Checksum && to.Attempts == from.Attempts+1
			}
			err := b.MoveArchive(ctx(), o, 0, from, to)
			if ok != (err == nil) || !ok && !errors.Is(err, journal.ErrInvalid) {
				t.Errorf("%+v to %+v: %v", from, to, err)
			}
			stands := from
			if ok {
				stands = to
			}
			if got, err := b.Archive(ctx(), o, 0); err != nil || got != stands {
				t.Errorf("%+v to %+v: stands at %+v, %v", from, to, got, err)
			}
		}
	}
	o := Operator(1)
	for _, half := range []journal.Archive{
		{State: "lost", Size: 1, Attempts: 1},
		{State: journal.ArchiveSending, Attempts: 1},
		{Size: 1},
		{Checksum: [32]byte{1}},
		{Attempts: 1},
		{State: journal.ArchiveSending, Checksum: [32]byte{1}, Attempts: 1},
		{State: journal.ArchiveSending, Checksum: [32]byte{1}, Size: 1},
		{State: journal.ArchiveSending, Checksum: [32]byte{1}, Size: 1 << 63, Attempts: 1},
		{State: journal.ArchiveSending, Checksum: [32]byte{1}, Size: 1, Attempts: 1 << 63},
	} {
		want(t, b.MoveArchive(ctx(), o, 0, unsent, half), journal.ErrInvalid)
		want(t, b.MoveArchive(ctx(), o, 0, half, archive(journal.ArchiveSending, 1)), journal.ErrInvalid)
	}
}

// send brings a confirmed batch to a place on its way into the archive.
func (b *bench) send(t *testing.T, o omni.Operator, to journal.Archive) {
	t.Helper()
	way := []journal.Archive{unsent}
	for n := uint64(1); n <= to.Attempts; n++ {
		way = append(way, journal.Archive{State: journal.ArchiveSending, Checksum: to.Checksum, Size: to.Size, Attempts: n})
	}
	if to.State != "" && to.State != journal.ArchiveSending {
		way = append(way, to)
	}
	for i := 1; i < len(way); i++ {
		if err := b.MoveArchive(ctx(), o, 0, way[i-1], way[i]); err != nil {
			t.Fatal(err)
		}
	}
}

// Of many that begin to send one batch, one does.
func archiveRace(t *testing.T, b *bench) {
	o := Operator(1)
	b.confirmOne(t, o, 0)
	var wg sync.WaitGroup
	var won atomic.Int64
	for i := range 32 {
		wg.Go(func() {
			switch err := b.MoveArchive(ctx(), o, 0, unsent, archive(journal.ArchiveSending, byte(i+1))); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, journal.ErrMoved):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d began", won.Load())
	}
}

// One batch of each operator at a time, page by page.
func archiveTurns(t *testing.T, b *bench) {
	const operators = 5
	for n := range operators {
		for index := range uint64(2) {
			b.confirmOne(t, Operator(n), index)
		}
	}
	b.fillOne(t, omni.Operator{}, 0) // no contract takes them
	seen := map[omni.Operator]bool{}
	for after, pages := (omni.Operator{}), 0; ; pages++ {
		list, err := b.Unarchived(ctx(), after, 2)
		want(t, err, nil)
		for _, n := range list {
			if n.Index != 0 || seen[n.Operator] {
				t.Errorf("%+v", n)
			}
			seen[n.Operator], after = true, n.Operator
		}
		if len(list) < 2 {
			break
		}
		if pages > operators {
			t.Fatal("there is no end")
		}
	}
	if len(seen) != operators {
		t.Errorf("%d operators have a turn", len(seen))
	}
}
